"""Attached files as visitors meet them: where in a file a match is, what the file says of itself, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn, cast

import click
import pytest
from bs4 import BeautifulSoup

from indexer.index import open_index
from indexer.index.engine import Engine
from indexer.index.schema import Attachment, Document, FileMetadata, Locator, Page, Resource, Status, Unit
from tests import published, web_sample
from tests.memory_engine import MemoryEngine
from webapp.answers import search_answer
from webapp.arguments import Question
from webapp.resource_page import FileLine, resource_page
from webapp.search import Result, search
from webapp.statuses import STATUS_WORDS
from webapp.terminal import result_lines

SILENT = FileMetadata()


def file(name: str, kind: str, *places: Locator, told: FileMetadata = SILENT, status: Status = Status.OK) -> Attachment:
    return Attachment(name, f"files/{name}", kind, 10, places, status, "Reason for the keeper.", told)


def document(*files: Attachment) -> Document:
    """Return a resource whose files say "wages" on each of their pages."""
    resource = Resource("r", "A report", date=date(2020, 1, 2), facets={"publisher": ("Old Press",)}, attachments=files)
    return Document(resource, "", tuple(tuple(Page(place, "wages") for place in each.locators) for each in files))


@pytest.fixture(params=["memory", "whoosh"])
def engine_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Document], Engine]:
    """Return what makes an engine that holds a document."""

    def publish(each: Document) -> Engine:
        published.publish(tmp_path, [each])
        return open_index(tmp_path)

    return publish if request.param == "whoosh" else lambda each: MemoryEngine([each])


def found(engine: Engine) -> Result:
    [result] = search(engine, Question("wages")).results
    return result


def captions(engine: Engine) -> list[str]:
    return [place.caption for place in found(engine).places]


def line_of(attachment: Attachment) -> FileLine:
    one = document(attachment)
    [line] = resource_page(MemoryEngine([one]), one.resource).files
    return line


PDF = file("paper.pdf", "pdf", Locator("iv", Unit.PAGE, anchor="page=4"))
ANNEX = file("annex.pdf", "pdf", Locator("3", Unit.PAGE, anchor="page=3"))


class Counted(Sequence[Locator]):
    """The places of a long file, of which there are many and none is made before it is asked for."""

    def __len__(self) -> int:
        return 100_000

    def __getitem__(self, _index: object) -> NoReturn:
        raise AssertionError("A search asks for no place but those of its matches.")


def test_a_search_asks_how_many_pages_a_file_has_and_not_for_all_of_them() -> None:
    place = Locator("7", Unit.PAGE)
    long = replace(PDF, locators=cast("tuple[Locator, ...]", Counted()))
    resource = Resource("r", "A report", attachments=(long,))
    engine = MemoryEngine([Document(resource, "", ((Page(place, "wages"),),))])
    client = web_sample.client_of(engine)
    assert captions(engine) == ["PDF, p. 7"]
    assert "PDF, p. 7" in client.get("/search?q=wages").text
    assert client.get("/api/v1/search?q=wages").get_json()["results"][0]["matches"][0]["label"] == "7"


@pytest.mark.parametrize(
    ("attachment", "caption", "address"),
    [
        (PDF, "PDF, p. iv", "paper.pdf#page=4"),
        (file("a.pptx", "pptx", Locator("7", Unit.SLIDE)), "PowerPoint, slide 7", "a.pptx"),
        (file("a.xlsx", "xlsx", Locator("Costs (hidden)", Unit.SHEET)), "Excel, sheet Costs (hidden)", "a.xlsx"),
        (file("a.epub", "epub", Locator("Introduction", Unit.CHAPTER)), "E-book, chapter Introduction", "a.epub"),
        (file("a.docx", "docx", Locator("Methods", Unit.SECTION)), "Word, section Methods", "a.docx"),
        (
            file("a.html", "html", Locator("Né <b>", Unit.SECTION, anchor="n%C3%A9")),
            "Web page, section Né <b>",
            "a.html#n%C3%A9",
        ),
        (file("a.zip", "zip", Locator("3", Unit.PAGE, "report.pdf")), "ZIP, report.pdf, p. 3", "a.zip"),
        (
            file("scan.pdf", "pdf", Locator("1", Unit.PAGE, anchor="page=1", recognised=True)),
            "PDF, p. 1, recognised text",
            "scan.pdf#page=1",
        ),
        (file("a.png", "image", Locator(recognised=True)), "Picture, recognised text", "a.png"),
    ],
)
def test_a_place_is_called_and_linked_as_its_file_allows_on_pages_on_the_terminal_and_for_programs(
    engine_of: Callable[[Document], Engine], attachment: Attachment, caption: str, address: str
) -> None:
    engine = engine_of(document(attachment))
    [link] = BeautifulSoup(web_sample.client_of(engine).get("/search?q=wages").text, "lxml").select("a.place")
    found_there = {"pdf": "&search=wages", "html": ":~:text=wages"}.get(attachment.format, "")
    opened = f"/files/r/{address}{found_there if '#' in address and not attachment.locators[0].recognised else ''}"
    assert (link.get_text(), link["href"]) == (f"{caption} of {attachment.name}", opened)
    page = search(engine, Question("wages"))
    shown = [click.unstyle(line) for line in result_lines(page)]
    assert shown[-2:] == [f"   {caption}: wages", f"      /files/r/{address}"]
    [match] = search_answer(page)["results"][0]["matches"]
    [place] = attachment.locators
    assert (match["label"], match["unit"], match["within"]) == (place.label, place.unit, place.within)
    assert (match["ocr"], match["url"]) == (place.recognised, opened)


def test_of_files_of_one_format_the_place_names_the_one_it_is_in(engine_of: Callable[[Document], Engine]) -> None:
    engine = engine_of(document(PDF, ANNEX, file("a.docx", "docx", Locator("Methods", Unit.SECTION))))
    assert sorted(captions(engine)) == ["Word, section Methods", "annex.pdf, p. 3", "paper.pdf, p. iv"]
    links = BeautifulSoup(web_sample.client_of(engine).get("/search?q=wages").text, "lxml").select("a.place")
    assert sorted(link.get_text() for link in links) == [
        "Word, section Methods of a.docx",
        "annex.pdf, p. 3",
        "paper.pdf, p. iv",
    ]


def test_a_file_is_named_even_if_the_other_of_its_format_does_not_match() -> None:
    one = document(PDF, ANNEX)
    engine = MemoryEngine([replace(one, pages=(one.pages[0], (Page(ANNEX.locators[0], "nothing"),)))])
    assert captions(engine) == ["paper.pdf, p. iv"]


def test_a_file_without_a_page_that_could_be_read_does_not_make_another_one_ambiguous() -> None:
    assert captions(MemoryEngine([document(PDF, file("lost.pdf", "pdf", status=Status.MISSING))])) == ["PDF, p. iv"]


def test_word_files_of_the_old_format_and_of_the_new_one_are_both_word() -> None:
    new, old = (file(f"a.{kind}", kind, Locator("Aims", Unit.SECTION)) for kind in ("docx", "doc"))
    assert captions(MemoryEngine([document(new, old)])) == ["a.docx, section Aims", "a.doc, section Aims"]


def test_an_excerpt_carries_the_language_of_its_file(engine_of: Callable[[Document], Engine]) -> None:
    french = replace(PDF, metadata=FileMetadata(language="fr"))
    html = web_sample.client_of(engine_of(document(french, ANNEX))).get("/search?q=wages").text
    quotes = BeautifulSoup(html, "lxml").select("q.excerpt")
    assert sorted(str(quote["lang"]) for quote in quotes) == ["en", "fr"]


def test_a_file_is_shown_with_what_it_says_of_itself_where_that_is_news(
    engine_of: Callable[[Document], Engine],
) -> None:
    told = FileMetadata("Rapport <b>", "Doe & Co", "fr", date(2019, 3, 4), 24)
    client = web_sample.client_of(engine_of(document(replace(PDF, metadata=told))))
    [item] = BeautifulSoup(client.get("/resources/r").text, "lxml").select(".files li:has(.file)")
    assert item.select_one(".quiet").get_text() == "PDF · 24 pages · 10 bytes"  # type: ignore[union-attr]
    assert [fact.get_text() for fact in item.select(".facts li")] == [
        "Title of the file: Rapport <b>",
        "Author of the file: Doe & Co",
        "Date of the file: 4 March 2019",
        "Language of the file: French",
    ]
    assert item.select_one("cite")["lang"] == "fr"  # type: ignore[index]


def test_a_file_that_only_repeats_its_resource_or_its_own_name_says_nothing() -> None:
    repeated = FileMetadata("A  REPORT", "old press", "en", date(2020, 1, 2))
    line = line_of(replace(PDF, metadata=repeated))
    assert (line.title, line.author, line.date, line.language) == ("", "", None, "")
    for name in ("paper", "Paper.pdf"):
        assert line_of(replace(PDF, metadata=FileMetadata(name))).title == ""


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.OK, Status.UNATTACHED)])
def test_what_cannot_be_searched_is_said_to_visitors_without_the_words_for_the_keeper(status: Status) -> None:
    client = web_sample.client_of(MemoryEngine([document(file("a.pdf", "pdf", status=status))]))
    html = client.get("/resources/r").text
    assert STATUS_WORDS[status].notice in html
    assert "Reason for the keeper" not in html


def test_recognised_text_is_a_remark_and_a_missing_part_a_warning() -> None:
    assert line_of(file("a.pdf", "pdf", status=Status.OCR)).is_whole
    assert line_of(file("a.pdf", "pdf", status=Status.OCR)).notice == "Text recognised in a scan; may hold errors."
    assert not line_of(file("a.pdf", "pdf", status=Status.CUT)).is_whole
    assert line_of(PDF).notice == ""


def test_only_a_file_that_browsers_show_has_a_link_to_view_it() -> None:
    for name in ("a.pdf", "a.csv", "a.html", "a.png"):
        assert line_of(file(name, "")).url == f"/files/r/{name}"
    for name in ("a.docx", "a.zip", "a.epub", "a.odt", "a.tiff", "a"):
        assert line_of(file(name, "")).url == ""
        assert line_of(file(name, "")).download_url == f"/files/r/{name}?download=1"


@pytest.mark.parametrize("status", [Status.MISSING, Status.REFUSED])
def test_a_file_that_cannot_be_handed_out_has_no_links_and_no_size(status: Status) -> None:
    line = line_of(file("a.pdf", "pdf", status=status))
    assert (line.url, line.download_url, line.facts) == ("", "", ("PDF",))
