"""The preview serves what was built, to this computer alone, and builds again after a change."""

from __future__ import annotations

import asyncio
import errno
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from previewing import LIMIT, REPOSITORY, SITE, Previewing, until
from site_builder import article, profile, write_site

from builder.diagnostics import Place, diagnostic
from builder.load import load_site
from builder.preview import watch as watching
from builder.preview.follow import BLOCKS, changed_block
from builder.preview.lens import Lens
from builder.preview.live import Live
from builder.preview.messages import editor_link
from builder.preview.origin import is_draft
from builder.quoting import quote_line
from builder.theming.theme import REQUIRED

WORDS = "words of no page"


@pytest.fixture(scope="module")
def preview(tmp_path_factory):
    """One preview for all tests that leave its site as it was."""
    root = write_site(tmp_path_factory.mktemp("preview"), SITE)
    (root / "secret.txt").write_text(WORDS)
    (root / "content/media").mkdir()
    (root / "content/media/map.bin").write_bytes(bytes(range(256)) * 10)
    (root / "content/media/large.mp4").write_bytes(b"0123456789" * 300_000)
    running = Previewing(root)
    output = root / ".digest/preview"
    (output / "link.txt").symlink_to(root / "secret.txt")
    (output / "folder").symlink_to(root)
    (output / ".hidden").write_text(WORDS)
    yield running
    running.stop()


@pytest.fixture
def start(tmp_path):
    """Starts previews of a site of the test's own."""
    started = []

    def begin(*options, files=SITE, **more):
        write_site(tmp_path, files)
        started.append(Previewing(tmp_path, *options, **more))
        return started[-1]

    yield begin
    for one in started:
        one.stop()


class Answer:
    """What a server answers to one request."""

    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split()[1]) if first else 0
        self.headers = {
            key.lower(): value.strip() for key, _, value in (one.partition(":") for one in lines)
        }


def raw(preview, data):
    """Send bytes as they are; returns the answer."""
    with socket.create_connection(("127.0.0.1", preview.port), timeout=LIMIT) as connection:
        connection.sendall(data)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return Answer(received)


def get(preview, target, method="GET", host="127.0.0.1", **headers):
    """Ask for a target as it is written."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return raw(preview, "\r\n".join([*lines, "", ""]).encode())


# What is served, and how.


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("articles/first/", "text/html; charset=utf-8"),
        ("articles/first/index.html", "text/html; charset=utf-8"),
        ("assets/own.css", "text/css; charset=utf-8"),
        ("assets/favicon.svg", "image/svg+xml; charset=utf-8"),
        ("feed.xml", "application/xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("media/large.mp4", "video/mp4"),
        ("media/map.bin", "application/octet-stream"),
        (".digest/client.js", "text/javascript; charset=utf-8"),
        (".digest/client.css", "text/css; charset=utf-8"),
    ],
)
def test_files_are_served_below_the_path_of_the_base_url_with_their_types(preview, path, kind):
    found = get(preview, f"/d/{path}")
    assert found.status == 200
    assert found.headers["content-type"] == kind
    assert found.headers["cache-control"] == "no-cache"
    assert found.headers["content-security-policy"] == "default-src 'self'"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert not any(name.startswith("access-control") for name in found.headers)
    head = get(preview, f"/d/{path}", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(found.body))


@pytest.mark.parametrize(
    "path", ["articles/first/", "media/map.bin", "media/large.mp4", ".digest/client.js"]
)
def test_what_a_browser_has_is_not_sent_again(preview, path):
    tag = get(preview, f"/d/{path}").headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = get(preview, f"/d/{path}", if_none_match=known)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert get(preview, f"/d/{path}", if_none_match='"other"').status == 200


@pytest.mark.parametrize("path", ["articles/first/", "media/map.bin", "media/large.mp4"])
def test_parts_of_a_file_are_served(preview, path):
    whole = get(preview, f"/d/{path}")
    size = len(whole.body)
    for asked, start, end in (
        ("0-9", 0, 10),
        ("5-", 5, size),
        ("-7", size - 7, size),
        ("2-999999999", 2, size),
    ):
        part = get(preview, f"/d/{path}", range=f"bytes={asked}")
        assert part.status == 206
        assert part.body == whole.body[start:end]
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    assert get(preview, f"/d/{path}", range=f"bytes={size}-").status == 416
    assert get(preview, f"/d/{path}", range="bytes=0-1", if_range='"other"').status == 200
    assert get(preview, f"/d/{path}", range="bytes=0-1", if_range=whole.headers["etag"]).status == 206


def test_addresses_without_their_slash_or_path_lead_on(preview):
    assert get(preview, "/").headers["location"] == "/d/"
    assert get(preview, "/d").headers["location"] == "/d/"
    assert get(preview, "/d/articles/first?x=1").headers["location"] == "/d/articles/first/?x=1"
    assert get(preview, "//evil.example/").status == 404
    assert get(preview, "/d//evil.example/..").status == 404


def test_what_is_not_there_gets_the_page_of_the_site(preview):
    for path in ("/d/nothing/", "/d/nothing", "/elsewhere/"):
        missing = get(preview, path)
        assert missing.status == 404
        assert b"Small" in missing.body
        assert "etag" in missing.headers


def test_the_script_is_added_to_pages_and_to_no_file(preview):
    assert get(preview, "/d/articles/first/").body.count(b"/d/.digest/client.js") == 1
    for file in (preview.root / ".digest/preview").rglob("*.html"):
        assert "<script" not in file.read_text("utf-8")
    assert "/public" not in str(list((preview.root).iterdir()))


def test_the_preview_has_no_inline_script_or_style():
    client = REPOSITORY / "builder/preview/client"
    for file in client.glob("*.js"):
        text = file.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|eval\(|new Function", text
        )


# Nothing outside the output.


@pytest.mark.parametrize(
    "target",
    [
        "/d/../../../secret.txt",
        "/d/../../secret.txt",
        "/../secret.txt",
        "/d/..%2f..%2f..%2fsecret.txt",
        "/d/%2e%2e/%2e%2e/secret.txt",
        "/d/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/d/%252e%252e/%252e%252e/secret.txt",
        "/d/..%252f..%252fsecret.txt",
        "/d/%c0%ae%c0%ae/%c0%ae%c0%ae/secret.txt",
        "/d/..\\..\\secret.txt",
        "/d/..%5c..%5csecret.txt",
        "/d/articles\\first\\index.html",
        "/d//etc/passwd",
        "/d/%2fetc%2fpasswd",
        "/d//etc/hostname",
        "/d/./index.html",
        "/d/articles/./first/",
        "/d/articles/../index.html",
        "/d/.digest-manifest.json",
        "/d/%2edigest-manifest.json",
        "/d/.hidden",
        "/d/link.txt",
        "/d/folder/secret.txt",
        "/d/folder/site.yaml",
        "/d/%00",
        "/d/index.html%00",
        "/d/index.html%00.txt",
        "/d/index.html/",
        "/d/articles/first/index.html/..%2f..%2f..%2f..%2fsecret.txt",
        "/d/.digest/../../secret.txt",
        "/d/.digest/..%2f__init__.py",
        "/d/.digest/%2e%2e/serve.py",
        "/d/.digest/client",
        "/d/.digest/",
        "/d/.digest",
        "/d/.digest/lens?page=/d/articles/../../secret/",
        "/d/.digest/lens?page=/d/articles/..%2f..%2fpages%2fabout/",
        "/d/.digest/lens?page=articles/first/",
        "/d/.digest/lens",
        "http://evil.example/d/",
        "file:///etc/passwd",
    ],
)
def test_nothing_outside_the_output_is_served(preview, target):
    found = get(preview, target)
    assert found.status == 404
    for words in (WORDS, "root:", "import annotations", '"files":'):
        assert words.encode() not in found.body


# Nobody else.

HOSTS = [
    "evil.example",
    "127.0.0.1.evil.example",
    "evil.example:80",
    "127.0.0.1@evil.example",
    "127.0.0.2",
    "",
    "[::1",
    "localhost:x",
    "2130706433",
    "localhost, evil",
]
PATHS = [
    "/d/",
    "/d/.digest/events",
    "/d/.digest/client.js",
    "/d/.digest/lens?page=/d/articles/first/",
    "/d/nothing/",
]


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_is_refused(preview, host):
    for path in PATHS:
        found = get(preview, path, host=host)
        assert found.status in (400, 403)
        assert b"Small" not in found.body


def test_a_request_with_no_host_or_two_is_refused(preview):
    assert raw(preview, b"GET /d/ HTTP/1.0\r\n\r\n").status in (400, 403)
    two = b"GET /d/ HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert raw(preview, two).status in (400, 403)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:{port}", "127.0.0.1:{port}", "[::1]:{port}", "localhost.:9000"]
)
def test_the_names_of_this_computer_are_served(preview, host):
    assert get(preview, "/d/", host=host.format(port=preview.port)).status == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:1",
        "https://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
    ],
)
def test_a_foreign_origin_is_refused(preview, origin):
    for path in PATHS:
        found = get(preview, path, host=f"localhost:{preview.port}", origin=origin)
        assert found.status == 403
        assert not any(name.startswith("access-control") for name in found.headers)


def test_another_site_can_link_to_a_page_and_use_nothing(preview):
    assert get(preview, "/d/", sec_fetch_site="cross-site", sec_fetch_mode="navigate").status == 200
    for path in PATHS:
        assert get(preview, path, sec_fetch_site="cross-site", sec_fetch_mode="no-cors").status == 403
        assert get(preview, path, sec_fetch_site="same-site", sec_fetch_mode="cors").status == 403
    assert get(preview, PATHS[1], sec_fetch_site="cross-site", sec_fetch_mode="navigate").status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(preview, method):
    found = get(preview, "/d/", method)
    assert found.status == 405
    assert found.headers["allow"] == "GET, HEAD"


def test_a_websocket_is_refused(preview):
    found = get(
        preview,
        "/d/.digest/events",
        "POST",
        upgrade="websocket",
        sec_websocket_key="x",
        sec_websocket_version=13,
    )
    assert found.status == 405


def test_rubbish_is_answered_and_does_no_harm(preview):
    assert raw(preview, b"\x16\x03\x01\x02\x00\x01\r\n\r\n").status == 400
    assert raw(
        preview,
        b"GET /d/" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ).status in (400, 404, 431)
    assert get(preview, "/d/%0d%0aSet-Cookie:x").status == 404
    many = "9" * 5000
    for part in (f"{many}-", f"0-{many}", f"-{many}"):
        assert get(preview, "/d/", range=f"bytes={part}").status == 200
        assert get(preview, "/d/media/large.mp4", range=f"bytes={part}").status == 400
    assert get_stream(preview, f"?since=x.{many}")["changed"] is None
    assert get(preview, "/d/").status == 200
    assert preview.errors == []


def test_other_computers_are_served_only_by_the_names_that_are_allowed(start):
    everywhere = "0.0.0.0"  # noqa: S104 - that is what is tested
    preview = start("--host", everywhere, "--allow-host", "desk.example", "--allow-host", "192.0.2.7")
    until(lambda: preview.errors)
    assert "other computers can reach this preview" in preview.errors[0]
    assert "desk.example" in preview.errors[0]
    assert f"http://127.0.0.1:{preview.port}/d/" in preview.lines[0]
    for host in ("desk.example", "Desk.Example:8000", "192.0.2.7", "localhost"):
        assert get(preview, "/d/", host=host).status == 200
    for host in ("evil.example", "other.desk.example", "192.0.2.8"):
        assert get(preview, "/d/", host=host).status == 403


@pytest.mark.parametrize("name", ["http://desk", "desk:80", "a b", ""])
def test_an_allowed_host_must_be_a_name(start, name, tmp_path):
    write_site(tmp_path, SITE)
    done = run("--allow-host", name, root=tmp_path)
    assert done.returncode == 2
    assert "is no name of a computer" in done.stderr


def test_a_verbose_preview_tells_more_of_each_build(start):
    preview = start("-v")
    assert re.search(r" s \(\d+ articles? parsed, \d+ rendered, \d+ reused\)$", preview.builds[0])


def test_drafts_of_one_preview_are_not_served_by_the_next(start):
    files = SITE | {"content/articles/draft.md": article("Words.", title="Secret", draft="true")}
    first = start("--drafts", files=files)
    assert "Secret" in first.text("articles/draft/")
    first.stop()
    second = start(files=files | {"content/articles/first.md": "---\ntitle: [\n---\n"})
    assert get(second, "/d/articles/draft/").status in (404, 503)
    assert get(second, "/d/.digest/lens?page=/d/articles/draft/").status == 404


# Builds.


def run(*options, root):
    command = [sys.executable, "-m", "builder", "preview", "-C", str(root), "--port", "0", *options]
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=LIMIT
    )


def told(preview, files):
    """What a preview says of the content when files are saved, but for hints."""
    builds, before = len(preview.builds), len(preview.errors)
    preview.write(files)
    until(lambda: len(preview.builds) > builds)
    # The two streams are read apart; a build that has nothing to say beside its line is over with it.
    time.sleep(0.2)
    return [one for one in preview.errors[before:] if not one.startswith("  ")]


def test_a_warning_is_printed_once_and_those_before_are_counted(start):
    first, second = "content/articles/first.md", "content/articles/second.md"
    preview = start()
    assert "warning[unknown-key]" in told(preview, {first: article("Words.", sumary="x")})[0]
    one = told(preview, {second: article("Words.", titel="x")})
    assert [line.split(":")[0] for line in one] == [second, "1 warning as before"]
    assert told(preview, {second: article("More words.", titel="x")}) == []
    broken = told(preview, {second: "---\ntitle: [\n---\n"})
    assert any("error[" in line for line in broken)
    assert not any(line.startswith(first) for line in broken)
    assert told(preview, {second: article("Words.", titel="x")}) == ["2 warnings as before"]
    assert told(preview, {second: article("Words.")}) == ["1 warning as before"]


def test_each_build_is_told_of_in_one_line(start):
    preview = start()
    preview.write({"content/articles/first.md": article("Words.", title="Second")})
    line = until(lambda: preview.builds[1:])[0]
    assert re.fullmatch(
        r"content/articles/first\.md: 8 pages, \d+ written, 1 removed, \d+\.\d\d s", line
    )
    preview.write({"content/articles/first.md": "---\ntitle: [\n---\n"})
    line = until(lambda: preview.builds[2:])[0]
    assert re.fullmatch(
        r"content/articles/first\.md: \d errors?; the pages stay as they were, \d+\.\d\d s", line
    )
    until(lambda: any("error[yaml-syntax]" in one for one in preview.errors))
    assert not any("nothing was published" in one for one in preview.errors)
    assert "Second" in preview.text("articles/first/")
    preview.write({"content/articles/first.md": article("Words.", title="Third")})
    until(lambda: "Third" in preview.text("articles/first/"))
    assert not list(preview.root.glob("public*"))


def test_the_line_of_a_build_names_what_was_saved_and_no_file_of_the_editors_own(start):
    preview = start()
    file = preview.root / "content/articles/first.md"
    for number in range(3):
        new, old = file.with_name("first.md.tmp.123"), file.with_name("first.md.old")
        new.write_text(article("Words.", title=f"Renamed {number}"))
        os.rename(file, old)
        os.rename(new, file)
        old.unlink()
        until(lambda number=number: f"Renamed {number}" in preview.text("articles/first/"))
        until(lambda number=number: len(preview.builds) > 1 + number)
    names = [line.partition(":")[0] for line in preview.builds[1:4]]
    assert names == ["content/articles/first.md"] * 3


def test_a_rename_over_a_file_is_one_build(start):
    preview = start()
    file = preview.root / "content/articles/first.md"
    for number in range(3):
        beside, backup = file.with_name(".first.md.swp"), file.with_name("first.md~")
        beside.write_text(article("Words.", title=f"Renamed {number}"))
        backup.write_bytes(file.read_bytes())
        os.replace(beside, file)
        backup.unlink()
        until(lambda number=number: f"Renamed {number}" in preview.text("articles/first/"))
    preview.settle()
    assert len(preview.builds) <= 1 + 3 + 1


def test_a_file_that_is_away_while_it_is_saved_is_never_missed(start):
    preview = start()
    file = preview.root / "content/articles/first.md"
    for number in range(10):
        os.replace(file, file.with_name("first.md~"))
        file.write_text(article("Words.", title=f"Away {number}"))
        until(lambda number=number: f"Away {number}" in preview.text("articles/first/"))
    preview.settle()
    # A build that had seen the site without the article would have taken its pages away and back.
    assert not any("9 pages" not in one and "8 pages" not in one for one in preview.builds[1:])


def test_a_thousand_changed_files_are_one_build_and_one_more_at_most(start):
    bare = {f"themes/own/templates/{name}": "{{ body_html }}" for name in REQUIRED}
    bare |= {f"themes/own/templates/{name}": "-" for name in REQUIRED if name != "article.html"}
    names = [f"content/articles/many/{number}.md" for number in range(1000)]
    preview = start(files=SITE | bare | {name: article("Words.", title="A") for name in names})
    before = len(preview.builds)
    preview.write({name: article("Other words.", title="A") for name in names})
    until(lambda: all("Other" in preview.text(f"articles/many/{number}/") for number in (0, 999)))
    preview.settle()
    assert len(preview.builds) - before <= 3


def test_a_change_during_a_build_starts_another_and_never_two_at_once(start):
    preview = start()
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            preview.write({"content/articles/busy.md": article(f"Number {number}.", title="Busy")})
        preview.write({"content/articles/busy.md": article("The last.", title="Busy")})

    writer = threading.Thread(target=write)
    writer.start()
    until(lambda: len(preview.builds) > 4)
    stop.set()
    writer.join()
    until(lambda: "The last." in preview.text("articles/busy/"))


def test_reading_the_site_and_its_own_output_start_no_build(start):
    preview = start()
    for file in preview.root.rglob("*"):
        if file.is_file():
            file.read_bytes()
    (preview.root / ".digest/preview/index.html").touch()
    (preview.root / "public").mkdir()
    (preview.root / "public/index.html").write_text("x")
    (preview.root / "notes.txt").write_text("x")
    (preview.root / "content/articles/.first.md.swp").write_text("x")
    preview.settle()
    assert len(preview.builds) == 2


def test_folders_and_links_come_and_go(start, tmp_path):
    preview = start()
    preview.write({"content/articles/2022/12/deep/new.md": article("Words.", title="Deep")})
    until(lambda: get(preview, "/d/articles/2022/12/deep/new/").status == 200)
    preview.write({"content/articles/2022/12/deep/new.md": article("Words.", title="Deeper")})
    until(lambda: "Deeper" in preview.text("articles/2022/12/deep/new/"))
    os.replace(preview.root / "content/articles/2022", preview.root / "content/articles/2023")
    until(lambda: get(preview, "/d/articles/2023/12/deep/new/").status == 200)
    preview.write({"content/articles/2023/12/deep/new.md": article("Words.", title="Moved")})
    until(lambda: "Moved" in preview.text("articles/2023/12/deep/new/"))
    os.replace(preview.root / "site.yaml", preview.root / "away.yaml")
    until(lambda: any("site.yaml" in one for one in preview.errors))
    os.replace(preview.root / "away.yaml", preview.root / "site.yaml")
    preview.settle()
    assert "Moved" in preview.text("articles/2023/12/deep/new/")


def test_where_no_more_watches_are_allowed_the_files_are_looked_at(tmp_path, monkeypatch):
    write_site(tmp_path, SITE)
    monkeypatch.setattr(watching, "POLLING", 0.05)

    def refused(*_, **__):
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(watching.Observer, "start", refused)
    watch = watching.Watch(tmp_path)
    assert "every second" in watch.word
    write_site(tmp_path, {"content/articles/first.md": article("Words.", title="Longer")})
    assert "content/articles/first.md" in watch.wait()
    watch.stop()


def test_a_folder_that_could_not_be_watched_is_noticed(tmp_path, monkeypatch):
    write_site(tmp_path, SITE)
    real = watching._watches
    monkeypatch.setattr(watching, "_PATIENCE", 2)
    monkeypatch.setattr(watching, "_watches", lambda: real() - 1)
    watch = watching.Watch(tmp_path)
    assert "every second" in watch.word
    watch.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word is Linux's")
def test_every_folder_of_a_site_is_watched(tmp_path):
    write_site(tmp_path, SITE)
    watch = watching.Watch(tmp_path)
    assert watch.word == ""
    watch.stop()


def test_a_page_is_up_to_date_when_another_preview_has_built_it(start):
    first = start()
    second = Previewing(first.root)
    try:
        known = get_stream(second, "")["id"]
        first.write({"content/articles/first.md": article("Words.", title="Built by either")})
        until(lambda: len(second.builds) > 1 and len(first.builds) > 1)
        told = get_stream(second, f"?since={known}")
        assert told["changed"] is None or "/d/articles/first/" in told["changed"]
    finally:
        second.stop()


# The end.


@pytest.fixture
def listening(preview):
    """Open streams, read up to their first message."""
    streams = []
    for _ in range(3):
        connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=LIMIT)
        connection.request("GET", "/d/.digest/events")
        answer = connection.getresponse()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.readline() == b"event: build\n"
        streams.append((connection, answer))
    yield streams
    for connection, answer in streams:
        answer.close()
        connection.close()


def data(answer):
    """The next message of a stream."""
    while not (line := answer.readline()).startswith(b"data: {"):
        assert line, "the stream has ended"
    return json.loads(line.removeprefix(b"data: "))


def test_a_stream_tells_what_changed_and_a_late_one_catches_up(preview, listening):
    (_, first), (_, second), _ = listening
    seen = data(first)["id"]
    data(second)
    preview.write({"content/articles/told.md": article("Words.", title="Told")})
    told = data(first)
    assert "/d/articles/told/" in told["changed"]
    assert "/d/" in told["changed"]
    assert "/d/about/" not in told["changed"]
    assert data(second) == told
    preview.write({"content/articles/told.md": None})
    assert "/d/articles/told/" in data(first)["gone"]
    # Both builds at once: the article came and went.
    late = get_stream(preview, f"?since={seen}")
    assert "/d/articles/told/" in late["gone"]
    assert "/d/articles/told/" not in late["changed"]
    for unknown in ("", "?since=other.1", f"?since={seen.partition('.')[0]}.999", "?since=x.-1"):
        assert get_stream(preview, unknown)["changed"] is None


def get_stream(preview, query):
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=LIMIT)
    connection.request("GET", f"/d/.digest/events{query}")
    answer = connection.getresponse()
    told = data(answer)
    answer.close()
    connection.close()
    return told


def test_a_page_that_missed_too_much_has_to_look_for_itself():
    async def publish():
        live = Live("/")
        live.bind(asyncio.get_running_loop())
        many = [f"/{number}/" for number in range(1000)]
        live.publish(many, [], [], base="/", failed=False, goto={"address": "/x/", "block": 1})
        await asyncio.sleep(0)
        assert live.since(f"{live.server}.0")["changed"] is None
        sent = {"address": "/x/", "block": 1, "build": f"{live.server}.1"}
        assert live.since(f"{live.server}.0")["goto"] == sent
        for number in range(150):
            live.publish([f"/{number}/"], [], [], base="/", failed=False)
        await asyncio.sleep(0)
        assert live.since(f"{live.server}.20")["changed"] is None
        assert live.since(f"{live.server}.149")["changed"] == ["/148/", "/149/"]

    asyncio.run(publish())


def test_an_interrupt_ends_at_once_with_its_status_whoever_is_connected(start):
    preview = start()
    with socket.create_connection(("127.0.0.1", preview.port), timeout=LIMIT) as stream:
        stream.sendall(b"GET /d/.digest/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert stream.recv(100)
        assert preview.stop(signal.SIGINT) == 130
    assert [one for one in preview.errors if one] == ["interrupted"]


def test_a_taken_port_is_a_usage_error(tmp_path):
    write_site(tmp_path, SITE)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("--port", str(taken.getsockname()[1]), root=tmp_path)
    assert done.returncode == 2
    assert "try another --port" in done.stderr


@pytest.mark.parametrize("host", ["nonsense.invalid", "192.0.2.1"])
def test_a_host_that_this_computer_does_not_have_is_a_usage_error(tmp_path, host):
    write_site(tmp_path, SITE)
    done = run("--host", host, "--port", "0", root=tmp_path)
    assert done.returncode == 2
    assert "try another --host" in done.stderr


def test_other_commands_do_not_load_the_server():
    code = "import sys, builder.cli.building as _; print(sys.modules.keys() & {'starlette', 'asyncio'})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


# Small parts.


@pytest.mark.parametrize(
    ("before", "after", "block"),
    [
        ("", "<main><h1>T</h1><p>a</p></main>", 0),
        ("<main><h1>T</h1><p>a</p></main>", "<main><h1>T</h1><p>a</p></main>", 0),
        ("<main><h1>T</h1><p>a</p><p>b</p></main>", "<main><h1>T</h1><p>a</p><p>c</p></main>", 2),
        ("<main><h1>T</h1><p>a</p></main>", "<main><h1>T</h1><p>a</p><p>b</p></main>", 2),
        ("<main><h1>T</h1><p>a</p><p>b</p></main>", "<main><h1>T</h1><p>a</p></main>", 1),
        (
            "<main><ul><li>a<p>b</p></li><li>c</li></ul></main>",
            "<main><ul><li>a<p>b</p></li><li>d</li></ul></main>",
            2,
        ),
        ("<p>x</p><main><p>a</p></main>", "<p>y</p><main><p>a</p></main>", 0),
        ("<main><p>a <a href='/x/'>b</a></p></main>", "<main><p>a <a href='/y/'>b</a></p></main>", 0),
    ],
)
def test_the_changed_block_is_the_first_that_is_not_as_it_was(before, after, block):
    assert changed_block(before, after) == block


@pytest.mark.parametrize(
    ("template", "link"),
    [
        ("vscode://file/{path}:{line}:{column}", "vscode://file{path}:3:7"),
        ("idea://open?file={path}&line={line}", "idea://open?file={path}&line=3"),
        ("txmt://open?url=file://{path}", "txmt://open?url=file://{path}"),
        ("", ""),
    ],
)
def test_the_link_to_the_editor_holds_the_whole_path(tmp_path, template, link):
    (tmp_path / "a b&c.md").write_text("x")
    path = f"{tmp_path.resolve()}/a%20b%26c.md"
    assert editor_link(template, tmp_path, "a b&c.md", 3, 7) == link.replace("{path}", path)
    assert editor_link(template, tmp_path, "gone.md", 3, 7) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("javascript:alert({path})", "runs a script"),
        ("JavaScript:alert({path})", "runs a script"),
        ("data:text/html,{path}", "runs a script"),
        ("vscode://file/{file}", '"{file}" is not known'),
        ("vscode://file/", "does not say where the path"),
        ("vscode://file/{path", "is no address"),
        ("no address {path}", "is no address"),
    ],
)
def test_an_address_of_no_editor_is_an_error(value, words):
    from builder.config import read_site

    found, (problem,) = read_site(f"title: T\neditor_url: '{value}'\n")
    assert found.editor_url == ""
    assert (problem.code, problem.line, problem.column) == ("bad-address", 2, 13)
    assert words in problem.message


def test_the_address_of_the_editor_changes_no_page(tmp_path):
    from site_builder import build_site, tree

    write_site(tmp_path, SITE | {"content/people/ann.md": profile("Ann Lee")})
    build_site(tmp_path)
    before = tree(tmp_path / "public")
    site = SITE["site.yaml"].replace("editor://", "vscode://")
    write_site(tmp_path, {"site.yaml": site})
    report = build_site(tmp_path)
    assert (report.rendered, report.written, report.changed) == (0, 0, ())
    assert tree(tmp_path / "public") == before


def test_the_lens_calls_an_entity_as_its_page_does(tmp_path):
    files = {
        "content/projects/bridge.md": "---\nname: The bridge\nnames: {de: Die Brücke}\n---\n",
        "content/articles/a.md": article("[Words]{project=bridge} of [Iran]{country=IR}."),
        "content/articles/b.md": "No front matter, but [words]{project=bridge}.\n",
    }
    write_site(tmp_path, files, "title: T\nlanguage: de-AT")
    site, _ = load_site(tmp_path)
    lens = Lens(tmp_path)
    for name, said in (("a", ["Die Brücke", "Iran"]), ("b", ["Die Brücke"])):
        found = lens.look(f"content/articles/{name}.md", site)
        assert [(one["name"], one["known"]) for one in found["annotations"]] == [
            (word, True) for word in said
        ]
        assert [one["phrase"] for one in found["loose"]] == []


@pytest.mark.parametrize(
    ("front", "draft"),
    [
        ("---\nsource:\n\tlicense: MIT\ndraft: true\n---\n", True),
        ("---\ndraft: true\n...\nWords.\n", True),
        ("---\ntitle: A draft: true\n---\n", False),
        ("---\ndraft: [\n---\n", False),
        ("---\ndraft: 'true'\n---\n", False),
        ("---\ndraft: 1\n---\n", False),
        ("---\ndraft: true\n", False),
        ("draft: true\n", False),
    ],
)
def test_a_draft_is_what_the_build_takes_for_one(tmp_path, front, draft):
    write_site(tmp_path, {"content/articles/a.md": front, "content/pages/b.md": front})
    assert is_draft(tmp_path, "articles/a/") is draft
    assert is_draft(tmp_path, "b/") is draft


def test_the_line_that_is_quoted_is_the_one_that_is_counted(tmp_path):
    text = "one\u2028still one\x85\x0c\r\ntwo\rthree\nfour"
    (tmp_path / "a.md").write_bytes(text.encode())
    for number, shown in enumerate(("one still one", "two", "three", "four"), 1):
        quoted = quote_line(diagnostic("a.md", Place(number, 1), "dead-link", ""), tmp_path)
        assert (quoted.number, quoted.text.strip()) == (number, shown)


def test_the_client_counts_the_blocks_that_the_server_compares():
    client = (REPOSITORY / "builder/preview/client/client.js").read_text("utf-8")
    listed = re.search(r"const BLOCKS = \[(.*?)\]", client, re.DOTALL)[1]
    assert tuple(re.findall(r'"(\w+)"', listed)) == BLOCKS
