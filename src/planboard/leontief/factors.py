"""Factors of a table by name: published ones, an item of value added, or value added as a whole."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.errors import InvalidTableError
from planboard.labels import unknown_name
from planboard.leontief.flow_coefficients import aligned, divided, label_text
from planboard.tables import InputOutputTable

VALUE_ADDED = "value added"  # All items together: taxes and margins too, where the table has them.


def factor_names(table: InputOutputTable) -> list[str]:
    """Every name that `factor_uses` knows: value added, its items, the table's factors."""
    published = [] if table.factors is None else [label_text(name) for name in table.factors.index]
    items = [label_text(name) for name in table.value_added.index]
    return list(dict.fromkeys([VALUE_ADDED, *published, *items]))


def factor_uses(table: InputOutputTable, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Use of factors by those who produce: factor x (region, sector), in the unit of each.

    Parameters
    ----------
    table
    names
        Factors, items of value added, or "value added" for all items together. Default: value
        added, and every published factor.

    Raises
    ------
    UnknownNameError, InvalidTableError
        A name that does not exist; a factor with cells that nobody published.
    """
    if names is None:
        names = _published(table)
    rows = {name: _use(table, name) for name in names}
    found = pd.DataFrame(rows, index=table.transactions.columns).T
    _refuse_missing(table, found)
    return found


def factor_coefficients(
    table: InputOutputTable, names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Use of factors per unit of output: S, factor x (region, sector).

    Real accounts know workers, and smoke, where the table knows no output. Nothing made can embody
    them: they are left out here, and `idle_uses` says how much that is.
    """
    return per_made(factor_uses(table, names), table)


def idle_uses(table: InputOutputTable, names: Sequence[str] | None = None) -> pd.Series:
    """Use of factors by sectors that make nothing, which is in no footprint: by factor."""
    return factor_uses(table, names).loc[:, table.gross_output == 0].sum(axis=1)


def per_made(rows: pd.DataFrame, table: InputOutputTable) -> pd.DataFrame:
    """Rows over the output of their column; zero where nothing is made."""
    output = aligned(table.gross_output, rows.columns)
    values = np.where(output == 0, 0.0, rows.to_numpy(dtype=np.float64))
    return pd.DataFrame(divided(values, output, axis=1), index=rows.index, columns=rows.columns)


def direct_uses(table: InputOutputTable, names: Sequence[str]) -> pd.DataFrame:
    """Use of factors by final users themselves, such as fuel burnt at home: factor x (region,
    category) of final use. Zero for value added, of which final users have none; NaN for a factor
    of which nothing is published.
    """
    found = pd.DataFrame(np.nan, index=list(names), columns=table.final_use.columns)
    added = {VALUE_ADDED, *map(label_text, table.value_added.index)}
    direct = table.factors_final_use
    lines = {} if direct is None else {label_text(name): name for name in direct.index}
    for name in names:
        if direct is not None and name in lines:
            if not direct.columns.equals(table.final_use.columns):
                direct = direct.reindex(columns=table.final_use.columns)
            found.loc[name] = direct.loc[lines[name]].to_numpy(dtype=np.float64)
        elif name in added:
            found.loc[name] = 0.0
    known = found.loc[found.notna().any(axis=1)]
    _refuse_missing(table, known)
    return found


def factor_unit(table: InputOutputTable, name: str) -> str:
    """The unit of a factor; money for value added."""
    published = [] if table.factors is None else [label_text(row) for row in table.factors.index]
    if name in published:
        units = {label_text(factor): unit for factor, unit in table.factor_units.items()}
        return units.get(name, "unit not stated")
    return table.publication.unit


def is_known(table: InputOutputTable, name: str) -> bool:
    """Whether every producer says how much of a factor it uses."""
    return not _use(table, name).isna().any()


def _published(table: InputOutputTable) -> list[str]:
    factors = [] if table.factors is None else [label_text(name) for name in table.factors.index]
    return list(dict.fromkeys([VALUE_ADDED, *factors]))


def _use(table: InputOutputTable, name: str) -> pd.Series:
    """One row; a published factor comes before an item of value added of the same name."""
    for rows in (table.factors, table.value_added):
        if rows is not None:
            for label in rows.index:
                if label_text(label) == name:
                    return pd.Series(rows.loc[label])
    if name == VALUE_ADDED:
        return table.value_added.sum(axis=0)
    raise unknown_name("factor", name, factor_names(table), f"table '{table.publication.name}'")


def _refuse_missing(table: InputOutputTable, found: pd.DataFrame) -> None:
    faults = []
    for name in found.index[found.isna().any(axis=1)]:
        cells = found.columns[found.loc[name].isna()]
        regions = ", ".join(dict.fromkeys(str(label[0]) for label in cells))
        faults.append(f"{name}: {len(cells)} cells missing, in {regions}")
    if faults:
        raise InvalidTableError(
            f"Table '{table.publication.name}' does not say who uses these factors.",
            faults,
            "A missing number is not zero: fill it in as a recorded step, or ask for others.",
        )
