"""The commands from outside: options, exit statuses, and what is printed where."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from site_builder import article, build_site, codes, write_site

from builder import __version__
from builder import build as build_module

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def root(tmp_path):
    return write_site(tmp_path / "site", {"content/articles/a.md": article("Words.")})


def digest(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "builder", *arguments],
        cwd=cwd,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_report_is_one_json_object_also_on_failure(root):
    keys = {"pages", "parsed", "rendered", "reused", "written", "removed", "seconds", "diagnostics"}
    done = digest("build", "--json", cwd=root)
    assert done.returncode == 0
    assert json.loads(done.stdout).keys() == keys
    write_site(root, {"content/articles/c.md": article("[x]{project=nothing}")})
    failed = digest("build", "--json", "-q", cwd=root)
    assert failed.returncode == 1
    report = json.loads(failed.stdout)
    assert report.keys() == keys
    (found,) = report["diagnostics"]
    assert found.keys() == {"file", "line", "column", "severity", "code", "message", "hint"}
    head = f"{found['file']}:{found['line']}:{found['column']}: error[unknown-project]: "
    assert failed.stderr.startswith(head)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--nonsense",),
        ("--jobs", "0"),
        ("--base-url", "example.org"),
        ("-C", "nowhere"),
        ("--output", "."),
        ("--output", "content"),
        ("--output", "--strict"),
        ("--base-url", "--strict"),
        ("-C", "-q"),
        ("and", "more"),
        ("--output", "a\udcff"),
    ],
)
def test_wrong_usage_is_told_on_standard_error_and_in_the_report(root, arguments):
    done = digest("build", "--json", *arguments, cwd=root)
    assert done.returncode == 2
    assert "Error: " in done.stderr
    report = json.loads(done.stdout)
    assert [report[name] for name in ("pages", "parsed", "written")] == [0, 0, 0]
    (found,) = report["diagnostics"]
    assert found["code"] == "wrong-usage"
    assert found["message"] in " ".join(done.stderr.split())
    assert digest("build", *arguments, cwd=root).stdout == ""


def test_a_site_without_site_yaml_is_wrong_usage_also_as_json(tmp_path):
    done = digest("build", "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no site.yaml" in json.loads(done.stdout)["diagnostics"][0]["message"]


@pytest.mark.parametrize("host", ["a..b", "x" * 300, "\udcff"])
def test_a_host_that_has_no_name_of_a_computer_is_wrong_usage(root, host):
    done = digest("preview", "--port", "0", "--host", host, cwd=root)
    assert done.returncode == 2
    assert ":0 can't be served: " in done.stderr


@pytest.mark.parametrize("name", ["site.yml", "Site.yaml", "site.yaml.txt"])
@pytest.mark.parametrize("option", [(), ("-C", ".")])
def test_a_file_that_was_meant_as_site_yaml_is_named(tmp_path, name, option):
    (tmp_path / name).write_text("title: T\n")
    done = digest("build", *option, cwd=tmp_path)
    assert done.returncode == 2
    assert f'; there is a file "{name}": name it site.yaml' in " ".join(done.stderr.split())


def test_words_on_the_command_line_that_are_not_utf8_are_told(root):
    done = digest("build", "--json", "--base-url", "\udcff", cwd=root)
    assert "is no web address" in json.loads(done.stdout)["diagnostics"][0]["message"]


def test_a_site_in_a_folder_whose_name_is_not_utf8_is_told(tmp_path):
    root = write_site(tmp_path / "a\udcff", {})
    for call in (("build",), ("-C", ".", "build"), ("preview", "--port", "0")):
        done = digest(*call, cwd=root)
        assert done.returncode == 2
        assert "is not UTF-8; rename it" in done.stderr


def test_what_the_system_does_not_allow_stands_in_the_report(root, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied", str(root / "public" / ".digest-stage"))

    monkeypatch.setattr(build_module, "_remembering", refused)
    report = build_site(root)
    assert report.failed
    assert codes(report) == [
        (
            "public/.digest-stage",
            1,
            1,
            "unreadable-file",
            "the file can't be read or written: permission denied",
        )
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device here")
def test_a_report_that_nobody_can_take_ends_without_a_traceback(root):
    with open("/dev/full", "wb") as full:
        call = [sys.executable, "-m", "builder", "build", "--json"]
        done = subprocess.run(
            call, cwd=root, env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "the program can't go on: no space left on device\n"


def test_where_not_every_letter_can_be_written_all_is_told_and_reports_are_utf8(root):
    write_site(root, {"content/articles/жук.md": article("Words.", title="Ä", oddity="ж")})
    call = [sys.executable, "-m", "builder", "build"]
    how = {**ENVIRONMENT, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}

    def told(option):
        done = subprocess.run([*call, option], cwd=root, env=how, capture_output=True, check=False)
        assert done.returncode == 0
        assert b"Traceback" not in done.stderr
        return done.stdout

    assert b"/articles/\\u0436\\u0443\\u043a/: it is new\n" in told("--explain")
    (found,) = json.loads(told("--json"))["diagnostics"]
    assert found["file"] == "content/articles/жук.md"


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_a_build_needs_nobody_who_listens(root, closed):
    write_site(root, {"content/articles/a.md": article("[dead](nowhere.md)")})
    for options in ("--clean", "--clean --json --explain"):
        done = subprocess.run(
            ["sh", "-c", f'"{sys.executable}" -m builder build {options} {closed}'],
            cwd=root,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert (root / "public/articles/a/index.html").exists()


@pytest.mark.parametrize(("wish", "colored"), [("", True), ("1", False)])
def test_colours_are_for_terminals_and_those_who_want_them(root, wish, colored):
    write_site(root, {"content/articles/c.md": "---\ntitle: T\n---\n"})
    ours, theirs = pty.openpty()
    call = [sys.executable, "-m", "builder", "build"]
    subprocess.run(
        call, cwd=root, env=ENVIRONMENT | {"NO_COLOR": wish}, stderr=theirs, stdout=theirs, check=False
    )
    os.close(theirs)
    assert ("\x1b[" in os.read(ours, 10_000).decode()) is colored
    os.close(ours)


def test_the_name_of_a_file_does_not_drive_the_terminal(root):
    write_site(root, {"content/articles/b\x1b[5mred.md": "---\ntitle: T\n---\n"})
    ours, theirs = pty.openpty()
    call = [sys.executable, "-m", "builder", "build"]
    subprocess.run(call, cwd=root, env=ENVIRONMENT, stderr=theirs, stdout=theirs, check=False)
    os.close(theirs)
    told = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "content/articles/b [5mred.md:1:1:" in told
    assert "missing-key" in told
    assert "\x1b[5m" not in told


def test_the_version_is_told_with_every_command(root):
    told = {digest(*call, cwd=root).stdout for call in (["--version"], ["build", "--version"])}
    assert told == {f"digest {__version__}\n"}


def test_reasons_stand_beside_the_report_as_json(root):
    done = digest("build", "--json", "--explain", cwd=root)
    assert json.loads(done.stdout)["rendered"] == len(done.stderr.splitlines()) > 0
    assert "/articles/a/: it is new\n" in done.stderr


def test_exit_statuses_are_those_of_the_contract(root, tmp_path):
    assert digest("build", cwd=root / "content/articles").returncode == 0
    assert digest("-C", str(root), "build", cwd=tmp_path).returncode == 0
    assert digest("build", "--root", str(root), cwd=tmp_path).returncode == 0
    assert digest("build", cwd=tmp_path).returncode == 2
    assert digest("build", "--nonsense", cwd=root).returncode == 2
    write_site(root, {"content/articles/a.md": article("[dead](nowhere.md)")})
    warned = digest("build", cwd=root)
    assert (warned.returncode, "warning[dead-link]" in warned.stderr) == (0, True)
    strict = digest("build", "--strict", cwd=root)
    assert (strict.returncode, "error[dead-link]" in strict.stderr) == (1, True)
    (root / "content/articles/a.md").write_bytes(b"\0\xff")
    broken = digest("build", cwd=root)
    assert broken.returncode == 1
    assert "Traceback" not in broken.stderr


def test_the_version_is_told_without_loading_the_program(root):
    code = (
        "import os, sys; sys.argv = ['digest', '--version']; os._exit = sys.exit\n"
        "try:\n import builder.__main__ as m; m.main()\n"
        "except SystemExit: pass\nprint(*sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"jinja2", "markdown", "yaml", "msgspec", "babel", "sqlite3", "nh3"}


def test_an_interrupt_while_the_program_is_loaded_ends_it_as_any_other():
    code = (
        "import os, signal, sys\n"
        "import builder.__main__ as m\n"
        "class Finder:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'click': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "m.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"interrupted\n")
