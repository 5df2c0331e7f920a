"""Building the site for the preview: the one place where it builds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from builder.build import Options, Report, build
from builder.cache import FOLDER
from builder.diagnostics import Place, diagnostic

if TYPE_CHECKING:
    from pathlib import Path

#: A build is begun anew so often if files vanish under its hands.
_ATTEMPTS = 5


class Rebuild:
    """Builds a site again and again, into a folder of the preview's own.

    With drafts that folder is another one, so that no draft can be served where none is to be seen.
    """

    def __init__(self, root: Path, *, drafts: bool) -> None:
        name = "preview-drafts" if drafts else "preview"
        self.options = Options(root=root, output=root / FOLDER / name, drafts=drafts)

    def run(self) -> Report:
        """Build what there is now. Never raises for what the site holds."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return build(self.options)
            except OSError:
                # A file went between being listed and being read: it is another site now.
                continue
        try:
            return build(self.options)
        except OSError as error:
            return self._failed(error)

    def _failed(self, error: OSError) -> Report:
        file = os.path.relpath(error.filename or self.options.root, self.options.root)
        reason = (error.strerror or str(error)).lower()
        message = f"the file can't be read: {reason}"
        problem = diagnostic(file, Place(), "unreadable-file", message, "save it again")
        return Report(diagnostics=(problem,), failed=True)
