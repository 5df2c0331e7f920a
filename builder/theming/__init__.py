"""Themes: their files as they are read and checked, and their templates as they are compiled.

`theme` reads a theme from the disk. `templates` compiles its templates, with the macros and messages
that `flatten` puts in place and the code that `codegen` writes; `compiled` keeps them. What is wrong
with a theme is found by `soundness`, `inheritance`, `unused` and `translations`.
"""
