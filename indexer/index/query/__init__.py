"""What the user typed, as a tree: the query language of Handlist.

Words must all be found; `"a phrase"` asks for words side by side; `OR` (in capitals) for either; `-word` or `NOT word`
for resources without it; brackets group; `title:word` looks in one field and `type:guidance` for a facet's value. From
the closest to the loosest bind: field, negation, AND (which may be left out), OR.

`traffick*` finds what begins so, `trafficing~` what is spelled nearly so (`~1`, `~2`: with at most so many letters
wrong), `"forced labour"~5` words with at most five others between them, in any order, and `year:2019..2021` numbers
of a facet, also without one of its ends. A star, a tilde or a distance belongs directly behind its word or phrase; in
`due-dilig*` it is meant for the last word, and the others are looked up besides. Behind a number a tilde is nothing.

Nothing typed is an error, no word is lost, and nobody has to know any of this. Quotation marks of all languages count
(`quotes.py`); what is written in a way of its own, as ISBNs, web addresses and abbreviations are, is looked up in the
other ways to write it, too (`typed.py`); whatever makes no sense as an operator is looked up as words.
"""

from indexer.index.query.parser import parse
from indexer.index.query.tree import (
    Alternatives,
    And,
    FacetValue,
    Fuzzy,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
)
from indexer.index.query.wording import written

__all__ = [
    "Alternatives",
    "And",
    "FacetValue",
    "Fuzzy",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Range",
    "Word",
    "parse",
    "written",
]
