"""The plan of the house, held by reading the imports: who may know whom, and which library lives in which room."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = sorted([*(ROOT / "indexer").rglob("*.py"), *(ROOT / "webapp").rglob("*.py")])

LIBRARY_ROOMS = {
    "whoosh": {"indexer.index.whoosh", "indexer.bench.engines.whoosh"},
    "tantivy": {"indexer.bench.engines.tantivy"},
    "Stemmer": {"indexer.index.analysis"},
    "numpy": {"indexer.index.whoosh", "indexer.bench.synthetic"},
    "flask": {"webapp"},
    "werkzeug": {"webapp"},
    "jinja2": {"webapp"},
    "markupsafe": {"webapp.interface", "webapp.pages"},
    "babel": {"webapp.interface"},
    "gunicorn": {"webapp.server"},
    "apscheduler": {"indexer.schedule"},
    "frontmatter": {"indexer.library.frontmatter"},
    "markdown_it": {"indexer.markdown"},
    "pypdfium2": {
        f"indexer.extract.{name}"
        for name in ("pdf", "pdf_attached", "pdf_metadata", "pdf_notes", "pdf_page", "pdf_pages", "pdf_pictures")
    },
    "rich": {"indexer.progress"},
    "bs4": {"indexer.library.markup"},
    "lxml": {"indexer.html", "indexer.extract.xml_tree", "indexer.extract.epub", "indexer.extract.properties"},
    "yaml": {"indexer.library.frontmatter"},
    "dateutil": {"indexer.library.dates"},
    "charset_normalizer": {"indexer.encoding"},
    "py3langid": {"indexer.detection"},
    "click": {"indexer.cli", "indexer.cli_evaluate", "indexer.cli_options", "indexer.cli_similar", "webapp.terminal"},
    "sqlite3": {
        "indexer.bench.engines.fts5",
        "indexer.cache",
        "indexer.failures",
        "indexer.index.ledger",
        "indexer.index.tables",
        "indexer.state",
        "indexer.state_writing",
    },
}
"""Where a library may be known; one that is not listed may be known nowhere.

Pages and attached files are parsed apart, and `indexer.html` finds the text in what was parsed. `indexer.failures`
knows sqlite only to explain that its disk is full.
"""


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    name = name_of(path)
    ours = {imported for imported in imports_of(path) if imported.split(".")[0] in ("indexer", "webapp")}
    if within(name, "indexer.index"):
        assert all(within(imported, "indexer.index") for imported in ours)
    elif within(name, "webapp"):
        # The version of the program is no one's room.
        known = ("webapp", "indexer.index", "indexer.__version__")
        assert all(any(within(imported, room) for room in known) for imported in ours)
    elif name not in ("indexer.cli", "indexer.cli_similar"):
        assert not any(within(imported, "webapp") for imported in ours)


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_each_library_is_known_in_one_room(path: Path) -> None:
    name = name_of(path)
    for imported in imports_of(path):
        library = imported.split(".")[0]
        if library in LIBRARY_ROOMS:
            assert any(within(name, room) for room in LIBRARY_ROOMS[library]), f"{name} imports {imported}"
        else:
            assert library in {*sys.stdlib_module_names, "indexer", "webapp"}, f"{library} has no room: {name}"


def test_every_room_has_its_library() -> None:
    imports = {name_of(path): {imported.split(".")[0] for imported in imports_of(path)} for path in ROOMS}
    for library, rooms in LIBRARY_ROOMS.items():
        for room in rooms:
            assert any(within(name, room) and library in found for name, found in imports.items()), (library, room)


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{path} has no docstring"
    assert docstring.split("\n\n")[0].rstrip().endswith((".", "?", ":"))
