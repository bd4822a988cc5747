"""Merging: books beside the targets of their codes, and what sums and accounts need of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.reshape.books import (
    ACTIVITY,
    AXIS_OF,
    Books,
    Table,
    codes,
    from_positions,
    on_grid,
    size,
    summed,
    worth,
)
from planboard.reshape.mapping import MAPPED, AxisMap, Resolved, relabelled

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Merging:
    """Books and where each of their codes goes.

    Grids are flat arrays over (region, activity) of the old axes unless told otherwise.
    """

    books: Books
    maps: Mapping[str, AxisMap]

    @property
    def axes(self) -> dict[str, Sequence[str]]:
        """The new axes."""
        return {**self.books.axes, **{axis: found.targets for axis, found in self.maps.items()}}

    def relabelled(self, table: Table) -> Table:
        """The table under the new labels; rows stay apart."""
        return relabelled(table, self.maps)

    def summed(self, table: Table, values: Sequence[str] = ("value",)) -> Table:
        """The table under the new labels, rows of the same labels summed."""
        return summed(self.relabelled(table), values)

    def target_cells(self, columns: Sequence[str]) -> NDArray[np.int64]:
        """For every place of the old grid of these columns, its place on the new grid."""
        place = np.zeros(1, dtype=np.int64)
        for column in columns:
            axis = AXIS_OF[column]
            lookup = (
                self.maps[axis].lookup
                if axis in self.maps
                else np.arange(len(self.books.axes[axis]), dtype=np.int64)
            )
            place = (place[:, None] * len(self.axes[axis]) + lookup[None, :]).ravel()
        return place

    def over_targets(self, grid: Array, columns: Sequence[str] = ACTIVITY) -> Array:
        """Sums of an old grid over the targets, shape of the new grid."""
        cells = self.target_cells(columns)
        found = np.bincount(cells, weights=grid, minlength=size(columns, self.axes))
        return found.astype(np.float64, copy=False)

    @cached_property
    def level(self) -> Array:
        """Base-year level of every activity."""
        return on_grid(self.books.tables["activity"], ACTIVITY, self.books.axes, "level")

    @cached_property
    def exists(self) -> Flags:
        """Whether the region knows the activity."""
        cells = codes(self.books.tables["activity"], ACTIVITY, self.books.axes)
        found = np.zeros(size(ACTIVITY, self.books.axes), dtype=bool)
        found[cells] = True
        return found

    @cached_property
    def counts(self) -> Flags:
        """Whether an activity counts in its target: it ran, or nothing in its target ran."""
        group = self.over_targets(self.level)[self.target_cells(ACTIVITY)]
        return np.asarray(self.exists & ((self.level > 0) | (group == 0)))

    def counted(self, table: Table) -> Table:
        """The rows of activities that count in their target."""
        counts: Table = table[self.counts[codes(table, ACTIVITY, self.books.axes)]]
        return counts

    @cached_property
    def output(self) -> Array:
        """Money's worth of what every activity made in the base year."""
        return np.where(self.level > 0, worth(self.books, "supply"), 0.0)

    @cached_property
    def hours(self) -> Array:
        """Hours worked by region, all kinds of labour together."""
        labour = [
            name for name, about in self.books.head["factors"].items() if about["role"] == "labour"
        ]
        table = self.books.tables["factor_use"]
        return on_grid(table[table["factor"].isin(labour)], ["region"], self.books.axes)

    @cached_property
    def members(self) -> NDArray[np.int64]:
        """How many regions with accounts go into every new region."""
        return np.bincount(
            self.maps["region"].lookup[self.with_accounts],
            minlength=len(self.maps["region"].targets),
        )

    @cached_property
    def with_accounts(self) -> NDArray[np.int64]:
        """Positions of the regions that have accounts."""
        place = {code: position for position, code in enumerate(self.books.axes["region"])}
        return np.array([place[code] for code in self.books.regions], dtype=np.int64)

    def target_of(self, axis: str) -> dict[str, str]:
        """Code -> its target."""
        found = self.maps[axis]
        return {
            code: found.targets[position]
            for code, position in zip(self.books.axes[axis], found.lookup, strict=True)
        }


def merging_of(books: Books, resolved: Resolved) -> Merging:
    """Books beside their targets."""
    return Merging(books, {axis: resolved.on(axis, books.axes[axis]) for axis in MAPPED})


def place_names(cells: Any, columns: Sequence[str], axes: Mapping[str, Sequence[str]]) -> list[str]:
    """The labels of places on a grid, such as "EUE, AGR"."""
    shape = [len(axes[AXIS_OF[column]]) for column in columns]
    at = np.unravel_index(np.asarray(cells, dtype=np.int64), shape)
    names = [
        np.array(list(axes[AXIS_OF[column]]), dtype=object)[position]
        for column, position in zip(columns, at, strict=True)
    ]
    return [", ".join(map(str, row)) for row in zip(*names, strict=True)]


def listed(names: Sequence[str], most: int = 8) -> str:
    """The first few names; the others are counted."""
    shown = "; ".join(names[:most])
    return shown if len(names) <= most else f"{shown}; and {len(names) - most} more"


def as_table(
    grid: Array, columns: Sequence[str], axes: Mapping[str, Sequence[str]], at: Any
) -> Table:
    """A tidy table of the chosen places of a flat grid."""
    shape = [len(axes[AXIS_OF[column]]) for column in columns]
    places = np.unravel_index(at, shape)
    labels = {
        column: from_positions(place, axes[AXIS_OF[column]])
        for column, place in zip(columns, places, strict=True)
    }
    return pd.DataFrame({**labels, "value": grid[at]})
