"""Links within a published site: each leads to a file of it, and each fragment to an id there."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from findings import Finding

if TYPE_CHECKING:
    from pathlib import Path

_HERE = "http://site"


class Page(HTMLParser):
    """What the checks need to know of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.canonical = ""
        self.is_redirect = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "link" and values.get("rel") == "canonical":
            self.canonical = values.get("href", "")
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.is_redirect = True
            self.links.append((tag, values.get("content", "").partition("url=")[2]))
        else:
            self.links += [(tag, values[name]) for name in ("href", "src") if name in values]


def read_pages(folder: Path) -> dict[str, Page]:
    """The pages of a published site by their addresses, from `/` on."""
    return {
        _address(path.relative_to(folder).as_posix()): Page(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


def base_path(pages: dict[str, Page]) -> str:
    """The path that a site is served below; the canonical address of the front page tells it."""
    return urlsplit(pages["/"].canonical).path or "/"


def link_findings(folder: Path, pages: dict[str, Page], base: str) -> list[Finding]:
    """Links that lead nowhere. Links to other sites are left alone."""
    found = []
    for address, page in pages.items():
        for tag, written in page.links:
            target = urlsplit(urljoin(_HERE + base + address[1:], written))
            if f"{target.scheme}://{target.netloc}" != _HERE:
                continue
            problem = _problem(folder, pages, base, unquote(target.path), unquote(target.fragment))
            if problem:
                found.append(Finding(address, "dead link", f"<{tag}> {written}", problem))
    return found


def _problem(folder: Path, pages: dict[str, Page], base: str, path: str, fragment: str) -> str:
    if not path.startswith(base):
        return f"it leaves the site's path {base}"
    address = "/" + path.removeprefix(base)
    if address in pages:
        known = not fragment or fragment in pages[address].ids
        return "" if known else f'no element there has the id "{fragment}"'
    return "" if (folder / address[1:]).is_file() else "there is no such page or file"


def _address(path: str) -> str:
    return "/" + (path[: -len("index.html")] if path.rpartition("/")[2] == "index.html" else path)
