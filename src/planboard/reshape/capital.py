"""Capital, when activities or regions are put together: what it is worth decides.

Letters: activity j of a target, capacity q, building b, capital_required R[i,j], price p,
v_j = Σ_i p_i R[i,j] what a unit of capacity is worth.

    q = Σ_j q_j                                  capacity, as levels are summed
    b = q · Σ_j v_j b_j / Σ_j v_j q_j            building, in units of the sum's capacity
    R_i = Σ_j R[i,j] b_j / b                     so R_i b is what the base year's building took
    depreciation = Σ_j depreciation_j v_j q_j / Σ_j v_j q_j

So the base year's building takes exactly the same of every product, the stock is worth the same
(Σ_i p_i R_i q = Σ_j v_j q_j), and so is next year's. Capacity in physical terms keeps its sum in
the base year; next year's follows the worth of the stock, as published capital accounts would. Two
steps give the same as one. Where nothing was built, R is weighted with capacity; where capital
costs nothing, b and depreciation are weighted with capacity.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.errors import InvalidTableError
from planboard.reshape.books import CAPITAL, PER_CAPACITY, Table, codes, on_grid, size
from planboard.reshape.merging import Array, Flags, Merging, listed, place_names


@dataclass(frozen=True, eq=False)
class Stocks:
    """Capital of every (region, kind, activity) on the old grid, flat.

    has : whether there is capital that limits the activity
    is_free : activities that capital does not limit, while it limits others of their target
    is_stated : `has`, or requirements are stated where nothing of the target has capital
    capacity, building, depreciation, utilisation : 0 where there is no capital
    worth : v, of a unit of capacity
    """

    has: Flags
    is_free: Flags
    is_stated: Flags
    capacity: Array
    building: Array
    depreciation: Array
    utilisation: Array
    worth: Array


def aggregated_capital(merging: Merging) -> tuple[dict[str, Table], list[str]]:
    """Capital, orders under way and requirements under the new labels; and a note."""
    stocks = _stocks(merging)
    sums = _Sums.of(merging, stocks)
    tables = {
        "capital": _capital(merging, stocks, sums),
        "under_construction": _under_construction(merging, stocks, sums),
        **{name: _per_capacity(merging, name, stocks, sums) for name in PER_CAPACITY},
    }
    if not stocks.is_free.any():
        return tables, []
    names = place_names(np.nonzero(stocks.is_free)[0], CAPITAL, merging.books.axes)
    told = (
        "Not limited by capital, unlike others of their target, so counted with a capacity of "
        f"their base-year level that costs nothing: {listed(names)}"
    )
    return tables, [told]


def _stocks(merging: Merging) -> Stocks:
    axes, table = merging.books.axes, merging.books.tables["capital"]
    at, places = codes(table, CAPITAL, axes), size(CAPITAL, axes)
    grids = {}
    for name in ("capacity", "building", "depreciation", "utilisation"):
        grids[name] = np.zeros(places)
        grids[name][at] = table[name]
    has = _flags(at, places)
    is_limited = merging.over_targets(has.astype(float), CAPITAL) > 0
    limited = is_limited[merging.target_cells(CAPITAL)]
    level = _by_kind(merging.level, merging)
    is_free = ~has & (level > 0) & limited
    grids["capacity"] = np.where(is_free, level, grids["capacity"])
    grids["utilisation"] = np.where(is_free, 1.0, grids["utilisation"])
    names = [codes(merging.books.tables[name], CAPITAL, axes) for name in PER_CAPACITY]
    is_stated = has | (_flags(np.concatenate(names), places) & ~limited)
    worth = np.where(has, _worth(merging), 0.0)
    return Stocks(has=has, is_free=is_free, is_stated=is_stated, worth=worth, **grids)


def _flags(at: Any, places: int) -> Flags:
    found = np.zeros(places, dtype=bool)
    found[at] = True
    return found


def _by_kind(grid: Array, merging: Merging) -> Array:
    """A grid of (region, activity) repeated for every kind of capital."""
    axes = merging.books.axes
    shape = (len(axes["region"]), len(axes["kind"]), len(axes["activity"]))
    return np.broadcast_to(grid.reshape(shape[0], 1, shape[2]), shape).ravel()


def _worth(merging: Merging) -> Array:
    """v: money's worth of what a unit of capacity takes."""
    required = merging.books.tables["capital_required"]
    price = merging.books.prices()[required["product"].cat.codes.to_numpy()]
    valued = required.assign(value=required["value"] * price)
    return on_grid(valued, CAPITAL, merging.books.axes)


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over the parts of every target, on the new grid of (region, kind, activity)."""

    count: Array
    capacity: Array
    built: Array  # Σ b
    stock_worth: Array  # Σ v q
    built_worth: Array  # Σ v b
    cells: NDArray[np.int64]  # old place -> new place

    @classmethod
    def of(cls, merging: Merging, stocks: Stocks) -> "_Sums":
        """The sums of these stocks."""

        def over(grid: Array) -> Array:
            return merging.over_targets(grid, CAPITAL)

        return cls(
            count=over(stocks.is_stated.astype(float)),
            capacity=over(stocks.capacity),
            built=over(stocks.building),
            stock_worth=over(stocks.worth * stocks.capacity),
            built_worth=over(stocks.worth * stocks.building),
            cells=merging.target_cells(CAPITAL),
        )

    @property
    def is_valued(self) -> Flags:
        """Whether worth decides: the stock is worth something, and nothing negative was built."""
        return np.asarray((self.stock_worth > 0) & (self.built_worth >= 0))

    def in_capacity(self, worth: Array, plain: Array) -> Array:
        """Amounts of capacity of a given worth, in units of the sum's; plain sums where free."""
        per_worth = _ratio(self.capacity, self.stock_worth)
        return np.where(self.is_valued, worth * per_worth, plain)

    @property
    def building(self) -> Array:
        """b of every target."""
        return self.in_capacity(self.built_worth, self.built)


def _ratio(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)


def _capital(merging: Merging, stocks: Stocks, sums: _Sums) -> Table:
    def over(grid: Array) -> Array:
        return merging.over_targets(grid, CAPITAL)

    finite = np.where(stocks.has, stocks.capacity, 0.0)
    wear = np.where(
        sums.is_valued,
        _ratio(over(stocks.depreciation * stocks.worth * stocks.capacity), sums.stock_worth),
        _ratio(over(stocks.depreciation * finite), over(finite)),
    )
    idle = _ratio(over(stocks.depreciation), sums.count)
    used = _utilisation(merging, stocks)
    gestation = _gestation(merging)
    table = merging.relabelled(merging.books.tables["capital"]).drop_duplicates(CAPITAL)
    place = codes(table, CAPITAL, merging.axes)
    return table[CAPITAL].assign(
        capacity=sums.capacity[place],
        depreciation=np.where(over(finite) > 0, wear, idle)[place],
        building=sums.building[place],
        gestation=gestation.reindex(place).to_numpy(),
        utilisation=used[place],
    )


def _utilisation(merging: Merging, stocks: Stocks) -> Array:
    """Weighted with capacity, all kinds together: it belongs to the activity, not to a kind."""
    has = stocks.has | stocks.is_free
    kinds = len(merging.books.axes["kind"])

    def of_activity(grid: Array) -> Array:
        new = merging.over_targets(grid, CAPITAL)
        shape = (len(merging.axes["region"]), kinds, len(merging.axes["activity"]))
        total = new.reshape(shape).sum(axis=1, keepdims=True)
        return np.broadcast_to(total, shape).ravel()

    whole = of_activity(stocks.capacity)
    mean = _ratio(of_activity(stocks.utilisation * stocks.capacity), whole)
    plain = _ratio(of_activity(stocks.utilisation * has), of_activity(has.astype(float)))
    return np.where(whole > 0, mean, plain)


def _gestation(merging: Merging) -> "pd.Series[int]":
    """Years from order to use by new place; refused where they differ within a target."""
    table = merging.books.tables["capital"]
    waiting = merging.books.tables["under_construction"]
    pending = on_grid(waiting, CAPITAL, merging.books.axes)[
        codes(table, CAPITAL, merging.books.axes)
    ]
    matters = (table["capacity"] > 0) | (table["building"] > 0) | (pending > 0)
    place = pd.Series(codes(merging.relabelled(table), CAPITAL, merging.axes), index=table.index)
    years = table["gestation"].astype(int)
    found = years.groupby(place).agg(["min", "max"])
    mattering = years[matters].groupby(place[matters]).agg(["min", "max"])
    found.loc[mattering.index] = mattering
    wrong = found[found["min"] != found["max"]]
    wrong = wrong[wrong.index.isin(mattering.index)]
    if len(wrong):
        names = place_names(wrong.index, CAPITAL, merging.axes)
        raise InvalidTableError(
            "Capital with different gestations cannot be put together.",
            [
                f"{name}: {least} to {most} years"
                for name, least, most in zip(names, wrong["min"], wrong["max"], strict=True)
            ],
            "Keep these activities apart in the concordance, or bring them to one gestation first.",
        )
    return found["min"]


def _under_construction(merging: Merging, stocks: Stocks, sums: _Sums) -> Table:
    """Earlier orders under way, by what they are worth, as building is."""
    table = merging.books.tables["under_construction"]
    at = codes(table, CAPITAL, merging.books.axes)
    per_worth = _ratio(sums.capacity, sums.stock_worth)[sums.cells[at]]
    by_worth = table["value"] * stocks.worth[at] * per_worth
    is_valued = sums.is_valued[sums.cells[at]]
    return merging.summed(table.assign(value=by_worth.where(is_valued, table["value"])))


def _per_capacity(merging: Merging, name: str, stocks: Stocks, sums: _Sums) -> Table:
    """Requirements per unit of the target's capacity: by building, else capacity, else a mean."""
    table = merging.books.tables[name]
    table = table[stocks.is_stated[codes(table, CAPITAL, merging.books.axes)]]
    at = codes(table, CAPITAL, merging.books.axes)
    place, building = sums.cells[at], sums.building
    by_building = stocks.building[at] * _ratio(np.ones_like(building), building)[place]
    by_capacity = stocks.capacity[at] * _ratio(np.ones_like(building), sums.capacity)[place]
    mean = _ratio(np.ones_like(building), sums.count)[place]
    weight = np.where(sums.capacity[place] > 0, by_capacity, mean)
    weight = np.where(building[place] > 0, by_building, weight)
    return merging.summed(table.assign(value=table["value"] * weight))
