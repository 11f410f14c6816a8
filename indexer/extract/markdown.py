"""Markdown files: the text as a person reads it, a long one by its headings, and what the front matter says.

The parser of the library's pages reads them too, so that a text is the same in both. It takes from 0.3 seconds for a
megabyte of prose to 8 for one of short list items, and 40 times as much memory, so a text goes through it in parts of
some 64,000 characters, and what is beyond the limit on them is taken as it is written, by lines. So is a part with a
hundred brackets open at once, as those cost the parser the square of their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby

from indexer.encoding import clean, one_line
from indexer.extract.html import pages_of
from indexer.extract.items import Item, Remark
from indexer.extract.source import Context, Source
from indexer.extract.text import opened
from indexer.html import Paragraph, paragraphs, parse
from indexer.index.schema import FileMetadata
from indexer.library.dates import read_date
from indexer.library.frontmatter import split_page
from indexer.library.languages import language_code
from indexer.markdown import Definitions, definitions_in, to_html

_LONGEST_FRONT = 65_536
_PART = 65_536
_LONGEST_PART = 4 * _PART
"""Characters after which a part ends at any line; before that only at headings, and after half of it at empty lines."""
_DEEPEST = 100
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)", re.DOTALL)
_HEADING = re.compile(r"#{1,6}[ \t]")
_LINE = re.compile(rf"[^\n]{{0,{_PART}}}\n|[^\n]{{1,{_PART}}}(?!\S)|[^\n]{{1,{_PART}}}")
"""A line with its end, or of one without end so much as makes a part, up to the end of a word if there is one."""


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the file as one page, or by its headings when it is long."""
    with opened(source, context) as text:
        yield from text.remarks()
        blocks = map(clean, text.blocks())
        beginning = next(blocks, "")
        front = split_page(beginning[:_LONGEST_FRONT])
        yield _metadata(front.values)
        body = _Body(context.limits.markdown_characters)
        rest = beginning[_LONGEST_FRONT:]
        yield from pages_of(front.unread.strip(), list(body.paragraphs(chain([front.body + rest], blocks))))
        yield from body.remarks()
        text.settle()


def _metadata(values: Mapping[str, object]) -> FileMetadata:
    def first(*keys: str) -> str:
        named = (value for key in keys if isinstance(value := values.get(key), str))
        return one_line(next(filter(None, named), ""))

    author = values.get("author") or values.get("authors")
    names = author if isinstance(author, list) else [author]
    return FileMetadata(
        title=first("title"),
        author=", ".join(one_line(name) for name in names if isinstance(name, str)),
        language=language_code(first("lang", "language")),
        date=read_date(first("date", "published", "created")),
    )


@dataclass(slots=True)
class _Body:
    """The text behind the front matter; the parser gets so many characters of it, and `read` is how many there were."""

    parsed: int
    read: int = 0

    def paragraphs(self, blocks: Iterator[str]) -> Iterator[Paragraph]:
        """Yield the paragraphs of a text that is given in pieces that end where a line does."""
        beginning = list(self._beginning(blocks))
        size = sum(map(len, beginning))
        definitions = definitions_in("".join(beginning)[: self.parsed]) if size > _PART else {}
        for part in Parts().of(chain(beginning, blocks)):
            yield from _of_part(part, definitions) if self.read < self.parsed else _as_written(part)
            self.read += len(part)

    def remarks(self) -> Iterator[Remark]:
        """Yield a sentence if there was more than the parser got."""
        if self.read > self.parsed:
            yield Remark(
                f"What is beyond its first {self.parsed:,} characters is searched as it is written, with its marks."
            )

    def _beginning(self, blocks: Iterator[str]) -> Iterator[str]:
        size = 0
        while size < self.parsed and (block := next(blocks, "")):
            yield block
            size += len(block)


def _of_part(part: str, definitions: Definitions) -> Iterator[Paragraph]:
    html = None if _is_tangled(part) else to_html(part, definitions)
    return _as_written(part) if html is None else paragraphs(parse([html]))


def _as_written(part: str) -> Iterator[Paragraph]:
    """Yield a part with its marks, parted at empty lines and headings."""
    for is_heading, lines in groupby(part.split("\n"), lambda line: bool(_HEADING.match(line))):
        text = "\n".join(lines).strip()
        if is_heading:
            yield from (Paragraph(line.strip("# \t"), len(line) - len(line.lstrip("#"))) for line in text.split("\n"))
        elif text:
            yield Paragraph(text)


def _is_tangled(part: str) -> bool:
    """Tell whether so many brackets are open at once that the parser would look for their ends for hours."""
    depth = 0
    for bracket in re.finditer(r"[\[\]]", part):
        depth = depth + 1 if bracket[0] == "[" else max(depth - 1, 0)
        if depth > _DEEPEST:
            return True
    return False


@dataclass(slots=True)
class Parts:
    """Cuts a long text where the parser would part it anyway; a block of code that has to be cut stays code."""

    _lines: list[str] = field(default_factory=list)
    _size: int = 0
    _fence: str = ""

    def of(self, blocks: Iterable[str]) -> Iterator[str]:
        """Yield a text, given in pieces that end where a line does, in parts, all of it and in its order."""
        for line in (line for block in blocks for line in _LINE.finditer(block)):
            if self._ends_before(line[0]):
                yield "".join(self._lines)
                self._lines = [f"{self._fence}\n"] if self._fence else []
                self._size = 0
            self._lines.append(line[0])
            self._size += len(line[0])
            self._follow_fence(line[0])
        yield "".join(self._lines)

    def _ends_before(self, line: str) -> bool:
        if self._size + len(line) > _LONGEST_PART:
            return True
        if self._size < _PART or self._fence:
            return False
        return bool(_HEADING.match(line)) or (self._size > _LONGEST_PART // 2 and line.isspace())

    def _follow_fence(self, line: str) -> None:
        found = _FENCE.match(line)
        if not found:
            return
        if not self._fence:
            self._fence = found[1]
        elif found[1].startswith(self._fence) and not found[2].strip():
            self._fence = ""
