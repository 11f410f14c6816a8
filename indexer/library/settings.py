"""`library.toml`: where a library's pages are, what their front matter means, and what of it is published."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from indexer.encoding import is_encodable
from indexer.index.ranking import DEFAULT
from indexer.library.appearance import Appearance, read_appearance
from indexer.library.facet_settings import DEFAULT_FACETS, FacetRule, read_facets, read_keys
from indexer.library.settings_table import SettingsError, Table
from indexer.limits import Limits

__all__ = [
    "Appearance",
    "AttachmentRules",
    "FacetRule",
    "FieldKeys",
    "LibrarySettings",
    "PageRules",
    "PublicationKeys",
    "RankingRules",
    "SettingsError",
    "load_settings",
]

FILE_NAME = "library.toml"
_LEAST = {"memory_bytes": 1 << 28, "ocr_pages": 0}
"""The lowest values of limits where that is not 1: a reading process takes some memory to start."""


@dataclass(frozen=True, slots=True)
class PageRules:
    """Which files are pages, and what of them is not read.

    `include` and `ignore` are path patterns (see `indexer.library.globs`); hidden files and folders are always ignored.
    What a `strip` expression matches is taken out of a page before anything else is read, front matter and links too.
    A page of more than `max_bytes` is reported and left out.
    """

    include: tuple[str, ...] = ("**/*.md", "**/*.markdown", "**/*.html", "**/*.htm")
    ignore: tuple[str, ...] = ()
    strip: tuple[re.Pattern[str], ...] = ()
    max_bytes: int = 5_000_000

    @property
    def folder(self) -> str:
        """The folder that all pages lie in, with a slash at its end; empty when they share none.

        It is read off the patterns and not off the pages, so that a new page does not change the ids of the others.
        """
        fixed = [re.split(r"[*?[]", pattern.lstrip("/"), maxsplit=1)[0] for pattern in self.include]
        shared = os.path.commonprefix(fixed)  # noqa: RUF071  # by characters, and then cut at a slash
        return shared[: shared.rfind("/") + 1]


@dataclass(frozen=True, slots=True)
class FieldKeys:
    """The front-matter keys of each field; of several keys the first that a page fills counts."""

    title: tuple[str, ...] = ("title", "name")
    summary: tuple[str, ...] = ("summary", "abstract", "description", "excerpt")
    date: tuple[str, ...] = ("date", "published", "year")
    language: tuple[str, ...] = ("language", "lang")
    url: tuple[str, ...] = ("url", "link")
    id: tuple[str, ...] = ("id", "slug")


@dataclass(frozen=True, slots=True)
class AttachmentRules:
    """Which keys name a page's files and where, beside the page itself, those are looked for.

    `folders` are relative to the library. With `body_links` a link in the text to a local document counts as well.
    """

    keys: tuple[str, ...] = ("attachments", "attachment", "files", "file")
    folders: tuple[str, ...] = ("", "files", "attachments", "assets")
    body_links: bool = True


@dataclass(frozen=True, slots=True)
class RankingRules:
    """What a library adds to the ranking of its results.

    `recency` is what a resource of today gains, in shares of the best score; 0 gives nothing. After `half_life` years
    it gains half of that.
    """

    recency: float = DEFAULT.recency
    half_life: float = DEFAULT.half_life


@dataclass(frozen=True, slots=True)
class PublicationKeys:
    """The keys that keep a page from being shown: for now, until a day, or from a day on."""

    draft: tuple[str, ...] = ("draft",)
    published: tuple[str, ...] = ("published",)
    expires: tuple[str, ...] = ("expires", "expiry")
    publish_from: tuple[str, ...] = ("publish_from",)

    @property
    def all(self) -> tuple[str, ...]:
        """All of these keys."""
        return self.draft + self.published + self.expires + self.publish_from


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """Everything `library.toml` says, with the defaults that let a plain folder of pages do without one.

    `library` is the library's folder as an absolute path, `config` that of the settings when they were given apart from
    it. The first of `languages` is that of pages which name none.
    A build that would lose more than `max_loss` (0 to 1) of the resources is not published.
    """

    library: Path
    title: str
    config: Path | None = None
    description: str = ""
    languages: tuple[str, ...] = ("en",)
    max_loss: float = 0.5
    pages: PageRules = field(default_factory=PageRules)
    fields: FieldKeys = field(default_factory=FieldKeys)
    facets: tuple[FacetRule, ...] = DEFAULT_FACETS
    attachments: AttachmentRules = field(default_factory=AttachmentRules)
    publication: PublicationKeys = field(default_factory=PublicationKeys)
    ranking: RankingRules = field(default_factory=RankingRules)
    appearance: Appearance = field(default_factory=Appearance)
    limits: Limits = field(default_factory=Limits)

    @property
    def digest(self) -> str:
        """A hash of the settings that change what a page becomes: all but labels, titles, orders, looks and ranking."""
        data = asdict(self)
        for shown in ("library", "config", "title", "description", "max_loss", "ranking", "appearance"):
            del data[shown]
        for facet in data["facets"]:
            del facet["label"], facet["order"]
        text = json.dumps(data, sort_keys=True, default=lambda expression: expression.pattern)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load_settings(library: Path, config: Path | None = None) -> LibrarySettings:
    """Read the settings of a library: from `config`, else from its own `library.toml` if it has one, else the defaults.

    Raises SettingsError, a sentence that names file, key, reason and way out.
    """
    if not library.is_dir():
        raise SettingsError(f"There is no library folder at {library}; name the folder that holds the pages.")
    library = library.absolute()
    if not is_encodable(str(library)):
        shown = os.fsencode(library).decode("utf-8", "replace")
        raise SettingsError(f"The path {shown} is not UTF-8 and cannot be written down; rename its folders.")
    file = config or library / FILE_NAME
    if config is None and not file.exists():
        return LibrarySettings(library, title=library.name)
    return _settings(library, Table(_read(file), file), config)


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not UTF-8; save it with that encoding.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}.") from error


def _settings(library: Path, table: Table, config: Path | None) -> LibrarySettings:
    """Turn the file's top level into settings; whatever is left over is unknown."""
    settings = LibrarySettings(
        library,
        title=table.text("title", library.name),
        config=config and config.absolute(),
        description=table.text("description", ""),
        languages=_languages(table),
        max_loss=table.number("max_loss", 0.5, 0, 1),
        pages=_pages(table.table("pages")),
        fields=_fields(table.table("fields")),
        facets=read_facets(table),
        attachments=_attachments(table.table("attachments")),
        publication=_publication(table.table("published")),
        ranking=_ranking(table.table("ranking")),
        appearance=read_appearance(table.table("appearance"), library),
        limits=_limits(table.table("limits")),
    )
    table.refuse_unknown()
    return settings


def _languages(table: Table) -> tuple[str, ...]:
    languages = table.texts("languages", ("en",))
    wrong = [language for language in languages if not re.fullmatch(r"[a-z]{2,3}", language)]
    if wrong or not languages:
        raise table.error("languages", f'needs codes such as ["en", "fr"], the default first, not {wrong}')
    return languages


def _pages(table: Table) -> PageRules:
    default = PageRules()
    rules = PageRules(
        include=table.texts("include", default.include),
        ignore=table.texts("ignore", default.ignore),
        strip=tuple(_expression(table, text) for text in table.texts("strip", ())),
        max_bytes=int(table.number("max_bytes", default.max_bytes, 1, 2**40)),
    )
    table.refuse_unknown()
    return rules


def _expression(table: Table, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise table.error("strip", f"holds “{text}”, which is no regular expression ({error})") from error


def _fields(table: Table) -> FieldKeys:
    default = FieldKeys()
    keys = FieldKeys(
        title=read_keys(table, "title", default.title),
        summary=read_keys(table, "summary", default.summary),
        date=read_keys(table, "date", default.date),
        language=read_keys(table, "language", default.language),
        url=read_keys(table, "url", default.url),
        id=read_keys(table, "id", default.id),
    )
    table.refuse_unknown()
    return keys


def _attachments(table: Table) -> AttachmentRules:
    default = AttachmentRules()
    rules = AttachmentRules(
        keys=read_keys(table, "keys", default.keys),
        folders=tuple(_folder(table, folder) for folder in table.texts("folders", default.folders)),
        body_links=table.flag("body_links", default.body_links),
    )
    table.refuse_unknown()
    return rules


def _folder(table: Table, folder: str) -> str:
    if folder.startswith("/") or ".." in folder.split("/"):
        raise table.error("folders", f"holds “{folder}”, which leads outside; name folders inside the library")
    return folder.strip("/")


def _limits(table: Table) -> Limits:
    """Read the bounds on one file; whole numbers stay whole, and a file can be given at least a second."""
    default = Limits()
    limits = Limits(
        **{
            limit.name: type(usual)(table.number(limit.name, usual, _LEAST.get(limit.name, 1), 2**40))
            for limit in fields(Limits)
            for usual in (getattr(default, limit.name),)
        }
    )
    table.refuse_unknown()
    return limits


def _ranking(table: Table) -> RankingRules:
    default = RankingRules()
    rules = RankingRules(
        recency=float(table.number("recency", default.recency, 0, 1)),
        half_life=float(table.number("half_life", default.half_life, 0.01, 1_000)),
    )
    table.refuse_unknown()
    return rules


def _publication(table: Table) -> PublicationKeys:
    default = PublicationKeys()
    keys = PublicationKeys(
        draft=read_keys(table, "draft", default.draft),
        published=read_keys(table, "published", default.published),
        expires=read_keys(table, "expires", default.expires),
        publish_from=read_keys(table, "publish_from", default.publish_from),
    )
    table.refuse_unknown()
    return keys
