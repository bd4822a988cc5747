"""Hypothetical extraction: how much less would be made without a sector, or without its links.

    complete   rows and columns K of A, and the final use of K, are struck out
    backward   columns K of A are struck out: K buys no inputs made here
    forward    rows K of B are struck out: K sells no inputs, in Ghosh's model

With x as published, c = L_KK⁻¹ x_K and E_K the columns K of the identity, the fall in output is

    complete   L_·K c,    backward   (L_·K − E_K) c,    forward   1' L_KK⁻¹ (L_K· x̂ − x̂_K E_K')

from Sherman, Morrison and Woodbury; no matrix is inverted but L_KK. A row that does not balance
has its gap in final use. Sources: Paelinck and others (1965); Strassert (1968); Dietzenbacher and
van der Linden (1997), Journal of Regional Science 37: 235-257; Miller and Blair (2009), 12.2.6.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.economy import Array, Integers
from planboard.labels import unknown_name
from planboard.leontief.flow_coefficients import aligned
from planboard.leontief.requirements import Requirements, requirements_of
from planboard.tables import InputOutputTable

WAYS = ("complete", "backward", "forward")


def hypothetical_extraction(
    table: InputOutputTable,
    region: str | None = None,
    sector: str | None = None,
    *,
    how: str = "complete",
    requirements: Requirements | None = None,
) -> pd.Series:
    """Fall in everyone's output without a sector of a region, or without its links.

    Parameters
    ----------
    table
    region, sector
        What is extracted; all regions, or all sectors of the region, where not named.
    how
        "complete", "backward" (it buys nothing here) or "forward" (it sells no inputs).
    requirements
        Those of the table, where they are known already.

    Returns
    -------
    series over (region, sector), positive where less is made [the table's unit]

    Raises
    ------
    UnknownNameError
        No such region, sector or way.
    """
    if how not in WAYS:
        raise unknown_name("way of extracting a sector", how, WAYS)
    solved = requirements or requirements_of(table)
    at = _places(table, region, sector)
    output = aligned(table.gross_output, solved.labels)
    columns = solved.columns(at.tolist())
    core = columns[at]
    if how == "forward":
        fall = _without_sales(solved, at, core, output)
    else:
        fall = columns @ np.linalg.solve(core, output[at])
        fall[at] = output[at] if how == "complete" else fall[at] - np.linalg.solve(core, output[at])
    return pd.Series(fall, index=solved.labels, name="fall")


def extraction_effects(
    table: InputOutputTable,
    sectors: Sequence[tuple[str, str]],
    *,
    requirements: Requirements | None = None,
) -> pd.DataFrame:
    """Fall in gross output when each of these sectors alone is extracted, in all and of others.

    Returns
    -------
    table: (region, sector) x (output, complete, complete_others, backward, backward_others,
    forward, forward_others) [the table's unit]. One linear solve for each sector and side.
    """
    solved = requirements or requirements_of(table)
    at = np.concatenate([_places(table, *label) for label in sectors])
    output = aligned(table.gross_output, solved.labels)
    own, each = output[at], np.arange(len(at))
    columns = solved.columns(at.tolist())
    core = columns[at, each]
    rows = np.zeros((len(at), len(output)))
    rows[each, at] = 1.0
    sold = solved.embodied(rows) * output
    share = own / core
    others = {
        "complete": (columns.sum(axis=0) - core) * share,
        "backward": (columns.sum(axis=0) - core) * share,
        "forward": (sold.sum(axis=1) - sold[each, at]) / core,
    }
    of_own = {"complete": own, "backward": own - share, "forward": own - share}
    found = {"output": own}
    for how in WAYS:
        found |= {how: others[how] + of_own[how], f"{how}_others": others[how]}
    return pd.DataFrame(found, index=solved.labels[at])


def _without_sales(solved: Requirements, at: Integers, core: Array, output: Array) -> Array:
    """Fall in output where sectors sell no inputs: primary inputs stay as they are."""
    rows = np.zeros((len(at), len(output)))
    rows[np.arange(len(at)), at] = 1.0
    weight = np.linalg.solve(core.T, np.ones(len(at)))
    fall = (weight @ solved.embodied(rows)) * output
    fall[at] -= weight * output[at]
    return np.asarray(fall)


def _places(table: InputOutputTable, region: str | None, sector: str | None) -> Integers:
    """Where the sectors stand that are meant."""
    labels = table.transactions.columns
    meant = np.ones(len(labels), dtype=bool)
    for kind, name, known in (("region", region, table.regions), ("sector", sector, table.sectors)):
        if name is not None:
            if name not in known:
                raise unknown_name(kind, name, known, f"table '{table.publication.name}'")
            meant &= labels.get_level_values(kind) == name
    if not meant.any():
        have = labels[labels.get_level_values("region") == region].get_level_values("sector")
        raise unknown_name("sector", str(sector), list(have), f"region '{region}'")
    return np.nonzero(meant)[0].astype(np.int64)
