"""Check a published site as its readers meet it: `python tests/web/check.py OUTPUT_DIR`.

The Nu checker reads every file. Chromium opens every page, and on one page of each sort axe runs,
light and dark, at three widths; the keyboard and the links to mentions are tried as well. The site is
served by a server of its own under the content policy that the product promises. Two more sites, made
in a temporary folder, are checked in the same way: see `sites.py`.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import browsing
import click
import sites
import tools
from findings import report
from links import base_path, link_findings, read_pages
from nu import nu_findings
from serving import serve

if TYPE_CHECKING:
    from findings import Finding
    from links import Page


class Sample(NamedTuple):
    """The pages of a site to look at closely, by address; some of them are articles or entities."""

    pages: tuple[str, ...]
    articles: tuple[str, ...]
    entities: tuple[str, ...]


def check_site(
    name: str, folder: Path, closely: tuple[str, ...] = (), screenshots: Path | None = None
) -> list[Finding]:
    """Check a published site; `name` is what its screenshots are called.

    `closely` are addresses of pages to look at closely beside those that are chosen.
    """
    pages = read_pages(folder)
    base = base_path(pages)
    found = nu_findings(folder)
    found += link_findings(folder, pages, base)
    with browsing.chromium() as browser, serve(folder, base) as home:
        visit = browsing.Visit(browser, home, screenshots)
        _visit_all(visit, name, pages, choose(folder, pages, closely))
        visit.close()
    return found + visit.found


def choose(folder: Path, pages: dict[str, Page], closely: tuple[str, ...] = ()) -> Sample:
    """Choose the pages to look at closely: of each sort the largest, and the smallest article."""
    real = [address for address, page in pages.items() if not page.is_redirect]
    archives = [one for one in real if "/page/" in one]
    single = [one for one in real if one not in archives and one != "/404.html"]
    articles = sorted(
        (one for one in single if one.startswith("/articles/")), key=lambda one: _size(folder, one)
    )
    tops = [one for one in single if one.count("/") == 2]
    lists = [one for one in tops if sum(other.startswith(one) for other in single) > 1]
    entities = [[one for one in single if one.startswith(top) and one != top] for top in lists]
    others = [
        [one for one in tops if one not in lists],
        [one for one in archives if one.startswith("/page/")],
        [one for one in archives if not one.startswith("/page/")],
    ]
    largest = [
        max(several, key=lambda one: (_size(folder, one), one))
        for several in (*entities, *others)
        if several
    ]
    chosen = ["/", *lists, *largest, *articles[-1:], *articles[:1], *closely]
    flat = [one for several in entities for one in several]
    return Sample(
        pages=tuple(dict.fromkeys(chosen)),
        articles=tuple(one for one in dict.fromkeys(chosen) if one in articles),
        entities=tuple(one for one in dict.fromkeys(chosen) if one in flat),
    )


def _visit_all(visit: browsing.Visit, name: str, pages: dict[str, Page], sample: Sample) -> None:
    for address in sample.pages:
        visit.accessibility(address, f"{name}{address.replace('/', '-')}".rstrip("-"))
    visit.not_found(f"{name}-404")
    for address in sample.articles:
        visit.keyboard(address)
    for address in sample.entities:
        visit.deep_links(address)
    for address, page in pages.items():
        if not page.is_redirect and address not in sample.pages:
            visit.narrow(address)


def _size(folder: Path, address: str) -> int:
    return (folder / address[1:] / "index.html").stat().st_size


@click.command()
@click.argument("output", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--screenshots", type=click.Path(path_type=Path), help="Keep a picture of each page here."
)
@click.option("--alone", is_flag=True, help="Leave out the sites that are made for the checks.")
def main(output: Path, screenshots: Path | None, *, alone: bool) -> None:
    """Check the published site in OUTPUT; the exit status is 1 if anything is wrong."""
    lacks = tools.missing()
    if lacks:
        raise click.ClickException("; ".join(lacks))
    if screenshots:
        screenshots.mkdir(parents=True, exist_ok=True)
    total = 0
    with tempfile.TemporaryDirectory(prefix="digest-web-") as work:
        folders = {"site": output}
        if not alone:
            folders["persian"] = sites.build_persian(Path(work))
            folders["everything"] = sites.build_everything(Path(work))
        for name, folder in folders.items():
            start = time.monotonic()
            found = report(check_site(name, folder, sites.CLOSELY.get(name, ()), screenshots))
            for paragraph in found:
                click.echo(paragraph)
            seconds = time.monotonic() - start
            click.echo(f"{name}: {len(found) or 'no'} findings ({seconds:.0f} s)")
            total += len(found)
    raise SystemExit(1 if total else 0)


if __name__ == "__main__":
    main()
