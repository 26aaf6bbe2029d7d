"""Predicts the downtime of a database schema change before anyone runs it.

>>> import midflight
>>> result = midflight.compare("examples/rename_column/scenario.yaml")  # doctest: +SKIP
>>> result["strategies"][0]["name"]  # doctest: +SKIP
'expand_contract'
"""

from ._core import BadInput, DatabaseError, Error, Interrupted, NotSupported, OutputError
from ._core import version as __version__
from ._predict import compare, simulate, strategies

__all__ = [
    "BadInput",
    "DatabaseError",
    "Error",
    "Interrupted",
    "NotSupported",
    "OutputError",
    "__version__",
    "compare",
    "simulate",
    "strategies",
]
