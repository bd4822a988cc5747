"""Deflators: by what flows are divided, product by product and region by region, with a source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy, RegionAccounts
from planboard.errors import InvalidTableError
from planboard.labels import unknown_name
from planboard.reshape.concordance_file import number, read_lines
from planboard.reshape.merging import Flags
from planboard.reshape.once import check_once

COLUMNS = ["region", "product", "value", "source"]
ALL = "all"  # Every region, or every product.
NEGLIGIBLE = 0.01  # Of a region's output: an activity below takes the region's mean price.

Donors = Mapping[str, Sequence[str]]


def read_deflators(path: str | Path) -> pd.DataFrame:
    """Read deflators from a CSV file: region, product, value, source.

    `all` stands for every region or product; a line that is more exact goes before it. The value is
    money of the accounts per money of the result: 1.2 where prices were a fifth higher.

    Raises
    ------
    UnreadableFileError, InvalidTableError, UnknownNameError
        With the file and the line.
    """
    file = Path(path)
    lines = read_lines(file)
    header = [cell.lower() for cell in lines[0][1]]
    for name in header:
        if name not in COLUMNS:
            raise unknown_name("column", name, COLUMNS, f"{file}, line {lines[0][0]}")
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise InvalidTableError(
            f"{file} lacks columns of deflators.",
            [f"missing: {', '.join(missing)}"],
            "Name region (or all), product (or all), value and source in the first line.",
        )
    rows = []
    for line, cells in lines[1:]:
        row = dict(zip(header, cells, strict=True))
        value = number(row["value"], file, line, "value")
        rows.append((row["region"] or ALL, row["product"] or ALL, value, row["source"]))
    table = pd.DataFrame(rows, columns=COLUMNS)
    check_deflators(table, str(file))
    return table


def check_deflators(table: pd.DataFrame, name: str) -> None:
    """Refuse deflators that are not positive, stand twice, or are nobody's."""
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise InvalidTableError(
            f"{name} lacks columns of deflators.", missing, f"Columns: {', '.join(COLUMNS)}."
        )
    value = table["value"].astype(float)
    twice = table.duplicated(COLUMNS[:2])
    unnamed = table["source"].fillna("").astype(str).str.strip() == ""
    faults = [
        f"{region}, {product}: {what}"
        for wrong, what in (
            (~(np.isfinite(value) & (value > 0)), "not a positive number"),
            (twice, "stands twice"),
            (unnamed, "no source"),
        )
        for region, product in table.loc[wrong, COLUMNS[:2]].to_numpy()
    ]
    if faults:
        raise InvalidTableError(
            f"{name} holds deflators that cannot be used.",
            faults,
            "A deflator is a positive number that says where it is from.",
        )


def series_deflators(economy: Economy, to_year: int, donors: Donors | None = None) -> pd.DataFrame:
    """Deflators from the economy's own series: region, product, value, source.

        d[r,j] = P[r,j,base year] / P[r,j,to year] · X[r,base year] / X[r,to year]

    P price index of output, X exchange rate where the series have one. A product has the mean of
    its makers: current output over output at constant prices; where a region passes on what it does
    not make, the mean of all makers.

    Parameters
    ----------
    donors : region without prices of its own -> regions whose mean change it takes

    Raises
    ------
    InvalidTableError
        Prices of a region are not known, and nobody was named to stand in.
    """
    changes = _changes(economy, to_year)
    found = [
        _region_change(economy, a, changes, (donors or {}).get(a.region, ()))
        for a in economy.regions
    ]
    unknown = [
        f"{a.region}: {named(a.activities, change.unknown)}"
        for a, change in zip(economy.regions, found, strict=True)
        if change.unknown.any()
    ]
    if unknown:
        raise InvalidTableError(
            f"The series of '{economy.name}' do not say how prices moved from {to_year} to "
            f"{economy.base_year}.",
            unknown,
            "Name donors for these regions, or give a table of deflators.",
        )
    current = np.array([change.current for change in found])
    constant = np.array([change.constant for change in found])
    everyone = current.sum(axis=0) / np.where(constant.sum(axis=0) > 0, constant.sum(axis=0), 1.0)
    rows = []
    for r, (region, change) in enumerate(zip(economy.region_names, found, strict=True)):
        for i, product in enumerate(economy.product_names):
            if current[r, i] > 0:
                rows.append((region, product, current[r, i] / constant[r, i], change.source))
            elif everyone[i] > 0:
                told = "series: output_price, mean of all makers where a region does not make it"
                rows.append((region, product, everyone[i], told))
    return pd.DataFrame(rows, columns=COLUMNS)


def named(names: Sequence[str], chosen: Flags) -> str:
    """The chosen names, or that it is all of them."""
    found = [name for name, is_chosen in zip(names, chosen, strict=True) if is_chosen]
    return ", ".join(found) if len(found) < len(names) else f"all {len(found)}"


@dataclass(frozen=True, eq=False)
class _Change:
    """Output of a region's products at current and at constant prices, shape (n,) each."""

    current: Array
    constant: Array
    unknown: Flags  # activities that run and have no price
    source: str


def _region_change(
    economy: Economy,
    a: RegionAccounts,
    changes: Mapping[tuple[str, str], float],
    donors: Sequence[str],
) -> _Change:
    """How a region's product prices changed; gaps filled from donors, or where negligible."""
    own = np.array([changes.get((a.region, name), np.nan) for name in a.activities])
    worth = np.asarray(a.level * a.output.sum(axis=0))
    source = "series: output_price" + (", exchange_rate" if _has_rate(economy) else "")
    missing = np.isnan(own) & (worth > 0)
    known = ~np.isnan(own) & (worth > 0)
    if missing.any() and donors:
        given = [_donors_change(economy, name, changes, donors) for name in a.activities]
        own = np.where(missing, given, own)
        source += f"; where {a.region} has none: mean of {', '.join(donors)}"
    elif known.any() and 0 < worth[missing].sum() <= NEGLIGIBLE * worth.sum():
        own = np.where(missing, worth[known].sum() / (worth[known] / own[known]).sum(), own)
        source += "; where an activity below 1 % of output has none: the region's mean"
    flows = a.output.toarray() * a.level
    per = np.divide(1.0, own, out=np.zeros_like(own), where=~np.isnan(own))
    unknown = np.isnan(own) & (worth > 0)
    return _Change(flows.sum(axis=1), np.asarray(flows @ per), unknown, source)


def _has_rate(economy: Economy) -> bool:
    series = economy.series
    return series is not None and bool((series["measure"] == "exchange_rate").any())


def _changes(economy: Economy, to_year: int) -> dict[tuple[str, str], float]:
    """(region, activity) -> money of the base year per money of the other year."""
    if economy.series is None:
        raise InvalidTableError(
            f"Economy '{economy.name}' has no series.",
            [],
            "Give a table of deflators: region, product, value, source.",
        )
    series = economy.series
    check_once(series)
    changes = []
    for measure in ("output_price", "exchange_rate"):
        rows = series[series["measure"] == measure].astype({"year": int})
        if measure == "exchange_rate" and rows.empty:
            continue
        table = rows.pivot(index=["region", "activity"], columns="year", values="value")
        years = [year for year in (economy.base_year, to_year) if year not in table]
        if years:
            raise InvalidTableError(
                f"The series of '{economy.name}' do not have {measure} of every year asked for.",
                [f"missing: {', '.join(map(str, years))}"],
                f"Known: {', '.join(str(year) for year in table.columns) or 'no year'}.",
            )
        changes.append(table[economy.base_year] / table[to_year])
    found = changes[0] if len(changes) == 1 else changes[0] * changes[1]
    usable = found[np.isfinite(found) & (found > 0)]
    return dict(zip(usable.index.tolist(), usable.tolist(), strict=True))


def _donors_change(
    economy: Economy, activity: str, change: Mapping[tuple[str, str], float], donors: Sequence[str]
) -> float:
    """Mean change of an activity's price in the donor regions, weighted with their output."""
    current = constant = 0.0
    for donor in donors:
        accounts = economy.region(donor)
        if activity in accounts.activities and (donor, activity) in change:
            j = accounts.activities.index(activity)
            made = float(accounts.level[j])
            current += made
            constant += made / change[donor, activity]
    return current / constant if constant > 0 else float("nan")
