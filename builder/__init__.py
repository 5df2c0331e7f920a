"""The news digest generator: annotated Markdown in, index pages made of sentences out.

The package is a pipeline; `model` holds the types that cross its stages and `build` runs them.
"""

__version__ = "0.1.0"
