"""Syntax trees of templates -> trees that do the same in fewer steps.

A macro that is called where text is written is put there in place of the call, and a message of the
catalogue is put there with its values between its words. Calls are what a long listing spends most of
its time on. The output is that of the tree as it was written; nothing else about it is promised.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar, cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    import gettext
    from collections.abc import Callable, Iterable, Sequence

#: Macros are put in place inside one another so deep: a macro that calls itself would never end.
DEEPEST = 8
#: What a macro may use beside its parameters and other macros of its file.
_GLOBAL = frozenset(("_", "gettext", "ngettext"))
_PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|(%))")


_Tree = TypeVar("_Tree")


class Translate(NodeTransformer):
    """Replaces calls of gettext with a constant message by the message in one language.

    A message that is a value of the view (the label of a kind) is text, not markup or a format.
    """

    def __init__(self, words: gettext.NullTranslations) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - the visitor's own naming
        self.generic_visit(node)
        message = _message(node)
        if message is None:
            return node
        if not isinstance(message, nodes.Const):
            return node if node.kwargs else nodes.Filter(message, "words", [], [], None, None)
        text = nodes.Const(self._words.gettext(message.value))
        safe = nodes.MarkSafe(text, lineno=node.lineno)
        pairs = [nodes.Pair(nodes.Const(one.key), one.value, lineno=node.lineno) for one in node.kwargs]
        if not pairs and "%" not in text.value:
            return safe
        return nodes.Mod(safe, nodes.Dict(pairs), lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 - the visitor's own naming
        pieces: list[nodes.Expr] = []
        for one in node.nodes:
            pieces += self._spliced(one) or [cast("nodes.Expr", self.visit(one))]
        node.nodes = pieces
        return node

    def _spliced(self, node: nodes.Expr) -> list[nodes.Expr]:
        """A message with values as its words and values in turn; nothing if it is not that plain."""
        message = _message(node) if isinstance(node, nodes.Call) else None
        if not isinstance(node, nodes.Call) or not isinstance(message, nodes.Const) or not node.kwargs:
            return []
        values = {one.key: one.value for one in node.kwargs}
        text = self._words.gettext(message.value)
        if "%" in _PLACEHOLDER.sub("", text):
            return []
        found: list[nodes.Expr] = []
        position = 0
        for match in _PLACEHOLDER.finditer(text):
            found.append(nodes.TemplateData(text[position : match.start()], lineno=node.lineno))
            position = match.end()
            if match.group(2):
                found.append(nodes.TemplateData("%", lineno=node.lineno))
            elif match.group(1) in values:
                value = _copied(values[match.group(1)])
                found.append(cast("nodes.Expr", self.visit(value)))
            else:
                return []
        return [*found, nodes.TemplateData(text[position:], lineno=node.lineno)]


def _message(node: nodes.Call) -> nodes.Expr | None:
    called = node.node.name if isinstance(node.node, nodes.Name) else ""
    return node.args[0] if called in ("_", "gettext") and len(node.args) == 1 else None


class Macros:
    """The macros that a template can call: its own by name, those of the files it imports by alias."""

    def __init__(self, tree: nodes.Template, load: Callable[[str], nodes.Template | None]) -> None:
        # A name that is bound anew anywhere in the template may mean something else where it is called.
        bound = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"}
        own = {name: macro for name, macro in _macros(tree).items() if name not in bound}
        self.tables: dict[str, dict[str, nodes.Macro]] = {"": own}
        self._plain: dict[tuple[str, str], bool] = {}
        seen: set[str] = set()
        file: nodes.Template | None = tree
        while file is not None:
            for one in file.find_all(nodes.Import):
                name = _constant(one.template)
                imported = load(name) if name and one in file.body else None
                # An alias that names two files can't be told from here.
                known = one.target in self.tables or one.target in bound
                self.tables[one.target] = _macros(imported) if imported and not known else {}
            parent = next((_constant(one.template) for one in file.find_all(nodes.Extends)), "")
            file = load(parent) if parent and parent not in seen else None
            seen.add(parent)

    def find(self, node: nodes.Expr, alias: str) -> tuple[str, nodes.Macro] | None:
        """The macro that an expression names, with its alias; `alias` is that of the words around."""
        if isinstance(node, nodes.Name):
            found = self.tables.get(alias, {}).get(node.name)
            return (alias, found) if found else None
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            found = self.tables.get(node.node.name, {}).get(node.attr) if node.node.name else None
            return (node.node.name, found) if found else None
        return None

    def plain(self, alias: str, macro: nodes.Macro) -> bool:
        """Whether a macro sees nothing but its parameters, the interface's words and its siblings."""
        key = alias, macro.name
        if key not in self._plain:
            self._plain[key] = _plain(macro, self.tables[alias], alias)
        return self._plain[key]


class Flatten(NodeTransformer):
    """Puts macros in place of the calls that write them."""

    def __init__(self, macros: Macros, alias: str = "", depth: int = 0) -> None:
        self._macros = macros
        self._alias = alias
        self._depth = depth

    def visit_Output(  # noqa: N802 - the visitor's own naming
        self, node: nodes.Output
    ) -> nodes.Node | list[nodes.Node]:
        found: list[nodes.Node] = []
        plain: list[nodes.Expr] = []
        for one in node.nodes:
            placed = self._placed(one)
            if placed is None:
                plain.append(cast("nodes.Expr", self.visit(one)))
                continue
            if plain:
                found.append(nodes.Output(plain, lineno=node.lineno))
                plain = []
            found.append(placed)
        if plain:
            found.append(nodes.Output(plain, lineno=node.lineno))
        return found

    def visit_Call(self, node: nodes.Call) -> nodes.Call:  # noqa: N802 - the visitor's own naming
        self.generic_visit(node)
        # Put in another file, the call of a macro of its own file goes by the alias of that.
        if self._alias and isinstance(node.node, nodes.Name):
            named = self._macros.find(node.node, self._alias)
            if named:
                alias = nodes.Name(self._alias, "load", lineno=node.lineno)
                node.node = nodes.Getattr(alias, node.node.name, "load", lineno=node.lineno)
        return node

    def _placed(self, node: nodes.Expr) -> nodes.With | None:
        """The body of the macro that an expression calls, with its parameters; None if it stays."""
        if not isinstance(node, nodes.Call) or node.dyn_args or node.dyn_kwargs:
            return None
        named = self._macros.find(node.node, self._alias)
        if named is None or self._depth >= DEEPEST:
            return None
        alias, macro = named
        values = _bound(macro, node)
        if values is None or not self._macros.plain(alias, macro):
            return None
        targets: list[nodes.Expr] = [nodes.Name(one.name, "store") for one in macro.args]
        inside = Flatten(self._macros, alias, self._depth + 1)
        body: list[nodes.Node] = []
        for one in _copied(macro.body):
            body += inside.visit_list(one)
        given = [cast("nodes.Expr", self.visit(_copied(one))) for one in values]
        return nodes.With(targets, given, body, lineno=node.lineno)


def _macros(tree: nodes.Template) -> dict[str, nodes.Macro]:
    return {one.name: one for one in tree.body if isinstance(one, nodes.Macro)}


def _constant(node: nodes.Expr) -> str:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else ""


def _bound(macro: nodes.Macro, call: nodes.Call) -> list[nodes.Expr] | None:
    """The values of a macro's parameters in a call; None for one that does not fit or is not plain."""
    names = [one.name for one in macro.args]
    defaults = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
    if len(call.args) > len(names) or not all(isinstance(one, nodes.Const) for one in macro.defaults):
        return None
    given: dict[str, nodes.Expr] = dict(zip(names, call.args, strict=False))
    for one in call.kwargs:
        if one.key in given or one.key not in names:
            return None
        given[one.key] = one.value
    values = {**defaults, **given}
    return [values[name] for name in names] if set(values) == set(names) else None


def _plain(macro: nodes.Macro, siblings: Iterable[str], alias: str) -> bool:
    parameters = {one.name for one in macro.args}
    used = _names(macro.body, "load")
    made = _names(macro.body, "store")
    loops = {"loop"} if any(True for _ in macro.find_all(nodes.For)) else set()
    return (
        used <= parameters | made | loops | _GLOBAL | set(siblings) | ({alias} if alias else set())
        and not (parameters | made) & {*siblings, alias, *_GLOBAL}
        and not any(True for _ in macro.find_all((nodes.CallBlock, nodes.Include, nodes.Import)))
    )


def _names(body: Sequence[nodes.Node], context: str) -> set[str]:
    return {
        name.name
        for node in body
        for name in ([node] if isinstance(node, nodes.Name) else node.find_all(nodes.Name))
        if name.ctx == context
    }


def _copied(tree: _Tree) -> _Tree:
    """A copy of a tree, or of a list of trees, down to its leaves."""
    if isinstance(tree, list):
        return cast("_Tree", [_copied(one) for one in tree])
    if not isinstance(tree, nodes.Node):
        return tree
    made = object.__new__(type(tree))
    vars(made).update(vars(tree))
    for field in tree.fields:
        setattr(made, field, _copied(getattr(tree, field)))
    return made
