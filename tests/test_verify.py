"""A wrong point called optimal is refused; residual and gap are exactly what the design says.

residual of a row or column = its violation / (1 + the largest absolute term in it)
gap = |primal − dual| / max(1, |primal|)
"""

from dataclasses import replace

import numpy as np
import pytest

import planboard as pb
from economies import Shape, random_folder
from planboard.errors import NoAnswerError
from planboard.plan import Plan
from planboard.program import LinearProgram, Point
from planboard.solvers import AUTO, SOLVERS
from planboard.verify import TOLERANCE, verify
from programs import program

INF = np.inf
# Minimise −3x − 5y + 7: the optimum is (2, 6) at −29, with duals 0, −3/2, −1.
WYNDOR = program([-3, -5], [[1, 0], [0, 2], [3, 2]], ([-INF, -INF, -INF], [4, 12, 18]), offset=7.0)


def point(
    lp: LinearProgram, columns: list[float], duals: list[float], said: str = "optimal"
) -> Point:
    """A point as a solver would hand it over; what it says of reduced costs is wrong on purpose."""
    value, dual = np.array(columns, float), np.array(duals, float)
    return Point("optimal", value, dual, np.full(len(value), 99.0), "by hand")


RIGHT = point(WYNDOR, [2, 6], [0, -1.5, -1])


def test_the_optimum_is_accepted() -> None:
    verdict = verify(WYNDOR, RIGHT)
    assert verdict.worst == 0
    assert verdict.is_optimal()
    assert (verdict.objective, verdict.dual_objective) == (-29, -29)


WRONG = {
    "infeasible": point(WYNDOR, [2.001, 6], [0, -1.5, -1]),
    "feasible, not optimal": point(WYNDOR, [2, 5.999], [0, -1.5, -1]),
    "below its bound": point(WYNDOR, [-1e-3, 6], [0, -1.5, -1]),
    "dual too small": point(WYNDOR, [2, 6], [0, -1.5, -0.999]),
    "dual too large": point(WYNDOR, [2, 6], [0, -1.5, -1.001]),
    "duals of the wrong sign": point(WYNDOR, [2, 6], [0, 1.5, 1]),
    "dual of a slack row": point(WYNDOR, [2, 6], [-0.001, -1.5, -1]),
    "dual on a bound that is not there": point(WYNDOR, [2, 6], [0.001, -1.5, -1]),
    "no duals": point(WYNDOR, [2, 6], [0, 0, 0]),
    "NaN in a column": point(WYNDOR, [2, np.nan], [0, -1.5, -1]),
    "NaN in a dual": point(WYNDOR, [2, 6], [np.nan, -1.5, -1]),
    "infinite column": point(WYNDOR, [2, INF], [0, -1.5, -1]),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_a_wrong_point_called_optimal_is_refused(name: str) -> None:
    assert not verify(WYNDOR, WRONG[name]).is_optimal()
    assert not verify(WYNDOR, WRONG[name]).is_optimal(1e-6)


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_an_infinite_dual_is_refused() -> None:
    assert not verify(WYNDOR, point(WYNDOR, [2, 6], [0, -INF, -1])).is_optimal()


def test_residuals_and_gap_by_hand() -> None:
    """At x = 3, y = 6 with duals 0, −1, −2.

    Rows: 3 ≤ 4;  12 ≤ 12;  9 + 12 = 21 > 18, by 3; its largest term is 12: 3 / 13.
    Reduced costs: −3 + 6 = 3;  −5 + 2 + 4 = 1: both lean on the lower bound 0, and are right.
    Primal −9 − 30 + 7 = −32;  dual −12 − 36 + 7 = −41;  gap 9 / 32.
    """
    verdict = verify(WYNDOR, point(WYNDOR, [3, 6], [0, -1, -2]))
    assert verdict.primal_residual == pytest.approx(3 / 13, rel=1e-15)
    assert verdict.dual_residual == 0
    assert verdict.objective == -32
    assert verdict.dual_objective == -41
    assert verdict.relative_gap == pytest.approx(9 / 32, rel=1e-15)
    assert verdict.worst == verdict.relative_gap


def test_dual_residual_by_hand() -> None:
    """At duals 0, −1, −0.5: −3 + 1.5 = −1.5 and −5 + 2 + 1 = −2 lean on upper bounds not there.

    The largest terms are |cost| 3 and 5: 1.5 / 4 and 2 / 6.
    """
    verdict = verify(WYNDOR, point(WYNDOR, [2, 6], [0, -1, -0.5]))
    assert verdict.dual_residual == pytest.approx(1.5 / 4, rel=1e-15)


def test_residual_of_a_bound_by_hand() -> None:
    """x = −0.5 violates x ≥ 0 by 0.5; its only term is 0.5: 0.5 / 1.5."""
    verdict = verify(WYNDOR, point(WYNDOR, [-0.5, 6], [0, -1.5, -1]))
    assert verdict.primal_residual == pytest.approx(0.5 / 1.5, rel=1e-15)


def test_a_dual_of_a_row_without_that_bound_is_a_residual() -> None:
    """A positive dual leans on a lower bound; this row has none: 1.5 / (1 + 1.5)."""
    verdict = verify(WYNDOR, point(WYNDOR, [2, 6], [1.5, -1.5, -1]))
    assert verdict.dual_residual >= 1.5 / 2.5 - 1e-15


def test_gap_of_a_small_objective_is_absolute() -> None:
    """Minimise 0.1 x, x ≥ 1 as a row: primal 0.2 at x = 2, dual 0.1; gap 0.1 / max(1, 0.2)."""
    lp = program([0.1], [[1]], ([1], [INF]))
    verdict = verify(lp, point(lp, [2], [0.1]))
    assert verdict.relative_gap == pytest.approx(0.1, rel=1e-12)


def test_the_worst_row_counts() -> None:
    """Violations 1 / (1 + 9) and 1 / (1 + 1): the maximum over all, not the first or their mean."""
    lp = program([0, 0], [[1, 0], [0, 1], [0, 0]], ([10, 2, 0], [INF, INF, 0]))
    assert verify(lp, point(lp, [9, 1], [0, 0, 0])).primal_residual == 0.5


def test_an_empty_program_is_optimal_unless_a_row_asks_for_something() -> None:
    assert verify(program([], []), point(program([], []), [], [])).is_optimal()
    asking = program([], [], ([1], [INF]))
    assert verify(asking, point(asking, [], [0])).primal_residual == 1


@pytest.fixture(scope="module")
def plan_program() -> tuple[LinearProgram, Point]:
    economy = random_folder(Shape(2, 3, True, 5)).economy()
    lp = pb.solve(economy, Plan("Made", economy="made", years=(2001, 2003))).compiled.program
    found = SOLVERS[AUTO](lp)
    assert verify(lp, found).is_optimal()
    return lp, found


@pytest.mark.parametrize("which", ["column_value", "row_dual"])
@pytest.mark.parametrize("change", [1e-4, -1e-4])
def test_no_number_of_a_plan_can_be_changed_unnoticed(
    plan_program: tuple[LinearProgram, Point], which: str, change: float
) -> None:
    """Moving every tenth number by 1e-4 of the scaled program breaks feasibility or the gap.

    A number that the optimum leaves free may move, such as the worth of consumption where two
    tangents of the utility meet: those are few.
    """
    lp, found = plan_program
    values = getattr(found, which)
    unnoticed = 0
    for place in range(0, len(values), 10):
        moved = values.copy()
        moved[place] += change
        unnoticed += verify(lp, replace(found, **{which: moved})).is_optimal()
    assert unnoticed < len(values) / 10 / 10


def test_solve_refuses_a_point_that_is_not_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver proposes, `verify` decides."""
    economy = random_folder(Shape(1, 2, False, 1)).economy()
    honest = SOLVERS[AUTO]

    def careless(lp: LinearProgram) -> Point:
        found = honest(lp)
        return replace(found, column_value=found.column_value * (1 + 1e-5))

    monkeypatch.setitem(SOLVERS, AUTO, careless)
    with pytest.raises(NoAnswerError, match="is not optimal when verified"):
        pb.solve(economy, Plan("Made", economy="made", years=(2001, 2003)))


def test_tolerance_is_that_of_the_design() -> None:
    assert TOLERANCE == 1e-8
