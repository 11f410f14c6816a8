from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from indexer.index.engine import IndexUnreadable
from indexer.index.whoosh import array_file
from indexer.index.whoosh.array_file import ArrayFile, ArrayFileWriter

FORMAT_OFFSET = 12
BLOCK = 4_096

some_arrays = st.dictionaries(
    st.text(max_size=8),
    st.sampled_from(["uint8", "uint32", "uint64", "int64", "float32"]).flatmap(
        lambda dtype: arrays.arrays(dtype, st.integers(0, 40))
    ),
    max_size=5,
)


def written(path: Path, contents: dict[str, NDArray[Any]], about: object = None) -> Path:
    path.unlink(missing_ok=True)
    with ArrayFileWriter(path) as file:
        for name, array in contents.items():
            file.put(name, array)
        file.finish({"about": about})
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    contents: dict[str, NDArray[Any]] = {
        "numbers": np.arange(20, dtype=np.uint32),
        "bytes": np.frombuffer(b"abc", dtype=np.uint8),
    }
    return written(tmp_path / "segment-1.arrays", contents)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("arrays")


@given(contents=some_arrays, about=st.text())
def test_arrays_are_read_as_they_were_written(contents: dict[str, NDArray[Any]], about: str, folder: Path) -> None:
    file = ArrayFile(written(folder / "any.arrays", contents, about))
    assert file.about == {"about": about}
    for name, array in contents.items():
        assert name in file
        assert file[name].dtype == array.dtype
        assert file[name].tobytes() == array.tobytes()


def test_arrays_grow_side_by_side_and_are_read_as_if_written_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "grown.arrays"
    with ArrayFileWriter(path) as file:
        first, second = file.reserve("first", "uint32", 6), file.reserve("second", "uint64", 4)
        for step in range(2):
            first.append(np.arange(3 * step, 3 * step + 3, dtype=np.int64))
            second.append(np.arange(2 * step, 2 * step + 2, dtype=np.int64))
        file.finish({})
    read = ArrayFile(path)
    assert read["first"].tolist() == list(range(6))
    assert read["second"].tolist() == list(range(4))


def test_an_array_that_was_not_filled_is_no_array(tmp_path: Path) -> None:
    with ArrayFileWriter(tmp_path / "short.arrays") as file:
        file.reserve("numbers", "uint32", 3).append(np.arange(2, dtype=np.uint32))
        with pytest.raises(ValueError, match=r"short\.arrays: 8 bytes of an array were written instead of 12"):
            file.finish({})


def test_a_file_that_is_there_is_never_written_over(small: Path) -> None:
    before = small.read_bytes()
    with pytest.raises(FileExistsError):
        ArrayFileWriter(small)
    assert small.read_bytes() == before


def test_what_is_read_cannot_be_changed(small: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        ArrayFile(small)["numbers"][0] = 1


def unreadable(path: Path) -> str:
    """Return what a reader is told of a file, which has to name it and the way out."""
    with pytest.raises(IndexUnreadable) as told:
        ArrayFile(path)
    text = str(told.value)
    assert str(path) in text
    assert text.endswith("Rebuild the index.")
    return text


def test_every_truncation_is_noticed(small: Path) -> None:
    data = small.read_bytes()
    for length in range(len(data)):
        small.write_bytes(data[:length])
        assert "damaged" in unreadable(small)


def test_every_byte_that_differs_is_noticed(small: Path) -> None:
    data = small.read_bytes()
    for place in range(len(data)):
        for mask in (1, 128):
            small.write_bytes(data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :])
            assert small.name in unreadable(small)


def test_bytes_behind_the_end_are_noticed(small: Path) -> None:
    small.write_bytes(small.read_bytes() + b"\0")
    assert "longer or shorter" in unreadable(small)


@pytest.mark.parametrize("place", [0, BLOCK - 1, BLOCK, 256 * BLOCK - 1, 255 * BLOCK + 7, 300 * BLOCK])
def test_a_byte_that_differs_far_inside_is_noticed(place: int, tmp_path: Path) -> None:
    path = written(tmp_path / "large.arrays", {"bytes": np.zeros(301 * BLOCK, dtype=np.uint8)})
    with path.open("r+b") as file:
        file.seek(64 + place)
        file.write(b"\x01")
    assert '"bytes" does not fit' in unreadable(path)


def test_blocks_that_changed_places_are_noticed(tmp_path: Path) -> None:
    contents = np.repeat(np.arange(3, dtype=np.uint8), BLOCK)
    path = written(tmp_path / "large.arrays", {"bytes": contents})
    data = path.read_bytes()
    middle = 64 + BLOCK
    path.write_bytes(data[:64] + data[middle : middle + BLOCK] + data[64:middle] + data[middle + BLOCK :])
    assert '"bytes" does not fit' in unreadable(path)


def test_a_file_that_was_not_finished_is_none(tmp_path: Path) -> None:
    path = tmp_path / "half.arrays"
    with ArrayFileWriter(path) as file:
        file.put("numbers", np.arange(1_000, dtype=np.uint32))
    assert "does not begin as files of an index do" in unreadable(path)


def test_a_file_of_another_version_says_so(small: Path) -> None:
    data = bytearray(small.read_bytes())
    struct.pack_into("=I", data, FORMAT_OFFSET, 99)
    small.write_bytes(data)
    assert "another version of Handlist" in unreadable(small)


def test_a_file_of_another_byte_order_says_so(small: Path) -> None:
    data = bytearray(small.read_bytes())
    data[8:12] = data[8:12][::-1]
    small.write_bytes(data)
    assert "another byte order" in unreadable(small)


def test_an_empty_file_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "empty.arrays"
    path.touch()
    assert "cut short" in unreadable(path)


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    assert "No such file" in unreadable(tmp_path / "missing.arrays")


def test_an_array_that_is_asked_for_and_missing_is_damage(small: Path) -> None:
    with pytest.raises(IndexUnreadable, match='has no "letters"'):
        ArrayFile(small)["letters"]


def test_a_machine_short_of_open_files_is_not_taken_for_damage(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def short(*_: object, **__: object) -> None:
        raise OSError(24, os.strerror(24))

    monkeypatch.setattr(mmap, "mmap", short)
    with pytest.raises(OSError, match="Too many open files"):
        ArrayFile(small)


def test_a_file_is_checked_once_by_a_process(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ArrayFile(small)

    def fail(*_: object) -> int:
        raise AssertionError("checked again")

    monkeypatch.setattr(array_file, "checksum", fail)
    os.link(small, small.with_name("shared.arrays"))
    assert ArrayFile(small.with_name("shared.arrays"))["numbers"].tolist() == list(range(20))


def test_a_file_that_was_written_over_is_checked_again(small: Path) -> None:
    ArrayFile(small)
    content = bytearray(small.read_bytes())
    content[64] ^= 1
    # In place, under the same name and number, as a careless tool would.
    with small.open("r+b") as file:
        file.write(content)
    os.utime(small, ns=(0, 1))
    with pytest.raises(IndexUnreadable, match="does not fit its checksum"):
        ArrayFile(small)
