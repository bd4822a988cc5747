"""Panel: the published series of an economy, laid out by region, activity and year.

Figures of the books themselves (output, hours, capital of the base year) stand on the same grid, so
that both can be held together. Letters: region r (R), activity j (m), year t (T).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy, RegionAccounts

MEASURE_KEYS = ["region", "activity", "measure", "year"]


@dataclass(frozen=True, eq=False)
class Panel:
    """Series on one grid, NaN where nothing is published.

    years : every year from the first to the last, without a gap
    series : measure -> shape (R, m, T), in its published unit
    units : measure -> the units it is published in; one, if all is well
    """

    economy: Economy
    years: tuple[int, ...]
    series: Mapping[str, Array]
    units: Mapping[str, tuple[str, ...]]

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions, along the first axis."""
        return self.economy.region_names

    @cached_property
    def activities(self) -> tuple[str, ...]:
        """Activities, along the second axis."""
        return self.economy.activity_names

    def has(self, *measures: str) -> bool:
        """Whether all of these measures are published for some region."""
        return set(measures) <= set(self.series)

    def of_base_year(self, measure: str) -> Array:
        """What is published of a measure for the base year, shape (R, m)."""
        if not self.has(measure) or self.economy.base_year not in self.years:
            return np.full((len(self.regions), len(self.activities)), np.nan)
        return np.asarray(self.series[measure][:, :, self.years.index(self.economy.base_year)])

    @cached_property
    def worth(self) -> Array:
        """Output of the base year in the money of the books, shape (R, m); NaN where none is."""
        price = self._price
        return self._of_books(lambda a: (price @ a.output) * a.level)

    @cached_property
    def hours(self) -> Array:
        """Hours of the base year in the books, shape (R, m); NaN where there are none."""
        labour = [k for k, factor in enumerate(self.economy.factors) if factor.role == "labour"]
        return self._of_books(lambda a: a.factor_use[labour].sum(axis=0) * a.level)

    @cached_property
    def capital(self) -> Array:
        """Worth of base-year capacity at base-year prices, shape (R, m); NaN where none is."""
        price = self._price

        def worth(accounts: RegionAccounts) -> Array:
            per_unit = (price @ accounts.capital_required).reshape(accounts.capacity.shape)
            finite = np.where(np.isfinite(accounts.capacity), accounts.capacity, 0.0)
            return np.asarray((per_unit * finite).sum(axis=0))

        return self._of_books(worth)

    @cached_property
    def added(self) -> Array:
        """Value added of the base year in the books, shape (R, m); NaN where none is stated."""
        return self._of_books(
            lambda a: np.sum([np.zeros(len(a.activities)), *a.value_added.values()], 0) * a.level
        )

    @cached_property
    def _price(self) -> Array:
        return np.array([product.price for product in self.economy.products])

    def _of_books(self, amount: Callable[[RegionAccounts], Array]) -> Array:
        """Amounts by activity of every region's accounts, shape (R, m); NaN where zero."""
        found = np.full((len(self.regions), len(self.activities)), np.nan)
        names = pd.Index(self.activities)
        for r, accounts in enumerate(self.economy.regions):
            found[r, names.get_indexer(pd.Index(accounts.activities))] = amount(accounts)
        return np.where(found != 0, found, np.nan)


def laid_out(economy: Economy) -> Panel:
    """The panel of an economy; without series it has no measures.

    A row of an activity that no region has, such as a total, finds no place; of two rows that say
    the same, the last counts. Both are findings of their own (`planboard.audit.labels`).
    """
    table = economy.series
    if table is None or table.empty:
        return Panel(economy, (), {}, {})
    year = table["year"].to_numpy(dtype=np.int64)
    years = tuple(range(int(year.min()), int(year.max()) + 1))
    places = [
        pd.Index(names).get_indexer(pd.Index(table[axis]))
        for axis, names in (
            ("region", economy.region_names),
            ("activity", economy.activity_names),
        )
    ]
    placed = np.min(places, axis=0) >= 0
    codes, measures = pd.factorize(table["measure"])
    shape = (len(measures), len(economy.regions), len(economy.activity_names), len(years))
    values = np.full(shape, np.nan)
    at = (codes[placed], places[0][placed], places[1][placed], year[placed] - years[0])
    values[at] = table["value"].to_numpy(dtype=float)[placed]
    pairs = table[["measure", "unit"]].drop_duplicates()
    units = {m: tuple(pairs["unit"][pairs["measure"] == m]) for m in measures}
    series = {
        str(measure): values[k]
        for k, measure in enumerate(measures)
        if np.isfinite(values[k]).any()
    }
    return Panel(economy, years, series, units)
