"""content/ and site.yaml -> source files and the configuration: the only reader of articles.

Files are read as UTF-8; a byte order mark is dropped and line ends become newlines. Nothing outside of
the site is read: a link that leads out of it is an error.
"""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.config import read_site
from builder.diagnostics import Diagnostic, DigestError, Place, diagnostic
from builder.model import SourceFile
from builder.root import FILE
from builder.stamps import UNKNOWN, Stamp, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from builder.model import Site

CONTENT = "content"
ARTICLES = "articles"
PAGES = "pages"
MEDIA = "media"
ORIGINALS = "originals"
#: Folders beside the content that are meant as it by mistake: by another name, or what stands in it.
_MISNAMED = ("contents", "Contents", "Content")
_WITHIN = (ARTICLES, "countries", "projects", "people", "organisations", PAGES)
BESIDE = (*_MISNAMED, *_WITHIN)
#: How documents of word processors begin: .docx and .odt are archives, .doc is not.
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Listing(Struct, frozen=True):
    """What stands under `content/`: the paths of all files, and the stamps of files by path.

    `readable` are those to read: articles, pages and profiles; `others` are media, originals and what
    else there is. All are in the order of the paths.
    """

    files: tuple[str, ...]
    readable: dict[str, Stamp]
    others: dict[str, Stamp]


def content_files(
    root: Path, site: Site, below: Mapping[str, Stamp] | None = None
) -> tuple[Listing, list[Diagnostic]]:
    """The files under `content/`, as paths relative to the site, and what is wrong with some.

    `below` are the stamps of the files there by their full paths, if a look told that there is nothing
    but files and folders.

    Hidden files and editors' backup files are passed over. Reported and left out are symbolic links
    out of the site, to folders and to nothing, folders that can't be read, and names that are not
    UTF-8, and what is no file at all; reported is a file that is nothing the generator knows.
    """
    found: list[Diagnostic] = []
    stamps = _stamps(root, found, below)
    folders = (ARTICLES, PAGES, *(kind.plural for kind in site.kinds))
    read = tuple(f"{CONTENT}/{folder}/" for folder in folders)
    readable: dict[str, Stamp] = {}
    others: dict[str, Stamp] = {}
    for path, stamp in stamps.items():
        if path.endswith(".md") and path.startswith(read):
            readable[path] = stamp
            continue
        others[path] = stamp
        folder, inside, _ = path.removeprefix(f"{CONTENT}/").partition("/")
        if inside and folder in (MEDIA, ORIGINALS):
            continue
        hint = "only files ending in .md are read there; files to publish go to content/media/"
        if folder not in folders:
            hint = f"the folders are {', '.join((*folders, MEDIA, ORIGINALS))}"
        message = "the generator does not know what this file is"
        found.append(diagnostic(path, Place(), "unknown-file", message, hint))
    return Listing(tuple(stamps), readable, others), found


def looked_again(before: Listing, root: Path, paths: Iterable[str]) -> Listing | None:
    """The listing after a change of these files alone; None if it needs more than a look at them.

    `paths` are relative to the site. Files that nothing reads anyway are passed over.
    """
    readable = dict(before.readable)
    for path in paths:
        name = path.rpartition("/")[2]
        if name.startswith(".") or name.endswith("~"):
            continue
        try:
            status = os.lstat(root / path)
        except OSError:
            return None
        if path not in readable or not stat.S_ISREG(status.st_mode):
            return None
        readable[path] = stamp_of(status)
    return Listing(before.files, readable, before.others)


def _stamps(root: Path, found: list[Diagnostic], below: Mapping[str, Stamp] | None) -> dict[str, Stamp]:
    top = root / CONTENT
    if not os.path.lexists(top):
        found += _not_read(root)
        return {}
    # The folder above all others ends in a separator already.
    inside = os.path.join(os.path.realpath(root), "")
    if not os.path.realpath(top).startswith(inside):
        found.append(_leads_out(CONTENT))
        return {}
    if not top.is_dir():
        # Taken for a site without content, it would be one all of whose pages go.
        message, hint = "there is a file where the site has its folder", "put the folder there again"
        found.append(diagnostic(CONTENT, Place(), "unreadable-file", message, hint))
        return {}
    if below is not None:
        return _stamps_seen(root, found, below)
    stamps: dict[str, Stamp] = {}
    for path, entry in _walk(str(top), found):
        linked = entry.is_symlink()
        problem = bad_name(path) or (_bad_link(entry.path, path, inside) if linked else None)
        if problem is not None:
            found.append(problem)
            continue
        try:
            stamps[path] = stamp_of(entry.stat())
        except OSError:
            # It is gone meanwhile; reading it will say so.
            stamps[path] = UNKNOWN
    return dict(sorted(stamps.items()))


def beside(root: Path) -> tuple[Path, ...]:
    """The folders that may have been meant as the content, of a site that has none."""
    return () if (root / CONTENT).is_dir() else tuple(root / one for one in BESIDE)


def _not_read(root: Path) -> Iterator[Diagnostic]:
    """What to say of these folders."""
    for folder in beside(root):
        if folder.is_dir():
            message = f'nothing in the folder "{folder.name}" is read'
            hint = f'did you mean "{CONTENT}"?'
            if folder.name in _WITHIN:
                hint = f'move it into a folder "{CONTENT}"'
            yield diagnostic(folder.name, Place(), "unknown-file", message, hint)


def _stamps_seen(root: Path, found: list[Diagnostic], below: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """The stamps of files that were seen already, by their paths."""
    start = len(str(root / CONTENT)) - len(CONTENT)
    stamps: dict[str, Stamp] = {}
    for full, stamp in below.items():
        path = full[start:].replace(os.sep, "/")
        if "/." in path or "~/" in path or path[-1] == "~":
            continue
        problem = None if path.isascii() else bad_name(path)
        if problem is None:
            stamps[path] = stamp
        else:
            found.append(problem)
    return {path: stamps[path] for path in sorted(stamps)}


def _walk(top: str, found: list[Diagnostic]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The files and links below `content/`, each with its path; hidden and backup files left out."""
    folders = [(top, CONTENT)]
    while folders:
        folder, shown = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            found.append(_unreadable(shown, error))
            continue
        for entry in entries:
            name = entry.name
            if name[0] == "." or name[-1] == "~":
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, f"{shown}/{name}"))
            # What a link leads to is asked later: it may lead in a circle.
            elif entry.is_symlink() or entry.is_file():
                yield f"{shown}/{name}", entry
            else:
                found.append(_no_file(f"{shown}/{name}"))


def _no_file(path: str) -> Diagnostic:
    """What to say of a pipe, a socket or a device, which is never opened."""
    message, hint = "this is no file that can be read", "delete it, or put a file in its place"
    return bad_name(path) or diagnostic(path, Place(), "unknown-file", message, hint)


def bad_name(path: str) -> Diagnostic | None:
    """What is wrong with the name of a file, if it is not UTF-8."""
    try:
        _ = path.isascii() or path.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode(errors="replace")
        message = "the name of the file is not UTF-8"
        return diagnostic(shown, Place(), "not-utf8", message, "give it another name")
    return None


def _bad_link(full: str, path: str, inside: str) -> Diagnostic | None:
    target = os.path.realpath(full)
    if not target.startswith(inside):
        return _leads_out(path)
    if not os.path.isfile(target):
        message = "the link leads to no file"
        return diagnostic(path, Place(), "unreadable-file", message, "link to a file, not to a folder")
    return None


def _leads_out(path: str) -> Diagnostic:
    message, hint = "the link leads out of the site", "copy the file into the site"
    return diagnostic(path, Place(), "outside-site", message, hint)


def read_source(root: Path, path: str) -> SourceFile | Diagnostic:
    """Read one content file, or say why it can't be read."""
    try:
        with open(f"{root}{os.sep}{path}", "rb", buffering=0) as stream:
            data = stream.read()
    except OSError as error:
        return _unreadable(path, error)
    data = data.removeprefix(BOM_UTF8)
    if not data.strip():
        return diagnostic(
            path,
            Place(),
            "empty-file",
            "the file is empty",
            "write front matter, or delete the file",
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = _with_newlines(data[: error.start].decode())
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        return diagnostic(
            path,
            Place(line, column),
            "not-utf8",
            f"the file is not UTF-8 (byte 0x{data[error.start]:02x})",
            "save it as plain text: it is a document of a word processor"
            if data.startswith(_DOCUMENTS)
            else "save it as UTF-8 in the editor",
        )
    return SourceFile(path, _with_newlines(text))


def read_original(root: Path, path: str) -> bytes | None:
    """The bytes of an original; None if it can't be read."""
    try:
        with open(f"{root}{os.sep}{path}", "rb", buffering=0) as stream:
            return stream.read()
    except OSError:
        return None


def original_text(data: bytes) -> str | None:
    """The text of an original; None if it is no text in UTF-8."""
    try:
        text = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else _with_newlines(text)


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _unreadable(path: str, error: OSError) -> Diagnostic:
    reason = (error.strerror or "unknown reason").lower()
    return diagnostic(path, Place(), "unreadable-file", f"the file can't be read: {reason}")


def load_site(root: Path, base_url: str | None = None) -> tuple[Site, list[Diagnostic]]:
    """Read the site.yaml of a site; see `read_site`."""
    source = read_source(root, FILE)
    if isinstance(source, Diagnostic):
        if source.code == "empty-file":
            return read_site("", base_url)
        raise DigestError((source,))
    return read_site(source.text, base_url)
