"""The corpus as a site of this generator, built with `--json` so that what was rendered is known."""

from __future__ import annotations

import compileall
import json
import platform
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import builder
from benchmarks.generator import ENTITY

if TYPE_CHECKING:
    import re

    from benchmarks.corpus import Corpus, Text
    from benchmarks.measure import Run

_STATUSES = ("proposed", "agreed", "negotiating", "under-construction", "operating", "completed")


class Digest:
    """This generator, out of the folder that the benchmark stands in."""

    name = "this generator"
    command = (sys.executable, "-m", "builder", "build", "--json")
    environment = {"PYTHONPATH": str(Path(__file__).parent.parent)}  # noqa: RUF012 - never changed
    remembered = (".digest",)

    def versions(self) -> str:
        """Its version and that of Python."""
        return f"this generator {builder.__version__} with Python {platform.python_version()}"

    def prepare(self, corpus: Corpus, root: Path) -> None:
        """Write the configuration and a profile for each project; countries need none."""
        # As installed packages are, of whatever generator.
        compileall.compile_dir(str(Path(builder.__file__).parent), quiet=1)
        (root / "site.yaml").write_text("title: Benchmark\nbase_url: https://example.org\n")
        folder = root / "content" / "projects"
        folder.mkdir(parents=True)
        for project in corpus.projects:
            name = project.replace("-", " ").title()
            (folder / f"{project}.md").write_text(f"---\nname: {name}\n---\n")

    def page(self, text: Text) -> str:
        """An article; its first countries and its first project stand in the front matter as well.

        The others are named by annotations alone, as an editor would leave it; some have a status.
        """
        statuses = random.Random(text.number)  # noqa: S311 - a corpus, not a secret
        body = "\n\n".join(_annotated(paragraph, statuses) for paragraph in text.body)
        front = (
            f"title: {text.title}\ndate: {text.day}\n"
            f"countries: [{', '.join(text.countries[:2])}]\nprojects: [{text.projects[0]}]\n"
            "source:\n  publisher: Example Wire\n  license: CC-BY-4.0\n"
        )
        return f"---\n{front}---\n{body}\n"


def _annotated(text: str, statuses: random.Random) -> str:
    """A block with what it names as annotations."""

    def annotation(match: re.Match[str]) -> str:
        kind, entity, words = match.groups()
        status = ""
        if kind == "project" and statuses.random() < 0.3:
            status = f" status={statuses.choice(_STATUSES)}"
        return f"[{words}]{{{kind}={entity}{status}}}"

    return ENTITY.sub(annotation, text)


def rendered(run: Run) -> int:
    """How many pages a build rendered."""
    return int(json.loads(run.output.splitlines()[-1])["rendered"])
