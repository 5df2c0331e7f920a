"""What could leave a site stale for good: builds that end early, and sites that change meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from site_builder import article, assert_as_clean, build_site, codes, profile, settle, tree, write_site

from builder import pipeline, renew
from builder.cache import Cache

ARTICLES = {
    f"content/articles/a{number}.md": article(
        f"Old {number} on [it]{{project=line}}.", title=f"T{number}"
    )
    for number in range(5)
}
SITE = {**ARTICLES, "content/projects/line.md": profile("Line")}


def build_until(root, steps, monkeypatch, batch=500):
    """Build, and end the build when it has put so many things into the cache, a batch at a time."""
    put = Cache.put

    def ending(self, *given):
        nonlocal steps
        if not steps:
            raise KeyboardInterrupt
        steps -= 1
        return put(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr("builder.gather._BATCH", batch)
        patch.setattr(Cache, "put", ending)
        try:
            build_site(root)
        except KeyboardInterrupt:
            settle()


@pytest.mark.parametrize("batch", [1, 2, 500])
@pytest.mark.parametrize("steps", range(6))
def test_words_of_a_build_that_ended_early_are_not_taken_for_those_of_a_reverted_text(
    tmp_path, monkeypatch, batch, steps
):
    root = write_site(tmp_path / "site", SITE)
    build_site(root)
    settle()
    write_site(root, {name: text.replace("Old", "New") for name, text in ARTICLES.items()})
    build_until(root, steps, monkeypatch, batch)
    write_site(root, ARTICLES)
    build_site(root)
    write_site(root, {"content/projects/line.md": profile("The line")})
    assert not build_site(root).failed
    assert_as_clean(root, tmp_path)


def test_an_edit_in_a_theme_that_is_a_link_to_a_folder_is_seen(tmp_path):
    shared = {"theme.yaml": "extends: gazette\n", "templates/404.html": "ONE"}
    write_site(tmp_path / "shared", shared)
    root = write_site(
        tmp_path / "site",
        ARTICLES | {"content/projects/line.md": profile("Line")},
        "title: T\ntheme: my",
    )
    (root / "themes").mkdir()
    (root / "themes/my").symlink_to("../../shared")
    for words in ("ONE", "TWO"):
        write_site(tmp_path / "shared", {"templates/404.html": words})
        settle()
        assert not build_site(root).failed
        settle()
        build_site(root)
        assert (root / "public/404.html").read_text() == words


@pytest.mark.parametrize("drafts", [False, True])
def test_what_changes_during_a_build_is_seen_by_the_next(tmp_path, monkeypatch, drafts):
    root = write_site(tmp_path / "site", SITE)
    write_site(tmp_path / "more", {"b.md": article("Moved in.", title="In")})
    settle()
    if drafts:
        build_site(root)
    render = pipeline.renew

    def meanwhile(*given):
        (root / "content/articles/a1.md").unlink(missing_ok=True)
        if (tmp_path / "more").exists():
            (tmp_path / "more").rename(root / "content/articles/more")
        return render(*given)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "renew", meanwhile)
        build_site(root, drafts=drafts)
    settle()
    for _ in range(2):
        assert not build_site(root, drafts=drafts).failed
    assert not (root / "public/articles/a1").exists()
    assert (root / "public/articles/more/b/index.html").is_file()


def test_names_with_a_backslash_can_be_published_again_and_again(tmp_path):
    files = {"content/media/a\\b.txt": "m", "content/articles/b\\c.md": article("x")}
    root = write_site(tmp_path / "site", files)
    for words in ("one", "two"):
        write_site(root, {"content/articles/a.md": article(words)})
        assert codes(build_site(root)) == []
    assert_as_clean(root, tmp_path)


def test_a_root_that_is_relative_is_that_folder(tmp_path, monkeypatch):
    root = write_site(tmp_path / "site", SITE)
    monkeypatch.chdir(root)
    settle()
    pages = build_site(Path(), root / "public").pages
    settle()
    write_site(root, {"content/articles/a1.md": article("Other words.")})
    report = build_site(Path(), root / "public")
    assert (codes(report), report.pages) == ([], pages)
    assert_as_clean(root, tmp_path)


def test_a_hidden_file_whose_name_is_not_utf8_is_passed_over(tmp_path):
    root = write_site(tmp_path / "site", SITE)
    (root / "content/articles/.h").mkdir()
    undecodable(root, "content/articles/.h", ".md").write_text("x")
    settle()
    for words in ("one", "two"):
        write_site(root, {"content/articles/a1.md": article(words)})
        settle()
        assert codes(build_site(root)) == []


def undecodable(root, folder, rest=""):
    """A path below a folder of a site whose name is not UTF-8."""
    return Path(os.fsdecode(f"{root}/{folder}/".encode() + b"\xff" + rest.encode()))


@pytest.mark.parametrize(
    ("folder", "rest"),
    [
        ("content/articles", ".md"),
        ("content/articles/sub", ".md"),
        ("content/originals", ".txt"),
        ("content/media", ".txt"),
        ("content/pages", "/a.md"),
    ],
)
def test_a_file_whose_name_is_not_utf8_is_told_when_nothing_else_has_changed(tmp_path, folder, rest):
    root = write_site(tmp_path, SITE)
    (root / folder).mkdir(parents=True, exist_ok=True)
    settle()
    assert codes(build_site(root)) == codes(build_site(root)) == []
    path = undecodable(root, folder, rest)
    path.parent.mkdir(exist_ok=True)
    path.write_text(article("x"))
    for _ in range(2):
        assert [one[3] for one in codes(build_site(root))] == ["not-utf8"]
    path.unlink()
    assert codes(build_site(root)) == []


def test_a_folder_of_a_theme_that_is_not_read_may_have_any_name(tmp_path):
    root = write_site(tmp_path, {"themes/my/theme.yaml": "extends: gazette\n"}, "title: T\ntheme: my")
    folder = undecodable(root, "themes/my")
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    settle()
    assert codes(build_site(root)) == codes(build_site(root)) == []


@pytest.mark.parametrize("folder", ["assets", "templates", "locale"])
def test_a_file_of_a_theme_whose_name_is_not_utf8_is_told(tmp_path, folder):
    root = write_site(
        tmp_path,
        {f"themes/my/{folder}/x": "x", "themes/my/theme.yaml": "extends: gazette\n"},
        "title: T\ntheme: my",
    )
    undecodable(root, f"themes/my/{folder}", ".po").write_text("x")
    ((file, *_, code, message),) = codes(build_site(root))
    assert (code, message) == ("not-utf8", "the name of the file is not UTF-8")
    assert file.startswith(f"themes/my/{folder}/")


def test_a_page_that_vanishes_while_it_is_published_is_made_again(tmp_path, monkeypatch):
    root = write_site(tmp_path / "site", SITE)
    remember = renew.remember

    def meanwhile(*given):
        (root / "public/articles/a1/index.html").unlink()
        (root / "public/robots.txt").unlink()
        return remember(*given)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "remember", meanwhile)
        assert not build_site(root).failed
    build_site(root)
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("steps", range(8))
def test_a_text_that_is_reverted_after_a_build_that_could_not_remember_all_is_published_again(
    tmp_path, monkeypatch, steps
):
    root = write_site(tmp_path / "site", SITE)
    build_site(root)
    old = tree(root / "public")
    settle()
    write_site(root, {name: text.replace("Old", "New") for name, text in ARTICLES.items()})
    build_until(root, steps, monkeypatch)
    write_site(root, ARTICLES)
    build_site(root)
    assert tree(root / "public") == old


def test_a_folder_that_goes_and_comes_back_is_read_as_if_it_were_new(tmp_path):
    root = write_site(tmp_path / "site", {"content/articles/more/a.md": article("Words.")})
    settle()
    build_site(root)
    folder = root / "content/articles/more"
    folder.rename(tmp_path / "aside")
    build_site(root)
    (tmp_path / "aside").rename(folder)
    report = build_site(root)
    assert (report.word, report.parsed) == ("", 1)
    assert_as_clean(root, tmp_path)
