"""price_parts: where a scarcity price comes from, source by source, part by part.

For a column z that supplies product i (an activity, an import, a stock), dual feasibility says

    cost = Σ_rows coefficient · dual + reduced cost

so the price of i, the dual of its balance row, is exactly the sum of its other terms over the
coefficient at that row: inputs at their prices, hours at their wage, rents of capacity, bands and
orders. The reduced cost is zero where the source is neither at a bound nor idle; it is shown as
rent of the bound, so that the parts always sum to the price.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.economy import Array
from planboard.errors import InvalidPlanError
from planboard.labels import positions
from planboard.program import Axis
from planboard.solution import Solution
from planboard.solution.cost_prices import cost_model, has_cost_prices
from planboard.solution.prices import numeraire, price_unit

ACTIVE = 1e-6  # Of a column's unit: a source that supplies less is idle.
COLUMNS = [
    "region",
    "product",
    "source",
    "part",
    "name",
    "quantity",
    "price",
    "year",
    "value",
    "unit",
]

# What a row family contributes to a price, and the axis that names the contribution.
PARTS: dict[str, tuple[str, str | None]] = {
    "balance": ("input", "product"),
    "capacity": ("rent of capacity", "kind"),
    "factor": ("factor", "factor"),
    "market": ("market price", "market"),
    "external": ("external balance", None),
    "pace": ("pace of decline", None),
    "pace_growth": ("pace of growth", None),
    "stock_end": ("stock at the end", "product"),
    "order": ("order", "order"),
    "wish": ("wish", "order"),
    "ray": ("plan ray", None),
}
BOUND_PARTS = {"exports": "rent of the band", "imports": "rent of the band"}


@dataclass(frozen=True, eq=False)
class Labels:
    """The family and labels of every row or column of a program, found by position."""

    axis: Axis
    starts: Array

    @classmethod
    def of(cls, axis: Axis) -> "Labels":
        """Labels of an axis."""
        return cls(axis, np.cumsum([0, *(len(family.index) for family in axis.families)]))

    def at(self, place: int) -> tuple[str, dict[str, object]]:
        """Family name and labels of one row or column."""
        k = int(np.searchsorted(self.starts, place, side="right")) - 1
        family = self.axis.families[k]
        key = family.index[place - int(self.starts[k])]
        return family.name, dict(zip(map(str, family.index.names), key, strict=True))


@dataclass(frozen=True, eq=False)
class Names:
    """Labels of rows and of columns."""

    rows: Labels
    columns: Labels


def price_parts(
    solution: Solution, product: str, *, region: str | None = None, year: int | None = None
) -> pd.DataFrame:
    """The split of the scarcity price of a product, for every active source.

    Parameters
    ----------
    solution
        A solved plan.
    product
        Its code.
    region, year
        One of each; by default all regions and the last plan year.

    Returns
    -------
    DataFrame with columns region, product, source, part, name, quantity, price, year, value, unit
        The values of one source sum to the price of its product, region and year; quantity and
        price are those of one unit of the source's contribution: value = quantity · price where
        both are known. Joint products are credited: they stand as negative parts.

    Raises
    ------
    UnknownNameError, InvalidPlanError
        No such product, region or year in the plan.
    """
    economy, plan = solution.economy, solution.plan
    positions("product", [product], economy.product_names)
    regions = [region] if region is not None else list(economy.region_names)
    positions("region", regions, economy.region_names)
    wanted = plan.years[-1] if year is None else year
    if wanted not in plan.years:
        raise InvalidPlanError(
            f"Year {wanted} is not among the years of the plan.",
            [f"plan years: {plan.years[0]} to {plan.years[-1]}"],
            "Name one of them.",
        )
    frames = [_region_parts(solution, name, product, wanted) for name in regions]
    return pd.concat(frames, ignore_index=True)


def cost_parts(solution: Solution, product: str, region: str, year: int) -> pd.DataFrame:
    """The split of a cost price: inputs at their cost prices, labour, capital, taxes.

    Columns part, name, value; empty where the accounts do not know value added.
    """
    compiled = solution.compiled
    if not has_cost_prices(compiled):
        return pd.DataFrame(columns=["part", "name", "value"])
    model = cost_model(compiled, compiled.plan.years.index(year))
    names, n = compiled.economy.product_names, len(compiled.economy.products)
    at = compiled.economy.region_names.index(region) * n + names.index(product)
    inputs = (model.inputs[at] * model.prices()).reshape(-1, n).sum(axis=0)
    records = [("input", name, value) for name, value in zip(names, inputs, strict=True) if value]
    records += [("value added", item, float(values[at])) for item, values in model.items.items()]
    return pd.DataFrame(records, columns=["part", "name", "value"])


def _region_parts(solution: Solution, region: str, product: str, year: int) -> pd.DataFrame:
    program = solution.compiled.program
    labels = Names(Labels.of(program.rows), Labels.of(program.columns))
    row = _place(program.rows, "balance", {"region": region, "product": product, "year": year})
    t = solution.plan.solved_years.index(year)
    scale = program.objective_unit / float(numeraire(solution.compiled, solution.point)[t])
    records = [
        (_source_name(*labels.columns.at(column)), p.part, p.name, p.quantity, p.value * scale)
        for column in _sources(solution, row)
        for p in _column_parts(solution, row, column, labels)
    ]
    frame = pd.DataFrame(records, columns=["source", "part", "name", "quantity", "value"])
    frame["price"] = frame["value"] / frame["quantity"].where(frame["quantity"] != 0)
    frame = frame.assign(
        region=region, product=product, year=year, unit=price_unit(solution.compiled)
    )
    return frame[COLUMNS]


def _place(axis: Axis, family: str, labels: dict[str, object]) -> int:
    for found, span in axis.spans():
        if found.name == family and found.index.levels[0][0] == labels["region"]:
            return int(span.start + found.index.get_loc(tuple(labels.values())))
    raise AssertionError(f"no {family} row for {labels}")


def _sources(solution: Solution, row: int) -> list[int]:
    """Columns that add to a balance row and are in use; the largest if none is."""
    program, value = solution.compiled.program, solution.point.column_value
    start, end = program.matrix.indptr[row : row + 2]
    columns, entries = program.matrix.indices[start:end], program.matrix.data[start:end]
    adding = columns[entries > 0]
    active = [int(c) for c in adding if value[c] > ACTIVE]
    return active or [int(c) for c in adding[np.argsort(-value[adding])][:1]]


@dataclass(frozen=True)
class Part:
    """One part of a price: value, and quantity of what it pays for, per unit of the product."""

    part: str
    name: str
    quantity: float
    value: float


def _column_parts(solution: Solution, row: int, column: int, labels: Names) -> Iterator[Part]:
    """Terms of one column over its coefficient at the row; values in the objective's unit."""
    program, dual = solution.compiled.program, solution.point.row_dual
    start, end = program.transposed.indptr[column : column + 2]
    places, entries = program.transposed.indices[start:end], program.transposed.data[start:end]
    own = float(entries[places == row][0]) * program.rows.unit[row]
    reduced = float(program.cost[column] - entries @ dual[places])
    for place, entry in zip(places, entries, strict=True):
        if place != row and dual[place] != 0:
            part, name = _part_name(*labels.rows.at(int(place)), positive=entry > 0)
            quantity = abs(float(entry) * program.rows.unit[place] / own)
            yield Part(part, name, quantity, -float(entry * dual[place]) / own)
    if program.cost[column]:
        yield Part("objective", "", np.nan, float(program.cost[column]) / own)
    if reduced:
        family, _ = labels.columns.at(column)
        yield Part(BOUND_PARTS.get(family, "rent of the bound"), "", np.nan, -reduced / own)


def _source_name(family: str, labels: dict[str, object]) -> str:
    if family == "activity":
        return f"activity {labels['activity']}"
    if family == "imports":
        return f"imports, {labels['market']} market"
    return "stock of the year before" if family == "stock" else family


def _part_name(family: str, labels: dict[str, object], positive: bool) -> tuple[str, str]:
    """How a term is told: its part and its name."""
    part, axis = PARTS.get(family, (family, None))
    name = str(labels.get(axis, "")) if axis else ""
    if family == "balance" and positive:
        part = "joint product"
    if family in ("pace", "pace_growth"):
        name = str(labels["year"])
    return part, name
