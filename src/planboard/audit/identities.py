"""Do accounts agree with themselves, and with the table that they stand beside?

labour income + capital income = value added          hours by skill add up to hours
output = price · volume / 100² · output of the index's year        value added ≤ output
output of the table = exchange rate · output of the accounts       hours of the books = hours
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planboard.audit.finding import Finding, listed, spans
from planboard.audit.panel import Panel
from planboard.audit.units import is_foreign, is_of_other_year
from planboard.economy import Array
from planboard.robust import logarithm, median, ratio
from planboard.tables.accounts import SKILLS
from planboard.units import scale_of

SAME = 0.01  # Relative: accounts that agree do so to their rounding, which is far below.
TELLING = 0.1  # Gaps of single activities against the table; classifications differ a little.
LEAST = 1e-3  # Share of a region's output below which a gap with the table is rounding.


@dataclass(frozen=True, eq=False)
class Identity:
    """What should be equal: its words, the gap as a share of the right side, and what is allowed.

    gap : shape (R, m, T), NaN where a side is not known
    years : of the last axis
    """

    words: str
    gap: Array
    allowed: float
    years: tuple[int, ...]


def accounts_disagree(panel: Panel) -> list[Finding]:
    """One finding for each identity that does not hold."""
    return [
        _broken(panel, identity)
        for identity in _identities(panel)
        if (np.abs(identity.gap) > identity.allowed).any()
    ]


def _identities(panel: Panel) -> Iterator[Identity]:
    has, series = panel.has, panel.series
    if has("labour_income", "capital_income", "value_added"):
        parts = series["labour_income"] + series["capital_income"]
        yield _identity(
            panel, "labour and capital income add up to value added", parts, series["value_added"]
        )
    skills = [name for name in SKILLS if name in series]
    if len(skills) == len(SKILLS) and has("hours"):
        parts = np.sum([series[name] for name in skills], axis=0)
        yield _identity(panel, "hours by skill add up to hours", parts, series["hours"])
    if has("output", "output_price", "output_volume"):
        yield _price_and_volume(panel)
    if has("value_added", "output"):
        over = np.maximum(ratio(series["value_added"], series["output"]) - 1, 0.0)
        yield Identity("value added is at most output", over, SAME, panel.years)
    yield from _with_the_books(panel)


def _identity(panel: Panel, words: str, left: Array, right: Array) -> Identity:
    return Identity(words, ratio(left, np.abs(right)) - np.sign(right), SAME, panel.years)


def _price_and_volume(panel: Panel) -> Identity:
    """Value over price times volume is the same in every year, whatever the index's year is."""
    series = panel.series
    quotient = logarithm(ratio(series["output"], series["output_price"] * series["output_volume"]))
    gap = np.expm1(np.clip(quotient - median(quotient, 2), -20, 20))
    return Identity("output moves as its price times its volume", gap, SAME, panel.years)


def _with_the_books(panel: Panel) -> Iterator[Identity]:
    """Output and hours of the base year, against those of the books."""
    year = (panel.economy.base_year,)
    output, hours = panel.of_base_year("output"), panel.of_base_year("hours")
    rate = _rate(panel)
    if np.isfinite(output * rate).any():
        scale = scale_of(next(iter(panel.units["output"]))) / scale_of(panel.economy.unit)
        share = ratio(panel.worth, np.nansum(panel.worth, axis=1, keepdims=True))
        gap = ratio(output * rate * scale, panel.worth) - 1
        gap = np.where(share > LEAST, gap, np.nan)
        yield Identity("output of the table is that of the accounts", gap[..., None], TELLING, year)
    gap = ratio(hours * _hours_scale(panel), panel.hours) - 1
    if np.isfinite(gap).any():
        yield Identity("hours of the books are those of the accounts", gap[..., None], SAME, year)


def _hours_scale(panel: Panel) -> float:
    """Hours of the books per hour of the accounts; NaN where the books count labour otherwise."""
    units = {factor.unit for factor in panel.economy.factors if factor.role == "labour"}
    told = panel.units.get("hours", ())
    if len(units) != 1 or not told or not all("hour" in unit for unit in (*units, *told)):
        return np.nan
    return scale_of(told[0]) / scale_of(units.pop())


def _rate(panel: Panel) -> Array:
    """Money of the table per unit of the accounts' money, base year, shape (R, m).

    NaN where nothing says, and where the books are at prices of another year than the accounts'.
    """
    if is_of_other_year(panel.economy):
        return np.full(panel.worth.shape, np.nan)
    if panel.has("exchange_rate"):
        return panel.of_base_year("exchange_rate")
    is_other = any(is_foreign(unit, panel.economy) for unit in panel.units.get("output", ()))
    return np.full(panel.worth.shape, np.nan if is_other else 1.0)


def _broken(panel: Panel, identity: Identity) -> Finding:
    """One identity, with regions and years in which it does not hold, the worst of them first."""
    size = np.where(np.abs(identity.gap) > identity.allowed, np.abs(identity.gap), 0.0)
    wrong = size > 0
    years = [identity.years[t] for t in np.nonzero(wrong.any(axis=(0, 1)))[0]]
    order = np.argsort(-size.max(axis=(1, 2)), kind="stable")[: wrong.any(axis=(1, 2)).sum()]
    regions = [f"{panel.regions[r]} {int(wrong[r].sum())}" for r in order]
    r, j, t = np.unravel_index(int(size.argmax()), size.shape)
    return Finding(
        "accounts_disagree",
        "warning" if panel.economy.base_year in years else "note",
        panel.regions[order[0]] if len(order) == 1 else "",
        panel.activities[j] if wrong.sum() == 1 else "",
        float(identity.gap[r, j, t]),
        f"It does not hold that {identity.words} in {int(wrong.sum())} of "
        f"{int(np.isfinite(identity.gap).sum()):,} cases ({listed(regions)}; {spans(years)}): most "
        f"in {panel.activities[j]} of {panel.regions[r]} in {identity.years[t]}, by "
        f"{identity.gap[r, j, t]:+.0%}.",
        "Correct the figures that are wrong; figures of one year may be from two revisions, or the "
        "labels of one table are shifted against the other's.",
    )
