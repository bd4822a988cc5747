"""What a comparison comes to, in sentences computed from its numbers."""

import pandas as pd

from planboard.compare.plans import PlanComparison
from planboard.compare.welfare import ALL
from planboard.economy import Economy
from planboard.report.view import entry
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
    known = mine.dropna(subset="value")
    worth = {str(r): float(v) for r, v in zip(known["region"], known["value"], strict=True)}
    if ALL not in worth:
        return []
    whole = percent(worth.pop(ALL), "+")
    sentence = f"It is worth {whole} of base-year household consumption in every year"
    if len(worth) < 2:
        return [f"{sentence}."]
    least, most = min(worth, key=worth.__getitem__), max(worth, key=worth.__getitem__)
    ends = [f"{percent(worth[r], '+')} ({economy.label(r)})" for r in (least, most)]
    return [f"{sentence}, from {ends[0]} to {ends[1]}."]


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
    shares = [f"{cause} {percent(entry(parts, region, cause), '+')}" for cause in CAUSES]
    total = percent(entry(parts, region, "total"), "+")
    return [
        f"It differs most in {economy.label(region)}: {total} in log points, of which "
        f"{listing(shares)}."
    ]


def last_parts(comparison: PlanComparison, name: str) -> pd.DataFrame:
    """Growth accounting of one plan over the first in the last year: region × part."""
    rows: pd.DataFrame = comparison.decomposition[comparison.decomposition["plan"] == name]
    rows = rows.loc[rows["year"] == rows["year"].max()]
    grid = rows.pivot(index="region", columns="part", values="value")
    return pd.DataFrame(grid, columns=[*CAUSES, "total"], dtype=float)


def scope(comparison: PlanComparison, economy: Economy) -> str:
    """Over which regions and years the plans are compared."""
    rows = comparison.regions
    years = sorted({int(year) for year in rows["year"]})
    regions, known = rows["region"].nunique(), len(economy.region_names)
    span = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    of = f" of the {known} of the first plan" if regions < known else ""
    return f"Compared over {counted(regions, 'region')}{of}, {span}"
