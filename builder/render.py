"""Page -> bytes: a template applied to a view. Pure: the same page gives the same bytes."""

from __future__ import annotations

import gettext
import traceback
from io import BytesIO
from typing import TYPE_CHECKING, Any

import jinja2

from builder.diagnostics import DigestError, Place, diagnostic
from builder.localize import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.plan import Page
    from builder.theme import Theme


class Renderer:
    """Renders pages with a theme, its interface in one language."""

    def __init__(self, theme: Theme, tag: str) -> None:
        self._theme = theme
        self._templates: dict[str, jinja2.Template] = {}
        self.environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(self._load),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=-1,
            auto_reload=False,
        )
        words = translations(theme, tag)
        install: Any = getattr(self.environment, "install_gettext_callables")  # noqa: B009 - the extension adds it
        install(words.gettext, words.ngettext, newstyle=True)
        numbers: dict[int, str] = {}

        def number(value: int) -> str:
            if value not in numbers:
                numbers[value] = language(tag).number(value)
            return numbers[value]

        self.environment.filters["number"] = number

    def render(self, page: Page) -> bytes:
        """The page as HTML in UTF-8. Raises DigestError with the place in the template."""
        try:
            template = self._templates.get(page.template)
            if template is None:
                template = self.environment.get_template(page.template)
                self._templates[page.template] = template
            view = page.view
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
    base = tag.split("-", maxsplit=1)[0]
    texts = [text for name in dict.fromkeys((tag, base)) for text in theme.catalogs.get(name, ())]
    for text in texts:
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(text.encode())))
        compiled.seek(0)
        catalog = gettext.GNUTranslations(compiled)
        if found is None:
            found = catalog
        else:
            found.add_fallback(catalog)
    return found or gettext.NullTranslations()
