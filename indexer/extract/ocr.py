"""Text in pictures, recognised by Tesseract."""

from __future__ import annotations

from indexer.extract.source import Context


def recognise(image: bytes, context: Context) -> str:
    """Return the text that Tesseract finds in a picture (PNM, PNG, JPEG, TIFF ...); Incomplete if it fails."""
    raise NotImplementedError
