"""A page of results as lines of text, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from indexer.index.engine import Engine, Excerpt, Hit
from webapp.addresses import match_url
from webapp.facets import value_links
from webapp.search import Result, SearchPage


def result_lines(page: SearchPage) -> Iterator[str]:
    """Yield a page of results: what matched is bold where the output is a terminal, and plain elsewhere."""
    if page.meant.changes:
        yield f'Showing results for "{page.meant.text}". Search instead for "{page.question.text}" with --verbatim.'
    if page.meant.unchecked:
        yield f"The spelling of {plural(len(page.meant.unchecked), 'further word')} was not checked."
    for proposal in page.proposals:
        yield f'Did you mean "{proposal.text}" ({plural(proposal.total, "resource")})?'
    if page.results:
        yield f"{page.first:,}-{page.last:,} of {plural(page.total, 'result')} in {page.took_ms:.1f} ms"
    for number, result in enumerate(page.results, page.first):
        yield ""
        yield from _result_lines(number, result)
    yield from (message.text for message in page.messages)


def plural(count: int, one: str) -> str:
    """Return a count with its noun: "1 resource", "1,204 resources"."""
    return f"{count:,} {one if count == 1 else f'{one}s'}"


def relative_lines(engine: Engine, hits: Sequence[Hit]) -> Iterator[str]:
    """Yield the resources like one, each with its id and its values, or say that there are none."""
    if not hits:
        yield "There is no resource like this one."
    for number, hit in enumerate(hits, 1):
        resource = hit.resource
        yield f"{number}. {resource.title}"
        details = [value.label for facet in value_links(engine, resource.facets) for value in facet.values]
        yield f"   {' · '.join([resource.id, *details])}"


def _result_lines(number: int, result: Result) -> Iterator[str]:
    yield f"{number}. {_text(result.title)}"
    if result.hit.is_pinned:
        yield "   Recommended"
    details = [value.label for facet in result.facets for value in facet.values]
    if details:
        yield f"   {' · '.join(details)}"
    if summary := _text(result.summary):
        yield f"   {summary}"
    if result.hit.missing:
        yield f"   Without: {', '.join(result.hit.missing)}"
    for place in result.places:
        yield f"   {place.caption or 'Text'}: {_text(place.match.excerpt)}"
        if place.match.file:
            # Without what only browsers understand.
            yield f"      {match_url(result.id, place.match)}"
    if result.more_pages:
        yield f"   and {plural(result.more_pages, 'further page')}"


def _text(excerpt: Excerpt) -> str:
    return "".join(click.style(text, bold=True) if is_match else text for text, is_match in excerpt)
