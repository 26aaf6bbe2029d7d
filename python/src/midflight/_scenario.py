"""Scenarios: read, built, changed and written."""

from __future__ import annotations

import datetime
import html
import json
import os
import pathlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Union

from . import _core
from ._core import BadInput
from ._core import Scenario as CoreScenario
from ._html import table

if TYPE_CHECKING:
    from ._server import Calibration

Path = Union[str, "os.PathLike[str]"]
Profile = Union[Path, "Calibration"]


class Scenario:
    """Everything a prediction depends on: schema, sizes, traffic, fleet, database, the change, the seed.

    A scenario never changes; :meth:`with_` makes another one.

    Parameters
    ----------
    source
        A path of a YAML file, or a mapping with the keys of such a file.
    base
        The folder in which paths inside a mapping begin; the current one by default.

    Raises
    ------
    midflight.BadInput
        With every problem in ``problems``, each as (file, line, column, message).
    midflight.NotSupported
        It asks for something that is not built.

    Examples
    --------
    >>> import midflight
    >>> scenario = midflight.Scenario("examples/rename_column/scenario.yaml")
    >>> scenario.name
    'rename users.name to users.full_name'
    >>> scenario.with_(**{"app.pool": 20, "migration.lock_timeout": "1s"}).to_dict()["app"]["pool"]
    20
    >>> scenario.with_(**{"app.pol": 20})
    Traceback (most recent call last):
    ...
    midflight.BadInput: override app.pol: unknown key `pol` in `app`; did you mean `pool`?
    """

    __slots__ = ("_core",)
    _core: CoreScenario

    def __init__(self, source: Path | Mapping[str, Any], *, base: Path = ".") -> None:
        if isinstance(source, Mapping):
            self._core = _core.Scenario.from_text(_json(source, "the scenario"), "scenario", os.fspath(base))
        elif isinstance(source, (str, os.PathLike)):
            self._core = _core.Scenario.from_file(os.fspath(source), {})
        else:
            raise TypeError(f"a scenario is a path or a mapping, not {type(source).__name__}")

    @classmethod
    def from_yaml(cls, text: str, *, name: str = "scenario", base: Path = ".") -> Scenario:
        """A scenario from YAML text.

        Parameters
        ----------
        text
            What a scenario file holds.
        name
            Names the text in messages.
        base
            The folder in which its paths begin.

        Examples
        --------
        >>> import midflight
        >>> midflight.Scenario.from_yaml('''
        ... database: {engine: postgresql, version: 16}
        ... schema: "CREATE TABLE t (id bigint PRIMARY KEY, a text);"
        ... tables: {t: {rows: 1000}}
        ... app: {versions: {v1: [{name: get, rate: 10/s, sql: "SELECT a FROM t WHERE id = $1"}]}}
        ... change: ALTER TABLE t RENAME COLUMN a TO b
        ... ''').change
        'ALTER TABLE t RENAME COLUMN a TO b'
        """
        if not isinstance(text, str):
            raise TypeError(f"YAML is text, not {type(text).__name__}")
        return cls._of(_core.Scenario.from_text(text, name, os.fspath(base)))

    @classmethod
    def _of(cls, core: CoreScenario) -> Scenario:
        scenario = cls.__new__(cls)
        scenario._core = core
        return scenario

    def with_(self, values: Mapping[str, Any] | None = None, /, **more: Any) -> Scenario:
        """Another scenario with values replaced, checked as a whole again.

        Parameters
        ----------
        values, more
            New values by path: ``{"tables.users.rows": 30_000_000}``. Members of
            lists go by their name or id: ``app.versions.v1.profile.rate``,
            ``background.nightly report.every``, ``plan.copy.batch``. A time may
            be text with its unit (``"2s"``) or a :class:`datetime.timedelta`.

        Raises
        ------
        midflight.BadInput
            A path or a value is wrong; a misspelt path is told with the nearest.
        """
        return Scenario._of(self._core.with_overrides(_texts({**(values or {}), **more})))

    def to_dict(self) -> dict[str, Any]:
        """The keys of the file with replaced values in place.

        Numbers, ``true`` and ``false`` are Python's; ``1s`` and ``25%`` stay
        text. ``Scenario(scenario.to_dict(), base=...)`` is the same scenario.
        """
        data: dict[str, Any] = json.loads(self._core.json())
        return data

    def to_yaml(self) -> str:
        """The text as it was read, or YAML with replaced values in place."""
        return self._core.yaml()

    def save(self, path: Path) -> None:
        """Writes a file that needs no other: a schema or profile that it names is put inside."""
        pathlib.Path(path).write_text(self._core.portable_yaml(), encoding="utf-8")

    @property
    def name(self) -> str:
        """Its name, or that of its file."""
        return self._core.name

    @property
    def change(self) -> str:
        """The DDL that one would naively run; empty for a scenario with a plan of its own."""
        return self._core.change

    @property
    def seed(self) -> int:
        """The seed of all draws, unless a call says another."""
        return self._core.seed

    @property
    def assumptions(self) -> list[str]:
        """What was not said and is therefore assumed, in sentences."""
        return self._core.assumptions

    def strategies(self) -> dict[str, str]:
        """The strategies that apply.

        Returns
        -------
        dict
            Name to the reason of a refusal, which is empty for those that can carry out the change.
        """
        return {name: why if refused else "" for name, refused, why in self._core.proposals()}

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return _rebuilt, (self._core.portable_json(), self._core.file_name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self._core.portable_json() == other._core.portable_json()

    def __hash__(self) -> int:
        return hash(self._core.portable_json())

    def __repr__(self) -> str:
        return f"<midflight.Scenario {self.name!r}>"

    def _repr_html_(self) -> str:
        what = self.change or "a plan of its own"
        tables = [(name, f"{rows:,}", f"{size:,}") for name, rows, size in self._core.tables()]
        requests = [(version, name, f"{rate:,g}", sql) for version, name, rate, sql in self._core.endpoints()]
        return (
            f"<h4>{html.escape(self.name)}</h4><p><code>{html.escape(what)}</code>, {self._core.instances} instances</p>"
            + table({"table": "text", "rows": "number", "bytes per row": "number"}, tables)
            + table({"version": "text", "endpoint": "text", "requests/s": "number", "SQL": "code"}, requests)
        )


def _rebuilt(text: str, name: str) -> Scenario:
    return Scenario.from_yaml(text, name=name)


def as_scenario(
    source: Scenario | Path | Mapping[str, Any], overrides: Mapping[str, Any] | None = None, profile: Profile | None = None
) -> Scenario:
    """Whatever stands for a scenario, with values replaced."""
    if profile is not None:
        measured = os.path.abspath(profile) if isinstance(profile, (str, os.PathLike)) else getattr(profile, "profile", None)
        if not isinstance(measured, str):
            raise TypeError(f"a profile is a file or a Calibration, not {profile!r}")
        overrides = {**(overrides or {}), "database.profile": measured}
    if isinstance(source, (str, os.PathLike)):
        return Scenario._of(_core.Scenario.from_file(os.fspath(source), _texts(overrides or {})))
    scenario = source if isinstance(source, Scenario) else Scenario(source)
    return scenario.with_(overrides) if overrides else scenario


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as YAML; JSON is a part of it."""
    for path in values:
        if not isinstance(path, str):
            raise TypeError(f"a path is text such as 'app.pool', not {path!r}")
    return {path: _json(value, f"`{path}`") for path, value in values.items()}


def _json(value: Any, what: str) -> str:
    def plain(item: Any) -> Any:
        if isinstance(item, datetime.timedelta):
            return f"{item.total_seconds():.9f}s"
        if hasattr(item, "tolist"):  # NumPy's numbers and arrays
            return item.tolist()
        if isinstance(item, os.PathLike):
            return os.fspath(item)
        if isinstance(item, Mapping):
            return dict(item)
        raise TypeError(f"{what} cannot be {item!r}: use numbers, text, lists and mappings")

    try:
        return json.dumps(value, default=plain, ensure_ascii=False, allow_nan=False)
    except ValueError as wrong:
        raise BadInput(f"{what} must be a finite number, not {value!r}: {wrong}") from None
