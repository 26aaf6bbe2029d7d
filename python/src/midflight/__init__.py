"""Predicts the downtime of a database schema change before anyone runs it.

>>> import midflight
>>> result = midflight.compare("examples/rename_column/scenario.yaml", runs=20)
>>> result.best, result["naive"].verdict
('rename_with_view', 'down')
"""

from . import _core as _core
from ._core import BadInput, DatabaseError, Error, Interrupted, NotSupported, OutputError
from ._core import version as __version__
from ._frame import Frame
from ._optional import MissingPackage
from ._predict import compare, requests, simulate, strategies
from ._result import Result, Strategy
from ._scenario import Scenario
from ._verbs import Check, Plan, Replay, check, inspect, plan, replay

__all__ = [
    "BadInput",
    "Check",
    "DatabaseError",
    "Error",
    "Frame",
    "Interrupted",
    "MissingPackage",
    "NotSupported",
    "OutputError",
    "Plan",
    "Replay",
    "Result",
    "Scenario",
    "Strategy",
    "__version__",
    "check",
    "compare",
    "inspect",
    "plan",
    "replay",
    "requests",
    "simulate",
    "strategies",
]
