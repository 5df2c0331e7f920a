"""Published pages as readers meet them: valid, accessible, and all there in a real browser."""

import os
import shutil
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).parent / "web"
sys.path.insert(0, str(WEB))

import sites  # noqa: E402 - it is found on the path above
import tools  # noqa: E402

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _tools():
    """Skip where a tool is missing; but CI has them all, or fails."""
    lacks = "; ".join(tools.missing())
    if lacks and os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(lacks)
    if lacks:
        pytest.skip(lacks)


def _check(folder, name=""):
    from check import check_site
    from findings import report

    found = report(check_site(name, folder, sites.CLOSELY.get(name, ())))
    assert not found, "\n" + "\n".join(found)


def test_the_site_of_the_repository(tmp_path):
    root = tmp_path / "site"
    shutil.copytree(tools.REPOSITORY / "content", root / "content")
    shutil.copy(tools.REPOSITORY / "site.yaml", root)
    _check(sites.build(root, tmp_path / "public", "--strict"))


def test_a_persian_site(tmp_path):
    _check(sites.build_persian(tmp_path), "persian")


def test_a_site_with_everything_below_a_path(tmp_path):
    _check(sites.build_everything(tmp_path), "everything")


FRAME = """<!DOCTYPE html>
<html lang="en"><head><title>Faults</title><link rel="stylesheet" href="/a.css"></head><body>
{skip}<main id="main"><h1>Faults</h1>{body}</main></body></html>
"""
SKIP = '<a href="#main">Skip to the content</a>'
FAULTS = {
    "/": '<p id="a" class="pale">Pale words</p><p id="a" style="width: 40em">Twice</p>',
    "/404.html": '<p class="wide">Wide</p>',
    "/about/": '<a href="/nowhere/">Dead</a> <a href="/#no-id">Dead too</a> <img src="/no.png" alt="">',
    "/articles/one/": '<p id="m-country-az-1">No link</p><p id="m-country-ir-1">'
    '<a href="/countries/ir/" class="bare">A link without a ring</a></p>',
    "/countries/": '<a href="/countries/ir/">Iran</a> <img src="https://example.org/x.png" alt="">',
    "/countries/ir/": '<p><a href="/articles/one/#m-country-ir-1">The unmarked mention</a></p>',
}
CSS = ".pale { color: #eee; } .wide { width: 2000px; } .bare:focus { outline: none; }"
EXPECTED = {
    ("/", "axe color-contrast"),
    ("/", "console error"),
    ("/no/such/page/", "overflow"),
    ("/about/", "dead link"),
    ("/about/", "failed request"),
    ("/articles/one/", "keyboard"),
    ("/countries/", "console error"),
    ("/countries/ir/", "deep link"),
    ("index.html", "nu error"),
}


def test_the_checks_find_planted_faults(tmp_path):
    from check import check_site

    for address, body in FAULTS.items():
        file = tmp_path / (address[1:] + "index.html" if address.endswith("/") else address[1:])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FRAME.format(skip=SKIP, body=body), encoding="utf-8")
    (tmp_path / "a.css").write_text(CSS, encoding="utf-8")
    found = check_site("", tmp_path)
    assert {(one.page, one.rule) for one in found} >= EXPECTED
    said = "\n".join(one.message for one in found)
    for words in ("no link to the entity", "focus can't be seen", "not marked", 'the id "no-id"'):
        assert words in said
