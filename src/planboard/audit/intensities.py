"""Intensities of the base year that no industry has: beside what is possible, and beside peers.

    d[r,j] = ln (amount/output)[r,j] − median over activities of r − median over regions of j

is how far an activity stands from the same activity elsewhere, whatever the productivity and the
money of its region.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planboard.audit.finding import ROUNDING, Finding, listed, spans, times
from planboard.audit.panel import Panel
from planboard.audit.shifts import slipped
from planboard.audit.units import is_of_other_year
from planboard.economy import Array
from planboard.robust import NORMAL, logarithm, median, ratio, spread
from planboard.units import scale_of

HOURS_A_YEAR = (200.0, 8760.0)  # Of one person: an hour a workday or less, and every hour there is.
HIGHEST_SHARE = 1.5  # Labour income over value added; above one where the self-employed earn less.
TIMES = 30.0  # An intensity so many times that of peers, or that part of it …
IMPOSSIBLE = 100.0  # … this many times is no industry's own way.
APART = 6.0  # … and so many spreads away from them.
PEERS = 3  # Regions of which one can be told to be the odd one out.
CERTAIN = 8  # Regions whose spread in one activity can be told.
ABOVE = 0.6  # Input coefficient over its median elsewhere.
ROUNDS = 3  # Of taking out medians by region and by activity in turn.


def impossible_hours(panel: Panel) -> list[Finding]:
    """Persons who work more hours than a year has, or next to none."""
    if not panel.has("hours", "persons"):
        return []
    scale = [scale_of(next(iter(panel.units[name]))) for name in ("hours", "persons")]
    each = ratio(panel.series["hours"] * scale[0], panel.series["persons"] * scale[1])
    least, most = HOURS_A_YEAR
    wrong = (each < least) | (each > most)
    findings = []
    for r in np.nonzero(wrong.any(axis=(1, 2)))[0]:
        here = wrong[r]
        names = [panel.activities[j] for j in np.nonzero(here.any(axis=1))[0]]
        years = [panel.years[t] for t in np.nonzero(here.any(axis=0))[0]]
        usual = np.log(np.sqrt(least * most))
        far = np.where(here, np.abs(logarithm(each[r]) - usual), -1.0)
        j, t = np.unravel_index(int(far.argmax()), far.shape)
        findings.append(
            Finding(
                "impossible_hours",
                "error" if panel.economy.base_year in years else "warning",
                panel.regions[r],
                names[0] if len(names) == 1 else "",
                float(each[r, j, t] / most),
                f"Persons in {listed(names)} of {panel.regions[r]} work {each[r, j, t]:,.4g} hours "
                f"a year in {panel.years[t]} ({int(here.sum())} figures outside {least:,.0f} to "
                f"{most:,.0f}; {spans(years)}).",
                "Correct hours or persons, or their units.",
            )
        )
    return findings


def high_labour_shares(panel: Panel) -> list[Finding]:
    """One finding on labour incomes far above the value added that they are part of."""
    if not panel.has("labour_income", "value_added"):
        return []
    share = ratio(panel.series["labour_income"], panel.series["value_added"])
    wrong = share > HIGHEST_SHARE
    if not wrong.any():
        return []
    by_activity = np.asarray(wrong.sum(axis=(0, 2)))
    order = np.argsort(-by_activity, kind="stable")[: (by_activity > 0).sum()]
    mostly = listed([f"{panel.activities[j]} {by_activity[j]}" for j in order], 3)
    r, j, t = np.unravel_index(int(np.nanargmax(share)), share.shape)
    return [
        Finding(
            "impossible_share",
            "note",
            "",
            "labour_income",
            float(wrong.sum() / np.isfinite(share).sum()),
            f"Labour income is over {HIGHEST_SHARE:g} times value added in {int(wrong.sum())} "
            f"figures (by activity: {mostly}); most, {share[r, j, t]:.3g} times, in "
            f"{panel.activities[j]} of {panel.regions[r]} in {panel.years[t]}.",
            "None is needed where the self-employed are counted with the pay of employees; else "
            "correct the figures.",
        )
    ]


def impossible_inputs(panel: Panel) -> list[Finding]:
    """Inputs worth more than the output they go into, or far above those of peers.

    At the prices of another year, an industry may well have taken more than it made.
    """
    inputs = _input_shares(panel)
    usual = np.nan_to_num(median(inputs, 0))
    has_peers = np.isfinite(inputs).sum(axis=0) >= CERTAIN
    too_much = inputs > 1 + ROUNDING
    odd = ~too_much & (inputs - usual > ABOVE) & has_peers
    deflated = is_of_other_year(panel.economy)
    prices = f" at the prices of '{panel.economy.unit}'" if deflated else ""
    findings = []
    for r, i, j in zip(*np.nonzero(too_much | odd), strict=True):
        activity, region = panel.activities[j], panel.regions[r]
        beside = f" (median elsewhere {usual[0, i, j]:.2g})" if has_peers[i, j] else ""
        grave = "warning" if deflated else "error"
        findings.append(
            Finding(
                "impossible_input",
                grave if too_much[r, i, j] else "note",
                region,
                activity,
                float(inputs[r, i, j]),
                f"{activity} in {region} takes {inputs[r, i, j]:.3g} of "
                f"{panel.economy.product_names[i]} for every 1 that its output is worth"
                f"{prices}{beside}.",
                "None is needed where prices have moved so; else correct the deflators."
                if deflated
                else "Correct the cell of the table of use, or the output.",
            )
        )
    return findings


def _input_shares(panel: Panel) -> Array:
    """Worth of every input per worth of output, shape (R, n, m); NaN where money cannot tell."""
    economy = panel.economy
    price = np.array([product.price for product in economy.products])
    in_money = np.array([p.unit == economy.unit or p.price != 1.0 for p in economy.products])
    shares = np.full((len(panel.regions), len(price), len(panel.activities)), np.nan)
    for r, accounts in enumerate(economy.regions):
        output = accounts.output.toarray()
        worth = np.where((output[~in_money] != 0).any(axis=0), 0.0, price @ output)
        inputs = np.where(in_money[:, None], price[:, None] * accounts.input.toarray(), np.nan)
        places = [panel.activities.index(name) for name in accounts.activities]
        shares[r][:, places] = ratio(inputs, np.broadcast_to(worth, inputs.shape))
    return shares


@dataclass(frozen=True, eq=False)
class Intensity:
    """An amount per worth of output, and how far it is from peers.

    distance : d, shape (R, m), NaN where either is unknown
    scale : what is usual of |d| for the activity, shape (m,)
    """

    name: str
    amount: Array
    distance: Array
    scale: Array

    @property
    def odd(self) -> NDArray[np.bool_]:
        """Which are impossible beside those of peers, shape (R, m)."""
        far = np.abs(self.distance)
        return np.asarray((far > np.log(TIMES)) & (far > APART * self.scale))


def impossible_intensities(panel: Panel) -> list[Finding]:
    """Hours, capital and persons per output, and value added in it, beside those of peers.

    One finding for each region and amount; where the figures of a region fit once they move along
    their labels, it says so instead.
    """
    findings = []
    for intensity in _intensities(panel):
        expected = _expected(panel, intensity)
        for r in range(len(panel.regions)):
            places = slipped(logarithm(intensity.amount[r]), expected[r])
            if places:
                findings.append(_slipped(panel, intensity, r, places))
            elif intensity.odd[r].any():
                findings.append(_odd(panel, intensity, r))
    return findings


def _intensities(panel: Panel) -> Iterator[Intensity]:
    output = panel.of_base_year("output")
    for name, amount, base in (
        ("hours", panel.hours, panel.worth),
        ("capital", panel.capital, panel.worth),
        ("value added", panel.added, panel.worth),
        ("persons", panel.of_base_year("persons"), output),
    ):
        distance = logarithm(ratio(amount, base))
        known = np.isfinite(distance)
        distance = np.where(known.sum(axis=0) >= PEERS, distance, np.nan)
        if not np.isfinite(distance).any():
            continue
        for _ in range(ROUNDS):
            distance = distance - median(distance, 1)
            distance = distance - median(distance, 0)
        own = NORMAL * median(np.abs(distance), 0)[0]
        scale = np.where(known.sum(axis=0) >= CERTAIN, own, 0.0)
        yield Intensity(name, amount, distance, np.maximum(np.nan_to_num(scale), spread(distance)))


def _expected(panel: Panel, intensity: Intensity) -> Array:
    """Logarithm of the amount that peers' intensities make of the output, shape (R, m)."""
    return logarithm(intensity.amount) - intensity.distance


def _odd(panel: Panel, intensity: Intensity, r: int) -> Finding:
    distance = np.where(intensity.odd[r], intensity.distance[r], 0.0)
    order = np.argsort(-np.abs(distance), kind="stable")[: intensity.odd[r].sum()]
    names = [panel.activities[j] for j in order]
    factor = float(np.exp(distance[order[0]]))
    share = float(np.nansum(panel.worth[r, order]) / np.nansum(panel.worth[r]))
    return Finding(
        "impossible_intensity",
        "warning" if max(factor, 1 / factor) > IMPOSSIBLE else "note",
        panel.regions[r],
        names[0] if len(names) == 1 else "",
        float(np.log(factor)),
        f"{intensity.name.capitalize()} per output of {listed(names)} in {panel.regions[r]} "
        f"{'is' if len(names) == 1 else 'are'} out of all proportion to those elsewhere: "
        f"{names[0]} has {times(factor)} what its peers have, beside the region's other activities "
        f"({share:.2g} of the region's output).",
        f"Correct {intensity.name} or output, their units or their labels.",
    )


def _slipped(panel: Panel, intensity: Intensity, r: int, places: int) -> Finding:
    return Finding(
        "shifted_labels",
        "warning",
        panel.regions[r],
        intensity.name,
        1.0,
        f"Figures of {intensity.name} of {panel.regions[r]} look shifted against their labels: "
        f"they fit those of other regions once they move by {abs(places)} "
        f"{'place' if abs(places) == 1 else 'places'}.",
        "Align the figures with their labels by name.",
    )
