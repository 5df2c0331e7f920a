"""Where nothing is published yet, folders move whole and less is looked at; nothing else differs."""

from __future__ import annotations

import shutil

import pytest
from edited_site import mishaps
from site_builder import article, assert_mended, build_site, codes, profile, tree, write_site

from builder.publishing.publish import STAGE

SITE = {
    "content/articles/a.md": article(
        "On the [line]{project=line} in [Iran]{country=IR}.", title="First"
    ),
    "content/articles/2024/b.md": article(
        "![m](../../media/x/map.txt)", title="Second", date="2024-02"
    ),
    "content/projects/line.md": profile("Line"),
    "content/media/x/map.txt": "a map",
}
#: What happens to the content between a build that was killed and the next.
EDITS = {
    "content/articles/a.md": None,
    "content/articles/2024/b.md": article("Other words.", title="Second", date="2024-02"),
    "content/articles/2024/c.md": article("[Line]{project=line}.", title="Third", date="2024-03"),
}
FOREIGN = "articles/notes.txt"
#: The steps of a build are divided among so many tests, which can run side by side.
PARTS = 2


def prepare(public, state):
    """Bring the output folder of a site never published into a state; the foreign files in it."""
    if state != "absent":
        public.mkdir()
    if state == "with a foreign file":
        (public / FOREIGN).parent.mkdir()
        (public / FOREIGN).write_text("mine")
    return tree(public) if public.exists() else {}


STATES = ("absent", "empty", "with a foreign file")


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """What is published of the site, and of the edited one."""
    root = write_site(tmp_path_factory.mktemp("clean"), SITE)
    found = []
    for files, name in (({}, "before"), (EDITS, "after")):
        write_site(root, files)
        assert not build_site(root, root / name, clean=True).failed
        found.append(tree(root / name))
    return found


@pytest.fixture(scope="module")
def suffer():
    with mishaps() as function:
        yield function


@pytest.mark.parametrize("state", STATES)
def test_a_first_publishing_gives_what_file_by_file_is_published(tmp_path, clean, state):
    whole, single = (write_site(tmp_path / name, SITE) for name in ("whole", "single"))
    foreign = prepare(whole / "public", state)
    # With a folder there for each file, none can be moved whole, and every file is looked at.
    notes = {f"{path.rpartition('/')[0]}/notes.txt".lstrip("/"): "mine" for path in clean[0]}
    write_site(single, {f"public/{path}": text for path, text in notes.items()})
    reports = [build_site(root) for root in (whole, single)]
    assert [one.failed for one in reports] == [False, False]
    assert reports[0].changed == reports[1].changed
    assert tree(whole / "public") == clean[0] | foreign
    assert {
        path: data for path, data in tree(single / "public").items() if not path.endswith("notes.txt")
    } == clean[0]
    for root in (whole, single):
        write_site(root, EDITS)
    assert build_site(whole).changed == build_site(single).changed
    assert tree(whole / "public") == clean[1] | foreign


@pytest.mark.parametrize("kind", ["file", "link", "dead link", "folder"])
@pytest.mark.parametrize(
    "place", ["articles", "articles/a", "articles/a/index.html", "media/x", "media/x/map.txt"]
)
def test_what_is_in_the_way_of_a_first_publishing_is_told_as_of_any_other(tmp_path, place, kind):
    outside = tmp_path / "outside"
    outside.mkdir()
    told = []
    for name in ("first", "second"):
        root = write_site(tmp_path / name, {})
        if name == "second":
            assert not build_site(root).failed
        target = root / "public" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if kind == "file":
            target.write_text("mine")
        elif kind == "folder":
            (target / "own").mkdir(parents=True)
            (target / "own/mine.txt").write_text("mine")
        else:
            target.symlink_to(outside if kind == "link" else tmp_path / "nowhere")
        there = tree(root / "public")
        report = build_site(write_site(root, SITE))
        told.append((report.failed, codes(report)))
        left = tree(root / "public")
        # A foreign folder where a folder is needed is in nobody's way.
        assert left == there if report.failed else left[f"{place}/own/mine.txt"] == b"mine"
        assert target.is_symlink() == (kind in ("link", "dead link"))
    assert told[0] == told[1]
    assert told[0][0] == (kind != "folder" or place.endswith((".html", ".txt")))
    assert list(outside.iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


def without_stage(public):
    return {path: data for path, data in tree(public).items() if not path.startswith(STAGE)}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("state", STATES)
def test_a_first_publishing_killed_at_any_step_is_mended_by_the_next(
    clean, suffer, tmp_path, state, part
):
    number, answer = part, "killed"
    while answer == "killed":
        root = write_site(tmp_path / str(number), SITE)
        foreign = prepare(root / "public", state)
        answer = suffer("killed", number, root)
        left = without_stage(root / "public")
        # Every file that stands there is whole, and no listing leads to an article that does not.
        assert left.items() <= (clean[0] | foreign).items()
        assert "index.html" not in left or "articles/a/index.html" in left
        # The content may have changed meanwhile: what the killed build left of an article goes, too.
        edited = number // PARTS % 2
        write_site(root, EDITS if edited else {})
        assert_mended(root, clean[edited] | foreign, f"after change {number}")
        shutil.rmtree(root)
        number += PARTS
    assert answer == "done"
    assert number > 4 * PARTS


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mishap", ["full", "read-only"])
@pytest.mark.parametrize("state", STATES)
def test_a_first_publishing_that_cannot_write_a_file_is_told_and_leaves_what_was_there(
    clean, suffer, tmp_path, state, mishap, part
):
    number, told = part, 0
    while True:
        root = write_site(tmp_path / str(number), SITE)
        public = root / "public"
        foreign = prepare(public, state)
        answer = suffer(mishap, number, root)
        assert answer in ("told", "done")
        left = without_stage(public)
        if answer == "done":
            assert left == clean[0] | foreign
        elif mishap == "full":
            # Nothing needs room once the first file has moved.
            assert left == foreign
            assert public.exists() == (state != "absent")
            assert not (public / STAGE).exists()
        elif not (public / STAGE / "journal.json").exists():
            assert left in (foreign, clean[0] | foreign)
        assert not build_site(root).failed
        assert tree(public) == clean[0] | foreign
        shutil.rmtree(root)
        number += PARTS
        told += answer == "told"
        if answer == "done" and told:
            break
    assert told > PARTS
