"""Templates compiled the fast way do what Jinja alone does; mistakes in them are told."""

from __future__ import annotations

import gettext
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import jinja2
import pytest
from jinja2 import bccache, nodes
from msgspec import Struct, structs
from site_builder import (
    REPOSITORY,
    article,
    build_site,
    codes,
    profile,
    published,
    tree,
    write_site,
)

from builder import pipeline, render, views
from builder.escaping import TextError
from builder.fingerprint import of_text
from builder.theming import compiled, templates
from builder.theming.soundness import check_theme
from builder.theming.templates import environment
from builder.theming.theme import Template, Theme, load_theme

SITE = {
    "content/articles/a1.md": article("On [it]{project=line}."),
    "content/projects/line.md": profile("Line"),
}
GERMAN = {"%(n)s by %(who)s": "von %(who)s: %(n)s, 100 %%"}


class Words(gettext.NullTranslations):
    def gettext(self, message):
        return GERMAN.get(message, message)


def both(page, **values):
    """What the two ways make of a template, with some macros beside it."""
    parts = """
    {% macro date(at) -%}<time>{{ at }}</time>{%- endmacro %}
    {% macro line(of, level=2) -%}<h{{ level }}>{{ of.title }}{{ date(of.date) }}</h>{%- endmacro %}
    {% macro deep(n) -%}{{ n }}{% if n %}{{ deep(n - 1) }}{% endif %}{%- endmacro %}
    {% macro outer(of) -%}{% set label = date(of) %}{{ label }}{{ label|upper }}{%- endmacro %}
    {% macro free() -%}{{ title }}{%- endmacro %}
    {% macro each(of, many) -%}
      {% for one in many %}{{ one.title }}{{ of.title }}{{ date(of.date) }}{% endfor %}
    {%- endmacro %}
    {% macro pick(of, long=false, text="<") -%}
      {% if long %}{{ of.title }}
      {% elif not text %}none
      {% elif of.date and not long %}{{ text }}
      {% endif %}
    {%- endmacro %}
    {% macro renamed(of, date) -%}{% set of = of.title %}{{ pick(date, text=of) }}{%- endmacro %}
    {% macro swap(a, b) -%}{{ a }}{{ b }}{% if a < b %}{{ swap(b, a) }}{% endif %}{%- endmacro %}
    {% macro place(at) -%}{% for x in (1, 2) %}{{ at.index }}{{ loop.index }}{% endfor %}{%- endmacro %}
    {% macro calls(of) -%}{{ of("x") }}{%- endmacro %}
    """
    texts = {
        "parts.html": parts,
        "base.html": '{% import "parts.html" as parts %}{% block main %}{% endblock %}',
    }
    return both_of({**texts, "page.html": page}, **values)


def both_of(texts, **values):
    """What the two ways make of the template `page.html` among these; a type where one fails."""
    made_of = {name: Template(text, f"templates/{name}") for name, text in texts.items()}
    theme = Theme("t", made_of, {}, (), of_text(str(texts)))
    made = []
    for fast in (True, False):
        env = environment(theme, "en", Words(), fast=fast)
        try:
            made.append(env.get_template("page.html").render(values))
        except Exception as error:  # noqa: BLE001 - that both fail is what is compared
            made.append(type(error))
    return made


CHILD = '{% extends "base.html" %}{% block main %}'
ITEM = SimpleNamespace(title="<b>", date="2021")
GIVEN = {
    "own": SimpleNamespace(date="own {}".format),
    "one": ITEM,
    "many": [ITEM, ITEM],
    "title": "a & b",
    "no": False,
    "extra": {"title": "x"},
}


@pytest.mark.parametrize(
    "body",
    [
        "{{ parts.line(one) }}",
        "{{ parts.line(one, 3) }}{{ parts.line(level=4, of=one) }}",
        "{% for one in many %}{{ parts.line(one, loop.index) }}{% endfor %}",
        "{{ parts.deep(20) }}",
        "{{ parts.outer('<') }}",
        "{{ parts.line(one)|upper }}",
        '{{ _("%(n)s by %(who)s", n=3, who=parts.date("<")) }}',
        '{{ _("%(n)s by %(who)s", n="<", who=title) }}{{ _("plain <b>") }}{{ _(title) }}',
        "{% set parts = none %}{{ title }}",
        "{% for parts in (own,) %}{{ parts.date(title) }}{% endfor %}",
        (
            "{% macro date(at) %}{{ at }}!{% endmacro %}"
            "{% macro two(date) %}{{ date('x') }}{% endmacro %}"
            "{{ date('y') }}{{ two(own.date) }}"
        ),
        "{{ extra.title }}{{ extra['title'] }}",
        "{% for other in many %}{{ parts.each(one, many) }}{{ parts.each(other, many) }}{% endfor %}",
        "{% for one in many %}{{ parts.each(one, many) }}{{ one.title }}{% endfor %}",
        "{{ parts.pick(one) }}{{ parts.pick(one, true) }}{{ parts.pick(one, text='') }}",
        "{{ parts.pick(one, title) }}{{ parts.pick(long=no, of=one, text=title) }}",
        "{% set of = title %}{% set date = one %}{{ parts.renamed(one, date) }}{{ of }}",
        "{% set a, b = 1, 2 %}{{ parts.swap(b, a) }}{{ parts.swap(a, b) }}{{ parts.swap(a, 3) }}",
        "{% for one in many %}{{ parts.place(loop) }}{% endfor %}",
        "{{ parts.calls(own.date) }}{% set date = own.date %}{{ parts.calls(date) }}",
        "{{ title|safe }}{{ 3|safe }}{{ none|safe }}{{ one.title|safe }}{{ (title|safe)|upper }}",
        "{% autoescape false %}{{ title }}{{ title|safe }}{{ parts.date(title) }}{% endautoescape %}",
        "{% autoescape no %}{{ title }}{{ title|safe }}{{ one.title|safe }}{% endautoescape %}",
        "{% set held %}<i>{{ title }}</i>{% endset %}{{ held }}{{ parts.pick(one, text=held) }}",
        "{% with one = title, x = one %}{{ one }}{{ x.title }}{% set one = 3 %}{{ one }}{% endwith %}",
        "{% filter upper %}{{ title }}{{ parts.line(one) }}{% endfilter %}{{ [title, none, 2] }}",
        "{% block inner %}{{ title }}{{ parts.line(one) }}{% endblock %}{{ self.inner() }}",
    ],
)
def test_a_template_gives_the_same_both_ways(body):
    fast, plain = both(CHILD + body + "{% endblock %}", **GIVEN)
    assert isinstance(fast, str)
    assert fast == plain


LIB = """
{%- macro m(a="", b="") %}<{{ a }}{{ b }}>{% endmacro %}
{%- macro maybe(a) %}{% if a %}{% set title = a %}{% endif %}{{ title|default("none") }}{% endmacro %}
{%- macro late() %}{{ title|default("none") }}{% set title = 1 %}{% endmacro %}
{%- macro counted(ns) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}{% endmacro %}
{%- macro through(lib) %}{{ lib.m(1) }}{% endmacro %}
{%- macro around() %}{{ loop is defined }}{% for x in (1,) %}{{ loop.index }}{% endfor %}{% endmacro %}
{%- macro others() %}{% from "other.html" import m %}{{ m(1) }}{% endmacro %}
{%- macro beside() %}{% include "inc.html" without context %}{% endmacro %}
{%- macro _own() %}own{% endmacro %}
{%- macro twice() %}1{% endmacro %}
{%- macro calls_twice() %}{{ twice() }}{% endmacro %}
{%- macro twice() %}2{% endmacro -%}
"""
OTHER = "{% macro m(a='') %}other{{ a }}{% endmacro %}"
PAGE_M = (
    "{% extends 'base.html' %}{% macro m(a='') %}page{% endmacro %}"
    "{% block b %}{{ m(1) }}{% endblock %}"
)
USING = "{% import 'lib.html' as lib %}"


@pytest.mark.parametrize(
    ("page", "base", "expected"),
    [
        ("{% macro a() %}1{% endmacro %}{{ a() }}{% macro a() %}2{% endmacro %}{{ a() }}", "", "12"),
        (
            PAGE_M,
            "{% macro m(a) %}base{% endmacro %}{% block b %}{% endblock %}",
            "base",
        ),
        (
            PAGE_M,
            "{% from 'lib.html' import m %}{% block b %}{% endblock %}",
            "<1>",
        ),
        (
            PAGE_M,
            "{% for m in (own.date,) %}{% block b scoped %}{% endblock %}{% endfor %}",
            "own 1",
        ),
        (
            "{% extends 'base.html' %}{% block b %}{{ lib.m() }}{% endblock %}",
            USING
            + "{% for lib in (own,) %}{% block b scoped %}{{ lib.date }}{% endblock %}{% endfor %}",
            jinja2.UndefinedError,
        ),
        (
            (
                "{% if no %}{% extends 'base.html' %}{% else %}{% extends 'second.html' %}{% endif %}"
                "{% block b %}{{ lib.m(2) }}{% endblock %}"
            ),
            USING + "{% block b %}{% endblock %}",
            "other2",
        ),
        ("{{ lib is defined }}{{ lib.m() if lib is defined else 0 }}" + USING, "", "False0"),
        (USING + "{{ lib.maybe('') }}{{ lib.maybe('x') }}", "", "nonex"),
        (USING + "{{ lib.late() }}", "", "none"),
        (
            USING + "{% set ns = namespace(n=1) %}{% set own = namespace(n=5) %}"
            "{{ lib.counted(own) }}{{ ns.n }}{{ own.n }}",
            "",
            "616",
        ),
        (USING + "{% import 'other.html' as other %}{{ lib.through(other) }}", "", "other1"),
        (USING + "{% for x in (1, 2) %}{{ lib.around() }}{% endfor %}", "", "False1False1"),
        (USING + "{{ lib.others() }}", "", "other1"),
        (USING + "{{ lib._own() }}", "", jinja2.UndefinedError),
        (USING + "{{ lib.calls_twice() }}", "", "2"),
        (USING + "[{{ lib.beside() }}]", "", "[inc]"),
        ("[{% include 'inc.html' without context %}]", "", "[inc]"),
        ("{% set x %}[{% include 'inc.html' without context %}]{% endset %}{{ x }}", "", "[inc]"),
        (
            (
                "{% extends 'base.html' %}"
                "{% block b %}[{% include ['gone.html', 'inc.html'] without context %}]{% endblock %}"
            ),
            "{% block b %}{% endblock %}",
            "[inc]",
        ),
        (
            "{% block b %}[{% include 'gone.html' ignore missing without context %}]{% endblock %}",
            "",
            "[]",
        ),
        (
            (
                "{% filter upper %}{{ title }}{% endfilter %}"
                "{% if true %}{% from 'lib.html' import m as title %}{% endif %}"
            ),
            "",
            "A &AMP; B",
        ),
        ("{{ _(3) }}{{ _(none) }}", "", "3None"),
    ],
)
def test_names_mean_the_same_both_ways(page, base, expected):
    texts = {"lib.html": LIB, "other.html": OTHER, "inc.html": "inc", "base.html": base}
    texts["second.html"] = "{% import 'other.html' as lib %}{% block b %}{% endblock %}"
    assert both_of({**texts, "page.html": page}, **GIVEN) == [expected, expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% for one in many %}{{ one.date }}{{ ', ' if not loop.last }}{% endfor %}", "2021, 2021"),
        ("<p{{ ' class=\"x\"'|safe if no }}>{{ title if title }}</p>", "<p>a &amp; b</p>"),
        ("{{ _('%(n)s by', n=title if no) }}{{ parts.date(title if no) }}", " by<time></time>"),
    ],
)
def test_a_condition_without_another_way_shows_nothing_where_it_does_not_hold(body, expected):
    assert both(CHILD + body + "{% endblock %}", **GIVEN) == [expected, expected]


@pytest.mark.parametrize(
    "shown",
    [
        "many|map(attribute='title')",
        "many|reverse",
        "title.upper",
        "many.count",
        "_",
        "range",
        "joiner()",
        "cycler(1)",
        "parts.date",
        "super",
        "self.main",
    ],
)
def test_nothing_is_shown_that_every_build_would_write_otherwise(shown):
    made = both(CHILD + "{{ " + shown + " }}{% endblock %}", **GIVEN)
    assert made == [TextError, TextError]


@pytest.mark.parametrize(
    "body",
    [
        "{{ parts.free() }}",
        "{{ parts.line() }}",
        "{{ parts.missing(one) }}",
        "{{ parts.line(one, 2, 3) }}",
        "{{ one.publisher }}",
        "{{ parts.pick(absent) }}",
        "{{ parts.pick(one, text=absent) }}",
        "{{ absent|safe }}",
    ],
)
def test_a_mistake_is_one_both_ways(body):
    fast, plain = both(CHILD + body + "{% endblock %}", **GIVEN)
    assert isinstance(fast, type)
    assert isinstance(plain, type)


def test_macros_of_the_default_theme_stand_in_place():
    from builder.theming.theme import load_theme
    from builder.theming.translations import translations

    theme = load_theme(REPOSITORY, "gazette")
    env = environment(theme, "en", translations(theme, "en"), fast=True)
    text = theme.templates["archive.html"].text
    calls = [
        node.node.attr
        for node in env._parse(text, "archive.html", "archive.html").find_all(nodes.Call)
        if isinstance(node.node, nodes.Getattr)
    ]
    assert calls == []


@pytest.mark.parametrize(
    "site", [REPOSITORY, *sorted((REPOSITORY / "tests/web/sites").iterdir())], ids=lambda p: p.name
)
def test_whole_sites_are_the_same_both_ways(tmp_path, monkeypatch, site):
    for name in ("content", "site.yaml"):
        source = site / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    plain = render.Renderer._plainly
    calls = []

    def noted(self, page, fields):
        calls.append(page.address)
        return plain(self, page, fields)

    monkeypatch.setattr(render.Renderer, "_plainly", noted)
    assert not build_site(tmp_path, tmp_path / "fast").failed
    assert calls == []

    def plainly(self, page, view):
        return plain(self, page, {name: getattr(view, name) for name in view.__struct_fields__})

    monkeypatch.setattr(render.Renderer, "render", plainly)
    assert not build_site(tmp_path, tmp_path / "plain", clean=True).failed
    assert tree(tmp_path / "fast") == tree(tmp_path / "plain")


def test_free_keys_of_the_site_can_have_the_names_of_fields(tmp_path):
    themed = {
        "themes/own/theme.yaml": "extends: gazette\n",
        "themes/own/templates/404.html": '{% extends "gazette/404.html" %}'
        "{% block footer %}{{ frame.extra.title }}{{ frame.extra.card.href }}{% endblock %}",
    }
    made = published(tmp_path, themed, "title: T\ntheme: own\nextra: {title: One, card: {href: Two}}")
    assert "OneTwo" in made.files()["404.html"].decode()


#: What every template of Jinja can call, and what stands for the words of the interface.
OPEN_TO_ALL = {
    *("range", "dict", "cycler", "joiner", "namespace"),
    *("_", "gettext", "ngettext", "pgettext", "npgettext"),
}
EVERY_VIEW = {
    "content/articles/a.md": article(
        "On [it]{project=line status=agreed note=x}.", extra="{a: [1, {b: x}]}", aliases="[/old/]"
    ),
    "content/articles/b.md": article("In [Iran]{country=IR}.", title="B", lang="fa", added="2024-02"),
    "content/articles/c.md": article("[It]{project=line}.", translation_of="b", projects="[line]"),
    "content/projects/line.md": profile("Line", location="[1, 2]", countries="[IR]"),
    "content/pages/about.md": "---\ntitle: About\nextra: {no: false}\n---\n",
}


def foreign(value):
    """The types of what a value holds, to the last, that are neither plain nor parts of views."""
    if isinstance(value, Struct) and type(value).__module__ == views.__name__:
        return foreign(structs.astuple(value))
    if isinstance(value, dict):
        return foreign([*value.items()])
    if isinstance(value, tuple | list):
        return {kind for one in value for kind in foreign(one)}
    return {type(value)} - {str, int, float, bool, type(None)}


@pytest.mark.parametrize("way", ["fast", "plain"])
def test_templates_get_nothing_but_their_view(tmp_path, monkeypatch, way):
    contexts, shown = [], set()
    new_context, rendered = jinja2.Template.new_context, render.Renderer.render

    def kept(template, *given, **named):
        context = new_context(template, *given, **named)
        # What a template sets for itself comes later.
        contexts.append((template.name, {**context.get_all()}))
        return context

    def looked_at(renderer, page, view):
        contexts.clear()
        fields = structs.asdict(view)
        data = rendered(renderer, page, view) if way == "fast" else renderer._plainly(page, fields)
        name, seen = contexts[0]
        assert name == page.template
        assert seen.keys() - OPEN_TO_ALL == fields.keys()
        assert all(seen[field] is value for field, value in fields.items())
        assert foreign(view) == set()
        shown.add(type(view))
        return data

    monkeypatch.setattr(jinja2.Template, "new_context", kept)
    monkeypatch.setattr(render.Renderer, "render", looked_at)
    published(tmp_path, EVERY_VIEW, "title: T\npage_size: 1\nextra: {x: [1]}")
    assert shown == {*get_args(views.View)}


@pytest.mark.parametrize("name", ["page", "view", "site", "catalog", "config", "environ", "lipsum"])
def test_a_name_that_is_no_field_of_the_view_is_a_mistake_of_the_template(tmp_path, name):
    files = {
        "themes/my/theme.yaml": "extends: gazette\n",
        "themes/my/templates/404.html": f"{{{{ {name} }}}}",
    }
    ((file, _, _, code, message),) = codes(
        build_site(write_site(tmp_path, files, "title: T\ntheme: my"))
    )
    assert (file, code) == ("themes/my/templates/404.html", "template-error")
    assert message.startswith(f"'{name}' is undefined")


def test_compiled_templates_are_kept_with_the_user_and_belong_to_one_theme(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(templates, "_compiled", {})
    text = "{{ frame.site_title }}: {{ _('Not here') }}"
    own = {"themes/own/theme.yaml": "extends: gazette\n", "themes/own/templates/404.html": text}
    site = published(tmp_path / "site", own, "title: T\ntheme: own")
    kept = sorted((tmp_path / "caches").rglob("*.compiled"))
    assert kept
    monkeypatch.setattr(templates, "_compiled", {})
    monkeypatch.setattr(templates.FastEnvironment, "_parse", None)
    (site.root / "site.yaml").write_text("title: T\ntheme: own\ndescription: D\n")
    assert build_site(site.root).rendered == site.report.pages
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    changed = {"themes/own/templates/404.html": text + "!"}
    assert published(site.root, changed).files()["404.html"].decode() == "T: Not here!"


def test_themes_of_one_name_keep_their_compiled_templates_side_by_side(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    sites = []
    for name in ("one", "two"):
        files = {
            "themes/own/theme.yaml": "extends: gazette\n",
            "themes/own/templates/404.html": f"{{{{ frame.site_title }}}} {name}",
        }
        monkeypatch.setattr(templates, "_compiled", {})
        sites.append(published(tmp_path / name, files, "title: T\ntheme: own").root)
    monkeypatch.setattr(templates.FastEnvironment, "_parse", None)
    for site in sites:
        monkeypatch.setattr(templates, "_compiled", {})
        (site / "site.yaml").write_text("title: New\ntheme: own")
        build_site(site)
        assert (site / "public/404.html").read_text() == f"New {site.name}"


def test_a_theme_is_looked_through_once_for_all_sites_and_again_where_anything_differs(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    looked = []

    def look(theme, site, compiles):
        looked.append(theme.name)
        return check_theme(theme, site, compiles)

    monkeypatch.setattr(pipeline, "check_theme", look)
    own = {"themes/my/theme.yaml": "extends: gazette\n"}
    page = "themes/my/templates/404.html"
    wrong = "{% include 'gone.html' %}"
    for name, files, site, times in (
        ("one", SITE, "title: T", 1),
        ("two", SITE, "title: Two", 0),
        ("three", SITE, "title: T\nlanguage: de", 1),
        ("four", SITE | own, "title: T\ntheme: my", 1),
        ("five", SITE | own | {page: wrong}, "title: T\ntheme: my", 1),
        ("five", {}, "", 1),
        ("five", {page: "Gone."}, "", 1),
        ("six", SITE | own | {page: "Gone."}, "title: T\ntheme: my", 0),
    ):
        looked.clear()
        report = build_site(write_site(tmp_path / name, files, site), clean=True)
        assert len(looked) == times, name
        file = tmp_path / name / page
        assert report.failed == (file.exists() and file.read_text() == wrong)


def test_the_oldest_of_many_compiled_templates_go(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(compiled, "MOST_KEPT", 40)
    folder = tmp_path / "caches/news-digest/templates"
    folder.mkdir(parents=True)
    for number in range(40):
        os.utime(_touched(folder / f"{number}.compiled"), (number, number))
    _touched(folder / "of-somebody-else")
    monkeypatch.setattr(templates, "_compiled", {})
    published(tmp_path / "site", {})
    kept = {file.name for file in folder.iterdir()}
    assert len(kept) <= 41
    assert {"0.compiled", "39.compiled", "of-somebody-else"} - kept == {"0.compiled"}


def _touched(file):
    file.touch()
    return file


def test_a_user_without_a_home_can_name_a_place_for_compiled_templates(tmp_path, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiled.compiled_folder() == tmp_path / "news-digest/templates"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert compiled.compiled_folder() is None


def test_a_build_needs_no_place_for_compiled_templates(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert not build_site(published(tmp_path / "site", {}).root, clean=True).failed


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: bytes(len(data)),
        lambda _: b"",
        lambda _: bccache.bc_magic + b"\x80\x04.",
        # It would be code that runs, and says something else.
        lambda data: data.replace(b"<main", b"<mean").replace(b"articel", b"artikel"),
    ],
)
def test_what_is_kept_of_a_theme_and_is_damaged_is_made_again(tmp_path, monkeypatch, damage):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    site = {
        **SITE,
        "themes/my/theme.yaml": "extends: gazette\n",
        "themes/my/templates/articel.html": "",
    }
    found = []
    for name in ("one", "two"):
        templates._compiled.clear()
        report = build_site(write_site(tmp_path / name, site, "title: T\ntheme: my"))
        found.append([(one.file, one.code) for one in report.diagnostics])
        kept = [*(tmp_path / "caches/news-digest/templates").iterdir()]
        assert kept
        for file in kept:
            file.write_bytes(damage(file.read_bytes()))
    unused = [("themes/my/templates/articel.html", "unused-file")]
    assert found == [unused, unused]
    assert tree(tmp_path / "one/public") == tree(tmp_path / "two/public")


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in b %}" * 30 + "{% endfor %}" * 30,
        "{{ " + "(" * 300 + "1" + ")" * 300 + " }}",
        "{{ a" + ".b" * 1500 + " }}",
    ],
)
def test_a_template_that_is_nested_too_deep_is_told(tmp_path, text):
    files = {**SITE, "themes/my/theme.yaml": "extends: gazette\n", "themes/my/templates/404.html": text}
    ((file, _, _, code, _),) = codes(build_site(write_site(tmp_path, files, "title: T\ntheme: my")))
    assert (file, code) == ("themes/my/templates/404.html", "template-syntax")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{% include frame.title %}", ["bad-theme"]),
        ("{% include frame.title ignore missing %}", ["bad-theme"]),
        ("{% include 'ba' ~ 'se.html' %}", ["bad-theme"]),
        (r"{% include '\x62ase.html' %}", ["bad-theme"]),
        ("{% import ('a' if frame.title else 'b') as a %}", ["bad-theme"]),
        ("{% include ['none.html', 'bit.html'] %}", ["missing-template"]),
        ("{% include ['none.html', 'bit.html'] ignore missing %}", []),
        ("{% include 'none.html' ignore missing %}", []),
        ('{% include "bit.html" %}', []),
    ],
)
def test_templates_are_named_by_names_that_are_written_whole(tmp_path, text, found):
    files = {
        **SITE,
        "themes/my/theme.yaml": "extends: gazette\n",
        "themes/my/templates/404.html": f"\n{text}",
        "themes/my/templates/bit.html": "x",
        "themes/my/templates/page.html": "{% include 'bit.html' %}",
    }
    said = codes(build_site(write_site(tmp_path, files, "title: T\ntheme: my")))
    where = ("themes/my/templates/404.html", 2, 1)
    assert [one[:4] for one in said] == [(*where, code) for code in found]


def test_a_catalogue_that_cant_be_read_is_told_beside_other_mistakes_whatever_was_built_before(
    tmp_path,
):
    files = {
        **SITE,
        "themes/my/theme.yaml": "extends: gazette\n",
        "themes/my/locale/fa.po": "nonsense\n",
        "site.yaml": "title: T\ntheme: my\n",
    }
    root = write_site(tmp_path / "site", files)
    assert codes(build_site(root)) == []
    write_site(
        root,
        {
            "site.yaml": "title: T\ntheme: my\nlanguage: fa\n",
            "content/articles/a1.md": "---\ntitle: [\n---\n",
        },
    )
    found = [code for _, _, _, code, _ in codes(build_site(root))]
    assert "bad-catalogue" in found
    assert "yaml-syntax" in found
    assert found == [code for _, _, _, code, _ in codes(build_site(root, clean=True))]


def test_themes_with_the_same_words_in_other_catalogues_have_fingerprints_of_their_own(tmp_path):
    """What two catalogues say is no other theme's one, whatever stands in it."""
    found = set()
    for number, (own, base) in enumerate(
        [("a", "b\0c"), ("a\0b", "c"), ("", "a\0b\0c"), ("a\0b\0c", "")]
    ):
        root = write_site(
            tmp_path / str(number),
            {
                "themes/my/theme.yaml": "extends: other\n",
                "themes/my/locale/de.po": own,
                "themes/other/locale/de.po": base,
            },
        )
        found.add(load_theme(root, "my").fingerprint)
    assert len(found) == 4


@pytest.mark.parametrize("kind", ["base", "parts"])
def test_a_kind_is_not_shown_by_a_template_that_others_are_made_of(tmp_path, kind):
    site = f"title: T\nkinds:\n  {kind}: {{plural: things}}\n"
    files = {
        "content/things/x.md": profile("A thing"),
        "content/articles/a.md": article(f"[It]{{{kind}=x}}."),
    }
    root = write_site(tmp_path, files, site)
    assert codes(build_site(root)) == []
    assert "A thing" in (root / "public/things/x/index.html").read_text()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{ frame.titel }}", 'a FrameView has no field "titel"', 'did you mean "title"?'),
        ("{{ fram.title }}", "'fram' is undefined", 'did you mean "frame"?'),
        ("{{ frame.weather }}", 'a FrameView has no field "weather"', "docs/themes.md"),
        (
            "{{ frame.extra.titel }}",
            'frame.extra has no key "titel"',
            "add it below `extra` in site.yaml, or write `{% if frame.extra.titel is defined %}`",
        ),
        (
            '{{ _("By %(authors)s") }}',
            'nothing is given for the placeholder "%(authors)s"',
            'give it with the message: `_("...", authors=...)`',
        ),
        *(
            (
                f'{{{{ _("{words}") }}}}',
                "a sign of percent in a message begins no placeholder",
                "write `%%` for the sign itself",
            )
            for words in ("100%", "5% discount", "5% of", "5% less", "a %z")
        ),
    ],
)
def test_a_name_that_is_nearly_a_field_is_told(tmp_path, text, message, hint):
    theme = {"themes/my/theme.yaml": "extends: gazette\n", "themes/my/templates/404.html": text}
    (said,) = build_site(write_site(tmp_path, {**SITE, **theme}, "title: T\ntheme: my")).diagnostics
    assert said.message == f"{message} (while rendering /404.html)"
    assert said.hint.endswith(hint)


COUNTER = (
    "{% set seen = namespace(n=0) %}"
    "{% macro next() %}{% set seen.n = seen.n + 1 %}{{ seen.n }}{% endmacro %}"
)

LIST = (
    "{% if true %}{% set all = [] %}{% endif %}"
    "{% macro next() %}{% set _ = all.append(1) %}{{ all|length }}{% endmacro %}"
)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize(
    ("shared", "page", "shown"),
    [
        (COUNTER, "{% import 'own.html' as own %}{{ own.next() }}{{ own.next() }}", "12"),
        (COUNTER, "{% from 'own.html' import next %}{{ next() }}{{ next() }}", "12"),
        (
            "{% set comma = joiner() %}{% macro next() %}{{ comma() }}x{% endmacro %}",
            "{% import 'own.html' as own %}{{ own.next() }}{{ own.next() }}",
            "x, x",
        ),
        (
            LIST,
            "{% import 'own.html' as own %}{{ own.next() }}{{ own.next() }}",
            "12",
        ),
        (
            "{% import 'other.html' as other %}{% macro next() %}{{ other.next() }}{% endmacro %}",
            "{% import 'own.html' as own %}{{ own.next() }}{{ own.next() }}",
            "12",
        ),
        (
            "{% extends 'other.html' %}",
            "{% import 'own.html' as own %}{{ own.next() }}{{ own.next() }}",
            "12",
        ),
        (
            "",
            "{% set _ = frame.extra.words.append(card.title) %}{{ frame.extra.words|length }}",
            "1",
        ),
    ],
)
def test_a_page_shows_nothing_that_a_page_before_has_left(
    tmp_path, monkeypatch, fast, shared, page, shown
):
    if not fast:
        plain = render.Renderer._plainly
        monkeypatch.setattr(
            render.Renderer, "render", lambda self, one, view: plain(self, one, structs.asdict(view))
        )
    files = {
        "themes/own/theme.yaml": "extends: gazette\n",
        "themes/own/templates/own.html": shared,
        "themes/own/templates/other.html": COUNTER,
        "themes/own/templates/article.html": f"<p>{page}</p>",
    }
    articles = {f"content/articles/{number}.md": article() for number in range(3)}
    made = published(tmp_path, files | articles, "title: T\ntheme: own\nextra: {words: []}")
    for number in range(3):
        assert made.page(f"/articles/{number}/").html == f"<p>{shown}</p>"
