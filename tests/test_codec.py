"""Stock Whoosh opens what we write: it finds, counts, sorts and groups the same resources, and may change nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from itertools import product
from pathlib import Path
from unittest import mock

import pytest
import whoosh.index
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields as whoosh_fields
from whoosh import query as whoosh_query
from whoosh.filedb.filestore import RamStorage, ReadOnlyError, StorageError, copy_to_ram
from whoosh.qparser import MultifieldParser, QueryParser
from whoosh.sorting import FieldFacet, MultiFacet

from indexer.index import analysis
from indexer.index.characters import is_character
from indexer.index.engine import IndexUnreadable
from indexer.index.query import And, FacetValue, Fuzzy, Node, Not, Or, Phrase, Prefix, Word
from indexer.index.schema import TEXT_FIELDS, Attachment, Document, Locator, Page, Resource
from indexer.index.whoosh.codec import write_table_of_contents
from indexer.index.whoosh.codec_matcher import PostingsMatcher
from indexer.index.whoosh.fields import QueryAnalyzer, make_schema
from indexer.index.whoosh.layout import GAP, arrays_name
from tests.generated import TAGS, VOCABULARY, documents, numbered, plain_leaves, trees_of
from tests.plain_evaluation import PlainIndex, runs_of
from tests.published import Additions, write_generations

FACETS = ("tag", "year")


write = partial(write_generations, facets=FACETS)


@contextmanager
def opened(*generations: Additions, growth: int = 4) -> Iterator[whoosh.index.Index]:
    folder = Path(tempfile.mkdtemp())
    try:
        yield whoosh.index.open_dir(str(write(folder, *generations, growth=growth)))
    finally:
        shutil.rmtree(folder)


def document(identifier: str, title: str = "", body: str = "", day: date | None = None, **facets: str) -> Document:
    values = {name: tuple(joined.split("|")) for name, joined in facets.items()}
    return Document(Resource(identifier, title, date=day, facets=values), body)


def found(searcher: whoosh.searching.Searcher, query: whoosh_query.Query, **options: object) -> list[str]:
    return [hit["id"] for hit in searcher.search(query, limit=None, **options)]


def sizes(groups: Mapping[object, Sequence[int]]) -> dict[object, int]:
    return {value: len(numbers) for value, numbers in groups.items()}


words = st.sampled_from(["rights", "labour", "droits", "recruited", "recruiting", "recruiter", "2021", "ete", "absent"])
trees = trees_of(plain_leaves(words))


def translated(node: Node, languages: Sequence[str]) -> whoosh_query.Query:
    """Return a query of ours as one of Whoosh's own."""
    match node:
        case And(children):
            return whoosh_query.And([translated(child, languages) for child in children])
        case Or(children):
            return whoosh_query.Or([translated(child, languages) for child in children])
        case Not(child):
            return whoosh_query.And([whoosh_query.Every(), whoosh_query.Not(translated(child, languages))])
        case FacetValue(facet, wanted):
            sought = f" {' '.join(wanted)}{'' if is_character(wanted[-1]) else ' '}"
            meant = [tag for tag in TAGS if sought in f" {' '.join(analysis.words(tag))} "]
            return whoosh_query.Or([whoosh_query.Term(facet, tag) for tag in meant])
        case Phrase(wanted, name):
            forms = [analysis.variants(word, languages) for word in wanted]
            phrases = [list(each) for each in product(*forms)]
            return whoosh_query.Or([whoosh_query.Phrase(f, each) for f in names(name) for each in phrases])
        case Word(text, name) | Prefix(text, name) | Fuzzy(text, name):
            forms_of_word = analysis.variants(text, languages)
            parts = [whoosh_query.Term(f, form) for f in names(name) for form in forms_of_word]
            if isinstance(node, Prefix):
                begun = analysis.beginnings(text, languages)
                parts += [whoosh_query.Prefix(f, each) for f in names(name) for each in begun]
            if isinstance(node, Fuzzy):
                fuzzy = [(f, form) for f in names(name) for form in forms_of_word]
                parts += [whoosh_query.FuzzyTerm(f, form, maxdist=node.edits, prefixlength=0) for f, form in fuzzy]
            return whoosh_query.Or(parts)
        case _:
            raise AssertionError(f"{node} is not generated here")


def names(field: str) -> Sequence[str]:
    return (field,) if field else TEXT_FIELDS


@settings(max_examples=40)
@given(
    st.lists(documents(), max_size=6),
    st.lists(documents(), max_size=3),
    st.sets(st.integers(0, 5)),
    st.lists(trees, min_size=5, max_size=7),
    st.sampled_from([0, 1, 1_000]),
)
def test_whoosh_finds_what_a_plain_evaluation_finds(
    first: list[Document], second: list[Document], gone: set[int], queries: list[Node], growth: int
) -> None:
    before, after = numbered(first), numbered(second, 100)
    removed = [f"r{number}" for number in gone if number < len(first)]
    plain = PlainIndex([each for each in before + after if each.resource.id not in removed])
    with opened((before, []), (after, removed), growth=growth) as index, index.searcher() as searcher:
        assert index.doc_count() == len(plain.documents)
        assert {stored["id"] for stored in searcher.documents()} == {each.resource.id for each in plain.documents}
        for node in queries:
            matching = set(plain.evaluate(node))
            query = translated(node, plain.languages)
            assert set(found(searcher, query)) == matching
            assert {searcher.stored_fields(number)["id"] for number in query.docs(searcher)} == matching


# Whoosh's own lengths are approximate from eleven terms on.
titles = st.lists(st.sampled_from([word for word in VOCABULARY if len(analysis.words(word)) == 1]), max_size=4).map(
    " ".join
)
title_queries = st.recursive(
    st.builds(lambda word: whoosh_query.Term("title", analysis.terms(word, "en")[0]), st.sampled_from(VOCABULARY))
    | st.builds(lambda text: whoosh_query.Prefix("title", text, constantscore=False), st.sampled_from(["r", "re", "l"]))
    | st.just(whoosh_query.Phrase("title", ["right", "labor"])),
    lambda inner: (
        st.builds(whoosh_query.And, st.lists(inner, min_size=2, max_size=3))
        | st.builds(whoosh_query.Or, st.lists(inner, min_size=2, max_size=3))
        | st.builds(whoosh_query.AndMaybe, inner, inner)
    ),
    max_leaves=4,
)


@settings(max_examples=50)
@given(st.lists(titles, min_size=1, max_size=12), st.lists(title_queries, min_size=4, max_size=6))
def test_whoosh_scores_as_over_its_own_postings(texts: list[str], queries: list[whoosh_query.Query]) -> None:
    theirs = RamStorage().create_index(whoosh_fields.Schema(title=whoosh_fields.TEXT(analyzer=QueryAnalyzer("en"))))
    target = theirs.writer()
    for text in texts:
        target.add_document(title=text)
    target.commit()
    ours = opened(([document(f"r{number}", text) for number, text in enumerate(texts)], []))
    with ours as index, index.searcher() as searcher, theirs.searcher() as reference:
        for query in queries:
            expected = dict(reference.search(query, limit=None).items())
            assert dict(searcher.search(query, limit=None).items()) == pytest.approx(expected)


@given(st.integers(300, 700), st.data())
@settings(max_examples=15)
def test_the_best_are_found_when_blocks_of_postings_are_passed_over(count: int, data: st.DataObject) -> None:
    often = data.draw(st.dictionaries(st.integers(0, count - 1), st.integers(2, 30), max_size=6))
    rare = data.draw(st.sets(st.integers(0, count - 1), max_size=8))
    added = [
        document(f"r{n}", body="labour " * often.get(n, 1) + "rights " * (n in rare) + "filler " * (n % 7))
        for n in range(count)
    ]
    queries = [
        whoosh_query.Term("body", "labor"),
        whoosh_query.Or([whoosh_query.Term("body", "labor"), whoosh_query.Term("body", "right")]),
        whoosh_query.And([whoosh_query.Term("body", "labor"), whoosh_query.Term("body", "right")]),
    ]
    with opened((added, ["r1"])) as index, index.searcher() as searcher:
        for query in queries:
            every = searcher.search(query, limit=None, optimize=False)
            best = searcher.search(query, limit=3)
            assert [score for score, _ in best.top_n] == pytest.approx([score for score, _ in every.top_n[:3]])


def test_few_are_scored_when_the_best_come_first(tmp_path: Path) -> None:
    added = [document(f"r{n}", body="labour " * (n if n < 20 else 1) + "filler") for n in range(1_000)]
    with whoosh.index.open_dir(str(write(tmp_path, (added, [])))).searcher() as searcher:
        with mock.patch.object(PostingsMatcher, "score", autospec=True, side_effect=PostingsMatcher.score) as score:
            results = searcher.search(whoosh_query.Term("body", "labor"), limit=10)
        assert [hit["id"] for hit in results] == [f"r{n}" for n in range(19, 9, -1)]
        assert score.call_count < 100


def positions_of(each: Document, name: str) -> dict[str, list[int]]:
    """Return the terms of a field with their positions, straight from their definition."""
    found: dict[str, list[int]] = {}
    position = 0
    for run in runs_of(each)[name]:
        for place, term in enumerate(run):
            found.setdefault(term, []).append(position + place)
        position += len(run) + (GAP if name in ("keywords", "attachments") else 0)
    return found


@settings(max_examples=30)
@given(st.lists(documents(), min_size=1, max_size=4), st.lists(documents(), max_size=3), st.sampled_from([0, 1_000]))
def test_terms_frequencies_lengths_and_positions_are_those_of_the_texts(
    first: list[Document], second: list[Document], growth: int
) -> None:
    everything = [*numbered(first), *numbered(second, 100)]
    with opened((everything[: len(first)], []), (everything[len(first) :], []), growth=growth) as index:
        reader = index.reader()
        for name in TEXT_FIELDS:
            expected = [positions_of(each, name) for each in everything]
            lengths = [sum(map(len, terms.values())) for terms in expected]
            assert [reader.doc_field_length(number, name) for number in range(len(everything))] == lengths
            assert (reader.field_length(name), reader.max_field_length(name)) == (sum(lengths), max(lengths))
            assert reader.min_field_length(name) == min(lengths)
            vocabulary = sorted({term for terms in expected for term in terms})
            assert [term.decode() for term in reader.lexicon(name)] == vocabulary
            for term in vocabulary:
                holders = {number: terms[term] for number, terms in enumerate(expected) if term in terms}
                info = reader.term_info(name, term)
                assert (info.weight(), info.doc_frequency()) == (sum(map(len, holders.values())), len(holders))
                assert (info.min_id(), info.max_id()) == (min(holders), max(holders))
                assert info.max_weight() == max(map(len, holders.values()))
                assert info.min_length() == min(lengths[number] for number in holders)
                assert info.max_length() == max(lengths[number] for number in holders)
                assert reader.frequency(name, term) == info.weight()
                assert reader.doc_frequency(name, term) == info.doc_frequency()
                assert dict(reader.postings(name, term).items_as("positions")) == holders
                frequencies = {number: len(positions) for number, positions in holders.items()}
                assert dict(reader.postings(name, term).items_as("frequency")) == frequencies
        reader.close()


def test_all_terms_come_sorted_by_field_with_what_is_known_of_them(tmp_path: Path) -> None:
    added = [document("a", "Labour rights", tag="Malawi", day=date(2020, 1, 1)), document("b", "Rights", tag="Chad")]
    reader = whoosh.index.open_dir(str(write(tmp_path, (added, [])))).reader()
    terms = [term for term in reader.all_terms() if term[0] != "date"]
    assert terms == [
        ("id", b"a"),
        ("id", b"b"),
        ("keywords", b"chad"),
        ("keywords", b"malawi"),
        ("language", b"en"),
        ("tag", b"Chad"),
        ("tag", b"Malawi"),
        ("title", b"labor"),
        ("title", b"right"),
    ]
    assert [(term, info.doc_frequency()) for term, info in reader.iter_from("title", "m")] == [(("title", b"right"), 2)]
    assert [term for term, _ in reader if term[0] == "tag"] == [("tag", b"Chad"), ("tag", b"Malawi")]
    assert list(reader.expand_prefix("title", "ri")) == [b"right"]
    assert set(reader.indexed_field_names()) == {"id", "language", "date", *FACETS, *TEXT_FIELDS}
    assert reader.doc_frequency("title", "absent") == reader.frequency("title", "absent") == 0
    with pytest.raises(whoosh.reading.TermNotFound):
        reader.postings("title", "absent")


def test_a_cursor_stands_at_the_first_term_that_is_not_below(tmp_path: Path) -> None:
    generation = write(tmp_path, ([document("a", "été labour ox")], []))
    cursor = whoosh.index.open_dir(str(generation)).reader().cursor("title")
    assert (cursor.first(), cursor.text(), cursor.is_valid()) == ("ete", "ete", True)
    assert (cursor.next(), cursor.find("m"), cursor.term_info().doc_frequency()) == ("labor", "ox", 1)
    assert (cursor.next(), cursor.text(), cursor.term(), cursor.term_info()) == (None, None, None, None)
    assert not cursor.is_valid()


def test_misspelled_words_are_corrected_from_the_terms(tmp_path: Path) -> None:
    added = [document("a", body="labour migration"), document("b", body="labour rights")]
    with whoosh.index.open_dir(str(write(tmp_path, (added, [])))).searcher() as searcher:
        assert searcher.suggest("body", "labuor") == ["labor"]


DATED = [
    document("old", "Zebra", "fair wages", day=date(1999, 12, 31), tag="Forced labour|Chad"),
    document("new", "apple", day=date(2021, 5, 6), tag="Malawi"),
    document("none", "Élan"),
    document("first", "Market", day=date(1, 1, 1), tag="Chad"),
]


@pytest.mark.parametrize("growth", [0, 1_000], ids=["two segments", "one segment"])
def test_whoosh_sorts_and_groups_by_columns(tmp_path: Path, growth: int) -> None:
    generation = write(tmp_path, (DATED[:2], []), (DATED[2:], []), growth=growth)
    every = whoosh_query.Every()
    with whoosh.index.open_dir(str(generation)).searcher() as searcher:
        assert found(searcher, every, sortedby="date") == ["none", "first", "old", "new"]
        assert found(searcher, every, sortedby=FieldFacet("date", reverse=True)) == ["new", "old", "first", "none"]
        assert found(searcher, every, sortedby="title") == ["new", "none", "first", "old"]
        assert found(searcher, every, sortedby=FieldFacet("title", reverse=True)) == ["old", "first", "none", "new"]
        by_tag = MultiFacet([FieldFacet("tag", reverse=True), FieldFacet("id")])
        assert found(searcher, every, sortedby=by_tag) == ["new", "first", "old", "none"]
        groups = searcher.search(every, limit=None, groupedby=["tag", "date", "language"])
        assert sizes(groups.groups("tag")) == {"Chad": 2, "Malawi": 1, None: 1}
        assert set(groups.groups("date")) == {datetime(1999, 12, 31), datetime(2021, 5, 6), datetime(1, 1, 1), None}
        assert sizes(groups.groups("language")) == {"en": 4}
        overlapping = searcher.search(every, limit=None, groupedby=FieldFacet("tag", allow_overlap=True)).groups()
        assert sizes(overlapping) == {"Forced labour": 1, "Chad": 2, "Malawi": 1, None: 1}
        tags, titles = (searcher.reader().column_reader(name) for name in ("tag", "title"))
        assert [tags[number] for number in range(4)] == ["Chad", "Malawi", None, "Chad"]
        assert [titles[number] for number in range(4)] == ["zebra", "apple", "elan", "market"]


def test_documents_show_what_is_stored_of_them(tmp_path: Path) -> None:
    resource = Resource(
        "a/b", "Été", "About it", date(2020, 2, 29), "fr", facets={"tag": ("Zebra", "Chad"), "other": ("x",)}
    )
    generation = write(tmp_path, ([Document(resource), document("c")], []))
    with whoosh.index.open_dir(str(generation)).searcher() as searcher:
        assert searcher.document(id="a/b") == {
            "id": "a/b",
            "title": "Été",
            "summary": "About it",
            "language": "fr",
            "date": datetime(2020, 2, 29),
            "tag": ["Zebra", "Chad"],
        }
        assert searcher.document(id="c") == {"id": "c", "language": "en"}
        assert [stored["id"] for stored in searcher.documents(language="fr")] == ["a/b"]
        assert [stored["id"] for stored in searcher.documents(tag="Chad")] == ["a/b"]
        assert searcher.document(id="absent") is None


def test_deleted_documents_are_gone_and_replaced_ones_are_new(tmp_path: Path) -> None:
    before = [document(f"r{number}", f"Labour {number}", tag="Chad") for number in range(5)]
    after = [document("r1", "Rights", tag="Malawi")]
    generation = write(tmp_path, (before, []), (after, ["r1", "r3"]), growth=0)
    with whoosh.index.open_dir(str(generation)).searcher() as searcher:
        reader = searcher.reader()
        assert (reader.doc_count(), reader.doc_count_all(), reader.has_deletions()) == (4, 6, True)
        assert [number for number in range(6) if reader.is_deleted(number)] == [1, 3]
        assert [stored["id"] for stored in reader.all_stored_fields()] == ["r0", "r2", "r4", "r1"]
        assert list(reader.all_doc_ids()) == [0, 2, 4, 5]
        assert found(searcher, whoosh_query.Term("title", "labor")) == ["r0", "r2", "r4"]
        assert found(searcher, whoosh_query.Term("tag", "Chad")) == ["r0", "r2", "r4"]
        assert searcher.document(id="r1")["title"] == "Rights"
        assert searcher.document(id="r3") is None


@given(st.dates(), st.dates(), st.dates())
@settings(max_examples=40)
def test_dates_stand_as_the_terms_of_a_date_and_are_found_in_ranges(day: date, one: date, other: date) -> None:
    midnight = datetime(day.year, day.month, day.day)
    theirs = sorted(term for term, *_ in whoosh_fields.DATETIME().index(midnight))
    start, end = (datetime(each.year, each.month, each.day) for each in sorted([one, other]))
    with opened(([document("a", day=day), document("b")], [])) as index, index.searcher() as searcher:
        assert list(searcher.lexicon("date")) == theirs
        matching = ["a"] if start <= midnight <= end else []
        assert found(searcher, whoosh_query.DateRange("date", start, end)) == matching


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("recruiting workers", ["a"]),
        ('"recruitment of workers"', ["a"]),
        ("workers NOT recruit", ["b"]),
        ("workers", ["a", "b"]),
        ("MIGR*", ["c"]),
        ("éL*", ["c"]),
        ("M?gr*", ["c"]),
        ("co-operate", ["c"]),
        ("operate-co", []),
        ("tag:'Forced labour'", ["a"]),
        ('tag:"Forced labour" workers', ["a"]),
        ("year:[2019 TO 2020]", ["a", "b"]),
        ("date:2020", ["b"]),
        ("date:[201901 TO 201912]", ["a"]),
        ("*:*", ["a", "b", "c"]),
        ("tag:*", ["a", "c"]),
    ],
)
def test_whoosh_parses_queries_with_our_terms(tmp_path: Path, typed: str, expected: list[str]) -> None:
    added = [
        document("a", "Recruitment of workers", day=date(2019, 3, 4), tag="Forced labour", year="2019"),
        document("b", "A worker", day=date(2020, 12, 31), year="2020"),
        document("c", "Migration électorale", "They co-operate", tag="Chad", year="2021"),
    ]
    index = whoosh.index.open_dir(str(write(tmp_path, (added, []))))
    with index.searcher() as searcher:
        query = MultifieldParser(["title", "body"], index.schema).parse(typed)
        assert sorted(found(searcher, query)) == expected


def test_an_index_opens_with_a_schema_as_without(tmp_path: Path) -> None:
    generation = write(tmp_path, (DATED, []))
    stock = whoosh_fields.Schema(
        id=whoosh_fields.ID(stored=True),
        title=whoosh_fields.TEXT(analyzer=QueryAnalyzer("en"), sortable=True),
        body=whoosh_fields.TEXT(chars=True),
        date=whoosh_fields.DATETIME(sortable=True),
        tag=whoosh_fields.KEYWORD,
        unknown=whoosh_fields.TEXT,
    )
    for schema in [None, make_schema("en", FACETS), stock]:
        index = whoosh.index.open_dir(str(generation), schema=schema)
        with index.searcher() as searcher:
            assert found(searcher, QueryParser("title", index.schema).parse("zebras")) == ["old"]
            assert found(searcher, whoosh_query.Term("tag", "Chad"), sortedby="title") == ["first", "old"]
            assert found(searcher, whoosh_query.Every(), sortedby=FieldFacet("title", reverse=True))[0] == "old"
            newest = found(searcher, whoosh_query.Every(), sortedby=FieldFacet("date", reverse=True))
            assert [identifier for identifier in newest if identifier != "none"] == ["new", "old", "first"]
            assert set(searcher.document(id="old")) <= {*index.schema.names()}
    with whoosh.index.open_dir(str(generation), schema=stock).searcher() as searcher:
        assert found(searcher, whoosh_query.Phrase("body", ["fair", "wage"])) == ["old"]
        assert found(searcher, whoosh_query.Term("unknown", "x")) == []
        assert list(searcher.lexicon("unknown")) == []
        assert searcher.reader().cursor("unknown").text() is None


def test_a_facet_takes_the_place_of_the_field_whose_name_it_bears(tmp_path: Path) -> None:
    added = [document("a", day=date(2020, 1, 1), language="fr|en", date="spring"), document("b", date="autumn")]
    index = whoosh.index.open_dir(str(write(tmp_path, (added, []), facets=["language", "date"])))
    with index.searcher() as searcher:
        assert found(searcher, whoosh_query.Term("language", "fr")) == ["a"]
        assert found(searcher, whoosh_query.Every(), sortedby="date") == ["b", "a"]
        assert searcher.document(id="a") == {"id": "a", "language": ["fr", "en"], "date": ["spring"]}
        assert searcher.document(id="b") == {"id": "b", "date": ["autumn"]}


def test_facet_values_are_found_in_segments_that_did_not_bring_them(tmp_path: Path) -> None:
    generations: list[Additions] = [
        ([document("a", tag="Malawi|Chad")], []),
        ([document("b", tag="Chad")], []),
        ([document("c", tag="Angola|Malawi"), document("d")], []),
    ]
    with whoosh.index.open_dir(str(write(tmp_path, *generations, growth=0))).searcher() as searcher:
        assert len(searcher.leaf_searchers()) == 3
        assert list(searcher.lexicon("tag")) == [b"Angola", b"Chad", b"Malawi"]
        assert found(searcher, whoosh_query.Term("tag", "Malawi")) == ["a", "c"]
        assert found(searcher, whoosh_query.Every(), sortedby="tag") == ["d", "c", "a", "b"]


def test_no_phrase_spans_two_values_or_two_files(tmp_path: Path) -> None:
    names = ("one.txt", "two.txt")
    files = tuple(Attachment(name, name, "txt", 1, (Locator(), Locator())) for name in names)
    resource = Resource("a", "A", facets={"tag": ("Forced", "labour market")}, attachments=files)
    pages = ((Page(Locator(), "fair"), Page(Locator(), "wages")), (Page(Locator(), "paid"),))
    generation = write(tmp_path, ([Document(resource, "", pages)], []))
    with whoosh.index.open_dir(str(generation)).searcher() as searcher:
        assert found(searcher, whoosh_query.Phrase("keywords", ["labor", "market"])) == ["a"]
        assert found(searcher, whoosh_query.Phrase("keywords", ["forc", "labor"], slop=50)) == []
        assert found(searcher, whoosh_query.Phrase("attachments", ["fair", "wage"])) == ["a"]
        assert found(searcher, whoosh_query.Phrase("attachments", ["wage", "paid"], slop=50)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda index: index.writer(),
        lambda index: index.writer(procs=2),
        lambda index: index.optimize(),
        lambda index: index.delete_by_term("id", "old"),
        lambda index: index.reader().codec().per_document_writer(None, None),
    ],
    ids=["writer", "several processes", "optimize", "delete", "codec"],
)
def test_a_writer_is_refused_with_the_way_out(tmp_path: Path, change: Callable[[whoosh.index.Index], object]) -> None:
    generation = write(tmp_path, (DATED, []))
    with pytest.raises(ReadOnlyError, match="handlist build"):
        change(whoosh.index.open_dir(str(generation)))
    assert whoosh.index.open_dir(str(generation)).doc_count() == 4


@pytest.mark.parametrize("member", ["id", "title", "date", "tag"])
def test_nothing_can_be_added_to_an_empty_index(tmp_path: Path, member: str) -> None:
    index = whoosh.index.open_dir(str(write(tmp_path, ([], []))))
    assert (index.doc_count(), index.is_empty()) == (0, True)
    target = index.writer()
    with pytest.raises(ReadOnlyError, match="handlist build"):
        target.add_document(**{member: "x"})
    target.cancel()


def test_a_second_table_of_contents_replaces_the_first(tmp_path: Path) -> None:
    generation = write(tmp_path, (DATED, []))
    index = whoosh.index.open_dir(str(generation))
    searcher = index.searcher()
    write_table_of_contents(generation, "en", FACETS)
    (table,) = generation.glob("*.toc")
    assert table.stat().st_size < 5_000
    assert not searcher.up_to_date()
    assert searcher.refresh().doc_count() == whoosh.index.open_dir(str(generation)).doc_count() == 4


def test_damaged_arrays_are_told_by_the_name_of_their_file(tmp_path: Path) -> None:
    generation = write(tmp_path, (DATED, []))
    (arrays,) = generation.glob(arrays_name("*"))
    arrays.write_bytes(arrays.read_bytes()[:-10])
    with pytest.raises(IndexUnreadable, match=arrays.name):
        whoosh.index.open_dir(str(generation)).searcher()


def test_an_index_is_not_read_from_a_copy_in_memory(tmp_path: Path) -> None:
    index = whoosh.index.open_dir(str(write(tmp_path, (DATED, []))))
    copied = copy_to_ram(index.storage).open_index()
    with pytest.raises(StorageError, match="folder"):
        copied.searcher()
