"""Pictures: interactive in Jupyter, saved as HTML, SVG and PNG with ``chart.save(path)``.

Colours can be told apart without seeing red or green, and lines and text show
on white and on dark pages alike: the background is the page's own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import _core
from ._axis import Squeezed, time_text
from ._optional import require
from ._sweep import Sweep, _iterate

if TYPE_CHECKING:
    from ._frame import Frame
    from ._result import Result
    from ._verbs import Replay

# Okabe and Ito's colours, without black, which is lost on dark pages.
_BLUE, _ORANGE, _GREEN, _RED, _SKY, _PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
_GREY = "#8c8c8c"

_BEFORE_S = -2.0  # of the warm-up, to show what was there before
_SHORT = "datum.value < 1000 ? format(datum.value, '~g') : format(datum.value, '~s')"

_KINDS = {
    "version": _BLUE, "step": _GREEN, "lock held": _ORANGE, "lock waited for": _PURPLE, "background": _GREY, "errors": _RED,
    "traffic": _SKY, "other": _SKY,
}  # fmt: skip

_VERDICTS = {
    "safe": _GREEN, "degraded": _SKY, "down": _ORANGE, "incomplete": _PURPLE, "unsafe": _RED, "refused": _GREY,
}  # fmt: skip


def timeline(result: Result, strategy: str | None = None, *, width: int = 760) -> Any:
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
    entries = [e for e in _iterate(result.timeline(name), ("at_s", "until_s", "lane", "what"))]
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
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[_KINDS[k] for k in kinds]), title=None),
            opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.25, 0.9]), legend=None),
            tooltip=["lane:N", "what:N", "begins:N", "ends:N"],
        )
        .properties(width=width, height=alt.Step(22), title=f"{result['scenario']}: {name}")
    )
    layers = [bars]
    if axis.squeezed:
        gaps = [{"from": begin, "until": end, "hint": f"{time_text(length)} without an event"} for begin, end, length in axis.squeezed]
        layers.append(
            alt.Chart(alt.Data(values=gaps)).mark_rect(color=_GREY, opacity=0.25).encode(x="from:Q", x2="until:Q", tooltip="hint:N")
        )
    return _dressed(alt.layer(*layers).interactive(bind_y=False))


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
    rows = [row for row in _iterate(result.summary(), ("strategy", "verdict", "quantity", "p5", "p50", "p95"))]
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
            x=alt.X("p50:Q", title=_title(quantity), axis=alt.Axis(labelExpr=_SHORT, tickCount=4), scale=_from_zero(alt, shown))
        )
        interval = base.mark_rule(strokeWidth=3).encode(x="p5:Q", x2="p95:Q", color=alt.value(_GREY))
        ends = base.mark_tick(thickness=3, size=12).encode(x="p95:Q", color=alt.value(_GREY))
        panels.append((bars + interval + ends).properties(width=150, height=alt.Step(30)))
    return _dressed(alt.hconcat(*panels, title=str(result["scenario"]), spacing=16))


def heatmap(sweep: Sweep, quantity: str = "downtime_s.p95", *, x: str | None = None, y: str | None = None) -> Any:
    """A quantity over two values of a sweep, one panel per strategy.

    Parameters
    ----------
    sweep
        Of :func:`midflight.sweep`.
    quantity
        A column: ``downtime_s.p95``, ``failed_requests.mean``, ...
    x, y
        The varied paths along the axes; the first two by default. Over a single one a line is drawn.

    Examples
    --------
    >>> import midflight
    >>> found = midflight.sweep("examples/rename_column/scenario.yaml", {"app.instances": [4, 8], "app.pool": [5, 10]},
    ...                         runs=3, strategies=["naive"])
    >>> midflight.plots.heatmap(found).to_dict()["facet"]["field"]
    'strategy'
    """
    alt = require("altair")
    if quantity not in sweep:
        raise _core.BadInput(f"no column `{quantity}`; there are {', '.join(sweep)}")
    across = x or sweep.parameters[0]
    rest = [path for path in sweep.parameters if path != across]
    down = y or (rest[0] if rest else None)
    for path in filter(None, (across, down)):
        if path not in sweep.parameters:
            raise _core.BadInput(f"`{path}` was not varied; {', '.join(sweep.parameters)} were")
    names = ["strategy", "verdict", across, *([down] if down else []), quantity]
    keys = {across: "x", quantity: "value", **({down: "y"} if down else {})}
    rows = [{keys.get(name, name): value for name, value in row.items()} for row in _iterate(sweep, names)]
    for row in rows:
        row["value"] = None if math.isnan(row["value"]) else row["value"]
    data, title = alt.Data(values=rows), _title(quantity)
    tips = ["strategy:N", "verdict:N", alt.Tooltip("x:N", title=across), alt.Tooltip("value:Q", title=title, format=",.4~g")]
    if down is None:
        numbers = isinstance(rows[0]["x"], (int, float))
        line = alt.Chart(data).mark_line(point=True).encode(
            x=alt.X("x:Q" if numbers else "x:O", title=across, sort=None, axis=alt.Axis(labelExpr=_SHORT) if numbers else alt.Axis(),
                    scale=alt.Scale(type="log") if numbers and _spans_decades(rows) else alt.Undefined),
            y=alt.Y("value:Q", title=title),
            color=alt.Color("strategy:N", scale=alt.Scale(range=[_BLUE, _ORANGE, _GREEN, _RED, _SKY, _PURPLE])),
            strokeDash="strategy:N", tooltip=tips,
        )  # fmt: skip
        return _dressed(line.properties(width=420, height=260).interactive())
    largest = max((row["value"] or 0 for row in rows), default=0)
    base = alt.Chart().encode(
        x=alt.X("x:O", title=across, sort=None, axis=alt.Axis(labelAngle=0, **_short(rows, "x"))),
        y=alt.Y("y:O", title=down, sort=None, axis=alt.Axis(**_short(rows, "y"))),
        tooltip=[*tips, alt.Tooltip("y:N", title=down)],
    )
    cells = base.mark_rect().encode(color=alt.Color("value:Q", title=title, scale=alt.Scale(scheme="cividis", domain=[0, largest or 1])))
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text("value:Q", format=".3~s"),
        color=alt.condition(f"datum.value > {largest / 2}", alt.value("#1a1a1a"), alt.value("#f5f5f5")),
    )
    many = len({row["x"] for row in rows}) * len({row["y"] for row in rows}) > 150
    panel = (cells if many else alt.layer(cells, text)).properties(width=alt.Step(46), height=alt.Step(28))
    return _dressed(panel.facet(data=data, facet=alt.Facet("strategy:N", title=None), columns=2))


def latency(requests: Frame, *, every: float | None = None, percentiles: Sequence[float] = (50, 95, 99)) -> Any:
    """Percentiles of latency over time, of requests that succeeded, with failures below.

    Parameters
    ----------
    requests
        Of :func:`midflight.requests`.
    every
        Length in seconds of the interval that a point stands for; a 300th of the time by default.
    percentiles
        Those to draw.

    Examples
    --------
    >>> import midflight
    >>> log = midflight.requests("examples/rename_column/scenario.yaml", "naive")
    >>> len(midflight.plots.latency(log, every=1.0).to_dict()["vconcat"])
    2
    """
    import numpy as np

    alt = require("altair")
    arrival, failed = requests["arrival_s"], requests.codes["error"] != requests.names["error"].index("")
    if not len(arrival):
        raise _core.BadInput("there are no requests to show")
    length = every or max(float(arrival.max()) / 300, 0.1)
    if not 0 < length < math.inf:
        raise _core.BadInput(f"an interval is a number of seconds above 0, not {every!r}")
    slot = np.floor(arrival / length).astype(np.int64)
    good = np.flatnonzero(~failed)
    good = good[np.argsort(slot[good], kind="stable")]
    slots, begins = np.unique(slot[good], return_index=True)
    points: list[dict[str, Any]] = []
    last = None
    for which, latencies in zip(slots.tolist(), np.split(requests["latency_s"][good], begins[1:])):
        for percent, value in zip(percentiles, np.percentile(latencies, percentiles, method="inverted_cdf")):
            if last is not None and which > last + 1:  # nobody succeeded: the line breaks
                points.append({"s": (last + 1) * length, "ms": None, "percentile": f"p{percent:g}"})
            points.append({"s": which * length, "ms": float(value) * 1e3, "percentile": f"p{percent:g}"})
        last = which
    decades = [10.0**n for n in range(-2, 6)]
    bad = [{"s": which * length, "failed": count} for which, count in zip(*(a.tolist() for a in np.unique(slot[failed], return_counts=True)))]
    order = [f"p{p:g}" for p in percentiles]
    time = alt.X("s:Q", title="arrival, seconds since the change began", scale=alt.Scale(domain=[0, float(arrival.max())]))
    lines = alt.Chart(alt.Data(values=points)).mark_line(strokeWidth=1.5).encode(
        x=time, y=alt.Y("ms:Q", title="latency (ms)", scale=alt.Scale(type="log"), axis=alt.Axis(values=decades, labelExpr=_SHORT)),
        color=alt.Color("percentile:N", sort=order, scale=alt.Scale(domain=order, range=[_SKY, _BLUE, _ORANGE, _RED][: len(order)])),
        tooltip=["percentile:N", alt.Tooltip("s:Q", format=".1f"), alt.Tooltip("ms:Q", format=",.3~g")],
    ).properties(width=720, height=240)  # fmt: skip
    failures = alt.Chart(alt.Data(values=bad)).mark_bar(color=_RED, width=2).encode(
        x=time, y=alt.Y("failed:Q", title="failed"), tooltip=[alt.Tooltip("s:Q", format=".1f"), "failed:Q"],
    ).properties(width=720, height=70)  # fmt: skip
    return _dressed(alt.vconcat(lines, failures).resolve_scale(x="shared"))


def prediction_error(replay: Replay) -> Any:
    """Predicted against measured: the interval from p5 to p95, its median, and what the replay measured.

    Parameters
    ----------
    replay
        Of :func:`midflight.replay`.
    """
    alt = require("altair")
    rows = list(_iterate(replay.quantities(), ("quantity", "predicted", "p5", "p95", "measured")))
    panels = []
    for row in rows:
        measured = None if math.isnan(row["measured"]) else row["measured"]
        base = alt.Chart(alt.Data(values=[{**row, "measured": measured, "name": _title(row["quantity"])}]))
        y = alt.Y("name:N", title=None, axis=alt.Axis(labelLimit=220, minExtent=180, ticks=False, labelPadding=12))
        zero = alt.Scale(domain=[0, max(row["p95"], measured or 0, 1) * 1.05])
        interval = base.mark_bar(height=12, color=_SKY, opacity=0.6).encode(
            x=alt.X("p5:Q", title=None, scale=zero, axis=alt.Axis(labelExpr=_SHORT, tickCount=6)), x2="p95:Q", y=y)  # fmt: skip
        median = base.mark_tick(color=_BLUE, thickness=3, size=18).encode(x="predicted:Q", y=y)
        seen = base.mark_point(shape="diamond", size=110, filled=True, color=_RED).encode(
            x="measured:Q", y=y, tooltip=["name:N", "predicted:Q", "p5:Q", "p95:Q", "measured:Q"])  # fmt: skip
        panels.append((interval + median + seen).properties(width=420, height=26))
    title = alt.Title(f"{replay['strategy']} on {replay['backend']} {replay['server_version']}",
                      subtitle="bar: predicted, p5 to p95; line: median; diamond: measured")  # fmt: skip
    return _dressed(alt.vconcat(*panels, title=title, spacing=4))


def _kind(lane: str, what: str) -> str:
    first = lane.partition(" ")[0]
    if first == "lock":
        return "lock waited for" if "wait" in what else "lock held"
    return first if first in _KINDS else "other"


def _title(quantity: str) -> str:
    """downtime_s.p95 as a reader says it: downtime (s), p95."""
    name, _, statistic = quantity.partition(".")
    words = f"{name[:-2].replace('_', ' ')} (s)" if name.endswith("_s") else name.replace("_", " ")
    return f"{words}, {statistic}" if statistic else words


def _from_zero(alt: Any, rows: list[dict[str, Any]]) -> Any:
    return alt.Scale(domain=[0, max((row["p95"] for row in rows), default=0) * 1.05 or 1])


def _share(what: str) -> float:
    """6 of 8 instances as 0.75."""
    told = re.search(r"(\d+) of (\d+)", what)
    return int(told[1]) / max(int(told[2]), 1) if told else 1.0


def _short(rows: list[dict[str, Any]], key: str) -> dict[str, str]:
    """3000000 as 3M, where the axis has numbers."""
    return {"labelExpr": _SHORT} if all(isinstance(row[key], (int, float)) for row in rows) else {}


def _spans_decades(rows: list[dict[str, Any]]) -> bool:
    values = [row["x"] for row in rows]
    return bool(min(values) > 0 and max(values) / min(values) >= 50)


def _dressed(chart: Any) -> Any:
    """Grey that shows on white and on black, and no background of its own."""
    text = {"labelColor": _GREY, "titleColor": _GREY, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    return (
        chart.configure(background="transparent")
        .configure_view(stroke=None)
        .configure_axis(domainColor=_GREY, tickColor=_GREY, gridColor=_GREY, gridOpacity=0.25, **text)
        .configure_legend(**text)
        .configure_title(color=_GREY, subtitleColor=_GREY, fontSize=13, anchor="start")
        .configure_header(**text)
    )
