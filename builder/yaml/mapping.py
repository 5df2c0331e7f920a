"""The text of a YAML mapping -> its fields: the plain way where that will do, else by the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.yaml.plain_yaml import read_plain_mapping

if TYPE_CHECKING:
    from builder.diagnostics import Diagnostic
    from builder.yaml.fields import Field


def read_fields(text: str, file: str, first_line: int = 1) -> tuple[dict[str, Field], list[Diagnostic]]:
    """Read a YAML mapping whose text begins at `first_line` of `file`.

    Returns its fields by key and the diagnostics of anchors, and of keys that stand twice (the first
    one counts). Raises YamlError for what can't be read at all.
    """
    plain = read_plain_mapping(text, first_line)
    if plain:
        return plain, []
    # Most sites never need the parser, which takes a while to import.
    from builder.yaml.yaml12 import read_mapping

    return read_mapping(text, file, first_line)
