"""Where compiled templates are kept from one process to the next: with the user, not with the site.

A site's cache holds data alone, for a site may come from anywhere; what is compiled is code, and stands
where other programs of the user keep theirs (XDG Base Directory Specification 0.8, `XDG_CACHE_HOME`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NAME = "news-digest"


def compiled_folder() -> Path | None:
    """The folder for compiled templates, made if need be; None where there can't be one."""
    try:
        folder = _caches() / _NAME / "templates"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder


def remove_oldest(folder: Path, suffix: str, most: int) -> None:
    """Remove the older half of the files with a suffix, if there are too many. Raises OSError."""
    kept = [(one.stat().st_mtime_ns, one) for one in folder.iterdir() if one.name.endswith(suffix)]
    if len(kept) > most:
        for _, file in sorted(kept)[: -most // 2]:
            file.unlink()


def _caches() -> Path:
    """The folder of the user's caches. Raises RuntimeError for a user without a home."""
    if sys.platform == "win32":
        given, usual = "LOCALAPPDATA", Path.home() / "AppData/Local"
    else:
        given, usual = "XDG_CACHE_HOME", Path.home() / ".cache"
    place = os.environ.get(given, "")
    return Path(place) if os.path.isabs(place) else usual
