"""HiGHS: interior point with crossover, simplex where that fails."""

from typing import Any

import numpy as np
from scipy import sparse

from planboard.program import LinearProgram, Point

# HiGHS's own tolerances are absolute on the scaled program; ours are judged by `verify`.
FEASIBILITY = 1e-9


def solve_highs(program: LinearProgram, *, method: str = "simplex") -> Point:
    """Solve with one of HiGHS's methods ("simplex" or "ipx"); the sign of duals is ours.

    HiGHS minimises and defines duals as we do: the change of the optimal objective per unit
    increase of the active bound.
    """
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", method)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("primal_feasibility_tolerance", FEASIBILITY)
    solver.setOptionValue("dual_feasibility_tolerance", FEASIBILITY)
    solver.passModel(highs_program(program))
    solver.run()
    return _point(solver, program, f"highs {highspy.Highs().version()} ({method})")


def highs_program(program: LinearProgram) -> Any:
    """The program in HiGHS's own form; names are left out."""
    import highspy

    rows, columns = program.shape
    matrix = sparse.csc_array(program.matrix)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.offset_ = program.cost, program.offset
    lp.col_lower_, lp.col_upper_ = program.columns.lower, program.columns.upper
    lp.row_lower_, lp.row_upper_ = program.rows.lower, program.rows.upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    return lp


def _point(solver: Any, program: LinearProgram, name: str) -> Point:
    import highspy

    words = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible or unbounded",
        highspy.HighsModelStatus.kModelEmpty: "optimal",
    }
    status = solver.getModelStatus()
    word = words.get(status, solver.modelStatusToString(status))
    solution = solver.getSolution()
    rows, columns = program.shape
    value, dual = np.array(solution.col_value), np.array(solution.row_dual)
    if len(value) != columns or len(dual) != rows:
        value, dual = np.full(columns, np.nan), np.full(rows, np.nan)
    return Point(word, value, dual, program.cost - program.transposed @ dual, name)
