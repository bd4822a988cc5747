"""compare: beside the base year, beside what happened, and why industries leap."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import economies
import planboard as pb
from planboard.compare import (
    against_actual,
    industries_that_leapt,
    industry_ratios,
    largest_moves,
    since_base,
)
from planboard.compare.actual import capital_index
from planboard.compare.amounts import amount_words, readable_unit
from planboard.compare.base import base_accounts, base_hours
from planboard.compare.moves import demand_changes, year_words

YEARS = (2001, 2002, 2003)
LABOUR_SHARE = 0.6  # Of the income of labour and capital in `economies.random_folder`.
UNIT = "million USD"


def folder() -> economies.Folder:
    """Two regions, three products; what is left after labour is capital's."""
    made = economies.random_folder(economies.Shape(2, 3, False, 7))
    return made.changed(value_added=lambda t: t.replace({"item": {"surplus": "capital"}}))


@pytest.fixture(scope="module")
def solution() -> pb.Solution:
    return pb.solve(folder().economy(), pb.Plan("small", years=YEARS))


def knowing(solution: pb.Solution, actual: pd.DataFrame | None) -> pb.Solution:
    """The same solution, of an economy that knows what happened."""
    economy = replace(solution.economy, actual=actual)
    return replace(solution, compiled=replace(solution.compiled, economy=economy))


def as_planned(solution: pb.Solution, stock: float = 3.0) -> pd.DataFrame:
    """A table of what happened in which everything happened as planned.

    Capital at the end of year t − 1 serves year t; at the end of the base year it is `stock` times
    the capacity of the first plan year.
    """
    rows = []
    for plan in solution.regions:
        o, names = plan.outlook, plan.outlook.activities
        hours = np.column_stack([base_hours(o), o.factor_use[0] * plan.activity])
        made = np.column_stack([o.accounts.level, plan.activity])
        held = stock * plan.capacity[0]
        basket, formation = o.accounts.final_use[:, 0], o.accounts.final_use[:, 2]
        eaten = np.column_stack([basket, plan.final_use()[0]])
        built = np.column_stack([formation, plan.investment().sum(axis=1)])
        for j, name in enumerate(names):
            for t, year in enumerate([2000, *YEARS]):
                rows.append((o.region, "output", name, year, made[j, t], UNIT))
                rows.append((o.region, "hours", name, year, hours[j, t], "million hours"))
                rows.append((o.region, "final_use", f"households/{name}", year, eaten[j, t], UNIT))
                formed = f"capital_formation/{name}"
                rows.append((o.region, "final_use", formed, year, built[j, t], UNIT))
            for t, year in enumerate([2000, 2001, 2002]):
                rows.append((o.region, "capital", name, year, held[j, t], UNIT))
    return pd.DataFrame(rows, columns=["region", "quantity", "name", "year", "value", "unit"])


def times(actual: pd.DataFrame, quantity: str, factor: float, *, since: int = 2001) -> pd.DataFrame:
    """What happened, with one quantity of the later years so many times as large."""
    chosen = (actual["quantity"] == quantity) & (actual["year"] >= since)
    return actual.assign(value=actual["value"].where(~chosen, actual["value"] * factor))


def test_an_economy_that_does_not_know_what_happened_is_not_compared(solution):
    assert against_actual(solution) is None


def test_a_plan_that_came_true_differs_in_nothing(solution):
    found = against_actual(knowing(solution, as_planned(solution)))
    assert found is not None
    assert set(found.regions["measure"]) == {
        "output", "hours", "capital", "investment", "household_consumption",
    }  # fmt: skip
    for table in (found.industries, found.regions):
        np.testing.assert_allclose(table["plan"], table["actual"], rtol=1e-12)
        np.testing.assert_allclose(table["plan_growth"], table["actual_growth"], rtol=1e-8)
    np.testing.assert_allclose(found.decomposition["value"].astype(float), 0.0, atol=1e-12)
    assert set(found.regions["year"]) == set(YEARS)


def test_region_sums_are_the_plans_own_accounts(solution):
    found = against_actual(knowing(solution, as_planned(solution)))
    accounts = since_base(solution).set_index(["region", "account", "year"])["value"]
    names = {"hours": "hours", "investment": "investment", "household_consumption": "households"}
    for row in found.regions.itertuples():
        if row.measure in names:
            account = accounts[row.region, names[row.measure], row.year]
            assert row.plan == pytest.approx(account, rel=1e-9)
            base = accounts[row.region, names[row.measure], 2000]
            grown = base * (1 + row.plan_growth) ** (row.year - 2000)
            assert row.plan == pytest.approx(grown, rel=1e-9)


@pytest.mark.parametrize(
    ("quantity", "part", "share"),
    [
        ("output", "productivity", -1.0),
        ("hours", "hours", -LABOUR_SHARE),
        ("capital", "capital", LABOUR_SHARE - 1),
    ],
)
def test_each_difference_is_put_down_to_its_cause(solution, quantity, part, share):
    actual = times(as_planned(solution), quantity, 1.25)
    found = against_actual(knowing(solution, actual)).decomposition
    values = found[found["year"] == 2003].set_index(["region", "part"])["value"]
    for region in solution.economy.region_names:
        assert values[region, part] == pytest.approx(share * np.log(1.25), abs=1e-12)
        total = -np.log(1.25) if quantity == "output" else 0.0
        assert values[region, "total"] == pytest.approx(total, abs=1e-12)


def test_the_parts_of_the_difference_add_up_to_it(solution):
    actual = as_planned(solution)
    noise = np.random.default_rng(1).uniform(0.7, 1.4, len(actual))
    actual = actual.assign(value=actual["value"] * noise)
    found = against_actual(knowing(solution, actual)).decomposition
    parts = found.pivot(index=["region", "year"], columns="part", values="value").astype(float)
    assert len(parts) == 2 * len(YEARS)
    together = parts["hours"] + parts["capital"] + parts["productivity"]
    np.testing.assert_allclose(together, parts["total"], atol=1e-12)
    assert parts["productivity"].abs().max() > 0.01


def test_capital_of_the_first_year_is_what_the_base_year_left(solution):
    found = against_actual(knowing(solution, times(as_planned(solution), "capital", 2.0)))
    capital = found.regions[found.regions["measure"] == "capital"].set_index(["region", "year"])
    first, last = capital.xs(2001, level="year"), capital.xs(2003, level="year")
    np.testing.assert_allclose(first["plan"], first["actual"], rtol=1e-12)
    np.testing.assert_allclose(last["actual"], 2 * last["plan"], rtol=1e-12)


def test_labour_share_is_that_of_the_base_year(solution):
    found = against_actual(knowing(solution, as_planned(solution)))
    np.testing.assert_allclose(found.labour_share["value"], LABOUR_SHARE, rtol=1e-12)


def test_without_incomes_nothing_is_decomposed():
    bare = folder()
    tables = {name: t for name, t in bare.tables.items() if name != "value_added"}
    solution = pb.solve(replace(bare, tables=tables).economy(), pb.Plan("small", years=YEARS))
    found = against_actual(knowing(solution, as_planned(solution)))
    assert found.decomposition.empty
    assert not found.regions.empty


def test_years_and_units_that_do_not_match_are_left_out(solution):
    actual = as_planned(solution)
    early = against_actual(knowing(solution, actual[actual["year"] <= 2001]))
    assert set(early.regions["year"]) == {2001}
    current = actual.assign(unit=actual["unit"].replace(UNIT, "million current USD"))
    found = against_actual(knowing(solution, current))
    assert set(found.regions["measure"]) == {"hours"}
    assert found.industries.empty
    assert found.decomposition.empty


def test_industries_that_the_table_lacks_are_left_out_on_both_sides(solution):
    actual = as_planned(solution)
    found = against_actual(knowing(solution, actual[~actual["name"].str.endswith("corn")]))
    rows = found.regions
    np.testing.assert_allclose(rows["plan"], rows["actual"], rtol=1e-12)
    assert "corn" not in set(found.industries["activity"])


def test_the_difference_is_taken_over_industries_whose_capital_is_known(solution):
    actual = as_planned(solution)
    of_corn = actual["name"] == "corn"
    changed = times(actual, "output", 10.0)
    partly = actual.where(~(of_corn & (actual["quantity"] == "output")), changed)
    known = partly[~(of_corn & (partly["quantity"] == "capital"))]
    found = against_actual(knowing(solution, known))
    np.testing.assert_allclose(found.decomposition["value"].astype(float), 0.0, atol=1e-12)
    corn = found.industries[found.industries["activity"] == "corn"]
    np.testing.assert_allclose(corn["actual"], 10 * corn["plan"], rtol=1e-9)


def test_the_bundled_world_is_compared_in_every_region_and_year(world_solution):
    found = against_actual(world_solution)
    regions, years = len(world_solution.regions), len(world_solution.plan.years)
    assert len(found.industries) == regions * years * 14
    assert len(found.decomposition) == regions * years * 4
    assert found.labour_share["value"].between(0.4, 0.7).all()
    capital = found.regions[found.regions["measure"] == "capital"]
    first = capital[capital["year"] == 2001]
    np.testing.assert_allclose(first["plan"], first["actual"], rtol=1e-9)


def test_accounts_of_the_base_year_stand_before_the_plans(solution):
    found = since_base(solution).set_index(["region", "account", "year"])["value"]
    planned = solution.accounts.set_index(["region", "account", "year"])["value"]
    for plan in solution.regions:
        base = base_accounts(plan.outlook)
        uses = sum(base[k] for k in ("households", "government", "investment", "inventories"))
        trade = base["exports"] - base["imports"]
        assert base["GDP by production"] == pytest.approx(uses + trade, rel=1e-9)
        for account, value in base.items():
            assert found[plan.outlook.region, account, 2000] == value
    both = found.index.intersection(planned.index)
    assert len(both) > 0
    assert (found[both] == planned[both]).all()


def test_capital_formation_is_investment_where_nothing_may_be_built():
    plan = pb.Plan(
        "kept",
        years=YEARS,
        building={"allowed": False},
        growth={"government": 0.0},
        consumption={"floor": 0.5, "may_fall": True},
    )
    found = since_base(pb.solve(folder().economy(), plan))
    invested = found[found["account"] == "investment"]
    kept = invested.pivot(index="region", columns="year", values="value")
    np.testing.assert_allclose(kept[2003], kept[2000], rtol=1e-9)


def test_ratios_are_levels_over_those_of_the_base_year(solution):
    found = industry_ratios(solution).set_index(["region", "activity", "year"])["ratio"]
    for plan in solution.regions:
        o = plan.outlook
        for j, activity in enumerate(o.activities):
            expected = plan.activity[j, 2] / o.accounts.level[j]
            assert found[o.region, activity, 2003] == pytest.approx(expected)


def test_an_industry_leaps_in_the_year_it_is_farthest(solution):
    ratios = industry_ratios(solution)
    low, high = ratios["ratio"].min() * 1.01, ratios["ratio"].max() * 0.95
    found = industries_that_leapt(solution, above=high, below=low)
    chosen = ratios[(ratios["ratio"] > high) | (ratios["ratio"] < low)]
    assert (chosen["ratio"] < low).any()
    assert (chosen["ratio"] > high).any()
    assert set(zip(found["region"], found["activity"], strict=True)) == set(
        zip(chosen["region"], chosen["activity"], strict=True)
    )
    for row in found.itertuples():
        mine = chosen[(chosen["region"] == row.region) & (chosen["activity"] == row.activity)]
        farthest = np.abs(np.log(mine["ratio"])).max()
        assert abs(np.log(row.ratio)) == pytest.approx(farthest)
        assert ("rises" in row.explanation) == (row.ratio > 1)
        assert f"in {row.year}" in row.explanation
    assert industries_that_leapt(solution, above=1e9, below=0.0).empty


def test_what_drives_a_move_adds_up_to_it(solution):
    output = solution.output.set_index(["region", "product", "year"])["value"]
    for plan in solution.regions:
        for i, product in enumerate(solution.economy.product_names):
            changes = demand_changes(solution, plan, product, 2003)
            then = plan.outlook.accounts.gross_output[i]
            moved = output[plan.outlook.region, product, 2003] - then
            assert sum(changes.values()) == pytest.approx(moved, abs=1e-8)


def test_a_limit_is_named_where_it_binds():
    plan = pb.Plan("slow", years=YEARS, pace={"growth": 0.005})
    solution = pb.solve(folder().economy(), plan)
    held = solution.binding
    held = held[held["kind"] == "pace of growth"]
    assert len(held)
    for row in largest_moves(solution, 6).itertuples():
        mine = held[(held["region"] == row.region) & (held["name"] == row.activity)]
        says_so = "as fast as the pace of growth allows" in row.explanation
        assert says_so == (len(mine) > 0 and row.ratio > 1)
        if says_so:
            assert f"({year_words(list(mine['year']))})" in row.explanation


def test_the_farthest_mover_of_the_world_is_explained_in_one_sentence(world_solution):
    row = largest_moves(world_solution, 1).iloc[0]
    assert row["explanation"].endswith(".")
    assert world_solution.economy.label(row["region"]) in row["explanation"]
    assert f"{row['ratio']:.2f} times" in row["explanation"]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (58_558.0, "million 2000 USD", "58.6 billion 2000 USD"),
        (9_999.0, "million USD", "9,999 million USD"),
        (25_000_000.0, "million USD", "25.0 trillion USD"),
        (-2.345, "hours", "−2.35 hours"),
        (123_456.0, "tonnes", "123,456 tonnes"),
        (5.0, "", "5.00"),
    ],
)
def test_amounts_are_told_in_units_that_people_read(value, unit, words):
    assert amount_words(value, unit) == words


def test_a_readable_unit_divides_by_what_its_name_says():
    assert readable_unit("million USD", 5e7) == (1e6, "trillion USD")
    assert readable_unit("USD", 5e7) == (1.0, "USD")


def test_years_are_told_as_ranges():
    assert year_words([2001, 2002, 2003, 2005]) == "2001–2003, 2005"


def test_capital_index_begins_with_one(solution):
    for plan in solution.regions:
        np.testing.assert_allclose(capital_index(plan)[:, 0], 1.0)
