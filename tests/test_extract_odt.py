"""OpenDocument texts: what stands in a text is found, wherever in it it stands, and once."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract.items import Incomplete, Remark
from indexer.extract.source import Context
from indexer.index.schema import Extraction, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import Read, items, mutations_of, word
from tests.opendocument import opendocument, xml

LONG = "Words that make a section long. " * 150


def paragraph(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def heading(text: str, level: int = 1) -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def footnote(text: str) -> str:
    body = f"<text:note-body>{paragraph(text)}</text:note-body>"
    return f'<text:note text:note-class="footnote"><text:note-citation>17</text:note-citation>{body}</text:note>'


def comment(text: str) -> str:
    return (
        f"<office:annotation><dc:creator>Ana</dc:creator><dc:date>2024</dc:date>{paragraph(text)}</office:annotation>"
    )


def row(*cells: str) -> str:
    inside = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
    return f"<table:table-row>{inside}</table:table-row>"


def pages(path: Path, context: Context | None = None) -> list[Page]:
    return [item for item in items(path, context) if isinstance(item, Page)]


def body_text(tmp_path: Path, body: str, members: dict[str, str | bytes] | None = None) -> str:
    """Return the text of a short document, which is one part."""
    (page,) = pages(opendocument(tmp_path / "a.odt", body, members))
    assert page.locator == Locator()
    return page.text


def read_damaged(path: Path, context: Context | None = None) -> tuple[list[str], Status]:
    found: list[str] = []
    with pytest.raises(Incomplete) as problem:
        found.extend(item.text for item in items(path, context) if isinstance(item, Page))
    return found, problem.value.status


def test_a_text_is_read_with_its_lists_and_tables_and_with_what_it_says_of_itself(tmp_path: Path, read: Read) -> None:
    items_of_list = f"<text:list><text:list-item>{paragraph('first')}</text:list-item></text:list>"
    table = f"<table:table>{row(paragraph('a'), paragraph('b'))}{row(paragraph('c'), paragraph('d'))}</table:table>"
    body = f"<office:body><office:text>{paragraph('Body')}{items_of_list}{table}</office:text></office:body>"
    meta = xml("<office:meta><dc:title>On lists</dc:title></office:meta>", "office:document-meta")
    extraction = read(opendocument(tmp_path / "a.odt", body, {"meta.xml": meta}))
    page = Page(Locator(), "Body\n\nfirst\n\na\tb\nc\td")
    assert extraction == Extraction(Status.OK, "odt", (page,), metadata=extraction.metadata)
    assert extraction.metadata.title == "On lists"


def test_blanks_tabs_and_breaks_are_what_the_format_says_and_line_ends_are_blanks(tmp_path: Path) -> None:
    body = paragraph('one<text:s text:c="2"/>two<text:tab/>three<text:line-break/>four\n     five<text:s/>six')
    assert body_text(tmp_path, body) == "one  two\tthree\nfour five six"


def test_the_pieces_of_a_paragraph_are_joined(tmp_path: Path) -> None:
    body = paragraph(
        "traf<text:soft-page-break/><text:span>fick</text:span><text:a>ing</text:a> of <text:title>it</text:title>"
    )
    assert body_text(tmp_path, body) == "trafficking of it"


def test_what_a_tracked_change_deleted_is_left_out(tmp_path: Path) -> None:
    deleted = f"<text:tracked-changes><text:deletion>{paragraph('gone')}</text:deletion></text:tracked-changes>"
    assert body_text(tmp_path, deleted + paragraph('kept<text:change text:change-id="1"/>')) == "kept"


def test_a_text_box_and_the_words_for_a_picture_come_after_their_paragraph(tmp_path: Path) -> None:
    box = f"<draw:frame><draw:text-box>{paragraph('boxed')}</draw:text-box></draw:frame>"
    picture = (
        "<draw:frame><draw:image><office:binary-data>AAAA</office:binary-data></draw:image>"
        "<svg:title>A tree</svg:title><svg:desc>Two women plant it</svg:desc></draw:frame>"
    )
    assert body_text(tmp_path, paragraph(f"be{box}{picture}fore")) == "before\n\nboxed\n\nA tree\n\nTwo women plant it"


def test_the_reading_aid_of_a_word_comes_after_its_paragraph(tmp_path: Path) -> None:
    ruby = "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby>"
    assert body_text(tmp_path, paragraph(f"{ruby}字")) == "漢字\n\nkan"


def test_objects_are_read_where_they_are_shown(tmp_path: Path) -> None:
    frame = '<draw:frame><draw:object xlink:href="./Object%20{}"/></draw:frame>'
    body = paragraph("See" + frame.format(1) + frame.format(2) + frame.format(3))
    formula = "<math><semantics><mi>x</mi>\n<mo>=</mo>\n<mn>2</mn><annotation>x = 2</annotation></semantics></math>"
    members: dict[str, str | bytes] = {
        "Object 1/content.xml": xml(f"<chart>{paragraph('Costs')}</chart>"),
        "Object 2/content.xml": formula,
    }
    assert body_text(tmp_path, body, members) == "See\n\nCosts\n\nx = 2"


def test_files_of_other_programs_are_read_or_named(tmp_path: Path) -> None:
    objects = "".join(f'<draw:object-ole xlink:href="./Object {number}"/>' for number in (1, 2, 2, 3))
    members = {"Object 1": word(tmp_path / "b.docx", "<w:p><w:r><w:t>annexed</w:t></w:r></w:p>").read_bytes()}
    members["Object 2"] = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    path = opendocument(tmp_path / "a.odt", paragraph(f"shown<draw:frame>{objects}</draw:frame>"), members)
    assert pages(path) == [Page(Locator(), "shown"), Page(Locator(within="Object 1"), "annexed")]
    assert Remark("It holds files that are not searched: Object 2.") in items(path)


def test_headers_and_footers_come_last_and_once(tmp_path: Path) -> None:
    parts = f"<style:header>{paragraph('above')}</style:header><style:footer>{paragraph('below')}</style:footer>"
    number = f"<style:header-left>{paragraph('above<text:page-number>3</text:page-number>')}</style:header-left>"
    styles = xml(parts + number, "office:document-styles")
    assert body_text(tmp_path, paragraph("body"), {"styles.xml": styles}) == "body\n\nabove\n\nbelow"


def test_a_long_text_is_cut_at_its_headings_with_the_notes_and_comments_of_each_section(tmp_path: Path) -> None:
    body = (
        f"{paragraph('Preface')}{heading('One')}{paragraph(LONG + footnote('noted') + 'more')}{heading('Two', 2)}"
        f"<table:table>{row(paragraph('a'), paragraph('b' + comment('remarked')))}</table:table>{paragraph('last')}"
    )
    styles = xml(f"<style:header>{paragraph('above')}</style:header>", "office:document-styles")
    assert pages(opendocument(tmp_path / "a.odt", body, {"styles.xml": styles})) == [
        Page(Locator("", Unit.SECTION), "Preface"),
        Page(Locator("One", Unit.SECTION), f"One\n\n{LONG}more\n\nnoted"),
        Page(Locator("Two", Unit.SECTION), "Two\n\na\tb\n\nlast\n\nremarked"),
        Page(Locator("Headers and footers", Unit.SECTION), "above"),
    ]


# Damage and limits


def test_an_encrypted_text_says_so(tmp_path: Path) -> None:
    entry = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
    path = opendocument(
        tmp_path / "a.odt", "", {"META-INF/manifest.xml": f'<m:manifest xmlns:m="m">{entry}</m:manifest>'}
    )
    assert read_damaged(path) == ([], Status.ENCRYPTED)


def test_a_text_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "a.odt", paragraph("whole") + heading("half <text:span></text:h>"))
    assert read_damaged(path) == (["whole\n\nhalf"], Status.DAMAGED)


def test_broken_styles_do_not_lose_the_text(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "a.odt", paragraph("body"), {"styles.xml": "<styles>"})
    assert read_damaged(path) == (["body"], Status.DAMAGED)


def test_every_part_that_is_broken_is_named(tmp_path: Path) -> None:
    shown = paragraph('<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>')
    broken: dict[str, str | bytes] = {"styles.xml": "<styles>", "Object 1/content.xml": "<chart>"}
    with pytest.raises(Incomplete) as problem:
        list(items(opendocument(tmp_path / "a.odt", shown, broken)))
    assert all(name in problem.value.reason for name in broken)


def test_more_text_than_is_kept_is_not_read(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "a.odt", paragraph('<text:s text:c="999999999"/>0123456789') * 100_000)
    (text,), status = read_damaged(path, Context(Limits(characters=20_000)))
    assert status is Status.CUT
    assert len(text) <= 20_000


TEMPLATE = (
    f"{heading('One')}{paragraph(LONG + footnote('noted'))}<table:table>{row(paragraph('a'))}</table:table>"
    "<draw:frame><svg:title>A</svg:title></draw:frame><text:tracked-changes><text:s/></text:tracked-changes>"
)


@settings(max_examples=60)
@given(st.data())
def test_no_mutation_of_a_text_ends_in_anything_but_pages_and_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    mutated = data.draw(mutations_of(TEMPLATE))
    path = tmp_path_factory.getbasetemp() / "mutated.odt"
    opendocument(path, mutated, {"styles.xml": xml(mutated)})
    with suppress(Incomplete):
        pages(path)
