"""What binds: every limit that the plan would gain from moving, and what one more unit is worth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.compile import CompiledPlan
from planboard.economy import Array
from planboard.program import Axis, Family, Point
from planboard.solution.prices import numeraire, worth_unit

LEAST_DUAL = 1e-9  # Of the scaled program: smaller duals are rounding, not scarcity.
COLUMNS = ["kind", "region", "name", "order", "total", "year", "value", "unit"]


@dataclass(frozen=True)
class Binds:
    """How a family of rows or of column bounds is told: its kind, and the axes of its name."""

    kind: str
    axes: tuple[str, ...]


ROWS = {
    "capacity": Binds("capacity", ("activity", "kind")),
    "factor": Binds("factor", ("factor",)),
    "external": Binds("external balance", ()),
    "pace": Binds("pace of decline", ("activity",)),
    "pace_growth": Binds("pace of growth", ("activity",)),
    "provision": Binds("provision for later years", ("activity", "kind")),
    "stock_end": Binds("stock at the end", ("product",)),
    "steady": Binds("consumption may not fall", ("category",)),
    "wish": Binds("order", ("order", "region", "product", "activity", "factor", "category")),
    "order": Binds("order", ("order", "region", "product", "activity", "factor", "category")),
}
BOUNDS = {
    "exports": Binds("band of exports", ("product", "market")),
    "imports": Binds("band of imports", ("product", "market")),
    "consumption": Binds("final use asked", ("category",)),
}


def binding(compiled: CompiledPlan, point: Point) -> pd.DataFrame:
    """Every limit with a price, worst first within its year.

    value : what moving the limit by one unit in the plan's favour is worth, in `unit`
    total : the same for all that is limited, so that limits can be ranked. That is the bound, or
        where it is zero each of the two sides of the row; that a quantity is not below zero is no
        limit.
    """
    program = compiled.program
    reduced = program.cost - program.transposed @ point.row_dual
    z = point.column_value
    # A row that holds two sides apart (activity below capacity) limits as much as either of them.
    side = (abs(program.matrix) @ np.abs(z) + program.matrix @ z) / 2
    frames = [
        *_priced(compiled, program.rows, point.row_dual, side, ROWS),
        *_priced(compiled, program.columns, reduced, np.zeros(len(z)), BOUNDS),
    ]
    found = pd.concat([f for f in frames if len(f)]) if any(map(len, frames)) else pd.DataFrame()
    if found.empty:
        return pd.DataFrame(columns=COLUMNS)
    found = _valued(found, compiled, numeraire(compiled, point))
    found = found[found["year"].isin(compiled.plan.years)]
    return found.sort_values(["year", "total"], ascending=[True, False]).reset_index(drop=True)


def _priced(
    compiled: CompiledPlan, axis: Axis, dual: Array, side: Array, families: dict[str, Binds]
) -> list[pd.DataFrame]:
    """What has a dual; `side` is how much a bound of zero limits."""
    unit = compiled.program.objective_unit
    frames = []
    for family, span in axis.spans():
        binds = families.get(family.name)
        if binds is None:
            continue
        bound = np.abs(np.where(dual[span] > 0, axis.lower[span], axis.upper[span]))
        size = np.where(bound > 0, bound, side[span])
        is_limit = (size > 0) & np.isfinite(size)
        at = np.nonzero((np.abs(dual[span]) > LEAST_DUAL) & is_limit)[0]
        worth = np.abs(dual[span][at]) * unit
        frame = _named(family, at, binds)
        frame["value"] = worth / axis.unit[span][at]
        frame["total"] = worth * size[at]
        frames.append(frame)
    return frames


def _named(family: Family, at: NDArray[np.int64], binds: Binds) -> pd.DataFrame:
    labels = family.index[at].to_frame(index=False)
    parts = [labels[axis].astype(str) for axis in binds.axes if axis in labels]
    name = parts[0] if parts else pd.Series("", index=labels.index)
    for part in parts[1:]:
        name = name.where(part.isin(["world", "capital"]), name + ", " + part)
    return pd.DataFrame(
        {
            "kind": binds.kind,
            "region": labels.get("region", ""),
            "name": name,
            "order": labels.get("order", ""),
            "year": labels["year"],
        }
    )


def _unit(compiled: CompiledPlan, kind: str, name: str) -> str:
    """What a limit of this kind is counted in."""
    if kind == "factor":
        return next(factor.unit for factor in compiled.economy.factors if factor.name == name)
    if kind in ("final use asked", "consumption may not fall"):
        return "base-year basket"
    if kind == "order":
        id_ = name.split(", ", maxsplit=1)[0]
        return next(rows.unit_name for rows in compiled.orders if rows.order.id == id_)
    return compiled.economy.unit


def _valued(found: pd.DataFrame, compiled: CompiledPlan, worth: Array) -> pd.DataFrame:
    """Values in the numeraire of their year."""
    place = {year: t for t, year in enumerate(compiled.plan.solved_years)}
    scale = worth[[place[int(year)] for year in found["year"]]]
    unit = [
        f"{worth_unit(compiled)} per {_unit(compiled, kind, name)}"
        for kind, name in zip(found["kind"], found["name"], strict=True)
    ]
    found = found.assign(value=found["value"] / scale, total=found["total"] / scale, unit=unit)
    return found[COLUMNS]
