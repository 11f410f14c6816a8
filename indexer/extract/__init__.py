"""Reads attachments: a file in, its pages of text and a status out, in processes that no file can lead out of.

`ExtractionPool.extract` is all that the build needs. A format is a module with a `read` and a line in EXTRACTORS.
"""

from __future__ import annotations

from indexer.extract.formats import ATTACHMENT_SUFFIXES, EXTRACTORS
from indexer.extract.pool import ExtractionPool
from indexer.extract.process import WorkerError
from indexer.extract.source import Context
from indexer.extract.tools import Tools

__all__ = [
    "ATTACHMENT_SUFFIXES",
    "EXTRACTORS",
    "EXTRACTOR_VERSION",
    "Context",
    "ExtractionPool",
    "Tools",
    "WorkerError",
]

EXTRACTOR_VERSION: str
"""Part of the key of a cached extraction: it changes whenever what is installed here may read a file differently.

Python and the parser that it brings count, as they have the tables of characters and the readers of zip and XML. Not
so the programs of the machine: with each update of Tesseract or LibreOffice every file would be read again, of which
few needed them. When one is installed, what lacked it is read again.
"""

_OWN_VERSION = 5
_LIBRARIES = ("pypdfium2", "lxml", "markdown-it-py", "charset-normalizer", "py3langid")


def __getattr__(name: str) -> str:
    """Work out EXTRACTOR_VERSION when it is asked for, so that the processes which only read do not pay for it."""
    if name != "EXTRACTOR_VERSION":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import platform
    import pyexpat
    from importlib.metadata import version

    own = (str(_OWN_VERSION), f"python-{platform.python_version()}", pyexpat.EXPAT_VERSION.replace("_", "-"))
    return " ".join([*own, *(f"{library}-{version(library)}" for library in _LIBRARIES)])
