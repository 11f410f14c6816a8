"""Sections: a long text is cut at its headings, a short one is not, and nothing of it is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.sections import LONG, LONGEST_HEADING, Appendix, Block, sections
from indexer.index.schema import Locator, Page, Unit

LONG_TEXT = "x" * LONG
BLOCKS = st.builds(
    Block,
    st.sampled_from(["", " ", "word", "two words", "y" * LONGEST_HEADING, "z" * 2_000]),
    st.integers(0, 3),
    st.sampled_from(["", "id-1"]),
    st.lists(st.sampled_from(["noted", "commented"]), max_size=2).map(tuple),
)
APPENDICES = st.sampled_from([Appendix(), Appendix("Beside", ("above", "below"))])


def grouped(blocks: list[Block]) -> list[list[Block]]:
    """Return the blocks of each section: a heading begins one where text, and not another heading, is before it."""
    shown = [block for block in blocks if block.text.strip() or block.notes]
    cuts = [at for at in range(1, len(shown)) if shown[at].is_heading and not shown[at - 1].is_heading]
    return [shown[start:end] for start, end in itertools.pairwise([0, *cuts, len(shown)])]


@given(st.lists(BLOCKS), APPENDICES)
def test_the_text_of_all_pages_is_the_text_of_all_blocks_with_notes_after_their_section(
    blocks: list[Block], appendix: Appendix
) -> None:
    pages = list(sections(blocks, appendix))
    expected: list[str] = []
    for section in grouped(blocks) if pages[0].locator.unit is Unit.SECTION else [blocks]:
        expected += [block.text for block in section if block.text.strip()]
        expected += [note for block in section for note in block.notes]
    assert "\n\n".join(page.text for page in pages if page.text) == "\n\n".join([*expected, *appendix.texts])


@given(st.lists(BLOCKS), APPENDICES)
def test_only_a_long_text_with_headings_is_cut_and_then_every_page_is_a_section(
    blocks: list[Block], appendix: Appendix
) -> None:
    pages = list(sections(blocks, appendix))
    length = sum(len(block.text) for block in blocks if block.text.strip())
    if length >= LONG and any(block.is_heading for block in blocks):
        assert all(page.locator.unit is Unit.SECTION and page.text for page in pages)
    else:
        assert [page.locator for page in pages] == [Locator()]


@given(st.lists(BLOCKS))
def test_a_section_is_called_after_its_last_heading(blocks: list[Block]) -> None:
    pages = [page for page in sections(blocks) if page.locator.unit is Unit.SECTION]
    if pages:
        headings = [[block.text for block in section if block.is_heading] for section in grouped(blocks)]
        assert [page.locator.label for page in pages] == [(["", *texts])[-1] for texts in headings]


def test_headings_that_follow_each_other_are_one_section_called_after_the_last_and_linked_by_the_first() -> None:
    blocks = [Block("Part I", 1, "part-1"), Block("Means\n and ends", 2), Block(LONG_TEXT)]
    assert list(sections(blocks)) == [
        Page(Locator("Means and ends", Unit.SECTION, anchor="part-1"), f"Part I\n\nMeans\n and ends\n\n{LONG_TEXT}")
    ]


def test_a_paragraph_in_large_type_is_no_heading() -> None:
    assert [page.locator for page in sections([Block(LONG_TEXT), Block("h" * (LONGEST_HEADING + 1), 1)])] == [Locator()]


def test_an_appendix_is_a_section_of_its_own_only_where_there_are_others() -> None:
    beside = Appendix("Beside", ("above", "below"))
    assert list(sections([Block("short")], beside)) == [Page(Locator(), "short\n\nabove\n\nbelow")]
    *_, last = sections([Block("Heading", 1), Block(LONG_TEXT)], beside)
    assert last == Page(Locator("Beside", Unit.SECTION), "above\n\nbelow")


def test_no_text_is_one_empty_part() -> None:
    assert list(sections([Block(" ")])) == [Page(Locator(), "")]


def test_sections_come_as_soon_as_they_are_known() -> None:
    def blocks() -> Iterator[Block]:
        yield Block("First", 1)
        yield Block(LONG_TEXT)
        yield Block("Second", 1)
        raise AssertionError("the first section was known before this")

    assert next(sections(blocks())).locator.label == "First"
