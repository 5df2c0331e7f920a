"""`python -m benchmarks`: this generator beside others, on the same generated corpora.

Each scenario is a whole process, from its start to its end, run several times in turn with those of the
others; the median is given with the range. The others are installed at pinned versions below
`benchmarks/.peers`; one that can't be had is left out with a word. The figures are printed, and written
into docs/benchmarks.md between its markers.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import eleventy, hugo, pelican
from benchmarks.corpus import Corpus, Shape
from benchmarks.digest import Digest
from benchmarks.generator import Site
from benchmarks.install import LeftOutError
from benchmarks.report import Facts, replaced, section
from benchmarks.scenarios import check, measure

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.generator import Generator

ROOT = Path(__file__).parent.parent
_PEERS: dict[str, tuple[str, Callable[[Path], Generator]]] = {
    "hugo": ("Hugo", hugo.install),
    "hugo-sentences": ("Hugo with sentences", hugo.install_with_sentences),
    "pelican": ("Pelican", pelican.install),
    "eleventy": ("Eleventy", eleventy.install),
}
_SLOW = ("Pelican", "Eleventy")
# From this size on, the slow ones run less often.
_LARGE = 10_000


def main() -> None:
    """Measure, print the tables and write them down."""
    given = _arguments()
    generators: list[Generator] = [Digest()]
    left_out: list[str] = []
    for peer in given.peers:
        name, install = _PEERS[peer]
        try:
            generators.append(install(ROOT / "benchmarks" / ".peers"))
        except LeftOutError as error:
            left_out.append(name)
            _say(f"{name} could not be installed and is left out: {error}.")
    # Two sites of one generator have one version.
    versions = [*dict.fromkeys(generator.versions() for generator in generators)]
    # All is removed at the end: see `Site.clean`.
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        for size in given.sizes:
            runs = {one.name: runs_of(one.name, size, given) for one in generators}
            shape = Shape(size, mixed=given.mixed)
            facts = Facts(shape, len(os.sched_getaffinity(0)), versions, left_out)
            text = _measured(facts, generators, runs, Path(folder) / str(size))
            print(text)  # noqa: T201
            if not given.print_only:
                page = ROOT / "docs" / "benchmarks.md"
                page.write_text(replaced(page.read_text("utf-8"), {facts.heading: text}), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes", nargs="+", type=int, default=[1000, 10_000], help="numbers of articles"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each scenario")
    slow = f"runs of {' and '.join(_SLOW)} from {_LARGE:,} articles on"
    parser.add_argument("--slow-runs", type=int, default=1, help=slow)
    parser.add_argument("--peers", nargs="*", choices=_PEERS, default=list(_PEERS), help="the others")
    blocks = "with headings, lists, quotes, tables and code among the paragraphs"
    parser.add_argument("--mixed", action="store_true", help=blocks)
    parser.add_argument("--print-only", action="store_true", help="leave docs/benchmarks.md as it is")
    given = parser.parse_args()
    if min(given.runs, given.slow_runs, *given.sizes) < 1:
        parser.error("sizes and runs begin at 1")
    return given


def runs_of(name: str, size: int, given: argparse.Namespace) -> int:
    """How often a generator runs each scenario at a size."""
    runs: int = given.runs
    slow: int = given.slow_runs
    return min(runs, slow) if name in _SLOW and size >= _LARGE else runs


def _measured(facts: Facts, generators: list[Generator], runs: dict[str, int], folder: Path) -> str:
    """Make the corpus, measure, check our output and give the section of the figures."""
    corpus = Corpus(facts.shape)
    sites = [Site(one, folder / one.name) for one in generators]
    for site in sites:
        site.write_all(corpus)
    try:
        found = measure(corpus, sites, runs)
    except subprocess.CalledProcessError as error:
        # A generator that fails has no figures; to go on without it would be to guess.
        sys.exit(f"{error.cmd[0]} failed with status {error.returncode}:\n{error.output[-2000:]}")
    check(sites[0])
    return section(facts, found)


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
