"""Which content file a page comes from, and what the preview has to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.load import ARTICLES, CONTENT, PAGES, read_source
from builder.model import SourceFile
from builder.yaml.fields import YamlError
from builder.yaml.front_matter import FrontMatterError, front_matter
from builder.yaml.mapping import read_fields

if TYPE_CHECKING:
    from pathlib import Path


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
    if not isinstance(source, SourceFile):
        return False
    try:
        front = front_matter(source.text)
        fields, _ = read_fields(front.yaml, path, front.line)
    except (FrontMatterError, YamlError):
        return False
    return "draft" in fields and fields["draft"].typed() is True
