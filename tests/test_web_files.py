from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.extract.formats import ATTACHMENT_SUFFIXES, IMAGE_SUFFIXES
from indexer.index.schema import Attachment, Document, Resource
from tests import web_sample
from tests.memory_engine import MemoryEngine
from webapp.media import UNKNOWN, media_type

GUIDE = "/files/recruitment-guide/guide.pdf"
PAGE = f"/files/ete/{quote('été 100%.html')}"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    web_sample.write_files(root)
    return root


@pytest.fixture
def client(library: Path) -> FlaskClient:
    return web_sample.client_of(web_sample.engine(library))


def get(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    # Buffered, so that the file is closed again.
    return client.get(
        address, headers={name.replace("_", "-"): value for name, value in headers.items()}, buffered=True
    )


def test_a_file_comes_whole_with_its_type(client: FlaskClient) -> None:
    answer = get(client, GUIDE)
    assert (answer.status_code, answer.data) == (200, web_sample.PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_a_part_of_a_file_can_be_asked_for(client: FlaskClient) -> None:
    answer = get(client, GUIDE, Range="bytes=9-18")
    assert (answer.status_code, answer.data) == (206, web_sample.PDF[9:19])
    assert answer.headers["Content-Range"] == f"bytes 9-18/{len(web_sample.PDF)}"


def test_a_part_that_is_not_there_is_a_416_that_tells_the_size(client: FlaskClient) -> None:
    answer = get(client, GUIDE, Range="bytes=5000-")
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(web_sample.PDF)}"


@pytest.mark.parametrize(
    "wanted",
    ["bytes=9-5", "bytes=0-0,5-9", "bytes=-5000", "items=0-5", "bytes=abc", "bytes=", "bytes=--5", "bytes=²-5"],
)
def test_a_range_that_makes_no_sense_or_is_several_gives_the_whole_file(client: FlaskClient, wanted: str) -> None:
    answer = get(client, GUIDE, Range=wanted)
    assert (answer.status_code, answer.data) == (200, web_sample.PDF)


@pytest.mark.parametrize(("wanted", "part"), [("bytes=-5", web_sample.PDF[-5:]), ("bytes=0-", web_sample.PDF)])
def test_a_range_may_leave_one_of_its_ends_open(client: FlaskClient, wanted: str, part: bytes) -> None:
    answer = get(client, GUIDE, Range=wanted)
    assert (answer.status_code, answer.data) == (206, part)


def test_a_file_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = get(client, GUIDE)
    assert get(client, GUIDE, If_None_Match=first.headers["ETag"]).status_code == 304
    assert get(client, GUIDE, If_Modified_Since=first.headers["Last-Modified"]).status_code == 304


def test_head_gives_the_headers_without_the_file(client: FlaskClient) -> None:
    answer = client.head(GUIDE, buffered=True)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(web_sample.PDF))
    assert client.head(GUIDE, headers={"Range": "bytes=0-9"}, buffered=True).status_code == 200


def test_a_download_is_saved_under_its_own_name(client: FlaskClient) -> None:
    disposition = get(client, f"{PAGE}?download=1").headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''%C3%A9t%C3%A9%20100%25.html" in disposition


def test_a_page_of_the_library_runs_nothing_and_a_pdf_is_left_to_its_viewer(client: FlaskClient) -> None:
    assert "sandbox" in get(client, PAGE).headers["Content-Security-Policy"]
    assert "sandbox" not in get(client, GUIDE).headers["Content-Security-Policy"]
    assert "default-src" not in get(client, GUIDE).headers["Content-Security-Policy"]


def handed_out(root: Path, name: str, content: bytes = b"x") -> TestResponse:
    """Return the answer to a request for a file of that name, alone in its library."""
    (root / name).write_bytes(content)
    resource = Resource("r", "R", attachments=(Attachment(name, name, "", len(content), ()),))
    client = web_sample.client_of(MemoryEngine([Document(resource, pages=((),))], root=str(root)))
    return get(client, f"/files/r/{quote(name)}")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12"),
        ("a.odt", "application/vnd.oasis.opendocument.text"),
        ("a.odp", "application/vnd.oasis.opendocument.presentation"),
        ("a.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.epub", "application/epub+zip"),
        ("a.rtf", "application/rtf"),
        ("a.zip", "application/zip"),
        ("Été 1.DOC", "application/msword"),
        ("scan.tiff", "image/tiff"),
        ("no ending", "application/octet-stream"),
        ("page.html.exe", "application/octet-stream"),
    ],
)
def test_what_browsers_cannot_show_is_saved_under_its_own_name(tmp_path: Path, name: str, kind: str) -> None:
    answer = handed_out(tmp_path, name)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert quote(name) in answer.headers["Content-Disposition"] or name in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "text/plain; charset=utf-8"),
        ("a.tsv", "text/plain; charset=utf-8"),
        ("a.md", "text/plain; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.htm", "text/html; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.webp", "image/webp"),
    ],
)
def test_what_browsers_show_is_shown_in_a_sandbox(tmp_path: Path, name: str, kind: str) -> None:
    answer = handed_out(tmp_path, name, b"<script>alert(1)</script>")
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_table_that_is_a_page_inside_stays_text(tmp_path: Path) -> None:
    answer = handed_out(tmp_path, "table.csv", b"<!doctype html><script>steal()</script>")
    assert answer.mimetype == "text/plain"


def test_every_file_that_can_be_an_attachment_has_a_type_of_its_own() -> None:
    assert {ending for ending in ATTACHMENT_SUFFIXES | IMAGE_SUFFIXES if media_type(f"a{ending}") == UNKNOWN} == set()


def test_a_link_in_the_library_is_typed_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "0a1b2c").write_bytes(web_sample.PDF)
    (tmp_path / "paper.pdf").symlink_to(tmp_path / "store" / "0a1b2c")
    resource = Resource("r", "R", attachments=(Attachment("paper.pdf", "paper.pdf", "pdf", 1, ()),))
    client = web_sample.client_of(MemoryEngine([Document(resource, pages=((),))], root=str(tmp_path)))
    assert get(client, "/files/r/paper.pdf").mimetype == "application/pdf"


def test_the_encoding_is_named_when_it_is_known_and_left_to_the_browser_when_not(client: FlaskClient) -> None:
    assert get(client, PAGE).headers["Content-Type"] == "text/html; charset=utf-8"
    assert get(client, "/files/ete/notes.txt").headers["Content-Type"] == "text/plain"


def test_a_character_cut_by_the_end_of_the_sample_does_not_hide_utf_8(client: FlaskClient, library: Path) -> None:
    (library / "files" / "notes.txt").write_bytes(b"x" * 65_535 + "é".encode() * 100)
    assert get(client, "/files/ete/notes.txt").headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "address",
    [
        "/files/recruitment-guide/..%2f..%2f..%2fetc%2fpasswd",
        "/files/recruitment-guide/../../../etc/passwd",
        "/files/..%2f..%2fetc/passwd",
        "/files/recruitment-guide/%2fetc%2fpasswd",
        "/files/recruitment-guide/files%2fguide.pdf",
        "/files/recruitment-guide/guide.pdf%00",
        "/files/recruitment-guide/notes.txt",
        "/files/recruitment-guide/",
        "/files/none/guide.pdf",
    ],
)
def test_a_name_that_the_index_does_not_list_for_the_resource_is_a_404(client: FlaskClient, address: str) -> None:
    assert get(client, address).status_code == 404


def test_a_link_out_of_the_library_that_was_swapped_in_after_the_build_is_a_404(
    client: FlaskClient, library: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    guide = library / "files" / "guide.pdf"
    guide.unlink()
    guide.symlink_to(secret)
    answer = get(client, GUIDE)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_folder_of_the_library_that_was_swapped_for_a_link_out_of_it_is_a_404(
    client: FlaskClient, library: Path, tmp_path: Path
) -> None:
    (library / "files").rename(tmp_path / "elsewhere")
    (library / "files").symlink_to(tmp_path / "elsewhere")
    assert get(client, GUIDE).status_code == 404


def test_a_library_that_is_itself_reached_by_a_link_hands_out_its_files(library: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(library)
    assert get(web_sample.client_of(web_sample.engine(link)), GUIDE).status_code == 200


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/passwd", "files", "files/a\0b", "files/" + "x" * 300])
def test_a_path_in_a_forged_index_opens_nothing_outside_and_no_folder(library: Path, path: str) -> None:
    (library.parent / "secret.txt").write_text("secret", encoding="utf-8")
    forged = Resource("r", "R", attachments=(Attachment("a.txt", path, "txt", 1, ()),))
    client = web_sample.client_of(MemoryEngine([Document(forged, pages=((),))], root=str(library)))
    assert get(client, "/files/r/a.txt").status_code == 404


def test_a_file_that_vanished_since_the_build_says_so(client: FlaskClient, library: Path) -> None:
    (library / "files" / "guide.pdf").unlink()
    answer = get(client, GUIDE)
    assert answer.status_code == 404
    assert "guide.pdf was in the library when it was indexed" in answer.text


def test_a_name_with_a_line_break_is_handed_out_on_one_line(tmp_path: Path) -> None:
    name = "two\r\nlines.txt"
    (tmp_path / name).write_text("text", encoding="utf-8")
    resource = Resource("r", "R", attachments=(Attachment(name, name, "txt", 4, ()),))
    client = web_sample.client_of(MemoryEngine([Document(resource, pages=((),))], root=str(tmp_path)))
    answer = get(client, f"/files/r/{quote(name)}?download=1")
    assert (answer.status_code, answer.text) == (200, "text")
    assert "two__lines.txt" in answer.headers["Content-Disposition"]
