"""Plans as files."""

from __future__ import annotations

import pathlib

from . import _core
from ._document import Document
from ._predict import Source
from ._scenario import Path, as_scenario


class Plan(Document[str]):
    """A plan as files: numbered SQL, a README and a scenario with the plan written out."""

    def __init__(self, files: list[tuple[str, str]]) -> None:
        text = "\n".join(text for name, text in files if name.endswith(".sql"))
        super().__init__(dict(files), text)

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
