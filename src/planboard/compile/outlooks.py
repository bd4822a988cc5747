"""How a region's accounts are carried forward: the one place where an Economy meets a Plan."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planboard.compile.assumptions import assumed
from planboard.compile.markets import MarketTerms, Side, region_flows
from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Economy, RegionAccounts
from planboard.plan import Objective, Order, Plan

GOVERNMENT = 0.02  # Growth of use by government where neither plan nor economy says.


def look_ahead(
    economy: Economy,
    plan: Plan,
    markets: Sequence[MarketTerms],
    accounts: RegionAccounts,
    tangents: Mapping[str, Array],
) -> Outlook:
    """The outlook of one region over the years of a plan."""
    names = {
        "product": economy.product_names,
        "activity": accounts.activities,
        "factor": economy.factor_names,
        "kind": economy.kinds,
        "category": economy.category_names,
    }
    assume = partial(assumed, plan=plan, region=accounts.region, names=names)
    kept = _capital(economy, plan, accounts, assume)
    return Outlook(
        region=accounts.region,
        years=plan.solved_years,
        reported=len(plan.years),
        accounts=accounts,
        products=economy.products,
        factors=economy.factors,
        categories=economy.categories,
        kinds=economy.kinds,
        markets=tuple(market.name for market in markets),
        **_technology(economy, plan, accounts, assume),
        **kept,
        **_final_use(economy, plan, accounts, assume),
        **_trade(economy, plan, markets, accounts, assume),
        **_pace(plan, accounts, assume),
        carry_on=plan.horizon.carry_on,
        provides=plan.horizon.provide,
        converts=plan.building.allowed,
        may_fall=plan.consumption.may_fall,
        has_utility=has_log_utility(plan),
        tangents=tangents,
    )


def _pace(plan: Plan, a: RegionAccounts, assume: partial[Array]) -> dict[str, Any]:
    fastest = np.inf if plan.pace.growth is None else plan.pace.growth
    return {
        "decline": assume("decline", _yearly(plan, np.full(len(a.level), plan.pace.decline))),
        "growth": assume("growth", _yearly(plan, np.full(len(a.level), fastest))),
    }


def has_log_utility(plan: Plan) -> bool:
    """Whether the plan maximises the logarithmic utility of household consumption."""
    return plan.objective.is_welfare and plan.objective.utility == "log"


def rate(rates: Mapping[str, float], region: str, default: float) -> float:
    """The rate of a region: its own, or the one for all others."""
    return rates.get(region, rates.get("", default))


def government_growth(economy: Economy, plan: Plan, region: str) -> float:
    """The plan's rate for use by government; else the economy's own; else `GOVERNMENT`."""
    own = economy.growth
    stated = GOVERNMENT
    if own is not None:
        found = own[(own["region"] == region) & (own["quantity"] == "government")]["value"]
        stated = float(found.iloc[0]) if len(found) else GOVERNMENT
    return rate(plan.growth.government, region, stated)


def _since_base(economy: Economy, plan: Plan) -> NDArray[np.int64]:
    """Years from the base year to each year of the plan, shape (T,)."""
    return np.array(plan.solved_years) - economy.base_year


def _yearly(plan: Plan, values: Array) -> Array:
    """The same numbers in every year, without a copy."""
    years = len(plan.solved_years)
    return np.broadcast_to(values[..., None], (*values.shape, years))


def _technology(
    economy: Economy, plan: Plan, a: RegionAccounts, assume: partial[Array]
) -> dict[str, Any]:
    growth = plan.growth
    years = _since_base(economy, plan)
    faster = (1 + rate(growth.productivity, a.region, 0.01)) ** years
    productivity = assume("productivity", np.broadcast_to(faster, (len(a.level), len(years))))
    labour = np.array([factor.role == "labour" for factor in economy.factors], dtype=bool)
    per_unit = np.where(labour[:, None, None], 1 / productivity, 1.0)
    more = (1 + rate(growth.labour, a.region, 0.005)) ** years
    endowment = a.endowment[:, None] * np.where(labour[:, None], more, np.ones(len(years)))
    build = a.factor_use_building[..., None] * per_unit[:, None]
    return {
        "input": assume("input", _yearly(plan, a.input.toarray())),
        "output": assume("output", _yearly(plan, a.output.toarray())),
        "factor_use": assume("factor_use", a.factor_use[..., None] * per_unit),
        "factor_use_building": assume("factor_use_building", build),
        "endowment": assume("endowment", endowment),
        "utilisation": assume("utilisation", _yearly(plan, a.utilisation)),
    }


def _capital(
    economy: Economy, plan: Plan, a: RegionAccounts, assume: partial[Array]
) -> dict[str, Any]:
    kinds, m = a.capacity.shape
    required = a.capital_required.toarray().reshape(len(economy.products), kinds, m)
    costs = (required != 0).any(axis=0) | (a.factor_use_building != 0).any(axis=0)
    wear = a.depreciation if plan.building.allowed else np.zeros(a.depreciation.shape)
    arriving = np.zeros((kinds, m, len(plan.solved_years)))
    for ago, ordered in enumerate(a.building if plan.building.allowed else ()):
        year = a.gestation - 1 - ago
        h, j = np.nonzero((year >= 0) & (year < arriving.shape[2]))
        arriving[h, j, year[h, j]] += ordered[h, j]
    return {
        "depreciation": assume("depreciation", _yearly(plan, wear)),
        "arriving": arriving,
        "capital_required": assume("capital_required", _yearly(plan, required)),
        "is_buildable": np.isfinite(a.capacity) & costs & plan.building.allowed,
    }


def _final_use(
    economy: Economy, plan: Plan, a: RegionAccounts, assume: partial[Array]
) -> dict[str, Any]:
    years = _since_base(economy, plan)
    least = np.full((len(economy.categories), len(years)), np.nan)
    grown = (1 + government_growth(economy, plan, a.region)) ** years
    floor = np.zeros(len(years))
    floor[0] = plan.consumption.floor
    kept = np.ones(len(years))
    by_role = {"households": floor, "government": grown, "given": grown, "ordered": 0 * kept}
    if not plan.building.allowed:
        by_role["capital_formation"] = kept
    inventories = np.zeros((len(economy.products), len(years)))
    phase = np.maximum(0.0, 1 - np.arange(1, len(years) + 1) / len(plan.years))
    for c, category in enumerate(economy.categories):
        if category.role in by_role:
            least[c] = by_role[category.role]
        elif category.role == "inventories":
            stays = phase if plan.inventories.phase_out else kept
            inventories += a.final_use[:, [c]] * stays
    return {
        "basket": assume("basket", _yearly(plan, a.final_use)),
        "level_least": assume("final_use", least),
        "inventories": assume("inventories", inventories),
        "needs_delivery": wanted_deliveries(economy, plan),
    }


def wanted_deliveries(economy: Economy, plan: Plan) -> NDArray[np.bool_]:
    """Categories and products that an order or a plan ray names one by one, shape (C, n)."""
    wanted = np.zeros((len(economy.categories), len(economy.products)), dtype=bool)
    roles = {"household_consumption": "households", "government_consumption": "government"}
    takes = np.array(
        [k.role not in ("capital_formation", "inventories") for k in economy.categories]
    )
    asked: list[Order | Objective] = [*plan.order, *plan.wish]
    for order in asked if plan.objective.is_welfare else [*asked, plan.objective]:
        if order.product is None or order.quantity not in (*roles, "final_use"):
            continue
        role = roles.get(order.quantity)
        named = [
            (k.role == role if role else takes[c])
            and (not order.category or k.name in order.category)
            for c, k in enumerate(economy.categories)
        ]
        products = [name in order.product for name in economy.product_names]
        wanted |= np.outer(named, products)
    if plan.objective.quantity == "plan_ray":
        ray = plan.objective.proportions or {}
        wanted[ray_category(economy)] |= [name in ray for name in economy.product_names]
    return wanted


def ray_category(economy: Economy) -> int:
    """The category that a plan ray is delivered to: households, or the first that takes orders."""
    ranked = [*economy.with_role("households"), *economy.with_role("ordered"), 0]
    return ranked[0]


def _trade(
    economy: Economy,
    plan: Plan,
    markets: Sequence[MarketTerms],
    a: RegionAccounts,
    assume: partial[Array],
) -> dict[str, Any]:
    band = assume("band", _yearly(plan, np.full(len(economy.products), plan.trade.band)))
    sold = region_flows(economy, plan, markets, Side(a, "exports"), band)
    bought = region_flows(economy, plan, markets, Side(a, "imports"), band)
    price = np.array([product.price for product in economy.products])
    owed = float(price @ (a.imports - a.exports).sum(axis=1))
    share = plan.trade.deficit if owed > 0 else plan.trade.surplus_kept
    grown = (1 + plan.trade.growth) ** _since_base(economy, plan)
    return {
        "exports_least": sold.least,
        "exports_most": sold.most,
        "exports_base": sold.first,
        "imports_least": bought.least,
        "imports_most": bought.most,
        "imports_base": bought.first,
        "terms_of_trade": np.array([market.price for market in markets]),
        "deficit": assume("deficit", share * owed * grown),
        "balance_over_plan": plan.trade.balance == "plan",
    }
