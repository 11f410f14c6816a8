from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import curated, synonyms
from indexer.index.analysis import words
from indexer.index.curated import CuratedFileError, Name
from indexer.index.synonyms import Found, Synonyms, parse_synonyms, read_synonyms

FILE = Path("synonyms.toml")
GOOD = """
two_way = [
    ["UNGPs", "UN Guiding Principles"],  # The principles of 2011.
]

[one_way]
"modern slavery" = ["forced labour", "human trafficking"]
bondage = "slavery"
"""


def others(table: Synonyms, name: str, languages: tuple[str, ...] = ("en",)) -> list[str]:
    """Return what else a whole name is called."""
    asked = words(name)
    found = [one for one in table.found_in(asked, languages) if (one.begin, one.end) == (0, len(asked))]
    return [" ".join(other) for one in found for other in one.others]


def problem_with(text: str) -> str:
    with pytest.raises(CuratedFileError) as caught:
        parse_synonyms(FILE, text)
    return caught.value.sentence


def test_two_way_names_lead_to_each_other_and_one_way_names_only_from_left_to_right() -> None:
    table = parse_synonyms(FILE, GOOD)
    assert others(table, "UNGPs") == ["un guiding principles"]
    assert others(table, "UN Guiding Principles") == ["ungps"]
    assert others(table, "modern slavery") == ["forced labour", "human trafficking"]
    assert others(table, "bondage") == ["slavery"]
    assert others(table, "forced labour") == others(table, "slavery") == others(table, "guiding principles") == []


def test_case_accents_and_endings_make_no_difference() -> None:
    table = parse_synonyms(FILE, 'two_way = [["Tâche forcée", "forced tasks"], ["UNGPs", "Ruggie"]]')
    assert others(table, "UNGP") == others(table, "ungps") == ["ruggie"]
    assert others(table, "taches forcees", ("en", "fr")) == ["forced tasks"]
    assert others(table, "Forced Task") == ["tache forcee"]


def test_a_name_in_several_lists_has_the_others_of_all_of_them_and_no_list_leads_on_to_another() -> None:
    table = parse_synonyms(FILE, 'two_way = [["a1", "b1"], ["b1", "c1"]]\n[one_way]\nb1 = "d1"\nc1 = "e1"')
    assert others(table, "b1") == ["a1", "c1", "d1"]
    assert others(table, "a1") == ["b1"]
    assert others(table, "c1") == ["b1", "e1"]


def test_a_name_does_not_lead_to_itself_with_another_ending() -> None:
    table = parse_synonyms(FILE, 'two_way = [["fee", "fees", "Fees’", "charge"]]')
    assert others(table, "fees") == ["charge"]


def test_names_are_found_among_other_words_the_longest_first() -> None:
    table = parse_synonyms(FILE, 'two_way = [["x", "due diligence"], ["y", "human rights due diligence"]]')
    found = table.found_in(words("our human rights due diligence"), ("en",))
    assert found == [Found(1, 5, (("y",),)), Found(3, 5, (("x",),))]


def test_without_one_way_names_only_two_way_names_are_left() -> None:
    table = parse_synonyms(FILE, GOOD).without_one_way()
    assert others(table, "UNGPs") == ["un guiding principles"]
    assert others(table, "modern slavery") == []


def test_a_file_that_is_not_there_holds_no_synonyms(tmp_path: Path) -> None:
    assert not read_synonyms(tmp_path / "synonyms.toml")


def test_a_file_with_a_byte_order_mark_and_the_line_ends_of_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert others(read_synonyms(path), "bondage") == ["slavery"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('two_way = [\n["a", "b"]\n["c", "d"]]', "Line 3: It is not valid TOML: Unclosed array."),
        ('two_way = [["a", "b"]', "Line 1: It is not valid TOML: Unclosed array."),
        (
            "[one_way]\nmodern slavery = 'x'",
            "Line 2: It is not valid TOML: Expected '=' after a key in a key/value pair.",
        ),
        (
            "two_way = [[“a”, “b”]]",
            "Line 1: It is not valid TOML: Invalid value. Use straight quotes, not curly ones.",
        ),
        ("a = " + "[" * 5_000, "Its lists are nested too deeply."),
        (
            'two_ways = [["a", "b"]]',
            "Line 1: “two_ways” means nothing here; did you mean “two_way”?",
        ),
        ('\ntwo_way = "a"', 'Line 2: It has to be a list of lists: two_way = [["NGO", "charity"]].'),
        (
            'two_way = [\n  "a", "b",\n]',
            'Line 2: \'a\' stands here; it has to be a list of names: ["NGO", "charity"].',
        ),
        ('two_way = [\n["a", "b"],\n["c"]]', "Line 3: A list needs two names or more that mean the same."),
        ('two_way = [["a",\n7]]', "Line 2: 7 stands here; it has to be a text in quotes."),
        ('two_way = [["a",\n" – "]]', "Line 2: “ – ” holds no word."),
        ('[one_way]\n"" = "a"', "Line 2: “” holds no word."),
        ('one_way = ["a"]', 'Line 1: It has to be a table: [one_way], and below it "slavery" = ["forced labour"].'),
        ('[one_way]\na = "b"\nb = []', "Line 3: “b” leads to no other name; list some, or remove it."),
        ("[one_way]\na = 7", "Line 2: 7 stands here; it has to be a list of texts in quotes."),
        (
            '[one_way]\na = "b"\n\ntwo_way = [["c", "d"]]',
            "Line 4: “two_way” stands below [one_way] and so would be one of its names; move it above.",
        ),
        (
            f'two_way = [["a", "{"b " * 13}"]]',
            f"Line 1: “{'b ' * 13}…” has 13 words; at most 12 are looked for.",
        ),
        (f"two_way = [{['a'] * 31}]", "Line 1: Here are 31 texts; at most 30 may be listed."),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_way_out(text: str, sentence: str) -> None:
    assert problem_with(text) == sentence


def test_more_lists_than_are_looked_at_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synonyms, "MAX_LISTED", 2)
    expected = "Line 1: It lists 3 things with other names; at most 2 are looked for."
    assert problem_with('two_way = [["a", "b"], ["c", "d"]]\n[one_way]\ne = "f"') == expected


def test_a_file_that_is_no_text_of_bounded_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curated, "MAX_BYTES", 100)
    (tmp_path / "large").write_text("#" * 101, encoding="utf-8")
    (tmp_path / "latin").write_bytes(b"# one\n# two\n# caf\xe9")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "nowhere").symlink_to("gone")
    os.mkfifo(tmp_path / "pipe")
    said = {}
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(CuratedFileError) as caught:
            read_synonyms(path)
        said[path.name] = str(caught.value).removeprefix(f"{tmp_path}/")
    assert said == {
        "folder": "folder: It is not a regular file; put the file itself there.",
        "large": "large: It is larger than 100 bytes; take out what nobody searches for.",
        "latin": "latin, line 3: Here is a character that is not UTF-8; save the file with that encoding.",
        "loop": "loop: It cannot be read: Too many levels of symbolic links.",
        "nowhere": "nowhere: The link leads to nothing; mend or remove it.",
        "pipe": "pipe: It is not a regular file; put the file itself there.",
    }


NAMES = st.lists(st.sampled_from(["a", "b", "cats", "cat"]), min_size=1, max_size=3).map(tuple)


@given(st.lists(st.lists(NAMES, min_size=2, max_size=3), max_size=3), st.dictionaries(NAMES, NAMES, max_size=2), NAMES)
def test_names_are_found_as_plain_comparison_finds_them(
    two_way: list[list[Name]], one_way: dict[Name, Name], asked: Name
) -> None:
    table = Synonyms(tuple(map(tuple, two_way)), {name: (other,) for name, other in one_way.items()})
    expected: dict[tuple[int, int], set[Name]] = {}
    for begin in range(len(asked)):
        for end in range(begin + 1, len(asked) + 1):
            name = [word.rstrip("s") for word in asked[begin:end]]
            lists = [names for names in two_way if any([word.rstrip("s") for word in one] == name for one in names)]
            lists += [[other] for left, other in one_way.items() if [word.rstrip("s") for word in left] == name]
            found = {other for names in lists for other in names if [word.rstrip("s") for word in other] != name}
            if found:
                expected[begin, end] = found
    found_in = table.found_in(asked, ("en",))
    assert {(one.begin, one.end): set(one.others) for one in found_in} == expected
    assert [one.end - one.begin for one in found_in] == sorted((e - b for b, e in expected), reverse=True)
