from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index.whoosh import strings
from indexer.index.whoosh.stretches import lengths_of, running, stretches
from indexer.index.whoosh.strings import StringCollector, encoded, joined, string_array

some_strings = st.lists(st.binary(max_size=6), max_size=12)
lengths = st.lists(st.integers(0, 9), max_size=20)


@given(some_strings)
def test_strings_are_what_was_collected(found: list[bytes]) -> None:
    collector = StringCollector()
    for string in found[: len(found) // 2]:
        collector.append(string)
    collector.extend(found[len(found) // 2 :])
    array = collector.strings()
    assert len(array) == len(collector) == len(found)
    assert list(array) == [array[number] for number in range(len(array))] == found


@given(found=some_strings, data=st.data(), at_once=st.integers(1, 9))
def test_chosen_strings_are_those_of_the_numbers(found: list[bytes], data: st.DataObject, at_once: int) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(found) - 1))) if found else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strings, "_BYTES_AT_ONCE", at_once)
        chosen = string_array(found).chosen(np.array(numbers, dtype=np.intp))
    assert list(chosen) == [found[number] for number in numbers]


@given(some_strings)
def test_the_order_of_strings_leaves_equal_ones_as_they_stand(found: list[bytes]) -> None:
    assert string_array(found).order() == sorted(range(len(found)), key=found.__getitem__)


@given(found=some_strings, wanted=st.binary(max_size=6))
def test_sorted_strings_are_found(found: list[bytes], wanted: bytes) -> None:
    every = sorted(set(found))
    array = string_array(every)
    assert array.find(wanted) == (every.index(wanted) if wanted in every else None)
    assert array.first_not_below(wanted) == sum(1 for string in every if string < wanted)


@given(st.lists(some_strings, min_size=1, max_size=4))
def test_joined_strings_follow_each_other(found: list[list[bytes]]) -> None:
    assert list(joined([string_array(each) for each in found])) == [string for each in found for string in each]


def test_half_characters_become_question_marks() -> None:
    assert encoded("a\ud800b") == b"a?b"


@given(lengths)
def test_sums_and_lengths_undo_each_other(some_lengths: list[int]) -> None:
    starts = running(np.array(some_lengths, dtype=np.int64))
    assert starts.tolist() == [sum(some_lengths[:number]) for number in range(len(some_lengths) + 1)]
    assert lengths_of(starts).tolist() == some_lengths


@given(some_lengths=lengths, most=st.integers(1, 12))
def test_stretches_are_as_long_as_they_may_be(some_lengths: list[int], most: int) -> None:
    starts = running(np.array(some_lengths, dtype=np.int64)).astype(np.uint32)
    found = list(stretches(starts, most))
    edges = [0, *(end for _, end in found)]
    assert found == list(pairwise(edges))
    assert edges[-1] == len(some_lengths)
    for begin, end in found:
        assert end - begin == 1 or sum(some_lengths[begin:end]) <= most
        assert end - begin <= most
        is_full = end - begin == most or sum(some_lengths[begin : end + 1]) > most
        assert is_full or end == len(some_lengths)
