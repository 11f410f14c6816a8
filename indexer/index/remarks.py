"""What an engine has to tell people: a sentence and what is filled in, so that it can be said in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = int | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence in English with %(name)s for each of the `values`: numbers, texts, and lists of texts.

    As a string, it is the sentence filled in.
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % {name: _written(value) for name, value in self.values.items()}


def _written(value: Value) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return value if isinstance(value, str) else ", ".join(value)
