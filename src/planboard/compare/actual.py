"""A plan against what happened: levels, growth, and where the difference in output comes from.

Real terms only: the economy's `actual` table is in base-year prices, as the plan is. The plan is
compared over the industries or products that the table has, and where the units are the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.compare.accounting import (
    base_output,
    capital_at_cost,
    decomposed,
    hours_worked,
    labour_shares,
    output_at_base_prices,
)
from planboard.compare.base import base_entries, base_hours
from planboard.economy import Array
from planboard.solution import Solution
from planboard.solution.values import RegionPlan, table

KEYS = ["region", "measure", "name", "year"]


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
        Parts hours, capital, productivity, and total, their sum. See `accounting.decomposed`.
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
    shares = labour_shares(solution)
    return ActualComparison(
        _with_growth(industries.rename(columns={"name": "activity"})),
        _with_growth(sums),
        decomposed(pairs, shares),
        shares,
    )


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
    yield "output", o.activities, output_at_base_prices(plan), base_output(o)
    yield "hours", o.activities, hours_worked(plan), base_hours(o)
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


def capital_index(plan: RegionPlan) -> Array:
    """Capital that serves each year over that of the first plan year, by activity, shape (m, T).

    With one kind of capital it is q_t / q_1, and times the stock at the end of the base year it is
    the stock at the end of year t − 1. NaN where capital limits nothing, or there is none.
    """
    held = capital_at_cost(plan)
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
