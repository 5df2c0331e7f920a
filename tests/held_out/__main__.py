"""The run: `python -m held_out FOLDER...`, in `tests/`. It ends with 1 if a build left other bytes."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from site_builder import tree

from builder.build import Options, Report, build
from held_out.edits import Site
from held_out.texts import texts

#: So many edits at most come between two builds.
_MOST_EDITS = 4


def main(arguments: list[str] | None = None) -> int:
    """Make a site of the texts below the given folders, and compare builds after random edits."""
    parser = argparse.ArgumentParser(prog="held_out", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="folders of Markdown, of any origin")
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    bodies = texts(given.folders, given.articles, given.seed)
    pick = random.Random(given.seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder:
        spare = [bodies.pop() for _ in range(min(given.rounds, len(bodies) // 2))]
        site = Site(Path(folder) / "site", bodies, spare, pick)
        report, mistakes = _built_without_mistakes(site)
        _say(f"{len(bodies)} texts, {report.pages} pages; texts left out: {mistakes or 'none'}")
        differing = sum(_round(site, pick, number) for number in range(1, given.rounds + 1))
    _say(f"{given.rounds} rounds, {differing} of them with differences")
    return 1 if differing else 0


def _round(site: Site, pick: random.Random, number: int) -> bool:
    """Edit, build on the last build, and compare with a clean build; whether anything differs."""
    happened = [site.edit() for _ in range(pick.randint(1, _MOST_EDITS))]
    report, mistakes = _built_without_mistakes(site)
    other = site.root.parent / "other"
    shutil.copytree(site.root, other, ignore=shutil.ignore_patterns("public", ".digest"))
    clean = _build(other, other / "public")
    wrong = differences(site.output, other / "public")
    again = _build(site.root, site.output)
    if (again.parsed, again.rendered, again.written, again.removed) != (0, 0, 0, 0):
        wrong.append("a second build had something to do")
    if [one.text() for one in report.diagnostics] != [one.text() for one in clean.diagnostics]:
        wrong.append("other messages")
    shutil.rmtree(other)
    left_out = f"; left out: {mistakes}" if mistakes else ""
    _say(f"{number}: {', '.join(happened)}: {report.rendered} of {report.pages} rendered{left_out}")
    for one in wrong:
        _say(f"  DIFFERS: {one}")
    return bool(wrong)


def _build(root: Path, output: Path) -> Report:
    return build(Options(root=root, output=output))


def _built_without_mistakes(site: Site) -> tuple[Report, str]:
    """Build, without articles that have errors: how it went, and which errors those were."""
    codes: Counter[str] = Counter()
    while (report := _build(site.root, site.output)).failed:
        errors = [one for one in report.diagnostics if one.severity == "error"]
        codes.update(one.code for one in errors)
        for file in {one.file for one in errors}:
            (site.root / file).unlink()
    return report, ", ".join(f"{code} {count}" for code, count in codes.most_common())


def differences(one: Path, other: Path) -> list[str]:
    """The files that two folders do not have alike."""
    files, others = tree(one), tree(other)
    paths = sorted(files.keys() | others.keys())
    return [path for path in paths if files.get(path) != others.get(path)]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
