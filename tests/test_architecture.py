"""The shape of the program: data runs one way, and only the edges read and write."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "builder"

#: The modules in the order in which data runs through them: none imports one of a later row.
LAYERS = (
    ("__init__",),
    ("dates", "diagnostics", "fingerprint", "root", "stamps", "toolchain", "compiled", "lock", "signs"),
    ("model", "views", "report", "work", "cache", "quoting"),
    (
        "countries",
        "escaping",
        "fields",
        "values",
        "identifiers",
        "sentences",
        "addresses",
        "listings",
        "stale",
    ),
    ("plain_yaml", "yaml12"),
    ("mapping",),
    ("journal",),
    ("moves",),
    ("localize", "licenses", "schema", "blocks", "braces", "sanitize", "balance", "prose", "publish"),
    ("config", "annotations", "load", "lookout", "unchanged"),
    ("verbatim",),
    ("assemble", "markup", "meaning"),
    ("plain",),
    ("flat",),
    ("worded",),
    ("mixed",),
    ("body",),
    ("parse",),
    ("excerpts", "entities", "outlines"),
    ("outline", "printed"),
    ("gather",),
    ("catalog", "check", "cards", "feeds"),
    ("theme", "flatten", "codegen"),
    ("plan", "templates"),
    ("layout", "compose", "parts", "render", "since"),
    ("renew", "unrendered"),
    ("memory",),
    ("pipeline",),
    ("build",),
    ("preview",),
    ("cli",),
    ("__main__",),
)
ORDER = {name: number for number, row in enumerate(LAYERS) for name in row}
STAGES = [
    "annotations",
    "assemble",
    "balance",
    "blocks",
    "body",
    "braces",
    "cards",
    "catalog",
    "check",
    "codegen",
    "compose",
    "entities",
    "escaping",
    "excerpts",
    "feeds",
    "fields",
    "flat",
    "flatten",
    "fingerprint",
    "identifiers",
    "layout",
    "licenses",
    "listings",
    "localize",
    "mapping",
    "markup",
    "meaning",
    "outline",
    "outlines",
    "parse",
    "parts",
    "plain",
    "plain_yaml",
    "plan",
    "printed",
    "render",
    "sanitize",
    "schema",
    "sentences",
    "signs",
    "since",
    "stale",
    "templates",
    "values",
    "views",
    "yaml12",
]
IMPURE = {"os", "random", "time", "socket", "subprocess", "shutil", "tempfile", "secrets", "sqlite3"}
WRITES = {"write_text", "write_bytes", "unlink", "rename", "rmdir", "mkdir", "rmtree", "replace_file"}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py"))


def name_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path, *, typing=False):
    """The modules that a file imports; those for types alone only if asked for."""
    tree = ast.parse(path.read_text("utf-8"))
    hidden = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not typing:
            hidden.update(id(one) for part in node.body for one in ast.walk(part))
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "builder":
            yield from (f"builder.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_every_module_has_its_place():
    assert {name_of(path) for path in modules()} == set(ORDER)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_imports_a_later_one(path):
    own = ORDER[name_of(path)]
    for name in imports(path):
        if name.startswith("builder.") and name.split(".")[1] in ORDER:
            other = name.split(".")[1]
            assert ORDER[other] < own or other == name_of(path) or other in LAYERS[own], name


@pytest.mark.parametrize("name", STAGES)
def test_stages_between_the_edges_know_no_clock_system_or_chance(name):
    assert not set(imports(PACKAGE / f"{name}.py")) & IMPURE


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
    writers = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in WRITES:
                writers.add(name_of(path))
    assert writers == {"cache", "compiled", "lock", "moves", "publish"}


def test_templates_get_nothing_but_their_view():
    source = (PACKAGE / "render.py").read_text("utf-8")
    assert ".render(fields)" in source
    assert not {"builder.catalog", "builder.gather", "builder.cache"} & set(
        imports(PACKAGE / "render.py", typing=True)
    )


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
