"""The Nu HTML checker over a published site: HTML, stylesheets and SVG."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import tools
from findings import Finding

if TYPE_CHECKING:
    import re
    from pathlib import Path

#: Messages that are no fault of ours, as (pattern, reason). Errors can be listed as well as warnings,
#: where the checker is behind the specification.
ACCEPTED: tuple[tuple[re.Pattern[str], str], ...] = ()


def nu_findings(folder: Path) -> list[Finding]:
    """Every error and warning of the checker on the files of a folder, but those in `ACCEPTED`."""
    command = [
        *(tools.java() or "java", "-Dstdout.encoding=UTF-8", "-Dsun.stdout.encoding=UTF-8"),
        *("-jar", str(tools.VNU)),
        *("--format", "json", "--stdout", "--exit-zero-always"),
        *("--skip-non-html", "--also-check-css", "--also-check-svg"),
        str(folder),
    ]
    done = subprocess.run(
        command,
        env={**os.environ, "LC_ALL": "C.UTF-8"},  # by which Java reads the names of files
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        raise RuntimeError(f"the Nu checker failed ({done.returncode}): {done.stderr}") from None
    return [_finding(one, folder) for one in messages if not _accepted(one["message"])]


def _accepted(message: str) -> bool:
    return any(pattern.search(message) for pattern, _ in ACCEPTED)


def _finding(message: dict[str, str], folder: Path) -> Finding:
    path = unquote(urlsplit(message.get("url", "")).path).removeprefix(f"{folder.resolve()}/")
    rule = f"nu {message.get('subType') or message['type']}"
    place = f"line {message.get('lastLine', '?')}: {message.get('extract', '').strip()!r}"
    return Finding(path, rule, place, message["message"])
