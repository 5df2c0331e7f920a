"""Syntax tree of a template -> the macros that can be put in place of their calls.

These are macros of which can be told what they are wherever they are called, and that see nothing but
what they are called with. All others stay calls.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

#: What a macro may use beside its parameters and other macros of its file.
GLOBAL = frozenset(("_", "gettext", "ngettext"))
#: What a macro that is put in place must not hold.
_UNKNOWN = (
    nodes.Block,
    nodes.CallBlock,
    nodes.EvalContextModifier,
    nodes.FromImport,
    nodes.Import,
    nodes.Include,
    nodes.Macro,
)


class Macros:
    """The macros that a template can call: its own by name, those of the files it imports by alias."""

    def __init__(self, tree: nodes.Template, load: Callable[[str], nodes.Template | None]) -> None:
        self._plain: dict[tuple[str, str], bool] = {}
        self.tables: dict[str, dict[str, nodes.Macro]] = {"": {}}
        chain = _chain(tree, load)
        if chain is None:
            return
        # A name that is bound anew, here or in a template above, may mean something else in a block.
        bound = Counter(name for one in chain for name in _bound_names(one))
        self.tables[""] = {name: macro for name, macro in _macros(tree).items() if bound[name] == 1}
        leading = [one for file in chain for one in _leading(file)]
        for one in (found for file in chain for found in file.find_all(nodes.Import)):
            name = constant(one.template)
            known = bound[one.target] == 1 and any(one is first for first in leading)
            imported = load(name) if name and known else None
            self.tables[one.target] = _exported(imported) if imported else {}

    def find(self, node: nodes.Expr, alias: str) -> tuple[str, nodes.Macro] | None:
        """The macro that an expression names, with its alias; `alias` is that of the words around."""
        if isinstance(node, nodes.Name):
            found = self.tables.get(alias, {}).get(node.name)
            return (alias, found) if found else None
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            found = self.tables.get(node.node.name, {}).get(node.attr) if node.node.name else None
            return (node.node.name, found) if found else None
        return None

    def words(self, alias: str) -> set[str]:
        """The names that mean something else than a value where the words of an alias stand."""
        return {alias, *self.tables, *self.tables.get(alias, {}), *GLOBAL}

    def plain(self, alias: str, macro: nodes.Macro) -> bool:
        """Whether a macro sees nothing but its parameters, the interface's words and its siblings."""
        key = alias, macro.name
        if key not in self._plain:
            given = {one.name for one in macro.args}
            self._plain[key] = (
                _free(macro.body, given) <= GLOBAL | set(self.tables[alias])
                and not stored(macro) & self.words(alias)
                and not any(True for _ in macro.find_all(_UNKNOWN))
            )
        return self._plain[key]


def constant(node: nodes.Expr) -> str:
    """The text that an expression is; empty if it is none."""
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else ""


def stored(*several: nodes.Node) -> set[str]:
    """The names that get a value, or a field, in these trees."""
    names = {one.name for one in _names(several) if one.ctx != "load"}
    return names.union(one.name for node in several for one in node.find_all(nodes.NSRef))


def _names(several: Iterable[nodes.Node]) -> Iterator[nodes.Name]:
    for node in several:
        if isinstance(node, nodes.Name):
            yield node
        yield from node.find_all(nodes.Name)


def _chain(
    tree: nodes.Template, load: Callable[[str], nodes.Template | None]
) -> list[nodes.Template] | None:
    """A template and those that it extends; None where that depends on the page, or they are lost."""
    found = [tree]
    while True:
        extending = list(found[-1].find_all(nodes.Extends))
        if not extending:
            return found
        name = constant(extending[0].template)
        always = len(extending) == 1 and any(one is extending[0] for one in found[-1].body)
        parent = load(name) if name and always else None
        if parent is None or parent in found:
            return None
        found.append(parent)


def _leading(tree: nodes.Template) -> list[nodes.Node]:
    """The statements of a file that stand before all that can call a macro."""
    # The blocks of a template that extends another come after all of its own.
    later = nodes.Block if tree.find(nodes.Extends) is not None else ()
    found: list[nodes.Node] = []
    for one in tree.body:
        if not isinstance(one, (nodes.Macro, later)) and any(map(_calls, one.find_all(nodes.Call))):
            break
        found.append(one)
    return found


def _macros(tree: nodes.Template) -> dict[str, nodes.Macro]:
    return {one.name: one for one in _leading(tree) if isinstance(one, nodes.Macro)}


def _calls(node: nodes.Call) -> bool:
    return not (isinstance(node.node, nodes.Name) and node.node.name in GLOBAL)


def _exported(tree: nodes.Template) -> dict[str, nodes.Macro]:
    """The macros that a file has for those that import it, each the only thing of its name."""
    if tree.find(nodes.Extends) is not None:
        return {}
    given = Counter(name for one in tree.body for name in _given(one))
    return {
        name: macro
        for name, macro in _macros(tree).items()
        if given[name] == 1 and not name.startswith("_")
    }


def _given(node: nodes.Node) -> Iterator[str]:
    """The names that a statement gives, but for those within macros."""
    if isinstance(node, nodes.Macro | nodes.Import | nodes.FromImport):
        yield from _own_names(node)
    elif isinstance(node, nodes.Name) and node.ctx != "load":
        yield node.name
    else:
        for one in node.iter_child_nodes():
            yield from _given(one)


def _bound_names(tree: nodes.Template) -> Iterator[str]:
    """All names that are given anywhere in a template."""
    yield from (one.name for one in tree.find_all(nodes.Name) if one.ctx != "load")
    for one in tree.find_all((nodes.Macro, nodes.Import, nodes.FromImport)):
        yield from _own_names(one)


def _own_names(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Macro):
        yield node.name
    elif isinstance(node, nodes.Import):
        yield node.target
    elif isinstance(node, nodes.FromImport):
        yield from (one if isinstance(one, str) else one[1] for one in node.names)


def _free(body: Sequence[nodes.Node], given: set[str]) -> set[str]:
    """The names that are used where they may have got no value in the body itself."""
    found: set[str] = set()
    known = set(given)
    for node in body:
        if isinstance(node, nodes.If):
            for one in (node, *node.elif_):
                found |= _used([one.test], known) | _free(one.body, known)
            found |= _free(node.else_, known)
        elif isinstance(node, nodes.For):
            found |= _free_of_loop(node, known)
        elif isinstance(node, nodes.With):
            found |= _used(node.values, known) | _free(node.body, known | stored(*node.targets))
        elif isinstance(node, nodes.FilterBlock | nodes.AssignBlock):
            found |= _used([node.filter] if node.filter else [], known) | _free(node.body, known)
        else:
            found |= _used([node], known)
        if isinstance(node, nodes.Assign | nodes.AssignBlock):
            known |= stored(node.target)
    return found


def _free_of_loop(node: nodes.For, known: set[str]) -> set[str]:
    inside = known | stored(node.target)
    tests = [node.test] if node.test else []
    found = _used([node.iter], known) | _used(tests, inside) | _free(node.else_, known)
    return found | _free(node.body, inside | {"loop"})


def _used(several: Iterable[nodes.Node], known: set[str]) -> set[str]:
    several = list(several)
    names = {one.name for one in _names(several) if one.ctx == "load"}
    fields = {one.name for node in several for one in node.find_all(nodes.NSRef)}
    return (names | fields) - known
