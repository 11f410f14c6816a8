"""The rooms for editors: which files of the library can be found and which not, as a page, as a table and as JSON.

The list names files that nobody else is told of: those that are missing, that no page names, that lie outside. So it
is only there when HANDLIST_EDITOR_PASSWORD is set, and asks for that password by HTTP Basic (RFC 7617) with any user
name. The password crosses the network readable, so a proxy in front has to speak HTTPS. It should also limit how often
one client is answered 401, as nothing here slows down somebody who guesses; and a long, random password is not guessed.
"""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from indexer.index.ledger import FileReport, ledger_csv
from webapp import arguments, current
from webapp.addresses import coverage_url
from webapp.answers import coverage_answer
from webapp.coverage import coverage, fitting
from webapp.forms import way_from_form
from webapp.negotiation import in_every_language

REALM = WWWAuthenticate("basic", {"realm": "Handlist, for editors", "charset": "UTF-8"})
"""What browsers ask a password for, and that they send it as UTF-8."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take the accents of UTF-8 for something else."""

blueprint = Blueprint("editors", __name__)


@in_every_language(blueprint, "/coverage")
def files() -> str | Response:
    """List the files of the library, the newest problems first; arguments that are no one's are passed over."""
    question = arguments.read_coverage_question(current.values())
    known = (*arguments.COVERAGE_ARGUMENTS, arguments.PAGE)
    if elsewhere := way_from_form(current.values(), known, (), coverage_url(question)):
        return elsewhere
    return render_template("coverage.html", page=coverage(current.engine(), _reports(), question))


@blueprint.get("/coverage.csv")
def table() -> Response:
    """Give the files that fit as a table for spreadsheets."""
    response = make_response(BYTE_ORDER_MARK + ledger_csv(fitting(_reports(), _whole_question())))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    return response


@blueprint.get("/api/v1/coverage")
def answer() -> Response:
    """Give the files that fit to programs."""
    return jsonify(coverage_answer(_reports(), _whole_question()))


@blueprint.before_request
def ask_for_password() -> None:
    """Refuse whoever does not know the password."""
    given = request.authorization.password if request.authorization else None
    # Compared as bytes, which may be anything, and in a time that does not tell how much of it was right.
    if not hmac.compare_digest(_bytes(given or ""), _bytes(current.settings().editor_password)):
        raise Unauthorized(www_authenticate=REALM)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Keep every answer, refusals as well, out of caches and search engines."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _reports() -> tuple[FileReport, ...]:
    """Return the files of an index that can be searched: where there is none, these rooms say so as all others do."""
    current.engine()
    return current.ledger().reports()


def _bytes(password: str) -> bytes:
    # The environment may hold bytes that are no text; they come as lone surrogates.
    return password.encode("utf-8", "surrogateescape")


def _whole_question() -> arguments.CoverageQuestion:
    """Return what is asked of a download, which has no pages."""
    values = current.values()
    arguments.refuse_unknown(values, (each.name for each in arguments.COVERAGE_ARGUMENTS))
    return arguments.read_coverage_question(values)
