"""Languages as people name them ("French", "français", "fr-CA") to the codes that the index uses ("fr")."""

from __future__ import annotations

import re

_NAMES = {
    "ar": ("arabic", "العربية"),
    "bn": ("bengali", "bangla", "বাংলা"),
    "de": ("german", "deutsch"),
    "el": ("greek", "ελληνικά"),
    "en": ("english",),
    "es": ("spanish", "español", "espanol", "castellano"),
    "fa": ("persian", "farsi", "فارسی"),
    "fr": ("french", "français", "francais"),
    "hi": ("hindi", "हिन्दी"),
    "id": ("indonesian", "bahasa indonesia"),
    "it": ("italian", "italiano"),
    "ja": ("japanese", "日本語"),
    "km": ("khmer", "ខ្មែរ"),
    "ko": ("korean", "한국어"),
    "my": ("burmese", "မြန်မာ"),
    "ne": ("nepali", "नेपाली"),
    "nl": ("dutch", "nederlands"),
    "pl": ("polish", "polski"),
    "pt": ("portuguese", "português", "portugues"),
    "ro": ("romanian", "română"),
    "ru": ("russian", "русский"),
    "sv": ("swedish", "svenska"),
    "sw": ("swahili", "kiswahili"),
    "th": ("thai", "ไทย"),
    "tl": ("tagalog", "filipino"),
    "tr": ("turkish", "türkçe"),
    "uk": ("ukrainian", "українська"),
    "ur": ("urdu", "اردو"),
    "vi": ("vietnamese", "tiếng việt"),
    "zh": ("chinese", "mandarin", "中文"),
}
_CODES = {name: code for code, names in _NAMES.items() for name in names}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)


def language_code(text: str) -> str:
    """Return the ISO 639 code that the text means, without its region; empty when it means none."""
    text = " ".join(text.lower().split())
    code = _CODE.fullmatch(text)
    return _CODES.get(text) or (code[1] if code else "")
