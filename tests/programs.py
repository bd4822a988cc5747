"""Small linear programs from plain numbers, as any solver sees them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from planboard.program import (
    Columns,
    Family,
    LinearProgram,
    Rows,
    assemble,
    join,
    member_program,
)

Bounds = tuple[Sequence[float], Sequence[float]]


def program(
    cost: Sequence[float],
    matrix: Sequence[Sequence[float]],
    row_bounds: Bounds = ((), ()),
    column_bounds: Bounds | None = None,
    *,
    offset: float = 0.0,
) -> LinearProgram:
    """Minimise cost · z + offset with rows and columns between their bounds; z ≥ 0 by default."""
    size = (len(row_bounds[0]), len(cost))
    lower, upper = column_bounds or (np.zeros(size[1]), np.full(size[1], np.inf))
    dense = np.array(matrix, dtype=float).reshape(size)
    at, on = np.nonzero(dense)
    rows = Rows(
        _family("row", size[0]),
        *(np.array(bound, dtype=float) for bound in row_bounds),
        np.ones(size[0]),
        at,
        on,
        dense[at, on],
    )
    columns = Columns(
        _family("column", size[1]),
        np.array(lower, dtype=float),
        np.array(upper, dtype=float),
        np.array(cost, dtype=float),
        np.ones(size[1]),
    )
    own = assemble([columns], [rows], 1.0)
    nothing_shared = sparse.csr_array((0, size[1]))
    member = member_program("all", own, nothing_shared, np.zeros(0))
    return join(assemble([], [], 1.0), [member], 1.0, offset)


def _family(name: str, count: int) -> Family:
    return Family(name, pd.MultiIndex.from_arrays([np.arange(count)], names=["number"]))
