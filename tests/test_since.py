"""A kept layout is the one that would be made; a page that is not touched shows the same."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from site_builder import article, profile, sourced, write_site

from builder.cache import Cache
from builder.compose import Composer
from builder.gather import Articles, gather
from builder.layout import Given, Kept, holds, kept_layout, lay_out
from builder.load import content_files, load_site
from builder.parts import Inventory
from builder.since import Shown, since
from builder.theming.theme import load_theme

SITE = "title: T\npage_size: 3\nbase_url: https://example.org"
ENTITIES = ("country=IR", "country=AZ", "project=line", "project=port")
#: What an edit does to an article: its number in front matter or text, and nothing that it names.
WORDS = st.tuples(st.sampled_from(("title", "summary", "body", "publisher")), st.integers(1, 9))


def text_of(number: int, words: dict[str, int]) -> str:
    entity, other = ENTITIES[number % 4], ENTITIES[number // 4 % 4]
    translated = {"translation_of": f"a{number - 1}", "lang": "fa"} if number % 5 == 4 else {}
    # Whoever says so is named by nothing else.
    by = " by=country:AM" if number % 2 else ""
    said = f"[It]{{{entity} status=operating date=2021-0{1 + number % 9}{by}}}"
    # Words move what there is to say of the whole site: a dead link.
    behind = f"{words.get('body', 0) % 3 * chr(10)}\n\nA [link](nowhere.md)." if number % 3 == 1 else ""
    return article(
        f"{said} is number {words.get('body', 0)}.\n\nAnd [that]{{{other}}}.{behind}",
        title=f"Title {number} {words.get('title', 0)}",
        date=f"2021-01-{1 + number % 20:02d}",
        id=f"a{number}",
        summary=f"Summary {words.get('summary', 0)}",
        source=sourced(f"Publisher {words.get('publisher', 0)}"),
        **translated,
    )


class Reader:
    """Reads a site at one folder, as a build does."""

    def __init__(self, root):
        self.root = root
        self.cache = Cache(root / ".digest", b"tools")
        self.cache.open()
        self.theme = load_theme(root, "gazette")
        self.decoded = {}

    def given(self) -> Given:
        site, _ = load_site(self.root, None)
        listing, _ = content_files(self.root, site)
        found = gather(self.root, listing, site, self.cache, 1 << 62, 1, self.decoded)
        self.articles = Articles(self.cache, found.seals)
        return Given(site, self.theme, found.articles, found.documents, listing.files, drafts=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cache.close()

    def places(self, path):
        return self.articles.places(path)

    def layout(self, given: Given):
        return lay_out(given, given.fingerprint(), self.places)


def shown_of(given, layout):
    inventory = Inventory(given.site, layout.catalog, given.theme)
    return inventory, Shown(layout.given, inventory.common, layout.seals)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 16), st.lists(st.tuples(st.integers(0, 15), WORDS), max_size=4))
def test_pages_that_are_not_touched_show_what_they_showed(tmp_path_factory, count, edits):
    root = tmp_path_factory.mktemp("site")
    files = {f"content/articles/a{number}.md": text_of(number, {}) for number in range(count)}
    files["content/projects/line.md"] = profile("Line", "On the [port]{project=port}.")
    files["content/projects/port.md"] = profile("Port", countries="[AZ]")
    files["content/pages/about.md"] = "---\ntitle: About\n---\nWords.\n"
    with Reader(write_site(root, files, SITE)) as reader:
        check(reader, root, count, edits)


def check(reader, root, count, edits):
    first = reader.given()
    before = reader.layout(first)
    old_inventory, old = shown_of(first, before)
    old_views = [
        Composer(first.site, before.catalog, reader.articles).view(one) for one in before.plan.pages
    ]
    words: dict[int, dict[str, int]] = {}
    for number, (key, value) in edits:
        words.setdefault(number % count, {})[key] = value
    changed = {
        f"content/articles/a{number}.md": text_of(number, said) for number, said in words.items()
    }
    write_site(root, changed)
    second = reader.given()
    fresh = reader.layout(second)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(before.kept), type=Kept)
    assert second.fingerprint() == kept.given
    if not holds(kept, kept.given, reader.places):
        assert before.diagnostics
        assert any(number % 3 == 1 for number in words)
        return
    after = kept_layout(kept, second)
    assert after.diagnostics == fresh.diagnostics
    assert (after.plan, after.paths, after.seals) == (fresh.plan, fresh.paths, fresh.seals)
    assert tuple(after.catalog.articles) == tuple(fresh.catalog.articles)
    for field in ("entities", "pages", "versions", "changed", "names"):
        assert getattr(after.catalog, field) == getattr(fresh.catalog, field)
    inventory, now = shown_of(second, after)
    told = since(old, now, after.catalog)
    assert told is not None
    composer = Composer(second.site, after.catalog, reader.articles)
    for page, view in zip(after.plan.pages, old_views, strict=True):
        if not told.touched(page):
            assert inventory.whole(page) == old_inventory.whole(page)
            assert composer.view(page) == view
    if all(text_of(number, said) == text_of(number, {}) for number, said in words.items()):
        assert not any(map(told.touched, after.plan.pages))


def test_nothing_can_be_told_of_pages_of_another_layout(tmp_path):
    files = {f"content/articles/a{number}.md": text_of(number, {}) for number in range(3)}
    files["content/projects/line.md"] = profile("Line")
    site = write_site(tmp_path, {**files, "content/projects/port.md": profile("Port")}, SITE)
    with Reader(site) as reader:
        given = reader.given()
        layout = reader.layout(given)
        _, old = shown_of(given, layout)
        write_site(tmp_path, {"content/projects/port.md": profile("Another port")})
        changed = reader.given()
        assert changed.fingerprint() != given.fingerprint()
        other = reader.layout(changed)
        assert since(old, shown_of(changed, other)[1], other.catalog) is None
        assert since(None, old, layout.catalog) is None


def test_what_there_was_to_say_is_kept_until_words_move_it(tmp_path):
    files = {"content/articles/a.md": article("A [link](nowhere.md).")}
    with Reader(write_site(tmp_path, files, SITE)) as reader:
        given = reader.given()
        layout = reader.layout(given)
        assert [one.code for one in layout.diagnostics] == ["dead-link"]
        assert holds(layout.kept, given.fingerprint(), reader.places)
        assert kept_layout(layout.kept, given).diagnostics == layout.diagnostics
        write_site(tmp_path, {"content/articles/a.md": article("\nA [link](nowhere.md).")})
        moved = reader.given()
        assert moved.fingerprint() == given.fingerprint()
        assert not holds(layout.kept, moved.fingerprint(), reader.places)


def test_without_a_theme_no_layout_is_kept(tmp_path):
    with Reader(write_site(tmp_path, {"content/articles/a.md": article("Words.")}, SITE)) as reader:
        layout = reader.layout(structs.replace(reader.given(), theme=None))
        assert (layout.kept, layout.given) == (None, b"")
