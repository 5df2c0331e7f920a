"""Small sites on disk for the tests, built in the process; all tests build through `build_site`."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from builder.build import Options, Report, build

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).parent.parent
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "span", "strong", "sup", "time"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def write_site(root: Path, files: Mapping[str, str | bytes | None], site: str = "title: T") -> Path:
    """Write files below `root` (None deletes one), and a site.yaml unless there is one."""
    root.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = root / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if not (root / "site.yaml").exists():
        (root / "site.yaml").write_text(site + "\n", encoding="utf-8")
    return root


def article(body: str = "", /, **front: Any) -> str:
    """An article's text; `front` are lines of its front matter, as YAML."""
    keys = {"title": "A title", "date": "2024-01-01"} | front
    return _front(keys) + body + "\n"


def profile(name: str = "", /, body: str = "", **front: Any) -> str:
    """A profile's text."""
    return _front(({"name": name} if name else {}) | front) + body + "\n"


def sourced(publisher: str = "Reuters") -> str:
    """The value of `source` for an article that somebody published."""
    return f"{{license: CC-BY-4.0, publisher: {publisher}}}"


def _front(keys: Mapping[str, Any]) -> str:
    lines = [f"{key}: {value}" for key, value in keys.items() if value is not None]
    return "\n".join(("---", *lines, "---", ""))


def build_site(root: Path, output: Path | None = None, **options: Any) -> Report:
    """Build the site at `root`; one process unless `jobs` is given."""
    target = output or root / "public"
    return build(Options(root=root, output=target, **({"jobs": 1} | options)))


class Built(NamedTuple):
    """A site that was built without errors."""

    root: Path
    report: Report

    @property
    def public(self) -> Path:
        return self.root / "public"

    def page(self, address: str) -> HtmlPage:
        """The page at an address, read."""
        return HtmlPage((self.public / address.lstrip("/") / "index.html").read_text("utf-8"))

    def has(self, address: str) -> bool:
        """Whether there is a page at an address."""
        return (self.public / address.lstrip("/") / "index.html").is_file()

    def files(self) -> dict[str, bytes]:
        """All files of the output by path."""
        return tree(self.public)


def published(
    root: Path, files: Mapping[str, str | bytes | None], site: str = "title: T", **options: Any
) -> Built:
    """Write a site, build it and expect no errors."""
    write_site(root, files, site)
    report = build_site(root, **options)
    assert not report.failed, codes(report)
    return Built(root, report)


def codes(report: Report) -> list[tuple[str, int, int, str, str]]:
    """The diagnostics of a report, short: file, line, column, code, message."""
    return [
        (one.file.removeprefix("content/"), one.line, one.column, one.code, one.message)
        for one in report.diagnostics
    ]


def check(root: Path, files: Mapping[str, str | bytes | None], site: str = "title: T") -> list[str]:
    """Write a site, build it; its diagnostics as `file:line:column code`."""
    write_site(root, files, site)
    return [f"{file}:{line}:{column} {code}" for file, line, column, code, _ in codes(build_site(root))]


def settle() -> None:
    """Wait until the time of a file tells of a later change."""
    time.sleep(0.07)


def assert_as_clean(root: Path, beside: Path) -> None:
    """Hold what is published of a site to what a clean build, into a folder beside it, makes."""
    assert not build_site(root, beside / "clean", clean=True).failed
    assert tree(root / "public") == tree(beside / "clean")


def assert_mended(root: Path, files: Mapping[str, bytes], what: str) -> None:
    """Hold the next build of a site to these files, whatever it finds, and the one after to nothing."""
    report = build_site(root)
    assert not report.failed, report.diagnostics
    assert tree(root / "public") == files, what
    again = build_site(root)
    assert (again.rendered, again.written) == (0, 0), what


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, for comparing two states."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class HtmlPage(HTMLParser):
    """An HTML page, read; `problems` are violations of its structure."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.problems: list[str] = []
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.marks: list[str] = []
        self.excerpts: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.assets: list[str] = []
        self.root: dict[str, str] = {}
        self._open: list[str] = []
        self._texts: list[list[str]] = []
        self._pieces: list[str] = []
        self._attributes: list[dict[str, str]] = []
        self.feed(html)
        self.close()
        self.problems += [f"<{tag}> is not closed" for tag in self._open]
        self._check_outline()

    @property
    def text(self) -> str:
        """The words of the page, single-spaced."""
        return " ".join("".join(self._pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if len(attributes) != len(attrs):
            self.problems.append(f"<{tag}> has an attribute twice")
        if tag == "html":
            self.root = attributes
        if "id" in attributes:
            if attributes["id"] in self.ids:
                self.problems.append(f"the id {attributes['id']} stands twice")
            self.ids.append(attributes["id"])
        if tag == "a" and "a" in self._open:
            self.problems.append("a link stands in a link")
        self._check_safety(tag, attributes)
        if tag in ("link", "img") or "src" in attributes:
            self.assets.append(attributes.get("href") or attributes.get("src", ""))
        if tag in VOID:
            return
        self._open.append(tag)
        self._texts.append([])
        self._attributes.append(attributes)

    def _check_safety(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "script" or "style" in attributes or tag == "style":
            self.problems.append(f"<{tag}> has script or style")
        if any(name.startswith("on") for name in attributes):
            self.problems.append(f"<{tag}> has a handler")
        for name in ("href", "src"):
            if attributes.get(name, "").strip().lower().startswith(("javascript:", "data:")):
                self.problems.append(f"<{tag}> leads to a script")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self._open[-1:]}")
            return
        self._open.pop()
        attributes = self._attributes.pop()
        text = " ".join("".join(self._texts.pop()).split())
        if tag == "a" and "href" in attributes:
            self.links.append((attributes["href"], text))
        if tag == "mark":
            self.marks.append(text)
        if tag == "blockquote":
            self.excerpts.append(text)
        if tag in HEADINGS:
            self.headings.append((tag, text))
        # Blocks end a word, inline elements do not.
        if tag not in INLINE:
            self.handle_data("\n")

    def handle_data(self, data: str) -> None:
        if "title" in self._open or "style" in self._open:
            return
        self._pieces.append(data)
        for texts in self._texts:
            texts.append(data)

    def _check_outline(self) -> None:
        levels = [int(tag[1]) for tag, _ in self.headings]
        if levels.count(1) != 1:
            self.problems.append(f"there are {levels.count(1)} <h1>")
        for before, level in pairwise(levels):
            if level > before + 1:
                self.problems.append(f"<h{level}> follows <h{before}>")
        if self.root.get("lang", "") == "" or self.root.get("dir") not in ("ltr", "rtl"):
            self.problems.append("<html> has no language or direction")


def local_links(page: HtmlPage) -> list[str]:
    """The links and assets of a page that stay on the site."""
    found = [href for href, _ in page.links] + page.assets
    return [one for one in found if not re.match(r"[a-z]+:|//|#", one, re.IGNORECASE)]
