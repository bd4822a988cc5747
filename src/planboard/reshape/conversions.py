"""Conversions of capacity, when activities or regions are put together."""

import numpy as np
import pandas as pd

from planboard.errors import InvalidTableError
from planboard.reshape.books import CAPITAL, Table, codes, size
from planboard.reshape.merging import Merging

KEYS = ["region", "kind", "source", "target"]


def aggregated_conversions(merging: Merging) -> dict[str, Table]:
    """Conversions between targets; those within one target are no conversions any more.

    All activities that go into a source must have the conversion, with one share and delay; what it
    takes is weighted with their capacity.
    """
    ways, needed = (merging.books.tables[name] for name in ("conversion", "conversion_required"))
    new = merging.relabelled(ways)
    was_own = ways["source"].astype(str) == ways["target"].astype(str)
    kept = was_own | (new["source"].astype(str) != new["target"].astype(str))
    ways, new = ways[kept], new[kept]
    _check_shared(merging, ways, new)
    first = new.drop_duplicates(KEYS)
    index = pd.Index(codes(ways, KEYS, merging.books.axes))
    at = index.get_indexer(pd.Index(codes(needed, KEYS, merging.books.axes)))
    weight = _weights(merging, ways, new)
    rows = needed[at >= 0]
    weighted = rows.assign(value=rows["value"] * weight[at[at >= 0]])
    return {"conversion": first, "conversion_required": merging.summed(weighted)}


def _source_cells(merging: Merging, ways: Table) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    columns = ways[["region", "kind", "source"]].rename(columns={"source": "activity"})
    return np.asarray(codes(columns, CAPITAL, merging.books.axes))


def _weights(
    merging: Merging, ways: Table, new: Table
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Each conversion's share of the capacity of all that become one; equal where there is none."""
    capital = merging.books.tables["capital"]
    grid = np.zeros(size(CAPITAL, merging.books.axes))
    grid[codes(capital, CAPITAL, merging.books.axes)] = capital["capacity"]
    capacity = pd.Series(grid[_source_cells(merging, ways)], index=ways.index)
    group = pd.Series(codes(new, KEYS, merging.axes), index=ways.index)
    total = capacity.groupby(group).transform("sum")
    equal = 1 / capacity.groupby(group).transform("size")
    return (capacity / total.where(total > 0, 1.0)).where(total > 0, equal).to_numpy()


def _check_shared(merging: Merging, ways: Table, new: Table) -> None:
    """Refuse conversions that only a part of the new source has, or not on the same terms."""
    capital = merging.relabelled(merging.books.tables["capital"])
    plants = capital.groupby(CAPITAL, observed=True).size()
    faults = []
    cells = pd.Series(_source_cells(merging, ways), index=new.index)
    for key, rows in new.groupby(KEYS, observed=True):
        place = ", ".join(map(str, key))
        having, having_all = cells[rows.index].nunique(), int(plants.get(key[:3], 1))
        if len(rows[["share", "delay"]].drop_duplicates()) > 1:
            faults.append(f"{place}: shares or delays differ")
        elif having < having_all:
            faults.append(f"{place}: {having} of {having_all} parts of {key[2]} have it")
    if faults:
        raise InvalidTableError(
            "Conversions of capacity cannot be put together.",
            faults,
            "Keep these activities apart, or take the conversions out of the economy first.",
        )
