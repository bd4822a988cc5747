"""Three published cases with other numbers and other goals, beside formulations of their own.

A number is changed in a copy of the example's files; the optimum is compared with that of a linear
program written from the case's description alone, and solved by scipy.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

import planboard as pb
from planboard.plan import Objective, Order

EXAMPLES = Path(__file__).parents[1] / "examples"
SAME = 1e-6  # Relative: points are verified to 1e-8, and a program may magnify that somewhat.


def run(plan_file: Path) -> pb.Solution:
    plan = pb.read_plan(plan_file)
    return pb.solve(pb.read_economy(plan.economy, beside=plan_file.parent), plan)


@dataclass(frozen=True)
class Change:
    """One number of an example, in its table and in the description that the test solves."""

    table: str
    where: Mapping[str, str]
    value: float
    number: tuple[Any, ...] | None
    column: str = "value"
    also: tuple["Change", ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.table} {' '.join(self.where.values())} {self.value:g}"


def changed(example: str, change: Change | None, tmp_path: Path) -> Path:
    """A copy of an example's economy with some numbers changed."""
    copy = tmp_path / example
    shutil.copytree(EXAMPLES / example, copy)
    for each in (change, *change.also) if change else ():
        file = copy / "economy" / f"{each.table}.csv"
        table = pd.read_csv(file, comment="#")
        rows = np.ones(len(table), dtype=bool)
        for name, label in each.where.items():
            rows &= (table[name] == label).to_numpy()
        assert rows.sum() == 1
        table[each.column] = table[each.column].astype(float)
        table.loc[rows, each.column] = each.value
        table.to_csv(file, index=False, float_format="%.17g")
    return copy


class Program:
    """A linear program put together by names: variables are made as they are used, all ≥ 0."""

    def __init__(self) -> None:
        self.place: dict[tuple[Any, ...], int] = {}
        self.rows: list[tuple[dict[tuple[Any, ...], float], float]] = []

    def at_most(self, terms: Mapping[tuple[Any, ...], float], bound: float) -> None:
        self.rows.append((dict(terms), bound))
        for name in terms:
            self.place.setdefault(name, len(self.place))

    def maximise(self, goal: Mapping[tuple[Any, ...], float]) -> float:
        for name in goal:
            self.place.setdefault(name, len(self.place))
        matrix = np.zeros((len(self.rows), len(self.place)))
        for line, (terms, _) in zip(matrix, self.rows, strict=True):
            for name, amount in terms.items():
                line[self.place[name]] += amount
        cost = np.zeros(len(self.place))
        for name, amount in goal.items():
            cost[self.place[name]] = -amount
        answer = linprog(cost, A_ub=matrix, b_ub=[bound for _, bound in self.rows])
        assert answer.status == 0, answer.message
        return float(-answer.fun)


def total(*parts: Mapping[tuple[Any, ...], float]) -> dict[tuple[Any, ...], float]:
    """Sums of terms."""
    found: dict[tuple[Any, ...], float] = {}
    for part in parts:
        for name, amount in part.items():
            found[name] = found.get(name, 0.0) + amount
    return found


# Williams 12.9. Years 0 to 6; x(i, t) is made in year t from inputs of year t − 1; y(i, t) is
# capacity whose inputs are taken in year t, there from year t + 2 on; s(i, t) is left of year t.

COAL, STEEL, TRANSPORT = range(3)
WILLIAMS: dict[str, Any] = {
    "input": [[0.1, 0.5, 0.4], [0.1, 0.1, 0.2], [0.2, 0.1, 0.2]],
    "manpower": [0.6, 0.3, 0.2],
    "building": [[0.0, 0.7, 0.9], [0.1, 0.1, 0.2], [0.2, 0.1, 0.2]],
    "building manpower": [0.4, 0.2, 0.1],
    "stock": [150.0, 80.0, 100.0],
    "capacity": [300.0, 350.0, 280.0],
    "demand": [60.0, 60.0, 30.0],
    "after": [41100 / 247, 26100 / 247, 1200 / 13],
    "limit": [470.0],
}


def hours(data: Mapping[str, Any], t: int) -> dict[tuple[Any, ...], float]:
    """Manpower of year t: for what is made in t + 1, and for what is built."""
    made = {("x", j, t + 1): data["manpower"][j] for j in range(3) if t < 6}
    return total(made, {("y", j, t): data["building manpower"][j] for j in range(3)})


def williams(data: Mapping[str, Any], goal: str) -> float:
    """The optimum of Williams's problem, from its description."""
    program = Program()
    for t in range(7):
        for i in range(3):
            williams_year(program, data, i, t, is_wanted=goal != "production")
        if goal != "manpower":
            program.at_most(hours(data, t), data["limit"][0])
    for i in range(3):
        program.at_most({("x", i, 0): 1.0}, 0.0)
        program.at_most({("x", i, 6): -1.0}, -data["after"][i])
    spent = total(*(hours(data, t) for t in range(1, 6)))
    goals = {
        "capacity": {("y", i, t): 1.0 for i in range(3) for t in range(4)},
        "production": {("x", i, t): 1.0 for i in range(3) for t in (4, 5)},
        "manpower": spent,
        "least manpower": {name: -amount for name, amount in spent.items()},
        "steel": {("x", STEEL, 5): 1.0},
    }
    found = program.maximise(goals[goal])
    return abs(found + (sum(data["capacity"]) if goal == "capacity" else 0.0))


def williams_year(
    program: Program, data: Mapping[str, Any], i: int, t: int, *, is_wanted: bool
) -> None:
    """Industry i in year t: what is used, left and wanted is there, and made with what is built."""
    used = {("x", j, t + 1): data["input"][i][j] for j in range(3) if t < 6}
    built = {("y", j, t): data["building"][i][j] for j in range(3)}
    there = {("s", i, t): 1.0, ("x", i, t): -1.0, ("s", i, t - 1): -1.0}
    if t == 0:
        program.at_most(total(used, built, {("s", i, t): 1.0}), data["stock"][i])
    else:
        wanted = data["demand"][i] if is_wanted and t <= 5 else 0.0
        program.at_most(total(used, built, there), -wanted)
    earlier = {("y", i, year): -1.0 for year in range(t - 1)}
    program.at_most({("x", i, t): 1.0, **earlier}, data["capacity"][i])
    if t >= 4:
        program.at_most({("y", i, t): 1.0}, 0.0)


def described(data: Mapping[str, Any], change: Change | None) -> dict[str, Any]:
    """The description with the same numbers changed."""
    copy = json.loads(json.dumps(data))
    for each in (change, *change.also) if change else ():
        if each.number is None:
            continue
        *path, last = each.number
        inner = copy
        for key in path:
            inner = inner[key]
        inner[last] = each.value
    return dict(copy)


WILLIAMS_PLANS = {
    "capacity": "greatest_capacity",
    "production": "greatest_production",
    "manpower": "greatest_manpower",
    "least manpower": "least_manpower",
}
WILLIAMS_CHANGES = [
    None,
    Change("use", {"product": "coal", "activity": "steel"}, 0.44, ("input", COAL, STEEL)),
    Change("use", {"product": "transport", "activity": "coal"}, 0.23, ("input", TRANSPORT, COAL)),
    Change("capital", {"activity": "coal"}, 250.0, ("capacity", COAL), "capacity"),
    Change("stock", {"product": "steel"}, 95.0, ("stock", STEEL)),
    Change("endowment", {"factor": "manpower"}, 440.0, ("limit", 0)),
    Change(
        "capital_required",
        {"product": "steel", "activity": "transport"},
        0.3,
        ("building", STEEL, TRANSPORT),
    ),
    Change("factor_use", {"activity": "coal"}, 0.7, ("manpower", COAL)),
]


@pytest.mark.parametrize("change", WILLIAMS_CHANGES, ids=str)
@pytest.mark.parametrize("goal", WILLIAMS_PLANS)
def test_williams_with_other_numbers(goal: str, change: Change | None, tmp_path: Path) -> None:
    folder = changed("williams", change, tmp_path)
    found = run(folder / f"{WILLIAMS_PLANS[goal]}.toml").objective_in_units
    assert found == pytest.approx(williams(described(WILLIAMS, change), goal), rel=SAME)


def test_williams_with_other_targets() -> None:
    """Another final demand of transport, and another production of steel in year 6."""
    plan = pb.read_plan(EXAMPLES / "williams" / "greatest_capacity.toml")
    asked = {"transport wanted": 36.0, "steel after": 120.0}
    orders = tuple(
        replace(order, at_least=asked[order.id]) if order.id in asked else order
        for order in plan.order
    )
    economy = pb.read_economy(EXAMPLES / "williams" / "economy")
    found = pb.solve(economy, plan.with_changes(order=orders)).objective_in_units
    data = described(WILLIAMS, None)
    data["demand"][TRANSPORT], data["after"][STEEL] = 36.0, 120.0
    assert found == pytest.approx(williams(data, "capacity"), rel=SAME)


def test_williams_with_another_goal() -> None:
    """As much steel as possible in year 5."""
    plan = pb.read_plan(EXAMPLES / "williams" / "greatest_capacity.toml")
    steel = plan.with_changes(objective=Objective(maximise="output", product="steel", year=2005))
    found = pb.solve(pb.read_economy(EXAMPLES / "williams" / "economy"), steel)
    assert found.objective_in_units == pytest.approx(williams(WILLIAMS, "steel"), rel=SAME)


# Cockshott's five-year plan. What is invested of a product in an industry in year t stands there
# from year t + 1 on and wears; the first year works with the stated stocks.

IRON, BLACK, CORN, BREAD = range(4)
COCKSHOTT: dict[str, Any] = {
    "flows": [[0.1, 0, 0, 0], [2, 1, 0.04, 0.2], [0, 0, 1, 1], [0, 0, 0, 0]],
    "labour": [0.3, 1, 2, 0.1],
    "made": [10, 6, 10, 1],
    "stocks": [[10, 7, 1.4, 1], [2, 1, 0.04, 0.1], [0, 0, 1, 0], [0, 0, 0, 0]],
    "wear": [[0.07, 0.07, 0.07, 0.06], [0.5] * 4, [0, 0, 0.5, 0], [0] * 4],
    "targets": [
        [0.1, 3, 0, 2.0],
        [0.1, 3, 0, 2.01],
        [0.1, 3, 0, 2.02],
        [0.1, 3.1, 0, 2.1],
        [0.1, 3.1, 0, 2.1],
    ],
    "workers": [3.0, 3.01, 3.02, 3.03, 3.07],
}


def cockshott(data: Mapping[str, Any], goal: str = "by year") -> float:
    """The optimum of the five-year plan, from its description; a run of 1 makes the output."""
    program, goods, years = Program(), range(4), range(5)
    for t in years:
        length = ("z", t if goal == "by year" else 0)
        for i in goods:
            used = {("run", j, t): float(data["flows"][i][j]) for j in goods}
            invested = {("invest", i, j, t): 1.0 for j in goods if data["stocks"][i][j]}
            made = {("run", i, t): -float(data["made"][i])}
            wanted = {length: float(data["targets"][t][i])} if goal != "bread" else {}
            if goal == "bread" and i == BREAD:
                wanted = {("bread", t): 1.0}
            program.at_most(total(used, invested, made, wanted), 0.0)
            for j in goods:
                if not data["stocks"][i][j]:
                    continue
                share = 1.0 / data["stocks"][i][j]
                left = (1 - data["wear"][i][j]) ** np.arange(5)
                added = {("invest", i, j, s): -share * left[t - 1 - s] for s in range(t)}
                program.at_most({("run", j, t): 1.0, **added}, float(left[t]))
        work = {("run", j, t): float(data["labour"][j]) for j in goods}
        program.at_most(work, data["workers"][t])
    if goal == "bread":
        return program.maximise({("bread", t): 1.0 for t in years})
    return program.maximise({("z", t): 1.0 for t in (years if goal == "by year" else (0,))})


COCKSHOTT_CHANGES = [
    None,
    Change("use", {"product": "coal", "activity": "iron"}, 2.6, ("flows", BLACK, IRON)),
    Change("use", {"product": "corn", "activity": "bread"}, 0.8, ("flows", CORN, BREAD)),
    Change("factor_use", {"activity": "coal"}, 1.2, ("labour", BLACK)),
    Change(
        "capital_required",
        {"kind": "iron", "activity": "bread"},
        0.7,
        ("stocks", IRON, BREAD),
    ),
    Change("supply", {"product": "coal"}, 5.4, ("made", BLACK)),
    Change(
        "capital",
        {"kind": "iron", "activity": "coal"},
        0.2,
        ("wear", IRON, BLACK),
        "depreciation",
        (
            Change(
                "capital",
                {"kind": "iron", "activity": "coal"},
                0.2 * 6,
                None,
                "building",
            ),
        ),
    ),
]


@pytest.mark.parametrize("change", COCKSHOTT_CHANGES, ids=str)
def test_cockshott_with_other_numbers(change: Change | None, tmp_path: Path) -> None:
    folder = changed("cockshott", change, tmp_path)
    found = run(folder / "plan.toml").objective_in_units
    assert found == pytest.approx(cockshott(described(COCKSHOTT, change)), rel=SAME)


def test_cockshott_with_other_targets() -> None:
    """More bread is wanted in year 5, and there are fewer workers in year 3."""
    plan = pb.read_plan(EXAMPLES / "cockshott" / "plan.toml")
    wanted = plan.objective.proportions or {}
    bread = {**dict(wanted["bread"]), "2005": 3.5}  # type: ignore[call-overload]
    goal = replace(plan.objective, proportions={**wanted, "bread": bread})
    fewer = tuple(replace(a, value=2.5) if a.year == 2003 else a for a in plan.assumption)
    economy = pb.read_economy(EXAMPLES / "cockshott" / "economy")
    found = pb.solve(economy, plan.with_changes(objective=goal, assumption=fewer))
    data = described(COCKSHOTT, None)
    data["targets"][4][BREAD], data["workers"][2] = 3.5, 2.5
    assert found.objective_in_units == pytest.approx(cockshott(data), rel=SAME)


def test_cockshott_with_the_same_fulfilment_every_year() -> None:
    """What the first year can do holds the others down."""
    plan = pb.read_plan(EXAMPLES / "cockshott" / "plan.toml")
    goal = replace(plan.objective, by_year=False)
    economy = pb.read_economy(EXAMPLES / "cockshott" / "economy")
    found = pb.solve(economy, plan.with_changes(objective=goal)).objective_in_units
    assert found == pytest.approx(cockshott(COCKSHOTT, "one ray"), rel=SAME)


def test_cockshott_with_bread_alone() -> None:
    """As much bread as possible over the five years, whatever becomes of the other targets."""
    plan = pb.read_plan(EXAMPLES / "cockshott" / "plan.toml")
    goal = Objective(maximise="final_use", product="bread")
    some = Order(id="bread", quantity="final_use", product="bread", at_least=0.0)
    economy = pb.read_economy(EXAMPLES / "cockshott" / "economy")
    found = pb.solve(economy, plan.with_changes(objective=goal, order=(some,)))
    assert found.objective_in_units == pytest.approx(cockshott(COCKSHOTT, "bread"), rel=SAME)


# Kantorovich's machines: days of each machine on each part. ---------------------------------------

KANTOROVICH: dict[str, Any] = {
    "machines": [3.0, 3.0, 1.0],
    "parts": [[10.0, 20.0], [20.0, 30.0], [30.0, 80.0]],
}


def kantorovich(data: Mapping[str, Any], sets: tuple[float, float]) -> float:
    """As many sets of so many first and second parts as the machines can make in a day."""
    program = Program()
    for part, amount in enumerate(sets):
        made = {("day", m, part): -data["parts"][m][part] for m in range(3)}
        program.at_most({**made, ("sets",): amount}, 0.0)
    for m in range(3):
        program.at_most({("day", m, 0): 1.0, ("day", m, 1): 1.0}, data["machines"][m])
    return program.maximise({("sets",): 1.0})


KANTOROVICH_CHANGES = [
    None,
    Change("supply", {"activity": "milling first"}, 17.0, ("parts", 0, 0)),
    Change("supply", {"activity": "automatic second"}, 55.0, ("parts", 2, 1)),
    Change("endowment", {"factor": "turret"}, 5.0, ("machines", 1)),
]


@pytest.mark.parametrize("sets", [(1.0, 1.0), (2.0, 1.0), (1.0, 4.0)], ids=str)
@pytest.mark.parametrize("change", KANTOROVICH_CHANGES, ids=str)
def test_kantorovich_with_other_numbers(
    sets: tuple[float, float], change: Change | None, tmp_path: Path
) -> None:
    folder = changed("kantorovich", change, tmp_path)
    plan = pb.read_plan(folder / "plan.toml")
    goal = replace(plan.objective, proportions=dict(zip(("first", "second"), sets, strict=True)))
    found = pb.solve(pb.read_economy(folder / "economy"), plan.with_changes(objective=goal))
    wanted = kantorovich(described(KANTOROVICH, change), sets)
    assert found.objective_in_units == pytest.approx(wanted, rel=SAME)
