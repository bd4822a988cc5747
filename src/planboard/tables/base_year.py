"""Hours, capital and incomes of the base year: as published, or filled in and told so.

One table, (region, activity) by measure, in the money of the published table:

    hours…, persons          as published (million hours, thousand persons)
    stock, investment        at the end of and during the base year, at its prices
    depreciation             share a year
    labour_income, capital_income

What is missing is filled in step by step, each from what is nearest: the region's own years before,
its stock's own change, stated donors. Each step says in `filled` what it did.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planboard.tables.accounts import SKILLS, Accounts
from planboard.tables.donors import bundled_ratios
from planboard.tables.industries import bundled_industry
from planboard.tables.stocks import (
    drifting_regions,
    implied_depreciation,
    implied_rates,
    perpetual_inventory,
    real_investment,
    real_stock,
    stock_before,
    years_of,
)

SLOWEST, FASTEST = -0.05, 0.2  # Growth of a whole region's stock in a year.
ALL = "all"  # Every activity of a region, in the table `imputed`.
FLOWS = ("investment", "labour_income", "capital_income")  # money, at current prices
Filled = tuple[str, str, str, str, str]


@dataclass(frozen=True, eq=False)
class BaseYear:
    """The accounts of one year on the activities of a table.

    data : (region, activity) x measure, NaN where still unknown
    output : gross output, (region, activity) [money of the table]
    filled : region, activity, measure, method, donors of all that was filled in
    """

    year: int
    output: pd.Series
    data: pd.DataFrame
    filled: tuple[Filled, ...] = ()

    def fill(
        self, measure: str, values: pd.Series, method: str, donors: str = "", *, over: bool = False
    ) -> "BaseYear":
        """With these values where nothing is known (or, `over`, wherever they are known)."""
        new = values.reindex(self.output.index)
        at = new.notna() & (self.output > 0)
        if not over:
            at &= self.data[measure].isna()
        if not at.any():
            return self
        data = self.data.copy()
        data.loc[at, measure] = new[at]
        told = told_cells(self.output[self.output > 0].index, self.output.index[at])
        filled = [(region, activity, measure, method, donors) for region, activity in told]
        return replace(self, data=data, filled=(*self.filled, *filled))

    @property
    def unknown(self) -> pd.DataFrame:
        """Which cells of activities that run are still unknown."""
        return self.data.isna() & (self.output > 0).to_numpy()[:, None]


def told_cells(every: pd.Index, cells: pd.Index) -> list[tuple[str, str]]:
    """(region, activity) of each cell; a region whose activities are all meant gets one `ALL`."""
    pairs = [(str(region), str(activity)) for region, activity in cells.to_list()]
    size = Counter(str(region) for region, _ in every.to_list())
    found = Counter(region for region, _ in pairs)
    whole = [region for region in found if found[region] == size[region]]
    single = [(region, activity) for region, activity in pairs if region not in whole]
    return [(region, ALL) for region in whole] + single


def published(accounts: Accounts, output: pd.Series, year: int) -> BaseYear:
    """What the accounts say of the year, in the money of the table, of activities with output.

    Who invests nothing, and has no stock above zero in any year, has no capital.
    """
    found = accounts.of_year(year, output.index)
    rate = found.get("exchange_rate", 1.0)
    names = [*hours_measures(accounts), "persons", "stock", *FLOWS, "depreciation", "utilisation"]
    data = pd.DataFrame(np.nan, index=output.index, columns=names)
    for name in (*hours_measures(accounts), "persons", "depreciation", "utilisation"):
        if name in found:
            data[name] = found[name]
    for name in FLOWS:
        if name in found:
            data[name] = found[name] * rate
    if {"capital_stock", "investment_price"} <= set(found):
        data["stock"] = found["capital_stock"] * found["investment_price"] / 100 * rate
    had = (accounts.wide("capital_stock").reindex(output.index) > 0).any(axis=1)
    data.loc[(data["investment"] == 0) & data["stock"].isna() & ~had, "stock"] = 0.0
    data.loc[output <= 0] = np.nan
    return BaseYear(year, output, data)


def hours_measures(accounts: Accounts) -> list[str]:
    """Hours by skill where they are published so, else hours in all."""
    return [name for name in SKILLS if name in accounts.data] or ["hours"]


def with_depreciation(base: BaseYear, accounts: Accounts) -> BaseYear:
    """What stock and investment imply; else the median of the other regions' same activity.

    What the years up to the base year imply is the accounts' own; where later years are needed,
    it is told.
    """
    rates, ahead = implied_depreciation(accounts, base.year), _years_ahead(accounts, base.year)
    if ahead:
        base = base.fill("depreciation", rates, f"what stock and investment imply{ahead}")
    else:
        own = base.data["depreciation"].fillna(rates.reindex(base.output.index))
        base = replace(base, data=base.data.assign(depreciation=own))
    peers = rates.groupby(level="activity").median()
    at = base.output.index.get_level_values("activity")
    values = pd.Series(peers.reindex(at).to_numpy(), index=base.output.index)
    method = f"median of the same activity elsewhere{ahead}"
    return base.fill("depreciation", values, method, "all others")


def _years_ahead(accounts: Accounts, year: int) -> str:
    """The years that rates of depreciation are from, in words, where some are after the year."""
    years = years_of(implied_rates(accounts, year))
    if not years or years[-1] <= year:
        return ""
    return f" in {years[0]}-{years[-1]}, for want of enough years before"


def with_inventory(base: BaseYear, accounts: Accounts) -> BaseYear:
    """Stocks too smooth for their investment, by perpetual inventory from the first one published.

    With the depreciation of `with_depreciation`, which is other regions' there. Every year after
    the first needs its investment.
    """
    regions = drifting_regions(accounts, base.year)
    stock, investment = real_stock(accounts), real_investment(accounts)
    years = [y for y in years_of(stock) if y <= base.year and stock[y].notna().any()]
    if not regions or len(years) < 2 or years[-1] != base.year:
        return base
    at = stock.index[stock.index.isin(regions, level="region")]
    rate = base.data["depreciation"].reindex(at)
    flows = investment.reindex(columns=range(years[0] + 1, base.year + 1)).loc[at]
    carried = perpetual_inventory(stock[years[0]][at], flows, rate)
    values = carried[base.year] * _price(accounts, base.year).reindex(at)
    method = f"perpetual inventory from {years[0]}: the published stock contradicts its investment"
    method += _years_ahead(accounts, base.year)
    return base.fill("stock", values, method, over=True)


def carried_forward(base: BaseYear, accounts: Accounts) -> BaseYear:
    """Stocks not published in the base year: from the last one, its investment going on.

    Investment is as published; where it is not, that of the last year, at constant prices. Both are
    valued as `_price` says. The table's own capital formation sets the scale of investment in the
    end: see `capital`.
    """
    stock, investment = real_stock(accounts), real_investment(accounts)
    for last in [y for y in reversed(years_of(stock)) if y < base.year]:
        missing = base.unknown["stock"]
        if not missing.any() or last not in years_of(investment):
            return base
        at = stock.index[stock[last].notna() & investment[last].notna()]
        at = at[missing.reindex(at, fill_value=False)]
        flow = investment[last][at]
        flows = investment.reindex(columns=range(last + 1, base.year + 1)).loc[at]
        flows = pd.DataFrame({y: flows[y].fillna(flow) for y in years_of(flows)})
        carried = perpetual_inventory(stock[last][at], flows, base.data["depreciation"][at])
        price = _price(accounts, last, now=base.year).reindex(at)
        method = (
            f"perpetual inventory from {last}, investment as in that year where none is published"
        )
        base = base.fill("stock", carried[base.year] * price, method)
        base = base.fill("investment", flow * price, f"as in {last}, at constant prices")
    return base


def _price(accounts: Accounts, year: int, now: int | None = None) -> pd.Series:
    """Money of the table in `now` per unit of real stock, by (region, activity).

    At investment prices of `now`; where there are none, at those of `year`, moved with the price of
    the region's whole output. NaN where that, or the exchange rate of `now`, is not published.
    """
    now = now or year
    price = accounts.wide("investment_price") / 100
    rate: pd.Series | float = 1.0
    if "exchange_rate" in accounts.data:
        rate = accounts.wide("exchange_rate").reindex(columns=[now])[now]
    if now == year:
        return price[year] * rate
    both = [year, now]
    value = accounts.wide("output").reindex(columns=both)
    volume = value / accounts.wide("output_price").reindex(columns=both)
    level = value.where(volume.notna()).groupby("region").sum()
    level = level / volume.groupby("region").sum()
    regions = price.index.get_level_values("region")
    moved = price[year] * (level[now] / level[year]).reindex(regions).to_numpy()
    return price.reindex(columns=both)[now].fillna(moved) * rate


def with_formation(base: BaseYear, formation: pd.Series) -> BaseYear:
    """Investment of regions that publish none: their capital formation, so that stocks grow alike.

        I₀,j = (δ_j + g) K₋₁,j = (δ_j + g)/(1 + g) · K₀,j        g so that Σ_j I₀,j = formation

    A region where g lies outside (`SLOWEST`, `FASTEST`) is left to donors: its stock and its
    formation do not go together.
    """
    data = base.data
    for region, total in formation.items():
        own = (base.output.index.get_level_values("region") == region) & (data["stock"] > 0)
        stock, lost = data["stock"][own], data["depreciation"][own] * data["stock"][own]
        if not own.any() or data["investment"][own].notna().any() or total >= stock.sum():
            continue
        growth = (total - lost.sum()) / (stock.sum() - total)
        if SLOWEST < growth < FASTEST:
            values = (lost + growth * stock) / (1 + growth)
            method = f"the table's capital formation, so that all stocks grow alike ({growth:.2%})"
            base = base.fill("investment", values, method)
    return base


def without_disposals(base: BaseYear) -> BaseYear:
    """Investment below zero, where more was sold than bought, counts as none: plans only build."""
    below = base.data["investment"] < 0
    nothing = pd.Series(0.0, index=base.output.index[below])
    return base.fill("investment", nothing, "sales of assets exceed purchases: none", over=True)


def with_utilisation(base: BaseYear) -> BaseYear:
    """Where utilisation is not published: full, unless the stock shrank in the base year.

        utilisation = min(1, K₀ / K₋₁),   so that   capacity after the base year ≥ x₀

    Who lets capital go did not lack it: what is left of the stock is taken to serve base-year
    output still.
    """
    data = base.data
    before = stock_before(data["stock"], data["investment"], data["depreciation"])
    left = data["stock"] / before
    method = "the stock shrank in the base year: what is left of it serves base-year output"
    base = base.fill("utilisation", left[left < 1], method)
    full = base.data.assign(utilisation=base.data["utilisation"].fillna(1.0))
    return replace(base, data=full)


def from_donors(
    base: BaseYear, measures: Sequence[str], accounts: Accounts, everybody: Sequence[str]
) -> BaseYear:
    """What is still unknown of amounts: the donors' amount per unit of output of the same activity.

    Donors of a region are those stated, else every region that has the measure. Where no donor has
    the activity, the donors' mean over all activities serves.
    """
    donors = accounts.donors
    for measure in measures:
        missing = base.unknown[measure]
        for region in dict.fromkeys(missing[missing].index.get_level_values("region")):
            chosen = [d for d in donors.get(region, everybody) if d != region]
            values = _intensity(base, measure, chosen, region)
            named = ", ".join(chosen) if region in donors else "all others"
            base = base.fill(measure, values, "donors' amount per unit of output", named)
    return base


def _intensity(base: BaseYear, measure: str, donors: Sequence[str], region: str) -> pd.Series:
    """Amounts of one region's activities at its donors' intensities."""
    known = base.data[measure].notna() & (base.output > 0)
    known &= base.output.index.isin(donors, level="region")
    output, amount = base.output[known], base.data[measure][known]
    per = amount.groupby("activity").sum() / output.groupby("activity").sum()
    mean = amount.sum() / output.sum() if len(output) else np.nan
    own = base.output[base.output.index.get_level_values("region") == region]
    rate = per.reindex(own.index.get_level_values("activity")).fillna(mean).to_numpy()
    return pd.Series(rate * own, index=own.index)


def from_bundled(
    base: BaseYear, measures: Sequence[str], labels: Mapping[str, str], donor: str
) -> BaseYear:
    """Capital that no region of the table publishes: that of the bundled economy, per output.

    `donor` is one of its regions, or "" for all of them together; industries are found by their
    full names, and one without a match takes the mean.
    """
    ratios = bundled_ratios(donor)
    names = base.output.index.get_level_values("activity")
    industry = pd.Index([bundled_industry(labels.get(name, name)) or ALL for name in names])
    for measure in [name for name in measures if name in ratios]:
        values = pd.Series(ratios[measure].reindex(industry).to_numpy(), index=base.output.index)
        values = values if measure == "depreciation" else values * base.output
        method = "per unit of output, as in the bundled economy of 2000, by industry"
        base = base.fill(measure, values, method, f"world-2000 {donor}".strip())
    return base


STEPS: tuple[Callable[[BaseYear, Accounts], BaseYear], ...] = (
    with_inventory,
    carried_forward,
)
