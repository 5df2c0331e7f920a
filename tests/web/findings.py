"""What a check finds wrong with a page."""

from __future__ import annotations

from typing import NamedTuple

_MOST_ELEMENTS = 4


class Finding(NamedTuple):
    """One fault: the page, the rule it breaks, the element or place, what is wrong, in which window."""

    page: str
    rule: str
    element: str
    message: str
    window: str = ""


def report(found: list[Finding]) -> list[str]:
    """The findings as text, a paragraph for each page, rule and message, with the elements below it."""
    groups: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for one in found:
        elements = groups.setdefault((one.page, one.rule, one.message), {})
        elements.setdefault(one.element, []).append(one.window)
    paragraphs = []
    for (page, rule, message), elements in groups.items():
        lines = [f"{page}: {rule}: {message}"]
        for element, windows in list(elements.items())[:_MOST_ELEMENTS]:
            seen = "; ".join(dict.fromkeys(filter(None, windows)))
            lines.append(f"    {element}" + f"  [{seen}]" * bool(seen))
        if len(elements) > _MOST_ELEMENTS:
            lines.append(f"    and {len(elements) - _MOST_ELEMENTS} more")
        paragraphs.append("\n".join(lines))
    return paragraphs
