"""The pages of the theme gazette in real Chromium: where words begin, and where lines end."""

from __future__ import annotations

import pytest
from serving import serve
from site_builder import article, profile, published, sourced

pytestmark = pytest.mark.browser

ENGLISH = "Snow on the [railway]{project=rail}, and more of it."
PERSIAN = "برف بر [راه‌آهن]{project=rail value=۹} و باز هم برف."
FILES = {
    "content/projects/rail.md": profile("Rail", countries="[IR]", summary="Words of both."),
    **{
        f"content/articles/{n}-{lang}.md": article(
            text, title=title, lang=lang, author="Nasrin", date=f"2024-01-{30 - n}", source=sourced()
        )
        for n in range(3)
        for lang, title, text in (("en", "Snow", ENGLISH), ("fa", "برف", PERSIAN))
    },
}
#: How far the first line of each element is from the edge that the lines of the page begin at.
GAPS = """(selector) => [...document.querySelectorAll(selector)].map((one) => {
  const words = document.createRange();
  words.selectNodeContents(one);
  const text = words.getBoundingClientRect();
  const box = one.closest("article, .say, .story, .head, main").getBoundingClientRect();
  return Math.round(EDGE);
})"""
#: Of each fact in a line: whether a line ends behind it, and how wide what stands behind its words is.
DOTS = """() => [...document.querySelectorAll(".meta > :not(:last-child)")].map((one) => {
  const words = document.createRange();
  words.selectNodeContents(one);
  const end = [...one.getClientRects()].at(-1);
  const next = one.nextElementSibling.getClientRects()[0];
  return [next.top > end.bottom - 4, end.right - [...words.getClientRects()].at(-1).right];
})"""
EDGES = {"ltr": "text.left - box.left", "rtl": "box.right - text.right"}


def gaps(browser, site, address, selector, edge, width=1280):
    """The gaps of the elements on a page, each of them once."""
    with serve(site.public, "/") as home:
        page = browser.new_page(viewport={"width": width, "height": 900})
        try:
            page.goto(home + address[1:])
            found = page.evaluate(GAPS.replace("EDGE", EDGES[edge]), selector)
        finally:
            page.close()
    assert found
    return set(found)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("language", "edge"), [("en", "ltr"), ("fa", "rtl")])
def test_in_listings_the_words_of_all_articles_begin_at_the_edge_of_the_page(
    tmp_path, browser, language, edge, width
):
    site = published(tmp_path, FILES, f"title: T\nlanguage: {language}")
    for selector in (".river h2", ".river .summary"):
        assert len(gaps(browser, site, "/", selector, edge, width)) == 1
    for selector in (".item h3", ".from", ".x blockquote"):
        assert len(gaps(browser, site, "/projects/rail/", selector, edge, width)) == 1


@pytest.mark.parametrize(
    ("language", "address", "edge"),
    [
        ("en", "/articles/0-fa/", "rtl"),
        ("fa", "/articles/0-en/", "ltr"),
        ("en", "/articles/0-en/", "ltr"),
    ],
)
def test_on_its_own_page_an_article_begins_at_its_own_edge_with_all_of_its_head(
    tmp_path, browser, language, address, edge
):
    site = published(tmp_path, FILES, f"title: T\nlanguage: {language}")
    assert gaps(browser, site, address, ".kicker, h1, .head .meta, .body p", edge) <= {-1, 0, 1}


@pytest.mark.parametrize("text", ["1979. Snow.", "1979. Snow.\n\n1980. Rain."])
def test_a_long_number_that_a_text_begins_with_has_room_before_its_words(tmp_path, browser, text):
    site = published(tmp_path, {"content/articles/a.md": article(text)})
    # Five characters of some ten pixels each stand between the edge and the words.
    assert min(gaps(browser, site, "/articles/a/", ".body li", "ltr", 320)) > 40


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_facts_of_an_article_run_as_the_site_does(tmp_path, language):
    site = published(tmp_path, FILES, f"title: T\nlanguage: {language}")
    way, other = ("ltr", "fa") if language == "en" else ("rtl", "en")
    html = site.page(f"/articles/0-{other}/").html
    for element in ('<p class="meta"', '<section class="facts"', "<aside"):
        assert f'{element} dir="{way}"' in html
    assert " dir=" not in site.page(f"/articles/0-{language}/").html.split("<main")[1]


def test_facts_in_a_line_are_parted_by_dots_and_none_ends_a_line(tmp_path, browser):
    site = published(tmp_path, FILES)
    ends, within = set(), set()
    with serve(site.public, "/") as home:
        page = browser.new_page()
        page.goto(f"{home}articles/0-en/")
        for width in range(160, 480, 10):
            page.set_viewport_size({"width": width, "height": 900})
            for is_end, behind in page.evaluate(DOTS):
                (ends if is_end else within).add(behind > 1)
        page.close()
    assert (ends, within) == ({False}, {True})


def test_facts_in_a_line_are_parted_in_forced_colours_too(tmp_path, browser):
    site = published(tmp_path, FILES)
    with serve(site.public, "/") as home:
        page = browser.new_page(forced_colors="active")
        page.goto(f"{home}articles/0-en/")
        drawn = page.evaluate("""() => [...document.querySelectorAll(".meta > :not(:last-child)")]
            .map((one) => getComputedStyle(one, "::after").backgroundImage)""")
        page.close()
    assert drawn
    assert "none" not in drawn


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_finger_finds_the_title_that_a_statement_stands_under(tmp_path, browser, language):
    french = article("Le [train]{project=rail value=9} roule.", title="Le train", lang="fr")
    files = FILES | {"content/articles/fr.md": french}
    site = published(tmp_path, files, f"title: T\nlanguage: {language}")
    with serve(site.public, "/") as home:
        page = browser.new_page(viewport={"width": 320, "height": 900})
        page.goto(f"{home}projects/rail/")
        heights = page.evaluate(
            "[...document.querySelectorAll('.from a')].map((one) => one.getBoundingClientRect().height)"
        )
        page.close()
    assert heights
    assert min(heights) >= 24


@pytest.mark.parametrize("width", [320, 1280])
def test_a_number_beside_a_long_name_stays_in_one_line(tmp_path, browser, width):
    body = " ".join(["[words]{project=rail}"] * 120)
    files = {
        "content/projects/rail.md": profile("The Trans-Caspian Bridge, Tunnel and Undersea Programme"),
        "content/articles/a.md": article(body, title="A"),
    }
    site = published(tmp_path, files)
    with serve(site.public, "/") as home:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{home}articles/a/")
        lines = page.evaluate("""() => [...document.querySelectorAll(".names .n")].map((one) => {
          const words = document.createRange();
          words.selectNodeContents(one);
          return [one.textContent, words.getClientRects().length];
        })""")
        page.close()
    assert lines == [["120", 1]]


LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_EVERYWHERE = {
    f"content/projects/{LONG.lower()}.md": profile(
        LONG, aliases=f"[{LONG}s]", summary=LONG, countries="[IR]"
    ),
    "content/organisations/o.md": profile(LONG),
    "content/pages/p.md": f"---\ntitle: {LONG}\n---\n{LONG}\n",
    **{
        f"content/articles/{n}.md": article(
            f'[{LONG}]{{project={LONG.lower()} status={LONG.lower()} value="{LONG}" note="{LONG}" '
            f"by=organisation:o}} and {LONG}.\n\n## {LONG}\n\n> {LONG}\n\n- {LONG}\n\n"
            f"| A | B |\n|---|---|\n| {LONG} | {LONG} |\n\n`{LONG}`",
            title=LONG,
            author=LONG,
            topics=f"[{LONG}]",
            organisations="[o]",
            summary=f"{LONG} {LONG}",
            source=f"{{publisher: {LONG}, title: {LONG}, license: LicenseRef-{LONG}, changes: {LONG}}}",
            date=f"2024-01-0{n}",
        )
        for n in range(1, 7)
    },
}


@pytest.mark.parametrize("width", [320, 600, 768, 960, 1280])
def test_no_word_is_too_long_for_a_page(tmp_path, browser, width):
    settings = (
        f"title: {LONG}\ndescription: {LONG}\nbase_url: https://e.org/\nstatuses: [{LONG.lower()}]\n"
        f"kinds: {{organisation: {{plural: organisations, label: O, label_plural: {LONG}}}}}"
    )
    site = published(tmp_path, LONG_EVERYWHERE, settings)
    wide = {}
    with serve(site.public, "/") as home:
        page = browser.new_page(viewport={"width": width, "height": 900})
        for address in (
            "/",
            "/articles/4/",
            f"/projects/{LONG.lower()}/",
            "/projects/",
            "/page/1/",
            "/organisations/o/",
            "/countries/ir/",
            "/p/",
            "/404.html",
        ):
            page.goto(home + address[1:])
            root = "document.documentElement"
            wide[address] = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        page.close()
    assert {address: by for address, by in wide.items() if by > 0} == {}
