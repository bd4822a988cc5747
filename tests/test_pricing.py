"""The parts of a price add up to it, source by source; bottlenecks are told worst first."""

import numpy as np
import pytest
from hypothesis import given

import planboard as pb
from economies import Folder, Shape, folders, random_folder
from planboard.explain import ASKED, SENTENCES, explain_asked, explain_result, span
from planboard.pricing import cost_parts, price_parts

PLAN = pb.Plan("prices", economy="e", years=(2001, 2002))


def assert_parts_add_up(solution: pb.Solution, product: str, year: int) -> None:
    prices = solution.prices.set_index(["region", "product", "year"])["value"]
    parts = price_parts(solution, product, year=year)
    for (region, source), rows in parts.groupby(["region", "source"]):
        price = prices[region, product, year]
        assert rows["value"].sum() == pytest.approx(price, rel=1e-9, abs=1e-9), (region, source)


@given(folders((1, 3)))
def test_the_parts_of_a_price_add_up(folder: Folder) -> None:
    solution = pb.solve(folder.economy(), PLAN)
    for product in solution.economy.product_names:
        assert_parts_add_up(solution, product, 2002)


def test_the_parts_of_every_world_price_add_up(world_solution: pb.Solution) -> None:
    for product in world_solution.economy.product_names:
        assert_parts_add_up(world_solution, product, 2003)


def test_a_price_of_two_sources_is_the_same_from_both(world_solution: pb.Solution) -> None:
    parts = price_parts(world_solution, "MEQ", region="EUE", year=2003)
    sums = parts.groupby("source")["value"].sum()
    assert set(sums.index) == {"activity MEQ", "imports, world market"}
    assert np.ptp(sums.to_numpy()) < 1e-9


def test_the_parts_of_a_cost_price_add_up(world_solution: pb.Solution) -> None:
    told = world_solution.cost_prices.set_index(["region", "product", "year"])["value"]
    for region, product in (("EUE", "MEQ"), ("CHN", "AGR")):
        parts = cost_parts(world_solution, product, region, 2004)
        assert parts["value"].sum() == pytest.approx(told[region, product, 2004], rel=1e-9)


def test_a_year_that_is_not_planned_has_no_price(world_solution: pb.Solution) -> None:
    with pytest.raises(pb.InputError, match="Year 2007 is not among the years of the plan"):
        price_parts(world_solution, "MEQ", year=2007)


def test_bottlenecks_come_worst_first_and_apart_from_what_is_asked(
    world_solution: pb.Solution,
) -> None:
    scarce, asked = explain_result(world_solution, most=50), explain_asked(world_solution, most=50)
    for told in (scarce, asked):
        totals = [bottleneck.total for bottleneck in told]
        assert totals == sorted(totals, reverse=True)
    assert {b.kind for b in scarce} <= set(SENTENCES) - set(ASKED)
    assert {b.kind for b in asked} <= set(ASKED)


def test_what_one_more_unit_is_worth_is_what_it_brings() -> None:
    """An hour more in its dearest year raises the objective by its wage times the numeraire."""
    solution = pb.solve(random_folder(Shape(1, 3, False, 3)).economy(), PLAN)
    hours = [b for b in explain_result(solution, most=50) if b.kind == "factor"]
    for bottleneck in hours:
        wages = solution.wages.set_index(["region", "factor", "year"])["value"]
        wage = wages[bottleneck.region, bottleneck.name, bottleneck.year]
        assert bottleneck.worth == pytest.approx(wage, rel=1e-9)
        assert f"in {bottleneck.year} would be worth" in bottleneck.sentence


def test_years_in_words() -> None:
    assert span((2001,)) == "in 2001"
    assert span((2001, 2002, 2003)) == "from 2001 to 2003"
    assert span((2001, 2003, 2004)) == "in 2001, 2003 and 2004"
