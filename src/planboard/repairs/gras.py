"""GRAS and RAS: the matrix nearest to a given one that has stated row and column totals.

Of all matrices with row totals u and column totals v, it is the one whose ratios z = x/a to the
given matrix stay nearest to one:

    minimise   Σ_ij |a_ij| (z_ij ln z_ij − z_ij + 1)
    so that    Σ_j a_ij z_ij = u_i,   Σ_i a_ij z_ij = v_j

It has one multiplier for every row and column, and keeps every sign and every zero:

    x_ij = a_ij r_i s_j  where a_ij > 0,    x_ij = a_ij / (r_i s_j)  where a_ij < 0

Row multipliers solve p_i r_i − n_i / r_i = u_i, where p_i = Σ_j s_j a_ij over positive cells and
n_i = Σ_j |a_ij| / s_j over negative ones; column multipliers likewise, in turn until all totals
hold. Without negative cells this is RAS. Source: Junius & Oosterhaven (2003), *Economic Systems
Research* 15; with the objective of Lenzen, Wood & Gallego (2007), ibid. 19, which is zero where
nothing changes; rows without a positive cell as in Temurshoev, Miller & Bouwmeester (2013), ibid.
25. Own code: packages at hand balance non-negative matrices only, and stop in silence.
"""

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from planboard.economy import Array, Integers
from planboard.errors import InvalidTableError, NoAnswerError

# Relative to a total or, where that is larger, to its cells taken without their signs. Rounding
# of a sum of some thousand numbers is a tenth of this.
TOLERANCE = 1e-12
ROUNDS = 20_000  # Tables of statistical offices take some tens or hundreds.

Totals = tuple["pd.Series[float]", "pd.Series[float]"]  # Of rows, of columns.


@dataclass(frozen=True, eq=False)
class Balanced:
    """A matrix with the totals asked for.

    rounds : how often rows and columns were scaled in turn; 0 where they fitted already
    residual : the largest gap to a total, relative as in `TOLERANCE`
    """

    matrix: pd.DataFrame
    rounds: int
    residual: float


def ras(
    matrix: pd.DataFrame,
    row_totals: "pd.Series[float]",
    column_totals: "pd.Series[float]",
    *,
    tolerance: float = TOLERANCE,
    free: Collection[Hashable] = (),
) -> Balanced:
    """The non-negative matrix nearest to a non-negative one, with these totals; see `gras`.

    Raises
    ------
    InvalidTableError
        Cells below zero; or as `gras`.
    """
    values = matrix.to_numpy(dtype=float)
    below = list(zip(*np.nonzero(values < 0), strict=True))
    if below:
        worst = sorted(below, key=lambda at: float(values[at]))
        raise InvalidTableError(
            f"RAS cannot balance a matrix with {len(below)} cells below zero.",
            [
                f"{_name(matrix.index[i])}, {_name(matrix.columns[j])}: {values[i, j]:,.6g}"
                for i, j in worst
            ],
            "Use GRAS, which keeps the sign of every cell.",
        )
    return gras(matrix, row_totals, column_totals, tolerance=tolerance, free=free)


def gras(
    matrix: pd.DataFrame,
    row_totals: "pd.Series[float]",
    column_totals: "pd.Series[float]",
    *,
    tolerance: float = TOLERANCE,
    free: Collection[Hashable] = (),
) -> Balanced:
    """The matrix nearest to a given one that has these totals; signs and zeros stay.

    A row of cells of one sign whose total is zero becomes zero: the limit of the method.

    Parameters
    ----------
    matrix : rows and columns by name, any unit, one for all cells
    row_totals, column_totals : by the same names, in any order
    tolerance : largest gap to a total, relative to it (see `TOLERANCE`)
    free : rows and columns that need no total: nothing holds them, their multiplier is one

    Raises
    ------
    InvalidTableError
        Names that do not fit, a total that no cells of these signs can have, or totals of rows
        and of columns that do not add up to the same sum where all are stated.
    NoAnswerError
        The totals still do not hold after `ROUNDS` rounds.
    """
    totals = row_totals, column_totals
    _check_names(matrix, totals, frozenset(free))
    values, u, v = _laid_out(matrix, totals)
    cells = _settled(values, u, v)
    _check_signs(matrix, cells, (u, v))
    _check_sums(matrix, cells, (u, v), tolerance)
    result, turns = _scaled(cells, u, v, tolerance)
    gaps = _gaps(result, u, v)
    residual = float(max(np.max(part, initial=0.0) for part in gaps))
    if not residual <= tolerance:
        raise _no_answer(matrix, gaps, turns)
    balanced = pd.DataFrame(result, index=matrix.index, columns=matrix.columns)
    return Balanced(balanced, turns, residual)


def blocks(cells: Array) -> Iterator[tuple[Integers, Integers]]:
    """Rows and columns that cells connect, block by block; empty ones are in none."""
    n, m = cells.shape
    links = sparse.bmat([[None, sparse.csr_array(cells != 0)], [sparse.csr_array((m, n)), None]])
    _, block = connected_components(links, directed=False)
    filled = np.concatenate([(cells != 0).any(axis=1), (cells != 0).any(axis=0)])
    for number in np.unique(block[filled]):
        yield np.nonzero(block[:n] == number)[0], np.nonzero(block[n:] == number)[0]


# Totals that can be had ---------------------------------------------------------------------------


def _check_names(matrix: pd.DataFrame, totals: Totals, free: frozenset[Hashable]) -> None:
    """Refuse names that stand twice or in the totals alone, and what needs a total and has none."""
    faults = []
    for what, axis, found in zip(("row", "column"), matrix.axes, totals, strict=True):
        for names in (axis, found.index):
            faults += [f"{what} '{_name(n)}' stands twice" for n in names[names.duplicated()]]
        lacking = [n for n in axis.difference(found.index) if n not in free]
        faults += [f"{what} '{_name(n)}' has no total" for n in lacking]
        faults += [f"no {what} '{_name(n)}'" for n in found.index.difference(axis)]
    if faults:
        raise InvalidTableError(
            "The totals do not fit the matrix.", faults, "Name every row and column once in both."
        )


def _laid_out(matrix: pd.DataFrame, totals: Totals) -> tuple[Array, Array, Array]:
    """Numbers of the matrix and of its totals, aligned by name; NaN for what has no total."""
    values = np.asarray(matrix, dtype=np.float64)
    stated = (values, *(np.asarray(found, dtype=np.float64) for found in totals))
    missing = sum(int((~np.isfinite(part)).sum()) for part in stated)
    if missing:
        raise InvalidTableError(
            "The matrix or its totals hold what is not a number.",
            [f"{missing} cells"],
            "A missing number is not zero: correct it, or write the zero.",
        )
    u, v = (
        np.asarray(found.reindex(axis), dtype=np.float64)
        for axis, found in zip(matrix.axes, totals, strict=True)
    )
    return values, u, v


def _settled(values: Array, u: Array, v: Array) -> Array:
    """The matrix without rows and columns of one sign whose total is zero: all their cells are."""
    cells = values.copy()
    while True:
        rows, columns = _has_one_sign(cells) & (u == 0), _has_one_sign(cells.T) & (v == 0)
        if not rows.any() and not columns.any():
            return cells
        cells[rows] = 0.0
        cells[:, columns] = 0.0


def _has_one_sign(cells: Array) -> Array:
    """Rows with cells that are all above zero, or all below, zeros apart."""
    return np.asarray((cells > 0).any(axis=1) != (cells < 0).any(axis=1))


def _check_signs(matrix: pd.DataFrame, cells: Array, totals: tuple[Array, Array]) -> None:
    """Refuse totals that no cells of these signs can have."""
    faults = [
        (abs(total), f"{what} '{_name(name)}': {total:,.6g} from {_signs(part)}")
        for what, names, parts, found in (
            ("row", matrix.index, cells, totals[0]),
            ("column", matrix.columns, cells.T, totals[1]),
        )
        for name, part, total in zip(names, parts, found, strict=True)
        if (total > 0 and not (part > 0).any()) or (total < 0 and not (part < 0).any())
    ]
    if faults:
        raise InvalidTableError(
            f"The cells cannot add up to {len(faults)} of the totals.",
            _worst_first(faults),
            "Correct these totals, or give their rows and columns a cell that can carry them.",
        )


def _signs(part: Array) -> str:
    """What the cells of a row or column are, in words."""
    if not part.any():
        return "zeros"
    return "cells above zero" if (part > 0).any() else "cells below zero"


def _worst_first(faults: list[tuple[float, str]]) -> list[str]:
    return [line for _, line in sorted(faults, key=lambda fault: -fault[0])]


def _check_sums(
    matrix: pd.DataFrame, cells: Array, totals: tuple[Array, Array], tolerance: float
) -> None:
    """Refuse totals of rows and of columns that have not the same sum, block by block."""
    found = list(blocks(cells))
    faults = []
    for rows, columns in found:
        u, v = totals[0][rows], totals[1][columns]  # The sums of a free line's block are NaN.
        if abs(u.sum() - v.sum()) > tolerance * max(np.abs(u).sum(), np.abs(v).sum()):
            names = (
                [_name(matrix.index[i]) for i in rows],
                [_name(matrix.columns[j]) for j in columns],
            )
            faults.append((abs(u.sum() - v.sum()), _two_sums(u.sum(), v.sum(), names)))
    if faults:
        raise InvalidTableError(
            "The totals of the rows do not add up to those of the columns."
            if len(found) == 1
            else f"The totals do not add up in {len(faults)} of the matrix's {len(found)} blocks "
            "that no cell connects.",
            _worst_first(faults),
            "Every cell is in one row and one column: both sums are of the same cells.",
        )


def _two_sums(rows: float, columns: float, names: tuple[list[str], list[str]]) -> str:
    """Both sums of a block with the names it begins with."""
    first = [
        f"{len(found)} {what} from '{found[0]}'"
        for found, what in zip(names, ("rows", "columns"), strict=True)
    ]
    return f"{first[0]}: {rows:,.10g}; {first[1]}: {columns:,.10g}"


# Scaling ------------------------------------------------------------------------------------------


def _scaled(cells: Array, u: Array, v: Array, tolerance: float) -> tuple[Array, int]:
    """The matrix scaled by rows and columns in turn until its totals hold, and how often."""
    above, below = np.maximum(cells, 0.0), np.maximum(-cells, 0.0)
    s, result = np.ones(len(v)), cells
    for turn in range(ROUNDS):
        if max(np.max(part, initial=0.0) for part in _gaps(result, u, v)) <= tolerance:
            return result, turn
        with np.errstate(all="ignore"):  # What grows without bound is caught below.
            r = _multipliers(u, above @ s, below @ (1 / s))
            s = _multipliers(v, above.T @ r, below.T @ (1 / r))
            scale = np.outer(r, s)
            scaled = above * scale - below / scale
        if not np.isfinite(scaled).all():
            return result, turn
        result = scaled
    return result, ROUNDS


def _multipliers(total: Array, above: Array, below: Array) -> Array:
    """The positive root of  above · r − below / r = total;  1 without cells, or without a total.

    Of its two forms, the one without a difference of near equals.
    """
    root = np.sqrt(total**2 + 4 * above * below)
    found = np.where(total > 0, (total + root) / (2 * above), 2 * below / (root - total))
    return np.where(((above == 0) & (below == 0)) | np.isnan(total), 1.0, found)


def _gaps(result: Array, u: Array, v: Array) -> tuple[Array, Array]:
    """Gaps to the totals of rows and of columns, relative as in `TOLERANCE`; 0 where free."""
    rows, columns = (
        np.nan_to_num(
            np.abs(result.sum(axis=axis) - total)
            / _or_one(np.abs(result).sum(axis=axis), np.abs(total))
        )
        for axis, total in ((1, u), (0, v))
    )
    return rows, columns


def _or_one(size: Array, total: Array) -> Array:
    scale = np.maximum(size, total)
    return np.where(scale > 0, scale, 1.0)


def _no_answer(matrix: pd.DataFrame, gaps: tuple[Array, Array], turns: int) -> NoAnswerError:
    """The rows and columns that miss their totals most."""
    found = [
        (gap, f"{what} '{_name(name)}' misses its total by {gap:.2g} of it")
        for what, names, part in (
            ("row", matrix.index, gaps[0]),
            ("column", matrix.columns, gaps[1]),
        )
        for name, gap in zip(names, part, strict=True)
    ]
    return NoAnswerError(
        f"No matrix with these signs and zeros was found that has the totals, in {turns:,} rounds.",
        _worst_first(found),
        "Totals of some rows may exceed what their columns can hold: correct them, or allow a "
        "larger tolerance.",
    )


def _name(label: object) -> str:
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)
