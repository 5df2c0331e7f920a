"""What is remembered from one build to the next; the only module that knows SQLite.

The cache is a table of entries: a bucket, a key, and a value as MessagePack with its own checksum.
The checksum may hold a seal, too: bytes that tell what the value was made from, and that whoever
reads it must know. A damaged index finds rows that were replaced; with a seal they are not believed.
Small values that are always read together stand many in one entry, a shard. It holds nothing that
can't be made anew, so whatever is wrong with it (damage, another version, another toolchain) it is
thrown away. Values are data and never code: nothing in it is executed.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from builder.diagnostics import DigestError, Place, diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Raised with every change of what is stored.
SCHEMA = 14
#: So many entries share out the values of a bucket that is read as a whole.
SHARDS = 128
#: The entry that tells which shards a bucket has, so that a lost one is missed.
_ALL = "all"
#: So many entries are asked for in one query: fewer than any SQLite allows.
_AT_ONCE = 500
FOLDER = ".digest"
FILE = "cache.db"
#: The files of a database, by what their names end in.
_ENDINGS = ("", "-journal", "-wal", "-shm")

_Value = TypeVar("_Value")
_encode = msgspec.msgpack.Encoder().encode
_NONE = _encode([])
_UNSEALED: dict[str, bytes] = {}


class Cache:
    """The entries of one site's cache. One that can't be opened or read is empty.

    `word` says in words why a cache was thrown away, or is empty.
    """

    def __init__(self, folder: Path, toolchain: bytes) -> None:
        self._file = folder / FILE
        self._toolchain = toolchain
        self._connection: sqlite3.Connection | None = None
        self._process = os.getpid()
        self._mirror: dict[str, dict[str, Any]] = {}
        self._seen: tuple[Any, ...] = ()
        self._joined = False
        self.word = ""
        self.temporary = False

    def open(self) -> None:
        """Open the cache, or make an empty one."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if any(map(os.path.islink, self._files())):
                # What a link leads to is somebody else's, and must not be written.
                self.renew()
                return
            self._connect()
            stored = self._one("meta", "toolchain")
            identity = None if stored is None else msgspec.msgpack.decode(stored)
        except OSError:
            self.retreat()
        except (sqlite3.Error, msgspec.DecodeError, ValueError):
            self.renew()
        else:
            if identity is None:
                self.clear()
            elif identity != self._identity:
                self.word = "the cache was made by another version and has been thrown away"
                self.clear()

    @property
    def _identity(self) -> bytes:
        return b"%d:" % SCHEMA + self._toolchain

    def is_as_left(self) -> bool:
        """Whether nobody else has changed, moved or deleted the cache since this object used it last.

        If somebody has, what is kept of it in memory is worth nothing.
        """
        try:
            return self._connection is not None and self._seen == self._look()
        except (OSError, sqlite3.Error):
            return False

    def leave(self) -> None:
        """Note how the cache is left, for `is_as_left`."""
        with suppress(OSError, sqlite3.Error):
            self._seen = self._look()

    def _look(self) -> tuple[Any, ...]:
        # SQLite counts what other connections write.
        version = self._connected().execute("PRAGMA data_version").fetchone()
        status = os.stat(self._file)
        return (*version, status.st_ino, status.st_size, status.st_mtime_ns)

    def close(self) -> None:
        """Close the cache."""
        self._mirror.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self.temporary:
            import shutil

            shutil.rmtree(self._file.parent, ignore_errors=True)

    def renew(self) -> None:
        """Throw all entries away, for they are damaged."""
        self.word = "the cache was damaged and has been thrown away"
        self.clear()

    def clear(self) -> None:
        """Throw all entries away."""
        if self.temporary:
            self.retreat()
            return
        self.close()
        try:
            for file in self._files():
                with suppress(FileNotFoundError):
                    os.unlink(file)
            self._begin()
        except (OSError, sqlite3.Error, DamagedError):
            self.retreat()

    def _files(self) -> list[str]:
        return [f"{self._file}{ending}" for ending in _ENDINGS]

    def retreat(self) -> None:
        """Go on with an empty cache that is not kept, where the site's own can't be written.

        Raises DigestError if there is no room for that either.
        """
        self.close()
        self.word = f"nothing can be remembered: {FOLDER}/ can't be written"
        try:
            import tempfile

            self._file = Path(tempfile.mkdtemp(prefix="digest-")) / FILE
            self.temporary = True
            self._begin()
        except (OSError, sqlite3.Error, DamagedError):
            self.close()
            raise unwritable() from None

    def _begin(self) -> None:
        self._connect()
        self.put("meta", [("toolchain", self._identity)])

    def get(
        self, bucket: str, key: str, kind: type[_Value], seals: Mapping[str, bytes] = _UNSEALED
    ) -> _Value | None:
        """The value of an entry, or None if there is none. Raises DamagedError.

        `seals` are, here and in what follows, those of the entries that have one, by their keys.
        """
        try:
            value = self._one(bucket, key, seals)
            return None if value is None else msgspec.msgpack.decode(value, type=kind)
        except (sqlite3.Error, msgspec.DecodeError, ValueError):
            raise DamagedError from None

    def known(
        self, bucket: str, key: str, kind: type[_Value], seals: Mapping[str, bytes] = _UNSEALED
    ) -> _Value:
        """The value of an entry that there must be. Raises DamagedError."""
        value = self.get(bucket, key, kind, seals)
        if value is None:
            raise DamagedError
        return value

    def several(
        self,
        bucket: str,
        keys: Sequence[str],
        kind: type[_Value],
        seals: Mapping[str, bytes] = _UNSEALED,
    ) -> dict[str, _Value]:
        """The values of those of the entries that there are, by their keys. Raises DamagedError."""
        decode = msgspec.msgpack.Decoder(kind).decode
        found: dict[str, _Value] = {}
        try:
            for start in range(0, len(keys), _AT_ONCE):
                some = keys[start : start + _AT_ONCE]
                wanted = f" AND key IN ({','.join('?' * len(some))})"
                for key, value in self._rows(bucket, wanted, some, seals):
                    found[key] = decode(value)
        except (sqlite3.Error, msgspec.DecodeError, ValueError, TypeError):
            raise DamagedError from None
        return found

    def all(self, bucket: str, kind: type[_Value]) -> dict[str, _Value]:
        """The values of a bucket that `update` fills, by their keys. Raises DamagedError.

        They are kept in memory while the cache is open, and must not be changed by the caller.
        """
        if bucket in self._mirror:
            return self._mirror[bucket]
        decode = msgspec.msgpack.Decoder(dict[str, kind]).decode  # type: ignore[valid-type]
        found: dict[str, _Value] = {}
        try:
            shards = dict(self._rows(bucket))
            listed = msgspec.msgpack.decode(shards.pop(_ALL, _NONE))
            for value in shards.values():
                found.update(decode(value))
        except (sqlite3.Error, msgspec.DecodeError, ValueError, TypeError):
            raise DamagedError from None
        if listed != sorted(shards):
            raise DamagedError
        self._mirror[bucket] = found
        return found

    def update(self, bucket: str, values: Mapping[str, Any], gone: Sequence[str] = ()) -> None:
        """Store values in a bucket that is read as a whole, and take others away.

        Raises DamagedError if that can't be.
        """
        changes: dict[str, dict[str, Any]] = {}
        for key in gone:
            changes.setdefault(_shard(key), {})[key] = None
        for key, value in values.items():
            changes.setdefault(_shard(key), {})[key] = value
        shards: list[tuple[str, Any]] = []
        for shard, changed in changes.items():
            stored = self.get(bucket, shard, dict[str, msgspec.Raw]) or {}
            merged = {**stored, **changed}
            shards.append(
                (shard, {key: merged[key] for key in sorted(merged) if merged[key] is not None})
            )
        known = self.get(bucket, _ALL, list[str]) or []
        if not changes.keys() <= set(known):
            shards.append((_ALL, sorted(changes.keys() | set(known))))
        self.put(bucket, shards)
        if bucket in self._mirror:
            self._mirror[bucket].update(values)
            for key in gone:
                self._mirror[bucket].pop(key, None)

    def put(
        self,
        bucket: str,
        entries: Iterable[tuple[str, Any]],
        gone: Iterable[str] = (),
        seals: Mapping[str, bytes] = _UNSEALED,
    ) -> None:
        """Store entries, and take others away, all at once. Raises DamagedError if that can't be."""
        rows = ((key, _encode(value)) for key, value in entries)
        try:
            connection = self._connected()
            with nullcontext() if self._joined else connection:
                connection.executemany(
                    "DELETE FROM entries WHERE bucket = ? AND key = ?", ((bucket, key) for key in gone)
                )
                connection.executemany(
                    "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)",
                    (
                        (bucket, key, value, _checksum(bucket, key, value, seals.get(key, b"")))
                        for key, value in rows
                    ),
                )
        except sqlite3.Error:
            raise DamagedError from None

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Store all that is stored in the block, or nothing of it. Raises DamagedError.

        What is kept in memory may be ahead then: whoever gets the error must not go on with the cache.
        """
        try:
            with self._connected():
                self._joined = True
                yield
        except sqlite3.Error:
            raise DamagedError from None
        finally:
            self._joined = False

    def empty(self, bucket: str) -> None:
        """Take all entries of a bucket away. Raises DamagedError if that can't be."""
        self._mirror.pop(bucket, None)
        try:
            with self._connected() as connection:
                connection.execute("DELETE FROM entries WHERE bucket = ?", (bucket,))
        except sqlite3.Error:
            raise DamagedError from None

    def __getstate__(self) -> dict[str, Any]:
        """A cache crosses to another process as its file: connections can't."""
        return {**self.__dict__, "_connection": None, "_process": -1, "_mirror": {}}

    def _one(self, bucket: str, key: str, seals: Mapping[str, bytes] = _UNSEALED) -> bytes | None:
        rows = self._rows(bucket, " AND key = ?", [key], seals)
        return next((value for _, value in rows), None)

    def _rows(
        self,
        bucket: str,
        wanted: str = "",
        keys: Sequence[str] = (),
        seals: Mapping[str, bytes] = _UNSEALED,
    ) -> Iterator[tuple[str, bytes]]:
        """The keys and values of a bucket. Raises ValueError for one that is not what was stored."""
        query = f"SELECT key, value, checksum FROM entries WHERE bucket = ?{wanted}"  # noqa: S608 - no words of a site
        for key, value, checksum in self._connected().execute(query, (bucket, *keys)):
            # A damaged row may hold values of any type, or none.
            if not isinstance(key, str) or not isinstance(value, bytes):
                raise ValueError("type")  # noqa: TRY004 - one error for whatever is wrong
            if checksum != _checksum(bucket, key, value, seals.get(key, b"")):
                raise ValueError("checksum")
            yield key, value

    def _connected(self) -> sqlite3.Connection:
        # A connection must not be used on the other side of a fork.
        if self._connection is None or self._process != os.getpid():
            self._connect()
        if self._connection is None:
            raise sqlite3.OperationalError("not connected")
        return self._connection

    def _connect(self) -> None:
        connection = sqlite3.connect(self._file, timeout=30)
        try:
            # An article's entry takes up one page of this size, and several of the usual one.
            connection.execute("PRAGMA page_size = 16384")
            # A cache that a power cut spoils is found damaged and made anew; a killed process spoils
            # none.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS entries "
                "(bucket TEXT, key TEXT, value BLOB, checksum INTEGER, PRIMARY KEY (bucket, key))"
            )
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self._process = os.getpid()


class DamagedError(Exception):
    """An entry of the cache is not what was stored, or nothing can be stored."""


def unwritable() -> DigestError:
    """The error of a build that has nowhere to keep what it knows while it runs."""
    message = "what the build has to remember can't be written"
    hint = "check that the folder can be written and the disk has room"
    return DigestError((diagnostic(FOLDER, Place(), "cannot-write", message, hint),))


def _shard(key: str) -> str:
    return str(zlib.crc32(key.encode("utf-8", "surrogatepass")) % SHARDS)


def _checksum(bucket: str, key: str, value: bytes, seal: bytes) -> int:
    start = zlib.crc32(f"{bucket}\0{key}\0".encode("utf-8", "surrogatepass"))
    return zlib.crc32(value, zlib.crc32(seal, start))
