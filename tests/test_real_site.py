"""The real article, end to end: each country and project has its page with the right sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from site_builder import HtmlPage, build_site

from builder.body.annotations import strip

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "content/articles/2021/12/baku.md"
ORIGINAL = ROOT / "content/originals/mehr-baku-visit.txt"

PAGES = {
    "/countries/ir/": "resumption of direct flights between Iran and the Republic of Azerbaijan",
    "/countries/az/": "opens a new page in the history of relations between the two brotherly",
    "/countries/tm/": "in Ashgabat, Turkmenistan, and the elimination of misunderstandings",
    "/countries/ru/": "holding the Iran-Azerbaijan-Russia summit and proposing the four-nation summit",
    "/countries/tr/": "four-nation summit of Iran, Azerbaijan, Russia and Turkey",
    "/countries/am/": "the talks between the Republic of Azerbaijan and Armenia",
    "/countries/af/": "the latest situation in Afghanistan",
    "/countries/us/": "three meetings with my counterpart in New York, Ashgabat and Islamabad",
    "/countries/pk/": "three meetings with my counterpart in New York, Ashgabat and Islamabad",
    "/countries/at/": "the Iran nuclear talks in Vienna were another part of the detailed talks",
    "/projects/reconstruction-of-liberated-areas/": "reconstruction of the liberated areas",
    "/projects/direct-flights/": "resumption of direct flights between Iran and the Republic",
    "/projects/prisoner-transfer/": "release and transfer of some Iranian citizens imprisoned",
    "/projects/demining/": "demining process of the occupied territories",
    "/projects/aras-free-zone/": "operate in the Aras Free Trade and Industrial Zone on the border",
    "/projects/rasht-astara-railway/": "additional negotiations for the Rasht-Astara railway",
    "/projects/north-south-corridor/": "along the North-South corridor",
    "/projects/astara-freight-terminal/": "the existing freight terminal project in Astara",
    "/projects/astarachai-bridge/": "the construction of a car bridge over the Astarachai River",
    "/projects/electricity-exports/": "increasing the export of electricity from the Republic",
    "/projects/electricity-network/": "connecting the Iran-Azerbaijan-Russia electricity network",
    "/projects/three-nation-summit/": "holding the Iran-Azerbaijan-Russia summit",
    "/projects/four-nation-summit/": "proposing the four-nation summit of Iran, Azerbaijan, Russia",
    "/projects/caspian-sea-oil-blocks/": "joint oil blocks in the Caspian Sea",
    "/projects/parliamentary-friendship-groups/": "activation of parliamentary friendship groups",
    "/projects/joint-media-cooperation-committee/": "the Joint Media Cooperation Committee of the two",
    "/projects/law-to-protect-iranians-abroad/": "a comprehensive law to protect Iranians around",
    "/projects/nuclear-talks-vienna/": "the Iran nuclear talks in Vienna",
}
STATUSES = {
    "rasht-astara-railway": "negotiating",
    "four-nation-summit": "proposed",
    "law-to-protect-iranians-abroad": "proposed",
    "caspian-sea-oil-blocks": "negotiating",
}


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    output = tmp_path_factory.mktemp("public")
    report = build_site(ROOT, output)
    assert [one.text() for one in report.diagnostics] == []
    return output


def read(public, address):
    return (public / address.strip("/") / "index.html").read_text("utf-8")


def flat(text):
    """The words alone; an apostrophe counts as one, however typography sets it."""
    return " ".join(text.replace("’", "'").split())


@pytest.mark.parametrize(("address", "sentence"), PAGES.items())
def test_each_country_and_project_has_its_sentences(public, address, sentence):
    page = HtmlPage(read(public, address))
    assert sentence in flat(page.text)
    assert "Mehr News Agency" in page.text
    assert "CC BY 4.0" in page.text


def test_there_is_a_page_for_all_of_them_and_no_other(public):
    for plural in ("countries", "projects"):
        there = {f"/{plural}/{path.parent.name}/" for path in public.glob(f"{plural}/*/index.html")}
        assert there == {address for address in PAGES if f"/{plural}/" in address}


@pytest.mark.parametrize("address", PAGES)
def test_each_deep_link_leads_to_a_mention_of_the_entity(public, address):
    article = read(public, "/articles/2021/12/baku/")
    kind = {"countries": "country", "projects": "project"}[address.split("/")[1]]
    anchor = f"m-{kind}-{address.split('/')[2]}-"
    links = re.findall(r'href="/articles/2021/12/baku/#([^"]+)"', read(public, address))
    assert links
    for link in links:
        assert link.startswith(anchor)
        assert article.count(f'id="{link}"') == 1


@pytest.mark.parametrize("address", PAGES)
def test_each_excerpt_is_made_of_the_words_of_the_original(public, address):
    original = flat(ORIGINAL.read_text("utf-8"))
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", read(public, address), re.DOTALL)
    assert quotes
    for quote in quotes:
        words = HtmlPage(f"<p>{quote}</p>").text
        assert flat(words) in original
        assert "<mark>" in quote


@pytest.mark.parametrize(("project", "status"), STATUSES.items())
def test_a_status_is_shown_as_the_claim_of_its_source(public, project, status):
    text = flat(HtmlPage(read(public, f"/projects/{project}/")).text).lower()
    assert f"{status}, according to mehr news agency, december 2021" in text


def test_stripping_the_annotations_gives_the_words_of_the_original():
    body = ARTICLE.read_text("utf-8").split("---\n", 2)[2]
    assert strip(body).split() == ORIGINAL.read_text("utf-8").split()


def test_the_words_on_the_page_are_those_of_the_original(public):
    page = read(public, "/articles/2021/12/baku/")
    body = page[page.index('<div class="body"') : page.index("</div>\n<section")]
    assert flat(HtmlPage(body).text) == flat(ORIGINAL.read_text("utf-8"))


def test_the_original_is_not_published(public):
    assert not (public / "originals").exists()


def test_the_article_names_its_source_and_licence(public):
    page = read(public, "/articles/2021/12/baku/")
    assert 'rel="license" href="https://creativecommons.org/licenses/by/4.0/"' in page
    assert "Mojtaba Rouzbahani" in page
    assert "not supplied" in page


def test_an_old_address_leads_to_the_article(public):
    assert 'url=/articles/2021/12/baku/"' in read(public, "/2021/baku/")
