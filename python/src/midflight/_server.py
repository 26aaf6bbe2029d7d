"""What a live server tells: its schema, and its speed."""

from __future__ import annotations

import pathlib
import warnings

from . import _core
from ._frame import Frame
from ._progress import Progress, shown
from ._scenario import Path


def inspect(uri: str, *, between: float = 0.0) -> str:
    """A scenario skeleton from a live PostgreSQL database; reads only.

    Parameters
    ----------
    uri
        ``postgresql://user@host:port/database``
    between
        Look at ``pg_stat_statements`` twice, this many seconds apart, instead of since its last reset.

    Returns
    -------
    str
        YAML with what was found, and comments where something could not be
        seen. It lacks the change: add it, then read it with :meth:`Scenario.from_yaml`.

    Raises
    ------
    midflight.DatabaseError
        The database cannot be reached or read.
    """
    if not isinstance(between, (int, float)) or not 0 <= between <= 86_400:
        raise _core.BadInput(f"between must be a number of seconds from 0 to 86400, not {between!r}")
    return _core.inspect(uri, between, _core.Stop())


class Calibration:
    """What a server was measured to do: a profile that predictions can use.

    Give it to :func:`compare`, :func:`simulate` or :func:`replay` as
    ``profile=``, or save it and name the file in the scenario as
    ``database.profile``.
    """

    #: The profile as YAML, with settings of the server and residuals as comments.
    profile: str

    def __init__(self, profile: str, text: str, observations: list[tuple[str, str, float, float]]) -> None:
        self.profile, self._text, self._observations = profile, text, observations

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<midflight.Calibration of {len(self._observations)} kinds of work>"

    def observations(self) -> Frame:
        """One row per kind of work and table: ``work``, ``table``, ``measured_s``, and ``model_s`` by the fitted profile."""
        columns = [list(column) for column in zip(*self._observations)] or [[], [], [], []]
        return Frame(dict(zip(("work", "table", "measured_s", "model_s"), columns)))

    def save(self, path: Path) -> None:
        """Writes the profile as a file."""
        pathlib.Path(path).write_text(self.profile, encoding="utf-8")

    def _repr_html_(self) -> str:
        return self.observations()._repr_html_()


def calibrate(uri: str, *, size: float = 1.0, thorough: bool = False, progress: Progress = False) -> Calibration:
    """Measure a PostgreSQL server on scratch tables and fit the cost model to it.

    Parameters
    ----------
    uri
        ``postgresql://user@host:port/database``, of a role that may create databases.
    size
        Scratch tables of this share of the usual rows, 0.001 to 100.
    thorough
        Larger tables and more tries; takes several minutes.
    progress
        As for :func:`compare`; counts thousandths.

    Returns
    -------
    Calibration
        The profile, what was measured, and how far the model is from it.

    Raises
    ------
    midflight.DatabaseError
        No connection, no right to create a database, a replay or another
        calibration on the same server, or the server failed.

    Notes
    -----
    Works in a database of its own, which it removes again, also after Ctrl-C.
    Takes about a minute on an idle machine, three at most without ``thorough``.
    Warns where the numbers are less good than usual.
    """
    if not isinstance(size, (int, float)) or not 0.001 <= size <= 100:
        raise _core.BadInput(f"size must be a number from 0.001 to 100, not {size!r}")
    with shown(progress, "calibrate") as tell:
        profile, text, observations, notes = _core.calibrate(uri, float(size), thorough, _core.Stop(), tell)
    for note in notes:
        warnings.warn(note, RuntimeWarning, stacklevel=2)
    return Calibration(profile, text, observations)
