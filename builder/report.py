"""How a build is called, and what it has to say: the types of its two ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from builder.diagnostics import Diagnostic


def _in_silence() -> None:
    """Say nothing."""


class Options(Struct, frozen=True):
    """How to build. `output` is absolute; `jobs` is the number of processes, 0 for one a core.

    `waiting` is called if the build has to wait for another one of the site. `trusting` takes the
    files of the output for as they were left, if nobody has built into it since. `changed` are the
    paths of the only files of the site that have changed since the last build, if that is known.
    """

    root: Path
    output: Path
    base_url: str | None = None
    drafts: bool = False
    strict: bool = False
    clean: bool = False
    jobs: int = 0
    waiting: Callable[[], None] = _in_silence
    trusting: bool = False
    changed: tuple[str, ...] | None = None


class Report(Struct, frozen=True):
    """What a build did, in the words of the contract. `reasons` are (address, why rendered).

    `word` is what the editor should know of the cache, or empty. `changed` and `gone` are the files
    that `written` and `removed` count, as paths in the output; they are for the preview alone.
    """

    pages: int = 0
    parsed: int = 0
    rendered: int = 0
    reused: int = 0
    written: int = 0
    removed: int = 0
    seconds: float = 0.0
    diagnostics: tuple[Diagnostic, ...] = ()
    reasons: tuple[tuple[str, tuple[str, ...]], ...] = ()
    failed: bool = False
    word: str = ""
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
