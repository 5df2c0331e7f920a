"""Stamps that another process looks up are those of the files, and a build with them is no other."""

from __future__ import annotations

import os
import threading

import pytest
from site_builder import article, build_site, tree, write_site

from builder import lookout
from builder.lookout import FEWEST, look_out
from builder.stamps import UNKNOWN, stamp_of


def test_the_stamps_are_those_of_the_files(tmp_path):
    paths = [f"{number}.html" for number in range(FEWEST)]
    for path in paths[1:]:
        (tmp_path / path).write_text(path)
    stamps = look_out(str(tmp_path), paths, 2).stamps()
    assert list(stamps) == paths
    assert stamps[paths[0]] == UNKNOWN
    assert all(stamps[path] == stamp_of(os.lstat(tmp_path / path)) for path in paths[1:])


def test_no_process_looks_for_one_job_or_few_files_or_beside_threads(tmp_path):
    assert look_out(str(tmp_path), ["a"] * FEWEST, 1) is None
    assert look_out(str(tmp_path), ["a"] * (FEWEST - 1), 2) is None
    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    assert look_out(str(tmp_path), ["a"] * FEWEST, 2) is None
    waiting.set()
    thread.join()


def test_a_process_that_ends_early_tells_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(lookout, "stamp_at", lambda _path: 1 / 0)
    assert look_out(str(tmp_path), ["a"] * FEWEST, 2).stamps() == {}


@pytest.mark.parametrize("wrong", [False, True])
def test_pages_that_somebody_altered_are_found_so_and_errors_leave_no_process(
    tmp_path, monkeypatch, wrong
):
    monkeypatch.setattr(lookout, "FEWEST", 1)
    files = {f"content/articles/a{number}.md": article("Words.") for number in range(4)}
    root = write_site(tmp_path, files)
    build_site(root)
    before = tree(root / "public")
    (root / "public/articles/a1/index.html").write_text("altered")
    (root / "public/articles/a2/index.html").unlink()
    write_site(root, {"content/articles/a3.md": "no front matter" if wrong else article("Words.")})
    assert build_site(root, jobs=2).failed == wrong
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert (tree(root / "public") == before) != wrong
