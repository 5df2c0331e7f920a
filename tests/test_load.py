"""Reading content/: nothing outside of the site is read."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from site_builder import article, build_site, codes, settle, tree, write_site

from builder import load
from builder.model import Site


@pytest.mark.parametrize("place", ["content", "content/articles", "content/articles/a.md"])
def test_a_link_out_of_the_site_is_an_error_and_nothing_behind_it_is_read(tmp_path, place):
    outside = write_site(tmp_path / "outside", {"content/articles/a.md": article("[x]{project=no}")})
    root = write_site(tmp_path / "site", {})
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).symlink_to(outside / place)
    report = build_site(root)
    assert [(one.file, one.code) for one in report.diagnostics] == [(place, "outside-site")]
    assert not (root / "public").exists()


def test_a_site_that_is_itself_behind_a_link_builds(tmp_path):
    write_site(tmp_path / "real", {"content/articles/a.md": article("Words.")})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert not build_site(tmp_path / "link").failed


def test_a_site_in_the_folder_above_all_others_is_read(tmp_path, monkeypatch):
    content = tmp_path.resolve().relative_to("/").as_posix()
    monkeypatch.setattr(load, "CONTENT", content)
    write_site(tmp_path, {"articles/a.md": article("Words.")})
    (tmp_path / "articles/b.md").symlink_to("a.md")
    listing, found = load.content_files(Path("/"), Site("T"))
    assert set(listing.readable) == {f"{content}/articles/a.md", f"{content}/articles/b.md"}
    assert [one.file for one in found] == [f"{content}/site.yaml"]


def test_names_of_files_may_hold_spaces_letters_of_any_script_and_signs(tmp_path):
    names = ["ü ö/日本 x", "100%20 b?c#d", "n" * 200, "a.md/b", "index"]
    files = {f"content/articles/{name}.md": article("Words.", title=name[:9]) for name in names}
    report = build_site(write_site(tmp_path, files | {"content/media/a b.txt": "x"}))
    assert codes(report) == []
    for name in names:
        assert (tmp_path / f"public/articles/{name}/index.html").is_file()
    assert 'href="/articles/100%2520%20b%3Fc%23d/"' in (tmp_path / "public/index.html").read_text()


def test_a_file_with_another_ending_is_reported(tmp_path):
    files = {"content/articles/A.MD": article("x"), "content/articles/b.txt": "x"}
    assert [one[3] for one in codes(build_site(write_site(tmp_path, files)))] == ["unknown-file"] * 2


@pytest.mark.parametrize("folder", ["articles", "media", "originals", "projects"])
def test_a_file_in_place_of_a_folder_is_reported(tmp_path, folder):
    (found,) = codes(build_site(write_site(tmp_path, {f"content/{folder}": "x"})))
    assert (found[0], found[3]) == (folder, "unknown-file")


@pytest.mark.parametrize(("target", "code"), [("gone", "unreadable-file"), ("/gone", "outside-site")])
def test_a_site_whose_content_is_no_folder_any_more_keeps_its_pages(tmp_path, target, code):
    root = write_site(tmp_path, {"content/articles/a.md": article("Words.")})
    assert not build_site(root).failed
    (root / "content").rename(root / "elsewhere")
    before = tree(root / "public")
    (root / "content").symlink_to(target)
    assert [(one.file, one.code) for one in build_site(root).diagnostics] == [("content", code)]
    (root / "content").unlink()
    (root / "content").write_text("")
    for clean in (False, True):
        found = build_site(root, clean=clean).diagnostics
        assert [(one.file, one.code) for one in found] == [("content", "unreadable-file")]
    assert tree(root / "public") == before


@pytest.mark.parametrize("folder", ["articles", "media", "originals", "."])
def test_a_pipe_or_a_socket_is_reported_and_not_opened(tmp_path, folder, monkeypatch):
    root = write_site(tmp_path, {f"content/{folder}/a.md": article("Words.")})
    os.mkfifo(root / "content" / folder / "pipe.md")
    # The path of a socket has to be short.
    monkeypatch.chdir(root / "content" / folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("plug")
    for _ in range(2):
        found = {(os.path.basename(one.file), one.code) for one in build_site(root).diagnostics}
        assert found >= {("pipe.md", "unknown-file"), ("plug", "unknown-file")}
    os.remove("pipe.md")
    os.remove("plug")
    assert not {os.path.basename(one.file) for one in build_site(root).diagnostics} & {
        "pipe.md",
        "plug",
    }


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("contents", 'did you mean "content"?'),
        ("Contents", 'did you mean "content"?'),
        ("articles", 'move it into a folder "content"'),
        ("docs", ""),
    ],
)
def test_a_folder_that_was_meant_as_the_content_is_told_where_there_is_none(tmp_path, name, hint):
    assert build_site(write_site(tmp_path, {})).diagnostics == ()
    settle()
    assert build_site(tmp_path).diagnostics == ()
    write_site(tmp_path, {f"{name}/a.md": "x"})
    found = [(one.file, one.code, one.hint) for one in build_site(tmp_path).diagnostics]
    assert found == ([(name, "unknown-file", hint)] if hint else [])
    again = [(one.file, one.code, one.hint) for one in build_site(tmp_path).diagnostics]
    assert again == found
    write_site(tmp_path, {"content/pages/p.md": "---\ntitle: P\n---\n"})
    assert build_site(tmp_path).diagnostics == ()
