"""Order rows: each order compiles to rows that remember it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.constraints.layout import Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.quantities import Expression, express
from planboard.constraints.rows import Entries, entries, family_rows
from planboard.economy import Array
from planboard.errors import InvalidPlanError
from planboard.plan import Order, Place, Wish, percent
from planboard.program import Columns, Family, Rows


@dataclass(frozen=True, eq=False)
class OrderRows:
    """The rows of one order before its members' entries: one for every key and year.

    keys : what `each` tells apart; years : positions of the years, one list for every row
    base, lower, upper : (keys × rows,), in the order's own unit
    """

    order: Order
    keys: tuple[tuple[str, ...], ...]
    years: tuple[tuple[int, ...], ...]
    index: pd.MultiIndex
    base: Array
    lower: Array
    upper: Array
    unit_name: str

    @property
    def family(self) -> str:
        """The family of its rows."""
        return "wish" if isinstance(self.order, Wish) else "order"


def selected(order: Order, o: Outlook, layout: Layout, where: Place) -> Expression:
    """The terms of an order in one region."""
    expression = express(order.quantity, o, layout, where)
    return expression.choose(order, o, order.quantity, where)


def lay_orders(
    order: Order,
    expressions: Mapping[str, Expression],
    years: Sequence[int],
    reported: int,
    where: Place,
) -> OrderRows:
    """Number the rows of an order over all the regions it speaks of, with their bounds.

    Without years it holds in every year solved; a cumulative one adds up those that are reported.
    """
    chosen = _years(order, years, reported, where)
    spans = (tuple(chosen),) if order.cumulative else tuple((t,) for t in chosen)
    base: dict[tuple[str, ...], float] = {}
    for region, expression in expressions.items():
        for key, amount in zip(_keys(order, region, expression), expression.base, strict=True):
            base[key] = base.get(key, 0.0) + float(amount)
    _check_exists(order, expressions, chosen, where)
    keys = tuple(base)
    labels = [(order.id, *key, years[span[-1]]) for key in keys for span in spans]
    names = ["order", *(order.each or ()), "year"]
    known = np.repeat(list(base.values()), len(spans)) * np.tile([len(s) for s in spans], len(keys))
    return OrderRows(
        order,
        keys,
        spans,
        pd.MultiIndex.from_tuples(labels, names=names),
        known,
        _amount(order.least, known, -np.inf),
        _amount(order.most, known, np.inf),
        _unit(order, expressions, where),
    )


def order_entries(rows: OrderRows, region: str, expression: Expression) -> Entries:
    """What one region adds to the rows of an order."""
    place = {key: position * len(rows.years) for position, key in enumerate(rows.keys)}
    first = np.array([place[key] for key in _keys(rows.order, region, expression)], dtype=np.int64)
    parts = [
        entries(first[:, None] + s, expression.column[:, span], expression.coefficient[:, span])
        for s, span in enumerate(map(list, rows.years))
    ]
    return Entries(
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.column for part in parts]),
        np.concatenate([part.value for part in parts]),
    )


def _keys(order: Order, region: str, expression: Expression) -> list[tuple[str, ...]]:
    """The key of every term: what `each` tells apart."""
    count = len(expression.base)
    columns = [
        [region] * count if axis == "region" else list(expression.labels[axis])
        for axis in order.each or ()
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * count


def _years(order: Order, years: Sequence[int], reported: int, where: Place) -> list[int]:
    wanted = order.selected_years
    if wanted is None:
        return list(range(reported if order.cumulative else len(years)))
    missing = [year for year in wanted if year not in years]
    if missing:
        raise InvalidPlanError(
            f"Order '{order.id}' speaks of years that the plan does not cover ({where}).",
            [f"year {year}; the plan runs from {years[0]} to {years[-1]}" for year in missing],
            "Change the year of the order, or the years of the plan.",
        )
    return [list(years).index(year) for year in wanted]


def _amount(amount: float | str | None, base: Array, otherwise: float) -> Array:
    if amount is None:
        return np.full(len(base), otherwise)
    if isinstance(amount, str):
        return base * percent(amount)
    return np.full(len(base), float(amount))


def _check_exists(
    order: Order, expressions: Mapping[str, Expression], years: list[int], where: Place
) -> None:
    """An order on something that nobody can change is a mistake, not a constraint."""
    if not any((e.column[:, years] >= 0).any() for e in expressions.values()):
        raise InvalidPlanError(
            f"Order '{order.id}' is about something that does not exist ({where}).",
            [f"{order.quantity} of {_described(order)}: nothing of the kind in this economy"],
            "Change the region, product or activity that the order names, or take it out.",
        )


def _described(order: Order) -> str:
    axes = ("region", "product", "activity", "factor", "category", "kind", "market")
    parts = [f"{axis} {', '.join(names)}" for axis in axes if (names := order.selection(axis))]
    return "; ".join(parts) or "all together"


def _unit(order: Order, expressions: Mapping[str, Expression], where: Place) -> str:
    """The unit of the order; amounts in different units are not added."""
    units = sorted({str(unit) for e in expressions.values() for unit in e.unit})
    if len(units) > 1:
        raise InvalidPlanError(
            f"Order '{order.id}' would add up different units ({where}).",
            [f"{order.quantity} in {unit}" for unit in units],
            "Name products or factors of one unit, or give each an order of its own.",
        )
    return units[0] if units else ""


def order_family(rows: OrderRows, parts: list[Entries]) -> Rows:
    """The rows of an order as a family; those that members share come without their entries."""
    bounds = (rows.lower, rows.upper)
    return family_rows(rows.family, rows.index, bounds, order_unit(rows), parts)


def deviation(rows: OrderRows, start: int) -> tuple[list[Columns], list[Entries]]:
    """For a wish, columns by which it is missed or exceeded, numbered from `start`.

    Their cost is the wish's weight over its amount, so that deviations are shares of it.
    """
    if not isinstance(rows.order, Wish):
        return [], []
    unit, columns, parts = order_unit(rows), [], []
    for name, bound, sign in (("missed", rows.lower, 1.0), ("exceeded", rows.upper, -1.0)):
        at = np.nonzero(np.isfinite(bound))[0]
        family = Family(name, rows.index[at])
        none, size = np.zeros(len(at)), unit[at]
        cost = rows.order.weight / size
        columns.append(Columns(family, none, np.full(len(at), np.inf), cost, size))
        parts.append(entries(at, start + np.arange(len(at)), sign))
        start += len(at)
    return columns, parts


def order_unit(rows: OrderRows) -> Array:
    """A yardstick for every row of an order: the amount asked, or its base-year amount."""
    asked = np.where(np.isfinite(rows.lower), np.abs(rows.lower), 0.0)
    allowed = np.where(np.isfinite(rows.upper), np.abs(rows.upper), 0.0)
    amount = np.maximum(asked, allowed)
    size = np.where(amount > 0, amount, np.abs(rows.base))
    return np.where(size > 0, size, 1.0)
