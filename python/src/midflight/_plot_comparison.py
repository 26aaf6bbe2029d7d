"""Strategies side by side, and predicted beside measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import _core
from ._optional import require
from ._paint import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SHORT, SKY, dressed, rows_of, title_of

if TYPE_CHECKING:
    from ._replay import Replay
    from ._result import Result


_VERDICTS = {
    "safe": GREEN, "degraded": SKY, "down": ORANGE, "incomplete": PURPLE, "unsafe": RED, "refused": GREY,
}  # fmt: skip


def comparison(
    result: Result, quantities: Sequence[str] = ("downtime_s", "failed_requests", "delayed_requests", "total_time_s")
) -> Any:
    """Strategies side by side: the median of each quantity and the interval from p5 to p95.

    Parameters
    ----------
    result
        Of :func:`midflight.compare`.
    quantities
        Those to show, a panel for each. Names that end in ``_s`` are seconds.

    Examples
    --------
    >>> import midflight
    >>> result = midflight.compare("examples/rename_column/scenario.yaml", runs=5)
    >>> len(midflight.plots.comparison(result).to_dict()["hconcat"])
    4
    """
    alt = require("altair")
    rows = [row for row in rows_of(result.summary(), ("strategy", "verdict", "quantity", "p5", "p50", "p95"))]
    known = {row["quantity"] for row in rows}
    verdicts = [v for v in _VERDICTS if any(row["verdict"] == v for row in rows)]
    panels: list[Any] = []
    for quantity in quantities:
        if quantity not in known:
            raise _core.BadInput(f"no quantity `{quantity}`; there are {', '.join(sorted(known))}")
        shown = [row for row in rows if row["quantity"] == quantity]
        base = alt.Chart(alt.Data(values=shown)).encode(
            y=alt.Y("strategy:N", sort=result.names, title=None, axis=alt.Axis(labels=not panels, ticks=not panels, labelLimit=200)),
            color=alt.Color("verdict:N", scale=alt.Scale(domain=verdicts, range=[_VERDICTS[v] for v in verdicts])),
            tooltip=["strategy:N", "verdict:N", alt.Tooltip("p5:Q", format=",.4~g"), alt.Tooltip("p50:Q", format=",.4~g"),
                     alt.Tooltip("p95:Q", format=",.4~g")],
        )  # fmt: skip
        bars = base.mark_bar(height=14).encode(
            x=alt.X("p50:Q", title=title_of(quantity), axis=alt.Axis(labelExpr=SHORT, tickCount=4), scale=_from_zero(alt, shown))
        )
        interval = base.mark_rule(strokeWidth=3).encode(x="p5:Q", x2="p95:Q", color=alt.value(GREY))
        ends = base.mark_tick(thickness=3, size=12).encode(x="p95:Q", color=alt.value(GREY))
        panels.append((bars + interval + ends).properties(width=150, height=alt.Step(30)))
    return dressed(alt.hconcat(*panels, title=str(result["scenario"]), spacing=16))


def prediction_error(replay: Replay) -> Any:
    """Predicted against measured: the interval from p5 to p95, its median, and what the replay measured.

    Parameters
    ----------
    replay
        Of :func:`midflight.replay`.
    """
    alt = require("altair")
    rows = list(rows_of(replay.quantities(), ("quantity", "predicted", "p5", "p95", "measured")))
    panels = []
    for row in rows:
        measured = None if math.isnan(row["measured"]) else row["measured"]
        base = alt.Chart(alt.Data(values=[{**row, "measured": measured, "name": title_of(row["quantity"])}]))
        y = alt.Y("name:N", title=None, axis=alt.Axis(labelLimit=220, minExtent=180, ticks=False, labelPadding=12))
        zero = alt.Scale(domain=[0, max(row["p95"], measured or 0, 1) * 1.05])
        interval = base.mark_bar(height=12, color=SKY, opacity=0.6).encode(
            x=alt.X("p5:Q", title=None, scale=zero, axis=alt.Axis(labelExpr=SHORT, tickCount=6)), x2="p95:Q", y=y)  # fmt: skip
        median = base.mark_tick(color=BLUE, thickness=3, size=18).encode(x="predicted:Q", y=y)
        seen = base.mark_point(shape="diamond", size=110, filled=True, color=RED).encode(
            x="measured:Q", y=y, tooltip=["name:N", "predicted:Q", "p5:Q", "p95:Q", "measured:Q"])  # fmt: skip
        panels.append((interval + median + seen).properties(width=420, height=26))
    title = alt.Title(f"{replay['strategy']} on {replay['backend']} {replay['server_version']}",
                      subtitle="bar: predicted, p5 to p95; line: median; diamond: measured")  # fmt: skip
    return dressed(alt.vconcat(*panels, title=title, spacing=4))


def _from_zero(alt: Any, rows: list[dict[str, Any]]) -> Any:
    return alt.Scale(domain=[0, max((row["p95"] for row in rows), default=0) * 1.05 or 1])
