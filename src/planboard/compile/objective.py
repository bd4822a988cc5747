"""The objective: weights of years and regions, and the cost it puts on the columns.

maximise Σ_t discount_t Σ_r weight_r log f_r,t                  household consumption, log
maximise Σ_t discount_t Σ_r consumption_r f_r,t                 household consumption, linear
maximise or minimise Σ of a quantity over stated years          any quantity an order may name
maximise the length of a plan ray                               see `ray`
"""

from collections.abc import Mapping

import numpy as np

from planboard.compile.markets import MarketTerms
from planboard.compile.outlooks import look_ahead
from planboard.compile.ray import RAY, ray_unit
from planboard.compile.scope import DEVIATION, scope_of
from planboard.constraints.layout import ABSENT, Layout, lay_out
from planboard.constraints.orders import selected
from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Economy
from planboard.errors import InvalidPlanError
from planboard.plan import Order, Place, Plan


def discount_weights(plan: Plan) -> Array:
    """Weight of each year, β^t with β = 1 / (1 + discount); the last year's divided by 1 − β."""
    beta = 1 / (1 + plan.objective.discount)
    weights = beta ** np.arange(1, len(plan.solved_years) + 1)
    weights[-1] /= 1 - beta
    return np.asarray(weights)


def is_welfare(plan: Plan) -> bool:
    """Whether the plan maximises household consumption over all years and regions."""
    goal = plan.objective
    return goal.quantity == "household_consumption" and not goal.minimise


def welfare_spending(economy: Economy) -> dict[str, float]:
    """Base-year household consumption by region, at base-year prices."""
    households = economy.with_role("households")
    price = np.array([product.price for product in economy.products])
    spent = {a.region: float((price @ a.final_use[:, households]).sum()) for a in economy.regions}
    if not any(spent.values()):
        raise InvalidPlanError(
            f"The economy '{economy.name}' has no household consumption to maximise.",
            [f"categories of final use: {', '.join(economy.category_names) or 'none'}"],
            'Give a category the role "households", or state another objective.',
        )
    return spent


def welfare_weights(economy: Economy) -> dict[str, float]:
    """Each region's share of base-year household consumption."""
    spent = welfare_spending(economy)
    return {region: amount / sum(spent.values()) for region, amount in spent.items()}


def column_cost(
    plan: Plan, o: Outlook, layout: Layout, discount: Array, worth: Mapping[str, float]
) -> dict[int, float]:
    """Cost of a region's columns, by place, in the objective's unit; minimised."""
    if plan.objective.quantity in (RAY, DEVIATION):
        return {}
    if is_welfare(plan):
        family = "utility" if plan.objective.utility == "log" else "consumption"
        places = layout.at[family][o.households()]
        asked = (places >= 0).all(axis=1)
        weights = -worth[o.region] * discount
        return {
            int(p): float(w) for row in places[asked] for p, w in zip(row, weights, strict=True)
        }
    return _quantity_cost(plan, o, layout)


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
    if is_welfare(plan):
        spent = welfare_spending(economy)
        return 1.0 if goal.utility == "log" else sum(spent.values())
    order = goal_order(plan)
    regions = scope_of(economy, order, goal_place(plan)).regions
    size = 0.0
    for region in regions:
        outlook = look_ahead(economy, plan, markets, economy.region(region), {})
        base = selected(order, outlook, lay_out(outlook, 0), goal_place(plan)).base
        size += float(np.abs(base).sum())
    return size or 1.0
