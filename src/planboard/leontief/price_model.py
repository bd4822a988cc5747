"""Leontief's price model of a table: what a dearer item of value added does to every price."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planboard.labels import unknown_name
from planboard.leontief.factors import factor_uses, per_made
from planboard.leontief.flow_coefficients import label_text
from planboard.leontief.requirements import Requirements, requirements_of
from planboard.tables import InputOutputTable


def price_change(
    table: InputOutputTable,
    changes: Mapping[str, float] | None = None,
    *,
    charges: Mapping[str, float] | None = None,
    regions: Sequence[str] | None = None,
    requirements: Requirements | None = None,
) -> pd.Series:
    """Prices over those of the base year when items of value added cost more, or factors a charge.

        p = A' p + v + m,    so  p = 1 + L' Δv,    Δv = (change − 1) v_item + charge S_factor

    Every rise is passed on in full; quantities stay. Inputs from outside (m), all other items, and
    what a column does not account for keep their base prices.

    Parameters
    ----------
    table
    changes
        Factor by item of value added: {"labour": 1.3} makes labour thirty per cent dearer.
    charges
        Money by unit of a published factor, such as {"CO2": 0.05}: the table's money unit per unit
        of the factor.
    regions
        Where the changes hold; everywhere by default.
    requirements
        Those of the table, where they are known already.

    Returns
    -------
    series over (region, sector), one where nothing changes [new price / base price]; NaN for what
    is not made and so has no price

    Source: Miller and Blair (2009), *Input-Output Analysis*, 2nd ed., section 2.6.
    """
    solved = requirements or requirements_of(table)
    for region in regions or ():
        if region not in table.regions:
            raise unknown_name("region", region, table.regions, table.publication.name)
    dearer = _dearer(table, changes or {}, charges or {})
    if regions is not None:
        dearer = dearer * dearer.columns.isin(list(regions), level="region")
    added = per_made(dearer, table).to_numpy().sum(axis=0)
    prices = 1.0 + solved.embodied(added)
    prices[table.gross_output.to_numpy() == 0] = np.nan
    return pd.Series(prices, index=solved.labels, name="price")


def _dearer(
    table: InputOutputTable, changes: Mapping[str, float], charges: Mapping[str, float]
) -> pd.DataFrame:
    """What every change adds to the cost of each column [the table's unit]."""
    items = {label_text(label): label for label in table.value_added.index}
    rows = []
    for item, factor in changes.items():
        if item not in items:
            raise unknown_name("item of value added", item, list(items))
        rows.append((factor - 1.0) * table.value_added.loc[items[item]])
    if charges:
        uses = factor_uses(table, list(charges))
        rows += [charge * uses.loc[name] for name, charge in charges.items()]
    columns = table.transactions.columns
    return pd.DataFrame(
        np.array([row.to_numpy() for row in rows]).reshape(len(rows), len(columns)),
        columns=columns,
    )
