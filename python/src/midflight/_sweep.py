"""Many predictions: every point of a grid, here or on a cluster."""

from __future__ import annotations

import itertools
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, ThreadPoolExecutor, wait
from typing import Any, Union

from . import _core
from ._frame import Frame
from ._predict import Source, _count
from ._progress import Progress, shown
from ._scenario import Scenario, _rebuilt, as_scenario

STATISTICS = ("mean", "p5", "p50", "p95")

Point = Mapping[str, Any]
Points = Union[Mapping[str, Iterable[Any]], Sequence[Point]]
#: Strategy, verdict, why, and the four statistics of every quantity.
Row = tuple[str, str, str, dict[str, tuple[float, float, float, float]]]
#: Number of the point, its rows, seconds it took.
Done = tuple[int, list[Row], float]

_CHUNK_S = 2.0  # of work in one message to a worker
_TRIES = 3  # of a chunk whose worker died


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
    work = _Work(given.__reduce__()[1], names, _count(runs, "runs"), seed, exact)
    for point in all_points[:1]:
        given.with_(point)  # a misspelt path is told at once, not by a worker
    with shown(progress, "sweep") as tell:
        done = _Conductor(work, all_points, executor, cancel or threading.Event(), tell).run()
    if len(done) < len(all_points):
        warnings.warn(f"cancelled: {len(done)} of {len(all_points)} points are finished", stacklevel=2)
    return Sweep(all_points, done, parameters)


class _Work:
    """What is done at every point; travels to workers."""

    def __init__(self, scenario: tuple[str, str], names: tuple[str, ...], runs: int, seed: int | None, exact: bool) -> None:
        self.scenario, self.names, self.runs, self.seed, self.exact = scenario, names, runs, seed, exact

    def __call__(self, chunk: list[tuple[int, Point]], stop: _core.Stop | None = None) -> list[Done]:
        scenario = _rebuilt(*self.scenario)
        done = []
        for index, point in chunk:
            begun = time.perf_counter()
            rows = self.at(scenario.with_(point), stop or _core.Stop())
            done.append((index, rows, time.perf_counter() - begun))
        return done

    def at(self, scenario: Scenario, stop: _core.Stop) -> list[Row]:
        core = scenario._core
        if not self.names:
            return _core.compare(core, self.runs, self.seed, 1, self.exact, stop, None).summaries()
        return [
            row
            for name in self.names
            for row in _core.simulate(core, name, self.runs, self.seed, 1, self.exact, stop, None).summaries()
        ]


class _Conductor:
    """Sends chunks to an executor, sends lost ones again, gathers what comes back."""

    def __init__(
        self, work: _Work, points: Sequence[Point], executor: Any, cancel: threading.Event,
        tell: Callable[[int, int], Any] | None,
    ) -> None:  # fmt: skip
        self.work, self.points, self.cancel, self.tell = work, points, cancel, tell
        self.executor = executor
        self.to_do = iter(list(enumerate(points)))
        self.lost: list[tuple[list[tuple[int, Point]], int]] = []
        self.flying: dict[Future[list[Done]], tuple[list[tuple[int, Point]], int]] = {}
        self.done: dict[int, Done] = {}
        self.stop = _core.Stop()

    def run(self) -> list[Done]:
        self.anywhere()
        return list(self.done.values())

    def anywhere(self) -> None:
        if self.executor is None:
            return self.in_threads()
        try:
            submit, workers = _submitter(self.executor)
            self.conduct(submit, workers)
        except BrokenExecutor:
            warnings.warn("the executor is broken; the rest of the sweep runs in threads here", stacklevel=4)
            self.lost += list(self.flying.values())
            self.flying.clear()
            self.in_threads()

    def in_threads(self) -> None:
        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers, "midflight-sweep") as pool:
            self.conduct(lambda work, chunk: pool.submit(work, chunk, self.stop), workers)

    def conduct(self, submit: Callable[..., Future[list[Done]]], workers: int) -> None:
        try:
            while self.send(submit, workers) and not self.cancel.is_set():
                finished, _ = wait(self.flying, timeout=0.05, return_when=FIRST_COMPLETED)
                for future in finished:
                    self.take(future)
        except KeyboardInterrupt:
            self.cancel.set()
        except BaseException as failure:
            if not isinstance(failure, BrokenExecutor):
                self.abandon()
            raise
        if self.cancel.is_set():
            self.abandon()

    def send(self, submit: Callable[..., Future[list[Done]]], workers: int) -> bool:
        """Keeps every worker busy. Returns: whether anything is still to come."""
        while len(self.flying) < 2 * workers:
            chunk, tries = self.lost.pop() if self.lost else (list(itertools.islice(self.to_do, self.chunk_size(workers))), 1)
            if not chunk:
                break
            try:
                future = submit(self.work, chunk)
            except BrokenExecutor:
                self.lost.append((chunk, tries))
                raise
            except RuntimeError as closed:
                raise _core.BadInput(f"the executor takes no work: {closed}") from closed
            self.flying[future] = chunk, tries
        return bool(self.flying)

    def chunk_size(self, workers: int) -> int:
        if not self.done:
            return 1
        mean = sum(seconds for _, _, seconds in self.done.values()) / len(self.done)
        fair = (len(self.points) - len(self.done)) // (2 * workers)  # so that all end together
        return max(1, min(int(_CHUNK_S / max(mean, 1e-6)), fair))

    def take(self, future: Future[list[Done]]) -> None:
        chunk, tries = self.flying[future]
        try:
            self.keep(future.result())
        except BrokenExecutor:
            raise
        except (_core.Error, TypeError):
            raise
        except (Exception, CancelledError):
            if tries >= _TRIES:
                raise
            self.lost.append((chunk, tries + 1))
        del self.flying[future]
        if self.tell is not None:
            self.tell(len(self.done), len(self.points))

    def keep(self, found: list[Done]) -> None:
        self.done.update((one[0], one) for one in found)

    def abandon(self) -> None:
        """Keeps what happens to be finished."""
        self.stop.set()
        for future in self.flying:
            if not future.cancel() and future.done() and future.exception() is None:
                self.keep(future.result())
        self.flying.clear()


def _submitter(executor: Any) -> tuple[Callable[..., Future[list[Done]]], int]:
    """How to hand over work, and how many workers there are."""
    if hasattr(executor, "get_executor"):  # Dask; a point has the same result wherever it is predicted again
        workers = sum(executor.nthreads().values()) or 1
        return executor.get_executor(pure=False, retries=_TRIES).submit, workers
    if not callable(getattr(executor, "submit", None)):
        raise TypeError(f"an executor has a method submit; {executor!r} has none")
    return executor.submit, getattr(executor, "_max_workers", None) or os.cpu_count() or 1


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


def _iterate(frame: Frame, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows as mappings of plain Python values."""
    columns = [frame[name].tolist() for name in names]
    for row in zip(*columns):
        yield dict(zip(names, row))
