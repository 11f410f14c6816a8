"""Every address of the site, made by pure functions: one question has one address."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlencode, urlsplit

from indexer.index.engine import Match, Where
from webapp.arguments import CoverageQuestion, Question


def resource_url(identifier: str) -> str:
    """Return the address of a resource's page."""
    return f"/resources/{quote(identifier)}"


def file_url(identifier: str, name: str) -> str:
    """Return the address of a resource's file."""
    return f"/files/{quote(identifier)}/{quote(name, safe='')}"


def download_url(identifier: str, name: str) -> str:
    """Return the address that saves a resource's file instead of showing it."""
    return f"{file_url(identifier, name)}?download=1"


def match_url(identifier: str, match: Match) -> str:
    """Return the address that shows a match: the place in its file where the format allows, else the file."""
    if match.where is not Where.ATTACHMENT:
        return resource_url(identifier)
    anchor = f"#{match.locator.anchor}" if match.locator.anchor else ""
    return file_url(identifier, match.file) + anchor


def search_url(question: Question) -> str:
    """Return the address of a search: arguments in one order, those with their default left out."""
    arguments = [("q", question.text)] if question.text else []
    arguments += [(name, value) for name, values in question.filters for value in values]
    if question.sort:
        arguments.append(("sort", question.sort))
    if question.page > 1:
        arguments.append(("page", str(question.page)))
    return _with_arguments("/search", arguments)


def coverage_url(question: CoverageQuestion) -> str:
    """Return the address of a page of the list of files for editors."""
    page = [("page", str(question.page))] if question.page > 1 else []
    return _with_arguments("/coverage", [*_coverage_arguments(question), *page])


def coverage_csv_url(question: CoverageQuestion) -> str:
    """Return the address of all files that fit, as a table."""
    return _with_arguments("/coverage.csv", _coverage_arguments(question))


def coverage_json_url(question: CoverageQuestion) -> str:
    """Return the address of all files that fit, for programs."""
    return _with_arguments("/api/v1/coverage", _coverage_arguments(question))


def _coverage_arguments(question: CoverageQuestion) -> list[tuple[str, str]]:
    given = (("status", question.status), ("text", question.text), ("lacks", question.lacks))
    return [(name, value) for name, value in given if value]


def _with_arguments(path: str, arguments: list[tuple[str, str]]) -> str:
    return path + (f"?{urlencode(arguments)}" if arguments else "")


def toggled(question: Question, facets: tuple[str, ...], name: str, value: str) -> Question:
    """Return the question with a facet's value chosen, or no longer chosen, seen from its first page."""
    chosen = dict(question.filters)
    values = set(chosen.get(name, ())) ^ {value}
    chosen[name] = tuple(sorted(values))
    filters = tuple((facet, chosen[facet]) for facet in facets if chosen.get(facet))
    return replace(question, filters=filters, page=1)


def web_address(text: str) -> str:
    """Return the text when it is an http or https address, else nothing: no other scheme becomes a link."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    return text.strip() if parts.scheme in ("http", "https") and parts.netloc else ""
