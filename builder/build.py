"""The conductor: load -> parse -> catalogue -> plan -> render -> publish."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from builder.addresses import output_path
from builder.compose import Composer
from builder.config import load_site
from builder.diagnostics import Diagnostic, DigestError, has_errors
from builder.layout import lay_out
from builder.load import content_files, read_sources
from builder.publish import Output, Published, Staged
from builder.render import Renderer
from builder.theme import Theme, check_theme, load_theme
from builder.work import ParseTask, RenderTask, spread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.model import Catalog, Site
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
    """What a build did, in the words of the contract. `reasons` are (address, why rendered)."""

    pages: int = 0
    parsed: int = 0
    rendered: int = 0
    reused: int = 0
    written: int = 0
    removed: int = 0
    seconds: float = 0.0
    diagnostics: tuple[Diagnostic, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    failed: bool = False


def build(options: Options) -> Report:
    """Build the site and publish it; content, theme or configuration with errors is a failed report.

    Nothing in the output folder changes unless every page was rendered.
    """
    began = time.perf_counter()
    try:
        report = _build(options, options.jobs or os.cpu_count() or 1)
    except DigestError as error:
        report = Report(diagnostics=_sorted(error.diagnostics, options), failed=True)
    return structs.replace(report, seconds=round(time.perf_counter() - began, 3))


def _build(options: Options, jobs: int) -> Report:
    site, found = load_site(options.root, options.base_url)
    theme, problems = _theme(options.root, site)
    found += problems
    files, readable, problems = content_files(options.root, site)
    found += problems
    sources, problems = read_sources(options.root, readable)
    found += problems
    parsed = list(spread(ParseTask(site), sources, jobs))
    found += [one for result in parsed for one in result.diagnostics]
    documents = [result.document for result in parsed if result.document is not None]
    laid_out, catalog, problems = lay_out(site, theme, documents, files, drafts=options.drafts)
    diagnostics = _sorted(found + problems, options)
    if theme is None or has_errors(diagnostics):
        raise DigestError(diagnostics)
    published = _publish(options, theme, site, laid_out, catalog, jobs)
    return Report(
        pages=len(laid_out.pages),
        parsed=sum(source.path.startswith("content/articles/") for source in sources),
        rendered=len(laid_out.pages),
        written=published.written,
        removed=published.removed,
        diagnostics=diagnostics,
        reasons=tuple((page.address, "clean build") for page in laid_out.pages),
    )


def _theme(root: Path, site: Site) -> tuple[Theme | None, list[Diagnostic]]:
    """The theme, or what is wrong with it: that is reported along with the content's mistakes."""
    try:
        theme = load_theme(root, site.theme)
    except DigestError as error:
        return None, list(error.diagnostics)
    return theme, check_theme(theme, Renderer(theme, site.language).environment)


def _publish(
    options: Options, theme: Theme, site: Site, laid_out: Plan, catalog: Catalog, jobs: int
) -> Published:
    """Render everything into the stage and publish it; on any error the output is as it was."""
    with Output(options.output, _shown(options)) as output:
        problems = output.check([output_path(one.address) for one in laid_out.outputs()])
        output.begin()
        composer = Composer(site, catalog)
        # What a page needs or links to is published before it: files, articles, then listings.
        results: list[Staged | Diagnostic] = [
            output.put_file(output_path(copy.address), options.root / copy.source)
            for copy in laid_out.copies
        ]
        pages = sorted(laid_out.pages, key=lambda page: page.template != "article.html")
        results += spread(RenderTask(composer, theme, site.language, output), pages, jobs)
        for document in laid_out.documents:
            data = composer.document(document)
            results.append(output.put(output_path(document.address), data))
        problems += _once(one for one in results if isinstance(one, Diagnostic))
        if problems:
            raise DigestError(tuple(problems))
        return output.commit([one for one in results if isinstance(one, Staged)])


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
