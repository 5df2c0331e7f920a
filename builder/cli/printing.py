"""Diagnostics on standard error: the contract's lines, and on a terminal the source with a caret."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from builder.diagnostics import ERROR
from builder.quoting import quote_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from builder.diagnostics import Diagnostic
    from builder.report import Report

_COLORS = {"error": "red", "warning": "yellow"}


def print_diagnostics(
    diagnostics: Sequence[Diagnostic], root: Path, *, quiet: bool
) -> Sequence[Diagnostic]:
    """Print every diagnostic, errors alone if quiet; returns those that were printed."""
    shown = [one for one in diagnostics if not quiet or one.severity == ERROR]
    terminal = sys.stderr.isatty()
    # Whoever wants no colours says so by https://no-color.org.
    color = False if os.environ.get("NO_COLOR") else None
    for one in shown:
        click.echo(_styled(one) if terminal else one.text(), err=True, color=color)
        if terminal:
            excerpt = source_excerpt(one, root)
            if excerpt:
                click.echo(excerpt, err=True, color=color)
    return shown


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """How many errors and warnings there are, in words; empty if there are none."""
    errors = sum(one.severity == ERROR for one in diagnostics)
    warnings = len(diagnostics) - errors
    counted = [_counted(errors, "error")] if errors else []
    return ", ".join([*counted, _counted(warnings, "warning")] if warnings else counted)


def summary(report: Report, *, verbose: bool) -> str:
    """One line on a build that succeeded: how many pages, what changed, how long it took."""
    line = f"{_counted(report.pages, 'page')}, {report.written} written"
    if report.removed:
        line += f", {report.removed} removed"
    line += f", {report.seconds:.2f} s"
    if verbose:
        parsed = _counted(report.parsed, "article")
        line += f" ({parsed} parsed, {report.rendered} rendered, {report.reused} reused)"
    return line


def _counted(number: int, noun: str) -> str:
    """A number of things: `1 page`, `2 pages`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def source_excerpt(one: Diagnostic, root: Path) -> str:
    """The line that a diagnostic is about, with a caret below its column; empty if it can't be read."""
    quoted = quote_line(one, root)
    if quoted is None:
        return ""
    caret = click.style("^", fg=_COLORS[one.severity], bold=True)
    return "\n".join(quoted.lines()) + caret


def _styled(one: Diagnostic) -> str:
    head = one.head()
    kind = f"{one.severity}[{one.code}]:"
    place, _, message = head.partition(f" {kind} ")
    place, kind = click.style(place, bold=True), click.style(kind, fg=_COLORS[one.severity], bold=True)
    text = f"{place} {kind} {message}"
    return f"{text}\n  {click.style('hint:', fg='cyan')} {one.hint}" if one.hint else text
