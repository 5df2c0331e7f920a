"""Plan -> staged outputs: each page rendered anew, or kept as it was published.

A page is kept if nothing that its view is made of has changed and its file is as it was written. A
listing whose parts changed is composed, and rendered only if its view changed too.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from builder.addresses import output_path
from builder.diagnostics import Diagnostic, DigestError
from builder.fingerprint import of_value
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
    from builder.plan import Plan
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


class Renewal(Struct, frozen=True):
    """What became of the pages, in the order in which they are to be published.

    `entries` are to be remembered once they are published; their stamps are not known before.
    """

    staged: tuple[Staged, ...]
    problems: tuple[Diagnostic, ...]
    rendered: int
    reasons: tuple[tuple[str, tuple[str, ...]], ...]
    entries: tuple[tuple[str, PageEntry], ...]
    gone: tuple[str, ...]


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

        # Templates are compiled once in each process, and can't be sent to one.
        return Renderer(self._theme, self._tag)

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


def renew(
    laid_out: Plan,
    inventory: Inventory,
    task: RenderTask,
    output: Output,
    cache: Cache,
    jobs: int,
) -> Renewal:
    """Render the pages of the plan that are not published as they should be."""
    known = cache.all(bucket(output), PageEntry)
    # What a page links to is published before it: articles, then listings.
    pages = sorted(laid_out.pages, key=lambda page: page.template != "article.html")
    parts = {page.address: inventory.parts(page) for page in pages}
    todo: list[Todo] = []
    why: list[tuple[str, tuple[str, ...]]] = []
    for page in pages:
        entry = known.get(page.address)
        state = output_state(output, page, entry)
        found = reasons(entry, parts[page.address], state)
        if found:
            exact = entry is None or state or "template" in _changed(entry, parts[page.address])
            todo.append(Todo(page, None if exact else entry))
            why.append((page.address, found))
    # Pages that show the same articles are rendered near one another.
    todo.sort(key=lambda one: inventory.first(one.page))
    results = list(spread(task, todo, jobs))
    problems = tuple(one for one in results if isinstance(one, Diagnostic))
    if problems:
        return Renewal((), problems, 0, (), (), ())
    done = {
        one.page.address: result
        for one, result in zip(todo, results, strict=True)
        if isinstance(result, Done)
    }
    return _renewal(pages, parts, known, done, why)


def _renewal(
    pages: Sequence[Page],
    parts: dict[str, dict[str, bytes]],
    known: dict[str, PageEntry],
    done: dict[str, Done],
    why: Sequence[tuple[str, tuple[str, ...]]],
) -> Renewal:
    staged: list[Staged] = []
    entries: list[tuple[str, PageEntry]] = []
    for page in pages:
        address = page.address
        result = done.get(address)
        if result is None:
            fingerprint = known[address].fingerprint
            staged.append(Staged(output_path(address), fingerprint, changed=False))
            continue
        staged.append(result.staged)
        entry = PageEntry(parts[address], result.view, Stamp(0, 0, 0, 0), 0, result.staged.fingerprint)
        entries.append((address, entry))
    return Renewal(
        staged=tuple(staged),
        problems=(),
        rendered=sum(one.rendered for one in done.values()),
        reasons=tuple(one for one in why if done[one[0]].rendered),
        entries=tuple(entries),
        gone=tuple(sorted(known.keys() - parts.keys())),
    )


def remember(renewal: Renewal, output: Output, cache: Cache, recorded_at: int) -> None:
    """Record the pages as they are published now. To be called after publishing, never before."""
    entries = []
    for address, entry in renewal.entries:
        stamp = stamp_of(os.stat(f"{output.folder}{os.sep}{output_path(address)}"))
        entries.append((address, structs.replace(entry, stamp=stamp, recorded_at=recorded_at)))
    cache.put(bucket(output), entries, renewal.gone)


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
    if stamp == entry.stamp and stamp.settled(entry.recorded_at):
        return ""
    same = output.fingerprint_of(path) == entry.fingerprint
    return "" if same else "its published file was altered"


def _changed(entry: PageEntry, parts: dict[str, bytes]) -> set[str]:
    return {name for name in parts if parts[name] != entry.parts.get(name)}
