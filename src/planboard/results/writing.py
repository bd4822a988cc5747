"""Solution -> result folder."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from planboard import __version__
from planboard.compare.plans import PlanComparison
from planboard.economy import Economy
from planboard.economy_folder import write_economy
from planboard.errors import InfeasiblePlanError
from planboard.horizon import HorizonEffect
from planboard.plan import Plan
from planboard.report.comparison import render_comparison
from planboard.report.html import render_report
from planboard.results.fingerprint import fingerprint, inputs_hash, plan_json
from planboard.results.folder import MARK, new_folder
from planboard.solution import Solution

FORMAT = 1  # Of the result folder; a later one is refused.
DERIVED = (
    "exports",
    "imports",
    "trade",
)  # Nearest to the base-year pattern with the same net trade.


def write_result(
    solution: Solution,
    path: str | Path,
    *,
    plan_text: str | None = None,
    seconds: Mapping[str, float] | None = None,
    horizon: HorizonEffect | None = None,
) -> Path:
    """Write a solution as a result folder with its tables, duals and report.

    Parameters
    ----------
    solution, path
        What to write, and where: an earlier result is replaced, any other folder refused.
    plan_text
        The plan file's text, kept as it is beside the plan.
    seconds
        Time spent before, by step, such as "read".
    horizon
        How much the horizon moves the plan, for the report: see `horizon_effect`.
    """
    begun = perf_counter()
    with new_folder(path) as folder:
        _write_inputs(solution.economy, solution.plan, folder, plan_text)
        for name, table in solution.tables().items():
            table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
        _write_point(solution, folder)
        page = render_report(solution, horizon=horizon)
        (folder / "report.html").write_text(page, encoding="utf-8")
        spent = {**(seconds or {}), **solution.seconds, "write": perf_counter() - begun}
        _write_info(folder, _solved(solution, spent))
    return Path(path)


def write_comparison(
    solutions: Sequence[Solution],
    comparison: PlanComparison,
    path: str | Path,
    *,
    steps: pd.DataFrame | None = None,
    actual: bool = False,
) -> Path:
    """Write the tables of a comparison and its report as a folder; see `compare_results`.

    `steps` come from `explain_difference`; with `actual` every plan is held against what happened.
    """
    tables = {
        name: getattr(comparison, name)
        for name in ("industries", "regions", "ranked", "decomposition", "welfare")
    }
    if steps is not None:
        tables["steps"] = steps
    with new_folder(path) as folder:
        for name, table in tables.items():
            table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
        page = render_comparison(list(solutions), comparison, steps, actual=actual)
        (folder / "report.html").write_text(page, encoding="utf-8")
        info = {
            "kind": MARK,
            "format": FORMAT,
            "status": "comparison",
            "plans": list(comparison.names),
            "version": __version__,
        }
        text = json.dumps(info, indent=1, ensure_ascii=False)
        (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    return Path(path)


def write_refusal(
    error: InfeasiblePlanError,
    economy: Economy,
    plan: Plan,
    path: str | Path,
    *,
    plan_text: str | None = None,
) -> Path:
    """Write a result folder that says why a plan cannot be carried out."""
    planned = economy.part(plan.regions) if plan.regions else economy
    with new_folder(path) as folder:
        _write_inputs(planned, plan, folder, plan_text)
        info = {
            **_about(planned, plan, "infeasible"),
            "message": str(error),
            "orders": list(error.orders),
            "reasons": list(error.evidence),
        }
        _write_info(folder, info)
    return Path(path)


def _about(economy: Economy, plan: Plan, status: str) -> dict[str, Any]:
    return {
        "kind": MARK,
        "format": FORMAT,
        "status": status,
        "plan": plan.name,
        "economy": economy.name,
        "years": list(plan.years),
        "regions": list(economy.region_names),
        "version": __version__,
        "inputs_sha256": fingerprint(economy, plan),
    }


def _solved(solution: Solution, seconds: Mapping[str, float]) -> dict[str, Any]:
    program, verdict = solution.compiled.program, solution.verdict
    return {
        **_about(solution.economy, solution.plan, "optimal"),
        "objective": solution.objective,
        "objective_in_units": solution.objective_in_units,
        "objective_unit": solution.objective_unit,
        "primal_residual": verdict.primal_residual,
        "dual_residual": verdict.dual_residual,
        "relative_gap": verdict.relative_gap,
        "room": solution.compiled.room,
        "rows": program.shape[0],
        "columns": program.shape[1],
        "nonzeros": int(program.matrix.nnz),
        "solver": solution.point.solver,
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
        "derived": list(DERIVED),
    }


def _write_inputs(economy: Economy, plan: Plan, folder: Path, plan_text: str | None) -> None:
    write_economy(economy, folder / "economy")
    (folder / "plan.json").write_bytes(plan_json(plan))
    if plan_text is not None:
        (folder / "plan.toml").write_text(plan_text, encoding="utf-8")


def _write_info(folder: Path, info: Mapping[str, Any]) -> None:
    info = {**info, "stored_sha256": inputs_hash(folder)}
    text = json.dumps(info, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "result.json").write_text(text + "\n", encoding="utf-8")


def _write_point(solution: Solution, folder: Path) -> None:
    program, point = solution.compiled.program, solution.point
    rows = pd.DataFrame({"name": program.rows.names(), "dual": point.row_dual})
    columns = pd.DataFrame(
        {
            "name": program.columns.names(),
            "value": point.column_value,
            "reduced_cost": program.cost - program.transposed @ point.row_dual,
        }
    )
    rows.to_parquet(folder / "row_duals.parquet", index=False, compression="zstd")
    columns.to_parquet(folder / "column_values.parquet", index=False, compression="zstd")
    records = [
        (region, category, t, step, value)
        for region, categories in solution.compiled.tangents.items()
        for category, points in categories.items()
        for (t, step), value in np.ndenumerate(points)
    ]
    names = ["region", "category", "t", "step", "value"]
    table = pd.DataFrame(records, columns=names)
    table.to_parquet(folder / "tangents.parquet", index=False, compression="zstd")
