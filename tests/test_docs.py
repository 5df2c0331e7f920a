"""The documentation says what the program does, no more and no less, and its examples run."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path
from typing import NamedTuple

import click
import msgspec
import pytest
from msgspec import structs
from site_builder import HtmlPage, build_site, write_site

from builder import views
from builder.body.annotations import tokenize
from builder.body.braces import STATEMENT_KEYS
from builder.build import Report
from builder.cli import digest
from builder.cli.building import as_json
from builder.config import DEFAULT_KINDS, DEFAULT_STATUSES
from builder.diagnostics import CODES
from builder.reading import ReadTask
from builder.theming.theme import _KEYS, REQUIRED
from builder.work import SMALL
from builder.yaml.schema import ArticleKeys, KindKeys, PageKeys, ProfileKeys, SiteKeys, SourceKeys

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += sorted(DOCS.rglob("*.md"))
SECONDS = re.compile(r"\d+\.\d\d s$", re.MULTILINE)


class Fence(NamedTuple):
    """A fenced block: the paragraph before it, its language, its text."""

    before: str
    language: str
    text: str


def fences(page: Path) -> list[Fence]:
    """The fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    found = []
    for match in re.finditer(r"^(`{3,})([a-z]*)\n(.*?)^\1$", text, re.MULTILINE | re.DOTALL):
        before = text[: match.start()].rstrip().rpartition("\n\n")[2]
        found.append(Fence(" ".join(before.split()), match.group(2), match.group(3)))
    return found


def without_fences(page: Path) -> str:
    return re.sub(r"^(`{3,}).*?^\1$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def section(page: Path, heading: str) -> str:
    """What stands below a heading, up to the next heading of any level."""
    lines = page.read_text("utf-8").splitlines()
    assert heading in lines, f"{page.name} has no heading {heading!r}"
    start = lines.index(heading) + 1
    end = next((n for n in range(start, len(lines)) if re.match(r"#{1,4} ", lines[n])), len(lines))
    return "\n".join(lines[start:end])


def rows(page: Path, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    lines = section(page, heading).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("|"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def names(page: Path, heading: str) -> list[str]:
    """The words in code in the first column of the first table below a heading."""
    return [name for row in rows(page, heading) for name in re.findall(r"`([^` ]+)[^`]*`", row[0])]


def fields(schema: type[msgspec.Struct]) -> list[str]:
    return [field.encode_name for field in structs.fields(schema)]


PLURALS = [kind.plural for kind in DEFAULT_KINDS]
KIND_IDS = [kind.id for kind in DEFAULT_KINDS]
SCHEMAS = [
    ("front-matter.md", "## An article", ArticleKeys, PLURALS),
    ("front-matter.md", "### The keys of source", SourceKeys, []),
    ("front-matter.md", "## A profile", ProfileKeys, []),
    ("front-matter.md", "## A plain page", PageKeys, []),
    ("site-yaml.md", "# site.yaml", SiteKeys, []),
    ("site-yaml.md", "## Kinds", KindKeys, []),
]


@pytest.mark.parametrize(
    ("name", "heading", "schema", "more"), SCHEMAS, ids=[one[2].__name__ for one in SCHEMAS]
)
def test_reference_lists_the_keys_of_every_schema(name, heading, schema, more):
    assert sorted(names(REFERENCE / name, heading)) == sorted(fields(schema) + more)


@pytest.mark.parametrize(("heading", "schema"), [(one[1], one[2]) for one in SCHEMAS[:2]])
def test_reference_marks_the_required_keys_of_front_matter(heading, schema):
    marked = {
        row[0].strip("`") for row in rows(REFERENCE / "front-matter.md", heading) if row[1] == "yes"
    }
    assert marked == {field.encode_name for field in structs.fields(schema) if field.required}


def test_reference_gives_the_defaults_of_site_yaml():
    documented = {row[0].strip("`"): row[1] for row in rows(REFERENCE / "site-yaml.md", "# site.yaml")}
    for field in structs.fields(SiteKeys):
        if field.default is not msgspec.NODEFAULT and field.default:
            assert documented[field.encode_name] == f"`{field.default}`"


@pytest.mark.parametrize("name", ["annotations.md", "site-yaml.md"])
def test_reference_lists_the_default_statuses(name):
    text = " ".join((REFERENCE / name).read_text("utf-8").split())
    *most, last = [f"`{status}`" for status in DEFAULT_STATUSES]
    assert f"{', '.join(most)} and {last}" in text


def test_reference_lists_the_attributes_of_annotations():
    listed = names(REFERENCE / "annotations.md", "## What stands in the braces")
    assert sorted(listed) == sorted([*KIND_IDS, *STATEMENT_KEYS])


def commands() -> list[tuple[str, click.Command]]:
    return [("digest", digest), *((f"digest {name}", one) for name, one in digest.commands.items())]


def options(command: click.Command) -> set[str]:
    context = click.Context(command, parent=click.Context(digest, **digest.context_settings))
    return {option for one in command.get_params(context) for option in one.opts}


def test_commands_are_all_documented():
    text = (REFERENCE / "commands.md").read_text("utf-8")
    assert re.findall(r"^## `(.*)`$", text, re.MULTILINE) == [name for name, _ in commands()]


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_options_of_a_command_are_all_documented(name, command):
    documented = set(names(REFERENCE / "commands.md", f"## `{name}`"))
    if command is not digest:
        documented |= set(re.findall(r"`(-[^`]+)`", section_end(f"## `{name}`")))
    assert documented == options(command)


def section_end(heading: str) -> str:
    """The paragraph that says which shared options a command takes."""
    return section(REFERENCE / "commands.md", heading).partition("\nShared options")[2]


def test_commands_name_no_option_that_does_not_exist():
    known = {name: options(command) for name, command in commands()}
    for page in PAGES:
        for name, used in re.findall(r"digest ([a-z]+)([^`\n]*)", page.read_text("utf-8")):
            for option in re.findall(r"(?<![\w-])--?[a-zA-Z][a-z-]*", used):
                assert option in known[f"digest {name}"], f"{page.name}: digest {name} {option}"


def test_the_report_as_json_is_documented():
    listed = names(REFERENCE / "commands.md", "### The report as JSON")
    assert listed == list(as_json(Report()))


# Each view, each template, each module, each dependency.

VIEWS = [
    one
    for _, one in inspect.getmembers(views, inspect.isclass)
    if issubclass(one, msgspec.Struct) and one.__module__ == views.__name__
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_themes_lists_the_fields_of_every_view(view):
    assert names(DOCS / "themes.md", f"### {view.__name__}") == fields(view)


def test_themes_names_no_view_that_does_not_exist():
    headings = re.findall(r"^### (\w+View)$", (DOCS / "themes.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(view.__name__ for view in VIEWS)


def test_themes_lists_the_required_templates_with_their_views():
    listed = {row[0].strip("`"): row[1] for row in rows(DOCS / "themes.md", "## Templates")}
    assert set(listed) == set(REQUIRED)
    for template, view in listed.items():
        documented = inspect.getdoc(getattr(views, re.sub(r"\[(\w+)\].*", r"\1", view))) or ""
        assert documented.startswith(f"`{template}`")


def test_themes_lists_the_keys_of_a_theme():
    assert sorted(names(DOCS / "themes.md", "## theme.yaml")) == sorted(_KEYS)


def test_architecture_lists_every_module():
    package = ROOT / "builder"
    page = (DOCS / "architecture.md").read_text("utf-8")
    tables = page.partition("\n## The modules\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([^`]+)` \|", tables, re.MULTILINE)
    inits = [path.parent for path in package.glob("*/__init__.py")]
    modules = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    expected = {name for name in modules if not name.endswith("__init__.py")}
    assert sorted(listed) == sorted(expected | {f"{path.name}/" for path in inits})


def test_dependencies_lists_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for heading, wanted in (
        ("## What the program needs", project["dependencies"]),
        ("## What installing needs", project["optional-dependencies"]["install"]),
        ("## What development needs", project["optional-dependencies"]["dev"]),
    ):
        expected = sorted(re.split(r"[<>=]", name)[0] for name in wanted)
        assert sorted(names(DOCS / "dependencies.md", heading)) == expected


# What the pages say of each other and of the repository.


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#{1,4} (.*)$", without_fences(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    text = re.sub(r"`[^`\n]*`", "", without_fences(page))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(other), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_and_make_targets_that_a_page_names_exist(page):
    text = page.read_text("utf-8")
    for path in re.findall(r"`((?:tests|builder|docs|benchmarks|themes/gazette)/[\w./-]*)`", text):
        assert (ROOT / path).exists(), f"{page.name}: {path}"
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: make {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_are_plain(page):
    text = page.read_text("utf-8")
    assert text.endswith("\n")
    assert "\t" not in text
    assert not re.search(r"[ ]+$", text, re.MULTILINE), "white space at the end of a line"
    assert (
        text.count("\n# ")
        + text.startswith("# ")
        - sum(fence.text.count("\n# ") + fence.text.startswith("# ") for fence in fences(page))
        == 1
    ), "one heading of the first level"


# Every message.

#: A theme that costs nothing to load, for sites that only have to fail.
BARE = {f"themes/bare/templates/{name}": "-" for name in REQUIRED}
RAILWAY = {"content/projects/rasht-astara-railway.md": "---\nname: Rasht-Astara railway\n---\n"}
ABOUT = {"content/pages/about.md": "---\ntitle: About\n---\n"}
Files = dict[str, str | bytes]


def one(body: str = "", front: str = "") -> Files:
    """A site of one article."""
    text = f"---\ntitle: Talks in Baku\ndate: 2021-12-22\n{front}---\n{body}\n"
    return {"content/articles/baku.md": text}


def written(text: str) -> Files:
    return {"content/articles/baku.md": text}


def project(name: str, front: str) -> Files:
    return {f"content/projects/{name}.md": f"---\n{front}\n---\n"}


def site(text: str) -> Files:
    return {"site.yaml": f"title: T\n{text}\n"}


def theme(name: str, text: str) -> Files:
    """A site with a theme of its own that extends `bare`, and one page."""
    files = site("theme: own") | ABOUT | {"themes/own/theme.yaml": "extends: bare\n"}
    return files | {f"themes/own/{name}": text}


#: A template with a block, and the beginning of one that extends it.
FRAME: Files = {"themes/bare/templates/base.html": "{% block footer %}{% endblock %}"}
CHILD = '{% extends "base.html" %}\n'


def two(name: str, front: str, other: str) -> Files:
    return project(name, front) | project("b", other)


DEEP = "[" * 101 + "railway" + "]{project=rasht-astara-railway}" * 101
EVENTS = site("kinds:\n  event: {plural: events}") | {
    "content/events/caspian-summit.md": "---\nname: Caspian summit\n---\n"
}
MISTAKES: dict[str, Files] = {
    "not-utf8": {"content/articles/baku.md": b"---\ntitle: Caf\xe9\n---\n"},
    "empty-file": written(""),
    "unreadable-file": {},
    "outside-site": {},
    "missing-front-matter": written("Talks in Baku went on.\n"),
    "unclosed-front-matter": written("---\ntitle: Talks in Baku\n\nTalks went on.\n"),
    "yaml-syntax": written("---\ntitle: Baku: the talks\ndate: 2021-12\n---\n"),
    "yaml-alias": written("---\ntitle: &t Talks in Baku\ndate: 2021-12\n---\n"),
    "duplicate-key": one(front="title: Talks\n"),
    "control-character": one("Talks\x07 went on."),
    "merge-conflict": one("<<<<<<< HEAD\nTalks.\n=======\nTalks went on.\n>>>>>>> mine"),
    "lost-letters": one("The mÃ¼nster."),
    "lost-words": written("---\ntitle: Baku is the #1 partner\ndate: 2021-12\n---\n"),
    "unknown-file": {"content/articles/notes.txt": "x"},
    "missing-key": written("---\ntitle: Talks in Baku\n---\n"),
    "unknown-key": one(front="sumary: Talks went on.\n"),
    "wrong-type": one(front="draft: maybe\n"),
    "bad-date": written("---\ntitle: Talks in Baku\ndate: 2021-02-30\n---\n"),
    "unlikely-language": one("گفتگوها در باکو ادامه یافت."),
    "unlikely-date": written("---\ntitle: Baku\ndate: 2021-12-22\nupdated: 2012-12-23\n---\n"),
    "bad-language": one(front="lang: English\n"),
    "bad-license": one(front="source: {license: CC BY 4.0}\n"),
    "bad-address": one(front="aliases: [baku]\n"),
    "bad-id": project("Rasht Astara", "name: Rasht-Astara railway"),
    "bad-kind": site("kinds:\n  event: Event"),
    "bad-timezone": site("timezone: Asia/Teheran"),
    "bad-location": project("bridge", "name: Bridge\nlocation: [384.3, 48.87]"),
    "missing-original": one(front="source: {license: CC-BY-4.0, original: originals/baku.txt}\n"),
    "unreadable-original": one(
        "Exports grow.", front="source: {license: CC-BY-4.0, original: originals/baku.txt}\n"
    )
    | {"content/originals/baku.txt": b"Exports \xe9"},
    "altered-words": one(
        "Exports will increase.", front="source: {license: CC-BY-4.0, original: originals/baku.txt}\n"
    )
    | {"content/originals/baku.txt": b"Exports will grow.\n"},
    "unknown-article": one(front="translation_of: baku-vist\n")
    | {"content/articles/a.md": "---\ntitle: A\ndate: 2021\nid: baku-visit\n---\n"},
    "duplicate-article-id": {
        f"content/articles/{name}.md": "---\ntitle: A\ndate: 2021\nid: baku\n---\n" for name in "ab"
    },
    "malformed-annotation": one("The [railway]{project=rasht-astara-railway note='new'} is new.")
    | RAILWAY,
    "unclosed-span": one("The [railway]{project=rasht-astara-railway is new.") | RAILWAY,
    "unopened-span": one("The railway]{project=rasht-astara-railway} is new.") | RAILWAY,
    "span-crosses-block": one("- The [railway\n- and its bridge]{project=rasht-astara-railway}")
    | RAILWAY,
    "too-deep": one(DEEP) | RAILWAY,
    "unknown-attribute": one("The [railway]{project=rasht-astara-railway stauts=agreed} is new.")
    | RAILWAY,
    "two-entities": one("The [railway]{project=rasht-astara-railway country=IR} is new.") | RAILWAY,
    "statement-without-entity": one("The [railway]{status=agreed} is new."),
    "unknown-status": one("The [railway]{project=rasht-astara-railway status=negotiated} is new.")
    | RAILWAY,
    "bad-reference": one("The [railway]{project=rasht-astara-railway status=agreed by=aliyev} is new.")
    | RAILWAY,
    "stray-braces": one("The railway {project=rasht-astara-railway} is new.") | RAILWAY,
    "lost-annotation": one("![Map of the [railway]{project=rasht-astara-railway}](../media/a.png)")
    | RAILWAY
    | {"content/media/a.png": b"x"},
    "empty-annotation": one("The []{project=rasht-astara-railway} is new.") | RAILWAY,
    "unknown-country": one("Talks in [Baku]{country=AZE}."),
    "unknown-project": one("The [railway]{project=rasht-astra} is new.") | RAILWAY,
    "unknown-person": one("[Aliyev]{person=ilham-aliev} said so.")
    | {"content/people/ilham-aliyev.md": "---\nname: Ilham Aliyev\n---\n"},
    "unknown-organisation": one("[IRNA]{organisation=irna} said so."),
    "unknown-entity": one("At the [summit]{event=caspian-sumit}.") | EVENTS,
    "duplicate-id": RAILWAY
    | project("astara-line", "name: Astara line\nformer_ids: [rasht-astara-railway]"),
    "ambiguous-alias": two(
        "a", "name: Bridge A\naliases: [the bridge]", "name: B\naliases: [The bridge]"
    ),
    "alias-is-id": RAILWAY
    | project("astara-line", "name: Astara line\naliases: [rasht-astara-railway]"),
    "address-clash": one(front="aliases: [/about/]\n") | ABOUT,
    "dead-link": one("Read [the page](../pages/abuot.md).") | ABOUT,
    "dead-image": one("![The bridge](../media/bridge.jpg)"),
    "lost-link": one("Read [the page](ftp://example.org/)."),
    "remote-image": one("![The bridge](https://example.org/bridge.jpg)"),
    "lost-element": one("The airline <Iran Air and others> flew on time."),
    "hashtag-heading": one("#Iran: talks go on."),
    "unclosed-comment": one("<!-- ask the ministry\n\nTalks went on."),
    "flattened-code": one("```\nTalks went on."),
    "flattened-list": one("Two points:\n- a pipeline\n- a railway"),
    "flattened-table": one("Two points:\n| what | when |\n|---|---|\n| talks | May |"),
    "lost-cell": one("| what | when |\n|---|---|\n| a | b | June |"),
    "missing-note": one("Talks in it[^1] went on."),
    "unused-note": one("Talks went on.\n\n[^1]: In Baku."),
    "duplicate-note": one("Talks went on.[^1]\n\n[^1]: In Baku.\n[^1]: In Tehran."),
    "lost-line": one("[Q]: Will you go to Baku?\n\n[Aliyev]: No."),
    "missing-theme": site("theme: gazete"),
    "missing-template": theme("templates/page.html", '{% extends "404.htm" %}\n'),
    "missing-asset": theme("templates/page.html", '<link rel="x" href="{{ frame.assets }}evning.css">'),
    "template-syntax": theme("templates/page.html", "<h1>{{ title }</h1>\n"),
    "template-error": theme("templates/page.html", "<h1>{{ titel }}</h1>\n"),
    "bad-theme": site("theme: own") | {"themes/own/theme.yaml": "extend: gazette\n"},
    "bad-catalogue": theme(
        "locale/en.po", 'msgid ""\nmsgstr ""\nmsgid "By %(authors)s"\nmsgstr "Written %(writers)s"\n'
    ),
    "unknown-block": theme(
        "templates/page.html", CHILD + "{% block foter %}Caspian Digest{% endblock %}\n"
    )
    | FRAME,
    "lost-text": theme("templates/page.html", CHILD + "<p>Caspian Digest</p>\n") | FRAME,
    "unused-file": theme("templates/articel.html", "<h1>{{ card.title }}</h1>\n"),
    "foreign-file": {"public/index.html": "mine"},
    "bad-manifest": {"public/.digest-manifest.json": "{"},
    "bad-output": {"public": "mine"},
    "cannot-write": {},
}
LINKS = {"unreadable-file": "gone.md", "outside-site": "/"}
MESSAGES = REFERENCE / "diagnostics.md"


def reported() -> dict[str, str]:
    """The codes that some module of the package reports, with their severities."""
    texts = [
        path.read_text("utf-8")
        for path in (ROOT / "builder").rglob("*.py")
        if path.name != "diagnostics.py"
    ]
    kinds = {f"unknown-{kind}" for kind in KIND_IDS}
    return {
        code: severity
        for code, severity in CODES.items()
        if code in kinds or any(f'"{code}"' in text for text in texts)
    }


def example(code: str) -> str:
    """The message that the page shows for a code."""
    text = section(MESSAGES, f"### `{code}`")
    return text.partition("```text\n")[2].partition("```")[0]


def test_every_message_is_documented_with_its_severity():
    text = MESSAGES.read_text("utf-8")
    shown = re.findall(r"^### `(.*)`\n\n\*\*(\w+)\.\*\*", text, re.MULTILINE)
    assert sorted(shown) == sorted((code, severity.title()) for code, severity in reported().items())
    assert len(re.findall(r"^### ", text, re.MULTILINE)) == len(shown)


@pytest.mark.parametrize("code", reported())
def test_a_message_shows_its_own_code(code):
    for line in example(code).splitlines():
        assert re.match(rf"\S.*:\d+:\d+: {CODES[code]}\[{code}\]: |  hint: ", line), line


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_gives_the_message_that_is_documented(code, tmp_path):
    write_site(tmp_path, BARE | MISTAKES[code], "title: T\ntheme: bare")
    if code in LINKS:
        (tmp_path / "content/articles").mkdir(parents=True)
        (tmp_path / "content/articles/baku.md").symlink_to(LINKS[code])
    blocked = tmp_path / "site.yaml" / "public"
    report = build_site(tmp_path, blocked if code == "cannot-write" else None)
    assert report.failed == any(CODES[one.code] == "error" for one in report.diagnostics)
    assert "".join(f"{one.text()}\n" for one in report.diagnostics if one.code == code) == example(code)
    assert {one.code for one in report.diagnostics} == {code}


def test_too_many_annotations_gives_the_message_that_is_documented():
    (fault,) = tokenize("[x]{.a}\n" * 32768).faults
    assert f": error[{fault.code}]: {fault.message}\n  hint: {fault.hint}\n" in example(fault.code)


def test_a_process_that_is_ended_gives_the_message_that_is_documented(tmp_path, monkeypatch):
    monkeypatch.setattr(ReadTask, "run", lambda *_given: os.kill(os.getpid(), signal.SIGKILL))
    files = {f"content/articles/a{number}.md": "" for number in range(SMALL)}
    report = build_site(write_site(tmp_path, files), jobs=2)
    assert "".join(f"{one.text()}\n" for one in report.diagnostics) == example("lost-process")
    assert not [*(tmp_path / "public").glob("*")]


def test_wrong_usage_gives_the_message_that_is_documented(tmp_path):
    write_site(tmp_path, BARE)
    done = subprocess.run(
        [sys.executable, "-m", "builder", "build", "--json", "--nonsense"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    (found,) = json.loads(done.stdout)["diagnostics"]
    head = "{file}:{line}:{column}: {severity}[{code}]: {message}\n"
    assert head.format(**found) == example("wrong-usage")


# Examples that run.


class Desk:
    """An editor's desk: a home folder, the program on the path, and the folder one is in."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home
        programs = home / ".programs"
        programs.mkdir(parents=True)
        digest_program = programs / "digest"
        digest_program.write_text(f'#!/bin/sh\nexec {sys.executable} -m builder "$@"\n', "utf-8")
        digest_program.chmod(0o755)
        (programs / "python3").symlink_to(sys.executable)
        self.environment = os.environ | {
            "HOME": str(home),
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, line: str) -> str:
        """Type one line; returns what it prints."""
        if line.startswith("cd "):
            self.folder /= line.removeprefix("cd ")
            assert self.folder.is_dir()
            return ""
        if line == "digest preview":
            self.serve()
            return ""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return done.stdout

    def serve(self) -> None:
        """Start the preview, read the front page from it, stop it. The port is one that is free."""
        arguments = [sys.executable, "-m", "builder", "preview", "--port", "0"]
        with subprocess.Popen(
            arguments,
            cwd=self.folder,
            env=self.environment | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        ) as server:
            try:
                assert server.stdout
                port = re.search(r":(\d+)/", server.stdout.readline())
                assert port
                assert "page" in server.stdout.readline()
                with urllib.request.urlopen(f"http://127.0.0.1:{port.group(1)}/") as answer:
                    assert b"Caspian Digest" in answer.read()
            finally:
                server.terminate()

    def save(self, path: str, text: str) -> None:
        """Save a file, in the folder one is in."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, "utf-8")

    def page(self, address: str) -> str:
        """The words of a page."""
        file = self.folder / "public" / address.strip("/") / "index.html"
        return HtmlPage(file.read_text("utf-8")).text


def follow(desk: Desk, page: Path) -> list[str]:
    """Do what a page says, block by block; returns what kinds of blocks there were.

    A block is named by the paragraph before it: `Save this as ...` is a file, `The page ... says`
    are words of a page; a block of the language `console` is typed, and its answers are compared;
    one of the language `sh` prepares the computer, and its make targets are checked elsewhere.
    """
    done = []
    for fence in fences(page):
        saved = re.search(r"Save this as `([^`]+)`", fence.before)
        shown = re.search(r"The page `([^`]+)` says:$", fence.before)
        if fence.language == "console":
            done.append("console")
            for entry in re.split(r"^\$ ", fence.text, flags=re.MULTILINE)[1:]:
                line, _, answer = entry.partition("\n")
                printed = desk.run(line)
                assert SECONDS.sub("0.00 s", printed) == SECONDS.sub("0.00 s", answer)
        elif saved:
            done.append("file")
            desk.save(saved.group(1), fence.text)
        elif shown:
            done.append("page")
            assert " ".join(fence.text.split()) in desk.page(shown.group(1))
        else:
            assert fence.language == "sh", f"{page.name}: nobody says what {fence.text!r} is"
            done.append("sh")
    return done


def test_the_tutorial_gives_what_it_shows(tmp_path):
    done = follow(Desk(tmp_path), DOCS / "tutorial.md")
    assert (done.count("file"), done.count("page"), done.count("sh")) == (6, 2, 1)
    assert (tmp_path / "caspian/public/feed.xml").is_file()


def test_the_example_of_the_readme_gives_what_it_shows(tmp_path):
    desk = Desk(tmp_path)
    shutil.copytree(ROOT / "content", tmp_path / "content")
    shutil.copy(ROOT / "site.yaml", tmp_path)
    article, page, message = (one for one in fences(ROOT / "README.md") if one.language != "sh")
    path = article.before.rpartition("`")[0].rpartition("`")[2]
    desk.save(path, article.text)
    assert not build_site(tmp_path).diagnostics
    address = page.before.rpartition("`")[0].rpartition("`")[2]
    shown = desk.page(address)
    for part in page.text.replace("Media\nCooperation", "Media Cooperation").splitlines():
        assert part in shown
    desk.save(path, article.text.replace("committee status", "comittee status"))
    assert "".join(f"{one.text()}\n" for one in build_site(tmp_path).diagnostics) == message.text


def test_the_theme_of_the_guide_gives_what_it_shows(tmp_path):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    guide = fences(DOCS / "themes.md")
    files = {
        match.group(1): fence.text
        for fence in guide
        if (match := re.search(r"Save this as `([^`]+)`", fence.before))
    }
    assert set(files) == {
        "site.yaml",
        "themes/evening/theme.yaml",
        "themes/evening/templates/base.html",
        "themes/evening/templates/country.html",
        "themes/evening/assets/evening.css",
        "themes/evening/locale/de.po",
    }
    write_site(tmp_path, files)
    report = build_site(tmp_path)
    assert not report.diagnostics
    public = tmp_path / "public"
    assert (public / "assets/evening.css").read_text() == files["themes/evening/assets/evening.css"]
    assert (public / "assets/gazette.css").is_file()
    for address in ("", "projects/demining/", "countries/az/", "countries/"):
        text = (public / address / "index.html").read_text("utf-8")
        assert '<link rel="stylesheet" href="/assets/evening.css">' in text
        assert "This is the evening edition." in HtmlPage(text).text
        assert HtmlPage(text).problems == []
    assert (
        "Names of countries follow" in HtmlPage((public / "countries/az/index.html").read_text()).text
    )
    assert (
        "Names of countries follow"
        not in HtmlPage((public / "projects/demining/index.html").read_text()).text
    )
    (tmp_path / "site.yaml").write_text(files["site.yaml"] + "language: de\n", "utf-8")
    assert not build_site(tmp_path).diagnostics
    german = HtmlPage((public / "countries/az/index.html").read_text("utf-8")).text
    assert "Die Namen der Länder folgen dem Unicode CLDR." in german
    assert "Länder" in german


def test_the_pictures_are_small():
    pictures = list((DOCS / "images").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 200_000
        assert any(f"images/{picture.name}" in page.read_text("utf-8") for page in PAGES)
