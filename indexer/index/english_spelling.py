"""One spelling for British and American English, so that "labour" and "labor" are one term.

A word becomes American before it is stemmed, when it is indexed and when it is looked up: those spellings follow from
the British ones, and not the other way round ("center", but "enter"). What the stemmer makes one anyway ("travelled"
and "traveled") is not here, and neither are words that are spelled apart because they mean different things: cheque
and check, tyre and tire, kerb and curb, storey and story, tonne and ton, draught and draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

_STEMS = """
    ardour ardor  armour armor  behaviour behavior  candour candor  clamour clamor  colour color  demeanour demeanor
    endeavour endeavor  favour favor  fervour fervor  flavour flavor  glamour glamor  harbour harbor  honour honor
    humour humor  labour labor  misdemeanour misdemeanor  neighbour neighbor  odour odor  parlour parlor
    rancour rancor  rigour rigor  rumour rumor  saviour savior  savour savor  splendour splendor  succour succor
    tumour tumor  valour valor  vapour vapor  vigour vigor

    calibre caliber  centre center  fibre fiber  goitre goiter  litre liter  lustre luster  manoeuvre maneuver
    meagre meager  metre meter  mitre miter  sabre saber  sceptre scepter  sombre somber  spectre specter
    theatre theater  centring centering  manoeuvring maneuvering  manoeuvrab maneuverab
    manoeuvrer maneuverer

    aetiolog etiolog  amoeb ameb  anaemi anemi  anaesth anesth  apnoea apnea  archaeo archeo  caesarean cesarean
    caesium cesium  coeliac celiac  diarrhoea diarrhea  encyclopaed encycloped  faecal fecal  faeces feces
    foetal fetal  foetus fetus  glycaemi glycemi  gynaeco gyneco  haemat hemat  haemo hemo  homoeo homeo
    ischaemi ischemi  leukaemi leukemi  mediaeval medieval  oedema edema  oesophag esophag  oestr estr
    orthopaed orthoped  paediatr pediatr  paedophil pedophil  palaeo paleo  septicaemi septicemi

    defence defense  offence offense  pretence pretense  licence license  licencing licensing  practis practic

    ageing aging  alogu alog  aluminium aluminum  artefact artifact  cosy cozy  counsellor counselor  dialled dialed
    dialling dialing  despatch dispatch  duell duel  enquir inquir  fuell fuel  grey gray  gruelling grueling
    jewellery jewelry  judgement judgment  mould mold  moult molt  moustache mustache  plough plow  pyjama pajama
    sceptic skeptic  skilful skillful  sulph sulf  tranquill tranquil  wilful willful  woollen woolen  yoghurt yogurt
"""
"""British parts of words, wherever they stand in one, each with the American part in its place."""

_WORDS = """
    aeroplane airplane  amongst among  biassed biased  focussed focused  focussing focusing  furore furor  gaol jail
    gramme gram  kilogramme kilogram  milligramme milligram  programme program  speciality specialty
    specialities specialties  subprogramme subprogram  towards toward  whilst while
"""
"""British words that only change as a whole or in the plural, each with the American word."""

_NOT_IZE = """
    adv advert appr chast circumc compr comprom conc desp dev enfranch enterpr exc exerc expert franch improv inc
    merchand moonr parad prec prem prom repr rev sunr superv surm surpr telev treat upr
"""
"""What stands before "ise" in words that are spelled so everywhere, as in "advise"."""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_AMERICAN = _pairs(_STEMS)
# "centred" is "centered", though "centrepiece" is "centerpiece".
_AMERICAN |= {f"{part}d": f"{other}ed" for part, other in _AMERICAN.items() if part.endswith("re")}
_AMERICAN_WORDS = _pairs(_WORDS)
_AMERICAN_WORDS |= {f"{word}s": f"{other}s" for word, other in _AMERICAN_WORDS.items()}

_FEWEST = 4
"""How many letters of a British part tell it inside a word."""


def _any_of(parts: Iterable[str]) -> re.Pattern[str]:
    """Return an expression for the longest of these parts, each tried only where its first letter stands."""
    ordered = sorted(parts, reverse=True)
    begun = ((letter, "|".join(part[1:] for part in group)) for letter, group in groupby(ordered, key=itemgetter(0)))
    return re.compile("|".join(f"{letter}(?:{rest})" for letter, rest in begun))


_PART = _any_of(_AMERICAN)
# A vowel or a w before it: "raise", "noise", "guise", "likewise". The letters come first: they are found the fastest.
_IZE = rf"is(?<=[a-z]{{2}}[^aeouw]is){''.join(f'(?<!{before}is)' for before in _NOT_IZE.split())}"
_YZE = r"ys(?<=lys)"
_GOES_ON = r"(?=(?:[eia][a-z]*)?\Z)"
_IZED = re.compile(rf"{_IZE}(?=(?:e|es|ed|er|ers|ing|ings|ingly|able|ance|ement|ation|ations|ational)\Z)")
_IZED_BEGUN = re.compile(_IZE + _GOES_ON)
_YZED = re.compile(rf"{_YZE}(?=(?:e|es|ed|er|ers|ing)\Z)")
_YZED_BEGUN = re.compile(_YZE + _GOES_ON)


def american(word: str) -> str:
    """Return an English word, folded, as Americans spell it: "organisation" -> "organization"."""
    if word in _AMERICAN_WORDS:
        return _AMERICAN_WORDS[word]
    word = _PART.sub(_other, word)
    return _YZED.sub("yz", _IZED.sub("iz", word)) if "is" in word or "lys" in word else word


def _other(part: re.Match[str]) -> str:
    return _AMERICAN[part[0]]


def american_beginnings(text: str) -> tuple[str, ...]:
    """Return how else American words may begin where British ones begin with a text: "centr" -> "center"."""
    spelled = _PART.sub(_other, text)
    # "anesthetis" may go on as "anesthetist", too.
    ized = _YZED_BEGUN.sub("yz", _IZED_BEGUN.sub("iz", spelled))
    begun = (text[: -len(end)] + other for end, other in _begun(text))
    return tuple(dict.fromkeys(found for found in (spelled, ized, *begun) if found != text))


def _begun(text: str) -> list[tuple[str, str]]:
    """Return what a text ends with that may become a British part, each with the American part."""
    # A few letters are the beginning of too much, unless they are all there is.
    ends = [text, *(text[begin:] for begin in range(1, len(text) - _FEWEST + 1))]
    return [(end, other) for end in ends for other in _BEGINNINGS.get(end, ())]


def _beginnings() -> dict[str, list[str]]:
    """Return the beginnings of British parts that are not those of the American ones, with these."""
    found: dict[str, list[str]] = {}
    for part, other in (_AMERICAN | _AMERICAN_WORDS).items():
        for length in range(1, len(part) + 1):
            if not other.startswith(part[:length]):
                # The stemmer turns a y at the end into an i.
                found.setdefault(part[:length], []).append(other.removesuffix("y"))
    return found


_BEGINNINGS = _beginnings()
