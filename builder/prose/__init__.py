"""Markdown for articles: Python-Markdown, made linear and fast, not replaced.

The engine is imported when it is first asked for: an edit of plain paragraphs does without it.
"""

from typing import TYPE_CHECKING, Any

from builder.prose.transparent import (
    TRANSPARENT_FIRST,
    TRANSPARENT_LAST,
    is_transparent,
    strip_transparent,
)

if TYPE_CHECKING:
    from builder.prose.engine import LinearMarkdown, Prose, make_markdown

__all__ = [
    "TRANSPARENT_FIRST",
    "TRANSPARENT_LAST",
    "LinearMarkdown",
    "Prose",
    "is_transparent",
    "make_markdown",
    "strip_transparent",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from builder.prose import engine

    return getattr(engine, name)
