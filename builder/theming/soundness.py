"""Theme -> what is wrong with its templates, as far as that can be told without rendering a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from builder.diagnostics import Diagnostic, Place, diagnostic, did_you_mean
from builder.signs import blanked
from builder.theming.inheritance import check_inheritance
from builder.theming.template_text import is_written, written
from builder.theming.theme import REQUIRED
from builder.theming.unused import check_unused

if TYPE_CHECKING:
    from builder.model import Site
    from builder.theming.theme import Template, Theme

#: What Go's templates hold, which Hugo knows: `{{ .Title }}`, `{{ range ... }}`.
_GO = re.compile(r"\{\{-?\s*(?:[.$]|(?:range|define|end|partial|with|block|if|template)\b)")
#: What Jinja says of a filter or a test that is not there, and those that are.
_NOT_THERE = re.compile(r"No (filter|test) named '(\w+)'")
_THERE = {"filter": FILTERS.keys() - {"random"} | {"number"}, "test": TESTS.keys()}
#: A whole name of a file behind the address of the assets.
_ASSET = re.compile(r"\bframe\.assets\s*\}\}([^\s\"'<>{}?#]+)(?=[\s\"'<>?#]|$)")
#: A comment of Jinja's, which no page holds.
_COMMENT = re.compile(r"\{#.*?(?:#\}|\Z)", re.DOTALL)
#: What Jinja says of a sign that it does not know, with the place in the file.
_AT = re.compile(r"(unexpected char .+) at (\d+)", re.DOTALL)
#: Signs of other languages, and what is written for them.
_OTHER_SIGNS = {"&": "write `and`", "!": "write `not`", "?": "write `a if b else c`"}
#: What Jinja says of an expression in a message that is no name, and how such a message begins.
_IN_MESSAGE = re.compile(r"expected token 'end of print statement', got .+")
_TRANS = re.compile(r"\{%[-+]?\s*trans\b")

Compile = Callable[[str, "Template"], None]


def check_theme(theme: Theme, site: Site, compiles: Compile) -> list[Diagnostic]:
    """Templates that are missing, do not parse, name another that is not there, or lose what they hold.

    What the site has no use for is told, too.
    `compiles` compiles a template with this name and raises TemplateSyntaxError if it can't.
    """
    found: list[Diagnostic] = []
    home = f"themes/{theme.name}/theme.yaml"
    found += [
        diagnostic(
            home,
            Place(),
            "missing-template",
            f'the theme has no template "{name}"',
            "write it, or let the theme extend gazette: `extends: gazette`",
        )
        for name in REQUIRED
        if name not in theme.templates
    ]
    checked: set[str] = set()
    for name, template in theme.templates.items():
        if template.file not in checked:
            checked.add(template.file)
            found += _check_template(name, template, theme, compiles)
    if not any(one.code == "template-syntax" for one in found):
        found += check_inheritance(theme)
        found += check_unused(theme, site)
    return found


def _check_template(name: str, template: Template, theme: Theme, compiles: Compile) -> list[Diagnostic]:
    try:
        compiles(name, template)
    except TemplateSyntaxError as error:
        said, column = _syntax_place(template.text, error)
        message = f"the template does not parse: {said}"
        hint = _syntax_hint(template.text.split("\n"), error)
        return [
            diagnostic(template.file, Place(error.lineno, column), "template-syntax", message, hint)
        ]
    except (SyntaxError, RecursionError, MemoryError):
        message, hint = "the template is nested too deep", "write a part of it as a macro"
        return [diagnostic(template.file, Place(), "template-syntax", message, hint)]
    found = [*_lost_assets(template, theme)]
    for reference in written(template.text).references:
        place = Place(reference.line, 1)
        for named in reference.names:
            if named is None or not is_written(named, template.text):
                message = "a template is named by an expression"
                hint = "name templates in include, import and extends by constant names"
                found.append(diagnostic(template.file, place, "bad-theme", message, hint))
            elif named not in theme.templates and reference.required:
                message = f'there is no template "{named}"'
                hint = did_you_mean(named, theme.templates)
                found.append(diagnostic(template.file, place, "missing-template", message, hint))
    return found


def _lost_assets(template: Template, theme: Theme) -> Iterator[Diagnostic]:
    """The files of the theme that a template names and that are not there."""
    text = _COMMENT.sub(lambda one: blanked(one[0]), template.text)
    for number, line in enumerate(text.split("\n"), 1):
        for one in _ASSET.finditer(line):
            if one[1] not in theme.assets:
                message = f'the theme has no file "assets/{one[1]}"'
                hint = did_you_mean(one[1], theme.assets) or "put it there, or take what names it away"
                place = Place(number, one.start(1) + 1)
                yield diagnostic(template.file, place, "missing-asset", message, hint)


def _syntax_place(text: str, error: TemplateSyntaxError) -> tuple[str, int]:
    """What Jinja says of a template that does not parse, and the column where it tells the place."""
    found = _AT.fullmatch(error.message or "")
    if found is None:
        return error.message or "", 1
    # It counts from the beginning of the file, and from nought.
    return found[1], int(found[2]) - text.rfind("\n", 0, int(found[2]))


def _syntax_hint(lines: list[str], error: TemplateSyntaxError) -> str:
    """What to do about a line that is no Jinja; empty if the message says it all."""
    line = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
    if _GO.search(line):
        return "this is the language of Go's templates; here it is Jinja: see docs/themes.md"
    if "else if" in line:
        return "write `elif`"
    for sign, wanted in _OTHER_SIGNS.items():
        if (error.message or "").startswith(f"unexpected char '{sign}'"):
            return wanted
    if _IN_MESSAGE.fullmatch(error.message or "") and _in_message(lines[: error.lineno]):
        return (
            "within `{% trans %}`, only names are shown: write `{% trans name=... %}` and `{{ name }}`"
        )
    return not_there(error.message or "")


def _in_message(lines: list[str]) -> bool:
    """Whether a message in `{% trans %}` is not at its end in the last of these lines."""
    text = "\n".join(lines)
    begun = [found.start() for found in _TRANS.finditer(text)]
    return bool(begun) and "endtrans" not in text[begun[-1] : text.rfind("{{")]


def not_there(message: str) -> str:
    """A hint that names the filter or the test that was meant, of what Jinja says; empty if none is."""
    found = _NOT_THERE.search(message)
    return did_you_mean(found[2], sorted(_THERE[found[1]])) if found else ""
