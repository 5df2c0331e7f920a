"""The conductor: load -> parse -> catalogue -> plan -> render -> publish."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from builder.addresses import output_path
from builder.compose import Composer
from builder.config import load_site
from builder.diagnostics import Diagnostic, DigestError, has_errors, in_order
from builder.gather import Bodies, gather
from builder.layout import lay_out
from builder.load import CONTENT, content_files
from builder.parts import Inventory
from builder.publish import MANIFEST, Output, Staged
from builder.renew import RenderTask, Renewal, remember, renew
from builder.report import Options, Report
from builder.root import FILE
from builder.theme import Theme, check_theme, load_theme, theme_folders
from builder.unchanged import remember_last

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from builder.cache import Cache
    from builder.model import Site
    from builder.plan import Plan


def conduct(options: Options, cache: Cache, called: bytes, began: int) -> Report:
    """Build and publish. `called` is the fingerprint of the options, `began` the instant of the start.

    Raises DigestError for content, a theme or a configuration with errors.
    """
    jobs = options.jobs or os.cpu_count() or 1
    site, found = load_site(options.root, options.base_url)
    theme, problems = _theme(options.root, site, cache)
    found += problems
    files, readable, problems = content_files(options.root, site)
    found += problems
    gathered = gather(options.root, readable, site, cache, began, jobs)
    found += gathered.diagnostics
    laid_out, catalog, problems = lay_out(site, theme, gathered.documents, files, drafts=options.drafts)
    diagnostics = in_order(found + problems, strict=options.strict)
    if theme is None or has_errors(diagnostics):
        raise DigestError(diagnostics)
    with Output(options.output, _shown(options)) as output:
        composer = Composer(site, catalog, Bodies(cache))
        task = RenderTask(composer, theme, site.language, output)
        inventory = Inventory(site, catalog, theme)
        renewal = _stage(options.root, laid_out, composer, inventory, task, output, cache, jobs)
        published = output.commit(renewal.staged)
    report = Report(pages=len(laid_out.pages), reused=len(laid_out.pages), diagnostics=diagnostics)
    _remember(options, cache, renewal, output, report, called, began)
    return structs.replace(
        report,
        parsed=gathered.parsed,
        rendered=renewal.rendered,
        reused=len(laid_out.pages) - renewal.rendered,
        written=len(published.changed),
        removed=len(published.gone),
        changed=published.changed,
        gone=published.gone,
        reasons=renewal.reasons,
    )


def _theme(root: Path, site: Site, cache: Cache) -> tuple[Theme | None, list[Diagnostic]]:
    """The theme, or what is wrong with it: that is reported along with the content's mistakes."""
    try:
        theme = load_theme(root, site.theme)
    except DigestError as error:
        return None, list(error.diagnostics)
    # Compiling every template takes longer than a small build: a theme is checked once.
    if cache.get("theme", theme.name, str) == theme.fingerprint:
        return theme, []
    from builder.render import Renderer

    problems = check_theme(theme, Renderer(theme, site.language).environment)
    if not problems:
        cache.put("theme", [(theme.name, theme.fingerprint)])
    return theme, problems


def _stage(
    root: Path,
    laid_out: Plan,
    composer: Composer,
    inventory: Inventory,
    task: RenderTask,
    output: Output,
    cache: Cache,
    jobs: int,
) -> Renewal:
    """Stage every output, in the order of publishing: files, articles, listings, feeds."""
    problems = output.check([output_path(one.address) for one in laid_out.outputs()])
    output.begin()
    copied = [
        output.put_file(output_path(copy.address), root / copy.source, copy.source)
        for copy in laid_out.copies
    ]
    renewal = renew(laid_out, inventory, task, output, cache, jobs)
    made = [output.put(output_path(one.address), composer.document(one)) for one in laid_out.documents]
    problems += [one for one in (*copied, *made) if isinstance(one, Diagnostic)]
    problems += _once(renewal.problems)
    if problems:
        raise DigestError(tuple(problems))
    before = [one for one in copied if isinstance(one, Staged)]
    behind = [one for one in made if isinstance(one, Staged)]
    return structs.replace(renewal, staged=(*before, *renewal.staged, *behind))


def _remember(
    options: Options,
    cache: Cache,
    renewal: Renewal,
    output: Output,
    report: Report,
    called: bytes,
    began: int,
) -> None:
    """Record the build, now that it has succeeded."""
    ended = time.time_ns()
    remember(renewal, output, cache, ended)
    remember_last(
        cache,
        output.folder,
        called,
        (options.root / FILE, options.root / CONTENT, *theme_folders(options.root)),
        {MANIFEST: "", **output.manifest},
        msgspec.msgpack.encode(report),
        began=began,
        ended=ended,
    )


def _once(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """A mistake of a template once, not for every page that it spoils."""
    return list({(one.file, one.line, one.code): one for one in reversed(list(found))}.values())


def _shown(options: Options) -> str:
    """How messages name the output folder."""
    if options.output.is_relative_to(options.root):
        return options.output.relative_to(options.root).as_posix()
    return options.output.as_posix()
