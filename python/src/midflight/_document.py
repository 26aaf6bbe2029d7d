"""What the command line would print as JSON, as a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class Document(Mapping[str, Value]):
    """Keys and values that are read, and the text that people read instead."""

    def __init__(self, data: dict[str, Value], text: str) -> None:
        self.data, self._text = data, text

    def __getitem__(self, key: str) -> Value:
        return self.data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __str__(self) -> str:
        return self._text
