"""The preview serves what was built, builds again after a change, and serves nothing else."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIMIT = 30.0


@pytest.fixture
def site(tmp_path):
    (tmp_path / "content/articles").mkdir(parents=True)
    (tmp_path / "content/articles/a.md").write_text("---\ntitle: First\ndate: 2021\n---\nWords.\n")
    (tmp_path / "site.yaml").write_text("title: Small\nbase_url: https://example.org/d/\n")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path


@pytest.fixture
def server(site):
    command = [sys.executable, "-m", "builder", "preview", "-C", str(site), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    process.port = int(re.search(r":(\d+)/", first).group(1))
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def get(server, path, host="127.0.0.1"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LIMIT)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer, body


def raw(server, target):
    with socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT) as connection:
        connection.sendall(f"GET {target} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")


def until(condition):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("the page did not become what it should")


def test_pages_are_served_below_the_path_of_the_base_url(server):
    answer, body = get(server, "/d/articles/a/")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "First" in body
    assert get(server, "/d/nothing/")[0].status == 404
    assert "Small" in get(server, "/d/nothing/")[1]
    assert get(server, "/")[0].headers["Location"] == "/d/"
    assert get(server, "/d/articles/a")[0].headers["Location"] == "/d/articles/a/"


def test_a_change_is_built_and_served(server, site):
    (site / "content/articles/a.md").write_text("---\ntitle: Second\ndate: 2021\n---\nWords.\n")
    until(lambda: "Second" in get(server, "/d/articles/a/")[1])


def test_a_site_with_errors_keeps_serving_what_was_built(server, site):
    file = site / "content/articles/a.md"
    file.write_text("---\ntitle: [\n---\n")
    file.write_text("---\ntitle: Third\ndate: 2021\n---\nWords.\n")
    until(lambda: "Third" in get(server, "/d/articles/a/")[1])


def test_a_foreign_host_is_refused(server):
    assert get(server, "/d/", host="evil.example")[0].status == 403


@pytest.mark.parametrize(
    "target",
    [
        "/d/../../../secret.txt",
        "/d/..%2f..%2f..%2fsecret.txt",
        "/d/%2e%2e/%2e%2e/%2e%2e/secret.txt",
        "/d/..\\..\\..\\secret.txt",
        "/d//etc/passwd",
        "/d/.digest-manifest.json",
        "/d/%00",
        "//evil.example/",
        "/d/articles/a/index.html/..%2f..%2f..%2f..%2fsecret.txt",
    ],
)
def test_nothing_outside_the_output_is_served(server, target):
    answer = raw(server, target)
    assert " 404 " in answer.splitlines()[0]
    assert "secret" not in answer.replace("secret.txt", "")
    assert "root:" not in answer


def test_an_interrupt_ends_at_once_with_its_status(server):
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=LIMIT) == 130


def test_a_taken_port_is_a_usage_error(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "builder", "preview", "-C", str(site), "--port", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "try another --port" in done.stderr
