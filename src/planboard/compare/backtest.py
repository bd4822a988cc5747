"""Walk-forward backtest: the plan again, with the growth of labour and productivity that came.

Nothing else is known beforehand: trade bands, pace, capital and the objective stay as planned. How
far this plan is from fact then tells of choices, capital and trade, not of forecasts.
"""

import numpy as np
import pandas as pd

from planboard.economy import Economy
from planboard.errors import InvalidPlanError
from planboard.plan import Plan


def with_hindsight(economy: Economy, plan: Plan) -> Plan:
    """The plan with the actual growth of hours and of output per hour, region by region.

    Average rates per year from the base year to the last plan year that the economy's `actual`
    table knows: labour from hours worked, productivity from output at constant prices per hour.

    Raises
    ------
    InvalidPlanError
        The economy does not know what happened in the years of the plan.
    """
    if economy.actual is None:
        raise _nothing_known(economy, plan)
    known = economy.actual[economy.actual["quantity"].isin(["output", "hours"])]
    years = [int(year) for year in known["year"].unique() if year in plan.years]
    if not years:
        raise _nothing_known(economy, plan)
    last, base = max(years), economy.base_year
    sums = known.pivot_table(
        index="region", columns=["quantity", "year"], values="value", aggfunc="sum"
    )
    hours, output = (sums[name][last] / sums[name][base] for name in ("hours", "output"))
    power = 1 / (last - base)
    growth = {
        "labour": _rates(hours**power - 1),
        "productivity": _rates((output / hours) ** power - 1),
        "government": dict(plan.growth.government),
    }
    section = type(plan.growth)(**growth)
    return plan.with_changes(name=f"{plan.name}, with hindsight", growth=section)


def _rates(rates: "pd.Series[float]") -> dict[str, float]:
    return {str(region): float(np.round(rate, 6)) for region, rate in rates.items()}


def _nothing_known(economy: Economy, plan: Plan) -> InvalidPlanError:
    return InvalidPlanError(
        f"The economy '{economy.name}' does not know what happened in the years of the plan.",
        [f"plan years: {plan.years[0]} to {plan.years[-1]}"],
        "A backtest needs a table 'actual' with output and hours of these years.",
    )
