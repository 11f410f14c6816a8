"""What DOCX and PPTX share: parts tied together by relationships, and text in paragraphs, runs and tables."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from indexer.extract.archive import parse_member
from indexer.extract.items import Incomplete
from indexer.index.schema import Status

# Tags go by their local names: the strict and the transitional form of the standard differ only in the namespaces.
_BREAKS_AFTER = {"tc": "\t", "tr": "\n", "tbl": "\n\n"}
_CHARACTERS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
# Properties (their tab stops are no tabs), and text that a tracked change removed or moved away from here.
_SKIPPED = frozenset({"pPr", "rPr", "del", "moveFrom"})
_TAGS = [f"{{*}}{name}" for name in ("p", "t", "fld", "Fallback", *_BREAKS_AFTER, *_CHARACTERS, *_SKIPPED)]
_RELATION = "{*}Relationship"


class Package:
    """The parts of an opened Office file by name, and the relationships between them."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def main(self) -> str:
        """Return the name of the part that the file is about; raises Incomplete if there is none."""
        for kind, target in self.related("").values():
            if kind == "officeDocument":
                return target
        raise Incomplete(Status.DAMAGED, "It does not say which of its parts is the document.")

    def part(self, name: str) -> etree._Element:
        """Return the root element of a part; raises Incomplete if it cannot be read."""
        return parse_member(self._archive, name)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Map the id of each relationship of a part ("" for the file itself) to its kind and the part it leads to."""
        folder, base = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations not in self._archive.NameToInfo:
            return {}
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, unquote(relation.get("Target", "")))).lstrip("/"),
            )
            for relation in self.part(relations).iterfind(_RELATION)
            if relation.get("TargetMode") != "External"
        }


def text_of(root: etree._Element) -> str:
    """Return the text below an element: paragraphs parted by empty lines, cells by tabs, rows by line breaks."""
    pieces: list[str] = []
    cells = 0
    walk = etree.iterwalk(root, events=("start", "end"), tag=_TAGS)
    for event, element in walk:
        name = _local(element)
        if event == "start":
            cells += name == "tc"
            if _is_skipped(element, name):
                walk.skip_subtree()
        else:
            cells -= name == "tc"
            pieces.append(_ending(element, name))
        if name == "p":
            # At its start too: a paragraph also begins inside another one, where a text box is anchored.
            pieces.append(" " if cells else "\n\n")
    return "".join(pieces)


def _ending(element: etree._Element, name: str) -> str:
    if name == "t":
        return element.text or ""
    return _CHARACTERS.get(name) or _BREAKS_AFTER.get(name, "")


def _is_skipped(element: etree._Element, name: str) -> bool:
    if name == "Fallback":
        # The same text a second time, for programs that do not know the first form.
        parent = element.getparent()
        return parent is not None and parent.find("{*}Choice") is not None
    return name in _SKIPPED or (name == "fld" and element.get("type") == "slidenum")


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
