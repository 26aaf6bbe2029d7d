"""Migrations checked."""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
from collections.abc import Sequence
from typing import Any

from . import _core
from ._document import Document
from ._frame import Frame
from ._predict import Source, _count
from ._scenario import Path, as_scenario


class Check(Document[Any]):
    """What is dangerous about migrations, statement by statement.

    As a mapping it has the keys of ``midflight check --format json``.
    """

    def __init__(self, data: dict[str, Any], text: str, problems: list[str]) -> None:
        super().__init__(data, text)
        self.problems = problems

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
