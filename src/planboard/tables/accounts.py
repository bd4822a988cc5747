"""Accounts: what statisticians publish beside a table, by region, activity and year.

Wide inside: one row for every (region, activity, year), one column for every measure, NaN where
the publisher says nothing. What was filled in is told in `imputed`, cell group by cell group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from planboard.errors import InvalidTableError

KEYS = ["region", "activity", "year"]
IMPUTED = ["region", "activity", "measure", "method", "donors"]

# measure -> what it is; money is in the currency of `units`, which may be local.
MEASURES = {
    "output": "gross output at current prices",
    "output_price": "price index of gross output",
    "output_volume": "volume index of gross output",
    "value_added": "value added at current prices",
    "labour_income": "income of labour, the self-employed included, at current prices",
    "capital_income": "income of capital: value added less labour income, at current prices",
    "persons": "persons engaged",
    "hours": "hours worked by persons engaged",
    "hours_high": "hours worked by high-skilled persons",
    "hours_medium": "hours worked by medium-skilled persons",
    "hours_low": "hours worked by low-skilled persons",
    "capital_stock": "fixed capital at the end of the year, at constant prices",
    "investment": "gross fixed capital formation by the investing activity, at current prices",
    "investment_price": "price index of investment",
    "depreciation": "share of the stock that is lost in a year",
    "utilisation": "share of capacity that output used",
    "exchange_rate": "money units of the table per unit of the accounts' money",
}
SKILLS = ("hours_high", "hours_medium", "hours_low")


@dataclass(frozen=True, eq=False)
class Accounts:
    """Published accounts beside a table.

    data : index (region, activity, year), columns some of `MEASURES`, float64, NaN = not published
    units : measure -> unit
    donors : region without accounts -> regions whose intensities stand in for its own
    imputed : what was filled in: region, activity, measure, method, donors
    """

    source: str
    licence: str
    data: pd.DataFrame
    units: Mapping[str, str]
    attribution: str = ""
    donors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    imputed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=IMPUTED))

    def __post_init__(self) -> None:
        """Refuse accounts with names of their own, or that say a thing twice."""
        unknown = [name for name in self.data if name not in MEASURES]
        twice = self.data.index[self.data.index.duplicated()]
        faults = [f"unknown measure '{name}'" for name in unknown]
        faults += [", ".join(map(str, key)) + ": stands twice" for key in twice]
        if list(self.data.index.names) != KEYS:
            faults.append(f"keys {', '.join(map(str, self.data.index.names))}")
        if faults:
            raise InvalidTableError(
                f"The accounts from {self.source} cannot be used.",
                faults,
                f"Known measures: {', '.join(MEASURES)}; keys: {', '.join(KEYS)}.",
            )

    def of_year(self, year: int, activities: pd.Index) -> pd.DataFrame:
        """One year, laid out on (region, activity) pairs; NaN where nothing is known."""
        of_year = self.data.index.get_level_values("year") == year
        return self.data[of_year].droplevel("year").reindex(activities)

    def wide(self, measure: str) -> pd.DataFrame:
        """One measure: (region, activity) x year; without columns where it is not known."""
        if measure not in self.data:
            return pd.DataFrame(index=self.data.droplevel("year").index.unique())
        found = self.data[measure].unstack("year")
        return found.set_axis([int(str(year)) for year in found.columns], axis=1)

    @property
    def years(self) -> list[int]:
        """Every year of which something is known."""
        return sorted(self.data.index.get_level_values("year").unique())

    def with_imputed(
        self, data: pd.DataFrame, filled: Sequence[tuple[str, str, str, str, str]]
    ) -> "Accounts":
        """The accounts with these data, in which these cell groups were filled in."""
        more = pd.DataFrame(filled, columns=IMPUTED)
        known = [table for table in (self.imputed, more) if len(table)]
        imputed = pd.concat(known, ignore_index=True) if known else more
        return replace(self, data=data, imputed=imputed)

    def series(self) -> pd.DataFrame:
        """The accounts as the tidy table `series` of an economy."""
        long = self.data.reset_index().melt(KEYS, var_name="measure").dropna(subset="value")
        long["unit"] = long["measure"].map(dict(self.units)).fillna("1")
        return long[["region", "activity", "measure", "year", "value", "unit"]]
