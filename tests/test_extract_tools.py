from __future__ import annotations

from pathlib import Path

import pytest

from indexer.extract import tools
from indexer.extract.serial import context_from_json, context_to_json
from indexer.extract.source import Context
from indexer.extract.tools import Tools, find_tools


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def listing(*names: str) -> str:
    return "\n".join(["cat <<END", 'List of available languages in "/usr/share" (2):', *names, "END"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder in which programs are looked for, beside those that scripts need."""
    (tmp_path / "cat").symlink_to("/bin/cat")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_nothing_is_found_where_nothing_is(folder: Path) -> None:
    assert folder.is_dir()
    assert find_tools(["en"]) == Tools()
    assert find_tools(["en"]).packages == frozenset()


def test_tesseract_recognises_the_languages_of_the_library(folder: Path) -> None:
    path = program(folder, "tesseract", listing("deu", "eng", "fra", "osd"))
    found = find_tools(["en", "fr"])
    assert found == Tools(tesseract=path, ocr_languages="eng+fra")
    assert found.packages == {"tesseract-ocr", "tesseract-ocr-eng", "tesseract-ocr-fra"}
    assert found.missing_languages == ()


def test_the_packages_of_missing_languages_are_named(folder: Path) -> None:
    program(folder, "tesseract", listing("eng", "osd"))
    found = find_tools(["en", "fr", "zh", "tlh"])
    assert found.ocr_languages == "eng"
    assert found.missing_languages == ("tesseract-ocr-fra", "tesseract-ocr-chi-sim")


@pytest.mark.parametrize(("installed", "used"), [(["deu", "eng"], "eng"), (["deu", "ita", "script/Latin"], "deu")])
def test_without_its_languages_a_library_is_read_in_english_or_what_there_is(
    folder: Path, installed: list[str], used: str
) -> None:
    program(folder, "tesseract", listing(*installed))
    assert find_tools(["cy"]).ocr_languages == used
    assert find_tools([]).ocr_languages == used


@pytest.mark.parametrize("script", ["exit 1", listing(), listing("osd"), "kill -9 $$", "while :; do :; done"])
def test_a_tesseract_that_fails_or_hangs_or_knows_no_language_is_as_good_as_missing(
    folder: Path, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "_ANSWER_SECONDS", 0.1)
    program(folder, "tesseract", script)
    assert find_tools(["en"]) == Tools()


@pytest.mark.parametrize("name", ["soffice", "libreoffice"])
def test_libreoffice_is_found_under_both_of_its_names(folder: Path, name: str) -> None:
    path = program(folder, name, "exit 1")
    assert find_tools(["en"]) == Tools(soffice=path)
    assert find_tools(["en"]).packages == {"libreoffice"}


def test_tools_are_told_to_the_process_that_reads() -> None:
    context = Context(tools=Tools("/usr/bin/tesseract", "eng", "fra+deu", "/usr/bin/soffice"))
    assert context_from_json(context_to_json(context)) == context
