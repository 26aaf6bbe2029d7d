"""Packages that only some functions need."""

from __future__ import annotations

import importlib
from pathlib import Path
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
        raise MissingPackage(f"{package} is not installed, which this needs: {_advice(extra)}") from None


def _advice(extra: str) -> str:
    """What brings the packages of a group: in a checkout, which these files are linked from, its own script."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "script" / "install-python").is_file():
            return f"{folder}/script/install-python {extra}"
    return f'pip install ".[{extra}]" in the checkout that midflight was installed from'
