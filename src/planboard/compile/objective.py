"""The objective: weights of years and regions, and the cost it puts on the columns.

    maximise Σ_t discount_t Σ_r weight_r log f_r,t            household consumption, log
    maximise Σ_t discount_t Σ_r consumption_r f_r,t           household consumption, linear
    maximise or minimise Σ of a quantity over stated years    any quantity an order may name
    maximise the length of a plan ray                         see `ray`
    minimise Σ weight · deviation from wishes                 see `constraints.orders`

A welfare weight is a region's share of base-year household consumption.
"""

import numpy as np

from planboard.compile.markets import MarketTerms
from planboard.compile.outlooks import look_ahead
from planboard.compile.ray import RAY, ray_unit
from planboard.compile.scope import DEVIATION, scope_of
from planboard.constraints.layout import ABSENT, Layout, lay_out
from planboard.constraints.orders import selected
from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Economy, RegionAccounts
from planboard.errors import InvalidPlanError
from planboard.plan import Order, Place, Plan


def discount_weights(plan: Plan) -> Array:
    """Weight of each year, β^t with β = 1 / (1 + discount); the last year's divided by 1 − β."""
    beta = 1 / (1 + plan.objective.discount)
    weights = beta ** np.arange(1, len(plan.solved_years) + 1)
    weights[-1] /= 1 - beta
    return np.asarray(weights)


def category_spending(o: RegionAccounts, price: Array) -> Array:
    """Base-year final use of one region by category, at base-year prices, shape (C,)."""
    return np.asarray(price @ o.final_use)


def household_spending(economy: Economy) -> float:
    """Base-year household consumption of all regions, at base-year prices."""
    households = economy.with_role("households")
    price = np.array([product.price for product in economy.products])
    spent = sum(float(category_spending(a, price)[households].sum()) for a in economy.regions)
    if spent <= 0:
        raise InvalidPlanError(
            f"The economy '{economy.name}' has no household consumption to maximise.",
            [f"categories of final use: {', '.join(economy.category_names) or 'none'}"],
            'Give a category the role "households", or state another objective.',
        )
    return spent


def column_cost(
    plan: Plan, o: Outlook, layout: Layout, discount: Array, spending: float
) -> dict[int, float]:
    """Cost of a region's columns, by place, in the objective's unit; minimised.

    `spending` is that of all households: weights of the logarithm are shares of it.
    """
    if plan.objective.quantity in (RAY, DEVIATION):
        return {}
    if not plan.objective.is_welfare:
        return _quantity_cost(plan, o, layout)
    is_log = plan.objective.utility == "log"
    places = layout.at["utility" if is_log else "consumption"]
    worth = category_spending(o.accounts, o.price) / (spending if is_log else 1.0)
    return {
        int(place): -float(worth[c] * weight)
        for c in o.households()
        for place, weight in zip(places[c], discount, strict=True)
        if place != ABSENT
    }


def _quantity_cost(plan: Plan, o: Outlook, layout: Layout) -> dict[int, float]:
    order = goal_order(plan)
    if order.region is not None and o.region not in order.region:
        return {}
    sign = 1.0 if plan.objective.minimise else -1.0
    expression = selected(order, o, layout, goal_place(plan))
    years = order.selected_years or plan.years
    cost: dict[int, float] = {}
    for t, year in enumerate(o.years):
        if year in years:
            for place, amount in zip(
                expression.column[:, t], expression.coefficient[:, t], strict=True
            ):
                if place != ABSENT:
                    cost[int(place)] = cost.get(int(place), 0.0) + sign * float(amount)
    return cost


def goal_place(plan: Plan) -> Place:
    """Where the objective stands in the plan file."""
    return plan.where(
        f"objective.{'minimise' if plan.objective.minimise else 'maximise'}", "objective"
    )


def goal_order(plan: Plan) -> Order:
    """The objective's quantity and selectors in the form of an order, so that both read alike."""
    goal = plan.objective
    axes = (
        "region",
        "product",
        "activity",
        "factor",
        "category",
        "kind",
        "market",
        "year",
        "years",
    )
    chosen = {axis: getattr(goal, axis) for axis in axes}
    return Order(id="objective", quantity=goal.quantity, at_least=0.0, cumulative=True, **chosen)


def objective_unit(economy: Economy, plan: Plan, markets: tuple[MarketTerms, ...]) -> float:
    """A yardstick that brings the program's objective to order one, in the objective's unit."""
    goal = plan.objective
    if goal.quantity == RAY:
        return ray_unit(economy, plan)
    if goal.quantity == DEVIATION:
        return 1.0
    if goal.is_welfare:
        return 1.0 if goal.utility == "log" else household_spending(economy)
    order = goal_order(plan)
    regions = scope_of(economy, order, goal_place(plan)).regions
    size, exists = 0.0, False
    for region in regions:
        outlook = look_ahead(economy, plan, markets, economy.region(region), {})
        expression = selected(order, outlook, lay_out(outlook, 0), goal_place(plan))
        size += float(np.abs(expression.base).sum())
        exists = exists or bool((expression.column != ABSENT).any())
    if not exists:
        raise InvalidPlanError(
            f"The objective is about something that does not exist ({goal_place(plan)}).",
            [f"{goal.quantity}: nothing of the kind in this economy"],
            "Change the region, product or activity that it names.",
        )
    return size or 1.0
