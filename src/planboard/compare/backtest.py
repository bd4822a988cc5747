"""Walk-forward backtest: the plan again, with the growth of labour and productivity that came.

Nothing else is known beforehand: trade bands, pace, capital and the objective stay as planned. How
far this plan is from fact then tells of choices, capital and trade, not of forecasts.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from planboard.economy import Economy
from planboard.errors import InvalidPlanError
from planboard.plan import Plan


def with_hindsight(economy: Economy, plan: Plan) -> Plan:
    """The plan with the actual growth of hours and of output per hour, region by region.

        labour = (H_T / H_0)^(1/T) − 1        productivity = (Y_T / H_T / (Y_0 / H_0))^(1/T) − 1

    H hours worked, Y output at base-year prices, over the industries that know both in the base
    year and in the last plan year T that the economy's `actual` table has. A region that it does
    not know keeps the plan's own growth.

    Raises
    ------
    InvalidPlanError
        The economy does not know what happened in the years of the plan.
    """
    known = _known(economy)
    years = [year for year in plan.years if (known["year"] == year).any()]
    sums = _sums(known, economy.base_year, max(years, default=economy.base_year))
    if not years or sums.empty:
        raise _nothing_known(economy, plan)
    power = 1 / (max(years) - economy.base_year)
    hours = sums["hours", "last"] / sums["hours", "base"]
    output = sums["output", "last"] / sums["output", "base"]
    growth = replace(
        plan.growth,
        labour={**plan.growth.labour, **_rates(hours**power - 1)},
        productivity={**plan.growth.productivity, **_rates((output / hours) ** power - 1)},
    )
    return plan.with_changes(name=f"{plan.name}, with hindsight", growth=growth)


def _known(economy: Economy) -> pd.DataFrame:
    """What the actual table says of hours, and of output at base-year prices."""
    if economy.actual is None:
        return pd.DataFrame(columns=["region", "quantity", "name", "year", "value", "unit"])
    quantity, unit = economy.actual["quantity"], economy.actual["unit"]
    of_output = (quantity == "output") & (unit == economy.unit)
    return economy.actual[of_output | (quantity == "hours")]


def _sums(known: pd.DataFrame, base: int, last: int) -> pd.DataFrame:
    """Hours and output by region in both years, over the industries that know all four."""
    then = {base: "base", last: "last"}
    chosen = known[known["year"].isin(then)].assign(when=lambda t: t["year"].map(then))
    grid = chosen.pivot_table(
        index=["region", "name"], columns=["quantity", "when"], values="value", aggfunc="sum"
    )
    if len(grid.columns) < 4:
        return pd.DataFrame()
    sums = grid.dropna().groupby("region").sum()
    return sums[(sums > 0).all(axis=1)]


def _rates(rates: "pd.Series[float]") -> dict[str, float]:
    return {str(region): float(np.round(rate, 6)) for region, rate in rates.items()}


def _nothing_known(economy: Economy, plan: Plan) -> InvalidPlanError:
    return InvalidPlanError(
        f"The economy '{economy.name}' does not know what happened in the years of the plan.",
        [f"plan years: {plan.years[0]} to {plan.years[-1]}"],
        "A backtest needs a table 'actual' with output and hours of these years.",
    )
