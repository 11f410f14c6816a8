"""Files made to hurt whoever reads them, each with the ways in which its reading may end.

Everything is written by hand from the specifications of the formats, so that each lie stands where it is meant to.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from fpdf import FPDF

from indexer.index.schema import Status

OK, CUT, NO_TEXT, ENCRYPTED = Status.OK, Status.CUT, Status.NO_TEXT, Status.ENCRYPTED
DAMAGED, TOO_LARGE, TIMED_OUT, UNSUPPORTED = Status.DAMAGED, Status.TOO_LARGE, Status.TIMED_OUT, Status.UNSUPPORTED

NEEDLE = "needle"
"""The word that every sound file holds."""

FORBIDDEN = ("root:", "lollol", "A" * 100)
"""What no text may hold: a line of /etc/passwd, and what entities stand for."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file: what is wrong with it, what it is called, its bytes, and how its reading may end."""

    wrong: str
    name: str
    content: bytes
    statuses: frozenset[Status]


def hostile(wrong: str, name: str, content: bytes, *statuses: Status) -> Hostile:
    return Hostile(wrong, name, content, frozenset(statuses))


# Sound files, which the others are made of

Members = dict[str, bytes]

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
_WORD = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEET = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/"
_DRAWING = (
    b'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    b'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="' + _OFFICE + b'"'
)
_ODF = b"urn:oasis:names:tc:opendocument:xmlns:"
_OPENDOCUMENT = (
    b" ".join(b'xmlns:%s="%s%s:1.0"' % (name, _ODF, name) for name in (b"office", b"text", b"table", b"presentation"))
    + b' xmlns:draw="%sdrawing:1.0"' % _ODF
)


def _relations(*pairs: tuple[bytes, bytes]) -> bytes:
    links = b"".join(
        b'<Relationship Id="r%d" Type="%s/%s" Target="%s"/>' % (number, _OFFICE, kind, target)
        for number, (kind, target) in enumerate(pairs, start=1)
    )
    return b'<Relationships xmlns="%srelationships">%s</Relationships>' % (_PACKAGE, links)


def _content_types(part: bytes, kind: bytes) -> bytes:
    return (
        b'<Types xmlns="%scontent-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        b'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        b'<Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/></Types>'
        % (_PACKAGE, part, kind)
    )


def _office(part: bytes, kind: bytes, members: Members) -> Members:
    return {
        "[Content_Types].xml": _content_types(part, kind),
        "_rels/.rels": _relations((b"officeDocument", part)),
        **members,
    }


def docx(body: bytes = b"<w:p><w:r><w:t>needle</w:t></w:r></w:p>") -> Members:
    document = b"<w:document %s><w:body>%s</w:body></w:document>" % (_WORD, body)
    return _office(b"word/document.xml", b"wordprocessingml.document", {"word/document.xml": document})


def pptx(paragraphs: bytes = b"<a:p><a:r><a:t>needle</a:t></a:r></a:p>") -> Members:
    slide = b"<p:sld %s><p:cSld><p:spTree><p:sp><p:txBody>%s</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
    show = b'<p:presentation %s><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>' % _DRAWING
    members = {
        "ppt/presentation.xml": show,
        "ppt/_rels/presentation.xml.rels": _relations((b"slide", b"slides/slide1.xml")),
        "ppt/slides/slide1.xml": slide % (_DRAWING, paragraphs),
    }
    return _office(b"ppt/presentation.xml", b"presentationml.presentation", members)


def xlsx(rows: bytes = b'<row r="1"><c r="A1" t="inlineStr"><is><t>needle</t></is></c></row>') -> Members:
    sheets = b'<sheets><sheet name="Sheet" sheetId="1" r:id="r1"/></sheets>'
    members = {
        "xl/workbook.xml": b'<workbook %s xmlns:r="%s">%s</workbook>' % (_SHEET, _OFFICE, sheets),
        "xl/_rels/workbook.xml.rels": _relations((b"worksheet", b"worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (_SHEET, rows),
    }
    return _office(b"xl/workbook.xml", b"spreadsheetml.sheet", members)


def opendocument(kind: bytes, body: bytes) -> Members:
    mimetype = b"application/vnd.oasis.opendocument." + kind
    content = (
        b'<office:document-content %s office:version="1.2"><office:body>%s</office:body></office:document-content>'
    )
    entries = b'<m:file-entry m:full-path="/" m:media-type="%s"/>' % mimetype
    return {
        "mimetype": mimetype,
        "META-INF/manifest.xml": b'<m:manifest xmlns:m="%smanifest:1.0">%s</m:manifest>' % (_ODF, entries),
        "content.xml": content % (_OPENDOCUMENT, body),
    }


def odt(body: bytes = b"<text:p>needle</text:p>") -> Members:
    return opendocument(b"text", b"<office:text>%s</office:text>" % body)


def odp(body: bytes = b"<text:p>needle</text:p>") -> Members:
    box = b'<draw:page draw:name="one"><draw:frame><draw:text-box>%s</draw:text-box></draw:frame></draw:page>' % body
    return opendocument(b"presentation", b"<office:presentation>%s</office:presentation>" % box)


def ods(
    rows: bytes = b"<table:table-row><table:table-cell><text:p>needle</text:p></table:table-cell></table:table-row>",
) -> Members:
    table = b'<table:table table:name="Sheet">%s</table:table>' % rows
    return opendocument(b"spreadsheet", b"<office:spreadsheet>%s</office:spreadsheet>" % table)


def epub(body: bytes = b"<p>needle</p>") -> Members:
    container = (
        b'<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        b'<rootfile full-path="content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        b'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        b'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">1</dc:identifier>'
        b"<dc:title>Title</dc:title></metadata>"
        b'<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        b'<spine><itemref idref="c"/></spine></package>'
    )
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": container,
        "content.opf": package,
        "c.xhtml": b'<html xmlns="http://www.w3.org/1999/xhtml"><head/><body>%s</body></html>' % body,
    }


def archive() -> Members:
    return {"a.txt": b"needle " * 100, "b/c.csv": b"needle,1"}


MAIN_PARTS = {
    "docx": "word/document.xml",
    "pptx": "ppt/slides/slide1.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "odt": "content.xml",
    "odp": "content.xml",
    "ods": "content.xml",
    "epub": "c.xhtml",
}
"""The containers of XML, and where in each the text is."""

_MAKERS = {"docx": docx, "pptx": pptx, "xlsx": xlsx, "odt": odt, "odp": odp, "ods": ods, "epub": epub, "zip": archive}


def container(members: Mapping[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """Return a zip container; the first member is stored if it says what the others are."""
    stream = BytesIO()
    with ZipFile(stream, "w", method) as file:
        for name, data in members.items():
            file.writestr(name, data, ZIP_STORED if name == "mimetype" else method)
    return stream.getvalue()


def pdf_of(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Return a PDF of numbered objects, the first of which is the catalogue, without a table of where they are."""
    numbered = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, data) for number, data in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + numbered + b"trailer<<" + trailer + b">>\n%%EOF"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
PAGE = b"<</Type/Page/Parent 2 0 R/Contents 3 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 4 0 R>>>>>>"
SAY = b"BT /F1 12 Tf 50 700 Td (needle) Tj ET"
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def pdf(password: str = "") -> bytes:
    document = FPDF()
    document.set_font("helvetica", size=12)
    document.add_page()
    document.multi_cell(0, text=f"{NEEDLE} in a page")
    if password:
        document.set_encryption("owner", password)
    return bytes(document.output())


def png(width: int = 8, height: int = 8) -> bytes:
    """Return a white picture; of a large one only the first points are there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * min(-(-width // 8), 10_000)) * min(height, 10))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def sound() -> dict[str, bytes]:
    """Return a sound file of each format, by its ending: all but the picture can be read, and hold the needle."""
    return {
        **{name: container(make()) for name, make in _MAKERS.items()},
        "pdf": pdf(),
        "rtf": rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Times;}}{\info{\title T}}\pard needle\par}",
        "html": b"<!doctype html><html><head><title>T</title></head><body><p>needle</p></body></html>",
        "md": b"# Title\n\nneedle\n\n- a list\n",
        "csv": b"name;number\nneedle;1\nother;2\n",
        "txt": b"A line.\n\nneedle\n",
        "png": png(),
    }


CONTAINERS = frozenset(_MAKERS)
TEXTUAL = frozenset({"html", "md", "csv", "txt"})


# What is wrong with them


def truncated(points: int) -> Iterator[Hostile]:
    """Yield every format cut short at so many points; a container ends with its directory and is worth nothing."""
    for suffix, whole in sound().items():
        statuses = [DAMAGED] if suffix in CONTAINERS else [OK, DAMAGED, NO_TEXT]
        for point in range(1, points + 1):
            length = len(whole) * point // (points + 1)
            yield hostile(f"cut at {length} of {len(whole)}", f"a.{suffix}", whole[:length], *statuses)


def random_behind_header(size: int = 20_000) -> Iterator[Hostile]:
    generator = random.Random(7)  # noqa: S311 - no secret
    headers = {
        "pdf": b"%PDF-1.7\n",
        "rtf": b"{\\rtf1 ",
        "html": b"<html>",
        "png": b"\x89PNG\r\n\x1a\n",
        "tif": b"II*\0",
    }
    for suffix in [*sound(), "tif", "doc", "xls"]:
        header = headers.get(suffix, b"PK\3\4" if suffix in CONTAINERS else b"")
        statuses = {"png": [NO_TEXT], "tif": [NO_TEXT], "doc": [UNSUPPORTED], "xls": [UNSUPPORTED]}
        if suffix in ("doc", "xls"):
            header = bytes.fromhex("d0cf11e0a1b11ae1")
        usual = [OK, DAMAGED, UNSUPPORTED, NO_TEXT] if suffix in {*TEXTUAL, "rtf"} else [DAMAGED]
        noise = generator.randbytes(size)
        yield hostile("random bytes", f"a.{suffix}", header + noise, *statuses.get(suffix, usual))
        mimetypes = {name: make()["mimetype"] for name, make in _MAKERS.items() if "mimetype" in make()}
        if suffix in mimetypes:
            start = container({"mimetype": mimetypes[suffix]}, ZIP_STORED)[: 38 + len(mimetypes[suffix])]
            yield hostile("random bytes behind its type", f"a.{suffix}", start + noise, DAMAGED)


def nothing_but_zeros() -> Iterator[Hostile]:
    for suffix in sound():
        yield hostile("zeros", f"a.{suffix}", bytes(1_000_000), DAMAGED, UNSUPPORTED)


def encrypted() -> Iterator[Hostile]:
    yield hostile("a password", "a.pdf", pdf("secret"), ENCRYPTED)
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4096)
    for suffix in ("docx", "pptx", "xlsx"):
        yield hostile("a password", f"a.{suffix}", ole, ENCRYPTED)
    for suffix, make in _MAKERS.items():
        members = make()
        data = bytearray(container(members))
        _set_flags(data)
        yield hostile("parts with a password", f"a.{suffix}", bytes(data), ENCRYPTED)
    key = b'<m:encryption-data m:checksum="x"><m:algorithm m:algorithm-name="aes256"/></m:encryption-data>'
    for suffix in ("odt", "odp", "ods"):
        members = _MAKERS[suffix]()
        entry = b'<m:file-entry m:full-path="content.xml" m:media-type="text/xml">%s</m:file-entry></m:manifest>' % key
        members["META-INF/manifest.xml"] = members["META-INF/manifest.xml"].replace(b"</m:manifest>", entry)
        members["content.xml"] = random.Random(3).randbytes(500)  # noqa: S311 - no secret
        yield hostile("a password", f"a.{suffix}", container(members, ZIP_STORED), ENCRYPTED)
    rights = (
        b'<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
        b'<e:EncryptedData><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'
        b'<e:CipherData><e:CipherReference URI="c.xhtml"/></e:CipherData></e:EncryptedData></encryption>'
    )
    locked = epub() | {"META-INF/encryption.xml": rights, "c.xhtml": random.Random(4).randbytes(500)}  # noqa: S311 - no secret
    yield hostile("copy protection", "a.epub", container(locked), ENCRYPTED)


def _set_flags(data: bytearray) -> None:
    """Say of every member of a container that it is encrypted, here and in the directory."""
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(mark, start + 4)


_LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
ENTITIES = {
    "billion laughs": (b'<!DOCTYPE x [<!ENTITY l0 "lol">%s]>' % _LAUGHS, b"&l9;"),
    "quadratic blowup": (b'<!DOCTYPE x [<!ENTITY a "%s">]>' % (b"A" * 50_000), b"&a;" * 2_000),
    "an external entity": (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', b"&e;"),
    "a parameter entity": (b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', b""),
    "an external document type": (b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', b""),
}


def with_entities() -> Iterator[Hostile]:
    for wrong, (doctype, use) in ENTITIES.items():
        for suffix, part in MAIN_PARTS.items():
            members = _MAKERS[suffix]()
            members[part] = _DECLARATION + doctype + members[part].replace(b"needle", b"needle" + use)
            # A chapter of an e-book is HTML, which may say so.
            statuses = [DAMAGED, OK, NO_TEXT] if suffix == "epub" else [DAMAGED]
            yield hostile(wrong, f"a.{suffix}", container(members), *statuses)
        for part in ("META-INF/container.xml", "content.opf"):
            members = epub()
            members[part] = _DECLARATION + doctype + members[part]
            yield hostile(f"{wrong} in {part}", "a.epub", container(members), DAMAGED, OK)
        for part in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            members = xlsx()
            # The comment moves the document type out of the first block that is read.
            members[part] = b"<!--%s-->" % (b" " * 10_000) + doctype + members[part]
            yield hostile(f"{wrong} in {part}", "a.xlsx", container(members), DAMAGED, OK)


def bombs() -> Iterator[Hostile]:
    spaces = b" " * 20_000_000
    for suffix, part in {**MAIN_PARTS, "zip": "a.txt"}.items():
        members = _MAKERS[suffix]()
        members[part] = members[part].replace(b"needle", b"needle%s" % spaces, 1)
        flat = container(members)
        yield hostile("a flat bomb", f"a.{suffix}", flat, TOO_LARGE)
        size, lie = len(members[part]).to_bytes(4, "little"), (500).to_bytes(4, "little")
        yield hostile("a bomb that says it is small", f"a.{suffix}", flat.replace(size, lie), DAMAGED)
    bomb = container({"0.txt": b"0" * 20_000_000})
    for level in range(3):
        bomb = container({f"{level}-{number}.zip": bomb for number in range(16)})
    yield hostile("a nested bomb", "a.zip", bomb, UNSUPPORTED, TOO_LARGE)
    for suffix in MAIN_PARTS:
        members = _MAKERS[suffix]() | {f"media/{number}.zip": b"x" for number in range(12_000)}
        yield hostile("too many parts", f"a.{suffix}", container(members, ZIP_STORED), TOO_LARGE)
    yield hostile("parts that share their bytes", "a.zip", overlapping(2_000), DAMAGED, TOO_LARGE)


def overlapping(count: int) -> bytes:
    """Return an archive whose directory lists the same bytes under many names (D. Fifield, 2019)."""
    whole = container({"0000.txt": b"needle" * 1_000})
    start, end = whole.index(b"PK\1\2"), whole.index(b"PK\5\6")
    entry = whole[start:end]
    directory = b"".join(entry.replace(b"0000.txt", b"%04d.txt" % number) for number in range(count))
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0)
    return whole[:start] + directory + last


def lying_containers() -> Iterator[Hostile]:
    for suffix, part in {**MAIN_PARTS, "zip": "a.txt"}.items():
        members = _MAKERS[suffix]()
        data = container(members)
        sized = struct.pack("<I", len(members[part]))
        larger = data.replace(sized, struct.pack("<I", len(members[part]) * 9))
        yield hostile("a part that says it is larger", f"a.{suffix}", larger, OK, DAMAGED)
        huge = data.replace(sized, struct.pack("<I", 0xFFFFFFF0))
        yield hostile("a part of 4 GB", f"a.{suffix}", huge, TOO_LARGE)
        checksum = struct.pack("<I", zlib.crc32(members[part]))
        yield hostile("a wrong checksum", f"a.{suffix}", data.replace(checksum, b"\1\2\3\4"), DAMAGED)
        method = bytearray(data)
        entry = data.rindex(b"PK\1\2", 0, data.rindex(part.encode()))
        method[entry + 10 : entry + 12] = struct.pack("<H", 97)
        yield hostile("an unknown compression", f"a.{suffix}", bytes(method), DAMAGED, UNSUPPORTED)
        moved = bytearray(data)
        moved[entry + 42 : entry + 46] = struct.pack("<I", 0x7FFFFFFF)
        yield hostile("a part behind the end", f"a.{suffix}", bytes(moved), DAMAGED)
        without = {name: content for name, content in members.items() if name != part}
        yield hostile(
            "no main part", f"a.{suffix}", container(without or {"x": b""}), DAMAGED, NO_TEXT, OK, UNSUPPORTED
        )


def ole(*streams: str) -> bytes:
    """Return an OLE container that names up to three streams: a header, its table of sectors, and its directory."""
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H10x", 62, 3, 0xFFFE, 9, 6)
    header += struct.pack("<II4xI4I", 1, 1, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[none] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[none] * 126)
    entries = b""
    for number, name in enumerate(("Root Entry", *streams)):
        written = name.encode("utf-16-le")
        follows = number + 1 if 0 < number < len(streams) else none
        child = 1 if streams and not number else none
        entries += written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, 2 if number else 5, 1)
        entries += struct.pack("<3I48x", none, follows, child)
    return header + table + entries.ljust(512, b"\0") + b"needle " * 1_000


def other_than_named() -> Iterator[Hostile]:
    for suffix in ("doc", "docx", "txt", "xls", "zip", "pdf", "unknown"):
        yield hostile("an old document", f"a.{suffix}", ole("WordDocument"), UNSUPPORTED)
        yield hostile("an encrypted document", f"b.{suffix}", ole("EncryptionInfo", "EncryptedPackage"), ENCRYPTED)
        yield hostile("an empty container", f"c.{suffix}", ole(), UNSUPPORTED, DAMAGED)
        yield hostile("a directory that is not there", f"d.{suffix}", ole()[:512], UNSUPPORTED, DAMAGED)
    sheet = (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:'
        b'office:spreadsheet"><Worksheet><Table><Row><Cell><Data>needle</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    for suffix in ("xls", "xlsx", "xml"):
        yield hostile("a spreadsheet in XML", f"a.{suffix}", sheet, UNSUPPORTED)
    for suffix in ("txt", "log", "md"):
        yield hostile("a text that begins like an archive", f"a.{suffix}", b"PKO bank needle\nPK\n", OK)
        yield hostile("two letters", f"b.{suffix}", b"PK", OK)


def bad_names() -> Iterator[Hostile]:
    names = (
        "\x1b[2J.txt",
        "../../../etc/passwd.txt",
        "/etc/passwd.txt",
        "a\nb\r\n.txt",
        "\u202etxt.exe.txt",
        "x" * 60_000,
    )
    yield hostile("names that mean harm", "a.zip", container(dict.fromkeys(names, b"needle")), OK, UNSUPPORTED)
    sheets = xlsx()
    sheets["xl/workbook.xml"] = sheets["xl/workbook.xml"].replace(
        b'"Sheet"', b'"&#10;&#9;\xe2\x80\xae' + b"n" * 50_000 + b'"'
    )
    yield hostile("a sheet's name that means harm", "a.xlsx", container(sheets), OK)
    away = xlsx()
    away["xl/_rels/workbook.xml.rels"] = _relations((b"worksheet", b"../../../../../../etc/passwd"))
    yield hostile("a part outside the file", "a.xlsx", container(away), DAMAGED, OK, NO_TEXT)
    for target in (b"file:///etc/passwd", b"http://127.0.0.1:9/", b"/etc/passwd"):
        book = epub()
        book["content.opf"] = book["content.opf"].replace(b"c.xhtml", target)
        yield hostile(f"a chapter at {target.decode()}", "a.epub", container(book), DAMAGED, NO_TEXT)


def deep() -> Iterator[Hostile]:
    depth = 100_000
    elements = {"docx": b"w:p", "pptx": b"a:p", "xlsx": b"row", "odt": b"text:p", "odp": b"text:p", "ods": b"text:p"}
    for suffix, part in MAIN_PARTS.items():
        members = _MAKERS[suffix]()
        tag = elements.get(suffix, b"div")
        inner = b"<%s>" % tag * depth + b"</%s>" % tag * depth
        end = members[part].rindex(b"</", 0, members[part].index(b"needle") + 40)
        members[part] = members[part][:end] + inner + members[part][end:]
        yield hostile("deep nesting", f"a.{suffix}", container(members), OK, DAMAGED, NO_TEXT, TOO_LARGE)
    yield hostile("deep nesting", "a.html", b"<html>" + b"<div>" * depth + b"needle", OK, DAMAGED)
    yield hostile("deep nesting", "a.rtf", b"{\\rtf1 " + b"{" * depth + b"needle", OK, DAMAGED)
    yield hostile(
        "deep nesting, closed", "a.rtf", b"{\\rtf1 " + b"{" * depth + b"needle" + b"}" * depth + b"}", OK, DAMAGED
    )
    yield hostile("deep quotations", "a.md", b">" * depth + b" needle", OK, DAMAGED)
    yield hostile("deep lists", "a.md", b"- " * 20_000 + b"needle", OK, DAMAGED)
    yield hostile("deep brackets", "a.md", b"[" * depth + b"needle" + b"](" * depth, OK, DAMAGED)
    yield hostile("an array of arrays", "a.pdf", pdf_of(CATALOGUE, b"[" * depth), DAMAGED, NO_TEXT)
    content = stream(b"[" * depth + b"]" * depth + b" TJ " + b"q " * depth + SAY)
    pages = b"<</Type/Pages/Count 1/Kids[5 0 R]>>"
    yield hostile(
        "an array of arrays on a page", "a.pdf", pdf_of(CATALOGUE, pages, content, FONT, PAGE), OK, NO_TEXT, DAMAGED
    )
    boxes = container({"a.txt": b"needle"})
    for level in range(20):
        boxes = container({f"{level}.zip": boxes})
    yield hostile("archives in archives", "a.zip", boxes, UNSUPPORTED)


def pdfs() -> Iterator[Hostile]:
    said = stream(SAY)
    own = b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"
    yield hostile("pages that are their own children", "a.pdf", pdf_of(CATALOGUE, own), DAMAGED, NO_TEXT)
    endless = b"<</Type/Pages/Count 1000000000/Kids[5 0 R 6 0 R]>>"
    back = b"<</Type/Pages/Count 500000000/Kids[2 0 R]/Parent 2 0 R>>"
    yield hostile(
        "an endless page tree", "a.pdf", pdf_of(CATALOGUE, endless, said, FONT, PAGE, back), OK, DAMAGED, CUT, TIMED_OUT
    )
    many = b" ".join(b"%d 0 R" % (5 + number) for number in range(100_000))
    tree = b"<</Type/Pages/Count 100000/Kids[%s]>>" % many
    yield hostile("100,000 pages", "a.pdf", pdf_of(CATALOGUE, tree, said, FONT, *[PAGE] * 100_000), OK, CUT, TIMED_OUT)
    one = b"<</Type/Pages/Count 1/Kids[5 0 R]>>"
    lie = b"<</Type/Pages/Count 2147483647/Kids[5 0 R]>>"
    yield hostile(
        "pages that are not there", "a.pdf", pdf_of(CATALOGUE, lie, said, FONT, PAGE), OK, DAMAGED, CUT, TIMED_OUT
    )
    flood = zlib.compress(b"BT /F1 1 Tf " + b"(needle) Tj " * 8_000_000, 9)
    twice = stream(zlib.compress(flood, 9), b"/Filter[/FlateDecode/FlateDecode]")
    for wrong, page in (("a flood", stream(flood, b"/Filter/FlateDecode")), ("a flood in a flood", twice)):
        statuses = (OK, CUT, NO_TEXT, DAMAGED, TIMED_OUT, TOO_LARGE)
        yield hostile(wrong, "a.pdf", pdf_of(CATALOGUE, one, page, FONT, PAGE), *statuses)
    circle = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 3/Prev %d>>\nstartxref\n%d\n%%%%EOF"
    yield hostile("tables in a circle", "a.pdf", circle + table % (len(circle), len(circle)), DAMAGED, NO_TEXT)
    itself = stream(b"5 0 5 0 5 0", b"/Type/ObjStm/N 1000000/First 5/Extends 3 0 R")
    yield hostile("objects in themselves", "a.pdf", pdf_of(CATALOGUE, one, itself, FONT, PAGE), OK, DAMAGED, NO_TEXT)
    form = stream(b"/X Do /X Do " + SAY, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 3 0 R>>>>")
    loop = PAGE.replace(b"/Font<<", b"/XObject<</X 3 0 R>>/Font<<")
    ends = (OK, DAMAGED, NO_TEXT, TIMED_OUT, TOO_LARGE)
    yield hostile("a form that draws itself", "a.pdf", pdf_of(CATALOGUE, one, form, FONT, loop), *ends)
    huge = PAGE.replace(b"0 0 600 800", b"-99999999999 0 1e38 99999999999")
    yield hostile(
        "a page as large as a planet", "a.pdf", pdf_of(CATALOGUE, one, said, FONT, huge), OK, NO_TEXT, DAMAGED
    )
    long = stream(SAY).replace(b"/Length", b"/Length 99999999999 /L")
    yield hostile(
        "a stream longer than the file", "a.pdf", pdf_of(CATALOGUE, one, long, FONT, PAGE), OK, NO_TEXT, DAMAGED
    )
    labels = b"<</Type/Catalog/Pages 2 0 R/PageLabels<</Kids[1 0 R]/Nums[0<</S/r/St 2147483647/P(%s)>>]>>>>" % (
        b"x" * 99_999
    )
    yield hostile("labels without end", "a.pdf", pdf_of(labels, one, said, FONT, PAGE), OK, DAMAGED)
    roman = b"<</Type/Catalog/Pages 2 0 R/PageLabels<</Nums[0<</S/R/St 2000000000>>]>>>>"
    yield hostile("a label of two million letters", "a.pdf", pdf_of(roman, one, said, FONT, PAGE), OK, DAMAGED)


def sheets() -> Iterator[Hostile]:
    block = b'<row><c t="inlineStr"><is><t>needle</t></is></c></row>' * 20_000
    yield hostile("a sheet of 1 GB", "a.xlsx", _repeated_sheet(block, 1000), TOO_LARGE)
    wide = b'<row r="1">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"
    statuses = (OK, CUT, TIMED_OUT, TOO_LARGE)
    yield hostile("a row of a million cells", "a.xlsx", container(xlsx(wide)), *statuses)
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>needle</t></is></c></row>'
    yield hostile("a cell in the last row", "a.xlsx", container(xlsx(far)), OK)
    beyond = far.replace(b"1048576", b"99999999999999999999").replace(b"XFD", b"ZZZZZZZZZZ")
    yield hostile("a cell beyond the last row", "a.xlsx", container(xlsx(beyond)), OK, DAMAGED)
    shared = xlsx(b'<row><c t="s"><v>99999999999</v></c><c t="s"><v>-1</v></c><c t="s"><v>x</v></c></row>')
    yield hostile("shared strings that are not there", "a.xlsx", container(shared), DAMAGED, NO_TEXT, OK)
    repeated = (
        b'<table:table-row table:number-rows-repeated="1048576">'
        b'<table:table-cell table:number-columns-repeated="16384">'
        b"<text:p>needle</text:p></table:table-cell></table:table-row>"
    )
    yield hostile("a cell repeated 17 billion times", "a.ods", container(ods(repeated)), OK, CUT, TOO_LARGE, TIMED_OUT)
    more = repeated.replace(b"1048576", b"9" * 30)
    yield hostile(
        "a cell repeated beyond reason", "a.ods", container(ods(more)), OK, CUT, TOO_LARGE, TIMED_OUT, DAMAGED
    )
    spaces = b'<text:p>needle<text:s text:c="2000000000"/></text:p>'
    yield hostile("two billion spaces", "a.odt", container(odt(spaces)), OK, CUT, DAMAGED)
    yield hostile("a row of a million cells", "a.csv", b"needle" + b"," * 1_000_000, *statuses)
    yield hostile("a million rows", "a.csv", b"needle;1\n" * 1_000_000, *statuses)
    yield hostile("a quotation without end", "a.csv", b'needle,"' + b"a,\n" * 1_000_000, *statuses)


def _repeated_sheet(block: bytes, times: int) -> bytes:
    """Return a workbook whose sheet is a block of rows, repeated, without ever unpacking it."""
    head, tail = xlsx(b"|")["xl/worksheets/sheet1.xml"].split(b"|")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)

    def piece(data: bytes, how: int) -> bytes:
        return packer.compress(data) + packer.flush(how)

    first, middle = piece(head, zlib.Z_FULL_FLUSH), piece(block, zlib.Z_FULL_FLUSH)
    packed = first + middle * times + piece(tail, zlib.Z_FINISH)
    name, size = b"xl/worksheets/sheet1.xml", len(head) + len(block) * times + len(tail)
    fields = (20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0)
    others = container({key: value for key, value in xlsx().items() if key.encode() != name})
    start, end = others.index(b"PK\1\2"), others.index(b"PK\5\6")
    member = struct.pack("<4s5H3I2H", b"PK\3\4", *fields) + name + packed
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *fields, 0, 0, 0, 0, start) + name
    directory = others[start:end] + entry
    count = len(xlsx())
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(directory), start + len(member), 0)
    return others[:start] + member + directory + last


def pictures() -> Iterator[Hostile]:
    yield hostile("60,000 x 60,000 points", "a.png", png(60_000, 60_000), NO_TEXT)
    yield hostile("more points than there are atoms", "a.png", png(0x7FFFFFFF, 0x7FFFFFFF), NO_TEXT)


def texts() -> Iterator[Hostile]:
    statuses = (OK, CUT, DAMAGED, TIMED_OUT)
    size = 3_000_000
    yield hostile("one word of 3 MB", "a.txt", b"needle" + b"a" * size, *statuses)
    yield hostile("nothing but breaks", "a.txt", b"needle" + b"\n \t" * (size // 3), *statuses)
    yield hostile("marks without letters", "a.txt", ("needle" + "\u0301" * (size // 2)).encode(), *statuses)
    yield hostile("half of a character", "a.txt", "needle é".encode("utf-16")[:-1], OK, DAMAGED)
    yield hostile("surrogates", "a.txt", b"needle \xed\xa0\x80\xed\xb0\x80", OK, DAMAGED)
    yield hostile("comments before anything else", "a.html", b"<!-- -->" * 30 + b"needle", OK)
    yield hostile("tags that are never closed", "a.html", b"<html>needle" + b"<a " * (size // 3), *statuses)
    yield hostile("a million attributes", "a.html", b"<html><p " + b"a " * 1_000_000 + b">needle", *statuses)
    yield hostile("comments that are never closed", "a.html", b"<html>needle" + b"<!--" * (size // 4), *statuses)
    yield hostile("comments before the first tag", "a.html", b"<!-- -->" * (size // 8) + b"<html>needle", *statuses)
    yield hostile("entities that are none", "a.html", b"<html>needle" + b"&#x110000;&#0;&nope;" * 100_000, *statuses)
    yield hostile("stars without end", "a.md", b"needle " + b"*a_" * 30_000, *statuses)
    yield hostile("links that are never closed", "a.md", b"needle " + b"[a](<b" * 30_000, *statuses)
    yield hostile("ticks of all lengths", "a.md", b"needle " + b" ".join(b"`" * n for n in range(1_000)), *statuses)
    yield hostile("a table of a million cells", "a.md", b"|a|\n|-|\n" + b"|needle" * 200_000, *statuses)
    yield hostile("a definition without end", "a.md", b"needle\n" + b"[a]: <b\n" * 50_000, *statuses)
    yield hostile(
        "front matter that is a bomb",
        "a.md",
        b"---\na: &a [x]\n"
        + b"".join(b"b%d: &b%d [%s]\n" % (n, n, b",".join([b"*b%d" % (n - 1) if n else b"*a"] * 9)) for n in range(9))
        + b"---\nneedle",
        *statuses,
    )
    yield hostile("binary data longer than the file", "a.rtf", rb"{\rtf1 needle\bin2147483647 abc}", OK, DAMAGED)
    yield hostile("a negative number", "a.rtf", rb"{\rtf1 needle\bin-5 \u-99999999999 \uc-7 \'zz}", OK, DAMAGED)
    yield hostile("a number without end", "a.rtf", rb"{\rtf1 needle\b" + b"9" * size + b"}", *statuses)
    yield hostile("a word without end", "a.rtf", rb"{\rtf1 needle " + b"\\" + b"a" * size + b"}", *statuses)
    yield hostile("groups that are never opened", "a.rtf", rb"{\rtf1 needle" + b"}" * size, *statuses)
    yield hostile("a million characters by number", "a.rtf", rb"{\rtf1 needle" + rb"\u228?" * 400_000 + b"}", *statuses)


def all_files(points: int = 50) -> Iterable[Hostile]:
    """Yield every hostile file, one after the other, so that few are in memory at a time."""
    yield from truncated(points)
    for files in (random_behind_header, nothing_but_zeros, encrypted, with_entities, bombs, lying_containers):
        yield from files()
    for files in (bad_names, deep, pdfs, sheets, pictures, texts):
        yield from files()
