"""The words and digits of a language."""

from __future__ import annotations

import pytest
from site_builder import article, published

from builder.localize import language


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("en", "12,345"),
        ("de", "12.345"),
        ("fa", "۱۲٬۳۴۵"),
        ("ar-EG", "١٢٬٣٤٥"),
        ("bn", "১২,৩৪৫"),
        ("xx", "12,345"),
    ],
)
def test_numbers_have_the_digits_and_separators_of_the_language(tag, shown):
    assert language(tag).number(12345) == shown


def test_counts_on_a_page_have_the_digits_of_the_site(tmp_path):
    files = {f"content/articles/{n}.md": article("[x]{country=IR}") for n in range(3)}
    site = published(tmp_path, files, "title: T\nlanguage: fa\npage_size: 2")
    assert '<span class="n">۳</span>' in site.page("/").html
    assert "۲" in site.page("/page/2/").text
