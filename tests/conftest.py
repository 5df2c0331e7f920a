"""What the tests of single modules share."""

from datetime import UTC

import pytest

from builder.body import BodyReader
from builder.config import read_site


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
