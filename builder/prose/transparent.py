"""The transparent characters: placeholders that prose carries and never looks at.

A tokenizer marks the ends of annotated spans with characters of the two supplementary
private use planes, U+F0000..U+FFFFD and U+100000..U+10FFFD. Markdown and typography
must behave as if they were not there, and hand each of them on exactly once, in order.
"""

import re

TRANSPARENT_CLASS = "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
"""The inside of a regular expression's bracket that matches one transparent character."""

TRANSPARENT_RE = re.compile(f"[{TRANSPARENT_CLASS}]+")


def is_transparent(character: str) -> bool:
    """Whether the one-character string is a placeholder."""
    return TRANSPARENT_RE.fullmatch(character) is not None


def strip_transparent(text: str) -> str:
    """The text without its placeholders."""
    return TRANSPARENT_RE.sub("", text)
