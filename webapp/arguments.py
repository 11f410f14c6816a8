"""What a request asks for: the arguments of an address, read, checked and put in one order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.index.engine import Sort
from indexer.index.schema import Status
from indexer.index.values import chosen_value
from webapp.config import LARGEST_PAGE

LONGEST_QUERY = 1_000
LARGEST_NUMBER = 1_000_000_000
LARGEST_SUGGESTION = 20
MOST_ALIKE = 20
MOST_VALUES = 100
"""How many values of facets one search may choose: every link of a page repeats them all."""
LONGEST_VALUES = 2_000
"""How many characters they may have together."""

Values = Mapping[str, Sequence[str]]
"""The arguments as they came: each name with all its values."""


class BadArgument(ValueError):
    """An argument cannot be understood: its name and the reason, as a sentence without a full stop."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}.")
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument as it is documented; `maximum` is a number's largest value or a text's greatest length."""

    name: str
    help: str
    maximum: int = 0
    choices: tuple[str, ...] = ()


QUERY = Argument(
    "q",
    'What to look for: words, "phrases", -not, OR, (groups), field:word, facet:value, year:2019..2021, begin*, '
    'nearly~, "some words"~5. The page /help shows examples.',
    maximum=LONGEST_QUERY,
)
SUGGESTION = Argument("q", "What was typed so far: the beginnings of words.", maximum=LONGEST_QUERY)
PAGE = Argument("page", "The page of results, counted from 1.", maximum=LARGEST_NUMBER)
SORT = Argument(
    "sort",
    "The order of the results; relevance unless nothing is searched for, then date.",
    choices=tuple(Sort),
)
LIMIT = Argument("limit", "The number of results on a page.", maximum=LARGEST_PAGE)
SUGGESTION_LIMIT = Argument("limit", "The number of suggestions.", maximum=LARGEST_SUGGESTION)

IDENTIFIER = Argument("id", "The id of a resource, as results give it.", maximum=LONGEST_QUERY)
ALIKE_LIMIT = Argument("limit", "The number of resources.", maximum=MOST_ALIKE)

PROBLEMS = "problems"
"""The files that somebody should look at, whatever their status."""

STATUS = Argument(
    "status", "How the reading of the file ended, or problems: all that need a look.", choices=(PROBLEMS, *Status)
)
TEXT = Argument(
    "text", "Parts of the file's path or of the reason, all of which it has to hold.", maximum=LONGEST_QUERY
)
LACKS = Argument("lacks", "The Debian package with which more of the file could be read.", maximum=100)

SEARCH_ARGUMENTS = (QUERY, PAGE, SORT, LIMIT)
SUGGEST_ARGUMENTS = (SUGGESTION, SUGGESTION_LIMIT)
ALIKE_ARGUMENTS = (ALIKE_LIMIT,)
COVERAGE_ARGUMENTS = (STATUS, TEXT, LACKS)


@dataclass(frozen=True, slots=True)
class Question:
    """A search as it was asked.

    `filters` holds the chosen facets in the library's order, each with its values sorted, so that equal questions
    are equal and have one address. `sort` None is the order that suits the question. `size` is the number of
    results on a page.
    """

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: Sort | None = None
    page: int = 1
    size: int = 10

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the chosen values of a facet."""
        return next((values for name, values in self.filters if name == facet), ())


@dataclass(frozen=True, slots=True)
class CoverageQuestion:
    """Which files of the library are asked for; `status` is a status, PROBLEMS or empty for all."""

    status: str = ""
    text: str = ""
    lacks: str = ""
    page: int = 1


def read_question(values: Values, facets: Iterable[str], size: int) -> Question:
    """Read the arguments of a search; BadArgument for the first one that cannot be understood.

    `size` is the number of results when `limit` does not say. Arguments that are no one's are left alone: see
    `refuse_unknown`.
    """
    reserved = {argument.name for argument in SEARCH_ARGUMENTS}
    chosen = ((name, _facet_values(name, values.get(name, ()))) for name in facets if name not in reserved)
    filters = tuple((name, wanted) for name, wanted in chosen if wanted)
    _refuse_too_much(filters)
    return Question(
        text=read_text(values, QUERY),
        filters=filters,
        sort=_sort(values),
        page=read_number(values, PAGE, 1),
        size=read_number(values, LIMIT, size),
    )


def read_coverage_question(values: Values) -> CoverageQuestion:
    """Read which files are asked for; BadArgument for the first argument that cannot be understood."""
    return CoverageQuestion(
        status=read_choice(values, STATUS),
        text=read_text(values, TEXT),
        lacks=read_text(values, LACKS),
        page=read_number(values, PAGE, 1),
    )


def refuse_unknown(values: Values, known: Iterable[str]) -> None:
    """Raise BadArgument when an argument is not among the known ones, and name these."""
    names = tuple(known)
    for name in values:
        if name not in names:
            raise BadArgument(name, f"there is no such argument; there are {', '.join(names)}")


def read_text(values: Values, argument: Argument) -> str:
    """Return what was typed, without control characters and with single spaces."""
    text = _single(values, argument)
    if len(text) > argument.maximum:
        raise BadArgument(
            argument.name, f"it has {len(text):,} characters and may have {argument.maximum:,}; please shorten it"
        )
    return " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in text).split())


def read_number(values: Values, argument: Argument, default: int) -> int:
    """Return a whole number from 1 to the argument's maximum; `default` when it is not given."""
    text = _single(values, argument)
    if not text:
        return default
    # Counted before it is converted: Python refuses to read numbers of thousands of digits.
    small = text.isascii() and text.isdigit() and len(text) <= len(str(argument.maximum))
    if small and 1 <= int(text) <= argument.maximum:
        return int(text)
    raise BadArgument(argument.name, f"it has to be a whole number from 1 to {argument.maximum:,}")


def read_choice(values: Values, argument: Argument) -> str:
    """Return one of the argument's choices; empty when it is not given."""
    text = _single(values, argument)
    if text and text not in argument.choices:
        raise BadArgument(argument.name, f"it has to be one of {', '.join(argument.choices)}")
    return text


def _sort(values: Values) -> Sort | None:
    text = read_choice(values, SORT)
    return Sort(text) if text else None


def _single(values: Values, argument: Argument) -> str:
    given = values.get(argument.name, ())
    if len(given) > 1:
        raise BadArgument(argument.name, "it is given more than once")
    return given[0] if given else ""


def _refuse_too_much(filters: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    count = length = 0
    for name, values in filters:
        count += len(values)
        length += sum(map(len, values))
        if count > MOST_VALUES or length > LONGEST_VALUES:
            raise BadArgument(
                name,
                f"a search may choose {MOST_VALUES} values with {LONGEST_VALUES:,} characters together; "
                "please choose fewer",
            )


def _facet_values(facet: str, given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({chosen_value(facet, value.strip()) for value in given} - {""}))
