"""One page file to one entry of the library: what it says of itself, its text, and the files it names."""

from __future__ import annotations

import datetime
import hashlib
import posixpath
import re
import unicodedata
from dataclasses import dataclass

from indexer.detection import language_of
from indexer.encoding import clean, decode, one_line
from indexer.index import formats
from indexer.index.hierarchy import MOST_LEVELS, most_specific, names_in, path_of
from indexer.index.manifest import FacetKind
from indexer.index.numbers import is_number
from indexer.library.dates import read_date, years
from indexer.library.entry import Entry
from indexer.library.frontmatter import FrontMatter, split_page
from indexer.library.languages import language_code
from indexer.library.markup import Markup, read_html, read_markdown
from indexer.library.metadata import Metadata, plain
from indexer.library.references import names_document
from indexer.library.settings import FacetRule, LibrarySettings

_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_DATED_NAME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[-_ ]+(?=\S)")
_LONGEST_ID = 160
"""Characters; longer ones end in a hash of the whole."""


@dataclass(frozen=True, slots=True)
class _Page:
    """The parts of a page that its fields are read from."""

    source: str
    settings: LibrarySettings
    front: FrontMatter
    metadata: Metadata
    markup: Markup


def read_page(source: str, content: bytes, settings: LibrarySettings) -> Entry:
    """Read a page from its bytes; `source` is its path relative to the library.

    Never raises for anything a page may hold: what is wrong is in `problems`.
    """
    text, encoding_problem = decode(content)
    front = split_page(_strip(clean(text), settings))
    is_html = posixpath.splitext(source)[1].lower() in _HTML_SUFFIXES
    markup = read_html(front.body) if is_html else read_markdown(front.body)
    page = _Page(source, settings, front, Metadata(front.values), markup)
    entry_problems = [problem for problem in (encoding_problem, *front.problems) if problem]
    if markup.flattened:
        entry_problems.append("The text is nested too deeply for Markdown and was read as it is written.")
    return _entry(page, entry_problems)


def _strip(text: str, settings: LibrarySettings) -> str:
    for expression in settings.pages.strip:
        text = expression.sub("", text)
    return text


def _entry(page: _Page, problems: list[str]) -> Entry:
    """Put the fields together; `problems` are those of the page as a whole and come before those of its fields."""
    keys, metadata = page.settings.fields, page.metadata
    day = metadata.day(keys.date) or read_date(_name_parts(page.source)[0])
    known_language = _known_language(page)
    language = known_language or page.settings.languages[0]
    draft, publish_from = _held_back(page, problems)
    empty = not page.front.values and not page.markup.text and not page.front.unread and not page.markup.title
    if empty:
        problems.append("The page is empty and was left out; give it a title or a text.")
    return Entry(
        source=page.source,
        id=_page_id(page),
        title=_title(page),
        summary=_summary(page),
        body=page.markup.text,
        date=day,
        language=language,
        url=_url(page),
        facets=_facets(page, day, language),
        references=_references(page),
        draft=draft,
        publish_from=publish_from,
        expires=metadata.day(page.settings.publication.expires),
        empty=empty,
        problems=tuple(dict.fromkeys((*problems, *metadata.problems))),
        unstated=_unstated(page, day, known_language),
    )


def _unstated(page: _Page, day: datetime.date | None, language: str) -> tuple[str, ...]:
    """Return the fields that the page does not tell and that its files may; a year is only asked for its facet."""
    year_keys = [rule.keys for rule in page.settings.facets if rule.name == "year"]
    has_own_formats = any(rule.keys for rule in page.settings.facets if rule.name == formats.FACET)
    has_year = day or any(map(page.metadata.has, year_keys))
    stated = {
        "title": _own_title(page),
        "date": has_year,
        "year": has_year or not year_keys,
        "language": language,
        # A library may have another use for that name, and then nothing is added to it.
        formats.FACET: has_own_formats,
    }
    return tuple(name for name, value in stated.items() if not value)


def _title(page: _Page) -> str:
    """Return the title: of the front matter, the HTML head, the first heading, or the name of the file."""
    return _own_title(page) or _name_as_title(page.source)


def _own_title(page: _Page) -> str:
    title = plain(page.metadata.text(page.settings.fields.title))
    return title or page.markup.title or page.markup.heading


def _name_parts(path: str) -> tuple[str, str]:
    """Part the name of a file into the date that some sites put before it, empty if none, and the rest."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    dated = _DATED_NAME.match(stem)
    return (dated[1], stem[dated.end() :]) if dated else ("", stem)


def _name_as_title(path: str) -> str:
    words = one_line(re.sub(r"[-_]+", " ", _name_parts(path)[1])) or posixpath.basename(path)
    return words[:1].upper() + words[1:]


def _summary(page: _Page) -> str:
    """Return the summary as one paragraph; it may be written in Markdown."""
    written = page.metadata.text(page.settings.fields.summary)
    return one_line(read_markdown(written).text) if written else page.markup.summary


def _url(page: _Page) -> str:
    """Return the address of the resource on the web; a path on the library's own site is none."""
    url = one_line(page.metadata.text(page.settings.fields.url))
    if url.lower().startswith("www."):
        return f"https://{url}"
    if re.match(r"https?://[^/\s]", url, re.IGNORECASE):
        return url
    if url and not url.startswith("/"):
        page.metadata.problems.append(f"The address “{url:.60}” was left out; write it with https:// in front.")
    return ""


def _known_language(page: _Page) -> str:
    """Return the code of the page's main language: the one it states, else that of its text; empty if neither tells."""
    written = page.metadata.values(page.settings.fields.language, ",")
    stated = _codes(written, page) or _codes((page.markup.language,), page)
    texts = (_own_title(page), _summary(page), page.markup.text)
    return stated[0] if stated else language_of(texts, page.settings.languages)


def _codes(names: tuple[str, ...], page: _Page) -> tuple[str, ...]:
    for name in names:
        if name and not language_code(name):
            page.metadata.problems.append(f"“{name:.40}” is no language known here; write a code such as “en”.")
    return tuple(dict.fromkeys(code for name in names if (code := language_code(name))))


def _held_back(page: _Page, problems: list[str]) -> tuple[bool, datetime.date | None]:
    """Tell whether the page is a draft, and from which day it is shown. When in doubt it is held back."""
    keys, metadata = page.settings.publication, page.metadata
    publish_from = metadata.day(keys.publish_from)
    draft = metadata.is_set(keys.draft) or metadata.is_unset(keys.published)
    if metadata.has(keys.publish_from) and publish_from is None:
        problems.append("The page is held back until its first day can be read.")
        draft = True
    named = [key for key in keys.all if re.search(rf"^{re.escape(key)}\s*:", page.front.unread, re.M | re.I)]
    if named:
        problems.append(f"The page is held back, since its front matter names “{named[0]}” but cannot be read.")
    return draft or bool(named), publish_from


def _references(page: _Page) -> tuple[str, ...]:
    named = page.metadata.files(page.settings.attachments.keys)
    linked = page.markup.links if page.settings.attachments.body_links else ()
    return tuple(dict.fromkeys((*named, *(link for link in linked if names_document(link)))))


def _facets(page: _Page, day: datetime.date | None, language: str) -> dict[str, tuple[str, ...]]:
    """Return the values of each facet that the page has any of."""
    found = {rule.name: _facet(rule, page, day, language) for rule in page.settings.facets}
    return {name: values for name, values in found.items() if values}


def _facet(rule: FacetRule, page: _Page, day: datetime.date | None, language: str) -> tuple[str, ...]:
    """Return the values that the page writes; for three facets, if it writes none, what follows from the rest of it."""
    written = page.metadata.values(rule.keys, rule.separator)
    match rule.name:
        case "year":
            return _years(written, page) or ((f"{day:%Y}",) if day else ())
        case "language":
            return _codes(written, page) or (language,)
        case "tag":
            return _by_kind(rule, written or page.markup.keywords, page)
        case _:
            return _by_kind(rule, written, page)


def _by_kind(rule: FacetRule, written: tuple[str, ...], page: _Page) -> tuple[str, ...]:
    """Return values as the facet has them: as paths, as numbers, or as they are written."""
    if rule.hierarchy:
        paths = (_path(value, rule.hierarchy, page) for value in written)
        return most_specific(filter(None, paths), rule.hierarchy)
    return _numbers(written, page) if rule.kind is FacetKind.NUMBERS else written


def _path(value: str, separator: str, page: _Page) -> str:
    names = names_in(value, separator)
    if len(names) > MOST_LEVELS:
        page.metadata.problems.append(
            f"“{value:.40}” has {len(names)} levels; those below the {MOST_LEVELS}th were left out."
        )
    return path_of(names[:MOST_LEVELS], separator)


def _numbers(written: tuple[str, ...], page: _Page) -> tuple[str, ...]:
    for value in written:
        if not is_number(value):
            page.metadata.problems.append(f"“{value:.40}” is no whole number and was left out; write digits only.")
    return tuple(dict.fromkeys(str(int(value)) for value in written if is_number(value)))


def _years(written: tuple[str, ...], page: _Page) -> tuple[str, ...]:
    for value in written:
        if not years(value):
            page.metadata.problems.append(f"“{value:.40}” holds no year; write it with four digits.")
    return tuple(dict.fromkeys(year for value in written for year in years(value)))


def _page_id(page: _Page) -> str:
    """Return the page's own id if it names one, else one made of its path in the folder that all pages share."""
    written = one_line(page.metadata.text(page.settings.fields.id))
    if any(character.isalnum() for character in written):
        return _identifier(written)
    return _identifier(posixpath.splitext(page.source)[0].removeprefix(page.settings.pages.folder))


def _identifier(path: str) -> str:
    """Turn a path into a name of small letters, digits, dots, hyphens and underscores; its folders end in dots.

    Letters outside ASCII lose their accents. Where more is lost, or the name is very long or empty, a hash is added.
    """
    path = clean(path)
    folded = unicodedata.normalize("NFKD", path)
    ascii_only = "".join(character for character in folded if not unicodedata.combining(character)).lower()
    segments = (re.sub(r"[^a-z0-9._-]+", "-", segment).strip("-._") for segment in ascii_only.split("/"))
    name = ".".join(segment for segment in segments if segment)
    lossy = any(character.isalnum() and not character.isascii() for character in ascii_only)
    if name and not lossy and len(name) <= _LONGEST_ID:
        return name
    digest = hashlib.sha256(path.encode()).hexdigest()[:10]
    return f"{name[:_LONGEST_ID].rstrip('-._')}-{digest}".lstrip("-")
