"""Collecting the text of XML parts: what its elements open in a flow, which of them count, and what damage leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zipfile import ZipFile

from indexer.extract.archive import pieces_of
from indexer.extract.flow import Flow, note_texts
from indexer.extract.items import Incomplete
from indexer.extract.sections import Block
from indexer.extract.xml_stream import Attributes, parse
from indexer.index.schema import Status


def value_of(attributes: Attributes, name: str) -> str:
    """Return the value of an attribute, whatever its namespace; of two of that name, the one that has a namespace."""
    ending = f"}}{name}"
    return next((value for full, value in attributes.items() if full.endswith(ending)), attributes.get(name, ""))


class XmlText:
    """Collects the text of one part in a flow; what its elements do is in `starts` and `ends`, by their local names.

    The content of some elements does not count. Whatever opens and closes something in the flow does so only where it
    counts: what an element that counts has opened, the same element closes.
    """

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.starts: dict[str, Callable[[Attributes], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}
        # How many elements are open whose content does not count.
        self._skipped = 0
        # For each open element that may count or not: whether it does not.
        self._left_out: list[bool] = []

    @property
    def counts(self) -> bool:
        """Tell whether what comes next counts."""
        return not self._skipped

    def text(self, data: str) -> None:
        """Take a piece of text."""
        if not self._skipped:
            self.flow.write(data)

    def if_it_counts(self, action: Callable[[Attributes], None], attributes: Attributes) -> None:
        """Do what the start of an element asks for, if the element counts."""
        if not self._skipped:
            action(attributes)

    def open(self, opening: Callable[[Flow], None], _: Attributes) -> None:
        """Open something at the start of an element, if the element counts."""
        if not self._skipped:
            opening(self.flow)

    def close(self) -> None:
        """Close it at the end of the element."""
        if not self._skipped:
            self.flow.close()

    def skip(self, _: Attributes) -> None:
        """Take the start of an element whose content does not count."""
        self._skipped += 1

    def end_skipped(self) -> None:
        """Take the end of an element whose content does not count."""
        self._skipped -= 1

    def leave_out(self, is_left_out: bool) -> None:
        """Take the start of an element whose content counts or does not."""
        self._left_out.append(is_left_out)
        self._skipped += is_left_out

    def leave_out_rest(self) -> None:
        """Let what follows in the innermost element that may be left out not count."""
        if self._left_out and not self._left_out[-1]:
            self._left_out[-1] = True
            self._skipped += 1

    def end_left_out(self) -> None:
        """Take the end of an element whose content may not have counted."""
        self._skipped -= self._left_out.pop()


class Parts:
    """The XML parts of an opened container; `problem` is the first thing that was wrong with one of them."""

    def __init__(self, archive: ZipFile, characters: int) -> None:
        self.archive = archive
        self.problem: Incomplete | None = None
        self.characters = characters

    def note(self, problem: Incomplete) -> None:
        """Remember a problem, unless there was one before."""
        self.problem = self.problem or problem

    def flow(self) -> Flow:
        """Return an empty flow for the text of a part."""
        return Flow(self.characters)

    def pieces(self, name: str, handler: XmlText) -> Iterator[None]:
        """Tell a handler what a part holds and pause after each piece; note what is wrong with it."""
        try:
            for _ in parse(pieces_of(self.archive, name), name, handler):
                yield
                if handler.flow.is_full:
                    self.note(Incomplete(Status.CUT, self._cut_reason()))
                    return
        except Incomplete as error:
            self.note(error)

    def blocks(self, name: str, handler: XmlText) -> Iterator[Block]:
        """Yield the blocks of a part as they are finished, as far as it can be read."""
        for _ in self.pieces(name, handler):
            yield from handler.flow.take()
        yield from handler.flow.end()

    def texts(self, name: str, handler: XmlText) -> list[str]:
        """Return the texts of a part and of its notes, as far as it can be read."""
        return note_texts(list(self.blocks(name, handler)))

    def _cut_reason(self) -> str:
        return f"Its text is longer than the {self.characters:,} characters that are read of it."
