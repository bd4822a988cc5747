"""Is the point optimal? Judged from the numbers alone, never from the solver's word.

residual of a row or column = its violation / (1 + the largest absolute term in it)
gap = |primal − dual| / max(1, |primal|)
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from planboard.program import Array, LinearProgram, Point

TOLERANCE = 1e-8  # Of residuals and gap; scaled programs in float64 reach it with room to spare.


@dataclass(frozen=True)
class Verdict:
    """What the numbers say of a point: residuals, gap and the two objectives (scaled)."""

    primal_residual: float
    dual_residual: float
    relative_gap: float
    objective: float
    dual_objective: float

    @property
    def worst(self) -> float:
        """The largest of the residuals and the gap."""
        return max(self.primal_residual, self.dual_residual, self.relative_gap)

    def is_optimal(self, tolerance: float = TOLERANCE) -> bool:
        """Whether feasibility, duality and gap all hold."""
        return bool(self.worst <= tolerance)


def verify(program: LinearProgram, point: Point) -> Verdict:
    """Recompute feasibility, dual feasibility and gap of a point.

    The reduced costs are recomputed from the row duals; the solver's are not looked at. A dual
    whose bound is infinite counts as a violation, not as a contribution to the dual objective.
    """
    z, dual = point.column_value, point.row_dual
    reduced = program.cost - program.transposed @ dual
    activity = program.matrix @ z
    rows, columns = program.rows, program.columns
    row_scale = 1 + _largest_term(program.matrix, z)
    primal = max(
        _worst(_outside(activity, rows.lower, rows.upper) / row_scale),
        _worst(_outside(z, columns.lower, columns.upper) / (1 + np.abs(z))),
    )
    column_scale = 1 + np.maximum(_largest_term(program.transposed, dual), np.abs(program.cost))
    row_value, row_fault = _bound_value(dual, rows.lower, rows.upper)
    column_value, column_fault = _bound_value(reduced, columns.lower, columns.upper)
    objective = float(program.cost @ z) + program.offset
    dual_objective = row_value + column_value + program.offset
    gap = abs(objective - dual_objective) / max(1.0, abs(objective))
    return Verdict(
        primal,
        max(_worst(row_fault / (1 + np.abs(dual))), _worst(column_fault / column_scale)),
        float(gap) if np.isfinite(gap) else float("inf"),
        objective,
        dual_objective,
    )


def _largest_term(matrix: sparse.csr_array, vector: Array) -> Array:
    """Largest absolute term of every row of matrix · vector, zero for an empty row."""
    terms = abs(matrix @ sparse.diags_array(vector))
    return (
        np.asarray(terms.max(axis=1).toarray()).ravel() if terms.nnz else np.zeros(terms.shape[0])
    )


def _outside(value: Array, lower: Array, upper: Array) -> Array:
    return np.maximum(0.0, np.maximum(lower - value, value - upper))


def _bound_value(dual: Array, lower: Array, upper: Array) -> tuple[float, Array]:
    """Σ dual × active bound, and by how much a dual leans on a bound that is not there."""
    bound = np.where(dual > 0, lower, upper)
    usable = np.isfinite(bound)
    value = float(dual[usable] @ bound[usable])
    return value, np.where(usable, 0.0, np.abs(dual))


def _worst(values: Array) -> float:
    """The largest, zero if there is none; NaN counts as infinitely wrong."""
    if not len(values):
        return 0.0
    return float("inf") if np.isnan(values).any() else float(values.max())
