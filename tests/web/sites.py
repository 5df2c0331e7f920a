"""Two sites made for the checks: one in Persian, one with everything that a page can hold."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import tools

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = tools.HERE / "sites"

#: Pages of the made sites that are worth a close look, beside those that any site has.
CLOSELY = {
    "persian": ("/articles/1404/english/",),
    "everything": (
        "/articles/statements/",
        "/articles/persian/",
        "/articles/long-title/",
        "/projects/long-bridge/",
        "/projects/port/",
    ),
}

_WIRE = """\
---
title: "Wire report {number}: {title}"
date: {date}
countries: [{subject}]
source: {{publisher: Wire {publisher}, license: CC-BY-4.0}}
---
[Report {number}]{{country={subject}}} from [the capital]{{country={other}}} says that
[the canal]{{project=quiet-canal status={status}}} is as it was. [Ann Lee]{{person=ann-lee}} had no
comment on [the bridge]{{project=long-bridge}}.
"""
_COUNTRIES = ("IR", "AZ", "TM", "KZ", "RU", "SU", "XK", "CS", "AM", "GE")
_STATUSES = ("proposed", "agreed", "operating")
_TITLES = ("the talks go on", "nothing new at the port, according to several people", "Entwicklung")


def build_persian(work: Path) -> Path:
    """Build the Persian site below `work`; returns its output folder."""
    return build(_copied("persian", work), work / "persian-public")


def build_everything(work: Path) -> Path:
    """Build the site with everything, drafts and 120 wire reports too; returns its output folder."""
    root = _copied("everything", work)
    folder = root / "content" / "articles" / "wire"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number:03}.md").write_text(_wire(number), encoding="utf-8")
    return build(root, work / "everything-public", "--drafts")


def build(root: Path, output: Path, *options: str) -> Path:
    """Run `digest build` on a site; raises RuntimeError with what it printed if it fails."""
    command = [sys.executable, "-m", "builder", "build", "-C", str(root), "--output", str(output)]
    done = subprocess.run(
        [*command, *options],
        cwd=tools.REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
    )
    if done.returncode:
        raise RuntimeError(f"{root.name} does not build:\n{done.stdout}")
    return output


def _copied(name: str, work: Path) -> Path:
    """A copy to build in: a build leaves its cache in the site's folder."""
    return shutil.copytree(SOURCES / name, work / name)


def _wire(number: int) -> str:
    return _WIRE.format(
        number=number,
        title=_TITLES[number % len(_TITLES)],
        date=dt.date(2025, 1, 1) + dt.timedelta(days=number),
        subject=_COUNTRIES[number % len(_COUNTRIES)],
        other=_COUNTRIES[number * 7 % 3],
        publisher=number % 4,
        status=_STATUSES[number % len(_STATUSES)],
    )
