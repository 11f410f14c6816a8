"""The JSON answers: their shape, declared once, and how a search becomes one.

The terminal prints the same JSON, and the API's description is made from these types: see `webapp.openapi`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, TypedDict

from indexer.index import formats, languages
from indexer.index.engine import Engine, Facet, FacetCount, Hit, Match, Suggestion, SuggestionKind
from indexer.index.ledger import FileReport
from indexer.index.manifest import FacetInfo
from indexer.index.schema import Resource
from webapp.addresses import passage_url, resource_url, search_url, value_url
from webapp.arguments import CoverageQuestion, Question
from webapp.coverage import fitting, packages
from webapp.facets import facet_info
from webapp.labels import TAG_FACETS, choice_label, facet_label, format_name, place, said, value_label
from webapp.search import SearchPage
from webapp.values import ValuesPage

_UNTOLD = TAG_FACETS | {languages.FACET, formats.FACET}
_MOST_FACTS = 4


class MatchAnswer(TypedDict):
    """One place where the query matched."""

    where: Annotated[str, "title, summary, keywords (the values of all facets, tags among them), body or attachment."]
    file: Annotated[str, "The attachment's name; empty elsewhere."]
    format: Annotated[str, "What people call its format: PDF, Word; empty elsewhere."]
    page: Annotated[int, "The attachment's page, slide or sheet, counted from 1; 0 elsewhere."]
    label: Annotated[str, "What readers call that page."]
    unit: Annotated[str, "What such a page is: page, slide, sheet, chapter, section or part; empty elsewhere."]
    within: Annotated[str, "The file inside the attachment that the page belongs to; mostly empty."]
    ocr: Annotated[bool, "Whether the text was recognised in a picture and may hold errors."]
    place: Annotated[str, "The place in the words of the pages: PDF, p. 12; empty in the texts of the resource itself."]
    url: Annotated[str, "The address that opens the place, relative to the server."]
    excerpt: Annotated[list[tuple[str, bool]], "The text in segments, each with whether it matches."]


class ResourceAnswer(TypedDict):
    """One resource of the library."""

    id: str
    title: str
    url: Annotated[str, "The address of the resource's page, relative to the server."]
    summary: str
    date: Annotated[str | None, "The day it was published, as YYYY-MM-DD."]
    language: Annotated[str, "An ISO 639-1 code."]
    facets: Annotated[dict[str, list[str]], "Each facet's name with the resource's values."]


class ResultAnswer(ResourceAnswer):
    """One resource that was found."""

    pinned: Annotated[bool, "Whether the library recommends it for this query, whose words it need not hold."]
    matches: Annotated[list[MatchAnswer], "The best places where the query matched, best first."]
    pages_matched: Annotated[int, "How many pages of attachments hold a match, listed or not."]
    missing: Annotated[list[str], "What of the query the resource lacks; empty when it holds all of it."]
    facts: Annotated[list[str], "What readers are told first: its types, publisher, year; at most two values of each."]


class RelativeAnswer(ResourceAnswer):
    """One resource that is like another one."""

    score: Annotated[float, "How much it has of what tells what the other one is about; 1 is all of it."]


class SimilarAnswer(TypedDict):
    """Resources like one, the most alike first; none when there are none like it."""

    results: list[RelativeAnswer]


class FacetAnswer(TypedDict):
    """A value of a facet with the number of results it has."""

    value: Annotated[str, "Of a hierarchical facet a path; of one of numbers maybe a chosen range, as 2019..2021."]
    label: str
    count: int
    selected: bool


class ChangeAnswer(TypedDict):
    """A word that was taken for another one."""

    typed: str
    meant: Annotated[str, "As the library mostly writes it."]


class CorrectionAnswer(TypedDict):
    """What was searched for instead of what was typed."""

    text: Annotated[str, "The query with the words that were meant. With verbatim=1 nothing is corrected."]
    changes: list[ChangeAnswer]


class ProposalAnswer(TypedDict):
    """What may have been meant."""

    text: str
    total: Annotated[int, "How many results it has in the whole library, without filters."]


class SearchAnswer(TypedDict):
    """One page of results."""

    total: Annotated[int, "The number of all results."]
    complete: Annotated[int, "How many of them hold all that was asked for; those that do not follow, or are pinned."]
    bounded: Annotated[list[str], "Sentences that say what was not looked for, to answer in time; mostly empty."]
    corrected: Annotated[CorrectionAnswer | None, "Set when a word was corrected that no resource holds."]
    did_you_mean: Annotated[list[ProposalAnswer], "What would find more, where there is little."]
    took_ms: float
    generation: Annotated[int, "The number of the index that answered; every published index has a higher one."]
    results: list[ResultAnswer]
    facets: Annotated[dict[str, list[FacetAnswer]], "The counts of a facet ignore its own selection."]
    facet_labels: Annotated[dict[str, str], "What readers call each facet."]
    facets_more: Annotated[dict[str, int], "How many further values of each facet are not listed."]


class ValuesAnswer(TypedDict):
    """One page of the values of a facet."""

    facet: str
    label: str
    total: Annotated[int, "The number of all values that were found."]
    generation: Annotated[int, "The number of the index that answered."]
    values: list[FacetAnswer]


class SuggestionAnswer(TypedDict):
    """A completion: the title of a resource, a value of a facet as readers know it, or words of the library."""

    text: str
    kind: Annotated[str, "title, value, phrase or word."]
    url: Annotated[str, "The resource, or the search for the facet's value or the words."]
    id: Annotated[str, "The resource; empty for all but titles."]
    facet: Annotated[str, "The facet's name; empty for all but its values."]
    facet_label: Annotated[str, "What readers call the facet."]


class SuggestAnswer(TypedDict):
    """Completions of what is being typed."""

    suggestions: list[SuggestionAnswer]


class FileAnswer(TypedDict):
    """One file of the library and how its reading ended."""

    path: Annotated[str, "Where it lies in the library."]
    status: str
    format: Annotated[str, "Empty when it was not read."]
    pages: Annotated[int, "How many pages of it can be found."]
    characters: Annotated[int, "How many characters of it can be found."]
    characters_left_out: Annotated[int, "How many more it is known to hold."]
    seconds: Annotated[float, "How long reading it took."]
    reason: Annotated[str, "What is missing and why, as sentences."]
    lacks: Annotated[str, "The Debian package with which more of it could be read."]
    resources: Annotated[list[str], "The resources that name it."]
    since: Annotated[str | None, "When a build first found it so."]


class CoverageAnswer(TypedDict):
    """What of the library's files can be found, and what not."""

    total: Annotated[int, "The number of files that fit."]
    statuses: Annotated[dict[str, int], "How the reading of all files of the library ended."]
    packages: Annotated[dict[str, int], "Debian packages that would help, each with how many files would gain."]
    files: Annotated[list[FileAnswer], "The files that fit, the newest problems first."]


class HealthAnswer(TypedDict):
    """The process answers."""

    status: str


class ReadyAnswer(TypedDict):
    """There is an index to search."""

    status: str
    generation: int
    built_at: Annotated[str, "When the index was built, in UTC."]
    age_seconds: int


class ErrorDetail(TypedDict):
    """What went wrong."""

    status: Annotated[int, "The HTTP status."]
    title: str
    detail: Annotated[str, "The reason and the way out, in sentences."]
    arguments: Annotated[list[str], "The names of the arguments that cannot be understood; empty for all other errors."]


class ErrorAnswer(TypedDict):
    """The one shape of every error."""

    error: ErrorDetail


def search_answer(page: SearchPage) -> SearchAnswer:
    """Return a page of results as the API and the terminal give it."""
    found = page.found
    labels = {facet.name: facet_label(facet) for facet in page.engine.manifest.library.indexed_facets}
    return {
        "total": found.total,
        "complete": found.complete,
        "bounded": [*map(said, found.bounded)],
        "corrected": _correction(page),
        "did_you_mean": [{"text": proposal.text, "total": proposal.total} for proposal in page.proposals],
        "took_ms": page.took_ms,
        "generation": page.generation,
        "results": [_result(hit) for hit in found.hits],
        "facets": {facet.name: _facet(page, facet) for facet in found.facets},
        "facet_labels": {facet.name: labels.get(facet.name, facet.name) for facet in found.facets},
        "facets_more": {facet.name: facet.more for facet in found.facets},
    }


def values_answer(page: ValuesPage) -> ValuesAnswer:
    """Return a page of the values of a facet as the API gives it."""
    chosen = page.question.search.chosen(page.info.name)
    return {
        "facet": page.info.name,
        "label": page.label,
        "total": page.total,
        "generation": page.generation,
        "values": [_value(page.info, each, chosen) for each in page.found.counts],
    }


def suggest_answer(engine: Engine, prefix: str, limit: int) -> SuggestAnswer:
    """Return completions of what is being typed; none before the first letter."""
    found = engine.suggest(prefix, limit) if prefix else ()
    labels = {facet.name: facet_label(facet) for facet in engine.manifest.library.indexed_facets}
    return {"suggestions": [_suggestion(suggestion, labels) for suggestion in found]}


def similar_answer(hits: Iterable[Hit]) -> SimilarAnswer:
    """Return the resources like one as the API and the terminal give them."""
    return {"results": [_relative(hit) for hit in hits]}


def coverage_answer(reports: Sequence[FileReport], question: CoverageQuestion) -> CoverageAnswer:
    """Return the files that fit a question, and the figures of all."""
    found = fitting(reports, question)
    return {
        "total": len(found),
        "statuses": dict(Counter(report.status.value for report in reports)),
        "packages": packages(reports),
        "files": [_file(report) for report in found],
    }


def _file(report: FileReport) -> FileAnswer:
    return {
        "path": report.path,
        "status": report.status,
        "format": report.format,
        "pages": report.pages,
        "characters": report.characters,
        "characters_left_out": report.characters_left_out,
        "seconds": report.seconds,
        "reason": report.reason,
        "lacks": report.lacks,
        "resources": list(report.resources),
        "since": report.since.isoformat() if report.since else None,
    }


def _resource(resource: Resource) -> ResourceAnswer:
    return {
        "id": resource.id,
        "title": resource.title,
        "url": resource_url(resource.id),
        "summary": resource.summary,
        "date": resource.date.isoformat() if resource.date else None,
        "language": resource.language,
        "facets": {name: list(values) for name, values in resource.facets.items()},
    }


def _relative(hit: Hit) -> RelativeAnswer:
    return {**_resource(hit.resource), "score": round(hit.score, 4)}


def _result(hit: Hit) -> ResultAnswer:
    return {
        **_resource(hit.resource),
        "pinned": hit.is_pinned,
        "matches": [_match(hit.resource.id, match) for match in hit.matches],
        "pages_matched": hit.pages_matched,
        "missing": list(hit.missing),
        "facts": _facts(hit.resource),
    }


def _facts(resource: Resource) -> list[str]:
    shown = (each for each in resource.facets.items() if each[0] not in _UNTOLD)
    return [value_label(name, value) for name, values in shown for value in values[:2]][:_MOST_FACTS]


def _match(identifier: str, match: Match) -> MatchAnswer:
    locator = match.locator
    return {
        "where": match.where,
        "file": match.file,
        "format": format_name(match.format) if match.file else "",
        "page": match.page,
        "label": locator.label,
        "unit": locator.unit if match.file else "",
        "within": locator.within,
        "ocr": locator.recognised,
        "place": place(match, format_name(match.format) if match.format else match.file),
        "url": passage_url(identifier, match),
        "excerpt": list(match.excerpt),
    }


def _facet(page: SearchPage, facet: Facet) -> list[FacetAnswer]:
    info = facet_info(page.engine, facet.name) or FacetInfo(facet.name, facet.name)
    chosen = page.question.chosen(facet.name)
    return [_value(info, each, chosen) for each in facet.counts]


def _value(info: FacetInfo, each: FacetCount, chosen: Sequence[str]) -> FacetAnswer:
    return {
        "value": each.value,
        "label": choice_label(info, each.value),
        "count": each.count,
        "selected": each.value in chosen,
    }


def _correction(page: SearchPage) -> CorrectionAnswer | None:
    if not page.meant.changes:
        return None
    changes: list[ChangeAnswer] = [{"typed": each.typed, "meant": each.meant} for each in page.meant.changes]
    return {"text": page.meant.text, "changes": changes}


def _suggestion_url(suggestion: Suggestion) -> str:
    match suggestion.kind:
        case SuggestionKind.TITLE:
            return resource_url(suggestion.id)
        case SuggestionKind.VALUE:
            return value_url(suggestion.facet, suggestion.text)
        case _:
            return search_url(Question(text=suggestion.text))


def _suggestion(suggestion: Suggestion, labels: Mapping[str, str]) -> SuggestionAnswer:
    return {
        "text": value_label(suggestion.facet, suggestion.text),
        "kind": suggestion.kind,
        "url": _suggestion_url(suggestion),
        "id": suggestion.id,
        "facet": suggestion.facet,
        "facet_label": labels.get(suggestion.facet, ""),
    }
