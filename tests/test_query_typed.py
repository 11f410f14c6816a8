from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis
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
from indexer.index.query.identifiers import isbn_forms
from tests.test_query import words_of

FACETS = ("type", "tag", "year", "publisher", "language", "format")
A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")
FORCED = Phrase(("forced", "labour"))


def either(ways: tuple[Node, ...]) -> Alternatives:
    """Return what was typed, with the other ways to write it."""
    return Alternatives(ways[0], ways[1:])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # A field binds closest, then a negation, then AND, then OR; brackets come first.
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a AND b OR c AND d", Or((And((A, B)), And((C, D))))),
        ("a OR b c OR d", Or((A, And((B, C)), D))),
        ("-a OR b", Or((Not(A), B))),
        ("NOT a b", And((Not(A), B))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a OR NOT b", Or((A, Not(B)))),
        ("a NOT b OR c", Or((And((A, Not(B))), C))),
        ("-title:a b", And((Not(Word("a", "title")), B))),
        ("NOT title:(a b) c", And((Not(And((Word("a", "title"), Word("b", "title")))), C))),
        ("title:-a", Word("a", "title")),
        ("title:(-a b)", And((Not(Word("a", "title")), Word("b", "title")))),
        ("title:a b", And((Word("a", "title"), B))),
        ("title:(a type:b)", And((Word("a", "title"), FacetValue("type", ("b",))))),
        ("(a OR b) (c OR d)", And((Or((A, B)), Or((C, D))))),
        ("((a)) (b (c d))", And((A, B, C, D))),
        ("-(a OR b)", Not(Or((A, B)))),
        ("NOT (a OR b) c", And((Not(Or((A, B))), C))),
        ("-(-a)", Not(Not(A))),
        ("-covid", Not(Word("covid"))),
        ("-a -b", And((Not(A), Not(B)))),
        ("type:(guidance OR tool)", Or((FacetValue("type", ("guidance",)), FacetValue("type", ("tool",))))),
        ("type:guidance,tool", Or((FacetValue("type", ("guidance",)), FacetValue("type", ("tool",))))),
        ("-type:guidance", Not(FacetValue("type", ("guidance",)))),
        ('publisher:"Harbour Rights"', FacetValue("publisher", ("harbour", "rights"))),
        ("title:“human rights”~3", Near(("human", "rights"), 3, "title")),
        ("format:pdf language:fr", And((FacetValue("format", ("pdf",)), FacetValue("language", ("fr",))))),
        ("filetype:pdf lang:fr", And((FacetValue("format", ("pdf",)), FacetValue("language", ("fr",))))),
        ("intitle:a", Word("a", "title")),
    ],
)
def test_what_binds_closer_than_what(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a AND b", And((A, B))),
        ("a && b", And((A, B))),
        ("a || b", Or((A, B))),
        ("a | b", Or((A, B))),
        ("a|b", Or((A, B))),
        ("a & b", And((A, B))),
        ("a + b", And((A, B))),
        ("+a +b", And((A, B))),
        ("+title:a", Word("a", "title")),
        ("a AND AND b", And((A, B))),
        ("a OR OR b", Or((A, B))),
        ("a AND OR b", Or((A, B))),
        ("a OR AND b", Or((A, B))),
        ("a or b", And((A, Word("or"), B))),
        ("a and not b", And((A, Word("and"), Word("not"), B))),
        ("a and/or b", And((A, Word("and"), Word("or"), B))),
        ("AND", Word("and")),
        ("NOT", Word("not")),
        ("NOT NOT", Not(Word("not"))),
        ("AND OR", Word("or")),
        ("AND a", And((Word("and"), A))),
        ("a AND", And((A, Word("and")))),
        ("a NOT", And((A, Word("not")))),
        ("NOT AND a", And((Word("not"), A))),
        ("a NOT OR b", Or((And((A, Word("not"))), B))),
        ("(a OR)", And((A, Word("or")))),
        ("(OR a)", And((Word("or"), A))),
        ("a OR(b c)", Or((A, And((B, C))))),
        ("NOT(a)", Not(A)),
        ("title:OR", Word("or", "title")),
        ('"a OR b"', Phrase(("a", "or", "b"))),
        ("&& a ||", A),
        ("|", None),
        ("a –b", And((A, Not(B)))),
        ("a −b", And((A, Not(B)))),
        ("a – b", And((A, B))),
        ("a — b", And((A, B))),
        ("—a", A),
        ("a -", A),
    ],
)
def test_operators_that_stand_alone_first_last_or_twice(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"forced labour"', FORCED),
        ("“forced labour”", FORCED),
        ("„forced labour“", FORCED),
        ("”forced labour”", FORCED),
        ("«\u00a0forced labour\u00a0»", FORCED),
        ("»forced labour«", FORCED),
        ("‹forced labour›", FORCED),
        ("‘forced labour’", FORCED),
        ("‚forced labour‘", FORCED),
        ("「forced labour」", FORCED),
        ("『forced labour』", FORCED),
        ("《forced labour》", FORCED),
        ("＂forced　labour＂", FORCED),
        ('“forced labour"', FORCED),
        ('" forced labour "', FORCED),
        ('"forced labour""a b"', And((FORCED, Phrase(("a", "b"))))),
        ("報告「forced labour」報告", And((Phrase(("報告", "告")), FORCED, Phrase(("報告", "告"))))),
        # Opened and never closed: words, and what follows is no phrase either.
        ('"forced labour', And((Word("forced"), Word("labour")))),
        ('forced labour"', And((Word("forced"), Word("labour")))),
        ('"forced labour" "a b', And((FORCED, A, B))),
        ('forced labour" c "a b"', And((Word("forced"), Word("labour"), C, Phrase(("a", "b"))))),
        ('"c d "a b"', And((C, D, Phrase(("a", "b"))))),
        ('12" a 14" b', And((Word("12"), A, Word("14"), B))),
        ('a"b', And((A, B))),
        ('a""b', And((A, B))),
        ('12"-a', Phrase(("12", "a"))),
        ("”a", A),
        # Behind a minus or a field it goes on to the end, as they would else be meant for one word.
        ('c -"forced labour', And((C, Not(FORCED)))),
        ('title:"forced labour', Phrase(("forced", "labour"), "title")),
        ('note:"forced labour', And((Word("note"), Word("forced"), Word("labour")))),
        # One within another is a part of it.
        ('"a "b" c"', Phrase(("a", "b", "c"))),
        ("“a “b” c”", Phrase(("a", "b", "c"))),
        ("“a ‘b’ c”", Phrase(("a", "b", "c"))),
        ("«a “b” c»", Phrase(("a", "b", "c"))),
        # An apostrophe is none.
        ("the workers’ rights", And((Word("the"), Word("workers"), Word("rights")))),
        ("workers' rights", And((Word("workers"), Word("rights")))),
        ("“workers’ rights” a", And((Phrase(("workers", "rights")), A))),
        ("‘don’t forced’", Phrase(("don", "t", "forced"))),
        ("'forced labour'", And((Word("forced"), Word("labour")))),
        ("rock ’n’ roll", And((Word("rock"), Word("n"), Word("roll")))),
        ('""', None),
        ("«»“”„", None),
    ],
)
def test_quotation_marks_of_all_kinds(typed: str, expected: Node | None) -> None:
    assert parse(typed, FACETS) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Tier 1", And((Word("tier"), Word("1")))),
        ("C++", C),
        ("C#", C),
        (".NET", Word("net")),
        ("Node.js", Phrase(("node", "js"))),
        ("R&D", Phrase(("r", "d"))),
        ("me@example.org", Phrase(("me", "example", "org"))),
        ("<me.too@example.org>,", Phrase(("me", "too", "example", "org"))),
        ("annual_report_2019.pdf", Phrase(("annual", "report", "2019", "pdf"))),
        ("due-diligence", Phrase(("due", "diligence"))),
        ("due‑diligence", Phrase(("due", "diligence"))),
        ("employer–worker", Phrase(("employer", "worker"))),
        ("co-operate?", Phrase(("co", "operate"))),
        ("fees—which", And((Word("fees"), Word("which")))),
        ("fees--which", And((Word("fees"), Word("which")))),
        ("fees,charges;costs", And((Word("fees"), Word("charges"), Word("costs")))),
        ("fees,title:a", And((Word("fees"), Word("title"), A))),
        ("What works?", And((Word("what"), Word("works")))),
        ("¿Qué hacer?", And((Word("que"), Word("hacer")))),
        ("works?Yes", And((Word("works"), Word("yes")))),
        ("l'emploi", And((Word("l"), Word("emploi")))),
        ("L’emploi", And((Word("l"), Word("emploi")))),
        ("dell’arte", And((Word("dell"), Word("arte")))),
        ("qu'il", And((Word("qu"), Word("il")))),
        ("it's", Word("it")),
        ("worker´s", Word("worker")),
        ("don't", Phrase(("don", "t"))),
        ("3.2.1", Phrase(("3", "2", "1"))),
        ("v2.1", Phrase(("v2", "1"))),
        ("§ 12", Word("12")),
        ("Art. 5(2)", And((Word("art"), Phrase(("5", "2"))))),
        ("A/HRC/17/31", Phrase(("a", "hrc", "17", "31"))),
        ("24/7", Phrase(("24", "7"))),
        ("his/her", Or((Word("his"), Word("her")))),
        ("migrants/refugees malawi", And((Or((Word("migrants"), Word("refugees"))), Word("malawi")))),
        ("worker(s)", either((Phrase(("worker", "s")), Word("worker"), Word("workers")))),
        ("child(ren)", either((Phrase(("child", "ren")), Word("child"), Word("children")))),
        ("a(b c)", And((A, B, C))),
        ("12/03/2019", Phrase(("12", "03", "2019"))),
        ("2019-03-12", Phrase(("2019", "03", "12"))),
        ("12:30", Phrase(("12", "30"))),
        ("9.30am", Phrase(("9", "30am"))),
        ("1,5", Phrase(("1", "5"))),
        ("$5,000", either((Phrase(("5", "000")), Word("5000")))),
        ("5.000 €", either((Phrase(("5", "000")), Word("5000")))),
        ("£1,234,567.89", either((Phrase(("1", "234", "567", "89")), Phrase(("1", "234", "567")), Word("1234567")))),
        ("U.N.", either((Phrase(("u", "n")), Word("un")))),
        ("(U.S.A.)", either((Phrase(("u", "s", "a")), Word("usa")))),
        ("title:U.N.", either((Phrase(("u", "n"), "title"), Word("un", "title")))),
        ("#ForcedLabour", either((Word("forcedlabour"), Phrase(("forced", "labour"))))),
        ("#childlabour", Word("childlabour")),
        ("@un_women", Phrase(("un", "women"))),
        ("note: draft", And((Word("note"), Word("draft")))),
        ("note:draft", And((Word("note"), Word("draft")))),
        ("Trafficking:What works", And((Word("trafficking"), Word("what"), Word("works")))),
        ("title: a", And((Word("title"), A))),
        ("a :) b", And((A, B))),
        ("[a] {b} <c>", And((A, B, C))),
        ("*word", Word("word")),
        ("organi*ation", either((Phrase(("organi", "ation")), Prefix("organi")))),
        ("wo*rd", Phrase(("wo", "rd"))),
        ("wom?n", either((Phrase(("wom", "n")), Fuzzy("womn", edits=1)))),
        ("labo?r", either((Phrase(("labo", "r")), Fuzzy("labor", edits=1)))),
        ("child 👩‍👧 safety", And((Word("child"), Word("safety")))),
        ("👍", None),
    ],
)
def test_what_people_type_without_knowing_a_language(typed: str, expected: Node | None) -> None:
    assert parse(typed, FACETS) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("traf\u00adficking", Word("trafficking")),
        ("\ufefftraf\u200bficking\u200e", Word("trafficking")),
        ("\u202bحقوق\u202c \u200fالعمال", And((Word("حقوق"), Word("العمال")))),
        ("ภาษา\u200bไทย", And((Word("ภาษา"), Word("ไทย")))),
        ("«حقوق العمال»", Phrase(("حقوق", "العمال"))),
        ("حقوق،عمال؟", And((Word("حقوق"), Word("عمال")))),
        ("人権　報告", And((Phrase(("人権", "権")), Phrase(("報告", "告"))))),
        ("人権、報告。", And((Phrase(("人権", "権")), Phrase(("報告", "告"))))),
        ("ｔｉｔｌｅ：（ａ　ＯＲ　ｂ）", Or((Word("a", "title"), Word("b", "title")))),
        ("ａ ＯＲ ｂ", Or((A, B))),
        ("a\nb\r\n\tc", And((A, B, C))),
        ("a\x00\x02b\x03", And((A, B))),
        ("a\n\nOR\nb", Or((A, B))),
    ],
)
def test_characters_that_are_not_seen_or_only_look_different(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


ADDRESS = Phrase(("example", "org", "report"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("example.org/report", ADDRESS),
        ("example.org/report/", ADDRESS),
        ("https://example.org/report", either((Phrase(("https", "example", "org", "report")), ADDRESS))),
        ("(http://www.example.org/report).", either((Phrase(("http", "www", "example", "org", "report")), ADDRESS))),
        ("www.example.org/report", either((Phrase(("www", "example", "org", "report")), ADDRESS))),
        ("example.org:8080/report", either((Phrase(("example", "org", "8080", "report")), ADDRESS))),
        (
            "example.org/report?utm_source=x&id=5&fbclid=y#top",
            either(
                (
                    Phrase(("example", "org", "report", "utm", "source", "x", "id", "5", "fbclid", "y", "top")),
                    Phrase(("example", "org", "report", "id", "5")),
                )
            ),
        ),
        ("http://localhost:8000/", either((Phrase(("http", "localhost", "8000")), Word("localhost")))),
        ("10.1000/xyz.123", Phrase(("10", "1000", "xyz", "123"))),
        ("doi:10.1000/x1", either((Phrase(("doi", "10", "1000", "x1")), Phrase(("10", "1000", "x1"))))),
        (
            "https://doi.org/10.1000/x1",
            either((Phrase(("https", "doi", "org", "10", "1000", "x1")), Phrase(("10", "1000", "x1")))),
        ),
    ],
)
def test_an_address_finds_the_same_page_however_it_is_written(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


WAYS = (
    "9780306406157",
    "978-0-306-40615-7",
    "978‑0‑306‑40615‑7",
    "978 0 306 40615 7",
    "978–0–306–40615–7",
    "0306406152",
    "0-306-40615-2",
)


@pytest.mark.parametrize("typed", [*WAYS, "ISBN:978-0-306-40615-7", "isbn-13:9780306406157", "ISBN0-306-40615-2"])
def test_the_number_of_a_book_finds_all_ways_to_write_it(typed: str) -> None:
    tree = parse(typed, FACETS)
    assert isinstance(tree, Alternatives)
    written = [tuple(analysis.words(way)) for way in WAYS]
    found = {
        each.words if isinstance(each, Phrase) else (each.text,)
        for each in (tree.typed, *tree.others)
        if isinstance(each, Phrase | Word)
    }
    assert found >= set(written)
    assert len(tree.others) < 20


def test_the_number_of_a_book_stands_among_other_words() -> None:
    tree = parse("recruitment ISBN 978 0 306 40615 7 OR title:0-8044-2957-X", FACETS)
    assert isinstance(tree, Or)
    assert Word("9780306406157") in words_and_phrases(tree)
    assert Word("080442957x", "title") in words_and_phrases(tree)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("978-0-306-40615-8", Phrase(("978", "0", "306", "40615", "8"))),
        ("978 0 306 40615 8", And(tuple(map(Word, ("978", "0", "306", "40615", "8"))))),
        ("0306406153", Word("0306406153")),
        ("9780306406158", Word("9780306406158")),
    ],
)
def test_a_number_with_another_check_digit_is_that_of_no_book(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


@pytest.mark.parametrize(
    ("hyphened", "group"),
    [
        ("978-2-07-036822-8", "2"),
        ("978-3-16-148410-0", "3"),
        ("978-85-359-0277-8", "85"),
        ("978-956-7264-04-9", "956"),
        ("978-9971-5-0210-2", "9971"),
        ("978-0-9767736-6-5", "0"),
        ("979-10-90636-07-1", ""),
    ],
)
def test_hyphens_of_a_number_stand_behind_its_group(hyphened: str, group: str) -> None:
    forms = isbn_forms(hyphened)
    assert hyphened.replace("-", "") in forms
    if group:
        assert hyphened in forms
        assert {form.split("-")[1] for form in forms if form.startswith("978-")} == {group}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2019-2021", either((Phrase(("2019", "2021")), Range("year", 2019, 2021)))),
        ("2019–2021,", either((Phrase(("2019", "2021")), Range("year", 2019, 2021)))),
        ("2019..2021", either((Phrase(("2019", "2021")), Range("year", 2019, 2021)))),
        ("2019-1066", Phrase(("2019", "1066"))),
        ("title:2019-2021", Phrase(("2019", "2021"), "title")),
        ("year:2019-2021", either((FacetValue("year", ("2019", "2021")), Range("year", 2019, 2021)))),
        ("year:2021–2019", either((FacetValue("year", ("2021", "2019")), Range("year", 2019, 2021)))),
        ("year:2019...2021", Range("year", 2019, 2021)),
        ("year:2019…", Range("year", 2019, None)),
        ("year:>2019", Range("year", 2020, None)),
        ("year:>=2019", Range("year", 2019, None)),
        ("year:<2019", Range("year", None, 2018)),
        ("year:<=2019", Range("year", None, 2019)),
        ("year:2019,2021", Or((FacetValue("year", ("2019",)), FacetValue("year", ("2021",))))),
    ],
)
def test_a_span_of_years_is_one_of_these_years_or_written_so(typed: str, expected: Node) -> None:
    assert parse(typed, FACETS) == expected


def test_a_span_of_years_is_words_where_there_is_no_facet_of_years() -> None:
    assert parse("2019-2021", ("type",)) == Phrase(("2019", "2021"))


def test_a_pasted_citation_is_its_words() -> None:
    tree = parse(
        "Smith, J. & O'Brien, K. (2019). “Forced labour in supply chains: what works?”\n"
        "Journal of Human Rights, 12(3), 45–67. https://doi.org/10.1000/jhr.45",
        FACETS,
    )
    assert isinstance(tree, And)
    assert Phrase(("forced", "labour", "in", "supply", "chains", "what", "works")) in tree.children
    assert Phrase(("12", "3")) in tree.children
    assert Phrase(("45", "67")) in tree.children
    assert Phrase(("10", "1000", "jhr", "45")) in words_and_phrases(tree)


def words_and_phrases(node: Node | None) -> list[Node]:
    match node:
        case And(children) | Or(children):
            return [each for child in children for each in words_and_phrases(child)]
        case Alternatives(typed, others):
            return [each for child in (typed, *others) for each in words_and_phrases(child)]
        case None:
            return []
        case _:
            return [node]


PARTS = (
    *("alpha", "Beta", "gamma", "été", "人権", "حقوق", "2019", "2021", "5,000", "978-0-306-40615-7", "U.N.", "x"),
    *(
        '"',
        "“",
        "”",
        "„",
        "«",
        "»",
        "‘",
        "’",
        "「",
        "」",
        "'",
        "(",
        ")",
        "[",
        "-",
        "–",
        "—",
        "_",
        "/",
        "\\",
        "|",
        "&",
        "+",
    ),
    *(
        "*",
        "~",
        "~2",
        "?",
        "!",
        ".",
        "..",
        "…",
        ",",
        ":",
        ";",
        "#",
        "@",
        "$",
        "€",
        "§",
        " ",
        " ",
        " ",
        "\n",
        "　",
        "：",
        "\u200b",
    ),
    *("title:", "type:", "year:", "note:", "https://", "www.", "example.org/", "10.1000/", "doi:", "ISBN", "👍"),
)
OPERATORS = frozenset(("and", "or", "not"))
NOT_LOOKED_UP = frozenset(("title", "type", "year", "2"))
"""The names of fields, and how many letters of "word~2" may be wrong."""


@given(st.lists(st.sampled_from(PARTS), max_size=40))
def test_no_word_is_lost_in_anything_that_people_may_type(parts: list[str]) -> None:
    typed = "".join(parts)
    visible = typed.replace("\u200b", "")
    lost = set(analysis.words(visible)) - set(words_of(parse(typed, FACETS))) - NOT_LOOKED_UP
    assert not lost


@given(
    st.lists(st.sampled_from(("alpha", "beta", "AND", "OR", "NOT", "&&", "|", "(", ")", "-", "+", '"')), max_size=30)
)
def test_no_word_is_lost_among_operators(parts: list[str]) -> None:
    typed = " ".join(parts)
    tree = parse(typed, FACETS)
    assert set(analysis.words(typed)) - OPERATORS <= set(words_of(tree))


@given(st.text(max_size=200))
def test_no_text_at_all_raises(typed: str) -> None:
    tree = parse(typed, FACETS)
    assert (tree is None) == (words_of(tree) == [])


HOSTILE = [
    *(
        '"',
        "“",
        "‘",
        "-",
        "(",
        ")",
        "*",
        "~",
        "a:",
        "title:",
        "a.",
        "a/",
        "utm_",
        "978-",
        "#A",
        "|",
        "a(",
        "'",
        "l'",
        ",",
    ),
    *('-"', 'title:"', "a(b)", "NOT ", "OR ", "(-", 'a "', "a. ", "...", "?a", "aB", "www.", "10.1000/", "1,000", "「"),
]


@pytest.mark.parametrize("part", HOSTILE)
def test_a_hostile_query_takes_no_more_than_its_length(part: str) -> None:
    def seconds(length: int) -> float:
        typed = (part * length)[:length]
        began = time.process_time()
        parse(typed, FACETS)
        return time.process_time() - began

    seconds(100)
    # Were it quadratic, the longer one would take a second and more; it takes some hundredths.
    assert min(seconds(20_000) for _ in range(2)) < 0.8
