"""HiGHS: an interior point without crossover, then simplex where its point does not verify.

Of its two interior point methods IPX serves small programs and HiPO large ones: on the world of 41
regions and 35 industries it takes a third of the time.

An interior point's prices are a balanced representative of the optimal face, where a vertex's are
arbitrary; so the vertex is only the second choice.
"""

import importlib.util
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from planboard.errors import NoAnswerError
from planboard.program import LinearProgram, Point
from planboard.verify import TOLERANCE, verify

# HiGHS's own tolerances hold for its scaling, not for ours: an answer is judged by `verify`, and
# these are tight enough for it.
FEASIBILITY = 1e-9
OPTIMALITY = 1e-10
SMALLEST = 1e-12  # Coefficients below it are dropped: HiGHS's own 1e-9 is felt in residuals.

HEARD = 0.1  # Seconds after which an interruption is heard.

IPX: dict[str, Any] = {"solver": "ipx", "run_crossover": "off"}
HIPO: dict[str, Any] = {"solver": "hipo", "run_crossover": "off"}
SIMPLEX: dict[str, Any] = {"solver": "simplex"}


LARGE = 20_000  # Rows and columns together, from which on HiPO is tried first.


def solve_highs(program: LinearProgram) -> Point:
    """An interior point, or a vertex where no interior point is optimal when verified.

    Of a large program no vertex is sought: it would take hours. That it is impossible is taken
    from the interior point method, as a claim still to be proved.
    """
    is_large = sum(program.shape) >= LARGE
    for method in [HIPO, IPX] if is_large and has_hipo() else [IPX]:
        point = run_highs(program, method)
        if point.status == "optimal" and verify(program, point).is_optimal(TOLERANCE):
            return point
        if is_large and "infeasible" in point.status:
            return point
    return point if is_large else run_highs(program, SIMPLEX)


def solve_hipo(program: LinearProgram) -> Point:
    """An interior point by HiPO.

    Raises
    ------
    NoAnswerError
        HiPO is not installed: HiGHS would run another solver in its place without a word.
    """
    if not has_hipo():
        raise NoAnswerError(
            "The solver HiPO is not installed.", [], "Install it: pip install highspy-extras"
        )
    return run_highs(program, HIPO)


def has_hipo() -> bool:
    """Whether the package with HiPO's parts is there."""
    return importlib.util.find_spec("highspy_extras") is not None


def solve_simplex(program: LinearProgram) -> Point:
    """A vertex, by HiGHS's dual simplex."""
    return run_highs(program, SIMPLEX)


def run_highs(program: LinearProgram, options: dict[str, Any]) -> Point:
    """Solve with these options of HiGHS.

    HiGHS minimises and defines duals as we do: the change of the optimal objective per unit
    increase of the active bound.
    """
    if not len(program.columns):
        return _without_columns(program)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    settings = {
        "output_flag": False,
        "threads": 1,
        "primal_feasibility_tolerance": FEASIBILITY,
        "dual_feasibility_tolerance": FEASIBILITY,
        "ipm_optimality_tolerance": OPTIMALITY,
        "small_matrix_value": SMALLEST,
        **options,
    }
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    solver.passModel(highs_program(program))
    run_until_interrupted(solver)
    return _point(solver, program, f"highs {solver.version()} ({options['solver']})")


def run_until_interrupted(solver: Any) -> None:
    """Run in a thread of its own, so that an interruption is heard; HiGHS asks at each iteration.

    Raises
    ------
    KeyboardInterrupt
        The user interrupted, and the solver has stopped.
    """
    solver.HandleUserInterrupt = True
    solver.startSolve()
    try:
        while not solver.wait(HEARD)[0]:
            continue
    except KeyboardInterrupt:
        solver.cancelSolve()
        solver.wait()
        raise


def _without_columns(program: LinearProgram) -> Point:
    """The answer where nothing can be chosen: HiGHS calls such a program empty, and stops there.

    Rows are zero then, which their bounds allow or do not.
    """
    allowed = (program.rows.lower <= 0) & (program.rows.upper >= 0)
    status = "optimal" if allowed.all() else "infeasible"
    none = np.zeros(0)
    return Point(status, none, np.zeros(len(program.rows)), none, "no columns")


def highs_program(program: LinearProgram) -> Any:
    """The program in HiGHS's own form; names are left out."""
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
