"""Libraries of any size for measurements: documents of made-up words that are as common as words are, made as needed.

The word of rank r is drawn with a probability in proportion to 1/r (Zipf, Human Behavior and the Principle of Least
Effort, 1949), and the same law governs tags and categories. The documents depend on the seed and on nothing else: a
smaller library is the beginning of a larger one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count, islice, pairwise, product

import numpy as np
import numpy.typing as npt

from indexer.bench.corpus import BenchDocument

_SEED = 11
_BATCH = 1_000
_FEWEST_WORDS, _MORE_WORDS = 20, 80
"""The words of a text at least, and how many follow on average: many texts are short, few are long."""

_TITLE_WORDS = (3, 9)
_TAGS = (1, 6)
"""How many words a title and how many tags a document has, from the first number to below the second."""

_SYLLABLES = [f"{consonant}{vowel}" for vowel in "aeiou" for consonant in "bdfghklmnprtvwz"]


class Vocabulary:
    """Made-up names, all different, the common ones short; no English ending, so that a stemmer leaves them alone.

    All end in the letter `ending`, so that no two vocabularies share a name.
    """

    def __init__(self, size: int, ending: str) -> None:
        self._names = np.array(list(islice(_names(ending), size)), dtype=object)
        self._cumulative = np.cumsum(1 / np.arange(1, size + 1))

    def draw(self, chance: np.random.Generator, number: int) -> list[str]:
        """Return so many names, each as likely as its rank makes it."""
        drawn = np.searchsorted(self._cumulative, chance.random(number) * self._cumulative[-1], side="right")
        names: list[str] = self._names[drawn].tolist()
        return names


def _names(ending: str) -> Iterator[str]:
    """Yield 75 names of one syllable, then all of two syllables, and so on."""
    for length in count(1):
        for syllables in product(_SYLLABLES, repeat=length):
            yield "".join(syllables) + ending


def documents(number: int) -> Iterator[BenchDocument]:
    """Yield so many documents of about 100 words, each with one to five of 2,000 tags and one of 40 categories."""
    library = _Library()
    return islice(chain.from_iterable(map(library.batch, count(0, _BATCH))), number)


class _Library:
    """Makes documents, a batch at a time: NumPy draws thousands of words about as fast as one."""

    def __init__(self) -> None:
        self._words = Vocabulary(200_000, "k")
        self._tags = Vocabulary(2_000, "m")
        self._categories = Vocabulary(40, "n")

    def batch(self, first: int) -> Iterator[BenchDocument]:
        """Yield the documents whose numbers begin with `first`."""
        chance = np.random.default_rng([_SEED, first])
        texts = _groups(self._words, chance, _FEWEST_WORDS + chance.geometric(1 / _MORE_WORDS, _BATCH))
        titles = _groups(self._words, chance, chance.integers(*_TITLE_WORDS, _BATCH))
        tags = _groups(self._tags, chance, chance.integers(*_TAGS, _BATCH))
        categories = self._categories.draw(chance, _BATCH)
        for number, title, text, tag, category in zip(count(first), titles, texts, tags, categories, strict=False):
            yield BenchDocument(f"{number:07d}", " ".join(title), " ".join(text), tuple(dict.fromkeys(tag)), category)


def _groups(vocabulary: Vocabulary, chance: np.random.Generator, lengths: npt.NDArray[np.int64]) -> Iterator[list[str]]:
    """Yield groups of drawn names, as long as `lengths` says."""
    names = vocabulary.draw(chance, int(lengths.sum()))
    ends = np.cumsum(lengths).tolist()
    for begin, end in pairwise([0, *ends]):
        yield names[begin:end]
