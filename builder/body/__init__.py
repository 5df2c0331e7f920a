"""Markdown with annotations -> a body: its HTML, its sentences and mentions, and what is wrong with it.

The way in is `reader`. It takes the shortest way that a text allows: `flat` and `plain` for paragraphs
of words, `mixed` where other blocks stand among them, and else `annotations`, Markdown, `sanitize` and
`assemble`. What `meaning` and `mentions` make of the spans, `markup` writes into the HTML.
"""
