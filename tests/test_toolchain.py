"""What the program is made of: with any part of it another, nothing that is remembered counts."""

from __future__ import annotations

import os
import sys

import pytest
from site_builder import write_site

from builder import cache, toolchain
from builder.cache import Cache

FILES = {
    "package/toolchain.py": "a = 1\n",
    "package/inner/one.py": "b = 1\n",
    "package/notes.txt": "words",
    "site-packages/Markdown-3.11.dist-info/METADATA": "",
    "site-packages/python_slugify-8.0.dist-info/METADATA": "",
    "site-packages/other-1.0.dist-info/METADATA": "",
}


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program of two modules and two libraries; gives its folder and its fingerprint."""
    root = write_site(tmp_path, FILES)
    monkeypatch.setattr(toolchain, "__file__", str(root / "package/toolchain.py"))
    monkeypatch.setattr(sys, "path", [str(root / "site-packages")])
    return root, toolchain.toolchain.__wrapped__


@pytest.mark.parametrize("name", ["package/toolchain.py", "package/inner/one.py"])
@pytest.mark.parametrize("change", ["size", "time", "gone", "new"])
def test_another_source_is_another_program(program, name, change):
    root, fingerprint = program
    before, file = fingerprint(), root / name
    if change == "size":
        status = file.stat()
        file.write_text("a = 12\n")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif change == "time":
        os.utime(file, ns=(0, 1))
    elif change == "gone":
        file.unlink()
    else:
        file.with_name("further.py").touch()
    assert fingerprint() != before


@pytest.mark.parametrize("name", ["Markdown-3.11", "python_slugify-8.0"])
def test_another_version_of_a_library_or_of_python_is_another_program(program, monkeypatch, name):
    root, fingerprint = program
    before, folder = fingerprint(), root / "site-packages"
    (folder / f"{name}.dist-info").rename(folder / f"{name}.1.dist-info")
    other = fingerprint()
    monkeypatch.setattr(sys, "version", "3.99")
    assert len({before, other, fingerprint()}) == 3


def test_what_makes_no_page_is_no_part_of_the_program(program):
    root, fingerprint = program
    before = fingerprint()
    (root / "site-packages/other-1.0.dist-info").rename(root / "site-packages/other-2.dist-info")
    write_site(root, {"package/notes.txt": "other words", "package/__pycache__/one.pyc": "a"})
    assert fingerprint() == before


def test_a_cache_of_another_form_is_thrown_away_with_a_word(tmp_path, monkeypatch):
    def opened():
        one = Cache(tmp_path, b"program")
        one.open()
        return one

    first = opened()
    first.put("bucket", [("key", 1)])
    first.close()
    monkeypatch.setattr(cache, "SCHEMA", cache.SCHEMA + 1)
    second = opened()
    assert second.word == "the cache was made by another version and has been thrown away"
    assert second.get("bucket", "key", int) is None
    second.close()
