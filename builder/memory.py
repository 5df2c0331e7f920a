"""What one process keeps of a build for the next: a preview builds again and again.

Nothing in it is more than a shortcut: a build with a memory leaves the bytes of one without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.stamps import UNKNOWN, stamp_at

if TYPE_CHECKING:
    from pathlib import Path

    from builder.cache import Cache
    from builder.layout import Layout
    from builder.load import Listing
    from builder.model import Outline, Site
    from builder.publishing.publish import Output
    from builder.stamps import Stamp


class Memory:
    """The memory of a process, empty at first. It serves builds of one site into one folder.

    `cache` is the cache, left open; `site`, `listing` and `layout` are those of the last build that
    succeeded, and `changed` are the files that are known to have changed since. There is no listing if
    there was something to say of it. `decoded` are the outlines that were looked at, by their seals.
    """

    def __init__(self) -> None:
        self.cache: Cache | None = None
        self.listing: Listing | None = None
        self.changed: set[str] = set()
        self.site: Site | None = None
        self.layout: Layout | None = None
        self.decoded: dict[bytes, Outline] = {}
        self._manifest: dict[str, str] = {}
        self._left: Stamp | None = None

    def forget(self) -> None:
        """Forget everything."""
        if self.cache is not None:
            self.cache.close()
        self.__init__()  # type: ignore[misc]

    def end(self) -> None:
        """Take away what must not outlive the process."""
        if self.cache is not None and self.cache.temporary:
            self.cache.close()

    def leave(self, site: Site, listing: Listing | None, layout: Layout, output: Output) -> None:
        """Keep what a build made that has succeeded."""
        self.site = site
        self.listing = listing
        self.changed = set()
        self.layout = layout
        self._manifest = output.manifest
        self._left = stamp_at(str(output.manifest_file))

    def doubt(self) -> None:
        """Forget what a build made, for the cache that it goes with is damaged."""
        self.listing = self.layout = None

    def manifest(self, file: Path) -> dict[str, str] | None:
        """The manifest of the output, if its file is as the last build left it."""
        return self._manifest if stamp_at(str(file)) == self._left != UNKNOWN else None
