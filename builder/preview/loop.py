"""The loop of a preview: build, tell the open pages and whoever called, wait for a change."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING, Any

from builder.addresses import ARTICLES_PREFIX, article_address, href
from builder.diagnostics import DigestError, has_errors
from builder.load import load_site
from builder.model import Site
from builder.preview.follow import changed_block
from builder.preview.live import Live
from builder.preview.messages import Messages
from builder.preview.pages import address_of, find
from builder.preview.rebuild import Rebuild
from builder.preview.serve import Previewed
from builder.preview.watch import MOST_PATHS, Watch
from builder.root import FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from builder.diagnostics import Diagnostic
    from builder.report import Report

    Tell = Callable[[Report, Sequence[str] | None, Sequence[str]], None]

#: After so long without a change, in seconds, every file is looked at.
_REST = 0.4


class Loop:
    """The preview of one site, from one build to the next.

    `tell(report, saved, words)` is called after each build that has something to tell: with the files
    that were saved, None for any, and with what there is to say of the build and the watch. `follow`
    sends the open pages to the article that was saved.
    """

    def __init__(self, root: Path, tell: Tell, *, drafts: bool, follow: bool) -> None:
        self.watch = Watch(root)
        self._root = root
        self._tell = tell
        self._follow = follow
        self._rebuild = Rebuild(root, drafts=drafts)
        self._output = self._rebuild.options.output
        self._messages = Messages(root)
        self._last: tuple[bool, tuple[Diagnostic, ...]] = False, ()
        #: The configuration as it is now; pages are served by that of the last build that succeeded.
        self._site = Site(title="")
        self._read_site()
        self.live = Live(self._site.base_path)
        self.app = Previewed(root, self._output, self.live, self._site, drafts=drafts)

    def run(self, address: str) -> None:
        """Build, and build again after each change, until interrupted; opens an address if any."""
        self._build(None)
        if address:
            webbrowser.open(address)
        while True:
            saved = self.watch.wait()
            while saved:
                self._build(saved if len(saved) < MOST_PATHS else None)
                saved = self.watch.wait(_REST)
            # The files that were saved are in the pages; now all are looked at, for no event is proof
            # that nothing else has changed.
            self._build(None, again=True)

    def _build(self, saved: Sequence[str] | None, *, again: bool = False) -> None:
        """Build once, tell the open pages and then the caller. `saved` is None for any file.

        If it is to look `again`, there is something to tell only if it finds what was not seen before.
        """
        if saved is None or FILE in saved:
            self._read_site()
        path = self._followed(saved or ())
        before = self._page(path)
        # What came and went is not worth a word, but a build before may have seen it.
        report = self._rebuild.run(saved and (*saved, *self.watch.passed))
        if again and self._is_old(report):
            return
        if not report.failed:
            self.app.site = self._site
        base = self.app.site.base_path
        self.live.publish(
            [address_of(one, base) for one in report.changed] if self._rebuild.is_complete else None,
            [address_of(one, base) for one in report.gone],
            self._messages.of(report.diagnostics, saved, self._site.editor_url),
            base=base,
            failed=report.failed,
            goto=self._goto(path, before) if path and not report.failed else None,
        )
        self._last = report.failed, report.diagnostics
        words = [one for one in (report.word, self.watch.word) if one]
        self._tell(report, saved, words)

    def _is_old(self, report: Report) -> bool:
        """Whether a build has nothing to tell that the one before has not told."""
        same = (report.failed, report.diagnostics) == self._last
        return same and not (report.changed or report.gone) and self._rebuild.is_complete

    def _read_site(self) -> None:
        try:
            site, found = load_site(self._root)
        except DigestError:
            return
        if not has_errors(found):
            self._site = site

    def _followed(self, saved: Sequence[str]) -> str:
        """The article that was saved last, if open pages are to go there."""
        if not self._follow:
            return ""
        articles = [one for one in saved if one.startswith(ARTICLES_PREFIX) and one.endswith(".md")]
        return articles[-1] if articles else ""

    def _page(self, path: str) -> str:
        file = find(self._output, article_address(path)[1:]) if path else None
        if file is None:
            return ""
        with open(file, encoding="utf-8") as stream:
            return stream.read()

    def _goto(self, path: str, before: str) -> dict[str, Any] | None:
        after = self._page(path)
        if not after:
            return None
        address = href(self.app.site.base_path, article_address(path))
        return {"address": address, "block": changed_block(before, after)}
