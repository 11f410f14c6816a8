"""How good are the answers? Judged queries asked as a visitor asks them, and figures made of where the answers stand.

A judgment says of a query and a resource how useful one is to the other: 0 not at all, more is better. Judgments are
made by people who read, never by what an engine returns.
"""
