"""What is asked in a measurement: words from titles that are neither rare nor everywhere, always the same ones."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.bench import BenchError
from indexer.bench.corpus import BenchDocument

LENGTHS = (1, 2, 3)
"""How many words a question may have."""

_SEED = 11
_DRAWN = 100
_WORD = re.compile(r"[a-z]{3,}")
_FEWEST_DOCUMENTS = 5
_LARGEST_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Question:
    """Words of which at least one is to be found, parted by spaces; `number` counts those of the same length from 0."""

    words: int
    number: int
    text: str


def draw(documents: Iterable[BenchDocument], of_each: int) -> list[Question]:
    """Return `of_each` questions of each length, the short ones first; BenchError when the titles do not give them.

    A word may be asked for if it has at least three letters and none outside a-z, and stands in at least five and at
    most a fifth of the documents. All words of a question are from one title. At least a hundred questions of each
    length are drawn however few are wanted, so that a shorter run asks the first of the same.
    """
    titles = _titles_of_usable_words(documents)
    chance = random.Random(_SEED)  # noqa: S311 - a fixed seed, so that all who measure ask the same
    questions: list[Question] = []
    for length in LENGTHS:
        if not any(len(words) >= length for words in titles):
            raise BenchError(
                f"No title has {_counted(length)} of three or more letters a-z that at least {_FEWEST_DOCUMENTS} and "
                "at most a fifth of all documents hold, so nothing can be asked. "
                "Measure with more documents, or with longer titles."
            )
        drawn = _drawn(titles, length, max(of_each, _DRAWN), chance)
        questions += [Question(length, number, text) for number, text in enumerate(drawn[:of_each])]
    return questions


def _titles_of_usable_words(documents: Iterable[BenchDocument]) -> list[list[str]]:
    """Return the words of every title that may be asked for, in their order and without repeats."""
    frequencies: Counter[str] = Counter()
    titles: list[list[str]] = []
    for document in documents:
        titles.append(list(dict.fromkeys(_WORD.findall(document.title.lower()))))
        frequencies.update(set(_WORD.findall(f"{document.title} {document.text}".lower())))
    most = len(titles) * _LARGEST_SHARE
    return [[word for word in words if _FEWEST_DOCUMENTS <= frequencies[word] <= most] for words in titles]


def _drawn(titles: list[list[str]], length: int, wanted: int, chance: random.Random) -> list[str]:
    texts: list[str] = []
    while len(texts) < wanted:
        words = chance.choice(titles)
        if len(words) >= length:
            texts.append(" ".join(chance.sample(words, length)))
    return texts


def _counted(words: int) -> str:
    return "a word" if words == 1 else f"{words} words"
