"""Lets stock Whoosh look terms up in a segment and go through them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from whoosh import fields, formats
from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from indexer.index.whoosh.codec_fields import SegmentFields
from indexer.index.whoosh.codec_matcher import PostingsMatcher
from indexer.index.whoosh.codec_postings import NO_POSTINGS, Field, FieldPostings

Term = tuple[str, bytes]
"""The name of a field, and a term in it."""


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc]  # Whoosh ships no types
    """The terms of a segment, those of deleted documents included, as Whoosh's own codec has it."""

    def __init__(self, segment: SegmentFields) -> None:
        self._segment = segment

    def __contains__(self, term: Term) -> bool:
        name, text = term
        return len(self._postings(name, text).documents) > 0

    def indexed_field_names(self) -> Sequence[str]:
        """Return the names of the fields that have terms."""
        return self._segment.names

    def cursor(self, name: str, field_type: fields.FieldType) -> base.FieldCursor:
        """Return a cursor at the first term of a field."""
        if name not in self._segment:
            return base.EmptyCursor()
        return TermCursor(self._segment[name], field_type)

    def terms(self) -> Iterator[Term]:
        """Yield all terms, sorted."""
        return self.terms_from("", b"")

    def terms_from(self, name: str, prefix: bytes) -> Iterator[Term]:
        """Yield the terms from one on, in its field and all behind it."""
        for other in self._segment.names:
            if other < name:
                continue
            terms = self._segment[other].terms
            first = bisect_left(terms, prefix) if other == name else 0
            for place in range(first, len(terms)):
                yield other, terms[place]

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """Yield all terms, sorted, with what is known of each."""
        return self.items_from("", b"")

    def items_from(self, name: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """Yield the terms from one on with what is known of each."""
        return ((term, self.term_info(*term)) for term in self.terms_from(name, prefix))

    def term_info(self, name: str, text: bytes) -> TermInfo:
        """Return what is known of a term. Raises TermNotFound."""
        return _term_info(self._found(name, text))

    def frequency(self, name: str, text: bytes) -> float:
        """Return how often a term occurs in all documents."""
        return float(self._postings(name, text).counts.sum())

    def doc_frequency(self, name: str, text: bytes) -> int:
        """Return in how many documents a term occurs."""
        return len(self._postings(name, text).documents)

    def matcher(
        self, name: str, text: bytes, _format: formats.Format, scorer: BaseScorer | None = None
    ) -> PostingsMatcher:
        """Return a matcher of the documents of a term. Raises TermNotFound.

        What postings support is told by the index, whatever a schema that Whoosh was opened with says of it.
        """
        posting_format = formats.Positions() if name in self._segment.texts else formats.Existence()
        return PostingsMatcher((name, text), self._found(name, text), posting_format, scorer)

    def _postings(self, name: str, text: bytes) -> FieldPostings:
        return self._segment[name].postings(text) if name in self._segment else NO_POSTINGS

    def _found(self, name: str, text: bytes) -> FieldPostings:
        postings = self._postings(name, text)
        if not len(postings.documents):
            raise TermNotFound(f"No term {name}:{text!r}")
        return postings


class TermCursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh ships no types
    """Stands at a term of a field, or behind the last."""

    def __init__(self, field: Field, field_type: fields.FieldType) -> None:
        self._field = field
        self._type = field_type
        self._place = 0

    def is_valid(self) -> bool:
        """Tell whether there is a term here."""
        return self._place < len(self._field.terms)

    def first(self) -> str | None:
        """Go to the first term and return it."""
        self._place = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        """Go to the first term that is not below this one, and return it."""
        wanted = term if isinstance(term, bytes) else self._type.to_bytes(term)
        self._place = bisect_left(self._field.terms, wanted)
        return self.text()

    def next(self) -> str | None:
        """Go to the next term and return it."""
        self._place += 1
        return self.text()

    def text(self) -> str | None:
        """Return the term; None behind the last."""
        return self._type.from_bytes(self._field.terms[self._place]) if self.is_valid() else None

    def term(self) -> str | None:
        """Return the term; None behind the last."""
        return self.text()

    def term_info(self) -> TermInfo | None:
        """Return what is known of the term; None behind the last."""
        return _term_info(self._field.postings(self._field.terms[self._place])) if self.is_valid() else None


def _term_info(postings: FieldPostings) -> TermInfo:
    return TermInfo(
        weight=float(postings.counts.sum()),
        df=len(postings.documents),
        minlength=int(postings.lengths.min()),
        maxlength=int(postings.lengths.max()),
        maxweight=float(postings.counts.max()),
        minid=int(postings.documents[0]),
        maxid=int(postings.documents[-1]),
    )
