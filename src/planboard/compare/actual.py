"""A plan against what happened: levels, growth, and where the difference in output comes from.

Real terms only: the economy's `actual` table is in base-year prices, as the plan is. The plan is
compared over the industries or products that the table has, and where the units are the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.compare.base import base_entries, base_hours
from planboard.economy import Array
from planboard.solution import Solution
from planboard.solution.cost_prices import LABOUR
from planboard.solution.values import RegionPlan, table

EARNERS = (LABOUR, "capital")  # The items of value added that labour and capital earn.
KEYS = ["region", "measure", "name", "year"]
ACCOUNTED = ("output", "hours", "capital")


@dataclass(frozen=True, eq=False)
class ActualComparison:
    """The plan beside what happened, for the plan years that the actual table has.

    industries : region, activity, year, plan, actual, plan_growth, actual_growth, unit
        Gross output at base-year prices. Growth: average rate per year since the base year.
    regions : region, measure, year, plan, actual, plan_growth, actual_growth, unit
        Sums over what both know. Measures: output; hours; capital, the stock that serves the year,
        at the end of the year before; investment, capital formation at base-year product prices;
        household_consumption.
    decomposition : region, part, year, value, unit
        Parts hours, capital, productivity, and total, which is their sum. See `decomposed`.
    labour_share : region, value
        Labour's share of the income of labour and capital in the base year.
    """

    industries: pd.DataFrame
    regions: pd.DataFrame
    decomposition: pd.DataFrame
    labour_share: pd.DataFrame


def against_actual(solution: Solution) -> ActualComparison | None:
    """The plan against what happened; None where the economy does not know what happened.

    Parameters
    ----------
    solution
        Its economy's `actual` table (region, quantity, name, year, value, unit) is in base-year
        prices.
    """
    if solution.economy.actual is None:
        return None
    pairs = _pairs(solution)
    industries = pairs[pairs["measure"] == "output"].drop(columns="measure")
    keys = ["region", "measure", "year", "since", "unit"]
    amounts = ["plan", "actual", "plan_base", "actual_base"]
    sums = pairs.groupby(keys, sort=False, as_index=False)[amounts].sum()
    shares = _labour_shares(solution)
    return ActualComparison(
        _with_growth(industries.rename(columns={"name": "activity"})),
        _with_growth(sums),
        decomposed(pairs, shares),
        shares,
    )


def decomposed(pairs: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Why the plan makes more or less than was made: growth accounting, plan over actual.

        ln(Y / Y°) = α ln(H / H°) + (1 − α) ln(K / K°) + productivity

    Y gross output, H hours, K capital that serves the year, all at base-year prices and summed over
    the industries that know the three; ° what happened; α labour's share of the income of labour
    and capital in the base year. Productivity is the remainder, a shift between industries
    included. Returns region, part, year, value, unit (log points).
    Source: Solow (1957), "Technical Change and the Aggregate Production Function".
    """
    known = pairs[pairs["measure"].isin(ACCOUNTED)]
    same = known.groupby(["region", "name", "year"])["measure"].transform("size")
    known = known[same == len(ACCOUNTED)]
    sums = known.groupby(["region", "year", "measure"], sort=False)[["plan", "actual"]].sum()
    sums = sums[(sums > 0).all(axis=1)].reset_index()
    sums["ratio"] = np.log(sums["plan"] / sums["actual"])
    ratio = sums.pivot(index=["region", "year"], columns="measure", values="ratio").reset_index()
    ratio = (
        ratio.reindex(columns=["region", "year", *ACCOUNTED]).merge(shares, on="region").dropna()
    )
    hours, capital = ratio["value"] * ratio["hours"], (1 - ratio["value"]) * ratio["capital"]
    parts = ratio[["region", "year"]].assign(
        hours=hours,
        capital=capital,
        productivity=ratio["output"] - hours - capital,
        total=ratio["output"],
    )
    tidy = parts.melt(["region", "year"], var_name="part")
    return tidy[["region", "part", "year", "value"]].assign(unit="log points")


def _labour_shares(solution: Solution) -> pd.DataFrame:
    """Labour's share by region; left out where incomes are not known or one is negative."""
    found = []
    for plan in solution.regions:
        a = plan.outlook.accounts
        income = [float(v @ a.level) for item, v in a.value_added.items() if item in EARNERS]
        if len(income) == len(EARNERS) and min(income) >= 0 and sum(income) > 0:
            labour = float(a.value_added[LABOUR] @ a.level)
            found.append((plan.outlook.region, labour / sum(income)))
    return pd.DataFrame(found, columns=["region", "value"])


def _pairs(solution: Solution) -> pd.DataFrame:
    """Plan and actual of all that both know in one unit: KEYS, plan, actual, bases, since, unit.

    `since` is the year that the bases are of: the base year; for capital, which serves the year
    after, the year after it.
    """
    actual = _actual(solution)
    pairs = _planned(solution, actual).merge(actual, on=[*KEYS, "unit"], validate="1:1")
    base = actual.drop(columns="unit").rename(columns={"actual": "actual_base", "year": "since"})
    pairs["since"] = solution.economy.base_year + (pairs["measure"] == "capital")
    return pairs.merge(base, on=[*KEYS[:3], "since"], validate="m:1")


def _actual(solution: Solution) -> pd.DataFrame:
    """What happened, under our measures: KEYS, actual, unit; final use split by role."""
    known = solution.economy.actual
    assert known is not None
    found = known.assign(year=known["year"].astype(int), value=known["value"].astype(float))
    roles = {category.name: category.role for category in solution.economy.categories}
    category, _, product = (found["name"].str.partition("/")[k] for k in range(3))
    is_use = found["quantity"] == "final_use"
    use = category.map(roles).map(
        {"households": "household_consumption", "capital_formation": "investment"}
    )
    measure = found["quantity"].where(~is_use, use)
    measure = measure.mask(found["quantity"] == "investment", "investment by industry")
    found = found.assign(measure=measure, name=found["name"].mask(is_use, product))
    found.loc[found["measure"] == "capital", "year"] += 1
    has_year = found["year"].isin(known["year"].astype(int).unique())
    found = found[found["measure"].notna() & has_year]
    keys = [*KEYS, "unit"]
    sums = found.groupby(keys, sort=False)[["value"]].sum().reset_index()
    return sums.rename(columns={"value": "actual"})


def _planned(solution: Solution, actual: pd.DataFrame) -> pd.DataFrame:
    """The plan under the same measures: KEYS, plan, plan_base, unit."""
    is_first = actual["year"] == solution.economy.base_year + 1
    known = actual[(actual["measure"] == "capital") & is_first]
    stock = known.set_index(["region", "name"])["actual"]
    labour = [factor.unit for factor in solution.economy.factors if factor.role == "labour"]
    years, frames = solution.plan.years, []
    for plan in solution.regions:
        for measure, names, values, base in _measures(plan, stock):
            unit = labour[0] if measure == "hours" and labour else solution.economy.unit
            frame = table({"name": names}, years, values, unit).rename(columns={"value": "plan"})
            frame = frame.assign(plan_base=np.repeat(base, len(years)), measure=measure)
            frames.append(frame.assign(region=plan.outlook.region))
    return pd.concat(frames, ignore_index=True).dropna()


def _measures(
    plan: RegionPlan, stock: "pd.Series[float]"
) -> Iterator[tuple[str, tuple[str, ...], Array, Array]]:
    """Every measure of a region: its names, values (names, T) and base-year values (names,)."""
    o = plan.outlook
    products = tuple(product.name for product in o.products)
    worth = np.einsum("ijt,i->jt", o.output, o.price)
    base = np.einsum("ij,i->j", o.accounts.output.toarray(), o.price) * o.accounts.level
    yield "output", o.activities, worth * plan.activity, base
    yield "hours", o.activities, _hours(plan), base_hours(o)
    own = [(o.region, name) for name in o.activities]
    first = np.asarray(stock.reindex(own), dtype=np.float64)
    yield "capital", o.activities, first[:, None] * capital_index(plan), first
    price = o.price
    invested = plan.investment().sum(axis=1) * price[:, None]
    formation = base_entries(o).get("investment", np.zeros(len(products)))
    yield "investment", products, invested, -price * formation
    consumed = plan.final_use()[o.households()].sum(axis=0) * price[:, None]
    basket = o.accounts.final_use[:, o.households()].sum(axis=1)
    yield "household_consumption", products, consumed, np.asarray(price * basket)


def _hours(plan: RegionPlan) -> Array:
    """Hours by activity, in production and in building, shape (m, T)."""
    o = plan.outlook
    labour = [k for k, factor in enumerate(o.factors) if factor.role == "labour"]
    running = np.einsum("kjt->jt", o.factor_use[labour]) * plan.used_activity()
    building = np.einsum("khjt,hjt->jt", o.factor_use_building[labour], plan.building)
    return np.asarray(running + building)


def capital_index(plan: RegionPlan) -> Array:
    """Capital that serves each year over that of the first plan year, by activity, shape (m, T).

        index_j,t = Σ_h c_h,j q_h,j,t / Σ_h c_h,j q_h,j,1

    q capacity, c what a unit of capacity costs at base-year prices (one, where it costs nothing).
    With one kind of capital it is q_t / q_1, and times the stock at the end of the base year it is
    the stock at the end of year t − 1. NaN where capital limits nothing, or there is none.
    """
    o = plan.outlook
    cost = np.einsum("ihj,i->hj", o.capital_required[..., 0], o.price)
    cost = np.where(o.is_limited, np.where(cost > 0, cost, 1.0), 0.0)
    held = (cost[..., None] * plan.capacity).sum(axis=0)
    first = held[:, :1]
    nothing = np.full(held.shape, np.nan)
    return np.asarray(np.divide(held, first, out=nothing, where=first > 0))


def _with_growth(amounts: pd.DataFrame) -> pd.DataFrame:
    """Labels and amounts, with average growth per year since the bases in place of the bases."""
    span = amounts["year"] - amounts["since"]
    grown = {}
    for which in ("plan", "actual"):
        base = amounts[f"{which}_base"]
        ratio = amounts[which] / base.where(base > 0)
        grown[f"{which}_growth"] = ratio ** (1 / span.where(span > 0)) - 1
    labels = [label for label in ("region", "activity", "measure", "year") if label in amounts]
    found = amounts[[*labels, "plan", "actual"]].assign(**grown, unit=amounts["unit"])
    return found.reset_index(drop=True)
