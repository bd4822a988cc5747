"""Carried tables at other prices: what happened, and the published series."""

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy
from planboard.reshape.revaluation import RegionPrices, Revalued
from planboard.reshape.series import MONEY
from planboard.units import parse_unit


def revalued_actual(economy: Economy, found: Revalued, unit: str) -> pd.DataFrame | None:
    """What happened, its money divided as the base year's is; money of unknown make is left out.

    Output by activity follows the activity's products, final use the region's mix of origins,
    capital and investment what a unit of the activity's capacity takes.
    """
    actual = economy.actual
    if actual is None:
        return None
    is_money = (actual["unit"] == economy.unit).to_numpy()
    times = np.ones(len(actual))
    factors = {region: _factors(economy, region, by) for region, by in found.prices.items()}
    keys = actual.loc[is_money, ["region", "quantity", "name"]]
    times[is_money] = [
        factors[region].get((quantity, name), factors[region].get((quantity, ""), np.nan))
        for region, quantity, name in keys.itertuples(index=False)
    ]
    new_unit = actual["unit"].where(~is_money, unit)
    made = actual.assign(value=actual["value"] * times, unit=new_unit)
    return made[np.isfinite(times)].reset_index(drop=True)


def _factors(economy: Economy, region: str, by: RegionPrices) -> dict[tuple[str, str], float]:
    """(quantity, name) -> by how much its money is multiplied."""
    accounts = economy.region(region)
    price = np.array([product.price for product in economy.products])
    required = accounts.capital_required.toarray() * price[:, None]
    kinds, m = accounts.capacity.shape
    old = required.sum(axis=0).reshape(kinds, m).sum(axis=0)
    new = (required / by.used[:, None]).sum(axis=0).reshape(kinds, m).sum(axis=0)
    capital = np.divide(new, old, out=np.full(m, np.nan), where=old > 0)
    low, high = (1 / by.used).min(), (1 / by.used).max()
    capital = np.clip(capital, low, high)
    found = {("output", a): float(f) for a, f in zip(accounts.activities, by.added, strict=True)}
    for quantity in ("capital", "investment"):
        found |= {
            (quantity, a): float(f) for a, f in zip(accounts.activities, capital, strict=True)
        }
    for category in economy.category_names:
        found |= {
            ("final_use", f"{category}/{product}"): float(1 / s)
            for product, s in zip(economy.product_names, by.used, strict=True)
        }
    if low == high:
        spare = ("output", "capital", "investment", "final_use")
        found |= {(quantity, ""): float(low) for quantity in spare}
        found = {key: value if np.isfinite(value) else float(low) for key, value in found.items()}
    return found


def revalued_series(
    economy: Economy, prices: Array, unit: str, currency: str
) -> pd.DataFrame | None:
    """The series, still at current prices; their exchange rate, or their money, in the new money.

    Only one factor for all, and no change of price year, can be told apart from a change of prices:
    with a new currency and several factors the exchange rate is left out.
    """
    series = economy.series
    if series is None:
        return None
    old_unit, new_unit = parse_unit(economy.unit), parse_unit(unit)
    is_same_money = (old_unit.scale, old_unit.counted) == (new_unit.scale, new_unit.counted)
    if is_same_money and currency == economy.currency:
        return series
    factor = float(prices.flat[0])
    is_rate = series["measure"] == "exchange_rate"
    if not (prices == factor).all():
        return series[~is_rate].reset_index(drop=True)
    if is_rate.any():
        told = f"{new_unit.without_year} per unit of the series' money"
        return series.assign(
            value=series["value"].where(~is_rate, series["value"] / factor),
            unit=series["unit"].where(~is_rate, told),
        )
    is_money = series["measure"].isin([*MONEY, "capital_stock"]) & series["unit"].map(
        lambda text: (
            parse_unit(text).counted.startswith(old_unit.counted)
            and parse_unit(text).scale == old_unit.scale
        )
    )
    renamed = series["unit"].str.replace(old_unit.without_year, new_unit.without_year, regex=False)
    return series.assign(
        value=series["value"].where(~is_money, series["value"] / factor),
        unit=series["unit"].where(~is_money, renamed),
    )
