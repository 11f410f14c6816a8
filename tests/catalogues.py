"""Bring the catalogues of the interface up to date with its texts: `python -m tests.catalogues`.

What was reworded is left untranslated and not guessed, so that no text says what it once meant; what is gone is taken
out.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from webapp.interface import DOMAIN, FOLDER, LANGUAGES, SOURCE

ROOT = Path(__file__).parent.parent
WHERE = [("indexer/index/**.py", "python"), ("webapp/**.py", "python"), ("webapp/templates/**.html", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "NP_": ((1, "c"), 2), "Remark": None, "html": None, "html_of_number": (1, 2)}
HEADER = "# The interface of Handlist in another language. Texts with tags are HTML; %(name)s is filled in."


def extracted() -> Catalog:
    """Return all texts of the interface, each with the files in which it stands."""
    catalogue = Catalog(project="Handlist", charset="utf-8", header_comment=HEADER)
    for file, _, message, comments, context in extract_from_dir(ROOT, WHERE, keywords=KEYWORDS):
        catalogue.add(message, None, [(file, 1)], auto_comments=comments, context=context)
    return catalogue


def path_of(language: str) -> Path:
    """Return where the catalogue of a language lies."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language; an empty one if there is none yet."""
    if not path_of(language).exists():
        return Catalog(locale=language, header_comment=HEADER)
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def update(language: str, template: Catalog) -> None:
    """Give a catalogue the texts of the template, with the translations that it has of them."""
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=True, update_creation_date=False)
    catalogue.obsolete.clear()
    # Whoever translates is in the history of the file.
    catalogue.fuzzy, catalogue.last_translator, catalogue.language_team = False, "", ""
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, sort_by_file=True, omit_header=False)


if __name__ == "__main__":
    found = extracted()
    for each in LANGUAGES:
        if each != SOURCE:
            update(each, found)
