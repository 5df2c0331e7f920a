"""YAML by the rules of version 1.2, and the keys that site.yaml, front matter and themes may hold.

A text becomes a `mapping` of `fields` with their places, read by `plain_yaml` where that will do and by
`yaml12` otherwise; a `schema` tells the keys, and checks that they hold `values` of the right type.
"""
