"""Footprints, extraction and trade in value added: laws of any table, and Miller and Blair's."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import planboard as pb
from planboard import leontief
from planboard.errors import UnknownNameError
from planboard.leontief import footprint_accounts
from planboard.leontief.extraction import WAYS
from planboard.tables import InputOutputTable
from symmetric_tables import miller_blair, random_table

EXACT = 1e-10  # Relative: identities, with nothing but rounding between their sides.

tables = pytest.mark.parametrize(
    "table",
    [
        pytest.param(random_table(1), id="one region"),
        pytest.param(random_table(3), id="three regions"),
        pytest.param(random_table(2, has_outside=True), id="outside"),
        pytest.param(random_table(2, idle=True), id="idle sector"),
    ],
)


def same(found: object, wanted: object) -> None:
    np.testing.assert_allclose(
        np.asarray(found, float), np.asarray(wanted, float), rtol=EXACT, atol=EXACT
    )


# Footprints ---------------------------------------------------------------------------------------


@tables
def test_what_is_used_is_consumed(table: InputOutputTable) -> None:
    found = leontief.footprints(table)
    used = leontief.factor_uses(table)
    same(found.production, used)
    same(found.consumption.sum(axis=1), used.sum(axis=1))
    same(found.imported.sum(axis=1), found.exported.sum(axis=1))


@tables
def test_flows_add_up_to_all_accounts(table: InputOutputTable) -> None:
    found = leontief.footprints(table)
    for factor in found.production.index:
        flows = found.flows.loc[factor]
        for name, sums in (("production", flows.sum(axis=1)), ("consumption", flows.sum())):
            by_region = getattr(found, name).loc[factor].groupby(level="region", sort=False).sum()
            same(by_region[sums.index], sums)
        for region in table.regions:
            at_home = float(flows.loc[region, region])
            imported = found.imported.loc[factor, region].sum()
            exported = found.exported.loc[factor, region].sum()
            same([imported, exported], [flows[region].sum() - at_home,
                                        flows.loc[region].sum() - at_home])  # fmt: skip


@tables
def test_a_region_and_its_direct_use(table: InputOutputTable) -> None:
    rows = leontief.footprints(table).by_region().set_index(["factor", "region"])
    assert (rows.loc["value added", "direct"] == 0).all()
    assert rows.loc["hours", "direct"].isna().all()
    direct = table.factors_final_use.loc["carbon"].groupby(level="region", sort=False).sum()
    same(rows.loc["carbon", "direct"], direct)
    found = leontief.footprints(table)
    for name in ("production", "consumption"):
        sums = getattr(found, name).loc["carbon"].groupby(level="region", sort=False).sum()
        same(rows.loc["carbon", name][sums.index], sums + direct[sums.index])
    known = rows.loc["carbon", "net_imports"].dropna()
    assert len(known) == (0 if "outside" in table.origins else len(table.regions))
    if len(known):
        same(known, (rows["consumption"] - rows["production"]).loc["carbon"])
    assert dict(rows["unit"].groupby(level="factor").first()) == {
        "value added": "million USD", "hours": "million hours", "carbon": "kilotonne",
    }  # fmt: skip


def test_categories_of_final_use_add_up() -> None:
    table = random_table(3)
    whole = leontief.footprints(table)
    parts = [leontief.footprints(table, categories=[name]) for name in table.categories]
    for name in ("production", "consumption", "imported", "exported", "direct"):
        same(sum(getattr(part, name) for part in parts), getattr(whole, name))


def test_regions_are_solved_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    table = random_table(3, has_outside=True)
    whole = leontief.footprints(table)
    monkeypatch.setattr(footprint_accounts, "ROWS", 7)  # Two regions of three factors each.
    found = leontief.footprints(table)
    for name in ("consumption", "imported"):
        same(getattr(found, name), getattr(whole, name))


def test_a_closed_economy_imports_nothing() -> None:
    found = leontief.footprints(random_table(1))
    assert (found.imported == 0).all(axis=None)
    assert (found.exported == 0).all(axis=None)
    assert found.is_closed
    assert not leontief.footprints(random_table(1, has_outside=True)).is_closed


def test_a_factor_of_one_region_is_its_own() -> None:
    """What only one region uses is exported by it and imported by all others."""
    table = random_table(3)
    factors = table.factors * table.factors.columns.isin(["south"], level="region")
    found = leontief.footprints(replace(table, factors=factors), ["hours"])
    assert (found.imported.loc["hours", "south"] == 0).all()
    assert (found.exported.loc["hours", ["north", "west"]] == 0).all()
    same(found.imported.sum(axis=1), found.consumption.loc[:, ["north", "west"]].sum(axis=1))


def test_unknown_categories_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="no category of final use 'household'"):
        leontief.footprints(random_table(1), categories=["household"])


# Extraction ---------------------------------------------------------------------------------------


def without(table: InputOutputTable, at: np.ndarray, how: str) -> np.ndarray:
    """Output that is left, from the changed model itself."""
    n, output = len(table.gross_output), table.gross_output.to_numpy()
    flows = table.transactions.to_numpy()[:n]
    safe = np.where(output > 0, output, 1.0)
    final, primary = output - flows.sum(axis=1), output - flows.sum(axis=0)
    if how == "forward":
        sold = flows / safe[:, None]
        sold[at] = 0.0
        return np.asarray(np.linalg.solve((np.eye(n) - sold).T, primary))
    inputs = flows / safe
    inputs[:, at] = 0.0
    if how == "complete":
        inputs[at], final[at] = 0.0, 0.0
    return np.asarray(np.linalg.solve(np.eye(n) - inputs, final))


@tables
@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize(
    ("region", "sector"), [("north", "corn"), ("north", None), (None, "cloth"), (None, None)]
)
def test_extraction_is_the_model_without(
    table: InputOutputTable, how: str, region: str | None, sector: str | None
) -> None:
    labels = table.transactions.columns
    at = np.ones(len(labels), dtype=bool)
    for kind, name in (("region", region), ("sector", sector)):
        at &= (labels.get_level_values(kind) == name) | (name is None)
    found = leontief.hypothetical_extraction(table, region, sector, how=how)
    same(table.gross_output - found, without(table, np.nonzero(at)[0], how))


@tables
def test_without_everything_nothing_is_left(table: InputOutputTable) -> None:
    same(leontief.hypothetical_extraction(table), table.gross_output)
    bought = leontief.own_rows(table, table.final_use).sum(axis=1)
    same(table.gross_output - leontief.hypothetical_extraction(table, how="backward"), bought)


@tables
def test_effects_are_the_extractions_one_by_one(table: InputOutputTable) -> None:
    chosen = [("north", "cloth"), (table.regions[-1], "corn")]
    found = leontief.extraction_effects(table, chosen)
    assert list(found.index) == chosen
    for label in chosen:
        for how in WAYS:
            fall = leontief.hypothetical_extraction(table, *label, how=how)
            same(found.loc[label, how], fall.sum())
            same(found.loc[label, f"{how}_others"], fall.drop(label).sum())


def test_miller_and_blair_without_agriculture() -> None:
    """Manufacturing for itself alone: 1,700 / 0.95."""
    fall = leontief.hypothetical_extraction(miller_blair(), "W", "agriculture")
    same(fall, [1000, 2000 - 1700 / 0.95])


def test_extraction_of_what_does_not_exist_is_refused() -> None:
    table = random_table(2)
    with pytest.raises(UnknownNameError, match="no region 'norht'"):
        leontief.hypothetical_extraction(table, "norht")
    with pytest.raises(UnknownNameError, match="no sector 'silk'"):
        leontief.hypothetical_extraction(table, "north", "silk")
    with pytest.raises(UnknownNameError, match="no way of extracting a sector 'half'"):
        leontief.hypothetical_extraction(table, "north", how="half")


# Trade in value added -----------------------------------------------------------------------------


@pytest.mark.parametrize("regions", [2, 3])
def test_balances_in_value_added_are_balances_of_trade(regions: int) -> None:
    found = leontief.trade_in_value_added(random_table(regions))
    same(found["exports"].sum(), found["imports"].sum())
    gross = found["exports"] - found["imports"]
    same(found["absorbed_abroad"] - found["absorbed_from_abroad"], gross)
    assert (found["domestic_in_exports"] < found["exports"]).all()
    assert (found["absorbed_abroad"] < found["domestic_in_exports"]).all()  # Some comes back.


@tables
def test_value_added_in_exports_is_what_is_lost_without_them(table: InputOutputTable) -> None:
    """Los, Timmer and de Vries: strike out a region's exports and solve the whole model again."""
    labels = table.transactions.columns
    n, output = len(labels), table.gross_output.to_numpy()
    safe = np.where(output > 0, output, 1.0)
    per_unit = table.value_added.sum(axis=0).to_numpy() / safe
    found = leontief.trade_in_value_added(table)
    for region in table.regions:
        own = labels.get_level_values("region") == region
        inputs = table.transactions.to_numpy()[:n] / safe
        inputs[np.ix_(own, ~own)] = 0.0
        final = table.final_use.iloc[:n].copy()
        final.loc[own, final.columns.get_level_values("region") != region] = 0.0
        left = np.linalg.solve(np.eye(n) - inputs, final.sum(axis=1).to_numpy())
        lost = (per_unit * (output - left))[own].sum()
        same(found.loc[region, "domestic_in_exports"], lost)


def test_gross_trade_counts_the_outside() -> None:
    table = random_table(1, has_outside=True)
    exports, imports = leontief.gross_trade(table)
    same(exports, table.final_use.loc["north", "outside"].sum(axis=1))
    wanted = table.transactions.loc["outside"].to_numpy().sum()
    wanted += table.final_use.loc["outside", "north"].to_numpy().sum()
    same(imports["north"], wanted)


# All together -------------------------------------------------------------------------------------


def test_answers_are_tidy_tables(world: pb.Economy) -> None:
    found = leontief.table_answers(world, top=4)
    assert list(found) == [
        "about", "labels", "multipliers", "linkages", "footprints", "footprint_products",
        "footprint_flows", "extraction", "cost_contents", "trade_in_value_added",
    ]  # fmt: skip
    for name, table in found.items():
        assert isinstance(table.index, pd.RangeIndex), name
        assert not table.duplicated().any(), name
    total = found["multipliers"].set_index(["multiplier", "region", "sector"])["value"]
    wanted = leontief.leontief_inverse(world).sum()
    same(total["output: total"][wanted.index], wanted)
    hours = found["multipliers"].query("multiplier.str.startswith('high_skill_hours')")
    assert set(hours["unit"]) == {"million hours per million 2000 USD", "1"}
    largest = leontief.table_of(world).gross_output.nlargest(4)
    assert list(zip(found["extraction"]["region"], found["extraction"]["sector"], strict=True)) == (
        list(largest.index)
    )
    steps = found["about"].loc[found["about"]["topic"] == "step", "text"]
    assert steps.iloc[-1].startswith("origins by import shares: The books of the economy pool")


def notes(table: InputOutputTable) -> list[str]:
    about = leontief.table_answers(table)["about"]
    return list(about.loc[about["topic"] == "note", "text"])


def test_answers_say_what_they_leave_out() -> None:
    no_hours = "No direct use by final users is published for hours: its footprints hold what "
    no_hours += "producers use."
    assert notes(random_table(2)) == [no_hours]
    table = random_table(1, has_outside=True, seed=3)
    inputs = table.transactions.loc["outside"].sum().sum() / table.transactions.sum().sum()
    final = table.final_use.loc["outside"].sum().sum() / table.final_use.sum().sum()
    assert notes(table) == [
        f"{inputs:.1%} of all inputs and {final:.1%} of final use come from origins without "
        "accounts. What making these takes is in no multiplier and in no footprint.",
        no_hours,
    ]
    idle = random_table(2, idle=True)
    factors = idle.factors.copy()
    factors.loc["hours", ("north", "steel")] = 7.0
    factors.loc["carbon", "south"] = np.nan
    output = idle.gross_output.copy()
    output["north", "corn"] *= 1.01
    gap = 0.01 * idle.gross_output["north", "corn"] / output.sum()
    assert notes(replace(idle, factors=factors, gross_output=output)) == [
        "Sectors that make nothing, without multipliers or linkages: 1.",
        "hours: 7 million hours are used where nothing is made, and are in no footprint.",
        f"Rows of the table miss their output by {gap:.3%} of all output. Footprints count what "
        "final use takes; extraction counts the gap as final use.",
        no_hours,
        "Not published for every producer, so without answers: carbon.",
    ]


def test_what_is_not_made_or_not_used_has_no_line() -> None:
    table = random_table(2, idle=True)
    factors = table.factors.copy()
    factors.loc["hours", ("north", "corn")] = 0.0
    found = leontief.table_answers(replace(table, factors=factors))
    for name in ("multipliers", "linkages", "cost_contents"):
        labels = found[name].set_index(["region", "sector"]).index
        assert ("north", "steel") not in labels
        assert len(labels.unique()) == 5
    ratios = found["multipliers"].query("multiplier == 'hours: type I'")
    assert len(ratios) == 4
    assert np.isfinite(found["multipliers"]["value"]).all()


def test_a_factor_that_is_asked_for_is_answered_or_refused() -> None:
    found = leontief.table_answers(random_table(2), factors=["labour"])
    assert set(found["footprints"]["factor"]) == {"labour"}
    with pytest.raises(UnknownNameError, match="no factor 'wages'"):
        leontief.table_answers(random_table(2), factors=["wages"])
