"""The inverse question: how far may a value go?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from . import _core
from ._frame import Frame
from ._optional import require
from ._predict import Source, _count, simulate
from ._scenario import as_scenario


class Found:
    """What :func:`find` found.

    Attributes
    ----------
    value
        The last value that keeps the limits; None if even the safe end breaks them.
    breaks_at
        The nearest value that was seen to break them; None if the whole range keeps them.
    share
        Share of the runs at ``value`` that keep the limits.
    confidence
        The interval (Clopper and Pearson, 95%) in which that share lies for all
        runs there could be.
    tried : Frame
        Every value that was tried, with the share of runs that keep the limits.
    """

    def __init__(self, path: str, limits: Mapping[str, float], tried: list[tuple[float, int, int]], ends: tuple[Any, Any]) -> None:
        self.path, self.limits = path, dict(limits)
        self.value, self.breaks_at = ends
        tried = sorted(tried)
        whole = all(value.is_integer() for value, _, _ in tried)
        self.tried = Frame({
            path: [int(value) if whole else value for value, _, _ in tried],
            "share": [kept / runs for _, kept, runs in tried],
            "runs": [runs for _, _, runs in tried],
        })  # fmt: skip
        at = {value: (kept, runs) for value, kept, runs in tried}
        kept, runs = at.get(self.value, (0, 1)) if self.value is not None else (0, 1)
        self.share = kept / runs
        interval = require("scipy.stats").binomtest(kept, runs).proportion_ci()
        self.confidence = (float(interval.low), float(interval.high))

    def __repr__(self) -> str:
        limits = ", ".join(f"{name} <= {limit:g}" for name, limit in self.limits.items())
        if self.value is None:
            return f"<midflight.Found: no {self.path} in the range keeps {limits}>"
        then = "the whole range does" if self.breaks_at is None else f"{_number(self.breaks_at)} does not"
        low, high = self.confidence
        return (
            f"<midflight.Found: {self.path} {_number(self.value)} keeps {limits} in {self.share:.1%} of runs "
            f"({low:.1%} to {high:.1%}); {then}>"
        )


def find(
    scenario: Source,
    path: str,
    between: tuple[float, float],
    *,
    keep: Mapping[str, float],
    strategy: str | None = None,
    largest: bool = True,
    unit: str = "",
    share: float = 0.95,
    tolerance: float = 0.02,
    runs: int = 200,
    seed: int | None = None,
) -> Found:
    """The largest (or smallest) value of a path for which quantities stay within limits.

    Parameters
    ----------
    scenario
        A :class:`Scenario`, a path of one, or a mapping with its keys.
    path
        The value to vary: ``tables.users.rows``, ``migration.backfill.batch``, ``migration.lock_timeout``, ...
    between
        The range to look in; both above 0.
    keep
        Quantities and the most that each may be, in seconds where the name ends in ``_s``: ``{"downtime_s": 5}``.
        An endless downtime keeps no limit.
    strategy
        As for :func:`simulate`.
    largest
        False: the smallest value, for limits that larger ones keep.
    unit
        Of the value, for times: ``"s"``.
    share
        Share of runs that must keep the limits; 0.95 is what reports call p95.
    tolerance
        How near the answer is to the true one, as a share of it.
    runs, seed
        As for :func:`simulate`; every value meets the same traffic.

    Returns
    -------
    Found
        The value, where it breaks, and how sure that is.

    Raises
    ------
    midflight.BadInput
        The range, a limit or the path is wrong.
    midflight.MissingPackage
        SciPy is not installed.

    Notes
    -----
    Halves the range on a logarithmic scale (``scipy.optimize.bisect``), so the
    limits must be kept on one side of the answer and broken on the other.
    ``tried`` shows whether that was so.

    Examples
    --------
    >>> import midflight
    >>> found = midflight.find("examples/not_null/scenario.yaml", "tables.orders.rows", (1e5, 1e10),
    ...                        strategy="naive", keep={"downtime_s": 2}, runs=20)
    >>> 1e5 < found.value < found.breaks_at < 1e10
    True
    """
    optimize = require("scipy.optimize")
    low, high = _range(between)
    given = as_scenario(scenario)
    whole = not unit and float(low).is_integer() and float(high).is_integer()
    tried: dict[float, tuple[int, int]] = {}

    def kept(value: float) -> bool:
        value = float(round(value)) if whole else value
        if value not in tried:
            tried[value] = _count_kept(given, path, value, unit, whole, strategy, keep, _count(runs, "runs"), seed)
        good, of = tried[value]
        return good >= math.ceil(share * of)

    safe, other = (low, high) if largest else (high, low)
    if not kept(safe):
        ends: tuple[Any, Any] = (None, safe)
    elif kept(other):
        ends = (other, None)
    else:
        optimize.bisect(lambda x: 1.0 if kept(math.exp(x)) == largest else -1.0, math.log(low), math.log(high),
                        xtol=math.log1p(tolerance))  # fmt: skip
        verdicts = {value: kept(value) for value in tried}
        pick = max if largest else min
        value = pick(v for v, good in verdicts.items() if good)
        beyond = [v for v, good in verdicts.items() if not good and (v > value) == largest]
        ends = (value, min(beyond, key=lambda v: abs(v - value), default=None))
    return Found(path, keep, [(value, good, of) for value, (good, of) in tried.items()], ends)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _range(between: tuple[float, float]) -> tuple[float, float]:
    try:
        low, high = (float(end) for end in between)
    except (TypeError, ValueError):
        raise TypeError(f"a range is two numbers, not {between!r}") from None
    if not (0 < low < high < math.inf):
        raise _core.BadInput(f"a range goes from a number above 0 to a larger one, not {between!r}")
    return low, high


def _count_kept(
    scenario: Any, path: str, value: float, unit: str, whole: bool, strategy: str | None, keep: Mapping[str, float],
    runs: int, seed: int | None,
) -> tuple[int, int]:  # fmt: skip
    """Runs that keep every limit, and runs in all."""
    text: Any = f"{value:.9f}{unit}" if unit else int(value) if whole else value
    result = simulate(scenario.with_({path: text}), strategy, runs=runs, seed=seed)
    frame = result.runs()
    if frame.rows == 0:
        raise _core.NotSupported(f"{result.best} cannot carry out this change: {result[result.best].why}")
    good = frame["completed"].copy()
    for name, limit in keep.items():
        if name not in frame:
            raise _core.BadInput(f"no quantity `{name}`; there are {', '.join(list(frame)[5:])}")
        if not (isinstance(limit, (int, float)) and math.isfinite(limit)):
            raise _core.BadInput(f"the limit of {name} must be a finite number, not {limit!r}")
        good &= frame[name] <= limit
        if name == "downtime_s":
            good &= ~frame["endless"]  # counted is only its beginning
    return int(good.sum()), frame.rows
