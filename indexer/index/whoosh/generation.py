"""The list of a generation's segments, with what is deleted in each: small, and written anew for every generation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter
from indexer.index.whoosh.postings import Numbers

FILE_NAME = "segments.arrays"


@dataclass(frozen=True, slots=True)
class Generation:
    """The names of its segments in order, each with the numbers of its deleted documents, and the facets it knows."""

    segments: Mapping[str, Numbers]
    facets: Sequence[str]

    def write(self, folder: Path) -> None:
        """Write the list into the folder of the generation, in place of one that was written there before."""
        (folder / FILE_NAME).unlink(missing_ok=True)
        with ArrayFileWriter(folder / FILE_NAME) as file:
            for number, deleted in enumerate(self.segments.values()):
                file.put(f"deleted{number}", deleted)
            file.finish({"segments": list(self.segments), "facets": list(self.facets)})

    @classmethod
    def read(cls, folder: Path) -> Generation:
        """Read the list of a generation."""
        file = ArrayFile(folder / FILE_NAME)
        names = file.about["segments"]
        deleted: dict[str, NDArray[np.uint32]] = {name: file[f"deleted{n}"] for n, name in enumerate(names)}
        return cls(deleted, file.about["facets"])
