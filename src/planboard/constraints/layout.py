"""Layout: the columns of one region, and where each of them stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Integers
from planboard.labels import pick
from planboard.program import Columns, Family

ABSENT = -1  # Stands for a column that does not exist; entries on it are dropped.


@dataclass(frozen=True, eq=False)
class Layout:
    """Columns of one region and their places in the member's program.

    `at[family]` has one axis for each label and the year last; `ABSENT` where there is none.
    """

    columns: tuple[Columns, ...]
    at: Mapping[str, Integers]
    end: int


@dataclass(frozen=True, eq=False)
class Shape:
    """One family before it is numbered: labels, which exist, bounds and units (all broadcast)."""

    name: str
    axes: Mapping[str, Sequence[Any]]
    exists: NDArray[np.bool_]
    lower: Array
    upper: Array
    unit: Array


def activity_columns(o: Outlook) -> Shape:
    """Activity x[j,t] ≥ 0; output that was under way before the plan is at most that."""
    started = np.arange(o.horizon)[None, :] >= o.accounts.input_lag[:, None]
    upper = np.where(started, np.inf, o.accounts.in_progress[:, None])
    axes = {"activity": o.activities}
    return Shape(
        "activity", axes, np.ones(1, dtype=bool), np.zeros(1), upper, o.activity_unit[:, None]
    )


def building_columns(o: Outlook) -> Shape:
    """Building v[h,j,t] ≥ 0, in units of capacity ordered in year t."""
    axes = {"kind": o.kinds, "activity": o.activities}
    unit = 0.1 * capacity_unit(o)
    return Shape("building", axes, o.is_buildable[..., None], np.zeros(1), np.full(1, np.inf), unit)


def capacity_columns(o: Outlook) -> Shape:
    """Capacity q[h,j,t] ≥ 0."""
    axes = {"kind": o.kinds, "activity": o.activities}
    exists = o.is_limited[..., None]
    return Shape("capacity", axes, exists, np.zeros(1), np.full(1, np.inf), capacity_unit(o))


def export_columns(o: Outlook) -> Shape:
    """Exports e[market,i,t], at most the band."""
    return _trade(o, "exports", o.exports_least, o.exports_most)


def import_columns(o: Outlook) -> Shape:
    """Imports m[market,i,t], at most the band."""
    return _trade(o, "imports", o.imports_least, o.imports_most)


def consumption_columns(o: Outlook) -> Shape:
    """Level f[c,t] of each category of final use; 1 is the base-year basket."""
    asked = np.isfinite(o.level_least).all(axis=1) & (o.basket != 0).any(axis=(0, 2))
    axes = {"category": [category.name for category in o.categories]}
    least = np.where(np.isfinite(o.level_least), o.level_least, 0.0)
    return Shape("consumption", axes, asked[:, None], least, np.full(1, np.inf), np.ones(1))


def delivery_columns(o: Outlook) -> Shape:
    """Deliveries d[c,i,t] beyond the basket, where an order or a plan ray asks for them."""
    axes = {"category": [category.name for category in o.categories], "product": _products(o)}
    exists = o.needs_delivery[..., None]
    unit = o.supply_unit[None, :, None]
    return Shape("deliveries", axes, exists, np.zeros(1), np.full(1, np.inf), unit)


def stock_columns(o: Outlook) -> Shape:
    """Stocks s[i,t] of storable products at the end of year t."""
    exists = np.array([product.storable for product in o.products])[:, None]
    unit = np.where(o.accounts.initial_stock > 0, o.accounts.initial_stock, o.supply_unit)
    axes = {"product": _products(o)}
    return Shape("stock", axes, exists, np.zeros(1), np.full(1, np.inf), unit[:, None])


def conversion_columns(o: Outlook) -> Shape:
    """Conversion c[v,t]: capacity of the source given up in year t, still used in that year."""
    c = o.accounts.conversions
    unit = 0.1 * capacity_unit(o)[c.kind, c.source]
    axes = {"conversion": conversion_names(o)}
    exists = np.full(1, o.converts)
    return Shape("conversion", axes, exists, np.zeros(1), np.full(1, np.inf), unit)


def conversion_names(o: Outlook) -> list[str]:
    """Each conversion as `kind:source>target`."""
    c, names = o.accounts.conversions, o.activities
    return [
        f"{o.kinds[h]}:{names[j]}>{names[k]}"
        for h, j, k in zip(c.kind, c.source, c.target, strict=True)
    ]


def utility_columns(o: Outlook) -> Shape:
    """Utility u[c,t] of household consumption, free; bounded by tangents of the logarithm."""
    axes = {"category": [category.name for category in o.categories]}
    free = np.full(1, np.inf)
    return Shape("utility", axes, _has_utility(o)[:, None], -free, free, np.ones(1))


def segment_columns(o: Outlook) -> Shape:
    """Segments s[c,k,t] of household consumption, each between two meetings of tangents.

        0 ≤ s_k ≤ b_k − b_k−1,   b_k = log(p_k+1 / p_k) / (1 / p_k − 1 / p_k+1),   b_0 = 0

    with tangent points p_1 < p_2 < … of the category and year; the last has no end.
    """
    most = max((points.shape[1] for points in o.tangents.values()), default=0)
    width = np.zeros((len(o.categories), most, o.horizon))
    for c, category in enumerate(o.categories):
        points = o.tangents.get(category.name)
        if points is not None:
            met = np.diff(np.log(points)) / -np.diff(1 / points)
            edges = [np.zeros((o.horizon, 1)), met, np.full((o.horizon, 1), np.inf)]
            width[c, : points.shape[1]] = np.diff(np.concatenate(edges, axis=1)).T
    axes = {"category": [k.name for k in o.categories], "segment": range(1, most + 1)}
    exists = _has_utility(o)[:, None, None] & (width > 0)
    return Shape("segment", axes, exists, np.zeros(1), width, np.ones(1))


def _has_utility(o: Outlook) -> NDArray[np.bool_]:
    """Which categories of final use have a utility, shape (C,)."""
    asked = np.zeros(len(o.categories), dtype=bool)
    asked[o.households()] = o.has_utility
    return np.asarray(asked & (o.basket[..., 0].sum(axis=0) > 0))


COLUMNS: tuple[Callable[[Outlook], Shape], ...] = (
    activity_columns,
    building_columns,
    capacity_columns,
    export_columns,
    import_columns,
    consumption_columns,
    delivery_columns,
    stock_columns,
    conversion_columns,
    utility_columns,
    segment_columns,
)


def lay_out(o: Outlook, start: int) -> Layout:
    """Number every column of a region, from `start`."""
    columns, at = [], {}
    for make in COLUMNS:
        shape = make(o)
        family, places = _number(shape, o, start)
        columns.append(family)
        at[shape.name] = places
        start += len(family.lower)
    return Layout(tuple(columns), at, start)


def capacity_unit(o: Outlook) -> Array:
    """A yardstick for capacity, shape (H, m, 1)."""
    capacity = o.accounts.capacity
    known = np.isfinite(capacity) & (capacity > 0)
    return np.where(known, np.where(known, capacity, 1.0), o.activity_unit[None, :])[..., None]


def _products(o: Outlook) -> list[str]:
    return [product.name for product in o.products]


def _trade(o: Outlook, name: str, least: Array, most: Array) -> Shape:
    axes = {"market": o.markets, "product": _products(o)}
    finite = np.where(np.isfinite(most), most, o.supply_unit[None, :, None])
    unit = np.where(most > 0, np.maximum(finite, 1e-9 * o.supply_unit[None, :, None]), 1.0)
    exists = np.asarray((most > 0).any(axis=2, keepdims=True))
    return Shape(name, axes, exists, least, most, unit.max(axis=2, keepdims=True, initial=0.0))


def _number(shape: Shape, o: Outlook, start: int) -> tuple[Columns, Integers]:
    size = (*(len(axis) for axis in shape.axes.values()), o.horizon)
    exists = np.broadcast_to(shape.exists, size)
    places = np.full(size, ABSENT, dtype=np.int64)
    places[exists] = start + np.arange(int(exists.sum()))
    codes = np.nonzero(exists)
    axes: Mapping[str, Sequence[Any]] = {"region": [o.region], **shape.axes, "year": o.years}
    index = pick(axes, [np.zeros(len(codes[0]), dtype=int), *codes])

    def flat(values: Array) -> Array:
        return np.array(np.broadcast_to(values, size)[exists], dtype=float)

    unit = flat(shape.unit)
    family = Family(shape.name, index)
    return Columns(family, flat(shape.lower), flat(shape.upper), np.zeros(len(unit)), unit), places
