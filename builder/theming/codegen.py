"""Syntax trees of templates -> the code of compiled ones, as Jinja writes it, in fewer steps.

A field of a view is read directly, a text is escaped without a call that asks what it is, and what is
safe is not wrapped as markup first. Where that can't be, the code fails or is Jinja's own.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from msgspec import Struct

from builder import views

if TYPE_CHECKING:
    from jinja2.compiler import Frame

#: A filter that no theme can name: what is written in it is put together before it is passed on.
WHOLE = "whole text"
#: What the code of a template needs beside what Jinja imports, and in place of it.
IMPORTS = "from builder.escaping import escaped, written as escape"


class Code(CodeGenerator):
    """Writes the code that Jinja writes, but for what goes wrong in it."""

    def visit_Include(  # noqa: N802 - the visitor's own naming
        self, node: nodes.Include, frame: Frame
    ) -> None:
        """Where a text is put together first, keep an include that sees no page in its place there.

        Jinja passes it on at once, before all that stands around it, or instead of it.
        """
        if node.with_context or frame.buffer is None:
            super().visit_Include(node, frame)
            return
        alone = frame.copy()
        alone.buffer = None
        self.writeline("def included():")
        self.indent()
        super().visit_Include(node, alone)
        self.outdent()
        self.writeline(f"{frame.buffer}.extend(included())")


class DirectCode(Code):
    """Writes code that does what Jinja's own does, for a template that has no mistake."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._bound: set[str] = set()
        self._safe: nodes.Expr | None = None

    def visit_Getattr(  # noqa: N802 - the visitor's own naming
        self, node: nodes.Getattr, frame: Frame
    ) -> None:
        """Read a field of a view directly: where there is no such field, rendering fails."""
        if node.attr not in _fields() or _is_free(node.node):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Name(  # noqa: N802 - the visitor's own naming
        self, node: nodes.Name, frame: Frame
    ) -> None:
        """A name that is surely bound is not asked whether it is."""
        ref = frame.symbols.ref(node.name) if node.ctx == "load" else ""
        if ref in self._bound:
            self.write(ref)
        else:
            super().visit_Name(node, frame)

    def visit_With(  # noqa: N802 - the visitor's own naming
        self, node: nodes.With, frame: Frame
    ) -> None:
        """What Jinja writes; within, the names are known to be bound."""
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        self.enter_frame(inner)
        for target, value in zip(node.targets, node.values, strict=True):
            self.newline()
            self.visit(target, inner)
            self.write(" = ")
            self.visit(value, frame)
        names = [one.name for one in node.targets if isinstance(one, nodes.Name)]
        bound = {inner.symbols.ref(name) for name in names} - self._bound
        self._bound |= bound
        self.blockvisit(node.body, inner)
        self._bound -= bound
        self.leave_frame(inner)

    def visit_FilterBlock(  # noqa: N802 - the visitor's own naming
        self, node: nodes.FilterBlock, frame: Frame
    ) -> None:
        """Put together what is written as a whole, and pass it on as a plain text."""
        if node.filter.name != WHOLE:
            super().visit_FilterBlock(node, frame)
            return
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        self.enter_frame(inner)
        self.buffer(inner)
        self.blockvisit(node.body, inner)
        self.simple_write(f"concat({inner.buffer})", frame, node)
        self.leave_frame(inner)

    def visit_Output(  # noqa: N802 - the visitor's own naming
        self, node: nodes.Output, frame: Frame
    ) -> None:
        """Pass several pieces on as one: each would go through all templates that a page extends."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        self.buffer(frame)
        super().visit_Output(node, frame)
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def visit_Filter(  # noqa: N802 - the visitor's own naming
        self, node: nodes.Filter, frame: Frame
    ) -> None:
        """Safe HTML that is written at once need not be marked as safe."""
        if node is self._safe and node.node is not None:
            self.visit(node.node, frame)
        else:
            super().visit_Filter(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not self._is_direct(frame, finalize):
            super()._output_child_pre(node, frame, finalize)
            return
        is_safe = isinstance(node, nodes.Filter) and node.name == "safe"
        self._safe = node if is_safe else None
        self.write("(piece if type(piece := " if is_safe else "(escaped(piece) if type(piece := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not self._is_direct(frame, finalize):
            super()._output_child_post(node, frame, finalize)
            return
        otherwise = "Markup" if node is self._safe else "escape"
        self.write(f") is str else {otherwise}(piece))")

    @staticmethod
    def _is_direct(frame: Frame, finalize: Any) -> bool:
        """Whether it is known that what is written here is escaped, and nothing else done to it."""
        context = frame.eval_ctx
        return context.autoescape and not context.volatile and finalize.src is None


@cache
def _fields() -> frozenset[str]:
    """The names of all fields of all views."""
    kinds = [one for one in vars(views).values() if isinstance(one, type)]
    structs = [one for one in kinds if issubclass(one, Struct)]
    return frozenset(field for one in structs for field in one.__struct_fields__)


def _is_free(node: nodes.Expr) -> bool:
    """Whether an expression leads below `extra`, whose keys are the site's own."""
    named = getattr(node, "attr", getattr(node, "name", ""))
    below = getattr(node, "node", None)
    return named == "extra" or (isinstance(below, nodes.Expr) and _is_free(below))
