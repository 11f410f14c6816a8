"""The block of YAML at the top of a page, read as text: nothing in it can build objects, grow or end a build."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml
from frontmatter.default_handlers import YAMLHandler

from indexer.encoding import clean

_FAILURES = (yaml.YAMLError, ValueError, OverflowError, RecursionError)
"""What PyYAML raises for text that is no YAML; impossible characters and deep nesting end in the last three."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A page in its two parts, with what was wrong between them as sentences.

    `values` maps keys in small letters to text, lists and tables, every scalar as it was written; `unread` is a block
    that could not be read.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    body: str = ""
    problems: tuple[str, ...] = ()
    unread: str = ""


def split_page(text: str) -> FrontMatter:
    """Part the front matter from the body of a page. A block that is not YAML is left out, and the body kept."""
    handler = YAMLHandler()
    start = text.lstrip()
    if not handler.detect(start):
        return FrontMatter(body=text)
    try:
        block, body = handler.split(start)
    except ValueError:
        return _unclosed(text)
    line = text[: len(text) - len(start)].count("\n") + 1
    try:
        return _read(block, body, text)
    except _FAILURES as error:
        problem = (
            f"The front matter cannot be read{_place(error, line)}. The text of the page is kept, the rest is not."
        )
        return FrontMatter(body=body, problems=(problem,), unread=block)


def _unclosed(text: str) -> FrontMatter:
    """Take a page that begins with a line of dashes as all text; say so when keys seem to follow."""
    if not re.match(r"\s*-{3,}\s*\n\w[\w -]*:", text):
        return FrontMatter(body=text)
    return FrontMatter(body=text, problems=("The front matter has no end; put a line of three dashes below it.",))


def _read(block: str, body: str, text: str) -> FrontMatter:
    """Read a block as YAML. Text between two rules is no front matter but part of the page."""
    # The loader in C overflows the stack, and with it the process, on deep nesting; this one raises RecursionError.
    # BaseLoader keeps scalars as written: "no" stays a word, 2019-02-31 a text to report, and `<<` cannot multiply.
    loader = yaml.BaseLoader(block)
    try:
        node = loader.get_single_node()
        if node is None:
            return FrontMatter(body=body)
        if not isinstance(node, yaml.MappingNode):
            return FrontMatter(body=text)
        values = loader.construct_document(node)
    finally:
        loader.dispose()
    keys = [clean(str(key)).strip().lower() for key in values]
    return FrontMatter(dict(zip(keys, values.values(), strict=True)), body, _key_problems(node))


def _key_problems(node: yaml.MappingNode) -> tuple[str, ...]:
    """Name the keys whose first value is lost because they stand twice, and the merge key, which is not followed."""
    keys = [clean(key.value).strip().lower() for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    twice = dict.fromkeys(key for key in keys if keys.count(key) > 1)
    problems = [f"The front matter has “{key}” more than once; only the last one counts." for key in twice]
    if "<<" in keys:
        problems.append("The front matter merges keys with “<<”, which is not followed; write them out.")
    return tuple(problems)


def _place(error: Exception, first_line: int) -> str:
    """Say on which line of the page reading stopped, why, and what usually helps."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return (
            ": it is nested too deeply" if isinstance(error, RecursionError) else ": it holds an impossible character"
        )
    reason = error.problem or "it is not YAML"
    if "mapping values are not allowed" in reason:
        reason = "a value with a colon in it needs quotes around it"
    return f" at line {error.problem_mark.line + first_line}: {reason}"
