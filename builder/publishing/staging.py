"""Bytes -> a file of the stage, in the folders that it needs. Large files go through in pieces."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: So many bytes of a file are in memory at once. Pages and most pictures have fewer, films have more.
PIECE = 1 << 20
#: How a file is opened that is written from its beginning.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class UnreadableError(Exception):
    """A file can't be read; the one argument says why."""


def pieces(path: str) -> Iterator[bytes]:
    """The bytes of a file, `PIECE` of them at a time. Raises UnreadableError."""
    try:
        with open(path, "rb") as stream:
            while piece := stream.read(PIECE):
                yield piece
    except OSError as error:
        raise UnreadableError((error.strerror or "no access").lower()) from None


def holds(path: str, data: bytes) -> bool:
    """Whether a file has these bytes. One that can't be read is replaced like any that has others."""
    try:
        with open(path, "rb") as stream:
            return stream.read() == data
    except OSError:
        return False


def write(path: str, data: Iterable[bytes]) -> os.stat_result:
    """Write a file, and the folders that it lies in; what the system says of it then.

    What is raised by the pieces that are to be written goes through.
    """
    if path.endswith("/index.html"):
        # A page has a folder of its own, which is hardly ever there before it.
        _make_folder(os.path.dirname(path))
    try:
        stream = os.open(path, _NEW, 0o666)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        stream = os.open(path, _NEW, 0o666)
    try:
        for piece in data:
            rest = memoryview(piece)
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
