"""Plans side by side: levels, growth and difference by region and industry, and what it is worth.

All amounts are at base-year prices. Plans are compared over the regions, industries and years that
all of them have; the first plan is the one that the others are held against.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from planboard.economy import Array
from planboard.errors import InvalidPlanError
from planboard.solution import Solution
from planboard.solution.cost_prices import LABOUR
from planboard.solution.values import RegionPlan

MEASURES = {
    "GDP by production": "GDP",
    "households": "household consumption",
    "investment": "investment",
    "exports": "exports",
    "imports": "imports",
    "hours": "hours",
}
ALL = "all"  # The region that stands for all regions together.


@dataclass(frozen=True, eq=False)
class PlanComparison:
    """Plans held against the first of them.

    names : the plans, each with a name of its own
    industries : region, activity, plan, growth, difference, share, year, value, unit
    regions : region, measure, plan, growth, difference, share, year, value, unit
        growth: average rate per year since the base year; difference: from the first plan, in the
        unit and as a share of the first plan's amount
    ranked : the same as industries, in the last common year, largest difference first
    decomposition : region, plan, part, year, value, unit: log output over the first plan's, by
        hours, capital and productivity; parts sum to the total
    welfare : region, plan, value, unit: the equal percentage of base-year consumption in every
        year that is worth as much as having the plan instead of the first
    """

    names: tuple[str, ...]
    industries: pd.DataFrame
    regions: pd.DataFrame
    ranked: pd.DataFrame
    decomposition: pd.DataFrame
    welfare: pd.DataFrame


def compare_results(solutions: Sequence[Solution]) -> PlanComparison:
    """Hold any number of plans against the first.

    Raises
    ------
    InvalidPlanError
        There is nothing to compare: no common years, or other base years, units or currencies.
    """
    check_comparable(solutions)
    names = own_names([solution.plan.name for solution in solutions])
    pairs = list(zip(names, solutions, strict=True))
    industries = _against_first(pd.concat([_industries(n, s) for n, s in pairs]), "activity", names)
    regions = _against_first(pd.concat([_regions(n, s) for n, s in pairs]), "measure", names)
    last = industries["year"].max()
    others = industries[(industries["year"] == last) & (industries["plan"] != names[0])]
    ranked = others.sort_values("difference", key=abs, ascending=False).reset_index(drop=True)
    parts = [_decomposed(n, solutions[0], s) for n, s in pairs[1:]]
    worth = [_welfare(n, solutions[0], s) for n, s in pairs[1:]]
    columns = ["region", "plan", "part", "year", "value", "unit"]
    return PlanComparison(
        names,
        industries,
        regions,
        ranked,
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns),
        pd.concat(worth, ignore_index=True)
        if worth
        else pd.DataFrame(columns=["region", "plan", "value", "unit"]),
    )


def check_comparable(solutions: Sequence[Solution]) -> None:
    """Refuse plans whose amounts cannot be held against each other."""
    first = solutions[0]
    for other in solutions[1:]:
        for name in ("base_year", "unit", "currency", "price_basis"):
            mine, yours = getattr(first.economy, name), getattr(other.economy, name)
            if mine != yours:
                raise InvalidPlanError(
                    f"'{first.plan.name}' and '{other.plan.name}' cannot be compared.",
                    [f"{name.replace('_', ' ')}: {mine} and {yours}"],
                    "Compare plans of economies in the same unit and base year.",
                )
    if not common_years(solutions):
        raise InvalidPlanError(
            "These plans have no year in common.",
            [f"'{s.plan.name}': {s.plan.years[0]} to {s.plan.years[-1]}" for s in solutions],
            "Compare plans that overlap.",
        )


def common_years(solutions: Sequence[Solution]) -> list[int]:
    """The years that all plans have."""
    shared = set(solutions[0].plan.years).intersection(*(s.plan.years for s in solutions))
    return sorted(shared)


def own_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each made its own by a number where it is not."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(made)


def _industries(name: str, solution: Solution) -> pd.DataFrame:
    """Gross output at base-year prices by region and activity, with its base-year amount."""
    frames = []
    for plan in solution.regions:
        o = plan.outlook
        worth = np.einsum("ijt,i->jt", o.output, o.price) * plan.activity
        base = (o.accounts.output.toarray() * o.price[:, None]).sum(axis=0) * o.accounts.level
        years = solution.plan.years
        frames.append(
            pd.DataFrame(
                {
                    "region": o.region,
                    "activity": np.repeat(o.activities, len(years)),
                    "year": np.tile(years, len(o.activities)),
                    "value": worth[:, : len(years)].ravel(),
                    "base": np.repeat(base, len(years)),
                }
            )
        )
    found = pd.concat(frames, ignore_index=True)
    since = found["year"] - solution.economy.base_year
    return found.assign(plan=name, since=since, unit=solution.economy.unit)


def _regions(name: str, solution: Solution) -> pd.DataFrame:
    """The main accounts by region; growth is counted from the first plan year."""
    accounts = solution.accounts.assign(measure=solution.accounts["account"].map(MEASURES))
    found = accounts[accounts["measure"].notna()].drop(columns="account")
    keys = ["region", "measure"]
    first = found[found["year"] == solution.plan.years[0]].set_index(keys)["value"]
    base = first.rename("base").reset_index()
    found = found.merge(base, on=keys, validate="m:1")
    return found.assign(plan=name, since=found["year"] - solution.plan.years[0])


def _against_first(amounts: pd.DataFrame, axis: str, names: Sequence[str]) -> pd.DataFrame:
    """Growth, and difference from the first plan; only what all plans have is kept."""
    keys = ["region", axis, "year"]
    everywhere = amounts.groupby(keys)["plan"].transform("nunique") == len(names)
    kept = amounts[everywhere].copy()
    first = kept[kept["plan"] == names[0]].set_index(keys)["value"].rename("first").reset_index()
    kept = kept.merge(first, on=keys, validate="m:1")
    ratio = kept["value"] / kept["base"].where(kept["base"] > 0)
    kept["growth"] = ratio ** (1 / kept["since"].where(kept["since"] > 0)) - 1
    kept["difference"] = kept["value"] - kept["first"]
    kept["share"] = kept["difference"] / kept["first"].where(kept["first"] != 0)
    order = ["region", axis, "plan", "growth", "difference", "share", "year", "value", "unit"]
    return kept[order].reset_index(drop=True)


def _decomposed(name: str, first: Solution, other: Solution) -> pd.DataFrame:
    """Growth accounting of the other plan's output over the first's, by region and year.

        ln(Y / Y°) = α ln(H / H°) + (1 − α) ln(K / K°) + productivity

    ° the first plan; letters as in `compare.actual.decomposed`; capital is weighted by what a unit
    of capacity costs. Regions without hours, capital or incomes are left out.
    """
    mine = {plan.outlook.region: plan for plan in first.regions}
    records = []
    for plan in other.regions:
        region = plan.outlook.region
        share = labour_share(plan)
        if region not in mine or share is None:
            continue
        for year in common_years([first, other]):
            then = _inputs(mine[region], first.plan.years.index(year))
            now = _inputs(plan, other.plan.years.index(year))
            if min(*then, *now) <= 0:
                continue
            total, hours, capital = np.log(np.array(now) / np.array(then))
            parts = {"hours": share * hours, "capital": (1 - share) * capital}
            parts["productivity"] = total - sum(parts.values())
            parts["total"] = total
            records += [(region, name, part, year, value) for part, value in parts.items()]
    frame = pd.DataFrame(records, columns=["region", "plan", "part", "year", "value"])
    return frame.assign(unit="log points")


def labour_share(plan: RegionPlan) -> float | None:
    """Labour's share of the base-year income of labour and capital, if the accounts know it."""
    a = plan.outlook.accounts
    if not {LABOUR, "capital"} <= set(a.value_added):
        return None
    labour, capital = (float(a.value_added[item] @ a.level) for item in (LABOUR, "capital"))
    return labour / (labour + capital) if min(labour, capital) > 0 else None


def _inputs(plan: RegionPlan, t: int) -> tuple[float, float, float]:
    """Gross output, hours, and capital at what its capacity costs to build, in one year."""
    o = plan.outlook
    output = float((np.einsum("ijt,i->jt", o.output, o.price) * plan.activity)[:, t].sum())
    labour = [k for k, factor in enumerate(o.factors) if factor.role == "labour"]
    hours = float(plan.factor_use()[labour, t].sum())
    cost = np.einsum("ihj,i->hj", o.capital_required[..., 0], o.price)
    held = float(np.einsum("hj,hj->", np.where(o.is_limited, cost, 0.0), plan.capacity[..., t]))
    return output, hours, held


def _welfare(name: str, first: Solution, other: Solution) -> pd.DataFrame:
    """What the other plan is worth over the first, by region and for all, in per cent.

    x with Σ_t β^t log(f°_t + x) = Σ_t β^t log(f_t): the equal share of base-year consumption that,
    added to the first plan in every year, is worth as much as the other plan.
    """
    years = common_years([first, other])
    before, after = (consumption_levels(s, years) for s in (first, other))
    weight = (1 + first.plan.objective.discount) ** -np.arange(1.0, len(years) + 1)
    base = {region: spent for region, (spent, _) in before.items() if region in after}
    records = [
        (region, equal_share(before[region][1][None], after[region][1][None], weight[None]))
        for region in base
    ]
    if base:
        shares = np.array(list(base.values())) / sum(base.values())
        old, new = (np.array([levels[r][1] for r in base]) for levels in (before, after))
        records.append((ALL, equal_share(old, new, shares[:, None] * weight)))
    frame = pd.DataFrame(records, columns=["region", "value"])
    frame.insert(1, "plan", name)
    return frame.assign(unit="share of base-year consumption, every year")


def consumption_levels(solution: Solution, years: Sequence[int]) -> dict[str, tuple[float, Array]]:
    """Base-year household consumption, and consumption over it in each year, by region."""
    found = {}
    for plan in solution.regions:
        o = plan.outlook
        base = float((o.price @ o.accounts.final_use[:, o.households()]).sum())
        if base > 0:
            use = np.einsum("cit,i->t", plan.final_use()[o.households()], o.price)
            places = [solution.plan.years.index(year) for year in years]
            found[o.region] = (base, use[places] / base)
    return found


def equal_share(before: Array, after: Array, weight: Array) -> float:
    """x with Σ weight log(before + x) = Σ weight log(after); all of shape (regions, years)."""
    wanted = float((weight * np.log(after)).sum())

    def short(x: float) -> float:
        return float((weight * np.log(before + x)).sum()) - wanted

    least = -float(before.min()) * (1 - 1e-9)
    most = float((after - before).max()) + 1e-6
    return float(brentq(short, max(least, float((after - before).min()) - 1e-6), most, xtol=1e-12))
