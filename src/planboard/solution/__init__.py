"""Solution: an optimal, verified plan with the names put back on the numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from planboard.compile import CompiledPlan
from planboard.compile.objective import (
    category_spending,
    discount_weights,
    household_spending,
)
from planboard.compile.outlooks import has_log_utility
from planboard.economy import Array, Economy
from planboard.plan import Plan
from planboard.program import Point
from planboard.solution.accounts import accounts, material_balances
from planboard.solution.binding import binding
from planboard.solution.cost_prices import cost_prices
from planboard.solution.orders import order_table
from planboard.solution.prices import rents, scarcity_prices, wages
from planboard.solution.trade import bilateral_trade, gross_trade
from planboard.solution.values import RegionPlan, region_plans, table
from planboard.solution.worth import value_added_up
from planboard.verify import Verdict


@dataclass(frozen=True, eq=False)
class Solution:
    """An optimal plan. It exists only if `verify` agreed; nothing of it is ever missing.

    Every table is tidy: labels first, then year, value, unit; years beyond the plan's are left out.
    """

    compiled: CompiledPlan
    point: Point
    verdict: Verdict
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def economy(self) -> Economy:
        """The economy that was planned (a part of it, if the plan says so)."""
        return self.compiled.economy

    @property
    def plan(self) -> Plan:
        """The plan that was solved."""
        return self.compiled.plan

    @property
    def objective(self) -> float:
        """The program's own objective, minimised and scaled, as exported."""
        return self.verdict.objective

    @cached_property
    def regions(self) -> tuple[RegionPlan, ...]:
        """What every region does, as arrays."""
        return region_plans(self.compiled, self.point)

    @property
    def objective_in_units(self) -> float:
        """The plan's own objective: what a published figure is compared with."""
        if has_log_utility(self.plan):
            return self._welfare()
        sign = 1.0 if self.plan.objective.minimise else -1.0
        return sign * self.objective * self.compiled.program.objective_unit + 0.0

    @property
    def objective_unit(self) -> str:
        """The unit of `objective_in_units`, in words."""
        goal = self.plan.objective
        if goal.is_welfare:
            log = "discounted sum of log household consumption, base year = 0"
            return log if goal.utility == "log" else f"{self.economy.unit}, discounted"
        if goal.quantity == "plan_ray":
            return "times the stated proportions"
        return f"{goal.quantity.replace('_', ' ')}, in its own unit"

    def _welfare(self) -> float:
        """True utility of the plan: the logarithm itself, not its tangents."""
        discount, spending = discount_weights(self.plan), household_spending(self.economy)
        total = 0.0
        for plan in self.regions:
            o = plan.outlook
            worth = category_spending(o.accounts, o.price) / spending
            for c in o.households():
                if worth[c] > 0:
                    total += float(worth[c] * (discount @ np.log(plan.consumption[c])))
        return total

    @cached_property
    def _gross_trade(self) -> tuple[Array, Array]:
        return gross_trade(self.regions, self.compiled)

    def _by_region(
        self, axes: Mapping[str, str], values: Callable[[RegionPlan], Array], unit: str
    ) -> pd.DataFrame:
        """A table of one array per region; axes: label -> attribute of the outlook."""
        frames = []
        for plan in self.regions:
            labels = {axis: getattr(plan.outlook, name) for axis, name in axes.items()}
            frame = table(labels, self.plan.years, values(plan), unit)
            frame.insert(0, "region", plan.outlook.region)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def _by_product(self, values: Array) -> pd.DataFrame:
        """A table of an array of shape (regions, n, T), in product units."""
        products = self.economy.products
        labels = {"region": self.economy.region_names, "product": self.economy.product_names}
        frame = table(labels, self.plan.years, values, "")
        return frame.assign(unit=frame["product"].map({p.name: p.unit for p in products}))

    @cached_property
    def activity(self) -> pd.DataFrame:
        """Level of every activity: region, activity, year, value, unit."""
        unit = self.economy.unit
        return self._by_region({"activity": "activities"}, lambda plan: plan.activity, unit)

    @cached_property
    def output(self) -> pd.DataFrame:
        """Gross output of every product: region, product, year, value, unit."""
        made = [np.einsum("ijt,jt->it", p.outlook.output, p.activity) for p in self.regions]
        return self._by_product(np.array(made))

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """Capacity: region, activity (and kind where there are several), year, value, unit."""
        return self._plant(lambda plan: plan.capacity)

    @cached_property
    def building(self) -> pd.DataFrame:
        """Capacity ordered: region, activity (and kind), year, value, unit."""
        return self._plant(lambda plan: plan.building)

    def _plant(self, values: Callable[[RegionPlan], Array]) -> pd.DataFrame:
        """A table of capacity or building, where a kind of capital limits an activity."""
        axes = {"kind": "kinds", "activity": "activities"}
        frame = self._by_region(axes, values, self.economy.unit)
        years = len(self.plan.years)
        limited = np.concatenate(
            [np.repeat(plan.outlook.is_limited.ravel(), years) for plan in self.regions]
        )
        frame = frame[limited].reset_index(drop=True)
        return frame if len(self.economy.kinds) > 1 else frame.drop(columns="kind")

    @cached_property
    def exports(self) -> pd.DataFrame:
        """Gross exports, derived from net trade: region, product, year, value, unit."""
        return self._by_product(self._gross_trade[0].sum(axis=1))

    @cached_property
    def imports(self) -> pd.DataFrame:
        """Gross imports, derived from net trade: region, product, year, value, unit."""
        return self._by_product(self._gross_trade[1].sum(axis=1))

    @cached_property
    def trade(self) -> pd.DataFrame:
        """Bilateral flows, derived: origin, destination, product, derived, year, value, unit."""
        return bilateral_trade(self.compiled, *self._gross_trade)

    @cached_property
    def consumption(self) -> pd.DataFrame:
        """Final use at base-year prices: region, category, year, value, unit."""
        axes, unit = {"category": "categories"}, self.economy.unit
        names = [category.name for category in self.economy.categories]
        frame = self._by_region(
            {axis: name for axis, name in axes.items()},
            lambda plan: np.einsum("cit,i->ct", plan.final_use(), plan.outlook.price),
            unit,
        )
        frame["category"] = frame["category"].map(lambda category: category.name)
        planned = [
            name
            for c, name in enumerate(names)
            if np.isfinite(self.compiled.outlooks[0].level_least[c]).all()
        ]
        return frame[frame["category"].isin(planned)].reset_index(drop=True)

    @cached_property
    def factor_use(self) -> pd.DataFrame:
        """Factors used: region, factor, year, value, unit."""
        labels = {"region": self.economy.region_names, "factor": self.economy.factor_names}
        values = np.array([plan.factor_use() for plan in self.regions])
        frame = table(labels, self.plan.years, values, "")
        return frame.assign(
            unit=frame["factor"].map({f.name: f.unit for f in self.economy.factors})
        )

    @cached_property
    def prices(self) -> pd.DataFrame:
        """Scarcity prices: region, product, year, value, unit."""
        return scarcity_prices(self.compiled, self.point)

    @cached_property
    def cost_prices(self) -> pd.DataFrame:
        """Cost prices, 1.00 in the base year: region, product, year, value, unit."""
        return cost_prices(self.compiled)

    @cached_property
    def wages(self) -> pd.DataFrame:
        """Wage of every factor: region, factor, year, value, unit."""
        return wages(self.compiled, self.point)

    @cached_property
    def rents(self) -> pd.DataFrame:
        """Rent of capacity: region, kind, activity, year, value, unit."""
        return rents(self.compiled, self.point)

    @cached_property
    def material_balances(self) -> pd.DataFrame:
        """Resources and uses that sum to zero: region, product, entry, year, value, unit."""
        return material_balances(self.regions, self.compiled, *self._gross_trade)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """National accounts: region, account, year, value, unit."""
        return accounts(self.regions, self.compiled, *self._gross_trade)

    @cached_property
    def binding(self) -> pd.DataFrame:
        """What binds: kind, region, name, order, total, year, value, unit."""
        return binding(self.compiled, self.point)

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Every order and wish: what was asked, reached and missed, and its price."""
        return order_table(self.compiled, self.point)

    @cached_property
    def value(self) -> pd.DataFrame:
        """Worth and its sources by member: member, side, entry, value, unit."""
        return value_added_up(self.compiled, self.point)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        return {name: getattr(self, name) for name in TABLES}

    def __str__(self) -> str:
        """A summary in a few lines."""
        rows, columns = self.compiled.program.shape
        return "\n".join(
            [
                f"Solution of plan '{self.plan.name}'",
                f"├ economy    {self.economy.name} ({self.economy.title})",
                f"├ objective  {self.objective_in_units:,.6g} ({self.objective_unit})",
                f"├ program    {rows:,} rows, {columns:,} columns, {self.point.solver}",
                f"├ binding    {len(self.binding):,} limits have a price",
                f"└ verified   worst residual {self.verdict.worst:.0e}",
            ]
        )


TABLES = (
    "accounts", "activity", "binding", "building", "capacity", "consumption", "cost_prices",
    "exports", "factor_use", "imports", "material_balances", "orders", "output", "prices",
    "rents", "trade", "value", "wages",
)  # fmt: skip
