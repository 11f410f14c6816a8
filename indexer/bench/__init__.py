"""How fast is it? Handlist beside its peers on the same work, and Handlist alone as its library grows.

The work is the whole answer of a results page: the ten best resources with their titles and excerpts, how many there
are, and the 50 most frequent values of two facets, for an OR of one, two or three words. All engines run in this
process, one after the other and on one thread; no engine is asked the same question twice in a row.
"""


class BenchError(Exception):
    """Nothing can be measured; the text says why and what to do."""
