"""Packages that only some functions need."""

from __future__ import annotations

import importlib
from types import ModuleType

from ._core import Error


class MissingPackage(Error, ImportError):
    """A package that this function needs is not installed; the message says how to install it."""


def require(name: str, extra: str = "notebook") -> ModuleType:
    """The module ``name``, or a :class:`MissingPackage` that says what to install."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        package = name.partition(".")[0]
        if missing.name is None or missing.name.partition(".")[0] != package:
            raise
        raise MissingPackage(f'{package} is not installed, which this needs: pip install "midflight[{extra}]"') from None
