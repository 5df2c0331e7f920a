"""Which content file a page comes from, and what the preview has to know of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.fields import YamlError
from builder.load import ARTICLES, CONTENT, PAGES, read_source
from builder.mapping import read_fields
from builder.model import SourceFile

if TYPE_CHECKING:
    from pathlib import Path

_FRONT_MATTER = re.compile(r"\s*^---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)


def article_file(address: str) -> str:
    """The path of the file that an article's page comes from; empty for another page.

    The address is relative to the site's root and decoded.
    """
    inside = address.startswith(f"{ARTICLES}/") and address.endswith("/")
    return f"{CONTENT}/{address.removesuffix('/')}.md" if inside else ""


def is_draft(root: Path, address: str) -> bool:
    """Whether the page at an address is that of an article or a plain page marked as a draft."""
    path = article_file(address) or f"{CONTENT}/{PAGES}/{address.removesuffix('/')}.md"
    source = read_source(root, path)
    front = _FRONT_MATTER.match(source.text) if isinstance(source, SourceFile) else None
    if front is None or "draft" not in front.group(1):
        return False
    try:
        fields, _ = read_fields(front.group(1), path)
    except YamlError:
        return False
    return "draft" in fields and fields["draft"].typed() is True


def behind_front_matter(text: str) -> int:
    """Where the body of a content file begins."""
    front = _FRONT_MATTER.match(text)
    return front.end() if front else 0
