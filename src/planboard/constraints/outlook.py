"""Outlook: what one region can count on in every year of a plan.

Its accounts carried forward under the plan's assumptions. It is filled where an Economy and a Plan
meet (`compile`); the families of rows read it and know neither of the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planboard.economy import Array, Category, Factor, Integers, Product, RegionAccounts


@dataclass(frozen=True, eq=False)
class Outlook:
    """One region over T years (reported years and years beyond); the last axis is the year.

    input, output : (n, m, T) [product unit / activity unit]
    factor_use : (K, m, T); factor_use_building : (K, H, m, T); endowment : (K, T)
    utilisation : (m, T); depreciation : (H, m, T); arriving : (H, m, T), ordered before the plan
    capital_required : (n, H, m, T) [product unit / unit of capacity]
    is_buildable : (H, m), where capacity can be added
    basket : (n, C, T); level_least : (C, T); inventories : (n, T)
    needs_delivery : (C, n), where goods beyond the basket can be delivered
    exports_least, exports_most, imports_least, imports_most : (M, n, T), by market
    terms_of_trade : (M,), price in base-year prices; deficit : (T,), allowed
    decline, growth : (m, T), shares by which an activity may shrink and grow; growth may be inf
    """

    region: str
    years: tuple[int, ...]
    reported: int
    accounts: RegionAccounts
    products: tuple[Product, ...]
    factors: tuple[Factor, ...]
    categories: tuple[Category, ...]
    kinds: tuple[str, ...]
    markets: tuple[str, ...]
    input: Array
    output: Array
    factor_use: Array
    factor_use_building: Array
    endowment: Array
    utilisation: Array
    depreciation: Array
    arriving: Array
    capital_required: Array
    is_buildable: NDArray[np.bool_]
    basket: Array
    level_least: Array
    inventories: Array
    needs_delivery: NDArray[np.bool_]
    exports_least: Array
    exports_most: Array
    imports_least: Array
    imports_most: Array
    exports_base: Array
    imports_base: Array
    terms_of_trade: Array
    deficit: Array
    decline: Array
    growth: Array
    carry_on: float
    provides: bool
    converts: bool
    may_fall: bool
    balance_over_plan: bool
    has_utility: bool
    tangents: Mapping[str, Array]

    @property
    def horizon(self) -> int:
        """Number of years solved, T."""
        return len(self.years)

    @property
    def activities(self) -> tuple[str, ...]:
        """Names of the region's activities."""
        return self.accounts.activities

    @property
    def price(self) -> Array:
        """Base-year price of every product, shape (n,)."""
        return np.array([product.price for product in self.products])

    @property
    def is_limited(self) -> NDArray[np.bool_]:
        """Where a kind of capital limits an activity, shape (H, m)."""
        return np.isfinite(self.accounts.capacity)

    @property
    def supply_unit(self) -> Array:
        """A yardstick for every product: base-year supply, or its mean, (n,)."""
        return positive_or_mean(self.accounts.total_supply)

    @property
    def activity_unit(self) -> Array:
        """A yardstick for every activity: its base-year level, or their mean, shape (m,)."""
        return positive_or_mean(self.accounts.level)

    def households(self) -> list[int]:
        """Positions of the categories that households consume."""
        return [c for c, category in enumerate(self.categories) if category.role == "households"]

    def use_year(self) -> tuple[Integers, Array]:
        """For inputs taken in year t: the year of the output, and its weight; both (m, T).

        An activity with an input lag takes in year t what its output of t + lag needs. Output
        after the last year is as large as the last year's, grown by `carry_on`, if the plan
        provides for the years after; otherwise nothing is taken for it.
        """
        year = np.arange(self.horizon)[None, :] + self.accounts.input_lag[:, None]
        beyond = np.maximum(year - (self.horizon - 1), 0)
        weight = np.where(beyond == 0, 1.0, float(self.provides) * (1 + self.carry_on) ** beyond)
        return np.minimum(year, self.horizon - 1), weight


def positive_or_mean(values: Array) -> Array:
    """The values where they are positive, elsewhere the mean of those that are (or one)."""
    positive = values[values > 0]
    return np.where(values > 0, values, positive.mean() if positive.size else 1.0)
