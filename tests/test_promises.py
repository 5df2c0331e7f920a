"""What the generator promises of the output folder, tried on small sites."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from site_builder import article, build_site, profile, write_site

from builder.publishing import publish

ROOT = Path(__file__).parent.parent
FILES = {
    "content/articles/a.md": article("On the [line]{project=line}.", title="First"),
    "content/articles/b.md": article("Words.", title="Second"),
    "content/projects/line.md": profile("Line"),
    "content/media/map.txt": "a map",
}
CODES = ("not-utf8", "unknown-project", "template-error")


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def root(tmp_path):
    return write_site(tmp_path / "site", FILES)


def break_it(root, code):
    if code == "not-utf8":
        write_site(root, {"content/articles/c.md": b"---\ntitle: \xff\n---\n"})
    elif code == "unknown-project":
        write_site(root, {"content/articles/c.md": article("[x]{project=nothing}")})
    else:
        (root / "site.yaml").write_text("title: T\ntheme: own\n")
        theme = {"themes/own/theme.yaml": "extends: gazette\n"}
        write_site(root, theme | {"themes/own/templates/page.html": "{{ nothing }}"})
        write_site(root, {"content/pages/about.md": "---\ntitle: About\n---\n"})


@pytest.mark.parametrize("code", CODES)
def test_a_failing_build_leaves_the_output_as_it_was(root, code):
    build_site(root)
    before = contents(root / "public")
    break_it(root, code)
    report = build_site(root)
    assert report.failed
    assert code in {one.code for one in report.diagnostics}
    assert contents(root / "public") == before


@pytest.mark.parametrize("code", CODES)
def test_a_failing_first_build_makes_no_output(root, code):
    break_it(root, code)
    assert build_site(root).failed
    assert not (root / "public").exists()


def test_foreign_files_stay(root):
    build_site(root)
    foreign = root / "public/articles/notes.txt"
    foreign.write_text("mine")
    (root / "content/articles/a.md").unlink()
    build_site(root)
    assert foreign.read_text() == "mine"
    assert not (root / "public/articles/a").exists()


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_a_foreign_thing_at_a_needed_address_is_an_error_and_stays(root, kind, tmp_path):
    place = root / "public/articles/a/index.html"
    place.parent.mkdir(parents=True)
    outside = tmp_path / "outside.html"
    outside.write_text("outside")
    if kind == "file":
        place.write_text("mine")
    elif kind == "folder":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    else:
        place.symlink_to(outside)
    before = contents(root / "public")
    report = build_site(root)
    assert {one.code for one in report.diagnostics} == {"foreign-file"}
    assert contents(root / "public") == before
    assert outside.read_text() == "outside"


def test_a_link_in_place_of_a_folder_is_not_followed(root, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "public").mkdir()
    (root / "public/articles").symlink_to(outside)
    assert build_site(root).failed
    assert list(outside.iterdir()) == []


def test_the_manifest_names_every_file_and_its_fingerprint(root):
    build_site(root)
    manifest = json.loads((root / "public" / publish.MANIFEST).read_text())
    there = contents(root / "public")
    del there[publish.MANIFEST]
    assert manifest["files"] == {path: publish.fingerprint(data) for path, data in there.items()}


def test_the_same_site_gives_the_same_bytes_anywhere(root, tmp_path):
    build_site(root)
    other = write_site(tmp_path / "elsewhere/deep", dict(reversed(FILES.items())))
    build_site(other, jobs=2)
    assert contents(root / "public") == contents(other / "public")


def test_the_number_of_processes_does_not_show(tmp_path):
    # So many that the work is spread at all.
    files = FILES | {
        f"content/articles/{n:03}.md": article(
            f"Number {n}, [line]{{project=line status=agreed}} in [Iran]{{country=IR}}.",
            title=f"No {n}",
        )
        for n in range(210)
    }
    root = write_site(tmp_path / "site", files, "title: T\npage_size: 20")
    reports = {
        jobs: build_site(root, tmp_path / str(jobs), jobs=jobs, clean=True) for jobs in (1, 2, 3)
    }
    assert len({report.rendered for report in reports.values()}) == 1
    assert contents(tmp_path / "1") == contents(tmp_path / "2") == contents(tmp_path / "3")
    # Mistakes cross from the other processes whole.
    wrong = {
        f"content/articles/{n:03}.md": article("[x]{project=no} [y]{z=1}") for n in range(0, 210, 9)
    }
    write_site(root, wrong)
    told = [build_site(root, tmp_path / str(jobs), jobs=jobs).diagnostics for jobs in (1, 3)]
    assert told[0] == told[1]
    assert len(told[0]) == 2 * len(wrong)


def test_a_build_stopped_at_any_move_is_finished_by_the_next(root, monkeypatch):
    """Every move of the publishing is the last one once; the next build must mend it."""
    build_site(root)
    write_site(root, {"content/articles/c.md": article("[line]{project=line}")})
    (root / "content/articles/b.md").unlink()
    clean = root.parent / "clean"
    build_site(root, clean, clean=True)
    expected = contents(clean)
    moves = 0
    real = os.replace
    for last in range(60):
        write_site(
            root,
            {"content/articles/c.md": None, "content/articles/b.md": FILES["content/articles/b.md"]},
        )
        assert not build_site(root).failed
        write_site(root, {"content/articles/c.md": article("[line]{project=line}")})
        (root / "content/articles/b.md").unlink()
        moves = 0

        def stop(source, target, last=last):
            nonlocal moves
            if moves == last:
                raise KeyboardInterrupt
            moves += 1
            real(source, target)

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", stop)
            try:
                build_site(root)
            except KeyboardInterrupt:
                stopped = True
            else:
                stopped = False
        assert not build_site(root).failed
        assert contents(root / "public") == expected
        if not stopped:
            break
    assert moves > 3
    assert not stopped


def test_a_journal_that_leads_outside_is_not_followed(root):
    build_site(root)
    victim = root / "site.yaml"
    stage = root / "public" / publish.STAGE
    stage.mkdir()
    journal = {"changed": [], "removed": ["../site.yaml"], "entries": {}}
    (stage / "journal.json").write_text(json.dumps(journal))
    (root / "content/articles/a.md").touch()
    build_site(root)
    assert victim.exists()


def test_a_manifest_that_leads_outside_is_refused(root):
    build_site(root)
    manifest = {"format": 1, "files": {"../site.yaml": "0"}}
    (root / "public" / publish.MANIFEST).write_text(json.dumps(manifest))
    report = build_site(root)
    assert {one.code for one in report.diagnostics} == {"bad-manifest"}
    assert (root / "site.yaml").exists()


def test_every_link_stands_below_the_path_of_the_site(root):
    (root / "site.yaml").write_text("title: T\nbase_url: https://example.org/d/\n")
    build_site(root)
    for path in (root / "public").rglob("*.html"):
        text = path.read_text()
        assert 'href="/d/' in text
        assert not [part for part in text.split('href="/')[1:] if not part.startswith("d/")]


def test_without_a_base_url_what_needs_one_is_left_out(root):
    build_site(root)
    assert not (root / "public/feed.xml").exists()
    assert not (root / "public/sitemap.xml").exists()
    assert (root / "public/robots.txt").exists()
    assert "canonical" not in (root / "public/index.html").read_text()
