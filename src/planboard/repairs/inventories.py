"""Inventories: changes of stocks that a plan should not inherit, and gaps booked as such."""

from collections.abc import Iterator, Sequence

import numpy as np

from planboard.economy import Array, Economy, Integers, RegionAccounts
from planboard.labels import positions
from planboard.repairs import books
from planboard.repairs.balance import balance
from planboard.repairs.gras import TOLERANCE
from planboard.repairs.repair import Outcome, names_in


def without_inventories(
    economy: Economy, *, method: str, into: str | Sequence[str] = ()
) -> Outcome:
    """Changes of inventories are taken out, and what they held goes elsewhere.

    Parameters
    ----------
    method : "folded": into the other categories, in proportion to their use of the product, so
        that every balance stays as it was; or "balanced": set to zero, and all uses and
        final use scaled by GRAS until output and trade are used up (see `balance`)
    into : categories that take them when folded; all but inventories, where none is named
    """
    if method == "balanced":
        emptied = dict(_emptied(economy))
        without = books.with_regions(economy, emptied)
        return (
            balance(without, method="gras", regions=list(emptied)) if emptied else Outcome(economy)
        )
    taking = positions("category", names_in(into), economy.category_names)
    stocks = books.inventories(economy)
    others = np.setdiff1d(taking or np.arange(len(economy.categories)), stocks).astype(np.int64)
    found = {a.region: _folded(economy, a, stocks, others) for a in economy.regions}
    mended = {region: accounts for region, (accounts, _) in found.items() if accounts is not None}
    refused = tuple(line for _, lines in found.values() for line in lines)
    return Outcome(books.with_regions(economy, mended), refused)


def _emptied(economy: Economy) -> Iterator[tuple[str, RegionAccounts]]:
    """Regions that hold changes of inventories, without them."""
    stocks = books.inventories(economy)
    for accounts in economy.regions:
        if accounts.final_use[:, stocks].any():
            final_use = accounts.final_use.copy()
            final_use[:, stocks] = 0.0
            yield accounts.region, books.with_final_use(accounts, final_use)


def _folded(
    economy: Economy, accounts: RegionAccounts, stocks: Integers, others: Integers
) -> tuple[RegionAccounts | None, list[str]]:
    """The accounts with inventories in the other categories, and products where none can be."""
    final_use = accounts.final_use.copy()
    change: Array = final_use[:, stocks].sum(axis=1)
    taking = np.maximum(final_use[:, others], 0.0)
    total = taking.sum(axis=1)
    is_held = final_use[:, stocks].any(axis=1)
    can = is_held & (total > 0) & (total + change >= 0)
    factor = np.divide(change, total, out=np.zeros_like(total), where=can)
    final_use[:, others] += taking * factor[:, None]
    final_use[np.ix_(can, stocks)] = 0.0
    refused = [
        f"{accounts.region}, {economy.product_names[i]}: inventories of {change[i]:+,.6g} "
        f"{economy.products[i].unit} beside {total[i]:,.6g} of other final use"
        for i in np.nonzero(is_held & ~can)[0]
    ]
    return (books.with_final_use(accounts, final_use) if can.any() else None), refused


def book_gaps(economy: Economy, *, most: float) -> Outcome:
    """What a product misses to balance is booked as a change of inventories, in the open.

    most : largest gap that is booked, as a share of the product's supply or, where that is more,
        of its uses; a larger one is an error to look into, and stays
    """
    mended, refused = {}, []
    for accounts in economy.regions:
        gap, size = books.row_gaps(economy, accounts), books.turnover(accounts)
        is_open = (np.abs(gap) > TOLERANCE * size) & accounts.final_use.any()
        small = is_open & (np.abs(gap) <= most * size)
        refused += [
            f"{accounts.region}, {economy.product_names[i]}: a gap of {gap[i]:+,.6g} "
            f"{economy.products[i].unit}, {abs(gap[i]) / size[i]:.3g} of its supply or uses"
            for i in np.nonzero(is_open & ~small)[0]
        ]
        if small.any():
            final_use = accounts.final_use.copy()
            final_use[:, books.place_to_book(economy, "gaps")] += np.where(small, gap, 0.0)
            mended[accounts.region] = books.with_final_use(accounts, final_use)
    return Outcome(books.with_regions(economy, mended), tuple(refused))
