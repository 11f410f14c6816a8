"""Languages as people name them ("French", "français", "fr-CA") to the codes that the index uses ("fr")."""

from __future__ import annotations

import re

from indexer.index.languages import LANGUAGES

_OTHER_NAMES = {
    "ar": ("العربية",),
    "bn": ("bangla", "বাংলা"),
    "ca": ("català",),
    "da": ("dansk",),
    "de": ("deutsch",),
    "el": ("ελληνικά",),
    "es": ("español", "espanol", "castellano"),
    "eu": ("euskara",),
    "fa": ("farsi", "فارسی"),
    "fi": ("suomi",),
    "fr": ("français", "francais"),
    "ga": ("gaeilge",),
    "hi": ("हिन्दी",),
    "hu": ("magyar",),
    "hy": ("հայերեն",),
    "id": ("bahasa indonesia",),
    "it": ("italiano",),
    "ja": ("日本語",),
    "km": ("ខ្មែរ",),
    "ko": ("한국어",),
    "lt": ("lietuvių",),
    "my": ("မြန်မာ",),
    "ne": ("नेपाली",),
    "nl": ("nederlands",),
    "no": ("norsk",),
    "pl": ("polski",),
    "pt": ("português", "portugues"),
    "ro": ("română",),
    "ru": ("русский",),
    "sr": ("српски", "srpski"),
    "sv": ("svenska",),
    "sw": ("kiswahili",),
    "ta": ("தமிழ்",),
    "th": ("ไทย",),
    "tl": ("filipino",),
    "tr": ("türkçe",),
    "uk": ("українська",),
    "ur": ("اردو",),
    "vi": ("tiếng việt",),
    "yi": ("ייִדיש",),
    "zh": ("mandarin", "中文"),
}
"""What languages are called beside their English names, in small letters."""

_CODES = {name.lower(): code for code, name in LANGUAGES.items()}
_CODES |= {name: code for code, names in _OTHER_NAMES.items() for name in names}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)


def language_code(text: str) -> str:
    """Return the ISO 639 code that the text means, without its region; empty when it means none."""
    text = " ".join(text.lower().split())
    code = _CODE.fullmatch(text)
    return _CODES.get(text) or (code[1] if code else "")
