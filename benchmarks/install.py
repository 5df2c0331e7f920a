"""Installing other generators, each into a folder of its own, by the clients as they are set up."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_DONE = "installed"


class LeftOutError(Exception):
    """A generator could not be installed; the text says why."""


def python_packages(folder: Path, requirements: Sequence[str]) -> Path:
    """Install packages of Python into an environment at `folder`; returns its programs' folder.

    Nothing is done if they are there. Raises LeftOutError if they can't be had.
    """
    if _stands(folder, requirements):
        return folder / "bin"
    _call([sys.executable, "-m", "venv", str(folder)])
    pip = [str(folder / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    _call([*pip, "install", *requirements])
    _stamp(folder, requirements)
    return folder / "bin"


def node_packages(folder: Path, packages: Sequence[str]) -> Path:
    """Install packages of Node.js at `folder`; returns the folder of the packages.

    Nothing is done if they are there. Raises LeftOutError if they can't be had.
    """
    if not _stands(folder, packages):
        folder.mkdir(parents=True)
        (folder / "package.json").write_text(json.dumps({"private": True}))
        options = ["--no-audit", "--no-fund", "--loglevel=error"]
        _call(["npm", "install", "--prefix", str(folder), *options, *packages])
        _stamp(folder, packages)
    return folder / "node_modules"


def _stands(folder: Path, wanted: Sequence[str]) -> bool:
    """Whether all that is wanted was installed whole; what else stands there is removed."""
    try:
        stands = (folder / _DONE).read_text().split("\n") == list(wanted)
    except OSError:
        stands = False
    if not stands:
        shutil.rmtree(folder, ignore_errors=True)
    return stands


def _stamp(folder: Path, wanted: Sequence[str]) -> None:
    (folder / _DONE).write_text("\n".join(wanted))


def _call(command: Sequence[str]) -> None:
    """Run a command to its end."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise LeftOutError(f"there is no {command[0]}") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip().splitlines()
        raise LeftOutError(said[-1] if said else f"status {error.returncode}") from error
