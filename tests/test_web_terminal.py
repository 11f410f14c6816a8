from __future__ import annotations

import pytest

from indexer.index.schema import Attachment, Document, Locator, Page, Resource, Unit
from tests.memory_engine import MATCHES, MemoryEngine
from webapp.arguments import Question
from webapp.search import search
from webapp.terminal import result_lines


@pytest.mark.parametrize(("further", "line"), [(1, "   and 1 further page"), (2, "   and 2 further pages")])
def test_pages_that_are_not_listed_are_counted_with_their_noun(further: int, line: str) -> None:
    labels = tuple(str(number) for number in range(1, MATCHES + further + 1))
    file = Attachment("a.pdf", "a.pdf", "pdf", 1, tuple(Locator(label, Unit.PAGE) for label in labels))
    resource = Resource("a", "Title", attachments=(file,))
    engine = MemoryEngine([Document(resource, "", (tuple(Page(Locator(label), "fees") for label in labels),))])
    lines = list(result_lines(search(engine, Question("fees"))))
    assert lines[0].startswith("1-1 of 1 result in ")
    assert lines[-1] == line


def test_what_was_corrected_and_what_may_have_been_meant_is_said_first() -> None:
    titles = ["Trail fees", *(f"Trial {number}" for number in range(25))]
    engine = MemoryEngine([Document(Resource(title, title)) for title in titles])
    lines = list(result_lines(search(engine, Question("trail feess"))))
    assert lines[0] == 'Showing results for "trail fees". Search instead for "trail feess" with --verbatim.'
    lines = list(result_lines(search(engine, Question("trail"))))
    assert lines[0] == 'Did you mean "trial" (25 resources)?'


@pytest.mark.parametrize("first", ["labuor", "nothing"])
@pytest.mark.parametrize(("more", "line"), [(0, ""), (1, "1 further word"), (8, "8 further words")])
def test_that_the_spelling_of_words_was_not_checked_is_said_whether_or_not_another_was_corrected(
    first: str, more: int, line: str
) -> None:
    words = [f"qwerty{chr(97 + number // 6)}{chr(97 + number % 6)}" for number in range(31 + more)]
    page = search(MemoryEngine([Document(Resource("a", "Labour"))]), Question(" ".join([first, *words])))
    wanted = [f"The spelling of {line} was not checked."] * bool(line)
    assert [each for each in result_lines(page) if "not checked" in each] == wanted
    assert [message.text for message in page.spelling if "not checked" in message.text] == wanted
    assert bool(page.meant.changes) == (first == "labuor")
