"""A build from outside: one at a time, ended at once when there is nothing to do, else conducted.

What a build that does nothing does not need is not imported here; the stages are conducted by
`pipeline`.
"""

from __future__ import annotations

import gc
import time

import msgspec
from msgspec import structs

from builder.cache import FOLDER, Cache, DamagedError, unwritable
from builder.diagnostics import DigestError, in_order
from builder.fingerprint import of_value
from builder.lock import locked
from builder.report import Options, Report
from builder.toolchain import toolchain
from builder.unchanged import unchanged

__all__ = ["Options", "Report", "build"]


def build(options: Options) -> Report:
    """Build the site and publish it; content, theme or configuration with errors is a failed report.

    Nothing in the output folder changes unless every page that needs it was rendered.
    """
    began = time.perf_counter()
    with locked(options.root / FOLDER, options.waiting):
        cache = Cache(options.root / FOLDER, toolchain())
        try:
            report = _remembering(options, cache)
        except DigestError as error:
            report = Report(diagnostics=in_order(error.diagnostics, strict=options.strict), failed=True)
        finally:
            cache.close()
    seconds = round(time.perf_counter() - began, 3)
    return structs.replace(report, seconds=seconds, word=cache.word)


def _remembering(options: Options, cache: Cache) -> Report:
    """Build with the cache; if that is damaged with a new one, at last with one that is not kept."""
    cache.open()
    if options.clean:
        cache.clear()
    for mend in (cache.renew, cache.retreat):
        try:
            return _build(options, cache)
        except DamagedError:
            mend()
    try:
        return _build(options, cache)
    except DamagedError:
        raise unwritable() from None


def _build(options: Options, cache: Cache) -> Report:
    began = time.time_ns()
    called = of_value([str(options.root), options.base_url, options.drafts, options.strict])
    last = unchanged(cache, options.output, called)
    if last is not None:
        return msgspec.msgpack.decode(last, type=Report)
    from builder.pipeline import conduct

    # A build makes a great many values and hardly a cycle: visiting them over and over finds nothing.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return conduct(options, cache, called, began)
    finally:
        if collecting:
            gc.enable()
