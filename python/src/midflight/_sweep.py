"""Many predictions: every point of a grid, here or on a cluster."""

from __future__ import annotations

import itertools
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Union

from . import _core
from ._frame import Frame
from ._predict import Source, _count
from ._progress import Progress, shown
from ._scenario import as_scenario
from ._spread import Conductor, Done, Point, Work

STATISTICS = ("mean", "p5", "p50", "p95")

Points = Union[Mapping[str, Iterable[Any]], Sequence[Point]]


class Sweep(Frame):
    """What :func:`sweep` found: one row per point and strategy.

    Columns are the paths that were varied, ``strategy``, ``verdict``, ``why``
    and the statistics of every quantity: ``downtime_s.p95``,
    ``failed_requests.mean``, ... Those that contain ``_s.`` are seconds, all
    others counts. A refused strategy has NaN.
    """

    #: Whether every point is there; a cancelled sweep keeps those that were finished.
    complete: bool
    #: The paths that were varied.
    parameters: tuple[str, ...]

    def __init__(self, points: Sequence[Point], done: Sequence[Done], parameters: tuple[str, ...]) -> None:
        self.complete = len(done) == len(points)
        self.parameters = parameters
        rows = [(points[index], row) for index, found, _ in sorted(done, key=lambda one: one[0]) for row in found]
        columns: dict[str, Any] = {path: _column([point.get(path) for point, _ in rows]) for path in parameters}
        columns["strategy"] = _named([row[0] for _, row in rows])
        columns["verdict"] = _named([row[1] for _, row in rows])
        columns["why"] = _named([row[2] for _, row in rows])
        quantities = dict.fromkeys(name for _, row in rows for name in row[3])
        missing = (float("nan"),) * len(STATISTICS)
        for quantity in quantities:
            for place, statistic in enumerate(STATISTICS):
                columns[f"{quantity}.{statistic}"] = [row[3].get(quantity, missing)[place] for _, row in rows]
        super().__init__(columns)

    def plot(self, quantity: str = "downtime_s.p95", **options: Any) -> Any:
        """The heat map of a quantity; see :func:`midflight.plots.heatmap`."""
        from . import plots

        return plots.heatmap(self, quantity, **options)

    def __repr__(self) -> str:
        state = "" if self.complete else ", cancelled"
        return f"<midflight.Sweep: {self.rows:,} rows over {', '.join(self.parameters)}{state}>"


def sweep(
    scenario: Source,
    points: Points,
    *,
    runs: int = 100,
    strategies: str | Sequence[str] | None = None,
    executor: Any = None,
    seed: int | None = None,
    exact: bool = False,
    cancel: threading.Event | None = None,
    progress: Progress = False,
) -> Sweep:
    """Predict every point of a grid.

    Parameters
    ----------
    scenario
        A :class:`Scenario`, a path of one, or a mapping with its keys.
    points
        Values by path, of which every combination is a point:
        ``{"tables.users.rows": [10**6, 10**7], "migration.lock_timeout": ["1s", "2s"]}``;
        or a list of points, each a mapping from paths to values.
    runs
        Simulations of each strategy at each point.
    strategies
        Names of strategies; all that apply by default.
    executor
        Where points are predicted: any :class:`concurrent.futures.Executor`,
        a Dask ``Client``, or anything with such a ``submit``. Threads of this
        process by default, one per processor.
    seed
        Of all draws; the scenario's own by default. Every point meets the same
        traffic, so that differences are those of the values. Results do not
        depend on the executor.
    exact
        Simulate every request, also where its fate is certain.
    cancel
        Once it is set, the sweep ends and returns the points that are finished. Ctrl-C does the same.
    progress
        As for :func:`compare`; counts points.

    Returns
    -------
    Sweep
        A frame with one row per point and strategy.

    Raises
    ------
    midflight.BadInput
        A path or value is wrong, or the executor was shut down.

    Notes
    -----
    Points travel in chunks of about two seconds of work. A chunk whose worker
    died is sent again; when an executor is beyond repair the rest is predicted
    in threads here.

    Examples
    --------
    >>> import midflight
    >>> found = midflight.sweep(
    ...     "examples/rename_column/scenario.yaml",
    ...     {"app.instances": [4, 8], "app.rollout.startup": ["5s", "20s"]},
    ...     runs=10, strategies="naive",
    ... )
    >>> found.rows, bool(found["downtime_s.p95"].max() > 30)
    (4, True)
    """
    given = as_scenario(scenario)
    all_points = _grid(points)
    parameters = tuple(dict.fromkeys(path for point in all_points for path in point))
    names = (strategies,) if isinstance(strategies, str) else tuple(strategies or ())
    work = Work(given.__reduce__()[1], names, _count(runs, "runs"), seed, exact)
    for point in all_points[:1]:
        given.with_(point)  # a misspelt path is told at once, not by a worker
    with shown(progress, "sweep") as tell:
        done = Conductor(work, all_points, executor, cancel or threading.Event(), tell).run()
    if len(done) < len(all_points):
        warnings.warn(f"cancelled: {len(done)} of {len(all_points)} points are finished", stacklevel=2)
    return Sweep(all_points, done, parameters)


def _grid(points: Points) -> list[Point]:
    if isinstance(points, Mapping):
        for path, values in points.items():
            if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
                raise TypeError(f"`{path}` needs a list of values, not {values!r}")
        axes = [[(path, value) for value in values] for path, values in points.items()]
        grid: list[Point] = [dict(point) for point in itertools.product(*axes)] if axes else []
    else:
        grid = list(points)
        if not all(isinstance(point, Mapping) for point in grid):
            raise TypeError("points are mappings from paths to values")
    if not grid:
        raise _core.BadInput("a sweep needs at least one point")
    return grid


def _column(values: list[Any]) -> Any:
    import numpy as np

    if all(isinstance(value, (int, float, np.number)) and not isinstance(value, bool) for value in values):
        return np.array(values)
    return _named([value if isinstance(value, str) else str(value) for value in values])


def _named(values: list[str]) -> tuple[list[int], list[str]]:
    import numpy as np

    names = list(dict.fromkeys(values))
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[value] for value in values], dtype=np.int32), names  # type: ignore[return-value]
