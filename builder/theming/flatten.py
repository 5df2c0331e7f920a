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

from builder.theming.macros import stored

if TYPE_CHECKING:
    import gettext
    from collections.abc import Mapping, Sequence

    from builder.theming.macros import Macros

#: Macros are put in place inside one another so deep: a macro that calls itself would never end.
DEEPEST = 8
#: Names that mean something else in a loop, a block or a macro.
_SPECIAL = frozenset(("loop", "self", "super", "caller", "varargs", "kwargs"))
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
        if not isinstance(message, nodes.Const) or not isinstance(message.value, str):
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
        if not isinstance(message.value, str):
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
            found += placed
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

    def visit_ScopedEvalContextModifier(  # noqa: N802 - the visitor's own naming
        self, node: nodes.ScopedEvalContextModifier
    ) -> nodes.Node:
        """Where text is escaped in another way, macros stay what they are: they escape it in theirs."""
        return node

    def visit_If(  # noqa: N802 - the visitor's own naming
        self, node: nodes.If
    ) -> nodes.Node | list[nodes.Node]:
        """A branch of a condition that what the macro is called with decides stands alone, or goes."""
        if not self._depth:
            # Elsewhere, a name in a branch that is never taken can tell what it is beside it.
            return self.generic_visit(node)
        otherwise = [found for one in node.else_ for found in self.visit_list(one)]
        branches: list[nodes.If] = []
        for one in (node, *node.elif_):
            one.test = cast("nodes.Expr", self.visit(one.test))
            one.body = [found for part in one.body for found in self.visit_list(part)]
        for one in (node, *node.elif_):
            truth = _truth(one.test)
            if truth:
                otherwise = one.body
                break
            if truth is None:
                branches.append(nodes.If(one.test, one.body, [], [], lineno=one.lineno))
        if not branches:
            return otherwise
        first, *others = branches
        return nodes.If(first.test, first.body, others, otherwise, lineno=first.lineno)

    def _placed(self, node: nodes.Expr) -> list[nodes.Node] | None:
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
        given = [cast("nodes.Expr", self.visit(_copied(one))) for one in values]
        names = [one.name for one in macro.args]
        body = _copied(macro.body)
        taken = {*names, *self._macros.words(self._alias), *self._macros.words(alias)}
        fixed = {
            name: value
            for name, value in zip(names, given, strict=True)
            if _is_fixed(name, value, taken, body)
        }
        body = [cast("nodes.Node", Substitute(fixed).visit(one)) for one in body]
        inside = Flatten(self._macros, alias, self._depth + 1)
        body = [found for one in body for found in inside.visit_list(one)]
        bound = [(name, value) for name, value in zip(names, given, strict=True) if name not in fixed]
        if not bound and not any(_finds(one, (nodes.Assign, nodes.AssignBlock)) for one in body):
            return body
        targets: list[nodes.Expr] = [nodes.Name(name, "store") for name, _ in bound]
        return [nodes.With(targets, [value for _, value in bound], body, lineno=node.lineno)]


class Substitute(NodeTransformer):
    """Puts values in place of names."""

    def __init__(self, values: Mapping[str, nodes.Expr]) -> None:
        self._values = values

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802 - the visitor's own naming
        return _copied(self._values.get(node.name, node))


def joined(tree: nodes.Template) -> nodes.Template:
    """A template with what is written in one go in one node."""
    for node in [tree, *tree.find_all((nodes.Stmt, nodes.CallBlock))]:
        for field in ("body", "else_"):
            several = getattr(node, field, None)
            if isinstance(several, list):
                setattr(node, field, _joined(several))
    return tree


def _joined(several: Sequence[nodes.Node]) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for one in several:
        last = found[-1] if found else None
        if isinstance(one, nodes.Output) and isinstance(last, nodes.Output):
            last.nodes += one.nodes
        else:
            found.append(one)
    return found


def _is_fixed(name: str, value: nodes.Expr, taken: set[str], body: Sequence[nodes.Node]) -> bool:
    """Whether a parameter of a macro can be replaced by its value, which means the same all over.

    `taken` are names that mean something else in the macro than where it is called.
    """
    bound = stored(*body)
    calls = [call for one in body for call in one.find_all(nodes.Call)]
    if name in bound or any(getattr(call.node, "name", "") == name for call in calls):
        return False
    if isinstance(value, nodes.Name):
        return value.name == name or value.name not in bound | taken | _SPECIAL
    return isinstance(value, nodes.Const)


def _truth(test: nodes.Node) -> bool | None:
    """Whether a condition holds or does not, whatever the page; None if that depends."""
    if isinstance(test, nodes.Const):
        return bool(test.value)
    if isinstance(test, nodes.Not):
        truth = _truth(test.node)
        return None if truth is None else not truth
    if isinstance(test, nodes.And | nodes.Or):
        left, right = _truth(test.left), _truth(test.right)
        decisive = isinstance(test, nodes.Or)
        # What stands on the left is looked at first, and may be a mistake.
        if left is not None:
            return left if left is decisive else right
    return None


def _finds(tree: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    return isinstance(tree, kinds) or any(True for _ in tree.find_all(kinds))


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
