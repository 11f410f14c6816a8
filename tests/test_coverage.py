"""What builds say of files: who names each, since when it is so, and that a program installed later is made use of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indexer import build as room
from indexer import documents
from indexer.completion import completed
from indexer.extract import ExtractionPool
from indexer.extract.source import Context
from indexer.extract.tools import Tools
from indexer.index import current_generation, open_index
from indexer.index.engine import SearchRequest
from indexer.index.ledger import FileReport, read_ledger, write_ledger
from indexer.index.query import parse
from indexer.index.schema import Attachment, Extraction, FileMetadata, Locator, Page, Resource, Status
from tests.library_folder import built, write_page, write_pdf


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    write_page(folder, "a.md", "title: A\nattachments: [shared.pdf, gone.pdf]")
    write_page(folder, "b.md", "title: B\nattachments: [shared.pdf]")
    write_pdf(folder / "shared.pdf", ["one", "two"])
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def ledger(index: Path) -> dict[str, FileReport]:
    generation = current_generation(index)
    assert generation
    return {report.path: report for report in read_ledger(generation)}


def test_every_file_is_in_the_ledger_with_the_resources_that_name_it(library: Path, index: Path) -> None:
    write_pdf(library / "loose.pdf", ["nobody names me"])
    report = built(library, index)
    found = ledger(index)
    assert {path: (one.status, one.resources) for path, one in found.items()} == {
        "shared.pdf": (Status.OK, ("a", "b")),
        "gone.pdf": (Status.MISSING, ("a",)),
        "loose.pdf": (Status.UNATTACHED, ()),
    }
    assert (found["shared.pdf"].pages, found["shared.pdf"].characters) == (2, 6)
    assert found["shared.pdf"].seconds > 0
    assert all(one.since for one in found.values())
    assert report.files == tuple(found.values())


def test_a_name_that_leads_nowhere_does_not_hide_behind_a_file_of_that_path(library: Path, index: Path) -> None:
    write_page(library, "sub/c.md", "title: C\nattachments: [./shared.pdf]")
    write_page(library, "sub/d.md", "title: D\nattachments: [nothing/../shared.pdf]")
    generation = built(library, index).generation
    found = read_ledger(index / "generations" / f"{generation:08d}")
    listed = [(one.path, one.status, one.resources) for one in found if "shared" in one.path]
    named = {name for _, _, resources in listed for name in resources}
    assert named >= {"a", "b", "sub.c", "sub.d"}


def test_a_problem_keeps_its_first_day_until_it_becomes_another(library: Path, index: Path) -> None:
    (library / "shared.pdf").write_bytes(b"%PDF-1.4 broken")
    built(library, index)
    first = ledger(index)
    write_page(library, "b.md", "title: B again\nattachments: [shared.pdf]")
    built(library, index)
    assert ledger(index)["shared.pdf"].since == first["shared.pdf"].since
    assert ledger(index)["gone.pdf"].since == first["gone.pdf"].since
    write_pdf(library / "shared.pdf", ["mended"])
    built(library, index)
    mended = ledger(index)["shared.pdf"]
    assert mended.since is not None
    assert first["shared.pdf"].since is not None
    assert mended.since > first["shared.pdf"].since


def test_a_file_that_appears_unnamed_is_listed_though_nothing_is_published(library: Path, index: Path) -> None:
    built(library, index)
    write_pdf(library / "loose.pdf", ["nobody names me"])
    report = built(library, index)
    assert not report.published
    assert ledger(index)["loose.pdf"].status is Status.UNATTACHED
    assert [one.path for one in report.files] == ["gone.pdf", "loose.pdf", "shared.pdf"]


@pytest.mark.parametrize("damage", ["lost", "broken"])
def test_without_its_ledger_an_index_is_written_anew(library: Path, index: Path, damage: str) -> None:
    built(library, index)
    generation = current_generation(index)
    assert generation
    if damage == "lost":
        (generation / "ledger.sqlite").unlink()
    else:
        (generation / "ledger.sqlite").write_text("{")
    assert built(library, index).published
    assert ledger(index)["shared.pdf"].status is Status.OK


class Pool:
    """Reads scans if there is a program for it."""

    def __init__(self, _workers: int, context: Context) -> None:
        self._tools = context.tools

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def extract(self, _path: Path) -> Extraction:
        """Read a scan."""
        if not self._tools.tesseract:
            return Extraction(Status.NO_TEXT, "pdf", reason="A scan.", lacks="tesseract-ocr")
        return Extraction(Status.OCR, "pdf", (Page(Locator("1", recognised=True), "scanned words"),))


def test_a_program_that_is_installed_later_reads_what_lacked_it_and_nothing_else_is_read(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def tools(program: str) -> Callable[[Iterable[str]], Tools]:
        def find(_languages: Iterable[str]) -> Tools:
            asked.append(program)
            return Tools(tesseract=program)

        return find

    monkeypatch.setattr(documents, "ExtractionPool", Pool)
    monkeypatch.setattr(room, "find_tools", tools(""))
    built(library, index)
    assert ledger(index)["shared.pdf"].lacks == "tesseract-ocr"
    assert not built(library, index).published
    monkeypatch.setattr(room, "find_tools", tools("/usr/bin/tesseract"))
    report = built(library, index)
    assert report.changed == ("a", "b")
    assert ledger(index)["shared.pdf"].status is Status.OCR
    asked.clear()
    assert not built(library, index).published
    assert asked == []


def test_a_file_is_in_the_language_of_its_text_which_is_told_once(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class French(Pool):
        def extract(self, path: Path) -> Extraction:
            text = "Les travailleuses recrutées à l’étranger ne doivent payer aucuns frais pour leur emploi."
            return replace(super().extract(path), pages=(Page(Locator(), text),), metadata=FileMetadata(language="en"))

    monkeypatch.setattr(documents, "ExtractionPool", French)
    write_page(library, "c.md", "title: Stated\nlang: es\nattachments: [shared.pdf]")
    built(library, index)
    monkeypatch.setattr(documents, "language_of_file", None)
    write_page(library, "c.md", "title: Changed\nlang: es\nattachments: [shared.pdf]")
    built(library, index)
    engine = open_index(index)
    hit = engine.search(SearchRequest(parse("travailleuse recrutee title:changed"))).hits[0]
    engine.close()
    assert hit.missing == ()
    assert hit.resource.languages == ("es", "fr")
    assert hit.resource.attachments[0].metadata.language == "fr"


def test_a_page_without_title_date_or_language_has_those_of_its_file(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Telling(Pool):
        def extract(self, path: Path) -> Extraction:
            said = FileMetadata("What the file says", "An author", "fr", date(2019, 5, 6), 12)
            return replace(super().extract(path), metadata=said)

    monkeypatch.setattr(documents, "ExtractionPool", Telling)
    (library / "b.md").write_text("---\nattachments: [shared.pdf]\n---\n")
    write_page(library, "c.md", "title: Stated\ndate: 2021-01-01\nlang: es\nattachments: [shared.pdf]")
    write_page(library, "d.md", "title: Year alone\nyear: 2020\nattachments: [shared.pdf]")
    built(library, index)
    engine = open_index(index)
    found = {name: engine.resource(name) for name in ("b", "c", "d")}
    engine.close()
    shown = {
        name: one and (one.title, one.date, one.language, one.facets.get("year"), one.facets.get("language"))
        for name, one in found.items()
    }
    assert shown == {
        "b": ("What the file says", date(2019, 5, 6), "fr", ("2019",), ("fr",)),
        "c": ("Stated", date(2021, 1, 1), "es", ("2021",), ("es", "fr")),
        "d": ("Year alone", date(2020, 1, 1), "fr", ("2020",), ("fr",)),
    }


def test_a_limit_that_is_raised_has_files_read_again(library: Path, index: Path) -> None:
    (library / "library.toml").write_text("[limits]\ncharacters = 4\n")
    built(library, index)
    cut = ledger(index)["shared.pdf"]
    assert (cut.status, cut.characters, cut.characters_left_out) == (Status.CUT, 4, 2)
    (library / "library.toml").write_text("[limits]\ncharacters = 400\n")
    built(library, index)
    assert ledger(index)["shared.pdf"].status is Status.OK


def test_an_index_without_files_has_an_empty_ledger(tmp_path: Path, index: Path) -> None:
    write_page(tmp_path / "library", "a.md", "title: A")
    built(tmp_path / "library", index)
    generation = current_generation(index)
    assert generation
    assert read_ledger(generation) == ()
    write_ledger(generation, [])
    assert not built(tmp_path / "library", index).published


def test_the_same_bytes_under_other_endings_are_read_as_what_their_names_promise(tmp_path: Path, index: Path) -> None:
    library = tmp_path / "library"
    for name in ("a.txt", "b.csv", "c.md"):
        write_page(library, f"pages/page-{name[0]}.md", f"title: T\nattachments: [{name}]")
        (library / "pages" / "files").mkdir(exist_ok=True)
        (library / "pages" / "files" / name).write_text("# one,two\n\n**three**,four")
    (library / "library.toml").write_text(
        '[pages]\ninclude = ["pages/*.md"]\n[attachments]\nfolders = ["pages/files"]\n'
    )
    built(library, index)
    formats = {path.rpartition("/")[2]: one.format for path, one in ledger(index).items()}
    assert formats == {"a.txt": "text", "b.csv": "csv", "c.md": "markdown"}


def test_a_name_that_leads_nowhere_for_two_reasons_is_listed_with_both(tmp_path: Path, index: Path) -> None:
    library = tmp_path / "library"
    write_page(library, "a/a.md", "title: A\nattachments: [x.pdf]")
    write_page(library, "b/b.md", "title: B\nattachments: [x.pdf]")
    (tmp_path / "outside.pdf").write_bytes(b"%PDF-1.4")
    (library / "b" / "x.pdf").symlink_to(tmp_path / "outside.pdf")
    (library / "library.toml").write_text('[attachments]\nfolders = ["files"]\n')
    built(library, index)
    generation = current_generation(index)
    assert generation
    listed = [(one.path, one.status, one.resources) for one in read_ledger(generation) if one.path == "x.pdf"]
    assert listed == [("x.pdf", Status.MISSING, ("a.a",)), ("x.pdf", Status.REFUSED, ("b.b",))]


def test_a_name_and_an_unnamed_file_of_that_path_are_two_and_stay_as_they_are(tmp_path: Path, index: Path) -> None:
    library = tmp_path / "library"
    write_page(library, "sub/a.md", "title: A\nattachments: [shared.pdf]")
    write_pdf(library / "shared.pdf", ["nobody finds me"])
    (library / "library.toml").write_text('[attachments]\nfolders = ["files"]\n')
    built(library, index)
    generation = current_generation(index)
    assert generation
    first, written = read_ledger(generation), (generation / "ledger.sqlite").stat().st_mtime_ns
    assert [one.status for one in first] == [Status.MISSING, Status.UNATTACHED]
    assert not built(library, index).published
    assert [one.since for one in read_ledger(generation)] == [one.since for one in first]
    assert (generation / "ledger.sqlite").stat().st_mtime_ns == written


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_ledger_that_lost_lines_is_made_whole(library: Path, index: Path, lost: int) -> None:
    built(library, index)
    generation = current_generation(index)
    assert generation
    write_ledger(generation, read_ledger(generation)[:lost])
    built(library, index)
    assert {path: one.status for path, one in ledger(index).items()} == {
        "gone.pdf": Status.MISSING,
        "shared.pdf": Status.OK,
    }


def test_a_copy_that_vanishes_before_it_is_read_does_not_take_the_other_one_with_it(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "copy.pdf").write_bytes((library / "shared.pdf").read_bytes())
    write_page(library, "c.md", "title: C\nattachments: [copy.pdf]")
    extract = ExtractionPool.extract

    def vanishing(pool: ExtractionPool, path: Path) -> Extraction:
        if path.name == "shared.pdf":
            path.unlink()
        return extract(pool, path)

    monkeypatch.setattr(ExtractionPool, "extract", vanishing)
    built(library, index)
    assert ledger(index)["copy.pdf"].status is Status.OK
    assert ledger(index)["shared.pdf"].status is Status.MISSING


@pytest.mark.parametrize(
    "title", ["Untitled 1", "Document1", "Microsoft Word - final.doc", "PowerPoint Presentation", ""]
)
def test_a_title_that_a_program_wrote_names_no_resource(title: str) -> None:
    file = Attachment("a.docx", "a.docx", "docx", 1, (), metadata=FileMetadata(title, language="tlh"))
    resource = Resource("a", "Name of the page", language="en", attachments=(file,))
    found = completed(resource, ("title", "language"))
    assert (found.title, found.language) == ("Name of the page", "en")
