"""The local preview: builds into a folder of its own, serves it, and keeps open pages up to date.

Files that change are noticed by `watch`, built by `rebuild`, told of by `live`, and served by `serve`
with the help of `guard`, `pages` and `answer`. What the pages show beside the site comes from
`messages`, `lens` and `follow`; the scripts that show it stand in `client/`.
"""
