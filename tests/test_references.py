"""From the name of a file on a page to the file, and never to one outside the library."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.schema import Status
from indexer.library.references import (
    FileReference,
    Unresolved,
    beneath,
    is_external,
    names_document,
    place,
    places,
    resolve,
)
from indexer.library.settings import AttachmentRules, LibrarySettings


def _library(folder: Path, *paths: str) -> LibrarySettings:
    """Make a library that holds these files beside a secret that it does not hold."""
    library = folder / "library"
    library.mkdir()
    (folder / "secret.pdf").write_text("secret")
    for path in paths:
        file = library / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text", encoding="utf-8")
    return LibrarySettings(library, title="x", attachments=AttachmentRules(folders=("files", "assets/resources")))


def _path(reference: str, settings: LibrarySettings, page: str = "pages/a.md") -> str:
    found = resolve(reference, page, settings).found
    assert isinstance(found, FileReference), found
    return found.path


def _refusal(reference: str, settings: LibrarySettings, page: str = "pages/a.md") -> Unresolved:
    found = resolve(reference, page, settings).found
    assert isinstance(found, Unresolved), found
    return found


def test_a_name_is_looked_for_beside_its_page_and_then_in_each_folder(tmp_path: Path) -> None:
    settings = _library(tmp_path, "pages/one.pdf", "files/one.pdf", "files/two.pdf", "assets/resources/docs/three.pdf")
    assert _path("one.pdf", settings) == "pages/one.pdf"
    assert _path("one.pdf", settings, "b.md") == "files/one.pdf"
    assert _path("two.pdf", settings) == "files/two.pdf"
    assert _path("docs/three.pdf", settings) == "assets/resources/docs/three.pdf"
    assert _path("../files/two.pdf", settings) == "files/two.pdf"


def test_a_slash_in_front_means_the_library_s_folder(tmp_path: Path) -> None:
    settings = _library(tmp_path, "pages/files/x.pdf", "files/x.pdf", "assets/resources/site/y.pdf")
    assert _path("files/x.pdf", settings) == "pages/files/x.pdf"
    assert _path("/files/x.pdf", settings) == "files/x.pdf"
    assert _path("/site/y.pdf", settings) == "assets/resources/site/y.pdf"


def test_size_and_name_come_with_the_path(tmp_path: Path) -> None:
    settings = _library(tmp_path, "files/a b.pdf")
    assert resolve("a%20b.pdf", "p.md", settings).found == FileReference("files/a b.pdf", "a b.pdf", 4)


def test_addresses_are_decoded_and_lose_query_and_fragment(tmp_path: Path) -> None:
    settings = _library(tmp_path, "files/sub/Guide (1) & more.pdf")
    for reference in (
        "sub/Guide (1) & more.pdf",
        "sub/Guide%20(1)%20%26%20more.pdf?download=1#page=3",
        "sub\\Guide (1) & more.pdf",
        " sub/./Guide (1) & more.pdf ",
    ):
        assert _path(reference, settings) == "files/sub/Guide (1) & more.pdf"


def test_a_name_with_signs_of_an_address_in_it_is_found_as_it_stands(tmp_path: Path) -> None:
    settings = _library(tmp_path, "files/50%20 of C#?.pdf", "files/Report: final.pdf", "files/Data: 2019.pdf")
    for name in ("50%20 of C#?.pdf", "Report: final.pdf", "Data: 2019.pdf"):
        assert _path(name, settings) == f"files/{name}"


@pytest.mark.parametrize(("on_disk", "written"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_accents_are_found_in_either_unicode_form(tmp_path: Path, on_disk: str, written: str) -> None:
    name = "guías/contratación.pdf"
    forms = {"NFC": unicodedata.normalize("NFC", name), "NFD": unicodedata.normalize("NFD", name)}
    settings = _library(tmp_path, f"files/{forms[on_disk]}")
    found = resolve(forms[written], "a.md", settings).found
    assert isinstance(found, FileReference)
    assert found.path == f"files/{forms[on_disk]}"
    assert found.name == "contratación.pdf"


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "#part",
        "?x=1",
        "https://example.org/x.pdf",
        "HTTP://example.org/x.pdf",
        "//example.org/x.pdf",
        "mailto:a@example.org",
        "data:application/pdf;base64,AAAA",
        "javascript:x.pdf",
        "ftp://example.org/x.pdf",
    ],
)
def test_addresses_on_the_web_are_no_files(tmp_path: Path, reference: str) -> None:
    assert is_external(reference)
    assert resolve(reference, "a.md", _library(tmp_path)).found is None
    assert not names_document(reference)


def test_only_local_links_to_documents_count_in_a_text() -> None:
    assert names_document("a%20b.PDF?x#page=2")
    assert names_document("/files/a.docx")
    assert not names_document("picture.png")
    assert not names_document("../other/")
    assert not names_document("page?file=x.pdf")


def test_another_page_of_the_library_is_no_attachment(tmp_path: Path) -> None:
    settings = _library(tmp_path, "pages/b.html", "pages/b.md")
    assert resolve("b.html", "pages/a.md", settings).found is None
    assert resolve("/pages/b.md#part", "pages/a.md", settings).found is None


@pytest.mark.parametrize(
    "reference",
    [
        "../../secret.pdf",
        "../../../../../../etc/passwd",
        "%2e%2e/%2e%2e/secret.pdf",
        "..\\..\\secret.pdf",
        "/../secret.pdf",
        "files/../../../secret.pdf",
    ],
)
def test_names_that_lead_out_of_the_library_are_refused(tmp_path: Path, reference: str) -> None:
    refusal = _refusal(reference, _library(tmp_path, "files/a.pdf", "pages/a.md"))
    assert refusal.status is Status.REFUSED
    assert "outside the library" in refusal.reason
    assert reference in refusal.reason


def test_links_out_of_the_library_are_refused_and_links_within_followed(tmp_path: Path) -> None:
    settings = _library(tmp_path, "files/a.pdf")
    (settings.library / "files/out.pdf").symlink_to(tmp_path / "secret.pdf")
    (settings.library / "files/up").symlink_to(tmp_path)
    (settings.library / "files/in.pdf").symlink_to("a.pdf")
    assert "symbolic link" in _refusal("out.pdf", settings).reason
    assert _refusal("up/secret.pdf", settings).status is Status.REFUSED
    assert _path("in.pdf", settings) == "files/in.pdf"


def test_a_refused_place_does_not_hide_a_good_one(tmp_path: Path) -> None:
    settings = _library(tmp_path, "files/x.pdf", "pages/a.md")
    (settings.library / "pages/x.pdf").mkdir()
    assert _path("x.pdf", settings) == "files/x.pdf"
    assert _path("../../files/x.pdf", settings) == "files/x.pdf"


def test_what_is_missing_says_where_it_was_looked_for(tmp_path: Path) -> None:
    settings = _library(tmp_path)
    refusal = _refusal("x.pdf", settings)
    assert refusal.status is Status.MISSING
    assert "pages/, files/, assets/resources/" in refusal.reason
    assert "the library's folder" in _refusal("/x.pdf", settings).reason
    (settings.library / "gone.pdf").symlink_to("nowhere.pdf")
    assert _refusal("/gone.pdf", settings).status is Status.MISSING
    assert _refusal("file:///home/me/x.pdf", settings).status is Status.MISSING
    assert _refusal("a" * 5000, settings).status is Status.MISSING
    assert _refusal("a%00b.pdf", settings).status is Status.MISSING


def test_folders_pipes_loops_and_hidden_files_are_refused(tmp_path: Path) -> None:
    settings = _library(tmp_path, "files/sub/a.pdf", ".env", "files/.git/b.pdf")
    os.mkfifo(settings.library / "pipe.pdf")
    (settings.library / "loop.pdf").symlink_to("loop.pdf")
    assert "is a folder" in _refusal("sub", settings).reason
    assert "not a regular file" in _refusal("/pipe.pdf", settings).reason
    assert "cannot be read" in _refusal("/loop.pdf", settings).reason
    assert "hidden" in _refusal("/.env", settings).reason
    assert "hidden" in _refusal(".git/b.pdf", settings).reason


@pytest.fixture(scope="module")
def library_with_ways_out() -> Iterator[LibrarySettings]:
    with tempfile.TemporaryDirectory() as name:
        settings = _library(Path(name), "files/a.pdf", "pages/a.md", "é/b.pdf")
        (settings.library / "up").symlink_to("..")
        (settings.library / "files/out.pdf").symlink_to("../../secret.pdf")
        yield settings


_PARTS = st.sampled_from(
    [
        "..",
        "up",
        "files",
        "out.pdf",
        "a.pdf",
        "secret.pdf",
        "/",
        "\\",
        "%2e",
        "%2F",
        "%5c",
        ".",
        "é",
        "library",
        "#",
        "?",
    ]
)


@given(st.one_of(st.text(max_size=30), st.lists(_PARTS, max_size=10).map("/".join), st.lists(_PARTS).map("".join)))
def test_no_text_leads_to_a_file_outside(library_with_ways_out: LibrarySettings, reference: str) -> None:
    found = resolve(reference, "pages/a.md", library_with_ways_out).found
    if isinstance(found, FileReference):
        root = library_with_ways_out.library.resolve()
        assert (root / found.path).resolve().is_relative_to(root)
        assert not found.path.startswith("/")
        assert ".." not in found.path.split("/")
    elif found is not None:
        assert reference in found.reason


def test_all_places_are_told_at_which_a_file_was_looked_for_and_no_others(tmp_path: Path) -> None:
    settings = _library(tmp_path, "files/one.pdf")
    assert resolve("one.pdf", "pages/a.md", settings).tried == ("pages/one.pdf", "files/one.pdf")
    places = ("pages/a%20b.pdf", "pages/a b.pdf", "files/a%20b.pdf", "files/a b.pdf")
    assert resolve("a%20b.pdf", "pages/a.md", settings).tried[:4] == places
    assert resolve("../../../secret.pdf", "pages/a.md", settings).tried == ()
    assert resolve(".hidden/one.pdf", "pages/a.md", settings).tried == ()
    assert resolve("https://example.org/one.pdf", "pages/a.md", settings).tried == ()


def test_places_are_also_told_as_the_file_system_writes_them_as_far_as_it_does(tmp_path: Path) -> None:
    settings = _library(tmp_path, "gui\u0301as/one.pdf")
    for name in ("one.pdf", "other/two.pdf", "\u00e9.pdf"):
        tried = resolve(f"gu\u00edas/{name}", "a.md", settings).tried
        assert tried[:2] == (f"gu\u00edas/{name}", f"gui\u0301as/{name}")
    assert resolve("gu\u00edas/a\0/\u00e9.pdf", "a.md", settings).tried[1] == "gui\u0301as/a\0/\u00e9.pdf"
    assert resolve("gui\u0301as/one.pdf", "a.md", settings).tried == ("gui\u0301as/one.pdf",)


def test_a_place_depends_on_all_folders_on_the_way_and_on_no_other() -> None:
    assert places("one.pdf") == [place("one.pdf")]
    assert places("Files/sub/one.pdf") == [place("files/sub/one.pdf"), beneath("files"), beneath("FILES/sub")]
    assert beneath("files") != place("files")


def test_names_that_a_file_system_may_take_for_one_are_one_place() -> None:
    assert place("Files/Gu\u00cda.PDF") == place("files/gui\u0301a.pdf")
    assert place("files/guia.pdf") != place("files/gui\u0301a.pdf")
    assert -(2**63) <= place("a") < 2**63
