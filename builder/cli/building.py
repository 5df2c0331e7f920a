"""`digest build`: from the options to a build, and its report on the terminal or as JSON."""

from __future__ import annotations

import gc
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from builder.build import Options, Report, build
from builder.cli.printing import count, print_diagnostics, summary
from builder.diagnostics import Place, diagnostic
from builder.load import CONTENT
from builder.memory import Memory
from builder.root import FILE, find_root, misnamed

#: What a build made is left to the end of the process: to take a large site apart takes a while.
_alive: list[Memory] = []


def run_build(shared: dict[str, Any], given: dict[str, Any]) -> int:
    """Build as the options say; returns the exit status."""
    root = site_root(shared["root"])
    output = given["output"]
    options = Options(
        root=root,
        output=Path.cwd() / output if output else root / "public",
        base_url=given["base_url"],
        drafts=given["drafts"],
        strict=given["strict"],
        clean=given["clean"],
        jobs=given["jobs"] or 0,
        waiting=lambda: click.echo("waiting for another build of this site to end", err=True),
    )
    _check(options)
    # The process ends with the build: to look for what could be freed would take longer than it.
    gc.disable()
    memory = Memory()
    _alive.append(memory)
    report = build(options, memory)
    memory.end()
    if report.word and not shared["quiet"]:
        click.echo(report.word, err=True)
    printed = print_diagnostics(report.diagnostics, root, quiet=shared["quiet"])
    if report.failed:
        click.echo(f"{count(printed)}; nothing was published", err=True)
    if given["explain"]:
        # Standard output holds the one JSON object and nothing else.
        _explain(report, err=given["as_json"])
    if given["as_json"]:
        _print_json(report)
    elif not (shared["quiet"] or report.failed):
        click.echo(summary(report, verbose=shared["verbose"]))
    return 1 if report.failed else 0


def print_usage_error(message: str) -> None:
    """Print the report of a build that was called wrongly, as JSON."""
    problem = diagnostic("digest", Place(), "wrong-usage", message)
    _print_json(Report(diagnostics=(problem,), failed=True))


def _check(options: Options) -> None:
    """Refuse an address that is none, and an output folder that holds the sources or lies in them."""
    if options.base_url:
        _check_address(options.base_url)
    _check_name(options.output)
    output = Path(os.path.realpath(options.output))
    if options.root.is_relative_to(output):
        raise click.UsageError("the output folder can't hold the site itself")
    for name in (CONTENT, "themes", ".digest"):
        if output.is_relative_to(options.root / name):
            raise click.UsageError(f"the output folder can't lie in {name}/")


def _check_name(folder: Path) -> None:
    """Refuse a folder that no report, manifest or cache can name."""
    try:
        str(folder).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(folder).decode(errors="replace")
        raise click.UsageError(f'the name of the folder "{shown}" is not UTF-8; rename it') from None


def _check_address(url: str) -> None:
    # A build that finds nothing to do gets along without the module.
    from builder.config import is_site_address

    if not is_site_address(url):
        raise click.UsageError(
            f'--base-url: "{url}" is no web address of a site; '
            "write it whole, as in https://example.org/digest/"
        )


def site_root(given: Path | None) -> Path:
    """The site's folder, by the option or from the current folder upwards."""
    if given is not None and not os.path.isfile(given / FILE):
        raise click.UsageError(f'there is no {FILE} in "{given}"{_rename(given)}')
    root = find_root(Path.cwd()) if given is None else given.resolve()
    if root is None:
        raise click.UsageError(
            f"there is no {FILE} here or in a parent folder; "
            f"go to the site's folder, or name it: -C DIR{_rename(Path.cwd())}"
        )
    _check_name(root)
    return root


def _rename(folder: Path) -> str:
    """Which file of a folder is to be renamed, if it was meant as site.yaml."""
    with suppress(OSError):
        other = misnamed(folder)
        return f'; there is a file "{other}": name it {FILE}' if other else ""
    return ""


def as_json(report: Report) -> dict[str, Any]:
    """The report as the contract words it."""
    names = ("pages", "parsed", "rendered", "reused", "written", "removed", "seconds")
    values: dict[str, Any] = {name: getattr(report, name) for name in names}
    fields = ("file", "line", "column", "severity", "code", "message", "hint")
    values["diagnostics"] = [
        {name: getattr(one, name) for name in fields} for one in report.diagnostics
    ]
    return values


def _print_json(report: Report) -> None:
    text = json.dumps(as_json(report), ensure_ascii=False)
    # JSON is UTF-8 wherever it goes (RFC 8259, 8.1). What was written on the command line may be none,
    # and is quoted by its mistakes.
    click.echo(text.encode(errors="replace"))


def _explain(report: Report, *, err: bool) -> None:
    for address, reasons in report.reasons:
        click.echo(f"{address}: {', '.join(reasons)}", err=err)
