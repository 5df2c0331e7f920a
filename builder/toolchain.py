"""What the output depends on beside the site: this package's own source and the libraries."""

from __future__ import annotations

import os
import sys
from functools import cache

from builder import __version__
from builder.fingerprint import of_bytes, of_value

#: The libraries whose versions can change a page.
_LIBRARIES = (
    "babel",
    "jinja2",
    "markdown",
    "markupsafe",
    "msgspec",
    "nh3",
    "packaging",
    "pycountry",
    "python-slugify",
    "pyyaml",
    "sentencex",
    "tzdata",
)


@cache
def toolchain() -> bytes:
    """The fingerprint of the program: its source, Python's version and the libraries'.

    The source is told by the size and time of its files, so that a start need not read them.
    """
    package = os.path.dirname(os.path.abspath(__file__))
    return of_value([__version__, sys.version, _versions(), _source(package)])


def _versions() -> list[str]:
    """The names of the folders that describe the installed libraries, which hold their versions."""
    found: dict[str, str] = {}
    for place in sys.path:
        if not place.endswith(("site-packages", "dist-packages")) or not os.path.isdir(place):
            continue
        for entry in os.listdir(place):
            name, dash, version = entry.removesuffix(".dist-info").partition("-")
            name = name.lower().replace("_", "-")
            if dash and entry.endswith(".dist-info") and name in _LIBRARIES:
                found.setdefault(name, version)
    return [f"{name} {found.get(name, '')}" for name in _LIBRARIES]


def _source(folder: str) -> bytes:
    seen = []
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_dir() and entry.name != "__pycache__":
            seen.append(_source(entry.path))
        elif entry.name.endswith(".py"):
            status = entry.stat()
            seen.append(of_bytes(f"{entry.name} {status.st_size} {status.st_mtime_ns}".encode()))
    return of_bytes(b"".join(seen))
