from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.detection import language_of, language_of_file
from indexer.index.languages import LANGUAGES
from indexer.index.schema import Extraction, FileMetadata, Locator, Page, Status

TEXTS = {
    "en": "Workers who were recruited abroad must not pay any fees for their jobs, whatever the agent may call them.",
    "fr": "Les personnes recrutées à l’étranger ne doivent payer aucuns frais pour leur emploi, quel que soit le nom.",
    "es": "Las personas contratadas en el extranjero no deben pagar ninguna comisión por su empleo en otro país.",
    "pt": "As pessoas recrutadas no estrangeiro não devem pagar quaisquer taxas pelo seu emprego noutro país.",
    "de": "Wer im Ausland angeworben wurde, darf für seine Stelle keine Gebühren zahlen, wie auch immer sie heißen.",
    "it": "I lavoratori reclutati all’estero non devono pagare alcuna commissione per il proprio impiego, comunque.",
    "nl": "Werknemers die in het buitenland zijn geworven, mogen geen kosten betalen voor hun baan, hoe die ook heten.",
    "ru": "Работники, нанятые за границей, не должны платить за трудоустройство, как бы ни назывались эти сборы.",
    "ar": "لا يجوز أن يدفع العمال الذين يتم توظيفهم في الخارج أي رسوم مقابل عملهم مهما كان اسمها.",
    "zh": "在国外招聘的工人不得为其工作支付任何费用，无论这些费用叫什么名字，雇主都应当承担。",
    "ja": "海外で採用された労働者は、どのような名目であれ、就職のための手数料を支払う必要はありません。",
    "ko": "해외에서 채용된 노동자는 어떤 명목으로든 일자리에 대한 수수료를 지불해서는 안 된다.",
}


def file(language: str, *texts: str) -> Extraction:
    pages = tuple(Page(Locator(), text) for text in texts)
    return Extraction(Status.OK, "pdf", pages, metadata=FileMetadata(language=language))


@pytest.mark.parametrize("code", TEXTS)
@pytest.mark.parametrize("usual", [("en",), ("en", "fr"), ("de",), ()])
def test_a_few_lines_tell_the_language_whatever_the_library_is_written_in(code: str, usual: tuple[str, ...]) -> None:
    assert language_of([TEXTS[code]], usual) == code


@pytest.mark.parametrize("text", ["", "Annex", "2019 2020 2021 " * 50, "A1 B2 C3", "\ud800" * 200, "?!… " * 100])
def test_what_holds_too_few_letters_is_in_no_language(text: str) -> None:
    assert language_of([text], ("en",)) == ""


def test_a_language_that_is_not_ours_is_not_taken_for_its_neighbour() -> None:
    czech = "Pracovníci přijatí v zahraničí nesmějí platit žádné poplatky za své zaměstnání, ať se jmenují jakkoli."
    assert "cs" not in LANGUAGES
    assert language_of([czech], ("en",)) == ""


def test_the_middle_of_a_long_text_tells_more_than_its_first_page() -> None:
    title = TEXTS["en"] * 2
    assert language_of([title, *[TEXTS["fr"]] * 200], ("en",)) == "fr"


def test_a_file_is_in_the_language_of_its_text_and_not_in_that_of_the_program_that_wrote_it() -> None:
    assert language_of_file(file("en", TEXTS["fr"]), ("en",)) == "fr"
    assert language_of_file(file("fr", TEXTS["fr"]), ("en",)) == "fr"
    assert language_of_file(file("", TEXTS["fr"]), ("en",)) == "fr"


def test_a_file_of_few_words_is_in_the_language_it_states() -> None:
    assert language_of_file(file("es", "Anexo"), ("en",)) == "es"
    assert language_of_file(file("", "Anexo"), ("en",)) == ""
    assert language_of_file(file("cs", "Práce a práva lidí. " * 10), ("en",)) == "cs"


@given(st.text(max_size=300), st.sets(st.sampled_from(sorted(LANGUAGES)), max_size=3))
def test_any_text_is_in_a_language_of_ours_or_in_none(text: str, usual: set[str]) -> None:
    assert language_of([text], usual) in {"", *LANGUAGES}


def test_threads_share_what_was_loaded() -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda code: language_of([TEXTS[code]], ("en",)), [*TEXTS] * 5))
    assert found == [*TEXTS] * 5
