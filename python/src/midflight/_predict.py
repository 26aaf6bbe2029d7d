"""Predictions: one strategy, all of them, every single request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Union

from . import _core
from ._frame import Frame
from ._progress import Progress, shown
from ._result import Result
from ._scenario import Path, Profile, Scenario, as_scenario

Source = Union[Scenario, Path, Mapping[str, Any]]


def strategies() -> dict[str, str]:
    """Every strategy that midflight knows.

    Returns
    -------
    dict
        Name to a summary in one sentence, in the order of reports.

    Examples
    --------
    >>> import midflight
    >>> "expand_contract" in midflight.strategies()
    True
    """
    return dict(_core.strategies())


def compare(
    scenario: Source,
    *,
    overrides: Mapping[str, Any] | None = None,
    profile: Profile | None = None,
    runs: int = 200,
    seed: int | None = None,
    jobs: int = 0,
    exact: bool = False,
    progress: Progress = False,
) -> Result:
    """Predict every strategy that applies, on the same traffic, best first.

    Parameters
    ----------
    scenario
        A :class:`Scenario`, a path of one, or a mapping with its keys.
    overrides
        Values that replace those of the scenario, by path, as for :meth:`Scenario.with_`.
    profile
        Durations as :func:`calibrate` measured them, instead of the scenario's: a :class:`Calibration` or a file.
    runs
        Simulations of each strategy.
    seed
        Of all draws; the scenario's own by default.
    jobs
        Threads; 0 is one per processor. The result does not depend on it.
    exact
        Simulate every request, also where its fate is certain.
    progress
        ``True`` for a bar, or a function that is called with (done, all).

    Returns
    -------
    Result
        Also a mapping with the keys of ``midflight compare --format json``.

    Raises
    ------
    midflight.BadInput
        With every problem of the scenario in ``problems``.
    midflight.NotSupported
        The scenario asks for something that is not built.

    Examples
    --------
    >>> import midflight
    >>> midflight.compare("examples/rename_column/scenario.yaml", runs=20)["naive"].downtime_s["p50"] > 20
    True
    """
    given = as_scenario(scenario, overrides, profile)
    with shown(progress, "compare") as tell:
        return Result(_core.compare(given._core, _count(runs, "runs"), seed, jobs, exact, _core.Stop(), tell), given)


def simulate(
    scenario: Source,
    strategy: str | None = None,
    *,
    overrides: Mapping[str, Any] | None = None,
    profile: Profile | None = None,
    runs: int = 200,
    seed: int | None = None,
    jobs: int = 0,
    exact: bool = False,
    progress: Progress = False,
) -> Result:
    """Predict one strategy, with the timeline of a run that shows it.

    Parameters
    ----------
    scenario
        A :class:`Scenario`, a path of one, or a mapping with its keys.
    strategy
        A name from :func:`strategies`; none for a scenario with a plan of its own.
    overrides, profile, runs, seed, jobs, exact, progress
        As for :func:`compare`.

    Returns
    -------
    Result
        With one strategy, whose verdict is ``refused`` where it cannot carry out the change.

    Examples
    --------
    >>> import midflight
    >>> result = midflight.simulate("examples/rename_column/scenario.yaml", "naive", runs=20)
    >>> result["naive"].verdict
    'down'
    """
    given = as_scenario(scenario, overrides, profile)
    with shown(progress, strategy or "plan") as tell:
        core = _core.simulate(
            given._core, strategy or "", _count(runs, "runs"), seed, jobs, exact, _core.Stop(), tell
        )
    return Result(core, given)


def requests(scenario: Source, strategy: str | None = None, *, run: int = 0, seed: int | None = None) -> Frame:
    """Every single request of one run, simulated one by one.

    Parameters
    ----------
    scenario, strategy
        As for :func:`simulate`.
    run
        Number of the run, from 0.
    seed
        Of all draws; the scenario's own by default.

    Returns
    -------
    Frame
        ``arrival_s`` (from the beginning of the plan) and ``latency_s`` in
        seconds; ``version``, ``endpoint`` and ``error``, empty for success. In
        the order in which they ended.

    Raises
    ------
    midflight.NotSupported
        There are more than 50 million.

    Notes
    -----
    Takes as long as the run has requests (some million a second), a soak of
    days included; shorten it with ``scenario.with_(**{"migration.soak": "0s"})``.

    Examples
    --------
    >>> import midflight
    >>> log = midflight.requests("examples/rename_column/scenario.yaml", "naive")
    >>> float(log["latency_s"].max()) > 0.0
    True
    """
    given = as_scenario(scenario)
    return Frame(_core.requests(given._core, strategy or "", _count(run, "run", 0), seed, _core.Stop()))


def _count(value: int, name: str, least: int = 1) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    if value < least:
        raise _core.BadInput(f"{name} must be at least {least}, not {value}")
    return value
