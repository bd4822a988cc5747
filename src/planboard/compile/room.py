"""Room: letting rows give way, at a price or within a total. A program knows no economics.

Used to prove that orders collide (the least room they need is not zero), and to put orders first
(the plan is optimal among those that need no more than the least room).
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from planboard.program import BOARD, Axis, Family, LinearProgram

SLACK = 1e-9  # Of the least room: what rounding may need when it becomes a limit.


def with_room(program: LinearProgram, gives_way: NDArray[np.bool_]) -> LinearProgram:
    """The program of least room: a column for every bound of the rows that give way, cost one."""
    rows, old = program.rows, program.columns
    below = np.nonzero(gives_way & np.isfinite(rows.lower))[0]
    above = np.nonzero(gives_way & np.isfinite(rows.upper))[0]
    count = len(below) + len(above)
    sign = np.concatenate([np.ones(len(below)), -np.ones(len(above))])
    place = (np.concatenate([below, above]), np.arange(count))
    room = sparse.csr_array((sign, place), shape=(len(rows), count))
    columns = Axis(
        (*old.families, Family("room", pd.MultiIndex.from_arrays([np.arange(count)], names=["n"]))),
        np.concatenate([old.lower, np.zeros(count)]),
        np.concatenate([old.upper, np.full(count, np.inf)]),
        np.concatenate([old.unit, np.ones(count)]),
    )
    return replace(
        program,
        columns=columns,
        cost=np.concatenate([np.zeros(len(old)), np.ones(count)]),
        offset=0.0,
        matrix=sparse.csr_array(sparse.hstack([program.matrix, room])),
        column_owner=np.concatenate([program.column_owner, np.full(count, BOARD)]),
    )


def within_room(
    program: LinearProgram, gives_way: NDArray[np.bool_], total: float
) -> LinearProgram:
    """The program itself, its rows giving way by no more than this total (scaled)."""
    roomy = with_room(program, gives_way)
    row = sparse.csr_array(roomy.cost[None, :])
    old = roomy.rows
    rows = Axis(
        (*old.families, Family("room_total", pd.MultiIndex.from_arrays([["all"]], names=["n"]))),
        np.concatenate([old.lower, [-np.inf]]),
        np.concatenate([old.upper, [total * (1 + SLACK) + SLACK]]),
        np.concatenate([old.unit, [1.0]]),
    )
    return replace(
        roomy,
        rows=rows,
        cost=np.concatenate([program.cost, np.zeros(len(roomy.columns) - len(program.columns))]),
        offset=program.offset,
        matrix=sparse.csr_array(sparse.vstack([roomy.matrix, row])),
        row_owner=np.concatenate([roomy.row_owner, [BOARD]]),
    )


def lift(program: LinearProgram, lifted: NDArray[np.bool_]) -> LinearProgram:
    """The program with some rows lifted: they bound nothing."""
    rows = replace(
        program.rows,
        lower=np.where(lifted, -np.inf, program.rows.lower),
        upper=np.where(lifted, np.inf, program.rows.upper),
    )
    return replace(program, rows=rows)


def rows_of(program: LinearProgram, name: str) -> NDArray[np.bool_]:
    """Which rows belong to families of this name, shape (M,)."""
    found = np.zeros(len(program.rows), dtype=bool)
    for family, span in program.rows.spans():
        found[span] = family.name == name
    return found
