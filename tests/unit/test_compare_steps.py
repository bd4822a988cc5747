"""Why two plans differ, step by step; the backtest; and what the horizon does to a plan."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import economies
import planboard as pb
from planboard.compare import against_actual, farthest_industries, how_far
from planboard.compare.steps import STEPS, same_accounts
from planboard.compare.welfare import ALL
from planboard.errors import InvalidPlanError
from planboard.plan import Plan

YEARS = (2001, 2002, 2003)
ACTUAL = ["region", "quantity", "name", "year", "value", "unit"]


def folder(regions: int = 2) -> economies.Folder:
    made = economies.random_folder(economies.Shape(regions, 3, False, 7))
    return made.changed(value_added=lambda t: t.replace({"item": {"surplus": "capital"}}))


@pytest.fixture(scope="module")
def economy() -> pb.Economy:
    return folder().economy()


@pytest.fixture(scope="module")
def first(economy) -> pb.Solution:
    return pb.solve(economy, pb.Plan("first", years=YEARS))


@pytest.fixture(scope="module")
def second(economy) -> pb.Solution:
    order = pb.Order(id="corn", quantity="output", product="corn", year=2003, at_least=200.0)
    return pb.solve(
        economy,
        pb.Plan(
            "second",
            years=YEARS,
            growth={"labour": 0.02, "productivity": 0.02},
            trade={"band": 0.6},
            order=[order],
        ),
    )


def output_of(solution: pb.Solution) -> dict[str, float]:
    last = solution.output[solution.output["year"] == YEARS[-1]]
    found = last.groupby("region")["value"].sum().to_dict()
    return {**found, ALL: sum(found.values())}


def test_steps_add_up_to_the_whole_difference(first, second):
    told: list[str] = []
    steps = pb.explain_difference(first, second, progress=told.append)
    assert list(dict.fromkeys(steps["step"])) == ["hours", "productivity", "trade", "orders"]
    assert len(told) == 4
    sums = steps.groupby("region")[["output", "welfare"]].sum()
    then, now = output_of(first), output_of(second)
    worth = pb.compare_results([first, second]).welfare.set_index("region")["value"]
    for region in ("north", "south", ALL):
        assert sums["output"][region] == pytest.approx(
            np.log(now[region] / then[region]), abs=1e-12
        )
        assert sums["welfare"][region] == pytest.approx(worth[region], abs=1e-12)
    orders = steps[(steps["step"] == "orders") & (steps["region"] == ALL)]
    assert orders["welfare"].iloc[0] < -0.005  # More corn than would be asked for without it.


def test_a_plan_and_itself_need_no_step(first):
    assert pb.explain_difference(first, first).empty


def test_a_step_that_cannot_be_carried_out_counts_with_the_next(economy, first):
    """More government use than hours allow at first: only the assumption after it makes room."""
    grown = pb.Plan(
        "grown",
        years=YEARS,
        growth={"government": 0.6},
        consumption={"floor": 0.2, "may_fall": True},
    )
    second = pb.solve(economy, grown)
    steps = pb.explain_difference(first, second)
    assert steps.loc[steps["step"] == "government", "output"].isna().all()
    rest = steps[steps["step"] == "assumptions"].set_index("region")["output"]
    then, now = output_of(first), output_of(second)
    for region in ("north", "south", ALL):
        assert rest[region] == pytest.approx(np.log(now[region] / then[region]), abs=1e-12)


def test_only_plans_of_one_economy_and_the_same_years_have_steps(economy, first):
    short = pb.solve(economy, pb.Plan("short", years=YEARS[:2]))
    more = folder().changed(endowment=lambda t: t.assign(value=1.1 * t["value"])).economy()
    other = pb.solve(more, pb.Plan("other", years=YEARS))
    for unlike in (short, other):
        with pytest.raises(InvalidPlanError, match="Only plans of one economy"):
            pb.explain_difference(first, unlike)
    assert same_accounts(economy, folder().economy())
    assert not same_accounts(economy, more)


def test_steps_take_over_every_section_that_makes_a_plan():
    own = {"name", "economy", "years", "regions", "members", "places"}
    taken = {name.partition(".")[0] for names in STEPS.values() for name in names}
    assert taken == set(Plan.__dataclass_fields__) - own


# Backtest ------------------------------------------------------------------------


def actual(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=ACTUAL)


def happened(region: str, output: dict[int, float], hours: dict[int, float]) -> list[tuple]:
    """Corn alone, in these years."""
    return [
        (region, quantity, "corn", year, value, unit)
        for quantity, values, unit in (
            ("output", output, "million USD"),
            ("hours", hours, "million hours"),
        )
        for year, value in values.items()
    ]


def test_hindsight_is_the_growth_that_came(economy):
    """North: hours 100 to 121 in two years, 10 % a year; output 200 to 288, 20 % a year."""
    table = actual(*happened("north", {2000: 200, 2002: 288}, {2000: 100, 2002: 121}))
    plan = pb.Plan("p", years=(2001, 2002), growth={"labour": 0.03, "government": 0.01})
    found = pb.with_hindsight(replace(economy, actual=table), plan)
    assert found.growth.labour == {"": 0.03, "north": pytest.approx(0.1, abs=1e-6)}
    assert found.growth.productivity["north"] == pytest.approx(1.2 / 1.1 - 1, abs=1e-6)
    assert found.growth.government == plan.growth.government
    assert found.name == "p, with hindsight"
    assert found.with_changes(name="p", growth=plan.growth) == plan
    longer = plan.with_changes(years=(2001, 2002, 2003))
    assert pb.with_hindsight(replace(economy, actual=table), longer).growth == found.growth


def test_hindsight_takes_the_last_plan_year_that_is_known(economy):
    output = {2000: 100, 2001: 110, 2002: 121, 2003: 1000}
    table = actual(*happened("north", output, {year: 50 for year in output}))
    plan = pb.Plan("p", years=(2001, 2002))
    found = pb.with_hindsight(replace(economy, actual=table), plan).growth
    assert found.productivity["north"] == pytest.approx(0.1, abs=1e-6)
    assert found.labour["north"] == 0.0


def test_hindsight_leaves_out_what_is_not_known_on_both_ends(economy):
    """Steel has no output in 2002, cloth is in current prices: corn alone counts."""
    corn = happened("north", {2000: 100, 2001: 105}, {2000: 50, 2001: 50})
    table = actual(
        *corn,
        ("north", "output", "steel", 2000, 900.0, "million USD"),
        ("north", "hours", "steel", 2000, 10.0, "million hours"),
        ("north", "hours", "steel", 2001, 90.0, "million hours"),
        ("north", "output", "cloth", 2000, 5.0, "million current USD"),
        ("north", "output", "cloth", 2001, 50.0, "million current USD"),
        ("north", "hours", "cloth", 2000, 10.0, "million hours"),
        ("north", "hours", "cloth", 2001, 90.0, "million hours"),
    )
    found = pb.with_hindsight(replace(economy, actual=table), pb.Plan("p", years=(2001,))).growth
    assert found.productivity["north"] == pytest.approx(0.05, abs=1e-6)
    assert found.labour["north"] == 0.0


@pytest.mark.parametrize(
    "table",
    [
        None,
        actual(*happened("north", {2000: 1, 1999: 1}, {2000: 1, 1999: 1})),
        actual(*happened("north", {2001: 1}, {2001: 1})),
        actual(*happened("north", {2000: 1, 2001: 1}, {})),
    ],
)
def test_without_knowing_what_happened_there_is_no_hindsight(economy, table):
    with pytest.raises(InvalidPlanError, match="does not know what happened"):
        pb.with_hindsight(replace(economy, actual=table), pb.Plan("p", years=YEARS))


def knowing(solution: pb.Solution, table: pd.DataFrame) -> pb.Solution:
    economy = replace(solution.economy, actual=table)
    return replace(solution, compiled=replace(solution.compiled, economy=economy))


def test_the_distance_from_fact_is_told_from_the_numbers(first):
    """Everything as planned but north's corn: a fifth less was made, with a tenth less hours."""
    rows = []
    for plan in first.regions:
        o = plan.outlook
        hours = o.factor_use[0] * plan.activity
        for j, name in enumerate(o.activities):
            is_corn = (o.region, name) == ("north", "corn")
            for t, year in enumerate([2000, *YEARS]):
                made = o.accounts.level[j] if t == 0 else plan.activity[j, t - 1]
                worked = o.accounts.factor_use[0, j] * made if t == 0 else hours[j, t - 1]
                made, worked = (v * (k if is_corn and t else 1.0)
                                for v, k in ((made, 0.8), (worked, 0.9)))  # fmt: skip
                rows.append((o.region, "output", name, year, made, "million USD"))
                rows.append((o.region, "hours", name, year, worked, "million hours"))
            for t, year in enumerate([2000, 2001, 2002]):
                held = plan.capacity[0, j, t]
                rows.append((o.region, "capital", name, year, held, "million USD"))
    found = against_actual(knowing(first, actual(*rows)))
    farthest = farthest_industries(found)
    assert (farthest["region"].iloc[0], farthest["activity"].iloc[0]) == ("north", "corn")
    assert farthest["share"].iloc[0] == pytest.approx(0.25, abs=1e-9)
    np.testing.assert_allclose(farthest["difference"].iloc[1:], 0.0, atol=1e-9)
    corn = farthest["difference"].iloc[0]
    overall, reason, industry = how_far(found, first.economy)
    whole = corn / farthest["actual"].sum()
    assert f"In 2003 the plan makes {whole * 100:.1f}\u00a0% more than was made" in overall
    assert "from +0.0\u00a0% in south to" in overall
    parts = found.decomposition[found.decomposition["year"] == 2003]
    parts = parts.set_index(["region", "part"])["value"]
    assert f"largest in north: {parts['north', 'total'] * 100:+.1f} log points" in reason
    assert f"hours {parts['north', 'hours'] * 100:+.1f}, capital +0.0" in reason
    assert f"{whole * 100:.1f}\u00a0% off on average" in industry
    assert "(+25.0\u00a0%) in corn, north." in industry


# Horizon ------------------------------------------------------------------------


def consumed(solution: pb.Solution) -> pd.Series:
    used = solution.consumption
    mine = used[(used["category"] == "households") & (used["year"] == 2002)]
    return mine.set_index("region")["value"]


@pytest.mark.parametrize(("beyond", "other"), [(1, 0), (0, 2)])
def test_the_horizon_moves_a_plan_by_what_another_solution_shows(economy, beyond, other):
    plans = [
        pb.Plan("p", years=(2001, 2002), horizon={"years_beyond": years, "carry_on": 0.01})
        for years in (beyond, other)
    ]
    before, after = (pb.solve(economy, plan) for plan in plans)
    effect = pb.horizon_effect(before)
    change = consumed(after) / consumed(before) - 1
    region = change.abs().idxmax()
    assert (effect.years_beyond, effect.other_years_beyond) == (beyond, other)
    assert (effect.year, effect.region) == (2002, region)
    assert effect.largest == pytest.approx(change[region], abs=1e-12)
    overall = consumed(after).sum() / consumed(before).sum() - 1
    assert effect.overall == pytest.approx(overall, abs=1e-12)
    assert abs(effect.largest) > 1e-4


def test_a_horizon_rule_that_asks_nothing_of_one_region_alone_moves_it_too():
    economy = folder(1).economy()
    free = pb.Plan("p", years=(2001, 2002), horizon={"provide": False, "years_beyond": 2})
    effect = pb.horizon_effect(pb.solve(economy, free))
    assert effect.region == "north"
    assert effect.overall == pytest.approx(effect.largest, abs=1e-12)
    assert effect.overall > 0.01  # Without a year beyond and without the rule, nothing is built.


def test_without_households_the_horizon_has_no_effect_to_tell():
    made = folder(1).changed(final_use=lambda t: t.replace({"category": {"households": "others"}}))
    roles = {**made.head["categories"], "others": {"role": "government"}}
    economy = replace(made, head={**made.head, "categories": roles}).economy()
    plan = pb.Plan("p", years=(2001,), objective={"minimise": "hours"}, growth={"government": 0.0})
    assert pb.horizon_effect(pb.solve(economy, plan)) is None
