"""The parts of the preview, each alone: what is answered, who is let in, what is noticed and told."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import threading
import time

import pytest
from msgspec import structs
from site_builder import article, build_site, profile, settle, write_site
from watchdog import events

from builder import pipeline
from builder.diagnostics import Place, diagnostic
from builder.load import load_site
from builder.preview import lens, pages
from builder.preview import live as telling
from builder.preview import loop as looping
from builder.preview import watch as watching
from builder.preview.answer import content_type
from builder.preview.follow import changed_block
from builder.preview.guard import Guard, allowed_hosts, is_host, is_open
from builder.preview.lens import Lens
from builder.preview.live import Live
from builder.preview.loop import Loop
from builder.preview.messages import Messages
from builder.preview.serve import Previewed
from builder.quoting import quote_line


class Answer:
    """What an application answers to one request."""

    def __init__(self, app, path, method="GET", query="", headers=()):
        self.status, self.headers, self.body = 0, {}, b""
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers],
        }
        asyncio.run(app(scope, self._receive, self._send))

    async def _receive(self):
        return {"type": "http.disconnect"}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")


SITE = "title: T\nbase_url: https://example.org/d%20f/\n"
FILES = {
    "content/articles/a.md": article("[Words]{country=IR}."),
    "content/articles/draft.md": article("Words.", draft="true"),
    "content/media/map.txt": "0123456789",
    "content/media/large.bin": b"0" * 3_000_000,
}


@pytest.fixture
def served(tmp_path):
    """Builds a site as a preview does, and gives the application that serves it."""

    def serve(files=FILES, site=SITE, *, drafts=False, built=True):
        write_site(tmp_path, files, site)
        output = tmp_path / ".digest/preview"
        assert not (built and build_site(tmp_path, output, drafts=drafts).failed)
        return Previewed(tmp_path, output, Live("/"), load_site(tmp_path)[0], drafts=drafts)

    return serve


# What is answered.


def test_every_answer_keeps_other_sites_out_and_is_asked_for_again(served):
    app = served()
    found = {
        path: Answer(app, path, query=query)
        for path, query in (
            ("/d f/", ""),
            ("/d f/media/map.txt", ""),
            ("/d f/media/large.bin", ""),
            ("/d f/nothing", ""),
            ("/d f/.digest/client.js", ""),
            ("/d f/.digest/nothing", ""),
            ("/d f/.digest/lens", "page=/d%2520f/articles/a/"),
            ("/", ""),
        )
    }
    assert [one.status for one in found.values()] == [200, 200, 200, 404, 200, 404, 200, 302]
    for one in found.values():
        assert one.headers["cache-control"] == "no-cache"
        assert one.headers["cross-origin-resource-policy"] == "same-origin"
        assert one.headers["referrer-policy"] == "same-origin"
        assert one.headers["x-frame-options"] == "SAMEORIGIN"
        assert one.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a/MAP.PNG", "image/png"),
        ("b.Html", "text/html; charset=utf-8"),
        ("folder.html/plan", "application/octet-stream"),
        ("Serif.WOFF2", "font/woff2"),
        ("notes", "application/octet-stream"),
        ("archive.unheard-of", "application/octet-stream"),
        ("photo.min.js", "text/javascript; charset=utf-8"),
    ],
)
def test_the_type_of_a_file_is_told_by_its_ending_alone(name, kind):
    assert content_type(name) == kind


@pytest.mark.parametrize(
    ("asked", "status", "told", "body"),
    [
        ("-99", 206, "bytes 0-9/10", b"0123456789"),
        ("-3", 206, "bytes 7-9/10", b"789"),
        ("3-3", 206, "bytes 3-3/10", b"3"),
        ("9-", 206, "bytes 9-9/10", b"9"),
        ("10-", 416, "bytes */10", b""),
        ("-0", 416, "bytes */10", b""),
        ("5-2", 200, None, b"0123456789"),
        ("-", 200, None, b"0123456789"),
        ("1-2,4-5", 200, None, b"0123456789"),
    ],
)
def test_the_part_of_a_file_that_is_asked_for_is_sent_or_the_whole(served, asked, status, told, body):
    found = Answer(served(), "/d f/media/map.txt", headers=[("range", f"bytes={asked}")])
    assert (found.status, found.body) == (status, body)
    assert found.headers.get("content-range") == told


def test_a_page_that_is_missing_is_missing_for_whoever_knows_it_too(served):
    app = served()
    tag = Answer(app, "/d f/nothing/").headers["etag"]
    again = Answer(app, "/d f/nothing/", headers=[("if-none-match", tag), ("range", "bytes=0-1")])
    assert again.status == 404
    assert len(again.body) > 2


def test_a_large_file_that_changes_is_not_the_one_that_is_known(served, tmp_path):
    app = served()
    file = tmp_path / ".digest/preview/media/large.bin"
    first = file.stat()

    def tag():
        return Answer(app, "/d f/media/large.bin", "HEAD").headers["etag"]

    tags = [tag()]
    with file.open("ab") as stream:
        stream.write(b"1")
    os.utime(file, ns=(first.st_atime_ns, first.st_mtime_ns))
    tags.append(tag())
    os.utime(file, ns=(first.st_atime_ns, first.st_mtime_ns + 1_000_000))
    tags.append(tag())
    assert len(set(tags)) == 3


def test_what_is_added_to_a_page_makes_it_another_one(served):
    app = served()
    page = Answer(app, "/d f/nothing/")
    app.site = structs.replace(app.site, base_path="/e/")
    assert Answer(app, "/e/nothing/").headers["etag"] != page.headers["etag"]


def test_the_script_stands_in_the_head_of_a_page_or_at_its_end(served, tmp_path):
    app = served()
    whole = Answer(app, "/d f/articles/a/").body.decode()
    assert whole.index(".digest/client.js") < whole.index("</head>")
    assert 'data-address="/d%20f/articles/a/"' in whole
    (tmp_path / ".digest/preview/articles/a/index.html").write_text("bare")
    assert Answer(app, "/d f/articles/a/").body.decode().startswith("bare<script ")


def test_characters_of_an_address_are_no_markup_in_a_page(served):
    files = FILES | {"content/articles/a&'b.md": article("Words.")}
    page = Answer(served(files), "/d f/articles/a&'b/").body.decode()
    assert 'data-address="/d%20f/articles/a&amp;&#x27;b/"' in page


def test_a_large_page_has_the_script_too(served, monkeypatch):
    monkeypatch.setattr(pages, "_LARGE", 10)
    assert b".digest/client.js" in Answer(served(), "/d f/articles/a/").body


def test_only_a_preview_with_drafts_marks_them(served, tmp_path):
    app = served()
    # What became a draft and has not been built since is what it was.
    write_site(tmp_path, {"content/articles/a.md": article("Words.", draft="true")})
    assert b"data-draft" not in Answer(app, "/d f/articles/a/").body
    app = served(drafts=True)
    assert b" data-draft></script>" in Answer(app, "/d f/articles/draft/").body
    assert b"data-draft" not in Answer(app, "/d f/articles/a/").body


def test_until_there_is_a_site_each_address_becomes_it_later(served):
    app = served(built=False)
    found = Answer(app, "/d f/articles/a/")
    assert found.status == 503
    assert b"There is no site yet" in found.body
    assert b'href="/d%20f/.digest/client.css"' in found.body
    assert b"/d%20f/.digest/client.js" in found.body


def test_the_page_before_there_is_a_site_names_its_path_in_html(served):
    found = Answer(served(site="title: T\nbase_url: https://x.org/a&copy/", built=False), "/a&copy/")
    assert b'href="/a&amp;copy/.digest/client.css"' in found.body


def test_a_site_at_the_root_of_its_server_is_served_there(served):
    app = served(site="title: T")
    assert Answer(app, "/").status == 200
    assert Answer(app, "/articles/a").headers["location"] == "/articles/a/"
    assert Answer(app, "/.digest/client.js").status == 200


def test_nothing_is_looked_into_that_is_not_shown(served):
    app = served()
    for address, status in (
        ("/d f/articles/a/", 200),
        ("/d f/articles/draft/", 404),
        ("/d f/articles/a", 404),
        ("/articles/a/", 404),
        ("/d f/countries/ir/", 404),
    ):
        query = "page=" + address.replace(" ", "%2520")
        assert Answer(app, "/d f/.digest/lens", query=query).status == status, address


# Who is let in.


@pytest.mark.parametrize(
    ("host", "more", "allowed", "refused"),
    [
        ("127.0.0.1", (), ["localhost", "[::1]:80", "LOCALHOST.:1"], ["192.0.2.7", "desk"]),
        ("192.0.2.7", (), ["192.0.2.7:8000", "localhost"], ["192.0.2.8"]),
        (
            "fe80::1",
            ("Desk.", "[2001:db8::1]"),
            ["[fe80::1]", "desk", "[2001:db8::1]:1"],
            ["[fe80::2]"],
        ),
        ("0.0.0.0", ("desk",), ["desk:80"], ["0.0.0.0", ""]),  # noqa: S104 - that is what is tested
        ("::", (), ["localhost"], ["[::]", ""]),
        ("", (), ["localhost"], ["", "[]"]),
    ],
)
def test_the_preview_is_called_by_its_address_and_the_names_that_are_allowed(
    host, more, allowed, refused
):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    guard = Guard(app, allowed_hosts(host, more))
    for names, status in ((allowed, 200), (refused, 403)):
        for name in names:
            assert Answer(guard, "/", headers=[("host", name)]).status == status, name


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        ("http://localhost:80", "same-origin", 200),
        ("https://LOCALHOST:80", "same-origin", 200),
        ("http://localhost", "same-origin", 403),
        ("http://localhost:80", "same-site", 403),
        ("http://localhost:80", "cross-site", 403),
        ("http://localhost:80", "none", 200),
    ],
)
def test_a_page_of_the_preview_is_one_of_the_same_origin_by_either_protocol(origin, site, status):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    guard = Guard(app, allowed_hosts("127.0.0.1", ()))
    headers = [("host", "localhost:80"), ("origin", origin), ("sec-fetch-site", site)]
    assert Answer(guard, "/", headers=headers).status == status


@pytest.mark.parametrize(
    ("name", "can_be"),
    [
        ("desk.example", True),
        ("2001:db8::1", True),
        ("[2001:db8::1]", True),
        ("desk:80", False),
        ("cafe:80", False),
        ("[::1]:80", False),
        ("fe80::1%eth0", False),
        ("[desk]", False),
        ("a b", False),
        ("", False),
    ],
)
def test_what_can_be_the_name_of_a_computer(name, can_be):
    assert is_host(name) is can_be


@pytest.mark.parametrize(
    ("host", "is_reached"),
    [
        ("127.0.0.1", False),
        ("127.0.0.9", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),  # noqa: S104 - that is what is tested
        ("192.0.2.7", True),
        ("desk.example", True),
        ("", True),
    ],
)
def test_whether_others_can_reach_an_address(host, is_reached):
    assert is_open(host) is is_reached


# What a page is told.


def told(builds, known=None):
    """What a page is told that knows the build of this number, behind these builds."""

    async def run():
        live = Live("/")
        live.bind(asyncio.get_running_loop())
        for changed, gone, messages, more in builds:
            live.publish(changed, gone, messages, base="/", failed=False, **more)
        await asyncio.sleep(0)
        return live.since("" if known is None else f"{live.server}.{known}")

    return asyncio.run(run())


def test_a_page_is_told_of_the_builds_that_it_has_missed_and_of_no_other():
    builds = [([f"/{n}/"], [], [], {}) for n in range(1, 4)]
    assert told(builds, 1)["changed"] == ["/2/", "/3/"]
    assert told(builds, 3)["changed"] == []
    assert told(builds, 0)["changed"] == ["/1/", "/2/", "/3/"]
    assert "greets" not in told(builds, 3)
    # Of a build that is still to come, as of none, nobody knows what the page knows.
    for known in (4, None):
        found = told(builds, known)
        assert (found["changed"], found["greets"]) == (None, True)


def test_what_went_and_came_back_is_there_and_what_came_and_went_is_not():
    builds = [([], ["/a/"], [], {}), (["/a/", "/b/"], [], [], {}), ([], ["/b/"], [], {})]
    found = told(builds, 0)
    assert (found["changed"], found["gone"]) == (["/a/"], ["/b/"])


def test_messages_are_told_to_those_who_do_not_know_them():
    one = {"place": "a.md:1:1"}
    builds = [([], [], [one], {}), ([], [], [one], {}), ([], [], [], {})]
    assert told(builds[:1], 0)["messages"] == [one]
    assert told(builds[:2], 0)["messages"] == [one]
    assert "messages" not in told(builds[:2], 1)
    assert told(builds, 2)["messages"] == []
    assert told(builds[:2])["messages"] == [one]


def test_a_page_that_follows_goes_where_the_last_build_sent_it_that_sent_it_anywhere():
    first, second = ({"goto": {"address": f"/{n}/", "block": n}} for n in (1, 2))
    builds = [([], [], [], first), ([], [], [], second), ([], [], [], {})]
    for known in (0, 1, None):
        found = told(builds, known)["goto"]
        assert (found["address"], found["block"], found["build"].split(".")[1]) == ("/2/", 2, "2")
    assert "goto" not in told(builds, 2)


def test_of_very_many_addresses_that_change_or_go_none_or_some_are_named():
    gone = [f"/{n}/" for n in range(telling._MOST_NAMED)]
    found = told([(["/a/"], gone[:-1], [], {})], 0)
    assert (found["changed"], len(found["gone"])) == (["/a/"], len(gone) - 1)
    found = told([(["/a/"], [*gone, "/b/"], [], {})], 0)
    assert (found["changed"], found["gone"]) == (None, gone)
    assert told([(None, [], [], {})], 0)["changed"] is None


def streamed(act, known="", method="GET"):
    """What one page is sent while something happens to the builds."""
    sent = []

    async def run():
        live = Live("/")
        live.bind(asyncio.get_running_loop())
        hung_up = asyncio.Event()

        async def receive():
            await hung_up.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message.get("body", b""))

        scope = {"type": "http", "method": method}
        stream = asyncio.create_task(live.stream(scope, receive, send, known))
        await act(live, hung_up)
        hung_up.set()
        await asyncio.wait_for(stream, 10)
        assert not live._waiting

    asyncio.run(run())
    return sent[1:]


def test_a_stream_tells_of_each_build_at_once_and_ends_with_the_page():
    async def act(live, hung_up):
        await asyncio.sleep(0.01)
        for number in (1, 2):
            live.publish([f"/{number}/"], [], [], base="/", failed=False)
            await asyncio.sleep(0.05)
        hung_up.set()
        await asyncio.sleep(0.05)
        live.publish(["/3/"], [], [], base="/", failed=False)
        await asyncio.sleep(0.01)

    found = [json.loads(one.split(b"data: ")[1]) for one in streamed(act)]
    assert [one["changed"] for one in found] == [None, ["/1/"], ["/2/"]]


def test_a_stream_without_news_gives_signs_of_life(monkeypatch):
    monkeypatch.setattr(telling, "BEAT", 0.02)

    async def act(live, hung_up):
        await asyncio.sleep(0.2)

    assert streamed(act).count(b"event: beat\ndata:\n\n") > 1


def test_who_asks_for_the_head_of_a_stream_gets_no_more():
    async def act(live, hung_up):
        await asyncio.sleep(0.01)

    assert streamed(act, method="HEAD") == [b""]


@pytest.mark.parametrize(
    ("before", "after", "block"),
    [
        ("<main><p>a</p><p>b</p></main>", "<main><p>a</p><p>b <em>c</em></p></main>", 1),
        (
            "<main><p>a</p><p><a href='/x/'>b</a></p></main>",
            "<main><p>a</p><p><a href='/y/'>b</a></p></main>",
            1,
        ),
        ("<main><p>a</p></main><p>x</p>", "<main><p>a</p></main><p>y</p>", 0),
        (
            "<main><p>a</p><p>b <img src='/x'></p></main>",
            "<main><p>a</p><p>b <img src='/y'></p></main>",
            1,
        ),
        (
            "<main><h1>T</h1><ul><li>a<p>b</li></ul>x<p>c</p></main>",
            "<main><h1>T</h1><ul><li>a<p>b</li></ul>y<p>c</p></main>",
            0,
        ),
        ("<main><p>a<br>b</p><p>c</p></main>", "<main><p>a<br>b</p><p>d</p></main>", 1),
        ("<main><p>a</p><p>b</p><p>c</p></main>", "<main><p>a</p></main>", 0),
        (
            "<main><p>a</p><ul><li>b<p>c</ul><p>d</p></main>",
            "<main><p>a</p><ul><li>b<p>c</ul><p>e</p></main>",
            3,
        ),
    ],
)
def test_the_block_that_a_page_goes_to_is_the_changed_one(before, after, block):
    assert changed_block(before, after) == block


# What the lens finds.


def loose(root, body, files=(), site="title: T", lang="en"):
    """The phrases of an article that name somebody and are not annotated, with how often."""
    write_site(root, {"content/articles/a.md": article(body, lang=lang), **dict(files)}, site)
    found = Lens(root).look("content/articles/a.md", load_site(root)[0])
    return [(one["phrase"], one["id"], one["count"]) for one in found["loose"]]


ANN = {
    "content/people/ann.md": profile("Ann Lee", aliases="[A. Lee, Lee]", names="{de: Anna Lee}"),
    "content/projects/rail.md": profile("Rail", aliases="[RL]"),
}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Ann Lee and Ann  Lee.", [("Ann Lee", "ann", 2)]),
        ("Anna Lee met A. Lee.", [("Anna Lee", "ann", 1), ("A. Lee", "ann", 1)]),
        ("[Ann Lee]{person=ann} met Lee.", [("Lee", "ann", 1)]),
        ("Ann\n\nLee and Ann, Lee.", [("Lee", "ann", 2)]),
        ("`Ann Lee` <b>[Lee](/Lee)</b> https://example.org/Lee", [("Lee", "ann", 1)]),
        ("By rail, or Rail.", [("Rail", "rail", 1)]),
        ("Guinea-Bissau and Guinea.", [("Guinea-Bissau", "GW", 1), ("Guinea", "GN", 1)]),
        ("RL and Rl.", [("RL", "rail", 1)]),
        ("[Lee] and [Lee]{.x} of Iran.", [("Lee", "ann", 2), ("Iran", "IR", 1)]),
    ],
)
def test_names_without_an_annotation_are_found_in_prose_alone(tmp_path, body, found):
    assert loose(tmp_path, body, ANN) == found


def test_of_very_many_names_without_an_annotation_some_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(lens, "_MOST", 2)
    found = loose(tmp_path, "France, Iran, Iran and Japan.")
    assert found == [("France", "FR", 1), ("Iran", "IR", 1)]


def test_countries_are_found_by_their_names_in_the_languages_of_site_and_article(tmp_path):
    body = "Germany, Deutschland, Allemagne, Germania."
    found = loose(tmp_path, body, site="title: T\nlanguage: fr", lang="de")
    assert found == [("Germany", "DE", 1), ("Deutschland", "DE", 1), ("Allemagne", "DE", 1)]


def test_the_lens_reads_a_profile_again_when_it_has_changed(tmp_path):
    write_site(tmp_path, {"content/articles/a.md": article("Ann Lee and Bea Lee."), **ANN}, "title: T")
    site, looking = load_site(tmp_path)[0], Lens(tmp_path)

    def phrases():
        return [one["phrase"] for one in looking.look("content/articles/a.md", site)["loose"]]

    assert phrases() == ["Ann Lee", "Lee"]
    write_site(tmp_path, {"content/people/ann.md": profile("Bea Lee")})
    assert phrases() == ["Bea Lee"]
    write_site(tmp_path, {"content/people/ann.md": None})
    assert phrases() == []


def test_the_lens_reads_profiles_again_when_the_kinds_of_the_site_have_changed(tmp_path):
    files = {"content/articles/a.md": article("The Fair."), "content/fairs/fair.md": profile("Fair")}
    write_site(tmp_path, files)
    looking = Lens(tmp_path)
    for kind in ("event", "fair"):
        write_site(tmp_path, {"site.yaml": f"title: T\nkinds: {{{kind}: {{plural: fairs}}}}"})
        (found,) = looking.look("content/articles/a.md", load_site(tmp_path)[0])["loose"]
        assert found["kind"] == kind


def test_the_lens_shows_what_an_annotation_says_and_where_it_stands(tmp_path):
    body = "[It]{project=rail status=agreed date=2024-05 value=9 by=person:ann note=Hm} [x]{person=no}"
    site = "title: T\neditor_url: 'e://{path}:{line}:{column}'"
    write_site(tmp_path, {"content/articles/a.md": article(body), **ANN}, site)
    first, second = Lens(tmp_path).look("content/articles/a.md", load_site(tmp_path)[0])["annotations"]
    assert [tuple(one) for one in first["attributes"]] == [
        ("status", "agreed"),
        ("date", "2024-05"),
        ("value", "9"),
        ("by", "person:ann"),
        ("note", "Hm"),
    ]
    assert first["place"] == "content/articles/a.md:5:14"
    assert first["href"].endswith("/content/articles/a.md:5:14")
    assert (first["known"], second["known"]) == (True, False)
    assert second["attributes"] == []


def test_the_place_of_a_name_without_an_annotation_is_where_it_stands_first(tmp_path):
    write_site(tmp_path, {"content/articles/a.md": article("Words.\n\nOf Lee and Lee."), **ANN})
    (found,) = Lens(tmp_path).look("content/articles/a.md", load_site(tmp_path)[0])["loose"]
    assert found["place"] == "content/articles/a.md:7:4"


def test_the_lens_looks_into_articles_alone(tmp_path):
    write_site(tmp_path, {**ANN, "content/pages/about.md": "---\ntitle: About\n---\n"}, "title: T")
    site = load_site(tmp_path)[0]
    for path in (
        "content/people/ann.md",
        "content/pages/about.md",
        "content/articles/no.md",
        "site.yaml",
    ):
        assert Lens(tmp_path).look(path, site) is None


# What is noticed.


@pytest.fixture
def changes(tmp_path, monkeypatch):
    """The changes of a site, with times that tell early from late on a busy machine."""
    for name, seconds in (("SETTLED", 0.01), ("MISSING", 0.6), ("WRITING", 0.6)):
        monkeypatch.setattr(watching, name, seconds)
    return watching.Changes(tmp_path, closes=True)


def happen(changes, root, *steps, between=0.1):
    """Let things happen to files, one after another; the paths that a look gives that began before."""
    kinds = {
        "made": events.FileCreatedEvent,
        "written": events.FileModifiedEvent,
        "closed": events.FileClosedEvent,
        "removed": events.FileDeletedEvent,
        "moved": events.FileMovedEvent,
    }

    def act():
        for kind, *names in steps:
            changes.on_any_event(kinds[kind](*(str(root / name) for name in names)))
            time.sleep(between)

    actor = threading.Thread(target=act)
    actor.start()
    found = changes.wait(10)
    actor.join()
    return found


def test_a_file_that_is_away_for_a_moment_is_one_change(changes, tmp_path):
    name = "content/a.md"
    assert happen(changes, tmp_path, ("removed", name), ("closed", name)) == (name,)
    assert changes.wait(0.01) == ()


def test_a_file_that_is_being_written_is_waited_for_and_one_that_is_closed_is_not(changes, tmp_path):
    a, b = "content/a.md", "content/b.md"
    assert happen(changes, tmp_path, ("written", a), ("closed", a), ("closed", b)) == (a,)
    assert changes.wait(1) == (b,)


def test_a_file_that_was_left_open_does_not_hold_up_those_that_are_saved_later(
    changes, tmp_path, monkeypatch
):
    monkeypatch.setattr(watching, "LONGEST", 10)
    a, b = "content/a.md", "content/b.md"
    assert happen(changes, tmp_path, ("written", a)) == (a,)
    began = time.monotonic()
    assert happen(changes, tmp_path, ("closed", b), between=0) == (b,)
    assert time.monotonic() - began < 0.5


def test_folders_that_are_made_anew_are_watched_too(tmp_path):
    name, theme = "content/articles/a.md", "themes/own/assets/a.css"
    write_site(tmp_path, {name: article("Words."), "themes/own/theme.yaml": "extends: gazette\n"})
    watch = watching.Watch(tmp_path)
    try:
        shutil.rmtree(tmp_path / "content")
        shutil.rmtree(tmp_path / "themes")
        watch.wait(5)
        write_site(tmp_path, {name: article("Words."), theme: "a {}"})
        while watch.wait(0.5):
            pass
        for one in (name, theme):
            write_site(tmp_path, {one: "other"})
            assert one in watch.wait(5)
        assert watch.word == ""
    finally:
        watch.stop()


def test_a_file_of_an_editors_own_that_comes_and_goes_is_not_waited_for(changes, tmp_path):
    began = time.monotonic()
    name = "content/4913"
    assert happen(changes, tmp_path, ("made", name), ("removed", name), between=0) == ()
    assert changes.passed == (name,)
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([("made", "a.tmp"), ("closed", "a.tmp"), ("moved", "a.tmp", "a.md")], ["a.md"]),
        ([("moved", "a.md", "a.old"), ("made", "a.md"), ("removed", "a.old")], ["a.md"]),
        ([("made", "4913"), ("removed", "4913"), ("closed", "a.md")], ["a.md"]),
        ([("made", "4913"), ("removed", "4913")] * 2 + [("closed", "a.md")], ["a.md"]),
        ([("moved", "a.md", "b.md"), ("moved", "b.md", "c.md")], ["a.md", "c.md"]),
        # These were there before, or are there now.
        ([("written", "a.md"), ("removed", "a.md")], ["a.md"]),
        ([("removed", "a.md"), ("made", "a.md"), ("removed", "a.md")], ["a.md"]),
        ([("made", "a.md"), ("removed", "a.md"), ("made", "a.md")], ["a.md"]),
    ],
)
def test_of_files_that_came_and_went_those_of_the_site_are_told(changes, tmp_path, steps, told):
    assert list(happen(changes, tmp_path / "content", *steps, between=0)) == [
        f"content/{one}" for one in told
    ]


def test_a_burst_without_end_is_over_after_a_while(changes, tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "SETTLED", 5)
    began = time.monotonic()
    assert happen(changes, tmp_path, ("closed", "content/a.md")) == ("content/a.md",)
    assert time.monotonic() - began < 3


def test_the_file_that_was_saved_last_stands_last(changes, tmp_path):
    a, b = "content/a.md", "content/b.md"
    assert happen(changes, tmp_path, ("closed", a), ("closed", b), ("closed", a), between=0) == (b, a)


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("content/a.md", True),
        ("themes/own/x.css", True),
        ("site.yaml", True),
        ("content", True),
        ("contents", True),
        ("articles", True),
        ("contents/a.md", False),
        ("notes.txt", False),
        ("public/index.html", False),
        (".digest/x", False),
        ("content/.a.md.swp", False),
        ("content/.git/a.md", False),
        ("content/a.md~", False),
    ],
)
def test_what_no_build_reads_is_no_change(changes, tmp_path, name, is_told):
    changes.on_any_event(events.FileClosedEvent(str(tmp_path / name)))
    assert changes.wait(0.01) == ((name,) if is_told else ())


def test_a_file_behind_a_link_to_elsewhere_is_a_change(changes, tmp_path):
    for name, told in (("/elsewhere/a.md", ("/elsewhere/a.md",)), ("/elsewhere/.a.md", ())):
        changes.on_any_event(events.FileClosedEvent(name))
        assert changes.wait(0.01) == told


@pytest.mark.parametrize("place", ["site/src", "elsewhere"])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("top", ["content", "themes", "themes/other"])
def test_a_file_in_a_folder_that_is_a_link_is_a_change_of_the_folder(tmp_path, place, top, late):
    root, real = tmp_path / "site", tmp_path / place
    write_site(real, {"own/a.md": "x"})
    write_site(root, {"themes/own/theme.yaml": ""} if "/" in top else {})
    watch = watching.Watch(root) if late else None
    (root / top).symlink_to(real)
    if watch:
        assert watch.wait(5) == (top,)
    watch = watch or watching.Watch(root)
    try:
        write_site(real, {"own/a.md": "y"})
        assert watch.wait(5) == (f"{top}/own/a.md",)
    finally:
        watch.stop()


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("name", ["content/originals/a.txt", "themes/own/assets/a.css", "site.yaml"])
def test_a_file_that_a_link_leads_to_is_a_change_of_the_link(tmp_path, monkeypatch, name, late):
    monkeypatch.setattr(watching, "LOOKING", 0.05)
    root, real = tmp_path / "site", tmp_path / "elsewhere/real"
    write_site(root, {"content/pages/a.md": "x", "themes/own/theme.yaml": "extends: gazette\n"})
    (root / name).parent.mkdir(exist_ok=True)
    write_site(tmp_path, {"elsewhere/real": "one"})
    watch = watching.Watch(root) if late else None
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to(real)
    if watch:
        while watch.wait(0.5):
            pass
    watch = watch or watching.Watch(root)
    try:
        for words in ("other words", "again"):
            write_site(tmp_path, {"elsewhere/new": words})
            os.replace(tmp_path / "elsewhere/new", real)
            assert watch.wait(5) == (name,)
            assert watch.wait(0.1) == ()
        real.unlink()
        assert watch.wait(5) == (name,)
    finally:
        watch.stop()


# What the loop does.


class Told:
    """A preview whose changes are a list: what was told to pages and printed after each build."""

    def __init__(self, root, *steps, follow=False, word=""):
        self.published, self.printed = [], []
        loop = Loop(root, lambda *one: self.printed.append(one), drafts=False, follow=follow)
        loop.watch.word = word
        loop.watch.stop()
        self.app, self.served = loop.app, []
        pending = list(steps)

        def wait(most=None):
            if not pending:
                raise KeyboardInterrupt
            self.served.append(loop.app.site.title)
            step = pending.pop(0)
            return step() if callable(step) else step

        def publish(changed, gone, messages, **more):
            self.published.append({"changed": changed, "gone": gone, "messages": messages, **more})

        loop.watch.wait = wait
        loop.live.publish = publish
        with pytest.raises(KeyboardInterrupt):
            loop.run("")


def saving(root, files, *names):
    """A step of a preview: files are saved, and these names are told of."""

    def step():
        time.sleep(0.02)
        write_site(root, files)
        return names or tuple(files)

    return step


A, B = "content/articles/a.md", "content/articles/b.md"
HOME = {A: article("Words.", title="A"), B: article("Words.", title="B", date="2023")}


def test_what_was_saved_is_built_and_told_with_the_path_of_the_site(tmp_path):
    write_site(tmp_path, HOME, "title: T\nbase_url: https://example.org/d/")
    found = Told(tmp_path, saving(tmp_path, {A: article("New.", title="A")}))
    assert found.published[1]["changed"] == ["/d/articles/a/", "/d/", "/d/feed.xml"]
    assert found.published[1]["base"] == "/d/"
    assert found.printed[1][1] == (A,)


def test_what_nobody_told_of_is_found_by_the_look_at_all_files(tmp_path):
    write_site(tmp_path, HOME)
    settle()

    def step():
        write_site(tmp_path, {A: article("New.", title="A"), B: article("New.", title="B")})
        return (A,)

    found = Told(tmp_path, step, (), ())
    assert [one["changed"] for one in found.published[1:]] == [
        ["/articles/a/", "/"],
        ["/articles/b/", "/"],
    ]
    # A look that finds nothing new says nothing.
    assert len(found.printed) == 3


def test_a_warning_that_comes_up_where_nobody_told_of_a_change_is_told(tmp_path):
    write_site(tmp_path, HOME)
    settle()

    def step():
        write_site(
            tmp_path, {A: article("New.", title="A"), B: HOME[B].replace("date", "dat: x\ndate")}
        )
        return (A,)

    found = Told(tmp_path, step, (), ())
    _, saved, looked = found.published
    assert (saved["changed"], saved["messages"]) == (["/articles/a/", "/"], [])
    assert (looked["changed"], len(looked["messages"])) == ([], 1)


def test_a_mistake_is_told_and_the_site_served_as_before_until_it_is_mended(tmp_path):
    write_site(tmp_path, HOME, "title: T\nbase_url: https://example.org/d/")
    site = "title: Other\nbase_url: https://example.org/e/\n"
    found = Told(
        tmp_path,
        saving(tmp_path, {A: "---\ntitle: [\n---\n", "site.yaml": site}),
        saving(tmp_path, {A: HOME[A]}),
        (),
    )
    _, broken, mended = found.published
    assert (broken["failed"], broken["base"], mended["failed"], mended["base"]) == (
        True,
        "/d/",
        False,
        "/e/",
    )
    assert [one["severity"] for one in broken["messages"]] == ["error"]
    assert mended["messages"] == []
    assert found.served == ["T", "T", "Other"]


def test_a_configuration_with_mistakes_is_not_served_by(tmp_path):
    write_site(tmp_path, HOME)
    found = Told(tmp_path, saving(tmp_path, {"site.yaml": "title: Other\nbase_url: nowhere\n"}), ())
    assert [one["failed"] for one in found.published] == [False, True]
    assert found.served == ["T", "T"]


def test_an_error_in_the_configuration_leads_to_the_editor_as_before(tmp_path):
    write_site(tmp_path, HOME, "title: T\neditor_url: 'e://{path}'\n")
    found = Told(tmp_path, saving(tmp_path, {"site.yaml": "title: T\nbase_url: nowhere\n"}))
    (message,) = found.published[1]["messages"]
    assert message["href"] == f"e://{(tmp_path / 'site.yaml').resolve().as_posix()}"


def test_what_there_is_to_say_of_the_watch_is_said_with_each_build(tmp_path):
    write_site(tmp_path, HOME)
    new = {A: article("New.", title="A")}
    found = Told(tmp_path, saving(tmp_path, new), word="looking in turn")
    assert [words for _, _, words in found.printed] == [["looking in turn"]] * 2


def test_pages_that_follow_go_to_the_article_that_was_saved_last(tmp_path):
    write_site(tmp_path, HOME | {"content/articles/notes.txt": "x"})
    new = {A: article("New.", title="A"), B: article("Words.\n\nMore.", title="B", date="2023")}
    notes = "content/articles/notes.txt"
    for follow, goto in ((True, "/articles/b/"), (False, None)):
        write_site(tmp_path, HOME)
        found = Told(tmp_path, saving(tmp_path, new, A, B, notes), follow=follow)
        sent = found.published[1]["goto"]
        assert (sent and sent["address"]) == goto
    assert found.published[0]["goto"] is None


def test_pages_that_follow_stay_where_the_site_is_as_it_was(tmp_path):
    write_site(tmp_path, HOME)
    found = Told(tmp_path, saving(tmp_path, {A: "---\ntitle: [\n---\n"}), follow=True)
    assert found.published[1]["goto"] is None


def test_so_many_files_that_not_all_are_named_are_all_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(looping, "MOST_PATHS", 1)
    write_site(tmp_path, HOME)
    new = {A: article("New.", title="A"), B: article("New.", title="B", date="2023")}
    found = Told(tmp_path, saving(tmp_path, new, A))
    assert found.printed[1][1] is None
    assert found.published[1]["changed"] == ["/articles/a/", "/articles/b/", "/"]


def test_a_build_that_fails_when_it_has_published_makes_every_page_look_for_itself(
    tmp_path, monkeypatch
):
    write_site(tmp_path, HOME)
    real = pipeline._remember

    def fail(*_):
        monkeypatch.setattr(pipeline, "_remember", real)
        raise OSError(5, "Input/output error", str(tmp_path / "content/x.md"))

    monkeypatch.setattr(pipeline, "_remember", fail)
    found = Told(tmp_path, saving(tmp_path, {A: article("New.", title="A")}), ())
    assert [one["failed"] for one in found.published] == [True, False]
    assert [one["changed"] for one in found.published] == [None, ["/articles/a/", "/"]]


def test_a_site_that_can_never_be_read_is_told_of_and_ends_no_preview(tmp_path, monkeypatch):
    def conduct(*_):
        raise OSError(5, "Input/output error", str(tmp_path / "content/x.md"))

    monkeypatch.setattr(pipeline, "conduct", conduct)
    write_site(tmp_path, HOME)
    (only,) = Told(tmp_path).published
    assert only["failed"]
    assert only["messages"][0]["place"] == "content/x.md:1:1"
    assert only["messages"][0]["rest"].endswith("can't be read or written: input/output error")


# What a message shows.


def test_the_time_is_linear_in_the_lines_that_messages_show(tmp_path):
    def seconds(count):
        (tmp_path / "a.md").write_text("".join(f"Line {number}.\n" for number in range(count)))
        began = time.process_time()
        for number in range(count):
            quoted = quote_line(diagnostic("a.md", Place(number + 1, 1), "dead-link", "no"), tmp_path)
            assert quoted.text == f"Line {number}."
        return time.process_time() - began

    assert seconds(5000) <= 15 * max(seconds(500), 0.02)


def test_a_message_shows_the_line_as_it_is_and_where_to_mend_it(tmp_path):
    (tmp_path / "a.md").write_text("one\ntwo\n")
    messages = Messages(tmp_path)
    problem = diagnostic("a.md", Place(2, 3), "dead-link", "no such page", "write another")
    template = "e://x/{path}?{line},{column}"
    (first,) = messages.of((problem,), None, template)
    assert first["place"] == "a.md:2:3"
    assert first["hint"] == "write another"
    assert first["href"] == f"e://x{(tmp_path / 'a.md').resolve().as_posix()}?2,3"
    assert "two" in "".join(first["quoted"]["lines"])
    (tmp_path / "a.md").write_text("one\nthree\n")
    for saved, changed_template, words in (
        (("b.md",), template, "two"),
        (("a.md",), template, "three"),
    ):
        (again,) = messages.of((problem,), saved, changed_template)
        assert words in "".join(again["quoted"]["lines"])
    (moved,) = messages.of((problem,), (), "f://{path}")
    assert moved["href"].startswith("f://")
    (tmp_path / "a.md").write_text("one\nfour\n")
    (anew,) = messages.of((problem,), None, "f://{path}")
    assert "four" in "".join(anew["quoted"]["lines"])
    assert messages.of((), (), template) == []
