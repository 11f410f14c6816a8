"""What a supervisor asks: whether the process answers, and whether there is an index to search."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify

from webapp import current
from webapp.answers import HealthAnswer, ReadyAnswer

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """Say that the process answers, whatever the state of the index."""
    answer: HealthAnswer = {"status": "ok"}
    return jsonify(answer)


@blueprint.get("/readyz")
def readiness() -> Response:
    """Say which index is served and how old it is; without one the error is a 503."""
    manifest = current.engine().manifest
    age = datetime.now(UTC) - manifest.built_at
    answer: ReadyAnswer = {
        "status": "ready",
        "generation": manifest.generation,
        "built_at": manifest.built_at.isoformat(),
        "age_seconds": max(0, int(age.total_seconds())),
    }
    return jsonify(answer)
