"""The help page says what is so: each example is the tree that it claims, and finds what it says in the sample."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer.build import build
from indexer.cli import main
from indexer.index import open_index
from indexer.index.analysis import words
from indexer.index.curation import read_curation
from indexer.index.engine import SearchRequest
from indexer.index.query import (
    Alternatives,
    And,
    FacetValue,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
    parse,
)
from indexer.index.schema import Resource
from indexer.library.settings import load_settings
from indexer.progress import reporter
from tests import web_sample
from tests.memory_engine import MemoryEngine
from tests.test_query_typed import either
from webapp.arguments import Question
from webapp.facets import facet_names
from webapp.search import search as answer
from webapp.search_help import SECTIONS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FACETS = ("type", "tag", "publisher", "year", "language", "format")
TYPED = [typed for section in SECTIONS for example in section.examples for typed in example.typed]

Found = Callable[[str], dict[str, Resource]]

FEES, COVID, CHARGES, MALAWI = Word("fees"), Word("covid"), Word("charges"), Word("malawi")
TYPES = Or((FacetValue("type", ("guidance",)), FacetValue("type", ("toolkit",))))
TREES: dict[str, Node] = {
    "recruitment fees": And((Word("recruitment"), FEES)),
    '"forced labour"': Phrase(("forced", "labour")),
    "fees -covid": And((FEES, Not(COVID))),
    "fees NOT covid": And((FEES, Not(COVID))),
    "-covid": Not(COVID),
    "fees OR charges": Or((FEES, CHARGES)),
    "(fees OR charges) malawi": And((Or((FEES, CHARGES)), MALAWI)),
    "fees OR charges malawi": Or((FEES, And((CHARGES, MALAWI)))),
    "title:recruitment": Word("recruitment", "title"),
    'title:"human trafficking"': Phrase(("human", "trafficking"), "title"),
    "title:(recruitment fees)": And((Word("recruitment", "title"), Word("fees", "title"))),
    "type:guidance": FacetValue("type", ("guidance",)),
    "type:(guidance OR toolkit)": TYPES,
    "type:guidance,toolkit": TYPES,
    'tag:"forced labour"': FacetValue("tag", ("forced", "labour")),
    "-tag:global": Not(FacetValue("tag", ("global",))),
    "publisher:harbour": FacetValue("publisher", ("harbour",)),
    "language:french": FacetValue("language", ("french",)),
    "language:fr": FacetValue("language", ("fr",)),
    "format:pdf": FacetValue("format", ("pdf",)),
    "format:word": FacetValue("format", ("word",)),
    "year:2019..2021": Range("year", 2019, 2021),
    "year:2019..": Range("year", 2019, None),
    "year:..2021": Range("year", None, 2021),
    "traffick*": Prefix("traffick"),
    "recruitmant~": Fuzzy("recruitmant", edits=2),
    "recruitmant~1": Fuzzy("recruitmant", edits=1),
    '"workers fees"~5': Near(("workers", "fees"), 5),
    "women/children": Or((Word("women"), Word("children"))),
    "worker(s)": either((Phrase(("worker", "s")), Word("worker"), Word("workers"))),
    "#ForcedLabour": either((Word("forcedlabour"), Phrase(("forced", "labour")))),
    "recruitment 2019-2021": And(
        (Word("recruitment"), either((Phrase(("2019", "2021")), Range("year", 2019, 2021)))),
    ),
    "https://www.ilo.org/": either((Phrase(("https", "www", "ilo", "org")), Phrase(("ilo", "org")))),
    "U.S.A.": either((Phrase(("u", "s", "a")), Word("usa"))),
    "USA": Word("usa"),
    "recruitmant fees": And((Word("recruitmant"), FEES)),
    "helpline": Word("helpline"),
    "hot line": And((Word("hot"), Word("line"))),
    "hot-line": Phrase(("hot", "line")),
}
ISBN = "978-0-306-40615-7"
"""Its tree has a branch for every way to write it: see the tests of what is typed."""
ELSEWHERE = frozenset((ISBN, "https://www.ilo.org/", "U.S.A.", "USA"))
"""What the sample library does not hold."""
MEANT = frozenset(
    typed for section in SECTIONS if section.name == "meant" for each in section.examples for typed in each.typed
)
"""What finds something by what it is taken for."""


def test_every_example_is_the_tree_that_it_claims() -> None:
    assert {typed: parse(typed, FACETS) for typed in TYPED if typed != ISBN} == TREES
    assert isinstance(parse(ISBN, FACETS), Alternatives)


def test_the_readme_shows_the_same_examples() -> None:
    table = README[README.index("## Searching") :]
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|$", table, re.MULTILINE)
    examples = [example for section in SECTIONS for example in section.examples]
    wanted = [(", ".join(f"`{typed}`" for typed in example.typed), example.finds) for example in examples]
    assert rows[: len(wanted)] == wanted


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("index")
    build(load_settings(ROOT / "corpus"), index, reporter())
    return index


@pytest.fixture(scope="module")
def found(index: Path) -> Found:
    """Search the sample library and return every result that lacks nothing of the query, by its id."""
    engine = open_index(index)

    def search(typed: str) -> dict[str, Resource]:
        tree = parse(typed, facet_names(engine))
        results = engine.search(SearchRequest(tree, limit=1_000))
        assert results.total == len(results.hits)
        return {hit.resource.id: hit.resource for hit in results.hits if not hit.missing}

    return search


@pytest.mark.parametrize("typed", [typed for typed in TYPED if typed not in ELSEWHERE | MEANT])
def test_every_example_finds_some_of_the_sample_and_not_all(found: Found, typed: str) -> None:
    assert 0 < len(found(typed)) < len(found(""))


def test_words_signs_and_brackets_find_what_the_page_says(found: Found) -> None:
    fees, charges, covid, malawi = (found(word).keys() for word in ("fees", "charges", "covid", "malawi"))
    assert found('"forced labour"').keys() < found("forced labour").keys()
    assert found("fees -covid").keys() == found("fees NOT covid").keys() == fees - covid
    assert found("-covid").keys() == found("").keys() - covid
    assert found("fees OR charges").keys() == fees | charges
    assert found("(fees OR charges) malawi").keys() == (fees | charges) & malawi
    assert found("fees OR charges malawi").keys() == fees | (charges & malawi)
    assert found("women/children").keys() == found("women").keys() | found("children").keys()
    assert found("worker(s)").keys() == found("worker").keys() | found("workers").keys()
    assert found("#ForcedLabour").keys() == found('"forced labour"').keys()
    assert found("recruitment 2019-2021").keys() >= found("recruitment year:2019..2021").keys()


@pytest.mark.parametrize(
    ("typed", "facet", "values"),
    [
        ("type:guidance", "type", {"Guidance"}),
        ("type:(guidance OR toolkit)", "type", {"Guidance", "Toolkit"}),
        ('tag:"forced labour"', "tag", {"Forced labour"}),
        ("publisher:harbour", "publisher", {"Harbour Rights Institute"}),
        ("language:french", "language", {"fr"}),
        ("format:pdf", "format", {"pdf"}),
        ("format:word", "format", {"docx"}),
        ("year:2019..2021", "year", {"2019", "2020", "2021"}),
    ],
)
def test_a_name_with_a_colon_finds_all_that_have_the_value(
    found: Found, typed: str, facet: str, values: set[str]
) -> None:
    everything = found("")
    wanted = {each for each, resource in everything.items() if values & set(resource.facets.get(facet, ()))}
    assert found(typed).keys() == wanted
    assert found(f"-{typed}").keys() == everything.keys() - wanted


def test_the_title_alone_is_looked_at(found: Found) -> None:
    titles = [words(resource.title) for resource in found("title:recruitment").values()]
    assert all("recruitment" in title for title in titles)
    assert len(titles) < len(found("recruitment"))


def test_words_find_what_they_are_taken_for(index: Path, found: Found) -> None:
    engine = open_index(index)
    curation = read_curation(engine.manifest.library, index)

    def complete(typed: str) -> set[str]:
        page = answer(engine, Question(typed, size=1_000), curation)
        return {hit.resource.id for hit in page.found.hits if not hit.missing and not hit.is_pinned}

    assert complete("recruitmant fees") == complete("recruitment fees") != set()
    assert complete("helpline") >= complete('"línea de ayuda"') != set()
    assert complete("hot line") >= found("hotline").keys() != set()
    assert complete("hot-line") >= found("hotline").keys()


def test_what_cannot_be_typed_is_told_without_examples() -> None:
    page = BeautifulSoup(web_sample.client_of(web_sample.engine()).get("/help").text, "lxml")
    assert [len(section.select("tbody tr")) for section in page.select("section")][-2:] == [0, 0]
    (order,) = page.select("section[aria-labelledby=order]")
    assert order.select("table") == []
    assert "Since and Until" in order.text


def test_every_example_is_a_link_to_its_search() -> None:
    client = web_sample.client_of(web_sample.engine())
    page = client.get("/help").get_data(as_text=True)
    assert page.count('rel="nofollow"><kbd>') == len(TYPED)
    assert 'href="/search?q=fees+-covid"' in page
    assert 'href="/search?q=%22forced+labour%22"' in page


def test_an_example_of_a_facet_that_there_is_not_is_left_out() -> None:
    client = web_sample.client_of(web_sample.many(3))
    page = client.get("/help").get_data(as_text=True)
    assert "language:french" in page
    assert "<kbd>type:guidance</kbd>" in page
    bare = web_sample.client_of(MemoryEngine([], facets=()))
    page = bare.get("/help").get_data(as_text=True)
    assert "language:french" in page
    assert "type:guidance" not in page


@pytest.mark.parametrize("address", ["/", "/search", "/search?q=fees", "/resources/ete", "/help", "/nothing"])
def test_every_page_leads_to_the_help_beside_the_box_and_at_its_foot(address: str) -> None:
    client: FlaskClient = web_sample.client_of(web_sample.engine())
    page = client.get(address).get_data(as_text=True)
    beside, _, foot = page.partition("<footer")
    assert '<a href="/help">Help</a>' in beside.partition('<nav class="ways"')[2].partition("</nav>")[0]
    assert '<a href="/help">How to search</a>' in foot


def test_the_terminal_explains_the_same_language() -> None:
    shown = CliRunner().invoke(main, ["search", "--help"]).output
    typed = [*re.findall(r"^  (\S.*?)  +\S", shown, re.MULTILINE)]
    assert '"forced labour"' in typed
    examples = set(re.findall(r'"[a-z ]+"(?:~\d)?|[a-z]+:[a-z0-9.]+|[a-z]+[*~](?= )', shown))
    assert {
        "type:guidance",
        "format:pdf",
        "year:2019..2021",
        "traffick*",
        "recruitmant~",
        '"workers fees"~5',
    } <= examples
    assert examples <= set(TYPED)


def test_programs_are_told_of_the_language() -> None:
    client = web_sample.client_of(web_sample.engine())
    paths = client.get("/openapi.json").get_json()["paths"]
    (described,) = (each for each in paths["/api/v1/search"]["get"]["parameters"] if each["name"] == "q")
    for sign in ('"phrases"', "-not", "OR", "facet:value", "2019..2021", "begin*", "nearly~", "~5", "/help"):
        assert sign in described["description"]
