"""Sections of the report that hold numbers of their own: each is what the solution says."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_report import Page, folder, many_regions, plan, section, two_kinds

import economies
import planboard as pb
from planboard.economy import OUTSIDE
from planboard.errors import UnknownNameError
from planboard.plan import Wish
from planboard.report import words
from planboard.report.building import base_investment, last_investment
from planboard.report.external import deficit
from planboard.report.flows import OTHERS, flow_figure, flow_grid, merged
from planboard.report.hours import idle, worked
from planboard.report.html import render_report
from planboard.report.orders import asked_words, is_missed
from planboard.report.price_history import bought_most, parts_by_year
from planboard.report.summary import noted_words
from planboard.report.view import View

YEARS = (2001, 2002, 2003)


@pytest.fixture(scope="module")
def solution() -> pb.Solution:
    return pb.solve(folder().economy(), plan())


@pytest.fixture(scope="module")
def view(solution) -> View:
    return View(solution)


def last_flows(solution: pb.Solution) -> pd.DataFrame:
    return solution.trade[solution.trade["year"] == solution.plan.years[-1]]


# Prices -------------------------------------------------------------------------------------------


def test_the_parts_of_a_price_add_up_to_it(solution, view):
    found = parts_by_year(view)
    sums = found.groupby(["product", "year"])["value"].sum()
    price = solution.prices.set_index(["region", "product", "year"])["value"]
    assert set(sums.index.get_level_values("product")) == set(
        bought_most(view, view.solution.regions[0])
    )
    for (product, year), total in sums.items():
        assert total == pytest.approx(price[view.focus, product, year], abs=1e-9)
    assert {"inputs", "rent of capacity"} <= set(found["group"])


def test_prices_of_the_region_chosen_are_split(solution):
    page = Page(render_report(solution, region="south"))
    assert "what households buy most (south)" in page.shown
    price = solution.prices.set_index(["region", "product", "year"])["value"]
    product = bought_most(View(solution), solution.regions[1])[0]
    marks = [
        trace["y"]
        for figure in page.json("figures")
        for trace in figure["data"]
        if trace.get("name") == "price"
    ]
    np.testing.assert_allclose(marks[0], [price["south", product, y] for y in YEARS], rtol=1e-4)
    with pytest.raises(UnknownNameError, match="east"):
        render_report(solution, region="east")


def test_an_order_shows_in_the_price_that_it_moves():
    """Whoever makes more corn than is worth its price is paid the rest by the order."""
    order = pb.Order(
        id="corn", quantity="output", region="south", product="corn", at_least=92.0, year=2003
    )
    view = View(pb.solve(folder().economy(), plan(order=[order])), region="south")
    found = parts_by_year(view)
    of_orders = found[found["group"] == "orders"].set_index(["product", "year"])["value"]
    assert of_orders["corn", 2003] < -0.01


def test_what_households_buy_most_comes_first(view):
    o = view.outlooks[0]
    basket = o.price * o.accounts.final_use[:, 0]
    assert bought_most(view, view.solution.regions[0]) == [
        view.economy.product_names[i] for i in np.argsort(-basket)
    ]


# Trade --------------------------------------------------------------------------------------------


def test_the_flow_diagram_shows_the_derived_flows(solution, view):
    grid = flow_grid(view, last_flows(solution))
    figure = flow_figure(view, grid).figures[0]
    link, node = figure.traces[0]["link"], figure.traces[0]["node"]
    assert node["label"] == ["north", "south"] * 2
    sums = last_flows(solution).groupby(["origin", "destination"])["value"].sum()
    shown = {
        (node["label"][s], node["label"][t]): value
        for s, t, value in zip(link["source"], link["target"], link["value"], strict=True)
    }
    assert shown == {
        pair: pytest.approx(value, rel=1e-4) for pair, value in sums.items() if OUTSIDE not in pair
    }
    assert all(t >= 2 > s for s, t in zip(link["source"], link["target"], strict=True))
    assert "derived" in link["hovertemplate"]
    heights = np.array(node["y"]).reshape(2, 2)
    assert (np.diff(heights) > 0).all()


def test_regions_without_a_colour_trade_as_all_others():
    solution = pb.solve(many_regions().economy(), plan())
    view = View(solution)
    grid = flow_grid(view, last_flows(solution))
    shown = merged(view, grid)
    assert list(shown.index) == [*view.drawn, OTHERS]
    assert shown.to_numpy().sum() == pytest.approx(grid.to_numpy().sum(), rel=1e-12)
    rest = [region for region in grid.index if region not in view.drawn]
    first = view.drawn[0]
    assert shown.loc[OTHERS, first] == pytest.approx(grid.loc[rest, first].sum(), rel=1e-12)
    assert "all others together" in flow_figure(view, grid).caption


def test_what_a_region_owes_is_within_what_it_may(solution):
    accounts = solution.accounts.set_index(["region", "account", "year"])["value"]
    for region in solution.regions:
        owed = deficit(region)
        for t, year in enumerate(YEARS):
            balance = accounts[region.outlook.region, "trade balance", year]
            assert owed[t] == pytest.approx(-balance, abs=1e-9)
        assert (owed <= region.outlook.deficit + 1e-6).all()


def test_the_external_rule_is_told_by_year_or_for_all_years():
    text = {}
    for balance in ("yearly", "plan"):
        solved = pb.solve(folder().economy(), plan(trade={"balance": balance}))
        text[balance] = section(render_report(solved), "trade")
    assert "what it may owe" in text["yearly"]
    assert ">2001 to 2003</th>" in text["plan"]
    assert ">2001 to 2003</th>" not in text["yearly"]
    alone = pb.solve(folder(1).economy(), plan())
    assert "may owe" not in section(render_report(alone), "trade")


# Hours and building -------------------------------------------------------------------------------


def test_hours_worked_and_idle_are_those_offered(solution, view):
    used = solution.factor_use.set_index(["region", "year"])["value"]
    for region in solution.regions:
        o = region.outlook
        hours, rest = worked(view, region), idle(view, region)
        assert hours[0, 0] == pytest.approx(o.accounts.factor_use[0] @ o.accounts.level)
        for t, year in enumerate(YEARS, start=1):
            assert hours[0, t] == pytest.approx(used[o.region, year], rel=1e-12)
            left = o.endowment[0, t - 1] - used[o.region, year]
            assert rest[0, t] == pytest.approx(left if left > 1e-5 * hours[0, t] else 0.0, rel=1e-9)


def test_hours_without_end_are_not_idle():
    made = folder(1)
    tables = {k: t for k, t in made.tables.items() if k != "endowment"}
    solved = pb.solve(replace(made, tables=tables).economy(), plan())
    text = section(render_report(solved), "hours")
    assert "nan" not in text
    assert np.isnan(idle(View(solved), solved.regions[0])).all()


def test_what_building_takes_is_what_it_is_for(solution, view):
    accounts = solution.accounts.set_index(["region", "account", "year"])["value"]
    total = sum(accounts[r, "investment", 2003] for r in ("north", "south"))
    assert last_investment(view).sum() == pytest.approx(total, rel=1e-9)
    first = base_investment(view)
    formation = sum(o.accounts.final_use[:, 2] for o in view.outlooks)
    np.testing.assert_allclose(first.sum(axis=1), formation, rtol=1e-9)


def test_growth_of_capacity_is_told_by_industry(solution):
    text = section(render_report(solution), "investment")
    for region in solution.regions:
        base = region.outlook.accounts.capacity[0]
        for j in range(3):
            rate = (region.capacity[0, j, 2] / base[j]) ** (1 / 3) - 1
            assert words.percent(rate, "+") in text
    assert "by kind of capital" not in text


def test_kinds_of_capital_are_told_apart():
    kept = {"growth": {"government": 0.0}, "consumption": {"floor": 0.5, "may_fall": True}}
    solved = pb.solve(two_kinds().economy(), plan(**kept))
    page = Page(render_report(solved))
    assert "Investment by kind of capital" in page.shown
    assert "Growth of capacity a year by kind of capital" in page.shown
    parts = [
        trace
        for figure in page.json("figures")
        for trace in figure["data"]
        if trace.get("name") in ("plant", "house")
    ]
    spent = np.array([trace["y"] for trace in parts]).sum(axis=0)
    accounts = solved.accounts
    total = accounts[accounts["account"] == "investment"].groupby("year")["value"].sum()
    np.testing.assert_allclose(spent, total, rtol=1e-3)


# Orders and the front page ------------------------------------------------------------------------


def test_rows_of_orders_say_what_was_asked_reached_and_what_it_costs():
    order = pb.Order(
        id="bread", quantity="output", product="corn", each=("region",), at_least=92.5, year=2003
    )
    solved = pb.solve(folder().economy(), plan(order=[order]))
    text = section(render_report(solved), "orders")
    assert text.count("≥ 92.5") == 2
    for row in solved.orders.itertuples():
        assert words.exact(row.value) in text
        if row.price > 1e-6:
            assert words.significant(row.price) in text
    assert "in million USD of the household basket" in text


def test_orders_that_come_first_say_how_far_they_are_missed():
    made = folder()
    order = pb.Order(id="twice", quantity="output", product="corn", change="+100%", year=2003)
    first = pb.solve(made.economy(), plan(order=[order], objective={"orders_first": True}))
    text = section(render_report(first), "orders")
    assert first.compiled.room > 0.1
    assert f"missed by {words.percent(first.compiled.room, digits=2)} of what they ask" in text
    missed = first.orders[is_missed(first.orders)]
    assert words.significant(missed["missed"].iloc[0]) in text
    easy = pb.Order(id="some", quantity="output", product="corn", at_least=1.0)
    met = pb.solve(made.economy(), plan(order=[easy], objective={"orders_first": True}))
    assert "They can all be met." in section(render_report(met), "orders")


def test_only_the_worst_of_many_rows_are_shown():
    order = pb.Order(id="all", quantity="output", each=("region", "product"), at_least=1.0)
    wishes = [
        Wish(id=f"w{n}", quantity="output", each=("region", "product"), aim=100.0 + n)
        for n in range(4)
    ]
    objective = {"minimise": "deviation"}
    solved = pb.solve(folder().economy(), plan(order=[order], wish=wishes, objective=objective))
    assert len(solved.orders) == 90
    text = section(render_report(solved), "orders")
    assert "Shown: the 80 of 90 rows" in text
    missed = solved.orders[is_missed(solved.orders)]
    assert len(missed) < 80
    for name, rows in missed.groupby("order"):
        assert len(re.findall(rf'row">{name}</th>', text)) >= len(rows)


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (255180.0, np.inf, "≥ 255,180"),
        (-np.inf, 90739.0, "≤ 90,739"),
        (2.5, 2.5, "= 2.5"),
        (1.0, 3.0, "1 to 3"),
    ],
)
def test_what_was_asked_is_written_as_a_bound(least, most, expected):
    assert asked_words(least, most) == expected


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ((), []),
        (("All is published.",), []),
        (
            ("Hours are imputed.", "Growth is assumed.", "Nothing else."),
            ["2 notes tell of figures that the accounts impute or assume: see Sources."],
        ),
        (
            ("1,200 figures of hours are imputed.", "34 cells are imputed", "Else assumed."),
            ["It rests on 1,234 figures that the accounts impute or assume: see Sources."],
        ),
    ],
)
def test_the_front_page_says_how_much_is_imputed(notes, expected):
    assert noted_words(notes) == expected


def test_the_front_page_tells_it_beside_the_headline_figures(solution):
    economy = replace(solution.economy, notes=("Hours are imputed.",))
    noted = replace(solution, compiled=replace(solution.compiled, economy=economy))
    told = "1 note tells of figures that the accounts impute or assume"
    assert told in section(render_report(noted), "summary")
    assert "impute" not in section(render_report(solution), "summary")


def test_units_of_wages_are_shortened():
    unit = "million 2000 USD of the household basket per million hours"
    assert words.per_unit(unit) == "2000 USD of the household basket per hour"
    assert words.per_unit("objective per tonne") == "objective per tonne"


def test_prices_that_do_not_move_are_split_all_the_same():
    one = pb.solve(folder().economy(), pb.Plan("one", years=(2001,)))
    text = section(render_report(one), "prices")
    assert "Price and its parts in 2001." in text


def test_a_joint_product_is_credited():
    made = economies.random_folder(economies.Shape(1, 3, True, 3))
    view = View(pb.solve(made.economy(), plan()))
    found = parts_by_year(view)
    sums = found.groupby(["product", "year"])["value"].sum()
    price = view.solution.prices.set_index(["product", "year"])["value"]
    for key, total in sums.items():
        assert total == pytest.approx(price[key], abs=1e-9)
