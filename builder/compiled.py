"""Where compiled templates are kept from one process to the next: with the user, not with the site.

A site's cache holds data alone, for a site may come from anywhere; what is compiled is code, and stands
where other programs of the user keep theirs (XDG Base Directory Specification 0.8, `XDG_CACHE_HOME`).
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import msgspec
from msgspec import Struct

from builder.diagnostics import Diagnostic
from builder.fingerprint import of_text

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

#: So many compiled templates and findings on themes are kept, for all sites of a user.
MOST_KEPT = 400
_NAME = "news-digest"
_SUFFIX = ".compiled"


class Compiled(Struct, frozen=True):
    """A folder for compiled templates, and the fingerprint of the program that compiles them.

    It also keeps what was found of themes that have no errors, in a file for each.
    """

    folder: str
    toolchain: bytes

    def bytecode(self, key: str) -> jinja2.BytecodeCache:
        """Keeps templates there; `key` is what they depend on beside their source and the program."""
        return _Bytecode(self.folder, f"{key} {self.toolchain.hex()}")

    def found(self, key: str) -> list[Diagnostic] | None:
        """What this program found of a theme with this key; None if it did not look or found errors."""
        try:
            return msgspec.msgpack.decode(self._findings(key).read_bytes(), type=list[Diagnostic])
        except (OSError, msgspec.MsgspecError):
            return None

    def remember_found(self, key: str, found: list[Diagnostic]) -> None:
        """Remember what it found. Where nothing can be written, the next process looks again."""
        with suppress(OSError):
            self._findings(key).write_bytes(msgspec.msgpack.encode(found))
            _remove_oldest(Path(self.folder))

    def _findings(self, key: str) -> Path:
        return Path(self.folder, f"theme-{of_text(f'{key} {self.toolchain.hex()}').hex()}{_SUFFIX}")


class _Bytecode(jinja2.FileSystemBytecodeCache):
    """Keeps compiled templates in a folder. What they depend on beside their source is in the key.

    Sites whose themes have one name do not take each other's place; the oldest go when there are many.
    """

    def __init__(self, folder: str, key: str) -> None:
        super().__init__(folder, f"%s{_SUFFIX}")
        self._key = key

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(name, f"{filename}\0{self._key}")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - whatever is wrong with the file: it is written anew
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        # Where nothing can be written, a template is compiled again by the next process.
        with suppress(OSError):
            super().dump_bytecode(bucket)
            _remove_oldest(Path(self.directory))


def compiled_folder() -> Path | None:
    """The folder for compiled templates, made if need be; None where there can't be one."""
    try:
        folder = _caches() / _NAME / "templates"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder


def _remove_oldest(folder: Path) -> None:
    """Remove the older half of the compiled templates, if there are too many. Raises OSError."""
    kept = [(one.stat().st_mtime_ns, one) for one in folder.iterdir() if one.name.endswith(_SUFFIX)]
    if len(kept) > MOST_KEPT:
        for _, file in sorted(kept)[: -MOST_KEPT // 2]:
            file.unlink()


def _caches() -> Path:
    """The folder of the user's caches. Raises RuntimeError for a user without a home."""
    if sys.platform == "win32":
        given, usual = "LOCALAPPDATA", Path.home() / "AppData/Local"
    else:
        given, usual = "XDG_CACHE_HOME", Path.home() / ".cache"
    place = os.environ.get(given, "")
    return Path(place) if os.path.isabs(place) else usual
