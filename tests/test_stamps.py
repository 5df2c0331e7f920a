"""Stamps that do not tell: files on a disk whose clock ticks slowly."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import pytest
from site_builder import article, assert_as_clean, build_site, codes, write_site

from builder import pipeline, stamps

STEP = 2_000_000_000
LONG_AGO = 1_000_000_000 * 10**9
FILES = {
    "content/articles/a.md": article(
        "Old words.", source="{license: CC0-1.0, original: originals/wire.txt}"
    ),
    "content/originals/wire.txt": "Old words.\n",
    "content/media/map.txt": "Old map.\n",
}


@pytest.fixture
def coarse(monkeypatch):
    """Times of files in whole steps of two seconds; what was last written long ago was so in all."""
    pack = stamps._pack

    def packed(mtime, ctime, *rest):
        times = (mtime, mtime) if mtime == LONG_AGO else (mtime, ctime)
        return pack(*(one - one % STEP for one in times), *rest)

    monkeypatch.setattr(stamps, "_pack", packed)


def age(root, but):
    """Let all of a site have stood there for long, but for one file."""
    for path in (root, *root.rglob("*")):
        if path != root / but:
            os.utime(path, ns=(LONG_AGO, LONG_AGO))


def alter(file):
    """Change the bytes of a file in place, so that nothing but them tells."""
    data = file.read_bytes()
    file.write_bytes(data.replace(b"Old", b"New") if b"Old" in data else data.swapcase())


@pytest.mark.parametrize(
    "path",
    [
        *FILES,
        "public/articles/a/index.html",
        "public/index.html",
        "public/media/map.txt",
        "public/robots.txt",
    ],
)
@pytest.mark.parametrize("aged", [True, False])
@pytest.mark.parametrize("builds", [1, 2])
def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path, coarse, path, aged, builds):
    root = write_site(tmp_path / "site", FILES)
    if aged:
        age(root, path)
    for _ in range(builds):
        assert codes(build_site(root)) == []
    alter(root / path)
    report = build_site(root)
    words = path.startswith(("content/articles", "content/originals"))
    assert [one[3] for one in codes(report)] == ["altered-words"] * words
    assert_as_clean(root, tmp_path)


def test_a_change_within_one_tick_of_the_clock_during_a_long_build_is_seen(
    tmp_path, coarse, monkeypatch
):
    root = write_site(tmp_path / "site", {"content/articles/a.md": article("Old words.")})
    render, now = pipeline.renew, time.time_ns

    def meanwhile(*given):
        alter(root / "content/articles/a.md")
        patch.setattr(time, "time_ns", lambda: now() + 5 * STEP)
        return render(*given)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "renew", meanwhile)
        assert not build_site(root).failed
    build_site(root)
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("first", [0, 8])
@pytest.mark.parametrize(
    ("time", "behind", "still"),
    [
        # The finest clocks tick every few milliseconds, the coarsest every two seconds.
        (1_700_000_000_000_000_001, 20_000_000, False),
        (1_700_000_000_000_000_001, 60_000_000, True),
        (1_700_000_000_000_000_000, 60_000_000, False),
        (1_700_000_000_000_000_000, 1_990_000_000, False),
        (1_700_000_000_000_000_000, 2_010_000_000, True),
    ],
)
def test_a_file_is_still_when_every_clock_has_ticked_since(time, behind, still, first):
    times = (time, 1) if first else (1, time)
    stamp = stamps._pack(*times, 5, 5)
    assert stamps.settled(stamp, time + behind) == still


@pytest.mark.parametrize("part", ["st_mtime_ns", "st_ctime_ns", "st_size", "st_ino"])
@pytest.mark.parametrize("value", [0, -1, 2**63 - 1])
def test_a_stamp_tells_both_times_the_size_and_the_file(part, value):
    parts = {"st_mtime_ns": 5, "st_ctime_ns": 6, "st_size": 7, "st_ino": 8}
    other = parts | {part: max(value, 0) if part == "st_size" else value}
    assert stamps.stamp_of(SimpleNamespace(**parts)) != stamps.stamp_of(SimpleNamespace(**other))
