"""The words of a segment as people write them: terms are stems, and nobody wants to be told "did you mean polici".

Words are folded, and each knows in how many documents it stands, which terms it has, and how it is mostly written where
that is otherwise than folded ("tráfico"). Numbers, single letters and pairs of characters that are written without
spaces are no words here: nobody mistypes them so that it could be told. What only documents had that are deleted stays
until a merge finds that no document has its terms, so a count may be too high, and who shows a number asks the engine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.index.characters import CHARACTER
from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.ragged import runs_of
from indexer.index.whoosh.stretches import lengths_of
from indexer.index.whoosh.strings import Starts, StringArray, Strings, put_strings, starts_of, string_array
from indexer.index.whoosh.term_merging import merged_terms

Numbers = NDArray[np.uint32]

_PAIR = re.compile(CHARACTER)

Spellings = tuple[NDArray[np.integer], StringArray]
"""The numbers of words that are shown otherwise than folded, and how."""

NO_TERM = np.uint32(0xFFFFFFFF)
"""The new number of a term that no document has any more."""

LONGEST = 40
"""The most letters of a word: what is longer was not typed, and is not looked for."""


@dataclass(frozen=True, slots=True)
class WrittenWords:
    """The written words of some documents.

    `words` are folded and sorted, and `counts` says in how many documents each stands. The terms of the n-th are those
    from `term_starts[n]` to `term_starts[n + 1]`, by rising number. `shown` has the usual way to write the words whose
    numbers are in `shown_numbers`, which rise; the others are written as they are folded.
    """

    words: StringArray
    counts: Numbers
    term_starts: Starts
    terms: Numbers
    shown_numbers: Numbers
    shown: StringArray


def is_word(folded: str) -> bool:
    """Tell whether a folded word is one of those that are remembered as they are written."""
    if not 1 < len(folded) <= LONGEST or folded.isdecimal():
        return False
    return folded.isascii() or not _PAIR.match(folded)


def put_written(file: ArrayFileWriter, written: WrittenWords) -> None:
    """Write words into a file of arrays."""
    put_strings(file, "written", written.words)
    file.put("written_counts", written.counts)
    file.put("written_term_starts", written.term_starts)
    file.put("written_terms", written.terms)
    file.put("shown_numbers", written.shown_numbers)
    put_strings(file, "shown", written.shown)


def written_of(file: ArrayFile) -> WrittenWords:
    """Return the words of a file of arrays, of which nothing is copied."""
    return WrittenWords(
        words=Strings(file, "written"),
        counts=file["written_counts"],
        term_starts=file["written_term_starts"],
        terms=file["written_terms"],
        shown_numbers=file["shown_numbers"],
        shown=Strings(file, "shown"),
    )


def merged_written(
    parts: Sequence[WrittenWords], terms: Sequence[Numbers], frequencies: NDArray[np.int64]
) -> WrittenWords:
    """Return the words of several sources as one.

    `terms` maps the terms of each source to their new numbers, or NO_TERM; `frequencies` says how many postings each
    new term has. Counts add up, but no word stands in more documents than its terms have postings.
    """
    words, places = merged_terms([part.words for part in parts])
    pairs = [_pairs(*each) for each in zip(parts, places, terms, strict=True)]
    together = np.sort(np.concatenate([np.empty(0, dtype=np.uint64), *pairs]))
    together = together[runs_of(together)]
    owners = (together >> np.uint64(32)).astype(np.intp)
    its_terms = together.astype(np.uint32)
    counts = np.zeros(len(words), dtype=np.int64)
    for part, place in zip(parts, places, strict=True):
        counts[place] += part.counts
    most = np.bincount(owners, frequencies[its_terms], minlength=len(words)).astype(np.int64)
    kept = np.flatnonzero(most)
    numbers, shown = usual_spellings(parts, places, len(words))
    is_kept = most[numbers] > 0
    return WrittenWords(
        words=words.chosen(kept),
        counts=np.minimum(counts, most)[kept].astype(np.uint32),
        term_starts=starts_of(np.bincount(owners, minlength=len(words))[kept]),
        terms=its_terms,
        shown_numbers=np.searchsorted(kept, numbers[is_kept]).astype(np.uint32),
        shown=shown.chosen(np.flatnonzero(is_kept)),
    )


def _pairs(part: WrittenWords, places: Numbers, terms: Numbers) -> NDArray[np.uint64]:
    """Return the new numbers of all words and their terms that are left, as one number for each pair."""
    owners = np.repeat(places, lengths_of(part.term_starts)).astype(np.uint64)
    its_terms = terms[part.terms]
    pairs: NDArray[np.uint64] = ((owners << np.uint64(32)) | its_terms)[its_terms != NO_TERM]
    return pairs


def usual_spellings(parts: Sequence[WrittenWords], places: Sequence[Numbers], words: int) -> Spellings:
    """Return which words are shown otherwise than folded, and how: as where most documents have them."""
    most = np.zeros(words, dtype=np.uint32)
    found: dict[int, bytes] = {}
    for part, place in zip(parts, places, strict=True):
        is_more = part.counts > most[place]
        most[place[is_more]] = part.counts[is_more]
        shown = dict(zip(part.shown_numbers.tolist(), part.shown, strict=True))
        if found:
            for number in place[is_more].tolist():
                found.pop(number, None)
        found.update((int(place[number]), text) for number, text in shown.items() if is_more[number])
    numbers = sorted(found)
    return np.array(numbers, dtype=np.intp), string_array([found[number] for number in numbers])
