"""What pictures share: colours, words, and a dress for white and dark pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ._frame import Frame

# Okabe and Ito's colours, without black, which is lost on dark pages.
BLUE, ORANGE, GREEN, RED, SKY, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
GREY = "#8c8c8c"

#: Vega's expression for a number of an axis: 3M, not 3000000.
SHORT = "datum.value < 1000 ? format(datum.value, '~g') : format(datum.value, '~s')"


def rows_of(frame: Frame, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows as mappings of plain Python values."""
    columns = [frame[name].tolist() for name in names]
    for row in zip(*columns):
        yield dict(zip(names, row))


def title_of(quantity: str) -> str:
    """downtime_s.p95 as a reader says it: downtime (s), p95."""
    name, _, statistic = quantity.partition(".")
    words = f"{name[:-2].replace('_', ' ')} (s)" if name.endswith("_s") else name.replace("_", " ")
    return f"{words}, {statistic}" if statistic else words


def dressed(chart: Any) -> Any:
    """Grey that shows on white and on black, and no background of its own.

    The padding is for readers whose letters are wider than those that were measured.
    """
    text = {"labelColor": GREY, "titleColor": GREY, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    return (
        chart.configure(background="transparent", padding=12)
        .configure_view(stroke=None)
        .configure_axis(domainColor=GREY, tickColor=GREY, gridColor=GREY, gridOpacity=0.25, **text)
        .configure_legend(**text)
        .configure_title(color=GREY, subtitleColor=GREY, fontSize=13, anchor="start")
        .configure_header(**text)
    )
