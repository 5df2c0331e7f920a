"""A disk that is full or read-only, things in the way, two builds at once: told, and no harm done."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from edited_site import edited_site, mishaps
from site_builder import article, build_site, check, codes, profile, tree, write_site

from builder.publishing.publish import STAGE

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
#: The steps of a build are divided among so many tests, which can run side by side.
PARTS = 3


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    return edited_site(tmp_path_factory.mktemp("disk"))


@pytest.fixture(scope="module")
def suffer():
    with mishaps() as function:
        yield function


def without_stage(folder):
    return {path: data for path, data in tree(folder).items() if not path.startswith(STAGE)}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mishap", ["full", "read-only"])
def test_a_disk_that_fails_at_any_step_is_told_and_harms_nothing(
    edited, suffer, tmp_path, mishap, part
):
    number, told = part, 0
    while True:
        root = tmp_path / str(number)
        shutil.copytree(edited.root, root)
        answer = suffer(mishap, number, root)
        assert answer in ("told", "done")
        left = without_stage(root / "public")
        if answer == "done":
            assert left == edited.after
        elif mishap == "full":
            # Nothing needs room once the first file has moved.
            assert left == edited.before
        elif not (root / "public" / STAGE / "journal.json").exists():
            assert left in (edited.before, edited.after)
        assert not build_site(root).failed
        assert tree(root / "public") == edited.after
        shutil.rmtree(root)
        number += PARTS
        told += answer == "told"
        if answer == "done" and told:
            break
    assert told > PARTS


def digest(root, *options, limit=None, **variables):
    def limited():
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "builder", "build", *options],
        cwd=root,
        env=ENVIRONMENT | variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        preexec_fn=limited,
    )


@pytest.mark.parametrize("limit", [1_000, 5_000, 30_000])
def test_files_that_may_not_grow_are_told_and_harm_nothing(tmp_path, limit):
    """A limit on the size of files is as good as a full disk, for the cache as well."""
    root = write_site(tmp_path, {"content/articles/a.md": article("On [Iran]{country=IR}.")})
    assert not build_site(root).failed
    before = tree(root / "public")
    long = article("A long [text]{country=AZ}. " * 4000)
    write_site(root, {"content/articles/b.md": long})
    done = digest(root, limit=limit)
    assert done.returncode == 1, done.stderr
    assert ":1:1: error[cannot-write]: " in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(root / "public") == before
    assert digest(root).returncode == 0
    assert (root / "public/articles/b/index.html").is_file()


def in_own_mounts(script):
    """A command that runs a script where it may mount file systems; None where nobody may."""
    for options in (["--mount"], ["--mount", "--map-root-user"]):
        command = ["unshare", *options, "sh", "-c"]
        try:
            done = subprocess.run(
                [*command, "mount -t tmpfs none /mnt"], capture_output=True, check=False
            )
        except FileNotFoundError:
            break
        if done.returncode == 0:
            return [*command, script]
    return None


@pytest.mark.parametrize("mishap", ["full", "read-only"])
def test_a_real_disk_that_is_full_or_read_only_is_told_and_harms_nothing(tmp_path, mishap):
    root = write_site(tmp_path / "site", {"content/articles/a.md": article("On [Iran]{country=IR}.")})
    assert not build_site(root).failed
    (root / "public").rename(tmp_path / "before")
    (root / "public").mkdir()
    write_site(root, {"content/articles/b.md": article("A long [text]{country=AZ}. " * 4000)})
    copy = "cp -r ../before/. public"
    build = f"{sys.executable} -m builder build; echo status $?; diff -r ../before public && echo same"
    remount = "mount -o remount,ro none public" if mishap == "read-only" else ":"
    mounted = f"mount -t tmpfs -o size=150k none public && {copy} && {remount} && {build}"
    # Where nothing can be mounted, a limit on the size of files stands for the end of the disk.
    command = in_own_mounts(mounted) or ["sh", "-c", f"{copy} && ulimit -f 100 && {build}"]
    done = subprocess.run(
        command, cwd=root, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False
    )
    assert ":1:1: error[cannot-write]: " in done.stderr
    assert done.stdout == "status 1\nsame\n", done.stderr


def test_a_cache_that_cannot_be_written_is_told_and_the_site_is_built(tmp_path):
    root = write_site(tmp_path / "site", {"content/articles/a.md": article("Words.")})
    write_site(root, {".digest": "a file"})
    aside = tmp_path / "aside"
    aside.mkdir()
    for options in ((), ("--clean",)):
        done = digest(root, *options, TMPDIR=str(aside))
        assert done.returncode == 0
        assert not list(aside.iterdir())
        assert "nothing can be remembered: .digest/ can't be written" in done.stderr
    assert (root / "public/articles/a/index.html").is_file()
    assert (root / ".digest").read_text() == "a file"


def test_a_foreign_file_where_a_folder_is_needed_is_an_error_and_stays(tmp_path):
    write_site(tmp_path, {"content/articles/a.md": article("Words."), "public/articles": "mine"})
    report = build_site(tmp_path)
    assert codes(report) == [
        ("public/articles", 1, 1, "foreign-file", "a link or file stands where a folder is needed")
    ]
    assert tree(tmp_path / "public") == {"articles": b"mine"}


@pytest.mark.parametrize(
    "files",
    [
        {"content/articles/a.md": article(), "content/articles/A.md": article()},
        {"content/media/map.png": b"1", "content/media/MAP.png": b"2"},
        {"content/articles/a.md": article(), "content/articles/b.md": article(aliases="[/Articles/A]")},
        {"content/projects/x.md": profile("X"), "content/pages/Projects/X.md": "---\ntitle: X\n---\n"},
        {"content/media/a": b"1", "content/media/A/b": b"2"},
    ],
)
def test_addresses_that_differ_in_case_alone_clash(tmp_path, files):
    assert {one.partition(" ")[2] for one in check(tmp_path, files)} == {"address-clash"}
    assert not (tmp_path / "public").exists()


def test_addresses_that_differ_in_how_accents_are_written_alone_clash(tmp_path):
    files = {"content/articles/\u00e9.md": article(aliases="[/articles/E\u0301/, /x\u0301/, /x/]")}
    report = build_site(write_site(tmp_path, files))
    assert [(one.line, one.column, one.code) for one in report.diagnostics] == [
        (4, 11, "address-clash")
    ]
    files = {"content/articles/\u00e9.md": article(aliases="[/articles/e\u0301/]")}
    (report,) = build_site(write_site(tmp_path, files)).diagnostics
    assert report.hint.endswith("letters and accents apart")


@pytest.mark.parametrize("size", [1, 50])
@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"content/pages/page/1.md": "---\ntitle: X\n---\n"}, "pages/page/1.md:1:1"),
        ({"content/pages/Page.md": "---\ntitle: X\n---\n"}, "pages/Page.md:1:1"),
        (
            {"content/pages/countries/page/x.md": "---\ntitle: X\n---\n"},
            "pages/countries/page/x.md:1:1",
        ),
        ({"content/articles/b.md": article(aliases="[/countries/ir/page/1/]")}, "articles/b.md:4:11"),
        ({"content/pages/about/page/1.md": "---\ntitle: X\n---\n"}, ""),
        ({"content/articles/page/1.md": article()}, ""),
    ],
)
def test_an_address_of_the_archive_is_reserved_before_there_is_one(tmp_path, size, files, place):
    listed = {f"content/articles/a{number}.md": article("[x]{country=IR}") for number in range(3)}
    found = check(tmp_path, files | listed, f"title: T\npage_size: {size}")
    assert found == ([f"{place} address-clash"] if place else [])


@pytest.mark.parametrize("name", ["n" * 300, "file/below", "ring", "ring/below", "n/" * 3000])
@pytest.mark.parametrize("option", ["--output", "-C"])
def test_a_folder_that_cannot_be_is_told_without_a_traceback(tmp_path, option, name):
    root = write_site(tmp_path, {"content/articles/a.md": article(), "file": "x"})
    (root / "ring").symlink_to("ring")
    done = digest(root, option, name)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert "rror" in done.stderr
    assert not (root / "public").exists()


@contextmanager
def closing_at_end(descriptor):
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("place", [".digest/lock", "public"])
def test_a_second_build_waits_for_the_first_and_says_so(tmp_path, place):
    # What is shared is the folder to publish into, too: by two sites, or after .digest/ was removed.
    root = write_site(tmp_path, {"content/articles/a.md": article("Words.")})
    for folder in (".digest", "public"):
        (root / folder).mkdir()
    (root / ".digest/lock").touch()
    with closing_at_end(os.open(root / place, os.O_RDONLY)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            [sys.executable, "-m", "builder", "build", "--json", "-q"],
            cwd=root,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as second:
            assert second.stderr
            assert second.stderr.readline() == "waiting for another build of this site to end\n"
            time.sleep(0.3)
            assert second.poll() is None
            assert not tree(root / "public")
            fcntl.flock(lock, fcntl.LOCK_UN)
            output, errors = second.communicate(timeout=60)
    assert second.returncode == 0
    assert '"written": 7' in output
    assert errors == ""


def test_builds_started_together_all_leave_the_whole_site(tmp_path):
    files = {f"content/articles/{n}.md": article(f"[{n}]{{country=IR}}") for n in range(40)}
    root = write_site(tmp_path / "site", files)
    build_site(root, tmp_path / "clean")
    shutil.rmtree(root / ".digest")
    builds = [
        subprocess.Popen([sys.executable, "-m", "builder", "build", "-q"], cwd=root, env=ENVIRONMENT)
        for _ in range(4)
    ]
    assert [one.wait(timeout=120) for one in builds] == [0] * 4
    assert tree(root / "public") == tree(tmp_path / "clean")


@pytest.mark.parametrize("rounds", range(3))
def test_two_sites_that_publish_first_and_together_into_one_folder_leave_one_of_them(tmp_path, rounds):
    """Whoever comes second waits, and publishes over what the first one wrote."""
    output = tmp_path / f"public{rounds}"
    clean = []
    builds = []
    for number in range(2):
        files = {
            f"content/articles/{number}/{n}.md": article(f"[{n}]{{country=IR}}") for n in range(20)
        }
        root = write_site(tmp_path / f"site{number}", files)
        build_site(root, tmp_path / f"clean{number}")
        clean.append(tree(tmp_path / f"clean{number}"))
        builds.append([sys.executable, "-m", "builder", "build", "-q", "-C", root, "--output", output])
    started = [subprocess.Popen(one, env=ENVIRONMENT) for one in builds]
    assert [one.wait(timeout=120) for one in started] == [0, 0]
    assert tree(output) in clean
