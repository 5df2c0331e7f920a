"""Text -> HTML: the characters that mean something there are written as references.

What it gives is what MarkupSafe gives, which Jinja escapes with, as a plain text: a page is put
together of very many of them, and wrapping each as markup takes twice as long as escaping it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import markupsafe

#: A text for a place between tags or in a quoted attribute. MarkupSafe has it as a private name.
escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)


class TextError(TypeError):
    """A value that is no text and would be written otherwise with every build; and what to do."""


def written(value: Any) -> str:
    """A value of a template as it is written: text escaped, markup as it is. Raises TextError."""
    kind = type(value)
    if kind is str:
        return escaped(value)
    if kind is markupsafe.Markup:
        return cast("str", value)
    if kind is int:
        return str(value)
    text = markupsafe.escape(value)
    if isinstance(value, Iterator):
        raise TextError("values are shown that were not joined", 'write `|join(", ")` behind them')
    # An `if` within an expression that does not hold and has no `else` is callable, and writes nothing.
    if text and (callable(value) or str(value) == object.__repr__(value)):
        raise TextError(
            "what is shown is no text, but a function or the like",
            "write `()` behind the name of a function, and that of a field behind any other",
        )
    return text
