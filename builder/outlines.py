"""The outlines of a site's articles, each decoded when something looks at it.

An edit concerns few of many articles: of the others it is enough to know that they are as they were,
which two fingerprints tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import msgspec
from msgspec import Struct

from builder.fingerprint import SIZE
from builder.model import Outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_decode = msgspec.msgpack.Decoder(Outline).decode


#: Where the fingerprints of what an article shows stand in its `prints`: of its address and title, of
#: the entities that it names and is about and of its words as other pages show them, and of its body's
#: HTML.
LABEL, PRINTED, BODY = (slice(start, start + SIZE) for start in range(0, 3 * SIZE, SIZE))


class Sketch(Struct, array_like=True, frozen=True):
    """An outline as MessagePack, and `prints`, fingerprints of what its article shows, in one.

    `seal` is the fingerprint of both, `shape` that of the outline without what words alone decide.
    """

    outline: bytes
    prints: bytes
    seal: bytes
    shape: bytes


#: So many outlines are kept decoded.
MOST_DECODED = 10_000


class Outlines(Sequence[Outline]):
    """Outlines in an order. Those that were looked at last are kept in `decoded`, by their seals."""

    def __init__(self, sketches: Sequence[Sketch], decoded: dict[bytes, Outline]) -> None:
        self.sketches = sketches
        self._decoded = decoded
        # The pages of one time ask for the same ones again and again.
        self._looked_at: dict[int, Outline] = {}

    def __len__(self) -> int:
        return len(self.sketches)

    @overload
    def __getitem__(self, index: int) -> Outline: ...
    @overload
    def __getitem__(self, index: slice) -> Outlines: ...
    def __getitem__(self, index: int | slice) -> Outline | Outlines:
        if isinstance(index, slice):
            return Outlines(self.sketches[index], self._decoded)
        found = self._looked_at.get(index)
        if found is None:
            sketch = self.sketches[index]
            found = self._decoded.get(sketch.seal) or self._outline(sketch)
            self._looked_at[index] = found
        return found

    def __iter__(self) -> Iterator[Outline]:
        return (self._decoded.get(one.seal) or self._outline(one) for one in self.sketches)

    def whole(self) -> list[Outline]:
        """All of them. Those of a large site are not kept: its pages look at fewer in one time."""
        known = self._decoded
        found = [known.get(one.seal) or _decode(one.outline) for one in self.sketches]
        if len(found) <= MOST_DECODED:
            # Processes that begin now have them, and decode none.
            known.clear()
            known.update(zip([one.seal for one in self.sketches], found, strict=True))
        return found

    def arranged(self, order: Iterable[int]) -> Outlines:
        """The outlines with these indices, in this order."""
        return Outlines([self.sketches[index] for index in order], self._decoded)

    def prints(self) -> list[bytes]:
        """The prints of each."""
        return [one.prints for one in self.sketches]

    def seals(self) -> bytes:
        """The seals of all in one."""
        return b"".join([one.seal for one in self.sketches])

    def _outline(self, sketch: Sketch) -> Outline:
        if len(self._decoded) >= MOST_DECODED:
            self._decoded.clear()
            self._looked_at.clear()
        found = self._decoded[sketch.seal] = _decode(sketch.outline)
        return found
