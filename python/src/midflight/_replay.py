"""Plans carried out on a database, beside their prediction."""

from __future__ import annotations

import json
import warnings
from typing import Any

from . import _core
from ._document import Document
from ._frame import Frame
from ._predict import Source, _count
from ._progress import Progress, shown
from ._scenario import Profile, as_scenario

_REPEAT_MAX = 1000  # as on the command line


class Replay(Document[Any]):
    """A plan carried out on a database, beside its prediction.

    As a mapping it has the keys of ``midflight replay --format json``.
    """

    def __init__(self, data: dict[str, Any], page: str, text: str) -> None:
        super().__init__(data, text)
        self._page = page

    def __repr__(self) -> str:
        return f"<midflight.Replay of {self['strategy']} on {self['backend']}>"

    def to_html(self) -> str:
        """The report as one page without outside references."""
        return self._page

    def quantities(self) -> Frame:
        """One row per quantity: ``predicted`` (p50), ``p5`` and ``p95`` of the prediction, ``measured``; what cannot be measured is NaN."""
        rows = []
        for key, value in self["predicted"].items():
            if isinstance(value, dict) and "p95" in value:
                measured = self["measured"].get(key)
                rows.append((key, value["p50"], value["p5"], value["p95"], _number(measured)))
        columns = zip(*rows)
        return Frame(dict(zip(("quantity", "predicted", "p5", "p95", "measured"), map(list, columns))))

    def repetitions(self) -> Frame:
        """One row per replay and quantity: ``run``, ``valid``, ``quantity``, ``measured`` and its ``error``.

        A share of what was measured; NaN where predicted and measured are both too small
        to compare, and where nothing could be measured.
        """
        told = self["repetitions"] or [{"run": 0, "valid": self["valid"], "measured": self["measured"], "error": self["error"]}]
        names = self.quantities()["quantity"].tolist()
        rows = [(one, name) for one in told for name in names]
        return Frame({
            "run": [one["run"] for one, _ in rows],
            "valid": [one["valid"] for one, _ in rows],
            "quantity": [name for _, name in rows],
            "measured": [_number(one["measured"].get(name)) for one, name in rows],
            "error": [_number(one["error"].get(name)) for one, name in rows],
        })  # fmt: skip

    def _repr_html_(self) -> str:
        return self.quantities()._repr_html_()


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def replay(
    scenario: Source,
    strategy: str | None = None,
    *,
    on: str = "sqlite:",
    profile: Profile | None = None,
    scale: float = 1.0,
    repeat: int = 1,
    runs: int = 50,
    seed: int | None = None,
    jobs: int = 0,
    in_place: bool = False,
    keep: bool = False,
    progress: Progress = False,
) -> Replay:
    """Carry out a plan on a real database under the scenario's load, beside its prediction.

    Parameters
    ----------
    scenario, strategy
        As for :func:`simulate`.
    on
        ``sqlite:`` for a temporary file, or the URI of another database.
    profile
        As for :func:`compare`; the replay measures costs itself without one.
    scale
        Divides every wait and soak; the database's own work is never scaled.
    repeat
        Replays one after the other, each with draws of its own, for a spread.
    runs, seed, jobs
        Of the prediction.
    in_place
        Use a database that exists, with its own rows; not with ``repeat``.
    keep
        Leave the scratch database behind.
    progress
        As for :func:`compare`.

    Returns
    -------
    Replay
        The first replay, and what all of them measured in :meth:`Replay.repetitions`.

    Raises
    ------
    midflight.DatabaseError
        The database or the replay failed.

    Warns
    -----
    RuntimeWarning
        The replay is not valid, because the machine could not generate the
        load in time for instance, or something could not be removed.

    Notes
    -----
    Takes the plan's own time, as often as ``repeat`` says. Ctrl-C ends it and
    removes the scratch database.
    """
    if not isinstance(scale, (int, float)) or not 1 <= scale < 1e9:
        raise _core.BadInput(f"scale must be a number from 1 to 1e9, not {scale!r}")
    if _count(repeat, "repeat") > _REPEAT_MAX:
        raise _core.BadInput(f"repeat must be at most {_REPEAT_MAX}, not {repeat}")
    if in_place and repeat > 1:
        raise _core.BadInput("in_place with repeat: the second replay would meet what the first one has changed")
    given = as_scenario(scenario, profile=profile)
    with shown(progress, "replay") as tell:
        text, page, report, notes = _core.replay(
            given._core, strategy or "", on, scale, repeat, _count(runs, "runs"), jobs, seed, in_place, keep, _core.Stop(), tell
        )
    for note in notes:
        warnings.warn(note, RuntimeWarning, stacklevel=2)
    return Replay(json.loads(text), page, report)
