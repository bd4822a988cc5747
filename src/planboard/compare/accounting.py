"""Growth accounting: why one output is larger than another, by hours, capital and productivity.

Source: Solow (1957), "Technical Change and the Aggregate Production Function".
"""

import numpy as np
import pandas as pd

from planboard.constraints.outlook import Outlook
from planboard.economy import Array
from planboard.solution import Solution
from planboard.solution.cost_prices import LABOUR
from planboard.solution.values import RegionPlan

EARNERS = (LABOUR, "capital")  # The items of value added that labour and capital earn.
ACCOUNTED = ("output", "hours", "capital")
PARTS = ("hours", "capital", "productivity", "total")
COLUMNS = ["region", "part", "year", "value", "unit"]


def decomposed(pairs: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Why the plan makes more or less than was made: growth accounting, plan over actual.

        ln(Y / Y°) = α ln(H / H°) + (1 − α) ln(K / K°) + productivity

    Y gross output, H hours, K capital that serves the year, all at base-year prices and summed over
    the industries that know the three; ° what it is held against; α labour's share of the income of
    labour and capital in the base year. Productivity is the remainder, a shift between industries
    included.

    Parameters
    ----------
    pairs
        region, measure (one of `ACCOUNTED`), name, year, plan, actual; other measures are left out.
    shares
        region, value: α; regions without one are left out.

    Returns
    -------
    DataFrame
        region, part (hours, capital, productivity, and total, their sum), year, value, unit
    """
    known = pairs[pairs["measure"].isin(ACCOUNTED)]
    same = known.groupby(["region", "name", "year"])["measure"].transform("size")
    known = known[same == len(ACCOUNTED)]
    sums = known.groupby(["region", "year", "measure"], sort=False)[["plan", "actual"]].sum()
    sums = sums[(sums > 0).all(axis=1)].reset_index()
    sums["ratio"] = np.log(sums["plan"] / sums["actual"])
    ratio = sums.pivot(index=["region", "year"], columns="measure", values="ratio").reset_index()
    ratio = ratio.reindex(columns=["region", "year", *ACCOUNTED])
    ratio = ratio.merge(shares, on="region").dropna()
    parts = ratio[["region", "year"]].assign(
        hours=ratio["value"] * ratio["hours"],
        capital=(1 - ratio["value"]) * ratio["capital"],
        productivity=0.0,
        total=ratio["output"],
    )
    parts["productivity"] = parts["total"] - parts["hours"] - parts["capital"]
    return parts.melt(["region", "year"], var_name="part").assign(unit="log points")[COLUMNS]


def labour_shares(solution: Solution) -> pd.DataFrame:
    """Labour's share by region; left out where incomes are not known or one is negative."""
    found = []
    for plan in solution.regions:
        a = plan.outlook.accounts
        income = [float(v @ a.level) for item, v in a.value_added.items() if item in EARNERS]
        if len(income) == len(EARNERS) and min(income) >= 0 and sum(income) > 0:
            labour = float(a.value_added[LABOUR] @ a.level)
            found.append((plan.outlook.region, labour / sum(income)))
    return pd.DataFrame(found, columns=["region", "value"])


def output_at_base_prices(plan: RegionPlan) -> Array:
    """Gross output by activity at base-year prices, shape (m, T)."""
    o = plan.outlook
    return np.asarray(np.einsum("ijt,i->jt", o.output, o.price) * plan.activity)


def base_output(o: Outlook) -> Array:
    """Gross output of the base year by activity at base-year prices, shape (m,)."""
    return np.asarray((o.accounts.output.T @ o.price) * o.accounts.level)


def hours_worked(plan: RegionPlan) -> Array:
    """Hours by activity, in production and in building, shape (m, T)."""
    o = plan.outlook
    labour = [k for k, factor in enumerate(o.factors) if factor.role == "labour"]
    running = np.einsum("kjt->jt", o.factor_use[labour]) * plan.used_activity()
    building = np.einsum("khjt,hjt->jt", o.factor_use_building[labour], plan.building)
    return np.asarray(running + building)


def capital_at_cost(plan: RegionPlan) -> Array:
    """Capacity by activity at what it costs in the base year's accounts, shape (m, T).

        Σ_h c_h,j q_h,j,t

    c what a unit of capacity costs at base-year prices (one, where it costs nothing); kinds that do
    not limit the activity count nothing.
    """
    o = plan.outlook
    held = np.where(o.is_limited[..., None], plan.capacity, 0.0)
    return np.asarray(np.einsum("hj,hjt->jt", _unit_cost(o), held))


def base_capital_at_cost(o: Outlook) -> Array:
    """Capacity of the base year by activity, at what it costs, shape (m,)."""
    held = np.where(o.is_limited, o.accounts.capacity, 0.0)
    return np.asarray((_unit_cost(o) * held).sum(axis=0))


def _unit_cost(o: Outlook) -> Array:
    cost = (o.accounts.capital_required.T @ o.price).reshape(o.is_limited.shape)
    return np.where(cost > 0, cost, 1.0)
