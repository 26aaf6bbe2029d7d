"""What a prediction comes to."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import _core
from ._frame import Frame
from ._html import table
from ._scenario import Path, Scenario

_FRAMES = ("runs", "steps", "endpoints", "errors")
_TEXTS = ("html", "text", "markdown", "story")


class Result(Mapping[str, Any]):
    """Predictions of one or several strategies, best first.

    As a mapping it has the keys of ``midflight --format json``. Every number
    of that is a distribution over the runs (``mean``, ``p5``, ``p50``,
    ``p95``); the frames have the runs themselves.

    Examples
    --------
    >>> import midflight
    >>> result = midflight.compare("examples/rename_column/scenario.yaml", runs=20)
    >>> result.best
    'rename_with_view'
    >>> result["naive"].verdict, result["naive"].failed_requests["p50"] > 10_000
    ('down', True)
    >>> runs = result.runs()
    >>> runs.rows, runs["downtime_s"].shape
    (80, (80,))
    """

    def __init__(self, core: _core.Result, scenario: Scenario) -> None:
        self._core: _core.Result | None = core
        self._kept: dict[str, Any] = {}
        self._frames: dict[str, Frame] = {}
        self.scenario = scenario

    @property
    def data(self) -> dict[str, Any]:
        """The JSON of the command line, as a dict."""
        if "data" not in self._kept:
            self._kept["data"] = json.loads(self._text("json"))
        data: dict[str, Any] = self._kept["data"]
        return data

    def __getitem__(self, key: str) -> Any:
        if key in self.data:
            return self.data[key]
        for strategy in self.data["strategies"]:
            if strategy["name"] == key:
                return Strategy(strategy)
        raise KeyError(f"no key and no strategy {key!r}; strategies are {', '.join(self.names)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    @property
    def names(self) -> list[str]:
        """Names of the strategies, best first."""
        return [strategy["name"] for strategy in self.data["strategies"]]

    @property
    def best(self) -> str:
        """Name of the best strategy."""
        return self.names[0]

    def runs(self) -> Frame:
        """One row per strategy and run: all quantities, in seconds where the name ends in ``_s``.

        Where ``endless`` is true the downtime does not end by itself, and ``downtime_s`` is only its beginning.
        """
        return self._frame("runs")

    def steps(self) -> Frame:
        """One row per strategy, run and step: when it began and ended, how long it waited for and held its lock."""
        return self._frame("steps")

    def endpoints(self) -> Frame:
        """One row per strategy, run, version and endpoint."""
        return self._frame("endpoints")

    def errors(self) -> Frame:
        """One row per strategy, run and error that requests of a version's endpoint met, with their number."""
        return self._frame("errors")

    def timeline(self, strategy: str | None = None) -> Frame:
        """What happened when in the run that is told: ``at_s``, ``until_s``, ``lane``, ``what``.

        Parameters
        ----------
        strategy
            The best one by default.
        """
        entries = self._strategy(strategy)["timeline"]
        return Frame({key: [entry[key] for entry in entries] for key in ("at_s", "until_s", "lane", "what")})

    def summary(self) -> Frame:
        """One row per strategy and quantity: ``mean``, ``p5``, ``p50``, ``p95`` over the runs."""
        rows: list[tuple[Any, ...]] = []
        for strategy in self.data["strategies"]:
            for key, value in strategy.items():
                if isinstance(value, dict) and "p95" in value:
                    rows.append((strategy["name"], strategy["verdict"], key, *(value[s] for s in _STATISTICS)))
        columns = list(zip(*rows)) if rows else [()] * 7
        return Frame(dict(zip(("strategy", "verdict", "quantity", *_STATISTICS), map(list, columns))))

    def to_pandas(self) -> Any:
        """:meth:`runs` as a pandas data frame."""
        return self.runs().to_pandas()

    def to_arrow(self) -> Any:
        """:meth:`runs` as an Arrow table."""
        return self.runs().to_arrow()

    def to_html(self, path: Path | None = None) -> str:
        """The report as one page without outside references; also written to ``path`` if one is given."""
        page = self._text("html")
        if path is not None:
            pathlib.Path(path).write_text(page, encoding="utf-8")
        return page

    def to_markdown(self) -> str:
        """The report as GitHub Markdown."""
        return self._text("markdown")

    def explain(self) -> str:
        """One run as a story; empty when several strategies were compared."""
        return self._text("story")

    def plot(self, **options: Any) -> Any:
        """The comparison of several strategies, or the timeline of a single one.

        See :func:`midflight.plots.comparison` and :func:`midflight.plots.timeline`.
        """
        from . import plots

        return plots.comparison(self, **options) if len(self.names) > 1 else plots.timeline(self, **options)

    def __str__(self) -> str:
        return self._text("text")

    def __repr__(self) -> str:
        strategies = ", ".join(f"{s['name']}: {s['verdict']}" for s in self.data["strategies"])
        return f"<midflight.Result of {self.data['runs']} runs; {strategies}>"

    def _repr_html_(self) -> str:
        columns = {"downtime p95": "number", "failed p95": "number", "total p50": "number"}
        return table({"strategy": "text", "verdict": "text", **columns, "why": "text"}, map(_row, map(Strategy, self.data["strategies"])))

    def _strategy(self, name: str | None) -> dict[str, Any]:
        found: dict[str, Any] = self[name or self.best].data
        return found

    def _frame(self, name: str) -> Frame:
        if name not in self._frames:
            assert self._core is not None
            self._frames[name] = Frame(getattr(self._core, name)())
        return self._frames[name]

    def _text(self, name: str) -> str:
        if name not in self._kept:
            assert self._core is not None
            make: Callable[[], str] = getattr(self._core, name)
            self._kept[name] = make()
        text: str = self._kept[name]
        return text

    def __getstate__(self) -> dict[str, Any]:
        """Everything that the core could still be asked for."""
        for name in _TEXTS:
            self._text(name)
        for name in _FRAMES:
            self._frame(name)
        kept = {"data": self.data, **{name: self._text(name) for name in _TEXTS}}
        return {"_core": None, "_kept": kept, "_frames": self._frames, "scenario": self.scenario}


_STATISTICS = ("mean", "p5", "p50", "p95")


class Strategy:
    """One strategy of a result; the keys of its JSON are attributes.

    Those whose name ends in ``_s`` are seconds, all other numbers counts, each
    with ``mean``, ``p5``, ``p50`` and ``p95``.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "data" or name not in self.data:
            raise AttributeError(f"a strategy has no {name!r}")
        return self.data[name]

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def __repr__(self) -> str:
        return f"<midflight.Strategy {self.data['name']}: {self.data['verdict']}>"


def _row(s: Strategy) -> tuple[str, ...]:
    if s.downtime_s is None:
        return s.name, s.verdict, "", "", "", s.why
    downtime, failed, total = s.downtime_s["p95"], s.failed_requests["p95"], s.total_time_s["p50"]
    lasting = f"{downtime:,.1f} s" + (f", endless in {s.endless_runs} runs" if s.endless_runs else "")
    return s.name, s.verdict, lasting, f"{failed:,.0f}", f"{total:,.0f} s", s.why
