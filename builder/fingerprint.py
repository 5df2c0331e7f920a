"""Values -> fingerprints: equal values, and no others, have equal fingerprints.

The encoding is MessagePack, the hash the first 128 bits of SHA-256 (FIPS 180-4), which processors
compute by themselves. Keys are encoded in their order, for so a template shows those that a site gives;
sets, which have none, are not for fingerprints. A value that can't be encoded raises TypeError.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The length of a fingerprint in bytes.
SIZE = 16
_encode = msgspec.msgpack.Encoder().encode


def encoded(value: Any) -> bytes:
    """The canonical encoding of a value."""
    return _encode(value)


def of_bytes(data: bytes) -> bytes:
    """The fingerprint of bytes: 16 bytes."""
    return sha256(data).digest()[:SIZE]


def of_pieces(pieces: Iterable[bytes]) -> bytes:
    """The fingerprint of bytes that are given in pieces: that of all of them together."""
    made = sha256()
    for piece in pieces:
        made.update(piece)
    return made.digest()[:SIZE]


def of_text(text: str) -> bytes:
    """The fingerprint of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:SIZE]


def of_value(value: Any) -> bytes:
    """The fingerprint of a value made of structs, tuples, lists, dictionaries and plain values."""
    return sha256(_encode(value)).digest()[:SIZE]


def of_all(fingerprints: Iterable[bytes]) -> bytes:
    """The fingerprint of a sequence of fingerprints."""
    return sha256(b"".join(fingerprints)).digest()[:SIZE]
