"""Where signs stand in a text: where they are few, many times as fast as a regular expression."""

from __future__ import annotations


def places(text: str, *signs: str) -> list[int]:
    """Where the signs stand in the text, in its order; none is found where it overlaps itself."""
    found: list[int] = []
    for sign in signs:
        place = text.find(sign)
        while place >= 0:
            found.append(place)
            place = text.find(sign, place + len(sign))
    found.sort()
    return found
