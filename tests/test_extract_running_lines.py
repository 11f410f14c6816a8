"""Running headers and footers: gone from the second page on, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.running_lines import RunningLines


def stripped(*texts: str, labels: list[str] | None = None) -> list[str]:
    names = labels or [str(number + 1) for number in range(len(texts))]
    return RunningLines().remove(list(zip(names, texts, strict=True)))


def words_of(number: int) -> str:
    return f"Text of its own {'abcdefghijklmnopqrstuvwxyz'[number % 26] * (number // 26 + 1)}"


def test_a_header_and_a_footer_stand_on_their_first_page_only() -> None:
    pages = stripped(*(f"Annual Report\n{words_of(n)}\nPage {n + 1} of 9" for n in range(9)))
    assert pages[0] == f"Annual Report\n{words_of(0)}\nPage 1 of 9"
    assert pages[1:] == [words_of(n) for n in range(1, 9)]


def test_a_title_page_without_the_header_changes_nothing() -> None:
    pages = stripped("The Title", *(f"Annual Report\n{words_of(n)}" for n in range(8)))
    assert pages[:3] == ["The Title", f"Annual Report\n{words_of(0)}", words_of(1)]


def test_odd_and_even_pages_may_have_headers_of_their_own() -> None:
    pages = stripped(*(f"{'Annual Report' if n % 2 else 'Chapter One'}\n{words_of(n)}" for n in range(10)))
    assert pages[2:] == [words_of(n) for n in range(2, 10)]


@pytest.mark.parametrize("numerals", [["i", "ii", "iii", "iv", "v", "vi"], ["- 7 -", "- 8 -", "- 9 -", "- 10 -"]])
def test_a_page_number_alone_on_its_line_goes_in_any_numerals(numerals: list[str]) -> None:
    pages = stripped(*(f"{words_of(n)}\n{numeral}" for n, numeral in enumerate(numerals)))
    assert pages == [f"{words_of(0)}\n{numerals[0]}", *map(words_of, range(1, len(numerals)))]


def test_the_printed_label_of_a_page_is_its_number() -> None:
    labels = ["A-1", "A-2", "A-3", "B-1", "B-2", "B-3"]
    pages = stripped(*(f"{words_of(n)}\nAppendix {label}" for n, label in enumerate(labels)), labels=labels)
    assert pages[1:] == [words_of(n) for n in range(1, 6)]


def test_figures_that_do_not_count_the_pages_are_text() -> None:
    texts = [f"{n * n + 7} wells\n{words_of(n)}\n{3 * n}" for n in range(9)]
    assert stripped(*texts) == texts


def test_a_line_within_the_page_stays_however_often_it_comes() -> None:
    texts = [f"{words_of(n)}\nNotes\n{words_of(n + 30)}" for n in range(9)]
    assert stripped(*texts) == texts


def test_a_line_that_comes_on_few_pages_stays() -> None:
    texts = ["Summary\n" * (n in (2, 3, 4)) + words_of(n) for n in range(20)]
    assert stripped(*texts) == texts
    assert stripped("Title\none", "Title\ntwo") == ["Title\none", "Title\ntwo"]


def test_headers_of_three_pages_are_running() -> None:
    assert stripped("Title\none", "Title\ntwo", "TITLE\nthree") == ["Title\none", "two", "three"]


def test_a_header_is_known_in_the_next_portion() -> None:
    running = RunningLines()
    texts = [("", f"Annual Report\n{words_of(n)}\n{n + 1}") for n in range(20)]
    pages = running.remove(texts[:10]) + running.remove(texts[10:11]) + running.remove(texts[11:])
    assert pages[1:] == [words_of(n) for n in range(1, 20)]


def test_a_line_as_long_as_a_paragraph_is_no_header() -> None:
    texts = [f"{'long ' * 50}\n{words_of(n)}" for n in range(9)]
    assert stripped(*texts) == texts


@given(st.lists(st.lists(st.sampled_from("ABCDEFG"), max_size=3), max_size=20))
def test_a_line_is_running_if_it_stands_on_most_of_seven_pages(pages: list[list[str]]) -> None:
    # Lines without numbers and pages of at most three lines: all of a page is near both of its edges.
    def is_running(line: str, page: int) -> bool:
        for sequence in (range(len(pages)), range(page % 2, len(pages), 2)):
            numbers = list(sequence)
            for start in range(len(numbers)):
                window = numbers[start : start + 7]
                carriers = [n for n in window if line in pages[n]]
                enough = max(3, min(7, len(numbers)) // 2 + 1)
                if page in window and len(carriers) >= enough:
                    return True
        return False

    shown: set[str] = set()
    expected = []
    for number, lines in enumerate(pages):
        removed = set()
        for order in (range(len(lines)), range(len(lines))[::-1]):
            for index in order:
                if not is_running(lines[index], number):
                    break
                if lines[index] in shown:
                    removed.add(index)
                shown.add(lines[index])
        expected.append("\n".join(line for index, line in enumerate(lines) if index not in removed))
    # The label of no page is one of its lines.
    assert stripped(*("\n".join(lines) for lines in pages), labels=["-"] * len(pages)) == expected


@given(st.lists(st.text("aB1 \nv.\0"), max_size=12), st.integers(1, 12))
def test_only_whole_lines_are_taken_out_and_none_on_the_first_page(texts: list[str], portion: int) -> None:
    running = RunningLines()
    pages = [("iv", text) for text in texts]
    kept = [text for start in range(0, len(pages), portion) for text in running.remove(pages[start : start + portion])]
    assert len(kept) == len(texts)
    for before, after in zip(texts, kept, strict=True):
        lines = iter(before.split("\n"))
        assert after == "" or all(line in lines for line in after.split("\n"))
