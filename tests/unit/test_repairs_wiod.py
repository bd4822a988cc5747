"""Repairs of a published world table, as it is: 41 regions, rounded to a million dollars."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planboard.audit.balances import unbalanced_activities, unbalanced_products
from planboard.audit.cells import negative_cells
from planboard.economy import Economy
from planboard.economy_folder import economy_of
from planboard.repairs import repair_economy
from planboard.repairs.books import row_gaps

ROLES = {
    "CONS_h": "households",
    "CONS_np": "given",
    "CONS_g": "government",
    "GFCF": "capital_formation",
    "INVEN": "inventories",
}


@pytest.fixture(scope="module")
def wiod(shared: Path) -> Economy:
    """The year 2000; value added is what output leaves over inputs."""
    folder = shared / "data" / "wiod13"
    names = {"d_region": "region", "o_sector": "product", "d_sector": "activity"}
    flows = pd.read_parquet(folder / "wiod13_Z_2000.parquet").rename(columns=names)
    final = pd.read_parquet(folder / "wiod13_Y_2000.parquet").rename(columns=names)
    output = pd.read_parquet(folder / "wiod13_x.parquet").query("year == 2000 and x > 0")
    output = output.rename(columns={"sector": "activity", "x": "value"})
    use = summed(flows, "region", "product", "activity")
    inputs = use.groupby(["region", "activity"])["value"].sum()
    added = output.set_index(["region", "activity"])["value"].sub(inputs, fill_value=0.0)
    both = pd.concat([flows, final]).rename(columns={"o_region": "origin", "region": "destination"})
    tables = {
        "activity": output[["region", "activity", "value"]].rename(columns={"value": "level"}),
        "supply": output.assign(product=output["activity"])[
            ["region", "product", "activity", "value"]
        ],
        "use": use,
        "final_use": summed(final, "region", "product", "category"),
        "trade": summed(
            both[both["origin"] != both["destination"]], "origin", "destination", "product"
        ),
        "value_added": added[added != 0].rename("value").reset_index().assign(item="value added"),
    }
    head = {
        "name": "wiod", "title": "WIOD 2013", "source": "WIOD release 2013", "licence": "CC BY 4.0",
        "base_year": 2000, "currency": "USD", "unit": "million 2000 USD", "price_basis": "basic",
        "coverage": "world", "categories": {name: {"role": role} for name, role in ROLES.items()},
    }  # fmt: skip
    return economy_of(head, tables)


def summed(flows: pd.DataFrame, *keys: str) -> pd.DataFrame:
    table = flows.groupby(list(keys), sort=False, observed=True)["value"].sum().reset_index()
    return table[table["value"] != 0].astype(dict.fromkeys(keys, str) | {"value": float})


def test_rounding_is_balanced_away_and_what_has_no_use_is_booked(wiod: Economy) -> None:
    off = [np.abs(row_gaps(wiod, a)) > 1e-6 * a.total_supply for a in wiod.regions]
    assert np.sum(off) > 1000
    repaired = repair_economy(wiod, ["gras", "gaps most=1"])
    assert unbalanced_products(repaired.economy) == []
    assert unbalanced_activities(repaired.economy) == []
    left = repaired.refused["what"]
    assert list(left.str.partition(":")[0]) == ["CYP, 61", "LVA, 61"]
    booked = repaired.changes.query("repair == 'gaps'")
    assert list(booked["region"]) == ["CYP", "LVA"]
    supply = sum(a.total_supply.sum() for a in wiod.regions)
    change = (repaired.changes["after"] - repaired.changes["before"]).abs().sum()
    assert change / supply == pytest.approx(0.00129, abs=5e-6)


def test_every_negative_flow_of_trade_goes_to_inventories(wiod: Economy) -> None:
    repaired = repair_economy(wiod, ["negative_exports"])
    for found, economy in ((1, wiod), (0, repaired.economy)):
        assert [f.name for f in negative_cells(economy)].count("exports") == found
    place = wiod.with_role("inventories")[0]
    for before, after in zip(wiod.regions, repaired.economy.regions, strict=True):
        gaps = [
            a.total_supply - a.input @ a.level - a.final_use.sum(axis=1) - a.exports.sum(axis=1)
            for a in (before, after)
        ]
        assert np.abs(gaps[1] - gaps[0]).max() <= 1e-12 * before.total_supply.max()
        others = [c for c in range(len(ROLES)) if c != place]
        assert (before.final_use[:, others] == after.final_use[:, others]).all()


def test_value_added_that_was_what_is_left_takes_its_share_of_what_was_lost(wiod: Economy) -> None:
    """Estonia: held, value added leaves all that was rounded away to final use."""
    before = wiod.region("EST")
    final = {}
    for choice in ("kept", "free"):
        repaired = repair_economy(wiod, [f"gras value_added={choice}"])
        after = repaired.economy.region("EST")
        final[choice] = after.final_use.sum() / before.final_use.sum()
        inputs = (after.input @ after.level).sum() / (before.input @ before.level).sum()
        assert inputs == pytest.approx(1 if choice == "kept" else 1.0477, abs=5e-5)
    assert unbalanced_activities(repaired.economy) == []
    assert final == pytest.approx({"kept": 1.1263, "free": 1.0694}, abs=5e-5)
