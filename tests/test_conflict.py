"""Impossible plans: a proof that our own arithmetic checks, and the colliding orders only."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import planboard as pb
from economies import BASE_YEAR, REGIONS, Folder, Shape, folders, random_folder
from planboard.compile import compile_program
from planboard.conflict import Conflict, find_conflict, is_proof
from planboard.economy import Array
from planboard.plan import Consumption, Order, Plan
from planboard.program import LinearProgram
from planboard.solvers import AUTO, SOLVERS, solve_simplex
from programs import program

INF = np.inf
YEARS = (BASE_YEAR + 1, BASE_YEAR + 3)
LAST = YEARS[-1]

MORE = Order(
    id="more to eat",
    quantity="household_consumption",
    region=REGIONS[0],
    year=LAST,
    change="+3%",
    issued_by="Assembly",
)
LESS = Order(id="less work", quantity="hours", region=REGIONS[0], year=LAST, change="-10%")
HARMLESS = (
    Order(id="some corn", quantity="output", product="corn", at_least=1.0),
    Order(id="no waste of hours", quantity="hours", at_most=1e6),
    Order(id="a little", quantity="household_consumption", region="south", at_least=1.0),
)


# Without orders consumption may fall, so that there is room for less work.
ROOM = {"consumption": Consumption(floor=0.7, may_fall=True)}


def wanting(*orders: Order, **sections: object) -> Plan:
    return Plan("Wishes", economy="made", years=YEARS, order=orders, **{**ROOM, **sections})


@pytest.fixture(scope="module")
def economy() -> pb.Economy:
    return random_folder(Shape(regions=2, products=3, is_joint=True, seed=11)).economy()


def refused(economy: pb.Economy, plan: Plan) -> pb.InfeasiblePlanError:
    with pytest.raises(pb.InfeasiblePlanError) as caught:
        pb.solve(economy, plan)
    return caught.value


def is_impossible(lp: LinearProgram, multiplier: Array) -> bool:
    """Farkas, once more and simply: the rows added up ask for more than the bounds can give."""

    def least(weight: Array, lower: Array, upper: Array) -> float:
        reach = np.where(np.abs(weight) < 1e-7 * np.abs(multiplier).max(), 0.0, weight)
        bounds = np.where(reach > 0, lower, upper)
        return float(sum(w * b for w, b in zip(reach, bounds, strict=True) if w))

    asked = least(multiplier, lp.rows.lower, lp.rows.upper)
    given_at_most = -least(-(lp.matrix.T @ multiplier), lp.columns.lower, lp.columns.upper)
    return asked > given_at_most


def conflict_of(lp: LinearProgram, gives_way: Array | None = None) -> Conflict | None:
    everything = np.ones(len(lp.rows), dtype=bool)
    return find_conflict(lp, solve_simplex, everything if gives_way is None else gives_way)


# Orders -------------------------------------------------------------------------------------------


def test_each_order_can_hold_alone(economy: pb.Economy) -> None:
    for order in (MORE, LESS, *HARMLESS):
        pb.solve(economy, wanting(order))


def test_two_colliding_orders_are_named_and_no_other(economy: pb.Economy) -> None:
    error = refused(economy, wanting(*HARMLESS, MORE, LESS))
    assert set(error.orders) == {MORE.id, LESS.id}
    assert error.exit_code == 1
    assert "these orders cannot all hold" in str(error)
    for name in (MORE.id, LESS.id):
        assert f"order '{name}'" in str(error)


def test_orders_that_are_named_collide_and_the_others_do_not(economy: pb.Economy) -> None:
    wishes = (*HARMLESS, MORE, LESS)
    named = set(refused(economy, wanting(*wishes)).orders)
    refused(economy, wanting(*(order for order in wishes if order.id in named)))
    pb.solve(economy, wanting(*(order for order in wishes if order.id not in named)))


# Of this one HiGHS says neither that it has a plan nor that it has none.
PUZZLING = random_folder(Shape(2, 2, is_joint=False, seed=1139))


@given(
    folders((2, 2)),
    st.permutations([*HARMLESS[:2], MORE, LESS]),
    st.sampled_from([(0.3, 0.2), (0.6, 0.05), (0.05, 0.5)]),
)
@example(PUZZLING, [*HARMLESS[:2], MORE, LESS], (0.3, 0.2))
def test_only_colliding_orders_are_named_in_every_economy(
    folder: Folder, orders: list[Order], sizes: tuple[float, float]
) -> None:
    """Taking out any order that is named makes the plan possible: the set is a smallest one."""
    more, less = sizes
    changes = {MORE.id: f"+{more:.0%}", LESS.id: f"-{less:.0%}"}
    wishes = [
        Order(id=o.id, quantity=o.quantity, region=o.region, year=o.year, change=changes[o.id])
        if o.id in changes
        else o
        for o in orders
    ]
    economy = folder.economy()
    named = set(refused(economy, wanting(*wishes)).orders)
    assert named <= {MORE.id, LESS.id}
    assert named
    if len(named) == 1:  # It may be impossible by itself.
        refused(economy, wanting(*(o for o in wishes if o.id in named)))


def test_the_orders_named_are_a_smallest_set(economy: pb.Economy) -> None:
    """Of two orders that say the same, one is named; of two conflicts, one."""
    twin = replace(MORE, id="the same again")
    elsewhere = [replace(o, id=f"{o.id} there", region=("south",)) for o in (MORE, LESS)]
    for wishes in ((MORE, twin, LESS), (MORE, LESS, *elsewhere)):
        named = refused(economy, wanting(*wishes)).orders
        for left_out in named:
            pb.solve(economy, wanting(*(o for o in wishes if o.id in named and o.id != left_out)))


def test_one_order_that_cannot_hold(economy: pb.Economy) -> None:
    tenfold = Order(id="tenfold", quantity="output", product="steel", change="+900%")
    error = refused(economy, wanting(*HARMLESS, tenfold))
    assert error.orders == ("tenfold",)
    assert "this order cannot hold" in str(error)


def test_orders_over_several_members_are_named_too(economy: pb.Economy) -> None:
    """Shared rows: a limit on the hours of all against the consumption of all."""
    eat = Order(id="all eat", quantity="household_consumption", year=LAST, change="+3%")
    rest = Order(id="all rest", quantity="hours", year=LAST, change="-10%")
    for order in (eat, rest):
        pb.solve(economy, wanting(order))
    assert set(refused(economy, wanting(*HARMLESS, eat, rest)).orders) == {"all eat", "all rest"}


def test_assumptions_that_collide_without_any_order(economy: pb.Economy) -> None:
    error = refused(economy, wanting(*HARMLESS, consumption=Consumption(floor=3.0)))
    assert error.orders == ()
    assert "even without its orders" in str(error)


def test_a_place_in_the_plan_file_is_told(economy: pb.Economy) -> None:
    plan = wanting(*HARMLESS, MORE, LESS).with_changes(
        places={"order.3": "wishes.toml, line 12", "order.4": "wishes.toml, line 20"}
    )
    text = str(refused(economy, plan))
    assert "(wishes.toml, line 12)" in text
    assert "(wishes.toml, line 20)" in text


# Proofs -------------------------------------------------------------------------------------------


def order_rows(lp: LinearProgram) -> Array:
    found = np.zeros(len(lp.rows), dtype=bool)
    for family, span in lp.rows.spans():
        found[span] = family.name == "order"
    return found


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_proof_holds_by_our_own_arithmetic(economy: pb.Economy, solver: str) -> None:
    lp = compile_program(economy, wanting(*HARMLESS, MORE, LESS)).program
    conflict = find_conflict(lp, SOLVERS[solver], order_rows(lp))
    assert conflict is not None
    assert conflict.room > 1e-6
    assert is_proof(lp, conflict.multiplier)
    assert is_impossible(lp, conflict.multiplier)


def test_a_possible_plan_has_no_conflict(economy: pb.Economy) -> None:
    lp = compile_program(economy, wanting(*HARMLESS, MORE)).program
    assert find_conflict(lp, SOLVERS[AUTO], order_rows(lp)) is None


def test_a_wrong_proof_is_refused(economy: pb.Economy) -> None:
    lp = compile_program(economy, wanting(*HARMLESS, MORE, LESS)).program
    conflict = find_conflict(lp, SOLVERS[AUTO], order_rows(lp))
    assert conflict is not None
    proof = conflict.multiplier
    for wrong in (0 * proof, -proof, np.roll(proof, 1), np.where(order_rows(lp), 0.0, proof)):
        assert not is_proof(lp, wrong)


# Greenberg's galenet, as used in the test-suite of HiGHS: its first and last row collide.
GALENET = program(
    [0, 0, 0, 0, 0],
    [[1, 1, 0, -1, -1], [0, 0, 1, 1, 0], [0, 0, 0, 0, 1]],
    ([0, 20, 30], [0, INF, INF]),
    ([0] * 5, [10, 10, 2, 20, 30]),
)


def test_galenet() -> None:
    """c0 + c1 = c3 + c4 and c4 ≥ 30 ask for c0 + c1 − c3 ≥ 30, where the bounds give 20."""
    conflict = conflict_of(GALENET)
    assert conflict is not None
    assert is_proof(GALENET, conflict.multiplier)
    assert is_proof(GALENET, np.array([1.0, 0.0, 1.0]))
    assert not is_proof(GALENET, np.array([1.0, 0.0, 0.5]))
    assert not is_proof(GALENET, np.array([0.0, 1.0, 1.0]))


def test_a_proof_by_hand() -> None:
    """x + y ≥ 3 with x, y ≤ 1: the row alone asks for 3, the bounds give 2."""
    lp = program([0, 0], [[1, 1]], ([3], [INF]), ([0, 0], [1, 1]))
    assert is_proof(lp, np.array([1.0]))
    assert not is_proof(lp, np.array([-1.0]))
    assert not is_proof(program([0, 0], [[1, 1]], ([2], [INF]), ([0, 0], [1, 1])), np.ones(1))
    assert not is_proof(program([0, 0], [[1, 1]], ([3], [INF])), np.ones(1))
