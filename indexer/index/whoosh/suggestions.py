"""Completions of what is being typed: the library's own titles, values, and words, mistyped words forgiven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.engine import Suggestion, SuggestionKind
from indexer.index.whoosh.arrays import IndexArrays
from indexer.index.whoosh.beginnings import beginnings_near
from indexer.index.whoosh.completions import Completions, Numbers, Source
from indexer.index.whoosh.lookup import Lookup
from indexer.index.whoosh.segment import Segment
from indexer.index.whoosh.strings import StringArray, enclosed, encoded

_LEAST_RESOURCES = 2
"""In how many resources a word has to stand to be offered: mistakes stand in one."""

_MOSTLY = 0.8
"""Of so many resources that share a phrase, at the most, it may go on with the same word."""

_SHORTEST_WORD = 3
"""Letters of a word that is worth completing."""

_MORE = 4
"""How many times as many completions as wanted are looked at, as some are nearly the same."""

_FEW = 64
"""So many texts are looked at one by one."""

_FORGIVEN_FROM, _TWICE_FROM = 4, 8
"""From which letter on one mistake is forgiven in a word, and from which two."""

_MOST_WRONG = 3
"""How many words may be mistyped: the last ones that nothing begins with, and the very last."""

_COMPARED = 500
"""So many texts that are equally useful and begin with the same bytes are brought into the order of their names."""

_MOST_READINGS = 8
"""In how many ways what was mistyped is read."""


def completions_of(arrays: IndexArrays, facets: Sequence[str]) -> Completions:
    """Return all that typing can be completed to in a generation, values of these facets among it."""
    return Completions([*_titles(arrays), *_facet_values(arrays, facets), _phrases(arrays), _words(arrays)])


def suggestions(arrays: IndexArrays, completions: Completions, prefix: str, limit: int) -> tuple[Suggestion, ...]:
    """Return completions that hold a word beginning with each word of `prefix`, the most useful first.

    What begins as typed comes before the rest. Of those that differ in the forms of their words one is offered. If
    there are fewer than wanted, words of four letters may hold a mistake, and those of eight two.
    """
    typed = analysis.words(prefix)
    if not typed or limit < 1:
        return ()
    found: dict[tuple[tuple[str, ...], ...], Suggestion] = {}
    known: set[int] = set()
    for words in _readings(arrays, completions, typed):
        for number in _best(completions, words, limit * _MORE):
            # What one reading finds, another one may find again.
            if number in known:
                continue
            known.add(number)
            words_of_text = completions.text(number).decode("utf-8").split()
            forms = _forms(arrays, words_of_text)
            if forms not in found and completions.is_there(number, partial(_is_there, arrays, words_of_text)):
                found[forms] = completions.suggestion(number)
            if len(found) == limit:
                return tuple(found.values())
    return tuple(found.values())


def _is_there(arrays: IndexArrays, words: Sequence[str], kind: SuggestionKind) -> bool:
    """Tell whether enough have what is offered: words of resources that were removed may still be counted."""
    if kind not in (SuggestionKind.WORD, SuggestionKind.PHRASE):
        return True
    return Lookup(arrays, arrays.languages).stands(words, _LEAST_RESOURCES)


def _forms(arrays: IndexArrays, words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(analysis.variants(word, arrays.languages) for word in words)


def _readings(arrays: IndexArrays, completions: Completions, typed: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the words as they were typed, and then as they may have been meant."""
    yield typed
    last = len(typed) - 1
    wrong = [n for n, word in enumerate(typed) if n == last or not completions.count(encoded(word))][-_MOST_WRONG:]
    ways = [[word, *_meant(arrays, word)] if n in wrong else [word] for n, word in enumerate(typed)]
    yield from islice(product(*ways), 1, _MOST_READINGS)


def _meant(arrays: IndexArrays, word: str) -> list[str]:
    edits = (len(word) >= _FORGIVEN_FROM) + (len(word) >= _TWICE_FROM)
    return beginnings_near(arrays.written, word, edits) if edits else []


def _best(completions: Completions, words: Sequence[str], limit: int) -> list[int]:
    """Return the texts that hold a word beginning with each of these, best first, and not many more than wanted."""
    together = encoded(" ".join(words))
    numbers, is_first = completions.beginning(together)
    if len(words) > 1:
        begin_so = numbers[is_first]
        numbers = _holding(completions, [encoded(word) for word in words])
        table = np.zeros(len(completions.worse), dtype=np.bool_)
        table[begin_so] = True
        is_first = table[numbers]
    worse = completions.worse[numbers] + np.where(is_first, 0, len(completions.worse))
    if len(worse) > limit:
        near = worse <= np.partition(worse, limit - 1)[limit - 1]
        numbers, worse = numbers[near], worse[near]
    order = np.lexsort((numbers, worse))
    best: dict[int, int] = {}
    for number, place in zip(numbers[order].tolist(), worse[order].tolist(), strict=True):
        # A text is there more than once if several of its words begin so.
        best.setdefault(number, place)
    if len(best) > _COMPARED:
        return list(best)[:limit]
    # Places are by the first bytes of a text.
    return sorted(best, key=lambda number: (best[number], completions.text(number)))[:limit]


def _holding(completions: Completions, words: Sequence[bytes]) -> Numbers:
    """Return the numbers of the texts that hold a word beginning with each of these."""
    rarest, *others = sorted(dict.fromkeys(words), key=completions.count)
    numbers = _is_held(completions, rarest).nonzero()[0]
    for word in others:
        if len(numbers) <= _FEW:
            beginning = b" " + word
            held = [number for number in numbers.tolist() if beginning in completions.text(number)]
            numbers = np.array(held, dtype=np.intp)
        else:
            numbers = numbers[_is_held(completions, word)[numbers]]
    return numbers


def _is_held(completions: Completions, word: bytes) -> NDArray[np.bool_]:
    """Tell of each text whether it holds a word beginning so."""
    is_held = np.zeros(len(completions.worse), dtype=np.bool_)
    is_held[completions.holders(word)] = True
    return is_held


def _titles(arrays: IndexArrays) -> Iterator[Source]:
    for first, segment in zip(arrays.firsts, arrays.segments, strict=True):
        live = arrays.live[first : first + segment.size].astype(np.int64)
        yield Source(segment.titles, live, segment.title_ranks, SuggestionKind.TITLE, partial(_title, segment))


def _title(segment: Segment, number: int) -> Suggestion:
    resource = segment.record(number).resource
    return Suggestion(resource.title, SuggestionKind.TITLE, id=resource.id)


def _facet_values(arrays: IndexArrays, facets: Sequence[str]) -> Iterator[Source]:
    for name in facets:
        column = arrays.facet(name)
        resources = np.zeros(column.size, dtype=np.int64)
        having, counts = column.counted(np.flatnonzero(arrays.live))
        resources[having] = counts
        for view in column.views:
            its_resources = resources[view.first : view.first + len(view.values)]
            ranks = np.arange(len(view.values))
            yield Source(view.folded, its_resources, ranks, SuggestionKind.VALUE, partial(_value, name, view.values))


def _value(facet: str, values: StringArray, number: int) -> Suggestion:
    return Suggestion(values[number].decode("utf-8"), SuggestionKind.VALUE, facet=facet)


def _phrases(arrays: IndexArrays) -> Source:
    """Return the phrases of several resources, but not those that mostly go on: "nations guiding" of "principles"."""
    phrases = arrays.phrases
    frequent = np.flatnonzero(phrases.counts >= _LEAST_RESOURCES)
    texts = list(phrases.texts.chosen(frequent))
    counts = phrases.counts[frequent].tolist()
    going_on = [0] * len(texts)
    open_phrases: list[int] = []
    for number, text in enumerate(texts):
        # What goes on with a phrase stands directly behind it.
        while open_phrases and not text.startswith(texts[open_phrases[-1]] + b" "):
            open_phrases.pop()
        for shorter in open_phrases:
            going_on[shorter] = max(going_on[shorter], counts[number])
        open_phrases.append(number)
    offered = [n for n, count in enumerate(counts) if going_on[n] < _MOSTLY * count]
    numbers = frequent[offered]
    shown = phrases.texts.chosen(numbers)
    return Source(
        enclosed(shown),
        phrases.counts[numbers],
        np.arange(len(numbers)),
        SuggestionKind.PHRASE,
        lambda number: Suggestion(
            " ".join(map(arrays.written.shown, shown[number].decode("utf-8").split())), SuggestionKind.PHRASE
        ),
    )


def _words(arrays: IndexArrays) -> Source:
    written = arrays.written
    frequent = np.flatnonzero(written.counts >= _LEAST_RESOURCES)
    stop_words = analysis.stop_words(arrays.languages)
    texts = [word.decode("utf-8") for word in written.words.chosen(frequent)]
    offered = [place for place, word in enumerate(texts) if len(word) >= _SHORTEST_WORD and word not in stop_words]
    numbers = frequent[offered]
    return Source(
        enclosed(written.words.chosen(numbers)),
        written.counts[numbers],
        np.arange(len(numbers)),
        SuggestionKind.WORD,
        lambda number: Suggestion(written.text(int(numbers[number])), SuggestionKind.WORD),
    )
