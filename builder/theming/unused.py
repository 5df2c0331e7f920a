"""Finds files and folders of a theme that look as if they were used, and are not."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from builder.diagnostics import Diagnostic, Place, diagnostic, nearest, suggestion
from builder.theming.template_text import written
from builder.theming.theme import REQUIRED
from builder.theming.translations import whole_and_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from builder.model import Site
    from builder.theming.theme import Theme

#: Files beside templates that are there to be read by people.
_NOTES = (".md", ".txt")
#: How much of two names must be the same for one to be a slip of the other, from 0 to 1.
_ALIKE = 0.75
#: A tag of a language by BCP 47 whose language has a code. That may be one that CLDR does not hold.
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*|[ix](?:-[A-Za-z0-9]{1,8})+", re.IGNORECASE)


def check_unused(theme: Theme, site: Site) -> list[Diagnostic]:
    """Templates that nothing is made with, and catalogues that are named for no language.

    All templates must parse.
    """
    kinds = [kind.id for kind in site.kinds]
    return [*_templates(theme, kinds), *_catalogues(theme, site.language)]


def _templates(theme: Theme, kinds: Iterable[str]) -> Iterator[Diagnostic]:
    pages = dict.fromkeys((*REQUIRED, *(f"{kind}.html" for kind in kinds)))
    named = [
        (name, template.file)
        for template in theme.templates.values()
        for reference in written(template.text).references
        for name in reference.names
    ]
    if any(name is None for name, _ in named):
        # A name that is computed can be that of any template; it is a mistake for itself.
        return
    taken = {(theme.templates[name].file, by) for name, by in named if name in theme.templates}
    used = {file for file, by in taken if file != by}
    used |= {theme.templates[name].file for name in pages if name in theme.templates}
    seen: set[str] = set()
    for name, template in theme.templates.items():
        if template.file in used | seen or name.startswith(tuple(f"{one}/" for one in theme.chain)):
            continue
        seen.add(template.file)
        known = dict.fromkeys((*pages, *(one for one, _ in named if one)))
        hint = "" if name.lower().endswith(_NOTES) else _nearest_template(name, known)
        if hint:
            # A theme may have templates that another site is made with: misspelt ones alone are told.
            message = "no page is made with this template, and no other template names it"
            yield diagnostic(template.file, Place(), "unused-file", message, hint)


def _nearest_template(name: str, known: Iterable[str]) -> str:
    """A hint that names the template that was probably meant: by what stands before the first dot."""
    stems = {one.partition(".")[0]: one for one in known if one != name}
    own = name.rpartition("/")[2].partition(".")[0]
    near = nearest(own, stems)
    if not near or SequenceMatcher(None, own.casefold(), near.casefold()).ratio() < _ALIKE:
        return ""
    return suggestion(stems[near])


def _catalogues(theme: Theme, language: str) -> Iterator[Diagnostic]:
    used = whole_and_parts(language)
    by_small = {tag.lower(): tag for tag in used}
    for tag, file in (one for found in theme.catalogs for one in found.items()):
        meant = by_small.get(tag.lower(), tag)
        if tag in used or (_TAG.fullmatch(tag) and meant == tag):
            continue
        message = f'"{tag}" is not how the tag of a language is written: no page uses this catalogue'
        hint = suggestion(_tag_file(meant)) or "name it by a tag of BCP 47, as in de.po or pt-BR.po"
        yield diagnostic(file.file, Place(), "unused-file", message, hint)


def _tag_file(name: str) -> str:
    """The file name that was probably meant by one for a language; empty if that can't be told.

    It is written with other signs than sites have, stands in folders as gettext has them, or is the
    name of the language in English.
    """
    from babel import Locale

    tag = name.partition("/")[0].replace("_", "-")
    if not _TAG.fullmatch(tag):
        names = {str(text).casefold(): code for code, text in Locale("en").languages.items()}
        tag = names.get(tag.casefold(), "").replace("_", "-")
    return f"{tag}.po" if tag else ""
