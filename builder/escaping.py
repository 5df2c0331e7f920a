"""Text -> HTML: the characters that mean something there are written as references.

What it gives is what MarkupSafe gives, which Jinja escapes with, as a plain text: a page is put
together of very many of them, and wrapping each as markup takes twice as long as escaping it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import markupsafe

if TYPE_CHECKING:
    from collections.abc import Callable

#: A text for a place between tags or in a quoted attribute. MarkupSafe has it as a private name.
escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)


def written(value: Any) -> str:
    """A value of a template as it is written: text escaped, markup as it is."""
    kind = type(value)
    if kind is str:
        return escaped(value)
    return value if kind is markupsafe.Markup else markupsafe.escape(value)
