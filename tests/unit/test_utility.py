"""The logarithmic utility: segments of consumption say what the lowest tangent says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import planboard as pb
from economies import Shape, random_folder
from planboard.compile import LATTICE, CompiledPlan, compile_program
from planboard.constraints.layout import lay_out, segment_columns
from planboard.plan import Plan
from planboard.solution.worth import SOURCE

PLAN = Plan("Utility", economy="made", years=(2001, 2003))
EXACT = 1e-9


@pytest.fixture(scope="module")
def solved() -> pb.Solution:
    return pb.solve(random_folder(Shape(2, 3, is_joint=False, seed=5)).economy(), PLAN)


@pytest.fixture(scope="module")
def compiled(solved: pb.Solution) -> CompiledPlan:
    return compile_program(solved.economy, PLAN)


def rising(steps: set[int]) -> np.ndarray:
    return np.exp(LATTICE * np.array(sorted(steps)))


@given(
    st.sets(st.integers(-600, 600), min_size=1, max_size=12).map(rising),
    st.floats(0.01, 9.0),
)
def test_segments_filled_in_order_are_worth_the_lowest_tangent(
    compiled: CompiledPlan, points: np.ndarray, level: float
) -> None:
    outlook = compiled.outlooks[0]
    (c,) = outlook.households()
    every = np.tile(points, (outlook.horizon, 1))
    outlook = replace(outlook, tangents={outlook.categories[c].name: every})
    width = segment_columns(outlook).upper[c, :, 0]
    end = np.cumsum(width)
    filled = np.clip(level - np.concatenate([[0.0], end[:-1]]), 0.0, width)
    worth = np.log(points[0]) - 1 + (filled / points).sum()
    lowest = (np.log(points) + (level - points) / points).min()
    assert worth == pytest.approx(lowest, abs=EXACT)
    assert (width > 0).all()


def test_what_has_no_utility_has_no_segments(compiled: CompiledPlan) -> None:
    outlook = compiled.outlooks[0]
    at = lay_out(outlook, 0).at["segment"]
    others = np.setdiff1d(np.arange(len(outlook.categories)), outlook.households())
    assert (at[others] < 0).all()
    assert (at[outlook.households()] >= 0).all()


def test_tangent_points_lie_on_the_lattice_and_never_twice(solved: pb.Solution) -> None:
    """Two that nearly coincide would be rows that a solver can hardly tell apart."""
    for categories in solved.compiled.tangents.values():
        for points in categories.values():
            steps = np.log(points) / LATTICE
            assert np.abs(steps - np.rint(steps)).max() < 1e-6
            assert (np.diff(steps, axis=1) > 0.5).all()


def test_the_ends_of_segments_count_as_satiation(solved: pb.Solution) -> None:
    entries = set(solved.value.loc[solved.value["side"] == SOURCE, "entry"])
    assert "utility" in entries
    assert "bounds of segment" not in entries
