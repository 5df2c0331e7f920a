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
from builder.fingerprint import encoded, of_value
from builder.plan import Page
from builder.publish import Staged
from builder.stale import PageEntry, reasons
from builder.stamps import Stamp, stamp_of
from builder.work import Task, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.cache import Cache
    from builder.compose import Composer
    from builder.parts import Inventory
    from builder.publish import Output
    from builder.render import Renderer
    from builder.theme import Theme

_PAGES = "page"
#: Pages whose parts say exactly what they show: their views need not be compared.
_EXACT = frozenset(("article.html", "page.html", "404.html", "redirect.html"))


class Todo(Struct, frozen=True):
    """A page to compose; `kept` is its entry if it may stay should its view be what it was."""

    page: Page
    kept: PageEntry | None = None


class Done(Struct, frozen=True):
    """A page that was rendered, or (`rendered` is false) found to be as it was."""

    staged: Staged
    view: bytes
    rendered: bool


class Survey(Struct, frozen=True):
    """What is to be done: all pages in the order of publishing, the ones to compose, and why.

    `known` are the entries of those that are published, by address; `why` are the reasons, and `parts`
    what they are made of now, of those to compose.
    """

    pages: tuple[Page, ...]
    known: dict[str, PageEntry]
    todo: tuple[Todo, ...]
    why: dict[str, tuple[str, ...]]
    parts: dict[str, tuple[bytes, dict[str, bytes]]]

    def paths(self) -> list[str]:
        """The files that may be written."""
        return [output_path(one.page.address) for one in self.todo]


class Renewal(Struct, frozen=True):
    """What became of the pages, in the order in which they are to be published.

    `entries` are to be remembered once they are published; their stamps are not known before. The
    pages of `kept` stay as they are, with their stamps by path; those of `gone` are no longer there.
    """

    staged: tuple[Staged, ...]
    problems: tuple[Diagnostic, ...] = ()
    rendered: int = 0
    reasons: tuple[tuple[str, tuple[str, ...]], ...] = ()
    entries: tuple[tuple[str, PageEntry], ...] = ()
    kept: dict[str, Stamp] = {}
    gone: tuple[str, ...] = ()


class RenderTask(Task[Todo, "Done | Diagnostic"]):
    """Composes and renders pages, and stages them in the output."""

    def __init__(self, composer: Composer, theme: Theme, tag: str, output: Output) -> None:
        self._composer = composer
        self._theme = theme
        self._tag = tag
        self._output = output

    @cached_property
    def _renderer(self) -> Renderer:
        from builder.render import Renderer

        return Renderer(self._theme, self._tag)

    def prepare(self) -> None:
        """Compile the templates, so that processes that are forked have them."""
        self._renderer.compile()

    def __getstate__(self) -> dict[str, Any]:
        """Compiled templates can't be sent to another process."""
        return {name: value for name, value in vars(self).items() if name != "_renderer"}

    def run(self, items: Sequence[Todo]) -> list[Done | Diagnostic]:
        """What became of each page, or why it could not be rendered."""
        results: list[Done | Diagnostic] = []
        for one in items:
            try:
                results.append(self._render(one))
            except DigestError as error:
                results += error.diagnostics
        return results

    def _render(self, one: Todo) -> Done | Diagnostic:
        page, kept = one.page, one.kept
        view = self._composer.view(page)
        stamp = b"" if page.template in _EXACT else of_value(view)
        path = output_path(page.address)
        if kept is not None and stamp and kept.view == stamp:
            return Done(Staged(path, kept.fingerprint, changed=False), stamp, rendered=False)
        staged = self._output.put(path, self._renderer.render(page, view))
        return Done(staged, stamp, rendered=True) if isinstance(staged, Staged) else staged


def survey(
    pages: Sequence[Page], inventory: Inventory, output: Output, cache: Cache, *, trusting: bool
) -> Survey:
    """Find the pages of the plan that are not published as they should be, and say why.

    `trusting` takes the published files for as they were written.
    """
    known = cache.all(bucket(output), PageEntry)
    # What a page links to is published before it: articles, then listings.
    ordered = sorted(pages, key=lambda page: page.template != "article.html")
    todo: list[Todo] = []
    why: dict[str, tuple[str, ...]] = {}
    parts: dict[str, tuple[bytes, dict[str, bytes]]] = {}
    for page in ordered:
        entry = known.get(page.address)
        whole = inventory.whole(page)
        state = "" if trusting else output_state(output, page, entry)
        if entry is not None and not state and entry.whole == whole:
            continue
        made_of = inventory.parts(page)
        why[page.address], changed = reasons(entry, made_of, state)
        parts[page.address] = whole, made_of
        exact = entry is None or state or "template" in changed
        todo.append(Todo(page, None if exact else entry))
    # Pages that show the same articles are rendered near one another.
    todo.sort(key=lambda one: inventory.first(one.page))
    return Survey(tuple(ordered), known, tuple(todo), why, parts)


def renew(found: Survey, task: RenderTask, jobs: int) -> Renewal:
    """Render and stage the pages of a survey that need it."""
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
    entries: list[tuple[str, PageEntry]] = []
    kept: dict[str, Stamp] = {}
    for page in found.pages:
        address = page.address
        result = done.get(address)
        if result is None:
            entry = found.known[address]
            staged.append(Staged(output_path(address), entry.fingerprint, changed=False))
            kept[staged[-1].path] = entry.stamp
            continue
        staged.append(result.staged)
        whole, parts = found.parts[address]
        file = result.staged.fingerprint
        entry = PageEntry(whole, Raw(encoded(parts)), result.view, Stamp(0, 0, 0, 0), False, file)
        entries.append((address, entry))
    return Renewal(
        staged=tuple(staged),
        rendered=sum(one.rendered for one in done.values()),
        reasons=tuple((page, why) for page, why in found.why.items() if done[page].rendered),
        entries=tuple(entries),
        kept=kept,
        gone=tuple(sorted(found.known.keys() - {page.address for page in found.pages})),
    )


def remember(renewal: Renewal, output: Output, cache: Cache, recorded_at: int) -> dict[str, Stamp]:
    """Record the pages as they are published now; returns the stamps of all of them by path.

    To be called after publishing, never before.
    """
    stamps = dict(renewal.kept)
    entries = {}
    for address, entry in renewal.entries:
        path = output_path(address)
        stamp = stamps[path] = stamp_of(os.stat(f"{output.folder}{os.sep}{path}"))
        entries[address] = structs.replace(entry, stamp=stamp, settled=stamp.settled(recorded_at))
    cache.update(bucket(output), entries, renewal.gone)
    return stamps


def bucket(output: Output) -> str:
    """The cache's bucket of what is published in an output folder."""
    return f"{_PAGES} {output.folder}"


def output_state(output: Output, page: Page, entry: PageEntry | None) -> str:
    """What happened to the published file of a page, in words; empty if it is as it was written."""
    if entry is None:
        return ""
    path = output_path(page.address)
    try:
        stamp = stamp_of(os.lstat(f"{output.folder}{os.sep}{path}"))
    except OSError:
        return "its published file was missing"
    if entry.settled and stamp == entry.stamp:
        return ""
    same = output.fingerprint_of(path) == entry.fingerprint
    return "" if same else "its published file was altered"
