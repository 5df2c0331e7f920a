"""What of the world a module touches, found in its syntax: the clock, the system, chance, files.

Names are led back to where they are imported. What a value is can't be told; so methods of paths are
known by their names, and by how they are called where texts have one of the same name.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Modules that have to do with the world, in all that is not named below.
_MODULES = frozenset(
    "asyncio concurrent ctypes fcntl fileinput getpass glob http importlib io locale mmap msvcrt "  # noqa: SIM905 - a list would take a line for each
    "multiprocessing os platform random secrets select shutil signal socket socketserver sqlite3 "
    "subprocess sys tempfile threading time urllib.request uuid".split()
)
#: What looks at nothing but what it is given.
_PURE = frozenset(
    "io.BytesIO io.StringIO os.PathLike os.fsdecode os.fsencode os.fspath os.sep os.path.basename "  # noqa: SIM905
    "os.path.commonpath os.path.dirname os.path.isabs os.path.join os.path.normpath os.path.relpath "
    "os.path.split os.path.splitext sys.intern sys.maxsize sys.maxunicode sys.version_info uuid.UUID "
    "uuid.NAMESPACE_DNS uuid.NAMESPACE_URL uuid.uuid3 uuid.uuid5".split()
)
#: What has to do with the world in modules that have not.
_NAMES = frozenset(
    "builtins.input builtins.open builtins.print datetime.date.today datetime.datetime.now "  # noqa: SIM905
    "datetime.datetime.today datetime.datetime.utcnow jinja2.FileSystemBytecodeCache "
    "jinja2.FileSystemLoader pathlib.Path.cwd pathlib.Path.home".split()
)
_BUILTINS = frozenset(name.partition(".")[2] for name in _NAMES if name.startswith("builtins."))
#: Methods of paths that change files, and those that look at them.
_CHANGES = frozenset(
    "chmod hardlink_to lchmod mkdir rename rmdir symlink_to touch unlink write_bytes write_text".split()  # noqa: SIM905
)
_LOOKS = frozenset(
    "absolute exists expanduser is_dir is_file is_mount is_symlink iterdir lstat read_bytes read_text "  # noqa: SIM905
    "readlink rglob samefile stat".split()
)
#: Functions that change files; all of the last three modules do.
_WRITES = frozenset(
    f"os.{name}"
    for name in "chmod chown link makedirs mkdir mkfifo remove removedirs rename renames replace rmdir "  # noqa: SIM905
    "symlink truncate unlink utime write writev".split()
)
_WRITING = ("shutil.", "tempfile.", "sqlite3.", "jinja2.FileSystemBytecodeCache")
#: Functions that open a file, with the place of the mode among their arguments.
_OPENING = {"open": 1, "io.open": 1, "os.fdopen": 1, "Path.open": 0}


def touched(source: str) -> set[str]:
    """What of the world a module's source names, in full: `os.replace`, `open`, `time.time`.

    A method of a path is `Path.write_text`, whatever the path is called.
    """
    return {name for name, _ in _found(source)}


def written(source: str) -> set[str]:
    """Those of the same that change files, or what is open for writing."""
    return {name for name, node in _found(source) if _changes(name, node)}


def _found(source: str) -> Iterator[tuple[str, ast.AST]]:
    """What of the world is named, each with its call, or its name where it is not called."""
    tree = ast.parse(source)
    imported = _imported(tree)
    own = _own_names(tree)
    inner = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    calls = {id(one.func): one for one in ast.walk(tree) if isinstance(one, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name | ast.Attribute) or id(node) in inner:
            continue
        full = _full_name(node, imported)
        if isinstance(node, ast.Name) and not full and node.id in _BUILTINS - own:
            full = f"builtins.{node.id}"
        call = calls.get(id(node))
        if full and _is_of_the_world(full):
            yield full.removeprefix("builtins."), call or node
        elif not full and isinstance(node, ast.Attribute) and call and _is_method_of_path(node, call):
            yield f"Path.{node.attr}", call


def _imported(tree: ast.AST) -> dict[str, str]:
    """The names that a module imports, anywhere in it, and what they are in full."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                first = one.name.partition(".")[0]
                names[one.asname or first] = one.name if one.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return names


def _own_names(tree: ast.AST) -> set[str]:
    """The functions and variables that a module defines for itself."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = node.args
            names |= {one.arg for one in (*arguments.args, *arguments.kwonlyargs)}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    # A method named `open` does not hide the function.
    return names | {one.name for one in ast.iter_child_nodes(tree) if isinstance(one, ast.FunctionDef)}


def _full_name(node: ast.expr, imported: dict[str, str]) -> str:
    """What a name with its attributes is in full, if it begins with what was imported."""
    if isinstance(node, ast.Name):
        return imported.get(node.id, "")
    if isinstance(node, ast.Attribute):
        first = _full_name(node.value, imported)
        return f"{first}.{node.attr}" if first else ""
    return ""


def _is_of_the_world(full: str) -> bool:
    parts = full.split(".")
    beginnings = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return bool(beginnings & _NAMES) or bool(beginnings & _MODULES and not beginnings & _PURE)


def _is_method_of_path(method: ast.Attribute, call: ast.Call) -> bool:
    given, named = len(call.args), len(call.keywords)
    if method.attr == "replace":
        # A text takes two arguments, and a date names them.
        return (given, named) == (1, 0)
    if method.attr == "resolve":
        return given == 0
    return method.attr in {"glob", "open"} | _CHANGES | _LOOKS


def _changes(name: str, node: ast.AST) -> bool:
    if name in _OPENING:
        return isinstance(node, ast.Call) and _is_for_writing(node, _OPENING[name])
    if name == "os.open":
        return "O_RDONLY" not in ast.unparse(node)
    changing = {f"Path.{one}" for one in (*_CHANGES, "replace")}
    return name in _WRITES | changing or name.startswith(_WRITING)


def _is_for_writing(call: ast.Call, place: int) -> bool:
    """Whether a file is opened for writing, as far as the mode at a place of the arguments tells."""
    modes = [one.value for one in call.keywords if one.arg == "mode"]
    mode = (modes or call.args[place : place + 1] or [ast.Constant("r")])[0]
    return not isinstance(mode, ast.Constant) or not set("wax+").isdisjoint(str(mode.value))
