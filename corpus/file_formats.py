"""The writers of the sample library's attachments: a source in, the bytes of a file out.

The clock leaves no trace in a file: the same source gives the same bytes as long as the writing libraries stay the
same.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Callable
from html import escape
from io import BytesIO
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
import openpyxl
import pptx
from docx.document import Document as WordDocument
from docx.opc.coreprops import CoreProperties as WordProperties
from file_sources import Block, Chapter, Item, Paragraph, Quote, Rows, Section, Source, Table, markdown_parser
from fpdf import FPDF
from fpdf.outline import TableOfContents
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from pptx.parts.coreprops import CorePropertiesPart as SlideProperties
from pptx.shapes.placeholder import SlidePlaceholder
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

WRITTEN = dt.datetime(2026, 1, 5, 9, 0)
"""The date in every file's metadata."""
LINE_WIDTH = 78
"""Characters in a line of plain text."""


class Booklet(FPDF):
    """An A4 document whose pages carry their label, so that the printed number is the one in the PDF's page labels."""

    def footer(self) -> None:
        """Print the page's label, except on the title page."""
        if self.page_no() == 1:
            return
        self.set_y(-20)
        self.set_font("Helvetica", size=10)
        self.cell(text=self.get_page_label(), center=True)


def render_pdf(source: Source) -> bytes:
    """Render a title page and a table of contents, numbered i and ii, and then the chapters from page 1 on."""
    pdf = Booklet()
    pdf.core_fonts_encoding = "windows-1252"  # has the typographic quotes and dashes that Latin-1 lacks
    pdf.set_creation_date(WRITTEN.replace(tzinfo=dt.UTC))
    pdf.set_title(source.title)
    pdf.set_author(source.publisher)
    pdf.set_lang(source.language)
    pdf.set_margins(34, 34, 34)
    pdf.set_auto_page_break(True, margin=34)
    pdf.add_page(label_style="r", label_start=1)
    pdf.set_y(90)
    write_lines(pdf, source.title, size=26, style="B", leading=0.5)
    write_lines(pdf, source.publisher, size=14)
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.insert_toc_placeholder(TableOfContents().render_toc)
    pdf.set_page_label("D", label_start=1)
    for number, chapter in enumerate(source.chapters):
        if number:
            pdf.add_page()
        pdf.start_section(chapter.title)
        write_lines(pdf, chapter.title, size=18, style="B", leading=0.5)
        for block in chapter.blocks:
            write_pdf_block(pdf, block)
    return bytes(pdf.output())


def write_pdf_block(pdf: FPDF, block: Block) -> None:
    """Write one block at the place that is reached, breaking pages where they are full."""
    match block:
        case Section(text):
            write_lines(pdf, text, size=14, style="B", leading=0.5)
        case Paragraph(text):
            write_lines(pdf, text)
        case Quote(text):
            write_lines(pdf, text, style="I", indent=8)
        case Item(marker, text):
            write_lines(pdf, f"{marker} {text}", indent=5)
        case Table(rows):
            pdf.set_font("Helvetica", size=10)
            with pdf.table(col_widths=column_widths(rows), line_height=6, padding=1, text_align="LEFT") as table:
                for row in rows:
                    table.row(row)
            pdf.ln(5)


def write_lines(
    pdf: FPDF, text: str, size: int = 12, style: str = "", indent: float = 0, leading: float = 0.62
) -> None:
    """Write one paragraph; `size` is in points, `indent` in millimetres, `leading` in millimetres a point of size."""
    pdf.set_font("Helvetica", style=style, size=size)
    pdf.set_x(pdf.l_margin + indent)
    pdf.multi_cell(0, h=size * leading, text=text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)


def render_docx(source: Source) -> bytes:
    """Render a Word document: the title, then chapters and sections as headings 1 and 2."""
    document = docx.Document()
    describe(document.core_properties, source)
    document.add_heading(source.title, level=0)
    for chapter in source.chapters:
        document.add_heading(chapter.title, level=1)
        for block in chapter.blocks:
            write_docx_block(document, block)
    stream = BytesIO()
    document.save(stream)
    return with_fixed_times(stream.getvalue())


def write_docx_block(document: WordDocument, block: Block) -> None:
    """Append one block to the document."""
    match block:
        case Section(text):
            document.add_heading(text, level=2)
        case Paragraph(text):
            document.add_paragraph(text)
        case Quote(text):
            document.add_paragraph(text, style="Quote")
        case Item("•", text):
            document.add_paragraph(text, style="List Bullet")
        case Item(marker, text):
            # Word's own numbering would run on from one list to the next.
            document.add_paragraph(f"{marker} {text}", style="List Continue")
        case Table(rows):
            table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
            for cells, row in zip(table.rows, rows, strict=True):
                for cell, text in zip(cells.cells, row, strict=True):
                    cell.text = text


def render_pptx(source: Source) -> bytes:
    """Render slides: a title slide and one per chapter, its quotations being the speaker's notes."""
    deck = pptx.Presentation()
    describe(deck.core_properties, source)
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.placeholders[0].text = source.title
    first.placeholders[1].text = source.publisher
    for chapter in source.chapters:
        write_slide(deck.slides.add_slide(deck.slide_layouts[1]), chapter)
    stream = BytesIO()
    deck.save(stream)
    return with_fixed_times(stream.getvalue())


def write_slide(slide: Slide, chapter: Chapter) -> None:
    """Write a chapter's heading and text, its tables below the text, and its quotations as notes."""
    heading, body = slide.placeholders
    heading.text = chapter.title
    notes = [block.text for block in chapter.blocks if isinstance(block, Quote)]
    for block in chapter.blocks:
        match block:
            case Table(rows):
                body.left, body.top, body.width, body.height = Inches(0.5), Inches(1.6), Inches(9), Inches(2.4)
                write_slide_table(slide, rows)
            case Section(text) | Paragraph(text) | Item("•", text):
                write_slide_line(body, text, bold=isinstance(block, Section))
            case Item(marker, text):
                write_slide_line(body, f"{marker} {text}")
    if notes:
        # A notes slide that is new has a text frame; only one from a foreign template may lack it.
        cast(TextFrame, slide.notes_slide.notes_text_frame).text = "\n".join(notes)


def write_slide_line(body: SlidePlaceholder, text: str, bold: bool = False) -> None:
    """Append a paragraph to the body, whose first paragraph exists and is empty."""
    frame = body.text_frame
    line = frame.add_paragraph() if frame.text else frame.paragraphs[0]
    line.text = text
    line.font.size = Pt(18)
    line.font.bold = bold


def write_slide_table(slide: Slide, rows: Rows) -> None:
    """Put a table on the lower half of a slide."""
    shape = slide.shapes.add_table(len(rows), len(rows[0]), Inches(0.5), Inches(4.2), Inches(9), Inches(2.5))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            cell = shape.table.cell(number, column)
            cell.text = text
            cell.text_frame.paragraphs[0].font.size = Pt(14)


def render_xlsx(source: Source) -> bytes:
    """Render a workbook with a sheet per chapter; a block other than a table is one row.

    Formulas in a source rely on that: the first block of a chapter is in row 1.
    """
    book = openpyxl.Workbook()
    book.properties.title = source.title
    book.properties.creator = source.publisher
    book.properties.language = source.language
    book.properties.created = book.properties.modified = WRITTEN
    del book[book.sheetnames[0]]
    for chapter in source.chapters:
        sheet = book.create_sheet(chapter.title)
        for block in chapter.blocks:
            write_rows(sheet, block)
    stream = BytesIO()
    # Workbook.save would put the clock's time into the metadata.
    ExcelWriter(book, ZipFile(stream, "w")).save()
    return with_fixed_times(stream.getvalue())


def write_rows(sheet: Worksheet, block: Block) -> None:
    """Append one block below what the sheet holds."""
    match block:
        case Table(rows):
            for number, row in enumerate(rows):
                sheet.append([cell_value(text) for text in row])
                for cell in sheet[sheet.max_row]:
                    cell.font = Font(bold=number == 0)
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
            for column, width in enumerate(column_widths(rows), start=1):
                dimension = sheet.column_dimensions[get_column_letter(column)]
                dimension.width = max(width, dimension.width)
        case Item(marker, text):
            sheet.append([f"{marker} {text}"])
        case Section(text) | Paragraph(text) | Quote(text):
            sheet.append([text])
            sheet.cell(sheet.max_row, 1).font = Font(bold=isinstance(block, Section))


def column_widths(rows: Rows) -> tuple[int, ...]:
    """Return the width of each column in characters, as wide as its longest text within bounds."""
    return tuple(max(12, min(50, 2 + max(len(text) for text in column))) for column in zip(*rows, strict=True))


def cell_value(text: str) -> str | int | float:
    """Return a number where the text is one; a text that begins with "=" becomes a formula."""
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text) else text


def render_html(source: Source) -> bytes:
    """Render a page on which the title is the first heading and chapters are headings of the second level."""
    parser = markdown_parser()
    tokens = parser.parse(source.markdown)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{int(token.tag[1]) + 1}"
    title = escape(source.title)
    lines = (
        "<!doctype html>",
        f'<html lang="{escape(source.language)}">',
        f'<head>\n<meta charset="utf-8">\n<title>{title}</title>',
        f'<meta name="author" content="{escape(source.publisher)}">\n</head>',
        f"<body>\n<h1>{title}</h1>",
        parser.renderer.render(tokens, parser.options, {}) + "</body>\n</html>\n",
    )
    return "\n".join(lines).encode()


def render_txt(source: Source) -> bytes:
    """Render plain text of at most 78 characters a line, headings underlined."""
    parts = [underlined(source.title, "=")]
    for chapter in source.chapters:
        parts.append(underlined(chapter.title, "-"))
        parts.extend(text_block(block) for block in chapter.blocks)
    return ("\n\n".join(parts) + "\n").encode()


def text_block(block: Block) -> str:
    """Return one block as lines of plain text."""
    match block:
        case Section(text):
            return text.upper()
        case Paragraph(text):
            return textwrap.fill(text, LINE_WIDTH)
        case Quote(text):
            return textwrap.fill(text, LINE_WIDTH, initial_indent="    ", subsequent_indent="    ")
        case Item(marker, text):
            return textwrap.fill(f"{marker} {text}", LINE_WIDTH, subsequent_indent=" " * (len(marker) + 1))
        case Table(rows):
            return "\n".join(" | ".join(row) for row in rows)


def underlined(text: str, line: str) -> str:
    """Return a heading with a line below it."""
    return f"{text}\n{line * min(len(text), LINE_WIDTH)}"


def describe(properties: WordProperties | SlideProperties, source: Source) -> None:
    """Fill the metadata that Word documents and slides share."""
    properties.title = source.title
    properties.author = source.publisher
    properties.language = source.language
    properties.created = properties.modified = WRITTEN


def with_fixed_times(archive: bytes) -> bytes:
    """Return a zip archive packed again with one date for all members, which else would carry the clock's time."""
    stream = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(stream, "w") as new:
        for name in old.namelist():
            member = ZipInfo(name, WRITTEN.timetuple()[:6])
            new.writestr(member, old.read(name), compress_type=ZIP_DEFLATED)
    return stream.getvalue()


RENDERERS: dict[str, Callable[[Source], bytes]] = {
    "pdf": render_pdf,
    "docx": render_docx,
    "pptx": render_pptx,
    "xlsx": render_xlsx,
    "html": render_html,
    "txt": render_txt,
}
