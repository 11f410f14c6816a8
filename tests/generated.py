"""Generated documents and queries: few words, so that they meet often."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from indexer.index.query import Alternatives, And, FacetValue, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Range, Word
from indexer.index.schema import TEXT_FIELDS, Attachment, Document, FileMetadata, Locator, Page, Resource, Unit

# "recruiting" is "recruit" in English and stays in French, so one word of a query may stand for both in one text.
VOCABULARY = ["rights", "labour", "the", "droits", "recruiting", "recruiter", "recruit", "right", "2021", "été"]
VOCABULARY += ["日本語", "2021年日本"]
TAGS = ["Global", "Malawi", "Forced labour", "droits 2021", "日本語"]

texts = st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join)
pages = st.lists(texts, max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    files = draw(st.lists(pages, max_size=2))
    attachments = tuple(
        Attachment(
            name=f"{n}.pdf",
            path=f"{n}.pdf",
            format="pdf",
            size=1,
            locators=tuple(Locator(str(p + 1), Unit.PAGE) for p in range(len(file))),
            metadata=FileMetadata(language=draw(st.sampled_from(["", "en", "fr", "es"]))),
        )
        for n, file in enumerate(files)
    )
    facets = {
        "tag": tuple(draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=3))),
        "year": tuple(draw(st.lists(st.sampled_from(["2019", "2020", "2021", "20 20", "²"]), unique=True, max_size=2))),
    }
    day = draw(st.none() | st.dates(date(2019, 1, 1), date(2021, 1, 1)))
    resource = Resource(
        id="",
        title=draw(texts),
        summary=draw(texts),
        date=day,
        language=draw(st.sampled_from(["en", "fr"])),
        facets={name: values for name, values in facets.items() if values},
        attachments=attachments,
    )
    contents = tuple(tuple(Page(Locator(str(n + 1)), text) for n, text in enumerate(file)) for file in files)
    return Document(resource, draw(texts), contents)


fields = st.sampled_from(["", "", *TEXT_FIELDS])
words = st.sampled_from(
    ["rights", "labour", "the", "droits", "recruited", "recruiting", "recruiter", "2021", "ete", "absent"]
) | st.sampled_from(["日本", "本", "本語", "語"])


def plain_leaves(words: st.SearchStrategy[str]) -> st.SearchStrategy[Node]:
    """Return leaves that stock Whoosh knows, too, made of these words."""
    return (
        st.builds(Word, words, fields)
        | st.builds(Phrase, st.lists(words, min_size=2, max_size=3).map(tuple), fields)
        | st.builds(Prefix, st.sampled_from(["r", "re", "lab", "labou", "recruiting", "20", "et", "zz"]), fields)
        | st.builds(Fuzzy, words | st.sampled_from(["right", "droit", "labbour", "x"]), fields, st.integers(1, 2))
        | st.builds(
            FacetValue, st.just("tag"), st.sampled_from([("labour",), ("global",), ("droits", "2021"), ("none",)])
        )
        | st.builds(FacetValue, st.just("tag"), st.sampled_from([("日本", "本"), ("本",), ("日",), ("本語", "語")]))
    )


def trees_of(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Return queries made of these leaves."""
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
            | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
            | st.builds(Not, inner)
        ),
        max_leaves=5,
    )


leaves = (
    plain_leaves(words)
    | st.builds(Near, st.lists(words, min_size=2, max_size=3, unique=True).map(tuple), st.integers(0, 4), fields)
    | st.builds(Range, st.just("year"), st.sampled_from([None, 2019, 2020]), st.sampled_from([None, 2020, 2021]))
)
wordings = leaves | st.builds(And, st.lists(leaves, min_size=2, max_size=2).map(tuple))
trees = trees_of(leaves | st.builds(Alternatives, wordings, st.lists(wordings, max_size=2).map(tuple)))


def numbered(found: list[Document], first: int = 0) -> list[Document]:
    return [replace(each, resource=replace(each.resource, id=f"r{number}")) for number, each in enumerate(found, first)]
