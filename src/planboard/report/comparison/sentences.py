"""What a comparison comes to, in sentences computed from its numbers."""

import pandas as pd

from planboard.compare.plans import PlanComparison
from planboard.compare.welfare import ALL
from planboard.economy import Economy
from planboard.report.words import counted, listing, percent

CAUSES = ("hours", "capital", "productivity")


def told(comparison: PlanComparison, economy: Economy, name: str) -> list[str]:
    """How one plan differs from the first: its worth, its output, and what makes the difference."""
    return [
        *_worth(comparison, economy, name),
        *_output(comparison, name),
        *_causes(comparison, economy, name),
    ]


def _worth(comparison: PlanComparison, economy: Economy, name: str) -> list[str]:
    mine = comparison.welfare[comparison.welfare["plan"] == name]
    worth = mine.set_index("region")["value"].dropna().astype(float)
    if ALL not in worth:
        return []
    whole = (
        f"It is worth {percent(worth[ALL], '+')} of base-year household consumption in every year"
    )
    own = worth.drop(ALL)
    if len(own) < 2:
        return [f"{whole}."]
    ends = [f"{percent(own[r], '+')} ({economy.label(r)})" for r in (own.idxmin(), own.idxmax())]
    return [f"{whole}, from {ends[0]} to {ends[1]}."]


def _output(comparison: PlanComparison, name: str) -> list[str]:
    rows = comparison.industries
    if rows.empty:
        return []
    year = int(rows["year"].max())
    sums = rows[rows["year"] == year].groupby("plan")["value"].sum()
    first = float(sums[comparison.names[0]])
    if first <= 0:
        return []
    change = float(sums[name]) / first - 1
    size = f"{'higher' if change > 0 else 'lower'} by {percent(abs(change))}"
    return [f"Output of {year} is {size if round(change, 6) else 'the same'} in all."]


def _causes(comparison: PlanComparison, economy: Economy, name: str) -> list[str]:
    """The region whose output differs most, by hours, capital and productivity."""
    parts = last_parts(comparison, name)
    if parts.empty or parts["total"].abs().max() < 1e-6:
        return []
    region = str(parts["total"].abs().idxmax())
    mine = parts.loc[region]
    shares = [f"{cause} {percent(float(mine[cause]), '+')}" for cause in CAUSES]
    total = percent(float(mine["total"]), "+")
    return [
        f"It differs most in {economy.label(region)}: {total} in log points, of which "
        f"{listing(shares)}."
    ]


def last_parts(comparison: PlanComparison, name: str) -> pd.DataFrame:
    """Growth accounting of one plan over the first in the last year: region × part."""
    rows = comparison.decomposition[comparison.decomposition["plan"] == name]
    rows = rows[rows["year"] == rows["year"].max()]
    grid = rows.pivot(index="region", columns="part", values="value")
    return grid.astype(float).reindex(columns=[*CAUSES, "total"])


def scope(comparison: PlanComparison, economy: Economy) -> str:
    """Over which regions and years the plans are compared."""
    rows = comparison.regions
    years = sorted({int(year) for year in rows["year"]})
    regions, known = rows["region"].nunique(), len(economy.region_names)
    span = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    of = f" of the {known} of the first plan" if regions < known else ""
    return f"Compared over {counted(regions, 'region')}{of}, {span}"
