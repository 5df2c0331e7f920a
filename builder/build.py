"""The conductor: load -> parse -> catalogue -> plan -> render -> publish."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from builder.addresses import output_path
from builder.cache import FOLDER, Cache, DamagedError, open_cache
from builder.compose import Composer
from builder.config import FILE, load_site
from builder.diagnostics import Diagnostic, DigestError, has_errors
from builder.fingerprint import of_value
from builder.gather import Bodies, gather
from builder.layout import lay_out
from builder.load import CONTENT, content_files
from builder.lock import locked
from builder.parts import Inventory
from builder.publish import MANIFEST, Output, Staged
from builder.render import Renderer
from builder.renew import RenderTask, Renewal, remember, renew
from builder.theme import Theme, check_theme, load_theme, theme_folders
from builder.toolchain import toolchain
from builder.unchanged import remember_last, unchanged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.model import Catalog, Site
    from builder.plan import Plan


def _in_silence() -> None:
    """Say nothing."""


class Options(Struct, frozen=True):
    """How to build. `output` is absolute; `jobs` is the number of processes, 0 for one a core.

    `waiting` is called if the build has to wait for another one of the site.
    """

    root: Path
    output: Path
    base_url: str | None = None
    drafts: bool = False
    strict: bool = False
    clean: bool = False
    jobs: int = 0
    waiting: Callable[[], None] = _in_silence


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
    with locked(options.root / FOLDER, options.waiting):
        cache = open_cache(options.root, toolchain())
        try:
            if options.clean:
                cache.clear()
            try:
                report = _build(options, cache)
            except DamagedError:
                cache.clear()
                cache.word = "the cache was damaged and has been thrown away"
                report = _build(options, cache)
        except DigestError as error:
            report = Report(diagnostics=_sorted(error.diagnostics, options), failed=True)
        finally:
            cache.close()
    seconds = round(time.perf_counter() - began, 3)
    return structs.replace(report, seconds=seconds, word=cache.word)


def _build(options: Options, cache: Cache) -> Report:
    began = time.time_ns()
    called = of_value([str(options.root), options.base_url, options.drafts, options.strict])
    last = unchanged(cache, options.output, called)
    if last is not None:
        return msgspec.msgpack.decode(last, type=Report)
    jobs = options.jobs or os.cpu_count() or 1
    site, found = load_site(options.root, options.base_url)
    theme, problems = _theme(options.root, site)
    found += problems
    files, readable, problems = content_files(options.root, site)
    found += problems
    gathered = gather(options.root, readable, site, cache, began, jobs)
    found += gathered.diagnostics
    laid_out, catalog, problems = lay_out(site, theme, gathered.documents, files, drafts=options.drafts)
    diagnostics = _sorted(found + problems, options)
    if theme is None or has_errors(diagnostics):
        raise DigestError(diagnostics)
    with Output(options.output, _shown(options)) as output:
        composer = Composer(site, catalog, Bodies(cache))
        renewal = _staged(options, theme, site, composer, laid_out, catalog, output, cache, jobs)
        published = output.commit(renewal.staged)
    ended = time.time_ns()
    remember(renewal, output, cache, ended)
    report = Report(pages=len(laid_out.pages), reused=len(laid_out.pages), diagnostics=diagnostics)
    remember_last(
        cache,
        output.folder,
        called,
        (options.root / FILE, options.root / CONTENT, *theme_folders(options.root)),
        (MANIFEST, *output.manifest),
        msgspec.msgpack.encode(report),
        began=began,
        ended=ended,
    )
    return structs.replace(
        report,
        parsed=gathered.parsed,
        rendered=renewal.rendered,
        reused=len(laid_out.pages) - renewal.rendered,
        written=published.written,
        removed=published.removed,
        reasons=renewal.reasons,
    )


def _theme(root: Path, site: Site) -> tuple[Theme | None, list[Diagnostic]]:
    """The theme, or what is wrong with it: that is reported along with the content's mistakes."""
    try:
        theme = load_theme(root, site.theme)
    except DigestError as error:
        return None, list(error.diagnostics)
    return theme, check_theme(theme, Renderer(theme, site.language).environment)


def _staged(
    options: Options,
    theme: Theme,
    site: Site,
    composer: Composer,
    laid_out: Plan,
    catalog: Catalog,
    output: Output,
    cache: Cache,
    jobs: int,
) -> Renewal:
    """Stage every output, in the order of publishing: files, articles, listings, feeds."""
    problems = output.check([output_path(one.address) for one in laid_out.outputs()])
    output.begin()
    copied = [
        output.put_file(output_path(copy.address), options.root / copy.source, copy.source)
        for copy in laid_out.copies
    ]
    task = RenderTask(composer, theme, site.language, output)
    renewal = renew(laid_out, Inventory(site, catalog, theme), task, output, cache, jobs)
    made = [output.put(output_path(one.address), composer.document(one)) for one in laid_out.documents]
    problems += [one for one in (*copied, *made) if isinstance(one, Diagnostic)]
    problems += _once(renewal.problems)
    if problems:
        raise DigestError(tuple(problems))
    before = [one for one in copied if isinstance(one, Staged)]
    behind = [one for one in made if isinstance(one, Staged)]
    return structs.replace(renewal, staged=(*before, *renewal.staged, *behind))


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
