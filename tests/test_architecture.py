"""The shape of the program: data runs one way, and only the edges read and write."""

from __future__ import annotations

import ast
import importlib
import re
from graphlib import TopologicalSorter
from inspect import isclass
from pathlib import Path

import pytest
from impurity import touched, written

PACKAGE = Path(__file__).parent.parent / "builder"

#: Modules and packages in the order in which data runs through them: none imports one of a later row.
LAYERS = (
    ("__init__",),
    (
        "dates",
        "diagnostics",
        "fingerprint",
        "root",
        "stamps",
        "toolchain",
        "lock",
        "signs",
        "interrupts",
    ),
    ("lines",),
    ("model", "views", "report", "work", "cache", "quoting"),
    ("countries", "direction", "escaping", "addresses", "listings", "stale", "yaml", "publishing"),
    ("zones", "letters", "localize", "licenses", "prose"),
    ("body",),
    ("damage",),
    ("config", "lookout", "unchanged"),
    ("load",),
    ("parse", "whereabouts"),
    ("wording",),
    ("excerpts", "entities", "outlines"),
    ("parties",),
    ("outline", "printed"),
    ("reading",),
    ("gather",),
    ("catalog", "check", "cards", "feeds", "unread"),
    ("theming",),
    ("plan",),
    ("layout", "compose", "parts", "render", "since"),
    ("renew", "unrendered"),
    ("memory",),
    ("pipeline",),
    ("build",),
    ("preview",),
    ("cli",),
    ("__main__",),
)
#: The same for the modules of each package that has stages of its own.
INSIDE = {
    "yaml": (("fields", "values"), ("plain_yaml", "yaml12", "front_matter"), ("mapping", "schema")),
    "body": (
        ("blocks", "braces", "sanitize", "balance", "identifiers", "sentences"),
        ("annotations",),
        ("depth", "verbatim"),
        ("assemble", "markup", "meaning"),
        ("plain",),
        ("mentions", "typography"),
        ("flat",),
        ("worded",),
        ("misread", "mixed", "nowhere", "targets", "unclosed", "undefined", "wordless"),
        ("reader",),
    ),
    "theming": (
        ("compiled", "template_text", "macros", "codegen"),
        ("flatten",),
        ("theme",),
        ("translations",),
        ("templates", "inheritance", "unused"),
        ("soundness",),
    ),
    "publishing": (("journal", "staging"), ("moves",), ("standing",), ("publish",)),
}
#: What others may import of each package, "" being the package itself; all else in it is its own.
DOORS = {
    "yaml": {"fields", "front_matter", "mapping", "schema", "values"},
    "prose": {"", "tables", "transparent", "typography"},
    "body": {"annotations", "blocks", "braces", "nowhere", "reader", "sentences"},
    "theming": {"compiled", "soundness", "templates", "theme", "translations"},
    "publishing": {"publish"},
    "preview": {"guard", "loop", "serve"},
    "cli": {""},
}
#: The modules that read and write, look at the clock or start processes. All others take values and
#: return values, but for the carriers, which have the edges give them what they hand on to the stages.
CARRIERS = {"gather", "memory", "reading", "renew"}
EDGES = {
    "__main__",
    "build",
    "cache",
    "cli",
    "theming.compiled",
    "interrupts",
    "publishing.journal",
    "load",
    "lock",
    "lookout",
    "publishing.moves",
    "pipeline",
    "preview",
    "publishing.publish",
    "quoting",
    "root",
    "publishing.staging",
    "publishing.standing",
    "stamps",
    "theming.theme",
    "toolchain",
    "unchanged",
    "unrendered",
    "work",
    "zones",
}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py"))


def row_numbers(rows):
    return {name: number for number, row in enumerate(rows) for name in row}


def name_of(path):
    """The name of a module; of a package that has no stages of its own, that of the package."""
    first, *more = path.relative_to(PACKAGE).with_suffix("").parts
    return f"{first}.{more[-1]}" if first in INSIDE and more[-1] != "__init__" else first


def import_nodes(path, *, typing=False):
    """The imports in a file; those for types alone only if asked for."""
    tree = ast.parse(path.read_text("utf-8"))
    hidden = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not typing:
            hidden.update(id(one) for part in node.body for one in ast.walk(part))
    for node in ast.walk(tree):
        if id(node) not in hidden and isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def named(node):
    """What an import names: modules, each with what is taken of it, or with "" if it is the module."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, "") for alias in node.names)
    elif node.module:
        folder = PACKAGE.parent.joinpath(*node.module.split("."))
        for alias in node.names:
            is_module = (folder / f"{alias.name}.py").is_file() or (folder / alias.name).is_dir()
            yield (f"{node.module}.{alias.name}", "") if is_module else (node.module, alias.name)


def imports(path, *, typing=False):
    """The modules that a file imports; those for types alone only if asked for."""
    return [name for node in import_nodes(path, typing=typing) for name, _ in named(node)]


def parts(path, *, typing=False):
    """The parts of the program that a file imports, by their names in LAYERS, and modules in them."""
    for name in imports(path, typing=typing):
        if name.startswith("builder."):
            part, _, module = name.removeprefix("builder.").partition(".")
            yield part, module


def test_every_module_has_its_place():
    known = {name for row in LAYERS for name in row}
    known |= {f"{package}.{name}" for package, rows in INSIDE.items() for row in rows for name in row}
    assert {name_of(path) for path in modules()} == known


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_imports_a_later_one(path):
    own, _, own_module = name_of(path).partition(".")
    order, inside = row_numbers(LAYERS), row_numbers(INSIDE.get(own, ()))
    for part, module in parts(path):
        assert order[part] <= order[own], part
        if part == own and own_module:
            assert inside[module] <= inside[own_module], module


def test_parts_do_not_import_one_another_in_a_circle():
    found = {}
    for path in modules():
        own = name_of(path).partition(".")[0]
        found.setdefault(own, set()).update(part for part, _ in parts(path) if part != own)
    assert len(list(TopologicalSorter(found).static_order())) == len(found)


def test_packages_are_entered_by_their_doors():
    entered = {path.parent.name: set() for path in PACKAGE.glob("*/__init__.py")}
    for path in modules():
        own = name_of(path).partition(".")[0]
        for part, module in parts(path, typing=True):
            if part in entered and part != own:
                entered[part].add(module)
    # A door that nobody uses is none.
    assert entered == DOORS


def test_only_the_edges_know_a_clock_the_system_or_chance():
    # A module that no longer does is an edge no longer.
    assert {name_of(path) for path in modules() if touched(path.read_text("utf-8"))} == EDGES


#: What a stage may call of an edge: the rules of a time zone, which stand in a file that never changes,
#: and what an edge does with values alone.
ALLOWED = {("config", "zone"), ("parse", "zone"), ("parts", "template_fingerprint")}


def test_no_stage_calls_an_edge():
    found = set()
    for path in modules():
        name = name_of(path)
        nodes = import_nodes(path) if name not in EDGES | CARRIERS else ()
        for module, taken in (pair for node in nodes for pair in named(node)):
            edge = module.removeprefix("builder.")
            if EDGES & {edge, edge.partition(".")[0]}:
                one = getattr(importlib.import_module(module), taken) if taken else None
                if not taken or (callable(one) and not isclass(one)):
                    found.add((name, taken or edge))
    assert found == ALLOWED


IMPURE = {
    "import os\nos.replace(a, b)": {"os.replace"},
    "import os\nos.rename(a, b)": {"os.rename"},
    "import os\nos.makedirs(a)": {"os.makedirs"},
    "import os\nos.open(a, os.O_WRONLY)": {"os.open", "os.O_WRONLY"},
    "import os\nos.stat(a)": {"os.stat"},
    "import os.path as p\np.exists(a)": {"os.path.exists"},
    "import os\nhome = os.environ['HOME']": {"os.environ"},
    "from os import environ as given\ngiven.get('HOME')": {"os.environ.get"},
    "def f():\n    from os import replace\n    replace(a, b)": {"os.replace"},
    "import os\nf(os)": {"os"},
    "import shutil\nshutil.rmtree(a)": {"shutil.rmtree"},
    "from tempfile import mkdtemp\nmkdtemp()": {"tempfile.mkdtemp"},
    "import subprocess as s\ns.run(a)": {"subprocess.run"},
    "import socket\nsocket.socket()": {"socket.socket"},
    "import time\ntime.time()": {"time.time"},
    "from time import perf_counter as now\nnow()": {"time.perf_counter"},
    "from datetime import datetime\ndatetime.now(UTC)": {"datetime.datetime.now"},
    "import datetime as d\nd.datetime.utcnow()": {"datetime.datetime.utcnow"},
    "import datetime\ndatetime.datetime.today()": {"datetime.datetime.today"},
    "from datetime import date\ndays = map(date.today, a)": {"datetime.date.today"},
    "import random\nrandom.choice(a)": {"random.choice"},
    "from random import Random\nRandom(1)": {"random.Random"},
    "import uuid\nuuid.uuid4()": {"uuid.uuid4"},
    "from uuid import uuid1\nuuid1()": {"uuid.uuid1"},
    "import secrets\nsecrets.token_hex()": {"secrets.token_hex"},
    "import sys\nsys.stdin.read()": {"sys.stdin.read"},
    "import io\nio.open(a)": {"io.open"},
    "import importlib\nimportlib.import_module('os')": {"importlib.import_module"},
    "open(a).read()": {"open"},
    "files = map(open, a)": {"open"},
    "print(a)": {"print"},
    "from pathlib import Path\nPath(a).read_text()": {"Path.read_text"},
    "from pathlib import Path\nPath.cwd()": {"pathlib.Path.cwd"},
    "a.write_text(b)": {"Path.write_text"},
    "(a / b).write_bytes(c)": {"Path.write_bytes"},
    "a.b.read_bytes()": {"Path.read_bytes"},
    "a.open('w')": {"Path.open"},
    "a.mkdir(parents=True)": {"Path.mkdir"},
    "a.unlink()": {"Path.unlink"},
    "a.touch()": {"Path.touch"},
    "a.rename(b)": {"Path.rename"},
    "a.replace(b)": {"Path.replace"},
    "a.resolve()": {"Path.resolve"},
    "a.exists()": {"Path.exists"},
    "a.glob('*')": {"Path.glob"},
    "list(a.rglob('*'))": {"Path.rglob"},
    "a.stat()": {"Path.stat"},
    "import jinja2\nclass A(jinja2.FileSystemBytecodeCache): pass": {"jinja2.FileSystemBytecodeCache"},
}
PURE = (
    "import os\nos.path.join(a, b) + os.sep",
    "from io import BytesIO\nBytesIO(a).read()",
    "from uuid import NAMESPACE_URL, uuid5\nuuid5(NAMESPACE_URL, a)",
    "from datetime import UTC, datetime\ndatetime.fromtimestamp(a, UTC).replace(microsecond=1)",
    "from msgspec import structs\nstructs.replace(a, b=c)",
    "a.replace(b, c)",
    "a.replace(b, c, 1)",
    "links.resolve(address)",
    "def load(open): open(a)",
    "def replace(a): ...\nreplace(a)",
    "self.time.time()",
)


@pytest.mark.parametrize("source", IMPURE)
def test_what_knows_the_world_is_seen_however_it_is_imported(source):
    assert touched(source) == IMPURE[source]


@pytest.mark.parametrize("source", PURE)
def test_what_looks_at_values_alone_is_not_taken_for_the_world(source):
    assert touched(source) == set()


@pytest.mark.parametrize(
    ("source", "writes"),
    [
        ("import os\nos.replace(a, b)", {"os.replace"}),
        ("from os import rename\nrename(a, b)", {"os.rename"}),
        ("import os\nos.makedirs(a)", {"os.makedirs"}),
        ("import os\nos.stat(a)", set()),
        ("import os\nos.open(a, os.O_CREAT)", {"os.open"}),
        ("import os\nos.open(a, FLAGS)", {"os.open"}),
        ("import os\nos.open(a, os.O_RDONLY)", set()),
        ("import os\nos.fdopen(a, 'w')", {"os.fdopen"}),
        ("import shutil\nshutil.copy(a, b)", {"shutil.copy"}),
        ("import tempfile as t\nt.mkdtemp()", {"tempfile.mkdtemp"}),
        ("import sqlite3\nsqlite3.connect(a)", {"sqlite3.connect"}),
        ("open(a)", set()),
        ("open(a, 'rb')", set()),
        ("open(a, encoding='utf-8')", set()),
        ("open(a, 'xb')", {"open"}),
        ("open(a, mode='r+')", {"open"}),
        ("open(a, mode)", {"open"}),
        ("import io\nio.open(a, 'a')", {"io.open"}),
        ("a.open()", set()),
        ("a.open('w', encoding='utf-8')", {"Path.open"}),
        ("a.read_text()", set()),
        ("a.write_text(b)", {"Path.write_text"}),
        ("a.replace(b)", {"Path.replace"}),
        ("a.replace(b, c)", set()),
        ("a.rename(b)", {"Path.rename"}),
        ("a.touch()", {"Path.touch"}),
    ],
)
def test_what_writes_is_told_from_what_reads(source, writes):
    assert written(source) == writes


def expressions():
    """The regular expressions of all modules, by module and name."""
    for path in modules():
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        )
        for key, value in vars(importlib.import_module(name)).items() if "__main__" not in name else ():
            if isinstance(value, re.Pattern):
                yield f"{name}.{key}", value


def repeated_possessively(parsed):
    """The parts of a parsed expression that are repeated and never given back."""
    for operation, argument in parsed:
        if str(operation) == "POSSESSIVE_REPEAT":
            yield argument[2]
        values = argument if isinstance(argument, tuple | list) else [argument]
        for value in values:
            nested = value if isinstance(value, list) else [value]
            for one in nested:
                if isinstance(one, type(parsed)):
                    yield from repeated_possessively(one)


def test_no_group_is_repeated_possessively():
    # Up to version 3.11.4 Python may not match what such an expression should: python/cpython#106052.
    single = {"LITERAL", "NOT_LITERAL", "IN", "ANY"}
    found = dict(expressions())
    assert len(found) > 50
    wrong = {
        name
        for name, one in found.items()
        for part in repeated_possessively(re._parser.parse(one.pattern, one.flags))
        if len(part) != 1 or str(part[0][0]) not in single
    }
    assert not wrong


def test_only_the_cache_knows_sqlite():
    assert [name_of(path) for path in modules() if "sqlite3" in imports(path)] == ["cache"]


def test_no_module_but_the_preview_loads_its_server():
    server = {"starlette", "uvicorn", "asyncio", "watchdog"}
    users = {
        name_of(path)
        for path in modules()
        if server & {name.partition(".")[0] for name in imports(path)}
    }
    assert users == {"preview"}


def test_only_publishing_and_what_is_remembered_writes():
    writers = {name_of(path) for path in modules() if written(path.read_text("utf-8"))}
    # The lookout writes no file: a process of its own tells it by a pipe what it saw.
    inside = {"publishing.moves", "publishing.publish", "publishing.staging"}
    assert writers == {"cache", "lock", "lookout", "theming.compiled", *inside}


def test_the_conductor_is_short():
    tree = ast.parse((PACKAGE / "pipeline.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 50, node.name


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_has_grown_past_reading(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_the_shared_types_are_frozen():
    for name in ("model", "views", "report", "stale", "dates", "diagnostics"):
        for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id == "Struct" for base in node.bases
            ):
                given = {one.arg: ast.unparse(one.value) for one in node.keywords}
                assert given.get("frozen") == "True", node.name
