"""How LibreOffice is told to convert a file: its command, its profile, and what it may take."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path

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
    with _content(original) as content:
        return _READERS[name] if content.find(mark) >= 0 else older


def is_protected(original: Path, name: str) -> bool:
    """Tell whether a file of which LibreOffice made nothing is protected by a password.

    It is a flag in the header of a DOC ([MS-DOC] 2.5.2), the second record of an XLS ([MS-XLS] 2.4.117) and a stream of
    its own in a PPT ([MS-PPT] 2.1.7).
    """
    with _content(original) as content:
        if name == "doc":
            header = _aligned(content, _WORD_HEADER)
            return header >= 0 and bool(int.from_bytes(content[header + 10 : header + 12], "little") & _WORD_PASSWORD)
        if name == "xls":
            first = _aligned(content, _EXCEL_HEADER)
            return first >= 0 and content[first + 20 : first + 22] == _EXCEL_PASSWORD
        return content.find("EncryptedSummary".encode("utf-16-le")) >= 0


def _aligned(content: mmap, mark: bytes) -> int:
    """Return where a stream that begins with a mark lies in an OLE container; -1 if there is none.

    A file that is made of nothing but such marks is given up soon.
    """
    start = -1
    for _ in range(_MOST_MARKS):
        start = content.find(mark, start + 1)
        if start < 0 or not start % _SMALLEST_SECTOR:
            return start
    return -1


@contextmanager
def _content(original: Path) -> Iterator[mmap]:
    with original.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        yield content
