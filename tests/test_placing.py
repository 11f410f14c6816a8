from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.engine import Match, Where
from indexer.index.ranking import SATURATION
from indexer.index.schema import TEXT_FIELDS, Attachment, Document, Locator, Page, Resource, Unit
from indexer.index.whoosh.layout import GAP
from indexer.index.whoosh.occurrences import Occurrences
from indexer.index.whoosh.placing import PAGE_LIMIT, place
from indexer.index.whoosh.records import BODY, Passage, Record, RecordReader, RecordWriter, passages_of


@dataclass(frozen=True)
class Placed:
    """What `place` returns, with names."""

    matches: tuple[Match, ...]
    pages: int

    def places(self) -> list[tuple[Where, str, int]]:
        """Return where the matches are, and on which page of which file."""
        return [(match.where, match.file, match.page) for match in self.matches]

    def listed_pages(self) -> list[int]:
        """Return the pages of files that are listed."""
        return [match.page for match in self.matches if match.where is Where.ATTACHMENT]


class Indexed:
    """A document as a segment holds it: its record, and where each of its words stands."""

    def __init__(self, document: Document, path: Path) -> None:
        self.words: dict[str, list[str]] = {name: [] for name in TEXT_FIELDS}
        resource = document.resource
        self._add("title", resource.title)
        self._add("summary", resource.summary)
        for value in resource.keywords:
            self._add("keywords", value)
            self._part("keywords")
        passages = self._passages("body", BODY, 0, document.body) if document.body else []
        for number, pages in enumerate(document.pages):
            for page, text in enumerate(pages):
                passages += self._passages("attachments", number, page, text.text)
            self._part("attachments")
        writer = RecordWriter(path)
        writer.add(resource, passages)
        begin, end = writer.close().tolist()
        self.record: Record = RecordReader(path).record(begin, end)

    def _add(self, field: str, text: str) -> int:
        self.words[field] += analysis.words(text)
        return len(self.words[field]) - len(analysis.words(text))

    def _part(self, field: str) -> None:
        self.words[field] += [""] * GAP

    def _passages(self, field: str, attachment: int, page: int, text: str) -> list[Passage]:
        return [Passage(attachment, page, self._add(field, piece), piece) for piece in passages_of(text)]

    def occurrences(self, phrase: str, idf: float = 1.0, fields: Sequence[str] = TEXT_FIELDS) -> Occurrences:
        """Return where the words of a phrase stand side by side."""
        wanted = phrase.split()
        positions = defaultdict(list)
        for field in fields:
            words = self.words[field]
            for position, word in enumerate(words):
                if word == wanted[0] and words[position : position + len(wanted)] == wanted:
                    positions[field].append(position)
        return Occurrences(
            len(wanted), idf, {field: np.array(where, dtype=np.uint32) for field, where in positions.items()}
        )

    def placed(self, *phrases: str) -> Placed:
        """Return where a document matches words or phrases, none rarer than the others."""
        return Placed(*place(self.record, [self.occurrences(phrase) for phrase in phrases]))


def attachment(name: str, *labels: str, unit: Unit = Unit.PAGE) -> Attachment:
    locators = tuple(Locator(label, unit) for label in labels)
    return Attachment(name, f"files/{name}", name.rpartition(".")[2], 1, locators)


def of_pages(*texts: str) -> Document:
    """Return a document with one file of these pages."""
    labels = [str(number) for number, _ in enumerate(texts, 1)]
    resource = Resource("one", "Title", attachments=(attachment("a.pdf", *labels),))
    return Document(resource, pages=(tuple(Page(Locator(), text) for text in texts),))


@pytest.fixture
def report(tmp_path: Path) -> Indexed:
    pages = ("Contents", "The fee is a charge. Recruitment begins with it.", "A fee, a second fee and recruitment.")
    sheet = ("fee 100", "nothing here")
    document = Document(
        Resource(
            "one",
            "Recruitment without cost",
            summary="What a fee is.",
            facets={"tag": ("Recruitment fee", "Global")},
            attachments=(
                attachment("report.pdf", "i", "1", "2", "3"),
                attachment("sheet.xlsx", "Costs", "Notes", unit=Unit.SHEET),
            ),
        ),
        body="The body speaks of recruitment.\n\nAnd of nothing else.",
        pages=(
            tuple(Page(Locator(), text) for text in (*pages, "Recruitment alone.")),
            tuple(Page(Locator(), text) for text in sheet),
        ),
    )
    return Indexed(document, tmp_path / "texts")


def marked(match: Match) -> list[str]:
    return [piece for piece, is_match in match.excerpt if is_match]


def shown(match: Match) -> str:
    return "".join(piece for piece, _ in match.excerpt)


def test_a_hit_says_in_which_of_its_texts_it_matched(report: Indexed) -> None:
    found = report.placed("recruitment").places()
    assert found[:3] == [(Where.TITLE, "", 0), (Where.KEYWORDS, "", 0), (Where.BODY, "", 0)]


def test_pages_are_listed_best_first_and_called_what_their_readers_call_them(report: Indexed) -> None:
    pages = [match for match in report.placed("fee").matches if match.where is Where.ATTACHMENT]
    assert [(page.file, page.page, page.locator.label, page.locator.unit) for page in pages] == [
        ("report.pdf", 3, "2", Unit.PAGE),
        ("report.pdf", 2, "1", Unit.PAGE),
        ("sheet.xlsx", 1, "Costs", Unit.SHEET),
    ]
    assert marked(pages[0]) == ["fee", "fee"]


def test_only_pages_with_most_of_the_query_are_listed_and_counted(report: Indexed) -> None:
    found = report.placed("recruitment", "fee")
    assert found.listed_pages() == [3, 2]
    assert found.pages == 2


def test_places_with_more_of_the_query_come_first(report: Indexed) -> None:
    wheres = [match.where for match in report.placed("recruitment", "fee").matches]
    assert wheres == [Where.KEYWORDS, Where.ATTACHMENT, Where.ATTACHMENT, Where.TITLE, Where.SUMMARY, Where.BODY]


def test_a_tag_that_matched_is_shown_alone(report: Indexed) -> None:
    assert [match.excerpt for match in report.placed("global").matches] == [(("Global", True),)]


def test_tags_that_matched_are_parted_by_dots(report: Indexed) -> None:
    (match,) = report.placed("recruitment fee", "global").matches
    assert match.excerpt == (("Recruitment fee", True), (" · ", False), ("Global", True))


def test_what_was_looked_up_in_one_field_is_shown_there_alone(report: Indexed) -> None:
    matches, pages = place(report.record, [report.occurrences("recruitment", fields=("title",))])
    assert Placed(matches, pages).places() == [(Where.TITLE, "", 0)]
    assert pages == 0


def test_a_document_in_which_nothing_of_the_query_stands_has_no_matches(report: Indexed) -> None:
    assert place(report.record, []) == ((), 0)
    assert place(report.record, [report.occurrences("absent")]) == ((), 0)


def test_more_pages_than_are_listed_are_counted(tmp_path: Path) -> None:
    found = Indexed(of_pages(*["The same fee again."] * 30), tmp_path / "texts").placed("fee")
    assert found.pages == 30
    assert found.listed_pages() == [1, 2, 3, 4]


def test_a_rare_word_on_a_page_counts_more_than_a_frequent_one_and_repeats_count_less_and_less(tmp_path: Path) -> None:
    indexed = Indexed(of_pages("common " * 9, "rare", "common"), tmp_path / "texts")
    words = [indexed.occurrences("rare", idf=3.0), indexed.occurrences("common", idf=0.2)]
    assert Placed(*place(indexed.record, words)).listed_pages() == [2, 1, 3]


def test_a_body_with_more_of_the_query_than_the_title_comes_first(tmp_path: Path) -> None:
    found = Indexed(Document(Resource("one", "Fee"), "A wage and a fee."), tmp_path / "texts").placed("fee", "wage")
    assert [match.where for match in found.matches] == [Where.BODY, Where.TITLE]


def test_an_excerpt_from_inside_a_long_text_shows_that_there_is_more(tmp_path: Path) -> None:
    filler = "nothing of interest " * 150
    indexed = Indexed(Document(Resource("one", "Title"), f"{filler} fee {filler}"), tmp_path / "texts")
    (match,) = indexed.placed("fee").matches
    assert shown(match).startswith("… ")
    assert shown(match).endswith(" …")


@pytest.mark.parametrize("repeats", [1, 80])
def test_of_a_long_text_the_stretch_with_most_of_the_query_is_shown(repeats: int, tmp_path: Path) -> None:
    filler = "nothing of interest here " * 2_000
    alone = "A fee alone, as often as not. " * repeats
    text = f"{alone} {filler} A wage and a fee together. {filler} A wage alone."
    document = replace(of_pages(text), body=text)
    for match in Indexed(document, tmp_path / "texts").placed("wage", "fee").matches:
        assert marked(match) == ["wage", "fee"]


def test_of_stretches_with_as_many_words_that_with_the_rarer_one_is_shown(tmp_path: Path) -> None:
    filler = "nothing of interest here " * 20
    indexed = Indexed(Document(Resource("one", "Title"), f"common common {filler} rare"), tmp_path / "texts")
    words = [indexed.occurrences("common", idf=0.2), indexed.occurrences("rare", idf=3.0)]
    assert marked(place(indexed.record, words)[0][0]) == ["rare"]


def test_a_phrase_that_runs_over_the_end_of_a_page_is_shown_on_the_page_on_which_it_begins(tmp_path: Path) -> None:
    found = Indexed(of_pages("against forced", "labour"), tmp_path / "texts").placed("forced labour")
    assert found.listed_pages() == [1]
    assert marked(found.matches[0]) == ["forced"]


def test_pages_without_text_and_files_without_pages_are_passed_over(tmp_path: Path) -> None:
    files = (attachment("none.pdf"), attachment("some.pdf", "a", "b", "c", "d"), attachment("last.pdf", "x", "y"))
    texts = ((), ("", "fee", "...", ""), ("", "the fee"))
    pages = tuple(tuple(Page(Locator(), text) for text in each) for each in texts)
    indexed = Indexed(Document(Resource("one", "Title", attachments=files), pages=pages), tmp_path / "texts")
    assert [(match.file, match.page, match.locator.label) for match in indexed.placed("fee").matches] == [
        ("some.pdf", 2, "b"),
        ("last.pdf", 2, "y"),
    ]


def by_plain_counting(document: Document, weights: dict[str, float]) -> tuple[list[tuple[str, int]], int]:
    """Return the pages that are listed and the number of those counted, found by looking at every page."""
    values = {}
    for file, pages in zip(document.resource.attachments, document.pages, strict=True):
        for number, page in enumerate(pages, 1):
            words = analysis.words(page.text)
            counts = {word: words.count(word) for word in weights if word in words}
            weight = sum(weights[word] * (count / (count + SATURATION)) for word, count in counts.items())
            if counts:
                values[file.name, number] = len(counts), weight
    most = max((parts for parts, _ in values.values()), default=0)
    best = [place for place, (parts, _) in values.items() if parts == most]
    return sorted(best, key=lambda place: -values[place][1])[:PAGE_LIMIT], len(best)


@given(
    files=st.lists(st.lists(st.sampled_from(["", "fee", "wage.", "fee wage tax"]), max_size=40), max_size=4),
    repeats=st.sampled_from([1, 7]),
    weights=st.dictionaries(st.sampled_from(["fee", "wage", "tax"]), st.sampled_from([0.5, 1.0, 2.5])),
    seed=st.integers(0, 9),
)
def test_pages_are_those_that_plain_counting_finds(
    files: list[list[str]],
    repeats: int,
    weights: dict[str, float],
    seed: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    texts = [[f"{text} " * chance.randint(1, repeats) for text in pages] for pages in files]
    attachments = tuple(
        attachment(f"{number}.pdf", *(str(page) for page, _ in enumerate(pages))) for number, pages in enumerate(texts)
    )
    pages = tuple(tuple(Page(Locator(), text) for text in each) for each in texts)
    document = Document(Resource("one", "Title", attachments=attachments), "The body.", pages)
    indexed = Indexed(document, tmp_path_factory.mktemp("placing") / "texts")
    found = Placed(*place(indexed.record, [indexed.occurrences(word, idf) for word, idf in weights.items()]))
    assert ([(match.file, match.page) for match in found.matches], found.pages) == by_plain_counting(document, weights)
