"""Which pages have to be planned again, told from what the walk through a library found and from what was known of it.

What a page becomes depends on its own content, on the days in its front matter, on whether another page has its id, and
on what lies at each of the places where its files are looked for. A place that the walk sees is left alone until
something appears there, vanishes or becomes something else, or one of the folders on the way to it becomes something
that the walk does not enter. The others are looked at by every build: those behind links and in folders that the
settings ignore, and where the file system says otherwise than the walk did.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from indexer.cache import Cache
from indexer.library.corpus import Found, Kind, Scan, join
from indexer.library.references import beneath, place
from indexer.library.settings import LibrarySettings
from indexer.state import FileState, State

_OPEN_TO_SIGHT = frozenset({Kind.PAGE, Kind.DOCUMENT, Kind.FOLDER, Kind.CLOSED})
"""What a name may lead to without the walk missing that it becomes something else."""


class Survey:
    """What lies in a library, by what was known and what a walk found.

    `files` is what is not as it was known, by path, None for what is gone; `moved` are the paths at which something
    appeared, vanished or became something else; `pages` those of pages with another content than was known.
    """

    def __init__(self, settings: LibrarySettings, cache: Cache, known: State) -> None:
        self.files: dict[str, FileState | None] = {}
        self.moved: set[str] = set()
        self.pages: set[str] = set()
        self._settings = settings
        self._cache = cache
        self._known = known

    def take(self, scan: Scan) -> None:
        """Take in what a walk found."""
        for path in scan.gone:
            self._change(path, self._known.file(path), None)
        for found in scan.found:
            before = self._known.file(found.path)
            now = FileState(found.kind, found.look, self._digest_to_compare(found, before))
            if now != before:
                self._change(found.path, before, now)

    def _digest_to_compare(self, found: Found, before: FileState | None) -> str:
        """Return the digest of a content of which one was known; empty for one that cannot be read."""
        if before is None or not before.digest or before.kind is not found.kind:
            return ""
        try:
            return self._hash(found.path)
        except OSError:
            return ""

    def _change(self, path: str, before: FileState | None, now: FileState | None) -> None:
        self.files[path] = now
        if before and now and (before.kind, before.digest) == (now.kind, now.digest):
            return
        self.moved.add(path)
        if Kind.PAGE in (before and before.kind, now and now.kind):
            self.pages.add(path)

    def in_doubt(self, today: date, outdated: Iterable[str]) -> set[str]:
        """Return the sources of the pages that have to be planned; files of which more can be read are `outdated`."""
        known = self._known
        return self.pages | known.restless(today) | known.pages_at(self._places()) | known.pages_naming(outdated)

    def _places(self) -> Iterator[int]:
        """Yield the places at which, by what moved, another file may be now, or one that the walk does not see."""
        for path in self.moved:
            yield place(path)
            file = self.files[path]
            if file and file.kind is not Kind.FOLDER:
                yield beneath(path)

    def file(self, path: str) -> FileState | None:
        """Return what lies at a path of the library; None where the walk saw nothing."""
        return self.files[path] if path in self.files else self._known.file(path)

    def digest(self, path: str) -> str:
        """Return the digest of a file's content, which is kept in mind for the next build; or OSError."""
        file = self.file(path)
        if file and file.digest:
            return file.digest
        digest = self._hash(path)
        self.note(path, digest)
        return digest

    def note(self, path: str, digest: str) -> None:
        """Keep in mind what a file was read as; an empty digest says that it could not be read."""
        file = self.file(path)
        if file and file.kind in (Kind.PAGE, Kind.DOCUMENT) and file.digest != digest:
            self.files[path] = replace(file, digest=digest)

    def _hash(self, path: str) -> str:
        return self._cache.digest(self._settings.library / path)

    def sees(self, path: str) -> bool:
        """Tell whether the walk through the library notices whatever appears or changes at a path."""
        folder = ""
        for name in path.split("/")[:-1]:
            folder = join(folder, name)
            file = self.file(folder)
            if file is None:
                return not self._is_there(folder)
            if file.kind is not Kind.FOLDER:
                return False
        file = self.file(path)
        return self._is_there(path) == (file is not None) and (file is None or file.kind in _OPEN_TO_SIGHT)

    def _is_there(self, path: str) -> bool:
        return os.path.lexists(self._settings.library / path)
