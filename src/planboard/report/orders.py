"""The orders and wishes of the plan: what was asked, by whom and why, and what became of it."""

import numpy as np
import pandas as pd

from planboard.compare.amounts import amount_words
from planboard.plan import Order, Selector, Wish
from planboard.report.blocks import Block, Cell, Row, Section, Table, Text, table, words
from planboard.report.view import View
from planboard.report.words import NONE, capital, counted, exact, listing, percent, significant
from planboard.solution.prices import worth_unit

MISSED = 1e-6  # Of the amount asked: less is the solver's rounding.
LEAST_PRICE = 1e-7  # Of the numeraire per unit: less is the solver's rounding.
MOST_ROWS = 80  # In the table of rows: the ones that are missed, and the dearest.


def orders(view: View) -> Section:
    """Every order and wish, who issued it and why, and what became of it."""
    name, title = "orders", "Orders"
    asked = (*view.plan.order, *view.plan.wish)
    if not asked:
        return Section(name, title, [Text("None: this plan was made without orders.")])
    found = view.solution.orders
    missed = found.loc[is_missed(found), "order"]
    rows = [
        [
            words(order.id),
            words(order_words(view, order)),
            words(order.issued_by or "not said"),
            words(order.because or "not said"),
            words(outcome_words(found[found["order"] == order.id])),
        ]
        for order in asked
    ]
    late = counted(missed.nunique(), "order or wish is", "orders or wishes are")
    caption = f"{late} not met in full." if len(missed) else "All of them are met."
    head = ["Order", "What", "Issued by", "Because", "Outcome"]
    blocks: list[Block] = [*_room(view), table(caption, head, rows)]
    return Section(name, title, [*blocks, *_rows(view, found)])


def _room(view: View) -> list[Text]:
    """How far orders must be missed, where they come first."""
    room = view.solution.compiled.room
    if room is None:
        return []
    first = "Orders come first, the objective after them."
    if room <= MISSED:
        return [Text(f"{first} They can all be met.")]
    return [
        Text(
            f"{first} They cannot all be met: in all they are missed by {percent(room, digits=2)} "
            "of what they ask, the shortfalls added up as shares of their amounts. No plan misses "
            "them by less."
        )
    ]


def is_missed(found: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows of orders lie outside what was asked by more than rounding."""
    asked = found[["at_least", "at_most"]].abs().replace(np.inf, 0.0).max(axis=1)
    return found["missed"].astype(float) > MISSED * (1 + asked.astype(float))


def outcome_words(found: pd.DataFrame) -> str:
    """What is reached, and whether it holds the plan back."""
    if found.empty:
        return "met"
    last, late = found.iloc[-1], found[is_missed(found)]
    reached = f"{amount_words(float(last['value']), str(last['unit']))} in {int(last['year'])}"
    if len(late):
        most = amount_words(float(late["missed"].max()), str(last["unit"]))
        return f"missed, by {most} at most; reaches {reached}"
    price = "holds the plan back" if (found["price"] > LEAST_PRICE).any() else "costs nothing"
    return f"met; reaches {reached}; {price}"


def _rows(view: View, found: pd.DataFrame) -> list[Table]:
    """Every row of every order: asked, reached, missed, price."""
    if found.empty:
        return []
    shown = found.assign(late=is_missed(found))
    if len(found) > MOST_ROWS:
        worst = shown.sort_values(["late", "price"], ascending=False, kind="stable")
        shown = worst.head(MOST_ROWS).sort_index()
    cells = [_row(view, row) for row in shown.to_dict("records")]
    caption = (
        "Asked, reached and missed, row by row. Price: what easing the order by one unit would be "
        f"worth, in {worth_unit(view.solution.compiled)}."
    )
    if len(shown) < len(found):
        caption += f" Shown: the {len(shown)} of {len(found)} rows that are missed or dearest."
    head = ["Order", "For", "Year", "Asked", "Reached", "Missed", "Price", "Unit"]
    return [table(caption, head, cells)]


def _row(view: View, row: dict[object, object]) -> Row:
    """One row of an order; what is missed is shaded."""
    key = ", ".join(view.label(part) for part in str(row["key"]).split(", "))
    late, missed, price = bool(row["late"]), _number(row["missed"]), _number(row["price"])
    return [
        words(str(row["order"])),
        words(key or "all together"),
        str(row["year"]),
        asked_words(_number(row["at_least"]), _number(row["at_most"])),
        exact(_number(row["value"])),
        Cell(significant(missed) if late else NONE, float(late) * 0.6),
        significant(price) if price > LEAST_PRICE else NONE,
        words(str(row["unit"])),
    ]


def _number(value: object) -> float:
    return float(str(value))


def asked_words(least: float, most: float) -> str:
    """The amounts of one row: at least, at most, both, or one to be hit."""
    low, high = exact(least), exact(most)
    if not np.isfinite(most):
        return f"≥ {low}"
    if not np.isfinite(least):
        return f"≤ {high}"
    return f"= {low}" if least == most else f"{low} to {high}"


def order_words(view: View, order: Order) -> str:
    """What an order asks, in words."""
    bounds = []
    if isinstance(order, Wish) and order.aim is not None:
        bounds.append(f"as near as can be to {_amount(order.aim)}")
    elif order.least is not None:
        bounds.append(f"at least {_amount(order.least)}")
    if order.most is not None and order.most != order.least:
        bounds.append(f"at most {_amount(order.most)}")
    each = f"; for each {listing(order.each)}" if order.each else ""
    added = "; the years together" if order.cumulative else ""
    where = selection_words(view, order)
    return f"{capital(order.quantity.replace('_', ' '))}{where}: {listing(bounds)}{each}{added}"


def _amount(amount: float | str) -> str:
    if isinstance(amount, str):
        return f"{amount} on the base year"
    return f"{amount:,.10g}"


def selection_words(view: View, chosen: Selector) -> str:
    """What a selector means, with full names: "; Russia; 2003"."""
    axes = ("region", "product", "activity", "factor", "category", "kind", "market")
    parts = [listing(view.labels(names)) for axis in axes if (names := chosen.selection(axis))]
    if chosen.selected_years:
        parts.append(listing([str(year) for year in chosen.selected_years]))
    return f" ({'; '.join(parts)})" if parts else ""
