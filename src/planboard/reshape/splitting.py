"""Splitting: every row of a code becomes one row for each of its parts.

What is an amount is multiplied by the part's share; what is per unit of capacity, a rate or a year
stays. A sector's supply of its own product stays with each part; everything else that a split
sector takes from itself is spread over all pairs of parts, by the product of their shares.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.economy import CARRIED
from planboard.reshape.books import AXIS_OF, SECTIONS, Books, Table, from_positions, label_columns
from planboard.reshape.carried_split import split_carried
from planboard.reshape.shares import Shares

Array = NDArray[np.float64]

# Columns that are amounts, table by table; a table that is not listed has `value`.
AMOUNTS: dict[str, tuple[str, ...]] = {
    "activity": ("level", "reference", "in_progress"),
    "capital": ("capacity", "building"),
    "conversion": (),
}
# Tables that state amounts per unit of what a split of this axis divides.
PER_UNIT = {
    "region": ("capital_required", "factor_use_building", "conversion_required"),
    "activity": ("capital_required", "factor_use_building", "conversion_required"),
}
# (table, axis that is split, rows with the position of their part) -> multiplier of each row
Multiplier = Callable[[str, str, Table], Array]


@dataclass(frozen=True, eq=False)
class Axis:
    """An axis of which one code is replaced by its parts."""

    name: str
    source: str
    parts: tuple[str, ...]
    before: Sequence[str]

    @property
    def after(self) -> list[str]:
        """The codes with the parts in the place of the source."""
        at = list(self.before).index(self.source)
        return [*self.before[:at], *self.parts, *self.before[at + 1 :]]

    def replicated(self, table: Table, column: str) -> tuple[Table, Table]:
        """Rows of other codes, and one copy of the source's rows for each part (column `part`)."""
        after = self.after
        is_source = (table[column] == self.source).to_numpy()
        others = table[~is_source]
        others = others.assign(**{column: others[column].cat.set_categories(after)})
        own = table[is_source]
        copies = []
        for part, code in enumerate(self.parts):
            label = from_positions(np.full(len(own), after.index(code)), after).array
            copies.append(own.assign(**{column: label}, part=part))
        return others, pd.concat(copies, ignore_index=True)


def split_tables(
    books: Books, axis: str, source: str, parts: Sequence[str], multiplier: Multiplier
) -> dict[str, Table]:
    """The tables with a code of one axis replaced by its parts; carried tables are left as is."""
    found = Axis(axis, source, tuple(parts), books.axes[axis])
    tables = {}
    for name, table in books.tables.items():
        if name in CARRIED:
            tables[name] = table
            continue
        made = table
        for column in label_columns(table, axis):
            others, copies = found.replicated(made, column)
            times = multiplier(name, column, copies)
            amounts = {a: copies[a] * times for a in AMOUNTS.get(name, ("value",))}
            copies = copies.assign(**amounts).drop(columns="part")
            made = pd.concat([others, copies], ignore_index=True)
        tables[name] = made
    return tables


def split_axis(
    books: Books,
    axis: str,
    source: str,
    parts: Mapping[str, str],
    multiplier: Multiplier,
) -> Books:
    """Books with a code of one axis replaced by its parts (code -> label), head included."""
    tables = split_tables(books, axis, source, list(parts), multiplier)
    after = Axis(axis, source, tuple(parts), books.axes[axis]).after
    head: dict[str, Any] = {**books.head}
    section = SECTIONS.get(axis)
    if section and source in head[section]:
        about: dict[str, Any] = {}
        for code, given in head[section].items():
            new = {part: {**given, "label": label} for part, label in parts.items()}
            about |= new if code == source else {code: given}
        head[section] = about
    if axis == "region":
        head["partners"] = after
    head["labels"] = {**head["labels"], **parts}
    return Books(head, {**books.axes, axis: after}, tables)


def split_uniformly(books: Books, axis: str, source: str, weights: Mapping[str, float]) -> Books:
    """Books with a code replaced by parts that have the same share of everything."""
    shares = Shares(tuple(weights), {"output": list(weights.values())}, name="weights")
    whole = shares.of("output")

    def multiplier(table: str, column: str, rows: Table) -> Array:
        split = AXIS_OF[column]
        times: Array = whole[rows["part"].to_numpy()]
        return np.ones(len(rows)) if table in PER_UNIT.get(split, ()) else times

    names = {part: part for part in weights}
    made = books
    for place in ("product", "activity") if axis == "sector" else (axis,):
        if source in made.axes[place]:
            made = split_axis(made, place, source, names, multiplier)
    made = keep_own(made, axis, source, shares)
    carried = split_carried(books, axis, source, shares)
    return replace(made, tables={**made.tables, **carried})


def keep_own(made: Books, axis: str, source: str, shares: Shares) -> Books:
    """After a sector's split: each part makes its own product of what the sector made of its own.

    supply[p, q] over the parts was the product of their shares; it becomes p's share where p = q.
    """
    supply = made.tables["supply"]
    if axis != "sector":
        return made
    own = {part: place for place, part in enumerate(shares.parts)}
    product = supply["product"].astype(str).map(own)
    activity = supply["activity"].astype(str).map(own)
    is_inner = product.notna() & activity.notna()
    inner = supply[is_inner & (product == activity)]
    share = shares.of("output")[activity[inner.index].to_numpy(dtype=np.int64)]
    # Its share was applied once as product and once as activity.
    safe = np.where(share > 0, share, 1.0)
    kept = inner.assign(value=inner["value"] / safe)
    return made.with_tables(supply=pd.concat([supply[~is_inner], kept], ignore_index=True))
