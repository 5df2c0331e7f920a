"""The corpus as a site of Eleventy, with layouts of our own and no plugins.

Listings of a country or project are pages of 50 over a collection that the configuration computes,
since Eleventy's pagination has a single level.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.generator import front_matter, linked
from benchmarks.install import node_packages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.corpus import Corpus, Text

_PACKAGES = ("@11ty/eleventy@3.1.8",)

# Articles are Markdown and nothing else, so no template language is run over them. Smart typography is
# on since all the others have it on.
_CONFIG = """\
const SIZE = 50;

const newest = (api) => api.getFilteredByGlob("content/articles/**/*.md").reverse();

function terms(api, key) {
  const found = new Map();
  for (const item of newest(api))
    for (const id of item.data[key] ?? []) {
      if (!found.has(id)) found.set(id, []);
      found.get(id).push(item);
    }
  return [...found].map(([id, items]) => ({ id, items, url: `/${key}/${id.toLowerCase()}/` }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function pages({ id, items, url }) {
  const total = Math.ceil(items.length / SIZE);
  const address = (number) => (number === 1 ? url : `${url}page/${number}/`);
  return Array.from({ length: total }, (_, index) => ({
    id, total, number: index + 1, url: address(index + 1),
    items: items.slice(index * SIZE, (index + 1) * SIZE),
    newer: index > 0 ? address(index) : "",
    older: index + 1 < total ? address(index + 2) : "",
  }));
}

export default function (config) {
  config.amendLibrary("md", (md) => md.set({ typographer: true }));
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.addFilter("summary", (html) =>
    html.slice(0, html.indexOf("</p>")).replace(/<[^>]*>/g, "").split(" ").slice(0, 70).join(" "));
  config.addCollection("newest", newest);
  for (const key of ["countries", "projects"]) {
    config.addCollection(key, (api) => terms(api, key));
    config.addCollection(`${key}Pages`, (api) => terms(api, key).flatMap(pages));
  }
  return {
    dir: { input: "content", includes: "../layouts", output: "public" },
    markdownTemplateEngine: false,
  };
}
"""
_BASE = """\
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><header><a href="/">Benchmark</a></header><main>{{ content | safe }}</main>
<footer>Every sentence leads to its source.</footer></body></html>
"""
_ARTICLE = """\
---
layout: base.njk
---
<h1>{{ title }}</h1><time>{{ page.date | day }}</time>
{{ content | safe }}
<ul>{% for id in countries %}<li><a href="/countries/{{ id | lower }}/">{{ id }}</a></li>{% endfor %}
{% for id in projects %}<li><a href="/projects/{{ id }}/">{{ id }}</a></li>{% endfor %}</ul>
"""
_CARDS = """\
{% for item in items %}<article><h2><a href="{{ item.url }}">{{ item.data.title }}</a></h2>
<time>{{ item.date | day }}</time> {{ item.data.publisher }}
<p>{{ item.content | summary | safe }}</p></article>
{% endfor %}
<nav>{% if newer %}<a href="{{ newer }}">Newer</a>{% endif %}
{{ number }} of {{ total }}
{% if older %}<a href="{{ older }}">Older</a>{% endif %}</nav>
"""
_INDEX = """\
---
layout: base.njk
title: Benchmark
pagination: {data: collections.newest, size: 50}
permalink: "{% if pagination.pageNumber %}page/{{ pagination.pageNumber + 1 }}/{% endif %}index.html"
---
<h1>{{ title }}</h1>
{% set items = pagination.items %}{% set number = pagination.pageNumber + 1 %}
{% set total = pagination.pages.length %}
{% set newer = pagination.href.previous %}{% set older = pagination.href.next %}
{% include "cards.njk" %}
"""
_LISTING = """\
---
layout: base.njk
pagination: {data: collections.KEYPages, size: 1, alias: listing}
permalink: "{{ listing.url }}"
eleventyComputed: {title: "{{ listing.id }}"}
---
<h1>{{ listing.id }}</h1>
{% set items = listing.items %}{% set number = listing.number %}{% set total = listing.total %}
{% set newer = listing.newer %}{% set older = listing.older %}
{% include "cards.njk" %}
"""
_TERMS = """\
---
layout: base.njk
title: KEY
permalink: /KEY/
---
<h1>{{ title }}</h1><ul>{% for term in collections.KEY %}
<li><a href="{{ term.url }}">{{ term.id }}</a> {{ term.items.length }}</li>{% endfor %}</ul>
"""


@dataclass(frozen=True)
class Eleventy:
    """Eleventy, from its package for Node.js."""

    packages: Path
    name: str = "Eleventy"
    environment: Mapping[str, str] = field(default_factory=dict)
    remembered: tuple[str, ...] = (".cache",)

    @property
    def command(self) -> list[str]:
        """Eleventy makes everything each time; its incremental mode has to be told what changed."""
        return ["node", str(self.packages / "@11ty/eleventy/cmd.cjs"), "--quiet"]

    def versions(self) -> str:
        """Its own and those of markdown-it, Nunjucks and Node.js."""
        own, markdown, nunjucks = (
            json.loads((self.packages / name / "package.json").read_text())["version"]
            for name in ("@11ty/eleventy", "markdown-it", "nunjucks")
        )
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        node = said.strip().lstrip("v")
        return f"Eleventy {own} with markdown-it {markdown}, Nunjucks {nunjucks} and Node.js {node}"

    def prepare(self, corpus: Corpus, root: Path) -> None:  # noqa: ARG002 - terms need no files
        """Write the configuration, the layouts and the templates of the listings."""
        (root / "eleventy.config.mjs").write_text(_CONFIG)
        for folder in ("layouts", "content/articles"):
            (root / folder).mkdir(parents=True)
        (root / "content/articles/articles.json").write_text(json.dumps({"layout": "article.njk"}))
        for name, text in (("base", _BASE), ("article", _ARTICLE), ("cards", _CARDS)):
            (root / "layouts" / f"{name}.njk").write_text(text)
        (root / "content/index.njk").write_text(_INDEX)
        for key in ("countries", "projects"):
            (root / f"content/{key}.njk").write_text(_TERMS.replace("KEY", key))
            (root / f"content/{key}-pages.njk").write_text(_LISTING.replace("KEY", key))

    def page(self, text: Text) -> str:
        """An article."""
        return front_matter(text) + linked(text, "/countries/", "/projects/")


def install(folder: Path) -> Eleventy:
    """Install Eleventy below a folder. Raises LeftOutError."""
    return Eleventy(node_packages(folder / "eleventy", _PACKAGES))
