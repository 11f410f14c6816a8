"""Word documents: the body with its tables and text boxes, headers, footers, notes and comments, as one part."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.extract.archive import open_archive
from indexer.extract.items import Incomplete, Item
from indexer.extract.ooxml import Package, text_of
from indexer.extract.source import Context, Source
from indexer.index.schema import Locator, Page

_BESIDE_THE_BODY = ("header", "footer", "footnotes", "endnotes", "comments")


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the document as one page, what stands beside the body after it; tracked insertions count, deletions not."""
    with open_archive(source, context.limits) as archive:
        package = Package(archive)
        main = package.main()
        texts = [text_of(package.part(main))]
        problem: Incomplete | None = None
        for name in _parts_beside(package, main):
            try:
                text = text_of(package.part(name))
            except Incomplete as error:
                problem = problem or error
                continue
            # The headers of first, even and odd pages are often the same words.
            if text not in texts:
                texts.append(text)
    yield Page(Locator(), "\n\n".join(texts))
    if problem:
        raise problem


def _parts_beside(package: Package, main: str) -> list[str]:
    related = sorted(set(package.related(main).values()), key=lambda pair: pair[1])
    return [target for wanted in _BESIDE_THE_BODY for kind, target in related if kind == wanted]
