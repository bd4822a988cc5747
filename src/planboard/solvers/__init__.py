"""Solvers: functions LinearProgram -> Point. A new one is one file and one line in `SOLVERS`."""

from collections.abc import Callable

from planboard.program import LinearProgram, Point
from planboard.solvers.highs import solve_highs, solve_hipo, solve_simplex

Solver = Callable[[LinearProgram], Point]

SOLVERS: dict[str, Solver] = {
    "highs": solve_highs,
    "highs-hipo": solve_hipo,
    "highs-simplex": solve_simplex,
}
AUTO = "highs"
