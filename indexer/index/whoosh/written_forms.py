"""Numbers the words of texts as they come, each way of writing one apart, and tells which term and word each is."""

from __future__ import annotations

import unicodedata
from array import array

import numpy as np
from numpy.typing import NDArray

from indexer.index import analysis
from indexer.index.whoosh.phrase_mining import Texts, mined
from indexer.index.whoosh.phrases import Phrases
from indexer.index.whoosh.ragged import runs_of
from indexer.index.whoosh.strings import encoded, starts_of, string_array
from indexer.index.whoosh.written_words import Numbers, WrittenWords, is_word


class WrittenForms:
    """The ways to write words that texts were met with: a form is a word as it stands in texts of one language.

    `of` a language numbers its forms. Equal terms share a number, which is a place in `terms`.
    """

    def __init__(self) -> None:
        self.terms: dict[bytes, int] = {}
        self._languages: dict[str, _Forms] = {}
        self._term_of = array("I")
        # Numbers and single letters are together the first word, which is none.
        self._words: dict[bytes, int] = {b"": 0}
        self._word_of = array("I")
        # How those forms are shown that are written otherwise than folded.
        self._accented: dict[int, bytes] = {}

    def __len__(self) -> int:
        """Return how many forms there are."""
        return len(self._term_of)

    def of(self, language: str) -> _Forms:
        """Return the numbers of the forms of a language."""
        forms = self._languages.get(language)
        if forms is None:
            forms = self._languages[language] = _Forms(self, language)
        return forms

    @property
    def term_of(self) -> Numbers:
        """The number of each form's term."""
        return np.array(self._term_of, dtype=np.uint32)

    def add(self, form: str, language: str) -> int:
        """Take in a form that was not met before and return its number."""
        number = len(self._term_of)
        (term,) = analysis.terms_of((form,), language)
        self._term_of.append(self.terms.setdefault(encoded(term), len(self.terms)))
        # A library has many forms, nearly all of them in ASCII, which small letters fold.
        folded = form.lower() if form.isascii() else analysis.fold(form)
        word = encoded(folded) if is_word(folded) else b""
        self._word_of.append(self._words.setdefault(word, len(self._words)))
        if word and not form.isascii():
            shown = encoded(unicodedata.normalize("NFC", form.lower()))
            if shown != word:
                self._accented[number] = shown
        return number

    def written(self, forms: Numbers, documents: Numbers, term_ranks: Numbers) -> WrittenWords:
        """Return the written words of texts: the forms in them, the document of each, and the new number of each term.

        A document's forms follow each other.
        """
        occurrences = np.bincount(forms, minlength=len(self))
        word_of = np.array(self._word_of, dtype=np.uint32)
        counts = self._document_counts(word_of[forms], documents)
        words = list(self._words)
        order = sorted((np.flatnonzero(counts[1:]) + 1).tolist(), key=words.__getitem__)
        ranks = np.zeros(len(words), dtype=np.uint32)
        ranks[order] = np.arange(len(order), dtype=np.uint32)
        its_forms = np.flatnonzero((occurrences > 0) & (word_of > 0))
        pairs = (ranks[word_of[its_forms]].astype(np.uint64) << np.uint64(32)) | term_ranks[self.term_of[its_forms]]
        pairs = np.sort(pairs)
        pairs = pairs[runs_of(pairs)]
        shown = self._usual(occurrences, word_of)
        numbers = sorted(shown, key=words.__getitem__)
        return WrittenWords(
            words=string_array([words[number] for number in order]),
            counts=counts[order].astype(np.uint32),
            term_starts=starts_of(np.bincount((pairs >> np.uint64(32)).astype(np.intp), minlength=len(order))),
            terms=pairs.astype(np.uint32),
            shown_numbers=ranks[numbers],
            shown=string_array([shown[number] for number in numbers]),
        )

    def phrases(self, forms: Numbers, texts: NDArray[np.integer], documents: NDArray[np.integer]) -> Phrases:
        """Return the frequent phrases of texts: the forms in them, and the text and the document of each."""
        words = np.array(self._word_of, dtype=np.uint32)[forms]
        stop_words = (self._words.get(encoded(word)) for word in analysis.stop_words(analysis.STOP_LANGUAGES))
        found = [number for number in stop_words if number is not None]
        return mined(Texts(words, texts, documents, list(self._words), found))

    def _document_counts(self, words: Numbers, documents: Numbers) -> NDArray[np.intp]:
        """Return in how many documents each word stands."""
        keys = (documents.astype(np.uint64) << np.uint64(32)) | words
        # NumPy sorts numbers alone by instructions that compare many at once; ten million in a fifth of a second.
        keys.sort()
        return np.bincount(keys[runs_of(keys)].astype(np.uint32), minlength=len(self._words))

    def _usual(self, occurrences: NDArray[np.intp], word_of: Numbers) -> dict[int, bytes]:
        """Return how words are shown that are mostly written otherwise than folded."""
        ways: dict[int, dict[bytes, int]] = {}
        for form, shown in self._accented.items():
            if occurrences[form]:
                its_ways = ways.setdefault(int(word_of[form]), {})
                its_ways[shown] = its_ways.get(shown, 0) + int(occurrences[form])
        if not ways:
            return {}
        totals = np.bincount(word_of, occurrences, minlength=len(self._words))
        usual: dict[int, bytes] = {}
        for word, its_ways in ways.items():
            best = max(its_ways, key=lambda way: (its_ways[way], way))
            if its_ways[best] >= totals[word] - sum(its_ways.values()):
                usual[word] = best
        return usual


class _Forms(dict[str, int]):
    """The numbers of the forms of one language; one that is not met yet is taken in."""

    def __init__(self, forms: WrittenForms, language: str) -> None:
        super().__init__()
        self._forms = forms
        self._language = language

    def __missing__(self, form: str) -> int:
        number = self[form] = self._forms.add(form, self._language)
        return number
