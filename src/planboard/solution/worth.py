"""What the plan is worth, and the scarce things that its worth comes from: strong duality.

For every member, its part of the objective equals what its own rows and bounds are worth plus what
it earns on shared rows (net deliveries to markets, orders over several members). The board's side
is what the shared rows are worth, paid out to the members.
"""

import numpy as np
import pandas as pd

from planboard.compile import CompiledPlan
from planboard.economy import Array
from planboard.program import BOARD, Axis, Point

WORTH, SOURCE = "worth", "source"
COLUMNS = ["member", "side", "entry", "value"]
TOGETHER = {"bounds of segment": "utility"}  # The end of a segment is where utility grows slower.


def value_added_up(compiled: CompiledPlan, point: Point) -> pd.DataFrame:
    """Worth and its sources by member; both sides of every member are equal.

    In the objective's unit, positive where it makes the plan better. Columns: member, side
    ("worth" or "source"), entry, value, unit.
    """
    program = compiled.program
    reduced = program.cost - program.transposed @ point.row_dual
    row_worth = -bound_worth(program.rows, point.row_dual)
    column_worth = -bound_worth(program.columns, reduced)
    shared = program.row_owner == BOARD
    earned = -(program.matrix[shared].T @ point.row_dual[shared]) * point.column_value
    own = -program.cost * point.column_value
    records: list[tuple[str, str, str, float]] = []
    for owner, name in [*enumerate(program.members), (BOARD, "board")]:
        mine = program.column_owner == owner
        records.append((name, WORTH, "objective", float(own[mine].sum())))
        records.append((name, SOURCE, "earned on shared rows", float(earned[mine].sum())))
        records += _by_family(name, program.rows, row_worth, program.row_owner == owner)
        records += _by_family(name, program.columns, column_worth, mine, "bounds of ")
    records.append(("board", SOURCE, "paid out on shared rows", -float(earned.sum())))
    frame = pd.DataFrame(records, columns=COLUMNS)
    frame = frame.groupby(COLUMNS[:3], sort=False)["value"].sum().reset_index()
    frame["value"] *= program.objective_unit
    return frame[frame["value"] != 0].assign(unit="objective").reset_index(drop=True)


def bound_worth(axis: Axis, dual: Array) -> Array:
    """Dual times active bound, zero where the bound is infinite."""
    bound = np.where(dual > 0, axis.lower, axis.upper)
    return np.where(np.isfinite(bound), dual * np.where(np.isfinite(bound), bound, 0.0), 0.0)


def _by_family(
    member: str, axis: Axis, worth: Array, mine: Array, prefix: str = ""
) -> list[tuple[str, str, str, float]]:
    return [
        (member, SOURCE, TOGETHER.get(entry, entry), float(worth[span][mine[span]].sum()))
        for family, span in axis.spans()
        if mine[span].any()
        for entry in [f"{prefix}{family.name}"]
    ]
