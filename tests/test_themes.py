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


# Catalogues of messages.

GERMAN = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
PERCENT = "write `%%` for a sign of percent"
WHOLE = f"{PERCENT}; `%(authors)s` for the value"
IN_GERMAN = SITE + "\nlanguage: de"


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        (
            'msgid "Latest"\nmsgstr "Neu\n',
            7,
            8,
            "the text has no quotation mark at its end",
            'put `"` behind it',
        ),
        (
            'msgid "Latest"\nmsgstr ""\n  "Neu\\"\n',
            8,
            3,
            "the text has no quotation mark at its end",
            'put `"` behind it',
        ),
        (
            'msgid "Latest"\nmsgstr Neu\n',
            7,
            8,
            "the text is not in quotation marks",
            'put `"` before it and behind it',
        ),
        (
            'msgid "Latest"\nmsgstr "Das "Neue" heute"\n',
            7,
            8,
            "there are quotation marks within the text",
            r"write `\"` for each of them",
        ),
        (
            'msgid "Latest"\nmsgsrt "Neu"\n',
            7,
            1,
            '"msgsrt" is no keyword of a catalogue',
            'did you mean "msgstr"?',
        ),
        (
            'msgid "Latest"\n\nmsgid "Feed"\nmsgstr "Feed"\n',
            6,
            1,
            "the catalogue of messages can't be read: missing msgstr for msgid 'Latest'",
            "",
        ),
    ],
)
def test_a_catalogue_whose_form_is_broken_is_told_with_the_line(
    tmp_path, text, line, column, message, hint
):
    files = EXTENDING | {"themes/own/locale/de.po": GERMAN + text}
    (found,) = build_site(write_site(tmp_path, files, IN_GERMAN)).diagnostics
    assert (found.file, found.line, found.column) == ("themes/own/locale/de.po", line, column)
    assert (found.code, found.message, found.hint) == ("bad-catalogue", message, hint)


@pytest.mark.parametrize(
    ("message", "translation", "fault", "hint"),
    [
        ("By %(authors)s", "Von %(autoren)s", "%(autoren)s", 'did you mean "%(authors)s"?'),
        ("By %(authors)s", "Von %(authors)d", "%(authors)d", 'did you mean "%(authors)s"?'),
        ("By %(authors)s", "Von %(authors) und", "%(authors) u", 'did you mean "%(authors)s"?'),
        ("Latest", "Neu: %(n)s", "%(n)s", "the message has none"),
        ("By %(authors)s", "100 % von %(authors)s", "", WHOLE),
        ("By %(authors)s", "Von %s", "", WHOLE),
        ("By %(authors)s", "Von %(authors)", "", WHOLE),
        ("Latest", "Neu: 5%", "", PERCENT),
    ],
)
def test_a_placeholder_that_the_message_has_not_is_told_where_it_stands(
    tmp_path, message, translation, fault, hint
):
    text = f'{GERMAN}msgid "{message}"\nmsgstr ""\n"{translation}"\n\nmsgid "Feed"\nmsgstr "Feed"\n'
    said = (
        f'the translation has the placeholder "{fault}", which the message has not'
        if fault
        else "a single % stands in the translation"
    )
    files = {"locale/de.po": text}
    assert told(tmp_path, files, IN_GERMAN) == [("locale/de.po", 8, "bad-catalogue", said, hint)]


@pytest.mark.parametrize(
    "text",
    [
        'msgid "By %(authors)s"\nmsgstr "Von jemand, zu 100 %%"\n',
        '#, fuzzy\nmsgid "By %(authors)s"\nmsgstr "Von %(autoren)s"\n',
        '#~ msgid "By %(authors)s"\n#~ msgstr "Von %(autoren)s\n',
        'msgid "By %(authors)s"\nmsgstr ""\n',
        'msgctxt "x"\nmsgid "a \\"b\\" \\\\"\n\tmsgstr\t""\n'.replace("\tmsgstr\t", "  msgstr "),
        'msgid "%(n)s article"\nmsgid_plural "%(n)s articles"\nmsgstr[0] "einer"\nmsgstr[1] "%(n)s"\n',
        'msgid "5% more"\nmsgstr "5% mehr"\n',
    ],
)
def test_a_catalogue_without_mistakes_is_not_told(tmp_path, text):
    text = (GERMAN + text).replace("\n", "\r\n")
    assert told(tmp_path, {"locale/de.po": text}, IN_GERMAN) == []


def test_mistakes_of_a_catalogue_are_told_beside_those_of_templates_by_every_build(tmp_path):
    text = f'{GERMAN}msgid "Latest"\nmsgstr "Neu\n'
    files = {"locale/de.po": text, "templates/404.html": "{% include 'none.html' %}"}
    found = ["locale/de.po:7 bad-catalogue", "templates/404.html:1 missing-template"]
    assert short(told(tmp_path, files, IN_GERMAN)) == found
    assert short(told(tmp_path, {}, IN_GERMAN)) == found
