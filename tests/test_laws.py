"""Laws that hold in every economy, on random ones and on the bundled world."""

from collections.abc import Mapping
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import planboard as pb
from economies import (
    BASE_YEAR,
    CLOSE,
    EXACT,
    PRODUCTS,
    REGIONS,
    Folder,
    cost,
    folders,
    optimum,
)
from planboard.compile import compile_program
from planboard.plan import (
    Building,
    Consumption,
    Growth,
    Inventories,
    Objective,
    Order,
    Pace,
    Plan,
    Trade,
)

NEXT = BASE_YEAR + 1
STILL = {
    "building": Building(allowed=False),
    "trade": Trade(band=0.0, growth=0.0, deficit=1.0, surplus_kept=1.0),
    "growth": Growth(0.0, 0.0, 0.0),
    "inventories": Inventories(phase_out=False),
}
Values = pd.Series  # Of numbers, under their names.
NAMED = ("region", "origin", "destination", "product", "activity")


def repeating(economy: str = "made") -> Plan:
    """The base year once more: all its final use is ordered, with the fewest hours."""
    orders = [
        Order(id=quantity, quantity=quantity, change="+0%", each=("region",))
        for quantity in ("household_consumption", "government_consumption", "final_use")
    ]
    goal = Objective(minimise="hours")
    return Plan("Again", economy=economy, years=NEXT, objective=goal, order=orders, **STILL)


def growing(utility: str = "log", **sections: object) -> Plan:
    """A plan with building, trade and growth, of three years."""
    goal = {"objective": Objective(maximise="household_consumption", utility=utility), **sections}
    return Plan("Growing", economy="made", years=(NEXT, NEXT + 2), **goal)


def levels(economy: pb.Economy) -> Values:
    """Base-year level of every activity."""
    known = {a.region: pd.Series(a.level, index=a.activities) for a in economy.regions}
    return pd.concat(known)


def activity(solution: pb.Solution) -> Values:
    """Level of every activity of a plan of one year."""
    return solution.activity.set_index(["region", "activity"])["value"]


def assert_same(found: Values, expected: Values, rel: float = CLOSE) -> None:
    """The same names, in any order, and values that agree."""
    assert sorted(found.index) == sorted(expected.index)
    assert found.to_numpy() == pytest.approx(expected[found.index].to_numpy(), rel=rel)


# The base year ------------------------------------------------------------------------------------


def test_world_repeats_its_base_year(world: pb.Economy) -> None:
    assert_same(activity(pb.solve(world, repeating("world-2000"))), levels(world))


@given(folders())
def test_every_economy_repeats_its_base_year(folder: Folder) -> None:
    """Capacity is full and every activity adds value: with less, final use would be less."""
    economy = folder.economy()
    assert_same(activity(pb.solve(economy, repeating())), levels(economy))


# No choice: the Leontief inverse ------------------------------------------------------------------

DEMAND = st.lists(st.floats(1, 1000), min_size=len(PRODUCTS), max_size=len(PRODUCTS))


def without_choice(folder: Folder) -> Folder:
    """No capital, no trade, one activity for each product; final use is ordered."""
    kept = ("activity", "supply", "use", "factor_use", "value_added")
    head = {**folder.head, "categories": {"demand": {"role": "ordered"}}}
    return Folder(head, {name: folder.tables[name] for name in kept})


def demand_plan(amounts: Mapping[str, float]) -> Plan:
    orders = [
        Order(id=name, quantity="final_use", product=name, at_least=amount)
        for name, amount in amounts.items()
    ]
    free = {"objective": Objective(minimise="hours"), "pace": Pace(decline=1.0)}
    return Plan("Demand", economy="made", years=NEXT, order=orders, **free, **STILL)


def coefficients(folder: Folder) -> tuple[np.ndarray, np.ndarray]:
    """Inputs A and hours l per unit of output, from the tables as written."""
    tables = folder.tables
    level = tables["activity"].set_index("activity")["level"]
    use = tables["use"].pivot(index="product", columns="activity", values="value").fillna(0)
    hours = tables["factor_use"].set_index("activity")["value"]
    inputs = use.loc[level.index, level.index] / level
    return inputs.to_numpy(), (hours[level.index] / level).to_numpy()


@given(folders((1, 1), joint=False), DEMAND)
def test_plan_without_choice_is_the_leontief_inverse(folder: Folder, demand: list[float]) -> None:
    """x = (I − A)⁻¹ f, and prices are embodied labour: p = l (I − A)⁻¹."""
    folder = without_choice(folder)
    inputs, hours = coefficients(folder)
    amounts = dict(zip(folder.tables["activity"]["activity"], demand, strict=False))
    solution = pb.solve(folder.economy(), demand_plan(amounts))
    inverse = np.linalg.inv(np.eye(len(inputs)) - inputs)
    assert solution.output["value"].to_numpy() == pytest.approx(
        inverse @ list(amounts.values()), rel=CLOSE
    )
    assert solution.prices["value"].to_numpy() == pytest.approx(hours @ inverse, rel=CLOSE)


@given(folders((1, 1), joint=False), DEMAND)
def test_twice_the_demand_takes_twice_the_labour(folder: Folder, demand: list[float]) -> None:
    economy = without_choice(folder).economy()
    amounts = dict(zip(economy.product_names, demand, strict=False))
    doubled = {name: 2 * amount for name, amount in amounts.items()}
    once, twice = (pb.solve(economy, demand_plan(each)) for each in (amounts, doubled))
    assert twice.objective_in_units == pytest.approx(2 * once.objective_in_units, rel=CLOSE)


# Order, names, units and borders change nothing ---------------------------------------------------


def renamed(folder: Folder, names: Mapping[str, str]) -> Folder:
    def change(_: str, table: pd.DataFrame) -> pd.DataFrame:
        named = [column for column in NAMED if column in table]
        return table.assign(**{column: table[column].replace(names) for column in named})

    return folder.each(change)


def backwards(folder: Folder) -> Folder:
    """Every table upside down: regions, products and activities in the opposite order."""
    return folder.each(lambda _, table: table.iloc[::-1])


EXTENSIVE = {
    "activity": ["level"],
    "supply": ["value"],
    "use": ["value"],
    "factor_use": ["value"],
    "endowment": ["value"],
    "final_use": ["value"],
    "trade": ["value"],
    "capital": ["capacity", "building"],
    "value_added": ["value"],
}
MONEY = {
    name: columns for name, columns in EXTENSIVE.items() if name not in ("factor_use", "endowment")
}


def times(columns: Mapping[str, list[str]], factor: float, folder: Folder) -> Folder:
    """Some columns of some tables times a factor."""

    def change(name: str, table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        table[columns.get(name, [])] *= factor
        return table

    return folder.each(change)


def in_halves(folder: Folder, region: str) -> Folder:
    """One region as two, each with half of everything; they trade with the others, as before."""
    halves = (f"{region} A", f"{region} B")

    def change(name: str, table: pd.DataFrame) -> pd.DataFrame:
        for column in [c for c in ("region", "origin", "destination") if c in table]:
            mine = table[table[column] == region].copy()
            mine[EXTENSIVE.get(name, [])] *= 0.5
            parts = [mine.assign(**{column: half}) for half in halves]
            table = pd.concat([*parts, table[table[column] != region]], ignore_index=True)
        return table

    return folder.each(change)


@given(folders())
def test_order_of_regions_and_industries_changes_nothing(folder: Folder) -> None:
    economy, turned = folder.economy(), backwards(folder).economy()
    assert turned.region_names == economy.region_names[::-1]
    assert turned.product_names != economy.product_names
    for plan in (growing("log"), growing("linear")):
        assert cost(turned, plan) == pytest.approx(cost(economy, plan), rel=CLOSE)
    again = (activity(pb.solve(e, repeating())) for e in (turned, economy))
    assert_same(*again)


@given(folders())
def test_names_of_regions_and_industries_change_nothing(folder: Folder) -> None:
    """The new names sort the other way."""
    codes = (*REGIONS, *PRODUCTS)
    names = {code: f"{chr(ord('z') - place)}{place}" for place, code in enumerate(codes)}
    economy, other = folder.economy(), renamed(folder, names).economy()
    for plan in (growing("log"), growing("linear")):
        assert cost(other, plan) == pytest.approx(cost(economy, plan), rel=CLOSE)
    before, after = (activity(pb.solve(e, repeating())) for e in (economy, other))
    assert_same(after, before.rename(names))


@given(folders(), st.sampled_from([1e-3, 1e3, 1e6]))
def test_unit_of_money_scales_money_and_nothing_else(folder: Folder, factor: float) -> None:
    economy, other = folder.economy(), times(MONEY, factor, folder).economy()
    before, after = (optimum(e, growing())[0].program for e in (economy, other))
    assert after.rows.names() == before.rows.names()
    same = {"rtol": EXACT, "atol": EXACT}
    np.testing.assert_allclose(after.matrix.toarray(), before.matrix.toarray(), **same)
    for axis in ("rows", "columns"):
        for bound in ("lower", "upper"):
            found, expected = (getattr(getattr(p, axis), bound) for p in (after, before))
            np.testing.assert_allclose(found, expected, **same)
    first, second = (pb.solve(e, repeating()) for e in (economy, other))
    assert_same(activity(second), factor * activity(first))
    hours = [each.factor_use["value"].to_numpy() for each in (first, second)]
    assert hours[1] == pytest.approx(hours[0], rel=CLOSE)
    linear = [cost(e, growing("linear")) for e in (economy, other)]
    assert linear[1] == pytest.approx(factor * linear[0], rel=CLOSE)


@given(folders((2, 3)))
def test_splitting_a_region_into_halves_changes_nothing(folder: Folder) -> None:
    economy, split = folder.economy(), in_halves(folder, REGIONS[0]).economy()
    assert len(split.regions) == len(economy.regions) + 1
    assert cost(split, growing()) == pytest.approx(cost(economy, growing()), rel=CLOSE)
    whole, halves = (activity(pb.solve(e, repeating())) for e in (economy, split))
    for half in (f"{REGIONS[0]} A", f"{REGIONS[0]} B"):
        assert_same(halves[half], whole[REGIONS[0]] / 2)


@given(folders())
def test_twice_of_everything_is_twice_the_plan(folder: Folder) -> None:
    economy, double = folder.economy(), times(EXTENSIVE, 2.0, folder).economy()
    assert cost(double, growing()) == pytest.approx(cost(economy, growing()), rel=CLOSE)
    spent = sum(a.final_use[:, 0].sum() for a in economy.regions)
    asked = [
        Order(id="more", quantity="household_consumption", year=NEXT, at_least=1.002 * amount)
        for amount in (spent, 2 * spent)
    ]
    plans = [growing("linear", order=(order,)) for order in asked]
    once, twice = (cost(e, plan) for e, plan in zip((economy, double), plans, strict=True))
    assert twice == pytest.approx(2 * once, rel=CLOSE)
    before, after = (activity(pb.solve(e, repeating())) for e in (economy, double))
    assert_same(after, 2 * before)


# Orders -------------------------------------------------------------------------------------------


@given(folders(), st.floats(0.9, 0.999), st.floats(0.001, 0.1))
def test_a_looser_order_never_costs(folder: Folder, share: float, ease: float) -> None:
    """And its price bounds what easing it gains: the optimum is convex in the amount asked."""
    economy = folder.economy()
    about = {"region": REGIONS[0], "year": NEXT + 2}
    most = -cost(economy, growing(objective=Objective(maximise="output", **about)))
    much, less = share * most, share * most * (1 - ease)
    orders = [Order(id="asked", quantity="output", at_least=x, **about) for x in (much, less)]
    (tight, price), (loose, low) = (
        priced(economy, growing("linear", order=(order,))) for order in orders
    )
    room = CLOSE * max(abs(tight), abs(loose))
    assert loose <= tight + room
    assert price >= -CLOSE
    assert low >= -CLOSE
    assert tight - price * (much - less) <= loose + room
    assert loose + low * (much - less) <= tight + room


def priced(economy: pb.Economy, plan: Plan) -> tuple[float, float]:
    """Optimal cost of a plan with one order, and the dual of that order, in their own units."""
    compiled, point = optimum(economy, plan)
    program = compiled.program
    (place,) = [n for n, name in enumerate(program.rows.names()) if name.startswith("order[")]
    dual = point.row_dual[place] * program.objective_unit / program.rows.unit[place]
    return float(program.cost @ point.column_value) * program.objective_unit, float(dual)


@given(folders(), st.sampled_from([(0.02, 0.03), (0.1, 0.01)]))
def test_no_activity_changes_faster_than_its_pace(
    folder: Folder, pace: tuple[float, float]
) -> None:
    economy = folder.economy()
    decline, growth = pace
    plan = growing(pace=Pace(decline=decline, growth=growth), consumption=Consumption(floor=0.5))
    found = pb.solve(economy, plan).activity
    before = levels(economy)
    for year in plan.years:
        now = found[found["year"] == year].set_index(["region", "activity"])["value"]
        ratio = now / before[now.index]
        assert (ratio >= 1 - decline - CLOSE).all()
        assert (ratio <= 1 + growth + CLOSE).all()
        before = now


# Books --------------------------------------------------------------------------------------------


def assert_balanced(solution: pb.Solution) -> None:
    """Every product's entries sum to zero; nothing scarce is left unused, nothing used unmade."""
    keys = ["region", "product", "year"]
    found = solution.material_balances.pivot(index=keys, columns="entry", values="value").fillna(0)
    size = found.abs().max(axis=1)
    assert (found.sum(axis=1).abs() <= EXACT * size).all()
    unused = -found["unused"] / size
    assert (unused >= -CLOSE).all()
    price = solution.prices.set_index(keys)["value"]
    assert (np.minimum(unused, price[found.index]) <= CLOSE).all()
    made = solution.output.set_index(keys)["value"]
    assert_same(found["output"], made, EXACT)


def assert_gdp_both_ways(solution: pb.Solution) -> None:
    """By production, by expenditure, and as the value that each activity adds."""
    found = solution.accounts.pivot(index=["region", "year"], columns="account", values="value")
    production = found["GDP by production"]
    assert_same(found["GDP by expenditure"], production, EXACT)
    added = {
        (a.region, name): sum(item[j] for item in a.value_added.values())
        for a in solution.economy.regions
        for j, name in enumerate(a.activities)
    }
    plan = solution.activity.set_index(["region", "activity"])
    value = plan["value"] * pd.Series(added)[plan.index]
    by_year = value.groupby([plan.index.get_level_values(0), plan["year"]]).sum()
    assert_same(production, by_year)


@given(folders())
def test_books_balance(folder: Folder) -> None:
    solution = pb.solve(folder.economy(), growing())
    assert_balanced(solution)
    assert_gdp_both_ways(solution)


def test_books_of_the_world_balance(world_solution: pb.Solution) -> None:
    assert_balanced(world_solution)
    assert_gdp_both_ways(world_solution)


@pytest.mark.parametrize("about", [{"region": "EUE"}, {"year": NEXT}])
def test_an_objective_speaks_of_what_it_selects(
    world: pb.Economy, about: dict[str, object]
) -> None:
    """Household consumption of one region, or of one year, is not that of all (or is refused)."""
    plain, chosen = (
        growing("linear").with_changes(
            objective=Objective(maximise="household_consumption", utility="linear", **axes)
        )
        for axes in ({}, about)
    )
    whole = compile_program(world, plain).program.cost
    with suppress(pb.InputError):
        assert tuple(compile_program(world, chosen).program.cost) != tuple(whole)
