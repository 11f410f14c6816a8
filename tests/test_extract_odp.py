"""OpenDocument presentations: every slide with what its shapes, notes and comments say."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract.items import Incomplete, Remark
from indexer.index.schema import FileMetadata, Locator, Page, Status, Unit
from tests.extraction import Read, items, mutations_of
from tests.opendocument import opendocument

STYLES = (
    '<office:automatic-styles><style:style style:name="dp1"/><style:style style:name="dp2">'
    '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    '<style:style style:name="dp3"><style:drawing-page-properties/></style:style></office:automatic-styles>'
)


def frame(text: str, kind: str = "outline", attributes: str = "") -> str:
    box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
    return f'<draw:frame presentation:class="{kind}" {attributes}>{box}</draw:frame>'


def slide(content: str, style: str = "dp1") -> str:
    return f'<draw:page draw:name="page1" draw:style-name="{style}">{content}</draw:page>'


def presentation(path: Path, *slides: str) -> Path:
    body = f"<office:body><office:presentation>{''.join(slides)}</office:presentation></office:body>"
    return opendocument(path, STYLES + body, kind="presentation")


def pages(path: Path) -> list[Page]:
    return [item for item in items(path) if isinstance(item, Page)]


def test_slides_are_labelled_by_their_number_and_hidden_ones_as_such(tmp_path: Path, read: Read) -> None:
    path = presentation(
        tmp_path / "a.odp", slide(frame("alpha")), slide(frame("beta"), "dp2"), slide(frame("c"), "dp3")
    )
    extraction = read(path)
    assert (extraction.status, extraction.format, extraction.reason) == (Status.OK, "odp", "")
    assert extraction.metadata == FileMetadata(pages=3)
    assert extraction.pages == (
        Page(Locator("1", Unit.SLIDE), "alpha"),
        Page(Locator("2 (hidden)", Unit.SLIDE), "beta"),
        Page(Locator("3", Unit.SLIDE), "c"),
    )


def test_a_slide_holds_the_text_of_its_groups_shapes_and_tables(tmp_path: Path) -> None:
    shape = "<draw:custom-shape><text:p>shaped</text:p></draw:custom-shape>"
    cells = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("left", "right"))
    table = f"<draw:frame><table:table><table:table-row>{cells}</table:table-row></table:table></draw:frame>"
    path = presentation(
        tmp_path / "a.odp", slide(f"<draw:g><draw:g>{frame('grouped')}</draw:g></draw:g>{shape}{table}")
    )
    assert [page.text for page in pages(path)] == ["grouped\n\nshaped\n\nleft\tright"]


def test_notes_and_comments_stand_with_their_slide_and_what_every_page_repeats_does_not(tmp_path: Path) -> None:
    repeated = "".join(frame("repeated", kind) for kind in ("header", "footer", "date-time", "page-number"))
    notes = f"<presentation:notes><draw:page-thumbnail/>{repeated}{frame('noted', 'notes')}</presentation:notes>"
    comment = "<office:annotation><dc:creator>Ana</dc:creator><text:p>remarked</text:p></office:annotation>"
    path = presentation(tmp_path / "a.odp", slide(frame("shown") + notes + comment), slide(frame("ours", "footer")))
    assert [page.text for page in pages(path)] == ["shown\n\nnoted\n\nremarked", "ours"]


def test_placeholders_that_nobody_filled_and_the_number_of_the_slide_say_nothing(tmp_path: Path) -> None:
    empty = frame("Click to add text", attributes='presentation:placeholder="true"')
    number = frame("slide <text:page-number>1</text:page-number>")
    assert [page.text for page in pages(presentation(tmp_path / "a.odp", slide(empty + number)))] == ["slide"]


def test_files_of_other_programs_are_named(tmp_path: Path) -> None:
    ole = "<draw:frame><draw:object-ole xlink:href='./Object%201'/></draw:frame>"
    members: dict[str, str | bytes] = {"Object 1": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)}
    path = opendocument(tmp_path / "a.odp", slide(frame("shown") + ole), members, "presentation")
    assert Remark("It holds files that are not searched: Object 1.") in items(path)


def test_a_presentation_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = presentation(tmp_path / "a.odp", slide(frame("alpha")), slide(frame("beta") + "<draw:g>"), slide(""))
    found: list[str] = []
    with pytest.raises(Incomplete) as problem:
        found.extend(item.text for item in items(path) if isinstance(item, Page))
    assert (found, problem.value.status) == (["alpha", "beta"], Status.DAMAGED)


TEMPLATE = slide(
    frame("shown", attributes='presentation:placeholder="true"')
    + f"<presentation:notes>{frame('noted', 'footer')}</presentation:notes><draw:g><svg:desc>A</svg:desc></draw:g>"
)


@settings(max_examples=60)
@given(st.data())
def test_no_mutation_of_a_presentation_ends_in_anything_but_pages_and_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    mutated = data.draw(mutations_of(TEMPLATE))
    path = presentation(tmp_path_factory.getbasetemp() / "mutated.odp", mutated)
    with suppress(Incomplete):
        pages(path)
