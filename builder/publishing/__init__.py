"""Bytes -> the output folder: staged, written into a journal, moved to their places, pruned.

The way in is `publish`. Nothing in here knows what a file holds.
"""
