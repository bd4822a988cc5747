"""Industries that leapt: which grew or shrank most since the base year, and why, in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.compare.amounts import amount_words
from planboard.compare.base import base_entries, formation_names
from planboard.economy import Array
from planboard.solution import Solution
from planboard.solution.accounts import balance_entries
from planboard.solution.values import RegionPlan

COLUMNS = ["region", "activity", "year", "ratio", "explanation"]
GROWING = ("pace of growth", "band of exports", "band of imports")
SHRINKING = ("pace of decline", "band of imports")
LIMIT_WORDS = {
    "pace of growth": "it grows as fast as the pace of growth allows",
    "pace of decline": "it shrinks as fast as the pace of decline allows",
    "band of exports": "its exports are at the end of their band",
    "band of imports": "imports of its product are at the end of their band",
}
DRIVER_WORDS = {
    "intermediate use": "use by industries",
    "investment": "use for investment",
    "imports": "imports of its product",
}
ROLE_WORDS = {"households": "household consumption", "government": "government consumption"}
LEAST_SHARE = 0.1  # Of the change: smaller drivers are not named.


@dataclass(frozen=True)
class Move:
    """An industry of a region, and its level in a year over that of the base year."""

    region: str
    activity: str
    year: int
    ratio: float

    @property
    def rises(self) -> bool:
        """Whether it is above its base-year level."""
        return self.ratio > 1


def industries_that_leapt(
    solution: Solution, *, above: float = 2.0, below: float = 0.5
) -> pd.DataFrame:
    """Region-industries that more than double or fall below half, each with its reason.

    Returns
    -------
    DataFrame
        region, activity, year, ratio, explanation: the reported year in which the industry is
        farthest from its base-year level, that level = 1; farthest first. Industries that made
        nothing in the base year are left out.
    """
    ratios = industry_ratios(solution)
    leapt = ratios[(ratios["ratio"] > above) | (ratios["ratio"] < below)]
    return explained(solution, _farthest(leapt))


def largest_moves(solution: Solution, count: int = 10, *, skip: int = 0) -> pd.DataFrame:
    """The industries that moved farthest, however little it is, each with its reason.

    skip : so many of the very farthest are left out
    """
    moves = _farthest(industry_ratios(solution))
    return explained(solution, moves.iloc[skip : skip + count])


def industry_ratios(solution: Solution) -> pd.DataFrame:
    """Level of every industry over its base-year level: region, activity, year, ratio."""
    levels = [
        (plan.outlook.region, activity, level)
        for plan in solution.regions
        for activity, level in zip(
            plan.outlook.activities, plan.outlook.accounts.level, strict=True
        )
        if level > 0
    ]
    base = pd.DataFrame(levels, columns=["region", "activity", "base"])
    found = solution.activity.merge(base, on=["region", "activity"])
    return found.assign(ratio=found["value"] / found["base"])[COLUMNS[:4]]


def _farthest(ratios: pd.DataFrame) -> pd.DataFrame:
    """The year in which each industry is farthest from its base, in proportion; farthest first."""
    distance = np.abs(np.log(ratios["ratio"].clip(lower=1e-9)))
    ranked = ratios.assign(distance=distance).sort_values(
        ["distance", "year"], ascending=[False, True], kind="stable"
    )
    return ranked.drop_duplicates(["region", "activity"]).drop(columns="distance")


def explained(solution: Solution, moves: pd.DataFrame) -> pd.DataFrame:
    """Moves (region, activity, year, ratio) with a sentence on what drives and what limits them."""
    found = [Move(str(r), str(a), int(y), float(x)) for r, a, y, x in moves[COLUMNS[:4]].to_numpy()]
    sentences = [sentence(solution, move) for move in found]
    return moves[COLUMNS[:4]].assign(explanation=sentences).reset_index(drop=True)


def sentence(solution: Solution, move: Move) -> str:
    """What moved, what drove it, and the limits on it that have a price."""
    plan = next(p for p in solution.regions if p.outlook.region == move.region)
    product = _main_product(plan, plan.outlook.activities.index(move.activity))
    label = solution.economy.label
    unit = next(p.unit for p in solution.economy.products if p.name == product)
    words = [
        f"{label(move.activity)} in {label(move.region)} {'rises' if move.rises else 'falls'} to "
        f"{move.ratio:.2f} times its base-year level in {move.year}"
    ]
    drivers = _drivers(demand_changes(solution, plan, product, move.year), move.rises)
    if drivers:
        roles = {category.name: category.role for category in solution.economy.categories}
        known = {name: ROLE_WORDS.get(role, label(name)) for name, role in roles.items()}
        told = [_driver_words({**known, **DRIVER_WORDS}, *driver, unit) for driver in drivers]
        words.append(f" with {' and '.join(told)}")
    for kind, years in _limits(solution, move, product).items():
        words.append(f"; {LIMIT_WORDS[kind]} ({year_words(years)})")
    whole = "".join(words)
    return f"{whole[:1].upper()}{whole[1:]}."


def _main_product(plan: RegionPlan, activity: int) -> str:
    """What an activity makes most of, in base-year value."""
    made = plan.outlook.output[:, activity, 0] * plan.outlook.price
    return plan.outlook.products[int(made.argmax())].name


def demand_changes(
    solution: Solution, plan: RegionPlan, product: str, year: int
) -> dict[str, float]:
    """By how much each use (or import) of a product pushed its output up since the base year.

        Δ output = Σ over uses of their change − change of imports

    Unit: product unit.
    """
    t = solution.plan.solved_years.index(year)
    i = solution.economy.product_names.index(product)
    entries = balance_entries(plan, *_gross(solution, plan.outlook.region))
    formation = dict.fromkeys(formation_names(solution.economy), "investment")
    now: dict[str, float] = {}
    for name, values in entries.items():
        called = formation.get(name, name)
        now[called] = now.get(called, 0.0) + float(values[i, t])
    then = {name: float(values[i]) for name, values in base_entries(plan.outlook).items()}
    names = dict.fromkeys([*now, *then])
    return {name: then.get(name, 0.0) - now.get(name, 0.0) for name in names if name != "output"}


def _gross(solution: Solution, region: str) -> tuple[Array, Array]:
    """Derived gross exports and imports of a region over the years solved, each (n, T)."""
    years = len(solution.plan.solved_years)
    flows = []
    for table in (solution.exports, solution.imports):
        mine = table[table["region"] == region]
        known = mine.pivot(index="product", columns="year", values="value")
        values = known.reindex(list(solution.economy.product_names)).to_numpy(dtype=float)
        flows.append(np.pad(values, ((0, 0), (0, years - values.shape[1]))))
    return flows[0], flows[1]


def _drivers(changes: dict[str, float], rises: bool) -> list[tuple[str, float]]:
    """The largest two changes that push the same way, if they are worth naming."""
    sign = 1.0 if rises else -1.0
    pushed = sorted(((sign * change, name) for name, change in changes.items()), reverse=True)
    total = sum(push for push, _ in pushed)
    named = [(name, push) for push, name in pushed[:2] if push > LEAST_SHARE * abs(total)]
    return [(name, sign * push) for name, push in named]


def _limits(solution: Solution, move: Move, product: str) -> dict[str, list[int]]:
    """Years in which a limit on the industry or its product has a price, by kind of limit."""
    own = solution.binding[solution.binding["region"] == move.region]
    first = own["name"].astype(str).str.split(", ").str[0]
    own = own[first.isin([move.activity, product])]
    found = {}
    for kind in GROWING if move.rises else SHRINKING:
        years = own.loc[own["kind"] == kind, "year"]
        if len(years):
            found[kind] = sorted({int(year) for year in years})
    return found


def _driver_words(known: Mapping[str, str], name: str, push: float, unit: str) -> str:
    """One driver; more imports, or more from stock, push output down."""
    change = -push if name in ("imports", "from stock") else push
    amount = amount_words(change, unit, "+")
    return f"{'higher' if change > 0 else 'lower'} {known.get(name, name)} ({amount})"


def year_words(years: list[int]) -> str:
    """Years as ranges: 2001-2003, 2005."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
