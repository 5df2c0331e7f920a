"""Mistakes in themes that are told before a page is rendered."""

from __future__ import annotations

import pytest
from site_builder import build_site, write_site

SITE = "title: T\ntheme: own"
EXTENDING = {"themes/own/theme.yaml": "extends: gazette\n"}


def told(root, files, site=SITE):
    """What is said of a theme: file below it, line, code, message and hint."""
    write_site(root, EXTENDING | {f"themes/own/{name}": text for name, text in files.items()}, site)
    return [
        (one.file.removeprefix("themes/own/"), one.line, one.code, one.message, one.hint)
        for one in build_site(root).diagnostics
    ]


def short(found):
    return [f"{file}:{line} {code}" for file, line, code, _, _ in found]


# Templates that use themselves.


def test_a_template_that_extends_itself_is_told_how_that_of_the_other_theme_is_named(tmp_path):
    files = {"templates/base.html": '{# Ours. #}\n{% extends "base.html" %}\n'}
    assert told(tmp_path, files) == [
        (
            "templates/base.html",
            2,
            "bad-theme",
            "the template extends itself",
            'write "gazette/base.html" where the template of the theme gazette is meant',
        )
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"404.html": "{% include '404.html' %}"}, "the template includes itself"),
        ({"404.html": "{% import 'own/404.html' as x %}"}, "the template imports itself"),
        ({"404.html": "{% from '404.html' import x %}"}, "the template imports itself"),
        (
            {"404.html": "{% extends 'a.html' %}", "a.html": "{% include 'own/404.html' %}"},
            'the template extends itself, by way of "a.html"',
        ),
        (
            {"base.html": "{% extends 'front.html' %}"},
            'the template extends itself, by way of "front.html"',
        ),
    ],
)
def test_a_circle_of_templates_is_told_once(tmp_path, files, said):
    (found,) = told(tmp_path, {f"templates/{name}": text for name, text in files.items()})
    assert found[2:4] == ("bad-theme", said)


@pytest.mark.parametrize(
    "text",
    [
        '{% extends "gazette/404.html" %}',
        "{% if frame.extra.deep is defined %}{% include '404.html' %}{% endif %}",
        "{% for one in [] %}{% include '404.html' %}{% endfor %}",
        "{% macro x() %}{% include '404.html' %}{% endmacro %}",
        "{% include ['other.html', '404.html'] %}",
    ],
)
def test_a_template_may_name_itself_where_that_has_an_end(tmp_path, text):
    files = {"templates/404.html": text, "templates/other.html": "Words."}
    assert [one for one in told(tmp_path, files) if "other" not in one[0]] == []


def test_a_block_that_shows_its_own_template_is_told_in_words_of_templates(tmp_path):
    text = "{% extends 'gazette/404.html' %}{% block main %}{% include '404.html' %}{% endblock %}"
    ((_, _, code, message, hint),) = told(tmp_path, {"templates/404.html": text})
    assert (code, message.partition(" (")[0]) == (
        "template-error",
        "templates show one another without end",
    )
    assert hint.startswith("look for")


# What a template that extends another loses.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% block foter %}x{% endblock %}", 'did you mean "footer"?'),
        (
            "{% block zzz %}x{% block footer %}{% endblock %}{% endblock %}",
            "there are the blocks title, head, masthead, sections, main, footer",
        ),
        ("{% if frame.title %}{% block foter %}x{% endblock %}{% endif %}", 'did you mean "footer"?'),
        # Blocks that are shown.
        ("{% block footer %}x{% endblock %}", None),
        ("{% block footer %}{% block foter %}x{% endblock %}{% endblock %}", None),
        ("{% block footer %}{{ self.foter() }}{% endblock %}{% block foter %}x{% endblock %}", None),
        ("{% block footer %}{{ self['foter']() }}{% endblock %}{% block foter %}x{% endblock %}", None),
        ("{% for one in [1] %}{% block foter %}x{% endblock %}{% endfor %}", None),
    ],
)
def test_a_block_that_no_extended_template_has_is_told(tmp_path, text, said):
    found = told(tmp_path, {"templates/404.html": '{% extends "gazette/404.html" %}\n\n' + text})
    if said is None:
        assert found == []
        assert b"x" in (tmp_path / "public/404.html").read_bytes()
    else:
        name = "foter" if "foter" in text else "zzz"
        message = f'no template that this one extends has a block "{name}": no page shows it'
        assert found == [("templates/404.html", 3, "unknown-block", message, said)]


def test_blocks_of_a_template_that_may_extend_others_are_not_judged(tmp_path):
    text = (
        "{% if frame.title %}{% extends 'base.html' %}{% endif %}{% block foter %}{% endblock %}Words."
    )
    assert told(tmp_path, {"templates/404.html": text}) == []
    text = "{% extends ['none.html', 'base.html'] %}{% block foter %}{% endblock %}Words."
    assert short(told(tmp_path, {"templates/404.html": text})) == [
        "templates/404.html:1 missing-template"
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("SHOWN?", [2]),
        ("\n\n  SHOWN? {{ frame.title }}\n{% block footer %}{% endblock %}\nSHOWN?\n", [4, 6]),
        ("{{ 'SHOWN?' }}", [2]),
        ("{% trans %}SHOWN?{% endtrans %}", [2]),
        ("{% if frame %}\nSHOWN?{% else %}\nSHOWN?{% endif %}", [3, 4]),
        ("{% for one in [1] %}SHOWN?{% endfor %}", [2]),
        ("{% with a = 1 %}{% if a %}SHOWN?{% endif %}{% endwith %}", [2]),
        ("{% set x = 'SHOWN?' %}{% block footer %}{% endblock %}", []),
        ("{% set x %}SHOWN?{% endset %}{# SHOWN? #}\n \t\n{% import 'parts.html' as p %}", []),
        ("{% macro x() %}SHOWN?{% endmacro %}", []),
    ],
)
def test_text_outside_of_blocks_is_told_where_no_page_shows_it(tmp_path, text, lines):
    found = told(tmp_path, {"templates/404.html": '{% extends "gazette/404.html" %}\n' + text})
    assert short(found) == [f"templates/404.html:{line} lost-text" for line in lines]
    assert b"SHOWN?" not in (tmp_path / "public/404.html").read_bytes()


def test_text_before_the_tag_that_extends_is_shown_and_not_told(tmp_path):
    assert told(tmp_path, {"templates/404.html": 'SHOWN{% extends "gazette/404.html" %}'}) == []
    assert (tmp_path / "public/404.html").read_bytes().startswith(b"SHOWN")


def test_a_block_that_another_template_shows_within_one_of_its_own_is_not_told(tmp_path):
    files = {
        "templates/404.html": '{% extends "mid.html" %}{% block footer %}{% block low %}'
        "{{ super() }}{% endblock %}{% endblock %}",
        "templates/mid.html": '{% extends "base.html" %}{% block low %}SHOWN{% endblock %}',
    }
    assert told(tmp_path, files) == []
    assert b"SHOWN" in (tmp_path / "public/404.html").read_bytes()
