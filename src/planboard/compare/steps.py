"""Why two plans differ: the second's sections put into the first, one after the other.

Each step takes one section more from the second plan and solves again, so the steps add up to the
whole difference exactly. What a step brings depends on those before it; their order is stated.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from planboard.compare.plans import ALL, check_comparable, common_years, compare_results
from planboard.engine import solve
from planboard.errors import InfeasiblePlanError, InvalidPlanError
from planboard.plan import Plan
from planboard.solution import Solution

# What a step is called, and the fields of a plan that it takes over, in the order of the steps.
STEPS: dict[str, tuple[str, ...]] = {
    "hours": ("growth.labour",),
    "productivity": ("growth.productivity",),
    "capital": ("building.allowed", "horizon"),
    "government": ("growth.government", "inventories"),
    "pace": ("pace",),
    "trade": ("trade", "market", "line", "embargo"),
    "assumptions": ("assumption", "consumption"),
    "orders": ("order", "wish"),
    "objective": ("objective",),
}
COLUMNS = ["step", "region", "output", "welfare"]


def explain_difference(
    first: Solution, second: Solution, *, progress: Callable[[str], None] = lambda step: None
) -> pd.DataFrame:
    """How much of the difference between two plans of one economy each section makes.

    Returns
    -------
    DataFrame with columns step, region, output, welfare
        output : log of output in the last common year, over that of the step before
        welfare : equal share of base-year consumption in every year, over the step before
        Steps that change nothing are left out; one that cannot be carried out counts with the
        next, and is told by a missing number.

    Raises
    ------
    InvalidPlanError
        The plans are not of one economy, or of other years.
    """
    check_comparable([first, second])
    if first.economy.region_names != second.economy.region_names or (
        first.plan.years != second.plan.years
    ):
        raise InvalidPlanError(
            "Only plans of one economy and the same years can be explained step by step.",
            [f"'{s.plan.name}': {s.plan.years[0]} to {s.plan.years[-1]}" for s in (first, second)],
            "Solve both for the same regions and years.",
        )
    plan, before, frames = first.plan, first, []
    changed = [step for step in STEPS if _taken(plan, second.plan, step) != plan]
    for step in changed:
        progress(f"solving with the {step} of '{second.plan.name}'")
        plan = _taken(plan, second.plan, step)
        try:
            after = second if step == changed[-1] else solve(first.economy, plan)
        except InfeasiblePlanError:
            missing = dict.fromkeys(["output", "welfare"], np.nan)
            frames.append(pd.DataFrame([{"step": step, "region": ALL, **missing}]))
            continue
        frames.append(_step(step, before, after))
        before = after
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def _taken(plan: Plan, other: Plan, step: str) -> Plan:
    """A plan with one step's fields from another."""
    for name in STEPS[step]:
        section, _, key = name.partition(".")
        value = getattr(other, section)
        if key:
            value = replace(getattr(plan, section), **{key: getattr(value, key)})
        plan = plan.with_changes(**{section: value})
    return plan


def _step(step: str, before: Solution, after: Solution) -> pd.DataFrame:
    """What one step changes, by region and for all."""
    welfare = compare_results([before, after]).welfare.set_index("region")["value"]
    then, now = _last_output(before), _last_output(after)
    records = [
        (
            step,
            region,
            float(np.log(now[region] / then[region])),
            float(welfare.get(region, np.nan)),
        )
        for region in [*before.economy.region_names, ALL]
        if min(now[region], then[region]) > 0
    ]
    return pd.DataFrame(records, columns=COLUMNS)


def _last_output(solution: Solution) -> dict[str, float]:
    """Gross output at base-year prices in the last year, by region and for all."""
    t = len(common_years([solution])) - 1
    found = {}
    for plan in solution.regions:
        o = plan.outlook
        worth = np.einsum("ijt,i->jt", o.output, o.price) * plan.activity
        found[o.region] = float(worth[:, t].sum())
    return {**found, ALL: sum(found.values())}
