"""What a live server tells."""

from __future__ import annotations

from . import _core


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
