"""What Leontief's model answers: total requirements, output, prices and multipliers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy
from planboard.labels import positions, unknown_name
from planboard.leontief.circuits import productive_matrix
from planboard.leontief.technology import (
    chosen_accounts,
    label_index,
    origin_shares,
    per_output,
    pooled_matrix,
)


def leontief_inverse(economy: Economy, region: str | None = None) -> pd.DataFrame:
    """Output of i needed, directly and indirectly, per unit of final demand for j.

        L = (I − A)⁻¹

    Returns
    -------
    table as `technology_matrix`'s [product unit / product unit]

    Raises
    ------
    InvalidEconomyError
        Not square, or not productive: the circuit at fault is named.

    Notes
    -----
    Dense and n³: for one final demand use `gross_output`, which solves instead of inverting.
    """
    matrix = productive_matrix(economy, region)
    inverse = np.linalg.inv(np.eye(len(matrix)) - matrix.to_numpy())
    return pd.DataFrame(inverse, index=matrix.index, columns=matrix.columns)


def gross_output(
    economy: Economy, final_demand: "Mapping[object, float] | pd.Series", region: str | None = None
) -> pd.Series:
    """Output that meets a final demand, inputs of inputs included: x = (I − A)⁻¹ f.

    Parameters
    ----------
    economy, region
        As for `technology_matrix`.
    final_demand
        Amount by product, or by (region, product) for all regions together; zero where not named.
        [product unit]

    Returns
    -------
    series over (region, sector) [product unit]
    """
    matrix = productive_matrix(economy, region)
    demand = np.zeros(len(matrix))
    for key, amount in dict(final_demand).items():
        demand[_place(matrix.index, key, region)] = amount
    output = np.linalg.solve(np.eye(len(matrix)) - matrix.to_numpy(), demand)
    return pd.Series(output, index=matrix.index, name="gross_output")


def value_added_per_unit(economy: Economy, region: str | None = None) -> pd.DataFrame:
    """Value added by item per unit of output: item by (region, sector) [money / product unit]."""
    parts = [
        per_output(economy, accounts, accounts.value_added)
        for accounts in chosen_accounts(economy, region)
    ]
    items = list(dict.fromkeys(item for part in parts for item in part))
    none = np.zeros(len(economy.products))
    values = [np.concatenate([part.get(item, none) for part in parts]) for item in items]
    index = label_index(economy, region)
    return pd.DataFrame(np.array(values).reshape(len(items), len(index)), items, index)


def prices(
    economy: Economy, change: Mapping[str, float] | None = None, region: str | None = None
) -> pd.Series:
    """What every product takes to make, in money: Leontief's price model.

        p = Aᵀ p + v + m,    so  p = Lᵀ (v + m)

    m, for all regions together, is what inputs from partners without accounts cost at base prices.

    Parameters
    ----------
    economy, region
        As for `technology_matrix`.
    change
        Factor by item of value added: {"labour": 1.3} makes labour thirty per cent dearer.

    Returns
    -------
    series over (region, sector) [money / product unit]; base-year prices without a change, in
    accounts that balance
    """
    added = value_added_per_unit(economy, region)
    for item, factor in (change or {}).items():
        at = positions("item of value added", [item], list(added.index))
        added.iloc[at] *= factor
    matrix = productive_matrix(economy, region)
    primary = added.to_numpy().sum(axis=0) + _outside_cost(economy, region, matrix)
    found = np.linalg.solve(np.eye(len(matrix)) - matrix.to_numpy().T, primary)
    return pd.Series(found, index=matrix.index, name="price")


def multipliers(economy: Economy, region: str | None = None) -> pd.DataFrame:
    """Output, value added and factors in one unit of final demand, directly and indirectly.

        output  Σ_i L[i,j],    value added  (v L)_j,    factor k  (factor_use L)_k,j

    Returns
    -------
    table: region, product, multiplier, value, unit
    """
    inverse = leontief_inverse(economy, region)
    per_unit = {("output", economy.unit): np.ones(len(inverse))}
    added = value_added_per_unit(economy, region)
    if len(added):
        per_unit["value added", economy.currency] = added.to_numpy().sum(axis=0)
    for k, factor in enumerate(economy.factors):
        use = [
            per_output(economy, a, {"": a.factor_use[k]})[""]
            for a in chosen_accounts(economy, region)
        ]
        per_unit[factor.label, factor.unit] = np.concatenate(use)
    frames = [
        pd.DataFrame(
            {
                "region": inverse.columns.get_level_values("region"),
                "product": inverse.columns.get_level_values("sector"),
                "multiplier": name,
                "value": direct @ inverse.to_numpy(),
                "unit": unit,
            }
        )
        for (name, unit), direct in per_unit.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _outside_cost(economy: Economy, region: str | None, matrix: pd.DataFrame) -> Array:
    """What inputs from partners without accounts cost per unit of output, at base prices."""
    if region is not None:
        return np.zeros(len(matrix))
    price = np.array([product.price for product in economy.products])
    costs = []
    for accounts in economy.regions:
        outside = 1 - origin_shares(economy, accounts).sum(axis=0)
        costs.append((price * outside) @ pooled_matrix(economy, accounts))
    return np.concatenate(costs)


def _place(index: pd.Index, key: object, region: str | None) -> int:
    """Where a product, or a (region, product), stands."""
    regions = list(index.get_level_values("region").unique())
    only = region if region is not None else regions[0] if len(regions) == 1 else None
    full = key if isinstance(key, tuple) else (only, key)
    if full not in index:
        names = [f"{r}, {i}" if isinstance(key, tuple) or only is None else i for r, i in index]
        shown = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
        raise unknown_name("product", shown, names, "final demand")
    return list(index).index(full)
