"""Languages and their English names: what a code is shown as, and the words by which it is looked for."""

from __future__ import annotations

LANGUAGES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "ca": "Catalan",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "hi": "Hindi",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "km": "Khmer",
    "ko": "Korean",
    "lt": "Lithuanian",
    "my": "Burmese",
    "ne": "Nepali",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yi": "Yiddish",
    "zh": "Chinese",
}
"""ISO 639-1 codes with the English names of their languages."""

FACET = "language"
"""The facet whose values are codes."""

_CODES = {name.lower(): code for code, name in LANGUAGES.items()} | {code: code for code in LANGUAGES}


def language_name(code: str) -> str:
    """Return a language's English name; the code itself when it is not in the table."""
    return LANGUAGES.get(code.lower(), code)


def value_label(facet: str, value: str) -> str:
    """Return how a facet's value is shown: a language by its name, everything else as it is written."""
    return language_name(value) if facet == FACET else value


def searched_text(facet: str, value: str) -> str:
    """Return the text whose words find a facet's value: a language's name and its code, else the value."""
    label = value_label(facet, value)
    return value if label == value else f"{label} {value}"


def chosen_value(facet: str, text: str) -> str:
    """Return the value of a facet that a reader means: "French" and "FR" are the language fr, all else is itself."""
    return _CODES.get(text.lower(), text) if facet == FACET else text
