"""Page -> bytes: a template applied to a view. Pure: the same page gives the same bytes."""

from __future__ import annotations

import re
import traceback
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.runtime import LoopContext
from msgspec import structs

from builder import views
from builder.diagnostics import DigestError, Place, diagnostic, did_you_mean
from builder.escaping import TextError
from builder.theming.soundness import not_there
from builder.theming.templates import environment
from builder.theming.translations import translations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.plan import Page
    from builder.theming.compiled import Compiled
    from builder.theming.templates import ThemeEnvironment
    from builder.theming.theme import Template, Theme
    from builder.views import View

#: What Jinja says of a field that a view does not have, and of a name that the page does not.
_UNKNOWN = re.compile(r"'builder\.views\.(\w+) object' has no attribute '(\w+)'|'(\w+)' is undefined")

#: What it says of a key that a mapping does not have: one of `extra`, for views hold no other.
_NO_KEY = re.compile(r"'dict object' has no attribute '(.+)'")
#: What it says of a macro that an imported template does not have, and how macros begin.
_NO_MACRO = re.compile(
    r"(?:'jinja2\.environment\.TemplateModule object' has no attribute"
    r"|the template .* does not export the requested name) '(\w+)'"
)
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")
#: What it says of a field that `loop` does not have.
_NO_LOOP = re.compile(r"'jinja2\.runtime\.LoopContext object' has no attribute '(\w+)'")
#: What it says where a macro is called without a value for a parameter.
_NOT_GIVEN = re.compile(r"parameter '(\w+)' was not provided")
#: What Python shows of a value that is no text: where in memory it stands.
_IN_MEMORY = re.compile(r" at (0x[0-9a-f]{6,})(?:&gt;|>)")
_PLACE = re.compile(r"0x[0-9a-f]+")
#: A function of mappings in place of one of their keys.
_METHODS = "|".join(name for name in dir(dict) if not name.startswith("_"))
_METHOD = re.compile(rf"\b((?:frame\.)?extra(?:\.\w+)*)\.({_METHODS})\b(?!\s*\()")

#: The messages that a line of a template asks for: one, or one and its plural.
_MESSAGE = re.compile(r"""\b(?:_|n?gettext)\(\s*("[^"]*+"|'[^']*+')(?:\s*,\s*("[^"]*+"|'[^']*+'))?""")
#: What signs of percent in messages are: each other's escape, or the beginning of a placeholder.
_PERCENT = re.compile(r"%[%(]")


class Renderer:
    """Renders pages with a theme, its interface in one language.

    `compiled` is where compiled templates are kept, if they are.
    """

    def __init__(self, theme: Theme, tag: str, compiled: Compiled | None = None) -> None:
        self._theme = theme
        self._tag = tag
        self._words = translations(theme, tag)
        self._fast = environment(theme, tag, self._words, fast=True, compiled=compiled)

    def compile(self) -> None:
        """Compile the templates of all pages; one that can't be is told when a page needs it."""
        for name in self._theme.templates:
            if "/" not in name:
                with suppress(Exception):
                    self._fast.get_template(name)

    def check(self, name: str, template: Template) -> None:
        """Compile a template. Raises jinja2.TemplateSyntaxError if that can't be done."""
        try:
            self._fast.get_template(name)
        except Exception:  # noqa: BLE001 - whatever it is: the plain way says what and where
            self.plain.compile(template.text, name, template.file)

    @cached_property
    def plain(self) -> ThemeEnvironment:
        """The environment that tells where a template has a mistake."""
        return environment(self._theme, self._tag, self._words, fast=False)

    def render(self, page: Page, view: View) -> bytes:
        """A page as HTML in UTF-8. Raises DigestError with the place in the template."""
        fields = structs.asdict(view)
        self._fast.begin_page()
        try:
            template = self._fast.get_template(page.template)
            # What Jinja does more to render a page is for messages that the plain way gives.
            made = "".join(template.root_render_func(template.new_context(fields))).encode()
        except Exception:  # noqa: BLE001 - whatever it is: the plain way says what and where, or does it
            made = self._plainly(page, fields)
        if b" at 0x" in made:
            self._refuse_places(page, view, made)
        return made

    def _refuse_places(self, page: Page, view: View, made: bytes) -> None:
        """Raise DigestError for a page that shows where in memory something stands: each build differs.

        A value that is shown by itself is refused sooner. This one was made a text first.
        """
        told = [one.text for one in self._theme.templates.values()]
        told += [one.text for found in self._theme.catalogs for one in found.values()]
        known = {place for text in (repr(view), *told) for place in _PLACE.findall(text)}
        if not known.issuperset(_IN_MEMORY.findall(made.decode())):
            message = f"a text is made of what is no text (while rendering {page.address})"
            hint = "look for a function or a filter like `map` before `~`, `|string` or `|format`"
            hint += ', and write `()` or `|join(", ")` behind it'
            file = self._file(page.template)
            raise DigestError((diagnostic(file, Place(), "template-error", message, hint),))

    def _plainly(self, page: Page, fields: dict[str, Any]) -> bytes:
        self.plain.begin_page()
        try:
            return self.plain.get_template(page.template).render(fields).encode()
        except jinja2.TemplateSyntaxError as error:
            where = diagnostic(
                self._file(error.name or page.template),
                Place(error.lineno, 1),
                "template-syntax",
                f"the template does not parse: {error.message}",
            )
            raise DigestError((where,)) from None
        except Exception as error:  # noqa: BLE001 - a template can raise anything; it is the theme's mistake
            raise DigestError((self._failed(page, error, fields),)) from None

    def _failed(self, page: Page, error: Exception, fields: dict[str, Any]) -> Any:
        files = {template.file for template in self._theme.templates.values()}
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files
        ]
        if _NOT_GIVEN.fullmatch(str(error)) and len(frames) > 1:
            # The macro is as it should be, and the call of it is not.
            frames.pop()
        file = frames[-1].filename if frames else self._file(page.template)
        line = (frames[-1].lineno or 1) if frames else 1
        reason, hint = _reason(error, fields, self._line(file, line))
        no_macro, no_loop = _NO_MACRO.fullmatch(reason), _NO_LOOP.fullmatch(reason)
        if no_macro:
            reason = f'the template that is imported has no macro "{no_macro[1]}"'
            hint = did_you_mean(no_macro[1], self._macros()) or "write it there, or correct the name"
        elif no_loop:
            known = [name for name in dir(LoopContext) if not name.startswith("_")]
            reason, hint = f'a loop has no field "{no_loop[1]}"', did_you_mean(no_loop[1], known)
        message = f"{reason} (while rendering {page.address})"
        if not hint and _UNKNOWN.fullmatch(str(error)):
            hint = "a template sees the fields of its page's view alone; see docs/themes.md"
        return diagnostic(file, Place(line, 1), "template-error", message, hint)

    def _macros(self) -> set[str]:
        texts = [one.text for one in self._theme.templates.values()]
        return {name for text in texts for name in _MACRO.findall(text)}

    def _line(self, file: str, number: int) -> str:
        """A line of a template; empty if it is not there."""
        texts = (one.text for one in self._theme.templates.values() if one.file == file)
        lines = next(texts, "").split("\n")
        return lines[number - 1] if number <= len(lines) else ""

    def _file(self, name: str) -> str:
        template = self._theme.templates.get(name)
        return template.file if template else f"themes/{self._theme.name}/templates/{name}"


def _reason(error: Exception, fields: Iterable[str], line: str) -> tuple[str, str]:
    """What went wrong in a template, and a hint if a name is nearly that of a field.

    `line` is the line of the template.
    """
    if isinstance(error, RecursionError):
        hint = "look for a template or a macro that leads back to itself by include, import or a call"
        return "templates show one another without end", hint
    message = _message(error, line)
    if message is not None:
        return message
    reason = str(error) or type(error).__name__
    no_key = _NO_KEY.fullmatch(reason)
    if no_key is not None:
        return _missing_key(no_key[1], line)
    unknown = _UNKNOWN.fullmatch(reason)
    if unknown is None:
        return reason, ""
    view, attribute, name = unknown.groups()
    if view is None:
        return reason, did_you_mean(name, fields)
    known = getattr(views, view).__struct_fields__
    return f'a {view} has no field "{attribute}"', did_you_mean(attribute, known)


def _message(error: Exception, line: str) -> tuple[str, str] | None:
    """What to say of mistakes in messages, filters and calls of macros; None if it is none of these."""
    if isinstance(error, TextError) or "builtin_function_or_method" in str(error):
        return _function(error, line)
    if isinstance(error, KeyError):
        # What a template asks of a mapping itself gives no such error.
        hint = f'give it with the message: `_("...", {error.args[0]}=...)`'
        return f'nothing is given for the placeholder "%({error.args[0]})s"', hint
    said = [_PERCENT.sub("", text or "") for found in _MESSAGE.findall(line) for text in found]
    if isinstance(error, (TypeError, ValueError)) and "%" in "".join(said):
        return "a sign of percent in a message begins no placeholder", "write `%%` for the sign itself"
    if isinstance(error, jinja2.TemplateRuntimeError) and not_there(str(error)):
        # What stands in a condition is looked for when it is needed.
        return str(error), not_there(str(error))
    not_given = _NOT_GIVEN.fullmatch(str(error))
    if not_given is not None:
        name = not_given[1]
        return f'a macro is called without a value for "{name}"', f"give it in the call: `{name}=...`"
    return None


def _function(error: Exception, line: str) -> tuple[str, str]:
    """What to say of a function in place of a value: a key of `extra` can have the name of one."""
    named = _METHOD.search(line)
    if named is not None:
        hint = f'write `{named[1]}.get("{named[2]}")` for the key of this name'
        return f"{named[0]} is a function that all keys together have", hint
    return (error.args[0], error.args[1]) if isinstance(error, TextError) else (str(error), "")


def _missing_key(key: str, line: str) -> tuple[str, str]:
    """What to say of a key that a mapping does not have, in words of the line that asks for it."""
    name = re.escape(key)
    asked = re.search(rf"""([\w.]+)(?:\.{name}\b|\[["']{name}["']\])""", line)
    written, owner = (asked[0], asked[1]) if asked else (f"extra.{key}", "extra")
    wanted = f"write `{{% if {written} is defined %}}`"
    if "extra" not in owner.split("."):
        return f'{owner} has no key "{key}"', f"{wanted} where it may be missing"
    if owner.startswith("frame."):
        return f'{owner} has no key "{key}"', f"add it below `extra` in site.yaml, or {wanted}"
    return f'{owner} has no key "{key}"', f"not every page has it: {wanted}"
