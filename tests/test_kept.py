"""What is kept from one build to the next is what the next would make: edits that few tests make."""

from __future__ import annotations

import shutil

import pytest
from site_builder import (
    HtmlPage,
    article,
    assert_as_clean,
    build_site,
    codes,
    profile,
    published,
    settle,
    tree,
    write_site,
)

from builder.build import Options, build
from builder.memory import Memory

LINE = {"content/projects/line.md": profile("Line")}


def assert_as_elsewhere(root, beside):
    """Hold what is published to what a copy of the site gives; the cache stays as it is."""
    copy = beside / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("public", ".digest"))
    build_site(copy)
    assert tree(root / "public") == tree(copy / "public")


def page(root, address):
    return HtmlPage((root / "public" / address.strip("/") / "index.html").read_text("utf-8"))


def test_a_template_for_the_pages_of_a_kind_is_taken_when_it_comes_and_left_when_it_goes(tmp_path):
    files = {"themes/my/theme.yaml": "extends: gazette\n", **LINE}
    root = write_site(tmp_path / "site", files, "title: T\ntheme: my")
    template = root / "themes/my/templates/project.html"
    template.parent.mkdir()
    build_site(root)
    template.write_text("ours")
    build_site(root)
    assert (root / "public/projects/line/index.html").read_text() == "ours"
    template.unlink()
    build_site(root)
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("remembering", [False, True])
@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("content/media/map.txt", "../media/map.txt"),
        ("themes/my/assets/map.txt", "/assets/map.txt"),
    ],
)
def test_a_file_that_comes_or_goes_is_published_and_makes_links_good_or_dead(
    tmp_path, path, link, remembering
):
    files = {
        "themes/my/theme.yaml": "extends: gazette\n",
        "content/articles/a.md": article(f"A [map]({link})."),
    }
    root = write_site(tmp_path / "site", files, "title: T\ntheme: my")
    memory = Memory() if remembering else None
    options = Options(root=root, output=root / "public", jobs=1)
    for text in (None, "a map", None, "another map"):
        if text is None:
            (root / path).unlink(missing_ok=True)
        else:
            write_site(root, {path: text})
        found = [one[3] for one in codes(build(options, memory))]
        assert found == ["dead-link"] * (text is None)
        assert_as_elsewhere(root, tmp_path)
    if memory is not None:
        memory.forget()


def test_pages_whose_names_sort_otherwise_than_their_addresses_keep_their_words(tmp_path):
    files = {f"content/pages/{name}.md": f"---\ntitle: T\n---\nOf {name}.\n" for name in ("v1", "v1.n")}
    root = write_site(tmp_path / "site", files)
    build_site(root)
    for name in ("v1", "v1.n"):
        (root / "public" / name / "index.html").unlink()
    build_site(root)
    assert_as_clean(root, tmp_path)


def translated(**front):
    return {
        "content/articles/one.md": article(title="One", date="2020", id="one"),
        "content/articles/two.md": article(title="Two", date="2023", **front),
        **{
            f"content/articles/b{n}.md": article(title=f"B{n}", date=f"202{n}", id=f"b{n}")
            for n in (1, 2)
        },
    }


@pytest.mark.parametrize(
    "after", [{}, {"translation_of": "one", "lang": "fa"}, {"translation_of": "b1", "lang": "de"}]
)
def test_an_article_tells_its_translations_as_they_are_though_they_stand_far_from_it(tmp_path, after):
    root = write_site(tmp_path / "site", translated(translation_of="one", lang="de"))
    build_site(root)
    write_site(root, translated(**after))
    build_site(root)
    assert_as_clean(root, tmp_path)


def test_a_translation_is_that_of_the_article_that_has_its_id_now(tmp_path):
    files = translated(translation_of="one", lang="de")
    root = write_site(tmp_path / "site", files)
    build_site(root)
    ids = {
        "content/articles/one.md": article(title="One", date="2020", id="b1"),
        "content/articles/b1.md": article(title="B1", date="2021", id="one"),
    }
    write_site(root, ids)
    assert not build_site(root).failed
    assert_as_clean(root, tmp_path)


def test_the_only_translation_of_an_article_that_goes_is_told_no_more(tmp_path):
    root = write_site(tmp_path / "site", translated(translation_of="one", lang="de"))
    build_site(root)
    (root / "content/articles/two.md").unlink()
    build_site(root)
    assert "/articles/two/" not in {link for link, _ in page(root, "/articles/one/").links}
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("by", ["", " by=person:ann"])
def test_a_further_statement_that_a_page_has_no_room_for_is_counted(tmp_path, by):
    said = f'[it]{{project=line value="3 km"{by}}}.'
    files = {
        f"content/articles/a{n}.md": article(f"On {said}", title=f"A{n}", date=f"2020-0{n}")
        for n in range(1, 6)
    }
    people = {"content/people/ann.md": profile("Ann")}
    root = write_site(tmp_path / "site", {**files, **LINE, **people}, "title: T\npage_size: 2")
    build_site(root)
    more = article(f"On {said} On {said}", title="A1", date="2020-01")
    write_site(root, {"content/articles/a1.md": more})
    build_site(root)
    assert_as_clean(root, tmp_path)


@pytest.mark.parametrize("renamed", [False, True])
def test_a_page_that_goes_and_comes_back_is_there_again_in_a_preview(tmp_path, renamed):
    text = article("Words.")
    root = write_site(tmp_path / "site", {"content/articles/a.md": text, "content/articles/b.md": text})
    memory = Memory()
    options = Options(root=root, output=root / "public", jobs=1, trusting=True)
    file = root / "content/articles/a.md"
    aside = root / "content/articles/c.md" if renamed else tmp_path / "c.md"
    build(options, memory)
    file.rename(aside)
    build(options, memory)
    aside.rename(file)
    assert build(options, memory).word == ""
    memory.forget()
    assert_as_clean(root, tmp_path)


def test_the_articles_beside_one_that_moves_lead_to_its_new_address(tmp_path):
    files = {f"content/articles/{n}.md": article("Words.", date=f"202{n}") for n in (1, 2, 3)}
    root = published(tmp_path / "site", files).root
    write_site(
        root,
        {"content/articles/2.md": None, "content/articles/moved.md": files["content/articles/2.md"]},
    )
    site = published(root, {})
    for number in (1, 3):
        assert ("/articles/moved/", "A title") in [
            (href, text.split(" ", 1)[1])
            for href, text in site.page(f"/articles/{number}/").links
            if " " in text
        ]
    assert_as_clean(root, tmp_path)


def test_what_no_page_shows_of_an_article_counts_in_a_preview_too(tmp_path):
    """An old address and the name that a translation tells stand on no page of the article."""
    files = {
        "content/articles/a.md": article("Words.", aliases="[/old/]"),
        "content/articles/b.md": article("Words.", lang="fa", translation_of="a"),
        "content/articles/c.md": article("Words.", id="other"),
    }
    root = write_site(tmp_path / "site", files)
    memory = Memory()
    options = Options(root=root, output=root / "public", jobs=1, trusting=True)
    build(options, memory)
    settle()
    for edit in (
        {"content/articles/a.md": article("Words.", aliases="[/older/]")},
        {"content/articles/b.md": article("Words.", lang="fa", translation_of="other")},
    ):
        write_site(root, edit)
        assert not build(options, memory).failed
        assert not build_site(root, tmp_path / "clean", clean=True).failed
        assert tree(root / "public") == tree(tmp_path / "clean")


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("timezone: Asia/Tehran", article("Now.", date="2024-02-01T01:00:00+03:30")),
        ("statuses: [begun]", article("[It]{project=line status=begun}.")),
        ("kinds: {event: {plural: events}}", article("The [fair]{event=fair}.")),
        ("kinds: {person: false}", article("Of [Ann]{person=ann}.")),
    ],
)
def test_a_setting_that_changes_what_articles_mean_has_them_all_read_anew(tmp_path, setting, text):
    files = {
        "content/articles/a.md": text,
        "content/articles/b.md": article(title="B", date="2024-02"),
        **LINE,
    }
    root = write_site(tmp_path / "site", files, "title: T")
    for site in ("title: T\n", f"title: T\n{setting}\n", "title: T\n"):
        write_site(root, {"site.yaml": site})
        report = build_site(root)
        anew = shutil.copytree(
            root, tmp_path / "anew", ignore=shutil.ignore_patterns("public", ".digest")
        )
        assert codes(report) == codes(build_site(anew))
        assert report.failed or tree(root / "public") == tree(anew / "public")
        shutil.rmtree(anew)


def test_an_old_address_tells_the_title_that_its_article_has_now(tmp_path):
    path = "content/articles/a.md"
    root = write_site(tmp_path / "site", {path: article(title="Old", aliases="[/old/]")})
    build_site(root)
    write_site(root, {path: article(title="New", aliases="[/old/]")})
    build_site(root)
    assert "New" in page(root, "/old/").text
    assert_as_clean(root, tmp_path)


def test_a_country_that_comes_into_the_sentence_of_a_project_is_its_country(tmp_path):
    words = "The [line]{project=line}. In [Iran]{country=IR}."
    root = write_site(tmp_path / "site", {"content/articles/a.md": article(words), **LINE})
    for text in (words, words.replace(". In", " in"), words):
        write_site(root, {"content/articles/a.md": article(text)})
        build_site(root)
        assert_as_elsewhere(root, tmp_path)


def test_drafts_that_were_asked_for_once_are_gone_again(tmp_path):
    draft = article("Words.", draft="true")
    root = write_site(
        tmp_path / "site", {"content/articles/a.md": draft, "content/articles/b.md": article()}
    )
    for drafts in (False, True, False):
        assert not build_site(root, drafts=drafts).failed
        assert (root / "public/articles/a").exists() == drafts
