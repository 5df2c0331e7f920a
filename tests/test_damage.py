"""What befell a text on its way here: told where it stands, and only where it was not meant."""

from __future__ import annotations

from time import process_time

import pytest
from site_builder import article, build_site, check, write_site

from builder.damage import cut_off, damage

CONFLICT = "<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> mine"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CONFLICT, ["5:1 merge-conflict"]),
        (f"Words.\n\n{CONFLICT}\n\n{CONFLICT}", ["7:1 merge-conflict", "13:1 merge-conflict"]),
        (CONFLICT.replace("=======", "||||||| base\nOld.\n======="), ["5:1 merge-conflict"]),
        (f"```\n{CONFLICT}\n```", []),
        ("<<<<<<< HEAD\nOne.", []),
        ("Words\n=======\n\n>>>>>>> quoted", []),
        ("The T\ufffdrkei and \ufffd.", ["5:6 lost-letters"]),
        ("Die TÃ¼rkei, fÃ¼r", ["5:6 lost-letters"]),
        ("Iranâ€™s talks", ["5:5 lost-letters"]),
        ("Ãœber", ["5:1 lost-letters"]),
        ("NÃO, irmÃ£o", ["5:9 lost-letters"]),
        ("A IRMÃ– e a MÃE: NÃO “sim” Ã", []),
        ("«AMANHû, “TÔI ĐÔ, IRMÃ\u00a0DE e ROMÃ« A»", []),
        ("Voil\u00c3\u00a0", ["5:5 lost-letters"]),
        ("über, “Iran’s”, â la carte", []),
    ],
)
def test_damage_to_a_text_is_told(tmp_path, text, found):
    told = check(tmp_path, {"content/articles/a.md": article(text)})
    assert told == [f"articles/a.md:{one}" for one in found]


def test_all_letters_that_were_lost_are_counted_in_one_message(tmp_path):
    write_site(tmp_path, {"content/articles/a.md": article("\ufffd \ufffd \ufffd")})
    (found,) = build_site(tmp_path).diagnostics
    assert found.message.endswith(", and 2 more times below")


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ("title: Iran is the #1 partner", ["2:20 lost-words"]),
        ("title: X\nsource:\n  license: CC0-1.0\n  publisher: Desk #2", ["5:19 lost-words"]),
        ("title: X # required", []),
        ("title: X\nlang: en #English", []),
        ('title: "Iran is the #1 partner"', []),
        ("title: C#1", []),
        ("title: X\nextra:\n  note: |\n    a\n\n    name: b #1\n  title: c #2", ["8:12 lost-words"]),
        ("title: X\nextra:\n  a:\n    - >-\n      name: b #1", []),
        ("title: #1", ["2:1 missing-key"]),
    ],
)
def test_words_that_are_a_comment_to_yaml_are_told(tmp_path, front, found):
    text = f"---\n{front}\ndate: 2024\n---\nWords.\n"
    told = check(tmp_path, {"content/articles/a.md": text})
    assert told == [f"articles/a.md:{one}" for one in found]


def test_words_of_site_yaml_that_are_a_comment_are_told(tmp_path):
    assert check(tmp_path, {"content/pages/p.md": "---\ntitle: P\n---\n"}, "title: Desk #1") == [
        "site.yaml:1:13 lost-words"
    ]


@pytest.mark.parametrize(
    ("yaml", "found"),
    [
        ("title: TÃ¼rkei", ["site.yaml:1:9 lost-letters"]),
        ("title: T\n<<<<<<< a\ndescription: a\n=======\ndescription: b\n>>>>>>> b", None),
    ],
)
def test_damage_is_told_of_site_yaml_too(tmp_path, yaml, found):
    files = {"content/pages/p.md": "---\ntitle: P\n---\n"}
    assert check(tmp_path, files, yaml) == (found or ["site.yaml:2:1 merge-conflict"])


def test_damage_is_told_of_profiles_and_pages_too(tmp_path):
    files = {
        "content/pages/p.md": "---\ntitle: TÃ¼rkei\n---\n",
        "content/projects/x.md": "---\nname: X\n---\n\ufffd\n",
    }
    assert check(tmp_path, files) == ["pages/p.md:2:9 lost-letters", "projects/x.md:4:1 lost-letters"]


@pytest.mark.parametrize("piece", ["<<<<<<<\n", "<<<<<<<\n=======\n", "Ã“", "\ufffd", f"{CONFLICT}\n"])
def test_time_grows_with_the_damage_and_no_faster(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        before = process_time()
        list(damage(text))
        return process_time() - before

    ratios = [seconds(200_000) / max(seconds(20_000), 1e-6) for _ in range(4)]
    assert min(ratios) < 25


def test_a_long_space_before_a_value_takes_no_time():
    yaml = f"title: a #b\nname:{' ' * 40_000}x\n"
    before = process_time()
    assert len(list(cut_off(yaml))) == 1
    assert process_time() - before < 0.5


WORDS = "The two ministers talked in Baku about trade and rail."


@pytest.mark.parametrize(
    ("lang", "text", "hint"),
    [
        ("fa", WORDS, "write the language of the text, as in `lang: en`"),
        ("ar", WORDS, "write the language of the text, as in `lang: en`"),
        ("en", "گفتگوها در باکو", "write the language of the text, as in `lang: fa`"),
    ],
)
def test_a_text_that_would_run_the_wrong_way_is_told(tmp_path, lang, text, hint):
    write_site(tmp_path, {"content/articles/a.md": article(text)}, f"title: T\nlanguage: {lang}")
    (found,) = build_site(tmp_path).diagnostics
    assert (found.code, found.hint) == ("unlikely-language", hint)


@pytest.mark.parametrize("text", ["Words.", "گفتگوها در باکو (The talks in Baku)", "", "2024"])
def test_few_letters_of_another_language_are_no_text_in_it(tmp_path, text):
    files = {"content/articles/a.md": article(text)}
    assert check(tmp_path, files, "title: T\nlanguage: fa") == []
