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


def building(economy: Economy, accounts: RegionAccounts) -> Array:
    """What the base year built, shape (n,); zero where it is a category of final use."""
    if economy.with_role("capital_formation"):
        return np.zeros(len(economy.products))
    return np.asarray(accounts.capital_required @ accounts.building[0].ravel())


def serves_later(accounts: RegionAccounts) -> Mask:
    """Whether a product serves next year's output, so that its use of the year is not stated."""
    taken: Array = accounts.input @ (accounts.input_lag > 0).astype(float)
    serves: Mask = taken != 0
    return serves


def row_gaps(economy: Economy, accounts: RegionAccounts) -> Array:
    """Output and imports less uses and exports, shape (n,) [product unit]; zero where unknown.

        g_i = Σ_j output[i,j] x_j + imports_i − Σ_j input[i,j] x_j − Σ_c final_use[i,c] − exports_i

    It is unknown where a product serves next year's output.
    """
    used: Array = flows(accounts).sum(axis=1) + accounts.final_use.sum(axis=1)
    used = used + building(economy, accounts) + accounts.exports.sum(axis=1)
    gap: Array = accounts.total_supply - used
    return np.where(serves_later(accounts), 0.0, gap)


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
