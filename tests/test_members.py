"""The partition: member by member is the whole, worth adds up, and a part can be planned alone."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

import planboard as pb
from economies import BASE_YEAR, CLOSE, REGIONS, Folder, cost, folders, optimum
from planboard.compile import compile_program
from planboard.plan import Objective, Order, Plan
from planboard.program import BOARD, LinearProgram

YEARS = (BASE_YEAR + 1, BASE_YEAR + 3)


def shared_plan(**sections: object) -> Plan:
    """A plan with an order on one region, one on all together and one on each."""
    orders = [
        Order(id="own", quantity="output", region=REGIONS[0], product="corn", change="+1%"),
        Order(id="common", quantity="hours", at_most=1e6),
        Order(id="each", quantity="household_consumption", each=("region",), at_least="+0%"),
    ]
    return Plan("Together", economy="made", years=YEARS, order=orders, **sections)


def numbers(program: LinearProgram) -> dict[str, dict[object, float]]:
    """Everything a program says, under its names."""
    rows, columns = program.rows.names(), program.columns.names()
    matrix = program.matrix.tocoo()
    found: dict[str, dict[object, float]] = {
        "matrix": {
            (rows[i], columns[j]): value
            for i, j, value in zip(*matrix.coords, matrix.data, strict=True)
        },
        "cost": dict(zip(columns, program.cost, strict=True)),
    }
    for what, axis, names in (("row", program.rows, rows), ("column", program.columns, columns)):
        assert len(set(names)) == len(names)
        for attribute in ("lower", "upper", "unit"):
            found[f"{what} {attribute}"] = dict(zip(names, getattr(axis, attribute), strict=True))
    return found


@given(folders((2, 3)))
def test_joined_members_are_the_whole(folder: Folder) -> None:
    economy = folder.economy()
    whole = {"everybody": economy.region_names}
    goals = (
        Objective(),
        Objective(maximise="plan_ray", proportions={"corn": 2.0, "steel": 1.0}),
        Objective(minimise="hours"),
    )
    for goal in goals:
        apart = compile_program(economy, shared_plan(objective=goal)).program
        together = compile_program(economy, shared_plan(objective=goal, members=whole)).program
        assert apart.members == economy.region_names
        assert together.members == ("everybody",)
        assert apart.objective_unit == together.objective_unit
        found, expected = numbers(apart), numbers(together)
        for what, values in expected.items():
            assert set(found[what]) == set(values)
            pairs = np.array([(found[what][name], value) for name, value in values.items()])
            np.testing.assert_allclose(*pairs.T, rtol=1e-12, err_msg=what)


@given(folders((2, 3)))
def test_only_shared_rows_join_members(folder: Folder) -> None:
    """The arrow: a member's rows touch its own columns alone."""
    program = compile_program(folder.economy(), shared_plan()).program
    matrix = program.matrix.tocoo()
    row, column = (owner[at] for owner, at in zip(
        (program.row_owner, program.column_owner), matrix.coords, strict=True
    ))  # fmt: skip
    assert ((row == column) | (row == BOARD)).all()
    spans = program.rows.spans()
    shared = {family.name for family, at in spans if (program.row_owner[at] == BOARD).any()}
    assert shared == {"market", "order"}


def assert_worth_adds_up(solution: pb.Solution) -> None:
    """What every member is worth is what its scarce things are worth; in all, the objective."""
    value = solution.value.pivot_table(
        index="member", columns="side", values="value", aggfunc="sum", fill_value=0.0
    )
    total = -solution.objective * solution.compiled.program.objective_unit
    size = solution.value["value"].abs().max()
    assert value["worth"].to_numpy() == pytest.approx(value["source"].to_numpy(), abs=CLOSE * size)
    assert value["worth"].sum() == pytest.approx(total, rel=CLOSE)


@given(folders())
def test_worth_adds_up(folder: Folder) -> None:
    economy = folder.economy()
    for utility in ("log", "linear"):
        plan = Plan("Worth", economy="made", years=YEARS, objective=Objective(utility=utility))
        assert_worth_adds_up(pb.solve(economy, plan))


def test_worth_of_the_world_adds_up(world_solution: pb.Solution) -> None:
    assert_worth_adds_up(world_solution)


def test_one_region_of_the_world_alone(world: pb.Economy) -> None:
    """A part buys from and sells to the outside, within its bands and its deficit."""
    plan = pb.read_plan().with_changes(regions=("EUE",))
    solution = pb.solve(world, plan)
    assert solution.verdict.is_optimal()
    assert solution.economy.coverage == "part"
    assert not any(f.name == "market" for f in solution.compiled.program.rows.families)
    assert set(solution.activity["region"]) == {"EUE"}
    trade = solution.accounts.query("account == 'trade balance'").set_index("year")["value"]
    accounts = world.region("EUE")
    owed = float((accounts.imports - accounts.exports).sum())
    assert owed > 0
    years = trade.index.to_numpy() - world.base_year
    assert (-trade <= owed * (1 + plan.trade.growth) ** years * (1 + CLOSE)).all()


@given(folders((2, 3)))
def test_a_part_never_does_worse_than_the_union_lets_it(folder: Folder) -> None:
    """With the same bands and deficits, a region alone need not find sellers and buyers."""
    economy = folder.economy()
    compiled, point = optimum(economy, Plan("All", economy="made", years=YEARS))
    spent = {a.region: float(a.final_use[:, 0].sum()) for a in economy.regions}
    program = compiled.program
    worth = program.cost * point.column_value
    for member, region in enumerate(economy.region_names):
        in_union = float(worth[program.column_owner == member].sum())
        in_union *= sum(spent.values()) / spent[region]
        alone = cost(economy, Plan("Alone", economy="made", years=YEARS, regions=(region,)))
        assert alone <= in_union + CLOSE * max(1.0, abs(in_union))


@given(folders())
def test_refined_utility_is_the_logarithm(folder: Folder) -> None:
    """The objective told is the true utility of what is consumed, not that of its tangents."""
    economy = folder.economy()
    solution = pb.solve(economy, Plan("Utility", economy="made", years=YEARS))
    base = {a.region: a.final_use[:, 0].sum() for a in economy.regions}
    eaten = solution.consumption.query("category == 'households'").set_index(["region", "year"])
    beta = 1 / (1 + solution.plan.objective.discount)
    weight = beta ** np.arange(1, 4)
    weight[-1] /= 1 - beta
    years = range(YEARS[0], YEARS[1] + 1)
    utility = sum(
        w * spent / sum(base.values()) * np.log(eaten["value"][region, year] / spent)
        for region, spent in base.items()
        for w, year in zip(weight, years, strict=True)
    )
    assert solution.objective_in_units == pytest.approx(utility, rel=CLOSE)
    assert -solution.objective == pytest.approx(utility, abs=1e-6 * weight.sum())
    for region in base:
        assert all(b >= a * (1 - CLOSE) for a, b in pairwise(eaten["value"][region]))
