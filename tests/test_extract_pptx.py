"""Presentations: every slide in the order of the show, with what its shapes and notes say."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pptx
from pptx.util import Inches

from indexer.index.schema import Extraction, Locator, Page, Status, Unit
from tests.extraction import Read


def slides(path: Path, order: tuple[int, ...] = (0, 1, 2)) -> None:
    presentation = pptx.Presentation()
    for text in ("alpha", "beta", "gamma"):
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        slide.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = text
    listed = presentation.slides._sldIdLst
    listed[:] = [list(listed)[number] for number in order]
    presentation.save(str(path))


def test_slides_come_in_the_order_of_the_show_and_not_of_their_file_names(tmp_path: Path, read: Read) -> None:
    slides(tmp_path / "a.pptx", order=(2, 0, 1))
    assert read(tmp_path / "a.pptx") == Extraction(
        Status.OK,
        "pptx",
        (
            Page(Locator("1", Unit.SLIDE), "gamma"),
            Page(Locator("2", Unit.SLIDE), "alpha"),
            Page(Locator("3", Unit.SLIDE), "beta"),
        ),
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


def test_a_broken_slide_does_not_lose_the_others(tmp_path: Path, read: Read) -> None:
    slides(tmp_path / "whole.pptx")
    with zipfile.ZipFile(tmp_path / "whole.pptx") as whole, zipfile.ZipFile(tmp_path / "a.pptx", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"<p:sld>" if name == "ppt/slides/slide2.xml" else whole.read(name))
    extraction = read(tmp_path / "a.pptx")
    assert [page.text for page in extraction.pages] == ["alpha", "", "gamma"]
    assert (extraction.status, extraction.reason) == (Status.DAMAGED, "These slides cannot be read: 2.")
