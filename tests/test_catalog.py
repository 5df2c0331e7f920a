"""The catalogue: who is mentioned where, what a project's status is, which countries belong to it."""

from __future__ import annotations

import re

import pytest
from site_builder import article, local_links, profile, published, sourced

from builder import catalog
from builder.cards import EXCERPT_BYTES

RAIL = {"content/projects/rail.md": profile("Rail")}


def said(status, /, date="2024-01-01", by="Reuters", extra="", **front):
    """An article in which somebody gives the project's status."""
    body = f"The [railway]{{project=rail status={status}{extra}}} is in the news."
    return article(body, date=date, source=sourced(by), **front)


def status(tmp_path, articles, site="title: T"):
    """The status on the project's page, as its key facts tell it."""
    files = {f"content/articles/{name}.md": text for name, text in articles.items()}
    page = published(tmp_path, RAIL | files, site).page("/projects/rail/")
    return page.text.split("Key facts Status ")[1].split(" Articles ")[0]


def test_the_status_is_the_one_of_the_newest_article(tmp_path):
    articles = {
        "a": said("proposed", "2024-01-01"),
        "b": said("agreed", "2024-03-01", by="AFP"),
        "c": said("negotiating", "2024-02-01"),
    }
    assert status(tmp_path, articles) == "agreed, according to AFP, March 1, 2024"


def test_the_date_of_a_statement_goes_before_that_of_its_article(tmp_path):
    articles = {
        "a": said("operating", "2024-01-01", extra=" date=2024-06"),
        "b": said("suspended", "2024-03-01"),
    }
    assert status(tmp_path, articles) == "operating, according to Reuters, June 2024"


def test_different_statuses_of_one_date_are_shown_as_disagreement(tmp_path):
    articles = {
        "a": said("operating", "2024-03-01", by="AFP"),
        "b": said("suspended", "2024-03-01"),
        "c": said("proposed", "2024-02-01"),
    }
    assert status(tmp_path, articles) == "disputed: operating, suspended"
    page = published(tmp_path, {}).page("/projects/rail/")
    assert "operating, according to AFP, March 1, 2024" in page.text
    assert "suspended, according to Reuters, March 1, 2024" in page.text
    assert "disputed" in published(tmp_path, {}).page("/projects/").text


def test_one_status_from_two_sources_of_one_date_is_no_disagreement(tmp_path):
    articles = {"a": said("agreed", by="AFP"), "b": said("agreed")}
    assert status(tmp_path, articles) == "agreed, according to AFP, January 1, 2024"


def test_dates_are_compared_by_their_first_instant(tmp_path):
    articles = {
        "a": said("agreed", "2024-01-01T00:30:00+01:00"),
        "b": said("proposed", "2024"),
    }
    assert status(tmp_path, articles).startswith("proposed")
    instants = {"a": said("agreed", "2024-01-01T00:30:00+01:00"), "b": said("proposed", "2023-12-31")}
    assert status(tmp_path / "later", instants).startswith("agreed")


def test_two_statuses_in_one_article_disagree(tmp_path):
    body = "[A]{project=rail status=agreed} and [B]{project=rail status=suspended}."
    assert status(tmp_path, {"a": article(body)}) == "disputed: agreed, suspended"


@pytest.mark.parametrize(
    ("by", "front", "speaker"),
    [
        (" by=person:p", {"source": sourced()}, "Ilham Aliyev"),
        (" by=organisation:o", {"source": sourced()}, "The Ministry"),
        (" by=country:az", {"source": sourced()}, "Azerbaijan"),
        ("", {"source": sourced()}, "Reuters"),
        ("", {"source": "{license: CC0-1.0}"}, "The Site"),
        ("", {}, "The Site"),
    ],
)
def test_a_claim_is_said_by_whom_it_names_else_the_publisher_else_the_site(
    tmp_path, by, front, speaker
):
    body = f"The [railway]{{project=rail status=agreed{by}}}."
    files = RAIL | {
        "content/people/p.md": profile("Ilham Aliyev"),
        "content/organisations/o.md": profile("The Ministry"),
        "content/articles/a.md": article(body, **front),
    }
    page = published(tmp_path, files, "title: The Site").page("/projects/rail/")
    assert f"agreed, according to {speaker}, January 1, 2024" in page.text


def test_whoever_said_something_has_a_page_that_the_claim_leads_to(tmp_path):
    files = RAIL | {
        "content/articles/a.md": article("The [line]{project=rail value='3 km' by=country:FR}.")
    }
    files["content/articles/a.md"] = files["content/articles/a.md"].replace("'", '"')
    site = published(tmp_path, files)
    assert ("/countries/fr/", "France") in site.page("/projects/rail/").links
    assert site.has("/countries/fr/")


def test_the_page_of_whoever_said_something_shows_it_with_what_it_is_about(tmp_path):
    body = (
        "Open by [May]{project=rail status=agreed by=person:p}. "
        "It is [long]{project=rail by=person:p}. "
        "[P]{person=p value=old by=person:p}. [Iran]{country=IR value=no}."
    )
    files = RAIL | {
        "content/people/p.md": profile("Ilham Aliyev"),
        "content/people/q.md": profile("Nobody Yet"),
        "content/articles/a.md": article(body.replace("[P]{person=p value=old by=person:p}. ", "")),
    }
    page = published(tmp_path, files).page("/people/p/")
    said = page.text.split("Said by Ilham Aliyev")[1]
    assert "On Rail: agreed, January 1, 2024" in said
    assert "Open by May." in said
    assert "On Rail, January 1, 2024" in said
    assert "Iran" not in said
    assert "none yet" not in page.text
    assert "No article has mentioned" not in page.text
    links = [href for href, _ in page.links]
    assert {"/projects/rail/", "/articles/a/#m-project-rail-1", "/articles/a/#m-project-rail-2"} <= {
        *links
    }
    # What a person says of itself stands under the statements alone.
    itself = published(tmp_path / "two", files | {"content/articles/a.md": article(body)})
    said = itself.page("/people/p/").text.split("Said by Ilham Aliyev")[1].split("Articles that")[0]
    assert "On Ilham Aliyev" not in said
    assert "Said by" not in itself.page("/people/q/").text


def test_the_statements_by_somebody_are_as_many_as_a_page_has_room_for(tmp_path):
    files = RAIL | {"content/people/p.md": profile("P"), "site.yaml": "title: T\npage_size: 2\n"}
    for day in range(1, 6):
        files[f"content/articles/{day}.md"] = article(
            f"Day {day} of the [line]{{project=rail by=person:p}}.", date=f"2024-01-0{day}"
        )
    text = published(tmp_path, files).page("/people/p/").text
    assert "Day 5 of the line." in text
    assert "Day 4 of the line." in text
    assert "Day 3 of the line." not in text
    assert "3 older statements stand in the articles." in text


def test_every_statement_stands_in_its_sentence_with_a_link_to_it(tmp_path):
    body = (
        'First, the [railway]{project=rail value="164 km"} is long. Then, the '
        '[line]{project=rail date=2025-05 by=person:p note="As planned."} opens. '
        "The [rail]{project=rail}."
    )
    files = RAIL | {
        "content/people/p.md": profile("Ilham Aliyev"),
        "content/articles/a.md": article(body, source=sourced()),
    }
    site = published(tmp_path, files)
    page = site.page("/projects/rail/")
    statements = page.text.split("Statements")[1].split("Articles that mention")[0]
    assert "164 km, according to Reuters, January 1, 2024" in statements
    assert "First, the railway is long." in statements
    assert "According to Ilham Aliyev, May 2025" in statements
    assert "Then, the line opens." in statements
    assert "As planned." in statements
    assert "The rail." not in statements
    links = [href for href, _ in page.links]
    assert {"/articles/a/#m-project-rail-1", "/articles/a/#m-project-rail-2"} <= set(links)


def test_the_countries_of_a_project_are_its_profiles_then_those_in_its_sentences(tmp_path):
    body = (
        "The [line]{project=rail} joins [Iran]{country=IR} and [Russia]{country=RU}. "
        "[Turkey]{country=TR} is not in that sentence.\n\nNeither is [Armenia]{country=AM}."
    )
    files = {
        "content/projects/rail.md": profile("Rail", countries="[AZ, RU]"),
        "content/articles/a.md": article(body, countries="[PK]", projects="[rail]"),
    }
    site = published(tmp_path, files)
    facts = site.page("/projects/rail/").text.split("Key facts")[1].split("Articles ")[0]
    # What a sentence says leads to it; that Azerbaijan takes part stands in the profile alone.
    assert "Countries Azerbaijan Russia ¶ Iran ¶ " in facts
    for code, has_it in (("az", True), ("ru", True), ("ir", True), ("tr", False), ("pk", False)):
        facts = site.page(f"/countries/{code}/").text.split("Key facts")[1].split("Named together")[0]
        assert ("Projects Rail" in facts) == has_it, code


def test_a_country_inside_the_projects_own_span_belongs_to_it(tmp_path):
    body = "The [[Iran]{country=IR}-[Russia]{country=RU} line]{project=rail}."
    site = published(tmp_path, RAIL | {"content/articles/a.md": article(body)})
    facts = site.page("/projects/rail/").text.split("Key facts")[1]
    assert "Countries Iran ¶ Russia ¶ " in facts


TWO = "The minister went to [Baku]{country=AZ}. There work began in [Iran]{country=IR}"


@pytest.mark.parametrize(
    ("body", "countries"),
    [
        (f"[{TWO}.]{{project=rail}} [It]{{country=AM}} agreed.", "Azerbaijan ¶ Iran ¶ "),
        (
            "He saw [Ira]{country=AM}. [Work began. It ends]{project=rail} in [Iran]{country=IR}.",
            "Iran ¶ ",
        ),
        (
            "In [Iran]{country=IR} [work began. It]{project=rail} ends. [Ira]{country=AM} went.",
            "Iran ¶ ",
        ),
        ("The [line]{project=rail} [ends. It is in Iran]{country=IR}. [X]{country=AM} is.", "Iran ¶ "),
        (
            "[The line. It ends]{project=rail} in [Iran. It]{country=IR} is. [Ira]{country=AM}.",
            "Iran ¶ ",
        ),
        # So it is with one over several clauses of a long sentence.
        (
            f"[Ira]{{country=AM}}; {'word ' * 60} [it; in [Iran]{{country=IR}}]{{project=rail}}; so.",
            "Iran ¶ ",
        ),
        (
            f"[Ira]{{country=AM}}; {'word ' * 60} in [Iran; the]{{country=IR}} [line]{{project=rail}}.",
            "Iran ¶ ",
        ),
        # Of a long one, what is shown of both must have words in common.
        (
            f"[{TWO}; {'word ' * 60}[x]{{country=AM}}; and]{{project=rail}} so on; [y]{{country=GE}}.",
            "Azerbaijan ¶ Iran ¶ Armenia ¶ ",
        ),
    ],
)
def test_where_a_mention_runs_over_several_sentences_all_of_these_are_its_own(
    tmp_path, body, countries
):
    site = published(tmp_path, RAIL | {"content/articles/a.md": article(f"Words. {body} More.")})
    facts = site.page("/projects/rail/").text.split("Key facts")[1].split("Articles ")[0]
    assert f"Countries {countries}" in f"{facts} "


def test_the_first_mention_of_a_country_beside_one_of_several_sentences_is_led_to(tmp_path):
    said = "[In [Iran]{country=IR} work began. [Iran]{country=IR}]{project=rail} is."
    body = f"[Iran]{{country=IR}} is. {said}"
    site = published(tmp_path, RAIL | {"content/articles/a.md": article(body)})
    for page, anchor in (("/projects/rail/", "project-rail-1"), ("/countries/ir/", "country-ir-2")):
        assert f'<a class="at" href="/articles/a/#m-{anchor}"' in site.page(page).html


def test_what_a_sentence_says_of_a_project_and_a_country_leads_to_it(tmp_path):
    said = (
        "[It]{project=rail} is new. The [line]{project=rail} in [Iran]{country=IR}, [Iran]{country=IR}."
    )
    files = {
        "content/projects/rail.md": profile("Rail", countries="[IR]"),
        "content/articles/old.md": article(f"[Iran]{{country=IR}}. {said}", date="2020"),
        "content/articles/new.md": article(said, date="2022"),
    }
    published(tmp_path, files)
    for page, name, link in (
        ("projects/rail", "Iran", "project-rail-2"),
        ("countries/ir", "Rail", "country-ir-2"),
    ):
        html = (tmp_path / "public" / page / "index.html").read_text("utf-8")
        assert f'<a class="at" href="/articles/old/#m-{link}" title="in context: {name}"' in html
        assert '<a href="/articles/old/"><time datetime="2020">' in html
        assert '<a href="/articles/new/"><time datetime="2022">' in html


def test_the_way_to_what_is_said_of_both_leads_to_the_mention_of_the_one_whose_page_it_is(tmp_path):
    body = "[Iran]{country=IR}, far away.\n\nThe [line]{project=rail} ends in [Iran]{country=IR}."
    site = published(tmp_path, RAIL | {"content/articles/a.md": article(body)})
    for page, anchor in (("/projects/rail/", "project-rail-1"), ("/countries/ir/", "country-ir-2")):
        assert f'<a class="at" href="/articles/a/#m-{anchor}"' in site.page(page).html


def test_the_first_sentence_of_the_oldest_article_that_has_both_is_led_to(tmp_path):
    said = "The [line]{project=rail} ends in [Iran]{country=IR}."
    files = RAIL | {
        f"content/articles/{n}.md": article(f"{said}\n\n{said}", date=f"202{n}") for n in (1, 2, 3)
    }
    page = published(tmp_path, files).page("/projects/rail/")
    assert re.findall('<a class="at" href="(.*?)"', page.html) == ["/articles/1/#m-project-rail-1"]


def test_the_countries_of_somebody_are_shown_and_make_nobody_a_project(tmp_path):
    files = RAIL | {
        "content/organisations/bank.md": profile("The bank", countries="[IR, AZ]"),
        "content/articles/a.md": article("The [bank]{organisation=bank} in [Iran]{country=IR}."),
    }
    site = published(tmp_path, files)
    assert "Countries Iran Azerbaijan Articles" in site.page("/organisations/bank/").text
    assert "Projects" not in site.page("/countries/ir/").text.split("Key facts")[1]
    assert site.has("/countries/az/")


def test_a_country_of_a_project_alone_tells_of_it(tmp_path):
    files = {
        "content/projects/b.md": profile("Line B", countries="[IR]"),
        "content/projects/a.md": profile("Line A", countries="[AZ, IR]"),
    }
    page = published(tmp_path, files).page("/countries/ir/")
    assert "Projects Line A Line B" in page.text.split("Key facts")[1]


def test_of_an_article_that_names_very_many_not_all_count_as_named_together(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "MOST_NAMED", 2)
    body = "[a]{country=IR} [b]{country=AZ} [c]{country=RU}"
    site = published(tmp_path, {"content/articles/a.md": article(body)})
    assert site.page("/countries/ir/").text.split("that name both.")[1].split("Every")[0].split() == [
        "Countries",
        "Azerbaijan",
        "1",
    ]
    assert "Iran" in site.page("/countries/ru/").text.split("that name both.")[1]


def test_of_what_is_named_together_most_is_told_of_each_kind_most_often_first(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog, "MOST_TOGETHER", 2)
    files = RAIL | {
        "content/people/p.md": profile("Ann"),
        "content/articles/a.md": article("[a]{country=IR} [b]{country=RU} [c]{country=AZ}"),
        "content/articles/b.md": article(
            "[a]{country=IR} [c]{country=RU} [b]{country=AM} [p]{person=p} [r]{project=rail}"
        ),
    }
    together = published(tmp_path, files).page("/countries/ir/").text.split("that name both.")[1]
    assert (
        together.split("Every")[0].strip()
        == "Countries Russia 2 Armenia 1 Projects Rail 1 People Ann 1"
    )


def test_entities_named_together_are_counted_by_articles(tmp_path):
    files = {
        "content/articles/a.md": article("[x]{country=IR} [x]{country=IR} [y]{country=AZ}"),
        "content/articles/b.md": article("[x]{country=IR}", countries="[AZ]"),
        "content/articles/c.md": article("[x]{country=IR} [y]{country=RU}"),
    }
    page = published(tmp_path, files).page("/countries/ir/")
    together = page.text.split("Named together with")[1]
    assert "Azerbaijan 2 Russia 1" in together
    assert "Iran" not in together.split("Every sentence")[0]


def test_an_article_stands_once_with_all_its_sentences_subjects_apart(tmp_path):
    body = (
        "One [Iran]{country=IR}. No name here. Two [Iranians]{country=IR} and "
        "[Tehran]{country=IR}.\n\n- Three [Iran]{country=IR}\n- no name\n"
    )
    files = {
        "content/articles/about.md": article(body, title="About it", countries="[IR]"),
        "content/articles/mention.md": article("Four [Iran]{country=IR}.", title="Mentions it"),
        "content/articles/only.md": article("No sentence.", title="Subject only", countries="[IR]"),
        "content/articles/none.md": article("Nothing.", title="Not here"),
    }
    page = published(tmp_path, files).page("/countries/ir/")
    assert "Not here" not in page.text
    about, mention = page.text.split("Articles about Iran")[1].split("Articles that mention Iran")
    assert about.count("About it") == 1
    assert "Subject only" in about
    for sentence in ("One Iran.", "Two Iranians and Tehran.", "Three Iran"):
        assert about.count(sentence) == 1, sentence
    assert "No name here" not in about
    assert "no name" not in about
    assert "Four Iran." in mention
    assert page.marks == ["Iran", "Iranians", "Tehran", "Iran", "Iran"]


def test_a_mention_of_a_list_item_is_shown_with_its_item_alone(tmp_path):
    body = "- The [line]{project=rail} is agreed\n- [Turkey]{country=TR} is elsewhere\n"
    site = published(tmp_path, RAIL | {"content/articles/a.md": article(body)})
    assert site.page("/projects/rail/").excerpts == ["The line is agreed"]
    facts = site.page("/projects/rail/").text.split("Named together")[0]
    assert "Türkiye" not in facts


def test_deep_links_land_on_the_mention(tmp_path):
    body = "[A]{country=IR}. [B]{country=AZ}. [C]{country=IR}. [D [E]{country=IR}]{project=rail}."
    site = published(tmp_path, RAIL | {"content/articles/a.md": article(body)})
    ids = site.page("/articles/a/").ids
    assert [one for one in ids if one.startswith("m-")] == [
        "m-country-ir-1",
        "m-country-az-1",
        "m-country-ir-2",
        "m-project-rail-1",
        "m-country-ir-3",
    ]
    for page in ("/countries/ir/", "/countries/az/", "/projects/rail/"):
        for link in local_links(site.page(page)):
            if "#" in link:
                assert link.partition("#")[2] in ids


def test_drafts_count_for_nothing_unless_they_are_asked_for(tmp_path):
    files = RAIL | {
        "content/articles/a.md": said("agreed", draft="true", aliases="[/old/]"),
        "content/articles/b.md": article("[x]{country=IR}", draft="true"),
        "content/pages/p.md": "---\ntitle: P\ndraft: true\n---\n",
    }
    site = published(tmp_path, files)
    assert not any(site.has(one) for one in ("/articles/a/", "/old/", "/countries/ir/", "/p/"))
    assert "No source has stated a status yet" in site.page("/projects/rail/").text
    site = published(tmp_path, {}, drafts=True)
    assert all(site.has(one) for one in ("/articles/a/", "/old/", "/countries/ir/", "/p/"))
    assert "Draft" in site.page("/articles/a/").text
    # The next build without them takes them away again.
    assert not published(tmp_path, {}).has("/articles/a/")


def test_a_date_in_the_future_is_published(tmp_path):
    site = published(tmp_path, {"content/articles/a.md": article("x", date="2999-01-01")})
    assert site.has("/articles/a/")


def test_articles_that_name_each_other_are_told_once_as_translations(tmp_path):
    files = {
        "content/articles/a.md": article("Words.", id="a", lang="en", translation_of="b"),
        "content/articles/b.md": article("سخن", id="b", lang="fa", translation_of="a"),
    }
    links = [href for href, _ in published(tmp_path, files).page("/articles/a/").links]
    assert links.count("/articles/b/") <= 2
    assert published(tmp_path, files).page("/articles/a/").text.count("فارسی") == 1


@pytest.mark.parametrize("first", ["", "fr"])
def test_the_translation_of_a_translation_is_a_version_of_the_original(tmp_path, first):
    # Whether the chain begins with an original or is a circle, each tells the two others.
    pairs = (("de", first), ("en", "de"), ("fr", "en"))
    files = {
        f"content/articles/{lang}.md": article("Words.", lang=lang, translation_of=of)
        for lang, of in pairs
    }
    site = published(tmp_path, files)
    for lang, _ in pairs:
        links = re.findall('href="/articles/(..)/" hreflang', site.page(f"/articles/{lang}/").html)
        assert sorted(links) == sorted({"de", "en", "fr"} - {lang})


def test_of_very_many_versions_of_an_article_the_original_and_the_newest_are_told(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(catalog, "MOST_VERSIONS", 3)
    files = {"content/articles/a.md": article("Words.", date="2019")} | {
        f"content/articles/{lang}.md": article(
            "Words.", lang=lang, translation_of="a", date=f"202{year}"
        )
        for year, lang in enumerate(("de", "fr", "it"))
    }
    site = published(tmp_path, files)
    for name, others in (("a", ["it", "fr"]), ("de", ["a", "it", "fr"]), ("it", ["a", "fr"])):
        found = re.findall(
            '<li><a href="/articles/(.*?)/" hreflang', site.page(f"/articles/{name}/").html
        )
        assert found == others, name


DATED = {
    "content/people/p.md": profile("Ilham Aliyev"),
    "content/articles/a.md": article(
        "[One]{project=rail date=1954 by=person:p}. [Two]{project=rail value=9 by=person:p}.",
        date="2025",
    ),
    "content/articles/b.md": article(
        "[Three]{project=rail value=8 by=person:p}. [Four]{project=rail date=2024-06-15 by=person:p}.",
        date="2024-06",
    ),
    "content/articles/c.md": article("[Five]{project=rail date=2024-06 by=person:p}.", date="2020"),
}


@pytest.mark.parametrize("address", ["/projects/rail/", "/people/p/"])
def test_statements_stand_by_the_dates_that_are_shown_newest_first(tmp_path, address):
    page = published(tmp_path, RAIL | DATED).page(address)
    heading = "Said by Ilham Aliyev" if "people" in address else "Statements"
    said = page.text.split(heading)[1].split("Articles")[0]
    shown = [said.index(f"{words}.") for words in ("Two", "Four", "Three", "Five", "One")]
    assert shown == sorted(shown)


def test_the_oldest_statements_are_those_that_are_left_out(tmp_path):
    page = published(tmp_path, RAIL | DATED, "title: T\npage_size: 2").page("/projects/rail/")
    said = page.text.split("Statements")[1].split("Articles")[0]
    assert "Two." in said
    assert "Four." in said
    assert "One." not in said
    assert "3 older statements" in said


@pytest.mark.parametrize("letter", ["a", "ا"])
def test_statements_take_no_more_room_than_a_page_has_in_any_script(tmp_path, letter):
    said = f"[It]{{project=rail value=1}} is {letter * 900}."
    files = RAIL | {"content/articles/a.md": article("\n\n".join([said] * 150))}
    page = published(tmp_path, files, "title: T\npage_size: 500").page("/projects/rail/")
    shown = page.text.split("Statements")[1].split("older statements")[0].count(letter * 900)
    assert 0 < (shown - 1) * 900 * len(letter.encode()) < EXCERPT_BYTES / 2
    assert "older statement" in page.text


def test_of_very_many_short_statements_not_all_are_shown(tmp_path):
    files = RAIL | {
        "content/articles/a.md": article("\n\n".join(["[It]{project=rail value=1}."] * 400))
    }
    page = published(tmp_path, files, "title: T\npage_size: 500").page("/projects/rail/")
    shown = page.html.split("Statements</h2>")[1].count('<div class="say">')
    assert 100 < shown < 250
    assert f"{400 - shown} older statements" in page.text


@pytest.mark.parametrize("most", [70, 300])
@pytest.mark.parametrize("letter", ["a", "ا"])
def test_of_very_many_sentences_of_articles_as_many_of_each_are_shown_and_the_others_counted(
    tmp_path, letter, most
):
    files = {
        f"content/articles/{n}.md": article(
            "\n\n".join([f"[It]{{country=IR}} is {letter * 900}."] * many), date=f"202{n}"
        )
        for n, many in ((1, most), (2, 20), (3, 2))
    }
    site = published(tmp_path, files)
    items = site.page("/countries/ir/").html.split('<article class="item">')[1:]
    shown = [one.count("<blockquote") for one in items]
    assert shown[0] == 2
    assert shown[1] == shown[2] or shown[1] == 20 < shown[2]
    more = [re.findall("(\\d+) more sentence", one) for one in items]
    left = [
        [str(many - one)] if many > one else [] for many, one in zip((2, 20, most), shown, strict=True)
    ]
    assert more == left
    size = sum(shown) * 900 * len(letter.encode())
    assert EXCERPT_BYTES / 2 < size < EXCERPT_BYTES
    page = (site.public / "countries/ir/index.html").stat().st_size
    assert page < 2 * EXCERPT_BYTES


def test_of_a_sentence_with_two_clauses_that_name_it_both_are_shown(tmp_path):
    clause = "words " * 40
    body = f"[Iran]{{country=IR}} {clause}; {clause} and [Tehran]{{country=IR}} {clause}."
    page = published(tmp_path, {"content/articles/a.md": article(body)}).page("/countries/ir/")
    assert {"/articles/a/#m-country-ir-1", "/articles/a/#m-country-ir-2"} <= {
        href for href, _ in page.links
    }


@pytest.mark.parametrize("many", [60, 130])
def test_of_very_many_articles_each_is_shown_with_a_sentence(tmp_path, many):
    text = article(f"[It]{{country=IR}} is {'a' * 900}.\n\n[It]{{country=IR}} is {'b' * 900}.")
    files = {f"content/articles/{n}.md": text for n in range(many)}
    site = published(tmp_path, files, "title: T\npage_size: 200")
    items = site.page("/countries/ir/").html.split('<article class="item">')[1:]
    assert {(one.count("<blockquote"), "1 more sentence" in one) for one in items} == {(1, True)}
    assert len(items) == many
