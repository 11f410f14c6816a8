"""ZIP archives: each file in them under its name, and what cannot be read of them said."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import members, nested
from indexer.extract.items import Incomplete, Item, Remark
from indexer.extract.source import Context, Source
from indexer.extract.tools import Tools
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import Read, pdf
from tests.ole import ole

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20)


def archive(*parts: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts:
            file.writestr(name, content)
    return stream.getvalue()


def outcome(content: bytes, context: Context | None = None) -> tuple[list[Item], Incomplete | None]:
    """Return what was read before the reading ended, and how it ended."""
    found: list[Item] = []
    try:
        for item in members.read(Source("a.zip", len(content), lambda: BytesIO(content)), context or Context()):
            found.append(item)
    except Incomplete as problem:
        return found, problem
    return found, None


def remarks(found: list[Item]) -> list[Remark]:
    return [item for item in found if isinstance(item, Remark)]


def names(content: bytes) -> list[str]:
    return [item.locator.within for item in outcome(content)[0] if isinstance(item, Page)]


def roman(document: FPDF, number: int) -> None:
    document.set_page_label(label_style="r", label_start=number + 1)


def test_each_file_is_read_under_its_path_in_the_order_of_the_archive(tmp_path: Path, read: Read) -> None:
    report = pdf(tmp_path / "r.pdf", "one", "two", "three", "the KNOWN sentence", labels=roman).read_bytes()
    (tmp_path / "a.zip").write_bytes(
        archive(
            ("folder/", ""),
            ("folder/b.txt", "text of b"),
            ("report.pdf", report),
            ("a.html", "<title>Title</title><p id=x>text of a"),
        )
    )
    extraction = read(tmp_path / "a.zip")
    assert (extraction.status, extraction.format, extraction.metadata) == (Status.OK, "zip", FileMetadata())
    assert extraction.pages[0] == Page(Locator(within="folder/b.txt"), "text of b")
    assert extraction.pages[-1] == Page(Locator(within="a.html"), "Title\n\ntext of a")
    assert extraction.pages[4] == Page(Locator("iv", Unit.PAGE, "report.pdf"), "the KNOWN sentence")


def test_what_systems_leave_in_archives_is_passed_over_in_silence() -> None:
    litter = ("__MACOSX/._a.txt", ".DS_Store", "x/Thumbs.db", "x/desktop.ini", "x/._b.txt")
    found, problem = outcome(archive(*((name, b"\0\1") for name in litter), ("a.txt", "text")))
    assert (found, problem) == ([Page(Locator(within="a.txt"), "text")], None)


OTHER: tuple[tuple[str, str | bytes], ...] = (
    *((f"{number}.bin", b"\0\1\2") for number in range(9)),
    ("old.doc", ole("WordDocument")),
    ("inner.zip", archive(("b.txt", "text"))),
    ("style.css", "body {}"),
)


def test_files_that_are_not_read_are_one_sentence() -> None:
    found, problem = outcome(archive(*OTHER, ("a.txt", "text")))
    assert problem is None
    assert remarks(found) == [
        Remark(
            "It holds files that are not searched: 0.bin, 1.bin, 2.bin, 3.bin, 4.bin, 5.bin, 6.bin, 7.bin, 8.bin, "
            "old.doc and 2 more."
        )
    ]


def test_an_archive_of_which_nothing_is_read_is_not_said_to_hold_no_text() -> None:
    found, problem = outcome(archive(*OTHER[:1], *OTHER[-2:]))
    assert found == []
    assert problem is not None
    assert (problem.status, problem.reason) == (
        Status.UNSUPPORTED,
        "It holds files that are not searched: 0.bin, inner.zip, style.css.",
    )


def test_the_archive_of_a_web_site_gives_its_pages_and_not_its_programs() -> None:
    programs = ("site.css", "site.js", "data.json", "feed.xml", "logo.svg", "page.php", "README")
    texts = ("a.html", "b.md", "c.csv", "d.txt", "e.TSV")
    assert names(archive(*((name, "words") for name in (*programs, *texts)))) == list(texts)


def test_a_picture_says_which_package_would_read_it_and_costs_the_archive_nothing() -> None:
    found, problem = outcome(archive(("a.png", PICTURE), ("b.txt", "text"), ("c.png", PICTURE)))
    assert problem is None
    assert found == [
        Page(Locator(within="b.txt"), "text"),
        Remark(
            "It holds files in which more could be searched with the package tesseract-ocr: a.png, c.png.",
            "tesseract-ocr",
        ),
    ]
    alone = outcome(archive(("a.png", PICTURE)))[1]
    assert alone is not None
    assert (alone.status, alone.lacks) == (Status.UNSUPPORTED, "tesseract-ocr")


def test_pictures_are_read_where_tesseract_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(source: Source, context: Context) -> Iterator[Item]:  # noqa: ARG001 - every reader is called alike
        yield Page(Locator(recognised=True), "seen")

    monkeypatch.setattr("indexer.extract.image.read", read)
    found, _ = outcome(archive(("a.png", PICTURE)), Context(tools=Tools(tesseract="/usr/bin/tesseract")))
    assert found == [Page(Locator(within="a.png", recognised=True), "seen")]


def test_a_file_that_fails_is_named_with_its_reason_and_the_others_are_kept() -> None:
    content = bytearray(archive(("bad.docx", b"PK\x03\x04 cut off"), ("b.txt", "text of b"), ("a.txt", "text")))
    content[content.index(b"b.txt") + 5] ^= 0xFF
    found, problem = outcome(bytes(content))
    assert found == [Page(Locator(within="a.txt"), "text")]
    assert problem is not None
    assert problem.status is Status.DAMAGED
    assert "bad.docx: It is not a whole zip container" in problem.reason
    assert "b.txt: It is damaged (" in problem.reason


def test_a_failure_that_no_reader_foresees_is_that_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> Iterator[Item]:
        yield Page(Locator(), "before")
        raise ZeroDivisionError("no reason")

    monkeypatch.setattr(nested, "read", read)
    found, problem = outcome(archive(("a.txt", "text")))
    assert found == [Page(Locator(within="a.txt"), "before")]
    assert problem is not None
    assert problem.reason == "a.txt: It cannot be read (ZeroDivisionError: no reason)."


def test_a_file_that_takes_too_much_memory_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(name: str, source: Source, context: Context) -> Iterator[Item]:  # noqa: ARG001 - as above
        if source.name == "b.txt":
            raise MemoryError
        yield Page(Locator(), "kept")

    monkeypatch.setattr(nested, "read", read)
    found, problem = outcome(archive(("a.txt", "x"), ("b.txt", "x"), ("c.txt", "x")))
    assert [item.locator.within for item in found if isinstance(item, Page)] == ["a.txt", "c.txt"]
    assert problem is not None
    assert problem.status is Status.TOO_LARGE


def test_a_remark_about_a_file_says_which() -> None:
    found, _ = outcome(archive(("ru.txt", "Привет, это текст о правах человека".encode("cp1251"))))
    assert any(isinstance(item, Remark) and item.reason.startswith("ru.txt: ") for item in found)


def test_names_neither_lead_out_of_the_archive_nor_show_where_it_was_made() -> None:
    content = archive(("é.txt", "b"), ("..\\..\\up/./b\\c.txt", "c"), ("/etc/d.txt", "d"))
    assert names(content) == ["é.txt", "up/b/c.txt", "etc/d.txt"]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("dé.txt".encode(), "dé.txt"), ("dé.txt".encode("cp437"), "dé.txt"), (b"plain.txt", "plain.txt")],
)
def test_a_name_without_a_mark_is_utf8_if_it_can_be(stored: bytes, shown: str) -> None:
    content = archive(("N" * len(stored), "text")).replace(b"N" * len(stored), stored)
    assert names(content) == [shown]


def test_a_file_without_a_name_is_read() -> None:
    content = bytearray(archive(("x", "<html>text")))
    directory = content.index(b"PK\x01\x02")
    content[directory + 28] = 0
    content[directory + 30] = 1
    content[26], content[28] = 0, 1
    assert names(bytes(content)) == ["a file without a name"]


def test_a_folder_made_on_windows_is_no_file() -> None:
    assert outcome(archive(("folder\\", ""), ("folder\\a.txt", "text"))) == (
        [Page(Locator(within="folder/a.txt"), "text")],
        None,
    )


def test_files_that_fail_are_named_of_an_archive_that_breaks_off_too() -> None:
    whole = archive(("bad.docx", b"PK\x03\x04 cut off"), ("a.txt", "text"), ("b.txt", "x" * 99))
    found, problem = outcome(whole[: whole.index(b"b.txt") + 2])
    assert Page(Locator(within="a.txt"), "text") in found
    assert problem is not None
    assert "bad.docx" in problem.reason
    assert "end is missing" in problem.reason


def test_an_encrypted_archive_is_reported_as_encrypted() -> None:
    content = bytearray(archive(("a.txt", "text")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    _, problem = outcome(bytes(content))
    assert problem is not None
    assert problem.status is Status.ENCRYPTED


def test_a_file_that_is_protected_costs_only_itself() -> None:
    content = bytearray(archive(("a.txt", "text of a"), ("b.txt", "text of b")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert names(bytes(content)) == ["b.txt"]
    problem = outcome(bytes(content))[1]
    assert problem is not None
    assert (problem.status, problem.reason) == (Status.ENCRYPTED, "a.txt: It is protected by a password.")


def test_two_files_of_one_name_are_both_read() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = archive(("a.txt", "first"), ("a.txt", "second"))
    assert [item.text for item in outcome(content)[0] if isinstance(item, Page)] == ["first", "second"]


def test_a_member_that_is_too_large_is_told_by_its_size() -> None:
    found, problem = outcome(
        archive(("big.txt", "x" * 11), ("small.txt", "x")), Context(Limits(member_bytes=10, unpacked_bytes=11))
    )
    assert found == [Page(Locator(within="small.txt"), "x")]
    assert problem is not None
    assert (problem.status, problem.reason) == (
        Status.TOO_LARGE,
        "big.txt: It has 11 bytes; files in an archive are read up to 10.",
    )


def test_a_member_that_is_a_bomb_costs_only_itself() -> None:
    found, problem = outcome(archive(("a.txt", "text of a"), ("bomb.txt", " " * 11_000_000), ("b.txt", "text of b")))
    assert [item.text for item in found if isinstance(item, Page)] == ["text of a", "text of b"]
    assert problem is not None
    assert (problem.status, problem.reason) == (
        Status.TOO_LARGE,
        "bomb.txt: It unpacks to more than 200 times its size, as only a zip bomb does.",
    )


@pytest.mark.parametrize(
    ("limits", "most"),
    [(Limits(members=2), "2 files"), (Limits(unpacked_bytes=9), "9 unpacked bytes")],
)
def test_an_archive_is_read_up_to_its_limits_and_the_first_file_behind_them_named(limits: Limits, most: str) -> None:
    content = archive(*((f"{name}.txt", "text") for name in "abcd"))
    found, problem = outcome(content, Context(limits))
    assert [item.locator.within for item in found if isinstance(item, Page)] == ["a.txt", "b.txt"]
    assert problem is not None
    assert (problem.status, problem.reason) == (
        Status.CUT,
        f"c.txt and the files behind it are not searched: of an archive {most} are read.",
    )


def test_of_a_large_file_of_no_known_format_only_the_beginning_is_unpacked() -> None:
    film = b"\0\0\0\x18ftypmp42" + bytes(1_000_000)
    limits = Limits(member_bytes=200_000, unpacked_bytes=100_000)
    found, problem = outcome(archive(("a.mp4", film), ("a.txt", "text")), Context(limits))
    assert problem is None
    assert found == [
        Page(Locator(within="a.txt"), "text"),
        Remark("It holds files that are not searched: a.mp4."),
    ]


def test_an_empty_archive_holds_no_text(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.zip").write_bytes(archive())
    assert read(tmp_path / "a.zip") == Extraction(Status.NO_TEXT, "zip", reason="It holds no text.")


SAMPLE = archive(
    ("a.txt", "text"), ("b.html", "<p>text"), ("c.rtf", "{\\rtf1 text}"), ("d.md", "# text"), ("e.png", PICTURE)
)


@given(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=80)
def test_no_damage_makes_it_fail_otherwise(position: int, junk: bytes) -> None:
    _, problem = outcome(SAMPLE[:position] + junk + SAMPLE[position + len(junk) :])
    assert problem is None or problem.reason
