"""Quantities that an order, a limit or an objective may name, as sums over a region's columns.

A new quantity is one function and one line in `QUANTITIES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from planboard.constraints.layout import Layout
from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Integers
from planboard.errors import InvalidPlanError
from planboard.labels import positions, unknown_name
from planboard.plan import Place, Selector

AXES = ("product", "activity", "factor", "category", "kind", "market")


@dataclass(frozen=True, eq=False)
class Expression:
    """A quantity of one region: E labelled terms in every year.

    column : (E, T), `ABSENT` where there is none; coefficient : (E, T)
    base : (E,), the base-year amount; unit : (E,), names; labels : axis -> (E,) names
    """

    column: Integers
    coefficient: Array
    base: Array
    unit: np.ndarray
    labels: Mapping[str, np.ndarray]

    def choose(self, selector: Selector, o: Outlook, quantity: str, where: Place) -> "Expression":
        """The terms that a selector means; a name or an axis that does not exist is an error."""
        kept = np.ones(len(self.base), dtype=bool)
        for axis in AXES:
            wanted = selector.selection(axis)
            if wanted is None:
                continue
            if axis not in self.labels:
                raise InvalidPlanError(
                    f"'{quantity}' is not counted by {axis} ({where.at(axis)}).",
                    [f"it is counted by {', '.join(self.labels) or 'region and year only'}"],
                    f"Leave '{axis}' out, or name another quantity.",
                )
            known = names_along(o, axis)
            positions(axis, wanted, known, where.at(axis))
            kept &= np.isin(self.labels[axis], wanted)
        return Expression(
            self.column[kept],
            self.coefficient[kept],
            self.base[kept],
            self.unit[kept],
            {axis: names[kept] for axis, names in self.labels.items()},
        )


def names_along(o: Outlook, axis: str) -> list[str]:
    """Every name of one axis in a region."""
    if axis == "activity":
        return list(o.activities)
    if axis in ("kind", "market"):
        return list(o.kinds if axis == "kind" else o.markets)
    records = {"product": o.products, "factor": o.factors, "category": o.categories}[axis]
    return [record.name for record in records]  # type: ignore[attr-defined]


def activity(o: Outlook, layout: Layout) -> Expression:
    """Level of an activity."""
    labels = {"activity": _array(o.activities)}
    column = layout.at["activity"]
    unit = np.full(len(o.activities), "unit of activity", dtype=object)
    return Expression(column, np.ones(column.shape), o.accounts.level, unit, labels)


def output(o: Outlook, layout: Layout) -> Expression:
    """Gross output of a product."""
    i, j = np.nonzero((o.output != 0).any(axis=2))
    base = o.accounts.output.toarray()[i, j] * o.accounts.level[j]
    labels = {"product": _names(o, "product")[i], "activity": _names(o, "activity")[j]}
    return Expression(layout.at["activity"][j], o.output[i, j], base, _units(o)[i], labels)


def trade(o: Outlook, layout: Layout, flow: str) -> Expression:
    """Exports or imports of a product."""
    base = (o.exports_base if flow == "exports" else o.imports_base).reshape(-1)
    market, i = (axis.ravel() for axis in np.indices((len(o.markets), len(o.products))))
    column = layout.at[flow].reshape(len(base), o.horizon)
    labels = {"market": _names(o, "market")[market], "product": _names(o, "product")[i]}
    return Expression(column, np.ones(column.shape), base, _units(o)[i], labels)


def net_exports(o: Outlook, layout: Layout) -> Expression:
    """Exports less imports of a product."""
    return _together(trade(o, layout, "exports"), _times(trade(o, layout, "imports"), -1.0))


def final_use(o: Outlook, layout: Layout, role: str | None = None) -> Expression:
    """Final use by category and product, the basket and deliveries beyond it."""
    chosen = [role is None or category.role == role for category in o.categories]
    exists = (layout.at["consumption"] >= 0).all(axis=1) & np.array(chosen, dtype=bool)
    i, c = np.nonzero((o.basket != 0).any(axis=2) & exists)
    names, categories, units = _names(o, "product"), _names(o, "category"), _units(o)
    labels = {"product": names[i], "category": categories[c]}
    base = o.accounts.final_use[i, c]
    basket = Expression(layout.at["consumption"][c], o.basket[i, c], base, units[i], labels)
    c, i = np.nonzero(o.needs_delivery & np.array(chosen, dtype=bool)[:, None])
    column = layout.at["deliveries"][c, i]
    labels = {"product": names[i], "category": categories[c]}
    extra = Expression(column, np.ones(column.shape), np.zeros(len(i)), units[i], labels)
    return _together(basket, extra)


def factor_use(o: Outlook, layout: Layout, role: str | None = None) -> Expression:
    """Use of a factor in production and in building."""
    chosen = np.array([role is None or factor.role == role for factor in o.factors], dtype=bool)
    use_year, weight = o.use_year()
    column = layout.at["activity"][np.arange(len(o.activities))[:, None], use_year]
    k, j = np.nonzero((o.factor_use != 0).any(axis=2) & chosen[:, None])
    unit = _array([factor.unit for factor in o.factors])
    labels = {"factor": _names(o, "factor")[k], "activity": _names(o, "activity")[j]}
    base = o.accounts.factor_use[k, j] * o.accounts.level[j]
    running = Expression(column[j], o.factor_use[k, j] * weight[j], base, unit[k], labels)
    k, h, j = np.nonzero((o.factor_use_building != 0).any(axis=3) & chosen[:, None, None])
    labels = {"factor": _names(o, "factor")[k], "activity": _names(o, "activity")[j]}
    ordered = o.accounts.building[0][h, j] * o.accounts.factor_use_building[k, h, j]
    column = layout.at["building"][h, j]
    use = o.factor_use_building[k, h, j]
    return _together(running, Expression(column, use, ordered, unit[k], labels))


def plant(o: Outlook, layout: Layout, family: str) -> Expression:
    """Capacity, or building, of one kind for one activity."""
    h, j = np.nonzero(o.is_limited)
    known = o.accounts.capacity if family == "capacity" else o.accounts.building[0]
    labels = {"kind": _names(o, "kind")[h], "activity": _names(o, "activity")[j]}
    unit = np.full(len(h), "unit of activity", dtype=object)
    column = layout.at[family][h, j]
    return Expression(column, np.ones(column.shape), known[h, j], unit, labels)


def investment(o: Outlook, layout: Layout) -> Expression:
    """Products that go into building, and into conversion (counted by what it makes)."""
    products, activities, units = _names(o, "product"), _names(o, "activity"), _units(o)
    i, h, j = np.nonzero((o.capital_required != 0).any(axis=3))
    kinds = _names(o, "kind")
    labels = {"product": products[i], "kind": kinds[h], "activity": activities[j]}
    base = o.capital_required[i, h, j, 0] * o.accounts.building[0][h, j]
    column, required = layout.at["building"][h, j], o.capital_required[i, h, j]
    built = Expression(column, required, base, units[i], labels)
    c = o.accounts.conversions
    i, v = np.nonzero(c.required)
    column = layout.at["conversion"][v]
    spent = np.repeat(c.required[i, v][:, None], o.horizon, axis=1)
    labels = {
        "product": products[i],
        "kind": kinds[c.kind[v]],
        "activity": activities[c.target[v]],
    }
    return _together(built, Expression(column, spent, np.zeros(len(i)), units[i], labels))


def stock(o: Outlook, layout: Layout) -> Expression:
    """Stock of a product at the end of the year."""
    column = layout.at["stock"]
    labels = {"product": _names(o, "product")}
    return Expression(column, np.ones(column.shape), o.accounts.initial_stock, _units(o), labels)


def conversion(o: Outlook, layout: Layout) -> Expression:
    """Capacity given up for conversion, counted by the activity that gives it up."""
    c, column = o.accounts.conversions, layout.at["conversion"]
    labels = {"kind": _names(o, "kind")[c.kind], "activity": _names(o, "activity")[c.source]}
    unit = np.full(len(c), "unit of activity", dtype=object)
    return Expression(column, np.ones(column.shape), np.zeros(len(c)), unit, labels)


def gdp(o: Outlook, layout: Layout) -> Expression:
    """Value added at base-year prices: what activities make less what they take in that year."""
    price = o.price[:, None, None]
    made, taken = (o.output * price).sum(axis=0), (o.input * price).sum(axis=0)
    use_year, weight = o.use_year()
    column = layout.at["activity"]
    used = column[np.arange(len(o.activities))[:, None], use_year]
    labels = {"activity": _names(o, "activity")}
    unit = np.full(len(o.activities), "value", dtype=object)
    level = o.accounts.level
    return _together(
        Expression(column, made, made[:, 0] * level, unit, labels),
        Expression(used, -taken * weight, -taken[:, 0] * level, unit, labels),
    )


QUANTITIES: dict[str, Callable[[Outlook, Layout], Expression]] = {
    "household_consumption": partial(final_use, role="households"),
    "government_consumption": partial(final_use, role="government"),
    "final_use": final_use,
    "output": output,
    "activity": activity,
    "exports": partial(trade, flow="exports"),
    "imports": partial(trade, flow="imports"),
    "net_exports": net_exports,
    "hours": partial(factor_use, role="labour"),
    "factor_use": factor_use,
    "capacity": partial(plant, family="capacity"),
    "building": partial(plant, family="building"),
    "investment": investment,
    "stock": stock,
    "conversion": conversion,
    "gdp": gdp,
}


def express(quantity: str, o: Outlook, layout: Layout, where: Place) -> Expression:
    """The expression of a quantity in one region; an unknown quantity is an error."""
    if quantity not in QUANTITIES:
        raise unknown_name("quantity", quantity, list(QUANTITIES), where.at("quantity"))
    return QUANTITIES[quantity](o, layout)


def _array(names: object) -> np.ndarray:
    return np.array(list(names), dtype=object)  # type: ignore[call-overload]


def _names(o: Outlook, axis: str) -> np.ndarray:
    return _array(names_along(o, axis))


def _units(o: Outlook) -> np.ndarray:
    return _array([product.unit for product in o.products])


def _times(expression: Expression, sign: float) -> Expression:
    e = expression
    return Expression(e.column, e.coefficient * sign, e.base * sign, e.unit, e.labels)


def _together(first: Expression, second: Expression) -> Expression:
    return Expression(
        np.concatenate([first.column, second.column]),
        np.concatenate([first.coefficient, second.coefficient]),
        np.concatenate([first.base, second.base]),
        np.concatenate([first.unit, second.unit]),
        {axis: np.concatenate([first.labels[axis], second.labels[axis]]) for axis in first.labels},
    )
