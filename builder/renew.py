"""Plan -> staged outputs: each page rendered anew, or kept as it was published.

A page is kept if nothing that its view is made of has changed and its file is as it was written. A
listing whose parts changed is composed, and rendered only if its view changed too.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Raw, Struct, structs

from builder.addresses import output_path
from builder.diagnostics import Diagnostic, DigestError
from builder.fingerprint import of_value
from builder.parts import Inventory, MadeOf
from builder.plan import Page
from builder.publishing.publish import Staged
from builder.since import Shown, since
from builder.stale import NEW, PageEntry, reasons
from builder.stamps import UNKNOWN, Stamp, published_stamp, settled, stamp_at
from builder.work import Task, shares_of, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from builder.cache import Cache
    from builder.compose import Composer
    from builder.publishing.publish import Output
    from builder.render import Renderer
    from builder.theming.compiled import Compiled
    from builder.theming.theme import Theme

_PAGES = "page"
_SHOWN = "shown"
#: Pages whose parts say exactly what they show: their views need not be compared.
_EXACT = frozenset(("article.html", "page.html", "404.html", "redirect.html"))


class Todo(Struct, frozen=True):
    """A page to compose; `kept` is its entry if it may stay should its view be what it was.

    `made_of` is what its view is made of, if that is known already.
    """

    page: Page
    kept: PageEntry | None = None
    made_of: MadeOf | None = None


class Done(Struct, frozen=True):
    """A page that was rendered, or (`rendered` is false) found to be as it was."""

    staged: Staged
    view: bytes
    made_of: MadeOf
    rendered: bool


class Survey(Struct, frozen=True):
    """What is to be done: all pages in the order of publishing, those to compose, and why.

    `known` are the entries of those that are published, by address; `why` are the reasons of those to
    compose. `same` are new entries of pages that stay, and `shown` is what all of them show.
    """

    pages: tuple[Page, ...]
    known: dict[str, PageEntry]
    todo: tuple[Todo, ...]
    why: dict[str, tuple[str, ...]]
    same: dict[str, PageEntry]
    shown: Shown

    def paths(self) -> list[str]:
        """The files that may be written."""
        return [one.page.path for one in self.todo]

    def written(self) -> dict[str, str]:
        """The fingerprints of the pages as they were published last, as they are remembered."""
        return {output_path(address): entry.fingerprint for address, entry in self.known.items()}


class Renewal(Struct, frozen=True):
    """What became of the pages to compose, in the order in which they are to be published.

    `entries` are to be remembered once they are published; their stamps are those of the files before
    they move. Those of `same` belong to pages that stay, and are remembered as they are. The pages
    with the addresses of `gone` are no longer there.
    """

    staged: tuple[Staged, ...]
    problems: tuple[Diagnostic, ...] = ()
    rendered: int = 0
    reasons: tuple[tuple[str, tuple[str, ...]], ...] = ()
    entries: tuple[tuple[Page, PageEntry], ...] = ()
    same: dict[str, PageEntry] = {}
    gone: tuple[str, ...] = ()
    shown: Shown | None = None


class RenderTask(Task[Todo, "Done | Diagnostic"]):
    """Composes and renders pages, and stages them in the output."""

    def __init__(
        self,
        composer: Composer,
        inventory: Inventory,
        theme: Theme,
        tag: str,
        output: Output,
        compiled: Compiled | None = None,
    ) -> None:
        self._composer = composer
        self._inventory = inventory
        self._compiled = compiled
        self._theme = theme
        self._tag = tag
        self._output = output

    @cached_property
    def _renderer(self) -> Renderer:
        from builder.render import Renderer

        return Renderer(self._theme, self._tag, self._compiled)

    def prepare(self) -> None:
        """Compile the templates, so that processes that are forked have them."""
        self._renderer.compile()

    def __getstate__(self) -> dict[str, Any]:
        """Compiled templates can't be sent to another process."""
        return {name: value for name, value in vars(self).items() if name != "_renderer"}

    def shares(self, items: Sequence[Todo], jobs: int) -> Sequence[range]:
        """Neighbours show the same articles: most of them are left to one process."""
        # To show an article in a listing takes about a sixth of the time of a page.
        return shares_of([6 + len(self._composer.shown(one.page)) for one in items], jobs)

    def run(self, items: Sequence[Todo]) -> list[Done | Diagnostic]:
        """What became of each page, in their order; for one that fails, all that is wrong with it."""
        results: list[Done | Diagnostic] = []
        self._composer.read_ahead([one.page for one in items])
        for one in items:
            try:
                results.append(self._render(one))
            except DigestError as error:
                results += error.diagnostics
        return results

    def _render(self, one: Todo) -> Done | Diagnostic:
        page, kept = one.page, one.kept
        made_of = one.made_of or self._inventory.made_of(page)
        view = self._composer.view(page)
        shown = b"" if page.template in _EXACT else of_value(view)
        path = page.path
        if kept is not None and shown and kept.view == shown:
            same = Staged(path, kept.fingerprint, changed=False, stamp=kept.stamp)
            return Done(same, shown, made_of, rendered=False)
        staged = self._output.put(path, self._renderer.render(page, view))
        return Done(staged, shown, made_of, rendered=True) if isinstance(staged, Staged) else staged


def survey(
    pages: Sequence[Page],
    inventory: Inventory,
    shown: Shown,
    output: Output,
    cache: Cache,
    stamps: Mapping[str, Stamp] | None,
    began: int,
) -> Survey:
    """Find the pages of the plan that are not published as they should be, and say why.

    `shown` is what they show now. `stamps` are those of published files that were looked up already;
    without any, the files are taken for as they were written. `began` is the instant of the build.
    """
    known = cache.all(bucket(output), PageEntry)
    before = cache.get(_SHOWN, str(output.folder), Shown)
    told = since(before, shown, inventory.catalog)
    todo: list[Todo] = []
    why: dict[str, tuple[str, ...]] = {}
    same: dict[str, PageEntry] = {}
    for page in pages:
        entry = known.get(page.address)
        state = ""
        if entry is not None and stamps is not None:
            state, entry = output_state(output, page, entry, stamps, began)
            if entry is not known[page.address]:
                same[page.address] = entry
        as_written = entry is not None and not state
        if as_written and told is not None and not told.touched(page):
            continue
        if entry is None:
            # What a new page is made of can be found out where it is rendered.
            why[page.address] = NEW
            todo.append(Todo(page))
            continue
        whole = inventory.whole(page)
        if as_written and entry.whole == whole:
            continue
        parts = inventory.parts(page)
        found, changed = reasons(entry, parts, state)
        if not found:
            same[page.address] = structs.replace(entry, whole=whole)
            continue
        why[page.address] = found
        kept = None if state or "template" in changed else entry
        todo.append(Todo(page, kept, inventory.made_of(page, parts)))
    # Pages that show the same articles are rendered near one another.
    todo.sort(key=lambda one: inventory.first(one.page))
    return Survey(tuple(pages), known, tuple(todo), why, same, shown)


def renew(found: Survey, task: RenderTask, jobs: int) -> Renewal:
    """Render and stage the pages of a survey that need it; if one can't be, the problems are all."""
    results = list(spread(task, found.todo, jobs))
    problems = tuple(one for one in results if isinstance(one, Diagnostic))
    if problems:
        return Renewal((), problems)
    done = {
        one.page.address: result
        for one, result in zip(found.todo, results, strict=True)
        if isinstance(result, Done)
    }
    staged: list[Staged] = []
    entries: list[tuple[Page, PageEntry]] = []
    for page in found.pages if done else ():
        result = done.get(page.address)
        if result is not None:
            staged.append(result.staged)
            made_of, written = result.made_of, result.staged.fingerprint
            stamp = result.staged.stamp
            entry = PageEntry(made_of.whole, Raw(made_of.parts), result.view, stamp, False, written)
            entries.append((page, entry))
    gone: set[str] = set()
    if len(found.known) + len(done) > len(found.pages):
        gone = found.known.keys() - {page.address for page in found.pages}
    return Renewal(
        staged=tuple(staged),
        rendered=sum(one.rendered for one in done.values()),
        reasons=tuple((page, why) for page, why in found.why.items() if done[page].rendered),
        entries=tuple(entries),
        same=found.same,
        gone=tuple(sorted(gone)),
        shown=found.shown,
    )


def remember(renewal: Renewal, output: Output, cache: Cache, recorded_at: int) -> None:
    """Record the pages as they are published now. To be called after publishing, never before."""
    entries = dict(renewal.same)
    for page, entry in renewal.entries:
        stamp, still = published_stamp(f"{output.folder}{os.sep}{page.path}", entry.stamp, recorded_at)
        entries[page.address] = structs.replace(entry, stamp=stamp, settled=still)
    # The entries of pages and what all of them show are true together or not at all.
    with cache.at_once():
        cache.update(bucket(output), entries, renewal.gone)
        cache.put(_SHOWN, [(str(output.folder), renewal.shown)])


def unstaged(found: Survey, staged: Iterable[Staged], manifest: Mapping[str, str]) -> dict[str, str]:
    """The fingerprints of pages that stay and that a manifest lacks, or has with others."""
    made = {one.path for one in staged}
    entries = ((page.path, found.known.get(page.address)) for page in found.pages)
    return {
        path: entry.fingerprint
        for path, entry in entries
        if entry is not None and path not in made and manifest.get(path) != entry.fingerprint
    }


def page_stamps(pages: Sequence[Page], output: Output, cache: Cache) -> dict[str, Stamp]:
    """The stamps of all published pages by path, as they are remembered."""
    known = cache.all(bucket(output), PageEntry)
    return {page.path: known[page.address].stamp for page in pages}


def bucket(output: Output) -> str:
    """The cache's bucket of what is published in an output folder."""
    return f"{_PAGES} {output.folder}"


def output_state(
    output: Output, page: Page, entry: PageEntry, stamps: Mapping[str, Stamp], began: int
) -> tuple[str, PageEntry]:
    """What happened to the published file of a page, in words; empty if it is as it was written.

    The entry comes back, with the stamp that the file has now if it is.
    """
    path = page.path
    stamp = stamps.get(path) or stamp_at(f"{output.folder}{os.sep}{path}")
    if stamp == UNKNOWN:
        return "its published file was missing", entry
    if entry.settled and stamp == entry.stamp:
        return "", entry
    if output.fingerprint_of(page.path) != entry.fingerprint:
        return "its published file was altered", entry
    return "", structs.replace(entry, stamp=stamp, settled=settled(stamp, began))
