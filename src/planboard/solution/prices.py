"""Prices: the scarcity price of every product, the wage of every factor, the rent of what binds.

A scarcity price is the dual of a balance row over that year's numeraire: what one more base-year
money unit's worth of the world's household basket is worth in the plan. Where there is no
household basket, prices are in the objective's own unit. Scarcity prices need not be unique; these
are those of the point, repeatable for one formulation.
"""

import numpy as np
import pandas as pd

from planboard.compile import CompiledPlan
from planboard.economy import Array
from planboard.program import Point
from planboard.solution.values import row_duals, table

LEAST_NUMERAIRE = 1e-12  # Of the objective's unit: below it a year's basket is worth nothing.


def numeraire(compiled: CompiledPlan, point: Point) -> Array:
    """What one more base-year money unit of the world's household basket is worth, shape (T,).

    numeraire_t = Σ_r,i dual[r,i,t] basket[r,i] / Σ_r,i price[i] basket[r,i]
    """
    duals = row_duals(compiled, point, "balance")
    worth = np.zeros(len(compiled.plan.solved_years))
    size = 0.0
    for o in compiled.outlooks:
        basket = o.accounts.final_use[:, o.households()].sum(axis=1)
        worth += basket @ duals[o.region]
        size += float(o.price @ basket)
    if size <= 0:
        return np.ones(len(worth))
    found = worth / size
    return np.where(found > LEAST_NUMERAIRE * compiled.program.objective_unit, found, 1.0)


def has_numeraire(compiled: CompiledPlan) -> bool:
    """Whether prices are in baskets; otherwise they are in the objective's own unit."""
    return any(
        (o.accounts.final_use[:, o.households()].sum(axis=1) > 0).any() for o in compiled.outlooks
    )


def price_unit(compiled: CompiledPlan) -> str:
    """The unit of prices, in words."""
    if has_numeraire(compiled):
        return f"{compiled.economy.currency} of the household basket per unit"
    return "objective per unit"


def worth_unit(compiled: CompiledPlan) -> str:
    """The unit of what a limit is worth, in words: money of the household basket, or objective."""
    if has_numeraire(compiled):
        return f"{compiled.economy.unit} of the household basket"
    return "objective"


def scarcity_prices(compiled: CompiledPlan, point: Point) -> pd.DataFrame:
    """Scarcity price by region, product and year."""
    worth = numeraire(compiled, point)
    duals = row_duals(compiled, point, "balance")
    names = [product.name for product in compiled.economy.products]
    labels = {"region": [o.region for o in compiled.outlooks], "product": names}
    values = np.array([duals[o.region] / worth for o in compiled.outlooks])
    return table(labels, compiled.plan.years, values, price_unit(compiled))


def wages(compiled: CompiledPlan, point: Point) -> pd.DataFrame:
    """Wage of every factor by region and year; zero where some of it is idle."""
    worth = numeraire(compiled, point)
    duals = row_duals(compiled, point, "factor")
    factors = compiled.economy.factors
    size = (len(factors), len(worth))
    exhaustible = np.array([factor.exhaustible for factor in factors], dtype=bool)[:, None]
    found = [duals.get(o.region, np.zeros(size)) for o in compiled.outlooks]
    last = len(compiled.plan.years) - 1
    everywhen = [np.where(exhaustible, dual[:, last : last + 1], dual) for dual in found]
    values = np.array([-dual / worth for dual in everywhen])
    labels = {
        "region": [o.region for o in compiled.outlooks],
        "factor": [factor.name for factor in factors],
    }
    frame = table(labels, compiled.plan.years, values, "")
    units = {f.name: f"{worth_unit(compiled)} per {f.unit}" for f in factors}
    return frame.assign(unit=frame["factor"].map(units))


def rents(compiled: CompiledPlan, point: Point) -> pd.DataFrame:
    """Rent of a unit of capacity by region, kind, activity and year; zero where some is idle."""
    worth = numeraire(compiled, point)
    duals = row_duals(compiled, point, "capacity")
    frames = [
        table(
            {"region": [o.region], "kind": o.kinds, "activity": o.activities},
            compiled.plan.years,
            (-duals[o.region] / worth)[None],
            price_unit(compiled),
        )
        for o in compiled.outlooks
        if o.region in duals
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
