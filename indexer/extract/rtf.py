r"""RTF files: the text of the body with its notes, headers, text boxes and comments, a long text by its headings.

striprtf, which is small and well known, was tried first: it leaves out headers, footnotes, comments and text boxes, and
shows hidden text. So the tokens are read here, in one pass and with a stack that is bounded.

What stands aside of the body (a note, a header, a text box) follows the paragraph that it is anchored in, so that it
does not part the words of a sentence.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from indexer.encoding import one_line
from indexer.extract.items import Cut, Incomplete, Item
from indexer.extract.rtf_story import Line, Story
from indexer.extract.rtf_tokens import Open, Text, Word, codec_of_charset, codec_of_page, tokens
from indexer.extract.rtf_words import (
    ASIDE,
    CODE_PAGES,
    INFORMATION,
    LETTERS,
    PARAGRAPHS,
    READ_ALTHOUGH_STARRED,
    ROWS,
    SKIPPED,
    TABLES,
)
from indexer.extract.sections import Block, sections
from indexer.extract.source import Context, Source
from indexer.index.schema import FileMetadata, Status

_DEEPEST = 10_000
_DEEPEST_ASIDE = 5
"""Notes in notes; what is deeper runs on in the text it stands in."""
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group and ends with it. `unicode_skip` is how many characters stand in for one of Unicode."""

    story: Story
    codec: str
    is_skipped: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    table: str = ""
    unicode_skip: int = 1
    level: int = 0


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the file as one page, or by its headings when it is long."""
    with source.open() as stream:
        data = stream.read()
    document = _Document(context.limits.characters)
    problem = document.read(data)
    yield document.metadata()
    yield from sections(_blocks(document.body.lines))
    if problem:
        raise Incomplete(Status.DAMAGED, problem, left_out=document.left_out)
    if document.left_out:
        raise Cut(context.limits.characters, document.left_out)


def _blocks(lines: list[Line]) -> Iterator[Block]:
    """Yield paragraphs and headings; the rows of a table stay together."""
    for is_row, group in groupby(lines, lambda line: line.is_row):
        if is_row:
            yield Block("\n".join(line.text for line in group))
        else:
            yield from (Block(line.text, line.level) for line in group)


class _Document:
    """Follows the tokens of a file and keeps its text."""

    def __init__(self, most: int) -> None:
        self.body = Story("body")
        self.left_out = 0
        self._room = most
        self._state = _State(self.body, "cp1252")
        self._groups: list[_State] = []
        self._is_new_group = False
        self._is_starred = False
        self._to_skip = 0
        self._default_codec = "cp1252"
        self._default_font = 0
        self._font = 0
        self._fonts: dict[int, str] = {}
        self._style = 0
        self._levels: dict[int, int] = {}
        self._information: dict[str, str] = {}
        self._created: dict[str, int] = {}
        self._pages = 0
        self._seen: set[str] = set()

    def read(self, data: bytes) -> str:
        """Read all tokens; return a sentence if the file is damaged, and nothing otherwise."""
        problem = "It ends in the middle of its text."
        for token in tokens(data):
            if isinstance(token, Text):
                self._text(token.content)
            elif isinstance(token, Word):
                self._word(token)
            elif isinstance(token, Open):
                if len(self._groups) >= _DEEPEST:
                    problem = f"Its groups are nested more than {_DEEPEST:,} deep; what follows is not read."
                    break
                self._open()
            elif self._close():
                problem = ""
                break
        self._end_stories()
        return problem

    def metadata(self) -> FileMetadata:
        """Return what the file says of itself."""
        try:
            day = datetime.date(*(self._created.get(part, 1) for part in ("yr", "mo", "dy")))
        except (ValueError, OverflowError):
            day = None
        return FileMetadata(
            title=self._information.get("title", ""),
            author=self._information.get("author", ""),
            date=day if "yr" in self._created else None,
            pages=max(self._pages, 0),
        )

    def _open(self) -> None:
        self._groups.append(self._state)
        self._is_new_group, self._is_starred, self._to_skip = True, False, 0

    def _close(self) -> bool:
        """End a group; return whether it was the last one that is open."""
        self._is_new_group, self._to_skip = False, 0
        if not self._groups:
            return True
        story, self._state = self._state.story, self._groups.pop()
        if story is not self._state.story:
            self._finish(story, self._state.story)
        return not self._groups

    def _end_stories(self) -> None:
        while self._groups:
            self._close()
        self.body.end_line()

    def _finish(self, story: Story, outer: Story) -> None:
        story.end_line()
        text = "\n".join(line.text for line in story.lines)
        if story.kind in INFORMATION:
            self._information.setdefault(story.kind, one_line(text))
        elif story.kind[:6] not in ("header", "footer"):
            outer.aside += story.lines
        elif text not in self._seen:
            # Each section of a file repeats those of the one before.
            self._seen.add(text)
            outer.aside += story.lines

    def _shows(self) -> bool:
        state = self._state
        return not (state.is_skipped or state.is_hidden or state.is_deleted or state.table)

    def _text(self, content: bytes) -> None:
        self._is_new_group = False
        if self._to_skip:
            skipped = min(self._to_skip, len(content))
            content, self._to_skip = content[skipped:], self._to_skip - skipped
        if not self._shows():
            return
        # A letter of several bytes that is parted here counts more than once, which a file of millions can bear.
        characters = len(content.decode(self._state.codec, "replace"))
        if self._room <= 0:
            self.left_out += characters
            return
        self._room -= characters
        self._state.story.add(content, self._state.codec)

    def _word(self, word: Word) -> None:
        name, value = word
        if self._is_new_group:
            if name == "*":
                self._is_starred = True
                return
            self._is_new_group = False
            if self._enters(name):
                return
        state = self._state
        if state.is_skipped:
            return
        if state.table:
            self._table_word(state.table, name, value or 0)
        elif name in LETTERS:
            self._letter(LETTERS[name])
        elif name == "u":
            self._unicode(value or 0)
        else:
            self._to_skip = 0
            self._paragraph_word(name)
            self._format_word(name, value)

    def _enters(self, name: str) -> bool:
        """Begin the group that a name stands for; return False if the name is no group's."""
        state = self._state
        if name == "ud" and len(self._groups) > 1:
            # It repeats in Unicode the group it is in, which is skipped.
            self._state = replace(state, is_skipped=self._groups[-2].is_skipped)
        elif name in SKIPPED or (self._is_starred and name not in READ_ALTHOUGH_STARRED):
            self._state = replace(state, is_skipped=True)
        elif name in TABLES:
            self._state = replace(state, table=name)
        elif not state.is_skipped and self._has_story(name):
            self._state = replace(state, story=Story(name, state.story.depth + 1), table="", level=0)
        else:
            return self._is_starred
        return True

    def _has_story(self, name: str) -> bool:
        state = self._state
        return bool(state.table) if name in INFORMATION else name in ASIDE and state.story.depth < _DEEPEST_ASIDE

    def _letter(self, letter: str) -> None:
        if self._to_skip:
            self._to_skip -= 1
        elif self._shows():
            self._state.story.write(letter)

    def _unicode(self, value: int) -> None:
        if not self._shows():
            return
        code = value + 0x10000 if value < 0 else value
        if self._room > 0:
            self._room -= 1
            self._state.story.write(chr(code) if 0 <= code <= 0x10FFFF else " ")
        else:
            self.left_out += 1
        self._to_skip = self._state.unicode_skip

    def _paragraph_word(self, name: str) -> None:
        if name in PARAGRAPHS:
            self._state.story.end_line(self._state.level)
        elif name in ROWS:
            self._state.story.end_line(is_row=True)

    def _format_word(self, name: str, value: int | None) -> None:
        """Follow what decides which characters are shown, and which they are."""
        state, number = self._state, value or 0
        if name == "f":
            self._state = replace(state, codec=self._fonts.get(number, self._default_codec))
        elif name == "plain":
            codec = self._fonts.get(self._default_font, self._default_codec)
            self._state = replace(state, codec=codec, is_hidden=False, is_deleted=False)
        elif name == "v":
            self._state = replace(state, is_hidden=value != 0)
        elif name == "deleted":
            self._state = replace(state, is_deleted=value != 0)
        elif name == "uc":
            self._state = replace(state, unicode_skip=max(number, 0))
        elif name in ("pard", "s", "outlinelevel"):
            self._state = replace(state, level=self._level(name, number))
        elif name == "deff":
            self._default_font = number
        elif name in CODE_PAGES or name == "ansicpg":
            self._default_codec = codec_of_page(number, "cp1252") if name == "ansicpg" else CODE_PAGES[name]
            self._state = replace(state, codec=self._default_codec)

    def _level(self, name: str, value: int) -> int:
        if name == "outlinelevel":
            return value + 1 if 0 <= value < _BODY_LEVEL else 0
        return self._levels.get(value, 0) if name == "s" else 0

    def _table_word(self, table: str, name: str, value: int) -> None:
        """Take what the tables before the text say of fonts, styles and the file."""
        if table == "fonttbl":
            self._font_word(name, value)
        elif table == "stylesheet":
            if name == "s":
                self._style = value
            elif name == "outlinelevel":
                self._levels[self._style] = self._level(name, value)
        elif table == "creatim":
            self._created[name] = value
        elif name == "nofpages":
            self._pages = value

    def _font_word(self, name: str, value: int) -> None:
        if name == "f":
            self._font = value
        elif name == "fcharset":
            self._fonts[self._font] = codec_of_charset(value, self._default_codec)
        elif name == "cpg":
            self._fonts[self._font] = codec_of_page(value, self._default_codec)
