"""A preview builds again and again in one process: what it remembers leaves nothing behind."""

from __future__ import annotations

import shutil

import pytest
from site_builder import article, build_site, codes, profile, settle, tree, write_site

from builder.cache import FOLDER
from builder.preview.rebuild import Rebuild

FILES = {
    "content/articles/a.md": article("Old words on [it]{project=line}."),
    "content/articles/b.md": article("Words."),
    "content/projects/line.md": profile("Line"),
    "content/people/ann.md": profile("Ann"),
}
A, B = "content/articles/a.md", "content/articles/b.md"
EDIT = {A: article("New words on [it]{project=line}.")}
BROKEN = {B: "---\ntitle: [\n---\n"}


@pytest.fixture
def preview(tmp_path):
    """A preview that has built once."""
    root = write_site(tmp_path / "site", FILES)
    preview = Rebuild(root, drafts=False)
    assert not preview.run().failed
    yield preview
    preview._memory.forget()


def assert_up_to_date(preview, report):
    """Hold what a preview has built last to what a copy of the site gives."""
    root = preview.options.root
    copy = shutil.copytree(root, root.parent / "copy", ignore=shutil.ignore_patterns(FOLDER))
    assert codes(report) == codes(build_site(copy))
    assert tree(preview.options.output) == tree(copy / "public")


def test_what_was_saved_for_a_build_that_failed_is_built_by_the_next(preview):
    write_site(preview.options.root, EDIT | BROKEN)
    assert preview.run([A, B]).failed
    write_site(preview.options.root, {B: FILES[B]})
    assert_up_to_date(preview, preview.run([B]))


def test_what_came_before_a_build_that_failed_is_built_by_the_next(preview):
    new = {"content/articles/new.md": article("New.")}
    write_site(preview.options.root, new | BROKEN)
    assert preview.run().failed
    write_site(preview.options.root, {B: FILES[B]})
    assert_up_to_date(preview, preview.run([B]))


def test_a_configuration_that_nobody_has_told_of_yet_counts(preview):
    write_site(preview.options.root, EDIT | {"site.yaml": "title: T\nkinds: {person: false}\n"})
    assert_up_to_date(preview, preview.run([A]))


@pytest.mark.parametrize("saved", [None, [A]])
def test_an_output_that_somebody_took_away_is_made_again(preview, saved):
    shutil.rmtree(preview.options.output)
    write_site(preview.options.root, EDIT)
    assert_up_to_date(preview, preview.run(saved))


def test_another_preview_looks_at_what_it_finds(preview):
    (preview.options.output / "articles/b/index.html").write_text("altered")
    other = Rebuild(preview.options.root, drafts=False)
    assert_up_to_date(other, other.run())
    other._memory.forget()


def test_what_another_process_has_put_into_the_cache_is_not_mixed_with_what_is_in_memory(preview):
    root = preview.options.root
    words = {name: root.parent / name / "it.md" for name in ("Old", "New")}
    for name in words:
        write_site(root.parent, {f"{name}/it.md": article(f"{name} words.")})
    settle()
    place = root / "content/articles/more"
    # What is moved with its folder looks as it did.
    words["Old"].parent.rename(place)
    preview.run()
    place.rename(words["Old"].parent)
    words["New"].parent.rename(place)
    build_site(root, preview.options.output)
    place.rename(words["New"].parent)
    words["Old"].parent.rename(place)
    assert_up_to_date(preview, preview.run())


def test_a_setting_counts_for_all_articles_of_a_preview(preview):
    write_site(preview.options.root, {"site.yaml": "title: T\nlanguage: fa\n"})
    assert_up_to_date(preview, preview.run())
