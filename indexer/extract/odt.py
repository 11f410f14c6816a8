"""OpenDocument texts: the body by its headings with its notes and comments, then headers and footers."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.extract.archive import open_archive
from indexer.extract.items import Item
from indexer.extract.odf_text import OpenDocument, OpenDocumentText
from indexer.extract.opendocument import refuse_encrypted
from indexer.extract.properties import odf_metadata
from indexer.extract.sections import Appendix, sections
from indexer.extract.source import Context, Source

_BODY = "content.xml"
_STYLES = "styles.xml"
"""The only text that it holds are headers and footers."""


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield a long document by its headings and a short one as one part, without what tracked changes deleted."""
    with open_archive(source, context.limits) as archive:
        refuse_encrypted(archive)
        yield odf_metadata(archive)
        document = OpenDocument(archive, context.limits.characters)
        body = OpenDocumentText(document.flow(), document.object_text)
        for page in sections(document.blocks(_BODY, body), _headers_and_footers(document)):
            if page.text or not document.problems:
                yield page
        yield from document.embedded(document.objects, source, context)
    document.settle()


def _headers_and_footers(document: OpenDocument) -> Appendix:
    """Return what is above and below the pages, each text once: first, left and right pages often say the same."""
    if _STYLES not in document.archive.NameToInfo:
        return Appendix()
    texts = document.texts(_STYLES, OpenDocumentText(document.flow(), document.object_text))
    return Appendix("Headers and footers", tuple(dict.fromkeys(texts)))
