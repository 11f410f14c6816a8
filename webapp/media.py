"""What kind of file a name promises: its media type, and whether browsers show it or save it."""

from __future__ import annotations

from pathlib import PurePosixPath

UNKNOWN = "application/octet-stream"
PDF = "application/pdf"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_WORD = "application/vnd.ms-word"
_POWERPOINT = "application/vnd.ms-powerpoint"
_EXCEL = "application/vnd.ms-excel"
_MACROS = "macroEnabled.12"

# A table of our own: the one of the machine differs from machine to machine.
TYPES = {
    "bmp": "image/bmp",
    # Text, as browsers save a "text/csv" instead of showing it.
    "csv": "text/plain",
    "doc": "application/msword",
    "docm": f"{_WORD}.document.{_MACROS}",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "dot": "application/msword",
    "dotm": f"{_WORD}.template.{_MACROS}",
    "dotx": f"{_OFFICE}.wordprocessingml.template",
    "epub": "application/epub+zip",
    "gif": "image/gif",
    "htm": "text/html",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "markdown": "text/plain",
    "md": "text/plain",
    "odg": f"{_OPEN_DOCUMENT}.graphics",
    "odp": f"{_OPEN_DOCUMENT}.presentation",
    "ods": f"{_OPEN_DOCUMENT}.spreadsheet",
    "odt": f"{_OPEN_DOCUMENT}.text",
    "otp": f"{_OPEN_DOCUMENT}.presentation-template",
    "ots": f"{_OPEN_DOCUMENT}.spreadsheet-template",
    "ott": f"{_OPEN_DOCUMENT}.text-template",
    "pdf": PDF,
    "png": "image/png",
    "pot": _POWERPOINT,
    "potm": f"{_POWERPOINT}.template.{_MACROS}",
    "potx": f"{_OFFICE}.presentationml.template",
    "pps": _POWERPOINT,
    "ppsm": f"{_POWERPOINT}.slideshow.{_MACROS}",
    "ppsx": f"{_OFFICE}.presentationml.slideshow",
    "ppt": _POWERPOINT,
    "pptm": f"{_POWERPOINT}.presentation.{_MACROS}",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "rtf": "application/rtf",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "tsv": "text/plain",
    "txt": "text/plain",
    "webp": "image/webp",
    "xhtml": "application/xhtml+xml",
    "xls": _EXCEL,
    "xlsb": f"{_EXCEL}.sheet.binary.{_MACROS}",
    "xlsm": f"{_EXCEL}.sheet.{_MACROS}",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "xlt": _EXCEL,
    "xltm": f"{_EXCEL}.template.{_MACROS}",
    "xltx": f"{_OFFICE}.spreadsheetml.template",
    "xml": "text/xml",
    "zip": "application/zip",
}
"""Media types by the ending of a file's name, in lower case and without its dot."""

_SHOWN = frozenset({"application/json", PDF, "application/xhtml+xml", "text/html", "text/plain", "text/xml"})
_UNSEEN = frozenset({"image/tiff"})
"""Pictures that most browsers cannot show."""


def media_type(name: str) -> str:
    """Return the media type that a file's name promises: no content is ever taken for more than its name says."""
    return TYPES.get(PurePosixPath(name).suffix.lower().lstrip("."), UNKNOWN)


def is_shown(kind: str) -> bool:
    """Tell whether browsers show a media type themselves; everything else they save, under the file's own name."""
    return kind in _SHOWN or (kind.startswith("image/") and kind not in _UNSEEN)
