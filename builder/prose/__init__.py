"""Markdown for articles: Python-Markdown, made linear and fast, not replaced.

The engine is imported when it is first asked for: an edit of plain paragraphs does without it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from builder.prose.engine import Prose

__all__ = ["Prose"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from builder.prose import engine

    return getattr(engine, name)
