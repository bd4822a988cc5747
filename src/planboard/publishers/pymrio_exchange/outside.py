"""Regions without accounts, as pymrio can hold them, and back.

pymrio wants a square Z and Y of the same regions. Rows that no column answers to (imports from
outside) are put into an extension. A column of Y of a region without accounts (exports to
outside) is split by seller: each region gets a category "exports of outside" of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planboard.errors import InvalidTableError
from planboard.tables import InputOutputTable

EXTENSION = "imports"


@dataclass(frozen=True)
class Outside:
    """What of a table lies outside.

    order : for every row of the table, where it stands among inside rows, then outside ones;
        empty where that is the order already
    rows : (origin, sector) without a column
    columns : every column of final use, where some are of regions without accounts
    regions : regions with accounts
    """

    regions: tuple[str, ...]
    order: tuple[int, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()

    def head(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "regions": list(self.regions),
            "order": list(self.order),
            "rows": [list(row) for row in self.rows],
            "columns": [list(column) for column in self.columns],
        }

    @staticmethod
    def of_head(head: Mapping[str, Any]) -> "Outside":
        """What `head` told."""
        return Outside(
            tuple(head["regions"]),
            tuple(head["order"]),
            tuple((row[0], row[1]) for row in head["rows"]),
            tuple((column[0], column[1]) for column in head["columns"]),
        )

    def sold(self) -> list[tuple[str, str]]:
        """Columns of final use of regions without accounts."""
        return [column for column in self.columns if column[0] not in self.regions]


def outside_of(table: InputOutputTable) -> Outside:
    """What of a table lies outside; a sector that has a column and no row is refused."""
    columns, rows = table.transactions.columns, table.transactions.index
    lacking = columns.difference(rows)
    if len(lacking):
        raise InvalidTableError(
            f"Table '{table.publication.name}' has sectors that buy and have no row.",
            [", ".join(map(str, pair)) for pair in lacking],
            "pymrio takes square tables: give each of them a row, of zeros if it sells nothing.",
        )
    if rows.equals(columns):
        order, outer = np.arange(0), rows[:0]
    else:
        outer = rows[~rows.isin(columns)]
        order = columns.append(outer).get_indexer(rows)
    is_sorted = bool((order == np.arange(len(order))).all())
    bought = _pairs(table.final_use.columns)
    return Outside(
        regions=table.regions,
        order=() if is_sorted else tuple(int(n) for n in order),
        rows=tuple(_pairs(outer)),
        columns=tuple(bought) if any(r not in table.regions for r, _ in bought) else (),
    )


def inside_rows(flows: pd.DataFrame, outside: Outside) -> pd.DataFrame:
    """The rows that columns answer to, in the order of the columns; no copy if they come first."""
    if not outside.rows and not outside.order:
        return flows
    count = len(flows) - len(outside.rows)
    return flows.iloc[:count] if not outside.order else flows.iloc[_sorter(outside)[:count]]


def outside_rows(flows: pd.DataFrame, outside: Outside) -> pd.DataFrame:
    """The rows that no column answers to."""
    count = len(flows) - len(outside.rows)
    return flows.iloc[count:] if not outside.order else flows.iloc[_sorter(outside)[count:]]


def joined_rows(inside: pd.DataFrame, outer: pd.DataFrame | None, outside: Outside) -> pd.DataFrame:
    """Both again, in the order of the table."""
    if outer is None and not outside.order:
        return inside
    flows = inside if outer is None else pd.concat([inside, outer])
    return flows if not outside.order else flows.iloc[list(outside.order)]


def _sorter(outside: Outside) -> list[int]:
    return [int(n) for n in np.argsort(outside.order)]


def folded(values: pd.DataFrame, outside: Outside) -> pd.DataFrame:
    """Columns of final use by regions with accounts alone: what is sold outside, by its seller.

    Rows that have no seller here (factors, imports) are booked with the first region.
    """
    if not outside.columns:
        return values
    inner = [column for column in outside.columns if column[0] in outside.regions]
    parts = [values[inner]] if inner else [values.iloc[:, :0]]
    sellers = _sellers(values.index, outside.regions)
    for region in outside.regions:
        for column in outside.sold():
            own = values[column].where(sellers == region, 0.0)
            parts.append(own.to_frame().set_axis([_column(region, column)], axis=1))
    found = pd.concat(parts, axis=1)
    found.columns = pd.MultiIndex.from_tuples(_pairs(found.columns), names=values.columns.names)
    return found


def unfolded(values: pd.DataFrame, outside: Outside) -> pd.DataFrame:
    """The columns of final use as the table had them."""
    if not outside.columns:
        return values
    parts = []
    for column in outside.columns:
        if column[0] in outside.regions:
            parts.append(values[column])
        else:
            split = [_column(region, column) for region in outside.regions]
            parts.append(values[split].sum(axis=1))
    columns = pd.MultiIndex.from_tuples(outside.columns, names=values.columns.names)
    return pd.concat(parts, axis=1).set_axis(columns, axis=1)


def _pairs(axis: pd.Index) -> list[tuple[str, str]]:
    return [(label[0], label[1]) for label in axis]


def _column(region: str, column: tuple[str, str]) -> tuple[str, str]:
    return region, f"{column[1]} of {column[0]}"


def _sellers(rows: pd.Index, regions: Sequence[str]) -> pd.Series:
    """The region that sells in each row; the first one where none does."""
    first = pd.Series(regions[0], index=rows)
    if rows.nlevels < 2:
        return first
    names = pd.Series(rows.get_level_values(0), index=rows)
    return names.where(names.isin(regions), first)
