"""`python -m benchmarks.preview`: from the save of an article to the change in the open page.

A preview runs as it does for an editor, with its page open in Chromium. An article is written, and the
instant is measured at which the new words stand in the page, by a clock that both share. Hugo's server
is measured in the same way on the same corpus; where Hugo or Chromium can't be had, it says so.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import hugo
from benchmarks.corpus import Corpus, Shape
from benchmarks.digest import Digest
from benchmarks.generator import Site
from benchmarks.install import LeftOutError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
#: Notes in the page when the words of each edit stand in it; kept when the page is loaded anew.
_WATCH = """
const look = () => {
  const text = document.body?.textContent ?? "";
  for (const [words] of text.matchAll(/Saved words \\d+ of (?:body|title)/g))
    sessionStorage[words] ??= performance.timeOrigin + performance.now();
};
new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true});
"""
_LIMIT = 60.0


class Served:
    """A site that some generator serves with live reload: where, and what its articles are."""

    def __init__(self, name: str, home: str, root: Path) -> None:
        self.name = name
        self.home = home
        self.root = root
        self.article = max((root / "content/articles").rglob("*.md"))

    @property
    def address(self) -> str:
        """The address of the article that is edited."""
        path = self.article.relative_to(self.root / "content").with_suffix("").as_posix()
        return f"{self.home}{path}/"


@contextmanager
def _process(command: list[str], folder: Path, ready: str) -> Iterator[str]:
    """A process that serves, once it has printed a line with a pattern; gives all lines until then."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if process.stdout is None:
        raise RuntimeError("the process has no output")
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if re.search(ready, line):
                break
        # What it prints from now on is thrown away, so that it never has to wait for a reader.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield "".join(lines)
    finally:
        process.kill()
        process.wait()


@contextmanager
def serve_ours(corpus: Corpus, folder: Path) -> Iterator[Served]:
    """This generator's preview of a corpus."""
    root = folder / "digest"
    Site(Digest(), root).write_all(corpus)
    command = [sys.executable, "-m", "builder", "preview", "-C", str(root), "--port", "0"]
    with _process(command, ROOT, r"^[\d,]+ pages?, ") as printed:
        found = re.search(r"http://\S+", printed)
        if found is None:
            raise RuntimeError(printed)
        yield Served("this generator", found.group(), root)


@contextmanager
def serve_hugo(corpus: Corpus, folder: Path) -> Iterator[Served]:
    """Hugo's server of a corpus."""
    program, root = hugo.install(ROOT / "benchmarks" / ".peers"), folder / "hugo"
    Site(program, root).write_all(corpus)
    port = _free_port()
    options = ["server", "--port", str(port), "--bind", "127.0.0.1", "--baseURL", "http://127.0.0.1/"]
    with _process([program.command[0], *options], root, "Press Ctrl"):
        yield Served("Hugo's server", f"http://127.0.0.1:{port}/", root)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def edit_body(file: Path, words: str) -> None:
    """Add a paragraph at the end of an article."""
    with file.open("a", encoding="utf-8") as stream:
        stream.write(f"\n{words}\n")


def edit_title(file: Path, words: str) -> None:
    """Change the title of an article."""
    text = file.read_text(encoding="utf-8")
    file.write_text(
        re.sub(r"^title: .*$", f"title: {words}", text, count=1, flags=re.MULTILINE), "utf-8"
    )


_EDITS: dict[str, Callable[[Path, str], None]] = {"body": edit_body, "title": edit_title}


def measure(page: Any, served: Served, kind: str, runs: int) -> list[float]:
    """The milliseconds from the save to the page, run by run; the first is not counted."""
    found = []
    page.goto(served.address)
    for number in range(runs + 1):
        words = f"Saved words {number} of {kind}"
        # Whoever serves has come to rest; an editor does not save ten times a second.
        time.sleep(1)
        began = time.time() * 1000
        _EDITS[kind](served.article, words)
        found.append(_appeared(page, words) - began)
    return found[1:]


def _appeared(page: Any, words: str) -> float:
    """The instant at which words stood in the page, in milliseconds since 1970."""
    from playwright.sync_api import Error

    end = time.monotonic() + _LIMIT
    while time.monotonic() < end:
        # While the page is loaded anew, it can't be asked.
        with suppress(Error):
            instant = page.evaluate("(words) => sessionStorage[words]", words)
            if instant:
                return float(instant)
        time.sleep(0.05)
    raise RuntimeError(f'"{words}" did not appear')


@contextmanager
def _chromium() -> Iterator[Any]:
    """A page of a headless Chromium."""
    sys.path.insert(0, str(ROOT / "tests/web"))
    browsing: Any = import_module("browsing")

    with browsing.chromium() as browser:
        page = browser.new_page()
        page.add_init_script(_WATCH)
        yield page


def table(rows: dict[tuple[int, str, str], list[float]]) -> str:
    """The figures as a table in Markdown: medians with the range, in milliseconds."""
    lines = ["| articles | edit | from save to page, ms | range |", "|---|---|---|---|"]
    for (size, name, edit), found in rows.items():
        middle = statistics.median(found)
        lines.append(
            f"| {size:,} | {edit}, {name} | {middle:.0f} | {min(found):.0f}-{max(found):.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.preview", description=__doc__)
    parser.add_argument("--sizes", default="100,1000,10000", help="numbers of articles")
    parser.add_argument("--runs", type=int, default=15, help="saves of each kind")
    parser.add_argument("--alone", action="store_true", help="leave Hugo out")
    given = parser.parse_args()
    rows: dict[tuple[int, str, str], list[float]] = {}
    for size in (int(one) for one in given.sizes.split(",")):
        for serve in (serve_ours,) if given.alone else (serve_ours, serve_hugo):
            folder = Path(tempfile.mkdtemp(prefix="benchmark-preview-"))
            try:
                with serve(Corpus(Shape(size)), folder) as served, _chromium() as page:
                    for kind in _EDITS:
                        rows[size, served.name, kind] = measure(page, served, kind, given.runs)
            except (OSError, LeftOutError, subprocess.CalledProcessError) as error:
                print(f"{serve.__name__.removeprefix('serve_')} is left out: {error}")  # noqa: T201
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    print(table(rows))  # noqa: T201


if __name__ == "__main__":
    main()
