"""A library with something in every place, and the states in which its pages are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import HttpCredentials

from indexer.index import directory
from indexer.index.ledger import FileReport, write_ledger
from indexer.index.schema import Attachment, Document, Resource, Status
from indexer.index.schema import Locator as Place
from indexer.index.schema import Page as FilePage
from tests import web_sample
from tests.browser.serving import served
from tests.memory_engine import MemoryEngine
from webapp import create_app
from webapp.config import Config

LONG = "a paragraph about something else. " * 40

STATES = {
    "home": "/",
    "results": "/search?q=common",
    "chosen": "/search?q=common&tag=tag+001&year=2001..2010&since=2000",
    "one": "/search?q=fees",
    "corrected": "/search?q=commn",
    "some words": "/search?q=common+fees",
    "nothing": "/search?q=nothingness",
    "behind the end": "/search?q=common&page=99",
    "resource": "/resources/recruitment-guide",
    "values": "/facets/tag?find=tag",
    "help": "/help",
    "about": "/about",
    "not found": "/nowhere",
    "error": "/search?page=0",
    "coverage": "/coverage",
}


EDITOR: HttpCredentials = {"username": "editor", "password": "known"}
"""Who may see all states."""


def documents() -> list[Document]:
    """Return the sample of the web tests, and resources enough for several pages of results and values."""
    common = [
        Document(
            Resource(
                f"r{number}",
                f"Common matters, number {number}",
                "A summary of what is common to all.",
                date(1990 + number, 1, 2),
                facets={
                    "tag": (f"tag {number:03}", "Plenty"),
                    "type": ("Guidance" if number % 2 else "Report",),
                    "year": (str(1990 + number),),
                    "language": ("en",),
                },
                attachments=(Attachment("note.txt", "files/notes.txt", "txt", 9, (Place(),)),),
            ),
            f"{LONG}\n\n{LONG}\n\nWhat is rarely said stands here, number {number}.",
            ((FilePage(Place(), "A common note"),),),
        )
        for number in range(30)
    ]
    return [*web_sample.documents(), *common]


@contextmanager
def stocked_library(folder: Path) -> Iterator[str]:
    """Serve it from memory, with files and a ledger on disk; give its address."""
    root, index = folder / "library", folder / "index"
    root.mkdir()
    web_sample.write_files(root)
    directory.prepare(index)
    generation = directory.new_generation(index)
    write_ledger(
        generation,
        [
            FileReport("files/guide.pdf", Status.OK, "pdf", 3, 900),
            FileReport("files/lost.docx", Status.MISSING, reason="The file is not there."),
        ],
    )
    directory.publish(index, generation)
    engine = MemoryEngine(documents(), root=str(root))
    config = Config(index=index, editor_password=EDITOR["password"])
    with served(create_app(config, web_sample.Held(engine), web_sample.Undecided())) as address:
        yield address
