"""The years around the base year: past growth, persons, and what happened after."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.tables.accounts import Accounts
from planboard.tables.base_year import ALL, BaseYear
from planboard.tables.books import Head
from planboard.tables.stocks import WINDOW, years_of

ACTUAL = {"output": "output_volume", "hours": "hours", "capital": "capital_stock"}


def persons_table(base: BaseYear, accounts: Accounts) -> pd.DataFrame:
    """Persons engaged in the base year, thousand."""
    if base.data["persons"].isna().all():
        return pd.DataFrame()
    engaged = base.data["persons"].groupby(level="region", sort=False).sum()
    filled = {
        region: activity for region, activity, measure, *_ in base.filled if measure == "persons"
    }
    return pd.DataFrame(
        {
            "region": engaged.index,
            "measure": "engaged",
            "value": engaged.to_numpy(),
            "source": [_source(accounts, filled.get(region, "")) for region in engaged.index],
        }
    )


def _source(accounts: Accounts, filled: str) -> str:
    """Where the persons of a region are from, of whom those of `filled` were filled in."""
    if filled == ALL:
        return "imputed from donors"
    return f"{accounts.source}, in part imputed from donors" if filled else accounts.source


def growth_table(accounts: Accounts, regions: Sequence[str], year: int) -> pd.DataFrame:
    """Mean growth of hours, and of real output per hour, in the `WINDOW` years before.

    Activities that miss a cell in the first or the last year are left out of both, regions without
    hours or output in one of them altogether.
    """
    data, first = accounts.data, year - WINDOW
    years = set(accounts.years)
    if not {first, year} <= years or not {"hours", "output", "output_price"} <= set(data):
        return pd.DataFrame()
    now = data.xs(year, level="year")
    then = data.xs(first, level="year")
    price = now["output_price"] / then["output_price"]
    parts = pd.DataFrame(
        {
            "hours_now": now["hours"],
            "hours_then": then["hours"],
            "output_now": now["output"],
            "output_then": then["output"] * price,
        }
    )
    sums = parts.replace([np.inf, -np.inf], np.nan).dropna().groupby(level="region").sum()
    sums = sums[(sums > 0).all(axis=1)]
    hours = sums["hours_now"] / sums["hours_then"]
    per_hour = sums["output_now"] / sums["output_then"] / hours
    rates = {"labour": hours ** (1 / WINDOW) - 1, "productivity": per_hour ** (1 / WINDOW) - 1}
    return pd.DataFrame(
        [
            (region, quantity, float(values[region]), 0)
            for region in regions
            if region in sums.index
            for quantity, values in rates.items()
        ],
        columns=["region", "quantity", "value", "assumed"],
    )


def actual_table(accounts: Accounts, base: BaseYear, head: Head) -> pd.DataFrame:
    """What happened from the base year on: output, hours and capital, base-year prices."""
    at_base = {"output": base.output, "capital": base.data["stock"]}
    frames = []
    for quantity, measure in ACTUAL.items():
        wide = accounts.wide(measure).reindex(base.output.index)
        if base.year not in years_of(wide):
            continue
        wide = wide[[year for year in years_of(wide) if year >= base.year]]
        if quantity in at_base:
            wide = wide.mul(at_base[quantity] / wide[base.year], axis=0)
        long = wide.reset_index().melt(["region", "activity"], var_name="year").dropna()
        unit = "million hours" if quantity == "hours" else head["unit"]
        frames.append(long.assign(quantity=quantity, unit=unit))
    if not frames or max(accounts.years) <= base.year:
        return pd.DataFrame()
    table = pd.concat(frames, ignore_index=True).rename(columns={"activity": "name"})
    columns = ["region", "quantity", "name", "year", "value", "unit"]
    told: pd.DataFrame = table.loc[np.isfinite(table["value"]), columns]
    return told.reset_index(drop=True)
