"""A small published site with edits to come: a page of every sort that appears, changes, or goes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from site_builder import article, build_site, profile, tree, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEFORE: dict[str, str | bytes | None] = {
    "content/articles/kept.md": article("On the [line]{project=line}.", title="Kept"),
    "content/articles/edited.md": article("Old words.", title="Edited", date="2024-02"),
    "content/articles/gone.md": article("On [Iran]{country=IR}.", title="Gone"),
    "content/pages/deep.md": "---\ntitle: Deep\n---\n",
    "content/projects/line.md": profile("Line"),
    "content/media/map": "a map",
    "content/media/plan/x.txt": "a plan",
}
#: A file where there was a folder and a folder where there was a file are among them.
AFTER: dict[str, str | bytes | None] = {
    "content/articles/edited.md": article("[New]{country=AZ} words.", title="Edited", date="2024-02"),
    "content/articles/new.md": article("![m](../media/map/x.txt) [line]{project=line}", title="New"),
    "content/pages/deep/er.md": "---\ntitle: Deeper\n---\n",
    "content/media/map/x.txt": "another map",
    "content/media/plan": "another plan",
}
GONE = ("articles/gone.md", "pages/deep.md", "media/map", "media/plan")


class Edited(NamedTuple):
    """The site at `root` with what is published of it, and its output before and after the edits."""

    root: Path
    before: dict[str, bytes]
    after: dict[str, bytes]


def edited_site(folder: Path) -> Edited:
    """Publish a site, edit it, and tell what is to come of it. There is no cache."""
    root = write_site(folder / "site", BEFORE)
    assert not build_site(root).failed
    before = tree(root / "public")
    for name in GONE:
        place = root / "content" / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    write_site(root, AFTER)
    assert not build_site(root, folder / "clean", clean=True).failed
    shutil.rmtree(root / ".digest")
    return Edited(root, before, tree(folder / "clean"))


@contextmanager
def mishaps() -> Iterator[Callable[[str, int, Path], str]]:
    """Gives a function that builds with a mishap at a change, and tells how it ended."""
    driver = Path(__file__).parent / "mishaps.py"
    with subprocess.Popen(
        [sys.executable, str(driver)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:

        def suffer(name: str, number: int, root: Path) -> str:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{name} {number} {root}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield suffer
        assert process.stdin
        process.stdin.close()
