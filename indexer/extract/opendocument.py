"""What all OpenDocument files have in common: a manifest, which says whether a password is needed."""

from __future__ import annotations

from zipfile import ZipFile

from indexer.extract.items import Incomplete
from indexer.extract.xml_tree import parse_member
from indexer.index.schema import Status

_MANIFEST = "META-INF/manifest.xml"
_ENTRY = "{*}file-entry"
_ENCRYPTION = "{*}encryption-data"
# Alone, a library of macros may be encrypted as well, and the text be there for all to read.
_TEXT_PARTS = frozenset({"content.xml", "encrypted-package"})


def refuse_encrypted(archive: ZipFile) -> None:
    """Raise Incomplete if the text of an OpenDocument file is encrypted, by its part or as a package in the package.

    A manifest that is missing or damaged says nothing; the parts themselves will show what they are.
    """
    try:
        manifest = parse_member(archive, _MANIFEST)
    except Incomplete:
        return
    for entry in manifest.iterfind(_ENTRY):
        paths = {str(value) for name, value in entry.attrib.items() if str(name).endswith("}full-path")}
        if paths & _TEXT_PARTS and entry.find(_ENCRYPTION) is not None:
            raise Incomplete(Status.ENCRYPTED, "It is protected by a password.")
