"""Plans side by side: levels, growth and difference by region and industry, and what it is worth.

All amounts are at base-year prices. Plans are compared over the regions, industries and years that
all of them have; the first plan is the one that the others are held against.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from planboard.compare.accounting import (
    base_output,
    capital_at_cost,
    decomposed,
    hours_worked,
    labour_shares,
    output_at_base_prices,
)
from planboard.compare.base import since_base
from planboard.compare.welfare import worth_over
from planboard.economy import Economy
from planboard.errors import InvalidPlanError
from planboard.solution import Solution
from planboard.solution.values import table

MEASURES = {
    "GDP by production": "GDP",
    "investment": "investment",
    "exports": "exports",
    "imports": "imports",
    "hours": "hours",
}
CONSUMPTION = "household consumption"
ORDERED = ("GDP", CONSUMPTION, "investment", "exports", "imports", "hours")
PARTS = ["region", "plan", "part", "year", "value", "unit"]
WORTH = ["region", "plan", "value", "unit"]


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
    welfare : region, plan, value, unit: the equal share of base-year consumption in every year that
        is worth as much as having the plan instead of the first
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
        There is nothing to compare: no common region or year, or other base years, units or
        currencies.
    """
    check_comparable(solutions)
    names = own_names([solution.plan.name for solution in solutions])
    pairs = list(zip(names, solutions, strict=True))
    industries = _against_first(pd.concat([_industries(n, s) for n, s in pairs]), "activity", names)
    regions = _against_first(pd.concat([_regions(n, s) for n, s in pairs]), "measure", names)
    last = industries["year"].max()
    others = industries[(industries["year"] == last) & (industries["plan"] != names[0])]
    ranked = others.sort_values("difference", key=abs, ascending=False).reset_index(drop=True)
    first, rest = solutions[0], pairs[1:]
    parts = [decomposed_plans(first, s).assign(plan=n) for n, s in rest]
    worth = [worth_over(first, s).assign(plan=n) for n, s in rest]
    return PlanComparison(
        names, industries, regions, ranked, _stacked(parts, PARTS), _stacked(worth, WORTH)
    )


def _stacked(frames: Iterable[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=columns)
    return pd.concat(filled, ignore_index=True)[columns]


def check_comparable(solutions: Sequence[Solution]) -> None:
    """Refuse plans whose amounts cannot be held against each other."""
    if not solutions:
        raise InvalidPlanError("There is no plan to compare.", [], "Name at least one.")
    first = solutions[0]
    for other in solutions[1:]:
        units = zip(_units(first.economy).items(), _units(other.economy).values(), strict=True)
        unlike = [f"{name}: {mine} and {yours}" for (name, mine), yours in units if mine != yours]
        if unlike:
            raise InvalidPlanError(
                f"'{first.plan.name}' and '{other.plan.name}' cannot be compared.",
                unlike,
                "Compare plans of economies in the same unit and base year.",
            )
    for what, shared, own in (
        ("region", common_regions(solutions), [s.economy.region_names for s in solutions]),
        ("year", common_years(solutions), [s.plan.years for s in solutions]),
    ):
        if not shared:
            listed = [
                f"'{s.plan.name}': {', '.join(map(str, mine))}"
                for s, mine in zip(solutions, own, strict=True)
            ]
            raise InvalidPlanError(
                f"These plans have no {what} in common.", listed, "Compare plans that overlap."
            )


def _units(economy: Economy) -> dict[str, object]:
    """What the amounts of an economy are counted in."""
    hours = dict.fromkeys(factor.unit for factor in economy.factors if factor.role == "labour")
    return {
        "base year": economy.base_year,
        "unit": economy.unit,
        "currency": economy.currency,
        "price basis": economy.price_basis,
        "unit of hours": ", ".join(hours) or "none",
    }


def common_years(solutions: Sequence[Solution]) -> list[int]:
    """The years that all plans have."""
    shared = set(solutions[0].plan.years).intersection(*(s.plan.years for s in solutions))
    return sorted(shared)


def common_regions(solutions: Sequence[Solution]) -> list[str]:
    """The regions that all plans have, in the order of the first."""
    known = [set(solution.economy.region_names) for solution in solutions]
    return [name for name in solutions[0].economy.region_names if all(name in k for k in known)]


def own_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each made its own by a number where it is not."""
    made: list[str] = []
    for name in names:
        own, number = name, 1
        while own in made:
            number += 1
            own = f"{name} ({number})"
        made.append(own)
    return tuple(made)


def _industries(name: str, solution: Solution) -> pd.DataFrame:
    """Gross output at base-year prices by region and activity, with its base-year amount."""
    frames = []
    for plan in solution.regions:
        o = plan.outlook
        years, unit = solution.plan.years, solution.economy.unit
        frame = table({"activity": o.activities}, years, output_at_base_prices(plan), unit)
        base = dict(zip(o.activities, base_output(o), strict=True))
        frames.append(frame.assign(region=o.region, base=frame["activity"].map(base)))
    found = pd.concat(frames, ignore_index=True)
    return found.assign(plan=name, since=found["year"] - solution.economy.base_year)


def _regions(name: str, solution: Solution) -> pd.DataFrame:
    """The main accounts by region and year, with their base-year amounts."""
    economy = solution.economy
    households = [economy.categories[c].name for c in economy.with_role("households")]
    measures = {**MEASURES, **dict.fromkeys(households, CONSUMPTION)}
    accounts = since_base(solution)
    accounts = accounts.assign(measure=accounts["account"].map(measures)).dropna(subset="measure")
    keys = ["region", "measure", "year", "unit"]
    sums = accounts.groupby(keys, sort=False)["value"].sum().reset_index()
    base = sums[sums["year"] == economy.base_year].rename(columns={"value": "base"})
    found = sums[sums["year"] != economy.base_year]
    found = found.merge(base[["region", "measure", "base"]], on=keys[:2], validate="m:1")
    return found.assign(plan=name, since=found["year"] - economy.base_year)


def measures_of(comparison: PlanComparison) -> list[str]:
    """The measures that are compared, the product first."""
    known = set(comparison.regions["measure"])
    return [measure for measure in ORDERED if measure in known]


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


def decomposed_plans(first: Solution, other: Solution) -> pd.DataFrame:
    """Growth accounting of the other plan's output over the first's, by region and year.

    As `accounting.decomposed`, with the first plan in the place of what happened: capital at what
    its capacity costs in the base year, labour's share that of the first plan's accounts. Regions
    without hours, capital or incomes are left out.
    """
    years = common_years([first, other])
    keys = ["region", "measure", "name", "year"]
    mine = _accounted(other, years).rename(columns={"value": "plan"})
    yours = _accounted(first, years).rename(columns={"value": "actual"})
    return decomposed(mine.merge(yours, on=keys, validate="1:1"), labour_shares(first))


def _accounted(solution: Solution, years: Sequence[int]) -> pd.DataFrame:
    """Output, hours and capital by region, activity and year."""
    frames = []
    for plan in solution.regions:
        measures = {
            "output": output_at_base_prices(plan),
            "hours": hours_worked(plan),
            "capital": capital_at_cost(plan),
        }
        for measure, values in measures.items():
            frame = table({"name": plan.outlook.activities}, solution.plan.years, values, "")
            frames.append(frame.assign(region=plan.outlook.region, measure=measure))
    found = pd.concat(frames, ignore_index=True).drop(columns="unit")
    return found[found["year"].isin(years)]
