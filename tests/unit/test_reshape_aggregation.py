"""Aggregation: laws on random economies, rules of capital and accounts, and the bundled world."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reshape_economies import (
    BASE,
    balances,
    columns,
    differences,
    few,
    lean,
    rich_economy,
    rich_folder,
    taken,
    worth_of_capital,
)

import planboard as pb
from economies import JOINT, REGIONS, Shape
from planboard.economy_folder import economy_head, economy_of, economy_tables
from planboard.errors import InvalidTableError
from planboard.reshape import Concordance, aggregate, concordance_of

Maps = Mapping[str, Mapping[str, str]]


def to_codes(economy: pb.Economy, **maps: Mapping[str, str]) -> Concordance:
    """A concordance over the codes that this economy has."""
    known = {
        "region": economy.region_names,
        "sector": tuple(dict.fromkeys([*economy.product_names, *economy.activity_names])),
        "factor": economy.factor_names,
        "category": economy.category_names,
    }
    return concordance_of(
        {axis: {code: to.get(code, code) for code in known[axis]} for axis, to in maps.items()}
    )


TWO = {"north": "A", "south": "A", "west": "B"}
ONE = {"north": "W", "south": "W", "west": "W", "A": "W", "B": "W"}
FEW = {"corn": "x", "steel": "y", "cloth": "y", "power": "z", JOINT: "y"}
FEWER = {"corn": "u", "steel": "u", "cloth": "u", "power": "v", JOINT: "u"} | {
    "x": "u", "y": "u", "z": "v",
}  # fmt: skip


def example(regions: int = 3, seed: int = 3, *, joint: bool = True) -> pb.Economy:
    return rich_economy(rich_folder(Shape(regions, 4, joint, seed)))


def made_of(economy: pb.Economy, **tables: pd.DataFrame) -> pb.Economy:
    """The economy with other tables."""
    return economy_of(economy_head(economy), {**economy_tables(economy), **tables})


# Laws ---------------------------------------------------------------------------------------------


@few
@given(lean())
def test_every_code_to_itself_changes_no_flow(economy: pb.Economy) -> None:
    same = aggregate(economy, to_codes(economy, region={}, sector={}, factor={}, category={}))
    assert differences(economy, same) == []


def test_every_code_to_itself_changes_nothing_but_the_history() -> None:
    economy = example()
    prices = economy.series["measure"] == "output_price"
    value = economy.series["value"].where(~prices, 1.1 * economy.series["value"])
    unit = economy.series["unit"].where(~prices, "1995 = 100")
    economy = replace(economy, series=economy.series.assign(value=value, unit=unit))
    same = aggregate(economy, to_codes(economy, region={}, sector={}, factor={}, category={}))
    assert differences(economy, same) == []
    for what in ("region_names", "product_names", "activity_names", "products", "categories"):
        assert getattr(same, what) == getattr(economy, what)
    assert same.title == economy.title
    assert [dict(step) for step in same.history[:-1]] == [dict(s) for s in economy.history]
    assert same.history[-1]["step"] == "aggregation"


@few
@given(lean())
def test_balances_stay_exact(economy: pb.Economy) -> None:
    made = aggregate(economy, to_codes(economy, region=TWO, sector=FEW))
    assert np.abs(balances(made)).max() < 1e-9
    assert np.abs(columns(made)).max() < 1e-9


@few
@given(lean())
def test_totals_are_kept(economy: pb.Economy) -> None:
    made = aggregate(economy, to_codes(economy, region=TWO, sector=FEW))
    before, after = economy_tables(economy), economy_tables(made)
    for name in ("supply", "use", "final_use", "factor_use", "endowment", "value_added", "stock"):
        assert after[name]["value"].sum() == pytest.approx(before[name]["value"].sum(), rel=1e-12)
    assert after["activity"]["level"].sum() == pytest.approx(before["activity"]["level"].sum())
    assert after["capital"]["capacity"].sum() == pytest.approx(before["capital"]["capacity"].sum())


@few
@given(lean())
def test_building_takes_the_same_of_every_product_and_the_stock_is_worth_the_same(
    economy: pb.Economy,
) -> None:
    made = aggregate(economy, to_codes(economy, region=TWO, sector=FEW))
    before = taken(economy)
    expected: dict[tuple[str, str], float] = {}
    for (region, name), amount in before.items():
        place = (TWO[region], FEW.get(name, name))
        expected[place] = expected.get(place, 0.0) + amount
    assert taken(made).to_dict() == pytest.approx(expected, rel=1e-12)
    worth = worth_of_capital(economy)
    expected_worth = worth.groupby([TWO[r] for r in worth.index]).sum()
    pd.testing.assert_frame_equal(worth_of_capital(made), expected_worth, rtol=1e-12)


@few
@given(lean())
def test_two_steps_are_one(economy: pb.Economy) -> None:
    check_two_steps(economy)


def test_two_steps_are_one_for_what_is_carried_along() -> None:
    check_two_steps(example())


def check_two_steps(economy: pb.Economy) -> None:
    once = aggregate(economy, to_codes(economy, region=ONE, sector=FEWER))
    first = aggregate(economy, to_codes(economy, region=TWO, sector=FEW))
    assert differences(once, aggregate(first, to_codes(first, region=ONE, sector=FEWER))) == []


@few
@given(lean(regions=(3, 3)), st.permutations(REGIONS))
def test_the_order_of_regions_changes_nothing(economy: pb.Economy, order: list[str]) -> None:
    turned = replace(economy, regions=tuple(economy.region(name) for name in order))
    one = aggregate(economy, to_codes(economy, region=TWO, sector=FEW))
    other = aggregate(turned, to_codes(turned, region=TWO, sector=FEW))
    assert differences(one, other) == []


@few
@given(lean(regions=(2, 2)), st.floats(0.05, 0.95))
def test_weights_split_a_source_and_keep_balances_and_totals(
    economy: pb.Economy, weight: float
) -> None:
    sectors = {code: {code: 1.0} for code in (*economy.product_names, *economy.activity_names)}
    sectors["corn"] = {"corn": weight, "steel": 1 - weight}
    regions = {"north": {"A": weight, "B": 1 - weight}, "south": {"B": 1.0}}
    made = aggregate(economy, concordance_of({"sector": sectors, "region": regions}))
    assert np.abs(balances(made)).max() < 1e-9
    assert np.abs(columns(made)).max() < 1e-9
    before, after = economy_tables(economy), economy_tables(made)
    for name in ("supply", "use", "final_use", "factor_use", "endowment", "value_added", "stock"):
        assert after[name]["value"].sum() == pytest.approx(before[name]["value"].sum(), rel=1e-12)
    built = [taken(e).groupby(level=1).sum() for e in (economy, made)]
    assert built[1].sum() == pytest.approx(built[0].sum(), rel=1e-12)
    north, a = economy.region("north"), made.region("A")
    corn, j = economy.product_names.index("corn"), north.activities.index("corn")
    assert a.level[a.activities.index("corn")] == pytest.approx(weight**2 * north.level[j])
    assert a.final_use[made.product_names.index("corn")] == pytest.approx(
        weight**2 * north.final_use[corn]
    )


def test_the_title_tells_the_new_size() -> None:
    economy = example()
    once = aggregate(economy, to_codes(economy, region=TWO, sector=FEW))
    assert once.title == "Made for a test, aggregated to 2 regions x 3 industries"
    twice = aggregate(once, to_codes(once, region=ONE, sector=FEWER))
    assert twice.title == "Made for a test, aggregated to 1 regions x 2 industries"
    named = aggregate(economy, to_codes(economy, region=TWO), name="two", title="Two regions")
    assert (named.name, named.title) == ("two", "Two regions")


def test_trade_within_a_new_region_is_no_trade() -> None:
    economy = example(3)
    made = aggregate(economy, to_codes(economy, region=TWO))
    before, after = economy_tables(economy)["trade"], economy_tables(made)["trade"]
    assert set(zip(after["origin"], after["destination"], strict=True)) == {("A", "B"), ("B", "A")}
    sold = before[(before["origin"] != "west") & (before["destination"] == "west")]
    expected = sold.groupby("product")["value"].sum().to_dict()
    found = after[after["origin"] == "A"].set_index("product")["value"].to_dict()
    assert found == pytest.approx(expected)


def test_factors_and_categories_are_put_together() -> None:
    economy = example()
    kinds = {"government": "state", "households": "people"}
    made = aggregate(economy, to_codes(economy, factor={"hours": "work"}, category=kinds))
    assert made.factor_names == ("work",)
    assert made.factors[0].role == "labour"
    assert made.category_names[:2] == ("people", "state")
    assert made.categories[1].role == "government"
    assert set(made.actual["name"][made.actual["quantity"] == "hours_by_skill"]) == {"work"}


# What is no flow ----------------------------------------------------------------------------------


def test_capital_by_hand() -> None:
    """Two plants: 100 units worth 2 each and 50 worth 4, of which 10 and 20 were built."""
    economy = example(1, joint=False)
    tables = economy_tables(economy)
    capital = tables["capital"]
    capital.loc[capital["activity"] == "steel", ["capacity", "building", "depreciation"]] = (
        120.0, 10.0, 0.1,
    )  # fmt: skip
    capital.loc[capital["activity"] == "cloth", ["capacity", "building", "depreciation"]] = (
        150.0, 20.0, 0.05,
    )  # fmt: skip
    required = tables["capital_required"]
    required = required[~required["activity"].isin(["steel", "cloth"])]
    own = pd.DataFrame(
        [
            ("north", "steel", "plant", "steel", 2.0),
            ("north", "steel", "plant", "cloth", 1.0),
            ("north", "power", "plant", "cloth", 3.0),
        ],
        columns=["region", "product", "kind", "activity", "value"],
    )
    tables["capital_required"] = pd.concat([required, own])
    changed = economy_of(economy_head(economy), {**tables, "capital": capital})
    both = {"steel": "y", "cloth": "y"}
    a = aggregate(changed, to_codes(changed, sector=both)).region("north")
    j = a.activities.index("y")
    assert a.capacity[0, j] == pytest.approx(270)
    # Worth: stock 240 + 600 = 840, built 20 + 80 = 100, so 100/840 of 270 units.
    assert a.building[0][0, j] == pytest.approx(270 * 100 / 840)
    assert a.depreciation[0, j] == pytest.approx((0.1 * 240 + 0.05 * 600) / 840)
    needed = a.capital_required.toarray()[:, j]
    assert needed * a.building[0][0, j] == pytest.approx([0, 2 * 10 + 1 * 20, 3 * 20])
    assert needed.sum() * a.capacity[0, j] == pytest.approx(840)


def test_utilisation_keeps_usable_capacity() -> None:
    economy = example(1)
    a = economy.region("north")
    b = aggregate(economy, to_codes(economy, sector=FEW)).region("north")
    before = (a.utilisation * a.capacity[0]).sum()
    assert (b.utilisation * b.capacity[0]).sum() == pytest.approx(before)


def test_an_activity_without_limit_counts_at_its_level_and_is_told() -> None:
    economy = example(1, joint=False)
    capital = economy_tables(economy)["capital"]
    free = made_of(economy, capital=capital[capital["activity"] != "steel"])
    made = aggregate(free, to_codes(free, sector=FEW))
    a, b = free.region("north"), made.region("north")
    y = b.activities.index("y")
    steel, cloth = a.activities.index("steel"), a.activities.index("cloth")
    assert b.capacity[0, y] == pytest.approx(a.level[steel] + a.capacity[0, cloth])
    assert taken(made)["north", "x"] == pytest.approx(taken(free)["north", "corn"])
    assert made.history[-1]["detail"].endswith(
        "Not limited by capital, unlike others of their target, so counted with a capacity of "
        "their base-year level that costs nothing: north, plant, steel."
    )
    alone = aggregate(free, to_codes(free, sector={"steel": "s"})).region("north")
    assert alone.capacity[0, alone.activities.index("s")] == np.inf


def test_gestations_that_differ_are_refused() -> None:
    economy = example(2)
    capital = economy_tables(economy)["capital"]
    slow = (capital["activity"] == "steel") & (capital["region"] == "south")
    mixed = made_of(economy, capital=capital.assign(gestation=capital["gestation"] + slow))
    with pytest.raises(InvalidTableError) as error:
        aggregate(mixed, to_codes(mixed, sector=FEW))
    assert str(error.value) == (
        "Capital with different gestations cannot be put together.\n\n"
        "    south, plant, y: 2 to 3 years\n\n"
        "Keep these activities apart in the concordance, or bring them to one gestation first."
    )


def test_input_lags_that_differ_are_refused() -> None:
    economy = example(1)
    activity = economy_tables(economy)["activity"]
    activity.loc[activity["activity"] == "cloth", "input_lag"] = 1
    lagged = made_of(economy, activity=activity)
    with pytest.raises(InvalidTableError) as error:
        aggregate(lagged, to_codes(lagged, sector=FEW))
    assert str(error.value) == (
        "Activities with different input lags cannot be put together.\n\n"
        "    north, y: 0 to 1 years\n\n"
        "Keep them apart in the concordance, or bring them to one lag first."
    )


def test_an_idle_technique_adds_nothing_where_another_runs() -> None:
    economy = example(1, joint=False)
    tables = economy_tables(economy)
    tables["activity"] = pd.concat(
        [tables["activity"], pd.DataFrame([("north", "new", 0.0, 1.0, 0, 0.0)],
         columns=tables["activity"].columns)]
    )  # fmt: skip
    tables["use"] = pd.concat(
        [tables["use"], pd.DataFrame([("north", "power", "new", 7.0)],
         columns=tables["use"].columns)]
    )  # fmt: skip
    with_new = economy_of(economy_head(economy), tables)
    merged = aggregate(with_new, to_codes(with_new, sector={"new": "steel"}))
    assert differences(merged, economy, but=("capital", "imputed")) == []
    kept = aggregate(with_new, to_codes(with_new, sector={"new": "renamed"})).region("north")
    assert kept.input[economy.product_names.index("power"), kept.activities.index("renamed")] == 7


def test_scarcity_of_one_part_does_not_vanish() -> None:
    economy = example(2)
    endowment = economy_tables(economy)["endowment"]
    free = made_of(economy, endowment=endowment[endowment["region"] == "north"])
    made = aggregate(free, to_codes(free, region=TWO))
    south = free.region("south")
    used = south.factor_use @ south.level
    used = used + (south.factor_use_building * south.building[0]).sum(axis=(1, 2))
    assert made.region("A").endowment == pytest.approx(free.region("north").endowment + used)
    assert "counted as in the base year: south, hours" in made.history[-1]["detail"]


def test_value_added_that_a_part_does_not_state_is_left_out_and_told() -> None:
    economy = example(3)
    added = economy_tables(economy)["value_added"]
    silent = made_of(economy, value_added=added[added["region"] != "south"])
    made = aggregate(silent, to_codes(silent, region=TWO))
    assert made.region("A").value_added == {}
    assert set(made.region("B").value_added) == {"labour", "surplus"}
    assert made.history[-1]["detail"].endswith(
        "Value added left out, as a part of the region does not state it: A."
    )


def test_conversions_follow_where_all_parts_have_them() -> None:
    economy = example(1, joint=False)
    ways = pd.DataFrame(
        [("north", "plant", source, "corn", 0.5, 1) for source in ("steel", "cloth")]
        + [("north", "plant", "steel", "cloth", 1.0, 1)],
        columns=["region", "kind", "source", "target", "share", "delay"],
    )
    needed = ways.iloc[:2, :4].assign(product="power", value=[1.0, 4.0])
    with_ways = made_of(economy, conversion=ways, conversion_required=needed)
    a = with_ways.region("north")
    b = aggregate(with_ways, to_codes(with_ways, sector=FEW)).region("north")
    assert len(b.conversions) == 1
    assert b.conversions.share == pytest.approx([0.5])
    capacity = a.capacity[0, [a.activities.index("steel"), a.activities.index("cloth")]]
    mean = (capacity @ [1.0, 4.0]) / capacity.sum()
    assert b.conversions.required.sum() == pytest.approx(mean)
    some = made_of(economy, conversion=ways.iloc[:1])
    with pytest.raises(InvalidTableError) as error:
        aggregate(some, to_codes(some, sector=FEW))
    assert str(error.value) == (
        "Conversions of capacity cannot be put together.\n\n"
        "    north, plant, y, x: 1 of 2 parts of y have it\n\n"
        "Keep these activities apart, or take the conversions out of the economy first."
    )


# Accounts that are carried along ------------------------------------------------------------------


def test_growth_is_weighted_with_hours() -> None:
    economy = example(2)
    growth = economy.growth.set_index(["region", "quantity"])["value"]
    hours = [float((a.factor_use @ a.level)[0]) for a in economy.regions]
    made = aggregate(economy, to_codes(economy, region=TWO)).growth.set_index("quantity")["value"]
    for quantity in ("labour", "productivity"):
        expected = np.average([growth[r, quantity] for r in ("north", "south")], weights=hours)
        assert made[quantity] == pytest.approx(expected)


def series(economy: pb.Economy, measure: str) -> pd.Series:
    rows = economy.series[economy.series["measure"] == measure]
    return rows.set_index(["region", "activity", "year"])["value"]


def test_series_of_regions_put_together_are_in_the_money_of_the_table() -> None:
    economy = example(2)
    made = aggregate(economy, to_codes(economy, region=TWO))
    rate, output = series(economy, "exchange_rate"), series(economy, "output")
    expected = (rate * output).groupby(["activity", "year"]).sum()
    assert series(made, "output")["A"].to_dict() == pytest.approx(expected.to_dict())
    price = series(economy, "output_price")
    base_rate = rate.xs(BASE, level="year").reindex(output.droplevel("year").index).to_numpy()
    volume = (output / price * 100 * base_rate).groupby(["activity", "year"]).sum()
    found = series(made, "output_price")["A"]
    assert found.to_dict() == pytest.approx((100 * expected / volume).to_dict())
    stock = series(economy, "capital_stock")
    stock = (stock * base_rate).groupby(["activity", "year"]).sum()
    assert series(made, "capital_stock")["A"].to_dict() == pytest.approx(stock.to_dict())
    units = dict(zip(made.series["measure"], made.series["unit"], strict=True))
    assert units["output"] == "million USD"
    assert units["output_price"] == "2000 = 100"
    assert units["capital_stock"] == "million USD at 2000 prices"
    assert (series(made, "exchange_rate") == 1).all()


def test_series_of_industries_put_together_stay_in_local_money() -> None:
    economy = example(1)
    made = aggregate(economy, to_codes(economy, sector=FEW))
    output = series(economy, "output")
    expected = output.groupby([output.index.get_level_values(1).map(FEW), "year"]).sum()
    assert series(made, "output")["north"].to_dict() == pytest.approx(expected.to_dict())
    units = dict(zip(made.series["measure"], made.series["unit"], strict=True))
    assert units["output"] == "million units of local currency"
    stock = series(economy, "capital_stock")
    worn = (series(economy, "depreciation") * stock).groupby(["region", "year"]).sum()
    whole = series(made, "capital_stock")
    again = (series(made, "depreciation") * whole).groupby(["region", "year"]).sum()
    assert again.to_dict() == pytest.approx(worn.to_dict())


def test_what_a_part_does_not_say_is_left_out_and_told() -> None:
    economy = example(2)
    s, actual = economy.series, economy.actual
    gap = (s["region"] == "south") & (s["measure"] == "investment") & (s["year"] == 2001)
    late = (actual["region"] == "north") & (actual["year"] == 2001)
    holed = replace(economy, series=s[~gap], actual=actual[~late])
    made = aggregate(holed, to_codes(holed, region=TWO))
    assert 2001 not in set(series(made, "investment").index.get_level_values("year"))
    assert 2001 in set(series(made, "output").index.get_level_values("year"))
    assert set(made.actual["year"]) == {1999, 2000}
    assert made.history[-1]["detail"].endswith(
        "What happened is left out where a part is not known: A output (5 figures); A capital (5 "
        "figures); A engaged (1 figures); A hours_by_skill (1 figures). Series left out where a "
        "part is not known: A investment (5 figures); A investment_price (5 figures)."
    )


def test_an_industry_that_nobody_tells_of_is_missing_too() -> None:
    economy = example(2)
    told = economy.actual[economy.actual["name"] != "steel"]
    made = aggregate(replace(economy, actual=told), to_codes(economy, sector=FEW))
    known = made.actual[made.actual["quantity"] == "output"]
    assert set(known["name"]) == {"x", "z"}


def test_what_was_imputed_is_told_with_its_share() -> None:
    economy = example(2)
    made = aggregate(economy, to_codes(economy, region=TWO, sector={"corn": "x", "steel": "x"}))
    output = [a.output.toarray().sum(axis=0) * a.level for a in economy.regions]
    place = [[a.activities.index(name) for name in ("corn", "steel")] for a in economy.regions]
    corn = sum(x[at[0]] for x, at in zip(output, place, strict=True))
    both = sum(x[at].sum() for x, at in zip(output, place, strict=True))
    assert made.imputed.drop(columns="share").to_dict("records") == [
        {"region": "A", "activity": "x", "measure": "hours", "method": "a guess", "donors": ""}
    ]
    assert made.imputed["share"].to_list() == pytest.approx([corn / both])


def test_shares_of_what_was_imputed_multiply() -> None:
    economy = example(1, joint=False)
    first = aggregate(economy, to_codes(economy, sector={"corn": "x", "steel": "x"}))
    made = aggregate(first, to_codes(first, sector={"x": "y", "cloth": "y"}))
    level = dict(zip(economy.activity_names, economy.regions[0].level, strict=True))
    expected = level["corn"] / (level["corn"] + level["steel"] + level["cloth"])
    assert made.imputed["share"].to_list() == pytest.approx([expected])


def test_persons_that_a_part_does_not_state_are_left_out_and_told() -> None:
    economy = example(2)
    some = replace(economy, persons=economy.persons.iloc[1:])
    made = aggregate(some, to_codes(some, region=TWO))
    assert list(made.persons["measure"]) == ["population"]
    assert (
        "Persons left out, as a part does not state them: A engaged" in (made.history[-1]["detail"])
    )


def test_what_spoils_has_the_highest_rate_where_nothing_is_in_stock() -> None:
    folder = rich_folder(Shape(3, 3, False, 4))
    loss = {"north": 0.02, "south": 0.05, "west": 0.01}
    stocks = folder.tables["stock"]
    first = stocks["product"] == stocks["product"].iloc[0]
    stated = stocks.assign(loss=stocks["loss"].where(~first, stocks["region"].map(loss)))
    economy = rich_economy(replace(folder, tables={**folder.tables, "stock": stated}))
    assert not any(a.initial_stock[0] for a in economy.regions)
    to = concordance_of({"region": {"north": "N", "south": "N", "west": "W"}})
    made = aggregate(economy, to)
    assert [a.storage_loss[0] for a in made.regions] == [0.05, 0.01]


# The bundled world, from its publisher's tables ---------------------------------------------------


@pytest.fixture(scope="module")
def ten_regions(shared: Path) -> pb.Economy:
    """WIOD 2013, the year 2000, with the concordance of the sample."""
    wiod = pytest.importorskip("planboard.publishers.wiod2013", reason="no importer of WIOD 2013")
    form = pytest.importorskip("planboard.publishers.format", reason="no importer of WIOD 2013")
    books = pytest.importorskip("planboard.tables.books", reason="no importer of WIOD 2013")
    means = pytest.importorskip("planboard.tables.means", reason="no importer of WIOD 2013")
    request = form.Request(shared / "data" / "wiod13", 2000)
    head, tables = books.input_output_books(wiod.read(request))
    head, tables = means.add_means(head, tables, wiod.read_accounts(request))
    told = json.loads((shared / "data/sample/concordance.json").read_text(encoding="utf-8"))
    maps = {
        axis: {code: target for target, group in told[section].items() for code in group["wiod"]}
        for axis, section in (("region", "regions"), ("sector", "sectors"))
    }
    return aggregate(economy_of(head, tables), concordance_of(maps))


ROUNDING = 1e-3  # Of output: what the sample's rounding repair added (its HOWTO, step 3).
MOST = 0.036  # The largest factor by which the repair scaled a row.
CATEGORIES = dict(
    zip(
        ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN"),
        ("households", "non_profit", "government", "capital_formation", "inventories"),
        strict=True,
    )
)


def used(economy: pb.Economy) -> float:
    return sum(float((a.input @ a.level).sum() + a.final_use.sum()) for a in economy.regions)


def test_wiod_aggregates_to_the_bundled_world(ten_regions: pb.Economy, world: pb.Economy) -> None:
    assert set(ten_regions.region_names) == set(world.region_names)
    assert ten_regions.activity_names == world.activity_names
    for theirs in world.regions:
        mine = ten_regions.region(theirs.region)
        assert mine.gross_output == pytest.approx(theirs.gross_output, rel=1e-12)
        order = [CATEGORIES[name] for name in ten_regions.category_names]
        final = theirs.final_use[:, [world.category_names.index(name) for name in order]]
        assert (np.abs(mine.final_use - final) <= MOST * np.abs(final) + 20).all()
        flows = (mine.input.toarray() * mine.level, theirs.input.toarray() * theirs.level)
        assert (np.abs(flows[0] - flows[1]) <= MOST * flows[1] + 20).all()
    added = used(world) - used(ten_regions)
    assert 0 < added < ROUNDING * sum(a.gross_output.sum() for a in world.regions)


def test_its_trade_and_hours_are_those_of_the_bundled_world(
    ten_regions: pb.Economy, world: pb.Economy
) -> None:
    order = [ten_regions.partners.index(name) for name in world.partners]
    for theirs in world.regions:
        mine = ten_regions.region(theirs.region)
        assert (np.abs(mine.exports[:, order] - theirs.exports) <= MOST * theirs.exports + 40).all()
        if theirs.region != "ROW":  # imputed otherwise
            hours = (mine.factor_use @ mine.level, theirs.factor_use @ theirs.level)
            assert hours[0] == pytest.approx(hours[1], rel=1e-3)


def test_its_building_takes_the_table_s_capital_formation(ten_regions: pb.Economy) -> None:
    forms = ten_regions.with_role("capital_formation")
    for a in ten_regions.regions:
        built = a.capital_required @ a.building[0].ravel()
        assert built == pytest.approx(a.final_use[:, forms].sum(axis=1), rel=1e-9)


def test_its_gaps_are_the_publisher_s_rounding_still(ten_regions: pb.Economy) -> None:
    found = {f.code: f for f in pb.check_economy(ten_regions)}
    assert not found.keys() & {"unbalanced_product", "duplicated_trade", "rounded_product"}
    assert found["rounded_table"].message.startswith(
        "Flows were rounded to 1 million 2000 USD before they came to what they are. Products miss "
        "up to 3,017 to balance (LGT in EUN), 0.00081 of all supply together; 6 miss over 1%"
    )
