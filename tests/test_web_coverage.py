"""The list of files for editors: who may see it, what it says, and that it is as new as the index."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from indexer.index import directory
from indexer.index.engine import IndexMissing
from indexer.index.ledger import FILE_NAME, FileReport, read_ledger, write_ledger
from indexer.index.schema import Status
from tests import web_sample
from tests.test_web_api import fits
from tests.test_web_pages import Nesting
from webapp.arguments import CoverageQuestion
from webapp.coverage import fitting, summary
from webapp.openapi import EDITOR_OPERATIONS, OPERATIONS
from webapp.statuses import STATUS_WORDS

PASSWORD = "geheim: ünd lang"  # noqa: S105  # not a secret
ADDRESSES = ("/coverage", "/coverage.csv", "/api/v1/coverage")
DAY = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

REPORTS = (
    FileReport("a/whole.pdf", Status.OK, "pdf", 24, 1_234_567, 0, 0.25, "", "", ("recruitment-guide",), DAY),
    FileReport(
        "b/scan.pdf",
        Status.NO_TEXT,
        "pdf",
        7,
        0,
        0,
        1.5,
        "Its pages are pictures: install the Debian package tesseract-ocr.",
        "tesseract-ocr",
        ("recruitment-guide", "ete", "gone", "evil", "r5"),
        DAY,
    ),
    FileReport("c/été <b>.xlsx", Status.CUT, "xlsx", 3, 5_000, 1_000, 2, "Cut.", "", ("ete",), DAY + timedelta(1)),
    FileReport("d/old.doc", Status.UNSUPPORTED, "doc", 0, 0, 0, 0, "LibreOffice.", "libreoffice", ("ete",), DAY),
    FileReport("e/lonely.pdf", Status.UNATTACHED, "", reason="No published page names this file."),
    FileReport("f/page.png", Status.OCR, "image", 1, 100, 0, 3, "", "", ("ete",), DAY + timedelta(9)),
)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Return an index directory in which nothing but the ledger lies."""
    publish(tmp_path, REPORTS)
    return tmp_path


def publish(index: Path, reports: Sequence[FileReport]) -> Path:
    directory.prepare(index)
    generation = directory.new_generation(index)
    write_ledger(generation, reports)
    directory.publish(index, generation)
    return generation


@pytest.fixture
def client(index: Path) -> FlaskClient:
    """Return a client without a password, of a server with one."""
    return web_sample.client_of(web_sample.engine(), index=index, editor_password=PASSWORD)


def ask(client: FlaskClient, address: str, user: str = "", password: str = PASSWORD) -> TestResponse:
    known = base64.b64encode(f"{user}:{password}".encode()).decode()
    return client.get(address, headers={"Authorization": f"Basic {known}"}, follow_redirects=True)


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(ask(client, address).text, "lxml")


def paths(client: FlaskClient, address: str) -> list[str]:
    return [cell.get_text() for cell in soup(client, address).select("tbody th")]


def table(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_password_in_the_settings_there_is_nothing(index: Path, address: str) -> None:
    client = web_sample.client_of(web_sample.engine(), index=index)
    answer = client.get(address)
    assert answer.status_code == 404
    assert ask(client, address, password="").status_code == 404
    nothing = client.get(f"{address}x")
    assert (answer.text, list(answer.headers)) == (nothing.text, list(nothing.headers))


@pytest.mark.parametrize("address", ADDRESSES)
def test_whoever_gives_no_password_is_asked_for_one(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Handlist, for editors", charset=UTF-8'
    assert "This is for those who keep the library" in answer.text
    assert "scan.pdf" not in answer.text


@pytest.mark.parametrize(
    "given",
    ["", "Basic", "Basic ?", "Basic Og==", f"Bearer {PASSWORD}", "Basic " + base64.b64encode(b"x:\xff\xfe").decode()],
)
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_password_is_refused(client: FlaskClient, address: str, given: str) -> None:
    assert client.get(address, headers={"Authorization": given.encode().decode("latin-1")}).status_code == 401


@pytest.mark.parametrize("password", ["", PASSWORD[:-1], PASSWORD + "x", PASSWORD.upper(), "\0"])
def test_another_password_is_refused(client: FlaskClient, password: str) -> None:
    assert ask(client, "/coverage", password=password).status_code == 401


@pytest.mark.parametrize("user", ["", "anna", "Jürgen"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_password_opens_with_any_user_name(client: FlaskClient, address: str, user: str) -> None:
    assert ask(client, address, user).status_code == 200


def test_a_password_that_is_no_text_opens_nothing_and_breaks_nothing(index: Path) -> None:
    # What Python makes of a byte that is no UTF-8 in the environment.
    settings = {"editor_password": "caf\udce9"}
    client = web_sample.client_of(web_sample.engine(), index=index, **settings)
    assert ask(client, "/coverage").status_code == 401


@pytest.mark.parametrize("address", [*ADDRESSES, "/coverage?page=0", "/coverage.csv?page=1", "/api/v1/coverage?x=1"])
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_no_answer_is_kept_listed_or_read_by_other_sites(client: FlaskClient, address: str, password: str) -> None:
    headers = ask(client, address, password=password).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/", "/search", "/resources/ete"])
def test_other_pages_are_the_same_for_editors_and_know_nothing_of_the_list(client: FlaskClient, address: str) -> None:
    def without_time(answer: TestResponse) -> str:
        return answer.text.partition("found in")[0]

    assert without_time(ask(client, address)) == without_time(client.get(address))
    assert "/coverage" not in client.get(address).text


def test_the_list_is_well_formed_and_its_table_has_a_caption_and_a_cell_for_every_heading(client: FlaskClient) -> None:
    html = ask(client, "/coverage").text
    nesting = Nesting()
    nesting.feed(html)
    assert nesting.open == []
    page = BeautifulSoup(html, "lxml")
    headings = [cell.get_text() for cell in page.select("thead th[scope=col]")]
    assert page.select_one("table caption") is not None
    assert len(headings) == 9
    for row in page.select("tbody tr"):
        assert [cell.get("scope") for cell in row.select("th, td")] == ["row"] + [None] * 8
        assert [label.get_text() for label in row.select("b.label")] == headings[1:]
    for control in page.select("input:not([type=hidden])"):
        assert page.find("label", attrs={"for": control["id"]})
    assert page.find("meta", attrs={"name": "robots", "content": "noindex"}) is not None
    assert page.find_all("style") == []
    assert not any(script.get_text() for script in page.find_all("script"))


def test_problems_come_first_and_the_newest_of_them_first(client: FlaskClient) -> None:
    assert paths(client, "/coverage") == [
        "c/été <b>.xlsx", "b/scan.pdf", "d/old.doc", "e/lonely.pdf", "a/whole.pdf", "f/page.png",
    ]  # fmt: skip


def test_a_file_is_told_with_everything_that_is_known_of_it(client: FlaskClient) -> None:
    [row] = soup(client, "/coverage?text=scan").select("tbody tr")
    cells = [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("td")]
    assert cells == [
        "Status no text Its pages are pictures: install the Debian package tesseract-ocr.",
        "Named by A guide to responsible recruitment , Un été sans frais , gone and 2 more",
        "Format PDF",
        "Pages 7",
        "Characters found 0",
        "Not found –",
        "Seconds 1.5",
        "Since when 4 March 2026",
    ]
    assert [link["href"] for link in row.select("a")] == ["/resources/recruitment-guide", "/resources/ete"]
    [cut] = soup(client, "/coverage?status=cut").select("tbody tr")
    assert "5,000" in cut.get_text()
    assert "1,000" in cut.get_text()
    [lonely] = soup(client, "/coverage?status=unattached").select("tbody tr")
    assert "no page" in lonely.get_text()


def test_the_files_are_summed_up_in_words(client: FlaskClient) -> None:
    lead = soup(client, "/coverage?status=cut").select_one(".lead")
    assert lead is not None
    assert lead.get_text() == "6 files: 1 ok, 1 recognised (OCR), 1 cut, 1 no text, 1 not supported, 1 unattached."
    many = [FileReport(str(number), Status.OK) for number in range(1_204)]
    assert summary(many) == "1,204 files: 1,204 ok"
    assert summary([]) == "No files"


def test_what_would_help_is_told_by_package_and_leads_to_the_files(client: FlaskClient) -> None:
    page = soup(client, "/coverage")
    told = [item.get_text() for item in page.select("section.message li")]
    assert told == [
        "1 file is a picture of text, or holds some (tesseract-ocr)",
        "1 file is in an old format of Office (libreoffice)",
    ]
    link = page.select_one("section.message a")
    assert link is not None
    assert paths(client, str(link["href"])) == ["b/scan.pdf"]
    back = soup(client, str(link["href"])).select_one("a.chip")
    assert back is not None
    assert back["href"] == "/coverage"


def test_a_library_that_nothing_would_help_is_not_told_of_help(index: Path, client: FlaskClient) -> None:
    publish(index, REPORTS[:1])
    assert "What would help" not in ask(client, "/coverage").text


def test_every_status_can_be_chosen_and_lists_as_many_files_as_it_says(client: FlaskClient) -> None:
    links = soup(client, "/coverage?text=e").select("a.choice")
    assert [link.get_text(" ", strip=True) for link in links] == [
        "all files 6",
        "problems 4",
        "ok 1",
        "recognised (OCR) 1",
        "cut 1",
        "no text 1",
        "not supported 1",
        "unattached 1",
    ]
    for link in links:
        address = str(link["href"])
        assert len(paths(client, address)) == int(link.select_one(".count").get_text())  # type: ignore[union-attr]
        chosen = soup(client, address).select("a.choice[aria-current]")
        assert [each["href"] for each in chosen] == [address]


def test_choosing_a_status_leads_to_its_first_page_and_a_chosen_one_without_files_stays(client: FlaskClient) -> None:
    links = soup(client, "/coverage?status=damaged&lacks=libreoffice&page=2").select("a.choice")
    assert [(link.get_text(" ", strip=True), link["href"], "aria-current" in link.attrs) for link in links] == [
        ("all files 1", "/coverage?lacks=libreoffice", False),
        ("problems 1", "/coverage?status=problems&lacks=libreoffice", False),
        ("damaged 0", "/coverage?status=damaged&lacks=libreoffice", True),
        ("not supported 1", "/coverage?status=unsupported&lacks=libreoffice", False),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SCAN", ["b/scan.pdf"]),
        ("ete xlsx", ["c/été <b>.xlsx"]),
        ("e\u0301te\u0301", ["c/été <b>.xlsx"]),
        ("published page", ["e/lonely.pdf"]),
        ("<b>", ["c/été <b>.xlsx"]),
        ("pdf tesseract", ["b/scan.pdf"]),
        ("nothing", []),
        (" ", ["c/été <b>.xlsx", "b/scan.pdf", "d/old.doc", "e/lonely.pdf", "a/whole.pdf", "f/page.png"]),
    ],
)
def test_files_are_found_by_parts_of_their_path_and_reason(client: FlaskClient, text: str, found: list[str]) -> None:
    assert paths(client, f"/coverage?text={quote(text)}") == found
    assert [file["path"] for file in ask(client, f"/api/v1/coverage?text={quote(text)}").get_json()["files"]] == found
    assert [row["path"] for row in table(ask(client, f"/coverage.csv?text={quote(text)}"))] == found


def test_the_filter_keeps_what_was_chosen(client: FlaskClient) -> None:
    form = soup(client, "/coverage?text=scan&status=no+text&lacks=tesseract-ocr&page=1").select_one("main form")
    assert form is not None
    fields = [(field["name"], field["value"]) for field in form.select("input")]
    assert fields == [("text", "scan"), ("status", "no text"), ("lacks", "tesseract-ocr")]


def test_where_no_file_fits_the_way_back_is_shown(client: FlaskClient) -> None:
    page = soup(client, "/coverage?text=nothing")
    assert page.find("table") is None
    message = page.select_one("p.message a")
    assert message is not None
    assert message["href"] == "/coverage"


def test_a_hundred_files_stand_on_a_page_and_the_downloads_hold_all(index: Path, client: FlaskClient) -> None:
    publish(index, [FileReport(f"{number:03}.pdf", Status.OK, "pdf", since=DAY) for number in range(250)])
    pages = [paths(client, f"/coverage?status=ok&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [100, 100, 50]
    assert [path for page in pages for path in page] == [f"{number:03}.pdf" for number in range(250)]
    page = soup(client, "/coverage?status=ok&page=2")
    assert "Files 101 to 200 of 250" in page.get_text()
    assert page.find("a", rel="next", href="/coverage?status=ok&page=3") is not None
    last = soup(client, "/coverage?page=9").select_one("p.message a")
    assert last is not None
    assert last["href"] == "/coverage?page=3"
    assert len(table(ask(client, "/coverage.csv?status=ok"))) == 250
    assert len(ask(client, "/api/v1/coverage?status=ok").get_json()["files"]) == 250


def test_the_downloads_ask_for_the_same_files_as_the_page(client: FlaskClient) -> None:
    page = soup(client, "/coverage?status=problems&text=pdf&page=1")
    addresses = [str(link["href"]) for link in page.select(".heading a")]
    assert addresses == [
        "/coverage.csv?status=problems&text=pdf",
        "/api/v1/coverage?status=problems&text=pdf",
    ]
    shown = [cell.get_text() for cell in page.select("tbody th")]
    assert shown == ["b/scan.pdf", "e/lonely.pdf"]
    assert [row["path"] for row in table(ask(client, addresses[0]))] == shown
    assert [file["path"] for file in ask(client, addresses[1]).get_json()["files"]] == shown


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/coverage.csv?page=1", "page: there is no such argument; there are status, text, lacks."),
        ("/api/v1/coverage?limit=1", "limit: there is no such argument; there are status, text, lacks."),
        ("/api/v1/coverage?status=lost", "status: it has to be one of problems, ok, ocr, cut, no text,"),
        ("/coverage?page=0", "page: it has to be a whole number"),
        ("/coverage?text=" + "x" * 1_001, "text: it has 1,001 characters"),
    ],
)
def test_a_wrong_argument_is_a_400_that_names_it(client: FlaskClient, address: str, detail: str) -> None:
    answer = ask(client, address)
    assert answer.status_code == 400
    assert detail in answer.text


def test_the_table_is_one_that_spreadsheets_read_with_accents_and_without_calculating(
    index: Path, client: FlaskClient
) -> None:
    names = ["=HYPERLINK(1)", "+1", "-1", "@a", 'été, "1"\n2']
    publish(index, [FileReport(name, Status.DAMAGED, reason="=1+1") for name in names])
    answer = ask(client, "/coverage.csv")
    assert answer.data.startswith(b"\xef\xbb\xbfpath,status,")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="coverage.csv"'
    rows = table(answer)
    assert sorted(row["path"] for row in rows) == sorted(["'=HYPERLINK(1)", "'+1", "'-1", "'@a", names[4]])
    assert {row["reason"] for row in rows} == {"'=1+1"}


def test_programs_get_what_is_described(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    described = document["paths"]["/api/v1/coverage"]["get"]
    assert described["security"] == [{"editors": []}]
    assert document["components"]["securitySchemes"] == {"editors": {"type": "http", "scheme": "basic"}}
    for address in ("/api/v1/coverage", "/api/v1/coverage?status=none", "/api/v1/coverage?page=1"):
        answer = ask(client, address)
        schema = described["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        assert fits(answer.get_json(), schema, document), address
    refused = described["responses"]["401"]["content"]["application/json"]["schema"]
    assert fits(client.get("/api/v1/coverage").get_json(), refused, document)
    answer = ask(client, "/api/v1/coverage?status=cut").get_json()
    assert answer == {
        "total": 1,
        "statuses": {"cut": 1, "no text": 1, "unsupported": 1, "unattached": 1, "ok": 1, "ocr": 1},
        "packages": {"tesseract-ocr": 1, "libreoffice": 1},
        "files": [
            {
                "path": "c/été <b>.xlsx",
                "status": "cut",
                "format": "xlsx",
                "pages": 3,
                "characters": 5_000,
                "characters_left_out": 1_000,
                "seconds": 2,
                "reason": "Cut.",
                "lacks": "",
                "resources": ["ete"],
                "since": "2026-03-05T05:06:07+00:00",
            }
        ],
    }


def test_the_description_lists_the_interface_for_editors_only_where_there_is_one(client: FlaskClient) -> None:
    assert set(client.get("/openapi.json").get_json()["paths"]) == {*OPERATIONS, *EDITOR_OPERATIONS}
    rules = {re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule.rule) for rule in client.application.url_map.iter_rules()}
    assert {rule for rule in rules if rule.startswith("/api/")} <= {*OPERATIONS, *EDITOR_OPERATIONS}
    public = web_sample.client_of(web_sample.engine()).get("/openapi.json").get_json()
    assert set(public["paths"]) == set(OPERATIONS)
    assert "securitySchemes" not in public["components"]


def test_a_ledger_is_read_once_until_another_one_is_written_or_published(
    index: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counted(generation: Path) -> tuple[FileReport, ...]:
        read.append(generation)
        return read_ledger(generation)

    monkeypatch.setattr("webapp.ledger.read_ledger", counted)
    for address in ADDRESSES:
        ask(client, address)
    assert len(read) == 1
    generation = directory.current_generation(index)
    assert generation is not None
    write_ledger(generation, REPORTS[:1])
    assert paths(client, "/coverage") == ["a/whole.pdf"]
    publish(index, REPORTS[:2])
    assert paths(client, "/coverage") == ["b/scan.pdf", "a/whole.pdf"]
    assert len(read) == 3


@pytest.mark.parametrize("content", [b"", b"{", b"[{}]", b"null", None])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_ledger_that_cannot_be_read_is_a_503_and_its_file_is_named_in_the_log_alone(
    index: Path, client: FlaskClient, address: str, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    generation = directory.current_generation(index)
    assert generation is not None
    if content is None:
        (generation / FILE_NAME).unlink()
    else:
        (generation / FILE_NAME).write_bytes(content)
    answer = ask(client, address)
    assert answer.status_code == 503
    assert FILE_NAME not in answer.text
    assert FILE_NAME in caplog.text
    publish(index, REPORTS)
    assert ask(client, address).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_an_index_editors_read_how_to_build_one(tmp_path: Path, address: str) -> None:
    client = web_sample.client_of(IndexMissing("None."), index=tmp_path, editor_password=PASSWORD)
    answer = ask(client, address)
    assert answer.status_code == 503
    assert "handlist build LIBRARY --index DIR" in answer.text


def test_every_status_has_its_words() -> None:
    assert set(STATUS_WORDS) == set(Status)
    for words in STATUS_WORDS.values():
        assert words.meaning.endswith(".")
        assert words.notice == "" or words.notice.endswith(".")


QUESTIONS = st.lists(
    st.tuples(
        st.sampled_from(["status", "text", "lacks", "page", "colour"]),
        st.one_of(st.text(max_size=20), st.sampled_from([*Status, "problems", "0", "9" * 99, "<b>", "x" * 2_000])),
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client that many questions share, as making an application takes longer than answering."""
    index = tmp_path_factory.mktemp("index")
    publish(index, REPORTS)
    return web_sample.client_of(web_sample.engine(), index=index, editor_password=PASSWORD)


@given(QUESTIONS, st.sampled_from(ADDRESSES))
def test_whatever_is_asked_the_answer_is_an_answer_or_a_reason(
    one_server: FlaskClient, arguments: list[tuple[str, str]], address: str
) -> None:
    answer = one_server.get(address, query_string=MultiDict(arguments), auth=("", PASSWORD), follow_redirects=True)
    assert answer.status_code in (200, 400)


@given(st.sets(st.sampled_from(Status)), st.sampled_from(["", "problems", *Status]))
def test_a_question_takes_exactly_the_files_that_fit_in_their_order(statuses: set[Status], wanted: str) -> None:
    reports = [FileReport(status, status, lacks="x" if status is Status.OK else "") for status in sorted(statuses)]
    expected = [
        report
        for report in reports
        if wanted in ("", report.status) or (wanted == "problems" and report.status is not Status.OCR)
    ]
    assert fitting(reports, CoverageQuestion(wanted)) == expected
