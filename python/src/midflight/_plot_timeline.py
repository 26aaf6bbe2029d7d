"""The run that is told, on one time axis."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import _core
from ._axis import Squeezed, time_text
from ._optional import require
from ._paint import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, dressed, rows_of

if TYPE_CHECKING:
    from ._result import Result

_BEFORE_S = -2.0  # of the warm-up, to show what was there before


_KINDS = {
    "version": BLUE, "step": GREEN, "lock held": ORANGE, "lock waited for": PURPLE, "background": GREY, "errors": RED,
    "traffic": SKY, "other": SKY,
}  # fmt: skip


def timeline(result: Result, strategy: str | None = None, *, width: int = 640) -> Any:
    """Versions, steps, lock queue, background jobs and errors of the run that is told, on one time axis.

    Parameters
    ----------
    result
        Of :func:`midflight.simulate` or :func:`midflight.compare`.
    strategy
        The best one by default.
    width
        Of the drawing in pixels.

    Notes
    -----
    In a plan that takes longer than twenty minutes, stretches of more than a
    minute in which nothing happens are squeezed, and shaded grey.

    Examples
    --------
    >>> import midflight
    >>> result = midflight.simulate("examples/rename_column/scenario.yaml", "naive", runs=5)
    >>> midflight.plots.timeline(result).to_dict()["layer"][0]["mark"]["type"]
    'bar'
    """
    alt = require("altair")
    name = strategy or result.best
    entries = [e for e in rows_of(result.timeline(name), ("at_s", "until_s", "lane", "what"))]
    if not entries:
        raise _core.BadInput(f"{name} has no timeline: {result[name].why}")
    events = [e for e in entries if not e["lane"].startswith("background")] or entries
    axis = Squeezed([max(e[end], _BEFORE_S) for e in events for end in ("at_s", "until_s")])
    least = axis.length / 250  # an instant must be seen
    rows = []
    for e in entries:
        begin = axis.place(e["at_s"])
        end = max(axis.place(e["until_s"]), begin + least)
        rows.append({
            "lane": e["lane"], "kind": _kind(e["lane"], e["what"]), "what": e["what"], "from": begin, "until": end,
            "begins": time_text(e["at_s"]), "ends": time_text(e["until_s"]), "share": _share(e["what"]),
        })  # fmt: skip
    lanes = list(dict.fromkeys(row["lane"] for row in sorted(rows, key=lambda r: list(_KINDS).index(r["kind"]))))
    kinds = [kind for kind in _KINDS if any(row["kind"] == kind for row in rows)]
    x_axis = alt.Axis(values=axis.ticks(width // 85), labelExpr=axis.labels(width // 85), title="time since the change began", labelOverlap=True)
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("from:Q", axis=x_axis, scale=alt.Scale(domain=[0, axis.length * 1.005], nice=False)),
            x2="until:Q",
            y=alt.Y("lane:N", sort=lanes, title=None, axis=alt.Axis(labelLimit=260, grid=False)),
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[_KINDS[k] for k in kinds]), title=None, legend=alt.Legend(orient="bottom")),
            opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.25, 0.9]), legend=None),
            tooltip=["lane:N", "what:N", "begins:N", "ends:N"],
        )
        .properties(width=width, height=alt.Step(22), title=f"{result['scenario']}: {name}")
    )
    layers = [bars]
    if axis.squeezed:
        gaps = [{"from": begin, "until": end, "hint": f"{time_text(length)} without an event"} for begin, end, length in axis.squeezed]
        layers.append(
            alt.Chart(alt.Data(values=gaps)).mark_rect(color=GREY, opacity=0.25).encode(x="from:Q", x2="until:Q", tooltip="hint:N")
        )
    return dressed(alt.layer(*layers).interactive(bind_y=False))


def _kind(lane: str, what: str) -> str:
    first = lane.partition(" ")[0]
    if first == "lock":
        return "lock waited for" if "wait" in what else "lock held"
    return first if first in _KINDS else "other"


def _share(what: str) -> float:
    """6 of 8 instances as 0.75."""
    told = re.search(r"(\d+) of (\d+)", what)
    return int(told[1]) / max(int(told[2]), 1) if told else 1.0
