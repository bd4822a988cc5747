"""The same textbook programs for every solver; `verify` judges every answer."""

from dataclasses import replace

import numpy as np
import pytest

from planboard.program import LinearProgram, Point
from planboard.solvers import AUTO, SOLVERS
from planboard.solvers.highs import run_until_interrupted
from planboard.verify import verify
from programs import program

INF = np.inf
ACCURATE = 1e-6  # Of values; points are verified to 1e-8.

# Hillier and Lieberman, Introduction to Operations Research, ch. 3: the Wyndor Glass Company.
WYNDOR = program([-3, -5], [[1, 0], [0, 2], [3, 2]], ([-INF, -INF, -INF], [4, 12, 18]), offset=7.0)

# name -> (program, objective, point, row duals); all of them unique.
UNIQUE = {
    "wyndor": (WYNDOR, -36 + 7, [2, 6], [0, -1.5, -1]),
    "equalities": (program([1, 2], [[1, 1], [1, -1]], ([3, 1], [3, 1])), 4, [2, 1], [1.5, -0.5]),
    "free column": (
        program([1, 2], [[1, 1]], ([1], [INF]), ([0, -INF], [4, INF])),
        -2,
        [4, -3],
        [2],
    ),
    "upper bounds": (
        program([-1, -1], [[1, 2]], ([-INF], [4]), ([0, 0], [2, 3])),
        -3,
        [2, 1],
        [-0.5],
    ),
    "ranged row, above": (program([-1, -2], [[1, 1]], ([1], [2])), -4, [0, 2], [-2]),
    "ranged row, below": (program([1, 2], [[1, 1]], ([1], [2])), 1, [1, 0], [1]),
    "negative lower bound": (program([3], [[1]], ([-INF], [9]), ([-5], [5])), -15, [-5], [0]),
    "fixed column": (program([1, 1], [[1, 1]], ([3], [INF]), ([1, 0], [1, INF])), 3, [1, 2], [1]),
}

# Beale (1955), on which the simplex method of the day cycled; optimum −1/20.
BEALE = program(
    [-0.75, 150, -0.02, 6],
    [[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]],
    ([-INF, -INF, -INF], [0, 0, 1]),
)
# Every vertex of an assignment is degenerate: three jobs, three hands.
ASSIGNMENT = program(
    [4, 1, 3, 2, 0, 5, 3, 2, 2],
    [
        *([float(k // 3 == i) for k in range(9)] for i in range(3)),
        *([float(k % 3 == j) for k in range(9)] for j in range(3)),
    ],
    ([1] * 6, [1] * 6),
)
# Three rows through one vertex of the plane.
CROWDED = program([-1, -1], [[1, 0], [0, 1], [1, 1]], ([-INF] * 3, [1, 1, 2]))
DEGENERATE = {
    "beale": (BEALE, -0.05),
    "assignment": (ASSIGNMENT, 5),
    "crowded": (CROWDED, -2),
    "no cost": (program([0, 0], [[1, 1]], ([1], [2])), 0),
}
EMPTY = {
    "no rows": (program([1, -2], [], ((), ()), ([3, 0], [INF, 4])), -5),
    "no columns": (program([], [], ([-1, 0], [1, 0]), offset=3.0), 3),
    "nothing at all": (program([], [], offset=2.0), 2),
    "empty row": (program([1], [[1], [0]], ([1, -1], [INF, 1])), 1),
    "empty column": (program([1, 1], [[1, 0]], ([1], [INF]), ([0, 2], [INF, INF])), 3),
}
INFEASIBLE = {
    "rows": program([1, 1], [[1, 1], [1, 1]], ([2, -INF], [INF, 1])),
    "bounds": program([1], [[1]], ([2], [INF]), ([0], [1])),
    "empty row": program([1], [[0]], ([1], [INF])),
    "unbounded as well": program([-1, 0], [[0, 1], [0, 1]], ([2, -INF], [INF, 1])),
}
NOTHING_TO_MEET_A_DEMAND = program([], [], ([1], [INF]))
UNBOUNDED = {
    "ray": program([-1, 0], [[1, -1]], ([-INF], [1])),
    "free column": program([1], [[1]], ([-INF], [4]), ([-INF], [INF])),
    "no rows": program([-1], []),
}

solvers = pytest.mark.parametrize("solver", SOLVERS)


def solved(solver: str, lp: LinearProgram) -> Point:
    """An optimal point, verified."""
    point = SOLVERS[solver](lp)
    assert point.status == "optimal"
    verdict = verify(lp, point)
    assert verdict.is_optimal(), verdict
    return point


def value(lp: LinearProgram, point: Point) -> float:
    return float(lp.cost @ point.column_value) + lp.offset


def test_auto_is_a_solver() -> None:
    assert AUTO in SOLVERS


@solvers
@pytest.mark.parametrize("name", UNIQUE)
def test_unique_optimum(solver: str, name: str) -> None:
    lp, objective, columns, duals = UNIQUE[name]
    point = solved(solver, lp)
    assert value(lp, point) == pytest.approx(objective, rel=ACCURATE)
    assert point.column_value == pytest.approx(np.array(columns, float), abs=ACCURATE)
    assert point.row_dual == pytest.approx(np.array(duals, float), abs=ACCURATE)
    reduced = lp.cost - lp.matrix.toarray().T @ duals
    assert point.reduced_cost == pytest.approx(reduced, abs=ACCURATE)


@solvers
@pytest.mark.parametrize("name", {**DEGENERATE, **EMPTY})
def test_optimum_of_degenerate_and_empty_programs(solver: str, name: str) -> None:
    lp, objective = {**DEGENERATE, **EMPTY}[name]
    point = solved(solver, lp)
    assert point.column_value.shape == (lp.shape[1],)
    assert point.row_dual.shape == (lp.shape[0],)
    assert value(lp, point) == pytest.approx(objective, abs=ACCURATE)


@solvers
@pytest.mark.parametrize("name", INFEASIBLE)
def test_infeasible(solver: str, name: str) -> None:
    assert "infeasible" in SOLVERS[solver](INFEASIBLE[name]).status


@solvers
def test_infeasible_without_columns(solver: str) -> None:
    assert "infeasible" in SOLVERS[solver](NOTHING_TO_MEET_A_DEMAND).status


@solvers
@pytest.mark.parametrize("name", UNBOUNDED)
def test_unbounded(solver: str, name: str) -> None:
    assert "unbounded" in SOLVERS[solver](UNBOUNDED[name]).status


# The sign rule: a dual is the change of the optimum per unit increase of the active bound. --------


def moved(lp: LinearProgram, axis: str, bound: str, place: int, step: float) -> LinearProgram:
    """The program with one bound moved; both bounds of a pair that are equal."""
    whole = getattr(lp, axis)
    lower, upper = whole.lower.copy(), whole.upper.copy()
    if bound == "lower" or lower[place] == upper[place]:
        lower[place] += step
    if bound == "upper" or whole.lower[place] == whole.upper[place]:
        upper[place] += step
    return replace(lp, **{axis: replace(whole, lower=lower, upper=upper)})


@solvers
@pytest.mark.parametrize("name", UNIQUE)
@pytest.mark.parametrize("axis", ["rows", "columns"])
def test_duals_are_the_change_of_the_optimum_per_unit_of_bound(
    solver: str, name: str, axis: str
) -> None:
    """Central differences; a positive dual belongs to a lower bound, a negative one to an upper."""
    lp = UNIQUE[name][0]
    point, step = solved(solver, lp), 1e-3
    duals = point.row_dual if axis == "rows" else point.reduced_cost
    for place, dual in enumerate(duals):
        pair = getattr(lp, axis).lower[place], getattr(lp, axis).upper[place]
        for bound, own in (("lower", max(dual, 0.0)), ("upper", min(dual, 0.0))):
            up, down = (moved(lp, axis, bound, place, way * step) for way in (1, -1))
            change = value(up, solved(solver, up)) - value(down, solved(solver, down))
            expected = dual if pair[0] == pair[1] else own
            assert change / (2 * step) == pytest.approx(expected, abs=1e-4)


@solvers
@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("step", [0.1, -0.1])
def test_duals_of_degenerate_programs_bound_the_change(solver: str, name: str, step: float) -> None:
    """The optimum is convex in the bounds: it changes by no less than dual times step."""
    lp = DEGENERATE[name][0]
    point = solved(solver, lp)
    for place, dual in enumerate(point.row_dual):
        bound = "lower" if dual > 0 else "upper"
        other = moved(lp, "rows", bound, place, step)
        found = SOLVERS[solver](other)
        if found.status == "optimal":
            change = value(other, found) - value(lp, point)
            assert change >= dual * step - ACCURATE
        else:
            assert "infeasible" in found.status


class Interrupted:
    """A solver in whose run the user presses Ctrl-C."""

    HandleUserInterrupt = False

    def __init__(self) -> None:
        self.told: list[str] = []

    def startSolve(self) -> None:
        self.told.append("started")

    def wait(self, timeout: float = -1.0) -> tuple[bool, None]:
        if self.told == ["started"]:
            self.told.append("interrupted")
            raise KeyboardInterrupt
        self.told.append("waited")
        return True, None

    def cancelSolve(self) -> None:
        self.told.append("cancelled")


def test_an_interruption_stops_the_solver_and_is_passed_on() -> None:
    solver = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        run_until_interrupted(solver)
    assert solver.HandleUserInterrupt
    assert solver.told == ["started", "interrupted", "cancelled", "waited"]
