"""LinearProgram: numbers, names and a partition; Point: what a solver found. No economics here.

    minimise    cost · z + offset
    subject to  row_lower ≤ matrix z ≤ row_upper,   column_lower ≤ z ≤ column_upper

One sign rule for duals, true for every solver: **a dual is the change of the optimal objective per
unit increase of the active bound.** So the dual of a row that holds at its lower bound is never
negative in this minimisation, and that of a row at its upper bound never positive; likewise the
reduced cost of a column, `cost − matrixᵀ · dual`.

Every number is scaled: a row's and a column's `unit` (in the words of whoever compiled it) times
the program's number is the number in its own unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
BOARD = -1  # Owner of what members share.


@dataclass(frozen=True, eq=False)
class Family:
    """Rows or columns of one kind that stand together, labelled along their axes."""

    name: str
    index: pd.MultiIndex

    def names(self) -> list[str]:
        """Names as `balance[EUE,AGR,2003]`."""
        return [f"{self.name}[{','.join(map(str, key))}]" for key in self.index]


@dataclass(frozen=True, eq=False)
class Columns:
    """One family of columns in their own units: bounds, cost and the unit each is scaled by."""

    family: Family
    lower: Array
    upper: Array
    cost: Array
    unit: Array


@dataclass(frozen=True, eq=False)
class Rows:
    """One family of rows in their own units; entries are (row, column, value) triplets."""

    family: Family
    lower: Array
    upper: Array
    unit: Array
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: Array


@dataclass(frozen=True, eq=False)
class Axis:
    """All rows, or all columns: families in order, bounds and units, each of shape (length,)."""

    families: tuple[Family, ...]
    lower: Array
    upper: Array
    unit: Array

    @classmethod
    def stack(cls, parts: Sequence["Rows | Columns | Axis"]) -> Self:
        """The parts below each other."""
        families = [
            family
            for part in parts
            for family in (part.families if isinstance(part, Axis) else (part.family,))
        ]
        return cls(
            tuple(families),
            *(
                np.concatenate([np.zeros(0), *(getattr(part, name) for part in parts)])
                for name in ("lower", "upper", "unit")
            ),
        )

    def __len__(self) -> int:
        """How many there are."""
        return len(self.lower)

    def names(self) -> list[str]:
        """Every name, in order."""
        return [name for family in self.families for name in family.names()]

    def spans(self) -> Iterable[tuple[Family, slice]]:
        """Each family with the places it holds."""
        start = 0
        for family in self.families:
            yield family, slice(start, start + len(family.index))
            start += len(family.index)

    def scaled(self) -> "Axis":
        """The same axis with its bounds in scaled numbers."""
        return replace(self, lower=self.lower / self.unit, upper=self.upper / self.unit)


@dataclass(frozen=True, eq=False)
class MemberProgram:
    """What one member brings: its own rows and columns, and what it adds to the shared rows.

    `matrix` is (own rows, own columns); `shared` is (shared rows, own columns).
    Everything is scaled; `objective_unit` is that of the board's terms.
    """

    member: str
    rows: Axis
    columns: Axis
    cost: Array
    matrix: sparse.csr_array
    shared: sparse.csr_array


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """The joined program. Owners index `members`; `BOARD` (−1) owns what is shared.

    rows, columns : axes of length M and N, bounds scaled
    cost : shape (N,), scaled; matrix : sparse (M, N), scaled
    """

    rows: Axis
    columns: Axis
    cost: Array
    offset: float
    matrix: sparse.csr_array
    objective_unit: float
    members: tuple[str, ...]
    row_owner: NDArray[np.int64]
    column_owner: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return len(self.rows), len(self.columns)

    @cached_property
    def transposed(self) -> sparse.csr_array:
        """The matrix by columns, shape (N, M)."""
        return sparse.csr_array(self.matrix.T)


@dataclass(frozen=True, eq=False)
class Point:
    """What a solver says: a status and, where it found one, values and duals (scaled).

    status : "optimal", "infeasible", "unbounded", or the solver's own word for a limit
    column_value, reduced_cost : shape (N,); row_dual : shape (M,)
    """

    status: str
    column_value: Array
    row_dual: Array
    reduced_cost: Array
    solver: str
    message: str = ""


@dataclass(frozen=True, eq=False)
class Assembly:
    """Families put together and scaled: axes, cost of the columns and the matrix."""

    rows: Axis
    columns: Axis
    cost: Array
    matrix: sparse.csr_array


def assemble(columns: Sequence[Columns], rows: Sequence[Rows], objective_unit: float) -> Assembly:
    """Stack families of columns and rows in their own units, and scale them."""
    column_axis, row_axis = Axis.stack(columns), Axis.stack(rows)
    starts = np.cumsum([0, *(len(part.lower) for part in rows)])
    none = np.zeros(0, dtype=np.int64)
    at = np.concatenate([none, *(part.row + s for part, s in zip(rows, starts, strict=False))])
    on = np.concatenate([none, *(part.column for part in rows)])
    value = np.concatenate([np.zeros(0), *(part.value for part in rows)])
    value = value * column_axis.unit[on] / row_axis.unit[at]
    cost = np.concatenate([np.zeros(0), *(part.cost for part in columns)])
    return Assembly(
        row_axis.scaled(),
        column_axis.scaled(),
        cost * column_axis.unit / objective_unit,
        sparse.csr_array(
            (value, (at.astype(np.int32), on.astype(np.int32))),
            shape=(len(row_axis), len(column_axis)),
        ),
    )


def member_program(
    member: str, own: Assembly, shared: sparse.csr_array, shared_unit: Array
) -> MemberProgram:
    """A member's own families and, scaled by the shared rows' units, what it adds to those.

    `shared` is (shared rows, own columns), in own units.
    """
    scaled = sparse.diags_array(1 / shared_unit) @ shared @ sparse.diags_array(own.columns.unit)
    return MemberProgram(
        member, own.rows, own.columns, own.cost, own.matrix, sparse.csr_array(scaled)
    )


def join(
    board: Assembly, members: Sequence[MemberProgram], objective_unit: float, offset: float = 0.0
) -> LinearProgram:
    """One program of all members: their blocks on the diagonal, the shared rows below.

    The board brings what belongs to nobody alone: the shared rows, and columns such as the length
    of a plan ray.
    """
    return LinearProgram(
        Axis.stack([*(member.rows for member in members), board.rows]),
        Axis.stack([*(member.columns for member in members), board.columns]),
        np.concatenate([*(member.cost for member in members), board.cost]),
        offset,
        _arrow(board, members),
        objective_unit,
        tuple(member.member for member in members),
        _owners([len(member.rows) for member in members], len(board.rows)),
        _owners([len(member.columns) for member in members], len(board.columns)),
    )


def _arrow(board: Assembly, members: Sequence[MemberProgram]) -> sparse.csr_array:
    """Members' blocks on the diagonal, the shared rows below; each entry is copied once."""
    shared = sparse.hstack([*(member.shared for member in members), board.matrix], format="csr")
    blocks = [*(member.matrix for member in members), shared]
    size = sum(block.nnz for block in blocks)
    data, indices = np.empty(size), np.empty(size, dtype=np.int32)
    at, left = 0, 0
    for block in blocks:
        span = slice(at, at + block.nnz)
        data[span] = block.data
        np.add(block.indices, 0 if block is shared else left, out=indices[span], casting="unsafe")
        at, left = span.stop, left + block.shape[1]
    counts = np.concatenate([np.diff(block.indptr) for block in blocks])
    pointers = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    matrix = sparse.csr_array((data, indices, pointers), shape=(len(counts), shared.shape[1]))
    matrix.sort_indices()
    return matrix


def _owners(sizes: Sequence[int], shared: int) -> NDArray[np.int64]:
    """Owner of every row or column, members first and then the board."""
    own = np.repeat(np.arange(len(sizes)), sizes)
    return np.concatenate([own, np.full(shared, BOARD)]).astype(np.int64)
