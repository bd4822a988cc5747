"""Material balances of the base year: by how much supply misses use, product by product.

gap_i = Σ_j output[i,j] x_j + imports_i − Σ_j input[i,j] x_j − Σ_c final_use[i,c] − exports_i
"""

import numpy as np
from numpy.typing import NDArray

from planboard.economy import Array, Economy, RegionAccounts


def product_gaps(economy: Economy, accounts: RegionAccounts) -> tuple[Array, Array]:
    """Supply less use of every product in the base year, and supply: two of shape (n,).

    Without a category of capital formation, what the base year built counts as use. A product that
    serves next year's output has no gap: its use of the base year is not stated.
    """
    used: Array = accounts.input @ accounts.level + accounts.final_use.sum(axis=1)
    used = used + _built(economy, accounts) + accounts.exports.sum(axis=1)
    supply = accounts.total_supply
    return np.where(_serves_later(accounts), 0.0, supply - used), supply


def _built(economy: Economy, accounts: RegionAccounts) -> Array:
    """What the base year built, shape (n,); zero where it is a category of final use."""
    if economy.with_role("capital_formation"):
        return np.zeros(len(economy.products))
    return np.asarray(accounts.capital_required @ accounts.building[0].ravel())


def _serves_later(accounts: RegionAccounts) -> NDArray[np.bool_]:
    """Whether a product serves next year's output, so that its use of the year is not stated."""
    taken: Array = accounts.input @ (accounts.input_lag > 0).astype(float)
    return np.asarray(taken != 0)


def all_gaps(economy: Economy) -> tuple[Array, Array]:
    """Gaps and supply of every region and product, (R, n); NaN where no final use is stated."""
    found = [product_gaps(economy, accounts) for accounts in economy.regions]
    gaps, supply = np.array([gap for gap, _ in found]), np.array([there for _, there in found])
    gaps[[not accounts.final_use.any() for accounts in economy.regions]] = np.nan
    return gaps, supply
