"""Where compiled templates are kept from one process to the next: with the user, not with the site.

A site's cache holds data alone, for a site may come from anywhere; what is compiled is code, and stands
where other programs of the user keep theirs (XDG Base Directory Specification 0.8, `XDG_CACHE_HOME`).
Each file begins with the fingerprint of the rest: what is not as it was written is made again.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import msgspec
from msgspec import Struct

from builder.diagnostics import Diagnostic
from builder.fingerprint import SIZE, of_bytes, of_text

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
        return _Bytecode(self, f"{key} {self.toolchain.hex()}")

    def found(self, key: str) -> list[Diagnostic] | None:
        """What this program found of a theme with this key; None if it did not look or found errors."""
        kept = self.read(self._findings(key))
        return None if kept is None else msgspec.msgpack.decode(kept, type=list[Diagnostic])

    def remember_found(self, key: str, found: list[Diagnostic]) -> None:
        """Remember what it found. Where nothing can be written, the next process looks again."""
        self.write(self._findings(key), msgspec.msgpack.encode(found))

    def _findings(self, key: str) -> str:
        return f"theme-{of_text(f'{key} {self.toolchain.hex()}').hex()}"

    def read(self, name: str) -> bytes | None:
        """What was written under a name; None if nothing was, or it is damaged."""
        try:
            kept = Path(self.folder, f"{name}{_SUFFIX}").read_bytes()
        except OSError:
            return None
        return kept[SIZE:] if kept[:SIZE] == of_bytes(kept[SIZE:]) else None

    def write(self, name: str, data: bytes) -> None:
        """Write a file in one step, if that is possible; the oldest go when there are many."""
        with suppress(OSError):
            # One that a killed process leaves has the same ending, so that it goes with the oldest.
            file, staged = tempfile.mkstemp(prefix=name, suffix=_SUFFIX, dir=self.folder)
            try:
                with open(file, "wb") as stream:
                    stream.write(of_bytes(data) + data)
                os.replace(staged, Path(self.folder, f"{name}{_SUFFIX}"))
            except BaseException:
                Path(staged).unlink(missing_ok=True)
                raise
            _remove_oldest(Path(self.folder))


class _Bytecode(jinja2.BytecodeCache):
    """Keeps compiled templates. What they depend on beside their source is in the key.

    Sites whose themes have one name do not take each other's place.
    """

    def __init__(self, compiled: Compiled, key: str) -> None:
        self._compiled = compiled
        self._key = key

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(name, f"{filename}\0{self._key}")

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._compiled.read(bucket.key)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled.write(bucket.key, bucket.bytecode_to_string())


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
    """The folder of the user's caches. Raises RuntimeError where it is named by nothing but a home."""
    given, usual = "XDG_CACHE_HOME", ".cache"
    if sys.platform == "win32":
        given, usual = "LOCALAPPDATA", "AppData/Local"
    place = os.environ.get(given, "")
    # Some users have no home: programs that a system runs, for instance.
    return Path(place) if os.path.isabs(place) else Path.home() / usual
