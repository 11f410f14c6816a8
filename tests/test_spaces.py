"""Words whose space was lost are parted when the library's own words bear it out, and never otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import open_index
from indexer.index.engine import SearchRequest
from indexer.index.query import parse
from indexer.index.schema import Document, Locator, Page, Resource
from indexer.spaces import Repair, WordCounts, repairs
from tests.library_folder import built, write_page, write_pdf


class PlainVocabulary:
    """Counts words and pairs of words by looking through all texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [text.lower().split() for text in texts]

    def frequency(self, word: str, _language: str) -> int:
        """Count the texts that hold a word."""
        return sum(word in words for words in self._texts)

    def followed(self, first: str, second: str, _language: str) -> int:
        """Count the texts in which the second word follows the first."""
        return sum((first, second) in pairwise(words) for words in self._texts)


def document(identifier: str, text: str) -> Document:
    return Document(Resource(identifier, "Title"), text)


def mended(*texts: str) -> list[str]:
    """Return the texts as they are after all repairs, each being a document."""
    counts = WordCounts()
    documents = [document(str(number), text) for number, text in enumerate(texts)]
    for one in documents:
        counts.add(one.resource.id, "en", one.body.split())
    found = repairs(counts, PlainVocabulary(texts))
    return [found[one.resource.id].of(one).body if one.resource.id in found else one.body for one in documents]


LIBRARY = (
    "how to combat human trafficking and forced labour",
    "they combat human trafficking and identify some of their success",
    "amendments to identify some gaps and their success in human rights",
    "amendments to labour law combat forced labour",
)


def test_words_that_ran_together_are_parted() -> None:
    seed = "designed to combathuman traffickingand identifysome aspects theirsuccess Amendmentsto"
    expected = "designed to combat human trafficking and identify some aspects their success Amendments to"
    assert mended(*LIBRARY, seed)[-1] == expected


def test_a_text_that_lost_one_space_between_two_subjects_alone_is_left_as_it_is() -> None:
    assert mended(*LIBRARY, "designed to combathuman something")[-1] == "designed to combathuman something"


@pytest.mark.parametrize(
    "word",
    [
        "datacenters",  # a compound that others write in two words
        "inaction",  # a prefix that is also a word
        "plugin",
        "therapist",
        "withdraw",
        "bulletin",
        "masses",  # whose end is a word without a subject in another language
    ],
)
def test_a_word_of_its_own_is_left_alone_though_its_parts_are_words_too(word: str) -> None:
    texts = (
        "data centers in action with draw plug in the rapist bullet in mas ses",
        "two data centers in action with draw plug in the rapist bullet in mas ses",
    )
    assert mended(*texts, f"one {word} here")[-1] == f"one {word} here"


def test_a_word_that_several_resources_use_is_a_word() -> None:
    texts = ("lean and on", "lean and on", "a leanand b", "another leanand c")
    assert mended(*texts)[2:] == ["a lean and b", "another lean and c"]
    more = (*texts, "a third leanand d")
    assert mended(*more) == list(more)


@pytest.mark.parametrize(
    ("language", "word"), [("es", "tienen"), ("fr", "grandes"), ("de", "gesund"), ("xx", "tienand")]
)
def test_the_ending_of_a_word_is_no_word_in_other_languages_either(language: str, word: str) -> None:
    texts = [f"{word[:end]} {word[end:]} two" for end in range(2, len(word) - 1)] * 2
    counts = WordCounts()
    for number, text in enumerate([*texts, word]):
        counts.add(str(number), language, text.split())
    assert repairs(counts, PlainVocabulary([*texts, word])) == {}


def test_a_word_that_can_be_parted_in_two_ways_is_left_alone() -> None:
    texts = ("that fooand thatfoo and", "x that fooand thatfoo and", "q thatfooand")
    assert mended(*texts)[-1] == "q thatfooand"


def test_long_words_come_many_to_a_string_and_only_wait_where_one_is_suspected() -> None:
    counts = WordCounts()
    counts.add("lost", "en", ["combathuman short TRAFFICKINGAND", "combathuman theirsuccess covid2019 trafficking"])
    counts.add("sound", "en", ["combathuman trafficking labour"])
    counts.add("other", "xx", ["traffickingand"])
    (suspects,) = counts.suspects().items()
    assert (suspects[0], set(suspects[1].words)) == ("lost", {"traffickingand", "theirsuccess"})
    assert suspects[1].others() == {"combathuman", "traffickingand", "theirsuccess", "trafficking"}


def test_a_repair_keeps_everything_but_the_spaces() -> None:
    repair = Repair({"traffickingand": ("trafficking", "and")}, {"combathuman": ("combat", "human")})
    before = Document(
        Resource("a", "Traffickingand", "Traffickingand, combathuman!"),
        "combathuman alone",
        ((Page(Locator("iv"), "TraffickingAnd\tcombathuman"), Page(Locator("v"), "combathuman")),),
    )
    after = repair.of(before)
    assert after.resource.title == "Traffickingand"
    assert after.resource.summary == "Trafficking and, combat human!"
    assert after.body == "combathuman alone"
    assert after.pages == ((Page(Locator("iv"), "Trafficking And\tcombat human"), Page(Locator("v"), "combathuman")),)


WORDS = "and the labour human rights their fees labourand theirfees humanrights"
words = st.sampled_from(WORDS.split())


@given(st.lists(st.lists(words, max_size=8).map(" ".join), max_size=6))
def test_no_letter_is_ever_lost_and_nothing_is_parted_that_is_frequent(texts: list[str]) -> None:
    for before, after in zip(texts, mended(*texts), strict=True):
        assert after.replace(" ", "") == before.replace(" ", "")
        parted = set(before.split()) - set(after.split())
        assert all(sum(word in text.split() for text in texts) <= 2 for word in parted)


def test_a_build_finds_the_words_and_says_what_it_parted(tmp_path: Path) -> None:
    library, index = tmp_path / "library", tmp_path / "index"
    for number, text in enumerate(LIBRARY):
        write_page(library, f"page{number}.md", f"title: Page {number}", text)
    write_page(library, "lost.md", "title: Lost\nattachments: [lost.pdf]", "Programmes.")
    write_pdf(library / "lost.pdf", ["First page", "made to combathuman traffickingand abuse"])
    report = built(library, index)
    both = ("lost: combathuman → combat human", "lost: traffickingand → trafficking and")
    assert report.mended == both
    engine = open_index(index)
    (hit,) = engine.search(SearchRequest(parse('"combat human trafficking and abuse"'))).hits
    assert (hit.resource.id, hit.matches[0].page) == ("lost", 2)
    assert engine.search(SearchRequest()).total == len(LIBRARY) + 1
    engine.close()
    assert not built(library, index).published
    write_page(library, "more.md", "title: More", "forced labour")
    assert built(library, index).mended == ()
    write_pdf(library / "lost.pdf", ["First page", "made to combathuman traffickingand more abuse"])
    assert built(library, index).mended == both
    engine = open_index(index)
    assert engine.search(SearchRequest(parse('"trafficking and more"'))).total == 1
    engine.close()
