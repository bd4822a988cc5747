"""What became of every order and wish: what was asked, what is reached, and what it costs."""

import numpy as np
import pandas as pd

from planboard.compile import CompiledPlan
from planboard.economy import Array
from planboard.program import Point
from planboard.solution.prices import numeraire

COLUMNS = [
    "order",
    "key",
    "at_least",
    "at_most",
    "base",
    "missed",
    "price",
    "year",
    "value",
    "unit",
]
ROOM = ("room", "missed", "exceeded")  # Columns by which rows give way.


def order_table(compiled: CompiledPlan, point: Point) -> pd.DataFrame:
    """Every row of every order and wish.

    value : the amount reached; missed : by how much it lies outside what was asked
    price : what easing it by one unit would be worth, in prices of its year
    """
    reached, dual = _reached(compiled, point), _duals(compiled, point)
    worth = numeraire(compiled, point)
    frames = []
    for rows in compiled.orders:
        labels = rows.index.to_frame(index=False)
        keys = labels.drop(columns=["order", "year"])
        value = reached[rows.family, rows.order.id]
        year = np.array([compiled.plan.solved_years.index(y) for y in labels["year"]])
        frame = pd.DataFrame(
            {
                "order": rows.order.id,
                "key": [", ".join(map(str, key)) for key in keys.to_numpy()],
                "at_least": rows.lower,
                "at_most": rows.upper,
                "base": rows.base,
                "missed": np.maximum(0.0, np.maximum(rows.lower - value, value - rows.upper)),
                "price": np.abs(dual[rows.family, rows.order.id]) / worth[year],
                "year": labels["year"],
                "value": value,
                "unit": rows.unit_name,
            }
        )
        frames.append(frame)
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)
    return found[found["year"].isin(compiled.plan.years)][COLUMNS].reset_index(drop=True)


def _reached(compiled: CompiledPlan, point: Point) -> dict[tuple[str, str], Array]:
    """Amounts of every order's rows, without the room they were given."""
    program = compiled.program
    value = point.column_value.copy()
    for family, span in program.columns.spans():
        if family.name in ROOM:
            value[span] = 0.0
    return _by_order(compiled, (program.matrix @ value) * program.rows.unit)


def _duals(compiled: CompiledPlan, point: Point) -> dict[tuple[str, str], Array]:
    program = compiled.program
    return _by_order(compiled, point.row_dual * program.objective_unit / program.rows.unit)


def _by_order(compiled: CompiledPlan, values: Array) -> dict[tuple[str, str], Array]:
    return {
        (family.name, str(family.index[0][0])): values[span]
        for family, span in compiled.program.rows.spans()
        if family.name in ("order", "wish") and len(family.index)
    }
