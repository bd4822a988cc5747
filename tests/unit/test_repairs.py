"""Repairs of an economy's books: what they mend, what they hold, and that they tell all of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import planboard as pb
from economies import Folder, Shape, folders, made, random_folder, rows
from planboard.audit.balances import unbalanced_activities, unbalanced_products
from planboard.audit.cells import negative_cells
from planboard.economy import CARRIED, Economy
from planboard.economy_folder import economy_of, economy_tables, read_economy, write_economy
from planboard.errors import InputError, InvalidEconomyError, NoAnswerError, UnknownNameError
from planboard.leontief import product_gaps
from planboard.repairs import REPAIRS, Repaired, repair_economy
from planboard.repairs.books import row_gaps

EXACT = 1e-12  # Relative to supply: what is booked elsewhere leaves a balance as it was.
BALANCED = 1e-9  # Relative to supply: totals to 1e-12 of a row, which may be small beside trade.


def gaps(economy: Economy, of: Economy | None = None) -> pd.Series:
    """Supply less use by region and product, as shares of supply (in the books of `of`)."""
    supply = np.concatenate([accounts.total_supply for accounts in (of or economy).regions])
    gap = np.concatenate([product_gaps(economy, accounts)[0] for accounts in economy.regions])
    return pd.Series(gap / np.where(supply > 0, supply, 1.0))


def moved(before: Economy, after: Economy) -> float:
    """The most by which a gap of the books is another one after a repair."""
    return float((gaps(after, before) - gaps(before)).abs().max())


def cells(economy: Economy) -> pd.Series:
    """Every number of an economy's tables by table and labels."""
    parts = []
    for name, table in economy_tables(economy).items():
        if name not in CARRIED and "value" in table:
            labels = [column for column in table if column != "value"]
            keys = table[labels].astype(str).agg(", ".join, axis=1)
            parts.append(pd.Series(table["value"].to_numpy(), (name + ": " + keys).to_numpy()))
    return pd.concat(parts)


def told(repaired: Repaired) -> dict[str, tuple[float, float]]:
    """Changed cells as `cells` names them: before and after."""
    orders = {"use": "{region}, {row}, {column}", "trade": "{region}, {column}, {row}"}
    return {
        f"{c.table}: " + orders.get(c.table, orders["use"]).format(**c._asdict()): (
            c.before,
            c.after,
        )
        for c in repaired.changes.itertuples()
    }


def only_step(repaired: Repaired) -> Mapping[str, str]:
    (step,) = repaired.economy.history
    return step


def disturbed(folder: Folder, seed: int, *tables: str) -> Economy:
    """The same books with every cell of these tables off by up to a tenth."""
    rng = np.random.default_rng(seed)

    def off(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(value=table["value"] * rng.uniform(0.9, 1.1, len(table)))

    return built(folder.changed(**dict.fromkeys(tables, off)))


def built(folder: Folder) -> Economy:
    """The economy of a folder, without writing the folder."""
    return economy_of(folder.head, folder.tables)


def flows(economy: Economy) -> np.ndarray:
    """All cells of use and final use, region after region."""
    parts = [(a.input.toarray() * a.level, a.final_use) for a in economy.regions]
    return np.concatenate([part.ravel() for pair in parts for part in pair])


def some(**head: object) -> Folder:
    folder = random_folder(Shape(2, 3, is_joint=False, seed=3))
    return replace(folder, head={**folder.head, **head})


def with_cell(table: str, value: float, **where: str) -> Callable[[Folder], Folder]:
    """A folder with one cell set."""

    def set_cell(frame: pd.DataFrame) -> pd.DataFrame:
        at = np.logical_and.reduce([frame[name] == label for name, label in where.items()])
        if at.any():
            assert at.sum() == 1
            return frame.assign(value=frame["value"].where(~at, value))
        return pd.concat([frame, pd.DataFrame([{**where, "value": value}])], ignore_index=True)

    return lambda folder: folder.changed(**{table: set_cell})


# The register -------------------------------------------------------------------------------------


def test_every_repair_says_what_it_does() -> None:
    for name, repair in REPAIRS.items():
        assert repair.name == name
        assert repair.about
        for option in repair.options.values():
            assert option.about
            assert not option.values or option.default in option.values


@pytest.mark.parametrize("name", REPAIRS)
def test_clean_books_stay_as_they_are_and_the_history_says_so(name: str) -> None:
    folder = some()
    economy = folder.changed(
        final_use=lambda t: t[t["category"] != "inventories"],
        supply=lambda t: t,
    ).economy()
    economy = repair_economy(economy, ["gras"]).economy
    economy = replace(economy, history=())
    repaired = repair_economy(economy, [name])
    assert repaired.changes.empty
    assert repaired.refused.empty
    assert "nothing to repair" in only_step(repaired)["detail"]
    assert only_step(repaired)["step"] == f"repair: {name}"
    assert all(a is b for a, b in zip(economy.regions, repaired.economy.regions, strict=True))


@pytest.mark.parametrize("name", [name for name in REPAIRS if name != "ras"])
def test_every_changed_cell_is_told_and_no_other(name: str) -> None:
    folder = dead_steel()
    for table, value, where in (
        ("use", -0.004, {"region": "north", "product": "corn", "activity": "cloth"}),
        ("trade", -2.0, {"origin": "south", "destination": "north", "product": "corn"}),
        ("final_use", 70.0, {"region": "south", "product": "corn", "category": "government"}),
    ):
        folder = with_cell(table, value, **where)(folder)
    economy = built(folder)
    repaired = repair_economy(economy, [f"{name} most=1" if name == "gaps" else name])
    both = pd.DataFrame({"before": cells(economy), "after": cells(repaired.economy)}).fillna(0)
    changed = both[both["before"] != both["after"]]
    found = pd.DataFrame(told(repaired), index=["before", "after"]).T
    assert len(found)
    pd.testing.assert_frame_equal(found.sort_index(), changed.sort_index(), check_exact=True)


def test_the_same_steps_give_the_same_books() -> None:
    economy = disturbed(some(), 1, "use")
    steps = ["tiny_negatives", ("gras", {"inventories": "free"}), "gaps"]
    first, again = (repair_economy(economy, steps) for _ in range(2))
    pd.testing.assert_series_equal(cells(first.economy), cells(again.economy), check_exact=True)
    assert first.economy.history == again.economy.history
    assert [step["step"] for step in first.economy.history] == [
        "repair: tiny_negatives",
        "repair: gras",
        "repair: gaps",
    ]
    assert set(first.changes["step"]) == {2}
    assert set(first.changes["repair"]) == {"gras"}


def test_repaired_books_are_written_and_read_back(tmp_path: Path) -> None:
    economy = repair_economy(disturbed(some(), 1, "use"), ["gras"]).economy
    write_economy(economy, tmp_path / "balanced")
    back = read_economy(tmp_path / "balanced")
    assert back.history == economy.history
    assert np.abs(gaps(back)).max() < BALANCED


def test_trade_below_zero_can_go_the_other_way() -> None:
    """As a plan counts it anyway: nothing but trade changes, and no net trade."""
    world = read_economy("world-2000")
    repaired = repair_economy(world, ["negative_exports booked=trade"])
    cells = repaired.changes[["region", "table", "row", "column", "before", "after"]]
    flow = float(world.region("ROW").base_exports[world.product_names.index("MIN")][
        world.partners.index("JKT")
    ])  # fmt: skip
    assert set(cells.itertuples(index=False, name=None)) == {
        ("JKT", "trade", "MIN", "ROW", -80.0, 0.0),
        ("ROW", "trade", "MIN", "JKT", flow - 80.0, flow),
    }
    for before, after in zip(world.regions, repaired.economy.regions, strict=True):
        assert (after.exports == before.base_exports).all()
        net = [(a.exports - a.imports).sum(axis=1) for a in (before, after)]
        assert net[1] == pytest.approx(net[0], rel=1e-12)
    assert moved(world, repaired.economy) < EXACT


def test_an_economy_is_named_or_given_and_history_goes_on() -> None:
    repaired = repair_economy("world-2000", ["negative_exports"])
    before = pb.read_economy("world-2000").history
    assert repaired.economy.history[:-1] == before


def test_a_repair_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError) as error:
        repair_economy(built(some()), ["grass"])
    assert error.value.happened == "There is no repair 'grass'."


def test_an_option_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError) as error:
        repair_economy(built(some()), ["gras inventory=free"])
    assert error.value.happened == "There is no option 'inventory' (repair 'gras')."


def test_a_value_that_an_option_does_not_have() -> None:
    with pytest.raises(UnknownNameError) as error:
        repair_economy(built(some()), ["gras inventories=fre"])
    assert error.value.happened == "There is no value of 'inventories' 'fre' (gras)."


def test_an_option_that_is_not_a_number() -> None:
    with pytest.raises(InputError) as error:
        repair_economy(built(some()), ["tiny_negatives share=1,5"])
    assert str(error.value) == (
        "The option 'share' of the repair 'tiny_negatives' is not a number.\n\n"
        "    '1,5'\n\n"
        "It is the largest such cell, as a share of its product's supply; write it as 0.0001."
    )


def test_a_step_that_cannot_be_read() -> None:
    with pytest.raises(InputError) as error:
        repair_economy(built(some()), ["gras free"])
    assert str(error.value) == (
        "The step 'gras free' cannot be read.\n\n"
        "    'free'\n\n"
        "Write the name of a repair, then options as name=value."
    )


# Balancing ----------------------------------------------------------------------------------------


@given(folders(), st.integers(0, 1000))
def test_balanced_books_hold_output_trade_and_value_added(folder: Folder, seed: int) -> None:
    economy = disturbed(folder, seed, "use", "final_use")
    repaired = repair_economy(economy, ["gras"])
    assert repaired.refused.empty
    assert unbalanced_products(repaired.economy) == []
    assert unbalanced_activities(repaired.economy) == []
    assert np.abs(gaps(repaired.economy)).max() < BALANCED
    assert set(repaired.changes["table"]) <= {"use", "final_use"}
    assert "inventories" not in set(repaired.changes["column"])
    assert (np.sign(flows(economy)) == np.sign(flows(repaired.economy))).all()


@given(folders(), st.integers(0, 1000))
def test_without_inventories_ras_balances_as_gras_does(folder: Folder, seed: int) -> None:
    economy = disturbed(folder, seed, "use")
    by_ras, by_gras = (repair_economy(economy, [name]).economy for name in ("ras", "gras"))
    assert (flows(by_ras) == flows(by_gras)).all()


def test_free_inventories_leave_the_other_categories_their_totals() -> None:
    economy = disturbed(some(), 4, "use", "final_use")
    repaired = repair_economy(economy, ["gras inventories=free"]).economy
    assert unbalanced_products(repaired) == []
    for before, after in zip(economy.regions, repaired.regions, strict=True):
        old, new = before.final_use.sum(axis=0), after.final_use.sum(axis=0)
        assert new[:3] == pytest.approx(old[:3], rel=1e-10)
        assert new[3] != pytest.approx(old[3], rel=1e-3)


def test_categories_are_scaled_by_one_factor_and_it_is_told() -> None:
    economy = disturbed(some(), 4, "final_use").part(["north"])
    repaired = repair_economy(economy, ["gras"])
    (before,), (after,) = economy.regions, repaired.economy.regions
    factors = after.final_use[:, :3].sum(axis=0) / before.final_use[:, :3].sum(axis=0)
    assert factors == pytest.approx([factors[0]] * 3, rel=1e-10)
    assert f"final use scaled by {factors[0]:.6g} (north)" in only_step(repaired)["detail"]


@given(folders(), st.integers(0, 1000))
def test_free_value_added_balances_and_keeps_every_sign(folder: Folder, seed: int) -> None:
    economy = disturbed(folder, seed, "use", "final_use", "value_added")
    repaired = repair_economy(economy, ["gras value_added=free"])
    assert repaired.refused.empty
    assert unbalanced_activities(repaired.economy) == []
    assert np.abs(gaps(repaired.economy)).max() < BALANCED
    assert set(repaired.changes["table"]) <= {"use", "final_use", "value_added"}
    assert (np.sign(flows(economy)) == np.sign(flows(repaired.economy))).all()
    for before, after in zip(economy.regions, repaired.economy.regions, strict=True):
        for item, values in before.value_added.items():
            assert (np.sign(after.value_added[item]) == np.sign(values)).all()


FARM = {
    "activity": rows("region activity level", ("HOME", "FARM", 100.0)),
    "supply": rows("region product activity value", ("HOME", "CORN", "FARM", 100.0)),
    "use": rows("region product activity value", ("HOME", "CORN", "FARM", 20.0)),
    "final_use": rows("region product category value", ("HOME", "CORN", "households", 70.0)),
    "value_added": rows(
        "region item activity value",
        ("HOME", "labour", "FARM", 50.0),
        ("HOME", "capital", "FARM", 30.0),
    ),
}


def test_free_value_added_and_final_use_have_one_multiplier_each() -> None:
    """x = a r s for what stands in a held row and a held column; a r, or a s, for what is free."""
    (farm,) = repair_economy(built(made(FARM)), ["gras value_added=free"]).economy.regions
    row = farm.final_use[0, 0] / 70
    labour, capital = (farm.value_added[item][0] * 100 for item in ("labour", "capital"))
    assert labour / 50 == pytest.approx(capital / 30, rel=1e-12)
    use = farm.input.toarray()[0, 0] * 100
    assert use == pytest.approx(20 * row * labour / 50, rel=1e-10)
    assert use + farm.final_use[0, 0] == pytest.approx(100)
    assert use + labour + capital == pytest.approx(100)


@pytest.mark.parametrize(("lost", "better"), [("inputs", "free"), ("nothing", "kept")])
def test_which_value_added_to_hold(lost: str, better: str) -> None:
    """Inputs and final use lose a fifth. Inputs come nearer to what they were if value added gives
    way where it is output less inputs, and if it is held where it is what it was.
    """
    truth = built(some())
    folder = some().changed(
        use=lambda t: t.assign(value=t["value"] * 0.8),
        final_use=lambda t: t.assign(value=t["value"] * 0.8),
    )
    economy = built(folder)
    if lost == "inputs":
        gone = [0.2 * a.input.sum(axis=0) / 0.8 for a in economy.regions]
        regions = [
            replace(a, value_added={**a.value_added, "labour": a.value_added["labour"] + less})
            for a, less in zip(economy.regions, gone, strict=True)
        ]
        economy = replace(economy, regions=tuple(regions))
        assert unbalanced_activities(economy) == []

    def wrong(choice: str) -> float:
        repaired = repair_economy(economy, [f"gras value_added={choice}"]).economy
        pairs = zip(repaired.regions, truth.regions, strict=True)
        return float(sum(np.abs((a.input - b.input).sum(axis=0)) @ b.level for a, b in pairs))

    assert min(("kept", "free"), key=wrong) == better


def test_columns_are_balanced_in_money_and_rows_in_units() -> None:
    """A product in tonnes, at its price, is balanced as it was in money."""
    folder = some()
    tonnes = {"label": "Corn", "unit": "tonne", "price": 4.0}
    names = {name: {} for name in folder.tables["supply"]["product"]}
    physical = replace(folder, head={**folder.head, "products": {**names, "corn": tonnes}})
    physical = physical.each(
        lambda _, t: (
            t.assign(value=t["value"].where(t["product"] != "corn", t["value"] / 4))
            if "product" in t
            else t
        )
    )
    money = repair_economy(disturbed(folder, 2, "use"), ["gras"])
    units = repair_economy(disturbed(physical, 2, "use"), ["gras"])
    assert unbalanced_products(units.economy) == []
    assert unbalanced_activities(units.economy) == []
    is_corn = money.changes["row"] == "corn"
    expected = money.changes["after"].where(~is_corn, money.changes["after"] / 4)
    assert units.changes["after"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)
    assert units.changes["share"].to_numpy() == pytest.approx(money.changes["share"], rel=1e-9)


def test_the_history_tells_the_size_of_the_changes() -> None:
    economy = with_cell("use", 30.0, region="north", product="corn", activity="steel")(some())
    economy = replace(built(economy), history=({"step": "published", "detail": "as it is"},))
    repaired = repair_economy(economy, ["gras"])
    changes, detail = repaired.changes, repaired.economy.history[1]["detail"]
    assert repaired.economy.history[0] == {"step": "published", "detail": "as it is"}
    relative = ((changes["after"] - changes["before"]) / changes["before"]).abs()
    worst = changes.loc[relative.idxmax()]
    assert detail.startswith(
        f"inventories kept, value_added kept, tolerance 1e-12; {len(changes)} cells changed in "
        f"1 of 2 regions; largest relative change {100 * relative.max():.3g} % "
        f"(north, {worst['row']}, {worst['column']}: "
    )
    supply = sum(a.total_supply.sum() for a in economy.regions)
    total = (changes["after"] - changes["before"]).abs().sum() / supply
    assert f"all changes of flows together {100 * total:.3g} % of supply" in detail
    north = economy.region("north")
    share = (
        abs(worst["after"] - worst["before"])
        / north.total_supply[economy.product_names.index(worst["row"])]
    )
    assert worst["share"] == pytest.approx(share)


def without_uses(product: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda t: t[(t["product"] != product) | (t["region"] != "north")]


def test_a_product_without_uses_is_left_and_named() -> None:
    folder = some().changed(use=without_uses("corn"), final_use=without_uses("corn"))
    economy = built(folder)
    repaired = repair_economy(economy, ["gras"])
    (line,) = repaired.refused["what"]
    gap = row_gaps(economy, economy.region("north"))[0]
    assert line == (
        f"north, corn: {gap:+,.6g} million USD that its uses, their signs kept, cannot take up"
    )
    assert only_step(repaired)["detail"].endswith(f"left as they are, 1: {line}")
    assert {f.name for f in unbalanced_products(repaired.economy)} == {"corn"}
    booked = repair_economy(repaired.economy, ["gaps most=1"])
    assert unbalanced_products(booked.economy) == []


def test_an_activity_that_cannot_pay_its_value_added_is_left_and_named() -> None:
    level = built(some()).region("north").level[0]
    folder = with_cell("value_added", 2 * level, region="north", activity="corn", item="labour")
    repaired = repair_economy(built(folder(some())), ["gras"])
    (line,) = repaired.refused["what"]
    assert line.startswith("north, corn: -")
    assert line.endswith(
        " more inputs asked of the activity than its cells, their signs kept, can be"
    )
    assert unbalanced_products(repaired.economy) == []
    assert [f.name for f in unbalanced_activities(repaired.economy)] == ["corn"]


def test_a_region_without_final_use_is_left_and_named() -> None:
    folder = some().changed(
        final_use=lambda t: t[t["region"] != "north"],
        use=lambda t: t.assign(value=t["value"] * 1.1),
    )
    repaired = repair_economy(built(folder), ["gras"])
    assert list(repaired.refused["what"]) == [
        "north: states no final use, so that nothing balances its output"
    ]
    assert set(repaired.changes["region"]) == {"south"}


def test_regions_are_balanced_alone_where_they_are_named() -> None:
    economy = disturbed(some(), 5, "use")
    for regions in ("south", ["south"]):
        repaired = repair_economy(economy, [("gras", {"regions": regions})])
        assert set(repaired.changes["region"]) == {"south"}
        assert repaired.economy.region("north") is economy.region("north")
    with pytest.raises(UnknownNameError):
        repair_economy(economy, ["gras regions=sud"])


def test_activities_that_deal_with_each_other_alone_keep_their_sums() -> None:
    """Ore goes to the smelter alone, and is no one's final use: nothing can take its gap up."""
    tables = {
        "activity": rows("region activity level", ("HOME", "ORE", 10.0), ("HOME", "FARM", 50.0)),
        "supply": rows(
            "region product activity value",
            ("HOME", "ORE", "ORE", 10.0),
            ("HOME", "CORN", "FARM", 50.0),
        ),
        "use": rows(
            "region product activity value",
            ("HOME", "ORE", "ORE", 8.0),
            ("HOME", "CORN", "FARM", 5.0),
        ),
        "final_use": rows("region product category value", ("HOME", "CORN", "households", 40.0)),
        "value_added": rows(
            "region item activity value",
            ("HOME", "labour", "ORE", 2.0),
            ("HOME", "labour", "FARM", 44.0),
        ),
    }
    repaired = repair_economy(built(made(tables)), ["gras"])
    assert list(repaired.refused["what"]) == [
        "HOME: 1 products and 1 activities are +2 apart, and no final use of theirs can take it up"
    ]
    changes = repaired.changes.set_index(["row", "column"])["after"]
    assert changes.to_dict() == pytest.approx({("CORN", "FARM"): 6.0, ("CORN", "households"): 44.0})


def test_final_use_does_not_turn_its_sign() -> None:
    """Value added of the farm leaves more for inputs than there is to use."""
    tables = {
        "activity": rows("region activity level", ("HOME", "FARM", 50.0)),
        "supply": rows("region product activity value", ("HOME", "CORN", "FARM", 50.0)),
        "use": rows("region product activity value", ("HOME", "CORN", "FARM", 5.0)),
        "final_use": rows("region product category value", ("HOME", "CORN", "households", 40.0)),
        "trade": rows("origin destination product value", ("HOME", "outside", "CORN", 30.0)),
        "value_added": rows("region item activity value", ("HOME", "labour", "FARM", 25.0)),
    }
    repaired = repair_economy(built(made(tables)), ["gras"])
    assert list(repaired.refused["what"]) == [
        "HOME: 1 products and 1 activities are -45 apart, and no final use of theirs can take it up"
    ]
    assert repaired.changes.empty


def test_ras_refuses_negative_uses() -> None:
    folder = with_cell("use", -3.0, region="north", product="corn", activity="steel")
    with pytest.raises(InvalidEconomyError) as error:
        repair_economy(built(folder(some())), ["ras"])
    assert str(error.value) == (
        "1 regions cannot be balanced: north. RAS cannot balance a matrix with 1 cells below "
        "zero.\n\n"
        "    north: corn, use, steel: -3\n\n"
        "Mend what `planboard check` says of them first, or balance the others alone with the "
        "option 'regions'."
    )


def test_balances_that_the_zeros_forbid() -> None:
    """The mill can use corn alone, and more than there is of it."""
    tables = {
        "activity": rows("region activity level", ("HOME", "FARM", 10.0), ("HOME", "MILL", 50.0)),
        "supply": rows(
            "region product activity value",
            ("HOME", "CORN", "FARM", 10.0),
            ("HOME", "FLOUR", "MILL", 50.0),
        ),
        "use": rows("region product activity value", ("HOME", "CORN", "MILL", 8.0)),
        "final_use": rows(
            "region product category value",
            ("HOME", "CORN", "households", 2.0),
            ("HOME", "FLOUR", "households", 50.0),
        ),
        "value_added": rows("region item activity value", ("HOME", "labour", "MILL", 20.0)),
    }
    with pytest.raises(NoAnswerError) as error:
        repair_economy(built(made(tables)), ["gras tolerance=1e-6"])
    assert error.value.happened.startswith("1 regions cannot be balanced: HOME. No matrix with")
    assert error.value.evidence[0].startswith("HOME: row 'CORN' misses its total by ")


def test_products_need_a_price() -> None:
    names = {name: {} for name in some().tables["supply"]["product"]}
    folder = some(products={**names, "corn": {"price": 0.0}})
    with pytest.raises(InvalidEconomyError) as error:
        repair_economy(built(folder), ["gras"])
    assert str(error.value) == (
        "Books are balanced in money, and some products have no price.\n\n"
        "    corn: 0 a unit\n\n"
        "Give them their base-year price in economy.json."
    )


def test_what_serves_next_years_output_keeps_its_sum() -> None:
    folder = some().changed(activity=lambda t: t.assign(input_lag=(t["activity"] == "corn") * 1))
    economy = disturbed(folder, 1, "final_use")
    repaired = repair_economy(economy, ["gras"]).economy
    for before, after in zip(economy.regions, repaired.regions, strict=True):
        old = before.input @ before.level + before.final_use.sum(axis=1)
        new = after.input @ after.level + after.final_use.sum(axis=1)
        assert new == pytest.approx(old, rel=1e-10)
    assert unbalanced_activities(repaired) == []


def test_what_the_base_year_built_is_held_where_no_category_says_so() -> None:
    folder = some().changed(final_use=lambda t: t[t["category"] != "capital_formation"])
    roles = {n: r for n, r in folder.head["categories"].items() if n != "capital_formation"}
    economy = disturbed(replace(folder, head={**folder.head, "categories": roles}), 1, "use")
    assert np.abs(gaps(economy)).max() > 0.01
    repaired = repair_economy(economy, ["gras"]).economy
    assert np.abs(gaps(repaired)).max() < BALANCED


def test_an_activity_without_value_added_keeps_its_inputs_in_sum() -> None:
    folder = some().changed(value_added=lambda t: t[t["activity"] != "corn"])
    economy = disturbed(folder, 1, "use")
    repaired = repair_economy(economy, ["gras"]).economy
    assert np.abs(gaps(repaired)).max() < BALANCED
    for before, after in zip(economy.regions, repaired.regions, strict=True):
        j = before.activities.index("corn")
        inputs = [float(a.input.toarray()[:, j].sum()) for a in (before, after)]
        assert inputs[1] == pytest.approx(inputs[0], rel=1e-10)


# Inventories --------------------------------------------------------------------------------------


@given(folders())
def test_folded_inventories_leave_every_balance(folder: Folder) -> None:
    economy = built(folder)
    repaired = repair_economy(economy, ["inventories"])
    for before, after in zip(economy.regions, repaired.economy.regions, strict=True):
        place = economy.with_role("inventories")
        assert not after.final_use[:, place].any()
        assert after.final_use.sum(axis=1) == pytest.approx(before.final_use.sum(axis=1))
        others = [c for c in range(len(economy.categories)) if c not in place]
        ratio = after.final_use[:, others] / before.final_use[:, others]
        assert np.ptp(ratio, axis=1) == pytest.approx(0, abs=1e-12)
    assert set(repaired.changes["table"]) == {"final_use"}


def test_inventories_are_folded_into_named_categories() -> None:
    economy = built(some())
    repaired = repair_economy(economy, [("inventories", {"into": ["households"]})])
    assert set(repaired.changes["column"]) == {"households", "inventories"}
    with pytest.raises(UnknownNameError):
        repair_economy(economy, ["inventories into=household"])


def test_inventories_that_nothing_can_take_are_left_and_named() -> None:
    folder = some().changed(
        final_use=lambda t: t[
            (t["product"] != "corn") | (t["region"] != "north") | (t["category"] == "government")
        ]
    )
    folder = with_cell("final_use", -500.0, region="north", product="corn", category="inventories")(
        folder
    )
    economy = built(folder)
    repaired = repair_economy(economy, ["inventories"])
    government = economy.region("north").final_use[0].max()
    assert list(repaired.refused["what"]) == [
        f"north, corn: inventories of -500 million USD beside {government:,.6g} of other final use"
    ]
    north = repaired.economy.region("north")
    assert north.final_use[0].tolist() == economy.region("north").final_use[0].tolist()


def test_inventories_are_balanced_away() -> None:
    economy = built(some())
    repaired = repair_economy(economy, ["inventories method=balanced"]).economy
    for accounts in repaired.regions:
        assert not accounts.final_use[:, economy.with_role("inventories")].any()
    assert unbalanced_products(repaired) == []
    assert unbalanced_activities(repaired) == []


def test_regions_without_inventories_are_not_balanced_with_the_others() -> None:
    folder = some().changed(
        final_use=lambda t: t[(t["category"] != "inventories") | (t["region"] != "north")]
    )
    repaired = repair_economy(built(folder), ["inventories method=balanced"])
    assert set(repaired.changes["region"]) == {"south"}
    assert np.abs(gaps(repaired.economy)[:3]).max() > BALANCED


def test_gaps_are_booked_as_inventories_up_to_a_size() -> None:
    economy = disturbed(some(), 3, "use")
    repaired = repair_economy(economy, ["gaps most=1"])
    assert np.abs(gaps(repaired.economy)).max() < EXACT
    assert set(repaired.changes["column"]) == {"inventories"}
    middle = float(np.abs(gaps(economy)[:3]).median())  # Of north: it has smaller and larger ones.
    left = repair_economy(economy, [("gaps", {"most": 0.99 * middle})])
    assert {"north"} <= set(left.changes["region"])
    assert left.refused["what"].str.startswith("north").any()
    assert len(left.changes) + len(left.refused) == len(repaired.changes)
    still = gaps(left.economy).abs() > EXACT
    assert still.sum() == len(left.refused)
    assert (gaps(left.economy)[still] == gaps(economy)[still]).all()
    assert "north, steel: a gap of " in " ".join(left.refused["what"])


def test_a_repair_needs_a_category_to_book_in() -> None:
    folder = some().changed(final_use=lambda t: t[t["category"] != "inventories"])
    roles = {n: r for n, r in folder.head["categories"].items() if n != "inventories"}
    economy = disturbed(replace(folder, head={**folder.head, "categories": roles}), 1, "use")
    with pytest.raises(InvalidEconomyError) as error:
        repair_economy(economy, ["gaps most=1"])
    assert str(error.value) == (
        "The repair 'gaps' has no category to book in.\n\n"
        "    no category of final use has the role 'inventories'\n\n"
        'Add one to \'categories\' in economy.json, such as "stocks": {"role": "inventories"}; it '
        "need not hold any figures."
    )


# Negative cells -----------------------------------------------------------------------------------


def test_negative_trade_is_booked_in_the_inventories_of_both_regions(world: Economy) -> None:
    repaired = repair_economy(world, ["negative_exports"])
    after = repaired.economy
    assert [f.name for f in negative_cells(world) if f.name == "exports"] == ["exports"]
    assert [f.name for f in negative_cells(after) if f.name == "exports"] == []
    assert moved(world, after) < EXACT
    (place,) = world.with_role("inventories")
    stocks = [sum(a.final_use[:, place] for a in e.regions) for e in (world, after)]
    assert stocks[1] == pytest.approx(stocks[0], abs=1e-6)
    flows = repaired.changes[repaired.changes["table"] == "trade"]
    assert (flows["before"] < 0).all()
    assert (flows["after"] == 0).all()
    for flow in flows.itertuples():
        booked = repaired.changes.query("table == 'final_use' and row == @flow.row")
        change = (booked["after"] - booked["before"]).groupby(booked["region"]).sum()
        assert change[flow.region] == pytest.approx(flow.before)
        assert change[flow.column] == pytest.approx(-flow.before)


def test_negative_trade_with_the_outside_changes_one_region() -> None:
    folder = some(coverage="part")
    for flow, origin, destination in ((-2.0, "outside", "north"), (-3.0, "south", "outside")):
        folder = with_cell("trade", flow, origin=origin, destination=destination, product="corn")(
            folder
        )
    economy = built(folder)
    repaired = repair_economy(economy, ["negative_exports"])
    assert moved(economy, repaired.economy) < EXACT
    changes = repaired.changes.assign(size=lambda t: t["after"] - t["before"])
    assert {(c.region, c.table, c.column): round(c.size, 9) for c in changes.itertuples()} == {
        ("outside", "trade", "north"): 2.0,
        ("north", "final_use", "inventories"): 2.0,
        ("south", "trade", "outside"): 3.0,
        ("south", "final_use", "inventories"): -3.0,
    }


def test_tiny_negatives_go_and_both_balances_stay() -> None:
    folder = with_cell("use", -0.004, region="north", product="corn", activity="steel")(some())
    folder = with_cell("final_use", -0.003, region="south", product="steel", category="households")(
        folder
    )
    economy = built(folder)
    repaired = repair_economy(economy, ["tiny_negatives"])
    after = repaired.economy
    assert [f.name for f in negative_cells(after)] == ["inventories"]
    assert moved(economy, after) < EXACT
    for old, new in zip(economy.regions, after.regions, strict=True):
        surplus = [
            np.asarray((a.output - a.input).sum(axis=0)) - sum(a.value_added.values())
            for a in (old, new)
        ]
        assert surplus[1] == pytest.approx(surplus[0], abs=EXACT)
    told = {(c.table, c.row, c.column): c.after - c.before for c in repaired.changes.itertuples()}
    assert told == pytest.approx(
        {
            ("use", "corn", "steel"): 0.004,
            ("value_added", "labour", "steel"): -0.004,
            ("final_use", "corn", "inventories"): -0.004,
            ("final_use", "steel", "households"): 0.003,
            ("final_use", "steel", "inventories"): -0.003,
        }
    )


def test_larger_negatives_are_left_and_named() -> None:
    folder = with_cell("use", -3.0, region="north", product="corn", activity="steel")(some())
    economy = built(folder)
    repaired = repair_economy(economy, ["tiny_negatives"])
    assert repaired.changes.empty
    supplied = economy.region("north").total_supply[0]
    assert list(repaired.refused["what"]) == [
        f"north, corn, steel: -3 million USD of {supplied:,.6g} supplied"
    ]
    assert not repair_economy(economy, ["tiny_negatives share=0.5"]).changes.empty


# Zero sectors -------------------------------------------------------------------------------------


def dead_steel(level: float = 100.0) -> Folder:
    """North has a steel works that takes, pays and employs, and makes nothing."""
    folder = some().changed(
        supply=lambda t: t[(t["region"] != "north") | (t["activity"] != "steel")],
        activity=lambda t: t.assign(
            reference=100.0,
            level=t["level"].where((t["region"] != "north") | (t["activity"] != "steel"), level),
        ),
    )
    return folder


@pytest.mark.parametrize("level", [100.0, 0.0])
def test_cells_of_an_activity_that_makes_nothing_go(level: float) -> None:
    economy = built(dead_steel(level))
    repaired = repair_economy(economy, ["zero_sectors"])
    north = repaired.economy.region("north")
    j = north.activities.index("steel")
    assert not north.input.toarray()[:, j].any()
    assert not north.factor_use[:, j].any()
    assert not any(item[j] for item in north.value_added.values())
    assert moved(economy, repaired.economy) < EXACT
    detail = only_step(repaired)["detail"]
    assert detail.startswith("activities kept; ")
    assert "activities that make nothing, kept: north steel" in detail
    tables = {"use", "value_added", "factor_use", *({"final_use"} if level else set())}
    assert set(repaired.changes["table"]) == tables


def test_an_activity_that_opens_up_a_factor_is_not_dead() -> None:
    """Clearing land makes no product, and is no zero sector."""
    supply = rows("region factor activity value", ("north", "hours", "steel", 5.0))
    folder = dead_steel()
    folder = replace(folder, tables={**folder.tables, "factor_supply": supply})
    repaired = repair_economy(built(folder), ["zero_sectors activities=dropped"])
    assert repaired.changes.empty


def test_an_activity_that_makes_nothing_is_dropped_from_every_table(tmp_path: Path) -> None:
    folder = dead_steel()
    series = rows(
        "region activity measure year value unit",
        ("north", "steel", "output", 2000, 0.0, "USD"),
        ("north", "corn", "output", 2000, 5.0, "USD"),
    )
    conversion = rows(
        "region kind source target share delay",
        ("north", "plant", "steel", "corn", 0.5, 1),
        ("north", "plant", "cloth", "corn", 0.5, 1),
        ("south", "plant", "steel", "cloth", 0.5, 1),
    )
    folder = replace(folder, tables={**folder.tables, "series": series, "conversion": conversion})
    economy = built(folder)
    repaired = repair_economy(economy, ["zero_sectors activities=dropped"])
    after = repaired.economy
    assert after.region("north").activities == ("corn", "cloth")
    assert after.region("south") is economy.region("south")
    assert len(after.region("north").conversions) == 1
    assert after.series is not None
    assert list(after.series["activity"]) == ["corn"]
    (level,) = repaired.changes.query("table == 'activity'").itertuples()
    assert (level.region, level.row, level.before) == ("north", "steel", 100.0)
    assert np.isnan(level.after)
    assert {"use", "capital", "conversion", "capital_required"} <= set(repaired.changes["table"])
    write_economy(after, tmp_path / "dropped")
    back = read_economy(tmp_path / "dropped")
    pd.testing.assert_series_equal(cells(back).sort_index(), cells(after).sort_index())


def test_uses_of_a_product_that_is_not_there_go() -> None:
    """Cloth of the north is neither made nor imported, and yet used and worn."""
    folder = some().changed(
        supply=lambda t: t[(t["region"] != "north") | (t["product"] != "cloth")],
        trade=lambda t: t[t["product"] != "cloth"],
    )
    economy = with_cell("final_use", 1.0, region="north", product="cloth", category="inventories")(
        folder
    ).economy()
    repaired = repair_economy(economy, ["zero_sectors"]).economy
    i = economy.product_names.index("cloth")
    assert not repaired.region("north").input.toarray()[i].any()
    assert not repaired.region("north").final_use[i].any()
    assert "used_not_made" in {f.code for f in unbalanced_products(economy)}
    assert "used_not_made" not in {f.code for f in unbalanced_products(repaired)}


def test_a_product_drawn_from_inventories_is_there() -> None:
    folder = some().changed(
        supply=lambda t: t[(t["region"] != "north") | (t["product"] != "cloth")],
        trade=lambda t: t[t["product"] != "cloth"],
    )
    folder = with_cell("final_use", -1.0, region="north", product="cloth", category="inventories")(
        folder
    )
    repaired = repair_economy(built(folder), ["zero_sectors"])
    cloth = repaired.changes.query("table == 'final_use' and row == 'cloth'")
    assert list(cloth["column"]) == ["inventories"]  # What the dead mill took of it.


def test_a_product_that_is_not_there_and_exported_is_left_and_named() -> None:
    folder = some().changed(
        supply=lambda t: t[(t["region"] != "north") | (t["product"] != "cloth")],
        trade=lambda t: t[(t["product"] != "cloth") | (t["origin"] == "north")],
    )
    folder = with_cell("final_use", 1.0, region="north", product="cloth", category="inventories")(
        folder
    )
    repaired = repair_economy(built(folder), ["zero_sectors"])
    assert list(repaired.refused["what"]) == ["north, cloth: exported, neither made nor imported"]
    assert (
        repaired.changes.query("row == 'cloth' and table == 'use'")["column"].isin(["cloth"]).all()
    )


def test_a_region_where_nothing_is_made_keeps_its_activities() -> None:
    folder = some().changed(supply=lambda t: t[t["region"] != "north"])
    repaired = repair_economy(built(folder), ["zero_sectors activities=dropped"])
    assert len(repaired.economy.region("north").activities) == 3
    assert "north: no activity makes anything" in list(repaired.refused["what"])
