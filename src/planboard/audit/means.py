"""Capital, hours and other factors: are they known, and enough for the base year itself?"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from planboard.audit.finding import GRAVE, ROUNDING, Finding, grade, listed
from planboard.economy import Economy

FASTEST = 0.5  # Depreciation a year: what loses more than half is an input, not capital.

Known = Mapping[str, NDArray[np.bool_]]


def missing_means(economy: Economy) -> list[Finding]:
    """Activities without capital, or without hours, where others have them.

    One finding for each region that has none at all, and one for all activities elsewhere.
    """
    labour = [k for k, factor in enumerate(economy.factors) if factor.role == "labour"]
    has_capital = {a.region: np.isfinite(a.capacity).sum(axis=0) > 0 for a in economy.regions}
    has_hours = {a.region: a.factor_use[labour].sum(axis=0) > 0 for a in economy.regions}
    return [
        *_missing(economy, has_capital, "capital", "capital has no limit and costs nothing there"),
        *_missing(economy, has_hours, "hours", "work costs nothing there"),
    ]


def _missing(economy: Economy, known: Known, what: str, effect: str) -> list[Finding]:
    if not any(has.any() for has in known.values()):
        return []
    findings = []
    single: list[tuple[float, str, str]] = []
    for accounts in economy.regions:
        has = known[accounts.region]
        without = np.nonzero(~has & (accounts.level > 0))[0]
        if len(without) and not has.any():
            text = f"{accounts.region} has no {what} at all, and other regions have: {effect}."
            findings.append(_no_means(what, "warning", (accounts.region, ""), 1.0, text))
            continue
        share = accounts.level / max(accounts.level.sum(), 1e-300)
        single += [(float(share[j]), accounts.activities[j], accounts.region) for j in without]
    return [*findings, *_single(sorted(single, reverse=True), what, effect)]


def _single(without: list[tuple[float, str, str]], what: str, effect: str) -> list[Finding]:
    """One finding on activities without capital or hours; those next to nothing are worth a note.

    without : share of the region's activity, activity and region of each, the largest first
    """
    if not without:
        return []
    most, first, where = without[0]
    regions = {region for *_, region in without}
    names = {name for _, name, _ in without}
    told = listed([f"{name} in {region}" for _, name, region in without])
    return [
        _no_means(
            what,
            "warning" if most > GRAVE else "note",
            (where if len(regions) == 1 else "", first if len(names) == 1 else ""),
            most,
            f"{told} {'has' if len(without) == 1 else 'have'} no {what}, and other activities "
            f"have: {effect} ({most:.2g} of its region's output at most).",
        )
    ]


def _no_means(
    what: str, severity: str, where: tuple[str, str], share: float, message: str
) -> Finding:
    table = {"capital": "capital", "hours": "factor_use"}[what]
    remedy = f"Add rows to the table {table}, or a figure of a like industry, marked as such."
    return Finding(f"no_{what}", severity, *where, share, message, remedy)


def short_endowments(economy: Economy) -> list[Finding]:
    """Factors of which the base year used more than there is."""
    findings = []
    for accounts in economy.regions:
        built = np.einsum("khj,hj->k", accounts.factor_use_building, accounts.building[0])
        used = accounts.factor_use @ accounts.level + built
        for k, factor in enumerate(economy.factors):
            there = accounts.endowment[k]
            if used[k] > there * (1 + ROUNDING):
                share = float(used[k] / there - 1) if there > 0 else 1.0
                findings.append(
                    Finding(
                        "short_endowment",
                        grade(share),
                        accounts.region,
                        factor.name,
                        share,
                        f"{factor.label} in {accounts.region}: the base year used {used[k]:,.6g} "
                        f"{factor.unit}, and there are {there:,.6g}.",
                        "Raise the endowment, or correct the use of the factor.",
                    )
                )
    return findings


def short_capacity(economy: Economy) -> list[Finding]:
    """Activities that did more in the base year than their capacity serves."""
    findings = []
    for accounts in economy.regions:
        served = np.where(
            np.isfinite(accounts.capacity), accounts.capacity * accounts.utilisation, np.inf
        )
        kind, least = served.argmin(axis=0), served.min(axis=0)
        for j in np.nonzero(accounts.level > least * (1 + ROUNDING))[0]:
            share = float(accounts.level[j] / least[j] - 1) if least[j] > 0 else 1.0
            name = accounts.activities[j]
            findings.append(
                Finding(
                    "short_capacity",
                    grade(share),
                    accounts.region,
                    name,
                    share,
                    f"{name} in {accounts.region} did {accounts.level[j]:,.6g} in the base year; "
                    f"its {economy.kinds[kind[j]]} serves {least[j]:,.6g}.",
                    "Let capacity be the base-year level over its utilisation, at least.",
                )
            )
    return findings


def odd_depreciation(economy: Economy) -> list[Finding]:
    """Rates of depreciation below zero, or so high that it is no capital."""
    findings = []
    for accounts in economy.regions:
        rate = np.where(np.isfinite(accounts.capacity), accounts.depreciation, 0.0)
        for h, j in zip(*np.nonzero((rate < 0) | (rate > FASTEST)), strict=True):
            name = accounts.activities[j]
            findings.append(
                Finding(
                    "odd_depreciation",
                    "warning",
                    accounts.region,
                    name,
                    float(rate[h, j]),
                    f"{economy.kinds[h]} of {name} in {accounts.region} loses {rate[h, j]:.3g} of "
                    f"itself a year; capital loses between 0 and {FASTEST:g}.",
                    "State the share lost per year, not the years that it lasts.",
                )
            )
    return findings


def lasting_loss(economy: Economy) -> list[Finding]:
    """Capital that wears out and cannot be rebuilt, for want of what building takes."""
    n = len(economy.products)
    findings = []
    for accounts in economy.regions:
        required = accounts.capital_required.toarray().reshape(n, *accounts.capacity.shape)
        costs = (required != 0).any(axis=0) | (accounts.factor_use_building != 0).any(axis=0)
        wears = (
            np.isfinite(accounts.capacity) & (accounts.depreciation > 0) & (accounts.capacity > 0)
        )
        names = [accounts.activities[j] for j in np.nonzero((wears & ~costs).any(axis=0))[0]]
        if names:
            rate = float(accounts.depreciation[wears & ~costs].max())
            findings.append(
                Finding(
                    "capital_not_rebuilt",
                    "warning",
                    accounts.region,
                    names[0] if len(names) == 1 else "",
                    rate,
                    f"{accounts.region} cannot rebuild capital that wears out: {listed(names)}.",
                    "Say what a unit of capacity takes, in the table capital_required.",
                )
            )
    return findings
