"""Markdown files: the text as a person reads it, and what the front matter says."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import markdown
from indexer.extract.items import Incomplete, Item, Remark
from indexer.extract.markdown import Parts
from indexer.extract.source import Context, Source
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import Read

FILLER = "filler text " * 400


def read_text(source: str, limits: Limits | None = None) -> list[Item]:
    return list(markdown.read(Source.inside("a.md", source.encode()), Context(limits or Limits())))


def pages_of(source: str, limits: Limits) -> list[Page]:
    return [item for item in read_text(source, limits) if isinstance(item, Page)]


def pages(source: str) -> list[Page]:
    return pages_of(source, Limits())


def test_a_short_text_is_one_part_without_its_marks(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: The title\nauthor: [A. One, B. Two]\ndate: 2019-05-04\nlang: fr\nsecret: unshown\n---\n"
        "# Head\n\n**forced** la*bo*ur, [a link][1] and ![a picture](x.png)\n\n- one\n- two\n\n"
        "```\n# no heading\n```\n\n[1]: http://example.org\n"
    )
    assert read(tmp_path / "a.md") == Extraction(
        Status.OK,
        "markdown",
        (Page(Locator(), "Head\n\nforced labour, a link and a picture\n\none\ntwo\n\n# no heading"),),
        metadata=FileMetadata("The title", "A. One, B. Two", "fr", datetime.date(2019, 5, 4)),
    )


def test_the_description_of_a_picture_is_text() -> None:
    assert pages("before ![a child at work](x.png) after")[0].text == "before a child at work after"


def test_headings_of_both_kinds_cut_a_long_text_and_code_does_not() -> None:
    source = (
        f"Title\n=====\n\nKNOWN0 {FILLER}\n\n## Second #\n\nKNOWN1 {FILLER}\n\n"
        f"```\n# code\n```\n\nKNOWN2 {FILLER}\n\nThird\n---\n\nKNOWN3\n"
    )
    found = {word: page.locator for page in pages(source) for word in page.text.split() if word.startswith("KNOWN")}
    assert found == {
        "KNOWN0": Locator("Title", Unit.SECTION),
        "KNOWN1": Locator("Second", Unit.SECTION),
        "KNOWN2": Locator("Second", Unit.SECTION),
        "KNOWN3": Locator("Third", Unit.SECTION),
    }


def test_front_matter_that_is_not_yaml_stays_in_the_text() -> None:
    (page,) = pages("---\ntitle: [unclosed\n---\n\nbody\n")
    assert page.text == "title: [unclosed\n\nbody"


def test_a_link_defined_at_the_end_of_a_long_text_is_resolved_everywhere() -> None:
    text = f"see [the report][r] now\n\n{(FILLER + chr(10) * 2) * 60}[r]: report.pdf\n"
    assert pages(text)[0].text.startswith("see the report now")


def test_code_that_is_longer_than_a_part_stays_code() -> None:
    text = "```\n" + "**code** line\n" * 60_000 + "```\n\n**prose**\n"
    page = pages(text)[0].text
    assert page.count("**code** line") == 60_000
    assert page.endswith("\n\nprose")


@pytest.mark.parametrize("hostile", ["[" * 200_000, "![" * 200_000, "> " * 100_000, "`" * 200_000, "<!--" * 50_000])
def test_a_hostile_text_is_read_in_a_moment_and_what_follows_is_kept(hostile: str) -> None:
    assert pages(f"{hostile}\n\nKNOWN sentence")[-1].text.endswith("KNOWN sentence")


def test_a_part_with_brackets_that_never_close_is_searched_as_written() -> None:
    assert pages("[" * 50 + "*a*")[0].text == "[" * 50 + "a"
    assert pages("[" * 200 + "*a*")[0].text == "[" * 200 + "*a*"


def test_characters_beyond_the_limit_are_told() -> None:
    with pytest.raises(Incomplete, match="40 more were left out") as failure:
        read_text("a" * 50, Limits(characters=10))
    assert failure.value.status is Status.CUT


def test_a_doubtful_encoding_is_told() -> None:
    source = Source.inside("a.md", "# Привет мир, это текст о правах".encode("cp1251"))
    assert any(isinstance(item, Remark) and "cp1251" in item.reason for item in markdown.read(source, Context()))


PIECES = {
    "h": "# h\n",
    "n": "\n",
    "b": "```\n",
    "t": "text " * 9000,
    "w": "w" * 70_000,
    "c": "~~~\n",
    "l": "line\n" * 5000,
}


@settings(max_examples=25)
@given(st.text(alphabet="hnbtwcl", max_size=12))
def test_parts_lose_nothing_of_a_text_and_are_never_long(plan: str) -> None:
    text = "".join(PIECES[letter] for letter in plan)
    parts = list(Parts().of([text]))
    longest = max(map(len, parts))
    assert longest <= 4 * 65_536 + 5
    # A cut in a block of code repeats the line that opens it.
    is_kept = re.sub("(```|~~~)\n", "", "".join(parts)) == re.sub("(```|~~~)\n", "", text)
    assert is_kept
    assert "".join(parts) == text or "b" in plan or "c" in plan


def test_what_is_far_behind_is_searched_as_written_and_said() -> None:
    source = "long *words* of a line " * 95_000 + "\n\n## The **end**\n\nKNOWN *words*\n" + "x\n" * 5000
    items = read_text(source)
    assert any(isinstance(item, Remark) and "2,000,000 characters" in item.reason for item in items)
    last = [item for item in items if isinstance(item, Page)][-1]
    assert last.locator == Locator("The **end**", Unit.SECTION)
    assert last.text.startswith("The **end**\n\nKNOWN *words*\nx")


def test_how_much_is_freed_of_its_marks_can_be_set() -> None:
    source = "".join(f"line *{number}*\n\n" for number in range(50_000))
    text = " ".join(page.text for page in pages_of(source, Limits(markdown_characters=300_000)))
    assert "line 1\n" in text
    assert "line *49999*" in text


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    assert list(markdown.read(Source.inside("a.md", b"---\na: b\n---\n" + content), Context()))
