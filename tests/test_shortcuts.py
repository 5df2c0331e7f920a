"""The shortcuts of the modules below a body give what the plain rules give."""

from __future__ import annotations

import re

import sentencex
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.body.annotations import _bounded, _read_block, _read_brackets
from builder.body.blocks import blocks
from builder.body.sanitize import USUAL_ADDRESS, make_cleaner
from builder.body.sentences import _TITLES, GAP, Sentences, split
from builder.prose.typography import _one_by_one, edits

WORDS = st.sampled_from(
    re.split(
        " ",
        "Mr. Dr. Dr M. г. ул. Sr. No. ( “ ' « . ! ? Iran went home. Ms.Smith Messrs. approx. e.g. U.S. "
        "3. 19. II. (Won.) (It [Won.] ) ] $5.5 www.Example.com tonnes 2021. "
        "… 。 中国。 Art. Hr. Nr. bzw. D. Dña. Gnkur. 'Mr. “Dr. x Mmes. es. Gen.Lt. a",
    )
)
SPACES = st.sampled_from([" ", " ", " ", "", "  ", "\n", "\u3000", "\t", " " * 21 + "\n", " " * 24])
TEXTS = st.lists(st.tuples(WORDS, SPACES).map("".join), max_size=14).map("".join)
MARKS = st.lists(
    st.sampled_from(
        [
            "'",
            '"',
            "-",
            "--",
            ".",
            "...",
            " ",
            "a",
            "s",
            "90s",
            "(",
            "é",
            "\n",
            "—",
            "\x04",
            "\x08",
            "\x03",
        ]
    ),
    max_size=16,
).map("".join)
BRACKETS = st.lists(
    st.sampled_from(
        [
            *("[", "]", "]{", "}", "{", "{a=b}", "]{a=b}", "]{a=b c=d}", "]{a=b a=c}", "a", " ", "\n"),
            *(']{a="[\n\n]"}', "\n\n", "\n \n", "]{a = b}", "]{.c}", "]{a=b\nc=d}", "{a=b"),
        ]
    ),
    max_size=16,
).map("".join)
CLEANER = make_cleaner()


def bounds_of(text, language):
    """Where sentencex ends sentences, and where those in brackets of their own end."""
    start = 0
    for piece in sentencex.segment(language, text):
        end = start + len(piece)
        own = re.compile(r"\([^()]*[.!?…。！？؟۔]\) |\[[^\[\]]*[.!?…。！？؟۔]\] ")
        while (found := own.match(text, start, end)) and found.end() < end:
            start = found.end()
            yield start
        yield end
        start = end


def by_the_rules(text, language):
    """Sentences, joined behind titles, ordinals, initials and space, in names, before small letters."""
    words = f"{_TITLES['en']} {_TITLES.get(language, '')}".split()
    title = re.compile(rf"(?:^|[\s(“\"'‘«])(?:{'|'.join(words)})\.\s*$")
    pieces = []
    joined = False
    start = 0
    ordinal = re.compile(r"(?:^|[^\w.,])(?:\d{1,2}|[IVX]{1,5})\.\s*$")
    initial = re.compile(r"(?:^|(?<!\d)\s|[.(“\"'‘«])[^\W\d_]\.\s*$")
    for end in bounds_of(text, language):
        piece = text[start:end]
        pieces.append([pieces.pop()[0] if joined else start, end])
        tail = text[max(pieces[-1][0], end - 24) : end]
        answer = tail.strip() == "No." and not text[end : end + 1].isdigit()
        joined = (title.search(tail) and not answer) or not piece.strip()
        joined = joined or (language in ("de", "tr") and ordinal.search(tail))
        begins_word = piece.strip()[-3:-2] in ("", *" .(“\"'‘«")
        joined = joined or (language == "fa" and begins_word and initial.search(tail))
        joined = joined or (end < len(text) and (piece[-1] == "." or text[end].islower()))
        start = end
    found = [(start, start + len(text[start:end].rstrip())) for start, end in pieces]
    return [
        (end - len(text[start:end].lstrip()), end) for start, end in found if text[start:end].strip()
    ]


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["en", "de", "fr", "es", "ru", "tr", "fa", "zh"]))
def test_titles_end_no_sentence(text, language):
    assert split(text, language) == by_the_rules(text, language)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(TEXTS.map(lambda text: re.sub(r"\s+", " ", text)).filter(bool), min_size=1, max_size=4),
    st.sampled_from(["en", "de-AT", "fr", "ru", "fa", "zh", "hy"]),
    st.data(),
)
def test_sentences_of_several_texts_are_those_of_each(texts, language, data):
    sentences = Sentences(GAP.join(texts), language)
    begin = 0
    for text in texts:
        offset, begin = begin, begin + len(text) + len(GAP)

        def around(start, end, offset=offset):
            first, last = sentences.around(offset + start, offset + end)
            return first - offset, last - offset

        bounds = split(text, language) or [(0, len(text))]
        assert around(0, len(text)) == (bounds[0][0], bounds[-1][1])
        for start, end in bounds:
            for place in range(start, end):
                assert around(place, end) == (start, end)
                assert around(start, place + 1) == (start, end)
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        found = around(start, end)
        assert found[0] in [one for one, _ in bounds]
        assert found[1] in [one for _, one in bounds]


@settings(max_examples=400, deadline=None)
@given(MARKS)
def test_marks_are_set_in_one_pass_as_in_the_ordered_ones(text):
    assert edits(text) == _one_by_one(text)


@settings(max_examples=400, deadline=None)
@given(BRACKETS)
def test_brackets_alone_are_read_as_with_all_else(text):
    whole, one_by_one = ([], []), ([], [])
    _read_brackets(text, *whole)
    for start, end in blocks(text):
        if "{" in text[start:end]:
            _read_block(text, start, end, *one_by_one)
    for spans, faults in (whole, one_by_one):
        spans.sort(key=lambda span: span.start)
        faults.sort(key=lambda fault: fault.start)
    assert _bounded(*whole) == _bounded(*one_by_one)


@settings(max_examples=300, deadline=None)
@given(st.from_regex(USUAL_ADDRESS, fullmatch=True))
def test_the_sanitiser_leaves_usual_addresses_as_they_are(address):
    html = f'<a href="{address}"></a>'
    assert CLEANER.clean(html) == html
