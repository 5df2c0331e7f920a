"""A held-out run: a site of real texts, random edits, and a clean build to compare with after each."""
