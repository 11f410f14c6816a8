"""Languages and their names: what a code is shown as, and the words by which it is looked for."""

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

OTHER_NAMES = {
    "ar": "arabe árabe العربية",
    "bn": "bengali bengalí البنغالية",
    "ca": "catalan catalán الكتالانية",
    "da": "danois danés الدانمركية",
    "de": "allemand alemán الألمانية",
    "el": "grec griego اليونانية",
    "en": "anglais inglés الإنجليزية",
    "es": "espagnol español الإسبانية",
    "eu": "basque euskera الباسكية",
    "fa": "persan persa الفارسية",
    "fi": "finnois finés الفنلندية",
    "fr": "français francés الفرنسية",
    "ga": "irlandais irlandés الأيرلندية",
    "hi": "hindi الهندية",
    "hu": "hongrois húngaro الهنغارية",
    "hy": "arménien armenio الأرمنية",
    "id": "indonésien indonesio الإندونيسية",
    "it": "italien italiano الإيطالية",
    "ja": "japonais japonés اليابانية",
    "km": "khmer jemer الخميرية",
    "ko": "coréen coreano الكورية",
    "lt": "lituanien lituano الليتوانية",
    "my": "birman birmano البورمية",
    "ne": "népalais nepalí النيبالية",
    "nl": "néerlandais neerlandés الهولندية",
    "no": "norvégien noruego النرويجية",
    "pl": "polonais polaco البولندية",
    "pt": "portugais portugués البرتغالية",
    "ro": "roumain rumano الرومانية",
    "ru": "russe ruso الروسية",
    "sr": "serbe serbio الصربية",
    "sv": "suédois sueco السويدية",
    "sw": "swahili suajili السواحلية",
    "ta": "tamoul tamil التاميلية",
    "th": "thaï tailandés التايلاندية",
    "tl": "tagalog tagalo التاغالوغية",
    "tr": "turc turco التركية",
    "uk": "ukrainien ucraniano الأوكرانية",
    "ur": "ourdou urdu الأوردية",
    "vi": "vietnamien vietnamita الفيتنامية",
    "yi": "yiddish yidis اليديشية",
    "zh": "chinois chino الصينية",
}
"""The names of the same languages in French, Spanish and Arabic (CLDR), in which the interface shows them as well."""

FACET = "language"
"""The facet whose values are codes."""

_CODES = (
    {name: code for code, names in OTHER_NAMES.items() for name in names.split()}
    | {name.lower(): code for code, name in LANGUAGES.items()}
    | {code: code for code in LANGUAGES}
)


def language_name(code: str) -> str:
    """Return a language's English name; the code itself when it is not in the table."""
    return LANGUAGES.get(code.lower(), code)


def chosen_language(text: str) -> str:
    """Return the code of the language that a reader means by its name or code; the text itself for no language."""
    return _CODES.get(text.lower(), text)
