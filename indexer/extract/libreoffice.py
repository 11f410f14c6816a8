"""How LibreOffice is told to convert a file: its command, its profile, and what it may take."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from indexer.extract.formats import CONVERTED
from indexer.limits import Limits

_LIBRARIES_BYTES = 320 << 20
"""What LibreOffice maps and does not fill: with 511 MiB it starts, holding 211 MiB, and with 400 it does not."""

_OPEN_FILES = 128
_READERS: Mapping[str, str] = {
    "doc": "MS Word 97",
    "ppt": "MS PowerPoint 97",
    "xls": "MS Excel 97",
    "xlsb": "Calc MS Excel 2007 Binary",
}
"""What LibreOffice calls its readers. Left to choose it reads a damaged file as text."""

_WORD_HEADER = bytes.fromhex("eca5")
_WORD_PASSWORD = 0x0100
_EXCEL_HEADER = bytes.fromhex("0908 1000 0006 0500")
_EXCEL_PASSWORD = bytes.fromhex("2f00")
_SMALLEST_SECTOR = 64
_MOST_MARKS = 10_000
_PIECE = 1 << 20
"""Bytes of a file that are searched at a time: it is the process that builds that does it."""
_OLDER: Mapping[str, tuple[bytes, str]] = {
    "doc": (_WORD_HEADER, "MS WinWord 6.0"),
    "xls": ("Workbook".encode("utf-16-le"), "MS Excel 5.0/95"),
}
"""A mark that every file of a format has held since 1997, and the reader for those without."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>1</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
"""No macros, nothing loaded that a file refers to; "never" is 1 to LibreOffice Calc and 0 to Writer."""


def new_room(folder: Path) -> Path:
    """Make a folder with a profile that forbids what a file might want of its reader, and return it."""
    room = Path(tempfile.mkdtemp(dir=folder))
    settings = room / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    return room


def command(soffice: str, room: Path, original: Path) -> list[str]:
    """Return the command that converts a file, into the folder "out" beside it, with the profile of a room."""
    name = original.suffix[1:]
    return [
        soffice,
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nologo",
        f"--infilter={_reader(original, name)}",
        "--convert-to",
        CONVERTED[name],
        "--outdir",
        str(original.parent / "out"),
        str(original),
    ]


def environment(room: Path, work: Path) -> dict[str, str]:
    """Return all that LibreOffice is told of its surroundings: folders of its own."""
    return {"HOME": str(room), "TMPDIR": str(work), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}


def allowance(limits: Limits) -> dict[str, int]:
    """Return the limits of its process, by their names."""
    return {
        "AS": limits.memory_bytes + _LIBRARIES_BYTES,
        "CPU": int(limits.convert_seconds) + 1,
        "FSIZE": limits.file_bytes,
        "NOFILE": _OPEN_FILES,
        "CORE": 0,
    }


def _reader(original: Path, name: str) -> str:
    mark, older = _OLDER.get(name, (b"", ""))
    with original.open("rb") as content:
        is_newer = not mark or any(True for _ in _places(content, mark))
    return _READERS[name] if is_newer else older


def is_protected(original: Path, name: str) -> bool:
    """Tell whether a file of which LibreOffice made nothing is protected by a password.

    It is a flag in the header of a DOC ([MS-DOC] 2.5.2), the second record of an XLS ([MS-XLS] 2.4.117) and a stream of
    its own in a PPT ([MS-PPT] 2.1.7).
    """
    with original.open("rb") as content:
        if name == "doc":
            return bool(int.from_bytes(_behind(content, _WORD_HEADER, 10), "little") & _WORD_PASSWORD)
        if name == "xls":
            return _behind(content, _EXCEL_HEADER, 20) == _EXCEL_PASSWORD
        return any(True for _ in _places(content, "EncryptedSummary".encode("utf-16-le")))


def _behind(content: BinaryIO, mark: bytes, distance: int) -> bytes:
    """Return two bytes of the stream in an OLE container that begins with a mark; nothing if there is no such stream.

    A file that is made of nothing but such marks is given up soon.
    """
    places = islice(_places(content, mark), _MOST_MARKS)
    start = next((place for place in places if not place % _SMALLEST_SECTOR), None)
    if start is None:
        return b""
    content.seek(start + distance)
    return content.read(2)


def _places(content: BinaryIO, mark: bytes) -> Iterator[int]:
    """Yield where a mark stands in a file, in memory that does not grow with it."""
    content.seek(0)
    window, start = b"", 0
    while piece := content.read(_PIECE):
        # The end of the last piece may be the beginning of a mark.
        kept = window[len(window) - len(mark) + 1 :] if window else b""
        window, start = kept + piece, start + len(window) - len(kept)
        place = window.find(mark)
        while place >= 0:
            yield start + place
            place = window.find(mark, place + 1)
