"""What each sort of page shows: the ways that it leads, its facts, and their order."""

from __future__ import annotations

import re

import pytest
from site_builder import article, local_links, profile, published, sourced

from builder import catalog, compose

RAIL = {"content/projects/rail.md": profile("Rail")}


def section(page, heading, until="</section>"):
    """The markup of a page from a heading on to the end of what stands under it."""
    return re.split(rf"<h\d[^>]*>{heading}</h\d>", page.html)[1].split(until)[0]


def fact(page, name):
    """The value of one of the facts of a page, as markup."""
    return re.search(f"<dt>{name}</dt><dd>(.*?)</dd></div>", page.html, re.DOTALL)[1]


def words(html):
    """Markup without its tags, single-spaced."""
    return " ".join(re.sub("<[^>]*>", "", html).split())


def navigation(page, label):
    """The links of a navigation: texts, with a mark at the one that is current."""
    html = page.html.split(f'aria-label="{label}"')[1].split("</nav>")[0]
    found = re.findall(r"<a href=\"[^\"]*\"( aria-current)?[^>]*>(.*?)</a>", html)
    return [f"{text} *" if current else text for current, text in found]


def described(page):
    """What a page tells search engines of itself."""
    return re.findall('<meta name="description" content="(.*?)">', page.html)


# The way around.


def test_every_page_tells_which_section_it_belongs_to(tmp_path):
    files = RAIL | {
        f"content/articles/{n}.md": article("[x]{project=rail}", date=f"2024-01-0{n}") for n in (1, 2)
    }
    files["content/pages/about.md"] = "---\ntitle: About\n---\n"
    site = published(tmp_path, files, "title: T\npage_size: 1")
    for address in ("/projects/", "/projects/rail/", "/projects/rail/page/1/"):
        assert navigation(site.page(address), "Sections") == ["Latest", "Countries", "Projects *"]
    for address in ("/page/1/", "/articles/1/", "/about/"):
        assert navigation(site.page(address), "Sections") == ["Latest", "Countries", "Projects"]


def test_every_page_leads_to_the_plain_pages_of_the_first_level_by_their_addresses(tmp_path):
    files = {
        f"content/pages/{name}.md": f"---\ntitle: {title}\n---\n"
        for name, title in (("a", "Zebra"), ("c", "About"), ("a.z", "Contact"), ("c/deep", "Deep"))
    }
    site = published(tmp_path, files)
    assert navigation(site.page("/"), "About this site") == ["Contact", "Zebra", "About"]
    assert navigation(site.page("/a/"), "About this site") == ["Contact", "Zebra *", "About"]
    assert navigation(site.page("/c/deep/"), "About this site") == ["Contact", "Zebra", "About"]


def test_a_site_with_very_many_kinds_and_pages_does_not_lead_to_all_of_them_everywhere(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(catalog, "MOST_PAGES", 2)
    files = {f"content/pages/{name}.md": f"---\ntitle: {name.upper()}\n---\n" for name in "abc"}
    files |= {f"content/{kind}/x.md": profile("X") for kind in ("organisations", "people", "projects")}
    site = published(tmp_path, files)
    assert navigation(site.page("/"), "About this site") == ["A", "B"]
    assert navigation(site.page("/"), "Sections") == ["Latest *", "Projects", "People"]
    assert site.has("/c/")
    assert site.has("/organisations/")


def test_every_page_tells_its_full_address_and_what_it_is_about(tmp_path):
    long = "Words, " * 100
    files = {
        "content/articles/a b.md": article("The [first]{country=IR} words.\n\nMore."),
        "content/articles/summed.md": article("Words.", summary="In *short*."),
        "content/articles/moved.md": article("", aliases="[/old/]"),
        "content/projects/rail.md": profile("Rail", summary="A railway."),
        "content/pages/about.md": f"---\ntitle: About\n---\n{long}\n",
        "content/pages/summed.md": "---\ntitle: About\nsummary: In short.\n---\nWords.\n",
    }
    site = published(
        tmp_path, files, "title: T\nbase_url: https://example.org/d\ndescription: A digest & more"
    )
    for address, path, description in (
        ("/", "", ["A digest &amp; more"]),
        ("/articles/a b/", "articles/a%20b/", ["The first words."]),
        ("/articles/summed/", "articles/summed/", ["In *short*."]),
        ("/articles/moved/", "articles/moved/", []),
        ("/projects/rail/", "projects/rail/", ["A railway."]),
        ("/projects/", "projects/", []),
        ("/about/", "about/", [long[:300].strip()]),
        ("/summed/", "summed/", ["In short."]),
        ("/old/", "articles/moved/", []),
    ):
        page = site.page(address)
        canonical = re.findall('rel="canonical" href="(.*?)"', page.html)
        assert canonical == [f"https://example.org/d/{path}"], address
        assert [one.strip() for one in described(page)] == description, address
    # Search engines are told to leave this one out, so it has no address to be found at.
    assert "canonical" not in (site.public / "404.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "country", "project"),
    [
        ("en", "Countries", "Projects"),
        ("de", "Länder", "Projekte"),
        ("fr", "Pays", "Projets"),
        ("fa", "کشورها", "پروژه‌ها"),
    ],
)
def test_facts_call_countries_and_projects_as_the_site_does(tmp_path, language, country, project):
    files = {"content/projects/rail.md": profile("Rail", countries="[IR]")}
    site = published(tmp_path / "usual", files, f"title: T\nlanguage: {language}")
    assert f"<dt>{country}</dt>" in site.page("/projects/rail/").html
    assert f"<h3>{project}</h3>" in site.page("/countries/ir/").html
    kinds = "kinds: {country: {label_plural: Lands & seas}, project: {label_plural: Pipelines}}"
    site = published(tmp_path / "own", files, f"title: T\nlanguage: {language}\n{kinds}")
    for address, name in (("/projects/rail/", "Lands &amp; seas"), ("/countries/ir/", "Pipelines")):
        page = site.page(address).html
        assert f">{name}</dt>" in page or f">{name}</h3>" in page
        assert f">{country}<" not in page
        assert f">{project}<" not in page


def test_the_title_of_a_page_stands_in_the_window(tmp_path):
    files = RAIL | {
        f"content/articles/{n}.md": article("[x]{project=rail}", title=f"No. {n}", date=f"200{n}")
        for n in (1, 2)
    }
    site = published(tmp_path, files, "title: Digest\npage_size: 1")
    for address, title in (
        ("/", "Digest"),
        ("/page/2/", "Archive, page 2 - Digest"),
        ("/articles/1/", "No. 1 - Digest"),
        ("/projects/rail/", "Rail - Digest"),
        ("/projects/rail/page/1/", "Rail: archive, page 1 - Digest"),
    ):
        assert re.findall("<title>(.*?)</title>", site.page(address).html) == [title]


def test_the_title_of_an_archive_is_that_of_what_it_lists(tmp_path):
    files = RAIL | {
        f"content/articles/{n}.md": article("[x]{project=rail}", date=f"200{n}") for n in (1, 2)
    }
    files["themes/own/theme.yaml"] = "extends: gazette\n"
    files["themes/own/templates/archive.html"] = "{{ frame.title }}"
    output = published(tmp_path, files, "title: Digest\ntheme: own\npage_size: 1").files()
    assert output["page/1/index.html"] == b"Digest"
    assert output["projects/rail/page/1/index.html"] == b"Rail"


# Listings.


def test_most_in_the_news_is_what_most_articles_name(tmp_path, monkeypatch):
    monkeypatch.setattr(compose, "MOST_ON_FRONT", 2)
    files = RAIL | {
        "content/articles/a.md": article("[x]{country=IR} [y]{country=AZ} [z]{country=AM}"),
        "content/articles/b.md": article("[x]{country=IR} [x]{country=IR} [z]{project=rail}"),
        "content/people/ann.md": profile("Ann"),
    }
    page = published(tmp_path, files).page("/")
    assert words(section(page, "In the news", "</aside>")) == (
        "With the number of articles. Countries Iran 2 Armenia 1 Projects Rail 1"
    )


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        ("fa", ["آب", "بم", "پل", "تهران", "جم", "چک", "حلب", "زر", "ژاله", "قم", "کرج", "گرگان"]),
        ("fa", ["لار", "نیشابور", "ورامین", "هرات", "یزد"]),
        ("ar", ["كربلاء", "لبنان", "هرات", "واسط", "يافا"]),
    ],
)
def test_names_in_arabic_letters_are_listed_by_the_alphabet_of_the_language(tmp_path, tag, names):
    files = {f"content/people/p{number}.md": profile(one) for number, one in enumerate(reversed(names))}
    page = published(tmp_path, files, f"title: T\nlanguage: {tag}").page("/people/")
    assert [text for href, text in page.links if href.startswith("/people/p")] == names
    initials = [text for level, text in page.headings if level == "h2"]
    assert initials == [one[0].replace("آ", "ا") for one in names]


def test_entities_are_listed_by_name_with_an_initial_whatever_the_case_and_accents(tmp_path):
    names = ["Zeta", "Éclair", "eagle", "Eel", "2nd line", "β line", "Acre", "´Abd"]
    files = {f"content/projects/p{n}.md": profile(name) for n, name in enumerate(names)}
    page = published(tmp_path, files).page("/projects/")
    assert words(page.html.split("</header>")[2].split("</main>")[0]).replace(
        "no articles yet", "|"
    ) == ("# 2nd line | A ´Abd | Acre | E eagle | Éclair | Eel | Z Zeta | Β β line |")
    assert "8 entries" in page.text


def test_a_list_tells_the_articles_the_status_and_the_latest_date_of_each_entity(tmp_path):
    files = {
        "content/projects/rail.md": profile("Rail", summary="A railway."),
        "content/articles/new.md": article("[x]{project=rail status=agreed}", date="2024-02"),
        "content/articles/old.md": article("Words.", date="2020", projects="[rail]"),
    }
    page = published(tmp_path, files).page("/projects/")
    assert "Rail agreed A railway. 2 articles February 2024" in page.text


def test_a_very_long_list_of_entities_is_one_of_names_without_summaries(tmp_path, monkeypatch):
    monkeypatch.setattr(compose, "MOST_WITH_SUMMARY", 2)
    files = {f"content/projects/{n}.md": profile(f"P{n}", summary=f"Line {n}.") for n in (1, 2)}
    assert "Line 1." in published(tmp_path, files).page("/projects/").text
    files["content/projects/3.md"] = profile("P3", summary="Line 3.")
    text = published(tmp_path, files).page("/projects/").text
    assert "P1" in text
    assert "Line" not in text


def test_an_article_in_another_language_says_so_wherever_it_is_listed(tmp_path):
    files = {
        "content/articles/a.md": article("[ایران]{country=IR}", title="عنوان", lang="fa"),
        "content/articles/b.md": article("[Iran]{country=IR}", title="Title", lang="en"),
    }
    site = published(tmp_path, files)
    for address in ("/", "/countries/ir/"):
        html = site.page(address).html
        assert ' lang="fa" dir="rtl"><a href="/articles/a/">عنوان</a>' in html
        assert re.search(r'<h\d><a href="/articles/b/">Title</a>', html)


def test_an_archive_page_leads_to_its_listing_and_tells_its_number(tmp_path):
    files = {
        f"content/articles/{n}.md": article("[x]{country=IR}", date=f"2024-01-0{n}") for n in (1, 2, 3)
    }
    site = published(tmp_path, files, "title: T\npage_size: 1")
    for listing, latest in (("/", "Latest"), ("/countries/ir/", "Iran")):
        for number in (1, 2, 3):
            page = site.page(f"{listing}page/{number}/")
            assert (listing, latest) in page.links
            assert (listing, "Latest articles") in page.links
            assert page.headings[0][1].lower().endswith(f"archive, page {number}")
            older = [href for href, text in page.links if text == "Older articles"]
            newer = [href for href, text in page.links if text == "Newer articles"]
            assert older == [f"{listing}page/{n}/" for n in (number - 1,) if n > 0]
            assert newer == [f"{listing}page/{n}/" for n in (number + 1,) if n < 4]


# Articles.

FULL = article(
    "The [line]{project=rail note=Planned.} and the [line]{project=rail} to [Iran]{country=IR}.",
    title="Full",
    date="2024-01-02",
    added="2024-01-03",
    updated="2024-01-04",
    author="[Ann, Bea]",
    topics="[trade, rail]",
    countries="[AZ]",
    source="{license: CC-BY-4.0, publisher: Reuters, title: Original words, "
    "url: 'https://example.com/a', changes: Shortened.}",
)


def test_an_article_tells_where_it_comes_from_and_what_became_of_it(tmp_path):
    page = published(tmp_path, RAIL | {"content/articles/a.md": FULL}).page("/articles/a/")
    for name, value in (
        ("Original title", "Original words"),
        ("Author", "Ann, Bea"),
        ("Publisher", "Reuters"),
        ("Published", "January 2, 2024"),
        ("Updated", "January 4, 2024"),
        ("Address", "https://example.com/a"),
        ("Changes made", "Shortened."),
        ("Added here", "January 3, 2024"),
        ("Topics", "trade, rail"),
    ):
        assert words(fact(page, name)) == value, name
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in fact(page, "Licence")
    assert 'href="https://example.com/a"' in fact(page, "Address")
    assert words(section(page, "Notes of the digest")) == "line: Planned."
    assert "#m-project-rail-1" in section(page, "Notes of the digest")
    assert words(section(page, "About", "<h2>")) == "Countries Azerbaijan"
    assert words(section(page, "Also mentioned", "</aside>")) == (
        "With the number of mentions. Countries Iran 1 Projects Rail 2"
    )


def test_what_is_not_known_of_an_article_is_not_told(tmp_path):
    text = article("Words.", source=sourced())
    page = published(tmp_path, {"content/articles/a.md": text}).page("/articles/a/")
    for name in ("Original title", "Author", "Address", "Changes made"):
        assert words(fact(page, name)) == "not supplied", name
    for name in ("Updated", "Added here", "Topics", "Other languages", "A text of"):
        assert name not in page.text
    assert "Notes of the digest" not in page.text


def test_a_text_of_the_site_itself_says_so_and_has_no_source(tmp_path):
    files = {"content/articles/a.md": article("Words."), "content/articles/b.md": FULL} | RAIL
    site = published(tmp_path, files, "title: The digest")
    page = site.page("/articles/a/")
    assert "A text of The digest itself." in page.text
    assert '<p class="kicker"><bdi>The digest</bdi></p>' in page.html
    assert "Original title" not in page.text
    assert "A text of" not in site.page("/articles/b/").text


def test_the_keys_of_an_author_reach_the_template(tmp_path):
    files = {
        "content/articles/a.md": article("", extra="{photo: a.jpg}"),
        "content/pages/b.md": "---\ntitle: B\nextra: {photo: b.jpg}\n---\n",
        "content/projects/c.md": profile("C", extra="{photo: c.jpg}"),
        "themes/own/theme.yaml": "extends: gazette\n",
    } | {
        f"themes/own/templates/{name}.html": "{{ extra.photo }} {{ frame.extra.tone }}"
        for name in ("article", "page", "entity")
    }
    output = published(tmp_path, files, "title: T\ntheme: own\nextra: {tone: red}").files()
    for path, text in (("articles/a", "a"), ("b", "b"), ("projects/c", "c")):
        assert output[f"{path}/index.html"].decode() == f"{text}.jpg red"


def test_an_article_leads_to_the_next_newer_and_the_next_older_one(tmp_path):
    files = {
        f"content/articles/{n}.md": article("Words.", title=f"No. {n}", date=f"200{n}")
        for n in (1, 2, 3)
    }
    site = published(tmp_path, files)

    def turn(number):
        html = site.page(f"/articles/{number}/").html
        return re.findall(r'rel="(next|prev)" href="/articles/(\d)/".*?<bdi>(.*?)</bdi>', html)

    assert turn(1) == [("next", "2", "No. 2")]
    assert turn(2) == [("next", "3", "No. 3"), ("prev", "1", "No. 1")]
    assert turn(3) == [("prev", "2", "No. 2")]


# Entities.


def test_an_entity_tells_of_its_first_and_its_latest_article(tmp_path):
    files = RAIL | {
        "content/articles/a.md": article("[x]{project=rail}", date="2020"),
        "content/articles/b.md": article("Words.", date="2022", projects="[rail]"),
        "content/articles/c.md": article("[x]{project=rail}", date="2024"),
        "content/articles/d.md": article("[x]{project=rail}", date="2021", projects="[rail]"),
    }
    page = published(tmp_path, files).page("/projects/rail/")
    assert (
        fact(page, "First reported") == '<a href="/articles/a/"><time datetime="2020">2020</time></a>'
    )
    assert fact(page, "Latest report") == '<a href="/articles/c/"><time datetime="2024">2024</time></a>'
    assert words(fact(page, "Articles").replace("</li>", " ")) == "2 about it 2 that mention it"


@pytest.mark.parametrize(
    ("location", "shown", "place"),
    [
        ("[-33.5, 70.25]", "33.5° S, 70.25° E", "mlat=-33.5&amp;mlon=70.25#map=9/-33.5/70.25"),
        ("[38.43, -48.87]", "38.43° N, 48.87° W", "mlat=38.43&amp;mlon=-48.87#map=9/38.43/-48.87"),
        ("[0, 0]", "0° N, 0° E", "mlat=0&amp;mlon=0#map=9/0/0"),
        (
            "[51.123456, 0.00001]",
            "51.123456° N, 0.00001° E",
            "mlat=51.123456&amp;mlon=0.00001#map=9/51.123456/0.00001",
        ),
    ],
)
def test_a_place_leads_to_the_map_of_it(tmp_path, location, shown, place):
    files = {"content/projects/port.md": profile("Port", location=location)}
    found = fact(published(tmp_path, files).page("/projects/port/"), "Location")
    assert words(found) == shown
    assert f'href="https://www.openstreetmap.org/?{place}"' in found


def test_what_is_elsewhere_is_named_by_its_site(tmp_path):
    urls = ["https://www.wikidata.org/wiki/Q1", "https://en.wikipedia.org/wiki/A"]
    files = {"content/projects/port.md": profile("Port", same_as=f"[{', '.join(urls)}]")}
    links = published(tmp_path, files).page("/projects/port/").links
    assert set(zip(urls, ("wikidata.org", "en.wikipedia.org"), strict=True)) <= set(links)


def test_a_kind_without_labels_is_called_by_its_id(tmp_path):
    config = "title: T\nkinds: {trade-deal: {plural: trade-deals}}"
    files = {"content/trade-deals/a.md": profile("A")}
    site = published(tmp_path, files, config)
    assert site.page("/trade-deals/").headings[0] == ("h1", "Trade deals")
    kicker = re.search('<p class="kicker">(.*?)</p>', site.page("/trade-deals/a/").html)[1]
    assert kicker == '<a href="/trade-deals/">Trade deals</a>'


def test_a_theme_is_told_what_one_of_a_kind_is_called(tmp_path):
    kinds = "{trade-deal: {plural: deals}, ship: {plural: ships, label: Vessel}}"
    files = {f"content/{plural}/a.md": profile("A") for plural in ("deals", "ships", "people")}
    files["themes/own/theme.yaml"] = "extends: gazette\n"
    files["themes/own/templates/entity.html"] = "{{ kind_label }}"
    output = published(tmp_path, files, f"title: T\ntheme: own\nkinds: {kinds}").files()
    for plural, label in (("deals", b"Trade deal"), ("ships", b"Vessel"), ("people", b"Person")):
        assert output[f"{plural}/a/index.html"] == label


# Plain pages.


@pytest.mark.parametrize(
    ("front", "attributes"), [("", ""), ("lang: en\n", ""), ("lang: fa\n", ' lang="fa" dir="rtl"')]
)
def test_a_plain_page_in_another_language_says_so(tmp_path, front, attributes):
    files = {"content/pages/about.md": f"---\ntitle: About\n{front}---\nWords.\n"}
    page = published(tmp_path, files).page("/about/")
    assert f'<article class="text"{attributes}>' in page.html
    assert "Draft" not in page.text


def test_a_plain_page_that_is_a_draft_says_so(tmp_path):
    files = {"content/pages/about.md": "---\ntitle: About\ndraft: true\n---\nWords.\n"}
    page = published(tmp_path, files, drafts=True).page("/about/")
    assert "This page has not been published." in page.text


def test_an_old_address_leads_to_the_new_one_by_its_title(tmp_path):
    files = {"content/articles/a.md": article("", title="New words", aliases="[/old, /a/old.html]")}
    site = published(tmp_path, files)
    page = site.page("/old/")
    assert page.links == [("/articles/a/", "New words")]
    assert 'http-equiv="refresh" content="0; url=/articles/a/"' in page.html
    assert "<title>New words - T</title>" in page.html
    assert "/articles/a/" in local_links(page)
    assert b"url=/articles/a/" in site.files()["a/old.html"]
