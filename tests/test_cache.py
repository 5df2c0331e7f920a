"""The cache saves time and nothing else: whatever becomes of it, the site is that of a clean build."""

from __future__ import annotations

import random
import shutil
import sqlite3

import pytest
from site_builder import article, build_site, profile, tree, write_site

from builder import build as building
from builder.cache import FILE, FOLDER, Cache, DamagedError

FILES = {
    f"content/articles/{n}.md": article(
        f"Number {n} is on the [line]{{project=line status=agreed}} in [Iran]{{country=IR}}.",
        title=f"Number {n}",
        date=f"2024-01-{n + 1:02}",
    )
    for n in range(8)
} | {"content/projects/line.md": profile("Line")}
DAMAGED = "the cache was damaged and has been thrown away"


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """A built site with an edit to come, and the output that is to come of it."""
    base = tmp_path_factory.mktemp("cache")
    root = write_site(base / "site", FILES)
    assert not build_site(root).failed
    write_site(root, {"content/articles/3.md": article("Now on [Turkey]{country=TR}.", title="New")})
    build_site(root, base / "clean", clean=True)
    shutil.rmtree(root / FOLDER)
    # The cache is that of the build before the edit.
    shutil.copytree(root, base / "before")
    write_site(base / "before", FILES)
    build_site(base / "before")
    write_site(base / "before", {"content/articles/3.md": (root / "content/articles/3.md").read_text()})
    return base / "before", tree(base / "clean")


@pytest.fixture
def broken(sites, tmp_path):
    """Builds with a cache that a function has spoiled; gives the report."""
    source, expected = sites

    def build(spoil):
        root = tmp_path / "site"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(source, root)
        spoil(root / FOLDER / FILE)
        report = build_site(root)
        assert not report.failed, report.diagnostics
        assert tree(root / "public") == expected
        # Damage that no build looked at may show in a later one, which is rid of it.
        for _ in range(4):
            again = build_site(root)
            assert (again.failed, again.written, tree(root / "public")) == (False, 0, expected)
        assert (again.rendered, again.word) == (0, "")
        return report

    return build


@pytest.mark.parametrize("seed", range(8))
def test_a_cache_with_other_bytes_at_any_place_changes_nothing(broken, seed):
    draw = random.Random(seed)  # noqa: S311 - no secret

    def spoil(file):
        data = bytearray(file.read_bytes())
        for _ in range(draw.choice((1, 1, 4, 400))):
            data[draw.randrange(len(data))] = draw.randrange(256)
        file.write_bytes(data)

    for _ in range(5):
        broken(spoil)


@pytest.mark.parametrize("page", range(3))
def test_a_cache_with_a_page_of_zeros_changes_nothing(broken, page):
    def spoil(file):
        data = bytearray(file.read_bytes())
        for start in range(page * 4096, len(data), 5 * 4096):
            data[start : start + 4096] = bytes(4096)
        file.write_bytes(data)

    broken(spoil)


@pytest.mark.parametrize("value", [None, 5, 10**12, 0.5, "words"])
def test_values_of_other_types_are_damage(broken, value):
    def spoil(file):
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE entries SET value = ?", (value,))
        connection.close()

    assert broken(spoil).word == DAMAGED


@pytest.mark.parametrize("filling", [b"\0", b"\xff", b"\x01"])
def test_whatever_bytes_stand_anywhere_are_damage_and_no_other_error(tmp_path, filling):
    values = {f"key {n}": {"words": "one two " * n, "number": n} for n in range(40)}
    cache = Cache(tmp_path, b"toolchain")
    cache.open()
    cache.put("rows", values.items())
    cache.update("shards", values)
    cache.close()
    whole = (tmp_path / FILE).read_bytes()
    outcomes = set()
    for start in range(0, len(whole), 48):
        data = whole[:start] + filling * 48 + whole[start + 48 :]
        (tmp_path / FILE).write_bytes(data[: len(whole)])
        cache = Cache(tmp_path, b"toolchain")
        cache.open()
        for read in (
            lambda cache: cache.several("rows", list(values), dict),
            lambda cache: cache.all("shards", dict),
            lambda cache: {key: cache.get("rows", key, dict) for key in values},
        ):
            try:
                found = read(cache)
            except DamagedError:
                outcomes.add("damaged")
            else:
                assert all(values[key] == value for key, value in found.items() if value is not None)
                outcomes.add("read")
        cache.close()
    assert outcomes == {"damaged", "read"}


@pytest.mark.parametrize("length", [0, 1, 99, 4096, 5000, 20_000])
def test_a_cache_that_was_cut_off_changes_nothing(broken, length):
    broken(lambda file: file.write_bytes(file.read_bytes()[:length]))


def test_a_cache_that_is_gone_changes_nothing(broken):
    assert broken(lambda file: file.unlink()).word == ""


def test_a_cache_that_is_no_database_is_thrown_away_with_a_word(broken):
    assert broken(lambda file: file.write_bytes(b"no database at all" * 1000)).word == DAMAGED


def test_the_journal_of_another_database_changes_nothing(broken):
    broken(lambda file: file.with_name(f"{FILE}-journal").write_bytes(b"\xd9\xd5\x05\xf9" * 2000))


@pytest.mark.parametrize("ending", ["", "-journal", "-wal", "-shm"])
@pytest.mark.parametrize("there", [True, False])
def test_what_a_link_in_the_place_of_the_cache_leads_to_is_not_written(broken, tmp_path, ending, there):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    data = other.read_bytes()
    if not there:
        other.unlink()

    def spoil(file):
        if ending == "-wal":
            # A database says of itself that it keeps such a file.
            with sqlite3.connect(file) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
            connection.close()
        place = file.with_name(file.name + ending)
        place.unlink(missing_ok=True)
        place.symlink_to(other)

    assert broken(spoil).word == DAMAGED
    assert other.exists() == there
    assert not there or other.read_bytes() == data


def test_a_value_that_was_swapped_for_another_is_found(broken):
    def spoil(file):
        with sqlite3.connect(file) as connection:
            rows = connection.execute("SELECT rowid, value, checksum FROM entries").fetchall()
            for (row, _, _), (_, value, checksum) in zip(rows, rows[::-1], strict=True):
                connection.execute(
                    "UPDATE entries SET value = ?, checksum = ? WHERE rowid = ?", (value, checksum, row)
                )
        connection.close()

    assert broken(spoil).word == DAMAGED


@pytest.mark.parametrize("bucket", ["printed", "body", "places"])
def test_words_of_an_earlier_text_are_found(sites, tmp_path, bucket):
    root = tmp_path / "site"
    shutil.copytree(sites[0], root)
    path = "content/articles/5.md"
    build_site(root)

    def row(statement, *values):
        with sqlite3.connect(root / FOLDER / FILE) as connection:
            found = connection.execute(statement, (*values, bucket, path)).fetchall()
        connection.close()
        return found

    (earlier,) = row("SELECT value, checksum FROM entries WHERE bucket = ? AND key = ?")
    words = "\n\nThis is [not](4.md#none) what it was in [Iran]{country=IR}."
    write_site(root, {path: FILES[path] + words})
    build_site(root)
    row("UPDATE entries SET value = ?, checksum = ? WHERE bucket = ? AND key = ?", *earlier)
    # Another title for one of its neighbours, and another project: all that shows it is made anew.
    write_site(root, {"content/articles/6.md": article("No more.", title="Seven")})
    write_site(root, {"content/projects/line.md": profile("Other line")})
    report = build_site(root)
    clean = build_site(root, tmp_path / "clean", clean=True)
    assert (tree(root / "public"), report.diagnostics) == (tree(tmp_path / "clean"), clean.diagnostics)
    assert report.word == DAMAGED


@pytest.mark.parametrize("share", [2, 3])
def test_entries_that_are_missing_are_made_anew(broken, share):
    def spoil(file):
        with sqlite3.connect(file) as connection:
            connection.execute("DELETE FROM entries WHERE rowid % ? = 0", (share,))
        connection.close()

    broken(spoil)


def test_the_cache_of_another_version_is_thrown_away_with_a_word(broken, monkeypatch):
    def spoil(file):
        file.unlink()
        root = file.parent.parent
        with monkeypatch.context() as patched:
            patched.setattr(building, "toolchain", lambda: b"another version")
            build_site(root, root / "elsewhere")

    report = broken(spoil)
    assert report.word == "the cache was made by another version and has been thrown away"
    assert report.parsed == len(FILES) - 1
