"""Finds templates that use themselves, and what of those that extend others no page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.diagnostics import Diagnostic, Place, diagnostic, did_you_mean
from builder.theming.template_text import Reference, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.theming.theme import Template, Theme


def check_inheritance(theme: Theme) -> list[Diagnostic]:
    """Templates that use themselves without end; if there are none, blocks and text that are lost.

    All templates must parse.
    """
    files = list({template.file: template for template in theme.templates.values()}.values())
    circles: list[Diagnostic] = []
    told: set[str] = set()
    for template in files:
        circle = _circle(template, theme) if template.file not in told else ()
        if circle:
            told.update(theme.templates[_taken(one, theme.templates)].file for one in circle)
            circles.append(_endless(template, circle, theme))
    if circles:
        return circles
    return [one for template in files for one in _lost(template, theme)]


def _taken(reference: Reference, templates: Mapping[str, Template]) -> str:
    """The name of the template that a tag takes; empty if none of those that it names is there."""
    return next((name for name in reference.names if name is not None and name in templates), "")


def _circle(start: Template, theme: Theme) -> tuple[Reference, ...]:
    """The tags by which a template comes back to itself, whatever the page; none if it does not."""
    seen = {start.file}
    ways: list[tuple[Template, tuple[Reference, ...]]] = [(start, ())]
    while ways:
        template, way = ways.pop(0)
        for reference in written(template.text).references:
            name = _taken(reference, theme.templates)
            if not reference.always or not name:
                continue
            other = theme.templates[name]
            if other.file == start.file:
                return (*way, reference)
            if other.file not in seen:
                seen.add(other.file)
                ways.append((other, (*way, reference)))
    return ()


def _endless(template: Template, circle: tuple[Reference, ...], theme: Theme) -> Diagnostic:
    first = circle[0]
    message = f"the template {first.does} itself"
    if len(circle) > 1:
        between = ", ".join(f'"{_taken(one, theme.templates)}"' for one in circle[:-1])
        message = f"{message}, by way of {between}"
    hint = _inherited(template, theme) or "name another template here, or take the tag away"
    return diagnostic(template.file, Place(first.line, 1), "bad-theme", message, hint)


def _inherited(template: Template, theme: Theme) -> str:
    """A hint that names the template that this one takes the place of; empty if there is none."""
    names = {name for name, one in theme.templates.items() if one.file == template.file}
    for at, own in enumerate(theme.chain):
        for path in (name.removeprefix(f"{own}/") for name in names if name.startswith(f"{own}/")):
            for other in theme.chain[at + 1 :]:
                if f"{other}/{path}" in theme.templates:
                    return f'write "{other}/{path}" where the template of the theme {other} is meant'
    return ""


def _lost(template: Template, theme: Theme) -> list[Diagnostic]:
    text = written(template.text)
    known = _blocks_above(template, theme) if text.outer or text.outside else None
    if known is None:
        return []
    found = []
    for name, line in text.outer:
        if name not in known and not _is_called(name, theme):
            message = f'no template that this one extends has a block "{name}": no page shows it'
            hint = did_you_mean(name, known) or _listed("there are the blocks", known)
            found.append(diagnostic(template.file, Place(line, 1), "unknown-block", message, hint))
    for line in text.outside:
        message = (
            "this stands outside of the blocks of a template that extends another: no page shows it"
        )
        hint = _listed("put it into one of its blocks:", known)
        found.append(diagnostic(template.file, Place(line, 1), "lost-text", message, hint))
    return found


def _listed(words: str, known: tuple[str, ...]) -> str:
    return f"{words} {', '.join(known)}" if known else "the template that it extends has no blocks"


def _blocks_above(template: Template, theme: Theme) -> tuple[str, ...] | None:
    """The blocks of all templates that one extends; None where they can't be told."""
    found: dict[str, None] = {}
    parent = written(template.text).parent
    while parent:
        above = theme.templates.get(parent)
        if above is None:
            return None
        text = written(above.text)
        found = {**dict.fromkeys(text.blocks), **found}
        parent = text.parent
    return tuple(found) if parent is not None else None


def _is_called(block: str, theme: Theme) -> bool:
    """Whether a template may show the block: by its name, as in `self.title()`, or within another."""
    return any(
        f"self.{block}" in one.text or "self[" in one.text or _holds(block, one)
        for one in theme.templates.values()
    )


def _holds(block: str, template: Template) -> bool:
    text = written(template.text)
    return block in text.blocks and block not in [name for name, _ in text.outer]
