"""Points of a sweep, spread over threads or an executor: nothing here knows what is swept."""

from __future__ import annotations

import itertools
import os
import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, ThreadPoolExecutor, wait
from typing import Any

from . import _core
from ._scenario import Scenario, _rebuilt

Point = Mapping[str, Any]
#: Strategy, verdict, why, and the four statistics of every quantity.
Row = tuple[str, str, str, dict[str, tuple[float, float, float, float]]]
#: Number of the point, its rows, seconds it took.
Done = tuple[int, list[Row], float]

_CHUNK_S = 2.0  # of work in one message to a worker
_TRIES = 3  # of a chunk whose worker died


class Work:
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


class Conductor:
    """Sends chunks to an executor, sends lost ones again, gathers what comes back."""

    def __init__(
        self, work: Work, points: Sequence[Point], executor: Any, cancel: threading.Event,
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
