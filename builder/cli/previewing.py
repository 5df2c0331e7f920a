"""`digest preview`: serve the site from a folder of its own and build it again after each change."""

from __future__ import annotations

import threading
import webbrowser
from typing import TYPE_CHECKING, Any

import click

from builder.build import Options, Report, build
from builder.cache import FOLDER
from builder.cli.building import site_root, summary
from builder.cli.printing import print_diagnostics
from builder.config import load_site
from builder.diagnostics import DigestError, has_errors
from builder.preview.serve import Site, allowed_hosts, make_server
from builder.preview.watch import Changes, watch

if TYPE_CHECKING:
    from pathlib import Path


def run_preview(shared: dict[str, Any], given: dict[str, Any]) -> int:
    """Preview until interrupted; returns the exit status if that can't be begun."""
    root = site_root(shared["root"])
    output = root / FOLDER / "preview"
    options = Options(root=root, output=output, drafts=given["drafts"])
    base = _BasePath(root)
    site = Site(output, base.get, allowed_hosts(given["host"]))
    try:
        server = make_server(site, given["host"], given["port"])
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.UsageError(
            f"{given['host']}:{given['port']} can't be served: {reason}; try another --port"
        ) from None
    changes = Changes(root, output)
    _, word = watch(root, changes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://{given['host']}:{server.server_address[1]}"
    click.echo(f"previewing at {address}{base.get()} (Ctrl-C ends)")
    if word:
        click.echo(word, err=True)
    _show(build(options), root, quiet=shared["quiet"])
    if given["open"]:
        webbrowser.open(f"{address}{base.get()}")
    while True:
        changes.wait()
        base.read()
        _show(build(options), root, quiet=shared["quiet"])


def _show(report: Report, root: Path, *, quiet: bool) -> None:
    print_diagnostics(report.diagnostics, root, quiet=quiet)
    if not quiet and not report.failed:
        click.echo(summary(report))


class _BasePath:
    """The path of the site's address, which may change while it is previewed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = "/"
        self.read()

    def get(self) -> str:
        """The path, with a slash at both ends."""
        return self._path

    def read(self) -> None:
        """Look at site.yaml again; one with errors leaves the path as it was."""
        try:
            site, found = load_site(self._root)
        except DigestError:
            return
        if not has_errors(found):
            self._path = site.base_path
