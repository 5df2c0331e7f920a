"""What a check finds wrong with a page."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One fault: the page it is on, the rule it breaks, the element or place, and what to know of it."""

    page: str
    rule: str
    element: str
    message: str

    def text(self) -> str:
        """The finding as it is printed, on one line for the page and rule and one for the element."""
        return f"{self.page}: {self.rule}: {self.message}\n    {self.element}"


def distinct(found: list[Finding]) -> list[Finding]:
    """Each finding once, in the order in which they came."""
    return list(dict.fromkeys(found))
