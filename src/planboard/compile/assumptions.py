"""Assumptions: numbers that an outlook takes for granted, and how a plan sets them otherwise.

A new kind of assumption is one line in `AXES`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from planboard.economy import Array
from planboard.errors import InvalidPlanError
from planboard.labels import positions, unknown_name
from planboard.plan import Assumption, Place, Plan, percent

# Every array has the year as its last axis.
AXES: dict[str, tuple[str, ...]] = {
    "endowment": ("factor",),
    "productivity": ("activity",),
    "factor_use": ("factor", "activity"),
    "factor_use_building": ("factor", "kind", "activity"),
    "input": ("product", "activity"),
    "output": ("product", "activity"),
    "utilisation": ("activity",),
    "depreciation": ("kind", "activity"),
    "capital_required": ("product", "kind", "activity"),
    "basket": ("product", "category"),
    "final_use": ("category",),
    "inventories": ("product",),
    "band": ("product",),
    "deficit": (),
    "decline": ("activity",),
    "growth": ("activity",),
}


def assumed(
    quantity: str,
    default: Array,
    plan: Plan,
    region: str,
    names: Mapping[str, Sequence[str]],
) -> Array:
    """The default, or a copy of it set otherwise by the plan's assumptions for this region."""
    values = default
    for n, assumption in enumerate(plan.assumption):
        if assumption.quantity != quantity or not concerns(assumption, region):
            continue
        where = plan.where(f"assumption.{n}", f"assumption '{assumption.id or quantity}'")
        at = np.ix_(*map(np.array, _selected(assumption, plan, names, where)))
        values = values.copy()
        values[at] = _set(assumption, values[at])
    return values


def _set(assumption: Assumption, default: Array) -> Array | float:
    if assumption.value is not None:
        return assumption.value
    if assumption.add is not None:
        return default + assumption.add
    assert assumption.change is not None
    return default * percent(assumption.change)


def concerns(assumption: Assumption, region: str) -> bool:
    """Whether an assumption is about this region."""
    return assumption.region is None or region in assumption.region


def check_assumptions(plan: Plan, regions: Sequence[str]) -> None:
    """Refuse unknown quantities, regions, and axes that a quantity does not have."""
    for n, assumption in enumerate(plan.assumption):
        where = plan.where(f"assumption.{n}", f"assumption '{assumption.id or n + 1}'")
        if assumption.quantity not in AXES:
            raise unknown_name(
                "assumption on", assumption.quantity, list(AXES), where.at("quantity")
            )
        positions("region", assumption.region or (), regions, where.at("region"))
        for axis in ("product", "activity", "factor", "category", "kind", "market"):
            if assumption.selection(axis) and axis not in AXES[assumption.quantity]:
                raise InvalidPlanError(
                    f"An assumption on '{assumption.quantity}' has no {axis} ({where.at(axis)}).",
                    [f"it has: region, {', '.join((*AXES[assumption.quantity], 'year'))}"],
                    f"Leave '{axis}' out.",
                )


def _selected(
    assumption: Assumption, plan: Plan, names: Mapping[str, Sequence[str]], where: Place
) -> list[list[int]]:
    chosen = []
    for axis in AXES[assumption.quantity]:
        known = names[axis]
        chosen.append(positions(axis, assumption.selection(axis) or known, known, where.at(axis)))
    years = plan.solved_years
    wanted = assumption.selected_years or years
    outside = [year for year in wanted if year not in years]
    if outside:
        raise InvalidPlanError(
            f"An assumption speaks of years that the plan does not cover ({where}).",
            [f"year {year}; the plan runs from {years[0]} to {years[-1]}" for year in outside],
            "Change the year of the assumption, or the years of the plan.",
        )
    chosen.append([years.index(year) for year in wanted])
    return chosen
