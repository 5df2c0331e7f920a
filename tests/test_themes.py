"""Mistakes in themes that are told before a page is rendered."""

from __future__ import annotations

import os
import time

import pytest
from site_builder import build_site, codes, settle, tree, write_site

from builder import pipeline
from builder.theming.soundness import _lost_assets, check_theme
from builder.theming.theme import Template, Theme
from builder.theming.translations import _PERCENT

SITE = "title: T\ntheme: own"
EXTENDING = {"themes/own/theme.yaml": "extends: gazette\n"}


def told(root, files, site=SITE):
    """What is said of a theme: file below it, line, code, message and hint."""
    write_site(root, EXTENDING | {f"themes/own/{name}": text for name, text in files.items()}, site)
    return told_again(root)


def told_again(root):
    """The same of the theme as it stands."""
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


FORMS = 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
NUMBERS = "{% for n in (0, 1, 2, 5) %}{{ ngettext('%(n)s day', '%(n)s days', n, n=n) }} {% endfor %}"


RULE = "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);\\n"


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("", "0c 1a 2b 5c "),
        ("Language: pl\\n", "0c 1a 2b 5c "),
        (RULE, "0c 1a 2b 5c "),
        (f"Language: \\n{RULE}", "0c 1a 2b 5c "),
        (f"Language: xx_YY\\n{RULE}", "0c 1a 2b 5c "),
        (f"Language: pl\\n{RULE.replace('n==2', 'n==5')}", "0c 1a 2c 5b "),
    ],
)
def test_plurals_follow_the_rule_of_a_catalogue_or_else_of_its_language(tmp_path, header, shown):
    text = f'msgid ""\nmsgstr "{header}"\n\n{FORMS}'
    text += "".join(f'msgstr[{form}] "%(n)s{word}"\n' for form, word in enumerate(("a", "b", "c")))
    files = {"locale/pl.po": text, "templates/404.html": NUMBERS}
    assert told(tmp_path, files, f"{SITE}\nlanguage: pl") == []
    assert (tmp_path / "public/404.html").read_text("utf-8") == shown


def test_a_catalogue_of_a_language_that_is_not_known_keeps_its_rule_for_plurals(tmp_path):
    text = f'msgid ""\nmsgstr "Language: tlh\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n{FORMS}'
    files = {"locale/tlh.po": text + 'msgstr[0] "%(n)s jaj"\n', "templates/404.html": NUMBERS}
    assert told(tmp_path, files, f"{SITE}\nlanguage: tlh") == []
    assert (tmp_path / "public/404.html").read_text("utf-8") == "0 jaj 1 jaj 2 jaj 5 jaj "


@pytest.mark.parametrize("rule", ["n/0", "foo(n)", "n %"])
def test_a_rule_for_plurals_that_cannot_be_followed_is_told(tmp_path, rule):
    text = f'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural={rule};\\n"\n'
    ((file, _, code, message, _),) = told(tmp_path, {"locale/de.po": text}, IN_GERMAN)
    assert (file, code) == ("locale/de.po", "bad-catalogue")
    assert message.startswith("the catalogue of messages can't be read: ")


@pytest.mark.parametrize("charset", ["CHARSET", "iso-8859-1"])
def test_a_catalogue_is_in_utf_8_whatever_its_header_says(tmp_path, charset):
    text = f'msgid ""\nmsgstr "Content-Type: text/plain; charset={charset}\\n"\n\n'
    files = {"locale/de.po": text + 'msgid "One"\nmsgstr "Über – ی"\n'}
    assert told(tmp_path, files | {"templates/404.html": "{{ _('One') }}"}, IN_GERMAN) == []
    assert (tmp_path / "public/404.html").read_text("utf-8") == "Über – ی"


def test_a_message_with_a_context_has_a_translation_of_its_own(tmp_path):
    text = GERMAN + 'msgid "May"\nmsgstr "Mai"\n\nmsgctxt "verb"\nmsgid "May"\nmsgstr "darf"\n'
    page = "{{ _('May') }} {{ pgettext('verb', 'May') }} {% trans 'verb' %}May{% endtrans %} "
    page += "{{ npgettext('verb', 'May', 'Mays', 2) }}"
    files = {"locale/de.po": text, "templates/404.html": page}
    assert told(tmp_path, files, IN_GERMAN) == []
    assert (tmp_path / "public/404.html").read_text("utf-8") == "Mai darf darf Mays"


@pytest.mark.parametrize(
    ("language", "files", "shown"),
    [
        ("de-AT", {"own/de-AT": "own AT", "own/de": "own", "base/de-AT": "AT"}, "own AT"),
        ("de-AT", {"own/de": "own", "base/de-AT": "AT", "base/de": "base"}, "own"),
        ("de-AT", {"own/de-CH": "own CH", "base/de-AT": "AT", "base/de": "base"}, "AT"),
        ("zh-Hant-TW", {"own/zh": "zh", "own/zh-Hant": "Hant", "base/zh-Hant-TW": "TW"}, "Hant"),
        ("zh-Hant-TW", {"own/zh-TW": "TW", "base/zh-Hant": "Hant"}, "Hant"),
    ],
)
def test_catalogues_of_a_theme_come_before_those_that_it_extends(tmp_path, language, files, shown):
    catalogues = {
        f"themes/{name.replace('/', '/locale/')}.po": f'msgid "One"\nmsgstr "{text}"\n'
        for name, text in files.items()
    }
    themes = {
        "themes/own/theme.yaml": "extends: base\n",
        "themes/base/theme.yaml": "extends: gazette\n",
        "themes/own/templates/404.html": "{{ _('One') }}",
    }
    root = write_site(tmp_path, catalogues | themes, f"{SITE}\nlanguage: {language}")
    assert codes(build_site(root)) == []
    assert (root / "public/404.html").read_text("utf-8") == shown


def test_catalogues_that_two_themes_exchange_are_read_anew(tmp_path):
    one, other = ('msgid "One"\nmsgstr "one"\n', 'msgid "One"\nmsgstr "other"\n')
    files = {
        "themes/own/theme.yaml": "extends: base\n",
        "themes/base/theme.yaml": "extends: gazette\n",
        "themes/own/templates/404.html": "{{ _('One') }}",
        "themes/own/locale/de-AT.po": one,
        "themes/base/locale/de.po": other,
    }
    root = write_site(tmp_path, files, f"{SITE}\nlanguage: de-AT")
    assert codes(build_site(root)) == []
    assert (root / "public/404.html").read_text("utf-8") == "one"
    settle()
    gone = {"themes/own/locale/de-AT.po": None, "themes/base/locale/de.po": None}
    write_site(root, gone | {"themes/base/locale/de-AT.po": one, "themes/own/locale/de.po": other})
    assert codes(build_site(root)) == []
    assert (root / "public/404.html").read_text("utf-8") == "other"


def test_a_placeholder_with_many_noughts_takes_no_time():
    begun = time.process_time()
    assert [one[0] for one in _PERCENT.finditer(f"%(n){'0' * 60_000}!")] == ["%"]
    assert time.process_time() - begun < 0.5


def test_a_catalogue_may_begin_with_a_byte_order_mark(tmp_path):
    text = f'\ufeff{GERMAN}msgid "Latest"\nmsgstr "Ganz neu"\n'
    assert told(tmp_path, {"locale/de.po": text}, IN_GERMAN) == []
    assert "Ganz neu" in (tmp_path / "public/404.html").read_text("utf-8")


def test_no_page_holds_the_byte_order_mark_that_a_template_begins_with(tmp_path):
    # In the head of a page, it would be a text, and the body would begin there.
    base = '{% extends "gazette/base.html" %}{% block head %}{% include "meta.html" %}{% endblock %}'
    templates = {"base.html": base, "meta.html": '<meta name="a" content="b">\n', "404.html": "Gone"}
    files = {f"themes/my/templates/{name}": f"\ufeff{text}" for name, text in templates.items()}
    files["themes/my/theme.yaml"] = "\ufeffextends: gazette\n"
    assert codes(build_site(write_site(tmp_path, files, "title: T\ntheme: my"))) == []
    assert (tmp_path / "public/404.html").read_text("utf-8") == "Gone"
    page = (tmp_path / "public/index.html").read_text("utf-8")
    assert '<meta name="a"' in page
    assert "\ufeff" not in page


def test_a_catalogue_that_cannot_be_read_hides_no_mistake_of_a_template(tmp_path):
    files = {
        "locale/en.po": 'msgid "Latest\nmsgstr ""\n',
        "templates/page.html": "{{ title ",
        "templates/404.html": '{% include "no.html" %}',
    }
    said = ["locale/en.po:1 bad-catalogue", "templates/404.html:1 missing-template"]
    assert short(told(tmp_path, files)) == [*said, "templates/page.html:1 template-syntax"]
    assert short(told(tmp_path, {})) == [*said, "templates/page.html:1 template-syntax"]


def test_a_folder_of_templates_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    """Without them the pages would be those of the other theme."""
    files = {"templates/page.html": "{{ title }}"}
    folder = str(tmp_path / "themes/own/templates")
    listed = os.scandir

    def refusing(path):
        if str(path) == folder:
            raise PermissionError(13, "Permission denied", folder)
        return listed(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert short(told(tmp_path, files)) == ["templates:1 bad-theme"]


@pytest.mark.parametrize("name", ["templates", "assets", "locale", "theme.yaml"])
def test_what_stands_in_place_of_a_part_of_a_theme_is_told(tmp_path, name):
    root = tmp_path
    assert short(told(root, {})) == []
    part = root / "themes/own" / name
    part.unlink(missing_ok=True)
    part.symlink_to("gone")
    assert short(told_again(root)) == [f"{name}:1 bad-theme"]
    part.unlink()
    if name == "theme.yaml":
        part.mkdir()
    else:
        part.write_text("words")
    assert short(told_again(root)) == [f"{name}:1 bad-theme"]


def test_a_link_to_a_folder_within_a_theme_is_told_instead_of_passed_over(tmp_path):
    assert short(told(tmp_path, {"assets/a.css": "a {}"})) == []
    before = tree(tmp_path / "public")
    (tmp_path / "fonts").mkdir()
    (tmp_path / "themes/own/assets/fonts").symlink_to(tmp_path / "fonts")
    assert short(told_again(tmp_path)) == ["assets/fonts:1 bad-theme"]
    assert tree(tmp_path / "public") == before


def test_hidden_folders_of_a_theme_are_left_out(tmp_path):
    files = {f"{part}/.git/a.{end}": "{{ x" for part, end in (("assets", "css"), ("templates", "html"))}
    assert told(tmp_path, files | {"assets/.b.css": "", "assets/c.css~": "", "assets/d.css": ""}) == []
    found = [one.name for one in (tmp_path / "public/assets").rglob("*") if one.is_file()]
    assert "d.css" in found
    assert not {"a.css", ".b.css", "c.css~"} & {*found}


def test_a_key_that_no_theme_has_hides_no_other_mistake(tmp_path):
    files = {"theme.yaml": "extends: gazete\nlicence: MIT\n"}
    said = ["theme.yaml:1 missing-theme", "theme.yaml:2 bad-theme"]
    assert short(told(tmp_path / "no-theme", files)) == said
    files = {"theme.yaml": "extends: gazette\nlicence: MIT\n", "templates/page.html": "{{ title "}
    said = ["templates/page.html:1 template-syntax", "theme.yaml:2 bad-theme"]
    assert short(told(tmp_path / "template", files)) == said
    # Where the key that is misspelt names the other theme, nothing is missed that it has.
    assert short(told(tmp_path / "key", {"theme.yaml": "extend: gazette\n"})) == [
        "theme.yaml:1 bad-theme"
    ]


def test_mistakes_of_a_catalogue_are_told_beside_those_of_templates_by_every_build(tmp_path):
    text = f'{GERMAN}msgid "Latest"\nmsgstr "Neu\n'
    files = {"locale/de.po": text, "templates/404.html": "{% include 'none.html' %}"}
    found = ["locale/de.po:7 bad-catalogue", "templates/404.html:1 missing-template"]
    assert short(told(tmp_path, files, IN_GERMAN)) == found
    assert short(told(tmp_path, {}, IN_GERMAN)) == found


# What nothing uses.

NO_PAGE = "no page is made with this template, and no other template names it"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("articel.html", 'did you mean "article.html"?'),
        ("article.htm", 'did you mean "article.html"?'),
        ("countries.html", 'did you mean "country.html"?'),
        ("events.html", 'did you mean "event.html"?'),
        ("pages/article.html", 'did you mean "article.html"?'),
        # A template that is like no other may be one of another site.
        ("zzz.html", ""),
        # Those that are used.
        ("event.html", ""),
        ("country.html", ""),
        ("parts.html", ""),
        ("bit.html", ""),
        ("README.md", ""),
    ],
)
def test_a_template_that_nothing_uses_is_told_with_the_name_that_was_meant(tmp_path, name, hint):
    files = {
        "templates/404.html": "{% include 'bit.html' ignore missing %}{% include 'p.html' %}",
        "templates/p.html": "",
        f"templates/{name}": "{# None. #}",
    }
    found = told(tmp_path, files, f"{SITE}\nkinds:\n  event: {{plural: events}}")
    expected = [(f"templates/{name}", 1, "unused-file", NO_PAGE, hint)] if hint else []
    assert [tuple(one) for one in found] == expected


def test_no_template_is_told_to_be_unused_where_names_are_computed(tmp_path):
    files = {"templates/404.html": "{% include frame.title %}", "templates/bit.html": "x"}
    assert short(told(tmp_path, files)) == ["templates/404.html:1 bad-theme"]


def test_templates_of_themes_that_another_takes_the_place_of_are_not_told(tmp_path):
    files = {
        "themes/own/theme.yaml": "extends: mid\n",
        "themes/mid/theme.yaml": "extends: gazette\n",
        "themes/mid/templates/article.html": '{% extends "base.html" %}',
        "themes/mid/templates/mid/nav.html": "",
        "themes/mid/templates/base.html": '{% extends "gazette/base.html" %}{% block footer %}'
        "{% include 'mid/nav.html' %}{% endblock %}",
        "themes/own/templates/article.html": '{% extends "gazette/article.html" %}',
    }
    assert codes(build_site(write_site(tmp_path, files, SITE))) == []


@pytest.mark.parametrize(
    ("name", "site", "hint"),
    [
        ("german", SITE, 'did you mean "de.po"?'),
        ("pt_BR", SITE, 'did you mean "pt-BR.po"?'),
        ("de/LC_MESSAGES/messages", SITE, 'did you mean "de.po"?'),
        ("pt-br", f"{SITE}\nlanguage: pt-BR", 'did you mean "pt-BR.po"?'),
        ("messages", SITE, "name it by a tag of BCP 47, as in de.po or pt-BR.po"),
        # Those that sites use, or may.
        ("pt-BR", SITE, ""),
        ("zh-Hans-CN", SITE, ""),
        ("tlh", f"{SITE}\nlanguage: tlh", ""),
        ("azb", SITE, ""),
    ],
)
def test_a_catalogue_that_is_named_for_no_language_is_told(tmp_path, name, site, hint):
    found = told(tmp_path, {f"locale/{name}.po": GERMAN}, site)
    assert [(file, line, code, said) for file, line, code, _, said in found] == (
        [(f"locale/{name}.po", 1, "unused-file", hint)] if hint else []
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("template", "templates"),
        ("Templates", "templates"),
        ("asset", "assets"),
        ("locales", "locale"),
        ("layouts", "templates"),
        ("static", "assets"),
        ("i18n", "locale"),
        ("examples", None),
        ("docs", None),
    ],
)
def test_a_folder_that_is_not_read_is_told_if_its_name_is_nearly_that_of_one(tmp_path, name, meant):
    found = told(tmp_path, {f"{name}/x.html": "x"})
    message = f'nothing in the folder "{name}" is read'
    told_of = [(name, 1, "unused-file", message, f'did you mean "{meant}"?')]
    assert found == (told_of if meant else [])


def test_an_empty_folder_is_not_told(tmp_path):
    (tmp_path / "themes/own/template/inner").mkdir(parents=True)
    assert told(tmp_path, {}) == []


def test_warnings_of_a_theme_are_told_by_every_build_as_by_a_clean_one(tmp_path):
    files = {
        "templates/articel.html": "",
        "templates/404.html": '{% extends "gazette/404.html" %}Words.',
        "template/x.html": "",
    }
    found = told(tmp_path, files)
    assert short(found) == [
        "template:1 unused-file",
        "templates/404.html:1 lost-text",
        "templates/articel.html:1 unused-file",
    ]
    settle()
    assert told(tmp_path, {}) == found
    assert told(tmp_path, {}) == found
    write_site(tmp_path, {"content/pages/about.md": "---\ntitle: About\n---\n"})
    assert told(tmp_path, {}) == found
    write_site(tmp_path, {"themes/own/templates/articel.html": None})
    assert told(tmp_path, {}) == found[:2]
    kinds = {"site.yaml": f"{SITE}\nkinds:\n  articel: {{plural: articels}}\n"}
    write_site(tmp_path, kinds | {"themes/own/templates/articel.html": ""})
    assert told(tmp_path, {}) == found[:2]


def test_warnings_of_a_theme_are_remembered_and_what_is_damaged_is_looked_through_again(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    looked = []

    def look(*given):
        looked.append(given)
        return check_theme(*given)

    monkeypatch.setattr(pipeline, "check_theme", look)
    files = {"templates/articel.html": "", "locale/german.po": GERMAN}
    found = told(tmp_path / "site", files)
    assert short(found) == ["locale/german.po:1 unused-file", "templates/articel.html:1 unused-file"]
    for damage in (b"", b"\x91", b"\xff" * 9, None):
        write_site(tmp_path / "site", {"content/pages/a.md": f"---\ntitle: {len(looked)}\n---\n"})
        assert told(tmp_path / "site", {}) == found
        assert build_site(tmp_path / "site", clean=True).diagnostics
        assert len(looked) == 1
        looked.clear()
        for file in (tmp_path / "caches").rglob("theme-*"):
            file.write_bytes(damage) if damage is not None else file.unlink()
        assert told(tmp_path / "site", {"theme.yaml": f"extends: gazette\nname: {damage!r}\n"}) == found


def test_the_same_catalogue_in_another_theme_is_told_where_it_stands(tmp_path):
    for theme in ("own", "mid"):
        files = {
            "themes/own/theme.yaml": "extends: mid\n",
            "themes/mid/theme.yaml": "extends: gazette\n",
            f"themes/{theme}/locale/german.po": GERMAN,
        }
        (found,) = build_site(write_site(tmp_path / theme, files, SITE)).diagnostics
        assert found.file == f"themes/{theme}/locale/german.po"


def test_an_asset_is_named_as_the_theme_that_has_it_last_writes_it(tmp_path):
    for name, (own, mid) in {"one": ("Style", "style"), "two": ("style", "Style")}.items():
        files = {
            "themes/own/theme.yaml": "extends: mid\n",
            "themes/mid/theme.yaml": "extends: gazette\n",
            "themes/own/templates/404.html": '<link href="{{ frame.assets }}stile.css">',
            f"themes/own/assets/{own}.css": "",
            f"themes/mid/assets/{mid}.css": "",
        }
        found = build_site(write_site(tmp_path / name, files, SITE)).diagnostics
        hints = [one.hint for one in found if one.code == "missing-asset"]
        assert hints == [f'did you mean "{mid}.css"?']


def test_a_theme_is_judged_anew_where_the_kinds_of_the_site_are_others(tmp_path):
    kinds = "\nkinds:\n  articel: {plural: articels}"
    assert told(tmp_path / "one", {"templates/articel.html": "A."}, SITE + kinds) == []
    found = told(tmp_path / "two", {"templates/articel.html": "A."})
    assert short(found) == ["templates/articel.html:1 unused-file"]


def test_the_theme_that_comes_with_the_program_has_nothing_to_be_told(tmp_path):
    for language in ("en", "de", "fr", "fa", "de-AT"):
        site = f"title: T\nlanguage: {language}"
        assert codes(build_site(write_site(tmp_path / language, {}, site))) == []


# Keys of `extra`.


def about(**extra):
    keys = "".join(f"\n  {key}: {value}" for key, value in extra.items())
    return {"content/pages/about.md": f"---\ntitle: About\nextra:{keys or ' {}'}\n---\n"}


@pytest.mark.parametrize(
    ("text", "without", "with_it"),
    [
        ("{% if extra.photo is defined %}{{ extra.photo }}{% endif %}", "", "p.jpg"),
        ("{{ extra.photo|default('none') }}", "none", "p.jpg"),
        ("{{ extra.get('photo') or 'none' }}", "none", "p.jpg"),
        ("{{ extra['photo']|default('none') }}", "none", "p.jpg"),
        ("{% if extra.p is defined and extra.p.by is defined %}{{ extra.p.by }}{% endif %}", "", "Ann"),
        ("{{ extra['photo-alt']|default('none') }}", "none", "A bridge"),
        ("{{ extra.get('items') or 'none' }}", "none", "three"),
    ],
)
def test_a_key_of_extra_can_be_asked_for_where_it_may_be_missing(tmp_path, text, without, with_it):
    extra = {"photo": "p.jpg", "p": "{by: Ann}", "photo-alt": "A bridge", "items": "three"}
    for name, page, shown in (("a", about(), without), ("b", about(**extra), with_it)):
        files = EXTENDING | {"themes/own/templates/page.html": text} | page
        assert codes(build_site(write_site(tmp_path / name, files, SITE))) == []
        assert (tmp_path / name / "public/about/index.html").read_text() == shown


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "{{ extra.photo }}",
            'extra has no key "photo"',
            "not every page has it: write `{% if extra.photo is defined %}`",
        ),
        (
            "{{ extra['a-b'] }}",
            'extra has no key "a-b"',
            "not every page has it: write `{% if extra['a-b'] is defined %}`",
        ),
        (
            "{% for one in extra.own.photos %}{% endfor %}",
            'extra.own has no key "photos"',
            "not every page has it: write `{% if extra.own.photos is defined %}`",
        ),
        (
            "{{ frame.extra.photo }}",
            'frame.extra has no key "photo"',
            "add it below `extra` in site.yaml, or write `{% if frame.extra.photo is defined %}`",
        ),
        (
            "{% set all = extra %}{{ all.photo }}",
            'all has no key "photo"',
            "write `{% if all.photo is defined %}` where it may be missing",
        ),
        (
            "{{ extra[\n'photo'\n] }}",
            'extra has no key "photo"',
            "not every page has it: write `{% if extra.photo is defined %}`",
        ),
    ],
)
def test_a_key_that_extra_does_not_have_is_told_with_how_to_ask_for_it(tmp_path, text, message, hint):
    files = EXTENDING | {"themes/own/templates/page.html": text} | about(own="{}")
    (found,) = build_site(write_site(tmp_path, files, SITE)).diagnostics
    assert (found.code, found.message) == ("template-error", f"{message} (while rendering /about/)")
    assert found.hint == hint


def test_a_mistake_in_a_template_is_told_beside_all_that_there_is_to_say(tmp_path):
    files = {
        "content/articles/a.md": "---\ntitle: A\ndate: 2024\n---\nPoints:\n- one\n- [two](gone.md)\n",
        "themes/own/templates/article.html": "{{ cart.title }}",
        "themes/own/templates/articel.html": "",
        "themes/own/theme.yaml": "extends: gazette\n",
    }
    write_site(tmp_path, files, "title: T\ntheme: own\nlanguag: en")
    for clean in (False, False, True):
        report = build_site(tmp_path, clean=clean)
        assert [one.code for one in report.diagnostics] == [
            "flattened-list",
            "dead-link",
            "unknown-key",
            "unused-file",
            "template-error",
        ]


def test_a_file_in_place_of_theme_yaml_is_told(tmp_path):
    files = {"themes/own/theme.yml": "extends: gazette\n", "themes/own/templates/404.html": ""}
    found = build_site(write_site(tmp_path, files, SITE)).diagnostics
    (told_of,) = [one for one in found if one.code == "unused-file"]
    assert (told_of.file, told_of.hint) == ("themes/own/theme.yml", 'did you mean "theme.yaml"?')


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('<link href="{{ frame.assets }}evning.css">', [":1 missing-asset"]),
        ("\n<img src='{{frame.assets}}img/x.png?1'>", [":2 missing-asset"]),
        (
            '{#\n#}<a href="{{ frame.assets }}x.png" src={{ frame.assets }}y.png',
            [":2 missing-asset"] * 2,
        ),
        ('{# <link href="{{ frame.assets }}old.css"> #}', []),
        ('<link href="{{ frame.assets }}evening.css?v=1">', []),
        ('<link href="{{ frame.assets }}gazette.css">', []),
        ('<img src="{{ frame.assets }}{{ frame.lang }}.png">', []),
        ('<img src="{{ frame.assets }}flag-{{ frame.lang }}.png">', []),
    ],
)
def test_a_file_that_a_template_names_and_the_theme_has_not_is_told(tmp_path, text, place):
    found = told(tmp_path, {"templates/404.html": text, "assets/evening.css": ""})
    assert short(found) == [f"templates/404.html{one}" for one in place]
    assert {hint for *_, hint in found} <= {
        'did you mean "evening.css"?',
        "put it there, or take what names it away",
    }


@pytest.mark.parametrize("end", ["", "\n"])
def test_time_grows_with_the_files_that_a_template_names_and_no_faster(end):
    def seconds(times):
        text = ('<a href="{{ frame.assets }}x.css">' + end) * times
        theme = Theme("own", {}, {}, (), b"")
        begun = time.process_time()
        assert len(list(_lost_assets(Template(text, "404.html"), theme))) == times
        return time.process_time() - begun

    assert min(seconds(20_000) / max(seconds(2000), 1e-6) for _ in range(3)) < 30


def test_a_file_that_joins_the_theme_ends_the_message_about_it(tmp_path):
    page = {"templates/404.html": '<link href="{{ frame.assets }}new.css">'}
    assert short(told(tmp_path, page)) == ["templates/404.html:1 missing-asset"]
    assert told(tmp_path, {"assets/new.css": ""}) == []
    write_site(tmp_path, {"themes/own/assets/new.css": None})
    assert short(told(tmp_path, {})) == ["templates/404.html:1 missing-asset"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{{ .Title }}", "this is the language of Go's templates"),
        ('{{ define "main" }}{{ end }}', "this is the language of Go's templates"),
        ("{% if frame %}{% else if frame.lang %}{% endif %}", "write `elif`"),
        ("{{ frame.lang|uper }}", 'did you mean "upper"?'),
        ("{{ 1|numbr }}", 'did you mean "number"?'),
        ("{{ frame is defind }}", 'did you mean "defined"?'),
        ("{% if frame && frame.lang %}{% endif %}", "write `and`"),
        ("{% if !frame %}{% endif %}", "write `not`"),
        ("{{ frame ? 1 : 2 }}", "write `a if b else c`"),
        ("{% trans %}In {{ frame.lang }}{% endtrans %}", "within `{% trans %}`, only names are shown"),
        (
            "{%- trans %}\nIn {{ name|upper }}{% endtrans %}",
            "within `{% trans %}`, only names are shown",
        ),
        ("{% trans %}In{% endtrans %}{{ frame.lang frame }}", ""),
        ("{% if frame %}", ""),
    ],
)
def test_what_is_no_jinja_is_told_with_what_to_write(tmp_path, text, hint):
    ((*_, code, _, told_hint),) = told(tmp_path, {"templates/404.html": text})
    assert code == "template-syntax"
    assert told_hint.startswith(hint)
    assert hint or not told_hint


def test_a_sign_that_is_no_jinja_is_told_with_its_place_in_the_line(tmp_path):
    root = write_site(
        tmp_path, EXTENDING | {"themes/own/templates/404.html": "ä\n\n{{ frame ? 1 }}"}, SITE
    )
    assert codes(build_site(root)) == [
        (
            "themes/own/templates/404.html",
            3,
            10,
            "template-syntax",
            "the template does not parse: unexpected char '?'",
        )
    ]


JOIN = 'write `|join(", ")` behind them'
CALL = "write `()` behind the name of a function, and that of a field behind any other"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{ 1 // 0 }}", "integer division or modulo by zero", ""),
        (
            '{% if frame.lang == "en" %}{{ "a" + 1 }}{% endif %}',
            'can only concatenate str (not "int") to str',
            "",
        ),
        (
            '{{ ngettext("%(n)s of 100%", "100%", 2, n=2) }}',
            "a sign of percent in a message begins no placeholder",
            "write `%%` for the sign itself",
        ),
        (
            "{% if frame is defind %}{% endif %}",
            "No test named 'defind' found.",
            'did you mean "defined"?',
        ),
        ("{{ frame.lang|number }}", '"en" is no number', ""),
        ("{{ true|number }}", '"True" is no number', ""),
        ("{{ frame.title|map('upper') }}", "values are shown that were not joined", JOIN),
        ("{{ frame.sections.count }}", "what is shown is no text, but a function or the like", CALL),
        (
            '{% import "parts.html" as parts %}{{ parts.dat(frame) }}',
            'the template that is imported has no macro "dat"',
            'did you mean "date"?',
        ),
        (
            '{% from "parts.html" import dat %}{{ dat(frame) }}',
            'the template that is imported has no macro "dat"',
            'did you mean "date"?',
        ),
        (
            "{{ frame.extra.copy }}",
            "frame.extra.copy is a function that all keys together have",
            'write `frame.extra.get("copy")` for the key of this name',
        ),
        (
            "{% set extra = {'a': {'items': [1]}} %}{% for one in extra.a.items %}{% endfor %}",
            "extra.a.items is a function that all keys together have",
            'write `extra.a.get("items")` for the key of this name',
        ),
        (
            "{% for one in 'ab' %}{{ loop.indx }}{% endfor %}",
            'a loop has no field "indx"',
            'did you mean "index"?',
        ),
        ("{{ frame.sections.href }}", "'tuple object' has no attribute 'href'", ""),
        ("{{ frame.sections[60] }}", "tuple object has no element 60", ""),
    ],
)
def test_a_hint_fits_what_went_wrong_in_a_template(tmp_path, text, message, hint):
    ((*_, said, told_hint),) = told(tmp_path, {"templates/404.html": text})
    assert (said, told_hint) == (f"{message} (while rendering /404.html)", hint)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{% import 'parts.html' as parts %}\n\n{{ parts.license() }}", 3),
        ("{% import 'lib.html' as lib %}\n{{ lib.one(frame) }}", 2),
        ("{% macro two(a, b) %}\n{{ a }}{{ b }}{% endmacro %}\n\n\n{{ two(1) }}", 5),
    ],
)
def test_a_macro_that_lacks_a_value_is_told_where_it_is_called(tmp_path, text, line):
    lib = "{% macro one(a, b) %}\n{{ a.lang }}\n{{ b }}{% endmacro %}"
    ((file, at, code, message, hint),) = told(
        tmp_path, {"templates/404.html": text, "templates/lib.html": lib}
    )
    assert (file, at, code) == ("templates/404.html", line, "template-error")
    name = "of" if "license" in text else "b"
    assert message == f'a macro is called without a value for "{name}" (while rendering /404.html)'
    assert hint == f"give it in the call: `{name}=...`"


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'In: ' ~ frame.sections|map(attribute='text') }}",
        "{{ frame.sections|map(attribute='text')|string }}",
        "{{ '%s'|format(frame.extra.get) }}",
        "{{ [frame.title.upper] }}",
        "{{ frame.number|default('') }}{{ [frame.title.upper]|join }}",
    ],
)
def test_a_text_that_every_build_would_make_otherwise_is_told(tmp_path, text):
    ((file, _, code, message, _),) = told(tmp_path, {"templates/404.html": text})
    assert (file, code) == ("templates/404.html", "template-error")
    assert message == "a text is made of what is no text (while rendering /404.html)"


def test_an_address_in_memory_that_an_article_tells_of_is_shown(tmp_path):
    files = {
        "content/pages/about.md": "---\ntitle: <T at 0xdeadbeef>\n---\nSee `<x at 0xcafe1234>`.\n",
        "themes/own/templates/404.html": "<!-- <x at 0xabcdef> -->{{ _('<x at 0xfedcba>') }}",
    }
    root = write_site(tmp_path, EXTENDING | files, SITE)
    assert codes(build_site(root)) == []
    assert "x at 0xcafe1234&gt;" in (root / "public/about/index.html").read_text("utf-8")
