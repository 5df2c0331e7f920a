"""What happens to a site between two builds: edits, accidents, and mischief, all at random."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from held_out.texts import PROJECTS, article

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

THEMES = Path(__file__).parents[2] / "themes"
_PARENTS = ("", "2024/", "2024/05/", "desk/")


class Site:
    """A site of texts at `root`; `spare` are texts that it does not hold yet."""

    def __init__(self, root: Path, bodies: list[str], spare: list[str], pick: random.Random) -> None:
        self.root = root
        self.output = root / "public"
        self._spare = spare
        self._pick = pick
        self._number = 0
        for body in bodies:
            self._add(body)
        for name in PROJECTS:
            self._write(f"content/projects/{name}.md", f"---\nname: {name.title()}\n---\n")
        self._write("content/pages/about.md", "---\ntitle: About\n---\nAbout us.\n")
        self._write("content/media/map.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        self._write("site.yaml", "title: Held out\nbase_url: https://example.org/d/\n")
        shutil.copytree(THEMES, root / "themes")

    def edit(self) -> str:
        """Let one thing happen; its name."""
        happening = self._pick.choice(_HAPPENINGS)
        happening(self)
        return happening.__name__

    def _write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def _add(self, body: str) -> None:
        self._number += 1
        place = f"{self._pick.choice(_PARENTS)}text-{self._number}"
        self._write(f"content/articles/{place}.md", article(body, self._number))

    def _article(self) -> Path:
        return self._pick.choice(sorted((self.root / "content/articles").rglob("*.md")))

    def _published(self) -> Path:
        return self._pick.choice(sorted(one for one in self.output.rglob("*") if one.is_file()))

    def _change(self, file: Path, change: Callable[[list[str]], None]) -> None:
        lines = file.read_text("utf-8").split("\n")
        change(lines)
        file.write_text("\n".join(lines), "utf-8")

    def add_article(self) -> None:
        if self._spare:
            self._add(self._spare.pop())

    def delete_article(self) -> None:
        self._article().unlink()

    def rename_article(self) -> None:
        self._number += 1
        self._article().rename(self.root / f"content/articles/renamed-{self._number}.md")

    def cut_lines(self) -> None:
        def cut(lines: list[str]) -> None:
            start = self._pick.randrange(lines.index("---", 1) + 1, len(lines))
            del lines[start : start + self._pick.randrange(1, 9)]

        self._change(self._article(), cut)

    def swap_lines(self) -> None:
        def swap(lines: list[str]) -> None:
            first, second = (self._pick.randrange(lines.index("---", 1) + 1, len(lines)) for _ in "ab")
            lines[first], lines[second] = lines[second], lines[first]

        self._change(self._article(), swap)

    def add_sentence(self) -> None:
        said = "[Iran]{country=IR} and the [port]{project=linux status=agreed} were named."
        self._change(self._article(), lambda lines: lines.extend(("", said, "")))

    def edit_title(self) -> None:
        title = f"title: Title {self._pick.randrange(9)}"
        self._change(self._article(), lambda lines: lines.__setitem__(1, title))

    def edit_date(self) -> None:
        def move(lines: list[str]) -> None:
            lines[2] = f"date: {self._pick.choice(('2025-03', '2027-01-02', '2019'))}"

        self._change(self._article(), move)

    def toggle_draft(self) -> None:
        def toggle(lines: list[str]) -> None:
            if "draft: true" in lines:
                lines.remove("draft: true")
            else:
                lines.insert(3, "draft: true")

        self._change(self._article(), toggle)

    def same_size_same_time(self) -> None:
        file = self._article()
        status = file.stat()
        self._change(file, lambda lines: lines.__setitem__(-1, lines[-1].swapcase()))
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    def edit_profile(self) -> None:
        name, word = self._pick.choice(PROJECTS), self._pick.choice(("Old", "New", "Great"))
        text = f"---\nname: {word} {name}\ncountries: [IR]\n---\n{word}.\n"
        self._write(f"content/projects/{name}.md", text)

    def name_country(self) -> None:
        self._write("content/countries/IR.md", f"---\nname: Iran {self._pick.randrange(3)}\n---\n")

    def edit_site(self) -> None:
        size = self._pick.choice((20, 50))
        self._write("site.yaml", f"title: T\npage_size: {size}\nbase_url: https://example.org/d/\n")

    def edit_template(self) -> None:
        file = f"gazette/templates/{self._pick.choice(('base', 'article', 'parts', 'archive'))}.html"
        text = (THEMES / file).read_text("utf-8")
        self._write(f"themes/{file}", f"{text}{{# {self._pick.randrange(9)} #}}")

    def edit_media(self) -> None:
        self._write("content/media/map.svg", f"<svg id='i{self._pick.randrange(9)}'/>")

    def tamper_with_output(self) -> None:
        file = self._published()
        status = file.stat()
        file.write_bytes(file.read_bytes()[::-1])
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    def delete_output(self) -> None:
        self._published().unlink()

    def spoil_cache(self) -> None:
        file = self.root / ".digest/cache.db"
        with file.open("r+b") as stream:
            stream.seek(self._pick.randrange(file.stat().st_size))
            stream.write(bytes(64))

    def kill_a_build(self) -> None:
        self.add_sentence()
        command = [sys.executable, "-m", "builder", "build", "--quiet", "--root", str(self.root)]
        build = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            build.wait(self._pick.random() * 2)
        except subprocess.TimeoutExpired:
            build.send_signal(signal.SIGKILL)
            build.wait()


_HAPPENINGS = (
    Site.add_article,
    Site.delete_article,
    Site.rename_article,
    Site.cut_lines,
    Site.swap_lines,
    Site.add_sentence,
    Site.edit_title,
    Site.edit_date,
    Site.toggle_draft,
    Site.same_size_same_time,
    Site.edit_profile,
    Site.name_country,
    Site.edit_site,
    Site.edit_template,
    Site.edit_media,
    Site.tamper_with_output,
    Site.delete_output,
    Site.spoil_cache,
    Site.kill_a_build,
)
