"""Single edits of the rare sort, each of which few pages show, and some show nothing else of."""

from __future__ import annotations

import re
import shutil

import pytest
from site_builder import article, build_site, check, profile, published, tree, write_site

SITE = "title: T\npage_size: 2\nbase_url: https://x.org/\n"


def names(number, words="", **front):
    return article(
        f"On the [line]{{project=line}} in [Iran]{{country=IR}}, with [Ann]{{person=ann}}. {words}",
        **{"title": f"A{number}", "date": f"2020-0{number}"} | front,
    )


FILES = {
    **{f"content/articles/a{n}.md": names(n) for n in range(1, 7)},
    "content/articles/plain.md": article("Words.", title="Plain", date="2019"),
    "content/projects/line.md": profile("Line", summary="A line."),
    "content/projects/port.md": profile("Port", countries="[AZ]"),
    "content/people/ann.md": profile("Ann"),
    "content/pages/about.md": "---\ntitle: About\n---\n",
}
A1, A3, A4, A6 = (f"content/articles/a{n}.md" for n in (1, 3, 4, 6))
SAID = '[It]{project=line value="3 km" by=person:ann}.'


@pytest.mark.parametrize(
    "edit",
    [
        {"site.yaml": SITE.replace("title: T", "title: U")},
        {"site.yaml": SITE.replace("x.org", "y.org")},
        {"site.yaml": SITE.replace("x.org/", "x.org/d/")},
        {"site.yaml": SITE + "description: D\n"},
        {"site.yaml": SITE + "kinds: {project: {label: Plan, label_plural: Plans}}\n"},
        {"site.yaml": SITE.replace("2", "3")},
        {"content/pages/about.md": "---\ntitle: Of us\n---\n"},
        {"content/pages/about.md": None, "content/pages/more.md": "---\ntitle: About\n---\n"},
        {A1: names(1, date="2020-01-05")},
        {A1: None, "content/articles/old.md": names(1)},
        {A6: names(6, date="2020-06-05")},
        {A6: None, "content/articles/new.md": names(6)},
        {A1: names(1, updated="2023")},
        {A1: names(1, projects="[line]")},
        {A1: names(1, projects="[port]")},
        {A1: names(1, countries="[AZ]")},
        {A1: names(1, SAID)},
        {A6: names(6, SAID)},
        {A1: names(1, SAID + "\n\n" + SAID)},
        {A3: names(3, "[It]{project=line status=agreed}.")},
        {A1: names(1).replace("On the", "[It]{project=line}.\n\n[It]{country=IR}.\n\nOn the")},
        {A1: names(1).replace(" in [", ". In ["), A3: names(3).replace("On", "On [it]{project=line}")},
        {A4: names(4, SAID, title="Other")},
        {"content/articles/a7.md": names(7)},
        {"content/articles/plain.md": None},
        {"content/articles/more.md": article("Words.", title="More", date="2018")},
        {"content/projects/line.md": profile("Line", summary="The line.")},
        {"content/projects/line.md": profile("Railway", summary="A line.")},
        {"content/projects/port.md": profile("Port", countries="[TR]")},
        {"content/people/ann.md": profile("Anne")},
        {"content/people/ann.md": profile("Ann", former_ids="[anna]")},
        {"content/countries/IR.md": profile("Persia")},
    ],
)
@pytest.mark.parametrize("said", [False, True])
def test_an_edit_shows_wherever_it_is_shown(tmp_path, edit, said):
    files = FILES | {f"content/articles/a{n}.md": names(n, SAID) for n in range(2, 6) if said}
    root = published(tmp_path / "site", files, SITE).root
    for state in (
        edit,
        {name: files.get(name, SITE if name == "site.yaml" else None) for name in edit},
    ):
        write_site(root, state)
        assert not build_site(root).failed
        copy = shutil.copytree(
            root, tmp_path / "copy", ignore=shutil.ignore_patterns("public", ".digest")
        )
        assert not build_site(copy).failed
        assert tree(root / "public") == tree(copy / "public")
        shutil.rmtree(copy)


def test_a_sitemap_tells_when_an_article_was_last_changed(tmp_path):
    files = {"content/articles/a.md": article(date="2024-01-01", updated="2024-03")}
    found = published(tmp_path, files, SITE).files()["sitemap.xml"].decode()
    assert re.findall("/articles/a/</loc><lastmod>(.*?)<", found) == ["2024-03"]


def test_every_dead_link_of_an_article_is_told(tmp_path):
    text = article("A [link](no.md).\n\nAnd [another](none.md).")
    assert check(tmp_path, {"content/articles/a.md": text}) == [
        "articles/a.md:5:10 dead-link",
        "articles/a.md:7:15 dead-link",
    ]
