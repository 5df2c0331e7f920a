"""What is said of front matter that was meant well: which key, and how to write it."""

from __future__ import annotations

import pytest
from site_builder import build_site, check, write_site

FRONT = "title: T\ndate: 2024\n"
INDENT = "it is a key of `source`: write it below `source:`, indented by two spaces"
ARTICLES = [
    ("tags: [a]", ["4:1 unknown-key"], 'did you mean "topics"?'),
    ("name: a", ["4:1 unknown-key"], 'did you mean "title"?'),
    ("qqq: a", ["4:1 unknown-key"], "known are title, date, added"),
    ("qqq: a", ["4:1 unknown-key"], "organisations; free keys stand under `extra:`"),
    ("countries: Iran, Azerbaijan", ["4:12 wrong-type"], "write `countries: [IR, AZ]`"),
    ("topics: rail, trade", ["4:9 wrong-type"], "write `topics: [rail, trade]`"),
    ('topics: ["rail, trade"]', [], ""),
    ("author: Rouzbahani, Mojtaba", [], ""),
    ("projects: a; b", ["4:11 wrong-type"], "write `projects: [a, b]`"),
    ("source: Mehr", ["4:9 wrong-type"], "write `source: {publisher: Mehr, license: CC-BY-4.0}`"),
    ("source: [Mehr]", ["4:9 wrong-type"], "write `source: {publisher: Mehr News Agency, license: "),
    ("publisher: Mehr", ["4:1 unknown-key"], INDENT),
    (
        "source:\nlicense: MIT",
        ["4:1 missing-key", "5:1 unknown-key"],
        "indent `license:`, and what else belongs to the source, by two spaces",
    ),
    (
        "source:\ntitle: Talks\nlicense: MIT",
        ["4:1 missing-key", "5:1 duplicate-key", "6:1 unknown-key"],
        "keep one of the two, or indent it by two spaces if it belongs to `source`",
    ),
]


def told(root, path, text):
    write_site(root, {path: f"---\n{text}\n---\n"})
    found = build_site(root).diagnostics
    hints = " / ".join(one.hint for one in found)
    return [f"{one.line}:{one.column} {one.code}" for one in found], hints


@pytest.mark.parametrize(("lines", "places", "hint"), ARTICLES)
def test_a_slip_in_the_front_matter_of_an_article_is_told_with_what_to_write(
    tmp_path, lines, places, hint
):
    found, hints = told(tmp_path, "content/articles/a.md", FRONT + lines)
    assert found == places
    assert hint in hints


def test_a_wrong_alias_does_not_hide_that_others_clash(tmp_path):
    more = {"content/pages/about.md": "---\ntitle: A\naliases: [/x/]\n---\n"}
    write_site(tmp_path, more)
    found, _ = told(tmp_path, "content/articles/a.md", f"{FRONT}aliases: [x, /about/, /y/, z, /x/]")
    assert found == ["4:11 bad-address", "4:14 address-clash", "4:28 bad-address", "3:11 address-clash"]


def test_every_control_character_is_told_and_many_by_their_number(tmp_path):
    text = "---\ntitle: T\x01\ndate: 2024\n---\na \x02\n\n"
    write_site(tmp_path, {"content/articles/a.md": text + "b\x1f \x7f c"})
    found = [(one.line, one.column, one.message[21:27]) for one in build_site(tmp_path).diagnostics]
    assert found == [(2, 9, "U+0001"), (5, 3, "U+0002"), (7, 2, "U+001F"), (7, 4, "U+007F")]
    # Windows' sign for three dots, read by another encoding.
    write_site(tmp_path, {"content/articles/a.md": "---\ntitle: T\ndate: 2024\n---\nb\x85c"})
    assert [one.message[21:27] for one in build_site(tmp_path).diagnostics] == ["U+0085"]
    assert "<p>b c</p>" in (tmp_path / "public/articles/a/index.html").read_text()
    write_site(tmp_path, {"content/articles/a.md": text + "\x03" * 30_000})
    *most, last = build_site(tmp_path).diagnostics
    assert len(most) == 9
    assert last.message.endswith("stands in the text, and 29992 more behind it")


@pytest.mark.parametrize(
    ("path", "lines", "meant"),
    [
        ("content/projects/a.md", "title: A", "name"),
        ("content/pages/a.md", "title: A\ndescription: B", "summary"),
        ("content/articles/a.md", "title: A\npublished: 2024", "date"),
    ],
)
def test_a_key_of_another_kind_of_file_is_told_with_its_name_here(tmp_path, path, lines, meant):
    assert f'did you mean "{meant}"?' in told(tmp_path, path, lines)[1]


@pytest.mark.parametrize(
    ("start", "said"),
    [("", ["1:1 missing-front-matter", "1:15"]), ("---\ntitle: [\n---\n", ["2:8 yaml-syntax", "4:15"])],
)
def test_what_is_wrong_with_a_text_is_told_beside_front_matter_that_cant_be_read(tmp_path, start, said):
    root = write_site(tmp_path, {"content/articles/a.md": f"{start}A [x]{{project=nope}}.\n"})
    found = build_site(root).diagnostics
    assert [f"{one.line}:{one.column} {one.code}" for one in found] == [
        said[0],
        f"{said[1]} unknown-project",
    ]


@pytest.mark.parametrize(
    ("keys", "place", "hint"),
    [
        (" title: X\ndate: 2024", "2:2 yaml-syntax", "keys that belong together begin in one column"),
        ("title: X\n  date: 2024", "3:3 yaml-syntax", "keys that belong together begin in one column"),
        (
            "title: X\ndate: 2024\nsource:\n  publisher: P\n   license: CC0-1.0",
            "6:4 yaml-syntax",
            "keys that belong together begin in one column",
        ),
        ("title: “X: y”\ndate: 2024", "2:10 yaml-syntax", "curly quotes are words to YAML"),
        ("title: X\ndate:", "3:1 missing-key", "write `date: 2021-12-22`"),
        (
            "title: X\ndate: 2024\nlang: Persian",
            "4:7 bad-language",
            "write the tag of the language: fa",
        ),
        (
            "title: X\ndate: 2024\nlang: deutsch",
            "4:7 bad-language",
            "write the tag of the language: de",
        ),
        ("title: X\ndate: 2024\nlang: Elvish!", "4:7 bad-language", "write it by BCP 47"),
        ("title: X\ndate: 2024\nlang: fa_IR", "4:7 bad-language", "write it with a hyphen: fa-IR"),
        ("title: X\ndate: ۱۴۰۲", "3:7 bad-date", "write 2021, 2021-12, 2021-12-22 or"),
        ("title: X\ndate: 29.11.2026", "3:7 bad-date", "write 2026-11-29"),
        ("title: X\ndate: 2026-1-5", "3:7 bad-date", "write 2026-01-05"),
        ("title: X\ndate: 2026/11/05", "3:7 bad-date", "write 2026-11-05"),
        ("title: X\ndate: “2026-11-05”", "3:7 bad-date", "write 2026-11-05"),
        ("title: X\ndate: 1404/9/8", "3:7 bad-date", "write 2021, 2021-12, 2021-12-22 or"),
        ("title: X\ndate: 31.11.2026", "3:7 bad-date", "write 2021, 2021-12, 2021-12-22 or"),
        ("title: X\ndate: 11/12/2026", "3:7 bad-date", "write 2021, 2021-12, 2021-12-22 or"),
        (
            "title: X\ndate: 2024\ncountries:\n- IR\n-AZ",
            "6:1 yaml-syntax",
            "write a space behind the hyphen",
        ),
        ("title: X\ndate: 1402-12-24", "3:7 unlikely-date", "write the date by the Gregorian calendar"),
        ("title: X\ndate: 2024-03\nupdated: 2024-02-29", "4:10 unlikely-date", "`date` is when"),
        ("title: X\ndate: 2024\nadded: 2023", "4:8 unlikely-date", "`date` is when"),
        (
            "title: X\ndate: 2024\nsource: {publisher: P, license: All rights reserved.}",
            "4:33 bad-license",
            "write LicenseRef-AllRightsReserved",
        ),
        (
            "title: X\ndate: 2024\nsource: {publisher: P, license: LicenseRef-my terms}",
            "4:33 bad-license",
            "behind LicenseRef- stand letters",
        ),
    ],
)
def test_a_slip_in_front_matter_is_told_with_what_to_write(tmp_path, keys, place, hint):
    write_site(tmp_path, {"content/articles/a.md": f"---\n{keys}\n---\nWords.\n"})
    (found,) = build_site(tmp_path).diagnostics
    assert f"{found.line}:{found.column} {found.code}" == place
    assert found.hint.startswith(hint)


@pytest.mark.parametrize(
    "keys",
    [
        "date: 1583",
        "date: 2024-03-14\nupdated: 2024-03\nadded: 2024",
        "date: 2024-03-14T01:00:00+03:30\nupdated: 2024-03-13T22:00:00Z",
        "date: 2024-03\nupdated: 2024-03-01",
    ],
)
def test_dates_that_may_be_right_are_not_told(tmp_path, keys):
    assert check(tmp_path, {"content/articles/a.md": f"---\ntitle: X\n{keys}\n---\n"}) == []


@pytest.mark.parametrize(
    ("lang", "words", "told"),
    [
        ("", "גשר", True),
        ("lang: en-GB\n", "گفتگوها در باکو (Baku)", True),
        ("lang: az-Cyrl\n", "گفتگوها", True),
        ("lang: fa\n", "گفتگوها در باکو", False),
        ("lang: az-Arab\n", "گفتگوها در باکو", False),
        ("", "The word گفتگو means talks.", False),
        ("lang: ru\n", "Переговоры", False),
    ],
)
def test_a_text_from_right_to_left_is_told_if_its_language_is_not(tmp_path, lang, words, told):
    found = check(
        tmp_path, {"content/articles/a.md": f"---\ntitle: X\ndate: 2024\n{lang}---\n{words}\n"}
    )
    assert found == [f"articles/a.md:{'4:7' if lang else '1:1'} unlikely-language"] * told


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("\n  ---\ntitle: X\n---\n", "missing", "take away the spaces before `---`"),
        ("—\ntitle: X\n—\n", "missing", "write `---` in place of `—`, above the keys and below them"),
        ("----\ntitle: X\n----\n", "missing", "write `---` in place of `----`, above the keys"),
        ("+++\ntitle = 1\n+++\n", "missing", "write `---` in place of `+++`, above the keys"),
        ("title: X\ndate: 2024\n\nWords.", "missing", "write a line `---` above `title:`, and another"),
        ("Baku: the talks\n", "missing", "begin it with a line `---`"),
        ("{\\rtf1\\ansi\n---", "missing", "save it as plain text in the editor"),
        ("%PDF-1.4", "missing", "save it as plain text in the editor"),
        ("Words.\n---\n", "missing", "begin it with a line `---`, the keys, and another line `---`"),
        ("---\ntitle: X\n–––\nWords.", "unclosed", "write `---` in place of `–––` in line 3"),
        ("---\ntitle: X\n ---\nWords.", "unclosed", "take away the spaces before `---` in line 3"),
        ("---\ntitle: X\n\n# a\n- b\n--\n", "unclosed", "write `---` in place of `--` in line 6"),
        ("---\ntitle: X\n\nWords\n-----\n\n", "unclosed", "write a line `---` behind the last key"),
        ("---\ntitle: X\n\nWords - words.", "unclosed", "write a line `---` behind the last key"),
    ],
)
def test_what_stands_in_place_of_the_hyphens_of_front_matter_is_told(tmp_path, text, code, hint):
    write_site(tmp_path, {"content/articles/a.md": text})
    found = build_site(tmp_path).diagnostics[0]
    assert found.code == f"{code}-front-matter"
    assert found.hint.startswith(hint)


def test_a_merge_that_is_left_in_keys_is_told_once(tmp_path):
    keys = "title: X\n<<<<<<< HEAD\ndate: 2024\n=======\ndate: 2025\n>>>>>>> mine\n"
    article = {"content/articles/a.md": f"---\n{keys}---\nWords.\n"}
    assert check(tmp_path, article) == ["articles/a.md:3:1 merge-conflict"]
    write_site(tmp_path, {"content/articles/a.md": None, "site.yaml": keys})
    (found,) = build_site(tmp_path).diagnostics
    assert (found.file, found.line, found.code) == ("site.yaml", 2, "merge-conflict")


def test_keys_that_unusual_spaces_indent_are_told_to_be_indented_anew(tmp_path):
    keys = f"{FRONT}source: {{license: CC0-1.0}}\n\xa0\xa0title: X"
    found, hints = told(tmp_path, "content/articles/a.md", keys)
    assert found == ["5:1 unknown-key"]
    assert hints == "indent it by plain spaces"


@pytest.mark.parametrize("begin", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_document_of_a_word_processor_is_told_as_such(tmp_path, begin):
    write_site(tmp_path, {"content/articles/a.md": begin + b"\xa1\xb1"})
    (found,) = build_site(tmp_path).diagnostics
    assert (found.code, found.hint[:21]) == ("not-utf8", "save it as plain text")
