"""What rests on figures that no publisher states."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.audit.finding import Finding, counted, listed, part_of
from planboard.audit.panel import Panel
from planboard.economy import Array, Economy

ALL = ("", "all")  # What the table says of an activity where it means every one.
# Measures by what they are for a plan.
HOURS = frozenset(["hours", "hours_high", "hours_medium", "hours_low"])
CAPITAL = frozenset(["capital_stock", "stock", "capital", "investment", "depreciation"])


def imputed_accounts(panel: Panel) -> list[Finding]:
    """What was filled in: regions as a whole, and of others one finding for each measure."""
    table = panel.economy.imputed
    if table is None or table.empty:
        return _assumed(panel.economy)
    whole = {
        (region, measure)
        for (region, measure), rows in table.groupby(["region", "measure"])
        if _cells(panel, rows)[panel.worth > 0].sum() >= _running(panel, str(region))
    }
    alike: dict[tuple[str, ...], list[str]] = {}
    for region in dict.fromkeys(table["region"]):
        measures = sorted(str(measure) for where, measure in whole if where == region)
        if measures:
            alike.setdefault(tuple(measures), []).append(str(region))
    findings = [_whole_regions(panel, where, what) for what, where in alike.items()]
    keys = pd.MultiIndex.from_frame(table[["region", "measure"]])
    parts = table[~keys.isin(list(whole))]
    findings += [_in_part(panel, str(m), rows) for m, rows in parts.groupby("measure", sort=False)]
    return [*findings, *_assumed(panel.economy)]


def filled_regions(economy: Economy, measures: Iterable[str]) -> set[str]:
    """Regions of which every one of these measures was filled in, for some activity at least."""
    table = economy.imputed
    if table is None or table.empty:
        return set()
    also = {"hours": HOURS, "capital_stock": {"capital_stock", "stock"}}
    found = [
        set(table["region"][table["measure"].isin(also.get(measure, {measure}))])
        for measure in measures
    ]
    return set.intersection(*found) if found else set()


def _whole_regions(panel: Panel, regions: Sequence[str], measures: Sequence[str]) -> Finding:
    """Regions of which the same measures are filled in for every activity."""
    table = panel.economy.imputed
    assert table is not None
    rows = table[table["region"].isin(regions) & table["measure"].isin(measures)]
    share = _share(panel, panel.worth, _cells(panel, rows))
    return Finding(
        "imputed_accounts",
        "note",
        regions[0] if len(regions) == 1 else "",
        measures[0] if len(measures) == 1 else "",
        share,
        f"{listed(measures, 6)} of all of {listed(regions, 8)} "
        f"{'is' if len(measures) == 1 else 'are'} filled in, not published: {_methods(rows)}. "
        f"That is {part_of(share, 'output')}{_shares(panel, rows)}.",
        "None is needed; read results as resting on that.",
    )


def _in_part(panel: Panel, measure: str, rows: pd.DataFrame) -> Finding:
    cells = _cells(panel, rows)
    share = _share(panel, panel.worth, cells)
    regions = list(dict.fromkeys(rows["region"]))
    return Finding(
        "imputed_accounts",
        "note",
        regions[0] if len(regions) == 1 else "",
        measure,
        share,
        f"{measure} of {counted(int(cells.sum()), 'activity')} in "
        f"{counted(len(regions), 'region')} ({listed(regions)}) is filled in, not published: "
        f"{_methods(rows)}. That is {part_of(share, 'output')}{_shares(panel, rows)}.",
        "None is needed; read results as resting on that.",
    )


def _shares(panel: Panel, rows: pd.DataFrame) -> str:
    """The share of hours or capital that the rows stand for, in words."""
    told = []
    for kind, values, what in ((HOURS, panel.hours, "hours"), (CAPITAL, panel.capital, "capital")):
        chosen = rows[rows["measure"].isin(kind)]
        if len(chosen) and np.isfinite(values).any():
            told.append(part_of(_share(panel, values, _cells(panel, chosen)), what))
    return f", {' and '.join(told)}" if told else ""


def _methods(rows: pd.DataFrame) -> str:
    """Methods and donors, those of most rows first."""
    pairs = rows.groupby(["method", "donors"], sort=False).size().sort_values(ascending=False)
    told = [f"{method}{f' ({donors})' if donors else ''}" for method, donors in pairs.index]
    return "; ".join(dict.fromkeys(told[:3])) + (f"; {len(told) - 3} more" if len(told) > 3 else "")


def _cells(panel: Panel, rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Which running (region, activity) the rows speak of, shape (R, m)."""
    cells = np.zeros(panel.worth.shape, dtype=bool)
    region = pd.Index(panel.regions).get_indexer(pd.Index(rows["region"]))
    activity = pd.Index(panel.activities).get_indexer(pd.Index(rows["activity"]))
    single = (region >= 0) & (activity >= 0)
    cells[region[single], activity[single]] = True
    cells[region[rows["activity"].isin(ALL).to_numpy() & (region >= 0)]] = True
    return np.asarray(cells & (panel.worth > 0))


def _running(panel: Panel, region: str) -> int:
    """How many activities of a region have output, at least one."""
    if region not in panel.regions:
        return 1
    return max(int((panel.worth[panel.regions.index(region)] > 0).sum()), 1)


def _share(panel: Panel, values: Array, cells: NDArray[np.bool_]) -> float:
    total = float(np.nansum(values))
    return float(np.nansum(values[cells]) / total) if total else 0.0


def _assumed(economy: Economy) -> list[Finding]:
    """One finding on persons and growth that were imputed or assumed, where the books say so."""
    told: dict[str, list[str]] = {}
    if economy.growth is not None and "assumed" in economy.growth:
        for row in economy.growth[economy.growth["assumed"].astype(bool)].itertuples():
            told.setdefault(f"growth of {row.quantity}", []).append(str(row.region))
    if economy.persons is not None:
        source = economy.persons["source"].astype(str).str.lower()
        for row in economy.persons[source.str.startswith("imputed")].itertuples():
            told.setdefault(f"persons ({row.measure})", []).append(str(row.region))
    if not told:
        return []
    regions = list(dict.fromkeys(region for some in told.values() for region in some))
    return [
        Finding(
            "assumed_figures",
            "note",
            regions[0] if len(regions) == 1 else "",
            "",
            len(regions) / len(economy.regions),
            "Assumed, not published: "
            + "; ".join(f"{what} of {listed(where)}" for what, where in told.items())
            + ".",
            "None is needed; the notes of the economy say on what they rest.",
        )
    ]
