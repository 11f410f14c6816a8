from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path

import pytest

from indexer import documents
from indexer.build import BuildFailed, build
from indexer.cache import Cache
from indexer.extract import ExtractionPool
from indexer.index import current_generation, open_index
from indexer.index.curation import read_curation
from indexer.index.directory import cache_file, publish
from indexer.index.engine import SearchRequest, Where
from indexer.index.ledger import FileReport
from indexer.index.query import parse
from indexer.index.schema import Document, Extraction, Status
from indexer.index.whoosh.writer import GenerationWriter
from indexer.library import pages
from indexer.library.entry import Entry
from indexer.library.pages import read_page
from indexer.library.references import Resolution, resolve
from indexer.library.settings import LibrarySettings, SettingsError, load_settings
from indexer.plan import AttachedFile
from indexer.progress import Advance
from indexer.record import library_info
from indexer.report import Report
from indexer.state import State, StateDamaged
from tests.library_folder import SilentReporter, built, write_page, write_pdf


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    write_page(folder, "fees.md", "title: Recruitment fees\ntags: [Fees]\nattachments: [guide.pdf]", "Who pays them.")
    write_page(folder, "rights.md", "title: Human rights\ntags: [Rights]", "What they are.")
    write_pdf(folder / "files" / "guide.pdf", ["First page", "The boundary diagram is here"])
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the names of the files that are really read."""
    names: list[str] = []

    class CountingPool(ExtractionPool):
        def extract(self, path: Path) -> Extraction:
            names.append(path.name)
            return super().extract(path)

    monkeypatch.setattr(documents, "ExtractionPool", CountingPool)
    return names


def found(index: Path, typed: str) -> list[str]:
    engine = open_index(index)
    hits = engine.search(SearchRequest(parse(typed))).hits
    engine.close()
    return sorted(hit.resource.id for hit in hits)


def status_of(report: Report, path: str) -> FileReport:
    (file,) = (file for file in report.files if file.path == path)
    return file


def outcome(report: Report) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]:
    return report.added, report.changed, report.removed, report.unchanged


def test_a_first_build_finds_words_of_pages_and_of_files_with_their_page(library: Path, index: Path) -> None:
    report = built(library, index)
    assert report.published
    assert outcome(report) == (("fees", "rights"), (), (), 0)
    engine = open_index(index)
    (hit,) = engine.search(SearchRequest(parse("boundary diagram"))).hits
    assert [(m.where, m.file, m.page) for m in hit.matches] == [(Where.ATTACHMENT, "guide.pdf", 2)]
    assert engine.manifest.resources == 2
    assert engine.manifest.files == 1
    assert engine.manifest.pages == 2


def test_nothing_changed_is_nothing_done(library: Path, index: Path, extracted: list[str]) -> None:
    built(library, index)
    published = current_generation(index)
    extracted.clear()
    report = built(library, index)
    assert not report.published
    assert outcome(report) == ((), (), (), 2)
    assert current_generation(index) == published
    assert extracted == []
    assert status_of(report, "files/guide.pdf").status is Status.OK


def test_a_touched_file_with_the_same_content_is_no_change(library: Path, index: Path) -> None:
    built(library, index)
    os.utime(library / "fees.md", (0, 0))
    os.utime(library / "files" / "guide.pdf", (0, 0))
    assert not built(library, index).published


def test_only_what_changed_is_read_again(library: Path, index: Path, extracted: list[str]) -> None:
    built(library, index)
    extracted.clear()
    write_page(library, "rights.md", "title: Labour rights\ntags: [Rights]", "What they are.")
    write_page(library, "new.md", "title: A new page")
    assert outcome(built(library, index)) == (("new",), ("rights",), (), 1)
    assert extracted == []
    assert found(index, "labour") == ["rights"]
    assert found(index, "human") == []
    assert found(index, "diagram") == ["fees"]


def test_a_changed_attachment_changes_its_resource(library: Path, index: Path, extracted: list[str]) -> None:
    built(library, index)
    extracted.clear()
    write_pdf(library / "files" / "guide.pdf", ["Another text entirely"])
    assert outcome(built(library, index)) == ((), ("fees",), (), 1)
    assert extracted == ["guide.pdf"]
    assert found(index, "diagram") == []
    assert found(index, "entirely") == ["fees"]


def test_a_file_that_moves_with_the_same_content_is_known_by_its_new_path(
    library: Path, index: Path, extracted: list[str]
) -> None:
    built(library, index)
    extracted.clear()
    (library / "files" / "guide.pdf").rename(library / "guide.pdf")
    assert outcome(built(library, index)) == ((), ("fees",), (), 1)
    assert extracted == []
    resource = open_index(index).resource("fees")
    assert resource
    assert [attachment.path for attachment in resource.attachments] == ["guide.pdf"]


def test_a_removed_page_is_no_longer_found(library: Path, index: Path) -> None:
    built(library, index)
    (library / "fees.md").unlink()
    report = built(library, index)
    assert outcome(report) == ((), (), ("fees",), 1)
    assert found(index, "diagram") == []
    assert status_of(report, "files/guide.pdf").status is Status.UNATTACHED


def test_a_missing_attachment_is_reported_with_its_page_and_found_once_it_is_there(library: Path, index: Path) -> None:
    (library / "files" / "guide.pdf").rename(library / "away.pdf")
    report = built(library, index)
    missing = status_of(report, "guide.pdf")
    assert missing.status is Status.MISSING
    assert missing.resources == ("fees",)
    assert "files/" in missing.reason
    assert found(index, "fees") == ["fees"]
    (library / "away.pdf").rename(library / "files" / "guide.pdf")
    assert outcome(built(library, index)) == ((), ("fees",), (), 1)
    assert found(index, "diagram") == ["fees"]


def test_identical_files_are_read_once_and_found_in_both_resources(
    library: Path, index: Path, extracted: list[str]
) -> None:
    shutil.copy(library / "files" / "guide.pdf", library / "files" / "copy.pdf")
    write_page(library, "copy.md", "title: The copy\nattachments: copy.pdf")
    built(library, index)
    assert len(extracted) == 1
    assert found(index, "diagram") == ["copy", "fees"]


def test_files_of_the_same_name_in_different_folders_have_names_of_their_own(library: Path, index: Path) -> None:
    write_pdf(library / "old" / "guide.pdf", ["The older text"])
    write_page(library, "fees.md", "title: Fees\nattachments: [guide.pdf, old/guide.pdf]")
    built(library, index)
    resource = open_index(index).resource("fees")
    assert resource is not None
    assert [(a.name, a.path) for a in resource.attachments] == [
        ("guide.pdf", "files/guide.pdf"),
        ("guide-2.pdf", "old/guide.pdf"),
    ]


def test_of_two_pages_with_one_id_the_first_is_kept_and_the_other_is_named(library: Path, index: Path) -> None:
    write_page(library, "zz.md", "title: Another\nid: fees")
    report = built(library, index)
    assert found(index, "another") == []
    (problem,) = report.problems
    assert problem.path == "zz.md"
    assert "fees.md" in problem.reason


def test_drafts_are_held_back_and_expired_pages_disappear_without_being_touched(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(library, "draft.md", "title: Not yet\ndraft: true")
    write_page(library, "ends.md", "title: Until then\nexpires: 2030-01-01")
    built(library, index)
    assert found(index, "yet OR until") == ["ends"]

    class Later(date):
        @classmethod
        def today(cls) -> Later:
            return cls(2031, 1, 1)

    monkeypatch.setattr("indexer.build.date", Later)
    assert outcome(built(library, index)) == ((), (), ("ends",), 2)


def test_every_page_is_in_the_report_with_its_status(library: Path, index: Path) -> None:
    write_page(library, "draft.md", "title: Draft\ndraft: true")
    write_page(library, "early.md", "title: Early\npublish_from: 2999-01-01")
    write_page(library, "late.md", "title: Late\nexpires: 2001-01-01")
    write_page(library, "same.md", "title: Same\nid: fees")
    write_page(library, "void.md")
    write_page(library, "aside/README.md", "title: Aside")
    write_page(library, "whole/README.md", "title: Not looked at")
    (library / "library.toml").write_text('[pages]\nignore = ["aside/*.md", "whole"]\n')
    report = built(library, index)
    assert {page.path: page.status.value for page in report.pages} == {
        "aside/README.md": "ignored",
        "draft.md": "draft",
        "early.md": "not yet published",
        "fees.md": "published",
        "late.md": "expired",
        "rights.md": "published",
        "same.md": "duplicate id",
        "void.md": "empty",
    }
    assert "Pages that are not shown (5):" in list(report.lines())
    assert built(library, index).pages == report.pages


def test_a_page_with_broken_front_matter_is_named_and_its_text_is_found(library: Path, index: Path) -> None:
    write_page(library, "broken.md", "title: [unclosed", "# Heading\n\nThe text survives.")
    report = built(library, index)
    assert found(index, "survives") == ["broken"]
    assert [problem.path for problem in report.problems] == ["broken.md"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"---\n", b"---\ntitle: \x00\n---\n", b"\x00" * 1000, b"---\ntags: {a: b}\n---\nText"],
)
def test_no_page_ends_the_build(library: Path, index: Path, content: bytes) -> None:
    (library / "odd.md").write_bytes(content)
    built(library, index)
    assert found(index, "rights") == ["rights"]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n" + b"\x00" * 99, b"PK\x03\x04 no archive", os.urandom(5_000)])
def test_no_file_ends_the_build_and_each_has_a_status(library: Path, index: Path, content: bytes) -> None:
    (library / "files" / "guide.pdf").write_bytes(content)
    report = built(library, index)
    file = status_of(report, "files/guide.pdf")
    assert file.status is not Status.OK
    assert file.reason
    assert found(index, "fees") == ["fees"]


def test_what_leads_out_of_the_library_is_refused(library: Path, index: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("classified")
    (library / "files" / "link.txt").symlink_to(tmp_path / "secret.txt")
    write_page(library, "evil.md", "title: Evil\nattachments: [../../etc/passwd, ../secret.txt, link.txt]")
    report = built(library, index)
    assert Counter(file.status for file in report.files)[Status.REFUSED] == 3
    assert found(index, "classified") == []
    assert found(index, "evil") == ["evil"]


def test_a_page_that_cannot_be_read_is_named(library: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == "rights.md":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    report = built(library, index)
    assert [(problem.path, "Permission denied" in problem.reason) for problem in report.problems] == [
        ("rights.md", True)
    ]
    assert found(index, "fees") == ["fees"]


def many(library: Path, count: int) -> None:
    for number in range(count):
        write_page(library, f"page{number}.md", f"title: Page {number}")


def test_a_build_that_would_lose_most_of_the_library_is_not_published(library: Path, index: Path) -> None:
    many(library, 30)
    built(library, index)
    for number in range(30):
        (library / f"page{number}.md").unlink()
    with pytest.raises(BuildFailed, match=r"remove 30 of 32 resources.*--may-lose-most"):
        built(library, index)
    assert found(index, "title:page") != []
    assert built(library, index, may_lose_most=True).removed != ()
    assert found(index, "title:page") == []


@pytest.mark.parametrize(("lost", "is_published"), [(10, True), (11, False)])
def test_losing_ten_resources_is_everyday_editing_even_in_a_small_library(
    library: Path, index: Path, lost: int, is_published: bool
) -> None:
    many(library, 12)
    built(library, index)
    for number in range(lost):
        (library / f"page{number}.md").unlink()
    if is_published:
        assert len(built(library, index).removed) == lost
    else:
        with pytest.raises(BuildFailed, match=f"remove {lost} of 14 resources"):
            built(library, index)


def test_the_index_is_written_anew_before_outdated_documents_fill_it(library: Path, index: Path) -> None:
    built(library, index)
    sizes = []
    for round_number in range(8):
        write_page(library, "rights.md", f"title: Rights {round_number}", "Many words. " * 500)
        built(library, index)
        generation = current_generation(index)
        assert generation is not None
        sizes.append(sum(1 for _ in generation.glob("*.texts")))
    assert max(sizes) <= 4
    assert found(index, "7") == ["rights"]
    assert found(index, "6") == []


def test_other_settings_mean_another_index(library: Path, index: Path) -> None:
    built(library, index)
    (library / "library.toml").write_text('title = "T"\n[fields]\ntitle = ["tags"]\n')
    report = built(library, index)
    assert report.changed == ("fees", "rights")
    assert open_index(index).manifest.library.title == "T"


@pytest.mark.parametrize(
    ("version", "value"),
    [("EXTRACTOR_VERSION", "another"), ("READER_VERSION", 99), ("SCHEMA_VERSION", 99)],
)
def test_another_way_of_reading_means_another_index(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch, version: str, value: object
) -> None:
    built(library, index)
    monkeypatch.setattr(f"indexer.build.{version}", value)
    if version == "SCHEMA_VERSION":
        monkeypatch.setattr(f"indexer.index.{version}", value)
        monkeypatch.setattr(f"indexer.record.{version}", value)
    assert built(library, index).changed == ("fees", "rights")
    assert not built(library, index).published


def test_another_extractor_reads_all_files_again(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch, extracted: list[str]
) -> None:
    built(library, index)
    monkeypatch.setattr("indexer.build.EXTRACTOR_VERSION", "another")
    built(library, index)
    assert extracted == ["guide.pdf", "guide.pdf"]


def test_other_languages_mean_another_index(library: Path, index: Path) -> None:
    built(library, index)
    (library / "library.toml").write_text('languages = ["fr"]\n')
    assert built(library, index).changed == ("fees", "rights")


def test_another_title_of_the_library_is_published_without_indexing_anything(library: Path, index: Path) -> None:
    built(library, index)
    (library / "library.toml").write_text('title = "Another title"\n')
    report = built(library, index)
    assert outcome(report) == ((), (), (), 2)
    assert open_index(index).manifest.library.title == "Another title"


@pytest.mark.parametrize("file", ["state.sqlite", "ledger.sqlite", "manifest.json", "*.toc", "*.arrays", "*.texts"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh and the file it cannot read
def test_a_damaged_index_is_repaired_by_the_next_build(library: Path, index: Path, file: str) -> None:
    built(library, index)
    generation = current_generation(index)
    assert generation is not None
    for path in generation.glob(file):
        path.write_bytes(b"damage")
    assert built(library, index).published
    assert found(index, "diagram") == ["fees"]


def test_an_index_written_by_another_version_is_built_anew(library: Path, index: Path) -> None:
    built(library, index)
    generation = current_generation(index)
    assert generation is not None
    manifest = json.loads((generation / "manifest.json").read_text())
    (generation / "manifest.json").write_text(json.dumps(manifest | {"schema_version": 0}))
    assert built(library, index).published
    assert found(index, "diagram") == ["fees"]


class Interrupting(SilentReporter):
    """Interrupts the build at one of its steps, as Ctrl-C would."""

    def __init__(self, at: str) -> None:
        self._at = at

    def step(self, label: str, total: int) -> AbstractContextManager[Advance]:
        """Interrupt, or do as other reporters do."""
        if label == self._at:
            raise KeyboardInterrupt
        return super().step(label, total)


@pytest.mark.parametrize("at", ["Reading pages", "Indexing resources"])
def test_an_interrupted_build_leaves_the_old_index_and_nothing_else(library: Path, index: Path, at: str) -> None:
    built(library, index)
    write_page(library, "new.md", "title: New")
    with pytest.raises(KeyboardInterrupt):
        build(load_settings(library), index, Interrupting(at))
    assert [path.name for path in (index / "generations").iterdir()] == ["00000001"]
    assert found(index, "new") == []
    built(library, index)
    assert found(index, "new") == ["new"]


def test_a_full_disk_is_said_and_the_old_index_stays(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(library, index)
    write_page(library, "new.md", "title: New")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BuildFailed, match=r"no room left.*Nothing was published"):
        built(library, index)
    monkeypatch.undo()
    assert found(index, "fees") == ["fees"]
    assert found(index, "new") == []
    assert [path.name for path in (index / "generations").iterdir()] == ["00000001"]


def test_a_cache_that_cannot_be_written_is_said(library: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("indexer.cache.Cache.digest", full)
    with pytest.raises(BuildFailed, match="disk is full"):
        built(library, index)


def test_the_extraction_cache_survives_a_build_that_fails(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch, extracted: list[str]
) -> None:
    def fail(*_: object) -> None:
        raise BuildFailed("the check failed")

    with monkeypatch.context() as patched:
        patched.setattr("indexer.build._check", fail)
        with pytest.raises(BuildFailed):
            built(library, index)
    built(library, index)
    assert extracted == ["guide.pdf"]


def test_a_state_that_is_damaged_again_and_again_is_said_with_the_way_out(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(library, index)

    def damaged(*_: object) -> None:
        raise StateDamaged("state.sqlite cannot be used (disk I/O error).")

    monkeypatch.setattr(State, "folders", damaged)
    with pytest.raises(BuildFailed, match=r"state\.sqlite cannot be used .* Look at the disk .* goes on serving"):
        built(library, index)


def test_an_index_that_does_not_hold_what_it_should_is_not_published(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = GenerationWriter.add

    def losing(writer: GenerationWriter, document: Document) -> list[str]:
        return real(writer, document) if document.resource.id != "rights" else []

    monkeypatch.setattr(GenerationWriter, "add", losing)
    with pytest.raises(BuildFailed, match="holds 1 resources instead of 2"):
        built(library, index)
    assert current_generation(index) is None
    assert list((index / "generations").iterdir()) == []


def test_what_is_published_stays_even_if_the_build_is_ended_right_after(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ending(*paths: Path) -> None:
        publish(*paths)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("indexer.index.directory.publish", ending)
        with pytest.raises(KeyboardInterrupt):
            built(library, index)
    assert found(index, "diagram") == ["fees"]


def test_a_file_system_without_hard_links_costs_space_and_nothing_else(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(library, index)

    def refusing(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refusing)
    write_page(library, "rights.md", "title: Labour rights")
    assert outcome(built(library, index)) == ((), ("rights",), (), 1)
    assert found(index, "labour") == ["rights"]
    assert found(index, "diagram") == ["fees"]


def test_a_file_that_cannot_be_read_this_time_is_read_by_the_next_build(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class RefusingPool(ExtractionPool):
        def extract(self, path: Path) -> Extraction:  # noqa: ARG002  # the port's own names
            return Extraction(Status.UNREADABLE, "pdf", reason="Not this time.")

    with monkeypatch.context() as patched:
        patched.setattr(documents, "ExtractionPool", RefusingPool)
        assert status_of(built(library, index), "files/guide.pdf").status is Status.UNREADABLE
    assert outcome(built(library, index)) == ((), ("fees",), (), 1)
    assert found(index, "diagram") == ["fees"]


def test_the_folder_that_all_pages_share_is_no_part_of_their_ids(tmp_path: Path) -> None:
    write_page(tmp_path / "library", "resources/2020/guide.md", "title: Guide")
    (tmp_path / "library" / "library.toml").write_text('[pages]\ninclude = ["resources/**/*.md"]\n')
    assert built(tmp_path / "library", tmp_path / "index").added == ("2020.guide",)


class Meanwhile(SilentReporter):
    """Does something to the library when a step of the build begins."""

    def __init__(self, at: str, act: Callable[[], object]) -> None:
        self._at, self._act = at, act

    def step(self, label: str, total: int) -> AbstractContextManager[Advance]:
        """Act if it is that step, and do as other reporters do."""
        if label == self._at:
            self._act()
        return super().step(label, total)


def built_while(library: Path, index: Path, act: Callable[[], object]) -> Report:
    """Build an index while the library is edited: after it was planned, before it is indexed."""
    return build(load_settings(library), index, Meanwhile("Indexing resources", act))


def test_pages_are_indexed_as_they_were_when_the_build_planned_them(library: Path, index: Path) -> None:
    rights = library / "rights.md"
    content = rights.read_bytes()

    def edit() -> None:
        (library / "fees.md").unlink()
        rights.write_text("---\ntitle: Passing\n---\n")

    assert built_while(library, index, edit).added == ("fees", "rights")
    assert found(index, "passing") == []
    rights.write_bytes(content)
    assert outcome(built(library, index)) == ((), (), ("fees",), 1)


def test_a_library_that_goes_while_it_is_indexed_leaves_an_index_of_its_pages(library: Path, index: Path) -> None:
    report = built_while(library, index, lambda: shutil.rmtree(library))
    assert report.resources == 2
    with pytest.raises(SettingsError):
        built(library, index)
    assert found(index, "title:human") == ["rights"]


def test_no_page_is_parsed_twice(library: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(source: str, content: bytes, settings: LibrarySettings) -> Entry:
        parsed.append(source)
        return read_page(source, content, settings)

    monkeypatch.setattr(pages, "read_page", counting)
    built(library, index)
    assert sorted(parsed) == ["fees.md", "rights.md"]


def test_a_lost_cache_costs_time_and_nothing_else(library: Path, index: Path) -> None:
    built(library, index)
    cache_file(index).unlink()
    write_page(library, "rights.md", "title: Labour rights")
    assert outcome(built(library, index)) == ((), ("rights",), (), 1)
    assert found(index, "pays") == ["fees"]


def before_reading_a_file(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have something done once: after a file was planned, right before it is read."""
    acts = [act]

    class ActingPool(ExtractionPool):
        def extract(self, path: Path) -> Extraction:
            while acts:
                acts.pop()()
            return super().extract(path)

    monkeypatch.setattr(documents, "ExtractionPool", ActingPool)


def test_a_file_that_changes_and_changes_back_while_the_build_runs_is_read_again(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = library / "files" / "guide.pdf"
    content = path.read_bytes()
    before_reading_a_file(monkeypatch, lambda: write_pdf(path, ["Passing"]))
    built(library, index)
    assert found(index, "passing") == ["fees"]
    path.write_bytes(content)
    assert outcome(built(library, index)) == ((), ("fees",), (), 1)
    assert found(index, "passing") == []
    assert found(index, "diagram") == ["fees"]


def test_a_file_that_goes_and_comes_back_while_the_build_runs_is_read_again(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = library / "files" / "guide.pdf"
    before_reading_a_file(monkeypatch, lambda: path.rename(library / "away"))
    assert status_of(built(library, index), "files/guide.pdf").status is Status.MISSING
    (library / "away").rename(path)
    assert outcome(built(library, index)) == ((), ("fees",), (), 1)
    assert status_of(built(library, index), "files/guide.pdf").status is Status.OK


def test_a_page_that_moves_and_keeps_its_id_is_known_by_its_new_name(library: Path, index: Path) -> None:
    write_page(library, "old-name.md", "id: one", "Text.")
    built(library, index)
    (library / "old-name.md").rename(library / "new-name.md")
    assert outcome(built(library, index)) == ((), ("one",), (), 2)
    resource = open_index(index).resource("one")
    assert resource
    assert (resource.title, resource.source) == ("New name", "new-name.md")


def test_a_library_without_pages_is_an_index_without_resources(tmp_path: Path, index: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = built(tmp_path / "empty", index)
    assert (report.published, report.resources) == (True, 0)
    assert any(str(tmp_path / "empty") in line for line in report.lines())
    assert found(index, "anything") == []
    write_page(tmp_path / "empty", "first.md", "title: Anything")
    built(tmp_path / "empty", index)
    assert found(index, "anything") == ["first"]


def test_a_file_that_may_not_be_read_is_listed_once_and_read_when_it_may(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_page(library, "second.md", "title: Second\nattachments: guide.pdf")
    real = Cache.digest

    # Tests may run as root, who may read everything; so the system's refusal is played.
    def refusing(cache: Cache, path: Path) -> str:
        if path.name == "guide.pdf":
            raise PermissionError(13, "Permission denied", str(path))
        return real(cache, path)

    with monkeypatch.context() as patched:
        patched.setattr(Cache, "digest", refusing)
        file = status_of(built(library, index), "files/guide.pdf")
    assert (file.status, "Permission denied" in file.reason) == (Status.UNREADABLE, True)
    built(library, index)
    assert found(index, "diagram") == ["fees", "second"]


def test_an_index_inside_its_library_does_not_index_itself(library: Path) -> None:
    (library / "library.toml").write_text('[pages]\ninclude = ["**/*"]\n')
    assert built(library, library / "index").published
    assert not built(library, library / "index").published


def test_what_was_added_to_is_not_used_again_when_the_result_is_wrong(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(library, index)
    # A removal that does not remove: the generation that is added to holds the page a second time.
    monkeypatch.setattr(GenerationWriter, "remove", lambda _writer, _identifier: None)
    write_page(library, "fees.md", "title: Fees\nattachments: guide.pdf")
    assert outcome(built(library, index)) == ((), ("fees",), (), 1)
    assert found(index, "diagram") == ["fees"]
    assert open_index(index).search(SearchRequest()).total == 2


def test_a_damaged_cache_costs_time_and_nothing_else(library: Path, index: Path) -> None:
    built(library, index)
    cache = sqlite3.connect(cache_file(index))
    with cache:
        cache.execute("update extractions set content = x'00'")
    cache.close()
    write_page(library, "fees.md", "title: Fees\nattachments: guide.pdf")
    assert outcome(built(library, index)) == ((), ("fees",), (), 1)
    assert found(index, "diagram") == ["fees"]


def test_files_are_read_while_the_other_pages_are(library: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    read, want = pages.read_page, documents.Extractions.want

    def reading(source: str, content: bytes, settings: LibrarySettings) -> Entry:
        order.append(source)
        return read(source, content, settings)

    def wanting(extractions: documents.Extractions, file: AttachedFile) -> None:
        order.append(file.reference.path)
        want(extractions, file)

    monkeypatch.setattr(pages, "read_page", reading)
    monkeypatch.setattr(documents.Extractions, "want", wanting)
    built(library, index)
    assert order[:3] == ["fees.md", "files/guide.pdf", "rights.md"]
    order.clear()
    write_page(library, "rights.md", "title: Human rights again")
    built(library, index)
    assert order == ["rights.md"]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file taken for one that was changed long ago, so that only what shows a change is looked at."""
    monkeypatch.setattr("indexer.cache.SETTLED_NANOSECONDS", 0)
    monkeypatch.setattr("indexer.library.corpus.SETTLED_NANOSECONDS", 0)


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the sources of the pages whose files are looked for."""
    sources: list[str] = []

    def counting(reference: str, page: str, settings: LibrarySettings) -> Resolution:
        sources.append(page)
        return resolve(reference, page, settings)

    monkeypatch.setattr("indexer.plan.resolve", counting)
    return sources


@pytest.mark.usefixtures("settled")
def test_files_are_looked_for_only_where_something_changed(library: Path, index: Path, planned: list[str]) -> None:
    write_page(library, "more.md", "title: More\nattachments: [later.pdf, guide.pdf]")
    built(library, index)
    planned.clear()
    built(library, index)
    assert planned == []
    write_pdf(library / "files" / "other.pdf", ["Nobody names it"])
    built(library, index)
    assert planned == []
    write_pdf(library / "files" / "later.pdf", ["It is there"])
    assert outcome(built(library, index)) == ((), ("more",), (), 2)
    assert set(planned) == {"more.md"}
    planned.clear()
    write_pdf(library / "files" / "guide.pdf", ["Another text"])
    assert outcome(built(library, index)) == ((), ("fees", "more"), (), 1)
    assert set(planned) == {"fees.md", "more.md"}


@pytest.mark.usefixtures("settled")
def test_a_place_that_the_walk_does_not_see_is_looked_at_every_time(library: Path, index: Path) -> None:
    write_pdf(library / "aside" / "one.pdf", ["Behind a pattern"])
    write_pdf(library / "store" / "two.pdf", ["Behind a link"])
    (library / "way").symlink_to("store")
    (library / "library.toml").write_text('[pages]\nignore = ["aside"]\n')
    write_page(library, "a.md", "title: A\nattachments: [aside/one.pdf]")
    write_page(library, "b.md", "title: B\nattachments: [way/two.pdf]")
    write_page(library, "c.md", "title: C\nattachments: [aside/three.pdf, way/four.pdf]")
    built(library, index)
    write_pdf(library / "aside" / "one.pdf", ["Changed"])
    assert built(library, index).changed == ("a",)
    write_pdf(library / "store" / "two.pdf", ["Changed"])
    assert built(library, index).changed == ("b",)
    write_pdf(library / "store" / "four.pdf", ["New"])
    assert built(library, index).changed == ("c",)
    write_pdf(library / "aside" / "three.pdf", ["New"])
    assert built(library, index).changed == ("c",)
    assert not built(library, index).published


@pytest.mark.usefixtures("settled")
def test_an_id_that_is_given_up_goes_to_the_next_page_that_has_it(library: Path, index: Path) -> None:
    write_page(library, "zz.md", "title: Another\nid: fees")
    write_page(library, "zzz.md", "title: The third\nid: fees")
    built(library, index)
    (library / "fees.md").unlink()
    report = built(library, index)
    assert outcome(report) == ((), ("fees",), (), 1)
    assert found(index, "another") == ["fees"]
    assert [problem.path for problem in report.problems] == ["zzz.md"]
    write_page(library, "aa.md", "title: The first\nid: fees")
    report = built(library, index)
    assert found(index, "first") == ["fees"]
    assert [problem.path for problem in report.problems] == ["zz.md", "zzz.md"]


def test_what_was_seen_by_another_user_is_looked_at_again(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch, planned: list[str]
) -> None:
    built(library, index)
    planned.clear()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert not built(library, index).published
    assert planned == ["fees.md"]


def test_a_library_that_moves_is_published_from_its_new_place_without_indexing_anything(
    library: Path, index: Path, extracted: list[str]
) -> None:
    built(library, index)
    extracted.clear()
    moved = library.rename(library.with_name("moved"))
    (moved / "files" / "guide.pdf").rename(moved / "guide.pdf")
    assert outcome(built(moved, index)) == ((), ("fees",), (), 1)
    assert extracted == []
    assert open_index(index).manifest.library.root == str(moved)


def test_a_generation_that_is_brought_back_knows_what_it_was_built_from(library: Path, index: Path) -> None:
    built(library, index)
    first = current_generation(index)
    assert first
    write_page(library, "rights.md", "title: Labour rights")
    write_page(library, "new.md", "title: New")
    built(library, index)
    publish(index, first)
    assert found(index, "labour") == []
    assert outcome(built(library, index)) == (("new",), ("rights",), (), 1)
    assert found(index, "labour") == ["rights"]


@pytest.mark.parametrize("file", ["state.sqlite", "ledger.sqlite"])
def test_tables_that_are_damaged_inside_are_made_anew(library: Path, index: Path, file: str) -> None:
    for number in range(300):
        write_page(library, f"page{number:03}.md", f"title: Page {number}\nattachments: [gone-{number}.pdf]")
    built(library, index)
    generation = current_generation(index)
    assert generation
    whole = (generation / file).read_bytes()
    (generation / file).write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    write_page(library, "page150.md", "title: Changed\nattachments: [gone-150.pdf]")
    report = built(library, index)
    assert found(index, "changed") == ["page150"]
    assert {one.path for one in report.files} == {"files/guide.pdf", *(f"gone-{n}.pdf" for n in range(300))}


def test_a_build_that_ends_between_ledger_and_state_leaves_no_gap(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(library, index)

    def ending(*_: object) -> None:
        raise KeyboardInterrupt

    write_pdf(library / "files" / "loose.pdf", ["Nobody names it"])
    write_page(library, "draft.md", "title: Draft\ndraft: true")
    with monkeypatch.context() as patched:
        patched.setattr("indexer.record.write_state", ending)
        with pytest.raises(KeyboardInterrupt):
            built(library, index)
    report = built(library, index)
    assert not report.published
    assert status_of(report, "files/loose.pdf").status is Status.UNATTACHED
    assert ("draft.md", "draft") in [(page.path, page.status.value) for page in report.pages]


def test_the_cache_forgets_what_was_replaced_and_keeps_what_others_use(library: Path, index: Path) -> None:
    shutil.copy(library / "files" / "guide.pdf", library / "files" / "copy.pdf")
    write_page(library, "copy.md", "title: The copy\nattachments: copy.pdf")
    built(library, index)

    def kept() -> tuple[int, int, int]:
        with closing(sqlite3.connect(cache_file(index))) as cache:
            counts = "select (select count(*) from digests), (select count(*) from entries), count(*) from extractions"
            digests, pages, extractions = cache.execute(counts).fetchone()
        return digests, pages, extractions

    assert kept() == (5, 3, 1)
    write_pdf(library / "files" / "guide.pdf", ["Another text"])
    built(library, index)
    assert kept() == (5, 3, 2)
    write_page(library, "copy.md", "title: The copy without a file")
    built(library, index)
    assert kept() == (5, 3, 1)
    (library / "copy.md").unlink()
    (library / "files" / "copy.pdf").unlink()
    built(library, index)
    assert kept() == (3, 2, 1)


@pytest.mark.usefixtures("settled")
def test_drafts_and_what_is_touched_are_read_once(library: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(library, index)
    write_page(library, "draft.md", "title: Draft\ndraft: true")
    os.utime(library / "files" / "guide.pdf", (0, 0))
    assert not built(library, index).published
    hashed: list[str] = []
    real = Cache.digest

    def counting(cache: Cache, path: Path) -> str:
        hashed.append(path.name)
        return real(cache, path)

    monkeypatch.setattr(Cache, "digest", counting)
    assert not built(library, index).published
    assert hashed == []


@pytest.mark.usefixtures("settled")
def test_a_page_that_cannot_be_read_is_tried_again_though_nothing_of_it_changed(
    library: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == "rights.md":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", read_bytes)
        built(library, index)
        assert [problem.path for problem in built(library, index).problems] == ["rights.md"]
    report = built(library, index)
    assert (report.added, report.problems) == (("rights",), ())


def test_a_bad_file_of_synonyms_or_pins_is_a_problem_with_its_line_and_the_last_good_one_is_kept(
    library: Path, index: Path
) -> None:
    synonyms, pins = library / "synonyms.toml", library / "pins.toml"
    synonyms.write_text('two_way = [["fees", "charges"]]', encoding="utf-8")
    pins.write_text('[[pin]]\nquery = "fees"\nshow = ["fees"]\nhide = ["no-such-page"]', encoding="utf-8")
    (problem,) = built(library, index).problems
    assert (problem.path, problem.reason) == (
        "pins.toml",
        "Line 4: “no-such-page” is the id of no resource; ids stand at the end of the addresses of pages.",
    )
    synonyms.write_text("two_way = [[fees]]", encoding="utf-8")
    pins.unlink()
    report = built(library, index)
    assert not report.published
    assert [(problem.path, problem.reason) for problem in report.problems] == [
        (
            "synonyms.toml",
            "Line 1: It is not valid TOML: Invalid value. Until it is mended, the last good one is used.",
        )
    ]
    kept = read_curation(library_info(load_settings(library)), index)
    assert kept.synonyms.two_way == ((("fees",), ("charges",)),)
    assert kept.pins.pins == ()


def test_a_bad_file_beside_settings_elsewhere_is_named_with_its_path(
    library: Path, index: Path, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    config = tmp_path / "site" / "library.toml"
    config.write_text("", encoding="utf-8")
    (tmp_path / "site" / "pins.toml").write_text("x", encoding="utf-8")
    assert [problem.path for problem in built(library, index, config).problems] == [
        str(tmp_path / "site" / "pins.toml")
    ]
