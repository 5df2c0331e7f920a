"""Markdown for articles."""

from builder.prose.engine import Prose, make_markdown
from builder.prose.transparent import (
    TRANSPARENT_FIRST,
    TRANSPARENT_LAST,
    is_transparent,
    strip_transparent,
)

__all__ = [
    "TRANSPARENT_FIRST",
    "TRANSPARENT_LAST",
    "Prose",
    "is_transparent",
    "make_markdown",
    "strip_transparent",
]
