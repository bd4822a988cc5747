"""Solvers: functions LinearProgram -> Point. A new one is one file and one line in `SOLVERS`."""

from collections.abc import Callable
from functools import partial

from planboard.program import LinearProgram, Point
from planboard.solvers.highs import solve_highs

Solver = Callable[[LinearProgram], Point]

SOLVERS: dict[str, Solver] = {
    "highs": partial(solve_highs, method="simplex"),
    "highs-ipx": partial(solve_highs, method="ipx"),
}
AUTO = "highs"
