"""How to search, by examples: the one table behind the help page and the README."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from webapp.addresses import search_url
from webapp.arguments import Question
from webapp.interface import N_, _


@dataclass(frozen=True, slots=True)
class Example:
    """What can be typed, in one or several ways, and what it finds, as half a sentence without a full stop.

    `facet` is the facet that it needs; without it the example is not shown.
    """

    typed: tuple[str, ...]
    finds: str
    facet: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Examples of one kind, if there are any to be typed, under a heading and some sentences that hold for them all."""

    name: str
    heading: str
    text: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An example to be tried: what is typed, and the address of its search."""

    typed: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """An example as the page shows it."""

    links: tuple[Link, ...]
    finds: str


@dataclass(frozen=True, slots=True)
class HelpSection:
    """A section as the page shows it."""

    name: str
    heading: str
    text: str
    rows: tuple[Row, ...]


SECTIONS = (
    Section(
        "words",
        N_("Words"),
        N_(
            "Case, accents and word endings make no difference, in each page's own language. Files are searched as "
            "well as pages. Where too few resources have all words, those that lack some follow."
        ),
        (
            Example(("recruitment fees",), N_("resources with both words, in any of their forms, anywhere")),
            Example(('"forced labour"',), N_("the words side by side")),
            Example(("fees -covid", "fees NOT covid"), N_("resources with one word and without the other")),
            Example(("-covid",), N_("all resources without a word")),
            Example(("fees OR charges",), N_("either word, or both; OR, AND and NOT are written in capitals")),
            Example(("(fees OR charges) malawi",), N_("what the brackets say together with the rest")),
            Example(("fees OR charges malawi",), N_("the one word, or both others: AND binds closer than OR")),
        ),
    ),
    Section(
        "places",
        N_("In one place"),
        N_("A name with a colon directly before a word, a phrase or a bracket says where to look."),
        (
            Example(
                ("title:recruitment", 'title:"human trafficking"'),
                N_("words in the title; also summary:, body:, keywords: and attachments:"),
            ),
            Example(("title:(recruitment fees)",), N_("all that is in the bracket in the title")),
            Example(("type:guidance",), N_("a value that holds the word"), "type"),
            Example(("type:(guidance OR toolkit)", "type:guidance,toolkit"), N_("one of several values"), "type"),
            Example(('tag:"forced labour"', "-tag:global"), N_("resources with a tag, or without one"), "tag"),
            Example(("publisher:harbour",), N_("what a publisher brought out"), "publisher"),
            Example(("language:french", "language:fr"), N_("what is in a language, page or files"), "language"),
            Example(("format:pdf", "format:word"), N_("resources with a file of this kind"), "format"),
            Example(
                ("year:2019..2021", "year:2019..", "year:..2021"),
                N_("numbers between two, from one, or up to one"),
                "year",
            ),
        ),
    ),
    Section(
        "spellings",
        N_("Nearly so"),
        N_("The sign belongs directly behind its word or phrase."),
        (
            Example(("traffick*",), N_("words that begin so")),
            Example(
                ("recruitmant~", "recruitmant~1"),
                N_("words spelled nearly so: by one letter, from six letters on by two; ~1 and ~2 say how many"),
            ),
            Example(('"workers fees"~5',), N_("words with at most five others between them, in any order")),
        ),
    ),
    Section(
        "written",
        N_("As it is written"),
        N_(
            "Nothing that can be typed is an error. What makes no sense as an operator is looked up as words, and what "
            "can be written in several ways is looked up in all of them."
        ),
        (
            Example(("women/children",), N_("either word")),
            Example(("worker(s)",), N_("the word with and without its ending")),
            Example(("#ForcedLabour",), N_("the words of a hashtag")),
            Example(("recruitment 2019-2021",), N_("resources of these years, or texts that name them so"), "year"),
            Example(("978-0-306-40615-7",), N_("a book's number with any hyphens or none, of 13 digits or 10")),
            Example(("https://www.ilo.org/",), N_("a web address, with or without what stands before and behind it")),
            Example(("U.S.A.", "USA"), N_("an abbreviation with dots and without")),
        ),
    ),
    Section(
        "meant",
        N_("As it is meant"),
        N_(
            "If words are taken for others, the page says so and leads to what was typed. Where a rare word looks like "
            "a frequent one, that is proposed."
        ),
        (
            Example(
                ("recruitmant fees",), N_("the word that was likely meant, for one that is nowhere in the library")
            ),
            Example(("helpline",), N_("what a thing is also called, as far as the library has written it down")),
            Example(("hot line", "hot-line"), N_("words written apart or together, as texts have them")),
        ),
    ),
    Section(
        "order",
        N_("Dates and order"),
        N_(
            "Beside the results, Since and Until narrow a search to days: a year or a month means all of it, and what "
            "has no date is left out. Above the results stands their order: by relevance, the newest or the oldest "
            "first with what has no date at the end, or by title."
        ),
        (),
    ),
)


def help_sections(facets: Collection[str]) -> tuple[HelpSection, ...]:
    """Return what the page shows in a library in which these facets can be asked for."""
    return tuple(
        HelpSection(section.name, _(section.heading), _(section.text), _rows(section.examples, facets))
        for section in SECTIONS
    )


def _rows(examples: tuple[Example, ...], facets: Collection[str]) -> tuple[Row, ...]:
    return tuple(
        Row(tuple(Link(typed, search_url(Question(typed))) for typed in example.typed), _(example.finds))
        for example in examples
        if not example.facet or example.facet in facets
    )
