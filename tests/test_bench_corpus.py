"""What is measured with: the documents of a file, the questions drawn from them, and libraries that are made up."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from indexer.bench import BenchError, synthetic
from indexer.bench.corpus import BenchDocument, read_corpus
from indexer.bench.queries import draw
from indexer.index import analysis


def written(folder: Path, *lines: object) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def document(number: int, title: str, text: str = "") -> BenchDocument:
    return BenchDocument(f"{number}", title, text, ("none",), "none")


# Documents


def test_a_line_is_a_document_and_only_its_id_is_needed(tmp_path: Path) -> None:
    full = {"_id": "a", "title": "Fees", "text": "Who pays.", "tags": ["Hiring", "Fees"], "category": "Guide"}
    path = written(tmp_path, full, "", {"_id": "b", "title": None})
    assert list(read_corpus(path)) == [
        BenchDocument("a", "Fees", "Who pays.", ("Hiring", "Fees"), "Guide"),
        BenchDocument("b", "", "", ("none",), "none"),
    ]


def test_a_packed_file_holds_the_same_documents_and_may_be_read_in_part(tmp_path: Path) -> None:
    plain = written(tmp_path, *({"_id": f"{number}"} for number in range(9)))
    packed = tmp_path / "corpus.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(read_corpus(packed)) == list(read_corpus(plain))
    assert [one.id for one in read_corpus(packed, 2)] == ["0", "1"]


def test_the_first_twenty_tags_count_each_once_without_commas(tmp_path: Path) -> None:
    tags = ["Fees, charges", "x", "x", " ", *map(str, range(30))]
    (found,) = read_corpus(written(tmp_path, {"_id": "a", "tags": tags}))
    assert found.tags == ("Fees charges", "x", *map(str, range(18)))


def test_half_a_surrogate_pair_becomes_a_question_mark(tmp_path: Path) -> None:
    (found,) = read_corpus(written(tmp_path, r'{"_id": "a", "title": "\ud83d\ude00 \ud83d", "text": "\u00e9"}'))
    assert (found.title, found.text) == ("😀 ?", "é")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "it is nested too deeply. Every line has to be an object of JSON"),
        ({"title": "x"}, 'no "_id"'),
        ({"_id": 7}, '"_id" holds 7, which is not a text'),
        ({"_id": "b", "text": ["x"]}, '"text" holds ["x"], which is not a text'),
        ({"_id": "b", "tags": "x"}, '"tags" is not a list'),
        ({"_id": "b", "tags": [1]}, '"tags" holds 1'),
        ({"_id": "a"}, 'another line has the "_id" a already'),
    ],
)
def test_a_line_that_is_no_document_is_named_with_the_reason(tmp_path: Path, line: object, reason: str) -> None:
    with pytest.raises(BenchError, match=r"Line 2 of .*corpus\.jsonl is no document") as raised:
        list(read_corpus(written(tmp_path, {"_id": "a"}, line)))
    assert reason in str(raised.value)


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"_id": "a"}')
    for name, content in {"cut.jsonl.gz": packed[:-4], "not.jsonl.gz": b"{}", "odd.jsonl": b"\xff\xfe"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BenchError, match=rf"{name} cannot be read: .+ Name a file"):
            list(read_corpus(tmp_path / name))
    with pytest.raises(BenchError, match="No such file"):
        list(read_corpus(tmp_path / "missing.jsonl"))


def test_a_packed_file_that_is_damaged_is_named_with_the_line_that_was_still_read(tmp_path: Path) -> None:
    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(b"".join(b'{"_id": "%d"}\n' % number for number in range(5_000)))
    reserved_kind_of_block = b"\x07"
    path = tmp_path / "damaged.jsonl.gz"
    path.write_bytes(packed + packer.flush(zlib.Z_FULL_FLUSH) + reserved_kind_of_block * 100)
    known: list[str] = []
    with pytest.raises(BenchError, match=r"decompressing data: invalid block type\. Name a file of JSON") as raised:
        known.extend(one.id for one in read_corpus(path))
    assert known[:2] == ["0", "1"]
    assert f"damaged.jsonl.gz cannot be read after line {len(known):,}: Error" in str(raised.value)


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.jsonl.gz"])
def test_a_file_without_documents_is_said_to_hold_none(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b" \n\n") if name.endswith(".gz") else b"")
    with pytest.raises(BenchError, match=rf"{name} holds no documents\. Every line has to be an object of JSON"):
        draw(read_corpus(tmp_path / name), 1)


# Questions


def library() -> list[BenchDocument]:
    """Return a hundred documents whose words are in 1, 4, 5, 10, 20, 21 or all of them."""
    texts = [" ".join(f"{word}" for word, most in NUMBERS.items() if number < most) for number in range(100)]
    titles = ["Once four, FIVE ten twenty more every", "a in x1y ten-five", "five", *[""] * 97]
    return [document(number, title, text) for number, (title, text) in enumerate(zip(titles, texts, strict=True))]


NUMBERS = {"once": 1, "four": 4, "five": 5, "ten": 10, "twenty": 20, "more": 21, "every": 100}


def test_words_are_asked_for_that_are_neither_rare_nor_everywhere() -> None:
    questions = draw(library(), 100)
    asked = {word for question in questions for word in question.text.split()}
    assert asked == {"five", "ten", "twenty"}


def test_a_hundred_questions_of_each_length_have_different_words_of_one_title() -> None:
    questions = draw(library(), 100)
    assert Counter(question.words for question in questions) == {1: 100, 2: 100, 3: 100}
    for question in questions:
        words = question.text.split()
        assert len(set(words)) == question.words
        assert set(words) <= {"five", "ten", "twenty"}
    assert [question.number for question in questions] == [*range(100)] * 3


def test_the_questions_are_those_that_a_seed_of_11_draws_from_titles_in_their_order() -> None:
    chance = random.Random(11)  # noqa: S311 - what is drawn has to be foreseen
    usable = [["five", "ten", "twenty"], ["ten", "five"], ["five"], *[list[str]()] * 97]
    expected: list[str] = []
    for length in (1, 2, 3):
        drawn: list[str] = []
        while len(drawn) < 100:
            title = chance.choice(usable)
            if len(title) >= length:
                drawn.append(" ".join(chance.sample(title, length)))
        expected += drawn
    assert [question.text for question in draw(library(), 100)] == expected


def test_a_shorter_run_asks_the_first_of_the_same_questions() -> None:
    every = draw(library(), 100)
    assert draw(library(), 7) == [question for question in every if question.number < 7]
    assert len(draw(library(), 130)) == 390


def test_titles_that_give_no_questions_are_said_and_not_waited_for() -> None:
    documents = [document(number, "two words", "two words") for number in range(10)]
    others = [document(number, "", "filler") for number in range(10, 100)]
    with pytest.raises(BenchError, match="No title has 3 words"):
        draw([*documents, *others], 5)
    with pytest.raises(BenchError, match="No title has a word of three or more letters a-z that at least 5"):
        draw([document(number, "été", "où") for number in range(50)], 5)


# Libraries that are made up


def test_the_same_number_makes_the_same_documents_and_a_smaller_one_their_beginning() -> None:
    documents = list(synthetic.documents(2_500))
    assert list(synthetic.documents(2_500)) == documents
    assert list(synthetic.documents(1_200)) == documents[:1_200]
    assert len({one.id for one in documents}) == len({one.text for one in documents}) == 2_500


def test_documents_are_made_when_they_are_wanted() -> None:
    assert len(list(islice(synthetic.documents(10**12), 3))) == 3


def test_words_are_as_common_as_zipf_says() -> None:
    counts = Counter(word for one in synthetic.documents(5_000) for word in one.text.split())
    total = counts.total()
    assert 95 < total / 5_000 < 105
    frequencies = [count for _, count in counts.most_common()]
    harmonic = sum(1 / rank for rank in range(1, 200_001))
    for rank in (1, 2, 5, 10, 50, 200):
        assert frequencies[rank - 1] == pytest.approx(total / harmonic / rank, rel=0.1)
    assert len(counts) > 20_000


def test_tags_and_categories_are_few_and_some_are_much_more_common_than_others() -> None:
    documents = list(synthetic.documents(3_000))
    assert {len(one.tags) for one in documents} == {1, 2, 3, 4, 5}
    assert all(len(set(one.tags)) == len(one.tags) for one in documents)
    tags = Counter(tag for one in documents for tag in one.tags).most_common()
    categories = Counter(one.category for one in documents).most_common()
    assert len(tags) > 1_000
    assert len(categories) == 40
    assert tags[0][1] > 10 * tags[50][1] > 0
    assert categories[0][1] > 10 * categories[-1][1]


def test_made_up_names_differ_from_each_other_and_keep_their_end_when_stemmed() -> None:
    chance = np.random.default_rng(1)
    words = set(synthetic.Vocabulary(300, "k").draw(chance, 50_000))
    tags = set(synthetic.Vocabulary(300, "m").draw(chance, 50_000))
    assert len(words) == len(tags) == 300
    assert not words & tags
    for name in words | tags:
        assert analysis.terms(name, "en") == [name]
        assert len(name) >= 3
