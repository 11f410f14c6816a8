"""`language:` and `format:` work in every library, whether or not it shows such facets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.cli import main
from indexer.completion import completed
from indexer.index.schema import Attachment, FileMetadata, Resource, Status
from tests.library_folder import built, write_page, write_pdf
from webapp import create_app
from webapp.config import Config

Ids = Callable[..., list[str]]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a library that shows types alone."""
    library = tmp_path_factory.mktemp("library")
    (library / "library.toml").write_text('languages = ["en", "fr"]\n[[facets]]\nname = "type"\n', encoding="utf-8")
    write_page(library, "guide.md", "title: A guide\ntype: Guidance\nattachments: [guide.pdf, notes.txt]")
    write_page(library, "etude.md", "title: Une étude\nlanguage: fr\ntype: Study\nattachments: [table.csv]")
    write_page(library, "page.md", "title: A page in French\ntype: Guidance")
    write_pdf(library / "guide.pdf", ["What to do."])
    (library / "notes.txt").write_text("Notes on it.", encoding="utf-8")
    (library / "table.csv").write_text("pays,nombre\nMalawi,2\n", encoding="utf-8")
    folder = tmp_path_factory.mktemp("index")
    built(library, folder)
    return folder


@pytest.fixture(scope="module")
def client(index: Path) -> FlaskClient:
    return create_app(Config(index)).test_client()


@pytest.fixture(scope="module")
def found(client: FlaskClient) -> Ids:
    def ids(**arguments: str | list[str]) -> list[str]:
        answer = client.get("/api/v1/search", query_string=arguments)
        assert answer.status_code == 200, answer.get_json()
        return sorted(each["id"] for each in answer.get_json()["results"])

    return ids


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("language:fr", ["etude"]),
        ("language:French", ["etude"]),
        ("lang:english", ["guide", "page"]),
        ("-language:french", ["guide", "page"]),
        ("format:pdf", ["guide"]),
        ("filetype:txt", ["guide"]),
        ("format:(csv OR pdf)", ["etude", "guide"]),
        ("format:csv,pdf", ["etude", "guide"]),
        ("format:spreadsheet", ["etude"]),
        ("-format:pdf", ["etude", "page"]),
        ("format:word", []),
        ("format:pdf language:fr", []),
    ],
)
def test_languages_and_formats_can_be_typed(found: Ids, typed: str, ids: list[str]) -> None:
    assert found(q=typed) == ids


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ({"language": "fr"}, ["etude"]),
        ({"language": "French"}, ["etude"]),
        ({"format": "PDF"}, ["guide"]),
        ({"format": [".csv", "pdf"]}, ["etude", "guide"]),
        ({"format": "pdf", "language": "fr"}, []),
        ({"format": "pdf", "type": "Guidance", "q": "guide"}, ["guide"]),
    ],
)
def test_languages_and_formats_can_be_chosen(found: Ids, arguments: dict[str, str], ids: list[str]) -> None:
    assert found(**arguments) == ids


def test_their_values_are_no_words_of_a_resource(found: Ids) -> None:
    assert found(q="pdf") == []
    assert found(q="french") == ["page"]


def test_only_what_the_library_lists_is_counted_shown_and_suggested(client: FlaskClient) -> None:
    assert list(client.get("/api/v1/search?format=pdf").get_json()["facets"]) == ["type"]
    page = client.get("/search?format=pdf&language=en").get_data(as_text=True)
    assert 'id="facet-1"' in page
    assert 'id="facet-2"' not in page
    suggestions = client.get("/api/v1/suggest?q=french").get_json()["suggestions"]
    assert [(each["text"], each.get("facet")) for each in suggestions if each.get("facet")] == []


def test_a_chosen_value_is_a_chip_that_leads_back(client: FlaskClient) -> None:
    page = client.get("/search?q=guide&format=docx&type=Guidance&language=en").get_data(as_text=True)
    assert "Files: <bdi>Word</bdi>" in page
    assert "Language: <bdi>English</bdi>" in page
    assert '/search?q=guide&amp;type=Guidance&amp;language=en"' in page


def test_programs_are_told_of_them(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()["paths"]["/api/v1/search"]["get"]["parameters"]
    assert [each["name"] for each in described][-3:] == ["type", "language", "format"]


def test_the_terminal_takes_them(index: Path) -> None:
    run = CliRunner().invoke(main, ["search", "guide", "--facet", "format=PDF", "--index", str(index)])
    assert (run.exit_code, "A guide" in run.output) == (0, True)


def attachment(name: str, form: str, language: str = "", status: Status = Status.OK) -> Attachment:
    return Attachment(name, name, form, 1, (), status, metadata=FileMetadata(language=language))


def test_a_resource_is_in_its_own_languages_and_in_those_of_its_files() -> None:
    files = (attachment("a.pdf", "pdf", "fr"), attachment("b.doc", "doc", "xx"), attachment("c.docx", "docx", "en"))
    resource = Resource("r", "R", language="es", attachments=files)
    assert completed(resource, ("format",)).facets == {"language": ("es", "fr", "en"), "format": ("pdf", "docx")}


def test_what_is_not_there_has_no_format_and_a_page_without_files_has_none() -> None:
    files = (attachment("a.pdf", "pdf", status=Status.MISSING), attachment("b", "unknown"))
    assert completed(Resource("r", "R", attachments=files), ("format",)).facets == {"language": ("en",)}


def test_a_library_s_own_facet_of_that_name_is_left_alone(tmp_path: Path) -> None:
    library = tmp_path / "library"
    write_page(library, "a.md", "title: A\nkind: Workshop\nattachments: [a.txt]")
    write_page(library, "b.md", "title: B\nattachments: [a.txt]")
    (library / "a.txt").write_text("Text.", encoding="utf-8")
    (library / "library.toml").write_text('[[facets]]\nname = "format"\nkeys = ["kind"]\n', encoding="utf-8")
    built(library, tmp_path / "index")
    client = create_app(Config(tmp_path / "index")).test_client()
    answer = client.get("/api/v1/search?q=workshop").get_json()
    assert [each["id"] for each in answer["results"]] == ["a"]
    assert [each["value"] for each in client.get("/api/v1/search").get_json()["facets"]["format"]] == ["Workshop"]
