"""Units that are added up must be alike."""

import numpy as np

from planboard.audit.finding import Finding, listed
from planboard.economy import Array, Economy


def mixed_units(economy: Economy) -> list[Finding]:
    """Products in units of their own without a price, where money adds them up."""
    is_valued = _valued(economy)
    wrong = [
        product
        for product, valued in zip(economy.products, is_valued, strict=True)
        if product.unit != economy.unit and product.price == 1.0 and valued
    ]
    if not wrong or len({product.unit for product in economy.products}) == 1:
        return []
    names = [f"{product.name} ({product.unit})" for product in wrong]
    return [
        Finding(
            "mixed_units",
            "warning",
            "",
            wrong[0].name if len(wrong) == 1 else "",
            len(wrong) / len(economy.products),
            f"Trade, value added and consumption are added up in {economy.unit}, but these are "
            f"counted otherwise and have no price: {listed(names)}.",
            "Give each a price in economy.json: money per unit, in the base year.",
        )
    ]


def _valued(economy: Economy) -> Array:
    """Whether trade, households or value added put a product beside others, shape (n,)."""
    households = economy.with_role("households")
    valued = np.zeros(len(economy.products), dtype=bool)
    for a in economy.regions:
        valued |= a.exports.any(axis=1) | a.imports.any(axis=1)
        valued |= a.final_use[:, households].any(axis=1) | bool(a.value_added)
    return valued


def mixed_hours(economy: Economy) -> list[Finding]:
    """Kinds of labour in different units: they are added up as hours."""
    units = {factor.unit: factor.name for factor in economy.factors if factor.role == "labour"}
    if len(units) < 2:
        return []
    shown = [f"{name} ({unit})" for unit, name in units.items()]
    return [
        Finding(
            "mixed_hours",
            "warning",
            "",
            "",
            1.0,
            f"Kinds of labour are counted in different units: {listed(shown)}.",
            "Count all of them in one unit, such as million hours.",
        )
    ]
