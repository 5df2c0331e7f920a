"""The corpus as a site of Pelican, with a theme of our own and no plugins.

Pelican has a single category for each article and any number of tags, so countries and projects are
both tags. Listings have pages of 50. Feeds, authors, categories and the pages of dates are off.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.generator import linked
from benchmarks.install import python_packages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.corpus import Corpus, Text

_PACKAGES = ("pelican[markdown]==4.12.0", "markdown==3.11.3", "jinja2==3.1.6")

# The content cache, off by default, is on: it makes a build after an edit three times faster, and a
# clean one hardly slower. Smart typography is on since all the others have it on.
_SETTINGS = """\
SITENAME = "Benchmark"
SITEURL = ""
PATH = "content"
ARTICLE_PATHS = ["articles"]
PAGE_PATHS = STATIC_PATHS = []
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
SLUGIFY_SOURCE = "basename"
ARTICLE_URL = "articles/{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
TAG_URL = "tags/{slug}/"
TAG_SAVE_AS = TAG_URL + "index.html"
TAGS_SAVE_AS = "tags/index.html"
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DIRECT_TEMPLATES = ["index", "tags"]
PAGINATED_TEMPLATES = {"index": 50, "tag": 50}
PAGINATION_PATTERNS = (
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)
SUMMARY_MAX_LENGTH = 70
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
MARKDOWN = {
    "extension_configs": {"markdown.extensions.extra": {}, "markdown.extensions.smarty": {}},
    "output_format": "html5",
}
"""
_BASE = """\
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{% block title %}{{ SITENAME }}{% endblock %}</title></head>
<body><header><a href="/">{{ SITENAME }}</a></header><main>{% block main %}{% endblock %}</main>
<footer>Every sentence leads to its source.</footer></body></html>
"""
_ARTICLE = """\
{% extends "base.html" %}
{% block title %}{{ article.title }}{% endblock %}
{% block main %}<h1>{{ article.title }}</h1><time>{{ article.date.strftime("%Y-%m-%d") }}</time>
{{ article.content }}
<ul>{% for tag in article.tags %}<li><a href="/{{ tag.url }}">{{ tag }}</a></li>{% endfor %}</ul>
{% endblock %}
"""
_INDEX = """\
{% extends "base.html" %}
{% block main %}<h1>{% block heading %}{{ SITENAME }}{% endblock %}</h1>
{% for article in articles_page.object_list %}
<article><h2><a href="/{{ article.url }}">{{ article.title }}</a></h2>
<time>{{ article.date.strftime("%Y-%m-%d") }}</time> {{ article.publisher }}
<p>{{ article.summary | striptags }}</p></article>
{% endfor %}
<nav>{% if articles_page.has_previous() %}
<a href="/{{ articles_previous_page.url }}">Newer</a>{% endif %}
{{ articles_page.number }} of {{ articles_paginator.num_pages }}
{% if articles_page.has_next() %}<a href="/{{ articles_next_page.url }}">Older</a>{% endif %}</nav>
{% endblock %}
"""
_TAG = """\
{% extends "index.html" %}
{% block title %}{{ tag }}{% endblock %}
{% block heading %}{{ tag }}{% endblock %}
"""
_TAGS = """\
{% extends "base.html" %}
{% block main %}<h1>Countries and projects</h1><ul>{% for tag, articles in tags | sort %}
<li><a href="/{{ tag.url }}">{{ tag }}</a> {{ articles | count }}</li>{% endfor %}</ul>{% endblock %}
"""
_THEME = {"base": _BASE, "article": _ARTICLE, "index": _INDEX, "tag": _TAG, "tags": _TAGS}


@dataclass(frozen=True)
class Pelican:
    """Pelican, from its Python package."""

    programs: Path
    name: str = "Pelican"
    environment: Mapping[str, str] = field(default_factory=dict)
    remembered: tuple[str, ...] = ("cache",)

    @property
    def command(self) -> list[str]:
        """Pelican renders and writes all pages each time; its cache saves it the Markdown."""
        return [str(self.programs / "pelican"), "--quiet", "-s", "settings.py", "-o", "public"]

    def versions(self) -> str:
        """Its own and those of Markdown, Jinja and Python."""
        asked = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
        command = [str(self.programs / "python"), "-c", asked, "pelican", "markdown", "jinja2"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        pelican, markdown, jinja = said.split()
        return f"Pelican {pelican} with Markdown {markdown} and Jinja {jinja}"

    def prepare(self, corpus: Corpus, root: Path) -> None:  # noqa: ARG002 - tags need no files
        """Write the settings and the theme."""
        (root / "settings.py").write_text(_SETTINGS)
        (root / "theme" / "static").mkdir(parents=True)
        folder = root / "theme" / "templates"
        folder.mkdir(parents=True)
        for name, text in _THEME.items():
            (folder / f"{name}.html").write_text(text)

    def page(self, text: Text) -> str:
        """An article."""
        tags = ", ".join((*text.countries, *text.projects))
        front = f"Title: {text.title}\nDate: {text.day}\nTags: {tags}\nPublisher: Example Wire\n"
        return f"{front}\n{linked(text, '/tags/', '/tags/')}"


def install(folder: Path) -> Pelican:
    """Install Pelican below a folder. Raises LeftOutError."""
    return Pelican(python_packages(folder / "pelican", _PACKAGES))
