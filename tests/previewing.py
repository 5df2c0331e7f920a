"""A real `digest preview` of a site on disk, as a process, for the tests of the preview."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from site_builder import REPOSITORY, article, profile, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: So long a test waits for what must come, in seconds, before it fails.
LIMIT = 20.0

_ARTICLE = """\
{% extends "base.html" %}
{% block main %}
<main><h1>{{ card.title }}</h1>
<details><summary>More</summary><p>Details</p></details>
<form><input name="words"><textarea name="text"></textarea></form>
<div class="body">{{ body_html|safe }}</div>
</main>
{% endblock %}
"""
_LONG = "\n\n".join(f"Paragraph {number} stands here for the reader." for number in range(60))
#: A site with a theme of its own, pages of every sort, and something to read.
SITE = {
    "site.yaml": "title: Small\nbase_url: https://example.org/d/\ntheme: own\n"
    "editor_url: editor://open?file={path}&line={line}&column={column}\n",
    "themes/own/theme.yaml": "extends: gazette\n",
    "themes/own/templates/article.html": _ARTICLE,
    "themes/own/assets/own.css": "body { --own: one; }\n",
    "themes/own/templates/page.html": '{% extends "base.html" %}\n{% block head %}'
    '<link rel="stylesheet" href="{{ frame.assets }}own.css">{% endblock %}\n'
    "{% block main %}<main><h1>{{ title }}</h1>{{ body_html|safe }}</main>{% endblock %}\n",
    "content/articles/first.md": article("Words of the first.", title="First", countries="[IR]"),
    "content/articles/long.md": article(_LONG, title="Long"),
    "content/pages/about.md": "---\ntitle: About\n---\nAbout this site.\n",
    "content/projects/railway.md": profile("Rasht-Astara railway", aliases="[the railway]"),
}


def until(condition: Callable[[], Any], what: str = "what was waited for") -> Any:
    """What a condition gives, once it gives something."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{what} did not come within {LIMIT:.0f} seconds")


class Previewing:
    """A running preview; `builds` are the lines of its builds, `errors` what it said beside them."""

    def __init__(self, root: Path, *options: str, port: int = 0) -> None:
        self.root = root
        self.lines: list[str] = []
        self.errors: list[str] = []
        command = [sys.executable, "-m", "builder", "preview", "-C", str(root), "--port", str(port)]
        self.process = subprocess.Popen(
            [*command, *options],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._readers = [
            threading.Thread(target=self._read, args=pair)
            for pair in ((self.process.stdout, self.lines), (self.process.stderr, self.errors))
        ]
        for reader in self._readers:
            reader.start()
        until(lambda: len(self.lines) > 1 or self.process.poll() is not None, "the first build")
        assert self.process.poll() is None, self.errors
        found = re.search(r"http://[^ ]+?:(\d+)(/\S*)", self.lines[0])
        assert found, self.lines
        self.port = int(found.group(1))
        self.base = found.group(2)

    def _read(self, stream: Any, lines: list[str]) -> None:
        with stream:
            lines.extend(line.rstrip("\n") for line in stream)

    @property
    def home(self) -> str:
        """The address of the front page."""
        return f"http://127.0.0.1:{self.port}{self.base}"

    @property
    def builds(self) -> list[str]:
        """The lines of all builds."""
        return self.lines[1:]

    def write(self, files: dict[str, str | bytes | None]) -> None:
        """Write files of the site; None deletes one."""
        write_site(self.root, files)

    def text(self, address: str) -> str:
        """What stands at an address below the site's path."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request("GET", f"{self.base}{address}")
        found = connection.getresponse().read().decode()
        connection.close()
        return found

    def settle(self) -> None:
        """Return when a change that is made now has been built."""
        name = f"content/pages/settle-{len(self.lines)}.md"
        self.write({name: "---\ntitle: Settle\n---\n"})
        until(lambda: any(name in line or "files changed" in line for line in self.lines[1:]), name)

    def stop(self, how: int = signal.SIGKILL) -> int:
        """End it; returns its exit status."""
        self.process.send_signal(how)
        status = self.process.wait(timeout=LIMIT)
        for reader in self._readers:
            reader.join()
        return status
