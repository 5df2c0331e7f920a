"""Building the site for the preview: the one place where it builds."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import structs

from builder.build import Options, Report, build
from builder.cache import FOLDER
from builder.memory import Memory
from builder.publishing.publish import MANIFEST
from builder.stamps import stamp_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from builder.stamps import Stamp


class Rebuild:
    """Builds a site again and again, into a folder of the preview's own, with all that it remembers.

    With drafts that folder is another one, so that no draft can be served where none is to be seen.
    """

    def __init__(self, root: Path, *, drafts: bool) -> None:
        name = "preview-drafts" if drafts else "preview"
        self.options = Options(root=root, output=root / FOLDER / name, drafts=drafts, trusting=True)
        self._memory = Memory()
        #: Whether the last report names every file of the output that has changed.
        self.is_complete = False
        self._left: Stamp | None = None

    def run(self, saved: Sequence[str] | None = None) -> Report:
        """Build what there is now. Never raises for what the site holds.

        `saved` are the only files that may have changed; without them, every file is looked at.
        """
        changed = None if saved is None else tuple(saved)
        report = build(structs.replace(self.options, changed=changed), self._memory)
        self.is_complete = True
        with suppress(OSError):
            left = stamp_of(os.stat(self.options.output / MANIFEST))
            # What a build has published that fails behind that, or another preview of the site, which
            # builds into the same folder, is told by no report.
            if left != self._left and not (report.changed or report.gone):
                self.is_complete = False
            self._left = left
        return report
