"""An incremental build leaves the output as a clean one would, byte for byte.

A state machine makes random sites and random edits, tampers with outputs and cache, and after each
step compares with a clean build into another folder. The clean build is the specification.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from builder.build import Options, Report, build
from builder.memory import Memory
from builder.publishing.publish import MANIFEST

THEMES = Path(__file__).parent.parent / "themes"
PROJECTS = ("railway", "bridge", "summit")
COUNTRIES = ("IR", "AZ", "RU", "SU")
PEOPLE = ("ann", "bob")

names = st.sampled_from(["a", "b", "c", "2021/d", "2021/12/e", "f"])
dates = st.sampled_from(["2020", "2021-03", "2021-03-05", "2021-03-05T10:00:00+03:30", "2022"])
words = st.sampled_from(["Talks", "Trains", "Tables", "Towers"])
#: What an edit does to a single key of front matter; an empty value takes it away.
fields = st.sampled_from(
    [
        ("title", "Talks 9"),
        ("date", "2021-03-07"),
        ("countries", ""),
        ("countries", "[IR]"),
        ("countries", "[AZ]"),
        ("countries", "[AZ, IR]"),
        ("projects", ""),
        ("projects", "[railway]"),
        ("projects", "[bridge]"),
        ("source", ""),
        ("source", "{license: CC0-1.0, publisher: Post, title: Talks, changes: shortened}"),
        ("source", "{license: CC0-1.0, original: originals/wire.txt}"),
        ("lang", "fa"),
        ("summary", "A summary."),
        ("topics", "[rail]"),
        ("author", "Ann"),
        ("updated", "2022-01"),
        ("added", "2022-02"),
        ("draft", "true"),
        ("draft", ""),
        ("aliases", "[/older/]"),
        ("translation_of", "a"),
    ]
)
#: What an edit of site.yaml puts in or leaves out.
SETTINGS = (
    "language: fa",
    "timezone: Asia/Tehran",
    "theme: own",
    "statuses: [agreed, proposed, imagined]",
    "kinds: {project: {label: Scheme, label_plural: Schemes}}",
)
#: Files of a theme that extends gazette; `{word}` is what an edit changes.
OWN_THEME = {
    "themes/own/templates/404.html": "{{{{ frame.site_title }}}}: {word}",
    "themes/own/assets/own.css": "p {{ content: '{word}' }}",
    "themes/own/locale/fa.po": 'msgid "Countries"\nmsgstr "{word}"\n',
}
statuses = st.sampled_from(["", "", " status=proposed", " status=agreed date=2021-05"])


@st.composite
def sentences(draw):
    kind = draw(st.sampled_from(["plain", "country", "project", "person", "nested", "said"]))
    word = draw(words)
    country, project = draw(st.sampled_from(COUNTRIES)), draw(st.sampled_from(PROJECTS))
    if kind == "country":
        return f"{word} in [{country}]{{country={country}}} went on."
    if kind == "project":
        return f"{word} on the [{project}]{{project={project}{draw(statuses)}}} ended."
    if kind == "person":
        person = draw(st.sampled_from(PEOPLE))
        return f"{word} by [{person}]{{person={person}}} began."
    if kind == "nested":
        return f"{word}: [[{country}]{{country={country}}} {project}]{{project={project}}}."
    if kind == "said":
        person = draw(st.sampled_from(PEOPLE))
        return f'{word} [{project}]{{project={project} value="3 km" by=person:{person}}}.'
    return f"{word} were plain."


@st.composite
def articles(draw):
    front = [f"title: {draw(words)} {draw(st.integers(0, 3))}", f"date: {draw(dates)}"]
    if draw(st.booleans()):
        front.append(f"countries: [{draw(st.sampled_from(COUNTRIES))}]")
    if draw(st.booleans()):
        front.append(f"projects: [{draw(st.sampled_from(PROJECTS))}]")
    if draw(st.booleans()):
        publisher = draw(st.sampled_from(["Wire", "Post"]))
        front.append(f"source: {{license: CC-BY-4.0, publisher: {publisher}}}")
    if draw(st.integers(0, 4)) == 0:
        front.append(f"lang: {draw(st.sampled_from(['fa', 'de', 'en']))}")
    if draw(st.integers(0, 5)) == 0:
        front.append("draft: true")
    if draw(st.integers(0, 4)) == 0:
        front.append(f"translation_of: {draw(names)}")
    body = "\n\n".join(draw(st.lists(sentences(), max_size=4)))
    return "\n".join(["---", *front, "---", body, ""])


class Histories(RuleBasedStateMachine):
    """Random histories of one site."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="histories-"))
        self.root = self.folder / "site"
        self.output = self.root / "public"
        self.memory: Memory | None = None
        # Whether the cache may have damage that no build has looked at yet.
        self.spoiled = False

    def teardown(self) -> None:
        if self.memory is not None:
            self.memory.forget()
        shutil.rmtree(self.folder)

    @initialize(texts=st.dictionaries(names, articles(), max_size=5), warm=st.booleans())
    def make(self, texts, warm) -> None:
        # A preview builds again and again in one process.
        self.memory = Memory() if warm else None
        for plural, ids in (("projects", PROJECTS), ("people", PEOPLE)):
            for name in ids:
                self.write(f"content/{plural}/{name}.md", f"---\nname: The {name}\n---\n")
        self.write("content/pages/about.md", "---\ntitle: About\n---\nAbout us.\n")
        self.write("content/media/map.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        self.write("site.yaml", "title: Site\npage_size: 2\nbase_url: https://example.org/d/\n")
        shutil.copytree(THEMES, self.root / "themes")
        self.write("themes/own/theme.yaml", "extends: gazette\n")
        for name, text in texts.items():
            self.write(f"content/articles/{name}.md", text)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def article_files(self) -> list[Path]:
        return sorted((self.root / "content/articles").rglob("*.md"))

    def published(self) -> list[Path]:
        return sorted(path for path in self.output.rglob("*") if path.is_file())

    @rule(name=names, text=articles())
    def write_article(self, name, text) -> None:
        self.write(f"content/articles/{name}.md", text)

    @precondition(lambda self: self.article_files())
    @rule(data=st.data(), sentence=sentences())
    def edit_body(self, data, sentence) -> None:
        file = data.draw(st.sampled_from(self.article_files()))
        file.write_text(file.read_text("utf-8") + f"\n{sentence}\n", encoding="utf-8")

    @precondition(lambda self: self.article_files())
    @rule(data=st.data(), field=fields)
    def edit_field(self, data, field) -> None:
        file = data.draw(st.sampled_from(self.article_files()))
        key, value = field
        lines = file.read_text("utf-8").split("\n")
        lines = [line for line in lines if not line.startswith(f"{key}:")]
        if value:
            lines.insert(1, f"{key}: {value}")
        file.write_text("\n".join(lines), "utf-8")

    @precondition(lambda self: self.article_files())
    @rule(data=st.data())
    def same_size_same_time(self, data) -> None:
        file = data.draw(st.sampled_from(self.article_files()))
        status = file.stat()
        text = file.read_text("utf-8")
        file.write_text(text.replace("T", "t", 1) if "T" in text else text.swapcase(), "utf-8")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        if "title: t" not in file.read_text("utf-8"):
            file.write_text(text, "utf-8")

    @precondition(lambda self: self.article_files())
    @rule(data=st.data())
    def delete_article(self, data) -> None:
        data.draw(st.sampled_from(self.article_files())).unlink()

    @precondition(lambda self: self.article_files())
    @rule(data=st.data(), name=names)
    def rename_article(self, data, name) -> None:
        file = data.draw(st.sampled_from(self.article_files()))
        target = self.root / f"content/articles/{name}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)

    @rule(name=st.sampled_from(PROJECTS), word=words, party=st.sampled_from(COUNTRIES))
    def edit_profile(self, name, word, party) -> None:
        text = f"---\nname: {word} {name}\nsummary: A {word}.\ncountries: [{party}]\n---\n{word}.\n"
        self.write(f"content/projects/{name}.md", text)

    @rule(code=st.sampled_from(COUNTRIES), word=words)
    def name_country(self, code, word) -> None:
        self.write(f"content/countries/{code}.md", f"---\nname: {word}land\n---\n")

    @rule(size=st.integers(1, 4), word=words, data=st.data())
    def edit_site(self, size, word, data) -> None:
        lines = [f"title: {word}", f"page_size: {size}"]
        lines += [data.draw(st.sampled_from(["", line])) for line in SETTINGS]
        if size % 2:
            lines.append("base_url: https://example.org/d/")
        self.write("site.yaml", "\n".join(lines) + "\n")

    @rule(word=words, file=st.sampled_from(["base.html", "article.html", "parts.html"]))
    def edit_template(self, word, file) -> None:
        path = self.root / "themes/gazette/templates" / file
        original = THEMES / "gazette/templates" / file
        path.write_text(original.read_text("utf-8") + f"{{# {word} #}}", "utf-8")

    @rule(word=words, file=st.sampled_from(sorted(OWN_THEME)), gone=st.booleans())
    def edit_own_theme(self, word, file, gone) -> None:
        if gone:
            (self.root / file).unlink(missing_ok=True)
        else:
            self.write(file, OWN_THEME[file].format(word=word))

    @rule(word=words)
    def edit_files_and_page(self, word) -> None:
        self.write("content/media/map.svg", f"<svg xmlns='http://www.w3.org/2000/svg' id='{word}'/>")
        self.write("content/pages/about.md", f"---\ntitle: {word}\naliases: [/old/]\n---\n{word}.\n")

    @rule(word=words, ending=st.sampled_from(["began", "ended"]))
    def edit_original(self, word, ending) -> None:
        self.write("content/originals/wire.txt", f"{word} on the railway {ending}.\n")

    @rule()
    def delete_original(self) -> None:
        (self.root / "content/originals/wire.txt").unlink(missing_ok=True)

    @precondition(lambda self: self.published())
    @rule(data=st.data())
    def tamper_with_output(self, data) -> None:
        pages = [one for one in self.published() if one.name == "index.html"]
        file = data.draw(st.sampled_from(pages or self.published()))
        if data.draw(st.booleans()):
            file.unlink()
        else:
            status = file.stat()
            file.write_bytes(file.read_bytes()[::-1])
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    @precondition(lambda self: self.published())
    @rule(data=st.data())
    def write_output_again(self, data) -> None:
        file = data.draw(st.sampled_from(self.published()))
        file.write_bytes(file.read_bytes())

    @precondition(lambda self: self.published() and not self.spoiled)
    @rule(lost=st.booleans(), name=names, text=articles())
    def lose_manifest(self, lost, name, text) -> None:
        """The manifest is gone, or one from a backup is put back, and there is an edit, too.

        With the cache whole: where both are lost, what is published is somebody's own.
        """
        file = self.output / MANIFEST
        older = file.read_bytes()
        self.write(f"content/articles/{name}.md", text)
        if lost:
            file.unlink()
        else:
            self.build()
            file.write_bytes(older)
            self.write(f"content/articles/{name}.md", text + "\nMore words.\n")

    @rule(data=st.data())
    def spoil_cache(self, data) -> None:
        file = self.root / ".digest/cache.db"
        # The size of the file depends on its past and on the system, so no draw may depend on it.
        whole, place = data.draw(st.booleans()), data.draw(st.integers(0, 2**16 - 1))
        if not file.exists():
            return
        if whole:
            file.unlink()
            return
        raw = bytearray(file.read_bytes())
        start = place * len(raw) >> 16
        raw[start : start + 64] = bytes(64)
        file.write_bytes(raw)
        self.spoiled = True

    @precondition(lambda self: self.output.exists())
    @rule(name=names)
    def fail_then_mend(self, name) -> None:
        before = contents(self.output)
        file = self.root / f"content/articles/{name}.md"
        text = file.read_text("utf-8") if file.exists() else None
        self.write(f"content/articles/{name}.md", "---\ntitle: [\n---\n")
        assert self.build().failed
        assert contents(self.output) == before
        file.unlink() if text is None else file.write_text(text, "utf-8")

    def build(self) -> Report:
        report = build(Options(root=self.root, output=self.output, jobs=1), self.memory)
        # A cache that was thrown away, of which there is a word, is whole again.
        self.spoiled = self.spoiled and not report.word
        return report

    @invariant()
    def incremental_equals_clean(self) -> None:
        if not (self.root / "site.yaml").exists():
            return
        report = self.build()
        assert not report.failed, [one.text() for one in report.diagnostics]
        clean = self.folder / "clean"
        copy = self.folder / "copy"
        shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns("public", ".digest"))
        other = build(Options(root=copy, output=clean, jobs=1))
        assert contents(self.output) == contents(clean)
        assert (report.pages, report.diagnostics) == (other.pages, other.diagnostics)
        shutil.rmtree(clean)
        shutil.rmtree(copy)
        again = self.build()
        if again.word:
            # No build before had looked at what was damaged.
            assert (again.failed, again.written, again.removed) == (False, 0, 0)
            again = self.build()
        assert (again.parsed, again.rendered, again.written, again.removed) == (0, 0, 0, 0)
        assert (again.reused, again.diagnostics) == (report.pages, report.diagnostics)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


#: The histories are run in parts, so that several processes can share them.
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_incremental_build_equals_clean_build_after_any_history(part):
    # A part begins with a seed of its own: the same histories twice would prove nothing more.
    start = part if os.environ.get("CI") else random.randrange(2**32)  # noqa: S311 - no secret
    machine = seed(start)(type(f"Histories{part}", (Histories,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("HISTORIES", "24")) // PARTS,
            stateful_step_count=8,
            deadline=None,
            derandomize=False,
            database=None,
            # A failing history is short already; making it shorter would take longer than CI may.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
