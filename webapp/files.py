"""The library's files: handed out when the index lists them and they lie inside the library, and never otherwise."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import NotFound

from indexer.index.engine import Engine
from indexer.index.schema import Attachment
from webapp import current
from webapp.errors import Gone
from webapp.media import is_shown, media_type

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a file of the library may do in a browser: be looked at. It runs nothing, loads nothing and has no origin."""

PDF_POLICY = "frame-ancestors 'self'"
"""PDFs are shown by viewers that are themselves blocked in a sandbox; they bring their own."""

SNIFFED = 65_536
"""How many bytes of a text are looked at to tell its encoding."""

_ONE_RANGE = re.compile(r"bytes=[ \t]*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))[ \t]*", re.ASCII)

blueprint = Blueprint("files", __name__)


@blueprint.get("/files/<path:identifier>/<name>")
def file(identifier: str, name: str) -> Response:
    """Hand out a file of a resource, whole or in parts, to be shown if browsers can; `?download=1` has it saved."""
    engine = current.engine()
    attachment = _attachment(engine, identifier, name)
    path = _inside(engine, attachment)
    # By the name in the library and not by that of a link's target, which nobody sees.
    kind = media_type(attachment.path)
    try:
        _keep_plain_range(path.stat().st_size)
        response = send_file(
            path,
            mimetype=kind,
            as_attachment=request.args.get("download") == "1" or not is_shown(kind),
            download_name=_plain(name),
            conditional=True,
        )
        # Set last: send_file would call every text UTF-8.
        response.headers["Content-Type"] = _with_charset(kind, path)
    except OSError as reason:
        raise Gone(f"{name} is in the library, but it cannot be read now. Tell whoever keeps the library.") from reason
    response.headers["Content-Security-Policy"] = PDF_POLICY if kind == "application/pdf" else SANDBOX
    return response


def _keep_plain_range(size: int) -> None:
    """Take the whole file instead of a part where HTTP has a server do so: RFC 9110, 14.1.1 and 14.2.

    That is a range that makes no sense, one in another unit, one that is longer than the file, and a range that is
    not asked with GET. Several at once may be answered whole, and are.
    """
    given = request.headers.get("Range", "")
    match = _ONE_RANGE.fullmatch(given)
    if match and request.method == "GET":
        first, last, suffix = match.groups()
        if int(suffix) <= size if suffix else not last or int(first) <= int(last):
            return
    request.environ.pop("HTTP_RANGE", None)


@blueprint.get("/logo")
def logo() -> Response:
    """Hand out the picture that the library names as its logo."""
    engine = current.engine()
    name = engine.manifest.library.logo
    response = _of_appearance(engine, name, media_type(name))
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@blueprint.get("/style.css")
def style() -> Response:
    """Hand out the stylesheet of the library, which follows our own on every page."""
    engine = current.engine()
    return _of_appearance(engine, engine.manifest.library.style, "text/css")


def _of_appearance(engine: Engine, name: str, kind: str) -> Response:
    """Return a file that the settings of the library name; NotFound when there is none, or no longer."""
    if not name:
        raise NotFound
    try:
        return send_file(_real_path(engine, name), mimetype=kind, conditional=True)
    except OSError as reason:
        raise NotFound from reason


def _attachment(engine: Engine, identifier: str, name: str) -> Attachment:
    resource = engine.resource(identifier)
    for attachment in resource.attachments if resource else ():
        if attachment.name == name:
            return attachment
    raise NotFound


def _inside(engine: Engine, attachment: Attachment) -> Path:
    """Return the file's real path; NotFound when it left the library, Gone when it is no longer there."""
    try:
        return _real_path(engine, attachment.path)
    except (OSError, ValueError, RuntimeError) as reason:
        raise Gone(
            f"{attachment.name} was in the library when it was indexed and has since been moved or removed. "
            "It leaves the results with the next build."
        ) from reason


def _real_path(engine: Engine, name: str) -> Path:
    """Return the real path of a file of the library; NotFound when it left it, OSError when it is gone."""
    real_root = Path(engine.manifest.library.root).resolve(strict=True)
    # Links are followed first and judged by where they end: one may have been swapped in since the build.
    path = (real_root / name).resolve(strict=True)
    if not path.is_relative_to(real_root) or not path.is_file():
        raise NotFound
    return path


def _with_charset(kind: str, path: Path) -> str:
    """Name the encoding of a text that is UTF-8; for others the browser does better with what the file says itself."""
    if not kind.startswith("text/"):
        return kind
    with path.open("rb") as source:
        start = source.read(SNIFFED)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return kind
    return f"{kind}; charset=utf-8"


def _plain(name: str) -> str:
    # A header is one line, and a file's name may hold anything but a slash.
    return "".join(char if char.isprintable() else "_" for char in name)
