"""Predicts the downtime of a database schema change before anyone runs it.

>>> import midflight
>>> result = midflight.compare("examples/rename_column/scenario.yaml", runs=20)
>>> result.best, result["naive"].verdict
('rename_with_view', 'down')
"""

from . import _core as _core
from ._core import BadInput, DatabaseError, Error, Interrupted, NotSupported, OutputError
from ._core import version as __version__
from ._check import Check, check
from ._find import Found, find
from ._frame import Frame
from ._optional import MissingPackage
from ._plan import Plan, plan
from ._predict import compare, requests, simulate, strategies
from ._replay import Replay, replay
from ._result import Result, Strategy
from ._scenario import Scenario
from ._server import Calibration, calibrate, inspect
from ._sweep import Sweep, sweep
from . import plots as plots

__all__ = [
    "BadInput",
    "Calibration",
    "Check",
    "DatabaseError",
    "Error",
    "Found",
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
    "Sweep",
    "__version__",
    "calibrate",
    "check",
    "compare",
    "find",
    "inspect",
    "plan",
    "plots",
    "replay",
    "requests",
    "simulate",
    "strategies",
    "sweep",
]
