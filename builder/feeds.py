"""Feed, sitemap and robots: the files that machines read.

The feed is Atom (RFC 4287), the sitemap follows the sitemaps.org protocol 0.9. There is no clock:
dates are those of the articles.
"""

from __future__ import annotations

from datetime import UTC
from html import escape
from typing import TYPE_CHECKING

from builder.dates import PartialDate, instant
from builder.excerpts import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import Site
    from builder.printed import Facts
    from builder.views import CardView


def atom(
    site: Site, origin: str, articles: Sequence[tuple[CardView, Facts]], home_href: str, feed_href: str
) -> bytes:
    """The feed of the newest articles, given in their order.

    An entry's id is made of the article's, which stays when the file moves if front matter gives it.
    """
    home, here = origin + home_href, origin + feed_href
    updated = max((facts.changed.first for _, facts in articles), default=0)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(site.language)}">',
        f"<id>{_urn(home, '')}</id>",
        f"<title>{escape(site.title)}</title>",
        f"<subtitle>{escape(site.description)}</subtitle>" if site.description else "",
        f"<updated>{_timestamp(PartialDate('', '', updated))}</updated>",
        f'<link rel="self" type="application/atom+xml" href="{escape(here)}"/>',
        f'<link rel="alternate" type="text/html" href="{escape(home)}"/>',
        f"<author><name>{escape(site.title)}</name></author>",
    ]
    for card, facts in articles:
        lines += _entry(card, facts, home, origin)
    lines.append("</feed>")
    return ("\n".join(line for line in lines if line) + "\n").encode()


def _entry(card: CardView, article: Facts, home: str, origin: str) -> list[str]:
    authors = card.authors or ((card.publisher,) if card.publisher else ())
    summary = plain(card.summary) if card.summary else ""
    rights = ""
    if card.license is not None:
        rights = " ".join(
            part for part in (card.publisher, card.license.name, card.license.url) if part
        )
    return [
        f'<entry xml:lang="{escape(article.lang)}">',
        f"<id>{_urn(home, article.id)}</id>",
        f"<title>{escape(card.title)}</title>",
        f'<link rel="alternate" type="text/html" href="{escape(origin + card.href)}"/>',
        *(f"<author><name>{escape(name)}</name></author>" for name in authors),
        f"<published>{_timestamp(article.date)}</published>",
        f"<updated>{_timestamp(article.changed)}</updated>",
        *(f'<category term="{escape(topic)}"/>' for topic in article.topics),
        f"<summary>{escape(summary)}</summary>" if summary else "",
        f"<rights>{escape(rights)}</rights>" if rights else "",
        "</entry>",
    ]


def sitemap(entries: Sequence[tuple[str, str]]) -> bytes:
    """The sitemap of (absolute address, date or empty) pairs, which may be 50,000."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for address, changed in entries:
        date = f"<lastmod>{escape(changed)}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(address)}</loc>{date}</url>")
    lines.append("</urlset>")
    return ("\n".join(lines) + "\n").encode()


def sitemap_index(entries: Sequence[tuple[str, str]]) -> bytes:
    """The index of several sitemaps, by the same pairs."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address, _ in entries),
        "</sitemapindex>",
    ]
    return ("\n".join(lines) + "\n").encode()


def robots(origin: str, sitemap_href: str) -> bytes:
    """robots.txt (RFC 9309): everything may be read; the sitemap, if there is one, is named."""
    text = "User-agent: *\nAllow: /\n"
    if origin:
        text += f"Sitemap: {origin}{sitemap_href}\n"
    return text.encode()


def _timestamp(date: PartialDate) -> str:
    """The first instant of a date by RFC 3339, in UTC."""
    return instant(date).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _urn(home: str, name: str) -> str:
    # A build that makes no feed does without this, for it takes a while to import.
    import uuid

    return uuid.uuid5(uuid.NAMESPACE_URL, f"{home}#{name}").urn
