"""What an order or a wish speaks of: its regions, and where it stands in the plan file."""

from dataclasses import dataclass

from planboard.economy import Economy
from planboard.errors import InvalidPlanError
from planboard.labels import positions, unknown_name
from planboard.plan import Order, Place, Plan

EACH = ["region", "product", "activity", "factor", "category", "kind", "market"]
DEVIATION = "deviation"


@dataclass(frozen=True)
class Scope:
    """An order or wish with its regions, each known to the economy, and its place."""

    order: Order
    regions: tuple[str, ...]
    where: Place


def order_scopes(economy: Economy, plan: Plan) -> list[Scope]:
    """Every order of a plan."""
    return [
        scope_of(economy, order, plan.where(f"order.{n}", f"order '{order.id}'"))
        for n, order in enumerate(plan.order)
    ]


def wish_scopes(economy: Economy, plan: Plan) -> list[Scope]:
    """Every wish of a plan; they count only where the plan minimises deviation from them."""
    is_wanted = plan.objective.minimise == DEVIATION
    if bool(plan.wish) != is_wanted:
        raise InvalidPlanError(
            f"Plan '{plan.name}' "
            + ("minimises deviation but wishes nothing." if is_wanted else "wishes in vain."),
            [f"wish '{wish.id}'" for wish in plan.wish],
            'Wishes go with [objective] minimise = "deviation"; without it, give orders.',
        )
    return [
        scope_of(economy, wish, plan.where(f"wish.{n}", f"wish '{wish.id}'"))
        for n, wish in enumerate(plan.wish)
    ]


def scope_of(economy: Economy, order: Order, where: Place) -> Scope:
    """The regions that an order speaks of; a name that does not exist is an error."""
    positions("region", order.region or (), economy.region_names, where.at("region"))
    unknown = [axis for axis in order.each or () if axis not in EACH]
    if unknown:
        raise unknown_name("axis of 'each'", unknown[0], EACH, where.at("each"))
    return Scope(order, order.region or economy.region_names, where)
