"""The conductor: load -> parse -> catalogue -> plan -> render -> publish."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from builder.addresses import output_path
from builder.cache import Cache, DamagedError, open_cache
from builder.compose import Composer
from builder.config import load_site
from builder.diagnostics import Diagnostic, DigestError, has_errors
from builder.gather import Bodies, gather
from builder.layout import lay_out
from builder.load import content_files
from builder.parts import Inventory
from builder.publish import Output, Staged
from builder.render import Renderer
from builder.renew import RenderTask, remember, renew
from builder.theme import Theme, check_theme, load_theme
from builder.toolchain import toolchain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.model import Site
    from builder.plan import Plan


class Options(Struct, frozen=True):
    """How to build. `output` is absolute; `jobs` is the number of processes, 0 for one a core."""

    root: Path
    output: Path
    base_url: str | None = None
    drafts: bool = False
    strict: bool = False
    clean: bool = False
    jobs: int = 0


class Report(Struct, frozen=True):
    """What a build did, in the words of the contract. `reasons` are (address, why rendered).

    `word` is what the editor should know of the cache, or empty.
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


def build(options: Options) -> Report:
    """Build the site and publish it; content, theme or configuration with errors is a failed report.

    Nothing in the output folder changes unless every page that needs it was rendered.
    """
    began = time.perf_counter()
    cache = open_cache(options.root, toolchain())
    try:
        if options.clean:
            cache.clear()
        try:
            report = _build(options, cache)
        except DamagedError:
            cache.clear()
            report = _build(options, cache)
    except DigestError as error:
        report = Report(diagnostics=_sorted(error.diagnostics, options), failed=True)
    finally:
        cache.close()
    seconds = round(time.perf_counter() - began, 3)
    return structs.replace(report, seconds=seconds, word=cache.word)


def _build(options: Options, cache: Cache) -> Report:
    recorded_at = time.time_ns()
    jobs = options.jobs or os.cpu_count() or 1
    site, found = load_site(options.root, options.base_url)
    theme, problems = _theme(options.root, site)
    found += problems
    files, readable, problems = content_files(options.root, site)
    found += problems
    gathered = gather(options.root, readable, site, cache, recorded_at, jobs)
    found += gathered.diagnostics
    laid_out, catalog, problems = lay_out(site, theme, gathered.documents, files, drafts=options.drafts)
    diagnostics = _sorted(found + problems, options)
    if theme is None or has_errors(diagnostics):
        raise DigestError(diagnostics)
    composer = Composer(site, catalog, Bodies(cache))
    with Output(options.output, _shown(options)) as output:
        problems = output.check([output_path(one.address) for one in laid_out.outputs()])
        output.begin()
        # What a page needs or links to is published before it: files, articles, then listings.
        copied = _put_files(options.root, laid_out, output)
        task = RenderTask(composer, theme, site.language, output)
        inventory = Inventory(site, catalog, theme)
        renewal = renew(laid_out, inventory, task, output, cache, jobs)
        made = [
            output.put(output_path(one.address), composer.document(one)) for one in laid_out.documents
        ]
        results = (*copied, *renewal.staged, *made)
        problems += [one for one in results if isinstance(one, Diagnostic)]
        problems += _once(renewal.problems)
        if problems:
            raise DigestError(tuple(problems))
        published = output.commit([one for one in results if isinstance(one, Staged)])
    remember(renewal, output, cache, recorded_at)
    return Report(
        pages=len(laid_out.pages),
        parsed=gathered.parsed,
        rendered=renewal.rendered,
        reused=len(laid_out.pages) - renewal.rendered,
        written=published.written,
        removed=published.removed,
        diagnostics=diagnostics,
        reasons=renewal.reasons,
    )


def _theme(root: Path, site: Site) -> tuple[Theme | None, list[Diagnostic]]:
    """The theme, or what is wrong with it: that is reported along with the content's mistakes."""
    try:
        theme = load_theme(root, site.theme)
    except DigestError as error:
        return None, list(error.diagnostics)
    return theme, check_theme(theme, Renderer(theme, site.language).environment)


def _put_files(root: Path, laid_out: Plan, output: Output) -> list[Staged | Diagnostic]:
    return [output.put_file(output_path(copy.address), root / copy.source) for copy in laid_out.copies]


def _once(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """A mistake of a template once, not for every page that it spoils."""
    return list({(one.file, one.line, one.code): one for one in reversed(list(found))}.values())


def _shown(options: Options) -> str:
    """How messages name the output folder."""
    if options.output.is_relative_to(options.root):
        return options.output.relative_to(options.root).as_posix()
    return options.output.as_posix()


def _sorted(found: Iterable[Diagnostic], options: Options) -> tuple[Diagnostic, ...]:
    """The diagnostics in order, each once; all of them errors if the run is strict."""
    return tuple(structs.replace(one, strict=options.strict) for one in sorted(set(found)))
