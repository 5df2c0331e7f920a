"""The corpus as a site of Hugo, with layouts that show what this generator's pages show at least.

Two taxonomies, pages of 50, an article page, a list of all articles and one for each term.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.corpus import Corpus

_ENTITY = re.compile(r"\{\{(\w+):([^|]+)\|([^}]*)\}\}")
_PLURALS = {"country": "countries", "project": "projects"}

_CONFIG = """\
baseURL = "https://example.org/"
title = "Benchmark"
disableKinds = ["RSS"]
[pagination]
pagerSize = 50
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
{{ end }}{{ template "_internal/pagination.html" . }}{{ end }}
"""
_TERMS = """\
{{ define "main" }}<h1>{{ .Title }}</h1><ul>
{{ range .Data.Terms.Alphabetical }}
<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>
{{ end }}</ul>{{ end }}
"""


def write_site(corpus: Corpus, root: Path) -> None:
    """Write the corpus as a site of Hugo."""
    layouts = root / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (root / "hugo.toml").write_text(_CONFIG)
    for name, text in (
        ("baseof", _BASE),
        ("single", _SINGLE),
        ("list", _LIST),
        ("terms", _TERMS),
    ):
        (layouts / f"{name}.html").write_text(text)
    for text in corpus.articles():
        folder = root / "content" / "articles" / f"{text.day:%Y/%m}"
        folder.mkdir(parents=True, exist_ok=True)
        named = {kind: {} for kind in _PLURALS}
        for kind, entity, _ in _ENTITY.findall("\n".join(text.body)):
            named[kind][entity] = None
        front = [f"title: {text.title}", f"date: {text.day}", "publisher: Example Wire"]
        front += [f"{_PLURALS[kind]}: [{', '.join(ids)}]" for kind, ids in named.items() if ids]
        body = "\n\n".join(_ENTITY.sub(_link, paragraph) for paragraph in text.body)
        page = "\n".join(["---", *front, "---", body, ""])
        (folder / f"a{text.number}.md").write_text(page)


def _link(match: re.Match[str]) -> str:
    kind, entity, words = match.groups()
    return f"[{words}](/{_PLURALS[kind]}/{entity.lower()}/)"
