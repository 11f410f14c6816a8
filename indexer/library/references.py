"""From the name of a file, as a page writes it, to the file in the library; never to one outside."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from indexer.extract import ATTACHMENT_SUFFIXES
from indexer.index.schema import Status
from indexer.library.corpus import is_page, within
from indexer.library.settings import LibrarySettings

_EXTERNAL = re.compile(
    r"//|(?!file:)[a-z][a-z0-9+.-]+://|(?:https?|mailto|tel|sms|javascript|blob):|data:[\w/+.-]*[;,]",
    re.IGNORECASE,
)
"""How an address begins that is no file of the library. A colon alone proves nothing: names of files hold them too."""


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file that a page names: its path relative to the library, its name and its size in bytes."""

    path: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that leads to no file that may be read: MISSING or REFUSED, and the reason as a sentence."""

    reference: str
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a name leads: to a file, nowhere, or (None) to no file of the library at all.

    `tried` are the paths, relative to the library, at which something was looked for: only what lies there decides. A
    path that the file system writes with other Unicode forms of accents follows in these.
    """

    found: FileReference | Unresolved | None
    tried: tuple[str, ...] = ()


def is_external(reference: str) -> bool:
    """Tell whether a reference is an address on the web, or none at all, rather than a file of the library."""
    reference = reference.strip()
    return not reference or reference.startswith(("#", "?")) or _EXTERNAL.match(reference) is not None


def names_document(reference: str) -> bool:
    """Tell whether a link in a text leads to a local file of a kind that is read as an attachment."""
    suffix = posixpath.splitext(_address_path(reference))[1].lower()
    return suffix in ATTACHMENT_SUFFIXES and not is_external(reference)


def resolve(reference: str, page: str, settings: LibrarySettings) -> Resolution:
    """Find the file that a page names; none for addresses on the web and for other pages of the library.

    `page` is the path of the page relative to the library. A name is looked for beside its page (from the library's
    folder, if it begins with a slash) and then in each of `attachments.folders`. Links are followed only as long as
    they stay inside the library.
    """
    if is_external(reference):
        return Resolution(None)
    root = os.path.realpath(settings.library)
    refused: Unresolved | None = None
    tried: list[str] = []
    for candidate in dict.fromkeys(_candidates(reference.strip(), page, settings)):
        found: FileReference | str | None = _refusal(candidate)
        if found is None and candidate != ".":
            spellings = _spellings(candidate, settings)
            tried += spellings
            found = _look(spellings, root, settings)
        if isinstance(found, FileReference):
            return Resolution(None if is_page(found.path, settings) else found, tuple(tried))
        if found and refused is None:
            refused = Unresolved(reference, Status.REFUSED, f"“{reference}” {found}.")
    return Resolution(refused or _missing(reference, page, settings), tuple(tried))


def place(path: str) -> int:
    """Return a number that is the same for all paths which a file system may take for one, and for hardly any other.

    Some tell neither capitals nor the Unicode forms of accents apart. 64 bits, signed.
    """
    folded = path.lower() if path.isascii() else _folded(path)
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def beneath(folder: str) -> int:
    """Return the number of all places beneath a folder; it is that of no path."""
    return place(f"{folder}/")


def places(path: str) -> list[int]:
    """Return the numbers of all that decides what lies at a path: the place itself, and each folder on the way."""
    parts = path.split("/")
    return [place(path), *(beneath("/".join(parts[:end])) for end in range(1, len(parts)))]


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def _candidates(reference: str, page: str, settings: LibrarySettings) -> Iterator[str]:
    """Yield the normalised paths at which the file may be; those that begin with `..` lead outside.

    The name is tried as it stands before it is read as an address: `50% of C#.pdf` is a name.
    """
    for folder in _folders(reference, page, settings):
        for name in (reference.replace("\\", "/"), _address_path(reference)):
            yield posixpath.normpath(posixpath.join(folder, name.lstrip("/")))


def _folders(reference: str, page: str, settings: LibrarySettings) -> tuple[str, ...]:
    own = "" if reference.startswith(("/", "\\")) else posixpath.dirname(page)
    return tuple(dict.fromkeys((own, *settings.attachments.folders)))


def _address_path(reference: str) -> str:
    """Return the path of an address: without query and fragment, percent signs decoded, with forward slashes."""
    return unquote(re.split(r"[?#]", reference.strip(), maxsplit=1)[0]).replace("\\", "/")


def _refusal(path: str) -> str | None:
    """Return why nothing is looked for at a path, as the end of a sentence; None when something may be."""
    if path.startswith(("../", "/")) or path == "..":
        return "leads outside the library; put the file into it"
    if path != "." and any(part.startswith(".") for part in path.split("/")):
        return "names a hidden file or folder, and those are never shown; rename it"
    return None


def _look(spellings: tuple[str, ...], root: str, settings: LibrarySettings) -> FileReference | str | None:
    """Return the file at a path, None if there is nothing, or why it is refused: the end of a sentence."""
    actual = next((path for path in spellings if os.path.lexists(settings.library / path)), None)
    try:
        return None if actual is None else _file(actual, root, settings)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _spellings(path: str, settings: LibrarySettings) -> tuple[str, ...]:
    """Return a path and, if nothing is there, as the file system writes it, where that is not the same."""
    if path.isascii() or os.path.lexists(settings.library / path):
        return (path,)
    return tuple(dict.fromkeys((path, _as_written(path, settings))))


def _as_written(path: str, settings: LibrarySettings) -> str:
    """Return a path with the names that lie on it, as far as there are any; their accents may be in another form."""
    parts, written = path.split("/"), ""
    for end, part in enumerate(parts):
        name = _entry_like(part, settings.library / written)
        if name is None:
            return posixpath.join(written, *parts[end:])
        written = posixpath.join(written, name)
    return written


def _entry_like(part: str, folder: os.PathLike[str]) -> str | None:
    """Return the name in the folder that is the same text as `part`, whatever its Unicode form."""
    wanted = unicodedata.normalize("NFC", part)
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - a listing of names; a Path for each is waste
    except OSError:
        return None
    return next((name for name in names if unicodedata.normalize("NFC", name) == wanted), None)


def _file(path: str, root: str, settings: LibrarySettings) -> FileReference | str | None:
    """Describe the file at an existing path, or say why it is refused."""
    try:
        real = os.path.realpath(settings.library / path, strict=True)
    except FileNotFoundError:
        return None  # A link to nothing.
    if not within(real, root):
        return "leads outside the library through a symbolic link; put the file itself there"
    status = os.stat(real)  # noqa: PTH116 - the real path is text already
    if stat.S_ISDIR(status.st_mode):
        return "is a folder; name the file in it"
    if not stat.S_ISREG(status.st_mode):
        return "is not a regular file"
    name = unicodedata.normalize("NFC", posixpath.basename(path))
    return FileReference(path, name, status.st_size)


def _missing(reference: str, page: str, settings: LibrarySettings) -> Unresolved:
    folders = _folders(reference, page, settings)
    places = ", ".join(f"{folder}/" if folder else "the library's folder" for folder in folders)
    return Unresolved(reference, Status.MISSING, f"“{reference}” was not found; it was looked for in {places}.")
