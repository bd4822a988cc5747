"""What the published series do not say, and numbers below zero that they hold."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planboard.audit.finding import Finding, counted, listed, spans
from planboard.audit.imputed import filled_regions
from planboard.audit.panel import Panel
from planboard.economy import Array, Integers

# Measures that fall below zero now and then, and what that means.
SIGNED = {
    "value_added": "Inputs cost more than output brought",
    "capital_income": "Labour income takes more than value added",
    "investment": "More was sold than bought",
}
NEEDED = ("hours", "capital_stock")  # What a plan rests on.
INCOMES = ("value_added", "labour_income", "capital_income")

Gaps = Sequence[tuple[str, tuple[int, ...]]]


def missing_series(panel: Panel) -> list[Finding]:
    """Regions of which a measure is not published in some or all years that others have.

    One finding for all measures that are missing in the same regions and years.
    """
    alike: dict[tuple[tuple[str, tuple[int, ...]], ...], list[str]] = {}
    for measure in panel.series:
        gaps = _gaps(panel, measure)
        if gaps:
            alike.setdefault(tuple(gaps), []).append(measure)
    return [_missing(panel, gaps, measures) for gaps, measures in alike.items()]


def silent_regions(panel: Panel) -> list[Finding]:
    """Regions that have books here and no series at all, where others have."""
    known = _regions_known(panel)
    names = [name for name, has in zip(panel.regions, known, strict=True) if not has]
    if not known.any() or not names:
        return []
    filled = filled_regions(panel.economy, NEEDED)
    bare = [name for name in names if name not in filled]
    ending = "" if bare else "; what stands in the books instead is filled in"
    return [
        Finding(
            "no_accounts",
            "warning" if bare else "note",
            names[0] if len(names) == 1 else "",
            "",
            len(names) / len(panel.regions),
            f"{listed(names)} {'has' if len(names) == 1 else 'have'} no published series of hours, "
            f"capital or prices, and the other {int(known.sum())} regions have{ending}.",
            "Add accounts of their own, or read the table 'imputed' before resting on them.",
        )
    ]


def missing_cells(panel: Panel) -> list[Finding]:
    """Activities that run and have no figure of a measure in the base year, where others have."""
    runs = panel.worth > 0
    missing: dict[str, list[str]] = {}
    lost = np.zeros_like(runs)
    for measure in panel.series:
        has = np.isfinite(panel.of_base_year(measure))
        without = runs & ~has & has.any(axis=1, keepdims=True)
        lost |= without
        for r, j in zip(*np.nonzero(without), strict=True):
            missing.setdefault(f"{panel.activities[j]} in {panel.regions[r]}", []).append(measure)
    if not missing:
        return []
    measures = list(dict.fromkeys(m for some in missing.values() for m in some))
    share = float(panel.worth[lost].sum() / panel.worth[runs].sum())
    return [
        Finding(
            "missing_cells",
            "note",
            "",
            "",
            share,
            f"{counted(len(missing), 'activity')} with output lack figures of "
            f"{panel.economy.base_year} that their region has for others ({listed(measures, 3)}): "
            f"{listed(list(missing))}; {share:.2g} of all output.",
            "Add the figures, or read the table 'imputed' for what stands in for them.",
        )
    ]


def negative_series(panel: Panel) -> list[Finding]:
    """One finding for each measure with numbers below zero."""
    return [
        _negative(panel, measure, values)
        for measure, values in panel.series.items()
        if (values < 0).any()
    ]


def _negative(panel: Panel, measure: str, values: Array) -> Finding:
    """The finding on one measure: how many numbers, of which activities, and the least."""
    below: NDArray[np.bool_] = np.asarray(values < 0)
    count, known = int(below.sum()), int(np.isfinite(values).sum())
    by_activity: Integers = below.sum(axis=(0, 2))
    order = np.argsort(-by_activity, kind="stable")[: (by_activity > 0).sum()]
    mostly = listed([f"{panel.activities[j]} {by_activity[j]}" for j in order], 3)
    r, j, t = np.unravel_index(int(np.nanargmin(values)), values.shape)
    now = int((panel.of_base_year(measure) < 0).sum())
    is_usual = measure in SIGNED
    return Finding(
        "negative_income" if measure in INCOMES else "negative_series",
        "note" if is_usual else "error" if now else "warning",
        "",
        measure,
        count / known,
        f"{measure} is below zero in {count:,} of {known:,} figures (regions: "
        f"{int(below.any(axis=(1, 2)).sum())}; by activity: {mostly}), {now} of them of the base "
        f"year; least {values[r, j, t]:,.4g} ({panel.activities[j]} in {panel.regions[r]}, "
        f"{panel.years[t]}). {SIGNED.get(measure, 'It cannot be less than nothing')}.",
        "None is needed where it is so; a charge below zero makes cost prices hard to read."
        if is_usual
        else "Correct the figures.",
    )


def _regions_known(panel: Panel) -> NDArray[np.bool_]:
    """Whether a region has any series, shape (R,)."""
    found = [np.isfinite(values).any(axis=(1, 2)) for values in panel.series.values()]
    return np.asarray(np.any(found, axis=0)) if found else np.zeros(len(panel.regions), dtype=bool)


def _gaps(panel: Panel, measure: str) -> Gaps:
    """(region, years without the measure), of regions that have series."""
    has = np.asarray(np.isfinite(panel.series[measure]).any(axis=1))
    years = np.array(panel.years)
    return [
        (panel.regions[r], tuple(years[~has[r]].tolist()))
        for r in np.nonzero(_regions_known(panel))[0]
        if not has[r].all()
    ]


def _missing(panel: Panel, gaps: Gaps, measures: Sequence[str]) -> Finding:
    """Regions without some measures, put together by the years they lack."""
    base = panel.economy.base_year
    by_years: dict[tuple[int, ...], list[str]] = {}
    for region, years in gaps:
        by_years.setdefault(years, []).append(region)
    told = [_told(panel, years, by_years[years]) for years in sorted(by_years)]
    now = [region for region, years in gaps if base in years]
    needed = [measure for measure in measures if measure in NEEDED]
    filled = filled_regions(panel.economy, needed)
    bare = [region for region in now if needed and region not in filled]
    ending = f" The base year {base} is among them for {listed(now)}." if now else ""
    if now and needed and not bare:
        ending += " What stands there in the books is filled in."
    return Finding(
        "missing_series",
        "warning" if bare else "note",
        gaps[0][0] if len(gaps) == 1 else "",
        measures[0] if len(measures) == 1 else "",
        len(gaps) / len(panel.regions),
        f"{listed(measures, 6)} {'is' if len(measures) == 1 else 'are'} not published "
        f"{', '.join(told)}.{ending}",
        "Choose a year with figures, or add them; what is filled in stands in the table 'imputed'.",
    )


def _told(panel: Panel, years: tuple[int, ...], regions: Sequence[str]) -> str:
    """Since when, or in which years, and for whom."""
    first, last = years[0], panel.years[-1]
    when = f"in {spans(years)}"
    if years == panel.years:
        when = "in any year"
    elif last in years and last - first + 1 == len(years) > 1:
        when = f"from {first} on"
    return f"{when} for {counted(len(regions), 'region')} ({listed(regions)})"
