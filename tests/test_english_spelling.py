from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import analysis, open_index
from indexer.index.engine import SearchRequest
from indexer.index.english_spelling import american, american_beginnings
from indexer.index.query import parse
from indexer.index.schema import Document, Resource
from tests.published import publish

PAIRS = """
    labour labor  labourers laborers  colourful colorful  favourite favorite  neighbourhood neighborhood
    behavioural behavioral  harbours harbors  humour humor  unfavourable unfavorable  savoury savory
    organisation organization  organisational organizational  organise organize  organisers organizers
    recognised recognized  prioritising prioritizing  criminalisation criminalization  analyse analyze
    analysing analyzing  paralysed paralyzed  catalyse catalyze  patronisingly patronizingly
    centre center  centres centers  centred centered  centring centering  centrepiece centerpiece  theatre theater
    kilometres kilometers  litre liter  fibreglass fiberglass  manoeuvre maneuver  manoeuvred maneuvered
    programme program  programmes programs  defence defense  defenceless defenseless  offences offenses
    licence license  licences licenses  pretence pretense  practise practice  practising practicing
    travelling traveling  travellers travelers  modelling modeling  labelled labeled  cancelled canceled
    counsellor counselor  counselling counseling  fuelled fueled  signalling signaling  marvellous marvelous
    enrol enroll  enrolment enrollment  fulfil fulfill  skilful skillful  instalment installment  jewellery jewelry
    paediatric pediatric  paediatricians pediatricians  anaemia anemia  anaesthetist anesthetist
    haemorrhage hemorrhage  gynaecology gynecology  orthopaedic orthopedic  encyclopaedia encyclopedia
    archaeology archeology  leukaemia leukemia  oestrogen estrogen  oedema edema  foetal fetal  diarrhoea diarrhea
    ageing aging  aluminium aluminum  artefacts artifacts  catalogue catalog  cataloguing cataloging  dialogue dialog
    enquiries inquiries  judgement judgment  mould mold  plough plow  sceptical skeptical  sulphur sulfur
    grey gray  pyjamas pajamas  focussed focused  towards toward  whilst while  aeroplane airplane
"""

APART = """
    cheque check  tyre tire  kerb curb  storey story  tonne ton  draught draft  centre enter  metre metric  hour hor
    tour tor  contour contor  advise advize  promise promize  precise precize  rise rize  likewise likewize
    exercise exercize  surprise surprize  four for  litre literary  vice vise
"""


def pairs(table: str) -> list[tuple[str, str]]:
    words = table.split()
    return list(zip(words[::2], words[1::2], strict=True))


@pytest.mark.parametrize(("british", "other"), pairs(PAIRS))
def test_british_and_american_spellings_are_one_term(british: str, other: str) -> None:
    assert analysis.terms(british, "en") == analysis.terms(other, "en")


@pytest.mark.parametrize(("one", "other"), pairs(APART))
def test_words_that_only_look_like_two_spellings_are_two_terms(one: str, other: str) -> None:
    assert analysis.terms(one, "en") != analysis.terms(other, "en")


def test_words_of_other_languages_are_left_alone() -> None:
    assert analysis.terms("centre programme labour", "fr") != analysis.terms("center program labor", "fr")
    assert analysis.terms("centre", "xx") == ["centre"]


@given(st.sampled_from(pairs(PAIRS)))
def test_an_american_word_stays_as_it_is(pair: tuple[str, str]) -> None:
    assert american(american(pair[0])) == american(pair[0])
    assert american(pair[1]) == pair[1]


@given(st.sampled_from(pairs(PAIRS)), st.integers(3, 12))
def test_what_begins_a_british_word_begins_its_term_or_leads_to_it(pair: tuple[str, str], length: int) -> None:
    begun = pair[0][:length]
    (term,) = analysis.terms(pair[0], "en")
    found = (*analysis.beginnings(begun, ["en"]), *analysis.variants(begun, ["en"]))
    # A term may be shorter than what was typed, as it is of words of one spelling.
    assert any(term.startswith(one) or one.startswith(term) for one in found)


def test_beginnings_are_few_and_none_begins_with_another() -> None:
    assert american_beginnings("centr") == ("center", "centering", "centered")
    assert analysis.beginnings("centr", ["en"]) == ("center", "centr")
    assert analysis.beginnings("organis", ["en"]) == ("organis", "organiz")
    assert analysis.beginnings("europa", ["en"]) == ("europa",)
    assert analysis.beginnings("centr", ["fr"]) == ("centr",)


@pytest.mark.parametrize(
    "typed", ["labour", "labor", "labou*", "labour*", "labor*", "labuor~", "paedi*", "pedi*", "orga*"]
)
def test_either_spelling_finds_both(tmp_path: Path, typed: str) -> None:
    british = Document(Resource("uk", "A labour organisation"), "paediatric")
    american = Document(Resource("us", "A labor organization"), "pediatric")
    publish(tmp_path, [british, american, Document(Resource("none", "Nothing of it"))])
    engine = open_index(tmp_path)
    assert {hit.resource.id for hit in engine.search(SearchRequest(parse(typed))).hits} == {"uk", "us"}
    engine.close()
