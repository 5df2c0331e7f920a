"""Where a site is: the folder that holds its site.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "site.yaml"


def find_root(start: Path) -> Path | None:
    """The nearest folder with a site.yaml: `start` or one of its parents."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    return None
