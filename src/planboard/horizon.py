"""How much the horizon moves a plan: the same plan, solved with another number of years beyond."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from planboard.engine import solve
from planboard.errors import PlanboardError
from planboard.solution import Solution

OTHER = 2  # Years beyond, where the plan itself has none.


@dataclass(frozen=True)
class HorizonEffect:
    """What another horizon does to the last plan year.

    largest : greatest change of a region's household consumption, as a share of it, with its region
    overall : change of household consumption of all regions together, as a share of it
    """

    years_beyond: int
    other_years_beyond: int
    year: int
    largest: float
    region: str
    overall: float


def horizon_effect(
    solution: Solution, *, progress: Callable[[str], None] = lambda step: None
) -> HorizonEffect | None:
    """Solve the plan with no years beyond (or with two, if it has none) and compare.

    None where there is no household consumption to compare, or the other plan has no answer.
    """
    beyond = solution.plan.horizon.years_beyond
    other = 0 if beyond else OTHER
    plan = solution.plan.with_changes(horizon=replace(solution.plan.horizon, years_beyond=other))
    before = _last_consumption(solution)
    if not any(before.values()):
        return None
    progress("seeing how much the horizon moves the plan")
    try:
        after = _last_consumption(solve(solution.economy, plan))
    except PlanboardError:
        return None
    change = {region: after[region] / now - 1 for region, now in before.items() if now > 0}
    region = max(change, key=lambda name: abs(change[name]))
    overall = sum(after.values()) / sum(before.values()) - 1
    return HorizonEffect(beyond, other, plan.years[-1], change[region], region, overall)


def _last_consumption(solution: Solution) -> dict[str, float]:
    """Household consumption of the last plan year by region."""
    households = [k.name for k in solution.economy.categories if k.role == "households"]
    used = solution.consumption
    used = used[(used["year"] == solution.plan.years[-1]) & used["category"].isin(households)]
    found = {region: 0.0 for region in solution.economy.region_names}
    for region, value in zip(used["region"], used["value"], strict=True):
        found[region] += value
    return found
