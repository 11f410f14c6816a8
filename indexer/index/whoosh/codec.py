"""What lets stock Whoosh open an index: a table of contents, and a codec that answers from our arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage, Storage, StorageError
from whoosh.index import TOC

from indexer.index.whoosh.codec_documents import ArrayDocumentReader
from indexer.index.whoosh.codec_fields import SegmentFields
from indexer.index.whoosh.codec_terms import ArrayTermsReader
from indexer.index.whoosh.fields import make_schema, refuse
from indexer.index.whoosh.generation import Generation
from indexer.index.whoosh.segment import Segment

_INDEX = "MAIN"
"""The name that Whoosh gives to the index of a folder."""


def write_table_of_contents(folder: Path, language: str, facets: Iterable[str]) -> None:
    """Write the file from which Whoosh opens the generation in a folder; its segments have been written.

    A table that stood there before is replaced.
    """
    older = {int(path.stem.rpartition("_")[2]): path for path in folder.glob(f"_{_INDEX}_*.toc")}
    arrays = GenerationArrays()
    segments = [ArraySegment(name, arrays) for name in Generation.read(folder).segments]
    toc = TOC(make_schema(language, facets), segments, max(older, default=0) + 1)
    toc.write(FileStorage(str(folder)), _INDEX)
    for path in older.values():
        path.unlink()


class GenerationArrays:
    """The arrays of a generation, opened when the first of its segments is read. The segments of a table share it."""

    def __init__(self) -> None:
        self._segments: dict[str, SegmentFields] = {}

    def __reduce__(self) -> tuple[type[GenerationArrays], tuple[()]]:
        # What is open is not written into the table of contents.
        return type(self), ()

    def segment(self, storage: Storage, name: str) -> SegmentFields:
        """Return a segment of the generation in a folder."""
        if not isinstance(storage, FileStorage):
            raise StorageError("This index is mapped from its folder; Whoosh can open it there and nowhere else.")
        if not self._segments:
            self._segments = dict(_opened(Path(storage.folder)))
        return self._segments[name]


def _opened(folder: Path) -> Iterator[tuple[str, SegmentFields]]:
    before: list[Segment] = []
    for name, deleted in Generation.read(folder).segments.items():
        segment = Segment(folder, name)
        yield name, SegmentFields(segment, deleted, tuple(before))
        before.append(segment)


class ArraySegment(base.Segment):  # type: ignore[misc]  # Whoosh ships no types
    """A segment as it stands in the table of contents: its name.

    What readers ask the codec for, only writers ask the segment for: at first, how many documents it has.
    """

    doc_count_all = deleted_count = deleted_docs = is_deleted = set_doc_count = delete_document = refuse

    def __init__(self, name: str, arrays: GenerationArrays) -> None:
        super().__init__(_INDEX)
        self.segid = name
        self._arrays = arrays

    def codec(self) -> ArrayCodec:
        """Return the codec that reads the segment."""
        return ArrayCodec()

    def fields(self, storage: Storage) -> SegmentFields:
        """Return what the segment holds; `storage` is the folder of its generation."""
        return self._arrays.segment(storage, self.segid)


class ArrayCodec(base.Codec):  # type: ignore[misc]  # Whoosh ships no types
    """Reads segments of arrays, and writes none."""

    new_segment = per_document_writer = field_writer = postings_writer = postings_reader = refuse

    def terms_reader(self, storage: Storage, segment: ArraySegment) -> ArrayTermsReader:
        """Return the terms of a segment."""
        return ArrayTermsReader(segment.fields(storage))

    def per_document_reader(self, storage: Storage, segment: ArraySegment) -> ArrayDocumentReader:
        """Return the documents of a segment."""
        return ArrayDocumentReader(segment.fields(storage))
