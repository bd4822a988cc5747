"""What holds a plan back, in sentences: the bottlenecks, worst first, and what more would bring."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planboard.economy import Economy
from planboard.engine import solve
from planboard.plan import Plan
from planboard.solution import Solution
from planboard.solution.prices import has_numeraire

MOST = 12  # Bottlenecks told unless asked for more.

SENTENCES = {
    "capacity": "{region}: the capacity of {name} is fully used {years}.",
    "factor": "{region}: the endowment of {name} is fully used {years}.",
    "external balance": "{region}: imports as much as its external balance allows {years}.",
    "pace of decline": "{region}: {name} shrinks as fast as the plan allows {years}.",
    "pace of growth": "{region}: {name} grows as fast as the plan allows {years}.",
    "provision for later years": "{region}: {name} must build for the years after {years}.",
    "stock at the end": "{region}: stocks of {name} are kept for the years after the plan.",
    "consumption may not fall": "{region}: {name} is kept from falling {years}.",
    "band of exports": "{region}: exports of {name} are at the end of their band {years}.",
    "band of imports": "{region}: imports of {name} are at the end of their band {years}.",
    "final use asked": "{region}: {name} gets what is asked at least, and no more, {years}.",
    "order": "Order '{name}' holds the plan back {years}.",
}
GAINS = {
    "capacity": "One more {unit} of yearly capacity",
    "factor": "One more {unit}",
    "external balance": "One more {unit} of deficit allowed",
    "pace of decline": "Letting it shrink by one more {unit}",
    "pace of growth": "Letting it grow by one more {unit}",
    "provision for later years": "Asking for one {unit} less",
    "stock at the end": "Asking for one {unit} less",
    "consumption may not fall": "Asking for a hundredth of the base-year basket less",
    "band of exports": "One more {unit} of exports allowed",
    "band of imports": "One more {unit} of imports allowed",
    "final use asked": "Asking for a hundredth of the base-year basket less",
    "order": "Easing it by one unit",
}
BASKETS = ("consumption may not fall", "final use asked")
ASKED = (*BASKETS, "provision for later years", "stock at the end")


@dataclass(frozen=True)
class Bottleneck:
    """One limit over the years it binds: what it is, what it weighs, and a sentence for it.

    total : worth of all that it limits, summed over its years, in prices of each year
    worth : what one more unit is worth in its dearest year, `year`
    """

    kind: str
    region: str
    name: str
    years: tuple[int, ...]
    year: int
    total: float
    worth: float
    sentence: str


def explain_result(solution: Solution, *, most: int = MOST) -> list[Bottleneck]:
    """The bottlenecks of a plan, worst first: scarce means, limits of trade and pace, and orders.

    Ranked by what all that they limit is worth, in prices of each year, summed over the years in
    which they bind. What the plan asks at least is told by `explain_asked`.
    """
    return _told(solution, [kind for kind in SENTENCES if kind not in ASKED], most)


def explain_asked(solution: Solution, *, most: int = MOST) -> list[Bottleneck]:
    """What the plan asks at least and would rather not give, dearest first."""
    return _told(solution, ASKED, most)


def explain_orders(solution: Solution, *, most: int = MOST) -> list[Bottleneck]:
    """Orders that have a price, dearest first; they stand among `explain_result` too."""
    return _told(solution, ["order"], most)


def _told(solution: Solution, kinds: Sequence[str], most: int) -> list[Bottleneck]:
    found = solution.binding
    found = found[(found["total"] > 0) & found["kind"].isin(kinds)]
    groups = found.groupby(["kind", "region", "name"], sort=False, observed=True)
    worst = groups["total"].sum().sort_values(ascending=False, kind="stable").head(most)
    return [
        _bottleneck(solution, str(key[0]), str(key[1]), str(key[2]), groups.get_group(key))
        for key in worst.index
    ]


def explain_plan(economy: Economy, plan: Plan, *, most: int = MOST) -> list[Bottleneck]:
    """Solve a plan and tell what binds.

    Raises
    ------
    InfeasiblePlanError
        It cannot be carried out; the error names the orders that the proof rests on.
    """
    return explain_result(solve(economy, plan), most=most)


def bottleneck_table(bottlenecks: Sequence[Bottleneck]) -> pd.DataFrame:
    """Bottlenecks as a table: kind, region, name, years, total, year, worth, sentence."""
    fields = list(Bottleneck.__dataclass_fields__)
    rows = [[getattr(bottleneck, name) for name in fields] for bottleneck in bottlenecks]
    return pd.DataFrame(rows, columns=fields)


def _bottleneck(
    solution: Solution, kind: str, region: str, name: str, rows: pd.DataFrame
) -> Bottleneck:
    worst = rows.iloc[int(rows["value"].to_numpy().argmax())]
    years = tuple(sorted(int(year) for year in rows["year"].unique()))
    economy = solution.economy
    words = SENTENCES[kind].format(
        name=_name(economy, name), region=economy.label(region), years=span(years)
    )
    gain = _gain(solution, kind, name, float(worst["value"]), int(worst["year"]))
    total, worth = float(rows["total"].sum()), float(worst["value"])
    return Bottleneck(
        kind, region, name, years, int(worst["year"]), total, worth, f"{words} {gain}"
    )


def _gain(solution: Solution, kind: str, name: str, worth: float, year: int) -> str:
    economy = solution.economy
    unit = economy.unit
    factors = {factor.name: factor.unit for factor in economy.factors}
    if kind == "factor":
        unit = factors[name]
    more = GAINS[kind].format(unit=singular(unit))
    worth = worth / 100 if kind in BASKETS else worth
    if has_numeraire(solution.compiled):
        return f"{more} in {year} would be worth {money(worth, economy)} of household consumption."
    return f"{more} in {year} would improve the objective by {worth:,.4g}."


def money(worth: float, economy: Economy) -> str:
    """A worth in the economy's money unit, in words: "1.2 million 2000 USD"."""
    number = f"{worth:,.0f}" if worth >= 1000 else f"{worth:,.3g}"
    return f"{number} {economy.unit}"


def singular(unit: str) -> str:
    """A unit after "one more": "million hours" stays, "hours" becomes "hour"."""
    return unit[:-1] if unit in ("hours", "units", "tonnes", "hectares", "days") else unit


def span(years: Sequence[int]) -> str:
    """Years in words: "in 2001", "from 2001 to 2003", "in 2001, 2003 and 2004"."""
    if len(years) == 1:
        return f"in {years[0]}"
    if len(years) == years[-1] - years[0] + 1:
        return f"from {years[0]} to {years[-1]}"
    return f"in {', '.join(map(str, years[:-1]))} and {years[-1]}"


def _name(economy: Economy, name: str) -> str:
    """The full names of the codes in a name such as "MIN, Europe"."""
    return ", ".join(economy.label(part) for part in name.split(", "))
