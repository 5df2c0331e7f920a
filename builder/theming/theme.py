"""A theme on disk -> its templates, assets and message catalogues, checked.

A theme is a folder with `theme.yaml`, `templates/`, `assets/` and `locale/`, and no Python. It may
extend another: what it lacks is taken from there, and `{% extends "gazette/base.html" %}` names a
template of the theme that it extends, also one that it has itself.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.diagnostics import Diagnostic, DigestError, Place, diagnostic, did_you_mean, suggestion
from builder.fingerprint import of_value
from builder.load import bad_name
from builder.root import FILE as SITE
from builder.theming.template_text import is_written
from builder.yaml.fields import YamlError
from builder.yaml.mapping import read_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The templates that a theme must have, itself or by the theme that it extends.
REQUIRED = (
    "front.html",
    "archive.html",
    "article.html",
    "entity.html",
    "entities.html",
    "page.html",
    "404.html",
    "redirect.html",
)
#: Templates that other templates are made of, and no kind of entity is shown by.
SHARED = ("base.html", "parts.html")
_FOLDERS = ("templates", "assets", "locale")
#: Names that folders are given by mistake, among them those that other generators know.
_MISNAMED = {
    **dict.fromkeys(("template", "layout", "layouts", "partials"), "templates"),
    **dict.fromkeys(("asset", "static", "css"), "assets"),
    **dict.fromkeys(("locales", "i18n", "lang", "languages", "translations"), "locale"),
}
#: Files in place of theme.yaml.
_OTHER_KEYS = ("theme.yml", "theme.toml", "theme.json")
_KEYS = ("name", "description", "extends", "license")


class Template(Struct, frozen=True):
    """The text of a template or a catalogue, and the file that it was read from."""

    text: str
    file: str


class Theme(Struct, frozen=True):
    """A theme with all it inherits.

    `templates` are by name, those of an extended theme also as `theme/name`. `assets` are files by
    the path that they are published at below `/assets/`. `catalogs` are PO files by language, those of
    each theme by themselves, its own first. `fingerprint` is equal for themes with equal templates and
    catalogues. `chain` are the names of the theme and of those that it extends; `notes` is what there
    is to say of their folders and of the keys in them.
    """

    name: str
    templates: dict[str, Template]
    assets: dict[str, str]
    catalogs: tuple[dict[str, Template], ...]
    fingerprint: bytes
    chain: tuple[str, ...] = ()
    notes: tuple[Diagnostic, ...] = ()


def find_theme(root: Path, name: str) -> Path | None:
    """The folder of a theme: in the site, else among those that the package ships."""
    plain = name not in ("", ".", "..") and "/" not in name and "\\" not in name
    for folder in theme_folders(root):
        # A name that is too long for a file is that of no theme, and no reason to give up.
        if plain and os.path.isdir(folder / name):
            return folder / name
    return None


def theme_folders(root: Path) -> tuple[Path, ...]:
    """The folders that themes are looked for in, whether they exist or not."""
    return tuple(dict.fromkeys((root / "themes", *_shipped())))


def load_theme(root: Path, name: str) -> Theme:
    """Read a theme and those that it extends. Raises DigestError for what can't be read."""
    templates: dict[str, Template] = {}
    assets: dict[str, str] = {}
    catalogs: list[dict[str, Template]] = []
    seen: list[str] = []
    notes: list[Diagnostic] = []
    wanted, place, file = name, Place(), SITE
    while wanted:
        folder = find_theme(root, wanted)
        if folder is None or wanted in seen:
            if file == SITE:
                place = _place_in_site(root)
            missing = _missing(root, wanted, file, place, circular=wanted in seen)
            raise DigestError((*notes, missing))
        seen.append(wanted)
        shown = _shown(root, folder)
        for path, text in _texts(folder / "templates", shown + "/templates"):
            template = Template(text, f"{shown}/templates/{path}")
            templates.setdefault(path, template)
            templates[f"{wanted}/{path}"] = template
        for asset in _files(folder / "assets", f"{shown}/assets"):
            assets.setdefault(asset, str(folder / "assets" / asset))
        catalogs.append(
            {
                path.removesuffix(".po"): Template(text, f"{shown}/locale/{path}")
                for path, text in _texts(folder / "locale", shown + "/locale")
                if path.endswith(".po")
            }
        )
        notes += _misnamed(folder, shown)
        wanted, place, found = _extends(folder, shown)
        notes += found
        file = f"{shown}/theme.yaml"
    texts = [(key, one.text) for key, one in sorted(templates.items())]
    fingerprint = of_value([texts, _words(catalogs)])
    return Theme(name, templates, assets, tuple(catalogs), fingerprint, tuple(seen), tuple(notes))


def _misnamed(folder: Path, shown: str) -> list[Diagnostic]:
    """Files and folders that were meant as theme.yaml and the folders beside it."""
    found = [
        diagnostic(
            f"{shown}/{name}",
            Place(),
            "unused-file",
            "nothing reads this file",
            suggestion("theme.yaml"),
        )
        for name in _OTHER_KEYS
        if (folder / name).is_file() and not (folder / "theme.yaml").is_file()
    ]
    # One that can't be read is nothing to be sure of.
    with suppress(OSError):
        for name in sorted(path.name for path in folder.iterdir()):
            meant = _MISNAMED.get(name.casefold(), name.casefold())
            # Where capitals do not count in names, a folder is read whatever its capitals.
            read = name == meant or (name.casefold() == meant and (folder / meant).is_dir())
            if (
                meant in _FOLDERS
                and not read
                and any(one.is_file() for one in (folder / name).rglob("*"))
            ):
                message = f'nothing in the folder "{name}" is read'
                hint = suggestion(meant)
                found.append(diagnostic(f"{shown}/{name}", Place(), "unused-file", message, hint))
    return found


def template_fingerprint(theme: Theme, name: str) -> bytes:
    """The fingerprint of all that a template is made of: itself, what it names, and the catalogues.

    Names are constant, which the check of a theme sees to, so each stands in the text that names it.
    """
    found = {name}
    unread = [name]
    while unread:
        text = theme.templates[unread.pop()].text
        named = [one for one in theme.templates if one not in found and is_written(one, text)]
        found.update(named)
        unread += named
    texts = [(one, theme.templates[one].text) for one in sorted(found)]
    return of_value([name, texts, _words(theme.catalogs)])


def _words(catalogs: Sequence[dict[str, Template]]) -> list[list[tuple[str, str]]]:
    return [[(tag, one.text) for tag, one in sorted(found.items())] for found in catalogs]


def _shipped() -> tuple[Path, ...]:
    """Where the package's own themes are: in an installed package, and in a checkout."""
    package = Path(__file__).resolve().parent.parent
    return package / "themes", package.parent / "themes"


def _shown(root: Path, folder: Path) -> str:
    """How messages name a theme's folder: relative to the site, else from `themes/` on."""
    if folder.is_relative_to(root):
        return folder.relative_to(root).as_posix()
    return f"themes/{folder.name}"


def _missing(root: Path, name: str, file: str, place: Place, *, circular: bool) -> Diagnostic:
    if circular:
        return diagnostic(file, place, "bad-theme", f'the theme "{name}" extends itself')
    known = sorted(
        {
            path.name
            for folder in (root / "themes", *_shipped())
            if folder.is_dir()
            for path in folder.iterdir()
            if path.is_dir()
        }
    )
    hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
    return diagnostic(file, place, "missing-theme", f'there is no theme "{name}"', hint)


def _place_in_site(root: Path) -> Place:
    """Where site.yaml names the theme."""
    try:
        fields, _ = read_fields(_read(root / SITE, SITE), SITE)
    except (YamlError, DigestError):
        return Place()
    return fields["theme"].place if "theme" in fields else Place()


def _extends(folder: Path, shown: str) -> tuple[str, Place, list[Diagnostic]]:
    """The theme that a theme extends, where that is written, and what else is wrong with its keys."""
    file = folder / "theme.yaml"
    shown += "/theme.yaml"
    if not file.is_file():
        if os.path.lexists(file):
            message, hint = "here a theme has a file, and this is none", "make it one, or delete it"
            raise DigestError((diagnostic(shown, Place(), "bad-theme", message, hint),))
        return "", Place(), []
    try:
        fields, found = read_fields(_read(file, shown), shown)
    except YamlError as error:
        raise DigestError(error.problems) from None
    for key, field in fields.items():
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS)
            message = f'unknown key "{key}"'
            found.append(diagnostic(shown, field.key_place, "bad-theme", message, hint))
    extends = fields.get("extends")
    if extends is None or extends.value is None:
        if found:
            # Without the theme that a misspelt key names, all that it has would be missed.
            raise DigestError(tuple(found))
        return "", Place(), []
    if not isinstance(extends.value, str):
        problem = diagnostic(shown, extends.place, "bad-theme", "extends: expected the name of a theme")
        raise DigestError((*found, problem))
    return extends.value, extends.place, found


def _texts(folder: Path, shown: str) -> list[tuple[str, str]]:
    return [(path, _read(folder / path, f"{shown}/{path}")) for path in _files(folder, shown)]


def _files(folder: Path, shown: str) -> list[str]:
    found: list[str] = []
    try:
        for top, folders, names in os.walk(folder, onerror=_give_up):
            # What version control keeps, say, is no part of a theme.
            folders[:] = [one for one in folders if not one.startswith(".")]
            _refuse_linked(top, folders, folder, shown)
            paths = [Path(top, one) for one in names if not one.startswith(".") and one[-1] != "~"]
            found += [one.relative_to(folder).as_posix() for one in paths if one.is_file()]
    except (FileNotFoundError, NotADirectoryError):
        if os.path.lexists(folder):
            message, hint = "here a theme has a folder, and this is none", "make it one, or delete it"
            raise DigestError((diagnostic(shown, Place(), "bad-theme", message, hint),)) from None
        return []
    except OSError:
        message = "the folder can't be read: no access"
        raise DigestError((diagnostic(shown, Place(), "bad-theme", message),)) from None
    problems = [bad_name(f"{shown}/{path}") for path in found if not path.isascii()]
    if any(problems):
        raise DigestError(tuple(one for one in problems if one is not None))
    return sorted(found)


def _refuse_linked(top: str, names: list[str], folder: Path, shown: str) -> None:
    for name in names:
        path = Path(top, name)
        if path.is_symlink():
            message, hint = "the link leads to a folder", "link to files, or put the folder itself here"
            place = f"{shown}/{path.relative_to(folder).as_posix()}"
            raise DigestError((diagnostic(place, Place(), "bad-theme", message, hint),))


def _give_up(error: OSError) -> None:
    """Raise the error: without the templates of a folder that can't be read, pages would be others."""
    raise error


def _read(path: Path, shown: str) -> str:
    try:
        # Some editors begin a text in UTF-8 with a mark, which would end the head of a page.
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else "no access"
        message = f"the file can't be read: {reason}"
        raise DigestError((diagnostic(shown, Place(), "bad-theme", message),)) from None
