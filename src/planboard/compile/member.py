"""One member's part of the program, from its own books and the board's terms alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from planboard.compile.objective import column_cost
from planboard.compile.outlooks import look_ahead, ray_category
from planboard.compile.ray import RAY
from planboard.compile.scope import order_scopes
from planboard.compile.terms import Terms
from planboard.constraints import ROWS
from planboard.constraints.layout import ABSENT, Layout, lay_out
from planboard.constraints.orders import (
    OrderRows,
    lay_orders,
    order_entries,
    order_family,
    selected,
)
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import Entries, entries
from planboard.economy import Array, Economy
from planboard.plan import Plan
from planboard.program import Columns, MemberProgram, Rows, assemble, member_program

Tangents = Mapping[str, Mapping[str, Array]]  # region -> category -> points, shape (T, steps)


@dataclass(frozen=True, eq=False)
class CompiledMember:
    """A member's program, and the outlooks and layouts of its regions that explain it."""

    program: MemberProgram
    outlooks: tuple[Outlook, ...]
    orders: tuple[OrderRows, ...]


def compile_member(
    economy: Economy, plan: Plan, terms: Terms, member: str, tangents: Tangents
) -> CompiledMember:
    """Compile the regions of one member; of the economy, only their accounts are read."""
    outlooks, layouts, start = [], [], 0
    for region in terms.members[member]:
        outlook = look_ahead(
            economy, plan, terms.markets, economy.region(region), tangents.get(region, {})
        )
        layout = lay_out(outlook, start)
        outlooks.append(outlook)
        layouts.append(layout)
        start = layout.end
    pairs = list(zip(outlooks, layouts, strict=True))
    rows = [rows for pair in pairs for family in ROWS for rows in family(*pair)]
    orders, order_rows = _own_orders(economy, plan, terms, pairs)
    rows += order_rows
    columns = [c for pair in pairs for c in _priced(plan, terms, *pair)]
    own = assemble(columns, rows, terms.objective_unit)
    size = (len(terms.board.rows), start)
    shared = _matrix(_shared_entries(economy, plan, terms, pairs), size)
    program = member_program(member, own, shared, terms.board.rows.unit)
    return CompiledMember(program, tuple(outlooks), tuple(orders))


def _priced(plan: Plan, terms: Terms, o: Outlook, layout: Layout) -> list[Columns]:
    """The region's columns with the objective's cost on them."""
    cost = column_cost(plan, o, layout, terms.discount, terms.household_spending)
    first = layout.end - sum(len(columns.lower) for columns in layout.columns)
    everything = np.zeros(layout.end - first)
    places = np.array(list(cost), dtype=np.int64)
    everything[places - first] = list(cost.values())
    ends = np.cumsum([len(columns.lower) for columns in layout.columns])[:-1]
    parts = np.split(everything, ends)
    return [replace(c, cost=part) for c, part in zip(layout.columns, parts, strict=True)]


def _own_orders(
    economy: Economy, plan: Plan, terms: Terms, pairs: Sequence[tuple[Outlook, Layout]]
) -> tuple[list[OrderRows], list[Rows]]:
    """Orders that concern this member's regions alone, and their rows."""
    mine = {outlook.region: (outlook, layout) for outlook, layout in pairs}
    orders, families = [], []
    for scope in order_scopes(economy, plan):
        if not set(scope.regions) <= set(mine):
            continue
        order, where = scope.order, scope.where
        expressions = {r: selected(order, *mine[r], where) for r in scope.regions}
        rows = lay_orders(order, expressions, terms.years, len(plan.years), where)
        parts = [order_entries(rows, region, e) for region, e in expressions.items()]
        orders.append(rows)
        families.append(order_family(rows, parts))
    return orders, families


def _shared_entries(
    economy: Economy, plan: Plan, terms: Terms, pairs: Sequence[tuple[Outlook, Layout]]
) -> list[Entries]:
    """What the member's columns add to market rows, shared orders and the plan ray."""
    parts = []
    for outlook, layout in pairs:
        parts.append(entries(terms.market_row, layout.at["exports"], 1.0))
        parts.append(entries(terms.market_row, layout.at["imports"], -1.0))
        if plan.objective.quantity == RAY:
            deliveries = layout.at["deliveries"][ray_category(economy)]
            parts.append(entries(terms.ray_row, deliveries, 1.0))
        for start, rows in terms.shared_orders:
            regions = rows.order.region or economy.region_names
            if outlook.region not in regions:
                continue
            expression = selected(rows.order, outlook, layout, plan.where("", rows.order.id))
            part = order_entries(rows, outlook.region, expression)
            parts.append(Entries(part.row + start, part.column, part.value))
    return parts


def _matrix(parts: list[Entries], size: tuple[int, int]) -> sparse.csr_array:
    none = np.zeros(0, dtype=np.int64)
    row = np.concatenate([none, *(part.row for part in parts)])
    column = np.concatenate([none, *(part.column for part in parts)])
    value = np.concatenate([np.zeros(0), *(part.value for part in parts)])
    assert not (row == ABSENT).any()
    return sparse.csr_array((value, (row, column)), shape=size)
