"""View: a solution with what several sections of its report read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planboard.compare import since_base
from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Economy
from planboard.horizon import HorizonEffect
from planboard.plan import Plan
from planboard.report.colours import REGIONS, region_colour
from planboard.solution import Solution
from planboard.solution.values import RegionPlan

IDLE = 1e-5  # Of what there is: less slack is the solver's rounding.


@dataclass(frozen=True, eq=False)
class View:
    """A solution, read region by region and year by year; tables are region × year.

    horizon : how much another horizon would move the plan, where that was looked into
    region : the region that is looked at closely; the largest where none is chosen
    """

    solution: Solution
    horizon: HorizonEffect | None = None
    region: str | None = None

    @property
    def economy(self) -> Economy:
        """The economy that was planned."""
        return self.solution.economy

    @property
    def plan(self) -> Plan:
        """The plan that was solved."""
        return self.solution.plan

    @property
    def years(self) -> tuple[int, ...]:
        """The years reported."""
        return self.plan.years

    @property
    def last(self) -> int:
        """The last year reported."""
        return self.plan.years[-1]

    @property
    def base_year(self) -> int:
        """The year of the accounts."""
        return self.economy.base_year

    @property
    def all_years(self) -> list[int]:
        """The base year and the years reported."""
        return [self.base_year, *self.years]

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Codes of the regions."""
        return tuple(plan.outlook.region for plan in self.solution.regions)

    @property
    def outlooks(self) -> list[Outlook]:
        """What every region can count on."""
        return [plan.outlook for plan in self.solution.regions]

    @property
    def whole(self) -> str:
        """What all regions together are called."""
        return "World" if self.economy.coverage == "world" else "All regions"

    def label(self, code: object) -> str:
        """The full name of a code."""
        return self.economy.label(str(code))

    def colour(self, region: str) -> str:
        """The colour token of a region that figures draw."""
        return region_colour(self.drawn.index(region))

    @cached_property
    def drawn(self) -> tuple[str, ...]:
        """The regions that figures draw: all, or as many of the largest as there are colours."""
        size = self.account("GDP by production")[self.base_year].abs()
        largest = list(size.sort_values(ascending=False).index[:REGIONS])
        return tuple(region for region in self.regions if region in largest)

    @property
    def focus(self) -> str:
        """The region that is looked at closely: the one chosen, or the largest."""
        if self.region is not None:
            return self.region
        size = self.account("GDP by production")[self.base_year].abs()
        return str(size.idxmax())

    @property
    def drawn_note(self) -> str:
        """A sentence where not every region is drawn."""
        if len(self.drawn) == len(self.regions):
            return ""
        return f" Drawn: the {len(self.drawn)} largest of {len(self.regions)} regions."

    @cached_property
    def _accounts(self) -> dict[str, pd.DataFrame]:
        table = since_base(self.solution)
        return {
            str(account): rows.pivot(index="region", columns="year", values="value").reindex(
                list(self.regions)
            )
            for account, rows in table.groupby("account", sort=False)
        }

    def account(self, name: str) -> pd.DataFrame:
        """One account, base year first; without rows where the plan does not have it."""
        empty = pd.DataFrame(columns=self.all_years, dtype=float)
        return self._accounts.get(name, empty)

    @cached_property
    def households(self) -> pd.DataFrame:
        """Household consumption at base-year prices; regions without any are left out."""
        roles = [self.economy.categories[c].name for c in self.economy.with_role("households")]
        tables = [self.account(name) for name in roles if len(self.account(name))]
        if not tables:
            return self.account("")
        total = sum(tables[1:], tables[0].fillna(0.0))
        return total[total[self.base_year] > 0]

    @cached_property
    def investment(self) -> pd.DataFrame:
        """Capital formation: what is built, or what is given where nothing may be built."""
        return self.account("investment")

    @cached_property
    def base_output(self) -> pd.DataFrame:
        """Gross output of the base year: region × product, product units."""
        made = [plan.outlook.accounts.gross_output for plan in self.solution.regions]
        return pd.DataFrame(made, index=self.regions, columns=list(self.economy.product_names))

    @cached_property
    def output(self) -> dict[str, pd.DataFrame]:
        """Output of every product, base year first: product -> region × year."""
        found = {}
        for i, product in enumerate(self.economy.product_names):
            rows = [
                [plan.outlook.accounts.gross_output[i], *self._made(plan, i)]
                for plan in self.solution.regions
            ]
            found[product] = pd.DataFrame(rows, index=self.regions, columns=self.all_years)
        return found

    def _made(self, plan: RegionPlan, product: int) -> Array:
        made = (plan.outlook.output[product] * plan.activity).sum(axis=0)
        return np.asarray(made[: len(self.years)])

    def by_region(self, table: pd.DataFrame, columns: str) -> pd.DataFrame:
        """A tidy table of the last year, laid out region × `columns`."""
        last = table[table["year"] == self.last]
        return last.pivot(index="region", columns=columns, values="value")

    def units(self) -> dict[str, str]:
        """The unit of every product."""
        return {product.name: product.unit for product in self.economy.products}

    def labels(self, codes: Sequence[str]) -> list[str]:
        """Full names of codes."""
        return [self.label(code) for code in codes]


def entry(table: pd.DataFrame, row: object, column: object) -> float:
    """One number of a table."""
    value: Any = table.at[row, column]
    return float(value)


def path(table: pd.DataFrame, row: Any) -> "pd.Series[float]":
    """One row of a table."""
    values: Any = table.loc[row]
    return pd.Series(np.asarray(values, dtype=float), index=table.columns, dtype=float)


def usable_capacity(plan: RegionPlan) -> Array:
    """The most that every activity could run at, infinite where nothing limits it: (m, T)."""
    o = plan.outlook
    limited = np.where(o.is_limited[..., None], plan.capacity, np.inf)
    return np.asarray(limited.min(axis=0) * o.utilisation)


def utilisation(plan: RegionPlan) -> Array:
    """Activity over the most it could run at, NaN where there is no limit or no plant: (m, T)."""
    most = usable_capacity(plan)
    known = np.isfinite(most) & (most > IDLE * plan.outlook.activity_unit[:, None])
    unknown = np.full(most.shape, np.nan)
    return np.asarray(np.divide(plan.activity, most, out=unknown, where=known))


def scarce_hours(plan: RegionPlan) -> Array:
    """Hours offered, by kind of hours: (kinds of hours, T); endless and absent kinds left out."""
    return np.asarray(plan.outlook.endowment[_scarce(plan)])


def idle_hours(plan: RegionPlan) -> Array:
    """Hours offered that nobody uses, by kind of hours: (kinds of hours, T)."""
    offered = scarce_hours(plan)
    idle = offered - plan.factor_use()[_scarce(plan)]
    return np.where(idle > IDLE * offered, idle, 0.0)


def _scarce(plan: RegionPlan) -> list[int]:
    """Positions of the kinds of hours that there is some, but no end of."""
    o = plan.outlook
    labour = [k for k, factor in enumerate(o.factors) if factor.role == "labour"]
    return [k for k in labour if np.isfinite(o.endowment[k]).all() and o.endowment[k].any()]
