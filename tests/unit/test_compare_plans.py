"""Plans side by side: differences, growth accounting, and what a plan is worth beside another."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import economies
import planboard as pb
from planboard.compare.plans import measures_of, own_names
from planboard.compare.welfare import ALL, consumption_levels, equal_share
from planboard.errors import InvalidPlanError

YEARS = (2001, 2002, 2003)
LABOUR_SHARE = 0.6  # Of the income of labour and capital in `economies.random_folder`.


def folder(regions: int = 2) -> economies.Folder:
    """Three products; what is left of value added after labour is capital's."""
    made = economies.random_folder(economies.Shape(regions, 3, False, 7))
    return made.changed(value_added=lambda t: t.replace({"item": {"surplus": "capital"}}))


def without(made: economies.Folder, *names: str) -> economies.Folder:
    return replace(made, tables={k: t for k, t in made.tables.items() if k not in names})


def plan(name: str = "first", years: tuple[int, ...] = YEARS, **sections) -> pb.Plan:
    return pb.Plan(name, years=years, **sections)


def faster(years: tuple[int, ...] = YEARS) -> pb.Plan:
    return plan("faster", years, growth={"productivity": 0.03, "labour": 0.015})


@pytest.fixture(scope="module")
def economy() -> pb.Economy:
    return folder().economy()


@pytest.fixture(scope="module")
def first(economy) -> pb.Solution:
    return pb.solve(economy, plan())


@pytest.fixture(scope="module")
def second(economy) -> pb.Solution:
    return pb.solve(economy, faster())


@pytest.fixture(scope="module")
def both(first, second):
    return pb.compare_results([first, second])


def test_a_plan_differs_from_itself_in_nothing(first):
    found = pb.compare_results([first, first])
    assert found.names == ("first", "first (2)")
    for table in (found.industries, found.regions, found.ranked):
        assert len(table)
        assert (table["difference"] == 0).all()
    assert len(found.decomposition)
    assert (found.decomposition["value"] == 0).all()
    assert len(found.welfare) == 3
    assert (found.welfare["value"] == 0).all()


def test_parts_add_up_to_the_difference_of_logarithms(both, first, second):
    parts = both.decomposition.pivot(index=["region", "year"], columns="part", values="value")
    together = parts["hours"] + parts["capital"] + parts["productivity"]
    np.testing.assert_allclose(together, parts["total"], rtol=0, atol=1e-12)
    sums = [
        s.activity.groupby(["region", "year"])["value"].sum().sort_index() for s in (first, second)
    ]
    total = parts["total"].sort_index()
    np.testing.assert_allclose(total, np.log(sums[1] / sums[0]), rtol=0, atol=1e-12)


def test_hours_count_with_labours_share(both, first, second):
    parts = both.decomposition.set_index(["region", "year", "part"])["value"]
    used = [s.factor_use.set_index(["region", "year"])["value"] for s in (first, second)]
    for region, year in used[0].index:
        expected = LABOUR_SHARE * np.log(used[1][region, year] / used[0][region, year])
        assert parts[region, year, "hours"] == pytest.approx(expected, abs=1e-12)


def test_capital_counts_at_what_it_costs():
    """Plants for cloth cost half as much to build as those for corn."""
    dear = {"corn": 1.0, "steel": 0.8, "cloth": 0.5}
    made = folder().changed(
        capital_required=lambda t: t.assign(value=t["value"] * t["activity"].map(dear))
    )
    first, second = (pb.solve(made.economy(), wanted) for wanted in (plan(), faster()))
    found = pb.compare_results([first, second]).decomposition
    parts = found.set_index(["region", "year", "part"])["value"]
    for mine, yours in zip(first.regions, second.regions, strict=True):
        o = mine.outlook
        cost = o.price @ o.accounts.capital_required.toarray()
        for t, year in enumerate(YEARS):
            ratio = (cost @ yours.capacity[0, :, t]) / (cost @ mine.capacity[0, :, t])
            expected = (1 - LABOUR_SHARE) * np.log(ratio)
            assert parts[o.region, year, "capital"] == pytest.approx(expected, abs=1e-12)


def test_differences_and_growth_are_those_of_the_amounts(both, economy):
    wide = both.regions.pivot(index=["region", "measure", "year"], columns="plan", values="value")
    rows = both.regions[both.regions["plan"] == "faster"]
    for row in rows.itertuples():
        mine = wide.loc[row.region, row.measure, row.year]
        assert row.difference == pytest.approx(mine["faster"] - mine["first"], abs=1e-12)
        assert row.share == pytest.approx(mine["faster"] / mine["first"] - 1, abs=1e-12)
    of_gdp = rows[(rows["measure"] == "GDP") & (rows["year"] == 2003)]
    for row in of_gdp.itertuples():
        a = economy.region(row.region)
        base = float(a.gross_output.sum() - (a.input @ a.level).sum())
        assert row.value == pytest.approx(base * (1 + row.growth) ** 3, rel=1e-9)
    assert measures_of(both) == [
        "GDP", "household consumption", "investment", "exports", "imports", "hours",
    ]  # fmt: skip


def test_industries_are_ranked_by_amount(both):
    size = both.ranked["difference"].abs().to_numpy()
    assert (np.diff(size) <= 0).all()
    assert set(both.ranked["year"]) == {2003}
    assert set(both.ranked["plan"]) == {"faster"}
    assert len(both.ranked) == 2 * 3


def test_households_by_several_names_are_counted_together():
    def halved(table: pd.DataFrame) -> pd.DataFrame:
        mine = table["category"] == "households"
        half = table[mine].assign(value=table["value"] / 2)
        return pd.concat([table[~mine], half, half.assign(category="clubs")])

    made = folder(1).changed(final_use=halved)
    roles = {**made.head["categories"], "clubs": {"role": "households"}}
    split = pb.solve(replace(made, head={**made.head, "categories": roles}).economy(), plan())
    whole = pb.solve(folder(1).economy(), plan())
    amounts = [
        pb.compare_results([s]).regions.set_index(["measure", "year"])["value"]
        for s in (split, whole)
    ]
    assert set(amounts[0].index) == set(amounts[1].index)
    consumed = [found["household consumption"].sum() for found in amounts]
    assert consumed[0] == pytest.approx(consumed[1], rel=1e-3)


# What a plan is worth beside another ------------------------------------------------------------


@given(st.floats(0.2, 5.0), st.floats(0.3, 3.0), st.integers(1, 8))
def test_the_same_factor_in_every_year_is_worth_the_factor(scale, level, years):
    """One region, f = level in every year, and scale times as much in the other plan."""
    before = np.full((1, years), level)
    weight = np.random.default_rng(years).uniform(0.1, 1, (1, years))
    expected = (scale - 1) * level
    assert equal_share(before, scale * before, weight) == pytest.approx(expected, abs=1e-10)


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 6))
def test_the_equal_share_makes_both_plans_worth_the_same(seed, regions, years):
    rng = np.random.default_rng(seed)
    before, after = np.exp(rng.normal(0, 2, (2, regions, years)))
    weight = rng.uniform(1e-3, 1, (regions, years))
    x = equal_share(before, after, weight)
    assert before.min() + x >= 0
    if before.min() + x > 1e-9:
        gained = (weight * np.log(before + x)).sum()
        assert gained == pytest.approx((weight * np.log(after)).sum(), rel=1e-6, abs=1e-6)


def test_the_equal_share_is_found_where_it_lies_next_to_nothing():
    """Of little weight, 1 + x has to fall to exp(−693) to make up for 3 + x."""
    before, after = np.array([[1.0], [3.0]]), np.ones((2, 1))
    x = equal_share(before, after, np.array([[1e-3], [1.0]]))
    assert x == pytest.approx(-1.0, abs=1e-12)
    assert equal_share(before, before, np.ones((2, 1))) == 0.0
    assert np.isnan(equal_share(before, np.zeros((2, 1)), np.ones((2, 1))))


def test_welfare_of_all_weighs_regions_by_what_they_consume(both, first, second):
    levels = [consumption_levels(s, YEARS) for s in (first, second)]
    spent = np.array([base for base, _ in levels[0].values()])
    old, new = (np.array([f for _, f in found.values()]) for found in levels)
    years = (1 + first.plan.objective.discount) ** -np.arange(1.0, 4.0)
    weight = (spent / spent.sum())[:, None] * years
    x = both.welfare.set_index("region")["value"][ALL]
    gained, wanted = (weight * np.log(old + x)).sum(), (weight * np.log(new)).sum()
    assert gained == pytest.approx(wanted, abs=1e-12)
    assert x > 1e-4


# Any plans ------------------------------------------------------------------------


def test_one_two_and_three_plans_are_compared(first, second):
    assert pb.compare_results([first]).ranked.empty
    assert pb.compare_results([first]).welfare.empty
    three = pb.compare_results([first, second, first])
    assert three.names == ("first", "faster", "first (2)")
    assert set(three.welfare["plan"]) == {"faster", "first (2)"}
    two = pb.compare_results([first, second])
    kept = three.regions[three.regions["plan"] == "faster"].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        kept, two.regions[two.regions["plan"] == "faster"].reset_index(drop=True)
    )


def test_names_are_made_their_own():
    assert own_names(["a", "a", "a (2)", "b"]) == ("a", "a (2)", "a (2) (2)", "b")
    assert own_names(["a (2)", "a", "a"]) == ("a (2)", "a", "a (3)")


def test_only_common_regions_and_years_are_compared(economy, first):
    alone = pb.solve(economy, plan("alone", (2001, 2002), regions=("north",)))
    for pair in ([first, alone], [alone, first]):
        found = pb.compare_results(pair)
        for table in (found.industries, found.regions, found.decomposition):
            assert set(table["region"]) == {"north"}
            assert set(table["year"]) == {2001, 2002}
        assert set(found.welfare["region"]) == {"north", ALL}
        worth = found.welfare.set_index("region")["value"]
        assert worth[ALL] == pytest.approx(worth["north"], abs=1e-12)


def test_one_region_without_trade_is_compared():
    economy = folder(1).economy()
    found = pb.compare_results([pb.solve(economy, plan()), pb.solve(economy, faster())])
    assert set(found.regions["measure"]) >= {"GDP", "household consumption", "hours"}
    assert len(found.decomposition) == len(YEARS) * 4


def test_without_households_nothing_is_said_of_welfare():
    made = folder(1).changed(final_use=lambda t: t.replace({"category": {"households": "others"}}))
    roles = {**made.head["categories"], "others": {"role": "government"}}
    economy = replace(made, head={**made.head, "categories": roles}).economy()
    solutions = [
        pb.solve(economy, plan(name, objective={"minimise": "hours"}, growth={"government": rate}))
        for name, rate in (("slow", 0.0), ("quick", 0.005))
    ]
    found = pb.compare_results(solutions)
    assert found.welfare.empty
    assert "household consumption" not in set(found.regions["measure"])
    assert len(found.ranked) == 3


def test_without_hours_nothing_is_decomposed():
    made = without(folder(), "factor_use", "endowment")
    head = {k: v for k, v in made.head.items() if k != "factors"}
    economy = replace(made, head=head).economy()
    found = pb.compare_results([pb.solve(economy, plan()), pb.solve(economy, faster())])
    assert found.decomposition.empty
    assert "hours" not in set(found.regions["measure"])
    assert len(found.welfare) == 3


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"unit": "billion USD"}, "unit: million USD and billion USD"),
        ({"currency": "EUR"}, "currency: USD and EUR"),
        ({"base_year": 1999}, "base year: 2000 and 1999"),
        ({"price_basis": "purchaser"}, "price basis: basic and purchaser"),
        ({"factors": {"hours": {"unit": "hours", "role": "labour"}}}, "million hours and hours"),
    ],
)
def test_amounts_in_other_units_are_not_compared(first, head, told):
    economy = first.economy
    factors = head.pop("factors", None)
    if factors:
        head = {"factors": tuple(replace(f, unit="hours") for f in economy.factors)}
    other = replace(first, compiled=replace(first.compiled, economy=replace(economy, **head)))
    with pytest.raises(InvalidPlanError, match="cannot be compared") as caught:
        pb.compare_results([first, other])
    assert told in str(caught.value)


def test_plans_without_a_common_region_are_not_compared(economy):
    pair = [pb.solve(economy, plan(r, (2001,), regions=(r,))) for r in ("north", "south")]
    with pytest.raises(InvalidPlanError, match="no region in common"):
        pb.compare_results(pair)
    with pytest.raises(InvalidPlanError, match="no plan to compare"):
        pb.compare_results([])
