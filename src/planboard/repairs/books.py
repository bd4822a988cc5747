"""The books of a region as repairs see them: flows of the base year, gaps, and where to book them.

Letters as in `economy`: product i (n), activity j (m), category c (C).
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from planboard.economy import Array, Economy, Integers, RegionAccounts
from planboard.errors import InvalidEconomyError
from planboard.leontief import product_gaps

Mask = NDArray[np.bool_]


def flows(accounts: RegionAccounts) -> Array:
    """Intermediate use in the base year, shape (n, m) [product unit]."""
    return np.asarray(accounts.input.toarray() * accounts.level)


def with_flows(accounts: RegionAccounts, use: Array, final_use: Array) -> RegionAccounts:
    """The accounts with these flows of the base year; cells that are the same stay to the bit.

    An activity of level zero has no flows: its coefficients stay.
    """
    coefficients, before = accounts.input.toarray(), flows(accounts)
    per_unit = np.divide(1.0, accounts.level, out=np.zeros_like(use[0]), where=accounts.level != 0)
    coefficients = np.where(use != before, use * per_unit, coefficients)
    return replace(accounts, input=sparse.csr_array(coefficients), final_use=final_use)


def with_final_use(accounts: RegionAccounts, final_use: Array) -> RegionAccounts:
    """The accounts with this final use."""
    return replace(accounts, final_use=final_use)


def with_regions(economy: Economy, regions: Mapping[str, RegionAccounts]) -> Economy:
    """The economy with the accounts of these regions in the place of its own."""
    if not regions:
        return economy
    found = tuple(regions.get(accounts.region, accounts) for accounts in economy.regions)
    return replace(economy, regions=found)


def prices(economy: Economy) -> Array:
    """Base-year price of every product, shape (n,) [money / product unit]."""
    return np.array([product.price for product in economy.products])


def inventories(economy: Economy) -> Integers:
    """Positions of the categories of inventories."""
    return np.array(economy.with_role("inventories"), dtype=np.int64)


def place_to_book(economy: Economy, repair: str) -> int:
    """The category of inventories in which a repair books what it takes out elsewhere."""
    places = economy.with_role("inventories")
    if not places:
        raise InvalidEconomyError(
            f"The repair '{repair}' has no category to book in.",
            ["no category of final use has the role 'inventories'"],
            'Add one to \'categories\' in economy.json, such as "stocks": {"role": "inventories"}; '
            "it need not hold any figures.",
        )
    return places[0]


def row_gaps(economy: Economy, accounts: RegionAccounts) -> Array:
    """Supply less use of every product, shape (n,) [product unit]; zero where it is not known."""
    return product_gaps(economy, accounts)[0]


def turnover(accounts: RegionAccounts) -> Array:
    """Supply of every product, or what is used where that is more, signs apart: shape (n,)."""
    used: Array = np.abs(flows(accounts)).sum(axis=1) + np.abs(accounts.final_use).sum(axis=1)
    used = used + np.abs(accounts.exports).sum(axis=1)
    return np.asarray(np.maximum(np.abs(accounts.total_supply), used))


def value_added(accounts: RegionAccounts) -> Array:
    """Value added of every activity in the base year, all items, shape (m,) [money]."""
    items = list(accounts.value_added.values())
    if not items:
        return np.zeros(len(accounts.level))
    return np.asarray(np.sum(items, axis=0) * accounts.level)


def with_items(accounts: RegionAccounts, items: Mapping[str, Array]) -> RegionAccounts:
    """The accounts with these items of value added in the base year [money]; others stay."""
    level = accounts.level
    safe = np.where(level != 0, level, 1.0)
    per_unit = {
        item: np.where((level != 0) & (value != before * level), value / safe, before)
        for item, value in items.items()
        for before in (accounts.value_added[item],)
    }
    return replace(accounts, value_added={**accounts.value_added, **per_unit})


def with_value_added(accounts: RegionAccounts, more: Array) -> RegionAccounts:
    """The accounts with so much more value added [money]: in the largest item of each activity.

    Where no value added is stated there is none to change.
    """
    items = np.array(list(accounts.value_added.values())).reshape(-1, len(accounts.level))
    stated = (accounts.level != 0) & items.any(axis=0)
    j = np.nonzero(stated & (more != 0))[0]
    if not len(j):
        return accounts
    items[np.abs(items[:, j]).argmax(axis=0), j] += more[j] / accounts.level[j]
    changed = dict(zip(accounts.value_added, items, strict=True))
    return replace(accounts, value_added=changed)
