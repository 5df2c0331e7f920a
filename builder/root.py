"""Where a site is: the folder that holds its site.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "site.yaml"
#: What else the file is called: by other programs, and by editors that add an ending of their own.
_MISNAMED = ("site.yml", "site.yaml.txt", "site.yaml.rtf", "site.yml.txt", "site.txt", "site")


def misnamed(folder: Path) -> str:
    """The name of a file that was meant as site.yaml; empty if there is none."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    return next((one for one in names if one.lower() in (*_MISNAMED, FILE) and one != FILE), "")


def find_root(start: Path) -> Path | None:
    """The nearest folder with a site.yaml: `start` or one of its parents."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    return None
