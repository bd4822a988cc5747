"""What an order speaks of: its regions, and where it stands in the plan file."""

from planboard.economy import Economy
from planboard.labels import positions, unknown_name
from planboard.plan import Order, Place, Plan

EACH = ["region", "product", "activity", "factor", "category", "kind", "market"]


def order_place(plan: Plan, n: int, order: Order) -> Place:
    """Where an order stands, for the errors: file and line, or its id."""
    return plan.where(f"order.{n}", f"order '{order.id}'")


def order_regions(economy: Economy, plan: Plan, n: int, order: Order) -> tuple[str, ...]:
    """The regions that an order speaks of, each known to the economy."""
    where = order_place(plan, n, order)
    positions("region", order.region or (), economy.region_names, where.at("region"))
    unknown = [axis for axis in order.each or () if axis not in EACH]
    if unknown:
        raise unknown_name("axis of 'each'", unknown[0], EACH, where.at("each"))
    return order.region or economy.region_names
