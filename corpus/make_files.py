"""Make the attachments of the sample library from their Markdown sources.

Every `sources/NAME.FORMAT.md` becomes `files/NAME.FORMAT`. A chapter (`# Heading`) is a new page in PDF, a slide in
PPTX and a sheet in XLSX; a quotation (`> `) is the speaker's note of a slide and an indented paragraph elsewhere.
Bold, italic and links are kept in HTML and are plain text elsewhere.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from io import BytesIO
from math import ceil
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
from defusedxml.ElementTree import fromstring
from file_formats import RENDERERS
from file_sources import SourceError, read_source

HERE = Path(__file__).resolve().parent
READ_MEMBERS = re.compile(
    r"word/document\.xml|ppt/(slides|notesSlides)/[^/]+\.xml|xl/(sharedStrings|worksheets/.+)\.xml"
)
"""The parts of the zipped formats that hold text."""


def make(path: Path) -> bytes:
    """Return the file that a source gives."""
    renderer = RENDERERS.get(Path(path.stem).suffix[1:])
    if renderer is None:
        raise SourceError(f"{path.name}: the name must end in a format and .md; formats are {', '.join(RENDERERS)}")
    return renderer(read_source(path))


def readable_text(data: bytes) -> str:
    """Return all text in a made file, its white space evened out: what is left when the writing library changes."""
    if data.startswith(b"%PDF"):
        pages = pypdfium2.PdfDocument(data)
        text = " ".join(page.get_textpage().get_text_range() for page in pages)
    elif data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as archive:
            members = [archive.read(name) for name in sorted(archive.namelist()) if READ_MEMBERS.fullmatch(name)]
        text = " ".join(piece for member in members for piece in fromstring(member).itertext())
    else:
        text = data.decode()
    # The dots in a table of contents are as many as the version of the library thinks fit.
    return " ".join(re.sub(r"\.{2,}", " ", text).split())


def write_files(sources: Sequence[Path], folder: Path) -> int:
    """Write the file of every source and print a line each; the exit status is always 0."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sources:
        data = make(path)
        (folder / path.stem).write_bytes(data)
        print(f"{path.stem}: {ceil(len(data) / 1024)} KB")
    return 0


def check_files(sources: Sequence[Path], folder: Path) -> int:
    """Name the files that are missing or hold other text than their sources give; exit status 1 if there are any."""
    wrong = [path.stem for path in sources if not is_current(path, folder / path.stem)]
    for name in wrong:
        print(f"{name}: not what its source gives; run make_files.py --only {name}")
    return 1 if wrong else 0


def is_current(source: Path, file: Path) -> bool:
    """Tell whether a file exists and holds the text that its source gives."""
    return file.is_file() and readable_text(file.read_bytes()) == readable_text(make(source))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 0, 1 after a failed check or for a broken source, 2 for wrong use."""
    parser = argparse.ArgumentParser(description="Make the attachments of the sample library from their sources.")
    parser.add_argument("--only", metavar="NAME", help="one file, such as hotline-script.txt")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that are out of date")
    parser.add_argument("--sources", type=Path, default=HERE / "sources", help="folder of the sources")
    parser.add_argument("--files", type=Path, default=HERE / "files", help="folder of the files")
    options = parser.parse_args(arguments)
    sources = sorted(options.sources.glob(f"{options.only or '*'}.md"))
    if not sources:
        parser.error(f"no source {options.only or '*'}.md in {options.sources}")
    try:
        return (check_files if options.check else write_files)(sources, options.files)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
