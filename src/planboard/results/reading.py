"""Result folder -> Result: its tables, and the solution put together again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter

from planboard.compile import CompiledPlan, compile_program
from planboard.compile.member import Tangents
from planboard.economy import Economy
from planboard.economy_folder import read_economy
from planboard.errors import InfeasiblePlanError, UnreadableFileError
from planboard.labels import positions
from planboard.plan import Plan
from planboard.program import Point
from planboard.results.fingerprint import inputs_hash
from planboard.results.folder import MARK
from planboard.results.writing import FORMAT
from planboard.solution import TABLES, Solution
from planboard.verify import verify


@dataclass(frozen=True, eq=False)
class Result:
    """A result folder that was read back: `info` is its result.json."""

    path: Path
    info: Mapping[str, Any]

    @property
    def is_optimal(self) -> bool:
        """Whether the plan was solved; otherwise there are no tables."""
        return bool(self.info["status"] == "optimal")

    @cached_property
    def plan(self) -> Plan:
        """The plan that was solved."""
        plan = TypeAdapter(Plan).validate_json((self.path / "plan.json").read_text("utf-8"))
        return plan

    @cached_property
    def economy(self) -> Economy:
        """The economy as solved."""
        return read_economy(self.path / "economy")

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables, by name."""
        positions("table", [name], TABLES)
        return pd.read_parquet(self.path / f"{name}.parquet")

    @cached_property
    def solution(self) -> Solution:
        """The solution, put together from the plan, the economy and every dual of the folder."""
        if not self.is_optimal:
            raise InfeasiblePlanError(
                f"The result in {self.path} is of a plan that cannot be carried out.",
                list(self.info.get("reasons", [])),
                "Explain the plan itself: planboard explain PLAN.toml",
                orders=list(self.info.get("orders", [])),
            )
        if inputs_hash(self.path) != self.info.get("stored_sha256"):
            raise UnreadableFileError(
                f"The result in {self.path} was changed after it was written.",
                ["plan.json or the folder economy have not the hash that result.json tells"],
                "Solve the plan again.",
            )
        tangents = _read_tangents(self.path / "tangents.parquet")
        compiled = compile_program(
            self.economy, self.plan, tangents=tangents, room=self.info.get("room")
        )
        point = _read_point(self.path, compiled, str(self.info["solver"]))
        verdict = verify(compiled.program, point)
        return Solution(compiled, point, verdict, self.info["seconds"])


def read_result(path: str | Path) -> Result:
    """Read a result folder.

    Raises
    ------
    UnreadableFileError
        It is no result folder, is damaged, or was written by a later version.
    """
    folder = Path(path)
    try:
        info = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            f"{folder} is not a result of Planboard.",
            [f"result.json: {error}"],
            "Name a folder that `planboard plan` wrote.",
        ) from error
    if not isinstance(info, dict) or info.get("kind") != MARK:
        raise UnreadableFileError(
            f"{folder} is not a result of Planboard.",
            ["its result.json says nothing of the kind"],
            "Name a folder that `planboard plan` wrote.",
        )
    if info["format"] > FORMAT:
        raise UnreadableFileError(
            f"The result in {folder} was written by a later version of Planboard.",
            [f"format {info['format']}, version {info['version']}; this one reads up to {FORMAT}"],
            "Upgrade Planboard.",
        )
    return Result(folder, info)


def _read_tangents(file: Path) -> Tangents:
    table = pd.read_parquet(file)
    found: dict[str, dict[str, Any]] = {}
    for (region, category), rows in table.groupby(["region", "category"], sort=False):
        points = rows.pivot_table(index="t", columns="step", values="value").to_numpy()
        found.setdefault(str(region), {})[str(category)] = points
    return found


def _read_point(path: Path, compiled: CompiledPlan, solver: str) -> Point:
    program = compiled.program
    rows = pd.read_parquet(path / "row_duals.parquet")
    columns = pd.read_parquet(path / "column_values.parquet")
    if (
        list(rows["name"]) != program.rows.names()
        or list(columns["name"]) != program.columns.names()
    ):
        raise UnreadableFileError(
            f"The result in {path} does not fit its own plan and economy.",
            ["its rows and columns have other names than those compiled now"],
            "Solve the plan again with this version.",
        )
    value, dual = columns["value"].to_numpy(), rows["dual"].to_numpy()
    return Point("optimal", value, dual, columns["reduced_cost"].to_numpy(), solver)
