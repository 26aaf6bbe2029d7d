"""Migrations checked, plans written, plans replayed."""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import _core
from ._frame import Frame
from ._predict import Source, _count
from ._progress import Progress, shown
from ._scenario import Path, as_scenario


class Check(Mapping[str, Any]):
    """What is dangerous about migrations, statement by statement.

    As a mapping it has the keys of ``midflight check --format json``.
    """

    def __init__(self, data: dict[str, Any], text: str, problems: list[str]) -> None:
        self.data, self._text, self.problems = data, text, problems

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<midflight.Check: {len(self['statements'])} statements, {len(self['findings'])} findings>"

    def findings(self) -> Frame:
        """One row per finding: ``rule``, ``severity``, ``file``, ``line``, ``column``, ``message``, ``instead``."""
        keys = ("rule", "severity", "file", "line", "column", "message", "instead")
        return Frame({key: [finding[key] for finding in self["findings"]] for key in keys})

    def to_pandas(self) -> Any:
        """:meth:`findings` as a pandas data frame."""
        return self.findings().to_pandas()

    def _repr_html_(self) -> str:
        return self.findings()._repr_html_()


def check(
    paths: Path | Sequence[Path] | None = None,
    *,
    sql: str | None = None,
    schema: Path | None = None,
    scenario: Source | None = None,
    database: str = "postgresql:15",
    framework: str = "",
    transaction: str = "",
    lock_timeout: str = "",
    statement_timeout: str = "",
    runs: int = 100,
    seed: int | None = None,
    jobs: int = 0,
) -> Check:
    """Locks, work and dangers of migrations, statement by statement.

    Parameters
    ----------
    paths
        Files, folders or patterns, in the order of the tool that runs them.
    sql
        The text of one migration, instead of files.
    schema
        A file with what exists before: the output of ``pg_dump --schema-only``.
    scenario
        An application, for predicted seconds and failed requests; brings schema and server.
    database
        ``postgresql:12`` to ``postgresql:18``.
    framework, transaction, lock_timeout, statement_timeout
        As the options of ``midflight check``; times are text with a unit.
    runs, seed, jobs
        Of the scenario's predictions, per transaction.

    Examples
    --------
    >>> import midflight
    >>> checked = midflight.check(sql="ALTER TABLE users ADD COLUMN nick text; CREATE INDEX i ON users (nick);")
    >>> "danger" in checked.findings()["severity"]
    True
    """
    settings = {
        "database": database, "framework": framework, "transaction": transaction,
        "lock_timeout": lock_timeout, "statement_timeout": statement_timeout,
    }  # fmt: skip
    if schema is not None:
        settings["schema"] = os.fspath(schema)
    core = as_scenario(scenario)._core if scenario is not None else None

    def of(files: list[str]) -> Check:
        text, told, problems = _core.check(files, settings, core, _count(runs, "runs"), jobs, seed, _core.Stop())
        if problems and not json.loads(text)["statements"]:
            raise _core.BadInput("; ".join(problems))
        return Check(json.loads(text), told, problems)

    if (sql is None) == (paths is None):
        raise TypeError("check needs either paths or sql")
    if sql is None:
        given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths or [])
        return of([os.fspath(path) for path in given])
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "migration.sql"
        file.write_text(sql, encoding="utf-8")
        return of([str(file)])


class Plan(Mapping[str, str]):
    """A plan as files: numbered SQL, a README and a scenario with the plan written out."""

    def __init__(self, files: list[tuple[str, str]]) -> None:
        self._files = dict(files)

    def __getitem__(self, name: str) -> str:
        return self._files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __str__(self) -> str:
        return "\n".join(text for name, text in self.items() if name.endswith(".sql"))

    def __repr__(self) -> str:
        return f"<midflight.Plan: {', '.join(self)}>"

    def save(self, folder: Path) -> None:
        """Writes the files into a new folder, or one that is empty."""
        target = pathlib.Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise _core.OutputError(f"{target} is not empty; name a new folder")
        for name, text in self.items():
            (target / name).write_text(text, encoding="utf-8")


def plan(scenario: Source, strategy: str | None = None) -> Plan:
    """A strategy's plan as files to review, to edit and to run.

    Parameters
    ----------
    scenario, strategy
        As for :func:`simulate`.

    Examples
    --------
    >>> import midflight
    >>> plan = midflight.plan("examples/rename_column/scenario.yaml", "expand_contract")
    >>> midflight.simulate(midflight.Scenario.from_yaml(plan["scenario.yaml"]), runs=5)["plan"].verdict
    'safe'
    """
    return Plan(_core.plan(as_scenario(scenario)._core, strategy or ""))


class Replay(Mapping[str, Any]):
    """A plan carried out on a database, beside its prediction.

    As a mapping it has the keys of ``midflight replay --format json``.
    """

    def __init__(self, data: dict[str, Any], page: str, text: str) -> None:
        self.data, self._page, self._text = data, page, text

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __str__(self) -> str:
        return self._text

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
                rows.append((key, value["p50"], value["p5"], value["p95"], float("nan") if measured is None else measured))
        columns = zip(*rows)
        return Frame(dict(zip(("quantity", "predicted", "p5", "p95", "measured"), map(list, columns))))

    def _repr_html_(self) -> str:
        return self.quantities()._repr_html_()


def replay(
    scenario: Source,
    strategy: str | None = None,
    *,
    on: str = "sqlite:",
    scale: float = 1.0,
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
    scale
        Divides every wait and soak; the database's own work is never scaled.
    runs, seed, jobs
        Of the prediction.
    in_place
        Use a database that exists, with its own rows.
    keep
        Leave the scratch database behind.
    progress
        As for :func:`compare`.

    Raises
    ------
    midflight.DatabaseError
        The database or the replay failed.

    Notes
    -----
    Takes the plan's own time. Ctrl-C ends it and removes the scratch database.
    """
    if not isinstance(scale, (int, float)) or not 1 <= scale < 1e9:
        raise _core.BadInput(f"scale must be a number from 1 to 1e9, not {scale!r}")
    given = as_scenario(scenario)
    with shown(progress, "replay") as tell:
        text, page, report = _core.replay(
            given._core, strategy or "", on, scale, _count(runs, "runs"), jobs, seed, in_place, keep, _core.Stop(), tell
        )
    return Replay(json.loads(text), page, report)


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
