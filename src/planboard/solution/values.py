"""The numbers of a point under their own units and names, region by region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.compile import CompiledPlan
from planboard.constraints.outlook import Outlook
from planboard.economy import Array
from planboard.program import Axis, Family, Point

COLUMN_FAMILIES = (
    "activity", "building", "capacity", "exports", "imports",
    "consumption", "deliveries", "stock", "conversion", "utility",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class RegionPlan:
    """What one region does in every year solved, in its own units; zero where nothing exists.

    activity (m, T); building, capacity (H, m, T); exports, imports (M, n, T);
    consumption (C, T), deliveries (C, n, T), stock (n, T), conversion (V, T)
    """

    outlook: Outlook
    activity: Array
    building: Array
    capacity: Array
    exports: Array
    imports: Array
    consumption: Array
    deliveries: Array
    stock: Array
    conversion: Array
    utility: Array

    def used_activity(self) -> Array:
        """The activity whose inputs are taken in year t, weighted, shape (m, T)."""
        year, weight = self.outlook.use_year()
        return np.take_along_axis(self.activity, year, axis=1) * weight

    def factor_use(self) -> Array:
        """Factors used in production and building, shape (K, T)."""
        o = self.outlook
        running = np.einsum("kjt,jt->kt", o.factor_use, self.used_activity())
        return np.asarray(running + np.einsum("khjt,hjt->kt", o.factor_use_building, self.building))

    def investment(self) -> Array:
        """Products that go into building and conversion, by activity: shape (n, m, T)."""
        required = self.outlook.capital_required
        used = np.asarray(np.einsum("ihjt,hjt->ijt", required, self.building))
        for v, target in enumerate(self.outlook.accounts.conversions.target):
            cost = self.outlook.accounts.conversions.required[:, v]
            used[:, target] += cost[:, None] * self.conversion[v]
        return used

    def final_use(self) -> Array:
        """Final use by category and product, inventories apart, shape (C, n, T)."""
        used = np.einsum("ict,ct->cit", self.outlook.basket, self.consumption)
        return np.asarray(used + self.deliveries)


def region_plans(compiled: CompiledPlan, point: Point) -> tuple[RegionPlan, ...]:
    """Every region's plan, from the columns of a point."""
    axis = compiled.program.columns
    found: dict[tuple[str, str], Array] = {}
    for family, span in axis.spans():
        if family.name in COLUMN_FAMILIES:
            region = str(family.index.levels[0][0])
            found[region, family.name] = spread(family, point.column_value[span] * axis.unit[span])
    return tuple(
        RegionPlan(o, **{name: found[o.region, name] for name in COLUMN_FAMILIES})
        for o in compiled.outlooks
    )


def spread(family: Family, values: Array) -> Array:
    """The values of a family on the full grid of its labels, the region left out."""
    dense = np.zeros([len(level) for level in family.index.levels[1:]])
    dense[tuple(family.index.codes[1:])] = values
    return dense


def row_duals(compiled: CompiledPlan, point: Point, name: str) -> dict[str, Array]:
    """Duals of a family of rows by region, in the objective's unit per unit of the row."""
    program = compiled.program
    scale = program.objective_unit / program.rows.unit
    return {
        str(family.index.levels[0][0]): spread(family, point.row_dual[span] * scale[span])
        for family, span in program.rows.spans()
        if family.name == name and len(family.index)
    }


def series(axis: Axis, values: Array, name: str) -> "pd.Series[float]":
    """Values of every family of one name, end to end, under their labels."""
    parts = [pd.Series(values[s], index=f.index) for f, s in axis.spans() if f.name == name]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts) if parts else pd.Series(dtype=float)


def table(
    labels: Mapping[str, Sequence[object]], years: Sequence[int], values: Array, unit: object
) -> pd.DataFrame:
    """A tidy table of an array whose last axis is the year: labels, then year, value, unit.

    Years beyond those given are left out; `unit` is one text, or one for every label of the first
    axis.
    """
    kept = values[..., : len(years)]
    index = pd.MultiIndex.from_product([*labels.values(), years], names=[*labels, "year"])
    frame = pd.DataFrame({"value": kept.reshape(len(index))}, index=index).reset_index()
    if isinstance(unit, str):
        frame["unit"] = unit
    else:
        frame["unit"] = np.repeat(np.array(unit, dtype=object), len(index) // max(len(unit), 1))  # type: ignore[arg-type]
    return frame
