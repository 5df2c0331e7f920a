"""A build from outside: one at a time, ended at once when there is nothing to do, else conducted.

What a build that does nothing does not need is not imported here; the stages are conducted by
`pipeline`.
"""

from __future__ import annotations

import gc
import os
import time
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from builder.cache import FOLDER, Cache, DamagedError, unwritable
from builder.diagnostics import Diagnostic, DigestError, Place, diagnostic, in_order
from builder.fingerprint import of_value
from builder.lock import held, locked
from builder.memory import Memory
from builder.report import Options, Report
from builder.toolchain import toolchain
from builder.unchanged import Before, unchanged

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Options", "Report", "build"]


def build(options: Options, memory: Memory | None = None) -> Report:
    """Build the site and publish it; content, theme or configuration with errors is a failed report.

    Nothing in the output folder changes unless every page that needs it was rendered. A `memory` makes
    the next build with it shorter; it is for builds of one site with the same options.
    """
    began = time.perf_counter()
    kept = memory or Memory()
    with locked(options.root / FOLDER, options.waiting), held(options.output, options.waiting):
        try:
            report = _remembering(options, kept)
        except DigestError as error:
            # There is nowhere to remember anything while the build runs.
            kept.forget()
            report = _failed(options, error)
        except OSError as error:
            # No stage expects it: a folder that nobody may enter, for instance.
            kept.forget()
            report = _failed(options, DigestError((_refused(options.root, error),)))
        except BaseException:
            kept.forget()
            raise
        if memory is None:
            kept.forget()
    return structs.replace(report, seconds=round(time.perf_counter() - began, 3))


def _remembering(options: Options, memory: Memory) -> Report:
    """Build with the cache; if that is damaged with a new one, at last with one that is not kept."""
    cache = _cache(options, memory)
    report = None
    for mend in (cache.renew, cache.retreat):
        try:
            report = _build(options, memory, cache)
            break
        except DamagedError:
            memory.doubt()
            mend()
    if report is None:
        try:
            report = _build(options, memory, cache)
        except DamagedError:
            raise unwritable() from None
    cache.leave()
    word, cache.word = cache.word, ""
    return structs.replace(report, word=word)


def _cache(options: Options, memory: Memory) -> Cache:
    """The cache of the memory, if it is as it was left, else one opened anew."""
    if options.clean or memory.cache is None or not memory.cache.is_as_left():
        memory.forget()
        memory.cache = Cache(options.root / FOLDER, toolchain())
        memory.cache.open()
    if options.clean:
        memory.cache.clear()
    return memory.cache


def _build(options: Options, memory: Memory, cache: Cache) -> Report:
    began = time.time_ns()
    called = of_value([str(options.root), options.base_url, options.drafts, options.strict])
    before = Before() if memory.layout is not None else unchanged(cache, options.output, called)
    if before.report is not None:
        return msgspec.msgpack.decode(before.report, type=Report)
    from builder.pipeline import Start, conduct

    # A build makes a great many values and hardly a cycle: visiting them over and over finds nothing.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return conduct(options, memory, cache, Start(called, began, before.seen, before.published))
    except DigestError as error:
        return _failed(options, error)
    finally:
        if collecting:
            gc.enable()


def _refused(root: Path, error: OSError) -> Diagnostic:
    """What the operating system does not let the build do."""
    place = os.path.relpath(os.fsdecode(error.filename or root), root).replace(os.sep, "/")
    message = f"the file can't be read or written: {(error.strerror or str(error)).lower()}"
    hint = "look whether it is there, and whether you may read and write it"
    return diagnostic(place, Place(), "unreadable-file", message, hint)


def _failed(options: Options, error: DigestError) -> Report:
    return Report(diagnostics=in_order(error.diagnostics, strict=options.strict), failed=True)
