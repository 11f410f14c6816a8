"""Presentations: every slide in the order of the show, with what its shapes, notes and comments say."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from indexer.extract.items import Incomplete, Remark
from indexer.index.schema import FileMetadata, Locator, Page, Status, Unit
from tests.extraction import OFFICE, RELATIONS, Read, items, mutations_of, word

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def slides(path: Path, order: tuple[int, ...] = (0, 1, 2)) -> None:
    presentation = pptx.Presentation()
    for text in ("alpha", "beta", "gamma"):
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        slide.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = text
    listed = presentation.slides._sldIdLst
    listed[:] = [list(listed)[number] for number in order]
    presentation.save(str(path))


def changed(path: Path, changes: dict[str, bytes | None]) -> Path:
    """Write the file again as a.pptx with other parts, without those that are None."""
    target = path.with_name("a.pptx")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(target, "w") as broken:
        kept = {name: whole.read(name) for name in whole.namelist()}
        for name, content in {**kept, **changes}.items():
            if content is not None:
                broken.writestr(name, content)
    return target


def shape(text: str, placeholder: str = "") -> str:
    """Return a shape of one paragraph, perhaps a placeholder of that type."""
    kind = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    words = f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"
    return f"<p:sp><p:nvSpPr><p:nvPr>{kind}</p:nvPr></p:nvSpPr><p:txBody>{words}</p:txBody></p:sp>"


def part(shapes: str, root: str = "sld", attributes: str = "") -> str:
    return f'<p:{root} xmlns:p="p" xmlns:a="{DRAWING}" xmlns:r="{OFFICE}" {attributes}>{shapes}</p:{root}>'


def show(path: Path, slide: str, beside: dict[str, tuple[str, str | bytes]] | None = None) -> Path:
    """Write a presentation of one slide by hand; each part beside it has the kind of its relationship and its content.

    The ids of the relationships are r0, r1 and so on.
    """
    main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="ppt/presentation.xml"/>'
    tie = f'<Relationship Id="rId1" Type="{OFFICE}/slide" Target="slides/slide1.xml"/>'
    ties = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="../{name}"/>'
        for number, (name, (kind, _)) in enumerate((beside or {}).items())
    )
    listed = '<p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst><p:ext><p:sldId id="256"/></p:ext>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>')
        archive.writestr("ppt/presentation.xml", part(listed, "presentation"))
        archive.writestr("ppt/_rels/presentation.xml.rels", f"<Relationships>{tie}</Relationships>")
        archive.writestr("ppt/slides/slide1.xml", slide)
        archive.writestr("ppt/slides/_rels/slide1.xml.rels", f"<Relationships>{ties}</Relationships>")
        for name, (_, content) in (beside or {}).items():
            archive.writestr(f"ppt/{name}", content)
    return path


def pages(path: Path) -> list[Page]:
    return [item for item in items(path) if isinstance(item, Page)]


def test_slides_come_in_the_order_of_the_show_and_not_of_their_file_names(tmp_path: Path, read: Read) -> None:
    slides(tmp_path / "a.pptx", order=(2, 0, 1))
    extraction = read(tmp_path / "a.pptx")
    assert (extraction.status, extraction.format, extraction.reason) == (Status.OK, "pptx", "")
    assert extraction.metadata.pages == 3
    assert extraction.pages == (
        Page(Locator("1", Unit.SLIDE), "gamma"),
        Page(Locator("2", Unit.SLIDE), "alpha"),
        Page(Locator("3", Unit.SLIDE), "beta"),
    )


def test_a_slide_holds_the_text_of_its_groups_tables_and_notes(tmp_path: Path, read: Read) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = "grouped"
    table = slide.shapes.add_table(1, 2, 0, 0, Inches(2), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    slide.notes_slide.notes_text_frame.text = "noted"
    presentation.save(str(tmp_path / "a.pptx"))
    assert read(tmp_path / "a.pptx").pages == (Page(Locator("1", Unit.SLIDE), "grouped\n\nleft\tright\n\nnoted"),)


def test_placeholders_that_nobody_filled_say_nothing(tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Only a title"
    presentation.save(str(tmp_path / "a.pptx"))
    assert [page.text for page in pages(tmp_path / "a.pptx")] == ["Only a title"]


def test_a_chart_says_its_title_its_categories_and_its_series_and_not_its_numbers(tmp_path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    data = CategoryChartData()  # type: ignore[no-untyped-call] # python-pptx types only some of itself
    data.categories = ["Paper", "Ink"]
    data.add_series("Spent", (171, 172))  # type: ignore[no-untyped-call] # as above
    size = (0, 0, Inches(2), Inches(2))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.PIE, *size, data).chart
    chart.chart_title.text_frame.text = "Costs"
    presentation.save(str(tmp_path / "a.pptx"))
    assert [page.text for page in pages(tmp_path / "a.pptx")] == ["Costs\n\nSpent\n\nPaper\nInk"]


def test_slides_that_the_show_leaves_out_are_labelled_hidden(tmp_path: Path) -> None:
    path = show(tmp_path / "a.pptx", part(shape("secret"), attributes='show="0"'))
    assert pages(path) == [Page(Locator("1 (hidden)", Unit.SLIDE), "secret")]


def test_the_number_of_a_slide_is_no_text_of_it(tmp_path: Path) -> None:
    number = '<a:p><a:r><a:t>page </a:t></a:r><a:fld type="slidenum"><a:t>17</a:t></a:fld></a:p>'
    assert [page.text for page in pages(show(tmp_path / "a.pptx", part(number)))] == ["page"]


def test_what_every_page_of_notes_repeats_is_no_note(tmp_path: Path) -> None:
    notes = (
        shape("header", "hdr") + shape("said", "body") + shape("date", "dt") + shape("footer", "ftr") + shape("more")
    )
    path = show(tmp_path / "a.pptx", part(shape("shown")), {"notes.xml": ("notesSlide", part(notes, "notes"))})
    assert [page.text for page in pages(path)] == ["shown\n\nsaid\n\nmore"]


def test_comments_old_and_new_are_read_with_their_replies(tmp_path: Path) -> None:
    old = part("<p:cm><p:text>an old comment</p:text></p:cm>", "cmLst")
    words = "<p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody>"
    reply = f"<p:replyLst><p:reply>{words.format('a reply')}</p:reply></p:replyLst>"
    new = part(f"<p:cm>{reply}{words.format('a new comment')}</p:cm>", "cmLst")
    beside: dict[str, tuple[str, str | bytes]] = {"c1.xml": ("comments", old), "c2.xml": ("comments", new)}
    path = show(tmp_path / "a.pptx", part(shape("shown")), beside)
    assert [page.text for page in pages(path)] == ["shown\n\nan old comment\n\na reply\n\na new comment"]


def test_diagrams_and_alternative_texts_are_read(tmp_path: Path) -> None:
    diagram = part("<pt><t><a:p><a:r><a:t>First step</a:t></a:r></a:p></t></pt>", "dataModel")
    picture = '<p:pic><p:cNvPr descr="A tree"/></p:pic><p:pic><p:cNvPr descr="tree.jpg"/></p:pic>'
    slide = part(f'{picture}<p:graphicFrame><relIds r:dm="r0"/></p:graphicFrame>{shape("shown")}')
    path = show(tmp_path / "a.pptx", slide, {"data.xml": ("diagramData", diagram)})
    assert [page.text for page in pages(path)] == ["A tree\n\nFirst step\n\nshown"]


def test_documents_inside_a_presentation_are_read_under_their_names(tmp_path: Path) -> None:
    annex = word(tmp_path / "annex.docx", "<w:p><w:r><w:t>annexed</w:t></w:r></w:p>").read_bytes()
    path = show(tmp_path / "a.pptx", part(shape("shown")), {"annex.docx": ("package", annex)})
    assert pages(path) == [Page(Locator("1", Unit.SLIDE), "shown"), Page(Locator(within="annex.docx"), "annexed")]


def test_what_older_programs_embedded_and_what_is_inside_a_file_inside_a_file_is_named(tmp_path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    annex = word(tmp_path / "annex.docx", "<w:p/>").read_bytes()
    inner = show(tmp_path / "b.pptx", part(shape("inner")), {"annex.docx": ("package", annex)}).read_bytes()
    path = show(tmp_path / "a.pptx", part(shape("shown")), {"o.bin": ("oleObject", ole), "b.pptx": ("package", inner)})
    assert [item.reason for item in items(path) if isinstance(item, Remark)] == [
        "b.pptx: It holds files that are not searched: annex.docx.",
        "It holds files that are not searched: o.bin.",
    ]


# Damage


def read_damaged(path: Path) -> tuple[list[str], str]:
    """Return the texts of the pages that a damaged file gives, and the reason that it ends with."""
    found: list[str] = []
    with pytest.raises(Incomplete) as problem:
        found.extend(item.text for item in items(path) if isinstance(item, Page))
    assert problem.value.status is Status.DAMAGED
    return found, problem.value.reason


@pytest.mark.parametrize(
    ("content", "kept"), [(None, ""), (b"<p:sld>", ""), (part(shape("beta") + "<p:sp>").encode()[:-8], "beta")]
)
def test_a_broken_slide_is_kept_as_far_as_it_goes_and_does_not_lose_the_others(
    tmp_path: Path, content: bytes | None, kept: str
) -> None:
    slides(tmp_path / "whole.pptx")
    path = changed(tmp_path / "whole.pptx", {"ppt/slides/slide2.xml": content})
    assert read_damaged(path) == (["alpha", kept, "gamma"], "These slides cannot be read to their end: 2.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_rels/.rels", b"<"),
        ("ppt/presentation.xml", b"<"),
        ("ppt/presentation.xml", None),
        ("ppt/_rels/presentation.xml.rels", b"<"),
    ],
)
def test_slides_are_read_by_their_numbers_where_the_presentation_is_broken(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    slides(tmp_path / "whole.pptx")
    found, reason = read_damaged(changed(tmp_path / "whole.pptx", {name: content}))
    assert (found, name in reason) == (["alpha", "beta", "gamma"], True)


def test_broken_notes_do_not_lose_the_slide(tmp_path: Path) -> None:
    path = show(tmp_path / "a.pptx", part(shape("shown")), {"notes.xml": ("notesSlide", "<p:notes>")})
    assert read_damaged(path)[0] == ["shown"]


def test_everything_that_is_broken_is_named_and_of_many_slides_the_first(tmp_path: Path) -> None:
    notes: dict[str, tuple[str, str | bytes]] = {f"notes{n}.xml": ("notesSlide", "<p:notes>") for n in range(2)}
    _, reason = read_damaged(show(tmp_path / "a.pptx", part(shape("shown") + "<p:sp>")[:-8], notes))
    assert [name in reason for name in ("ppt/notes0.xml", "ppt/notes1.xml", "to their end: 1.")] == [True] * 3
    slides(tmp_path / "whole.pptx")
    listed = "".join(f'<p:sldId r:id="lost{n}"/>' for n in range(12))
    path = changed(tmp_path / "whole.pptx", {"ppt/presentation.xml": part(listed, "presentation").encode()})
    assert read_damaged(path)[1].endswith("to their end: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more.")


def test_a_presentation_says_of_itself_what_it_says_before_its_slides(tmp_path: Path) -> None:
    assert next(items(show(tmp_path / "a.pptx", part(shape("shown"))))) == FileMetadata(pages=1)


TEMPLATE = part(
    shape("title", "title")
    + '<p:graphicFrame><relIds r:dm="r0"/><a:tbl><a:tr><a:tc><a:p/></a:tc></a:tr></a:tbl></p:graphicFrame>'
    + '<a:p><a:fld type="slidenum"><a:t>1</a:t></a:fld></a:p><p:cNvPr descr="A tree"/>'
)


@settings(max_examples=60)
@given(st.data())
def test_no_mutation_of_a_slide_ends_in_anything_but_pages_and_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    mutated = data.draw(mutations_of(TEMPLATE))
    path = tmp_path_factory.getbasetemp() / "mutated.pptx"
    show(path, mutated, {"notes.xml": ("notesSlide", mutated), "data.xml": ("diagramData", mutated)})
    with suppress(Incomplete):
        pages(path)
