"""What the reader of results has to know, as sentences with a way on: what was corrected, what is missing, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.index.engine import Engine, Results
from indexer.index.query import Node
from indexer.index.understanding import Understood
from webapp.addresses import search_url
from webapp.arguments import Question
from webapp.interface import _, ngettext, number
from webapp.labels import resources, said


@dataclass(frozen=True, slots=True)
class Message:
    """Something the reader has to know, with a way on: `url` and `link` may be empty."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ProposedSearch:
    """What may have been meant: the text, the address of its search, and how many results this has."""

    text: str
    url: str
    total: int


def spelling_messages(question: Question, meant: Understood, proposals: Sequence[ProposedSearch]) -> Iterator[Message]:
    """Yield what was corrected, with the way back, and what may have been meant."""
    if meant.changes:
        typed = search_url(replace(question, verbatim=True, page=1))
        shown = _("Showing results for %(text)s.", text=meant.text)
        yield Message(shown, typed, _("Search instead for %(text)s", text=question.text))
    if meant.unchecked:
        yield Message(
            ngettext(
                "The spelling of %(count)s further word was not checked.",
                "The spelling of %(count)s further words was not checked.",
                len(meant.unchecked),
            )
        )
    for proposal in proposals:
        yield Message(_("Did you mean"), proposal.url, _proposal(proposal, is_narrowed(question)))


def _proposal(proposal: ProposedSearch, is_narrowed: bool) -> str:
    text, found = proposal.text, resources(proposal.total)
    if is_narrowed:
        return _("%(text)s (%(resources)s in the whole library)?", text=text, resources=found)
    return _("%(text)s (%(resources)s)?", text=text, resources=found)


def is_narrowed(question: Question) -> bool:
    """Tell whether anything but words narrows a search."""
    return bool(question.filters or question.since or question.until)


def widened(question: Question) -> Question:
    """Return the same question to the whole library."""
    return replace(question, filters=(), since="", until="", page=1)


def result_messages(engine: Engine, question: Question, tree: Node | None, found: Results) -> Iterator[Message]:
    """Yield what has to be known of what was found, and of what was not."""
    yield from (Message(said(remark)) for remark in found.bounded)
    total, last_page = found.total, last_page_of(found.total, question.size)
    if question.text and tree is None:
        yield Message(_("There is no word in this query that could be looked for."))
    if total and question.page > last_page:
        last = search_url(replace(question, page=last_page))
        page = number(last_page)
        end, way = _("The results end on page %(page)s.", page=page), _("Go to page %(page)s", page=page)
        yield Message(end, last, way)
    if found.complete + found.only_pinned < total:
        yield Message(_of_fewer_words(found, is_narrowed(question)))
    elif found.only_pinned == total > 0:
        yield Message(_recommended_alone(is_narrowed(question)))
    if not total:
        yield _nothing_found(engine, question, tree)


def last_page_of(total: int, size: int) -> int:
    """Return the number of the last page of so many results, with so many on each."""
    return max(1, -(-total // size))


def _nothing_found(engine: Engine, question: Question, tree: Node | None) -> Message:
    """Say that nothing was found, and lead to what there is without the filters or at all."""
    if not is_narrowed(question):
        return Message(_("Nothing was found for this."), search_url(Question()), _("See the whole library"))
    elsewhere = engine.count(tree) if tree else engine.manifest.resources
    if not elsewhere:
        whole = search_url(Question())
        return Message(_("Nothing fits this, with or without the filters."), whole, _("See the whole library"))
    link = _("Search without the filters (%(resources)s)", resources=resources(elsewhere))
    return Message(_("Nothing fits all of this together."), search_url(widened(question)), link)


def _recommended_alone(is_narrowed: bool) -> str:
    """Say that what is shown is not here for its words."""
    if is_narrowed:
        return _("Nothing of these resources holds all of this. What is shown is recommended for it.")
    return _("Nothing in the library holds all of this. What is shown is recommended for it.")


def _of_fewer_words(found: Results, is_narrowed: bool) -> str:
    """Say that there are results which lack words, and where they are."""
    if found.complete:
        return ngettext(
            "%(count)s resource holds all of this. What lacks a part of it follows, and says what it lacks.",
            "%(count)s resources hold all of this. What lacks a part of it follows, and says what it lacks.",
            found.complete,
        )
    if is_narrowed:
        return _(
            "Nothing of these resources holds all of this. What holds a part of it is shown, and says what it lacks."
        )
    return _("Nothing in the library holds all of this. What holds a part of it is shown, and says what it lacks.")
