from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index import analysis
from indexer.index.characters import CHARACTER, CHARACTERS, is_character
from indexer.index.stop_words import STOP_WORDS

# What a word is: letters and digits with the marks between them, and an English possessive behind them; or a character
# of a script without spaces, which are no letters here.
LETTER = rf"[^\W_{CHARACTERS}]"
WORD = re.compile(rf"{CHARACTER}|{LETTER}+(?:[{analysis._MARKS}]+{LETTER}*)*(?:['’][sS](?![^\W{CHARACTERS}]))?")

ANY_SCRIPT = "asSbZ'’’_ .-7²éıİßŉſø\u0301\u200d“”‘–…®\xa0\xad\x00\x1c\x85\nقل\u064bक\u093f中本がｶﾞ각\u11a8\ud800\udc00😀"
anything = st.text(alphabet=ANY_SCRIPT, max_size=30) | st.text(alphabet="as'_ -S日語\n", max_size=30) | st.text()


def tokens_of(text: str) -> list[str]:
    """Return the words of a text as it is written; to a character belongs the one that follows it, if any does."""
    found = list(WORD.finditer(text))
    tokens = [match[0] for match in found]
    for number, (one, next_one) in enumerate(pairwise(found)):
        if is_character(one[0]) and is_character(next_one[0]) and text[one.end() : next_one.start()] in ("", "\n"):
            tokens[number] += next_one[0]
    return tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Due-Diligence, 2021!", ["due", "diligence", "2021"]),
        ("the worker's rights and workers’ councils", ["the", "worker", "rights", "and", "workers", "councils"]),
        ("l’œuvre d'Émilie", ["l", "oeuvre", "d", "emilie"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("snake_case", ["snake", "case"]),
        ("WORKER'S RIGHTS", ["worker", "rights"]),
        ("हिन्दी में", ["हिनदी", "में"]),
        ("שָׁלוֹם", ["שלום"]),
        ("می\u200cخواهم", ["ميخواهم"]),
        ("مُدَرِّسَة كـــتاب", ["مدرسة", "كتاب"]),
        ("أحمد إسلام آسيا مستشفى", ["احمد", "اسلام", "اسيا", "مستشفي"]),
        ("٢٠٢١ ۲۰۲۱", ["2021", "2021"]),
        ("Новый ёлка", ["новый", "елка"]),
        ("がガｶﾞ", ["がガ", "ガガ", "ガ"]),
        ("日本語、水", ["日本", "本語", "語", "水"]),
        ("Covid-19疫情", ["covid", "19", "疫情", "情"]),
        ("ＰＤＦ文件", ["pdf", "文件", "件"]),
        ("한국 경제", ["한국", "국", "경제", "제"]),
        ("\u1112\u1161\u11ab국", ["한국", "국"]),
        ("葛\U000e0100城", ["葛城", "城"]),
        ("worker's権利", ["worker", "権利", "利"]),
        ("Łódź, Ålesund, São Paulo", ["lodz", "alesund", "sao", "paulo"]),
        ("", []),
        ("…—!", []),
    ],
)
def test_words_are_folded_to_what_people_type(text: str, expected: list[str]) -> None:
    assert analysis.words(text) == expected


def test_english_words_of_one_stem_are_one_term() -> None:
    assert len(set(analysis.terms("recruit recruits recruiting recruited recruitment", "en"))) == 1


def test_planning_and_plan_are_one_term_unlike_with_the_stemmer_of_whoosh() -> None:
    assert analysis.terms("planning running", "en") == analysis.terms("plan run", "en")


def test_accents_make_no_difference_to_stems() -> None:
    assert analysis.terms("Protégées élèves", "fr") == analysis.terms("protegees eleves", "fr")


def test_a_language_without_a_stemmer_keeps_whole_words() -> None:
    assert analysis.terms("Workers' planning", "xx") == ["workers", "planning"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "recruiting workers", "recruited worker"),
        ("fr", "travailleuses protégées", "travailleuse protegee"),
        ("es", "trabajadores contratados", "trabajador contratado"),
        ("pt", "trabalhadores contratações possíveis", "trabalhador contratacao possivel"),
        ("fr", "employées recrutées", "employé recrutee"),
        ("de", "Löhne für Müller", "Lohn fuer Mueller"),
        ("it", "lavoratori reclutati", "lavoratore reclutato"),
        ("nl", "werknemers lonen", "werknemer loon"),
        ("ru", "новый работники", "новая работник"),
        ("ar", "المُدَرِّسَة والعمل حقوق", "مدرسه عمل الحقوق"),
    ],
)
def test_words_of_one_stem_are_one_term_in_each_language(language: str, one: str, other: str) -> None:
    assert analysis.terms(one, language) == analysis.terms(other, language)


def test_what_turns_the_meaning_around_has_to_be_found_and_so_has_what_is_a_word_in_english() -> None:
    everything = analysis.stop_words(tuple(STOP_WORDS))
    assert everything.isdisjoint("not no without never sin ni pas sans nicht ohne non senza sem niet не без لا".split())  # noqa: SIM905  # a line to be read
    assert everything.isdisjoint("war die son come man men door sea era ai eu".split())  # noqa: SIM905  # a line to be read
    assert everything.issuperset("how what why comment wie كيف как".split())  # noqa: SIM905  # a line to be read


def test_a_query_word_stands_for_its_stem_in_every_language_of_the_library() -> None:
    assert set(analysis.variants("trabajadores", ["en", "es"])) >= set(analysis.terms("trabajadores", "es"))
    assert analysis.variants("rights", ["en"]) == analysis.variants("rights", ["en", "en"]) == ("right",)


def test_the_end_of_a_printed_line_parts_no_characters_but_a_paragraph_does() -> None:
    assert analysis.words("日\n本") == ["日本", "本"]
    assert analysis.words("日\n\n本") == ["日", "本"]
    assert analysis.words("a\nb") == ["a", "b"]


def test_stop_words_are_those_of_the_given_languages_only() -> None:
    assert "the" in analysis.stop_words(("en",))
    assert "los" not in analysis.stop_words(("en", "fr"))


def test_stop_words_are_written_as_they_are_looked_up() -> None:
    for language in STOP_WORDS:
        for word in analysis.stop_words((language,)):
            assert analysis.words(word) == [word]


@given(st.text())
def test_spans_terms_and_words_agree_in_number_and_order(text: str) -> None:
    spans = analysis.spans(text)
    assert len(spans) == len(analysis.words(text)) == len(analysis.terms(text, "en"))
    assert [text[start:end] for start, end in spans] == WORD.findall(text)
    assert [analysis.fold(token) for token in tokens_of(text)] == analysis.words(text)


@settings(max_examples=500)
@given(anything)
def test_the_quick_way_to_words_finds_those_of_the_definition(text: str) -> None:
    written = tokens_of(text)
    assert [text[begin:end] for begin, end in analysis.spans(text)] == WORD.findall(text)
    assert analysis.words(text) == [analysis.fold(word) for word in written]
    assert len(analysis.tokens(text)) == len(written)
    for language in ("en", "fr", "xx"):
        assert analysis.terms(text, language) == analysis.terms_of(written, language)


@given(st.lists(st.sampled_from(["Zwölf", "workers’", "worker's", "it's_", "a's's", "x's\u0301", "— ", " ", "l'Été"])))
def test_tokens_are_words_without_possessives_whatever_else_the_text_holds(parts: list[str]) -> None:
    text = "".join(parts)
    plain = [re.sub("['’][sS]$", "", word) for word in WORD.findall(text)]
    assert [token.lower() for token in analysis.tokens(text)] == [word.lower() for word in plain]


def test_the_last_word_of_a_part_is_told_by_what_follows_it_in_the_whole_text() -> None:
    assert analysis.spans("a's_b", 0, 3) == [(0, 1), (2, 3)]
    assert analysis.spans("a's b", 0, 3) == [(0, 3)]


@given(anything, st.data())
def test_the_words_of_a_part_are_those_of_the_whole_text(text: str, data: st.DataObject) -> None:
    spans = analysis.spans(text)
    between = [place for place in range(len(text) + 1) if not any(begin < place < end for begin, end in spans)]
    first, last = sorted(data.draw(st.tuples(st.sampled_from(between), st.sampled_from(between))))
    inside = [(begin, end) for begin, end in spans if first <= begin and end <= last]
    assert analysis.spans(text, first, last) == inside
    assert analysis.spans(text, first) == [(begin, end) for begin, end in spans if first <= begin]


@given(st.text(alphabet=st.characters(codec="latin-1", categories=["Lu", "Ll", "Nd", "Zs", "Po"])))
def test_what_was_folded_is_not_changed_by_folding_again(text: str) -> None:
    folded = analysis.words(text)
    assert analysis.words(" ".join(folded)) == folded


def test_threads_do_not_share_stemmers() -> None:
    texts = [f"running planners {number} recruitments" for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda text: analysis.terms(text, "en"), texts))
    assert together == [analysis.terms(text, "en") for text in texts]


def test_the_version_names_the_analysis_and_the_stemmers() -> None:
    assert analysis.version().startswith(f"handlist-{analysis.ANALYSIS_VERSION}+snowball-")


def test_a_letter_that_folds_to_nothing_is_no_word() -> None:
    assert analysis.words("العمل ـ القسري") == analysis.words("العمل القسري")
    assert analysis.words("ـ") == []
