"""Markets: which base-year flow belongs to which market, and how far it may move.

Every bilateral flow of the base year is assigned once: first to a line (a market of one seller
and one buyer), then to a bloc that both belong to, then to the world market. An embargo takes its
flow out for the years it lasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planboard.economy import Array, Economy, RegionAccounts
from planboard.errors import InvalidPlanError
from planboard.labels import positions
from planboard.plan import Embargo, Line, Market, Plan

WORLD = "world"


@dataclass(frozen=True)
class MarketTerms:
    """Where regions exchange products: who sells, who buys, at what terms.

    A market is closed when everybody in it is planned; only then must its trade add up.
    `least` and `most` are a line's stated amounts a year; None means the band.
    """

    name: str
    sellers: frozenset[str]
    buyers: frozenset[str]
    products: tuple[int, ...]
    is_closed: bool
    price: float = 1.0
    band: float | None = None
    least: float = 0.0
    most: float | None = None
    years: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class Flows:
    """Base-year flows of one region by market, and the bounds of its trade.

    base : (M, n, T), grown and cut by embargoes; least, most : (M, n, T); first : (M, n), ungrown
    """

    base: Array
    least: Array
    most: Array
    first: Array


def _check_markets(plan: Plan) -> None:
    """Lines and markets have names of their own, and years of the plan."""
    seen = {WORLD: "the world market"}
    named: list[tuple[str, str | None, tuple[int, ...] | None]]
    named = [(f"market.{n}", m.name, None) for n, m in enumerate(plan.market)]
    named += [(f"line.{n}", line.name, line.years) for n, line in enumerate(plan.line)]
    named += [(f"embargo.{n}", None, embargo.years) for n, embargo in enumerate(plan.embargo)]
    for path, name, years in named:
        where = plan.where(path, f"'{name}'")
        if name in seen:
            raise InvalidPlanError(
                f"The name '{name}' is taken ({where}).", [seen[name]], "Give it another name."
            )
        if name is not None:
            seen[name] = str(where)
        outside = [year for year in years or () if year not in plan.solved_years]
        if outside:
            raise InvalidPlanError(
                f"Trade is ruled for years that the plan does not cover ({where}).",
                [f"year {year}" for year in outside],
                f"Name years from {plan.years[0]} to {plan.solved_years[-1]}.",
            )


def market_terms(economy: Economy, plan: Plan) -> tuple[MarketTerms, ...]:
    """Lines, blocs and the world market, in the order in which they claim flows."""
    _check_embargoes(economy, plan)
    _check_markets(plan)
    lines = [_line(economy, plan, n, line) for n, line in enumerate(plan.line)]
    blocs = [_bloc(economy, plan, n, market) for n, market in enumerate(plan.market)]
    if not any(a.exports.any() or a.imports.any() for a in economy.regions):
        return (*lines, *blocs)
    everyone = frozenset(economy.partners)
    products = tuple(range(len(economy.products)))
    world = MarketTerms(WORLD, everyone, everyone, products, economy.coverage == "world")
    return (*lines, *blocs, world)


@dataclass(frozen=True, eq=False)
class Side:
    """One region as a seller ("exports") or as a buyer ("imports")."""

    accounts: RegionAccounts
    direction: str

    @property
    def flows(self) -> Array:
        """Its base-year flows by partner, shape (n, P)."""
        own = self.accounts
        return own.base_exports if self.direction == "exports" else own.base_imports

    def takes_part(self, market: MarketTerms) -> bool:
        """Whether the region sells, or buys, in a market."""
        own = market.sellers if self.direction == "exports" else market.buyers
        return self.accounts.region in own

    def others(self, market: MarketTerms) -> frozenset[str]:
        """Those whom it sells to, or buys from, in a market."""
        return market.buyers if self.direction == "exports" else market.sellers


def region_flows(
    economy: Economy, plan: Plan, markets: Sequence[MarketTerms], side: Side, band: Array
) -> Flows:
    """Exports or imports of one region by market; `band` has shape (n, T)."""
    years = np.array(plan.solved_years)
    left = side.flows[..., None] * ~_cut(economy, plan, side)
    uncut = side.flows.copy()
    base = np.zeros((len(markets), len(economy.products), len(years)))
    first = np.zeros(base.shape[:2])
    for m, market in enumerate(markets):
        if not side.takes_part(market):
            continue
        partners = [p for p, name in enumerate(economy.partners) if name in side.others(market)]
        at = _block(market.products, partners)
        base[m, list(market.products)] = left[at].sum(axis=1)
        first[m, list(market.products)] = uncut[at].sum(axis=1)
        left[at], uncut[at] = 0.0, 0.0
    base *= (1 + plan.trade.growth) ** (years - economy.base_year)
    least, most = _bounds(markets, side, base, band, years)
    return Flows(base, least, most, first)


def _bounds(
    markets: Sequence[MarketTerms], side: Side, base: Array, band: Array, years: NDArray[np.int64]
) -> tuple[Array, Array]:
    most = base * (1 + band)
    least = np.zeros(base.shape)
    for m, market in enumerate(markets):
        if not side.takes_part(market):
            continue
        if market.band is not None:
            most[m] = base[m] * (1 + market.band)
        at = _block([m], market.products, np.nonzero(np.isin(years, market.years or years))[0])
        most[at] = np.maximum(most[at], market.least) if market.most is None else market.most
        least[at] = market.least
    return np.minimum(least, most), most


def _block(*places: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Index of the block where these places of each axis meet."""
    return np.ix_(*(np.asarray(place, dtype=np.int64) for place in places))


def _cut(economy: Economy, plan: Plan, side: Side) -> NDArray[np.bool_]:
    """Where an embargo without rerouting stops a flow, shape (n, P, T)."""
    years = np.array(plan.solved_years)
    cut = np.zeros((len(economy.products), len(economy.partners), len(years)), dtype=bool)
    for embargo in plan.embargo:
        ends = (embargo.seller, embargo.buyer)
        here, there = ends if side.direction == "exports" else ends[::-1]
        if side.accounts.region not in here or embargo.rerouting:
            continue
        partners = [p for p, name in enumerate(economy.partners) if name in there]
        t = np.nonzero(np.isin(years, embargo.years or years))[0]
        cut[_block(_products(economy, embargo.product, ""), partners, t)] = True
    return cut


def _products(economy: Economy, names: Sequence[str] | None, where: object) -> list[int]:
    return positions("product", names or economy.product_names, economy.product_names, where)


def _line(economy: Economy, plan: Plan, n: int, line: Line) -> MarketTerms:
    where = plan.where(f"line.{n}", f"line '{line.name}'")
    positions("region", [line.seller, line.buyer], economy.partners, where)
    if line.at_most is not None and line.at_least > line.at_most:
        raise InvalidPlanError(
            f"Line '{line.name}' asks for more than it allows ({where}).",
            [f"at_least = {line.at_least:g}, at_most = {line.at_most:g}"],
            "Lower at_least or raise at_most.",
        )
    products = tuple(_products(economy, line.product, where))
    return MarketTerms(
        line.name,
        frozenset([line.seller]),
        frozenset([line.buyer]),
        products,
        {line.seller, line.buyer} <= set(economy.region_names),
        line.price,
        least=line.at_least,
        most=line.at_most,
        years=line.years,
    )


def _bloc(economy: Economy, plan: Plan, n: int, market: Market) -> MarketTerms:
    where = plan.where(f"market.{n}", f"market '{market.name}'")
    positions("region", market.region, economy.partners, where)
    regions = frozenset(market.region)
    products = tuple(_products(economy, market.product, where))
    is_closed = regions <= set(economy.region_names)
    return MarketTerms(market.name, regions, regions, products, is_closed, band=market.band)


def _check_embargoes(economy: Economy, plan: Plan) -> None:
    for n, embargo in enumerate(plan.embargo):
        where = plan.where(f"embargo.{n}", f"embargo {n + 1}")
        positions("region", [*embargo.seller, *embargo.buyer], economy.partners, where)
        _products(economy, embargo.product, where)


def embargoed(embargo: Embargo, seller: str, buyer: str) -> bool:
    """Whether an embargo stops what this seller would send to this buyer."""
    return seller in embargo.seller and buyer in embargo.buyer
