"""The held-out run itself, on the pages of this project: the real one takes texts from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from held_out import __main__ as held_out
from held_out.texts import article, texts

REPOSITORY = Path(__file__).parent.parent


def test_real_texts_with_random_edits_are_built_as_a_clean_build_would(capsys):
    assert held_out.main([str(REPOSITORY / "docs"), "--rounds", "4", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert said.endswith("4 rounds, 0 of them with differences\n")
    assert "texts left out: none" in said


def test_a_difference_is_named_and_ends_the_run_with_an_error(monkeypatch, capsys):
    monkeypatch.setattr(held_out, "tree", lambda folder: {"index.html": str(folder).encode()})
    assert held_out.main([str(REPOSITORY / "docs"), "--rounds", "1"]) == 1
    assert "DIFFERS: index.html" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "made"),
    [
        ("# A: *b*\nIn Iran.", 'title: "A: *b*"'),
        ("In Chad and `Chad`.", "In [Chad]{country=TD} and `[Chad]{country=TD}`."),
        ("Docker", "[Docker]{project=docker"),
        ("سلام به همه", "lang: fa"),
    ],
)
def test_a_text_becomes_an_article_with_annotations(body, made):
    assert made in article(body, 1)


def test_texts_are_told_apart_by_their_words_and_lose_their_front_matter(tmp_path):
    for name, text in (("a.md", "---\ntitle: A\n---\nOne."), ("b.markdown", "One."), ("c.md", "Two.")):
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "d.md").write_bytes(b"\xff")
    assert sorted(texts([tmp_path], 10, 1)) == ["One.", "Two."]
