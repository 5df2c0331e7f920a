"""Publishing beside what others put there, on disks that fail, and after builds that were ended."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tracemalloc
from pathlib import Path

import pytest
from published_site import EDIT, NEW, SITE, built, interrupted
from site_builder import (
    HtmlPage,
    article,
    assert_as_clean,
    build_site,
    codes,
    local_links,
    profile,
    settle,
    tree,
    write_site,
)

from builder.publishing import publish, staging
from builder.publishing.journal import Journal
from builder.publishing.moves import follow
from builder.publishing.publish import MANIFEST, STAGE, Output


@pytest.fixture
def root(tmp_path):
    return built(tmp_path)


def test_a_folder_that_somebody_puts_where_a_journal_has_still_to_put_a_file_is_told_and_stays(
    root, tmp_path, monkeypatch
):
    interrupted(root, monkeypatch, moved=False)
    path = root / "public/articles/new/index.html"
    path.mkdir(parents=True)
    assert [one.code for one in build_site(root).diagnostics] == ["cannot-write"]
    assert path.is_dir()
    path.rmdir()
    assert not build_site(root).failed
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_somebody_puts_where_a_journal_has_still_to_is_told_and_stays(
    root, tmp_path, monkeypatch, kind
):
    interrupted(root, monkeypatch, moved=False)
    path = root / "public/articles/new/index.html"
    path.parent.mkdir(parents=True)
    path.symlink_to("nowhere") if kind == "link" else os.mkfifo(path)
    report = build_site(root)
    assert [one.code for one in report.diagnostics] == ["foreign-file"]
    assert os.path.lexists(path)
    path.unlink()
    assert not build_site(root).failed
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("folder", ["articles", "articles/deep", "articles/deep/gone"])
def test_a_page_that_goes_is_not_sought_behind_a_link(tmp_path, folder):
    """The one behind the link stays where it is, and the others go."""
    gone = ("articles/deep/gone", "articles/z", "projects/z")
    files = {
        "content/articles/deep/gone.md": article("Words."),
        "content/articles/z.md": article("Words."),
        "content/projects/z.md": profile("Z"),
    }
    root = write_site(tmp_path / "site", files)
    assert not build_site(root).failed
    place, outside = root / "public" / folder, tmp_path / "outside"
    place.rename(outside)
    place.symlink_to(outside)
    before = tree(outside)
    for name in files:
        (root / name).unlink()
    assert codes(build_site(root)) == []
    assert tree(outside) == before
    for page in gone:
        behind = page == folder or page.startswith(f"{folder}/")
        assert (root / "public" / page / "index.html").exists() == behind


def test_an_empty_folder_in_the_place_of_a_page_is_told_and_stays(root):
    page = root / "public/articles/new/index.html"
    page.mkdir(parents=True)
    before = tree(root / "public")
    write_site(root, NEW)
    assert [one[3] for one in codes(build_site(root))] == ["foreign-file"]
    assert page.is_dir()
    assert tree(root / "public") == before


@pytest.mark.parametrize("kind", ["file", "link to a file", "link to a folder", "empty folder"])
def test_a_folder_of_files_that_go_and_of_somebody_elses_gives_way_to_no_file(tmp_path, kind):
    root = write_site(tmp_path / "site", {"content/media/map/x.txt": "a map"})
    assert not build_site(root).failed
    own = root / "public/media/map/own"
    if kind == "file":
        own.write_text("mine")
    elif kind == "empty folder":
        own.mkdir()
    else:
        own.symlink_to(root / "content" if kind == "link to a folder" else root / "site.yaml")
    before = tree(root / "public")
    (root / "content/media/map/x.txt").unlink()
    (root / "content/media/map").rmdir()
    write_site(root, {"content/media/map": "another map"})
    report = build_site(root)
    assert [(one.file, one.code) for one in report.diagnostics] == [
        ("public/media/map", "foreign-file")
    ]
    assert os.path.lexists(own)
    assert tree(root / "public") == before


def test_a_link_in_the_place_of_a_file_that_is_to_be_a_folder_is_told_and_stays(tmp_path):
    root = write_site(tmp_path / "site", {"content/media/map": "a map"})
    assert not build_site(root).failed
    (tmp_path / "outside").mkdir()
    place = root / "public/media/map"
    place.unlink()
    place.symlink_to(tmp_path / "outside")
    (root / "content/media/map").unlink()
    write_site(root, {"content/media/map/x.txt": "a map"})
    report = build_site(root)
    assert [(one.file, one.code) for one in report.diagnostics] == [
        ("public/media/map", "foreign-file")
    ]
    assert place.is_symlink()
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_link_that_leads_in_a_circle_where_a_folder_was_is_told(root):
    """Without a manifest, all that was published is looked for."""
    (root / "public" / MANIFEST).unlink()
    place = root / "public/articles"
    place.rename(root / "articles")
    place.symlink_to("articles")
    report = build_site(root)
    assert ("public/articles", "foreign-file") in {(one.file, one.code) for one in report.diagnostics}
    assert place.is_symlink()


@pytest.mark.parametrize("umask", [0o022, 0o027])
def test_what_is_published_may_be_read_by_whom_the_system_lets(tmp_path, umask):
    root = write_site(tmp_path, SITE)
    before = os.umask(umask)
    try:
        assert not build_site(root).failed
    finally:
        os.umask(before)
    for path in (root / "public").rglob("*"):
        mode = 0o777 if path.is_dir() else 0o666
        assert stat.S_IMODE(path.stat().st_mode) == mode & ~umask, path


def test_a_file_that_is_altered_while_it_is_compared_is_not_taken_for_the_programs(
    tmp_path, monkeypatch
):
    file, holds = tmp_path / "a.txt", staging.holds
    output = Output(tmp_path, "public")

    def meanwhile(path, data):
        same = holds(path, data)
        settle()
        file.write_bytes(b"other")
        return same

    output.open()
    output.begin()
    output.commit([output.put("a.txt", b"words")], frozenset(["a.txt"]), {})
    output.begin()
    monkeypatch.setattr(publish, "holds", meanwhile)
    staged = output.put("a.txt", b"words")
    assert not staged.changed
    assert staged.stamp != publish.stamp_of(os.lstat(file))


def test_a_foreign_file_is_seen_where_capitals_do_not_count_in_names(tmp_path, monkeypatch):
    root = write_site(tmp_path, {"content/articles/a.md": article("Words.")})
    (root / "public").mkdir()
    (root / "public/index.html").write_text("mine")
    real = os.listdir

    def listed(path="."):
        # Such a system finds a file by any spelling of its name, and lists it by one.
        names = real(path)
        return [name.upper() for name in names] if Path(path) == root / "public" else names

    monkeypatch.setattr(os, "listdir", listed)
    assert [one.code for one in build_site(root).diagnostics] == ["foreign-file"]
    assert (root / "public/index.html").read_text() == "mine"


def test_what_goes_goes_before_what_it_leads_to(tmp_path, monkeypatch):
    files = {
        "content/media/a.txt": "a map",
        "content/articles/b.md": article("![m](../media/a.txt) [x]{country=IR}"),
        "themes/my/theme.yaml": "extends: gazette\n",
        "themes/my/assets/a.txt": "an asset",
        "content/pages/z.md": "---\ntitle: Z\n---\n[it](/assets/a.txt)\n",
    }
    root = write_site(tmp_path / "site", files, "title: T\ntheme: my")
    assert not build_site(root).failed
    for name in files:
        if not name.endswith("theme.yaml"):
            (root / name).unlink()
    order = list(build_site(root).gone)
    assert order.index("countries/ir/index.html") < order.index("articles/b/index.html")
    assert order.index("articles/b/index.html") < order.index("media/a.txt")
    assert order.index("z/index.html") < order.index("assets/a.txt")


def test_nothing_is_put_in_its_place_before_what_it_leads_to(tmp_path, monkeypatch):
    site = "title: T\ntheme: my\nbase_url: https://example.org"
    files = {
        "content/articles/a.md": article("[x]{country=IR}", date="2020"),
        "content/media/b.txt": "a map",
        "themes/my/theme.yaml": "extends: gazette\n",
        "themes/my/assets/a.css": "a {}",
    }
    root = write_site(tmp_path / "site", files, site)
    assert not build_site(root).failed
    new = article("![m](../media/c.txt) [x]{country=IR}", date="2021")
    write_site(
        root,
        {
            "content/articles/z.md": new,
            "content/media/c.txt": "a new map",
            "themes/my/assets/a.css": "b {}",
        },
    )
    order, real = [], os.replace

    def replace(source, target):
        order.append(str(target).removeprefix(f"{root}/public/"))
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    assert not build_site(root).failed
    first = [order.index(one) for one in ("media/c.txt", "assets/a.css")]
    then = [order.index(one) for one in ("articles/z", "articles/a/index.html")]
    listings = [order.index(one) for one in ("index.html", "countries/ir/index.html")]
    assert max(first) < min(then)
    assert max(then) < min(listings)
    assert max(listings) < min(order.index(one) for one in ("feed.xml", "sitemap.xml"))


@pytest.mark.parametrize("state", ["nothing", "foreign files", "a manifest alone", "no front page"])
def test_the_front_page_comes_when_all_is_there_that_it_leads_to(tmp_path, monkeypatch, state):
    files = {
        "content/articles/a.md": article("[x]{country=IR} [y]{project=line}"),
        "content/projects/line.md": profile("Line"),
        "content/pages/about.md": "---\ntitle: About\n---\n",
    }
    root = write_site(tmp_path / "site", files, "title: T\nbase_url: https://example.org\npage_size: 1")
    public = root / "public"
    if state == "foreign files":
        write_site(root, {"public/countries/mine.txt": "mine", "public/articles/mine.txt": "mine"})
    elif state != "nothing":
        assert not build_site(root).failed
        gone = "*/" if state == "a manifest alone" else "[cp]*/"
        for folder in public.glob(gone):
            shutil.rmtree(folder)
        (public / "index.html").unlink()
    missed: list[tuple[str, str]] = []
    real = os.replace

    def replace(source, target):
        real(source, target)
        if (public / "index.html").exists():
            missed.extend(led_astray(public))

    monkeypatch.setattr(os, "replace", replace)
    assert not build_site(root).failed
    assert (public / "countries/ir/index.html").exists()
    assert not missed


def test_no_page_that_can_be_reached_ever_leads_to_a_file_that_is_not_there(tmp_path, monkeypatch):
    files = {
        "content/articles/a.md": article("[x]{country=IR}", date="2020"),
        "content/articles/b.md": article("[x]{country=AM} ![m](../media/b.txt)", date="2021"),
        "content/articles/c.md": article("[x]{country=IR}", date="2022"),
        "content/media/b.txt": "a map",
    }
    root = write_site(tmp_path / "site", files)
    assert not build_site(root).failed
    settle()
    changes = {
        # An article that is there names what nothing named before, and so does one that is new.
        "content/articles/a.md": article("[x]{country=GE} [y](b-two.md) ![m](../media/d.txt)"),
        "content/articles/b.md": None,
        "content/articles/b-two.md": article("[x]{project=line} [y]{country=AZ}", date="2023"),
        "content/projects/line.md": profile("Line", website="https://example.org"),
        "content/pages/about.md": "---\ntitle: About\n---\n[it](../articles/b-two.md)\n",
        "content/media/b.txt": None,
        "content/media/d.txt": "another map",
        # Every page leads to a feed then.
        "site.yaml": "title: T\nbase_url: https://example.org\n",
    }
    write_site(root, changes)
    public = root / "public"
    real = {name: getattr(os, name) for name in ("replace", "unlink")}
    missed: list[tuple[str, str]] = []
    steps = 0

    def step(name, *given, **named):
        nonlocal steps
        real[name](*given, **named)
        if str(given[-1]).startswith(f"{public}/") and STAGE not in str(given[-1]):
            steps += 1
            missed.extend(led_astray(public))

    monkeypatch.setattr(os, "replace", lambda *given: step("replace", *given))
    monkeypatch.setattr(os, "unlink", lambda *given, **named: step("unlink", *given, **named))
    report = build_site(root)
    assert not report.failed, codes(report)
    assert steps > 15
    assert not missed


def led_astray(public):
    """The pages that can be reached from the front page, with links of theirs that have no file."""
    found, seen, todo = [], {"index.html"}, ["index.html"]
    while todo:
        path = todo.pop()
        if not path.endswith(".html"):
            continue
        for link in local_links(HtmlPage((public / path).read_text("utf-8"))):
            address = link.partition("#")[0].lstrip("/")
            target = f"{address}index.html" if address == "" or address.endswith("/") else address
            if not (public / target).is_file():
                found.append((path, link))
            elif target not in seen:
                seen.add(target)
                todo.append(target)
    return found


@pytest.mark.parametrize("data", [b"", b"{", b'{"changed": ["articles/new/index.html"]'])
def test_a_journal_that_was_not_written_whole_is_undone(root, tmp_path, monkeypatch, data):
    interrupted(root, monkeypatch, moved=False)
    (root / "public" / STAGE / "journal.json").write_bytes(data)
    assert not build_site(root).failed
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("way", ["removed", "absolute", "absolute, behind", "changed", "nought"])
def test_a_journal_that_leads_outside_by_any_way_is_not_followed(root, way):
    victim = root / "site.yaml"
    text = victim.read_text()
    stage = root / "public" / STAGE
    (stage / "files").mkdir(parents=True)
    (stage / "site.yaml").write_text("title: Not mine\n")
    journal = {
        "removed": ([], ["../site.yaml"]),
        "absolute": ([], [str(victim)]),
        "absolute, behind": ([], ["index.html", str(victim)]),
        "changed": (["../site.yaml"], []),
        "nought": ([], ["a\0b"]),
    }[way]
    (stage / "journal.json").write_text(
        json.dumps({"changed": journal[0], "removed": journal[1], "entries": {}})
    )
    assert not build_site(root).failed
    assert victim.read_text() == text


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../x", "a\0b", ""])
def test_a_journal_whose_entries_lead_outside_is_not_followed(root, path):
    stage = root / "public" / STAGE
    stage.mkdir()
    journal = {"changed": [], "removed": [], "entries": {path: "0"}}
    (stage / "journal.json").write_text(json.dumps(journal))
    assert not build_site(root).failed
    assert path not in json.loads((root / "public" / MANIFEST).read_text())["files"]


@pytest.mark.parametrize(
    "manifest",
    [
        {"format": 2, "files": {}},
        {"format": 1, "files": {"/etc/x": "0"}},
        {"format": 1, "files": {"a\0b": "0"}},
        {"format": 1, "files": {"": "0"}},
    ],
)
def test_a_manifest_of_another_program_is_refused(root, manifest):
    before = tree(root / "public")
    (root / "public" / MANIFEST).write_text(json.dumps(manifest))
    assert [one.code for one in build_site(root).diagnostics] == ["bad-manifest"]
    assert tree(root / "public") | {MANIFEST: b""} == before | {MANIFEST: b""}


@pytest.mark.parametrize("text", ["", "{", '{"format": 1, "files": {"index.html": '])
def test_a_manifest_that_is_not_whole_is_told_and_nothing_is_taken_away(root, text):
    (root / "public" / MANIFEST).write_text(text)
    before = tree(root / "public")
    write_site(root, {"content/articles/another.md": article("Words.")})
    assert [one.code for one in build_site(root).diagnostics] == ["bad-manifest"]
    assert tree(root / "public") == before


def test_a_manifest_that_cannot_be_read_is_told(root, monkeypatch):
    write_site(root, EDIT)
    before = tree(root / "public")
    read = Path.read_bytes

    def broken(self):
        if self.name == MANIFEST:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", broken)
        assert [one.code for one in build_site(root).diagnostics] == ["cannot-write"]
    assert tree(root / "public") == before


def test_a_folder_where_a_file_is_to_be_is_an_error_and_not_passed_over(tmp_path):
    (tmp_path / "output/x").mkdir(parents=True)
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage/x").write_text("new")
    with pytest.raises(OSError):  # noqa: PT011
        follow(Journal(("x",), (), {}), tmp_path / "output", tmp_path / "stage")
    assert (tmp_path / "stage/x").exists()


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("lost", [False, True])
def test_a_disk_that_fills_in_the_middle_of_a_file_leaves_none_that_is_half(
    root, tmp_path, monkeypatch, number, lost
):
    """The manifest that is mended first, that of the site to come, the journal."""
    older = (root / "public" / MANIFEST).read_bytes()
    write_site(root, EDIT)
    assert not build_site(root).failed
    if lost:
        (root / "public" / MANIFEST).unlink()
    else:
        one = {"404.html": json.loads(older)["files"]["404.html"]}
        (root / "public" / MANIFEST).write_text(json.dumps({"format": 1, "files": one}))
    write_site(root, NEW)
    before = tree(root / "public")
    whole, calls = Path.write_bytes, []

    def half(self, data):
        if "public" not in self.parts:
            return whole(self, data)
        calls.append(self)
        if len(calls) < number:
            return whole(self, data)
        whole(self, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half)
        assert [one.code for one in build_site(root).diagnostics] == ["cannot-write"]
    assert len(calls) == number
    after = tree(root / "public")
    if number == 1:
        assert after == before
    assert {**after, MANIFEST: b""} == {**before, MANIFEST: b""}
    assert not build_site(root).failed
    assert_as_clean(root, tmp_path)


def test_a_build_that_is_interrupted_before_it_publishes_leaves_no_stage(root, tmp_path, monkeypatch):
    before = tree(root / "public")
    write_site(root, NEW)

    def stop(*_given):
        assert (root / "public" / STAGE).exists()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Output, "put", stop)
        with pytest.raises(KeyboardInterrupt):
            build_site(root)
    assert tree(root / "public") == before
    assert not (root / "public" / STAGE).exists()


@pytest.mark.parametrize("path", ["a/b/index.html", "a/b/c.txt"])
def test_a_folder_that_another_process_makes_meanwhile_is_staged_into(tmp_path, monkeypatch, path):
    output = Output(tmp_path, "public")
    output.open()
    output.begin()
    make, folder = os.mkdir, tmp_path / STAGE / "files/a/b"

    def late(place, *given, **named):
        # The other one is faster by a moment.
        if os.fspath(place) == str(folder) and folder.parent.exists():
            make(place)
        return make(place, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "mkdir", late)
        staged = output.put(path, b"words")
    output.commit([staged], frozenset([path]), {})
    assert (tmp_path / path).read_bytes() == b"words"


def test_what_goes_beside_a_file_that_becomes_a_folder_goes_too(tmp_path):
    root = write_site(
        tmp_path / "site", {"content/media/map": "a map", "content/media/zoo.txt": "a zoo"}
    )
    assert not build_site(root).failed
    for name in ("map", "zoo.txt"):
        (root / "content/media" / name).unlink()
    write_site(root, {"content/media/map/x.txt": "another map"})
    build_site(root)
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("place", ["content/media/map.txt", "themes/own/assets/map.txt"])
def test_a_file_that_the_disk_does_not_give_is_told(root, monkeypatch, place):
    theme = {"site.yaml": "title: T\ntheme: own\n", "themes/own/theme.yaml": "extends: gazette\n"}
    write_site(root, theme | {place: "another map"})
    before = tree(root / "public")

    def broken(path, mode):
        if path.endswith(place):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return open(path, mode)

    with monkeypatch.context() as patch:
        patch.setattr(staging, "open", broken, raising=False)
        report = build_site(root)
    assert [one.text() for one in report.diagnostics] == [
        f"{place}:1:1: error[unreadable-file]: the file can't be read: input/output error"
    ]
    assert tree(root / "public") == before


def test_a_file_that_somebody_puts_where_one_went_is_not_removed_by_the_journal(root, monkeypatch):
    (root / "content/articles/a2.md").unlink()

    def stop(output):
        if (output.stage / "journal.json").exists():
            raise KeyboardInterrupt

    # All is done and in the manifest, but for the stage.
    with monkeypatch.context() as patch:
        patch.setattr(Output, "discard", stop)
        with pytest.raises(KeyboardInterrupt):
            build_site(root)
    path = "public/articles/a2/index.html"
    assert not (root / path).exists()
    write_site(root, {path: "mine"})
    build_site(root)
    assert (root / path).read_text() == "mine"


def test_a_link_that_somebody_puts_where_a_journal_needs_a_folder_is_not_followed(
    root, tmp_path, monkeypatch
):
    interrupted(root, monkeypatch, moved=False)
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "public/articles/new").symlink_to(outside)
    assert [one[3] for one in codes(build_site(root))] == ["foreign-file"]
    assert list(outside.iterdir()) == []


def test_a_disk_that_is_full_before_the_journal_promises_nothing(root, monkeypatch):
    write_site(root, NEW)
    before = tree(root / "public")

    def full(*_given):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Output, "_stage_manifest", full)
        (told,) = build_site(root).diagnostics
    assert tree(root / "public") == before
    assert "the next build will finish" not in told.text()


def test_files_of_any_size_are_published_as_they_are(root, tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "PIECE", 4)
    files = {f"content/media/{size}.bin": bytes(range(size)) for size in range(10)}
    write_site(root, files)
    for jobs in (1, 2):
        assert not build_site(root, jobs=jobs, clean=True).failed
        assert {f"content/media/{one}.bin": data(root, one) for one in range(10)} == files
        settle()
    published = root / "public/media/9.bin"
    for other in (b"", b"012345678", b"0123456789"):
        published.write_bytes(other)
        assert build_site(root).written == 1
        assert data(root, 9) == files["content/media/9.bin"]
        settle()
    os.utime(root / "content/media/9.bin", (0, 0))
    inode = published.stat().st_ino
    assert build_site(root).written == 0
    assert published.stat().st_ino == inode
    write_site(root, {"content/media/9.bin": b"87654321_"})
    assert build_site(root).written == 1
    assert_as_clean(root, tmp_path)


def data(root, size):
    return (root / f"public/media/{size}.bin").read_bytes()


def test_a_large_file_that_somebody_put_at_a_needed_address_stays(root, monkeypatch):
    monkeypatch.setattr(staging, "PIECE", 4)
    write_site(root, {"content/media/film.mp4": "a film"})
    (root / "public/media/film.mp4").write_text("a film")
    assert [one.code for one in build_site(root).diagnostics] == ["foreign-file"]
    assert (root / "public/media/film.mp4").read_text() == "a film"


def test_a_large_file_that_the_disk_stops_to_give_is_told(root, monkeypatch):
    write_site(root, {"content/media/film.mp4": "a film"})
    before, film = tree(root / "public"), root / "content/media/film.mp4"

    class Broken:
        def __init__(self, path, mode):
            self.stream = open(path, mode)  # noqa: SIM115 - closed below

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.stream.close()

        def read(self, size=-1):
            if self.stream.tell():
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return self.stream.read(size)

    with monkeypatch.context() as patch:
        patch.setattr(staging, "PIECE", 4)
        patch.setattr(
            staging,
            "open",
            lambda path, mode: (Broken if path == str(film) else open)(path, mode),
            raising=False,
        )
        report = build_site(root)
    assert [one.text() for one in report.diagnostics] == [
        "content/media/film.mp4:1:1: error[unreadable-file]: the file can't be read: input/output error"
    ]
    assert tree(root / "public") == before
    assert not build_site(root).failed


def test_a_film_is_never_in_memory_as_a_whole(tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(256)) * (staging.PIECE // 8))
    tracemalloc.start()
    try:
        for is_new in (True, False):
            with Output(tmp_path / "public", "public") as output:
                output.begin()
                staged = output.put_file("media/film.mp4", film, "content/media/film.mp4")
                assert staged.changed is is_new
                output.commit([staged], frozenset({staged.path}), {})
        assert tracemalloc.get_traced_memory()[1] < film.stat().st_size // 5
    finally:
        tracemalloc.stop()
    assert (tmp_path / "public/media/film.mp4").read_bytes() == film.read_bytes()
