"""The page in the browser is always the page being written: the preview in real Chromium."""

import shutil

import pytest
from previewing import LIMIT, SITE, Previewing, until
from site_builder import article, profile, write_site

pytestmark = pytest.mark.browser
MILLISECONDS = LIMIT * 1000


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One preview for all tests that leave their site as they found it."""
    preview = Previewing(write_site(tmp_path_factory.mktemp("shared"), SITE))
    yield preview
    preview.stop()


@pytest.fixture
def start(tmp_path):
    """Starts previews of a site of the test's own."""
    started = []

    def begin(*options, files=SITE, port=0):
        write_site(tmp_path, files)
        started.append(Previewing(tmp_path, *options, port=port))
        return started[-1]

    yield begin
    for one in started:
        one.stop()


class Tab:
    """A tab on a preview. What the console says is in `console`."""

    def __init__(self, context, preview, address=""):
        self.preview = preview
        self.console = []
        self.page = context.new_page()
        self.page.set_default_timeout(MILLISECONDS)
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.go(address)

    def go(self, address):
        self.page.goto(self.preview.home + address)
        # A page that hears of builds is told of the next one, whenever it comes.
        self.becomes("document.querySelector('digest-preview')?.shadowRoot?.firstChild?.dataset.build")
        # From now on it can be told whether the page was loaded anew.
        self.page.evaluate("window.untouched = true")

    def has(self, selector, text=""):
        self.page.locator(selector).filter(has_text=text).first.wait_for()

    def lacks(self, selector):
        self.page.locator(selector).first.wait_for(state="hidden")

    def run(self, script, *arguments):
        return self.page.evaluate(script, *arguments)

    def becomes(self, script):
        """Wait until a script gives something true."""
        return until(lambda: self.page.evaluate(script), script)

    @property
    def was_kept(self):
        """Whether the page is the one that was loaded."""
        return self.page.evaluate("window.untouched === true")


@pytest.fixture
def tab(browser):
    """Opens tabs of one browser profile."""
    context = browser.new_context(reduced_motion="reduce")
    yield lambda preview, address="": Tab(context, preview, address)
    context.close()


def test_a_page_loads_with_its_script_and_nothing_goes_wrong(shared, tab):
    page = tab(shared, "articles/first/")
    page.has("h1", "First")
    page.becomes("document.querySelector('digest-preview').shadowRoot.adoptedStyleSheets.length")
    assert page.console == []
    published = shared.root / ".digest/preview/articles/first/index.html"
    assert "<script" not in published.read_text("utf-8")


def test_an_edited_body_is_patched_in_place(shared, tab):
    shared.write({"content/articles/body.md": article("Before.\n\nKept.", title="Body")})
    shared.settle()
    page = tab(shared, "articles/body/")
    page.run(
        "window.kept = [...document.querySelectorAll('p')].find((one) => one.textContent === 'Kept.')"
    )
    shared.write({"content/articles/body.md": article("After.\n\nKept.", title="Body")})
    page.has("p", "After.")
    assert page.was_kept
    assert page.run("window.kept.isConnected")


def test_an_edited_title_reaches_both_listings_and_leaves_other_pages_alone(shared, tab):
    titled = "content/articles/titled.md"
    shared.write({titled: article("Words.", title="Old title", countries="[AZ]")})
    shared.settle()
    front, country, other = tab(shared), tab(shared, "countries/az/"), tab(shared, "projects/railway/")
    for page in (front, country):
        page.has("main", "Old title")
    other.run(
        "window.changes = 0; new MutationObserver((seen) => { window.changes += seen.length })"
        ".observe(document, {subtree: true, childList: true, attributes: true, characterData: true})"
    )
    shared.write({titled: article("Words.", title="New title", countries="[AZ]")})
    for page in (front, country):
        page.has("main", "New title")
        assert page.was_kept
    assert other.run("window.changes") == 0


def test_an_edited_template_and_an_edited_configuration_change_the_page_in_place(start, tab):
    preview = start()
    page = tab(preview, "articles/first/")
    template = SITE["themes/own/templates/article.html"]
    preview.write({"themes/own/templates/article.html": template.replace("<h1>", "<p>New</p><h1>")})
    page.has("main p", "New")
    preview.write({"site.yaml": SITE["site.yaml"].replace("Small", "Large")})
    page.has(".flag", "Large")
    assert page.was_kept
    preview.write({"site.yaml": SITE["site.yaml"].replace("theme: own", "theme: gazette")})
    page.has("section.facts")


def test_a_stylesheet_is_swapped_without_loading_the_page(shared, tab):
    page = tab(shared, "about/")
    look = "getComputedStyle(document.body).getPropertyValue('--own')"
    assert page.run(look) == "one"
    shared.write({"themes/own/assets/own.css": "body { --own: two; }\n"})
    page.becomes(f"{look} === 'two'")
    page.becomes("document.querySelectorAll('link[href*=\"own.css\"]').length === 1")
    assert page.was_kept
    # The next change of the page leaves the swapped stylesheet alone.
    shared.write({"content/pages/about.md": "---\ntitle: About\n---\nMore of this site.\n"})
    page.has("p", "More of this site.")
    assert page.run(look) == "two"


def test_errors_stand_over_the_last_good_site_until_they_are_mended(start, tab):
    preview = start()
    page = tab(preview, "articles/first/")
    broken = "---\ntitle: A: b\ndate: 2021\n---\n<b>Words</b>\n"
    preview.write({"content/articles/first.md": broken})
    page.has("digest-preview .dialog", "content/articles/first.md:2:9: error[yaml-syntax]")
    line = until(lambda: [one for one in preview.errors if "first.md:2:9" in one])[0]
    shown = page.page.locator("digest-preview .dialog li .head").first
    assert shown.text_content() == line
    hint = next(one.strip() for one in preview.errors if one.startswith("  hint: "))
    assert page.page.locator("digest-preview .hint").first.text_content() == hint
    assert (
        page.page.locator("digest-preview pre").first.text_content().splitlines()[1]
        == "  2 | title: A: b"
    )
    mark = page.page.locator("digest-preview mark").bounding_box()
    caret = page.page.locator("digest-preview .caret").bounding_box()
    assert abs(mark["x"] + mark["width"] / 2 - caret["x"] - caret["width"] / 2) < 2
    assert caret["y"] > mark["y"] + mark["height"] / 2
    link = page.page.locator("digest-preview .place").first.get_attribute("href")
    assert (
        link == f"editor://open?file={preview.root.resolve()}/content/articles/first.md&line=2&column=9"
    )
    assert page.run("document.querySelector('h1').textContent") == "First"
    page.page.keyboard.press("Escape")
    page.lacks("digest-preview .dialog")
    page.page.locator("digest-preview .badge.failed").click()
    page.has("digest-preview .dialog")
    preview.write({"content/articles/first.md": article("Words.", title="Mended")})
    page.has("h1", "Mended")
    page.lacks("digest-preview .dialog")
    page.lacks("digest-preview .badge")
    assert page.was_kept


def test_the_marked_character_is_in_sight_in_a_narrow_window(start, tab):
    preview = start()
    page = tab(preview, "articles/first/")
    page.page.set_viewport_size({"width": 360, "height": 700})
    preview.write(
        {"content/articles/first.md": article(f"{'Words ' * 9}[x]{{project=nothing}} {'y ' * 9}")}
    )
    page.has("digest-preview .dialog", "unknown-project")
    mark = page.page.locator("digest-preview mark").bounding_box()
    box = page.page.locator("digest-preview pre").bounding_box()
    assert box["x"] <= mark["x"]
    assert mark["x"] + mark["width"] <= box["x"] + box["width"]


def test_every_diagnostic_is_listed_and_text_from_files_is_no_markup(start, tab):
    preview = start()
    page = tab(preview)
    hostile = '---\ntitle: A\ndate: 2021\n<img/src=x onerror="window.hacked=1">: b\n---\n'
    preview.write(
        {
            "content/articles/a.md": hostile,
            "content/articles/b.md": "---\ntitle: B\n---\n[x]{project=<b>nothing</b>}\n",
            "content/articles/c.md": article("[x]{project=railwy}"),
        }
    )
    page.has("digest-preview .dialog", "content/articles/c.md")
    shown = page.page.locator("digest-preview .dialog .head").all_text_contents()
    until(lambda: set(shown) == {one for one in preview.errors if one.startswith("content/")})
    assert [": error[" in one for one in shown] == [True, True, True, False]
    assert not page.run("window.hacked")
    assert page.page.locator("digest-preview .dialog img").count() == 0


def test_warnings_are_a_badge_with_a_list(shared, tab):
    warned = "content/articles/warned.md"
    page = tab(shared)
    shared.write({warned: article("Words.", title="Warned", sumary="x")})
    page.has("digest-preview .badge", "1 warning")
    page.lacks("digest-preview .dialog")
    page.page.locator("digest-preview .badge").click()
    page.has("digest-preview .dialog", "warning[unknown-key]")
    page.page.keyboard.press("Escape")
    page.lacks("digest-preview .dialog")
    assert (
        page.run("document.querySelector('digest-preview').shadowRoot.activeElement.className")
        == "badge"
    )
    shared.write({warned: None})
    page.lacks("digest-preview .badge")


def test_a_site_that_never_built_shows_its_errors_and_then_the_site(start, tab):
    files = SITE | {"content/articles/first.md": "---\ntitle: [\n---\n"}
    preview = start(files=files)
    page = tab(preview)
    page.has("h1", "There is no site yet")
    page.has("digest-preview .dialog", "content/articles/first.md:")
    page.lacks("digest-preview .dialog > .note")
    preview.write({"content/articles/first.md": article("Words.", title="At last")})
    page.has("main", "At last")


def test_a_deleted_article_says_so_and_a_restored_one_stays(shared, tab):
    text = article("Words.", title="Deleted")
    shared.write({"content/articles/deleted.md": text})
    shared.settle()
    page = tab(shared, "articles/deleted/")
    shared.write({"content/articles/deleted.md": None})
    page.has("digest-preview .notice", "This page is gone")
    page.has("h1", "Deleted")
    notice = page.page.locator("digest-preview .notice").first.bounding_box()
    page.becomes(f"document.querySelector('.flag').getBoundingClientRect().top >= {notice['height']}")
    shared.write({"content/articles/deleted.md": text})
    page.lacks("digest-preview .notice")
    assert page.was_kept


def test_a_notice_comes_and_goes_without_moving_what_is_read(shared, tab):
    text = article("\n\n".join(["Words."] * 99), title="Long and deleted")
    shared.write({"content/articles/deleted.md": text})
    shared.settle()
    page = tab(shared, "articles/deleted/")
    place = "Math.round(document.querySelectorAll('.body p')[50].getBoundingClientRect().top)"
    page.run("document.querySelectorAll('.body p')[50].scrollIntoView()")
    before = page.run(place)
    shared.write({"content/articles/deleted.md": None})
    page.has("digest-preview .notice", "This page is gone")
    page.becomes("getComputedStyle(document.documentElement).paddingTop !== '0px'")
    assert page.run(place) == before
    shared.write({"content/articles/deleted.md": text})
    page.becomes("getComputedStyle(document.documentElement).paddingTop === '0px'")
    assert page.run(place) == before


def test_a_new_article_appears_in_listings_and_where_it_was_missing(shared, tab):
    front, missing = tab(shared), tab(shared, "articles/2022/new/")
    shared.write({"content/articles/2022/new.md": article("Words.", title="Brand new")})
    front.has("main", "Brand new")
    missing.has("h1", "Brand new")


def test_a_tab_catches_up_when_the_server_was_away(start, tab):
    preview = start()
    page, other = tab(preview, "articles/first/"), tab(preview, "about/")
    preview.stop()
    page.has("digest-preview .notice", "does not answer")
    text = article("Words while it was away.", title="Away")
    again = start(files=SITE | {"content/articles/first.md": text}, port=preview.port)
    page.has("h1", "Away")
    page.lacks("digest-preview .notice")
    assert page.was_kept
    again.write({"content/pages/about.md": "---\ntitle: About\n---\nStill here.\n"})
    other.has("p", "Still here.")
    assert other.was_kept


def test_scroll_focus_selection_details_and_fields_stay(shared, tab):
    page = tab(shared, "articles/long/")
    page.page.locator("summary").click()
    page.page.locator("[name=text]").fill("typed")
    page.page.locator("[name=words]").fill("some words")
    page.run("""() => {
      const words = document.querySelector("[name=words]");
      words.focus();
      words.setSelectionRange(2, 4);
      const all = [...document.querySelectorAll("p")];
      const paragraph = all.find((one) => one.textContent.startsWith("Paragraph 40"));
      window.paragraph = paragraph;
      scrollTo({top: paragraph.offsetTop - 100, behavior: "instant"});
      window.top0 = paragraph.getBoundingClientRect().top;
    }""")
    text = SITE["content/articles/long.md"]
    changed = text.replace("Paragraph 5 ", "Many more\n\nparagraphs\n\nabove.\n\nParagraph 5 ")
    shared.write({"content/articles/long.md": changed.replace("Paragraph 41", "Paragraph forty-one")})
    page.has("p", "Paragraph forty-one")
    assert page.was_kept
    assert page.run("document.querySelector('details').open")
    assert page.run("document.activeElement.name") == "words"
    assert page.run("[document.activeElement.selectionStart, document.activeElement.selectionEnd]") == [
        2,
        4,
    ]
    assert page.run("document.querySelector('[name=text]').value") == "typed"
    assert page.run("document.querySelector('[name=words]').value") == "some words"
    page.becomes("Math.abs(window.paragraph.getBoundingClientRect().top - window.top0) < 2")


def test_a_selection_of_words_stays_around_an_edit(shared, tab):
    shared.write({"content/articles/select.md": article("One two three four.", title="Select")})
    shared.settle()
    page = tab(shared, "articles/select/")
    page.run("""() => {
      const all = [...document.querySelectorAll("p")];
      const text = all.find((one) => one.textContent.startsWith("One")).firstChild;
      getSelection().setBaseAndExtent(text, 8, text, 13);
    }""")
    shared.write({"content/articles/select.md": article("One and two three four.", title="Select")})
    page.has("p", "One and two")
    assert page.run("getSelection().toString()") == "three"


def test_a_hundred_rapid_saves_end_in_the_right_page_with_few_builds(start, tab):
    preview = start()
    page = tab(preview, "articles/first/")
    for number in range(100):
        preview.write({"content/articles/first.md": article(f"Save number {number}.", title="Saved")})
    page.has("p", "Save number 99.")
    preview.settle()
    assert len(preview.builds) < 30
    assert page.was_kept


def test_a_tab_follows_the_editor_to_the_changed_paragraph(start, tab):
    preview = start("--follow")
    page = tab(preview)
    text = SITE["content/articles/long.md"]
    preview.write({"content/articles/long.md": text.replace("Paragraph 50 ", "Paragraph fifty ")})
    page.page.wait_for_url("**/articles/long/")
    shown = """() => {
      const all = [...document.querySelectorAll("p")];
      const one = all.find((one) => one.textContent.startsWith("Paragraph %s"));
      const box = one?.getBoundingClientRect();
      return box && box.top >= 0 && box.bottom <= innerHeight;
    }"""
    page.becomes(shown % "fifty")
    page.run("window.untouched = true")
    preview.write({"content/articles/long.md": text.replace("Paragraph 3 ", "Paragraph three ")})
    page.becomes(shown % "three")
    assert page.was_kept


def test_a_tab_that_was_on_its_way_while_the_editor_went_on_goes_on_too(start, tab):
    preview = start("--follow")
    text = SITE["content/articles/long.md"]
    page = tab(preview)
    preview.write({"content/articles/long.md": text.replace("Paragraph 50 ", "Paragraph fifty ")})
    page.page.wait_for_url("**/articles/long/")
    page.has("p", "Paragraph fifty")
    # As if an earlier build had sent it here, and it had not yet heard of the one for paragraph 50.
    page.go("articles/long/?unsent")
    assert page.run("scrollY") == 0
    page.run("""() => sessionStorage.setItem(
      "digest-goto", JSON.stringify({ address: location.pathname, block: 0, build: "earlier" })
    )""")
    page.page.reload()
    page.becomes("scrollY > 0")


LENS = "digest-preview aside.lens"
LENSED = """\
The [railway]{project=railway status=operating date=2021-12 value="3 km" by=country:IR note=Seen}
of [Iran]{country=IR}.

The railway is mentioned in Iran, and Azerbaijan too: Rasht-Astara railway.

`Iran`
"""


def test_the_lens_shows_annotations_and_names_without_one(shared, tab):
    shared.write({"content/articles/lens.md": article(LENSED, title="Lens")})
    shared.settle()
    page = tab(shared, "articles/lens/")
    page.page.locator("[name=words]").press("a")
    assert page.page.locator(LENS).is_hidden()
    page.run("document.activeElement.blur()")
    page.page.keyboard.press("Control+a")
    assert page.page.locator(LENS).is_hidden()
    page.page.keyboard.press("a")
    page.has(LENS)
    said = page.page.locator(f"{LENS} ol .said").all_text_contents()
    assert said == [
        "project=railway status=operating date=2021-12 value=3 km by=country:IR note=Seen",
        "country=IR",
    ]
    loose = page.page.locator(f"{LENS} ul li").all_text_contents()
    assert [one.split("content/")[0] for one in loose] == [
        "The railway project=railway Rasht-Astara railway",
        "Iran country=IR",
        "Azerbaijan country=AZ",
        "Rasht-Astara railway project=railway",
    ]
    assert page.page.locator("digest-label").count() == 2
    page.has("digest-label", "status=operating")
    shared.write({"content/articles/lens.md": article("Of [Iran]{country=IR}.", title="Lens")})
    page.becomes("document.querySelectorAll('digest-label').length === 1")
    page.page.keyboard.press("a")
    page.lacks(LENS)
    assert page.page.locator("digest-label").count() == 0
    assert page.was_kept
    assert page.console == []


def test_the_badge_stands_above_the_lens(shared, tab):
    lensed = "content/articles/lens.md"
    shared.write({lensed: article(LENSED, title="Lens", sumary="x")})
    shared.settle()
    page = tab(shared, "articles/lens/")
    page.has("digest-preview .badge", "1 warning")
    low = page.page.locator("digest-preview .badge").bounding_box()
    page.page.keyboard.press("a")
    page.has(LENS)
    top = page.page.locator(LENS).bounding_box()["y"]
    box = "document.querySelector('digest-preview').shadowRoot.querySelector('.badge')"
    page.becomes(f"{box}.getBoundingClientRect().bottom <= {top}")
    page.page.keyboard.press("a")
    page.becomes(f"{box}.getBoundingClientRect().top === {low['y']}")
    shared.write({lensed: None})


def test_focus_is_on_the_page_again_when_an_error_is_mended(start, tab):
    preview = start()
    page = tab(preview, "articles/first/")
    preview.write({"content/articles/long.md": "---\ntitle: [\n---\n"})
    page.has("digest-preview .dialog")
    preview.write({"content/articles/long.md": article("Words.", title="Long", sumary="x")})
    page.lacks("digest-preview .dialog")
    page.has("digest-preview .badge", "1 warning")
    assert page.run("document.activeElement === document.body")


def test_drafts_are_shown_and_marked_only_when_asked_for(start, tab):
    files = SITE | {
        "site.yaml": "title: Small\n",
        "content/articles/draft.md": article("Words.", title="Secret", draft="true"),
        "content/pages/plan.md": "---\ntitle: Plan\ndraft: true\n---\nWords.\n",
    }
    shown = start("--drafts", files=files)
    for address in ("articles/draft/", "plan/"):
        page = tab(shown, address)
        page.has("main .draft", "Draft")
        page.has("digest-preview .draft", "Draft")
    page = tab(shown)
    page.has("main .draft", "Draft")
    assert page.page.locator("digest-preview .draft").is_hidden()
    shown.stop()
    hidden = start(files=files)
    page = tab(hidden, "articles/draft/")
    page.lacks(".draft")
    assert "Secret" not in page.page.content()
    page.go("plan/")
    assert "Plan" not in page.page.content()


def test_a_site_that_moves_to_another_path_takes_its_pages_along(start, tab):
    preview = start()
    page = tab(preview, "articles/first/")
    preview.write({"site.yaml": SITE["site.yaml"].replace("/d/", "/e/f/")})
    page.page.wait_for_url("**/e/f/articles/first/")
    page.has("h1", "First")


def test_ten_tabs_share_one_stream(shared, tab):
    pages = [tab(shared, "about/") for _ in range(10)]
    shared.write({"content/pages/about.md": "---\ntitle: About\n---\nFor all ten.\n"})
    for page in pages:
        page.has("p", "For all ten.")


def test_a_folder_that_is_removed_and_made_again_is_still_watched(start, tab):
    preview = start()
    page = tab(preview, "articles/first/")
    shutil.rmtree(preview.root / "content")
    page.has("digest-preview .notice", "This page is gone")
    preview.write({name: text for name, text in SITE.items() if name.startswith("content/")})
    page.lacks("digest-preview .notice")
    preview.write({"content/articles/first.md": article("Words.", title="Back again")})
    page.has("h1", "Back again")
    preview.write({"content/people/ann.md": profile("Ann Lee")})
    preview.write({"content/articles/first.md": article("[Ann]{person=ann}", title="With Ann")})
    page.has("h1", "With Ann")
