"""A site that is published, and what is changed of it, for tests of what becomes of that."""

from __future__ import annotations

import pytest
from site_builder import article, build_site, profile, settle, write_site

from builder.publishing import publish
from builder.publishing.publish import STAGE

SITE = {
    **{f"content/articles/a{number}.md": article("On [it]{project=line}.") for number in range(5)},
    "content/projects/line.md": profile("Line"),
    "content/media/map.txt": "a map",
}
EDIT = {"content/articles/a1.md": article("Other words on [it]{project=line}.", title="Other")}
NEW = {"content/articles/new.md": article("New words on [it]{project=line}.")}


def built(tmp_path):
    """A site that was built a while ago, of a program that was, too."""
    root = write_site(tmp_path / "site", SITE, "title: T\nbase_url: https://x.org/")
    settle()
    assert not build_site(root).failed
    settle()
    return root


def interrupted(root, monkeypatch, *, moved):
    """A build that gets no further than to its journal, or than to the manifest behind its files."""
    follow = publish.follow

    def stop(*given):
        if moved:
            follow(*given)
        raise KeyboardInterrupt

    write_site(root, NEW)
    with monkeypatch.context() as patch:
        patch.setattr(publish, "follow", stop)
        with pytest.raises(KeyboardInterrupt):
            build_site(root)
    assert (root / "public" / STAGE).exists()
