"""Formats of files and what people call them: how they are shown, and the words by which they are looked for."""

from __future__ import annotations

FORMATS = {
    "pdf": "PDF",
    "docx": "Word",
    "doc": "Word",
    "odt": "LibreOffice Writer",
    "rtf": "Rich text",
    "pptx": "PowerPoint",
    "ppt": "PowerPoint",
    "odp": "LibreOffice Impress",
    "xlsx": "Excel",
    "xlsb": "Excel",
    "xls": "Excel",
    "ods": "LibreOffice Calc",
    "odg": "LibreOffice Draw",
    "csv": "CSV table",
    "epub": "E-book",
    "odf": "OpenDocument",
    "xml": "XML",
    "svg": "SVG drawing",
    "mhtml": "Web page in one file",
    "ole": "Old Office file",
    "html": "Web page",
    "markdown": "Markdown",
    "text": "Text",
    "image": "Picture",
    "zip": "ZIP",
    "unknown": "File",
}
"""What people call the formats that readers know; office files by the program that opens them."""

FACET = "format"
"""The facet whose values are formats: of several that are called the same, the one that stands first in the table."""

UNKNOWN = "unknown"

_OTHER_WORDS = {
    "docx": "docm dotx document",
    "odt": "opendocument document",
    "pptx": "pptm ppsx presentation slides",
    "odp": "opendocument presentation slides",
    "xlsx": "xlsm spreadsheet",
    "ods": "opendocument spreadsheet",
    "csv": "tsv spreadsheet",
    "epub": "ebook",
    "html": "htm xhtml webpage",
    "markdown": "md",
    "text": "txt plain",
    "image": "image photo scan png jpg jpeg gif tif tiff bmp webp",
    "zip": "archive",
}
"""By what other words and endings of names the values of the facet are looked for."""

_FIRST = {name: code for code, name in reversed(FORMATS.items()) if code != UNKNOWN}
VALUES = frozenset(_FIRST.values())
"""The values of the facet."""


def format_name(code: str) -> str:
    """Return what people call a format."""
    return FORMATS.get(code, code.upper() or FORMATS[UNKNOWN])


def format_value(code: str) -> str:
    """Return the value in the facet of formats of a file of this format; empty for one that has none."""
    return _FIRST.get(FORMATS.get(code, ""), "")


def format_words(value: str) -> str:
    """Return the text whose words find a value of the facet: "Word docx doc document"."""
    codes = [code for code, name in FORMATS.items() if name == FORMATS.get(value)]
    return " ".join([format_name(value), *(codes or [value]), *_OTHER_WORDS.get(value, "").split()])


def _meant() -> dict[str, str]:
    """Return the value that each code, name and other word means; words that several formats share mean none."""
    meant: dict[str, str] = {}
    shared: set[str] = set()
    for value, words in _OTHER_WORDS.items():
        for word in words.split():
            shared |= {word} & meant.keys()
            meant[word] = value
    known = {word: value for word, value in meant.items() if word not in shared}
    names = {name.lower(): value for name, value in _FIRST.items()}
    return known | names | {code: format_value(code) or code for code in FORMATS}


_MEANT = _meant()


def chosen_format(text: str) -> str:
    """Return the value that a reader means by a format's name, code or ending: "Word", "DOC" and ".docx" are docx."""
    return _MEANT.get(text.lower().removeprefix("."), text)
