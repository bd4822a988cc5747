"""What regions may owe, and what they do: imports less exports against the deficit allowed."""

import numpy as np

from planboard.economy import Array
from planboard.report.blocks import Block, Cell, Row, Table, table
from planboard.report.view import View
from planboard.report.words import Amounts
from planboard.solution.values import RegionPlan

USED_UP = 1e-5  # Of the trade of a region: less room than this is none.


def external(view: View) -> list[Block]:
    """The table of deficits by region and year, where the plan has a rule for them."""
    ruled = [plan for plan in view.solution.regions if has_rule(plan)]
    return [_table(view, ruled)] if ruled else []


def has_rule(plan: RegionPlan) -> bool:
    """Whether a region trades, and its deficit is limited."""
    o = plan.outlook
    trades = o.exports_most.any() or o.imports_most.any()
    return bool(trades and np.isfinite(o.deficit).all())


def deficit(plan: RegionPlan) -> Array:
    """Imports less exports on the terms of their markets, at base-year prices, shape (T,)."""
    o = plan.outlook
    net = (plan.imports - plan.exports) * o.terms_of_trade[:, None, None]
    return np.asarray(np.einsum("mit,i->t", net, o.price))


def _table(view: View, ruled: list[RegionPlan]) -> Table:
    over_plan = ruled[0].outlook.balance_over_plan
    heads = [f"{view.years[0]} to {view.last}"] if over_plan else [str(y) for y in view.years]
    values = {plan.outlook.region: _sides(plan, len(view.years), over_plan) for plan in ruled}
    amounts = Amounts(view.economy.unit, np.concatenate([v.ravel() for v in values.values()]))
    rows: list[Row] = [
        [view.label(plan.outlook.region), *_cells(plan, values[plan.outlook.region], amounts)]
        for plan in ruled
    ]
    caption = (
        f"What each region owes (imports less exports; a surplus is negative), {amounts.unit}, and "
        "below it what it may owe. Orange: at the limit."
    )
    if over_plan:
        caption += " All years together count, the years beyond the plan among them."
    return table(caption, ["", *heads], rows)


def _sides(plan: RegionPlan, years: int, over_plan: bool) -> Array:
    """What is owed, and what may be, in every year or in all together: shape (2, years or 1)."""
    both = np.array([deficit(plan), plan.outlook.deficit])
    return both.sum(axis=1, keepdims=True) if over_plan else both[:, :years]


def _cells(plan: RegionPlan, sides: Array, amounts: Amounts) -> list[Cell]:
    o = plan.outlook
    size = float(o.price @ o.accounts.total_supply) or 1.0
    return [
        Cell(
            amounts.show(owed),
            0.6 if allowed - owed <= USED_UP * size else 0.0,
            below=amounts.show(allowed),
        )
        for owed, allowed in sides.T
    ]
