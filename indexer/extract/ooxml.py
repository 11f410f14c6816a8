"""What Office files share: parts tied together by relationships, and what stands in the parts beside a text."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from indexer.extract.items import Incomplete, joined
from indexer.extract.ooxml_text import OfficeText, nothing_beside
from indexer.extract.xml_stream import Attributes, read_part
from indexer.extract.xml_text import Parts, value_of
from indexer.index.schema import Status

# The last is what programs before Office 2007 left, and what those that know no Office format embed.
_EMBEDDED = ("aFChunk", "package", "oleObject")
# Which attribute of an element names the relationship to the part that is shown in its place.
_FIGURES = {"chart": "id", "relIds": "dm"}


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part has to do with another: the last word of the relationship's type, and the name of the other part."""

    kind: str
    target: str


class Package(Parts):
    """The parts of an opened Office file by name, and the relationships between them."""

    def main(self, usual: str) -> str:
        """Return the name of the part that the file is about; `usual` is what it is called if the file does not say."""
        targets = [relation.target for relation in self.related("").values() if relation.kind == "officeDocument"]
        if targets:
            return targets[0]
        if usual not in self.archive.NameToInfo:
            nothing_said = Incomplete(Status.DAMAGED, "It does not say which of its parts is the document.")
            raise joined(self.problems or [nothing_said])
        return usual

    def related(self, name: str) -> dict[str, Relation]:
        """Map the id of each relationship of a part ("" for the file itself) to what it leads to within the file."""
        folder, base = posixpath.split(name)
        part = posixpath.join(folder, "_rels", f"{base}.rels")
        relations = _Relations(folder)
        if part in self.archive.NameToInfo:
            try:
                read_part(self.archive, part, relations)
            except Incomplete as error:
                self.note(error)
        return relations.found

    def text(self, name: str) -> str:
        """Return the text of a part that leads to no others, as far as it can be read."""
        return "\n\n".join(self.texts(name, OfficeText(self.flow(), nothing_beside)))

    def figure(self, related: Mapping[str, Relation], name: str, attributes: Attributes) -> str:
        """Return the words in the chart or diagram that an element stands for."""
        relation = related.get(value_of(attributes, _FIGURES.get(name, "")))
        return self.figure_text(relation.target, lambda flow: OfficeText(flow, nothing_beside)) if relation else ""


def embedded_in(related: Mapping[str, Relation]) -> list[str]:
    """Return the names of the files that a part shows a picture of, or that are taken in when it is opened."""
    return sorted({relation.target for relation in related.values() if relation.kind in _EMBEDDED})


class _Relations:
    """Collects the relationships of a part in a folder to other parts."""

    def __init__(self, folder: str) -> None:
        self.found: dict[str, Relation] = {}
        self.starts = {"Relationship": self._add}
        self.ends: dict[str, Callable[[], None]] = {}
        self._folder = folder

    def text(self, data: str) -> None:
        """Ignore text: relationships have none."""

    def _add(self, attributes: Attributes) -> None:
        if attributes.get("TargetMode") == "External":
            return
        target = posixpath.join("/", self._folder, unquote(attributes.get("Target", "")))
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found[attributes.get("Id", "")] = Relation(kind, posixpath.normpath(target).lstrip("/"))
