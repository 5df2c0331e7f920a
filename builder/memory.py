"""What one process keeps of a build for the next: a preview builds again and again.

Nothing in it is more than a shortcut: a build with a memory leaves the bytes of one without.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from builder.stamps import stamp_of

if TYPE_CHECKING:
    from pathlib import Path

    from builder.cache import Cache
    from builder.layout import Layout
    from builder.parts import Inventory
    from builder.publish import Output
    from builder.stamps import Stamp


class Memory:
    """The memory of a process, empty at first. It serves builds of one site into one folder.

    `cache` is the cache, left open; `layout` and `inventory` are those of the last build that
    succeeded.
    """

    def __init__(self) -> None:
        self.cache: Cache | None = None
        self.layout: Layout | None = None
        self.inventory: Inventory | None = None
        self._manifest: dict[str, str] = {}
        self._left: Stamp | None = None

    def forget(self) -> None:
        """Forget everything."""
        if self.cache is not None:
            self.cache.close()
        self.__init__()  # type: ignore[misc]

    def leave(self, layout: Layout, inventory: Inventory, output: Output) -> None:
        """Keep what a build made that has succeeded."""
        self.layout = layout
        self.inventory = inventory
        self._manifest = output.manifest
        self._left = _stamp(output.manifest_file)

    def manifest(self, file: Path) -> dict[str, str] | None:
        """The manifest of the output, if its file is as the last build left it."""
        return self._manifest if self._left is not None and _stamp(file) == self._left else None


def _stamp(file: Path) -> Stamp | None:
    try:
        return stamp_of(os.lstat(file))
    except OSError:
        return None
