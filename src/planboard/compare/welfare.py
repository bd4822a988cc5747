"""What a plan is worth beside another: the equal share of base-year consumption in every year."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from planboard.economy import Array
from planboard.solution import Solution

ALL = "all"  # The region that stands for all regions together.
UNIT = "share of base-year consumption, every year"
COLUMNS = ["region", "value", "unit"]


def worth_over(first: Solution, other: Solution) -> pd.DataFrame:
    """What the other plan is worth over the first, by region and for all together.

        x with  Σ_t β^t log(f°_t + x) = Σ_t β^t log(f_t)

    f household consumption over the base year's, ° the first plan's, β its discount factor: the
    equal share of base-year consumption that, added to the first plan in every year, is worth as
    much as the other plan. For all together regions weigh by their base-year consumption.

    Returns
    -------
    DataFrame
        region, value, unit; only regions that both plans have, and that consume; empty where there
        is none. NaN where consumption falls to nothing.
    """
    years = [year for year in first.plan.years if year in other.plan.years]
    before, after = (consumption_levels(s, years) for s in (first, other))
    weight = (1 + first.plan.objective.discount) ** -np.arange(1.0, len(years) + 1)
    spent = {region: base for region, (base, _) in before.items() if region in after}
    if not spent:
        return pd.DataFrame(columns=COLUMNS)
    old, new = (np.array([levels[r][1] for r in spent]) for levels in (before, after))
    shares = np.array(list(spent.values())) / sum(spent.values())
    records = [
        (region, equal_share(old[r : r + 1], new[r : r + 1], weight[None]))
        for r, region in enumerate(spent)
    ]
    records.append((ALL, equal_share(old, new, shares[:, None] * weight)))
    return pd.DataFrame(records, columns=COLUMNS[:2]).assign(unit=UNIT)


def consumption_levels(solution: Solution, years: Sequence[int]) -> dict[str, tuple[float, Array]]:
    """Base-year household consumption, and consumption over it in each year, by region."""
    found = {}
    for plan in solution.regions:
        o = plan.outlook
        base = float((o.price @ o.accounts.final_use[:, o.households()]).sum())
        if base > 0:
            use = np.einsum("cit,i->t", plan.final_use()[o.households()], o.price)
            places = [solution.plan.years.index(year) for year in years]
            found[o.region] = (base, use[places] / base)
    return found


def equal_share(before: Array, after: Array, weight: Array) -> float:
    """x with Σ weight log(before + x) = Σ weight log(after); all of shape (regions, years).

    With b the least of `before` and x = exp(s) − b the left side is finite for every s and rises
    from −∞, so that the root is always found. NaN where an amount of `after` is not positive.
    """
    if (after <= 0).any():
        return float("nan")
    if np.array_equal(before, after):
        return 0.0
    least = float(before.min())
    wanted = float((weight * np.log(after)).sum())
    with np.errstate(divide="ignore"):
        above = np.log(before - least)

    def short(s: float) -> float:
        return float((weight * np.logaddexp(above, s)).sum()) - wanted

    high = float(np.log((after - before).max() + least)) + 1e-6
    step = 1.0
    while short(high - step) > 0:
        step *= 2
    return float(np.exp(brentq(short, high - step, high, xtol=1e-14, rtol=1e-14)) - least)
