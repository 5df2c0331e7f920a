"""The programs that the checks need, and where they are on this machine."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
VNU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


def java() -> str | None:
    """The path of Java, or None."""
    home = os.environ.get("JAVA_HOME", "")
    return shutil.which("java") or (shutil.which("java", path=f"{home}/bin") if home else None)


def chromium() -> str | None:
    """The path of Chromium: `CHROMIUM` in the environment, the usual place, the search path."""
    named = os.environ.get("CHROMIUM")
    candidates = (named,) if named else ("/usr/bin/chromium", *_CHROMIUM)
    return next((found for name in candidates if (found := shutil.which(name))), None)


def missing() -> list[str]:
    """What the checks lack here, each with the way to get it; empty if nothing."""
    lacks = []
    if java() is None:
        lacks.append("there is no Java (Debian's package default-jre-headless)")
    if chromium() is None:
        lacks.append("there is no Chromium (Debian's package chromium, or its path in CHROMIUM)")
    if not (VNU.is_file() and AXE.is_file()):
        lacks.append("vnu-jar and axe-core are not installed (npm ci in tests/web)")
    if importlib.util.find_spec("playwright") is None:
        lacks.append("Playwright is not installed (make test installs it)")
    return lacks
