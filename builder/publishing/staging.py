"""Bytes -> a file of the stage, in the folders that it needs."""

from __future__ import annotations

import os

#: How a file is opened that is written from its beginning.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def write(path: str, data: bytes) -> os.stat_result:
    """Write a file, and the folders that it lies in; what the system says of it then."""
    if path.endswith("/index.html"):
        # A page has a folder of its own, which is hardly ever there before it.
        _make_folder(os.path.dirname(path))
    try:
        stream = os.open(path, _NEW, 0o666)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        stream = os.open(path, _NEW, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(stream, rest) :]
        return os.fstat(stream)
    finally:
        os.close(stream)


def _make_folder(path: str) -> None:
    try:
        os.mkdir(path)
    except FileExistsError:
        return
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)
