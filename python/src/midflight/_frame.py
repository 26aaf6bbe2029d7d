"""Columns of one length: what every table of numbers comes as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ._html import table
from ._optional import require

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

    Array = np.ndarray[Any, np.dtype[Any]]

_ROWS_SHOWN = 20


class Frame(Mapping[str, Any]):
    """Columns of one length, as NumPy arrays.

    Numbers are views into the memory that the engine wrote, not copies. A
    column of names is kept as small numbers (:attr:`codes`) and the names they
    stand for (:attr:`names`); ``frame["version"]`` spells it out.

    Columns whose name ends in ``_s`` are seconds, ``_rows`` rows, all other
    numbers counts.

    Examples
    --------
    >>> import midflight
    >>> frame = midflight.Frame({"run": [0, 1], "downtime_s": [0.5, 1.5]})
    >>> float(frame["downtime_s"].mean())
    1.0
    >>> len(frame), frame.rows
    (2, 2)
    """

    def __init__(self, columns: Mapping[str, Any]) -> None:
        import numpy as np

        self._numbers: dict[str, Array] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        for name, column in columns.items():
            if isinstance(column, tuple):  # codes and names, from the core
                codes, names = column
                self._numbers[name] = np.asarray(codes)
                self._names[name] = tuple(names)
            else:
                self._numbers[name] = np.asarray(column)
        lengths = {name: len(column) for name, column in self._numbers.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of different lengths: {lengths}")

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self._numbers.values()))) if self._numbers else 0

    @property
    def codes(self) -> Mapping[str, Array]:
        """The numbers behind every column of names."""
        return {name: self._numbers[name] for name in self._names}

    @property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """What the numbers of every column of names stand for."""
        return self._names

    def __getitem__(self, name: str) -> Array:
        import numpy as np

        try:
            column = self._numbers[name]
        except KeyError:
            raise KeyError(f"no column {name!r}; there are {', '.join(self._numbers)}") from None
        if name not in self._names:
            return column
        return np.asarray(self._names[name], dtype=object)[column] if len(column) else np.empty(0, dtype=object)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __repr__(self) -> str:
        return f"<midflight.Frame: {self.rows:,} rows of {', '.join(self._numbers)}>"

    def to_pandas(self) -> pd.DataFrame:
        """A pandas data frame; numbers are not copied, names become categories.

        Raises
        ------
        midflight.MissingPackage
            pandas is not installed.
        """
        pandas = require("pandas")
        columns = {}
        for name, column in self._numbers.items():
            if name in self._names:
                dtype = pandas.CategoricalDtype(list(self._names[name]))
                columns[name] = pandas.Categorical.from_codes(column, dtype=dtype, validate=False)
            else:
                columns[name] = column
        frame: pd.DataFrame = pandas.DataFrame(columns, copy=False)
        return frame

    def to_arrow(self) -> pa.Table:
        """An Arrow table; numbers are not copied, names become dictionaries.

        Raises
        ------
        midflight.MissingPackage
            pyarrow is not installed.
        """
        arrow = require("pyarrow")
        columns = {}
        for name, column in self._numbers.items():
            array = arrow.array(column)
            if name in self._names:
                array = arrow.DictionaryArray.from_arrays(array, arrow.array(self._names[name], type=arrow.string()))
            columns[name] = array
        return arrow.table(columns)

    def _repr_html_(self) -> str:
        shown = {name: self[name][:_ROWS_SHOWN] for name in self}
        kinds = {name: "text" if column.dtype == object else "number" for name, column in shown.items()}
        page = table(kinds, (map(_text, row) for row in zip(*shown.values())))
        more = f"<p>{self.rows:,} rows</p>" if self.rows > _ROWS_SHOWN else ""
        return page + more


def _text(value: Any) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
