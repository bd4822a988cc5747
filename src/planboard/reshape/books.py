"""Books: an economy as its head and tidy tables, every label a category of its axis.

Reshaping works on these: relabelling is then a matter of integers, which keeps tables of millions
of rows within seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.economy import CARRIED, Economy
from planboard.economy_folder import economy_head, economy_of, economy_tables

Table = pd.DataFrame

# Column of a table -> the axis that its labels are of.
AXIS_OF = {
    "region": "region",
    "origin": "region",
    "destination": "region",
    "product": "product",
    "activity": "activity",
    "source": "activity",
    "target": "activity",
    "factor": "factor",
    "category": "category",
    "kind": "kind",
}
# Axis -> the section of the head that describes it.
SECTIONS = {
    "region": "regions",
    "product": "products",
    "factor": "factors",
    "category": "categories",
    "kind": "kinds",
}
# Tables of flows for `reference` units of an activity.
FLOWS = ("use", "supply", "factor_use", "factor_supply", "value_added")
PER_CAPACITY = ("capital_required", "factor_use_building")
ACTIVITY = ["region", "activity"]
CAPITAL = ["region", "kind", "activity"]


@dataclass(frozen=True, eq=False)
class Books:
    """Head and tables of an economy.

    head : what economy.json says
    axes : axis -> its codes in order; on "region" also partners without accounts
    tables : name -> tidy table, labels as categories of their axis; carried tables as they are
    """

    head: Mapping[str, Any]
    axes: Mapping[str, Sequence[str]]
    tables: Mapping[str, Table]

    def with_tables(self, **tables: Table) -> "Books":
        """The same books with these tables in place of those."""
        return replace(self, tables={**self.tables, **tables})

    @property
    def regions(self) -> list[str]:
        """Regions with accounts, in order."""
        return list(self.head["regions"])

    def named(self, axis: str, code: str) -> str:
        """The full name of a code."""
        described = self.head.get(SECTIONS.get(axis, ""), {}).get(code, {})
        return str(self.head["labels"].get(code, described.get("label", code)))

    def prices(self) -> NDArray[np.float64]:
        """Base-year price of every product, money per unit."""
        return np.array([about["price"] for about in self.head["products"].values()])


def books_of(economy: Economy) -> Books:
    """An economy as books."""
    head = economy_head(economy)
    axes = {
        "region": list(head["partners"]),
        "activity": list(economy.activity_names),
        **{axis: list(head[section]) for axis, section in SECTIONS.items() if axis != "region"},
    }
    tables = economy_tables(economy)
    for name in list(tables):
        if name not in CARRIED:
            tables[name] = as_categories(tables[name], axes)
    return Books(head, axes, tables)


def from_positions(at: Any, names: Sequence[str]) -> "pd.Series[Any]":
    """Labels at these positions of an axis, as a category."""
    return pd.Series(pd.Categorical.from_codes(at, categories=pd.Index(list(names))))


def label_columns(table: Table, axis: str | None = None) -> list[str]:
    """The columns of a table that hold codes of an axis, or of any."""
    return [
        str(column)
        for column in table
        if column in AXIS_OF and axis in (None, AXIS_OF[str(column)])
    ]


def as_categories(table: Table, axes: Mapping[str, Sequence[str]]) -> Table:
    """The table with every label a category of its axis."""
    return table.assign(
        **{
            column: pd.Categorical(table[column], categories=list(axes[AXIS_OF[column]]))
            for column in label_columns(table)
        }
    )


def economy_from(books: Books) -> Economy:
    """The economy that books describe, checked as a folder would be."""
    tables = {}
    for name, table in books.tables.items():
        labels = [] if name in CARRIED else label_columns(table)
        tables[name] = table.astype(dict.fromkeys(labels, "str"))
    return economy_of(books.head, tables, "the reshaped economy")


def with_step(head: Mapping[str, Any], step: Mapping[str, str]) -> dict[str, Any]:
    """The head with one more step in its history."""
    return {**head, "history": [*head["history"], step]}


def codes(
    table: Table, columns: Sequence[str], axes: Mapping[str, Sequence[str]]
) -> NDArray[np.int64]:
    """Where each row stands on the grid of these columns' axes: integers, last axis fastest."""
    place = np.zeros(len(table), dtype=np.int64)
    for column in columns:
        place = place * len(axes[AXIS_OF[column]]) + table[column].cat.codes.to_numpy()
    return place


def size(columns: Sequence[str], axes: Mapping[str, Sequence[str]]) -> int:
    """How many places the grid of these columns' axes has."""
    return int(np.prod([len(axes[AXIS_OF[column]]) for column in columns], dtype=np.int64))


def on_grid(
    table: Table, columns: Sequence[str], axes: Mapping[str, Sequence[str]], value: str = "value"
) -> NDArray[np.float64]:
    """Sums of a column over the grid of these columns' axes, flat."""
    values = table[value].to_numpy(dtype=float)
    found = np.bincount(codes(table, columns, axes), values, minlength=size(columns, axes))
    return found.astype(np.float64, copy=False)


def summed(table: Table, values: Sequence[str] = ("value",)) -> Table:
    """Values summed over rows of the same labels, in the order of the axes."""
    if table.empty:
        return table
    keys = [column for column in table if column not in values]
    found = table.groupby(keys, observed=True, sort=True)[list(values)].sum()
    return found.reset_index()[list(table.columns)]


def worth(books: Books, table: str) -> NDArray[np.float64]:
    """Money's worth of the products in a table by region and activity, on their grid."""
    flows = books.tables[table]
    price = books.prices()[flows["product"].cat.codes.to_numpy()]
    return on_grid(flows.assign(value=flows["value"] * price), ACTIVITY, books.axes)
