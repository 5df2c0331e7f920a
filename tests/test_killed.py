"""A build killed at any instant is finished or undone by the next, as if nothing had happened."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from edited_site import edited_site, mishaps
from site_builder import article, assert_mended, build_site, profile, tree, write_site

from builder.publishing.journal import Journal
from builder.publishing.moves import follow
from builder.publishing.publish import MANIFEST, STAGE

ROOT = Path(__file__).parent.parent
#: The steps of publishing are divided among so many tests, which can run side by side.
PARTS = 4


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    return edited_site(tmp_path_factory.mktemp("killed"))


@pytest.fixture(scope="module")
def suffer():
    with mishaps() as function:
        yield function


@pytest.mark.parametrize("part", range(PARTS))
def test_a_build_killed_at_any_step_is_mended_by_the_next(edited, suffer, tmp_path, part):
    number, answer = part, "killed"
    while answer == "killed":
        root = tmp_path / str(number)
        shutil.copytree(edited.root, root)
        answer = suffer("killed", number, root)
        # Every page is whole: that of the site before, or that of the site after.
        for path, data in tree(root / "public").items():
            if STAGE not in path and path != MANIFEST:
                assert data in (edited.before.get(path), edited.after.get(path)), path
        assert_listings_lead_somewhere(root / "public")
        assert_mended(root, edited.after, f"after change {number}")
        shutil.rmtree(root)
        number += PARTS
    assert answer == "done"
    assert number > 4 * PARTS


def assert_listings_lead_somewhere(public):
    """No listing names an article that is not there, and no page a file that is not there."""
    for page in public.rglob("*.html"):
        if STAGE in page.parts:
            continue
        text = page.read_text()
        listing = page.parent.name != "articles" and "articles" not in page.parts
        for link in {part.split('"')[0] for part in text.split('="/')[1:]}:
            path = link.partition("#")[0]
            if path.startswith(("assets/", "media/")):
                assert (public / path).is_file(), (page, path)
            elif listing and path.startswith("articles/"):
                assert (public / path / "index.html").is_file(), (page, path)


def large(count=260):
    """A site that is built in several processes."""
    files = {
        f"content/articles/{n:03}.md": article(
            f"Number {n} is on the [line]{{project=line status=agreed}} in [Iran]{{country=IR}}.",
            title=f"Number {n}",
            date=f"2024-{n % 12 + 1:02}",
        )
        for n in range(count)
    }
    return files | {"content/projects/line.md": profile("Line")}


def start(root, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "builder", "build", *options],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


@pytest.mark.parametrize("seed", range(2))
def test_a_build_killed_from_outside_at_some_moment_is_mended_by_the_next(tmp_path, seed):
    root = write_site(tmp_path / "site", large(), "title: T\npage_size: 20")
    began = time.monotonic()
    build_site(root, tmp_path / "clean", jobs=2)
    took = time.monotonic() - began
    moments = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(2):
        shutil.rmtree(root / ".digest", ignore_errors=True)
        running = start(root, "--jobs", "2")
        time.sleep(moments.uniform(0.2, 1) * (took + 0.4))
        running.kill()
        running.communicate(timeout=60)
        # The workers end as well, or they would hold the lock and the next build wait for ever.
        again = start(root, "--jobs", "2")
        output, errors = again.communicate(timeout=120)
        assert again.returncode == 0, errors
        assert tree(root / "public") == tree(tmp_path / "clean"), output
        assert not running_in_session(running.pid)


def running_in_session(session):
    """The processes of a session that are alive after a moment of grace."""
    for _ in range(50):
        alive = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(fields[3]) == session and fields[0] != "Z":
                    alive.append(entry.name)
        if not alive:
            return []
        time.sleep(0.1)
    return alive


def test_an_interrupt_ends_a_build_with_its_status_and_no_traceback(tmp_path):
    root = write_site(tmp_path, large())
    for moment in (0.3, 0.8, 1.2):
        shutil.rmtree(root / ".digest", ignore_errors=True)
        running = start(root, "--jobs", "2", "--clean")
        time.sleep(moment)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
        if running.returncode != 0:
            assert (running.returncode, errors.strip()) == (130, "interrupted")
            assert not running_in_session(running.pid)


def test_folders_that_an_interrupted_removal_has_begun_with_are_removed(tmp_path):
    # The file and the inner folder went; a file is needed where the outer one is.
    (tmp_path / "output/media/x").mkdir(parents=True)
    (tmp_path / "stage/media").mkdir(parents=True)
    (tmp_path / "stage/media/x").write_text("new")
    follow(Journal(("media/x",), ("media/x/y/z.txt",), {}), tmp_path / "output", tmp_path / "stage")
    assert (tmp_path / "output/media/x").read_text() == "new"
