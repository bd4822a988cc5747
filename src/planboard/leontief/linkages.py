"""Linkages: how much a sector draws on the others, and how much the others draw on it.

Backward linkages sum a column of A or of L (Rasmussen 1957, *Studies in Inter-Sectoral Relations*);
forward linkages sum a row of B or of G (Ghosh's model; Beyers 1976, Jones 1976). Divided by their
mean they are above one where a sector is linked more than the average one: Rasmussen's power and
sensitivity of dispersion. Source: Miller and Blair (2009), *Input-Output Analysis*, 2nd ed.,
section 12.2.

Only inputs made in the table's own regions count. A sector that makes nothing has no linkages: NaN,
and it is no part of any mean.
"""

import numpy as np
import pandas as pd

from planboard.economy import Array
from planboard.leontief.flow_coefficients import aligned, own_rows
from planboard.leontief.requirements import Requirements, requirements_of
from planboard.tables import InputOutputTable

KEY, BACKWARD, FORWARD, WEAK = "key", "backward", "forward", "weak"


def backward_linkages(
    table: InputOutputTable, *, requirements: Requirements | None = None
) -> pd.DataFrame:
    """How much a sector draws on all sectors for a unit of output or of final demand.

        direct  Σ_i A[i,j],    total  Σ_i L[i,j],    power_of_dispersion  total / its mean

    Returns
    -------
    table: (region, sector) x (direct, total, direct_normalised, power_of_dispersion) [no unit]
    """
    solved = requirements or requirements_of(table)
    output = _made(table)
    direct = own_rows(table, table.transactions).to_numpy().sum(axis=0) / output
    total = solved.embodied(np.ones(len(output)))
    return _linkages(solved.labels, output, direct, total, "power_of_dispersion")


def forward_linkages(
    table: InputOutputTable, *, requirements: Requirements | None = None
) -> pd.DataFrame:
    """How much all sectors draw on a sector's output.

        direct  Σ_j B[i,j],    total  Σ_j G[i,j] = Σ_j L[i,j] x[j] / x[i],
        total_normalised  total / its mean,
        sensitivity_of_dispersion  Σ_j L[i,j] / its mean

    Returns
    -------
    table: (region, sector) x (direct, total, direct_normalised, total_normalised,
    sensitivity_of_dispersion) [no unit]

    Notes
    -----
    The last is Rasmussen's, from L: it asks what one unit of final demand for everything takes,
    whatever its size; Miller and Blair (and most since Jones 1976) prefer G.
    """
    solved = requirements or requirements_of(table)
    output = _made(table)
    x = np.where(np.isnan(output), 0.0, output)
    direct = own_rows(table, table.transactions).to_numpy().sum(axis=1) / output
    needed = solved.of(np.column_stack([x, np.ones(len(x))]))
    found = _linkages(solved.labels, output, direct, needed[:, 0] / output, "total_normalised")
    found["sensitivity_of_dispersion"] = _normalised(needed[:, 1], output)
    return found


def key_sectors(backward: pd.DataFrame, forward: pd.DataFrame) -> pd.Series:
    """Four kinds of sectors, by their linkages beside the mean of all.

    "key" : both above one (Miller and Blair: generally dependent); "backward" : only drawing on
    others; "forward" : only drawn on; "weak" : neither (generally independent). Total linkages
    count, forward ones from G. A sector that makes nothing is of no kind: "".
    """
    pull = backward["power_of_dispersion"].to_numpy()
    push = forward["total_normalised"].reindex(backward.index).to_numpy()
    kinds = np.select(
        [np.isnan(pull) | np.isnan(push), (pull > 1) & (push > 1), pull > 1, push > 1],
        ["", KEY, BACKWARD, FORWARD],
        WEAK,
    )
    return pd.Series(kinds, index=backward.index, name="kind")


def _made(table: InputOutputTable) -> Array:
    """Gross output, NaN where nothing is made."""
    output = aligned(table.gross_output, table.transactions.columns)
    return np.where(output > 0, output, np.nan)


def _linkages(
    labels: pd.Index, output: Array, direct: Array, total: Array, name: str
) -> pd.DataFrame:
    columns = {
        "direct": direct,
        "total": np.where(np.isnan(output), np.nan, total),
        "direct_normalised": _normalised(direct, output),
        name: _normalised(total, output),
    }
    return pd.DataFrame(columns, index=labels)


def _normalised(linkage: Array, output: Array) -> Array:
    """Over the mean of all sectors that make something; NaN throughout where that is zero."""
    known = np.where(np.isnan(output), np.nan, linkage)
    if np.isnan(known).all():
        return known
    mean = float(np.nanmean(known))
    return known / mean if mean else np.full(len(known), np.nan)
