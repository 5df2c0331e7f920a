"""Page -> bytes: a template applied to a view. Pure: the same page gives the same bytes."""

from __future__ import annotations

import gettext
import traceback
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import jinja2
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from builder.diagnostics import DigestError, Place, diagnostic
from builder.localize import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.plan import Page
    from builder.theme import Template, Theme
    from builder.views import View


#: So many compiled templates are kept: more than any theme has, and not all of a long preview.
MOST_COMPILED = 400
_compiled: dict[tuple[str, ...], Any] = {}


class _Environment(jinja2.Environment):
    """An environment that puts constant messages into the compiled templates in one language.

    Without it every word of the interface is looked up anew on every page, which takes longer than
    all else that a template does. What it gives is what newstyle gettext of Jinja gives. What was
    compiled stays for the process: the check of a theme and its use, and one build and the next,
    compile a template once.
    """

    def __init__(self, words: gettext.NullTranslations, key: tuple[str, ...], **options: Any) -> None:
        super().__init__(**options)
        self._words = words
        self._key = key

    # Jinja's overloads tell apart results that are passed on here as they are.
    def compile(  # type: ignore[override]
        self, source: Any, name: str | None = None, filename: str | None = None, **how: Any
    ) -> Any:
        if how or not isinstance(source, str):
            return super().compile(source, name, filename, **how)
        key = (*self._key, name or "", filename or "", source)
        if key not in _compiled:
            if len(_compiled) >= MOST_COMPILED:
                _compiled.clear()
            _compiled[key] = super().compile(source, name, filename)
        return _compiled[key]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return cast("nodes.Template", _Translator(self._words).visit(tree))


class _Translator(NodeTransformer):
    """Replaces calls of gettext with a constant message by the message in the language.

    A message that is a value of the view (the label of a kind) is text, not markup or a format.
    """

    def __init__(self, words: gettext.NullTranslations) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - the visitor's own naming
        self.generic_visit(node)
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        message = node.args[0] if len(node.args) == 1 else None
        if called not in ("_", "gettext") or message is None:
            return node
        if not isinstance(message, nodes.Const):
            return node if node.kwargs else nodes.Filter(message, "words", [], [], None, None)
        text = nodes.Const(self._words.gettext(message.value))
        safe = nodes.MarkSafe(text, lineno=node.lineno)
        pairs = [nodes.Pair(nodes.Const(one.key), one.value, lineno=node.lineno) for one in node.kwargs]
        if not pairs and "%" not in text.value:
            return safe
        return nodes.Mod(safe, nodes.Dict(pairs), lineno=node.lineno)


class Renderer:
    """Renders pages with a theme, its interface in one language."""

    def __init__(self, theme: Theme, tag: str) -> None:
        self._theme = theme
        self._templates: dict[str, jinja2.Template] = {}
        words = translations(theme, tag)
        self.environment = _Environment(
            words,
            tuple(file.text for file in _catalogs(theme, tag)),
            loader=jinja2.FunctionLoader(self._load),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=-1,
            auto_reload=False,
        )
        install: Any = getattr(self.environment, "install_gettext_callables")  # noqa: B009 - the extension adds it
        install(words.gettext, words.ngettext, newstyle=True)
        numbers: dict[int, str] = {}

        def number(value: int) -> str:
            if value not in numbers:
                numbers[value] = language(tag).number(value)
            return numbers[value]

        # A page is a pure function of its template and view: nothing of chance may stand in one.
        del self.environment.globals["lipsum"]
        del self.environment.filters["random"]
        self.environment.filters["number"] = number
        self.environment.filters["words"] = words.gettext

    def render(self, page: Page, view: View) -> bytes:
        """A page as HTML in UTF-8. Raises DigestError with the place in the template."""
        try:
            template = self._templates.get(page.template)
            if template is None:
                template = self.environment.get_template(page.template)
                self._templates[page.template] = template
            fields = {name: getattr(view, name) for name in view.__struct_fields__}
            return template.render(fields).encode()
        except jinja2.TemplateSyntaxError as error:
            where = diagnostic(
                self._file(error.name or page.template),
                Place(error.lineno, 1),
                "template-syntax",
                f"the template does not parse: {error.message}",
            )
            raise DigestError((where,)) from None
        except Exception as error:  # noqa: BLE001 - a template can raise anything; it is the theme's mistake
            raise DigestError((self._failed(page, error),)) from None

    def _failed(self, page: Page, error: Exception) -> Any:
        files = {template.file for template in self._theme.templates.values()}
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files
        ]
        file = frames[-1].filename if frames else self._file(page.template)
        line = (frames[-1].lineno or 1) if frames else 1
        reason = str(error) or type(error).__name__
        return diagnostic(
            file,
            Place(line, 1),
            "template-error",
            f"{reason} (while rendering {page.address})",
            "a template sees the fields of its page's view alone; see docs/themes.md",
        )

    def _file(self, name: str) -> str:
        template = self._theme.templates.get(name)
        return template.file if template else f"themes/{self._theme.name}/templates/{name}"

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        template = self._theme.templates.get(name)
        return (template.text, template.file, lambda: True) if template else None


def translations(theme: Theme, tag: str) -> gettext.NullTranslations:
    """The theme's messages in a language, those of an extended theme behind its own."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    found: gettext.NullTranslations | None = None
    for file in _catalogs(theme, tag):
        compiled = BytesIO()
        try:
            write_mo(compiled, read_po(BytesIO(file.text.encode()), abort_invalid=True))
            compiled.seek(0)
            catalog = gettext.GNUTranslations(compiled)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it is the theme's mistake
            place = Place(getattr(error, "lineno", 0) + 1, 1)
            message = f"the catalogue of messages can't be read: {error}"
            raise DigestError((diagnostic(file.file, place, "bad-theme", message),)) from None
        if found is None:
            found = catalog
        else:
            found.add_fallback(catalog)
    return found or gettext.NullTranslations()


def _catalogs(theme: Theme, tag: str) -> list[Template]:
    """The catalogues that hold for a language: its own, then those of the language without region."""
    base = tag.split("-", maxsplit=1)[0]
    return [file for name in dict.fromkeys((tag, base)) for file in theme.catalogs.get(name, ())]
