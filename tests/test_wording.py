"""The words of articles beside those of their originals: what counts as altered, and where."""

from __future__ import annotations

import os
import subprocess
import sys
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_builder import REPOSITORY, article, assert_as_clean, build_site, check, settle, write_site

from builder.whereabouts import written_at
from builder.wording import first_difference

SOURCE = "{license: CC-BY-4.0, title: Talks end, original: originals/a.txt}"


def files(body: str, original: str | bytes) -> dict[str, str | bytes]:
    return {"content/articles/a.md": article(body, source=SOURCE), "content/originals/a.txt": original}


def said(root) -> list[tuple[int, int, str, str]]:
    return [(one.line, one.column, one.code, one.message) for one in build_site(root).diagnostics]


def altered(root, body: str, original: str) -> list[tuple[int, int, str]]:
    write_site(root, files(body, original))
    # The words of all languages stand in an article in English here.
    found = [one for one in said(root) if one[2] != "unlikely-language"]
    assert all(code == "altered-words" for _, _, code, _ in found)
    return [(line - 5, column, message) for line, column, _, message in found]


@pytest.mark.parametrize(
    ("body", "original"),
    [
        ("Talks in [Baku]{country=AZ} went on.", "Talks in Baku went on."),
        ("Talks\nwent on.\n\nThey ended.", "Talks went on. They ended.\r\n"),
        ('"Talks" -- *very* **long**...', "“Talks”—very long …"),
        ("The mid*dle* of it", "The middle of it"),
        ("[Talks](https://example.com/baku) went on", "Talks went on"),
        ("Talks[^1] went on.\n\n[^1]: In Baku.", "Talks went on. In Baku."),
        ("- Talks\n- Rails", "* Talks\n* Rails"),
        ("1. Talks\n2. Rails", "1. Talks\n2. Rails"),
        ("1. Talks\n2. Rails", "Talks\nRails"),
        ("22. Dezember war kalt.", "22. Dezember war kalt."),
        ("7. Talks\n8. Rails", "7. Talks\n8. Rails"),
        ("| a | b |\n|---|---|\n| c | d |", "a b\nc d"),
        ("# Talks end\n\nIn Baku.", "Talks end\n\nIn Baku."),
        ("In Baku.", "Talks end\n\nIn Baku."),
        ("In Baku.", "A title\n\nIn Baku."),
        ("The ﬁrst of them", "The first of them"),
        ("می‌شود", "میشود"),
        ("I love ❤\ufe0f you", "I love ❤ you"),
        ("об'єднана کتاب", "обʼєднана کـتاب"),
        ("1. alpha\n2. beta", "1.\u00a0alpha\n2.\u00a0beta"),
        ("a" + "\u0315\u0300" * 20_000, "a" + "\u0315\u0300" * 20_000),
        ("AT&amp;T and *[HTML]: x\n\n*[AT]: y", "AT&T and HTML: x"),
        ("<div>Talks <b>went</b> on</div>", "Talks went on"),
        ("In\n2021. Then\n\n1. Talks", "In 2021. Then\n\n1. Talks"),
        ("In\n2021. Then\n\n1. Talks", "In 2021. Then\n\nTalks"),
        ("5. Talks\n9. Rails\n\n    - Baku\n", "5) Talks\n6) Rails\n• Baku"),
        ("<ol><li>Talks<ul><li>Rails</ol></ol>\n\n1. Baku", "Talks Rails Baku"),
        ("1. One[^a]\n\n[^a]: Baku", "1. One\nBaku"),
        ("1. One[^a]\n\n[^a]: Baku", "One\n1. Baku"),
        ("# TALKS END\n\nIn Baku.", "In Baku."),
        ("# Talks end\n\nIn Baku.", "TALKS END. In Baku."),
        ("In 2020--2021, 5--7 of 1,000", "In 2020-2021, 5 – 7 of 1,000"),
        ("Half of it, ½", "Half of it, 1/2"),
        ("-5 °C, (-5)", "−5 °C, (−5)"),
        ("", ""),
    ],
)
def test_the_same_words_may_be_written_in_many_ways(tmp_path, body, original):
    assert altered(tmp_path, body, original) == []


@pytest.mark.parametrize(
    ("body", "original", "line", "column", "message"),
    [
        (
            "Exports grow.",
            "Exports increase.",
            1,
            9,
            '"grow" stands where {} has "increase"',
        ),
        (
            'One.\n\nThe [railway]{country=IR note="not new"} is not new.',
            "One.\n\nThe railway is new.",
            3,
            45,
            '"not" stands where {} has "new"',
        ),
        ("Talks went on. More.", "Talks went on.", 1, 16, '"More" stands where {} has ended'),
        ("Talks went.", "Talks went on.", 1, 7, 'the article has ended where {} goes on with "on"'),
        ("It cost $5.", "It cost €5.", 1, 9, '"$5" stands where {} has "€5"'),
        ("Talks.", "", 1, 1, '"Talks" stands where {} has ended'),
        ("", "Talks.", 1, 1, 'the article has ended where {} goes on with "Talks"'),
        ("1. In 1985\n2. Rails", "1. In 1985\n2. Tails", 2, 4, '"Rails" stands where {} has "Tails"'),
        ("Any one went on. They", "Anyone went on. We", 1, 18, '"They" stands where {} has "We"'),
        ("Talk", "Talks", 1, 1, '"Talk" stands where {} has "Talks"'),
        (
            "# 记者\n\n会谈在巴库[举行]{country=AZ}了",
            "记者 会谈在巴库进行了",
            3,
            7,
            '"举" stands where {} has "进"',
        ),
        ("x" * 70, "y", 1, 1, f'"{"x" * 60}…" stands where {{}} has "y"'),
        ("Words", "A titles", 1, 1, '"Words" stands where {} has "A"'),
        ("In Baku, today", "Talks end\nIn Baku now", 1, 10, '"today" stands where {} has "now"'),
        ("[a](/about/about) about b", "about c", 1, 2, '"a" stands where {} has "about"'),
        ("Rose to\n500. Then", "Rose to\n900. Then", 2, 1, '"500" stands where {} has "900"'),
        ("1. One\n2. Two", "1. One\n3. Two", 2, 1, '"2" stands where {} has "3"'),
        ("Talks ended", "Talks", 1, 7, '"ended" stands where {} has ended'),
        ("It rose 15 %", "It rose 1.5 %", 1, 9, '"15" stands where {} has "1.5"'),
        ("It was 5 °C", "It was -5 °C", 1, 8, '"5" stands where {} has "-5"'),
        ("It is 1/2 of 5", "It is 12 of 5", 1, 7, '"1/2" stands where {} has "12"'),
        ("It rose 15 of 100", "It rose 15 % of 100", 1, 12, '"of" stands where {} has "%"'),
        ("Talks don't end", "Talks do end", 1, 7, '"don’t" stands where {} has "do"'),
        ("A <sup id='fnref:1'>bad</sup> word", "A word", 1, 21, '"bad" stands where {} has "word"'),
        (
            "Talks on<!-- " + "with many words, " * 40 + "-->\n\nand on",
            "Talks on and off",
            3,
            5,
            '"on" stands where {} has "off"',
        ),
        (
            "Talks on\n\n[^a]: " + "With many words of it. " * 40 + "\n\nand on[^a]",
            "Talks on and off",
            5,
            5,
            '"on" stands where {} has "off"',
        ),
        (
            "Talks on[^a]\n\n[^a]: The note has bad words of it.\n\nand on",
            "Talks on and on. The note has good words of it.",
            3,
            20,
            '"bad" stands where {} has "good"',
        ),
        (
            "The mid*dle* and so on. The middle",
            "The middle and off",
            1,
            18,
            '"so" stands where {} has "off"',
        ),
        ("\u0921\u093e\u0915 बाकू में", "\u0921\u093e\u0915 बाकू से", 1, 10, '"में" stands where {} has "से"'),
        ("Cafe\u0301 one", "Café two", 1, 7, '"one" stands where {} has "two"'),
        (
            "Сто one",
            "Cто one",
            1,
            1,
            (
                '"Сто" stands where {} has "Cто" '
                "(U+0421 CYRILLIC CAPITAL LETTER ES, not U+0043 LATIN CAPITAL LETTER C)"
            ),
        ),
        ("x" * 90 + "y", "x" * 90 + "z", 1, 1, f'"…{"x" * 59}y" stands where {{}} has "…{"x" * 59}z"'),
    ],
)
def test_the_first_word_that_differs_is_told_with_its_place(
    tmp_path, body, original, line, column, message
):
    write_site(tmp_path, {"content/pages/about/about.md": "---\ntitle: T\n---\n"})
    expected = [(line, column, message.format("originals/a.txt"))]
    assert altered(tmp_path, body, original) == expected


@pytest.mark.parametrize("piece", ["<!--", "![a", "[^a]: x\n", "&#98;a", "](a"])
def test_a_place_is_found_in_time_that_grows_with_the_text_alone(piece):
    def taken(times: int) -> float:
        begun = process_time()
        written_at(piece * times, "ab" * times, 2 * times)
        return process_time() - begun

    assert taken(16_000) < 40 * max(taken(2000), 0.005)


@pytest.mark.parametrize("data", [b"Caf\xe9", "Talks".encode("utf-16"), b"Talks\0"])
def test_an_original_that_is_no_text_is_told(tmp_path, data):
    assert check(tmp_path, files("Talks", data)) == ["articles/a.md:4:58 unreadable-original"]


def test_an_original_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("builder.reading.read_original", lambda _root, _path: None)
    assert check(tmp_path, files("Talks", "Talks")) == ["articles/a.md:4:58 unreadable-original"]


def test_an_original_that_goes_is_told_from_one_that_cannot_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr("builder.reading.read_original", lambda _root, _path: None)
    write_site(tmp_path, files("Talks", "Talks"))
    for code in ("unreadable-original", "missing-original"):
        assert [one.code for one in build_site(tmp_path).diagnostics] == [code]
        (tmp_path / "content/originals/a.txt").unlink(missing_ok=True)
    write_site(tmp_path, files("Talks", "Talks"))
    assert [one.code for one in build_site(tmp_path).diagnostics] == ["unreadable-original"]


@pytest.mark.parametrize("start", ["", "- " * 9000, "1. " * 9000 + "\n", "1. \n" * 9000])
def test_of_a_long_original_the_same_is_told(start):
    text = "Talks went on"
    long = f"{start}{text} in Baku. " + "More words. " * 20_000
    found = first_difference([text], long)
    assert found is not None
    assert (found.word, found.original) in {("", "in"), ("Talks", "1")}
    assert first_difference([f"{start}{text}"], f"{start}{text}") is None


def test_an_article_with_errors_is_not_compared(tmp_path):
    broken = files("[Talks]{country=IR x} end", "Talks end")
    assert check(tmp_path, broken) == ["articles/a.md:6:8 malformed-annotation"]


def test_originals_of_other_forms_are_not_compared(tmp_path):
    source = SOURCE.replace("a.txt", "a.pdf")
    page = article("Talks", source=source)
    assert check(tmp_path, {"content/articles/a.md": page, "content/originals/a.pdf": b"%PDF"}) == []


def test_nothing_is_read_outside_of_the_site(tmp_path):
    (tmp_path / "secret.txt").write_text("Secret words.")
    root = tmp_path / "site"
    source = SOURCE.replace("originals/a.txt", "../../secret.txt")
    assert check(root, {"content/articles/a.md": article("Talks", source=source)}) == [
        "articles/a.md:4:58 missing-original"
    ]
    (root / "content/originals").mkdir()
    os.symlink(tmp_path / "secret.txt", root / "content/originals/a.txt")
    assert check(root, {"content/articles/a.md": article("Talks", source=SOURCE)}) == [
        "articles/a.md:4:58 missing-original",
        "originals/a.txt:1:1 outside-site",
    ]


def test_an_edit_of_the_original_is_seen_and_parses_its_article_alone(tmp_path):
    more = {"content/articles/b.md": article("Words.")}
    write_site(tmp_path, files("Talks went on.", "Talks went on.") | more)
    original = tmp_path / "content/originals/a.txt"
    assert said(tmp_path) == []
    settle()
    assert build_site(tmp_path).parsed == 0
    # Of the same size, as the article itself may be.
    original.write_text("Talks went by.")
    report = build_site(tmp_path)
    assert ([one.code for one in report.diagnostics], report.parsed) == (["altered-words"], 1)
    assert report.rendered == 0
    settle()
    assert [one.code for one in build_site(tmp_path).diagnostics] == ["altered-words"]
    original.unlink()
    assert [code for *_, code, _ in said(tmp_path)] == ["missing-original"]
    original.write_bytes(b"")
    assert [code for *_, code, _ in said(tmp_path)] == ["altered-words"]
    original.write_text("Talks went on.")
    assert said(tmp_path) == []
    assert_as_clean(tmp_path, tmp_path / "beside")


def test_an_original_that_was_only_touched_parses_nothing(tmp_path):
    write_site(tmp_path, files("Talks went on.", "Talks went on."))
    build_site(tmp_path)
    settle()
    os.utime(tmp_path / "content/originals/a.txt")
    assert build_site(tmp_path).parsed == 0


def test_strict_makes_altered_words_an_error(tmp_path):
    write_site(tmp_path, files("Talks went on.", "Talks went by."))
    assert build_site(tmp_path, strict=True).failed
    assert not (tmp_path / "public").exists()


def test_sites_without_originals_load_nothing_to_compare_them(tmp_path):
    """What knows the words of all scripts takes several milliseconds to load."""
    root = write_site(tmp_path, {"content/articles/a.md": article("Words.")})
    program = (
        "import os, sys; os._exit = sys.exit; sys.argv[1:] = ['build', '-q']\n"
        "from builder.cli import main\n"
        "try: main()\n"
        "finally: print('builder.body.reader' in sys.modules, 'builder.wording' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        command, cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout == "True False\n"


def test_the_words_of_the_real_article_are_those_of_its_original(tmp_path):
    """And the check that says so would see one that is not."""
    text = (REPOSITORY / "content/articles/2021/12/baku.md").read_text("utf-8")
    changed = text.replace("were another part of", "were one part of")
    assert changed != text
    source = (REPOSITORY / "content/originals/mehr-baku-visit.txt").read_bytes()
    for written, expected in ((text, 0), (changed, 1)):
        write_site(
            tmp_path,
            {"content/articles/a.md": written, "content/originals/mehr-baku-visit.txt": source},
        )
        found = [one for one in build_site(tmp_path).diagnostics if one.code == "altered-words"]
        assert len(found) == expected
    assert found[0].message.startswith('"one" stands where')
    assert changed.splitlines()[found[0].line - 1][found[0].column - 1 :].startswith("one part of")


TEXT = st.text(st.sampled_from("ab 1.)\n“é\u0301"), max_size=30)


@given(TEXT, TEXT)
def test_texts_differ_in_one_direction_as_in_the_other(one, other):
    found, back = first_difference([one], other), first_difference([other], one)
    assert (found is None) == (back is None)
    if found is not None:
        assert found.word or found.original
        assert found.word != found.original


@given(st.text(max_size=60))
def test_every_text_has_its_own_words(text):
    assert first_difference([text], text) is None
    assert first_difference([text], text.replace(" ", "\n ")) is None
