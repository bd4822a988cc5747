"""The board's terms: what every member must know, and nothing of anybody's books.

Markets, weights, discount, the objective's form, shared rows and the shared columns of a plan ray.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planboard.compile.markets import MarketTerms, market_terms
from planboard.compile.objective import discount_weights, household_spending, objective_unit
from planboard.compile.outlooks import look_ahead
from planboard.compile.ray import ray_rows
from planboard.compile.scope import order_scopes, wish_scopes
from planboard.constraints.layout import ABSENT, Layout, lay_out
from planboard.constraints.orders import OrderRows, deviation, lay_orders, order_family, selected
from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Economy, Integers
from planboard.errors import InvalidPlanError
from planboard.labels import grid, positions
from planboard.plan import Plan
from planboard.program import Assembly, Family, Rows, assemble


@dataclass(frozen=True, eq=False)
class Terms:
    """What the board tells every member.

    discount : (T,), the last year's stands for all that follow
    household_spending : of all members in the base year, what welfare weights are shares of
    shared_orders : wishes, and orders that concern several members, with their first shared row
    market_row : (M, n, T), place of each market row or −1; ray_row : (n, T), likewise
    """

    years: tuple[int, ...]
    members: Mapping[str, tuple[str, ...]]
    markets: tuple[MarketTerms, ...]
    discount: Array
    household_spending: float
    objective_unit: float
    shared_orders: tuple[tuple[int, OrderRows], ...]
    market_row: Integers
    ray_row: Integers
    board: Assembly


def board_terms(economy: Economy, plan: Plan) -> Terms:
    """The terms of a plan for the members of an economy."""
    members = plan_members(economy, plan)
    markets = market_terms(economy, plan)
    unit = objective_unit(economy, plan, markets)
    families, market_row = _market_rows(economy, plan, markets)
    start = sum(len(part.lower) for part in families)
    shared, columns, width = [], [], 0
    for rows in _shared_orders(economy, plan, markets, members):
        misses, parts = deviation(rows, width)
        shared.append((start, rows))
        families.append(order_family(rows, parts))
        columns += misses
        start += len(rows.lower)
        width += sum(len(part.lower) for part in misses)
    ray = ray_rows(economy, plan, start)
    return Terms(
        plan.solved_years,
        members,
        markets,
        discount_weights(plan),
        household_spending(economy) if plan.objective.is_welfare else 0.0,
        unit,
        tuple(shared),
        market_row,
        ray.place,
        assemble([*columns, *ray.columns], [*families, *ray.rows], unit),
    )


def plan_members(economy: Economy, plan: Plan) -> dict[str, tuple[str, ...]]:
    """Who owns which regions: as the plan says, every other region for itself."""
    owned: dict[str, str] = {}
    for member, regions in plan.members.items():
        positions("region", regions, economy.region_names, f"member '{member}'")
        for region in regions:
            if region in owned:
                raise InvalidPlanError(
                    f"Region '{region}' belongs to two members.",
                    [f"'{owned[region]}' and '{member}'"],
                    "Give every region to one member only.",
                )
            owned[region] = member
    members: dict[str, tuple[str, ...]] = {}
    for region in economy.region_names:
        member = owned.get(region, region)
        members[member] = (*members.get(member, ()), region)
    return members


def _market_rows(
    economy: Economy, plan: Plan, markets: Sequence[MarketTerms]
) -> tuple[list[Rows], Integers]:
    """Σ_r e − Σ_r m ≥ 0 for every product of a closed market, every year. Unit: product unit."""
    years = plan.solved_years
    row = np.full((len(markets), len(economy.products), len(years)), ABSENT)
    traded = np.array([a.base_exports.sum(axis=1) for a in economy.regions]).sum(axis=0)
    none = np.zeros(0, dtype=np.int64)
    families, start = [], 0
    for m, market in enumerate(markets):
        if not market.is_closed:
            continue
        is_stated = market.most is not None or market.least > 0
        products = [i for i in market.products if traded[i] > 0 or is_stated]
        size = len(products) * len(years)
        row[m, products] = start + np.arange(size).reshape(len(products), len(years))
        labels = {
            "market": [market.name],
            "product": [economy.product_names[i] for i in products],
            "year": years,
        }
        unit = np.repeat(np.where(traded[products] > 0, traded[products], 1.0), len(years))
        family = Family("market", grid(labels))
        families.append(
            Rows(family, np.zeros(size), np.full(size, np.inf), unit, none, none, np.zeros(0))
        )
        start += size
    return families, row


def _shared_orders(
    economy: Economy,
    plan: Plan,
    markets: tuple[MarketTerms, ...],
    members: Mapping[str, tuple[str, ...]],
) -> list[OrderRows]:
    """Wishes, and orders that speak of the regions of more than one member."""
    home = {region: member for member, regions in members.items() for region in regions}
    shared = [
        scope
        for scope in order_scopes(economy, plan)
        if len({home[region] for region in scope.regions}) > 1
    ] + wish_scopes(economy, plan)
    seen: dict[str, tuple[Outlook, Layout]] = {}
    for region in {region for scope in shared for region in scope.regions}:
        outlook = look_ahead(economy, plan, markets, economy.region(region), {})
        seen[region] = outlook, lay_out(outlook, 0)
    return [
        lay_orders(
            scope.order,
            {region: selected(scope.order, *seen[region], scope.where) for region in scope.regions},
            plan.solved_years,
            len(plan.years),
            scope.where,
        )
        for scope in shared
    ]
