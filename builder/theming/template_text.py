"""Finds in the text of a template the others that it names, its blocks, and what is outside of them."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, nodes
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How messages call what a tag does with the template that it names.
_DOES: dict[type[nodes.Node], str] = {
    nodes.Extends: "extends",
    nodes.Include: "includes",
    nodes.Import: "imports",
    nodes.FromImport: "imports",
}
#: What is passed through on the way to a text outside of blocks.
_PASSED = (nodes.If, nodes.For, nodes.With, nodes.Scope, nodes.ScopedEvalContextModifier)


class Reference(Struct, frozen=True):
    """The other templates that a tag names: the first of `names` that is there is taken.

    A name that is computed is None. `does` says what the tag does with it, as in "includes". `required`
    tells that one must be there, `always` that the tag is reached whenever the template is used.
    """

    names: tuple[str | None, ...]
    line: int
    does: str
    required: bool
    always: bool


class Written(Struct, frozen=True):
    """What the text of a template tells of it, with lines.

    `parent` is the template that it extends in any case and by one name; it is empty for one that
    extends none, and None where that can't be told. `blocks` are the names of all its blocks. Of a
    template that extends another, `outer` are those that stand in no other block, and `outside` are the
    lines of text and expressions that stand in none.
    """

    references: tuple[Reference, ...]
    parent: str | None
    blocks: tuple[str, ...]
    outer: tuple[tuple[str, int], ...] = ()
    outside: tuple[int, ...] = ()


@lru_cache(maxsize=400)
def written(text: str) -> Written:
    """What a template's text tells. Raises TemplateSyntaxError for one that does not parse."""
    tree = _syntax().parse(text)
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    references = tuple(_reference(node, tree) for node in tree.find_all(kinds))
    blocks = tuple(block.name for block in tree.find_all(nodes.Block))
    extending = [one for one in references if one.does == "extends"]
    if not extending:
        return Written(references, "", blocks)
    (first, *more) = extending
    if more or not first.always or len(first.names) != 1 or first.names[0] is None:
        return Written(references, None, blocks)
    # What stands before the tag is shown, before all that the other template shows.
    at = next(index for index, node in enumerate(tree.body) if isinstance(node, nodes.Extends))
    below = tree.body[at + 1 :]
    outer = tuple((block.name, block.lineno) for block in _outer(below))
    return Written(references, first.names[0], blocks, outer, tuple(_outside(below)))


def is_written(name: str, text: str) -> bool:
    """Whether a text names a template by a constant that is written whole."""
    return f'"{name}"' in text or f"'{name}'" in text


def _reference(node: nodes.Node, tree: nodes.Template) -> Reference:
    named: Any = node
    try:
        value = named.template.as_const()
    except nodes.Impossible:
        value = None
    given = tuple(value) if isinstance(value, list | tuple) else (value,)
    names = tuple(name if isinstance(name, str) else None for name in given)
    required = not (isinstance(node, nodes.Include) and node.ignore_missing)
    always = any(node is one for one in tree.body)
    return Reference(names, node.lineno, _DOES[type(node)], required, always)


def _outer(body: Iterable[nodes.Node]) -> Iterator[nodes.Block]:
    """The blocks of a template that extends another which show nothing where they stand.

    One in a loop would: Jinja writes it there.
    """
    for node in body:
        if isinstance(node, nodes.Block):
            yield node
        elif isinstance(node, nodes.If):
            yield from _outer(node.iter_child_nodes())


def _outside(body: Iterable[nodes.Node]) -> Iterator[int]:
    for node in body:
        if isinstance(node, nodes.Output):
            line = next(map(_line, filter(_shows, node.nodes)), 0)
            if line:
                yield line
        elif isinstance(node, _PASSED):
            yield from _outside(node.iter_child_nodes())


def _shows(node: nodes.Expr) -> bool:
    return not isinstance(node, nodes.TemplateData) or bool(node.data.strip())


def _line(node: nodes.Expr) -> int:
    """The line of the first sign of a text, or of an expression."""
    if not isinstance(node, nodes.TemplateData):
        return node.lineno
    space = node.data[: len(node.data) - len(node.data.lstrip())]
    return node.lineno + space.count("\n")


@cache
def _syntax() -> Environment:
    return Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
