"""How far a plan is from what happened, and why, in sentences computed from the numbers."""

import numpy as np
import pandas as pd

from planboard.compare.actual import ActualComparison
from planboard.compare.amounts import amount_words
from planboard.economy import Economy

PARTS = ("hours", "capital", "productivity")
COLUMNS = ["region", "activity", "plan", "actual", "difference", "share", "log_ratio", "unit"]


def farthest_industries(found: ActualComparison) -> pd.DataFrame:
    """Industries of the last year that is known, the largest difference in output first.

    Returns
    -------
    DataFrame
        region, activity, plan, actual, difference, share (of what was made), log_ratio, unit
    """
    known = found.industries
    rows: pd.DataFrame = known[known["year"] == known["year"].max()]
    difference = rows["plan"] - rows["actual"]
    made = rows["actual"].where(rows["actual"] > 0)
    ratio = (rows["plan"] / made).where(rows["plan"] > 0)
    rows = rows.assign(difference=difference, share=difference / made, log_ratio=np.log(ratio))
    ranked = rows.sort_values("difference", key=abs, ascending=False, kind="stable")
    return ranked.reset_index(drop=True).reindex(columns=COLUMNS)


def how_far(found: ActualComparison, economy: Economy) -> list[str]:
    """How far the plan's output is from what was made, why, and where; no sentence without data."""
    return [*_overall(found, economy), *_reasons(found, economy), *_industries(found, economy)]


def _overall(found: ActualComparison, economy: Economy) -> list[str]:
    """All regions together, and the two that are farthest on either side."""
    rows = found.regions[found.regions["measure"] == "output"]
    rows = rows[(rows["year"] == rows["year"].max()) & (rows["actual"] > 0)]
    if rows.empty:
        return []
    whole = rows["plan"].sum() / rows["actual"].sum() - 1
    sentence = f"In {int(rows['year'].iloc[0])} the plan makes {_more(whole)} than was made"
    share = (rows["plan"] / rows["actual"] - 1).set_axis(rows["region"])
    if len(share) > 1:
        ends = [
            f"{_signed(share[r])} in {economy.label(r)}" for r in (share.idxmin(), share.idxmax())
        ]
        sentence += f": from {ends[0]} to {ends[1]}"
    return [f"{sentence}."]


def _reasons(found: ActualComparison, economy: Economy) -> list[str]:
    """What makes the difference where it is largest, and how often each cause is the first."""
    rows = found.decomposition
    if rows.empty:
        return []
    last = rows[rows["year"] == rows["year"].max()]
    parts = last.pivot(index="region", columns="part", values="value").astype(float)
    region = str(parts["total"].abs().idxmax())
    mine = parts.loc[region]
    told = ", ".join(f"{part} {_signed(float(mine[part]), '')}" for part in PARTS)
    total = _signed(float(mine["total"]), "")
    sentence = (
        f"The difference is largest in {economy.label(region)}: {total} log points, made of {told}"
    )
    first = parts[list(PARTS)].abs().idxmax(axis=1).value_counts()
    if len(parts) > 1:
        sentence += f". {str(first.index[0]).capitalize()} weighs most in {first.iloc[0]} of "
        sentence += f"{len(parts)} regions"
    return [f"{sentence}."]


def _industries(found: ActualComparison, economy: Economy) -> list[str]:
    """The average distance of an industry, and the one that is farthest in amount."""
    rows = farthest_industries(found)
    made = float(rows["actual"].sum())
    if rows.empty or made <= 0:
        return []
    average = float(rows["difference"].abs().sum()) / made
    worst = rows.iloc[0]
    amount = amount_words(float(worst["difference"]), str(worst["unit"]), "+")
    share = f" ({_signed(float(worst['share']))})" if np.isfinite(worst["share"]) else ""
    return [
        f"An industry of a region is {percent_of(average)} off on average, weighted by what was "
        f"made; the largest difference is {amount}{share} in "
        f"{economy.label(str(worst['activity']))}, {economy.label(str(worst['region']))}."
    ]


def percent_of(share: float) -> str:
    """A share in per cent, the sign kept with the number."""
    return f"{share * 100:.1f}\u00a0%"


def _more(share: float) -> str:
    return f"{percent_of(abs(share))} {'more' if share >= 0 else 'less'}"


def _signed(share: float, unit: str = "\u00a0%") -> str:
    shown = round(share * 100, 1) + 0.0  # Adding zero makes −0.0 positive.
    return f"{shown:+.1f}{unit}".replace("-", "−")
