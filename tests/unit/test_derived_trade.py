"""Gross and bilateral flows derived from net trade (solution/trade.py)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from planboard.solution.trade import fit, nearest_gross

SIZES = st.floats(0.0, 100.0)
EXACT = 1e-9


def test_usual_trade_stays_where_the_net_is_as_usual() -> None:
    usual = np.array([4.0, 0.0, 2.0]), np.array([6.0, 3.0, 0.0])
    most = tuple(1.3 * flow for flow in usual)
    exports, imports = nearest_gross(usual[1] - usual[0], usual, most)
    assert exports == pytest.approx(usual[0])
    assert imports == pytest.approx(usual[1])


def test_a_change_of_the_net_falls_on_both_by_their_size() -> None:
    """Net imports from 2 to 7: exports 4 and imports 6 take 4/10 and 6/10 of the 5."""
    exports, imports = nearest_gross(
        np.array([7.0]), (np.array([4.0]), np.array([6.0])), (np.array([9.0]), np.array([20.0]))
    )
    assert exports == pytest.approx([2.0])
    assert imports == pytest.approx([9.0])


def test_bands_are_kept_before_the_pattern() -> None:
    """Imports may be 7 at most: with a net of 7 nothing is left to export."""
    exports, imports = nearest_gross(
        np.array([7.0]), (np.array([4.0]), np.array([6.0])), (np.array([9.0]), np.array([7.0]))
    )
    assert (exports, imports) == (0.0, 7.0)


@given(
    arrays(float, 5, elements=SIZES),
    arrays(float, 5, elements=SIZES),
    arrays(float, 5, elements=SIZES),
    arrays(float, 5, elements=SIZES),
    arrays(float, 5, elements=st.floats(0, 1)),
)
def test_gross_flows_keep_the_net_and_the_bands(
    usual_e: np.ndarray, usual_m: np.ndarray, most_e: np.ndarray, most_m: np.ndarray, at: np.ndarray
) -> None:
    """For every net that the bands allow; and no other flows within them are nearer (convexity)."""
    net = -most_e + at * (most_e + most_m)
    exports, imports = nearest_gross(net, (usual_e, usual_m), (most_e, most_m))
    room = EXACT * (1 + most_e + most_m)
    assert np.abs(imports - exports - net).max() <= EXACT * 200
    assert (exports >= -room).all()
    assert (imports >= -room).all()
    assert (exports <= most_e + room).all()
    assert (imports <= most_m + room).all()

    def distance(e: np.ndarray) -> np.ndarray:
        size = np.maximum(usual_e, 1e-12), np.maximum(usual_m, 1e-12)
        return (e - usual_e) ** 2 / size[0] + (e + net - usual_m) ** 2 / size[1]

    positive = (usual_e > 1e-3) & (usual_m > 1e-3)
    for step in (1e-3, -1e-3):
        other = np.clip(exports + step, np.maximum(0, -net), np.minimum(most_e, most_m - net))
        nearer = distance(other) < distance(exports) - 1e-9
        assert not (nearer & positive).any()


def test_fit_keeps_proportions_where_totals_are_as_usual() -> None:
    usual = np.array([[0.0, 1.0, 3.0], [2.0, 0.0, 4.0], [5.0, 6.0, 0.0]])
    assert fit(usual, usual.sum(axis=1), usual.sum(axis=0)) == pytest.approx(usual)


@given(
    arrays(float, (4, 4), elements=st.floats(0.5, 10)),
    arrays(float, (4, 4), elements=st.floats(0.1, 10)),
)
def test_fit_reproduces_its_totals(usual: np.ndarray, target: np.ndarray) -> None:
    """Row and column sums of other flows on the same pairs; what is zero stays zero."""
    away = 1 - np.eye(4)
    usual, target = usual * away, target * away
    found = fit(usual, target.sum(axis=1), target.sum(axis=0))
    assert found.sum(axis=1) == pytest.approx(target.sum(axis=1), rel=1e-6)
    assert found.sum(axis=0) == pytest.approx(target.sum(axis=0), rel=1e-6)
    assert (np.diag(found) == 0).all()
    assert (found >= 0).all()
    cross = found[0, 1] * found[2, 3] / (found[0, 3] * found[2, 1])
    assert cross == pytest.approx(usual[0, 1] * usual[2, 3] / (usual[0, 3] * usual[2, 1]), rel=1e-6)


def test_fit_leaves_out_who_sells_or_buys_nothing() -> None:
    usual = np.array([[0.0, 1.0, 3.0], [2.0, 0.0, 4.0], [5.0, 6.0, 0.0]])
    found = fit(usual, np.array([0.0, 1.0, 2.0]), np.array([3.0, 0.0, 0.0]))
    assert found == pytest.approx(np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0]]))
