"""Markdown for articles: Python-Markdown, made linear and fast, not replaced."""

from builder.prose.engine import LinearMarkdown, Prose, make_markdown
from builder.prose.transparent import (
    TRANSPARENT_FIRST,
    TRANSPARENT_LAST,
    is_transparent,
    strip_transparent,
)

__all__ = [
    "TRANSPARENT_FIRST",
    "TRANSPARENT_LAST",
    "LinearMarkdown",
    "Prose",
    "is_transparent",
    "make_markdown",
    "strip_transparent",
]
