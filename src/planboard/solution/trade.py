"""Gross and bilateral trade, derived: a plan determines net trade alone.

Reported gross flows are those nearest the base-year pattern with the same net trade, within the
same bands; bilateral flows are those nearest the base-year flows with these totals (biproportional,
RAS: Bacharach 1970). Where an order or a line speaks of gross flows, the solved ones are kept.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.compile import CompiledPlan
from planboard.compile.markets import MarketTerms, embargoed
from planboard.economy import OUTSIDE, Array
from planboard.solution.values import RegionPlan, table

ROUNDS = 2000
WHOLE = 0.9  # Of a market: fitting is slow where one region is party to almost every flow.
CLOSE = 1e-10  # Of the largest flow: biproportional fitting stops there.


def gross_trade(plans: Sequence[RegionPlan], compiled: CompiledPlan) -> tuple[Array, Array]:
    """Derived exports and imports, each of shape (R, M, n, T)."""
    exports = np.array([plan.exports for plan in plans])
    imports = np.array([plan.imports for plan in plans])
    if not exports.size:
        return exports, imports
    sold = np.array([plan.outlook.exports_most for plan in plans])
    bought = np.array([plan.outlook.imports_most for plan in plans])
    first = _usual(compiled, np.array([plan.outlook.exports_base for plan in plans]))
    second = _usual(compiled, np.array([plan.outlook.imports_base for plan in plans]))
    out, into = nearest_gross(imports - exports, (first, second), (sold, bought))
    out, into = _tradable(compiled, out, into)
    kept = _is_ordered(compiled)[None, :, None, None]
    return np.where(kept, exports, out), np.where(kept, imports, into)


def _tradable(compiled: CompiledPlan, exports: Array, imports: Array) -> tuple[Array, Array]:
    """In a closed market nobody trades more than all others together have to offer.

    What a region both sells and buys is cut back, its net trade kept, until its gross trade is at
    most `WHOLE` of the market's.
    """
    is_closed = np.array([market.is_closed for market in compiled.terms.markets])
    market = np.maximum(exports.sum(axis=0), imports.sum(axis=0))
    both = (exports + imports - WHOLE * market) / (2 - WHOLE)
    both = np.clip(both, 0.0, np.minimum(exports, imports)) * is_closed[None, :, None, None]
    return exports - both, imports - both


def nearest_gross(
    net: Array, usual: tuple[Array, Array], most: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Exports and imports with this net, nearest to the usual ones in proportion to their size.

    minimise (e − e°)² / e° + (m − m°)² / m°    with    m − e = net,  0 ≤ e ≤ e_most, 0 ≤ m ≤ m_most
    """
    usual_e, usual_m = (np.maximum(flow, 0.0) for flow in usual)
    size = usual_e + usual_m
    change = net - (usual_m - usual_e)
    share = np.divide(usual_e, size, out=np.full_like(size, 0.5), where=size > 0)
    exports = usual_e - change * share
    least = np.maximum(0.0, -net)
    greatest = np.maximum(np.minimum(most[0], most[1] - net), least)
    exports = np.clip(exports, least, greatest)
    return exports, exports + net


def bilateral_trade(compiled: CompiledPlan, exports: Array, imports: Array) -> pd.DataFrame:
    """Flows by origin, destination, product and year, from gross trade by market."""
    economy, years = compiled.economy, compiled.plan.years
    partners = [*(o.region for o in compiled.outlooks), OUTSIDE]
    flows = np.zeros((len(partners), len(partners), len(economy.products), len(years)))
    for m, market in enumerate(compiled.terms.markets):
        spread = fit if market.is_closed else with_outside
        for t in range(len(years)):
            usual = _usual_flows(compiled, market, t)
            for i in market.products:
                sold, bought = exports[:, m, i, t], imports[:, m, i, t]
                flows[:, :, i, t] += spread(usual[..., i], *_closed(sold, bought))
    labels = {"origin": partners, "destination": partners, "product": economy.product_names}
    frame = table(labels, years, flows, economy.unit)
    frame = frame[frame["value"] > 0].reset_index(drop=True)
    frame.insert(3, "derived", True)
    return frame


def with_outside(usual: Array, sold: Array, bought: Array) -> Array:
    """Flows in an open market: what both ends expect stays inside, the rest goes outside.

    Each region expects its usual shares of partners; between two planned regions flows the lesser
    of what the seller and the buyer expect.
    """
    inside, out = usual[:-1, :-1], usual.sum(axis=1)[:-1]
    into = usual.sum(axis=0)[:-1]
    offered = sold[:-1, None] * np.divide(
        inside, out[:, None], where=out[:, None] > 0, out=0 * inside
    )
    wanted = bought[None, :-1] * np.divide(inside, into, where=into > 0, out=0 * inside)
    flows = np.zeros(usual.shape)
    flows[:-1, :-1] = np.minimum(offered, wanted)
    flows[:-1, -1] = sold[:-1] - flows[:-1, :-1].sum(axis=1)
    flows[-1, :-1] = bought[:-1] - flows[:-1, :-1].sum(axis=0)
    return flows


def fit(usual: Array, sold: Array, bought: Array) -> Array:
    """Flows in proportion to the usual ones with these row and column sums (RAS)."""
    flows = usual * (sold[:, None] > 0) * (bought[None, :] > 0)
    scale = max(float(sold.max(initial=0.0)), 1e-300)
    for _ in range(ROUNDS):
        rows = flows.sum(axis=1)
        flows = flows * np.divide(sold, rows, out=np.zeros_like(rows), where=rows > 0)[:, None]
        columns = flows.sum(axis=0)
        if np.abs(columns - bought).max(initial=0.0) < CLOSE * scale:
            break
        flows = flows * np.divide(bought, columns, out=np.zeros_like(columns), where=columns > 0)
    return flows


def _closed(sold: Array, bought: Array) -> tuple[Array, Array]:
    """Totals with the outside added as the partner that takes up the difference."""
    left = sold.sum() - bought.sum()
    return np.append(sold, max(-left, 0.0)), np.append(bought, max(left, 0.0))


def _usual(compiled: CompiledPlan, base: Array) -> Array:
    years = np.array(compiled.plan.solved_years) - compiled.economy.base_year
    return base[..., None] * (1 + compiled.plan.trade.growth) ** years


def _usual_flows(compiled: CompiledPlan, market: MarketTerms, t: int) -> Array:
    """Base-year flows between the planned regions and outside in one market, (R+1, R+1, n).

    Every pair that may trade has at least a trace, so that a new pattern can be fitted.
    """
    names = [o.region for o in compiled.outlooks]
    n = len(compiled.economy.products)
    flows = np.zeros((len(names) + 1, len(names) + 1, n))
    for r, o in enumerate(compiled.outlooks):
        for p, partner in enumerate(compiled.economy.partners):
            s = names.index(partner) if partner in names else len(names)
            flows[r, s] += o.accounts.base_exports[:, p]
            if s == len(names):
                flows[s, r] += o.accounts.base_imports[:, p]
    trace = 1e-9 * max(float(flows.max(initial=0.0)), 1.0)
    everyone = [*names, OUTSIDE]
    sells = np.array([name in market.sellers or name == OUTSIDE for name in everyone])
    buys = np.array([name in market.buyers or name == OUTSIDE for name in everyone])
    may_trade = sells[:, None] & buys[None, :] & ~np.eye(len(everyone), dtype=bool)
    flows = (flows + trace) * may_trade[..., None]
    for r, seller in enumerate(everyone):
        for s, buyer in enumerate(everyone):
            flows[r, s][_stopped(compiled, seller, buyer, t)] = 0.0
    return np.asarray(flows)


def _stopped(compiled: CompiledPlan, seller: str, buyer: str, t: int) -> NDArray[np.bool_]:
    """Which products an embargo keeps from going from the one to the other, shape (n,)."""
    stopped = np.zeros(len(compiled.economy.products), dtype=bool)
    for embargo in compiled.plan.embargo:
        in_force = embargo.years is None or compiled.plan.solved_years[t] in embargo.years
        if in_force and embargoed(embargo, seller, buyer):
            names = embargo.product or compiled.economy.product_names
            stopped |= [name in names for name in compiled.economy.product_names]
    return stopped


def _is_ordered(compiled: CompiledPlan) -> NDArray[np.bool_]:
    """Markets whose gross flows the plan itself determines, shape (M,)."""
    asked = (*compiled.plan.order, *compiled.plan.wish)
    orders = [order for order in asked if order.quantity in ("exports", "imports")]
    goal = compiled.plan.objective.quantity in ("exports", "imports")
    return np.array(
        [
            goal or bool(orders) or market.least > 0 or market.most is not None
            for market in compiled.terms.markets
        ],
        dtype=bool,
    )
