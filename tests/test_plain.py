"""What is read without Markdown is what Markdown gives, and ordinary articles are read so."""

from __future__ import annotations

import random
import re
from datetime import UTC
from pathlib import Path

import pytest
from held_out.texts import annotated, corpus
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slugify import slugify

from benchmarks.corpus import Corpus, Shape
from benchmarks.digest import Digest
from builder.body import assemble as assemble_module
from builder.body import mixed as mixed_module
from builder.body import reader as body_module
from builder.body import targets as targets_module
from builder.body.flat import lexicon, read_flat
from builder.body.identifiers import slug
from builder.body.mixed import Mixed

HERE = Path(__file__).parent
MENTIONS = (
    "{country=IR}",
    "{project=x status=agreed}",
    "{country=ir by=person:A-b}",
    "{date=2021-12 project=x--y}",
    '{person=a-b note="a [b]" by=person:c}',
    "{.c}",
)
ADDRESSES = ("https://example.org/a_b", "../about.md", "/about/", "mailto:a@b.c", "#here", "//host/a")
#: Addresses that the sanitiser or Markdown may have its own opinion of, and odd braces.
ODD_ADDRESSES = ("javascript:x", "http://[::1]/", "a&b", "a 't'", "<a>", "a(b)", 'a"b', "data:x", "")
ODD_BRACES = (
    "{#m-a .b}",
    "{country=IR country=AZ}",
    "{foo=1}",
    "{}",
    "{status=agreed}",
    "{x",
    "{x='1'}",
)
WORDS = re.split(
    " ",
    "Iran the a I 2021 '90s U.S. Mr. O'Neill it's s ایران کتاب‌ها Россия 中国 é ñ 5 . , ; : ! ? ( ) / ' "
    "\" - -- --- ... — … “ ” ’ « { } = # + ~ @ % 's \"' '\" ---- .... {a} {x=1}",
)
ODD_WORDS = re.split(
    " ",
    "_ & &amp; &#983041; \\ ` <b> < > | ![ ] [ [x] * ** *** ~~~ ]: [^1] \U000f0001 \x85 \xa0 \u3000",
)
BREAKS = (" ", " ", " ", "", "\n", "\n\n")
ODD_BREAKS = (
    "  ",
    "\n ",
    " \n",
    "\n\n\n",
    "\t",
    "\n# ",
    "\n- ",
    "\n1. ",
    "\n: ",
    "\n=\n",
    "\n--\n",
    "\n* ",
)


def texts(words, braces, addresses, breaks):
    """Texts of a grammar: words between breaks, and spans, links, emphasis and quotes around texts."""

    def around(inner):
        return st.one_of(
            st.tuples(st.just("["), inner, st.just("]"), st.sampled_from(braces)),
            st.tuples(st.just("["), inner, st.just("]("), st.sampled_from(addresses), st.just(")")),
            *(st.tuples(st.just(sign), inner, st.just(sign)) for sign in ("*", "**", '"', "'")),
            st.lists(st.tuples(inner, st.sampled_from(breaks)).map("".join), max_size=6),
        ).map("".join)

    return st.recursive(st.sampled_from(words), around, max_leaves=24)


PLAIN = texts(WORDS, MENTIONS, ADDRESSES, BREAKS)
ANY = texts(
    [*WORDS, *ODD_WORDS],
    [*MENTIONS, *ODD_BRACES],
    [*ADDRESSES, *ODD_ADDRESSES],
    [*BREAKS, *ODD_BREAKS],
)


class Ways:
    """Reads bodies on all ways; `taken` counts those that were read without Markdown.

    `parted` counts those of which Markdown rendered no more than what is not plain, `kept` the
    stretches between paragraphs that hold no more than words.
    """

    def __init__(self, read_body, monkeypatch):
        self.read_body = read_body
        self.monkeypatch = monkeypatch
        self.taken = self.parted = self.kept = 0

    def _counting(self, place, name, counter):
        way = getattr(place, name)

        def counted(*arguments):
            found = way(*arguments)
            setattr(self, counter, getattr(self, counter) + (found is not None))
            return found

        return counted

    def same(self, text, **options):
        """Assert that all ways give the same; whether a plain one was taken."""
        before = self.taken
        ways = (
            (body_module, "read_flat", "taken"),
            (Mixed, "read", "parted"),
            (body_module, "assemble_plain", "taken"),
            (Mixed, "assemble", "parted"),
            (assemble_module, "verbatim", "kept"),
            (mixed_module, "worded", "kept"),
        )
        with self.monkeypatch.context() as patch:
            for place, name, counter in ways:
                patch.setattr(place, name, self._counting(place, name, counter))
            first = self.read_body(text, **options)
            taken = self.taken > before
            for place, name, _ in ways:
                patch.setattr(place, name, lambda *_: None)
                assert first == self.read_body(text, **options)
        return taken


@pytest.fixture(scope="module")
def ways(read_body):
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield Ways(read_body, monkeypatch)


@settings(max_examples=400, deadline=None)
@given(PLAIN)
@example('*"[Iran]{country=IR}"*--said "[it]{project=x}\'s -[-a]{.c}."')
@example("[![](javascript:x)]{country=IR}")
@example("[[a]{country=IR} *b* [c](/d/)]{project=x} [see [e]{person=f}](g.md)")
def test_plain_texts_mean_the_same_on_both_ways(ways, text):
    ways.same(text)


@settings(max_examples=400, deadline=None)
@given(ANY)
def test_any_text_means_the_same_on_both_ways(ways, text):
    ways.same(text)
    ways.same(text, mentions=False, path="content/pages/a.md")


#: Blocks that Markdown renders, some of which reach into others.
BLOCKS = re.split(
    r"\n~\n",
    """Plain words on [Iran]{country=IR}.
~
More "words" by [a]{person=a-b}, [there](/x/) and *so* on.
~
[It]{project=x status=agreed} is -- so to speak -- there.
~
## A heading
~
# On [Iran]{country=IR} #
~
Title
=====
~
Title of [it]{project=x}
---
~
- one [item]{country=IR}
- *two*
~
- loose
~
* a star
~
1. first
2. second
~
7. seventh [one]{project=x}
~
    indented [code]{country=IR}
~
    - deeper
~
> A [quote]{country=IR}

> goes on
~
> - in it
~
| a | [b]{country=IR} |
|---|:-:|
| 1 | "2" |
~
***
~
---
~
![Map](/media/map.svg)
~
A `[b]{country=IR}` c & d \\* e_f_g _h_ 5 * 3.
~
One line\x20\x20
another [line]{project=x}
~
: of [the]{country=IR} term
~
Term
: its definition
~
[^1]: A note on [Iran]{country=IR}.
~
As noted[^1], see [this][r] and [r].
~
[r]: http://example.org "Title"
~
*[Iran]: A country
~
*[words]* and *[r]: here*
~
<div>
~
</div>
~
<b>bold [words]{country=IR}</b> <https://example.org/a_b> <i>
~
<!-- a comment
~
-->
~
<p>
~
</p>
~
<table><tr><td>
~
</table>
~
<details><summary>[More]{country=IR}</summary>
~
</details>
~
<a href="/x/">[a]{country=IR}
~
</a> <h2>b
~
<ul><li>c
~
<script>d
~
</script> <br> <img src="/media/map.svg">
~
```
~
~~~
~
&amp; &#983041; 1 < 2 > 0
~
\ue000
~
\u00a0
~
***a** b*
~
[x]{country=IR country=AZ}
~
## A heading
~
## An *article* on [words](/x/)
~
#### One -- "two" # three
~
- one item
- **two:** "with [words](../about.md)"
~
- *one* *two
- [x]
~
+ - one
+ 1. two
~
1. one's item
12. another
~
2. two
1. one
~
> A quotation, "it" says,
> of *two* lines
~
> - one
~
> one\x20\x20
> two
~
## &nbsp;
~
#### A "heading" & more
~
|  | b |
|---|---|
| &nbsp; | 2<br>3 |
~
| a | b |
|---|---|
| 1 | 2 |
~
<h3>One <hr></h3> <h4></h4> <b>
~
</b>
~
[x]{country=IR country=AZ}
~
A [span
~
that]{country=IR} crosses.""",
)
GAPS = ("\n\n", "\n\n", "\n\n", "\n\n\n", "\n", "\n \n", "\n\n  ", "\n\n\n\n")
MIXED = st.lists(
    st.tuples(st.one_of(st.sampled_from(BLOCKS[:3]), st.sampled_from(BLOCKS)), st.sampled_from(GAPS)),
    max_size=9,
).map(lambda blocks: "".join(map("".join, blocks)))


@settings(max_examples=600, deadline=None)
@given(MIXED)
@example("Words.\n\n: of a term\n\nWords.")
@example("- a\n\nWords.\n\n    code\n\n- b\n\nWords.\n\n- c")
@example("    code\n\n\nWords.\n\n\n    code\n\n\n")
def test_any_blocks_among_paragraphs_mean_the_same_on_all_ways(ways, text):
    ways.same(text)


@pytest.mark.parametrize("block", [4, 5, 6, 7, 9, 11, 14, 16, 17, 18, 19, 20, 21, 23, 24, 26])
def test_of_an_article_markdown_renders_only_what_is_not_plain(ways, monkeypatch, block):
    rendered = []
    render = body_module.BodyReader._html
    monkeypatch.setattr(
        body_module.BodyReader,
        "_html",
        lambda reader, text: rendered.append(text) or render(reader, text),
    )
    reader = ways.read_body("\n\n".join((*BLOCKS[:3], BLOCKS[block], *BLOCKS[:3], "")))
    assert reader[0].html
    (text,) = rendered
    assert "words" not in text
    assert "so to speak" not in text


@pytest.mark.parametrize(
    "block",
    [
        "## A heading",
        "### Of an *article* -- with [words](/x/)",
        '- one\n- **two:** "three"\n- [four](../about.md)',
        "1. one\n2. it's two",
        "> A quotation,\n> of two lines",
        "## A heading\n\n- one\n\n> A quotation",
    ],
)
@pytest.mark.parametrize("before", [0, 1])
def test_markdown_is_not_asked_for_blocks_of_words(ways, monkeypatch, block, before):
    monkeypatch.setattr(body_module.BodyReader, "_html", lambda *_: pytest.fail("Markdown was asked"))
    reader = ways.read_body("\n\n".join((*BLOCKS[:before], block, *BLOCKS[:3], block, "")))
    assert len(reader[0].mentions) == 3 + before


@pytest.mark.parametrize(
    "text",
    [
        "<div>\n\nWords on [Iran]{country=IR}, and many more of them than there are signs.\n\n</div>\n",
        "term\n\n: what it is\n\nWords on [Iran]{country=IR}, and many more of them than signs.\n",
    ],
)
def test_paragraphs_that_markdown_took_for_something_else_are_not_tried_again(
    read_body, monkeypatch, text
):
    asked = []
    html = body_module.BodyReader._html

    def asking(reader, marked):
        asked.append(marked)
        return html(reader, marked)

    monkeypatch.setattr(body_module.BodyReader, "_html", asking)
    body, _ = read_body(text)
    assert len(body.mentions) == 1
    # Once without the paragraphs, and once with all of the text.
    assert len(asked) == 2


LINKS = st.sampled_from(
    ("../about.md", "/x/", "x.md", "x", "/x/y.md", "a&b.md", "a&amp;b.md", "/x/ 'T'")
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(("[a]({})", "({})", "<{}>", "{}", "![i]({})", "{}y")), LINKS))
)
def test_the_places_of_links_are_found_one_by_one_as_among_all_words(read_body, pieces):
    text = " ".join(form.format(address) for form, address in pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targets_module, "_MOST_SOUGHT", 0)
        expected = read_body(text)
    assert read_body(text) == expected


@given(st.text(alphabet="aB1 .-_é&;:\u0130", max_size=70))
@example("a" * 61)
@example("word " * 12)
@example("  Two  words ")
def test_headings_are_named_as_the_library_names_them(text):
    assert slug(text) == slugify(text, max_length=60, word_boundary=True, allow_unicode=True)


def written():
    """The texts of the fixtures and of the site itself."""
    for file in sorted((HERE / "annotation_cases").glob("*.txt")):
        for case in re.split(r"^=== .*$", file.read_text("utf-8"), flags=re.MULTILINE):
            yield case.split("\n--- ")[0]
    yield from (HERE / "prose" / "cases.txt").read_text("utf-8").split("\n===\n")
    for folder in (HERE.parent / "content", HERE / "web" / "sites"):
        for file in sorted(folder.rglob("*.md")):
            yield file.read_text("utf-8").split("\n---\n", 1)[-1]


def test_real_texts_with_annotations_mean_the_same_on_all_ways(ways):
    before = ways.taken + ways.parted
    for number, text in enumerate(corpus()):
        # Somewhere in a long text there is nearly always what Markdown alone can tell.
        for part in (text, *re.split(r"^(?=#)", text, flags=re.MULTILINE)):
            ways.same(annotated(part, random.Random(number)))  # noqa: S311 - no secret
    assert ways.taken + ways.parted > before


def test_written_texts_mean_the_same_on_both_ways(ways):
    taken = [ways.same(text) for text in written()]
    assert len(taken) > 200
    assert 20 < sum(taken) < len(taken)


def test_the_benchmarks_articles_are_plain_and_flat(ways, site):
    for article in Corpus(Shape(60)).articles():
        text = Digest().page(article).split("---\n", 2)[2]
        assert ways.same(text + "\n")
        assert read_flat(text, 1, "en", lexicon(site, UTC), str) is not None


@pytest.mark.parametrize(
    "text",
    [
        "One paragraph.",
        "Words\nover two lines.\n\nAnd more.\n",
        "The [Rasht-Astara railway]{project=a status=agreed} of [Iran]{country=IR}, *they* say.",
        '"[Iran]{country=IR}\'s" plan -- [it]{country=IR} costs... **much** (*more*).',
        "[[Iran]{country=IR}-[Azerbaijan]{country=AZ} network]{project=a} in [the press](https://a.org/b).",
        "[[Iran]{country=IR}](../about.md) and [see *this*](/about/).",
        "-- Baku, 1990. No. 5 + 3 = 8: all.",
        "تهران [ایران]{country=IR} کتاب‌ها.\n\n[中国]{country=CN}和俄罗斯。",
    ],
)
def test_ordinary_paragraphs_are_plain(ways, text):
    assert ways.same(text)


@pytest.mark.parametrize(
    "text",
    [
        "a `b`",
        "a \\* b",
        "<b>a</b>",
        "AT&T",
        "a\n\n- b",
        "a\n\n1. b",
        "# a",
        "a\n---",
        "a\n===",
        "a | b",
        "    code",
        "a  \nb",
        "a\xa0b",
        "![a](b.png)",
        "[a]: /b",
        "[a][b]",
        "[a](javascript:x)",
        "[a [b](c) d](e)",
        "a_b_ c",
        "a * b",
        "*a **b* c**",
        "[*a*]{country=IR}*b*",
        "*a*[[*b*]{country=IR}]{country=AZ}",
        "[a *b]{country=IR} c*",
        "~~~\na\n~~~",
        "term\n: meaning",
        "[a]{country=IR country=AZ}",
        "a \U000f0000 b",
    ],
)
def test_what_else_can_mean_something_is_not_plain(ways, text):
    assert not ways.same(text)
