"""Locks of a site and of a folder to publish into: who holds them, how long, and what is left."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import threading
from pathlib import Path

import pytest
from site_builder import article, build_site, write_site

from builder.lock import FILE, held, locked


def nobody_waits():
    pytest.fail("somebody waits")


def is_free(place):
    descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def test_a_lock_is_held_to_the_end_and_no_longer(tmp_path):
    with locked(tmp_path, nobody_waits):
        assert not is_free(tmp_path / FILE)
    assert is_free(tmp_path / FILE)
    with held(tmp_path, nobody_waits):
        assert not is_free(tmp_path)
    assert is_free(tmp_path)


@pytest.mark.parametrize("kind", ["link", "link to nothing", "hard link", "pipe"])
def test_what_stands_in_the_place_of_a_lock_is_neither_written_nor_waited_for(tmp_path, kind):
    folder, other = tmp_path / ".digest", tmp_path / "other"
    folder.mkdir()
    if kind != "link to nothing":
        other.write_text("mine")
    if kind == "pipe":
        os.mkfifo(folder / FILE)
    elif kind == "hard link":
        (folder / FILE).hardlink_to(other)
    else:
        (folder / FILE).symlink_to(other)
    with locked(folder, nobody_waits):
        assert not is_free(folder / FILE)
    assert not other.exists() if kind == "link to nothing" else other.read_text() == "mine"


def test_a_folder_is_free_at_the_end_though_a_process_has_it_open(tmp_path):
    with held(tmp_path, nobody_waits):
        child = os.fork()
        if not child:
            try:
                signal.pause()
            finally:
                os._exit(0)
    try:
        assert is_free(tmp_path)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_folder_that_is_held_leaves_nothing_open(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with held(tmp_path / "a", nobody_waits), locked(tmp_path, nobody_waits):
            pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("error", [None, KeyboardInterrupt, ValueError])
def test_folders_that_nothing_was_put_into_are_gone_again(tmp_path, error):
    def hold():
        with held(tmp_path / "a/b/c", nobody_waits):
            assert (tmp_path / "a/b/c").is_dir()
            if error:
                raise error

    if error:
        with pytest.raises(error):
            hold()
    else:
        hold()
    assert list(tmp_path.iterdir()) == []


def test_folders_that_were_there_stay_though_they_are_empty(tmp_path):
    (tmp_path / "a").mkdir()
    for folder in ("a/b", "a"):
        with held(tmp_path / folder, nobody_waits):
            pass
    assert [path.name for path in tmp_path.rglob("*")] == ["a"]


def test_a_file_system_without_locks_is_built_on(tmp_path, monkeypatch):
    def unknown(*_given):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", unknown)
    root = write_site(tmp_path, {"content/articles/a.md": article("Words.")})
    assert not build_site(root, waiting=nobody_waits).failed
    assert (root / "public/articles/a/index.html").is_file()


def test_who_waited_for_a_folder_that_is_gone_holds_the_one_that_is_there(tmp_path):
    """The first fails and takes the folder away; the second waited; the third comes now."""
    folder = tmp_path / "public"
    waits, holds, end = threading.Event(), threading.Event(), threading.Event()
    third = []

    def second():
        with held(folder, waits.set):
            holds.set()
            end.wait(10)

    thread = threading.Thread(target=second, daemon=True)
    with held(folder, lambda: None):
        thread.start()
        assert waits.wait(10)
    assert holds.wait(10)

    def waiting():
        third.append("waits")
        end.set()

    with held(folder, waiting):
        end.set()
    thread.join(10)
    assert third == ["waits"]
