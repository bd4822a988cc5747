"""Multipliers of a table: what one unit of final demand for a product sets in motion.

Source: Miller and Blair (2009), *Input-Output Analysis*, 2nd ed., ch. 6 (one region: 6.2; many
regions: 6.3).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.economy import Array
from planboard.leontief.factors import factor_coefficients, per_made
from planboard.leontief.flow_coefficients import outside_rows
from planboard.leontief.requirements import Requirements, requirements_of
from planboard.tables import InputOutputTable

OUTSIDE_INPUTS = "inputs from outside"
UNBALANCED = "unbalanced"


def output_multipliers(
    table: InputOutputTable, *, requirements: Requirements | None = None
) -> pd.DataFrame:
    """Output of everyone per unit of final demand for each product; its home's part and the rest.

        total  Σ_i L[i,j],    within_region  Σ_{i in the region of j} L[i,j],    spillover  the rest

    Returns
    -------
    table: (region, sector) x (total, within_region, spillover) [unit of output / unit of final
    demand]. What is made outside counts nowhere. A sector that makes nothing has one: its own unit.
    """
    solved = requirements or requirements_of(table)
    home = solved.labels.get_level_values("region").to_numpy()
    own = np.array([home == region for region in table.regions])
    # Home and elsewhere are summed apart, so that a spillover of nothing is exactly nothing.
    within, spillover = (
        solved.embodied(rows.astype(np.float64))[own.argmax(axis=0), np.arange(len(home))]
        for rows in (own, ~own)
    )
    return pd.DataFrame(
        {"total": within + spillover, "within_region": within, "spillover": spillover},
        index=solved.labels,
    )


def factor_multipliers(
    table: InputOutputTable,
    factors: Sequence[str] | None = None,
    *,
    requirements: Requirements | None = None,
) -> pd.DataFrame:
    """Factors in one unit of final demand for each product, directly and indirectly.

        M = S L,    S[k,j] = F[k,j] / x[j]

    Returns
    -------
    table: factor x (region, sector), pymrio's M [unit of the factor / unit of output]
    """
    solved = requirements or requirements_of(table)
    per_unit = factor_coefficients(table, factors)
    found = solved.embodied(per_unit.to_numpy())
    return pd.DataFrame(found, index=per_unit.index, columns=per_unit.columns)


def type_one_multipliers(
    table: InputOutputTable,
    factors: Sequence[str] | None = None,
    *,
    requirements: Requirements | None = None,
) -> pd.DataFrame:
    """Factors in all per unit of the factor in the product's own sector.

        type I:  M[k,j] / S[k,j]

    Returns
    -------
    table: factor x (region, sector), no unit; NaN where the sector itself uses none
    """
    direct = factor_coefficients(table, factors)
    total = factor_multipliers(table, factors, requirements=requirements)
    return total / direct.where(direct != 0)


def cost_contents(
    table: InputOutputTable, *, requirements: Requirements | None = None
) -> pd.DataFrame:
    """What a unit of each product is paid for in the end, all the way up its inputs.

        c[item,j] = Σ_i v[item,i] L[i,j]

    Returns
    -------
    table: (every item of value added, "inputs from outside", "unbalanced") x (region, sector),
    each column adding up to one [money / money]. "unbalanced" is what columns of the table, up the
    line, do not account for. NaN for what is not made.

    Source: Miller and Blair (2009), section 2.6.
    """
    solved = requirements or requirements_of(table)
    costs = primary_costs(table)
    found = solved.embodied(per_made(costs, table).to_numpy())
    found[:, table.gross_output.to_numpy() == 0] = np.nan
    return pd.DataFrame(found, index=costs.index, columns=costs.columns)


def primary_costs(table: InputOutputTable) -> pd.DataFrame:
    """What each column pays besides inputs made here: item x (region, sector) [the table's unit].

    Value added by item, inputs from origins without accounts where there are such, and what the
    column does not account for where it does not balance.
    """
    more: dict[str, Array] = {}
    outside = outside_rows(table, table.transactions)
    if len(outside):
        more[OUTSIDE_INPUTS] = outside.to_numpy().sum(axis=0)
    gaps = table.column_gaps().to_numpy()
    if np.abs(gaps).max(initial=0.0) > 1e-12 * np.abs(table.gross_output).max():
        more[UNBALANCED] = gaps
    extra = pd.DataFrame(more, index=table.transactions.columns).T
    return pd.concat([table.value_added, extra]) if more else table.value_added
