"""A quantity over the values of a sweep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from . import _core
from ._optional import require
from ._paint import BLUE, GREEN, ORANGE, PURPLE, RED, SHORT, SKY, dressed, rows_of, title_of

if TYPE_CHECKING:
    from ._sweep import Sweep



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
    rows = [{keys.get(name, name): value for name, value in row.items()} for row in rows_of(sweep, names)]
    for row in rows:
        row["value"] = None if math.isnan(row["value"]) else row["value"]
    data, title = alt.Data(values=rows), title_of(quantity)
    tips = ["strategy:N", "verdict:N", alt.Tooltip("x:N", title=across), alt.Tooltip("value:Q", title=title, format=",.4~g")]
    if down is None:
        numbers = isinstance(rows[0]["x"], (int, float))
        line = alt.Chart(data).mark_line(point=True).encode(
            x=alt.X("x:Q" if numbers else "x:O", title=across, sort=None, axis=alt.Axis(labelExpr=SHORT, values=sorted({row["x"] for row in rows})) if numbers else alt.Axis(),
                    scale=alt.Scale(type="log") if numbers and _spans_decades(rows) else alt.Undefined),
            y=alt.Y("value:Q", title=title),
            color=alt.Color("strategy:N", scale=alt.Scale(range=[BLUE, ORANGE, GREEN, RED, SKY, PURPLE])),
            strokeDash="strategy:N", tooltip=tips,
        )  # fmt: skip
        return dressed(line.properties(width=420, height=260).interactive())
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
    return dressed(panel.facet(data=data, facet=alt.Facet("strategy:N", title=None), columns=2))


def _short(rows: list[dict[str, Any]], key: str) -> dict[str, str]:
    """3000000 as 3M, where the axis has numbers."""
    return {"labelExpr": SHORT} if all(isinstance(row[key], (int, float)) for row in rows) else {}


def _spans_decades(rows: list[dict[str, Any]]) -> bool:
    values = [row["x"] for row in rows]
    return bool(min(values) > 0 and max(values) / min(values) >= 50)
