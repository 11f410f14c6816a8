"""How much of anything the reading of one file may take; `[limits]` in `library.toml` sets them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds on one file; each ends in a status and a reason, never in silence.

    `seconds` is wall clock, `cpu_seconds` processor time, `memory_bytes` the address space of the process that reads,
    `file_bytes` the size on disk; `characters` and `pages` bound the text that is kept. `members`, `unpacked_bytes`
    and `ratio` (unpacked to packed) bound zip containers, `member_bytes` one file inside another, which is held in
    memory. `cells` bounds the cells of a workbook, empty ones included, and with them the texts, formats and comments
    that cells refer to. Of Markdown the first `markdown_characters` are freed of their marks, which takes long.
    `ocr_pages` is how many pictures of one file are recognised; while they are, `ocr_seconds` takes the place of
    `seconds`, and while LibreOffice converts a file, `convert_seconds`.

    The programs that help have memory of their own: Tesseract `memory_bytes` beside those of the process that waits for
    it, and LibreOffice, which runs while nothing else reads that file, `memory_bytes` and 320 MiB of libraries.
    """

    seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 1 << 29
    file_bytes: int = 200_000_000
    characters: int = 10_000_000
    pages: int = 100_000
    members: int = 10_000
    unpacked_bytes: int = 500_000_000
    ratio: int = 200
    member_bytes: int = 100_000_000
    cells: int = 5_000_000
    markdown_characters: int = 2_000_000
    ocr_pages: int = 200
    ocr_seconds: float = 900.0
    convert_seconds: float = 120.0
