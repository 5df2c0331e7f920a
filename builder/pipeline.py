"""The conductor: load -> parse -> catalogue -> plan -> render -> publish."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from builder.addresses import output_path
from builder.cache import FOLDER, DamagedError
from builder.compose import Composer
from builder.diagnostics import Diagnostic, DigestError, has_errors, in_order
from builder.gather import Articles, gather
from builder.layout import Given, Kept, Layout, holds, kept_layout, lay_out
from builder.load import CONTENT, Listing, beside, content_files, load_site, looked_again
from builder.lookout import look_out
from builder.model import Site
from builder.parts import Inventory
from builder.publishing.publish import MANIFEST, STAGE, Output, Staged
from builder.renew import RenderTask, Renewal, Survey, page_stamps, remember, renew, survey, unstaged
from builder.report import Options, Report
from builder.root import FILE
from builder.since import Shown
from builder.theming.compiled import Compiled, compiled_folder
from builder.theming.soundness import check_theme
from builder.theming.theme import Theme, load_theme, theme_folders
from builder.toolchain import toolchain
from builder.unchanged import Seen, look, remember_last
from builder.unrendered import Unrendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from builder.cache import Cache
    from builder.memory import Memory
    from builder.plan import Plan
    from builder.stamps import Stamp


_LAYOUTS = "layout"
_FRONT = output_path("/")


class Start(Struct, frozen=True):
    """How a build begins: the fingerprint of its options, the instant, and what it saw of the site.

    That is nothing for a build that looks at single files alone, and is not recorded. `published` are
    the paths of the files that the last build left in the output folder, if that is known.
    """

    called: bytes
    began: int
    seen: Seen | None
    published: tuple[str, ...] = ()


class Content(Struct, frozen=True):
    """A site as it was read and understood: all that pages are made of.

    `listing` are its files, if there is nothing to say of them that another look would have to find.
    """

    site: Site
    theme: Theme
    listing: Listing | None
    layout: Layout
    articles: Articles
    parsed: int
    diagnostics: tuple[Diagnostic, ...]


def conduct(options: Options, memory: Memory, cache: Cache, start: Start) -> Report:
    """Build and publish.

    Raises DigestError for content, a theme or a configuration with errors.
    """
    root = options.root
    folders = (root / FILE, root / CONTENT, *theme_folders(root), *beside(root))
    names = tuple(str(folder) for folder in folders)
    if not options.trusting and (start.seen is None or start.seen.folders != names):
        # What changes from now on may or may not be read: it must be seen to differ by the next build.
        start = structs.replace(start, seen=look(names))
    if os.path.exists(options.output / STAGE):
        # What an interrupted build began is finished first, whatever becomes of this one.
        Output(options.output, _shown(options)).open()
    lookout = look_out(str(options.output), start.published, _jobs(options))
    try:
        content = _understand(options, memory, cache, start)
    finally:
        stamps = lookout.stamps() if lookout is not None else {}
    try:
        return _publish(options, memory, cache, start, content, stamps)
    except DigestError as error:
        # What there is to say of the content is told beside what ends the build.
        found = (*content.diagnostics, *error.diagnostics)
        raise DigestError(in_order(found, strict=options.strict)) from None


def _jobs(options: Options) -> int:
    return options.jobs or os.cpu_count() or 1


def _understand(options: Options, memory: Memory, cache: Cache, start: Start) -> Content:
    site, found = load_site(options.root, options.base_url)
    theme, problems = _theme(options.root, site)
    found += problems
    listing, unlisted = _listing(options, memory, site, start)
    found += unlisted
    decoded = memory.decoded
    gathered = gather(options.root, listing, site, cache, start.began, _jobs(options), decoded)
    found += gathered.diagnostics
    articles = Articles(cache, gathered.seals)
    made_of = gathered.articles, gathered.documents, listing.files, options.drafts
    layout = _laid_out(Given(site, theme, *made_of), options, memory, cache, articles)
    diagnostics = in_order((*found, *layout.diagnostics), strict=options.strict)
    if theme is None or has_errors(diagnostics):
        raise DigestError(diagnostics)
    quiet = None if unlisted else listing
    return Content(site, theme, quiet, layout, articles, gathered.parsed, diagnostics)


def _publish(
    options: Options,
    memory: Memory,
    cache: Cache,
    start: Start,
    content: Content,
    stamps: Mapping[str, Stamp],
) -> Report:
    """Render what needs it, publish and remember.

    `stamps` are those of published files that were looked up already.
    """
    site, theme, layout = content.site, content.theme, content.layout
    plan, diagnostics = layout.plan, content.diagnostics
    known = memory.manifest(options.output / MANIFEST)
    with Output(options.output, _shown(options), known) as output:
        composer = Composer(site, layout.catalog, content.articles)
        inventory = Inventory(site, layout.catalog, theme)
        shown = Shown(layout.given, inventory.common, layout.seals)
        trusting = options.trusting and known is not None
        seen = None if trusting else stamps
        stale = survey(plan.pages, inventory, shown, output, cache, seen, start.began)
        files_apart = Unrendered(options.root, inventory, output, cache, start.began)
        task = RenderTask(composer, inventory, theme, site.language, output, _compiled())
        staged, renewal = _stage(plan, stale, files_apart, composer, task, output, _jobs(options))
        missing = unstaged(stale, staged, output.manifest)
        published = output.commit(staged, layout.paths, missing)
    report = Report(pages=len(plan.pages), reused=len(plan.pages), diagnostics=diagnostics)
    try:
        _remember(options, cache, layout, renewal, files_apart, output, report, start)
    except DamagedError:
        # The site is published; what is not remembered of it, the next build makes again.
        memory.doubt()
        with suppress(DigestError):
            cache.clear()
        cache.word = f"not all could be remembered: {FOLDER}/ can't be written"
    else:
        memory.leave(site, content.listing, layout, output)
    return structs.replace(
        report,
        parsed=content.parsed,
        rendered=renewal.rendered,
        reused=len(plan.pages) - renewal.rendered,
        written=len(published.changed),
        removed=len(published.gone),
        changed=published.changed,
        gone=published.gone,
        reasons=renewal.reasons,
    )


def _compiled() -> Compiled | None:
    folder = compiled_folder()
    return Compiled(str(folder), toolchain()) if folder is not None else None


def _listing(
    options: Options, memory: Memory, site: Site, start: Start
) -> tuple[Listing, list[Diagnostic]]:
    """The files of the site; only those that changed are looked at, if it is known which did."""
    before = memory.listing
    if options.changed is not None and before is not None:
        memory.changed.update(options.changed)
        listing = looked_again(before, options.root, memory.changed)
        if listing is not None and memory.site == site:
            return listing, []
    # If this build fails, what it saw is no base for a look at single files.
    memory.listing = None
    below = start.seen.below(str(options.root / CONTENT)) if start.seen is not None else None
    return content_files(options.root, site, below)


def _laid_out(
    given: Given, options: Options, memory: Memory, cache: Cache, articles: Articles
) -> Layout:
    """The layout of what was gathered; one that is kept, if only words changed since."""
    fingerprint = given.fingerprint()
    kept = memory.layout.kept if memory.layout is not None else None
    if kept is None or kept.given != fingerprint:
        kept = cache.get(_LAYOUTS, str(options.output), Kept)
    if kept is not None and holds(kept, fingerprint, articles.places):
        return kept_layout(kept, given, memory.layout)
    return lay_out(given, fingerprint, articles.places)


def _theme(root: Path, site: Site) -> tuple[Theme | None, list[Diagnostic]]:
    """The theme, or what is wrong with it: that is reported along with the content's mistakes."""
    try:
        theme = load_theme(root, site.theme)
    except DigestError as error:
        return None, list(error.diagnostics)
    # Compiling every template takes longer than a small build: a theme is checked once.
    checked = _checked(theme, site)
    compiled = _compiled()
    found = compiled.found(checked) if compiled is not None else None
    if found is not None:
        return theme, [*theme.notes, *found]
    from builder.render import Renderer
    from builder.theming.translations import check_catalogues

    problems = check_catalogues(theme, site.language)
    try:
        renderer = Renderer(theme, site.language, compiled)
    except DigestError as error:
        problems = problems or list(error.diagnostics)
        # What is wrong with templates is told beside it: they are looked through without catalogues.
        renderer = Renderer(structs.replace(theme, catalogs=()), site.language)
    problems += check_theme(theme, site, renderer.check)
    if compiled is not None and not has_errors(problems):
        compiled.remember_found(checked, problems)
    return theme, [*theme.notes, *problems]


def _checked(theme: Theme, site: Site) -> str:
    """Equal for all that is equal for the check of a theme, the names of its files among it.

    Its messages are those of one language, and kinds may have templates of their own. Of files whose
    names differ in capitals alone, a hint names the one that comes last.
    """
    files = [one.file for found in theme.catalogs for one in found.values()]
    kinds = [kind.id for kind in site.kinds]
    return repr((theme.chain, theme.fingerprint, files, [*theme.assets], site.language, kinds))


def _stage(
    laid_out: Plan,
    found: Survey,
    files: Unrendered,
    composer: Composer,
    task: RenderTask,
    output: Output,
    jobs: int,
) -> tuple[list[Staged], Renewal]:
    """Stage every output, in the order of publishing: files, articles, listings, feeds.

    What stands nowhere yet comes before what may lead to it, and of that the front page last, so that
    no page which can be reached leads to one that is not there.
    """
    if not output.is_known:
        output.recall({**found.written(), **files.written()})
    paths = [output_path(one.address) for one in laid_out.copies]
    paths += [output_path(one.address) for one in laid_out.documents]
    problems = output.check([*paths, *found.paths()])
    output.begin()
    copied = files.copies(laid_out.copies)
    renewal = renew(found, task, jobs)
    made = files.documents(laid_out.documents, composer)
    problems += [one for one in (*copied, *made) if isinstance(one, Diagnostic)]
    problems += _once(renewal.problems)
    if problems:
        raise DigestError(tuple(problems))
    first = [one for one in copied if isinstance(one, Staged)]
    then = [*renewal.staged, *(one for one in made if isinstance(one, Staged))]
    new = [one for one in then if one.new and one.path != _FRONT]
    # The way to all that is new comes behind it, if it is new itself.
    front = [one for one in then if one.new and one.path == _FRONT]
    return [*first, *new, *front, *[one for one in then if not one.new]], renewal


def _remember(
    options: Options,
    cache: Cache,
    layout: Layout,
    renewal: Renewal,
    files: Unrendered,
    output: Output,
    report: Report,
    start: Start,
) -> None:
    """Record the build, now that it has succeeded."""
    ended = time.time_ns()
    remember(renewal, output, cache, ended)
    files.remember(ended)
    if layout.is_new and layout.kept is not None:
        cache.put(_LAYOUTS, [(str(options.output), layout.kept)])
    if start.seen is None:
        return
    remember_last(
        cache,
        output.folder,
        start.called,
        {MANIFEST: "", **output.manifest},
        {**page_stamps(layout.plan.pages, output, cache), **files.stamps},
        msgspec.msgpack.encode(report),
        start.seen,
        began=start.began,
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
