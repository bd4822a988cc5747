"""Cost prices and scarcity prices (solution/cost_prices.py and solution/prices.py)."""

import numpy as np
import pytest
from hypothesis import given

import planboard as pb
from economies import BASE_YEAR, CLOSE, EXACT, Folder, folders
from planboard.compile import compile_program
from planboard.plan import Growth, Objective, Plan
from planboard.solution.cost_prices import cost_prices

YEARS = (BASE_YEAR + 1, BASE_YEAR + 3)


def solved(economy: pb.Economy, **sections: object) -> pb.Solution:
    return pb.solve(economy, Plan("Prices", economy=economy.name, years=YEARS, **sections))


@given(folders())
def test_cost_prices_are_one_while_nothing_changes(folder: Folder) -> None:
    still = Growth(productivity=0.0)
    prices = solved(folder.economy(), growth=still).cost_prices
    assert prices["value"].to_numpy() == pytest.approx(1.0, rel=EXACT)


@given(folders())
def test_cost_prices_fall_as_hours_per_unit_fall(folder: Folder) -> None:
    """All of it if value added were labour alone; 0.6 of it is, so less, and more every year."""
    solution = solved(folder.economy(), growth=Growth(productivity=0.02))
    value = solution.cost_prices.pivot(index=["region", "product"], columns="year", values="value")
    last = 1.0
    for year in solution.plan.years:
        least = 1.02 ** -(year - BASE_YEAR)
        assert (value[year] < last - 1e-4).all()
        assert value[year].to_numpy() == pytest.approx(0.6 * least + 0.4, rel=EXACT)
        last = value[year].to_numpy()


def test_cost_prices_of_the_world_are_one_at_base_year_hours(world: pb.Economy) -> None:
    """They need no plan that can be carried out: without productivity there is none."""
    plan = pb.read_plan().with_changes(growth=Growth(productivity=0.0))
    prices = cost_prices(compile_program(world, plan))
    assert prices["value"].to_numpy() == pytest.approx(1.0, rel=1e-7)


def assert_basket_costs_one(solution: pb.Solution) -> None:
    """The world's base-year household basket costs 1.00 on average, in every year."""
    basket = {
        (a.region, product): float(a.final_use[i, solution.economy.with_role("households")].sum())
        for a in solution.economy.regions
        for i, product in enumerate(solution.economy.product_names)
    }
    prices = solution.prices
    weight = [basket[key] for key in zip(prices["region"], prices["product"], strict=True)]
    spent = (prices["value"] * weight).groupby(prices["year"]).sum() / sum(basket.values())
    assert spent.to_numpy() == pytest.approx(np.ones(len(solution.plan.years)), rel=CLOSE)


@given(folders())
def test_the_household_basket_is_the_numeraire(folder: Folder) -> None:
    economy = folder.economy()
    assert_basket_costs_one(solved(economy))
    hours = Objective(minimise="hours")
    assert_basket_costs_one(solved(economy, objective=hours))


def test_the_household_basket_of_the_world_is_the_numeraire(world_solution: pb.Solution) -> None:
    assert_basket_costs_one(world_solution)


def assert_makers_break_even(solution: pb.Solution) -> None:
    """A running activity's output is worth its inputs, wages and rents; no activity's is more.

    Left out are activities whose level another rule holds (pace) and those with other prices.
    """
    economy = solution.economy
    price, wage, rent = (
        table.set_index(["region", "year", axis])["value"].sort_index()
        for table, axis in (
            (solution.prices, "product"),
            (solution.wages, "factor"),
            (solution.rents, "activity"),
        )
    )
    held = solution.binding
    held = held[held["kind"].str.startswith("pace")]
    held_names = set(zip(held["region"], held["year"], held["name"], strict=True))
    for plan in solution.regions:
        o = plan.outlook
        for t, year in enumerate(solution.plan.years):
            p = price[o.region, year][list(economy.product_names)].to_numpy()
            w = wage[o.region, year][list(economy.factor_names)].to_numpy()
            worth = p @ o.output[..., t]
            spent = p @ o.input[..., t] + w @ o.factor_use[..., t]
            spent += rent[o.region, year][list(o.activities)].to_numpy()
            for j, name in enumerate(o.activities):
                pace_free = (o.region, year, name) not in held_names
                pace_free &= (o.region, year + 1, name) not in held_names
                if pace_free:
                    assert worth[j] <= spent[j] + 1e-5 * (1 + abs(spent[j]))
                    if plan.activity[j, t] > CLOSE * o.accounts.level[j]:
                        assert worth[j] == pytest.approx(spent[j], rel=1e-5, abs=1e-5)


@given(folders())
def test_prices_cover_inputs_wages_and_rents(folder: Folder) -> None:
    assert_makers_break_even(solved(folder.economy()))
