"""Dead links, dead images and missing originals: where they are, and what was probably meant."""

from __future__ import annotations

import pytest
from site_builder import article, build_site, write_site

FILES = {
    "content/articles/2021/baku.md": article("Words."),
    "content/articles/a.md": article("Words."),
    "content/pages/about.md": "---\ntitle: About\n---\n",
    "content/media/maps/bridge.jpg": b"x",
    "content/originals/mehr.txt": "x",
}


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("[x](baku.md)", "dead-link", 'did you mean "/articles/2021/baku/"?'),
        ("[x](/abuot/)", "dead-link", 'did you mean "/about/"?'),
        ("[x](zebra.md)", "dead-link", "check the path"),
        ("![x](../media/bridge.jpg)", "dead-image", 'did you mean "/media/maps/bridge.jpg"?'),
        ("![x](../media/maps/bridges.jpg)", "dead-image", 'did you mean "/media/maps/bridge.jpg"?'),
        ("![x](about.png)", "dead-image", "check the path"),
        ("![x](a)", "dead-image", "check the path"),
        ("[x](../originals/mehr.txt)", "dead-link", "originals are not published"),
        ("[x](www.example.com/a)", "dead-link", 'write "https://www.example.com/a"'),
        (
            "[x](country=IR)",
            "dead-link",
            "for an annotation, write braces in place of the parentheses: `[words]{country=IR}`",
        ),
        (
            "[x]({project=b status=agreed})",
            "dead-link",
            "for an annotation, write braces in place of the parentheses: `[words]{project=b",
        ),
        ("[x](colour=red)", "dead-link", "check the path"),
    ],
)
def test_a_dead_link_names_what_was_probably_meant(tmp_path, written, code, hint):
    write_site(tmp_path, FILES | {"content/articles/b.md": article(written)})
    (found,) = build_site(tmp_path).diagnostics
    assert found.code == code
    assert found.hint.startswith(hint)


@pytest.mark.parametrize(
    "written",
    [
        "/articles/2021/baku/index.html",
        "/about/index.html",
        "/index.html",
        "/about",
        "/media/app/",
        "/media/app",
        "../media/app",
        "/media/app/index.html#top",
        "/countries/ir/index.html?x=1",
    ],
)
def test_a_page_may_be_named_by_the_file_that_it_is_served_from(tmp_path, written):
    body = f"[x]({written}) [Iran]{{country=IR}}"
    more = {"content/articles/b.md": article(body), "content/media/app/index.html": b"x"}
    write_site(tmp_path, FILES | more)
    assert build_site(tmp_path).diagnostics == ()


@pytest.mark.parametrize("written", ["/media/index.html", "/media/maps/", "/bridge/index.html"])
def test_a_folder_without_a_page_is_none(tmp_path, written):
    write_site(tmp_path, FILES | {"content/articles/b.md": article(f"[x]({written})")})
    assert [one.code for one in build_site(tmp_path).diagnostics] == ["dead-link"]


@pytest.mark.parametrize(
    ("original", "hint"),
    [
        ("originals/mher.txt", 'did you mean "content/originals/mehr.txt"?'),
        ("originals/zebra.doc", "write its path below content/"),
    ],
)
def test_a_missing_original_names_what_was_probably_meant(tmp_path, original, hint):
    source = f"{{license: CC-BY-4.0, original: {original}}}"
    write_site(tmp_path, FILES | {"content/articles/b.md": article(source=source)})
    (found,) = build_site(tmp_path).diagnostics
    assert found.code == "missing-original"
    assert found.hint.startswith(hint)
