"""The plan ray: as far as possible along stated proportions (Kantorovich 1939).

    maximise Σ z    with    Σ_r d_r,i,t ≥ proportion_i,t · z

The length z is a column of the board's: one for all years, or one a year with `by_year`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.constraints.layout import ABSENT
from planboard.economy import Array, Economy, Integers
from planboard.errors import InvalidPlanError
from planboard.labels import positions
from planboard.plan import Plan
from planboard.program import Columns, Family, Rows

RAY = "plan_ray"


@dataclass(frozen=True, eq=False)
class Ray:
    """Rows and columns of a plan ray; `place` is the shared row of (product, year), or absent."""

    place: Integers
    rows: tuple[Rows, ...]
    columns: tuple[Columns, ...]


def ray_rows(economy: Economy, plan: Plan, start: int) -> Ray:
    """Deliveries follow the ray; rows are numbered from `start`. Unit: product unit."""
    years, names = plan.solved_years, economy.product_names
    place = np.full((len(names), len(years)), ABSENT)
    if plan.objective.quantity != RAY:
        return Ray(place, (), ())
    amount = ray_proportions(economy, plan)
    i, t = np.nonzero(amount)
    place[i, t] = start + np.arange(len(i))
    ends = np.unique(t) if plan.objective.by_year else np.array([len(years) - 1])
    on = np.searchsorted(ends, t) if plan.objective.by_year else np.zeros(len(t), dtype=np.int64)
    index = pd.MultiIndex.from_arrays(
        [[names[k] for k in i], [years[k] for k in t]], names=["product", "year"]
    )
    rows = Rows(
        Family("ray", index),
        np.zeros(len(i)),
        np.full(len(i), np.inf),
        _supply(economy, amount)[i, t],
        np.arange(len(i), dtype=np.int64),
        on.astype(np.int64),
        -amount[i, t],
    )
    lengths = Family("ray", pd.MultiIndex.from_arrays([[years[k] for k in ends]], names=["year"]))
    one = np.ones(len(ends))
    column = Columns(lengths, 0 * one, np.inf * one, -one, ray_unit(economy, plan) * one)
    return Ray(place, (rows,), (column,))


def ray_unit(economy: Economy, plan: Plan) -> float:
    """A yardstick for the length of the ray: the median of supply over proportion."""
    amount = ray_proportions(economy, plan)
    i, t = np.nonzero(amount)
    return float(np.median(_supply(economy, amount)[i, t] / amount[i, t]))


def _supply(economy: Economy, amount: Array) -> Array:
    supply = np.sum([a.total_supply for a in economy.regions], axis=0)[:, None]
    return np.where(supply > 0, supply, amount)


def ray_proportions(economy: Economy, plan: Plan) -> Array:
    """Stated proportions, shape (n, T): a number for every plan year, or a table by year."""
    asked = plan.objective.proportions or {}
    if not asked:
        raise InvalidPlanError(
            "A plan ray needs proportions.",
            [],
            "Add [objective.proportions] with an amount for each product.",
        )
    where = plan.where("objective.proportions", "objective.proportions")
    amount = np.zeros((len(economy.products), len(plan.solved_years)))
    wanted = plan.objective.selected_years or plan.years
    for name, given in asked.items():
        i = positions("product", [name], economy.product_names, where.at(name))[0]
        for t, year in enumerate(plan.solved_years):
            if isinstance(given, dict):
                amount[i, t] = given.get(str(year), 0.0)
            elif year in wanted:
                amount[i, t] = given
    if (amount < 0).any() or not amount.any():
        raise InvalidPlanError(
            f"The proportions of a plan ray are wrong ({where}).",
            ["they must be positive somewhere and negative nowhere"],
            "Correct the amounts, or the years they are for.",
        )
    return amount
