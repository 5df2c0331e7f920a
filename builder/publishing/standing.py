"""What stands in the output folder, and what of it the generator wrote."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from builder.fingerprint import of_pieces
from builder.publishing.moves import file_type, status_of
from builder.publishing.staging import UnreadableError, pieces


class Standing:
    """The files and folders of an output folder; `manifest` names those that the generator wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: dict[str, str] = {}
        # Whether something stood in the folder, when the build began, at the first part of a path.
        self._tops: dict[str, bool] = {}

    def look_anew(self) -> None:
        """Forget what stood at the top of the folder."""
        self._tops.clear()

    def may_stand(self, path: str) -> bool:
        """Whether anything can stand at a path: nothing does below a folder that is not there."""
        top = path.partition("/")[0]
        if top not in self._tops:
            # A list of the folder would not tell it where capitals do not count in names.
            self._tops[top] = os.path.lexists(f"{self.folder}{os.sep}{top}")
        return self._tops[top]

    def is_folder(self, path: str) -> bool:
        """Whether a path is a folder, and no link to one."""
        try:
            return stat.S_ISDIR(os.lstat(self.target(path)).st_mode)
        except OSError:
            return False

    def is_in_the_way(self, folder: str) -> bool:
        """Whether what stands at a folder's path is no folder, and not ours to remove."""
        try:
            mode = os.lstat(self.target(folder)).st_mode
        except OSError:
            return False
        return stat.S_ISLNK(mode) or (not stat.S_ISDIR(mode) and folder not in self.manifest)

    def target(self, path: str) -> str:
        """Where a path of the output is."""
        return f"{self.folder}{os.sep}{path}"

    def status(self, path: str) -> os.stat_result | None:
        """What the system says of what stands at a path; None for nothing."""
        return status_of(self.target(path)) if self.may_stand(path) else None

    def ours(self, path: str, there: os.stat_result | None) -> os.stat_result | None:
        """What stands at a path again, if it is a file that the generator wrote; else None."""
        is_file = there is not None and stat.S_ISREG(there.st_mode)
        return there if is_file and path in self.manifest else None

    def is_foreign(self, path: str, there: os.stat_result | None) -> bool:
        """Whether what stands at a path is no folder, and the generator did not write it."""
        if there is None or path in self.manifest:
            return False
        return not stat.S_ISDIR(there.st_mode)

    def fingerprint_of(self, path: str) -> str:
        """The fingerprint of a published file, or the empty string if there is no such file."""
        target = self.target(path)
        try:
            # A pipe would be waited for.
            is_file = file_type(target) == stat.S_IFREG
            return of_pieces(pieces(target)).hex() if is_file else ""
        except (OSError, UnreadableError):
            return ""

    def holds_ours_alone(self, folder: Path) -> bool:
        """Whether all that a folder holds is the generator's, so that it can give way to a file."""
        for top, inner, files in os.walk(folder):
            below = Path(top).relative_to(self.folder).as_posix()
            if not inner and not files:
                return False
            if any((Path(top) / name).is_symlink() for name in inner):
                return False
            if any(f"{below}/{name}" not in self.manifest for name in files):
                return False
        return True
