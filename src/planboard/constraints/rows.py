"""How a family of rows is put together from entries on labelled grids."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.constraints.layout import ABSENT
from planboard.economy import Array, Integers
from planboard.program import Family, Rows


@dataclass(frozen=True, eq=False)
class Entries:
    """Triplets of a sparse matrix; entries on an absent column or row, and zeros, are dropped."""

    row: Integers
    column: Integers
    value: Array


def entries(row: Integers, column: Integers, value: Array | float) -> Entries:
    """Triplets from arrays that broadcast together."""
    full_row, full_column, full_value = np.broadcast_arrays(row, column, value)
    kept = (full_column != ABSENT) & (full_row != ABSENT) & (full_value != 0)
    return Entries(
        full_row[kept].astype(np.int64),
        full_column[kept].astype(np.int64),
        full_value[kept].astype(np.float64),
    )


def family_rows(
    name: str,
    index: pd.MultiIndex,
    bounds: tuple[Array | float, Array | float],
    unit: Array | float,
    parts: list[Entries],
) -> Rows:
    """A family from its labels, (lower, upper) bounds, units and entries; arrays are flattened."""
    size = len(index)

    def flat(values: Array | float) -> Array:
        array = np.asarray(values, dtype=float)
        return np.full(size, float(array)) if array.ndim == 0 else array.reshape(size)

    empty = np.zeros(0, dtype=np.int64)
    return Rows(
        Family(name, index),
        flat(bounds[0]),
        flat(bounds[1]),
        flat(unit),
        np.concatenate([empty, *(part.row for part in parts)]),
        np.concatenate([empty, *(part.column for part in parts)]),
        np.concatenate([np.zeros(0), *(part.value for part in parts)]),
    )
