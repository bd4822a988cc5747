"""Capital from its accounts: depreciation, stock before the base year, perpetual inventory.

    K_t = (1 − δ) K_{t−1} + I_t        K₋₁ = (K₀ − I₀)/(1 − δ)

K stock at the end of the year, I investment, δ depreciation, all at constant prices. Source: OECD
(2009), *Measuring Capital*, 2nd ed., ch. 4 and 15 (geometric depreciation).
"""

import pandas as pd

from planboard.tables.accounts import Accounts

WINDOW = 5  # Years over which depreciation and growth are averaged.
# A rate is no depreciation where it is above `APART` times the other regions' median for the
# activity: the stock does not hold what investment brought. Nor is one as far below that varies
# from year to year by more than `VARIES` of itself: that stock was revised or rebased, while a
# trade that keeps its things longer does so every year.
APART, VARIES = 2.0, 0.15
# A stock too smooth for its investment: the region's rate grows by more than `DRIFT` within the
# window, and ends more than `ABOVE` what other regions' rates would make of its stock.
DRIFT, ABOVE = 1.3, 1.5


def perpetual_inventory(
    first: pd.Series, investment: pd.DataFrame, depreciation: pd.Series
) -> pd.DataFrame:
    """Stocks at the end of every year of `investment`, from the stock before the first of them.

    Parameters
    ----------
    first : stock before, by (region, activity)
    investment : (region, activity) x year, at the constant prices of the stock
    depreciation : share a year, by (region, activity)
    """
    stock, found = first, {}
    for year in investment.columns:
        stock = (1 - depreciation) * stock + investment[year]
        found[year] = stock
    return pd.DataFrame(found)


def real_investment(accounts: Accounts) -> pd.DataFrame:
    """Investment at the constant prices of the stock: (region, activity) x year."""
    price = accounts.wide("investment_price")
    return 100 * accounts.wide("investment") / price.where(price > 0)


def real_stock(accounts: Accounts) -> pd.DataFrame:
    """Published stock at constant prices: (region, activity) x year."""
    return accounts.wide("capital_stock")


def years_of(table: pd.DataFrame) -> list[int]:
    """The years that a table has as columns."""
    return [int(str(year)) for year in table.columns]


def implied_rates(accounts: Accounts, year: int, *, by: str = "activity") -> pd.DataFrame:
    """Yearly loss that stock and investment imply: (region, activity), or region, x years.

        δ_t = (K_{t−1} + I_t − K_t)/K_{t−1}

    The last `WINDOW` years up to `year`; where the series have fewer, their first `WINDOW` years,
    some of which lie after it: whoever uses them says so.
    """
    stock, investment = real_stock(accounts), real_investment(accounts)
    if by == "region":
        known = stock.notna() & investment.reindex(columns=stock.columns).notna()
        stock = stock.where(known).groupby(level="region").sum(min_count=1)
        investment = investment.where(known).groupby(level="region").sum(min_count=1)
    known_years, invested = set(years_of(stock)), set(years_of(investment))
    years = [
        y
        for y in years_of(stock)
        if y - 1 in known_years and y in invested and stock[y].notna().any()
    ]
    past = [y for y in years if y <= year][-WINDOW:]
    window = past if len(past) == WINDOW else years[:WINDOW]
    before = {y: stock[y - 1].where(stock[y - 1] > 0) for y in window}
    rates = {y: (before[y] + investment[y] - stock[y]) / before[y] for y in window}
    return pd.DataFrame(rates, index=stock.index)


def implied_depreciation(accounts: Accounts, year: int) -> pd.Series:
    """Mean yearly loss by (region, activity); NaN where it is unknown or cannot be one.

    It cannot be where it is far from its peers' and varies (`APART`, `VARIES`), or where the stock
    of the whole region is too smooth for its investment.
    """
    rates = implied_rates(accounts, year)
    mean = rates.mean(axis=1)
    median = mean.groupby(level="activity").transform("median")
    is_steady = (mean > 0) & (rates.std(axis=1) < VARIES * mean)
    drifting = mean.index.isin(drifting_regions(accounts, year), level="region")
    is_one = (mean < median * APART) & (is_steady | (mean > median / APART))
    return mean.where(is_one & ~drifting)


def drifting_regions(accounts: Accounts, year: int) -> list[str]:
    """Regions whose stock is too smooth for its investment: the implied rate drifts upwards."""
    rates = implied_rates(accounts, year, by="region").dropna()
    if rates.shape[1] < WINDOW:
        return []
    last = years_of(rates)[-1]
    usual = _usual_rate(implied_rates(accounts, year)[last], real_stock(accounts)[last - 1])
    drifts = rates[last] > DRIFT * rates.iloc[:, 0]
    return list(rates.index[drifts & (rates[last] > ABOVE * usual.reindex(rates.index))])


def _usual_rate(rates: pd.Series, stock: pd.Series) -> pd.Series:
    """What each region would lose at the median rate of every activity, by region."""
    median = rates.groupby(level="activity").transform("median")
    known = stock.notna() & median.notna()
    lost = (stock * median)[known].groupby(level="region").sum()
    return lost / stock[known].groupby(level="region").sum()


def stock_before(stock: pd.Series, investment: pd.Series, depreciation: pd.Series) -> pd.Series:
    """The stock that served base-year output: K₋₁ = (K₀ − I₀)/(1 − δ); NaN where not positive."""
    before = (stock - investment) / (1 - depreciation)
    return before.where(before > 0)
