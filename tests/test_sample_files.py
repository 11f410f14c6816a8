from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import docx
import openpyxl
import pptx
import pypdfium2
import pytest

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FORMATS = ("pdf", "docx", "pptx", "xlsx", "html", "txt")

Run = Callable[..., int]
Make = Callable[[str, str], Path]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the script's command line as a function."""
    monkeypatch.syspath_prepend(CORPUS)
    main: Callable[[list[str]], int] = importlib.import_module("make_files").main
    return lambda *arguments: main([str(argument) for argument in arguments])


@pytest.fixture
def make(run: Run, tmp_path: Path) -> Make:
    """Return a function that renders one source, of which the body is given, and returns the file."""

    def make_one(name: str, body: str) -> Path:
        write_source(tmp_path / "sources", name, body)
        assert run("--sources", tmp_path / "sources", "--files", tmp_path / "files", "--only", name) == 0
        return tmp_path / "files" / name

    return make_one


def write_source(folder: Path, name: str, body: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text(f"---\ntitle: Été au “Port”\nlanguage: fr\npublisher: Harbour Desk\n---\n{body}", encoding="utf-8")
    return path


def pdf_pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_a_chapter_of_a_pdf_begins_on_a_page_of_its_own_after_title_and_contents(make: Make) -> None:
    pages = pdf_pages(make("guide.pdf", "# First\n\nAnchors hold.\n\n# Second\n\n## Part\n\n- Ropes hold.\n"))
    assert len(pages) == 4
    assert "Été au “Port”" in pages[0]
    assert "Harbour Desk" in pages[0]
    assert re.search(r"Second[ .]+2", pages[1])
    assert "Anchors hold." in pages[2]
    assert "Ropes hold." in pages[3]


def test_the_pages_of_a_pdf_are_labelled_and_the_label_is_printed_in_the_footer(make: Make) -> None:
    path = make("guide.pdf", "# First\n\nAnchors hold.\n\n# Second\n\nRopes hold.\n")
    with pypdfium2.PdfDocument(path) as document:
        assert [document.get_page_label(number) for number in range(len(document))] == ["i", "ii", "1", "2"]
    assert [bool(re.search(r"(^|\n)(i|ii|1|2)\r?(\n|$)", page)) for page in pdf_pages(path)] == [
        False,
        True,
        True,
        True,
    ]


def test_a_full_page_of_a_pdf_holds_about_230_words(make: Make) -> None:
    sentence = "Recruiters registered with the harbour office publish every charge before workers leave home. "
    pages = pdf_pages(make("guide.pdf", "# Long\n\n" + "\n\n".join([sentence * 4] * 20)))
    assert 200 <= len(pages[3].split()) <= 260


def test_a_pdf_table_keeps_all_its_cells(make: Make) -> None:
    pages = pdf_pages(make("guide.pdf", "# Fees\n\n| Item | Cost |\n|---|---|\n| Passport | 40 |\n"))
    assert "Passport" in pages[2]
    assert "40" in pages[2]


def test_a_word_document_has_headings_bullets_numbers_and_tables(make: Make) -> None:
    body = "# Policy\n\n## Scope\n\nAll of *us*.\n\n- bullet\n\n4. fourth\n\n| A | B |\n|---|---|\n| left | right |\n"
    document = docx.Document(str(make("code.docx", body)))
    assert [(p.style.name if p.style else "", p.text) for p in document.paragraphs] == [
        ("Title", "Été au “Port”"),
        ("Heading 1", "Policy"),
        ("Heading 2", "Scope"),
        ("Normal", "All of us."),
        ("List Bullet", "bullet"),
        ("List Continue", "4. fourth"),
    ]
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["left", "right"]
    assert document.core_properties.author == "Harbour Desk"


def test_a_chapter_is_a_slide_and_its_quotations_are_the_speakers_notes(make: Make) -> None:
    body = "# One\n\n- point\n\n> Say this.\n>\n> Then that.\n\n# Two\n\n| A | B |\n|---|---|\n| left | right |\n"
    slides = list(pptx.Presentation(str(make("talk.pptx", body))).slides)
    assert [slide.placeholders[0].text for slide in slides] == ["Été au “Port”", "One", "Two"]
    assert slides[1].placeholders[1].text == "point"
    assert slides[1].notes_slide.notes_text_frame.text == "Say this.\nThen that."
    assert not slides[2].has_notes_slide
    tables = [shape.table for shape in slides[2].shapes if shape.has_table]
    assert [cell.text for cell in tables[0].rows[1].cells] == ["left", "right"]


def test_a_chapter_is_a_sheet_whose_numbers_are_numbers_and_whose_formulas_calculate(make: Make) -> None:
    table = "| Item | Cost |\n|---|---|\n| Visa | 12.5 |\n| All | `=B3*2*1` |\n"
    body = f"# Costs\n\nIn invented money.\n\n{table}\n# Notes\n\nx\n"
    book = openpyxl.load_workbook(make("fees.xlsx", body))
    assert book.sheetnames == ["Costs", "Notes"]
    rows = [[cell.value for cell in row] for row in book["Costs"].iter_rows()]
    assert rows == [["In invented money.", None], ["Item", "Cost"], ["Visa", 12.5], ["All", "=B3*2*1"]]
    assert book["Costs"]["B4"].data_type == "f"


def test_a_web_page_keeps_markup_and_puts_the_title_above_the_chapters(make: Make) -> None:
    page = make("page.html", "# One\n\nA [link](https://example.org/) & *more*.\n\n## Two\n").read_text(
        encoding="utf-8"
    )
    assert '<html lang="fr">' in page
    assert "<h1>Été au “Port”</h1>\n<h2>One</h2>" in page
    assert '<a href="https://example.org/">link</a> &amp; <em>more</em>' in page
    assert "<h3>Two</h3>" in page


def test_plain_text_is_wrapped_and_loses_nothing(make: Make) -> None:
    words = [f"word{number}" for number in range(200)]
    body = f"# One\n\n{' '.join(words)}\n\n3. third\n\n   and more\n"
    text = make("script.txt", body).read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()) <= 78
    assert re.findall(r"word\d+", text) == words
    assert "\n3. third and more\n" in text


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_source_gives_the_same_bytes(make: Make, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "# One\n\nText.\n\n> Note.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
    first = make(f"same.{suffix}", body).read_bytes()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert make(f"same.{suffix}", body).read_bytes() == first


def test_the_metadata_of_a_pdf_names_the_publisher_and_not_the_time_of_the_run(make: Make) -> None:
    with pypdfium2.PdfDocument(make("guide.pdf", "# One\n\nText.\n")) as document:
        metadata = document.get_metadata_dict()
    assert metadata["Author"] == "Harbour Desk"
    assert metadata["CreationDate"] == "D:20260105090000Z"


@pytest.mark.parametrize("suffix", ["docx", "pptx", "xlsx"])
def test_no_member_of_a_zipped_format_carries_the_time_of_the_run(make: Make, suffix: str) -> None:
    with ZipFile(make(f"same.{suffix}", "# One\n\nText.\n")) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 1, 5, 9, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2026-01-05"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_check_names_a_file_whose_source_was_edited_afterwards(
    make: Make, run: Run, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--sources", tmp_path / "sources", "--files", tmp_path / "files", "--check")
    make(f"a.{suffix}", "# One\n\nOld words.\n")
    assert run(*arguments) == 0
    capsys.readouterr()
    write_source(tmp_path / "sources", f"a.{suffix}", "# One\n\nNew words.\n")
    assert run(*arguments) == 1
    assert f"--only a.{suffix}" in capsys.readouterr().out


def test_the_check_names_a_missing_file_and_writes_none(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_source(tmp_path / "sources", "a.txt", "# One\n")
    assert run("--sources", tmp_path / "sources", "--files", tmp_path / "files", "--check") == 1
    assert "a.txt" in capsys.readouterr().out
    assert not (tmp_path / "files").exists()


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("a.pdf", "Text.\n\n# One\n", "before the first"),
        ("a.pdf", "", "no chapter"),
        ("a.pdf", "# One\n\n- a\n  - b\n", "a bullet list has no place"),
        ("a.pdf", "# One\n\n### Deep\n", "line 3 of the body: a heading has no place"),
        ("a.pdf", "# One\n\n![picture](x.png)\n", "has no place"),
        ("a.odt", "# One\n", "formats are pdf, docx"),
    ],
)
def test_a_source_that_would_lose_something_is_refused_by_name(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, body: str, reason: str
) -> None:
    write_source(tmp_path / "sources", name, body)
    assert run("--sources", tmp_path / "sources", "--files", tmp_path / "files") == 1
    message = capsys.readouterr().err
    assert message.startswith(f"{name}.md: ")
    assert reason in message


def test_a_source_without_a_title_is_refused_by_name(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt.md").write_text("# One\n", encoding="utf-8")
    assert run("--sources", tmp_path, "--files", tmp_path) == 1
    assert capsys.readouterr().err.startswith("a.txt.md: there is no title")


def test_a_name_that_no_source_has_is_wrong_use(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run("--only", "nothing.pdf")
    assert stop.value.code == 2
    assert "nothing.pdf.md" in capsys.readouterr().err


def test_every_sample_file_has_a_source_and_says_what_it_says(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    sources = {path.stem for path in (CORPUS / "sources").glob("*.md")}
    files = {path.name for path in (CORPUS / "files").iterdir()}
    assert files == sources
    assert run("--check") == 0, capsys.readouterr().out


def test_sample_files_are_small() -> None:
    assert {path.name for path in (CORPUS / "files").iterdir() if path.stat().st_size > 150 * 1024} == set()
