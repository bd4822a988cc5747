"""Series that leap from one year to the next as nothing does that is counted alike.

    change[r,j,t] = ln x[r,j,t] − ln x[r,j,t−1]

A change of an activity is held against the median of its region's activities in the same measure
and year, so that inflation and slumps are no leaps; a region's median against zero, after
prices where money is counted. Where most activities of a region leap in one year, and the figures
fit those of the year before once they move along by one or two places, the labels have slipped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from planboard.audit.finding import Finding, counted, listed, times
from planboard.audit.panel import Panel
from planboard.audit.shifts import slipped
from planboard.economy import Array
from planboard.robust import logarithm, median, ratio

# Measure -> how many times the year before is a leap. Investment comes in lumps.
LEAPS = {
    "output": 5.0,
    "output_price": 5.0,
    "output_volume": 5.0,
    "value_added": 8.0,
    "labour_income": 5.0,
    "persons": 5.0,
    "hours": 5.0,
    "hours_high": 5.0,
    "hours_medium": 5.0,
    "hours_low": 5.0,
    "capital_stock": 5.0,
    "investment": 50.0,
    "investment_price": 5.0,
}
MONEY = ("output", "value_added", "labour_income", "investment")  # at current prices
INDICES = ("output_price", "output_volume", "investment_price")
# Measure -> how many times the year before is a leap of a whole region, prices apart.
WHOLE = {name: LEAPS[name] if "invest" in name else 2.0 for name in LEAPS if "price" not in name}
MATTERS = 0.005  # Share of its region, in either year, below which an activity's leaps are counted.
HUGE = 100.0  # Times: no change of the world, whenever it is.
MANY = 1 / 3  # Share of activities that leap together.
TOGETHER = 1.5  # Times, where many activities leap at once.


@dataclass(frozen=True)
class Leap:
    """One change that is too large: of which cell, to which year, and how many times."""

    region: int
    activity: int
    measure: str
    year: int
    times: float
    share: float

    @property
    def size(self) -> float:
        """How many times, up or down."""
        return max(self.times, 1 / self.times)

    @property
    def matters(self) -> bool:
        """Whether it is of an activity that counts, and of what does not come in lumps."""
        is_lumpy = self.measure == "investment" and self.size < HUGE**1.5
        return self.share >= MATTERS and not is_lumpy

    def told(self, panel: Panel) -> str:
        """The leap in words."""
        name = panel.activities[self.activity]
        return f"{self.measure} of {name}: {self.year} is {times(self.times)} {self.year - 1}"


def broken_series(panel: Panel) -> list[Finding]:
    """Leaps of single activities by region, and of whole regions and measures."""
    findings: list[Finding] = []
    leaps: list[Leap] = []
    for measure in LEAPS:
        if panel.has(measure):
            change = np.diff(logarithm(panel.series[measure]), axis=2)
            whole = median(change, 1)[:, 0]
            moved, handled = _moved_together(panel, measure, change - whole[:, None])
            findings += _whole_regions(panel, measure, whole) + moved
            change = np.where(handled[:, None], np.nan, change - whole[:, None])
            leaps += _leaps(panel, measure, change)
    return [*findings, *_by_region(panel, leaps), *_small(panel, leaps)]


def _leaps(panel: Panel, measure: str, change: Array) -> Iterator[Leap]:
    """Every activity's change that is too large beside that of its region."""
    large = np.abs(change) > np.log(LEAPS[measure])
    if not large.any():
        return
    weight = panel.series["output" if measure in INDICES and panel.has("output") else measure]
    share = ratio(np.abs(weight), np.nansum(np.abs(weight), axis=1, keepdims=True))
    for r, j, t in zip(*np.nonzero(large), strict=True):
        most = float(np.nanmax(share[r, j, t : t + 2], initial=0.0))
        factor = float(np.exp(change[r, j, t]))
        yield Leap(int(r), int(j), measure, panel.years[t + 1], factor, most)


def _by_region(panel: Panel, leaps: Sequence[Leap]) -> list[Finding]:
    """One finding for all leaps of a region that matter."""
    by_region: dict[int, list[Leap]] = {}
    for leap in sorted(leaps, key=lambda leap: -leap.size):
        if leap.matters:
            by_region.setdefault(leap.region, []).append(leap)
    return [_of_region(panel, mine) for mine in by_region.values()]


def _of_region(panel: Panel, leaps: Sequence[Leap]) -> Finding:
    names = list(dict.fromkeys(panel.activities[leap.activity] for leap in leaps))
    return Finding(
        "broken_series",
        "warning" if any(_is_grave(panel, leap) for leap in leaps) else "note",
        panel.regions[leaps[0].region],
        names[0] if len(names) == 1 else "",
        float(np.log(leaps[0].times)),
        f"Series of {panel.regions[leaps[0].region]} leap from one year to the next, unlike its "
        f"other activities: {listed([leap.told(panel) for leap in leaps], 8)}.",
        "Correct the figure, its unit or its label; none is needed where an activity truly began "
        "or ended.",
    )


def _is_grave(panel: Panel, leap: Leap) -> bool:
    """Whether a leap touches the base year, or is beyond anything."""
    near = panel.economy.base_year in (leap.year - 1, leap.year)
    return leap.size >= HUGE or (near and leap.measure not in INDICES)


def _small(panel: Panel, leaps: Sequence[Leap]) -> list[Finding]:
    """One note on the leaps of activities next to nothing in their region, and of investment."""
    small = sorted((leap for leap in leaps if not leap.matters), key=lambda leap: -leap.size)
    if not small:
        return []
    places = dict.fromkeys((leap.region, leap.activity) for leap in small)
    where = [f"{panel.activities[j]} in {panel.regions[r]}" for r, j in places]
    return [
        Finding(
            "broken_series",
            "note",
            "",
            "",
            float(np.log(small[0].times)),
            f"{counted(len(small), 'figure')} of investment, which comes in lumps, or of "
            f"activities under {MATTERS:.1%} of their region leap from one year to the next "
            f"({listed(where)}); most, {small[0].told(panel)} in {panel.regions[small[0].region]}.",
            "None is needed for a plan; growth over such a year says nothing.",
        )
    ]


def _whole_regions(panel: Panel, measure: str, whole: Array) -> list[Finding]:
    """Regions whose median activity leaps: a new unit or money, or a year of another kind."""
    if measure not in WHOLE or (measure in MONEY and not panel.has("output_price")):
        return []
    if measure in MONEY:
        price = np.diff(logarithm(panel.series["output_price"]), axis=2)
        whole = whole - median(price, 1)[:, 0]
    findings = []
    for r, t in zip(*np.nonzero(np.abs(whole) > np.log(WHOLE[measure])), strict=True):
        factor, year = float(np.exp(whole[r, t])), panel.years[t + 1]
        findings.append(
            Finding(
                "broken_series",
                "warning",
                panel.regions[r],
                measure,
                float(np.log(factor)),
                f"{measure} of all of {panel.regions[r]}: {year} is {times(factor)} {year - 1}"
                f"{', prices apart' if measure in MONEY else ''}.",
                "Bring both years to one unit and one money.",
            )
        )
    return findings


def _moved_together(panel: Panel, measure: str, change: Array) -> tuple[list[Finding], Array]:
    """Years in which many activities of a region leap at once; (findings, shape (R, T − 1))."""
    known = np.isfinite(change).sum(axis=1)
    many = (np.abs(change) > np.log(TOGETHER)).sum(axis=1) > MANY * np.maximum(known, 6)
    handled = np.zeros(many.shape, dtype=bool)
    findings = []
    values = logarithm(panel.series[measure])
    for r, t in zip(*np.nonzero(many), strict=True):
        places = slipped(values[r, :, t + 1], values[r, :, t])
        if not places or measure in INDICES:
            continue
        handled[r, t] = True
        findings.append(
            Finding(
                "shifted_labels",
                "warning",
                panel.regions[r],
                measure,
                1.0,
                f"{measure} of {panel.regions[r]} looks shifted against its labels between "
                f"{panel.years[t]} and {panel.years[t + 1]}: its figures fit those of the year "
                f"before once they move by {abs(places)} "
                f"{'place' if abs(places) == 1 else 'places'}.",
                "Align the figures with their labels by name.",
            )
        )
    return findings, handled
