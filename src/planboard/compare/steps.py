"""Why two plans differ: the second's sections put into the first, one after the other.

Each step takes one section more from the second plan and solves again, so the steps add up to the
whole difference exactly. What a step brings depends on those before it; their order is stated.
"""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pandas as pd
from scipy import sparse

from planboard.compare.accounting import output_at_base_prices
from planboard.compare.plans import check_comparable
from planboard.compare.welfare import ALL, worth_over
from planboard.economy import Economy
from planboard.engine import solve
from planboard.errors import InvalidPlanError, PlanboardError
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
        output : log of output in the last year, over that of the step before
        welfare : equal share of base-year consumption in every year: what the plans up to this step
        are worth over the first, less what those up to the step before are
        Both add up to the whole difference. Steps that change nothing are left out; one that cannot
        be carried out counts with the next, and is told by a missing number.

    Raises
    ------
    InvalidPlanError
        The plans are not of one economy, or of other years.
    """
    check_one_economy(first, second)
    plan, reached, frames = first.plan, _reached(first, first), []
    changed = [step for step in STEPS if _taken(plan, second.plan, step) != plan]
    for step in changed:
        progress(f"solving with the {step} of '{second.plan.name}'")
        plan = _taken(plan, second.plan, step)
        after = second if step == changed[-1] else _solved(first.economy, plan)
        if after is None:
            frames.append(pd.DataFrame([(step, ALL, np.nan, np.nan)], columns=COLUMNS))
            continue
        now = _reached(first, after)
        change = (now - reached).reindex(now.index).rename_axis("region").reset_index()
        frames.append(change.assign(step=step)[COLUMNS])
        reached = now
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def check_one_economy(first: Solution, second: Solution) -> None:
    """Refuse plans of other accounts or years: their sections cannot change places."""
    check_comparable([first, second])
    if first.plan.years != second.plan.years:
        unlike = [
            f"'{s.plan.name}': {s.plan.years[0]} to {s.plan.years[-1]}" for s in (first, second)
        ]
    elif not same_accounts(first.economy, second.economy):
        unlike = [
            f"'{s.plan.name}': {s.economy.title}, {', '.join(s.economy.region_names)}"
            for s in (first, second)
        ]
    else:
        return
    raise InvalidPlanError(
        "Only plans of one economy and the same years can be explained step by step.",
        unlike,
        "Solve both for the same accounts, regions and years.",
    )


def same_accounts(first: Economy, second: Economy) -> bool:
    """Whether two economies have the same regions with the same books."""
    axes = ("region_names", "products", "factors", "categories", "kinds", "partners", "coverage")
    if any(getattr(first, axis) != getattr(second, axis) for axis in axes):
        return False
    books = zip(first.regions, second.regions, strict=True)
    return all(_same(mine, yours) for mine, yours in books)


def _same(first: object, second: object) -> bool:
    """Whether two books, or parts of them, hold the same; arrays number by number."""
    if isinstance(first, sparse.csr_array) and isinstance(second, sparse.csr_array):
        return first.shape == second.shape and not abs(first - second).sum()
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return np.array_equal(first, second)
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(_same(first[k], second[k]) for k in first)
    if hasattr(first, "__dataclass_fields__"):
        names = [field.name for field in fields(first)]  # type: ignore[arg-type]
        return all(_same(getattr(first, name), getattr(second, name)) for name in names)
    return first == second


def _solved(economy: Economy, plan: Plan) -> Solution | None:
    """The plan of a step; None where some of the two plans cannot be carried out together."""
    try:
        return solve(economy, plan)
    except PlanboardError:
        return None


def _taken(plan: Plan, other: Plan, step: str) -> Plan:
    """A plan with one step's fields from another."""
    for name in STEPS[step]:
        section, _, key = name.partition(".")
        value = getattr(other, section)
        if key:
            value = replace(getattr(plan, section), **{key: getattr(value, key)})
        plan = plan.with_changes(**{section: value})
    return plan


def _reached(first: Solution, after: Solution) -> pd.DataFrame:
    """Log of output in the last year, and what the plan is worth over the first, by region."""
    made = {
        plan.outlook.region: float(output_at_base_prices(plan)[:, len(after.plan.years) - 1].sum())
        for plan in after.regions
    }
    made[ALL] = sum(made.values())
    output = pd.Series({region: np.log(value) for region, value in made.items() if value > 0})
    worth = worth_over(first, after).set_index("region")["value"].astype(float)
    return pd.DataFrame({"output": output, "welfare": worth.reindex(output.index)})
