"""Collecting the text of XML parts: what its elements open in a flow, which of them count, and what damage leaves."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from zipfile import ZipFile

from indexer.extract.archive import read_member
from indexer.extract.flow import Flow, note_texts
from indexer.extract.items import Incomplete, Item, joined
from indexer.extract.nested import InnerFiles
from indexer.extract.sections import Block
from indexer.extract.source import Context, Source
from indexer.extract.xml_stream import Attributes, parse_part
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
    """The parts of an opened container, and what turned out to be wrong with them."""

    def __init__(self, archive: ZipFile, characters: int) -> None:
        self.archive = archive
        self.characters = characters
        # By their reasons: what is wrong with a part is said once, however often the part is needed.
        self._problems: dict[str, Incomplete] = {}
        self._figures: dict[str, str] = {}
        self._room_of_figures = characters

    @property
    def problems(self) -> list[Incomplete]:
        """What was wrong, in the order in which it was met."""
        return list(self._problems.values())

    def note(self, problem: Incomplete) -> None:
        """Remember a problem."""
        self._problems.setdefault(problem.reason, problem)

    def settle(self) -> None:
        """Raise the problems as one, if there were any."""
        if self._problems:
            raise joined(self.problems)

    def flow(self) -> Flow:
        """Return an empty flow for the text of a part."""
        return Flow(self.characters)

    def pieces(self, name: str, handler: XmlText) -> Iterator[None]:
        """Tell a handler what a part holds and pause after each piece; note what is wrong with it."""
        try:
            for _ in parse_part(self.archive, name, handler):
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

    def figure_text(self, name: str, handler: Callable[[Flow], XmlText]) -> str:
        """Return the text of a part that is shown within others; it is read once, however often it is shown."""
        if name not in self._figures:
            self._figures[name] = "\n\n".join(self.texts(name, handler(Flow(self._room_of_figures))))
            self._room_of_figures = max(self._room_of_figures - len(self._figures[name]), 0)
        return self._figures[name]

    def embedded(self, names: Iterable[str], source: Source, context: Context) -> Iterator[Item]:
        """Yield the pages of the files that are embedded in a file, each once, and note which cannot be read."""
        inner = InnerFiles(source, context)
        for name in dict.fromkeys(names):
            shown = posixpath.basename(name)
            try:
                content = read_member(self.archive, name)
            except Incomplete as problem:
                inner.fail(shown, problem)
            except MemoryError:
                inner.fail(shown, Incomplete(Status.TOO_LARGE, "It is too large to be unpacked."))
            else:
                yield from inner.read(shown, content)
        yield from inner.remarks()
        for failure in inner.failed:
            self.note(failure)

    def _cut_reason(self) -> str:
        return f"Its text is longer than the {self.characters:,} characters that are read of it."
