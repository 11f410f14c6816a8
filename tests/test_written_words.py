"""Written words against counting them in plain Python."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.whoosh import term_merging
from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.layout import FIELD_COUNT
from indexer.index.whoosh.merging import GONE, Source, merge
from indexer.index.whoosh.postings import Pool, Postings, postings_of
from indexer.index.whoosh.written_words import is_word

Text = tuple[list[str], str]
"""The words of a document, and its language."""

FORMS = [
    "policies",
    "policy",
    "running",
    "Été",
    "été",
    "ete",
    "x",
    "2021",
    "tráfico",
    "TRÁFICO",
    "trafico",
    "ß",
    "中文",
]
texts = st.tuples(st.lists(st.sampled_from(FORMS), max_size=8), st.sampled_from(["en", "fr"]))
parts = st.lists(texts, max_size=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written")


def pool_of(part: list[Text]) -> Postings:
    pool = Pool()
    for number, (words, language) in enumerate(part):
        pool.add((number * FIELD_COUNT, 0, len(words)), words, language)
    return pool.emptied()


def read(postings: Postings) -> dict[str, tuple[int, set[str], str]]:
    """Return of each word in how many documents it stands, its terms, and how it is shown."""
    written = postings.written
    words = [word.decode() for word in written.words]
    terms = [term.decode() for term in postings.terms]
    shown = dict(zip(written.shown_numbers.tolist(), written.shown, strict=True))
    edges = written.term_starts.tolist()
    assert words == sorted(words, key=str.encode)
    return {
        word: (
            int(written.counts[number]),
            {terms[term] for term in written.terms[edges[number] : edges[number + 1]]},
            shown.get(number, word.encode()).decode(),
        )
        for number, word in enumerate(words)
    }


def expected(part: list[Text]) -> dict[str, tuple[int, set[str], str]]:
    documents: Counter[str] = Counter()
    terms: dict[str, set[str]] = {}
    ways: dict[str, Counter[str]] = {}
    for words, language in part:
        documents.update({analysis.fold(word) for word in words})
        for word in words:
            folded = analysis.fold(word)
            terms.setdefault(folded, set()).update(analysis.terms_of([word], language))
            ways.setdefault(folded, Counter())[unicodedata.normalize("NFC", word.lower())] += 1
    return {
        word: (documents[word], terms[word], max(ways[word], key=lambda way: (ways[word][way], way != word, way)))
        for word in documents
        if is_word(word)
    }


@given(parts)
def test_a_pool_knows_of_every_word_where_it_stands_its_terms_and_how_it_is_mostly_written(part: list[Text]) -> None:
    assert read(pool_of(part)) == expected([(words, language) for words, language in part])


@given(some_parts=st.lists(parts, min_size=1, max_size=3), at_once=st.integers(1, 5), gone=st.sets(st.integers(0, 9)))
def test_merged_words_add_up_and_go_with_the_last_document_of_their_terms(
    some_parts: list[list[Text]], at_once: int, gone: set[int], folder: Path
) -> None:
    sources: list[Source] = []
    kept: list[Text] = []
    old = Counter[str]()
    count_before = 0
    for part in some_parts:
        numbers = np.full(len(part), GONE)
        for place in range(len(part)):
            if count_before + place not in gone:
                numbers[place] = len(kept)
                kept.append(part[place])
        sources.append(Source(pool_of(part), numbers))
        old.update({word: found[0] for word, found in expected(part).items()})
        count_before += len(part)
    path = folder / "merged.arrays"
    path.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch, ArrayFileWriter(path) as file:
        patch.setattr(term_merging, "_TERMS_AT_ONCE", at_once)
        merge(sources, file)
        file.finish({})
    found = read(postings_of(ArrayFile(path)))
    left = expected(kept)
    assert set(left) <= set(found)
    living = set().union(*(terms for _, terms, _ in left.values())) if left else set()
    for word, (count, terms, shown) in found.items():
        assert terms
        assert terms <= living
        assert analysis.fold(shown) == word
        assert left.get(word, (1,))[0] <= count <= old[word]
        if len(kept) == sum(map(len, some_parts)):
            assert (count, terms) == left[word][:2]


def test_a_word_is_shown_as_the_part_writes_it_in_which_most_documents_have_it(folder: Path) -> None:
    plain = pool_of([(["trafico"], "es")])
    accented = pool_of([(["tráfico"], "es"), (["tráfico"], "es")])
    for number, sources in enumerate([(plain, accented), (accented, plain)]):
        with ArrayFileWriter(path := folder / f"shown{number}.arrays") as file:
            first = np.arange(3, dtype=np.uint32)
            merge([Source(sources[0], first), Source(sources[1], first + np.uint32(2))], file)
            file.finish({})
        assert read(postings_of(ArrayFile(path))) == {"trafico": (3, {"trafic"}, "tráfico")}
