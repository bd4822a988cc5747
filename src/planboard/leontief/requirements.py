"""Total requirements of a table: what final use takes of everything, inputs of inputs included.

    L = (I − A)⁻¹,    G = (I − B)⁻¹

`Requirements` holds the factors of I − A: it solves where the inverse is not needed, in a third of
the time and without its memory. Peak memory beside the table: one dense n × n matrix; `inverse`
makes a second one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import lapack

from planboard.economy import Array
from planboard.errors import InvalidTableError
from planboard.leontief.flow_coefficients import (
    aligned,
    divided,
    label_text,
    output_coefficients,
    own_rows,
    refuse_flows_of_nothing,
)
from planboard.tables import InputOutputTable

Pivots = NDArray[np.int32]

REMEDY = (
    "Correct the inputs of the sectors named: what is made must be more than making it takes. "
    "`planboard check` names the circuit at fault."
)


@dataclass(frozen=True, eq=False)
class Requirements:
    """Total requirements of one table, ready to be asked.

    labels : (region, sector) of the n columns
    """

    labels: pd.Index
    _factors: Array
    _pivots: Pivots

    def of(self, final_demand: Array) -> Array:
        """Output that meets a final demand: L f, shape (n,) or (n, k) as the demand's."""
        return _solved(self._factors, self._pivots, final_demand, turned=True)

    def embodied(self, per_unit: Array) -> Array:
        """What one unit of final demand for each product takes: s L, shape (n,) or (k, n)."""
        return _solved(self._factors, self._pivots, per_unit.T, turned=False).T

    def columns(self, at: Sequence[int]) -> Array:
        """Columns of L: output of everyone for one unit of final demand for each of these."""
        unit = np.zeros((len(self.labels), len(at)))
        unit[list(at), np.arange(len(at))] = 1.0
        return self.of(unit)

    def inverse(self) -> pd.DataFrame:
        """L itself, (region, sector) by (region, sector), a dense matrix of its own."""
        found = _inverted(self._factors.copy(order="K"), self._pivots)
        return pd.DataFrame(found, index=self.labels, columns=self.labels, copy=False)


def requirements_of(table: InputOutputTable) -> Requirements:
    """The total requirements of a table's own sectors; inputs from outside leak out.

    Raises
    ------
    InvalidTableError
        Not square, inputs without output, or not productive: the sectors at fault are named.
    """
    own = own_rows(table, table.transactions)
    output = aligned(table.gross_output, own.columns)
    values = own.to_numpy(dtype=np.float64)
    refuse_flows_of_nothing(values, output, own.columns, "takes")
    matrix = np.empty(values.shape)
    divided(values, -output, axis=1, out=matrix)
    name = f"table '{table.publication.name}'"
    return Requirements(own.columns, *_factored(matrix, own.columns, name))


def total_requirements(coefficients: pd.DataFrame) -> pd.DataFrame:
    """Output of i needed, directly and indirectly, per unit of final demand for j.

        L = (I − A)⁻¹

    Parameters
    ----------
    coefficients
        A, square, with the same labels along both axes in the same order.

    Returns
    -------
    table as the coefficients' [unit / unit]

    Raises
    ------
    InvalidTableError
        Labels that differ, or coefficients that are not productive.

    Notes
    -----
    LU decomposition and inversion in place: one dense matrix beside the coefficients. Source:
    Miller and Blair (2009), ch. 2.
    """
    _check_square(coefficients)
    matrix = np.negative(coefficients.to_numpy(dtype=np.float64), order="C")
    factors, pivots = _factored(matrix, coefficients.columns, "these coefficients")
    found = _inverted(factors, pivots)
    return pd.DataFrame(found, index=coefficients.index, columns=coefficients.columns, copy=False)


def ghosh_inverse(transactions: pd.DataFrame, gross_output: pd.Series) -> pd.DataFrame:
    """Output of j that a unit of primary input into i allows, directly and indirectly.

        G = (I − B)⁻¹,    B[i,j] = Z[i,j] / x[i],    x' = v' G

    As pymrio's G. Where every sector makes something, G = x̂⁻¹ L x̂. Source: Ghosh (1958); Miller
    and Blair (2009), ch. 12.
    """
    return total_requirements(output_coefficients(transactions, gross_output))


def _check_square(coefficients: pd.DataFrame) -> None:
    if not coefficients.index.equals(coefficients.columns):
        rows, columns = coefficients.shape
        one_sided = coefficients.index.symmetric_difference(coefficients.columns, sort=False)
        raise InvalidTableError(
            "The coefficients do not have the same labels along both axes.",
            [f"{rows} rows, {columns} columns", *(label_text(label) for label in one_sided)],
            "Leave out the rows of origins without columns, and order both alike.",
        )
    if np.isnan(coefficients.to_numpy()).any():
        raise InvalidTableError(
            "The coefficients have cells without a number.",
            [f"{int(np.isnan(coefficients.to_numpy()).sum())} missing"],
            "A missing number is not zero: correct the table, or write the zeros.",
        )


def _factored(matrix: Array, labels: pd.Index, name: str) -> tuple[Array, Pivots]:
    """LU factors of (I + matrix)' in the memory of the matrix, which must be productive.

    LAPACK wants columns together: the transpose of a matrix with rows together has them.
    Productive: some output leaves something of everything over (Hawkins and Simon 1949), here L 1,
    which leaves one of each.
    """
    matrix[np.diag_indices(len(matrix))] += 1.0
    factors, pivots, singular = lapack.dgetrf(matrix.T, overwrite_a=True)
    if singular:
        raise InvalidTableError(
            f"The technology of {name} is not productive.",
            ["I − A is singular: making everything takes all of it"],
            REMEDY,
        )
    output = _solved(factors, pivots, np.ones(len(labels)), turned=True)
    worst = [int(place) for place in np.argsort(output, kind="stable") if output[place] <= 0]
    if worst:
        raise InvalidTableError(
            f"The technology of {name} is not productive.",
            [
                f"{label_text(labels[j])}: one unit of everything would take {output[j]:,.4g} of it"
                for j in worst
            ],
            REMEDY,
        )
    return factors, pivots


def _solved(
    factors: Array,
    pivots: Pivots,
    right: Array,
    *,
    turned: bool,
) -> Array:
    found, _ = lapack.dgetrs(factors, pivots, right, trans=int(turned))
    return np.asarray(found).reshape(right.shape)


def _inverted(factors: Array, pivots: Pivots) -> Array:
    """The inverse of what was factored, in the memory of its factors, turned back."""
    work, _ = lapack.dgetri_lwork(len(factors))
    found, _ = lapack.dgetri(factors, pivots, lwork=int(work), overwrite_lu=True)
    return np.asarray(found).T
