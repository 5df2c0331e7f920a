"""The registry: countries of the standard, of old and of one's own; ids, aliases and hints."""

from __future__ import annotations

import pycountry
import pytest
from site_builder import article, build_site, check, codes, local_links, profile, published, write_site

from builder import countries
from builder.diagnostics import CODES


def hints(root, files, site="title: T"):
    write_site(root, files, site)
    return {one.code: one.hint for one in build_site(root).diagnostics}


def test_every_code_of_the_standard_is_a_country(tmp_path):
    codes_in_use = sorted(countries.IN_USE)
    assert codes_in_use == sorted({"XK", *(one.alpha_2 for one in pycountry.countries)})
    assert len(codes_in_use) == 250
    body = " ".join(f"[x]{{country={code}}}" for code in codes_in_use)
    site = published(tmp_path, {"content/articles/a.md": article(body)})
    assert all(site.has(f"/countries/{code.lower()}/") for code in codes_in_use)


@pytest.mark.parametrize(
    ("code", "name", "language"),
    [
        ("IR", "Iran", "en"),
        ("AZ", "Azerbaijan", "en"),
        ("XK", "Kosovo", "en"),
        ("AZ", "Aserbaidschan", "de"),
        ("IR", "ایران", "fa"),
        ("SU", "Soviet Union", "en"),
        ("SU", "Sowjetunion", "de"),
        ("CS", "Czechoslovakia", "en"),
        ("YU", "Yugoslavia", "en"),
        ("DD", "German Democratic Republic", "en"),
        ("YD", "Democratic Yemen", "en"),
        ("AN", "Netherlands Antilles", "en"),
        ("TP", "East Timor", "en"),
    ],
)
def test_a_country_is_named_in_the_language_of_the_site(tmp_path, code, name, language):
    files = {"content/articles/a.md": article(f"[x]{{country={code}}}")}
    site = published(tmp_path, files, f"title: T\nlanguage: {language}")
    assert site.page(f"/countries/{code.lower()}/").headings[0] == ("h1", name)


@pytest.mark.parametrize("code", sorted(countries.WITHDRAWN))
def test_a_withdrawn_country_is_shown_as_a_former_one(tmp_path, code):
    site = published(tmp_path, {"content/articles/a.md": article(f"[x]{{country={code}}}")})
    assert "former country" in site.page(f"/countries/{code.lower()}/").text
    assert "former country" in site.page("/countries/").text


@pytest.mark.parametrize("code", ["AI", "BQ", "BY", "GE", "SK"])
def test_a_code_that_was_assigned_anew_is_the_country_that_has_it_now(tmp_path, code):
    site = published(tmp_path, {"content/articles/a.md": article(f"[x]{{country={code}}}")})
    assert "former country" not in site.page(f"/countries/{code.lower()}/").text


@pytest.mark.parametrize("written", ["ir", "IR", "Ir", "iR"])
def test_a_country_code_stands_in_any_case(tmp_path, written):
    files = {"content/articles/a.md": article(f"[x]{{country={written}}}", countries=f"[{written}]")}
    site = published(tmp_path, files)
    assert "/countries/ir/" in local_links(site.page("/articles/a/"))
    assert site.page("/articles/a/").ids.count("m-country-ir-1") == 1


def test_a_country_of_ones_own_needs_a_profile(tmp_path):
    body = {"content/articles/a.md": article("[x]{country=TRNC}")}
    assert check(tmp_path / "without", body) == ["articles/a.md:5:13 unknown-country"]
    own = {"content/countries/TRNC.md": profile("Northern Cyprus")}
    site = published(tmp_path / "with", body | own)
    assert site.page("/countries/trnc/").headings[0] == ("h1", "Northern Cyprus")


TEN_CODES = ("AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR")


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ('"IR,"', 'did you mean "IR"?'),
        ('"(az)"', 'did you mean "AZ"?'),
        ("IR AZ IR", "countries are named by their codes, each on its own: IR, AZ"),
        ("IR IR", 'did you mean "IR"?'),
        (
            "AD AE AF AG AI AL AM AO AQ AR AS AT",
            f"countries are named by their codes, each on its own: {', '.join(TEN_CODES)}",
        ),
        ("IR AZ", "countries are named by their codes, each on its own: IR, AZ"),
        ("Iran and others", "countries are named by their codes, each on its own, as in IR"),
        ("QQ", "check the id, or write its profile: content/countries/QQ.md"),
    ],
)
def test_a_profile_is_asked_for_where_a_country_can_have_one(tmp_path, written, hint):
    write_site(tmp_path, {"content/articles/a.md": article("", countries=f"[{written}]")})
    (found,) = build_site(tmp_path).diagnostics
    assert (found.code, found.hint) == ("unknown-country", hint)


def test_a_profile_names_its_entity_in_the_language_of_the_site(tmp_path):
    files = {
        "content/articles/a.md": article("[x]{project=rail} [y]{country=IR}"),
        "content/projects/rail.md": profile("The railway", names="{fa: راه‌آهن, de: Die Bahn}"),
        "content/countries/IR.md": profile("", names="{de: Persien}"),
    }
    for language, project, country in (
        ("en", "The railway", "Iran"),
        ("fa", "راه‌آهن", "ایران"),
        ("de", "Die Bahn", "Persien"),
        ("de-AT", "Die Bahn", "Persien"),
    ):
        site = published(tmp_path / language, files, f"title: T\nlanguage: {language}")
        assert site.page("/projects/rail/").headings[0][1] == project
        assert site.page("/countries/ir/").headings[0][1] == country


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("pt-BR", "Ferrovia"),
        ("pt-PT", "Caminho de ferro"),
        ("zh-Hant-TW", "鐵路"),
        ("zh-CN", "铁路"),
        ("FA", "راه‌آهن"),
        ("de", "Railway"),
    ],
)
def test_the_nearest_language_names_an_entity_whatever_the_case_of_its_tag(tmp_path, language, name):
    names = "{pt: Caminho de ferro, pt-br: Ferrovia, zh: 铁路, ZH-HANT: 鐵路, fa: راه‌آهن}"
    files = {"content/projects/rail.md": profile("Railway", names=names)}
    site = published(tmp_path, files, f"title: T\nlanguage: {language}")
    assert site.page("/projects/rail/").headings[0][1] == name


def test_a_name_in_what_is_no_language_is_told(tmp_path):
    names = "{fa: راه‌آهن, Persian: راه‌آهن, pt_BR: Ferrovia}"
    write_site(tmp_path, {"content/projects/rail.md": profile("Railway", names=names)})
    said = build_site(tmp_path).diagnostics
    assert [(one.line, one.column, one.code) for one in said] == [
        (3, 22, "bad-language"),
        (3, 40, "bad-language"),
    ]
    assert said[1].message == 'names: "pt_BR" is not a language tag'
    assert said[1].hint == "write it with a hyphen: pt-BR"


def test_what_a_profile_says_stands_on_its_page(tmp_path):
    text = profile(
        "The railway",
        "A text with [a link]{country=IR}.",
        aliases="{en: [RAR], fa: [راه‌آهن]}",
        summary="A line of 164 km.",
        countries="[IR, az]",
        same_as="[https://www.wikidata.org/wiki/Q1]",
        location="[38.43, 48.87]",
    )
    site = published(tmp_path, {"content/projects/rail.md": text})
    page = site.page("/projects/rail/")
    for words in ("A line of 164 km.", "RAR", "راه‌آهن", "A text with a link", "38.43° N, 48.87° E"):
        assert words in page.text
    links = [href for href, _ in page.links]
    assert {"/countries/ir/", "/countries/az/", "https://www.wikidata.org/wiki/Q1"} <= set(links)


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("project=rasht-astra", "unknown-project", 'did you mean "rasht-astara-railway"?'),
        ("project=raht-astara-railway", "unknown-project", 'did you mean "rasht-astara-railway"?'),
        ("project=old-line", "unknown-project", 'it is now called "rasht-astara-railway"'),
        ("person=ilham-alijev", "unknown-person", 'did you mean "ilham-aliyev"?'),
        ("country=IRN", "unknown-country", 'did you mean "IR"?'),
        ("country=iran", "unknown-country", 'countries are named by their codes: write "IR"'),
        ("country=Türkei", "unknown-country", 'countries are named by their codes: write "TR"'),
        ("country=Россия", "unknown-country", 'countries are named by their codes: write "RU"'),
        ("country=ایران", "unknown-country", 'countries are named by their codes: write "IR"'),
        ("country=Sowjetunion", "unknown-country", 'countries are named by their codes: write "SU"'),
        ("country=UK", "unknown-country", 'did you mean "GB"?'),
        ("country=Palestine", "unknown-country", 'countries are named by their codes: write "PS"'),
        ("country=IR;AZ", "unknown-country", "each on its own: IR, AZ"),
        ("country=IR،AZ", "unknown-country", "each on its own: IR, AZ"),
        ("country=page", "unknown-country", 'the word "page" is reserved'),
        ("country=QZX", "unknown-country", "content/countries/QZX.md"),
        ("country=Burma", "unknown-country", 'countries are named by their codes: write "MM"'),
        ("project=rasht-astara-railway\u200b", "unknown-project", "invisible character (U+200B)"),
        ("organisation=ilham-aliyev", "unknown-organisation", "`person=ilham-aliyev`"),
        ("organisation=nato", "unknown-organisation", "content/organisations/nato.md"),
        ("event=e", "unknown-entity", "content/events/e.md"),
    ],
)
def test_an_unknown_id_is_an_error_with_a_hint(tmp_path, written, code, hint):
    files = {
        "content/articles/a.md": article(f"The [words]{{{written}}} here."),
        "content/projects/rasht-astara-railway.md": profile("Rasht-Astara", former_ids="[old-line]"),
        "content/people/ilham-aliyev.md": profile("Ilham Aliyev", aliases="[Aliyev]"),
    }
    found = hints(tmp_path, files, "title: T\nkinds: {event: {plural: events}}")
    assert list(found) == [code]
    assert hint in found[code]


def test_the_word_that_archives_need_is_no_code_of_a_country(tmp_path):
    found = hints(tmp_path, {"content/countries/PAGE.md": profile("Page")})
    assert found == {"bad-id": 'the word "page" is reserved for the archive\'s addresses'}


def test_unknown_ids_are_reported_wherever_they_stand(tmp_path):
    files = {
        "content/articles/a.md": article(
            "[x]{country=IR by=person:p3}", projects="[p1]", people="[p2, p4]"
        ),
        "content/projects/known.md": profile("Known", "[x]{project=p5}", countries="[QQ]"),
        "content/pages/about.md": "---\ntitle: About\n---\n[x]{organisation=p6}\n",
    }
    assert check(tmp_path, files) == [
        "articles/a.md:4:12 unknown-project",
        "articles/a.md:5:10 unknown-person",
        "articles/a.md:5:14 unknown-person",
        "articles/a.md:7:19 unknown-person",
        "pages/about.md:4:18 unknown-organisation",
        "projects/known.md:3:13 unknown-country",
        "projects/known.md:5:13 unknown-project",
    ]


def test_unknown_ids_lead_to_no_further_errors(tmp_path):
    files = {
        "content/articles/a.md": article("[x]{project=old} [y]{project=OLD} [z]{project=a/b}"),
        "content/projects/new.md": profile("New", former_ids="[old]"),
    }
    write_site(tmp_path, files)
    assert {code for *_, code, _ in codes(build_site(tmp_path))} == {"unknown-project"}


def test_an_unknown_id_beside_a_known_one_is_the_only_mistake(tmp_path):
    body = "[x]{project=no} in [Iran]{country=IR}.\n\nThe [line]{project=line} in [y]{country=QQ}."
    files = {"content/articles/a.md": article(body), "content/projects/line.md": profile("Line")}
    assert check(tmp_path, files) == [
        "articles/a.md:5:13 unknown-project",
        "articles/a.md:7:41 unknown-country",
    ]


def test_what_a_profile_or_a_page_links_to_has_a_page(tmp_path):
    files = {
        "content/projects/rail.md": profile("Rail", "It begins in [Japan]{country=JP}."),
        "content/pages/about.md": "---\ntitle: About\n---\nMade in [France]{country=FR}.\n",
    }
    site = published(tmp_path, files)
    assert site.has("/countries/jp/")
    assert site.has("/countries/fr/")
    assert "No article has mentioned France yet" in site.page("/countries/fr/").text


def test_annotations_of_profiles_and_pages_are_no_mentions(tmp_path):
    files = {
        "content/projects/rail.md": profile("Rail", "It begins in [Japan]{country=JP}."),
        "content/articles/a.md": article("The [line]{project=rail}."),
    }
    site = published(tmp_path, files)
    assert site.page("/countries/jp/").excerpts == []
    assert not [one for one in site.page("/projects/rail/").ids if one.startswith("m-")]


@pytest.mark.parametrize(
    ("profiles", "expected"),
    [
        (
            {"projects/a.md": profile("A", aliases="[b]"), "projects/b.md": profile("Bee")},
            ["projects/a.md:3:11 alias-is-id"],
        ),
        (
            {
                "projects/a.md": profile("A", aliases="[Line]"),
                "projects/b.md": profile("B", aliases="[line]"),
            },
            ["projects/b.md:3:11 ambiguous-alias"],
        ),
        (
            {"projects/a.md": profile("A", aliases="[Bee]"), "projects/b.md": profile("Bee")},
            ["projects/a.md:3:11 ambiguous-alias"],
        ),
        ({"countries/IR.md": profile("", aliases="[AZ]")}, ["countries/IR.md:2:11 alias-is-id"]),
        (
            {"projects/a.md": profile("The Bee"), "projects/b.md": profile("The bee")},
            ["projects/b.md:2:7 ambiguous-alias"],
        ),
        ({"projects/a.md": profile("Bee"), "people/b.md": profile("Bee")}, []),
        ({"countries/IRAQ.md": profile("Iraq")}, ["countries/IRAQ.md:2:7 alias-is-id"]),
        ({"countries/IQ.md": profile("Iraq"), "countries/XQ.md": profile("Artsakh")}, []),
        (
            {"projects/a.md": profile("A", former_ids="[b]"), "projects/b.md": profile("B")},
            ["projects/a.md:3:14 duplicate-id"],
        ),
        (
            {
                "projects/a.md": profile("A", former_ids="[c]"),
                "projects/b.md": profile("B", former_ids="[c]"),
            },
            ["projects/b.md:3:14 duplicate-id"],
        ),
        # Of different kinds, the same words mean different things.
        ({"projects/a.md": profile("A", aliases="[b]"), "people/b.md": profile("B")}, []),
        ({"projects/a.md": profile("A", aliases="[A, a]")}, []),
    ],
)
def test_an_id_and_an_alias_belong_to_one_entity(tmp_path, profiles, expected):
    assert check(tmp_path, {f"content/{name}": text for name, text in profiles.items()}) == expected


def test_former_ids_lead_to_the_entity(tmp_path):
    files = {
        "content/projects/new.md": profile("New", former_ids="[old]"),
        "content/countries/TRNC.md": profile("Cyprus", former_ids="[KKTC]"),
    }
    site = published(tmp_path, files)
    assert local_links(site.page("/projects/old/"))[0] == "/projects/new/"
    assert local_links(site.page("/countries/kktc/"))[0] == "/countries/trnc/"


def test_a_kind_of_the_site_has_profiles_subjects_and_pages(tmp_path):
    config = (
        "title: T\n"
        "kinds: {event: {plural: events, label: Event, label_plural: 'R&D <events> 100%'}, "
        "person: false}"
    )
    files = {
        "content/events/summit.md": profile("The summit"),
        "content/articles/a.md": article("At [the summit]{event=summit}.", events="[summit]"),
    }
    site = published(tmp_path, files, config)
    assert site.page("/events/").headings[0] == ("h1", "R&D <events> 100%")
    assert site.page("/events/summit/").excerpts == ["At the summit."]
    assert "m-event-summit-1" in site.page("/articles/a/").ids


def test_a_dropped_kind_is_unknown(tmp_path):
    config = "title: T\nkinds: {person: false}"
    files = {
        "content/articles/a.md": article("[x]{person=p}", people="[p]"),
        "content/people/p.md": profile("P"),
    }
    assert check(tmp_path, files, config) == [
        "articles/a.md:4:1 unknown-key",
        "articles/a.md:6:5 unknown-attribute",
        "people/p.md:1:1 unknown-file",
    ]


_OWN_CODES = {"country", "project", "person", "organisation"}
_KINDS = {code.removeprefix("unknown-") for code in CODES if code.startswith("unknown-")} - {"status"}


@pytest.mark.parametrize("kind", sorted(_KINDS))
def test_an_unknown_id_is_an_error_whatever_its_kind_is_called(tmp_path, kind):
    text = "title: T\n"
    if kind not in _OWN_CODES:
        text += f"kinds: {{{kind}: {{plural: {kind}-list}}}}\n"
    found = check(tmp_path, {"content/articles/a.md": article(f"[x]{{{kind}=nope}}")}, text)
    code = f"unknown-{kind if kind in _OWN_CODES else 'entity'}"
    assert found == [f"articles/a.md:5:{6 + len(kind)} {code}"]
