"""Predictions as plain dicts: the same keys as ``midflight --format json``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from . import _core

Path = str | os.PathLike[str]


def strategies() -> dict[str, str]:
    """Every strategy that midflight knows.

    Returns
    -------
    dict
        Name to a summary in one sentence, in the order of reports.
    """
    return dict(_core.strategies())


def compare(
    path: Path,
    *,
    overrides: Mapping[str, Any] | None = None,
    runs: int = 200,
    seed: int | None = None,
    jobs: int = 0,
    exact: bool = False,
) -> dict[str, Any]:
    """Predict every strategy that applies, on the same traffic, best first.

    Parameters
    ----------
    path
        The scenario file.
    overrides
        Values that replace those of the file, by path:
        ``{"tables.users.rows": 30_000_000, "migration.lock_timeout": "1s"}``.
    runs
        Simulations of each strategy.
    seed
        Of all draws; the scenario's own by default.
    jobs
        Threads; 0 is one per processor. The result does not depend on it.
    exact
        Simulate every request, also where its fate is certain.

    Returns
    -------
    dict
        The JSON of ``midflight compare``. Keys that end in ``_s`` are seconds,
        all others counts; each is a distribution over the runs with ``mean``,
        ``p5``, ``p50`` and ``p95``.

    Raises
    ------
    midflight.BadInput
        With every problem of the file in ``problems``.
    midflight.NotSupported
        The file asks for something that is not built.
    """
    return json.loads(_core.compare(os.fspath(path), _texts(overrides), runs, seed, jobs, exact))


def simulate(
    path: Path,
    strategy: str | None = None,
    *,
    overrides: Mapping[str, Any] | None = None,
    runs: int = 200,
    seed: int | None = None,
    jobs: int = 0,
    exact: bool = False,
) -> dict[str, Any]:
    """Predict one strategy, with the timeline of its first run.

    Parameters
    ----------
    path
        The scenario file.
    strategy
        A name from :func:`strategies`; none for a scenario with a plan of its own.
    overrides, runs, seed, jobs, exact
        As for :func:`compare`.

    Returns
    -------
    dict
        As of :func:`compare`, with one entry under ``strategies``.
    """
    return json.loads(_core.simulate(os.fspath(path), strategy or "", _texts(overrides), runs, seed, jobs, exact))


def _texts(overrides: Mapping[str, Any] | None) -> dict[str, str]:
    """Values as the scenario file would write them."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in (overrides or {}).items()}
