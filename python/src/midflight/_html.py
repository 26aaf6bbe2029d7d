"""Tables as notebooks show them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

_STYLES = {
    "text": "text-align:left",
    "code": "text-align:left",
    "number": "text-align:right;white-space:nowrap",
}


def table(columns: Mapping[str, str], rows: Iterable[Iterable[str]]) -> str:
    """Rows of text under headings; each column is ``text``, ``code`` or ``number``.

    Notebooks push every cell to the right, which suits numbers alone.
    """
    kinds = list(columns.values())
    head = "".join(_cell("th", kind, title) for title, kind in columns.items())
    body = "".join("<tr>" + "".join(_cell("td", kind, text) for kind, text in zip(kinds, row)) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(tag: str, kind: str, text: str) -> str:
    inside = html.escape(text)
    if kind == "code" and tag == "td":
        inside = f"<code>{inside}</code>"
    return f'<{tag} style="{_STYLES[kind]}">{inside}</{tag}>'
