"""The layout of an index on disk: what the files of a segment are called and what numbers in them mean."""

from __future__ import annotations

from indexer.index.schema import TEXT_FIELDS

FIELD_COUNT = len(TEXT_FIELDS)
"""How many slots a document has. The slot of a text field is document * FIELD_COUNT + its place in TEXT_FIELDS."""

GAP = 1_000
"""Positions left free between two attachments and between two tags, so that no phrase spans them.

The pages of one file follow each other without a gap: a phrase may run over the end of a page. No query asks for words
that are as far apart as this.
"""

ARRAYS = ".arrays"
TEXTS = ".texts"


def arrays_name(segment: str) -> str:
    """Return the name of the file that holds the arrays of a segment."""
    return f"segment-{segment}{ARRAYS}"


def texts_name(segment: str) -> str:
    """Return the name of the file that holds the texts of a segment."""
    return f"segment-{segment}{TEXTS}"
