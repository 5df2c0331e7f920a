"""`digest preview`: serve the site from a folder of its own and build it again after each change."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING, Any

import click

from builder.addresses import article_address, href
from builder.cli.building import site_root, summary
from builder.cli.printing import print_diagnostics
from builder.config import load_site
from builder.diagnostics import ERROR, DigestError, has_errors
from builder.model import Site
from builder.preview.follow import changed_block
from builder.preview.guard import WILDCARDS, allowed_hosts, is_host, is_open
from builder.preview.live import Live
from builder.preview.messages import Messages
from builder.preview.pages import address_of, find
from builder.preview.rebuild import Rebuild
from builder.preview.serve import Previewed, Server, listen
from builder.preview.watch import MOST_PATHS, Watch
from builder.root import FILE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from builder.diagnostics import Diagnostic
    from builder.report import Report

#: After so long without a change, in seconds, every file is looked at.
_REST = 0.4
#: So many changed files are named in the line of a build.
_MOST_NAMED = 2


def run_preview(shared: dict[str, Any], given: dict[str, Any]) -> int:
    """Preview until interrupted; never returns otherwise."""
    root = site_root(shared["root"])
    host = given["host"]
    for name in given["allow_host"]:
        if not is_host(name):
            raise click.UsageError(f'"{name}" is no name of a computer; write it without a port')
    try:
        listener = listen(host, given["port"])
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.UsageError(
            f"{host}:{given['port']} can't be served: {reason}; try another --port"
        ) from None
    hosts = allowed_hosts(host, given["allow_host"])
    preview = _Preview(root, drafts=given["drafts"], follow=given["follow"], quiet=shared["quiet"])
    server = Server(preview.app, preview.live, hosts, listener)
    server.start()
    address = f"http://{_shown(host)}:{listener.getsockname()[1]}{preview.app.site.base_path}"
    click.echo(f"previewing at {address} (Ctrl-C ends)")
    if is_open(host):
        click.echo(_warning(hosts), err=True)
    try:
        preview.run(address if given["open"] else "")
    finally:
        server.stop()
        preview.watch.stop()
    return 0


def _shown(host: str) -> str:
    """How the address to open names the host."""
    if host in WILDCARDS:
        return "localhost" if host == "::" else "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _warning(hosts: frozenset[str]) -> str:
    return (
        "warning: other computers can reach this preview, and read all that it shows; it answers to "
        f"{', '.join(sorted(hosts))}; allow another name with --allow-host NAME"
    )


class _Preview:
    """The preview of one site, from one build to the next."""

    def __init__(self, root: Path, *, drafts: bool, follow: bool, quiet: bool) -> None:
        self.watch = Watch(root)
        self._root = root
        self._quiet = quiet
        self._follow = follow
        self._rebuild = Rebuild(root, drafts=drafts)
        self._output = self._rebuild.options.output
        self._messages = Messages(root)
        self._told: tuple[Diagnostic, ...] = ()
        self._last: tuple[bool, tuple[Diagnostic, ...]] = False, ()
        self._word = ""
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
        """Build once, tell the open pages and then the terminal. `saved` is None for any file.

        If it is to look `again`, there is something to tell only if it finds what was not seen before.
        """
        if saved is None or FILE in saved:
            self._read_site()
        path = self._followed(saved or ())
        before = self._page(path)
        report = self._rebuild.run(saved)
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
        self._say(report, saved)

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
        articles = [one for one in saved if one.startswith("content/articles/") and one.endswith(".md")]
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

    def _say(self, report: Report, saved: Sequence[str] | None) -> None:
        for word in (report.word, self.watch.word):
            if word and word != self._word and not self._quiet:
                click.echo(word, err=True)
                self._word = word
        # Warnings that stay are told once.
        if report.failed or report.diagnostics != self._told:
            print_diagnostics(report.diagnostics, self._root, quiet=self._quiet)
            self._told = report.diagnostics
        if not self._quiet:
            click.echo(f"{_changes(saved)}{_outcome(report)}")


def _changes(saved: Sequence[str] | None) -> str:
    if saved is None:
        return ""
    if len(saved) > _MOST_NAMED:
        return f"{len(saved):,} files changed: "
    return f"{' and '.join(saved)}: "


def _outcome(report: Report) -> str:
    if not report.failed:
        return summary(report)
    errors = sum(one.severity == ERROR for one in report.diagnostics)
    return f"{errors} error{'s' * (errors != 1)}, the pages stay as they were, {report.seconds:.2f} s"
