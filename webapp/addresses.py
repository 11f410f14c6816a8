"""Every address of the site, made by pure functions: in each language of the interface, one question has one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from urllib.parse import quote, quote_plus, urlsplit

from indexer.index.engine import Match, Where
from indexer.index.hierarchy import lineage
from indexer.index.manifest import FacetInfo
from webapp.arguments import CoverageQuestion, Question, ValuesQuestion
from webapp.interface import interface
from webapp.media import PDF, media_type
from webapp.passages import pdf_search, text_directive


def _escaping(escape: Callable[[bytes], str]) -> Callable[[str], str]:
    """Return what escapes as a function of urllib does, in a fourth of its time: one page escapes hundreds of texts.

    That function loops over the bytes in Python; here they are looked up in a table of what it makes of each of them.
    """
    table = {byte: escape(bytes([byte])) for byte in range(256)}
    # In Latin-1 the characters are the bytes.
    return lambda text: text.encode().decode("latin-1").translate(table)


_path = _escaping(quote)
_name = _escaping(partial(quote, safe=""))
_value = _escaping(quote_plus)


def page_url(path: str) -> str:
    """Return the address of a page in the language of the interface."""
    return f"{interface().prefix}{path}"


def resource_path(identifier: str) -> str:
    """Return the path of a resource's page, which is its one address whatever the language of the interface."""
    return f"/resources/{_path(identifier)}"


def resource_url(identifier: str) -> str:
    """Return the address of a resource's page in the language of the interface."""
    return page_url(resource_path(identifier))


def file_url(identifier: str, name: str) -> str:
    """Return the address of a resource's file."""
    return f"/files/{_path(identifier)}/{_name(name)}"


def download_url(identifier: str, name: str) -> str:
    """Return the address that saves a resource's file instead of showing it."""
    return f"{file_url(identifier, name)}?download=1"


def match_url(identifier: str, match: Match) -> str:
    """Return the address that shows a match: the place in its file where the format allows, else the file."""
    if match.where is not Where.ATTACHMENT:
        return resource_url(identifier)
    anchor = f"#{match.locator.anchor}" if match.locator.anchor else ""
    return file_url(identifier, match.file) + anchor


def passage_url(identifier: str, match: Match) -> str:
    """Return the address that shows a match, with what has browsers that can highlight its words.

    They are found in a PDF on its page, and in a text or the page of a resource wherever they stand.
    """
    url, words = match_url(identifier, match), _words_in_place(match)
    if not words:
        return url
    return f"{url}{words}" if "#" in url else f"{url}#{words}"


def _words_in_place(match: Match) -> str:
    """Return what finds the words of a match where it is; of text that was recognised in a picture there are none."""
    if match.where is Where.BODY:
        return text_directive(match.excerpt)
    kind = media_type(match.file)
    if match.locator.within or match.locator.recognised:
        return ""
    if kind == PDF and match.locator.anchor:
        search = pdf_search(match.excerpt)
        return f"&{search}" if search else ""
    return text_directive(match.excerpt) if kind.startswith("text/") else ""


def search_url(question: Question) -> str:
    """Return the address of a search: arguments in one order, those with their default left out."""
    return _with_arguments(page_url("/search"), [*_search(question), *_page(question.page)])


def arguments_of(question: Question) -> tuple[tuple[str, str], ...]:
    """Return the arguments of a search but for the page, in the order of its address: forms repeat them."""
    # Where nothing is typed nothing can be corrected.
    verbatim = "1" if question.verbatim and question.text else ""
    given = (("q", question.text), ("verbatim", verbatim), *_filters(question), *_narrowing(question))
    return tuple((name, value) for name, value in given if value)


def values_url(question: ValuesQuestion) -> str:
    """Return the address of a page of the values of a facet, within a search."""
    return _values_url(page_url(f"/facets/{question.facet}"), question)


def values_json_url(question: ValuesQuestion) -> str:
    """Return the address of the same for programs."""
    return _values_url(f"/api/v1/facets/{question.facet}", question)


def _values_url(path: str, question: ValuesQuestion) -> str:
    given = (("find", question.find), ("order", question.order or ""))
    own = [_argument(name, value) for name, value in given if value]
    return _with_arguments(path, [*_search(question.search), *own, *_page(question.page)])


def value_url(facet: str, value: str) -> str:
    """Return the address of the search for a value of a facet."""
    return _with_arguments(page_url("/search"), [_argument(facet, value)])


def toggled_url(question: Question, facets: Sequence[FacetInfo], name: str) -> Callable[[str], str]:
    """Return what gives, for a value of a facet, the address of the search with it chosen, or no longer chosen.

    It is that of the first page of results. In a hierarchy a value takes the place of what is chosen above and below
    it, as those would widen what it narrows. What the addresses of all values have in common is put together once.
    """
    names = [facet.name for facet in facets]
    place = names.index(name)
    before = [*_text(question), *_chosen((facet, question.chosen(facet)) for facet in names[:place])]
    after = [
        *_chosen((facet, question.chosen(facet)) for facet in names[place + 1 :]),
        *(_argument(*pair) for pair in _narrowing(question) if pair[1]),
    ]
    own = frozenset(question.chosen(name))
    separator = facets[place].hierarchy
    if not own:
        # Of nearly all facets nothing is chosen, and only the value itself is left to be put in.
        start = _with_arguments(page_url("/search"), [*before, f"{_value(name)}="])
        end = "".join(f"&{argument}" for argument in after)
        return lambda value: f"{start}{_value(value)}{end}"

    search = page_url("/search")

    def address(value: str) -> str:
        return _with_arguments(search, [*before, *_values(name, sorted(_toggled(own, value, separator))), *after])

    return address


def _toggled(own: frozenset[str], value: str, separator: str) -> frozenset[str]:
    """Return the chosen values of a facet with one more, or with one less."""
    if value in own or not separator:
        return own ^ {value}
    above = lineage(value, separator)
    return frozenset(other for other in own if other not in above and value not in lineage(other, separator)) | {value}


def coverage_url(question: CoverageQuestion) -> str:
    """Return the address of a page of the list of files for editors."""
    return _with_arguments(page_url("/coverage"), [*_coverage_arguments(question), *_page(question.page)])


def coverage_csv_url(question: CoverageQuestion) -> str:
    """Return the address of all files that fit, as a table."""
    return _with_arguments("/coverage.csv", _coverage_arguments(question))


def coverage_json_url(question: CoverageQuestion) -> str:
    """Return the address of all files that fit, for programs."""
    return _with_arguments("/api/v1/coverage", _coverage_arguments(question))


def _coverage_arguments(question: CoverageQuestion) -> list[str]:
    given = (("status", question.status), ("text", question.text), ("lacks", question.lacks))
    return [_argument(name, value) for name, value in given if value]


def _text(question: Question) -> list[str]:
    verbatim = [_argument("verbatim", "1")] if question.verbatim else []
    return [_argument("q", question.text), *verbatim] if question.text else []


def _chosen(filters: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    return [argument for name, values in filters for argument in _values(name, values)]


def _values(facet: str, values: Iterable[str]) -> list[str]:
    key = _value(facet)
    return [f"{key}={_value(value)}" for value in values]


def _search(question: Question) -> list[str]:
    return [_argument(*pair) for pair in arguments_of(question)]


def _filters(question: Question) -> list[tuple[str, str]]:
    return [(name, value) for name, values in question.filters for value in values]


def _narrowing(question: Question) -> tuple[tuple[str, str], ...]:
    """Return the arguments that follow the facets, the empty ones as well."""
    return ("since", question.since), ("until", question.until), ("sort", question.sort or "")


def _page(number: int) -> list[str]:
    return [_argument("page", str(number))] if number > 1 else []


def _argument(name: str, value: str) -> str:
    return f"{_value(name)}={_value(value)}"


def _with_arguments(path: str, arguments: Sequence[str]) -> str:
    return f"{path}?{'&'.join(arguments)}" if arguments else path


def web_address(text: str) -> str:
    """Return the text when it is an http or https address, else nothing: no other scheme becomes a link.

    Characters that are not seen, and could make it look like another, are escaped.
    """
    address = "".join(quote(char) if unicodedata.category(char) in ("Cc", "Cf") else char for char in text.strip())
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""
