"""Published files that somebody alters, whenever: they are mended, or told and left alone."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from published_site import EDIT, NEW, built, interrupted
from site_builder import (
    REPOSITORY,
    article,
    assert_as_clean,
    build_site,
    check,
    codes,
    settle,
    tree,
    write_site,
)

from builder import pipeline
from builder.publishing import publish, staging
from builder.publishing.publish import MANIFEST, STAGE

PAGE = "public/articles/a1/index.html"


@pytest.fixture
def root(tmp_path):
    return built(tmp_path)


def conducted(root, monkeypatch):
    """Whether a build does more than look whether there is something to do."""
    calls = []
    conduct = pipeline.conduct
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "conduct", lambda *given: calls.append(1) or conduct(*given))
        assert not build_site(root).failed
    return bool(calls)


@pytest.mark.parametrize("clean", [False, True])
def test_a_file_that_can_no_longer_be_read_is_written_again(root, monkeypatch, clean):
    harmed = {root / "public" / one for one in ("index.html", "feed.xml", "assets/gazette.css")}
    before = tree(root / "public")

    def forbidden(path, mode):
        if Path(path) in harmed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return open(path, mode)

    for one in harmed:
        one.chmod(0)
    # Some users may read everything.
    monkeypatch.setattr(staging, "open", forbidden, raising=False)
    report = build_site(root, clean=clean)
    assert not report.failed, codes(report)
    assert {root / "public" / one for one in report.changed} == harmed
    assert tree(root / "public") == before
    assert all(one.stat().st_mode & 0o400 for one in harmed)


@pytest.mark.parametrize("path", ["articles/a1/index.html", "media/map.txt", "feed.xml"])
@pytest.mark.parametrize("way", ["another file", "in place"])
def test_what_is_altered_while_a_build_publishes_is_mended_by_the_next(
    root, tmp_path, monkeypatch, path, way
):
    follow = publish.follow

    def meanwhile(*given):
        follow(*given)
        file = root / "public" / path
        if way == "another file":
            file.unlink()
        settle()
        file.write_text("mine")
        settle()

    write_site(root, EDIT | {"content/media/map.txt": "another map"})
    with monkeypatch.context() as patch:
        patch.setattr(publish, "follow", meanwhile)
        assert not build_site(root).failed
    assert (root / "public" / path).read_text() == "mine"
    settle()
    build_site(root)
    assert_as_clean(root, tmp_path)


def test_an_older_manifest_is_mended(root, tmp_path):
    older = (root / "public" / MANIFEST).read_bytes()
    write_site(root, EDIT)
    build_site(root)
    (root / "public" / MANIFEST).write_bytes(older)
    report = build_site(root)
    assert (codes(report), report.rendered) == ([], 0)
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("before", [{}, EDIT, {"content/media/map.txt": "another map"}])
@pytest.mark.parametrize("behind", [{}, NEW, {"content/media/map.txt": None}])
def test_what_the_program_remembers_to_have_written_needs_no_manifest(root, tmp_path, before, behind):
    write_site(root, before)
    build_site(root)
    (root / "public" / MANIFEST).unlink()
    write_site(root, behind)
    assert codes(build_site(root)) == []
    assert_as_clean(root, tmp_path)


def test_without_a_manifest_a_file_with_other_bytes_is_somebody_elses(root):
    (root / "public" / MANIFEST).unlink()
    (root / PAGE).write_text("mine")
    write_site(root, EDIT)
    assert [(one.file, one.code) for one in build_site(root).diagnostics] == [(PAGE, "foreign-file")]
    assert (root / PAGE).read_text() == "mine"


def test_a_file_that_was_touched_alone_is_looked_at_once(root, tmp_path, monkeypatch):
    for path in (PAGE, "public/index.html", "public/feed.xml", "public/media/map.txt"):
        data = (root / path).read_bytes()
        (root / path).unlink()
        (root / path).write_bytes(data)
    settle()
    assert conducted(root, monkeypatch)
    assert not conducted(root, monkeypatch)
    (root / PAGE).write_bytes(b"mine")
    assert conducted(root, monkeypatch)
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("path", ["index.html", "media/map.txt"])
def test_a_pipe_in_the_place_of_a_published_file_is_not_waited_for(root, tmp_path, path):
    (root / "public" / path).unlink()
    os.mkfifo(root / "public" / path)
    command = [sys.executable, "-m", "builder", "build", "-C", str(root)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, timeout=60)
    assert_as_clean(root, tmp_path)


def test_a_file_that_somebody_puts_where_a_journal_has_still_to_is_told_and_stays(
    root, tmp_path, monkeypatch
):
    interrupted(root, monkeypatch, moved=False)
    path = "public/articles/new/index.html"
    write_site(root, {path: "mine"})
    report = build_site(root)
    assert [(one.file, one.code) for one in report.diagnostics] == [(path, "foreign-file")]
    assert (root / path).read_text() == "mine"
    (root / path).unlink()
    assert not build_site(root).failed
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("moved", [True, False])
@pytest.mark.parametrize(
    "files", [{"content/articles/b.md": article("[x]{project=no}")}, {"site.yaml": ""}]
)
def test_a_build_that_fails_finishes_the_interrupted_one_before(
    root, tmp_path, monkeypatch, files, moved
):
    shutil.copytree(root, tmp_path / "other", ignore=shutil.ignore_patterns("public"))
    write_site(tmp_path / "other", NEW)
    assert not build_site(tmp_path / "other").failed
    interrupted(root, monkeypatch, moved=moved)
    write_site(root, files)
    assert build_site(root).failed
    assert tree(root / "public") == tree(tmp_path / "other/public")


@pytest.mark.parametrize("target", ["ring.bin", "map.txt/x", "gone"])
@pytest.mark.parametrize("folder", ["media", "articles", "projects", "originals", "pages"])
def test_a_link_that_leads_nowhere_is_told(tmp_path, folder, target):
    (tmp_path / "content" / folder).mkdir(parents=True)
    (tmp_path / "content" / folder / "map.txt").write_text("a map")
    (tmp_path / "content" / folder / "ring.bin").symlink_to(target)
    assert f"{folder}/ring.bin:1:1 unreadable-file" in check(tmp_path, {})


@pytest.mark.parametrize("folder", ["assets", "templates", "locale"])
def test_a_link_of_a_theme_that_leads_in_a_circle_is_passed_over(tmp_path, folder):
    write_site(tmp_path, {"themes/own/theme.yaml": "extends: gazette\n"}, "title: T\ntheme: own")
    (tmp_path / "themes/own" / folder).mkdir()
    (tmp_path / "themes/own" / folder / "ring.po").symlink_to("ring.po")
    assert codes(build_site(tmp_path)) == []


@pytest.mark.parametrize("path", ["articles/a4/index.html", "media/map.txt", "robots.txt"])
def test_a_file_that_is_gone_is_published_again_though_nothing_else_has_changed(root, tmp_path, path):
    write_site(root, EDIT)
    settle()
    # What this build leaves as it is has stood there for a while.
    build_site(root)
    (root / "public" / path).unlink()
    build_site(root)
    assert_as_clean(root, tmp_path)


def test_an_edit_that_is_taken_back_after_an_interrupted_build_leaves_no_stage(
    root, tmp_path, monkeypatch
):
    interrupted(root, monkeypatch, moved=False)
    (root / "content/articles/new.md").unlink()
    settle()
    build_site(root)
    assert not (root / "public" / STAGE).exists()
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize(
    "path", ["site.yaml", "content", "content/articles/a.md", "content/media/map.txt"]
)
def test_an_edit_behind_a_link_is_seen(tmp_path, path):
    files = {"content/articles/a.md": article("Old words."), "content/media/map.txt": "Old map."}
    site = write_site(tmp_path / "linked", files, "title: Old")
    (site / "behind").mkdir()
    place, behind = site / path, site / "behind" / "it"
    place.rename(behind)
    place.symlink_to(behind)
    for _ in range(2):
        settle()
        assert not build_site(site).failed
    for file in [behind] if behind.is_file() else behind.rglob("*.*"):
        file.write_bytes(file.read_bytes().replace(b"Old", b"New"))
    build_site(site)
    assert_as_clean(site, tmp_path)
