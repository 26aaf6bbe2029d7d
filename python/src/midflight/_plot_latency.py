"""Percentiles of latency over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import _core
from ._optional import require
from ._paint import BLUE, ORANGE, RED, SHORT, SKY, dressed

if TYPE_CHECKING:
    from ._frame import Frame



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
        x=time, y=alt.Y("ms:Q", title="latency (ms)", scale=alt.Scale(type="log"), axis=alt.Axis(values=decades, labelExpr=SHORT)),
        color=alt.Color("percentile:N", sort=order, scale=alt.Scale(domain=order, range=[SKY, BLUE, ORANGE, RED][: len(order)])),
        tooltip=["percentile:N", alt.Tooltip("s:Q", format=".1f"), alt.Tooltip("ms:Q", format=",.3~g")],
    ).properties(width=720, height=240)  # fmt: skip
    failures = alt.Chart(alt.Data(values=bad)).mark_bar(color=RED, width=2).encode(
        x=time, y=alt.Y("failed:Q", title="failed"), tooltip=[alt.Tooltip("s:Q", format=".1f"), "failed:Q"],
    ).properties(width=720, height=70)  # fmt: skip
    return dressed(alt.vconcat(lines, failures).resolve_scale(x="shared"))
