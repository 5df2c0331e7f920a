"""`digest preview`: serve the site from a folder of its own and build it again after each change."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import click

from builder.cli.building import site_root
from builder.cli.printing import count, print_diagnostics, summary
from builder.diagnostics import ERROR
from builder.preview.guard import WILDCARDS, allowed_hosts, is_host, is_open
from builder.preview.loop import Loop
from builder.preview.serve import Server, listen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from builder.diagnostics import Diagnostic
    from builder.report import Report

#: So many changed files are named in the line of a build.
_MOST_NAMED = 2
#: Another program has the port, or the system keeps it to itself. All else is a matter of the host.
_PORT_TROUBLE = (errno.EADDRINUSE, errno.EACCES, errno.EPERM)


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
        other = "--port" if error.errno in _PORT_TROUBLE else "--host"
        raise click.UsageError(
            f"{host}:{given['port']} can't be served: {reason}; try another {other}"
        ) from None
    hosts = allowed_hosts(host, given["allow_host"])
    told = _Terminal(root, shared)
    preview = Loop(root, told.tell, drafts=given["drafts"], follow=given["follow"])
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


class _Terminal:
    """Tells on the terminal what each build of a preview did."""

    def __init__(self, root: Path, shared: dict[str, Any]) -> None:
        self._root = root
        self._quiet = shared["quiet"]
        self._verbose = shared["verbose"]
        self._told: frozenset[Diagnostic] = frozenset()
        self._word = ""

    def tell(self, report: Report, saved: Sequence[str] | None, words: Sequence[str]) -> None:
        """What a build had to say, and one line on what it did."""
        for word in words:
            if word != self._word and not self._quiet:
                click.echo(word, err=True)
                self._word = word
        self._print(report)
        if not self._quiet:
            click.echo(f"{_changes(saved)}{self._outcome(report)}")

    def _print(self, report: Report) -> None:
        """Errors until they are mended, warnings once, and how many there were before."""
        found = frozenset(report.diagnostics)
        known = {one for one in found & self._told if one.severity != ERROR}
        print_diagnostics(
            [one for one in report.diagnostics if one not in known], self._root, quiet=self._quiet
        )
        if known and found != self._told and not self._quiet:
            click.echo(f"{count(tuple(known))} as before", err=True)
        # A build that fails may not come as far as all that there is to say.
        self._told = self._told | found if report.failed else found

    def _outcome(self, report: Report) -> str:
        if not report.failed:
            return summary(report, verbose=self._verbose)
        return f"{count(report.diagnostics)}; the pages stay as they were, {report.seconds:.2f} s"


def _changes(saved: Sequence[str] | None) -> str:
    if saved is None:
        return ""
    if len(saved) > _MOST_NAMED:
        return f"{len(saved):,} files changed: "
    return f"{' and '.join(saved)}: "
