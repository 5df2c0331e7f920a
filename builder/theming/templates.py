"""The Jinja environment of a theme: how its templates are compiled.

There are two ways to compile one. The plain way is Jinja's own, and says where a template has a
mistake. The fast way gives the same text for a template that has none: macros and messages stand in
place (`flatten`), and the code is written to do less (`codegen`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import jinja2
from jinja2 import nodes

from builder.localize import language
from builder.theming.codegen import IMPORTS, WHOLE, Code, DirectCode
from builder.theming.flatten import Flatten, Translate, joined
from builder.theming.macros import Macros

if TYPE_CHECKING:
    import gettext
    from collections.abc import Callable, Iterable, Iterator, MutableMapping

    from builder.theming.compiled import Compiled
    from builder.theming.theme import Theme

#: So many compiled templates stay in memory: more than any theme has, and not all of a long preview.
MOST_COMPILED = 400
_compiled: dict[tuple[str, ...], Any] = {}
#: Expressions that can give a value that changes: `namespace()`, `[]`, `words|list`.
_CHANGING = (nodes.Call, nodes.List, nodes.Dict, nodes.Filter)


class ThemeEnvironment(jinja2.Environment):
    """An environment that puts constant messages into the compiled templates in one language.

    What it gives is what newstyle gettext of Jinja gives. What was compiled stays for the process:
    the check of a theme and its use, and one build and the next, compile a template once.
    """

    def __init__(self, words: gettext.NullTranslations, key: tuple[str, ...], **options: Any) -> None:
        super().__init__(**options)
        self.code_generator_class = Code
        self._words = words
        self._key = key
        self._keeping: dict[str, bool] = {}

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

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template. They never change here, and every page copies them."""
        return {**self.globals, **(d or {})}

    def begin_page(self) -> None:
        """Let imported templates begin anew that can hold what a page before has left in them."""
        for template in (self.cache or {}).values():
            if template._module is not None and self._keeps(template.name or ""):  # noqa: SLF001 - Jinja offers no other way to it
                template._module = None  # noqa: SLF001

    def _keeps(self, name: str) -> bool:
        """Whether a template has, outside of its macros, a value that can change."""
        if name not in self._keeping:
            source, file, _ = cast("jinja2.BaseLoader", self.loader).get_source(self, name)
            tree = super()._parse(source, name, file)
            self._keeping[name] = any(map(_changes, _outside_macros(tree.body)))
        return self._keeping[name]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return cast("nodes.Template", Translate(self._words).visit(tree))

    def _generate(self, *given: Any, **named: Any) -> str:
        code = super()._generate(*given, **named)
        return f"{code}\n\n{IMPORTS}"


class FastEnvironment(ThemeEnvironment):
    """An environment whose templates do the same in fewer steps, and say less of a mistake."""

    def __init__(self, words: gettext.NullTranslations, key: tuple[str, ...], **options: Any) -> None:
        super().__init__(words, key, **options)
        self.code_generator_class = DirectCode
        self.filters[WHOLE] = str
        self._trees: dict[str, nodes.Template | None] = {}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        flat = cast("nodes.Template", Flatten(Macros(tree, self._tree)).visit(tree))
        for block in flat.find_all(nodes.Block):
            # A block is written as one text: each piece of it would pass through every template that
            # the page's extends.
            whole = nodes.Filter(None, WHOLE, [], [], None, None, lineno=block.lineno)
            block.body = [nodes.FilterBlock(block.body, whole, lineno=block.lineno)]
        return joined(flat)

    def _tree(self, name: str) -> nodes.Template | None:
        """The tree of another template with its messages, its macros' calls as they were written."""
        if name not in self._trees:
            try:
                source, file, _ = cast("jinja2.BaseLoader", self.loader).get_source(self, name)
                self._trees[name] = super()._parse(source, name, file)
            except jinja2.TemplateError:
                self._trees[name] = None
        return self._trees[name]


def _outside_macros(body: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    for one in body:
        if not isinstance(one, nodes.Macro):
            yield one
            yield from _outside_macros(one.iter_child_nodes())


def _changes(node: nodes.Node) -> bool:
    """Whether a statement names a value that can change, or may get one from another template."""
    if isinstance(node, nodes.Assign):
        given = node.node
        return isinstance(given, _CHANGING) or any(given.find(one) for one in _CHANGING)
    return isinstance(node, nodes.Import | nodes.FromImport | nodes.Include | nodes.Extends)


def environment(
    theme: Theme,
    tag: str,
    words: gettext.NullTranslations,
    *,
    fast: bool,
    compiled: Compiled | None = None,
) -> ThemeEnvironment:
    """The environment of a theme with its interface in a language, compiled the fast or plain way.

    `compiled` is where compiled templates are kept, if they are.
    """
    kind = FastEnvironment if fast else ThemeEnvironment
    kept = compiled.bytecode(f"{tag} {theme.fingerprint.hex()}") if compiled is not None else None
    made = kind(
        words,
        (kind.__name__, theme.fingerprint.hex(), tag),
        loader=jinja2.FunctionLoader(_loader(theme)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
        bytecode_cache=kept,
    )
    install: Any = getattr(made, "install_gettext_callables")  # noqa: B009 - the extension adds it
    install(words.gettext, words.ngettext, True, words.pgettext, words.npgettext)
    numbers: dict[int, str] = {}

    def number(value: float) -> str:
        if type(value) is float:
            # It may be equal to a whole number that is written otherwise: -0.0, or one of many digits.
            return language(tag).number(value)
        if type(value) is not int:
            raise TypeError(f'"{value}" is no number')
        if value not in numbers:
            numbers[value] = language(tag).number(value)
        return numbers[value]

    # A page is a pure function of its template and view: nothing of chance may stand in one.
    del made.globals["lipsum"]
    del made.filters["random"]
    made.filters["number"] = number
    made.filters["words"] = words.gettext
    return made


def _loader(theme: Theme) -> Callable[[str], tuple[str, str, Callable[[], bool]] | None]:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        template = theme.templates.get(name)
        return (template.text, template.file, lambda: True) if template else None

    return load
