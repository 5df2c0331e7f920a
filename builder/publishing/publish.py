"""Rendered pages -> the output folder: staged, replaced, pruned.

All files of a build are first written to a stage inside the output folder; when every one is there,
a journal is written and the files are moved to their places, each replaced at once. A build killed
before the journal leaves nothing but a stage, which the next build removes; one killed behind it is
finished by the next. The manifest names what the generator wrote, so nothing else is ever touched.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Self

import msgspec
from msgspec import Struct

from builder.diagnostics import Diagnostic, DigestError, Place, diagnostic
from builder.fingerprint import of_bytes, of_pieces
from builder.publishing.journal import Journal, folders, manifest_text, read_journal, read_manifest
from builder.publishing.moves import file_type, follow
from builder.publishing.staging import UnreadableError, holds, pieces, write
from builder.publishing.standing import Standing
from builder.stamps import Stamp, stamp_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

MANIFEST = ".digest-manifest.json"
STAGE = ".digest-stage"
_JOURNAL = "journal.json"
_FILES = "files"
_MANIFEST = "manifest.json"
_IN_THE_WAY = "a link or file stands where a folder is needed"
#: Folders of files that other pages lead to: listings lead to articles, and those to pictures.
_LED_TO = {"articles": 1, "media": 2, "assets": 2}


class Staged(Struct, frozen=True):
    """An output of this build: its fingerprint, and whether its bytes differ from those published.

    `stamp` is that of the staged file or, if it differs in nothing, of the published one. What is `new`
    stands nowhere yet.
    """

    path: str
    fingerprint: str
    changed: bool
    stamp: Stamp
    new: bool = False


class Published(Struct, frozen=True):
    """What publishing did: the paths of files whose bytes changed, and of files that went."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]


def fingerprint(data: bytes) -> str:
    """The fingerprint of a file's bytes (128 bits of SHA-256, hexadecimal)."""
    return of_bytes(data).hex()


class Output(Standing):
    """The output folder of a site.

    `shown` is how messages name it, `manifest` what its manifest holds, if that is known.
    """

    def __init__(self, folder: Path, shown: str, manifest: dict[str, str] | None = None) -> None:
        super().__init__(folder)
        self.shown = shown
        self.stage = folder / STAGE
        self.manifest_file = folder / MANIFEST
        self._known = manifest

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
        if os.path.exists(self.folder) and not os.path.isdir(self.folder):
            raise self._error(
                "bad-output", "the output is a file, not a folder", "name a folder with --output"
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.manifest = self._read_manifest() if self._known is None else self._known
            journal = read_journal(self.stage / _JOURNAL)
            if journal is not None and not self._is_done(journal):
                self._check_places(journal)
                self._finish(journal)
            self.discard()
        except (OSError, ValueError) as error:
            raise self._cannot_write(error) from None

    @property
    def is_known(self) -> bool:
        """Whether the manifest was known before, and needs no look."""
        return self._known is not None

    def recall(self, written: Mapping[str, str]) -> None:
        """Enter the files that the program remembers, and that a lost or older manifest lacks.

        `written` are the fingerprints of the files that were published, by path.
        """
        missing = written.keys() - self.manifest.keys()
        found = {path: written[path] for path in missing if self.fingerprint_of(path) == written[path]}
        if not found:
            return
        try:
            self.stage.mkdir()
            (self.stage / _MANIFEST).write_bytes(manifest_text({**self.manifest, **found}).encode())
            os.replace(self.stage / _MANIFEST, self.manifest_file)
            self.stage.rmdir()
        except OSError as error:
            raise self._cannot_write(error) from None
        self.manifest = {**self.manifest, **found}

    def begin(self) -> None:
        """Make an empty stage."""
        try:
            self.look_anew()
            self.stage.mkdir()
        except OSError as error:
            raise self._cannot_write(error) from None

    def discard(self) -> None:
        """Remove the stage and what is in it."""
        if self.stage.exists():
            import shutil

            shutil.rmtree(self.stage)

    def abandon(self) -> None:
        """Leave the output as it was before `open`, without a stage.

        A stage with a journal stays: publishing had begun, and the next build finishes it.
        """
        if (self.stage / _JOURNAL).exists():
            return
        # What can't be cleared away now is cleared by the next build, and is not what went wrong.
        with suppress(OSError):
            self.discard()

    def check(self, paths: Sequence[str]) -> list[Diagnostic]:
        """Folders and links that stand where the files of the site are needed, as errors."""
        found: list[Diagnostic] = []
        seen: set[str] = set()
        for path in paths:
            if not self.may_stand(path):
                continue
            if self.is_folder(path):
                if not self.holds_ours_alone(self.folder / path):
                    found.append(self._foreign(path, "a folder stands where a page is to be written"))
                continue
            folder = path.rpartition("/")[0]
            while folder and folder not in seen:
                seen.add(folder)
                if self.is_in_the_way(folder):
                    found.append(self._foreign(folder, _IN_THE_WAY))
                folder = folder.rpartition("/")[0]
        return found

    def foreign(self, path: str) -> Diagnostic:
        """The error for a file at a needed address that the generator did not write."""
        return self._foreign(path, "a file that the generator did not write stands at a needed address")

    def put(self, path: str, data: bytes) -> Staged | Diagnostic:
        """Stage a file if it differs from what is published; a foreign file there is an error."""
        made = fingerprint(data)
        try:
            there = self.status(path)
            ours = self.ours(path, there)
            if ours is not None and holds(self.target(path), data):
                return Staged(path, made, changed=False, stamp=stamp_of(ours))
            if self.is_foreign(path, there):
                return self.foreign(path)
            written = write(self._staged(path), (data,))
        except OSError as error:
            raise self._cannot_write(error) from None
        return Staged(path, made, changed=True, stamp=stamp_of(written), new=there is None)

    def put_file(self, path: str, source: Path, shown: str) -> Staged | Diagnostic:
        """Stage a copy of a file, as `put` does; `shown` is how messages name the source."""
        try:
            found = pieces(str(source))
            first = next(found, b"")
            if next(found, b""):
                return self._put_large(path, str(source))
        except UnreadableError as error:
            message = f"the file can't be read: {error}"
            return diagnostic(shown, Place(), "unreadable-file", message)
        return self.put(path, first)

    def _put_large(self, path: str, source: str) -> Staged | Diagnostic:
        """Stage a copy of a file that is never in memory as a whole. Raises UnreadableError."""
        try:
            there = self.status(path)
            ours = self.ours(path, there)
            if ours is not None:
                made = of_pieces(pieces(source)).hex()
                if self.fingerprint_of(path) == made:
                    return Staged(path, made, changed=False, stamp=stamp_of(ours))
            if self.is_foreign(path, there):
                return self.foreign(path)
            written = write(self._staged(path), pieces(source))
        except OSError as error:
            raise self._cannot_write(error) from None
        # The source may have changed since it was compared.
        made = of_pieces(pieces(self._staged(path))).hex()
        return Staged(path, made, changed=True, stamp=stamp_of(written), new=there is None)

    def _staged(self, path: str) -> str:
        return f"{self.stage}{os.sep}{_FILES}{os.sep}{path}"

    def commit(
        self, staged: Sequence[Staged], paths: frozenset[str], unstaged: Mapping[str, str]
    ) -> Published:
        """Publish what is staged, in the given order, and remove what the site no longer has.

        Removals come last, but for what stands in the way of something new. `paths` are all files of
        the site; those not staged stay as they are, and `unstaged` holds the fingerprints of those of
        them of which the manifest is wrong.
        """
        gone = self.manifest.keys() - paths
        # What leads to others goes before what it leads to.
        removed = sorted(gone, key=lambda path: (_LED_TO.get(path.partition("/")[0], 0), path))
        changed = [one.path for one in staged if one.changed]
        made = {**unstaged, **{one.path: one.fingerprint for one in staged}}
        entries = {path: one for path, one in made.items() if self.manifest.get(path) != one}
        journal = Journal(tuple(changed), tuple(removed), entries)
        try:
            if changed or removed or entries:
                self.stage.mkdir(exist_ok=True)
                # All that takes up room is written before the first file moves.
                self._stage_manifest(journal)
                # The journal is there whole or not at all.
                (self.stage / "new").write_bytes(msgspec.json.encode(journal))
                os.replace(self.stage / "new", self.stage / _JOURNAL)
                self._finish(journal)
            self.discard()
        except OSError as error:
            begun = (self.stage / _JOURNAL).exists()
            hint = "the next build will finish what this one began" if begun else ""
            raise self._cannot_write(error, hint) from None
        return Published(tuple(changed), tuple(removed))

    def _check_places(self, journal: Journal) -> None:
        """Raise DigestError for what somebody put where a journal has still to put a file."""
        staged = [one for one in journal.changed if file_type(self.stage / _FILES / one) is not None]
        found = [
            self.foreign(path)
            for path in staged
            if path not in self.manifest and file_type(self.folder / path) not in (None, stat.S_IFDIR)
        ]
        needed = dict.fromkeys(folder for path in staged for folder in folders(path))
        found += [self._foreign(one, _IN_THE_WAY) for one in needed if self.is_in_the_way(one)]
        if found:
            raise DigestError(tuple(found))

    def _is_done(self, journal: Journal) -> bool:
        """Whether all that a journal says was done, and its stage alone was left to clear away.

        What stands at the paths of files that went is somebody else's then.
        """
        moved = not (self.stage / _MANIFEST).exists()
        return moved and self._read_manifest() == self._after(journal)

    def _finish(self, journal: Journal) -> None:
        """Do what a journal says.

        The manifest comes last: while it is the old one, doing the same again gives the same.
        """
        follow(journal, self.folder, self.stage / _FILES)
        if not (self.stage / _MANIFEST).exists():
            self._stage_manifest(journal)
        os.replace(self.stage / _MANIFEST, self.manifest_file)
        self.manifest = self._after(journal)

    def _stage_manifest(self, journal: Journal) -> None:
        (self.stage / _MANIFEST).write_bytes(manifest_text(self._after(journal)).encode())

    def _after(self, journal: Journal) -> dict[str, str]:
        """What the manifest holds when a journal is done."""
        files = {**self.manifest, **journal.entries}
        for path in journal.removed:
            files.pop(path, None)
        return files

    def _read_manifest(self) -> dict[str, str]:
        try:
            return read_manifest(self.manifest_file)
        except OSError as error:
            raise self._cannot_write(error) from None
        except ValueError:
            raise self._error(
                "bad-manifest",
                "the manifest of published files can't be read",
                "put it back, or move the whole folder away and build again",
                MANIFEST,
            ) from None

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
