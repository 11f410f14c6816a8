"""How LibreOffice is told to convert a file: its command, its profile, and what it may take."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
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

_OLDER: Mapping[str, tuple[bytes, str]] = {
    "doc": (bytes.fromhex("eca5"), "MS WinWord 6.0"),
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
    with original.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        return _READERS[name] if content.find(mark) >= 0 else older
