from __future__ import annotations

import os
import select
import shutil
import signal
import struct
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from indexer.extract import Context, ExtractionPool, Tools
from indexer.extract.items import Incomplete, MoreTime, Remark
from indexer.extract.ocr import recognise
from indexer.extract.tools import find_tools
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status, Unit
from indexer.limits import Limits
from tests.extraction import items

needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract"), reason="the Debian package tesseract-ocr is missing"
)

COLUMNS = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def picture(*lines: str) -> Image.Image:
    image = Image.new("L", (900, 80 + 50 * len(lines)), 255)
    for number, line in enumerate(lines):
        font = ImageFont.load_default(36)
        ImageDraw.Draw(image).text((40, 40 + 50 * number), line, font=font, fill=0)
    return image


def encoded(image: Image.Image, name: str = "PNG") -> bytes:
    stream = BytesIO()
    image.save(stream, name)
    return stream.getvalue()


def huge_png(width: int, height: int, rows: int) -> bytes:
    """Return a picture of so many points, of which only some rows are there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    data = zlib.compress(bytes(1 + width // 8) * rows)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def fake(folder: Path, script: str) -> Context:
    """Return a context whose Tesseract is a script."""
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Context(tools=Tools(tesseract=str(path), ocr_languages="eng"))


def read(path: Path, context: Context) -> Extraction:
    with ExtractionPool(1, context) as pool:
        return pool.extract(path)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# With the real Tesseract


@needs_tesseract
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.bmp", "a.webp", "a.tiff"])
def test_the_words_of_a_picture_are_recognised_and_marked(tmp_path: Path, name: str) -> None:
    picture("The harbour master", "signed the ledger").save(tmp_path / name)
    extraction = read(tmp_path / name, Context(tools=find_tools(["en"])))
    assert extraction.pages == (Page(Locator(recognised=True), "The harbour master\nsigned the ledger"),)
    assert (extraction.status, extraction.format) == (Status.OCR, "image")
    assert extraction.reason == "Its text was recognised in pictures and may hold errors."


@needs_tesseract
def test_each_page_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    first, *others = (picture(f"Number {word}") for word in ("seven", "eight", "nine"))
    first.save(tmp_path / "a.tif", save_all=True, append_images=others)
    context = Context(Limits(ocr_pages=2), find_tools(["en"]))
    extraction = read(tmp_path / "a.tif", context)
    assert extraction.pages == (
        Page(Locator("1", Unit.PAGE, recognised=True), "Number seven"),
        Page(Locator("2", Unit.PAGE, recognised=True), "Number eight"),
    )
    assert extraction.status is Status.CUT
    assert "Only its first 2 pages were recognised" in extraction.reason
    whole = read(tmp_path / "a.tif", Context(tools=find_tools(["en"])))
    assert (len(whole.pages), whole.status, whole.metadata) == (3, Status.OCR, FileMetadata(pages=3))


@needs_tesseract
def test_a_picture_without_words_holds_no_text(tmp_path: Path) -> None:
    image = Image.linear_gradient("L").resize((600, 400))
    extraction = read(write(tmp_path / "a.png", encoded(image)), Context(tools=find_tools(["en"])))
    assert (extraction.status, extraction.pages, extraction.lacks) == (Status.NO_TEXT, (), "")
    assert extraction.reason == "No text was recognised in the picture."


@needs_tesseract
@pytest.mark.parametrize("rows", [60_000, 10])
def test_a_picture_bomb_costs_itself_and_not_the_process_that_reads(tmp_path: Path, rows: int) -> None:
    bomb = write(tmp_path / "a.png", huge_png(60_000, 60_000, rows))
    good = write(tmp_path / "b.png", encoded(picture("still here")))
    with ExtractionPool(1, Context(Limits(memory_bytes=300 << 20), find_tools(["en"]))) as pool:
        extraction = pool.extract(bomb)
        assert (extraction.status, extraction.pages) == (Status.TOO_LARGE, ())
        assert extraction.reason == "Recognising so large a picture takes more than 300 MiB of memory."
        assert pool.extract(good).pages[0].text == "still here"


@needs_tesseract
def test_a_damaged_picture_says_so(tmp_path: Path) -> None:
    whole = encoded(picture("words"))
    extraction = read(write(tmp_path / "a.png", whole[: len(whole) // 2]), Context(tools=find_tools(["en"])))
    assert extraction.status is Status.DAMAGED
    assert "cannot be recognised" in extraction.reason


# With a Tesseract that is a script


def test_without_tesseract_a_picture_says_what_would_help(tmp_path: Path) -> None:
    extraction = read(write(tmp_path / "a.png", encoded(picture("words"))), Context())
    assert (extraction.status, extraction.lacks) == (Status.NO_TEXT, "tesseract-ocr")
    assert extraction.reason == (
        "It is a picture; with the Debian package tesseract-ocr installed the text in it would be searched."
    )


def test_only_words_that_are_likely_are_kept_in_their_lines_and_paragraphs(tmp_path: Path) -> None:
    words = [
        (1, 1, 1, 96.1, "Clear"),
        (1, 1, 1, 12.0, "smudge"),
        (1, 1, 1, 50.0, "words"),
        (1, 1, 2, 90.0, "below"),
        (1, 2, 1, 90.0, "A paragraph"),
        (2, 1, 1, 99.0, "—|"),
        (3, 1, 1, 99.0, " "),
    ]
    rows = [f"5\t1\t{b}\t{p}\t{line}\t1\t0\t0\t0\t0\t{conf}\t{word}" for b, p, line, conf, word in words]
    table = "\n".join([COLUMNS, "4\t1\t1\t1\t1\t0\t0\t0\t0\t0\t-1\t", *rows, "5\tcut off"])
    assert recognise(b"", fake(tmp_path, f"cat <<'END'\n{table}\nEND")) == "Clear words\nbelow\n\nA paragraph"


@pytest.mark.parametrize(
    ("script", "status", "reason"),
    [
        (
            "echo 'libpng error: bad' >&2; exit 1",
            Status.DAMAGED,
            "Its picture cannot be recognised (libpng error: bad).",
        ),
        ("exit 3", Status.DAMAGED, "Its picture cannot be recognised (status 3)."),
        ("echo 'pixdata_malloc fail' >&2; exit 1", Status.TOO_LARGE, "takes more than 512 MiB of memory."),
        ("echo 'std::bad_alloc' >&2; kill -6 $$", Status.TOO_LARGE, "takes more than 512 MiB of memory."),
        ("echo 'no library' >&2; exit 127", Status.UNREADABLE, "not work (no library); the next build tries again."),
        (
            "echo 'Error opening data file eng.traineddata' >&2; exit 1",
            Status.UNREADABLE,
            "(Error opening data file eng.traineddata); the next build tries again.",
        ),
        ("kill -9 $$", Status.UNREADABLE, "Tesseract was ended (Killed); the next build tries again."),
        ("kill -24 $$", Status.TIMED_OUT, "took too much of the processor's time."),
    ],
)
def test_how_tesseract_failed_is_said(tmp_path: Path, script: str, status: Status, reason: str) -> None:
    with pytest.raises(Incomplete) as failure:
        recognise(b"", fake(tmp_path, script))
    assert failure.value.status is status
    assert failure.value.reason.endswith(reason)


def test_a_tesseract_that_was_removed_meanwhile_is_not_the_fault_of_the_file() -> None:
    with pytest.raises(Incomplete) as failure:
        recognise(b"", Context(tools=Tools(tesseract="/nowhere/tesseract", ocr_languages="eng")))
    assert failure.value.status is Status.UNREADABLE


def test_a_picture_that_takes_too_long_is_given_up_and_the_process_goes_on(tmp_path: Path) -> None:
    slow = fake(tmp_path, "while :; do :; done")
    with ExtractionPool(1, Context(Limits(seconds=0.3), slow.tools)) as pool:
        extraction = pool.extract(write(tmp_path / "a.png", encoded(picture("words"))))
        assert extraction.status is Status.TIMED_OUT
        assert extraction.reason == "Recognising the text of a picture took longer than 0.3 seconds."
        assert pool.extract(write(tmp_path / "a.txt", b"words")).status is Status.OK


def test_a_file_gets_more_time_to_be_recognised_and_no_more_than_that(tmp_path: Path) -> None:
    slow = fake(tmp_path, "while :; do :; done")
    first, *others = (picture(word) for word in "abcd")
    first.save(tmp_path / "a.tif", save_all=True, append_images=others)
    extraction = read(tmp_path / "a.tif", Context(Limits(seconds=0.3, ocr_seconds=0.7), slow.tools))
    assert extraction.status is Status.TIMED_OUT
    assert extraction.reason == "Reading it took longer than 0.7 seconds."
    assert extraction.metadata == FileMetadata(pages=4)


def test_a_page_that_fails_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    word = f"printf '{COLUMNS}\\n5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t0\\t0\\t90\\tword\\n'"
    context = fake(tmp_path, f'case "$*" in *page_number=1*) exit 1;; *) {word};; esac')
    first, *others = (picture(word) for word in "abc")
    first.save(tmp_path / "a.tif", save_all=True, append_images=others)
    extraction = read(tmp_path / "a.tif", context)
    assert [page.locator.label for page in extraction.pages] == ["1", "3"]
    assert extraction.status is Status.DAMAGED
    assert extraction.reason.startswith("Page 2: Its picture cannot be recognised")


def test_a_tiff_whose_directories_go_round_in_circles_ends(tmp_path: Path) -> None:
    circle = b"II*\0" + struct.pack("<IHI", 8, 0, 8)
    context = Context(Limits(ocr_pages=3), fake(tmp_path, "exit 1").tools)
    extraction = read(write(tmp_path / "a.tif", circle), context)
    assert (extraction.status, extraction.pages) == (Status.CUT, ())


def test_time_is_asked_for_and_missing_languages_are_named_first(tmp_path: Path) -> None:
    tools = fake(tmp_path, f"echo '{COLUMNS}'").tools
    tools = Tools(tools.tesseract, "eng", ocr_languages_missing="fra+deu")
    given = items(write(tmp_path / "a.png", encoded(picture("words"))), Context(Limits(ocr_seconds=77), tools))
    assert next(given) == MoreTime(77)
    assert next(given) == Remark(
        "With the Debian packages tesseract-ocr-fra and tesseract-ocr-deu "
        "pictures would be recognised in more of the library's languages.",
        "tesseract-ocr-fra",
    )
    with pytest.raises(Incomplete, match="No text was recognised"):
        next(given)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a group with its leader")
def test_tesseract_shares_the_limits_of_the_process_that_reads_and_ends_with_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "started")
    script = f"echo $$ $PPID > {tmp_path}/started; while :; do :; done"
    path = write(tmp_path / "a.png", encoded(picture("words")))
    with ExtractionPool(1, fake(tmp_path, script)) as pool, ThreadPoolExecutor(1) as thread:
        reading = thread.submit(pool.extract, path)
        tesseract, worker = map(int, (tmp_path / "started").read_text().split())
        limits = Path(f"/proc/{tesseract}/limits").read_text()
        ended = os.pidfd_open(tesseract)
        os.kill(worker, signal.SIGKILL)
        assert reading.result().status is Status.UNREADABLE
    assert f"Max address space         {1 << 29}" in limits
    assert select.select([ended], [], [], 10)[0]
    os.close(ended)
