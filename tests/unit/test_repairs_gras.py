"""GRAS and RAS: the nearest matrix with stated totals, found again by another method; its laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from planboard.errors import InvalidTableError, NoAnswerError
from planboard.repairs.gras import Balanced, gras, ras

HELD = 1e-10  # Relative, of totals; the method itself stops at 1e-12.
SOLVED = 1e-4  # Relative, of cells that a general solver of convex programs finds.


def labelled(cells: np.ndarray) -> pd.DataFrame:
    n, m = cells.shape
    return pd.DataFrame(cells, [f"r{i}" for i in range(n)], [f"c{j}" for j in range(m)])


def totals(matrix: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return matrix.sum(axis=1), matrix.sum(axis=0)


def solved(cells: list[list[float]], u: list[float], v: list[float]) -> Balanced:
    matrix = labelled(np.array(cells, dtype=float))
    return gras(matrix, pd.Series(u, matrix.index, float), pd.Series(v, matrix.columns, float))


# Against another method ---------------------------------------------------------------------------


def nearest(cells: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Ratios z that minimise Σ |a| (z ln z − z + 1) under the totals, by a general solver.

    Totals of the first rows and columns; where all have one, the last follows from the others.
    """
    i, j = np.nonzero(cells)
    a = cells[i, j]
    rows = np.array([np.where(i == r, a, 0.0) for r in range(len(u))])
    columns = np.array([np.where(j == c, a, 0.0) for c in range(len(v))])
    used = len(u) + len(v) - ((len(u), len(v)) == cells.shape)
    sums, wanted = np.vstack([rows, columns])[:used], np.concatenate([u, v])[:used]
    found = minimize(
        lambda z: float(np.abs(a) @ (z * np.log(z) - z + 1)),
        np.ones(len(a)),
        jac=lambda z: np.abs(a) * np.log(z),
        bounds=[(1e-6, None)] * len(a),
        constraints={"type": "eq", "fun": lambda z: sums @ z - wanted, "jac": lambda _: sums},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    assert found.success
    result = np.zeros(cells.shape)
    result[i, j] = a * found.x
    return result


JUNIUS_OOSTERHAVEN = (  # (2003), the example: goods, services, net taxes.
    [[7.0, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]],
    [15.0, 26, -1],
    [9.0, 16, 17, -2],
)
MILLER_BLAIR = (  # (2009), section 7.4.2: coefficients times output of the later year.
    (np.array([[0.120, 0.100, 0.049], [0.210, 0.247, 0.265], [0.026, 0.249, 0.145]])
     * [421, 284, 283]).tolist(),
    [245.0, 136, 159],
    [251.0, 107, 182],
)  # fmt: skip


def test_a_column_without_a_positive_cell_has_the_published_answer() -> None:
    """The example of Junius and Oosterhaven with two cells less, for the case that Temurshoev,
    Miller and Bouwmeester (2013) add. Expected: the tests of riot, an R package of O. Reiter's
    (tests/testthat/test_doGRAS.R), printed to 1e-6.
    """
    cells = [[7.0, 3, 5, -3], [2, 9, 8, 0], [-2, 0, 2, 0]]
    expected = [
        [8.424340881, 3.375237362, 5.200422021, -2.000000263],
        [3.000997078, 12.624763744, 10.374239178, 0],
        [-2.425339135, 0, 1.425339135, 0],
    ]
    found = solved(cells, *JUNIUS_OOSTERHAVEN[1:]).matrix.to_numpy()
    assert found == pytest.approx(np.array(expected), abs=1e-6)


def test_free_rows_and_columns_have_the_least_entropy_under_the_other_totals() -> None:
    """Net taxes and net exports have no totals; both sums of the others need not agree."""
    cells, u, v = (np.array(part) for part in JUNIUS_OOSTERHAVEN)
    matrix = labelled(cells)
    rows, columns = pd.Series(u, matrix.index)[:2], pd.Series(v + 1, matrix.columns)[:3]
    found = gras(matrix, rows, columns, free=["r2", "c3"])
    assert found.residual <= 1e-12
    result = found.matrix.to_numpy()
    effect = np.sign(cells) * np.log(result / np.where(cells == 0, np.nan, cells))
    assert effect[2, 3] == 0
    held = np.nan_to_num(effect[:2, :3] - effect[:2, [3]] - effect[[2], :3])
    assert held[cells[:2, :3] * cells[[2], :3] != 0] == pytest.approx(0, abs=1e-10)
    nearest_too = nearest(cells, rows.to_numpy(), columns.to_numpy())
    assert result == pytest.approx(nearest_too, rel=SOLVED, abs=1e-6)


def test_a_total_is_needed_where_nobody_says_that_it_is_free() -> None:
    matrix = labelled(np.ones((2, 2)))
    rows, columns = pd.Series({"r0": 2.0}), pd.Series({"c0": 2.0, "c1": 2.0})
    with pytest.raises(InvalidTableError, match="row 'r1' has no total"):
        gras(matrix, rows, columns)
    assert gras(matrix, rows, columns, free=["r1"]).rounds == 0


@pytest.mark.parametrize("example", [JUNIUS_OOSTERHAVEN, MILLER_BLAIR])
def test_it_is_the_matrix_of_least_entropy(example: tuple[list, list, list]) -> None:
    found = solved(*example)
    cells, u, v = (np.array(part) for part in example)
    assert found.matrix.to_numpy() == pytest.approx(nearest(cells, u, v), rel=SOLVED, abs=1e-6)
    assert found.residual <= 1e-12


def test_ratios_come_from_one_multiplier_a_row_and_one_a_column() -> None:
    """The condition of first order: sign(a) ln z has rank one, as a sum of two effects."""
    found = solved(*JUNIUS_OOSTERHAVEN).matrix.to_numpy()
    cells = np.array(JUNIUS_OOSTERHAVEN[0])
    used = cells != 0
    effect = np.sign(cells[used]) * np.log(found[used] / cells[used])
    i, j = np.nonzero(used)
    dummies = np.hstack([np.eye(3)[i], np.eye(4)[j]])
    fitted = dummies @ np.linalg.lstsq(dummies, effect)[0]
    assert fitted == pytest.approx(effect, abs=1e-10)


# Laws ---------------------------------------------------------------------------------------------


@st.composite
def problems(draw: st.DrawFn, *, signed: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A matrix, and another with the same signs and zeros, whose totals it is to have."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    cells = rng.uniform(0.5, 100, (n, m)) * (rng.uniform(size=(n, m)) < 0.8)
    if signed:
        cells *= np.where(rng.uniform(size=(n, m)) < 0.2, -1, 1)
    return labelled(cells), labelled(cells * rng.uniform(0.5, 2, (n, m)))


@given(problems())
def test_totals_hold_and_signs_stay(problem: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    matrix, other = problem
    found = gras(matrix, *totals(other))
    for axis, wanted in enumerate(reversed(totals(other))):
        size = other.abs().sum(axis=axis)
        assert ((found.matrix.sum(axis=axis) - wanted).abs() <= HELD * size).all()
    assert (np.sign(found.matrix) == np.sign(matrix)).all(axis=None)


@given(problems())
def test_a_matrix_that_has_the_totals_stays_as_it_is(
    problem: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    matrix, _ = problem
    found = gras(matrix, *totals(matrix))
    assert found.rounds == 0
    pd.testing.assert_frame_equal(found.matrix, matrix, check_exact=True)


@given(problems())
def test_a_change_of_unit_changes_the_unit_only(
    problem: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    matrix, other = problem
    found = gras(matrix, *totals(other)).matrix
    in_thousands = gras(matrix / 1000, *totals(other / 1000)).matrix
    np.testing.assert_allclose(in_thousands * 1000, found, rtol=1e-8)


@given(problems())
def test_what_is_owed_and_what_is_due_are_alike(
    problem: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """With all signs turned, the answer is the same with its signs turned: rows of one sign too."""
    matrix, other = problem
    found, turned = gras(matrix, *totals(other)), gras(-matrix, *totals(-other))
    np.testing.assert_allclose(-turned.matrix, found.matrix, rtol=1e-8)


@given(problems(), st.randoms(use_true_random=False))
def test_names_count_and_not_places(problem: tuple[pd.DataFrame, pd.DataFrame], rng) -> None:
    matrix, other = problem
    rows, columns = rng.sample(list(matrix.index), len(matrix)), list(matrix.columns)[::-1]
    found = gras(matrix, *totals(other)).matrix
    again = gras(matrix.loc[rows, columns], *totals(other)).matrix
    np.testing.assert_allclose(again.loc[found.index, found.columns], found, rtol=1e-8)


@given(problems(signed=False))
def test_ras_is_the_case_without_negative_cells(
    problem: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    matrix, other = problem
    pd.testing.assert_frame_equal(
        ras(matrix, *totals(other)).matrix, gras(matrix, *totals(other)).matrix
    )


@given(problems(signed=False), st.floats(0.1, 10))
def test_twice_the_totals_are_twice_the_cells_where_none_is_negative(
    problem: tuple[pd.DataFrame, pd.DataFrame], factor: float
) -> None:
    matrix, other = problem
    found = ras(matrix, *totals(other)).matrix
    np.testing.assert_allclose(
        ras(matrix, *totals(other * factor)).matrix, found * factor, rtol=1e-8
    )


def test_a_row_whose_total_is_zero_is_emptied() -> None:
    found = solved([[1, 2], [3, 4]], [0, 9], [4, 5])
    assert found.matrix.to_numpy().tolist() == [[0, 0], [4, 5]]


def test_cells_of_both_signs_can_have_the_total_zero() -> None:
    found = solved([[1, -4], [3, 4]], [0, 9], [5, 4])
    assert found.matrix.sum(axis=1).tolist() == pytest.approx([0, 9], abs=1e-10)
    assert found.matrix.loc["r0", "c1"] < 0


def test_rounding_between_the_two_sums_is_let_pass() -> None:
    found = solved([[1, 2], [3, 9]], [3, 7 + 1e-12], [4, 6])
    assert found.matrix.sum().tolist() == pytest.approx([4, 6], rel=HELD)
    assert found.matrix.sum(axis=1).tolist() == pytest.approx([3, 7], rel=HELD)


def test_columns_far_apart_in_size_all_hold() -> None:
    rng = np.random.default_rng(1)
    matrix = labelled(rng.uniform(0.1, 1, (30, 40)) * np.logspace(-6, 6, 40))
    other = matrix * rng.uniform(0.9, 1.1, (30, 40))
    found = gras(matrix, *totals(other)).matrix
    np.testing.assert_allclose(found.sum(), other.sum(), rtol=HELD)
    np.testing.assert_allclose(found.sum(axis=1), other.sum(axis=1), rtol=HELD)


# Refusals -----------------------------------------------------------------------------------------


def test_totals_that_no_cells_can_have() -> None:
    with pytest.raises(InvalidTableError) as error:
        solved([[0, 0], [3, 4], [-1, -1]], [5, -7, 1], [1, -2])
    assert str(error.value) == (
        "The cells cannot add up to 3 of the totals.\n\n"
        "    row 'r1': -7 from cells above zero\n"
        "    row 'r0': 5 from zeros\n"
        "    row 'r2': 1 from cells below zero\n\n"
        "Correct these totals, or give their rows and columns a cell that can carry them."
    )


def test_totals_that_do_not_add_up() -> None:
    with pytest.raises(InvalidTableError) as error:
        solved([[1, 2], [3, 4]], [3, 7], [4, 6.5])
    assert str(error.value) == (
        "The totals of the rows do not add up to those of the columns.\n\n"
        "    2 rows from 'r0': 10; 2 columns from 'c0': 10.5\n\n"
        "Every cell is in one row and one column: both sums are of the same cells."
    )


def test_totals_that_do_not_add_up_in_a_block() -> None:
    with pytest.raises(InvalidTableError) as error:
        solved([[1, 0], [0, 4]], [2, 4], [1, 5])
    assert str(error.value) == (
        "The totals do not add up in 2 of the matrix's 2 blocks that no cell connects.\n\n"
        "    1 rows from 'r0': 2; 1 columns from 'c0': 1\n"
        "    1 rows from 'r1': 4; 1 columns from 'c1': 5\n\n"
        "Every cell is in one row and one column: both sums are of the same cells."
    )


def test_totals_that_the_zeros_forbid() -> None:
    """The first row has the first column alone, and is to hold more than it."""
    with pytest.raises(NoAnswerError) as error:
        solved([[1, 0], [1, 1]], [2, 1], [1, 2])
    assert error.value.happened.startswith(
        "No matrix with these signs and zeros was found that has the totals, in "
    )
    assert error.value.evidence[0].startswith("row 'r0' misses its total by 0.5 of it")
    assert error.value.remedy == (
        "Totals of some rows may exceed what their columns can hold: correct them, or allow a "
        "larger tolerance."
    )


def test_too_few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planboard.repairs.gras.ROUNDS", 3)
    matrix = labelled(np.array(JUNIUS_OOSTERHAVEN[0]))
    u, v = (pd.Series(part) for part in JUNIUS_OOSTERHAVEN[1:])
    with pytest.raises(NoAnswerError, match="in 3 rounds"):
        gras(matrix, u.set_axis(matrix.index), v.set_axis(matrix.columns))


def test_negative_cells_are_not_for_ras() -> None:
    matrix = labelled(np.array(JUNIUS_OOSTERHAVEN[0]))
    with pytest.raises(InvalidTableError) as error:
        ras(matrix, *totals(matrix))
    assert str(error.value) == (
        "RAS cannot balance a matrix with 2 cells below zero.\n\n"
        "    r0, c3: -3\n"
        "    r2, c0: -2\n\n"
        "Use GRAS, which keeps the sign of every cell."
    )


def test_names_that_do_not_fit() -> None:
    matrix = labelled(np.ones((2, 2)))
    with pytest.raises(InvalidTableError) as error:
        gras(matrix, pd.Series({"r0": 2.0, "x": 2.0}), pd.Series({"c0": 2.0, "c1": 2.0}))
    assert str(error.value) == (
        "The totals do not fit the matrix.\n\n"
        "    row 'r1' has no total\n"
        "    no row 'x'\n\n"
        "Name every row and column once in both."
    )


def test_a_name_that_stands_twice() -> None:
    matrix = pd.DataFrame(np.ones((2, 1)), ["a", "a"], ["c"])
    with pytest.raises(InvalidTableError, match="row 'a' stands twice"):
        gras(matrix, pd.Series({"a": 1.0}), pd.Series({"c": 2.0}))


def test_cells_without_a_number() -> None:
    matrix = labelled(np.array([[1.0, np.nan]]))
    with pytest.raises(InvalidTableError, match="hold what is not a number"):
        gras(matrix, *totals(matrix))
