"""Cost prices: Leontief's price model at base-year wages, capital charge and taxes.

    cost_j,t  = Σ_i input[i,j] p_i,t + value added per unit, labour's part falling with its hours
    p_i,t     = Σ_j (share of j in the output of i) cost_j,t, imports at their origins' prices

1.00 in the base year, always unique: what a thing takes to make. A product of several activities
costs their average; an activity with several products spreads its cost over their base value
(the industry-technology assumption of the UN Handbook on Supply and Use Tables, 2018, ch. 12).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.compile import CompiledPlan
from planboard.constraints.outlook import Outlook
from planboard.economy import Array
from planboard.solution.values import table

LABOUR = "labour"  # The item of value added that falls as hours per unit fall.


@dataclass(frozen=True, eq=False)
class CostModel:
    """p = M p + v in one year: `inputs` M (R·n, R·n), and each item of value added v, (R·n,)."""

    inputs: Array
    items: dict[str, Array]

    def prices(self) -> Array:
        """Cost price of every product of every region, region by region."""
        size = len(self.inputs)
        total = np.sum(list(self.items.values()), axis=0)
        return np.asarray(np.linalg.solve(np.eye(size) - self.inputs, total))


def has_cost_prices(compiled: CompiledPlan) -> bool:
    """Whether every region's accounts know their value added."""
    return all(o.accounts.value_added for o in compiled.outlooks)


def cost_prices(compiled: CompiledPlan) -> pd.DataFrame:
    """Cost price by region, product and year; empty where value added is not known."""
    names = [product.name for product in compiled.economy.products]
    labels = {"region": [o.region for o in compiled.outlooks], "product": names}
    years = compiled.plan.years
    if not has_cost_prices(compiled):
        return table({"region": [], "product": []}, years, np.zeros((0, 0, len(years))), "")
    values = np.array([cost_model(compiled, t).prices() for t in range(len(years))])
    shaped = values.T.reshape(len(compiled.outlooks), len(names), len(years))
    unit = f"{compiled.economy.currency} of {compiled.economy.base_year} per unit"
    return table(labels, years, shaped, unit)


def cost_model(compiled: CompiledPlan, t: int) -> CostModel:
    """The price model of one plan year."""
    outlooks, n = compiled.outlooks, len(compiled.economy.products)
    size = len(outlooks) * n
    inputs = np.zeros((size, size))
    names = dict.fromkeys(item for o in outlooks for item in o.accounts.value_added)
    items = {item: np.zeros(size) for item in names}
    outside = np.zeros(size)
    for r, o in enumerate(outlooks):
        own = slice(r * n, (r + 1) * n)
        share = market_shares(o)
        needs = o.input[..., t] @ share.T
        for p, origin in _origins(compiled, o).items():
            if p is None:
                outside[own] += (needs * (origin * o.price)[:, None]).sum(axis=0)
            else:
                inputs[own, p * n : (p + 1) * n] += (needs * origin[:, None]).T
        for item, values in o.accounts.value_added.items():
            items[item][own] = share @ (values * (_labour_left(o, t) if item == LABOUR else 1.0))
    known = {"imports from outside": outside} if outside.any() else {}
    return CostModel(inputs, {**items, **known})


def market_shares(o: Outlook) -> Array:
    """What one unit of product i takes of activity j, average over its makers: shape (n, m).

    Value shares at base prices and base-year levels; where a product is not made, its price is the
    mean of what the region makes, so that the model stays solvable.
    """
    made = o.accounts.output.toarray() * o.accounts.level * o.price[:, None]
    value = (o.accounts.output.toarray() * o.price[:, None]).sum(axis=0)
    total = made.sum(axis=1, keepdims=True)
    fallback = np.broadcast_to(o.accounts.level / max(o.accounts.level.sum(), 1e-300), made.shape)
    share = np.where(total > 0, made / np.where(total > 0, total, 1.0), fallback)
    return np.asarray(share / np.where(value > 0, value, 1.0))


def _origins(compiled: CompiledPlan, o: Outlook) -> dict[int | None, Array]:
    """Share of each origin in a region's supply of every product, shape (n,); None: outside."""
    place = {other.region: p for p, other in enumerate(compiled.outlooks)}
    output = o.accounts.gross_output - o.accounts.base_exports.sum(axis=1)
    supply = output + o.accounts.base_imports.sum(axis=1)
    safe = np.where(supply > 0, supply, 1.0)
    shares: dict[int | None, Array] = {place[o.region]: np.where(supply > 0, output / safe, 1.0)}
    for p, partner in enumerate(compiled.economy.partners):
        bought = np.where(supply > 0, o.accounts.base_imports[:, p] / safe, 0.0)
        if partner != o.region and bought.any():
            key = place.get(partner)
            shares[key] = shares.get(key, np.zeros(len(supply))) + bought
    return shares


def _labour_left(o: Outlook, t: int) -> Array:
    """Hours per unit of activity in a year over those of the base year, shape (m,)."""
    labour = [k for k, factor in enumerate(o.factors) if factor.role == "labour"]
    now = o.factor_use[labour, :, t].sum(axis=0)
    then = o.accounts.factor_use[labour].sum(axis=0)
    return np.where(then > 0, now / np.where(then > 0, then, 1.0), 1.0)
