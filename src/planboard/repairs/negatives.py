"""Cells below zero: trade that comes from inventories, and use too small to mean anything.

What is taken out is booked as a change of inventories, or as trade the other way, so that every
product balances as before.
"""

from dataclasses import replace

import numpy as np

from planboard.economy import Array, Economy, RegionAccounts
from planboard.repairs import books
from planboard.repairs.repair import Outcome

NAME = "negative_exports"


def negative_exports(economy: Economy, *, booked: str) -> Outcome:
    """Flows of trade below zero are set to zero; inventories of both regions take them, or trade.

    Where a region draws down stocks of foreign goods by more than it buys of them in the year, the
    flow from their origin is below zero. Without it, the region's imports are larger by its size
    and so are its inventories; exports of the origin are larger, and its inventories smaller: the
    stock is counted as drawn down where its goods were made. The world's inventories stay. A
    partner without accounts has no books to change.

    booked : "inventories"; or "trade": as a flow of the same size the other way, which is how a
        plan counts it, and what serves a region that cannot do without those goods again
    """
    if booked == "trade":
        return Outcome(books.with_regions(economy, _turned(economy)))
    mended = {}
    for accounts in economy.regions:
        sold, bought = np.minimum(accounts.exports, 0.0), np.minimum(accounts.imports, 0.0)
        if not sold.any() and not bought.any():
            continue
        final_use = accounts.final_use.copy()
        place = books.place_to_book(economy, NAME)
        final_use[:, place] += sold.sum(axis=1) - bought.sum(axis=1)
        mended[accounts.region] = replace(
            accounts,
            exports=np.maximum(accounts.exports, 0.0),
            imports=np.maximum(accounts.imports, 0.0),
            final_use=final_use,
        )
    return Outcome(books.with_regions(economy, mended))


def _turned(economy: Economy) -> dict[str, RegionAccounts]:
    """Regions with trade below zero, which goes the other way."""
    return {
        accounts.region: replace(
            accounts, exports=accounts.base_exports, imports=accounts.base_imports
        )
        for accounts in economy.regions
        if (accounts.exports < 0).any() or (accounts.imports < 0).any()
    }


def tiny_negatives(economy: Economy, *, share: float) -> Outcome:
    """Cells of use and final use a little below zero are set to zero; inventories take them.

    The inputs of an activity are worth more without them: the largest item of its value added
    takes the difference, where value added is stated.

    share : a cell is tiny up to this share of the product's supply in the region
    """
    mended, refused = {}, []
    for accounts in economy.regions:
        use, final_use = books.flows(accounts), accounts.final_use.copy()
        final_use[:, books.inventories(economy)] = 0.0
        cells = np.minimum(np.hstack([use, final_use]), 0.0)
        is_tiny = cells >= -share * accounts.total_supply[:, None]
        refused += _larger(economy, accounts, np.where(is_tiny, 0.0, cells))
        tiny = np.where(is_tiny, cells, 0.0)
        if tiny.any():
            mended[accounts.region] = _without(economy, accounts, tiny)
    return Outcome(books.with_regions(economy, mended), tuple(refused))


def _larger(economy: Economy, accounts: RegionAccounts, cells: Array) -> list[str]:
    """Cells below zero that are not tiny, a line each."""
    columns = [*accounts.activities, *economy.category_names]
    return [
        f"{accounts.region}, {economy.product_names[i]}, {columns[j]}: {cells[i, j]:,.6g} "
        f"{economy.products[i].unit} of {accounts.total_supply[i]:,.6g} supplied"
        for i, j in zip(*np.nonzero(cells), strict=True)
    ]


def _without(economy: Economy, accounts: RegionAccounts, tiny: Array) -> RegionAccounts:
    """The accounts without these cells, the sum of which inventories and value added take."""
    m = len(accounts.level)
    use, booked = tiny[:, :m], accounts.final_use - tiny[:, m:]
    booked[:, books.place_to_book(economy, "tiny_negatives")] += tiny.sum(axis=1)
    mended = books.with_flows(accounts, books.flows(accounts) - use, booked)
    return books.with_value_added(mended, books.prices(economy) @ use)
