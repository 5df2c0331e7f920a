"""Theme -> what is wrong with its templates, as far as that can be told without rendering a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError

from builder.diagnostics import Diagnostic, Place, diagnostic, did_you_mean
from builder.inheritance import check_inheritance
from builder.template_text import is_written, written
from builder.theme import REQUIRED
from builder.unused import check_unused

if TYPE_CHECKING:
    from builder.model import Site
    from builder.theme import Template, Theme

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
        message = f"the template does not parse: {error.message}"
        return [diagnostic(template.file, Place(error.lineno, 1), "template-syntax", message)]
    except (SyntaxError, RecursionError, MemoryError):
        message, hint = "the template is nested too deep", "write a part of it as a macro"
        return [diagnostic(template.file, Place(), "template-syntax", message, hint)]
    found = []
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
