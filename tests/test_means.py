"""Closed forms of scarce means and of wishes: what is used up, opened, converted, or missed."""

import pandas as pd
import pytest

import planboard as pb
from economies import BASE_YEAR, CLOSE, Folder, made, rows
from planboard.plan import Growth, Horizon, Objective, Order, Pace, Plan, Wish

NEXT, LAST = BASE_YEAR + 1, BASE_YEAR + 3
FREE = {"growth": Growth(0.0, 0.0, 0.0), "pace": Pace(decline=1.0)}


def farm(factors: dict[str, object], uses: dict[str, float], endowment: dict[str, float]) -> Folder:
    """Corn from factors alone: `uses` of each per unit."""
    tables = {
        "activity": rows("region activity level", ("W", "farm", 1.0)),
        "supply": rows("region product activity value", ("W", "corn", "farm", 1.0)),
        "factor_use": rows(
            "region factor activity value", *(("W", k, "farm", use) for k, use in uses.items())
        ),
        "endowment": rows("region factor value", *(("W", *item) for item in endowment.items())),
    }
    return made(tables, factors=factors, categories={"table": {"role": "ordered"}})


def solved(
    folder: Folder, goal: Objective, years: object = (NEXT, LAST), **more: object
) -> pb.Solution:
    plan = Plan("Means", economy="made", years=years, objective=goal,
                horizon=Horizon(provide=False), **FREE, **more)  # fmt: skip
    return pb.solve(folder.economy(), plan)


@pytest.mark.parametrize(("exhaustible", "total"), [(True, 25.0), (False, 75.0)])
def test_an_exhaustible_factor_is_for_all_years_together(exhaustible: bool, total: float) -> None:
    """Two of ore for each unit, 50 of it: 25 in all, or 25 a year."""
    ore = {"ore": {"unit": "tonne", "exhaustible": exhaustible}}
    solution = solved(farm(ore, {"ore": 2.0}, {"ore": 50.0}), Objective(maximise="output"))
    assert solution.objective_in_units == pytest.approx(total, rel=CLOSE)


def test_land_that_is_cleared_is_there_in_every_later_year() -> None:
    """4 hours a year clear 4 × 0.5 of land: 10, then 12, then 14; one unit of corn from each."""
    factors = {"land": {"unit": "ha"}, "hours": {"unit": "hour"}}
    folder = farm(factors, {"land": 1.0}, {"land": 10.0, "hours": 4.0}).changed(
        activity=lambda table: pd.concat([table, rows("region activity level", ("W", "clear", 0))]),
        factor_use=lambda table: pd.concat(
            [table, rows("region factor activity value", ("W", "hours", "clear", 1.0))]
        ),
    )
    folder = folder.changed(activity=lambda table: table.assign(reference=1))
    supply = rows("region factor activity value", ("W", "land", "clear", 0.5))
    folder = Folder(folder.head, {**folder.tables, "factor_supply": supply})
    for year, most in ((NEXT, 10.0), (NEXT + 1, 12.0), (LAST, 14.0)):
        solution = solved(folder, Objective(maximise="output", product="corn", year=year))
        assert solution.objective_in_units == pytest.approx(most, rel=CLOSE)


@pytest.mark.parametrize(
    ("delay", "steel", "ploughs"), [(1, 1e3, 70.0), (2, 1e3, 70.0), (3, 1e3, 10.0), (1, 20.0, 58.0)]
)
def test_swords_into_ploughs(delay: int, steel: float, ploughs: float) -> None:
    """Of 100 given up 60 arrive, `delay` years on; each takes half a tonne of steel.

    With 20 tonnes a year 40 are converted in each of the two years whose conversions arrive in
    time: 10 + 2 × 24.
    """
    tables = {
        "activity": rows(
            "region activity level", *(("W", j, 10) for j in ("swords", "ploughs", "steel"))
        ),
        "supply": rows(
            "region product activity value",
            *(("W", j, j, 10) for j in ("swords", "ploughs", "steel")),
        ),
        "capital": rows(
            "region kind activity capacity depreciation",
            ("W", "forge", "swords", 100, 0),
            ("W", "forge", "ploughs", 10, 0),
            ("W", "forge", "steel", steel, 0),
        ),
        "conversion": rows(
            "region kind source target share delay", ("W", "forge", "swords", "ploughs", 0.6, delay)
        ),
        "conversion_required": rows(
            "region product kind source target value",
            ("W", "steel", "forge", "swords", "ploughs", 0.5),
        ),
    }
    folder = made(tables, categories={"table": {"role": "ordered"}})
    goal = Objective(maximise="capacity", activity="ploughs", year=LAST)
    assert solved(folder, goal).objective_in_units == pytest.approx(ploughs, rel=CLOSE)


HOURS = farm({"hours": {"unit": "hour", "role": "labour"}}, {"hours": 1.0}, {"hours": 100.0})


@pytest.mark.parametrize(("weight", "corn", "deviation"), [(1.0, 5.0, 0.5), (3.0, 10.0, 1.0)])
def test_wishes_are_missed_where_that_weighs_least(
    weight: float, corn: float, deviation: float
) -> None:
    """10 of corn wished for and 5 hours, an hour each: weight (10 − x) / 10 + (x − 5) / 5."""
    wishes = (
        Wish(id="bread", quantity="output", aim=10.0, weight=weight),
        Wish(id="rest", quantity="hours", at_most=5.0),
    )
    solution = solved(HOURS, Objective(minimise="deviation"), NEXT, wish=wishes)
    assert solution.output["value"].to_numpy() == pytest.approx([corn], rel=CLOSE)
    assert solution.objective_in_units == pytest.approx(deviation, rel=CLOSE)


@pytest.mark.parametrize("goal", [{"maximise": "output"}, {"minimise": "hours"}])
def test_orders_come_first_as_far_as_they_can_be_met(goal: dict[str, str]) -> None:
    """Missed by (10 − x) / 10 + (x − 5) / 5 in all, least at x = 5, whatever comes after."""
    orders = (
        Order(id="bread", quantity="output", at_least=10.0),
        Order(id="rest", quantity="hours", at_most=5.0),
    )
    with pytest.raises(pb.InfeasiblePlanError):
        solved(HOURS, Objective(**goal), NEXT, order=orders)
    solution = solved(HOURS, Objective(orders_first=True, **goal), NEXT, order=orders)
    assert solution.output["value"].to_numpy() == pytest.approx([5.0], rel=CLOSE)


def test_orders_first_changes_nothing_where_they_can_all_be_met() -> None:
    orders = (
        Order(id="bread", quantity="output", at_least=4.0),
        Order(id="rest", quantity="hours", at_most=5.0),
    )
    for first in (False, True):
        goal = Objective(maximise="output", orders_first=first)
        solution = solved(HOURS, goal, NEXT, order=orders)
        assert solution.objective_in_units == pytest.approx(5.0, rel=CLOSE)
