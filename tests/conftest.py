"""What the tests of single modules share."""

import os
import sys
import tempfile
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import settings

from builder.body.reader import BodyReader
from builder.config import read_site

# What the tests compile is not kept with the developer's own.
_caches = tempfile.TemporaryDirectory(prefix="caches-")
os.environ["XDG_CACHE_HOME"] = _caches.name

# On a developer's machine property tests look for something new each time; a check that decides
# whether a change lands must give the same answer twice.
# How long a single example takes says more about what else the machine is doing; tests of time count.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


sys.path.insert(0, str(Path(__file__).parent / "web"))


@pytest.fixture(scope="module")
def browser():
    """One Chromium for all tests of a file; skipped where it is missing, but CI has it, or fails."""
    import tools

    if tools.chromium() is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail("there is no Chromium")
        pytest.skip("there is no Chromium")
    from browsing import chromium

    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def site():
    """A site that says nothing but its title."""
    return read_site("title: T")[0]


@pytest.fixture(scope="session")
def read_body(site):
    """Reads the body of an article: (body, diagnostics)."""

    def read(text, *, mentions=True, site=site, first_line=1, path="content/articles/a/b.md"):
        reader = BodyReader(path, text, first_line, site, UTC, mentions=mentions)
        body = reader.read(site.language)
        return body, reader.found

    return read
