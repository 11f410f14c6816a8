"""What a request asks for: the arguments of an address, read, checked and put in one order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.index.engine import Sort
from indexer.index.hierarchy import MOST_LEVELS, names_in, path_of
from indexer.index.manifest import FacetInfo, FacetKind, ValueOrder
from indexer.index.numbers import chosen_number, is_number, range_between
from indexer.index.schema import Status
from indexer.index.values import chosen_value
from webapp.config import LARGEST_PAGE
from webapp.days import days_of
from webapp.interface import LANGUAGES, _, number

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
    """An argument cannot be understood, or several for one reason, which is a sentence without a full stop."""

    def __init__(self, name: str, reason: str, *others: str) -> None:
        self.names = (name, *others)
        super().__init__(_("%(name)s: %(reason)s.", name=_(", ").join(self.names), reason=reason))
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
_SORTS = {sort.value: sort for sort in Sort} | {"newest": Sort.DATE}
"""The orders by all their names; "date" has always meant the newest first."""
SORT = Argument(
    "sort",
    "The order of the results; relevance unless nothing is searched for, then date: the newest first, as newest does. "
    "By date and oldest, what has no date comes last.",
    choices=tuple(_SORTS),
)
SINCE = Argument("since", "The first day: 2024, 2024-03 or 2024-03-31. What has no date is left out.", maximum=10)
UNTIL = Argument("until", "The last day; a year or a month means all of it. What has no date is left out.", maximum=10)
LIMIT = Argument("limit", "The number of results on a page.", maximum=LARGEST_PAGE)
LANGUAGE = Argument(
    "lang",
    "The language of labels, of sentences and of the pages that addresses lead to; left out, labels and sentences are "
    "English, and pages are in the language of whoever opens them.",
    choices=tuple(LANGUAGES),
)
VERBATIM = Argument("verbatim", "1 searches for the words as they were typed, without correcting any.", choices=("1",))
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

FIND = Argument("find", "The beginnings of words that a value holds; case and accents do not matter.", maximum=200)
ORDER = Argument(
    "order", "The most frequent values first, or by name; left out, as the library has it.", choices=tuple(ValueOrder)
)

SEARCH_ARGUMENTS = (QUERY, PAGE, SORT, LIMIT, SINCE, UNTIL, VERBATIM, LANGUAGE)
VALUES_ARGUMENTS = (*SEARCH_ARGUMENTS, FIND, ORDER)
SUGGEST_ARGUMENTS = (SUGGESTION, SUGGESTION_LIMIT, LANGUAGE)
ALIKE_ARGUMENTS = (ALIKE_LIMIT, LANGUAGE)
COVERAGE_ARGUMENTS = (STATUS, TEXT, LACKS)


@dataclass(frozen=True, slots=True)
class Question:
    """A search as it was asked.

    `filters` holds the chosen facets in the library's order, each with its values sorted, so that equal questions
    are equal and have one address. `since` and `until` are written as they were asked for, as a year, a month or a day
    (see `webapp.days`), and empty when they were not. `sort` None is the order that suits the question. `size` is the
    number of results on a page. `verbatim` asks for the words as they were typed, whatever the library has.
    """

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: Sort | None = None
    page: int = 1
    size: int = 10
    since: str = ""
    until: str = ""
    verbatim: bool = False

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the chosen values of a facet."""
        return next((values for name, values in self.filters if name == facet), ())


@dataclass(frozen=True, slots=True)
class ValuesQuestion:
    """Which values of a facet are asked for, within a search; `order` None is that of the library."""

    facet: str
    search: Question = Question()
    find: str = ""
    order: ValueOrder | None = None
    page: int = 1
    size: int = 100


@dataclass(frozen=True, slots=True)
class CoverageQuestion:
    """Which files of the library are asked for; `status` is a status, PROBLEMS or empty for all."""

    status: str = ""
    text: str = ""
    lacks: str = ""
    page: int = 1


def read_question(values: Values, facets: Iterable[FacetInfo], size: int) -> Question:
    """Read the arguments of a search; BadArgument for the first one that cannot be understood.

    `size` is the number of results when `limit` does not say. Arguments that are no one's are left alone: see
    `refuse_unknown`.
    """
    reserved = {argument.name for argument in VALUES_ARGUMENTS}
    chosen = ((facet.name, _chosen_values(values, facet)) for facet in facets if facet.name not in reserved)
    filters = tuple((name, wanted) for name, wanted in chosen if wanted)
    _refuse_too_much(filters)
    since, until = _days(values)
    return Question(
        text=read_text(values, QUERY),
        filters=filters,
        sort=_sort(values),
        page=read_number(values, PAGE, 1),
        size=read_number(values, LIMIT, size),
        verbatim=bool(read_choice(values, VERBATIM)),
        since=since,
        until=until,
    )


def argument_names(arguments: Iterable[Argument], facets: Iterable[FacetInfo]) -> tuple[str, ...]:
    """Return the names of the arguments of a search: the facets of the library and the ends of ranges are some, too."""
    known = tuple(facets)
    ends = (name for facet in known for name in range_ends(facet))
    return (*(argument.name for argument in arguments), *(facet.name for facet in known), *ends)


def read_values_question(values: Values, facet: str, facets: Iterable[FacetInfo], size: int) -> ValuesQuestion:
    """Read which values of a facet are asked for; BadArgument for the first argument that cannot be understood."""
    search = read_question(values, facets, size)
    order = read_choice(values, ORDER)
    return ValuesQuestion(
        facet=facet,
        search=replace(search, page=1),
        find=read_text(values, FIND),
        order=ValueOrder(order) if order else None,
        page=search.page,
        size=search.size,
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
    """Raise BadArgument for all arguments that are not among the known ones, and name these."""
    names = tuple(known)
    unknown = [name for name in values if name not in names]
    if unknown:
        reason = _("there is no such argument; there are %(names)s", names=_(", ").join(names))
        raise BadArgument(unknown[0], reason, *unknown[1:])


def read_text(values: Values, argument: Argument) -> str:
    """Return what was typed, without control characters and with single spaces."""
    text = _single(values, argument)
    if len(text) > argument.maximum:
        raise BadArgument(
            argument.name,
            _(
                "it has %(length)s characters and may have %(most)s; please shorten it",
                length=number(len(text)),
                most=number(argument.maximum),
            ),
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
    raise BadArgument(argument.name, _("it has to be a whole number from 1 to %(most)s", most=number(argument.maximum)))


def read_choice(values: Values, argument: Argument) -> str:
    """Return one of the argument's choices; empty when it is not given."""
    text = _single(values, argument)
    if text and text not in argument.choices:
        raise BadArgument(argument.name, _("it has to be one of %(choices)s", choices=_(", ").join(argument.choices)))
    return text


def _sort(values: Values) -> Sort | None:
    text = read_choice(values, SORT)
    return _SORTS[text] if text else None


def _days(values: Values) -> tuple[str, str]:
    """Return the first and the last day that are asked for, the earlier first."""
    since, until = _day(values, SINCE), _day(values, UNTIL)
    first, last = days_of(since), days_of(until)
    return (until, since) if first and last and last[1] < first[0] else (since, until)


def _day(values: Values, argument: Argument) -> str:
    text = _single(values, argument).strip()
    if text and not days_of(text):
        raise BadArgument(argument.name, _("it has to be a day such as 2024-03-31, a month such as 2024-03 or a year"))
    return text


def _single(values: Values, argument: Argument) -> str:
    given = values.get(argument.name, ())
    if len(given) > 1:
        raise BadArgument(argument.name, _("it is given more than once"))
    return given[0] if given else ""


def _refuse_too_much(filters: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    count = length = 0
    for name, values in filters:
        count += len(values)
        length += sum(map(len, values))
        if count > MOST_VALUES or length > LONGEST_VALUES:
            raise BadArgument(
                name,
                _(
                    "a search may choose %(values)s values with %(length)s characters together; please choose fewer",
                    values=number(MOST_VALUES),
                    length=number(LONGEST_VALUES),
                ),
            )


def _chosen_values(values: Values, facet: FacetInfo) -> tuple[str, ...]:
    """Return the values of a facet that are chosen, each in the one way to write it."""
    given = [text for value in values.get(facet.name, ()) if (text := value.strip())]
    if facet.kind is FacetKind.NUMBERS:
        return tuple(sorted({*(_number(facet.name, text) for text in given), *_range_of_form(values, facet.name)}))
    if facet.hierarchy:
        return tuple(sorted({_path(facet, text) for text in given} - {""}))
    return tuple(sorted({chosen_value(facet.name, text) for text in given} - {""}))


def _path(facet: FacetInfo, text: str) -> str:
    names = names_in(text, facet.hierarchy)
    if len(names) > MOST_LEVELS:
        raise BadArgument(
            facet.name,
            _(
                "a value has %(levels)s levels and may have %(most)s",
                levels=number(len(names)),
                most=number(MOST_LEVELS),
            ),
        )
    return path_of(names, facet.hierarchy)


def _number(name: str, text: str) -> str:
    number = chosen_number(text)
    if not number:
        raise BadArgument(name, _("it has to be a number such as 2019, or a range: 2019..2021, 2019.. or ..2021"))
    return number


def range_names(facet: str) -> tuple[str, str]:
    """Return the names under which a form sends the two ends of a range of a facet."""
    return f"{facet}.from", f"{facet}.to"


def range_ends(facet: FacetInfo) -> tuple[str, ...]:
    """Return the names of the two ends of a range of a facet; nothing if it has no numbers."""
    return range_names(facet.name) if facet.kind is FacetKind.NUMBERS else ()


def _range_of_form(values: Values, facet: str) -> set[str]:
    """Return the range that was typed into a form, or nothing."""
    ends = []
    for name in range_names(facet):
        text = _single(values, Argument(name, "")).strip()
        if text and not is_number(text):
            raise BadArgument(name, _("it has to be a whole number, written in at most 18 digits"))
        ends.append(int(text) if text else None)
    found = range_between(*ends)
    return {chosen_number(str(found))} if found else set()
