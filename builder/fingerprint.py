"""Values -> fingerprints: equal values, and no others, have equal fingerprints.

The encoding is MessagePack with sorted keys, the hash BLAKE2b (RFC 7693) with 128 bits. A value of a
type that has no canonical encoding raises TypeError.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIZE = 16
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def encoded(value: Any) -> bytes:
    """The canonical encoding of a value."""
    return _encode(value)


def of_bytes(data: bytes) -> bytes:
    """The fingerprint of bytes: 16 bytes."""
    return blake2b(data, digest_size=_SIZE).digest()


def of_text(text: str) -> bytes:
    """The fingerprint of a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


def of_value(value: Any) -> bytes:
    """The fingerprint of a value made of structs, tuples, lists, dictionaries and plain values."""
    return blake2b(_encode(value), digest_size=_SIZE).digest()


def of_all(fingerprints: Iterable[bytes]) -> bytes:
    """The fingerprint of a sequence of fingerprints."""
    return blake2b(b"".join(fingerprints), digest_size=_SIZE).digest()
