"""A small library for the tests of the web: three real files, and texts that want to be more than text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask.testing import FlaskClient

from indexer.index.curation import NOTHING, Curation
from indexer.index.engine import Engine, EngineError
from indexer.index.manifest import LibraryInfo
from indexer.index.schema import Attachment, Document, Locator, Page, Resource, Status, Unit
from tests.memory_engine import MemoryEngine
from webapp import create_app
from webapp.config import Config

EVIL = '<script>alert("1")</script>'

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 4
HTML = "<!doctype html><p>Un été</p><script>steal()</script>".encode()


class Held:
    """Gives one engine, or fails with one error: the seam that the application takes instead of a directory."""

    def __init__(self, engine: Engine | EngineError) -> None:
        self._engine = engine

    def engine(self) -> Engine:
        """Return the engine, or raise the error."""
        if isinstance(self._engine, EngineError):
            raise self._engine
        return self._engine


class Undecided:
    """Says of any library that nothing was decided about searching it."""

    def of(self, _library: LibraryInfo) -> Curation:
        """Return nothing."""
        return NOTHING


def client_of(engine: Engine | EngineError, **settings: int | str | Path | tuple[str, ...]) -> FlaskClient:
    """Return a client of an application that is served by this engine."""
    config = Config(**settings)  # type: ignore[arg-type]  # the tests give the right types
    app = create_app(config, Held(engine), Undecided())
    return app.test_client()


def write_files(root: Path) -> None:
    """Write the files that `documents` names below `root`."""
    (root / "files").mkdir(parents=True)
    (root / "files" / "guide.pdf").write_bytes(PDF)
    (root / "files" / "été 100%.html").write_bytes(HTML)
    (root / "files" / "notes.txt").write_bytes("Prix: 5 €".encode("cp1252"))


def documents() -> list[Document]:
    """Return three resources of each kind there is, and one that attacks."""
    locators = tuple(
        Locator(label, Unit.PAGE, anchor=f"page={number}") for number, label in enumerate(("i", "1", "2"), 1)
    )
    guide = Attachment("guide.pdf", "files/guide.pdf", "pdf", 1033, locators)

    page = Attachment("été 100%.html", "files/été 100%.html", "html", 53, (Locator(),))
    notes = Attachment("notes.txt", "files/notes.txt", "txt", 9, (Locator(),), Status.CUT, "Only the start was read.")
    lost = Attachment("lost.docx", "files/lost.docx", "docx", 0, (), Status.MISSING, "The file is not there.")
    return [
        Document(
            Resource(
                "recruitment-guide",
                "A guide to responsible recruitment",
                "Steps for employers.",
                date(2021, 3, 4),
                url="https://example.org/guide",
                facets={"type": ("Guidance", "Toolkit"), "tag": ("Asia",), "year": ("2021",), "language": ("en",)},
                attachments=(guide, lost),
            ),
            "First paragraph.\n\nSecond paragraph.",
            (tuple(map(Page, locators, ("contents", "fees paid by migrants", "no fees at all"))), ()),
        ),
        Document(
            Resource(
                "ete",
                "Un été sans frais",
                "Des migrants parlent.",
                date(2022, 5, 6),
                "fr",
                facets={"type": ("News",), "tag": ("Asia", "Europe"), "year": ("2022",), "language": ("fr",)},
                attachments=(page, notes),
            ),
            "",
            ((Page(Locator(), "Un été"),), (Page(Locator(), "Prix: 5 €"),)),
        ),
        Document(
            Resource(
                "evil",
                f"Evil {EVIL}",
                f"Summary {EVIL}",
                None,
                url="javascript:alert(1)",
                facets={"type": ("Guidance",), "tag": (EVIL, '"><img src=x>'), "language": ("en",)},
            ),
            f"Body {EVIL}",
        ),
    ]


def engine(root: Path = Path("/nowhere")) -> MemoryEngine:
    """Return the sample in memory; its files lie below `root`."""
    return MemoryEngine(documents(), root=str(root))


def many(count: int) -> MemoryEngine:
    """Return an engine with so many resources, whose titles hold "common" and whose tags are plenty."""
    return MemoryEngine(
        [
            Document(Resource(f"r{number}", f"Common {number:03}", facets={"tag": (f"tag {number:03}",)}))
            for number in range(count)
        ]
    )
