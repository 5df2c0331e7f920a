"""Stamps that another process looks up are those of the files, and a build with them is no other."""

from __future__ import annotations

import os
import select
import signal
import threading
from pathlib import Path

import pytest
from site_builder import article, build_site, tree, write_site

from builder import lookout
from builder.lookout import FEWEST, look_out
from builder.stamps import SIZE, UNKNOWN, stamp_of

#: More than a pipe holds.
MANY = ["a"] * (4 * FEWEST)


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
    thread = threading.Thread(target=waiting.wait, daemon=True)
    thread.start()
    found = look_out(str(tmp_path), ["a"] * FEWEST, 2)
    waiting.set()
    thread.join()
    assert found is None


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


@pytest.fixture
def patience():
    """Ends with an error what waits for ever."""

    def give_up(*_given):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_more_stamps_than_a_pipe_holds_are_waited_for(tmp_path, patience):
    paths = [f"{number}.html" for number in range(len(MANY))]
    assert look_out(str(tmp_path), paths, 2).stamps() == dict.fromkeys(paths, UNKNOWN)


def test_half_an_answer_tells_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(lookout, "stamp_at", lambda _path: bytes(SIZE // 2))
    assert look_out(str(tmp_path), ["a"] * FEWEST, 2).stamps() == {}


def test_where_no_process_can_be_started_none_looks(tmp_path, monkeypatch):
    def refused():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    assert look_out(str(tmp_path), ["a"] * FEWEST, 2) is None


def test_a_process_that_nobody_reads_any_more_ends(tmp_path):
    read, write = os.pipe()
    reader = os.fork()
    if not reader:
        # Whoever looks has this pipe, too, and closes it only by its end.
        try:
            os.write(write, b"%d" % look_out(str(tmp_path), MANY, 2)._process)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(write)
    os.waitpid(reader, 0)
    looking = int(os.read(read, 20))
    ended = select.select([read], [], [], 10)[0]
    if not ended:
        os.kill(looking, signal.SIGKILL)
    os.close(read)
    assert ended


def test_a_process_that_looks_ends_there(tmp_path):
    # It has what the other one has: the lock, the cache, the test.
    this = os.getpid()
    try:
        assert look_out(str(tmp_path), MANY, 2).stamps()
    finally:
        if os.getpid() != this:
            (tmp_path / "goes on").touch()
            os._exit(0)
    assert not (tmp_path / "goes on").exists()


def test_a_process_that_cannot_be_started_leaves_nothing_open(tmp_path, monkeypatch):
    def refused():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    before = len(list(Path("/proc/self/fd").iterdir()))
    look_out(str(tmp_path), ["a"] * FEWEST, 2)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
