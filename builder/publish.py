"""Rendered pages -> the output folder: staged, replaced, pruned.

All files of a build are first written to a stage inside the output folder; when every one is there,
a journal is written and the files are moved to their places, each replaced at once. A build killed
before the journal leaves nothing but a stage, which the next build removes; one killed behind it is
finished by the next. The manifest names what the generator wrote, so nothing else is ever touched.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct

from builder.diagnostics import Diagnostic, DigestError, Place, diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

MANIFEST = ".digest-manifest.json"
STAGE = ".digest-stage"
_JOURNAL = "journal.json"
_FORMAT = 1


class Staged(Struct, frozen=True):
    """An output of this build: its fingerprint, and whether its bytes differ from those published."""

    path: str
    fingerprint: str
    changed: bool


class Published(Struct, frozen=True):
    """What publishing did: the paths of files whose bytes changed, and of files that went."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]


def fingerprint(data: bytes) -> str:
    """The fingerprint of a file's bytes (BLAKE2b, 128 bits, hexadecimal)."""
    return blake2b(data, digest_size=16).hexdigest()


class Output:
    """The output folder of a site. `shown` is how messages name it."""

    def __init__(self, folder: Path, shown: str) -> None:
        self.folder = folder
        self.shown = shown
        self.stage = folder / STAGE
        self.manifest: dict[str, str] = {}
        self._made: list[Path] = []

    def __enter__(self) -> Self:
        """Open the output; if the block fails, it is left as it was."""
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abandon()

    def open(self) -> None:
        """Finish or undo what an interrupted build left, and read the manifest.

        Raises DigestError for a folder that can't be used.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise self._error(
                "bad-output", "the output is a file, not a folder", "name a folder with --output"
            )
        self._made = [one for one in (self.folder, *self.folder.parents) if not one.exists()]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            journal = self._read_journal()
            if journal is not None:
                self._finish(journal)
            self.discard()
        except (OSError, ValueError) as error:
            raise self._cannot_write(error) from None
        self.manifest = self._read_manifest()

    def begin(self) -> None:
        """Make an empty stage."""
        try:
            self.stage.mkdir()
        except OSError as error:
            raise self._cannot_write(error) from None

    def discard(self) -> None:
        """Remove the stage and what is in it."""
        if self.stage.exists():
            shutil.rmtree(self.stage)

    def abandon(self) -> None:
        """Leave the output as it was before `open`: no stage, and no folder where there was none.

        A stage with a journal stays: publishing had begun, and the next build finishes it.
        """
        if (self.stage / _JOURNAL).exists():
            return
        # What can't be cleared away now is cleared by the next build, and is not what went wrong.
        with suppress(OSError):
            self.discard()
            for folder in self._made:
                folder.rmdir()

    def check(self, paths: Sequence[str]) -> list[Diagnostic]:
        """Folders and links that stand where the files of the site are needed, as errors."""
        found: list[Diagnostic] = []
        seen: set[str] = set()
        for path in paths:
            if self._is_folder(path):
                if not self._only_ours(self.folder / path):
                    found.append(self._foreign(path, "a folder stands where a page is to be written"))
                continue
            folder = path.rpartition("/")[0]
            while folder and folder not in seen:
                seen.add(folder)
                if self._is_in_the_way(folder):
                    message = "a link or file stands where a folder is needed"
                    found.append(self._foreign(folder, message))
                folder = folder.rpartition("/")[0]
        return found

    def _is_folder(self, path: str) -> bool:
        """Whether a path is a folder, and no link to one."""
        try:
            return stat.S_ISDIR(os.lstat(f"{self.folder}{os.sep}{path}").st_mode)
        except OSError:
            return False

    def _is_in_the_way(self, folder: str) -> bool:
        """Whether what stands at a folder's path is no folder, and not ours to remove."""
        try:
            mode = os.lstat(f"{self.folder}{os.sep}{folder}").st_mode
        except OSError:
            return False
        return stat.S_ISLNK(mode) or (not stat.S_ISDIR(mode) and folder not in self.manifest)

    def foreign(self, path: str) -> Diagnostic:
        """The error for a file at a needed address that the generator did not write."""
        return self._foreign(path, "a file that the generator did not write stands at a needed address")

    def put(self, path: str, data: bytes) -> Staged | Diagnostic:
        """Stage a file if it differs from what is published; a foreign file there is an error."""
        stamp = fingerprint(data)
        target = self.folder / path
        try:
            kind = _file_type(target)
            if path in self.manifest:
                if kind == stat.S_IFREG and target.read_bytes() == data:
                    return Staged(path, stamp, changed=False)
            elif kind not in (None, stat.S_IFDIR):
                return self.foreign(path)
            place = self.stage / "files" / path
            try:
                place.write_bytes(data)
            except FileNotFoundError:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        except OSError as error:
            raise self._cannot_write(error) from None
        return Staged(path, stamp, changed=True)

    def fingerprint_of(self, path: str) -> str:
        """The fingerprint of a published file, or the empty string if there is no such file."""
        target = self.folder / path
        try:
            return "" if target.is_symlink() else fingerprint(target.read_bytes())
        except OSError:
            return ""

    def put_file(self, path: str, source: Path, shown: str) -> Staged | Diagnostic:
        """Stage a copy of a file, as `put` does; `shown` is how messages name the source."""
        try:
            data = source.read_bytes()
        except OSError as error:
            reason = (error.strerror or "no access").lower()
            message = f"the file can't be read: {reason}"
            return diagnostic(shown, Place(), "unreadable-file", message)
        return self.put(path, data)

    def commit(self, staged: Sequence[Staged]) -> Published:
        """Publish what is staged, in the given order, and remove what the site no longer has.

        The order is such that no page links to one that is not there yet: what is linked to comes
        first, removals last.
        """
        manifest = {one.path: one.fingerprint for one in staged}
        removed = sorted(path for path in self.manifest if path not in manifest)
        changed = [one.path for one in staged if one.changed]
        journal = {"changed": changed, "removed": removed, "manifest": manifest}
        try:
            if changed or removed or manifest != self.manifest:
                self.stage.mkdir(exist_ok=True)
                _write_whole(self.stage / _JOURNAL, json.dumps(journal))
                self._finish(journal)
            self.discard()
        except OSError as error:
            raise self._cannot_write(error, "the next build will finish what this one began") from None
        self.manifest = manifest
        return Published(tuple(changed), tuple(removed))

    def _read_journal(self) -> dict[str, Any] | None:
        """The journal of an interrupted build, if it was written whole and names nothing outside."""
        try:
            value = json.loads((self.stage / _JOURNAL).read_text(encoding="utf-8"))
            paths = [*value["changed"], *value["removed"], *value["manifest"]]
            sound = all(isinstance(path, str) and _is_inside(path) for path in paths)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        return value if sound else None

    def _finish(self, journal: dict[str, Any]) -> None:
        """Do what a journal says; what is done already is passed over."""
        changed, removed = list(journal["changed"]), list(journal["removed"])
        files = set(changed)
        folders = {folder for path in changed for folder in _folders(path)}
        # A page that goes may stand where a folder is needed now, or hold up a folder where a file is.
        self._remove(
            path for path in removed if path in folders or not files.isdisjoint(_folders(path))
        )
        for path in changed:
            source, target = self.stage / "files" / path, self.folder / path
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(source, target)
        self._remove(removed)
        manifest = {"format": _FORMAT, "files": dict(journal["manifest"])}
        text = json.dumps(manifest, indent=0, sort_keys=True, ensure_ascii=False) + "\n"
        _write_whole(self.folder / MANIFEST, text)

    def _remove(self, paths: Iterable[str]) -> None:
        """Remove files, and the folders that are empty then; never by way of a link to elsewhere."""
        for path in paths:
            target = self.folder / path
            if _file_type(target) in (None, stat.S_IFDIR):
                continue
            if any((self.folder / folder).is_symlink() for folder in _folders(path)):
                continue
            target.unlink()
            for folder in _folders(path):
                try:
                    (self.folder / folder).rmdir()
                except OSError:
                    break

    def _only_ours(self, folder: Path) -> bool:
        """Whether all that a folder holds is the generator's, so that it can give way to a file."""
        for top, folders, files in os.walk(folder):
            below = Path(top).relative_to(self.folder).as_posix()
            if not folders and not files:
                return False
            if any((Path(top) / name).is_symlink() for name in folders):
                return False
            if any(f"{below}/{name}" not in self.manifest for name in files):
                return False
        return True

    def _read_manifest(self) -> dict[str, str]:
        file = self.folder / MANIFEST
        try:
            data = file.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._cannot_write(error) from None
        try:
            value = json.loads(data)
            files = value["files"]
            sound = value["format"] == _FORMAT and all(
                isinstance(path, str) and isinstance(stamp, str) and _is_inside(path)
                for path, stamp in files.items()
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            sound = False
        if not sound:
            raise self._error(
                "bad-manifest",
                "the manifest of published files can't be read",
                "put it back, or move the whole folder away and build again",
                MANIFEST,
            )
        return dict(files)

    def _foreign(self, path: str, message: str) -> Diagnostic:
        return diagnostic(
            f"{self.shown}/{path}",
            Place(),
            "foreign-file",
            message,
            "move it away, then build again",
        )

    def _error(self, code: str, message: str, hint: str, path: str = "") -> DigestError:
        file = f"{self.shown}/{path}" if path else self.shown
        return DigestError((diagnostic(file, Place(), code, message, hint),))

    def _cannot_write(self, error: Exception, hint: str = "") -> DigestError:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = hint or "check that the folder can be written and the disk has room"
        return self._error("cannot-write", f"the output can't be written: {reason.lower()}", hint)


def _is_inside(path: str) -> bool:
    """Whether a path of a manifest stays in its folder: nothing else may be removed by it."""
    parts = path.split("/")
    return not any(part in ("", ".", "..") for part in parts) and "\\" not in path and "\0" not in path


def _folders(path: str) -> Iterator[str]:
    """The folders that a path lies in, the innermost first."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _file_type(path: Path) -> int | None:
    """What stands at a path (a link is not followed), by the constants of `stat`; None for nothing."""
    try:
        return stat.S_IFMT(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write_whole(file: Path, text: str) -> None:
    """Write a file so that at any instant the old or the new one is there, whole."""
    beside = file.with_name(file.name + ".new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(beside, file)
