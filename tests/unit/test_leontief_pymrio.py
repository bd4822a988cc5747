"""The same answers as pymrio's, on its own test table and on the world of 2000."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planboard import leontief
from planboard.tables import InputOutputTable
from symmetric_tables import publication, wiod_2000

pymrio = pytest.importorskip("pymrio", reason="pymrio is not installed")

SAME = 1e-10  # Relative, of every cell.
ACCOUNTS = ("consumption", "production", "imported", "exported")  # In the order of pymrio's.


def assert_same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """Every cell alike, found by its labels."""
    assert set(found.columns) == set(wanted.columns)
    assert set(found.index) == set(wanted.index)
    wanted = wanted.reindex(index=found.index, columns=found.columns)
    np.testing.assert_allclose(found.to_numpy(), wanted.to_numpy(), rtol=SAME, atol=0)


@pytest.fixture(scope="module")
def mrio() -> Any:
    """The table that pymrio ships for tests: 6 regions, 8 sectors, two emissions."""
    return pymrio.load_test().calc_all()


def extension(table: pd.DataFrame) -> pd.DataFrame:
    """Emissions by one name each."""
    return table.set_axis([" ".join(label) for label in table.index], axis=0)


@pytest.fixture(scope="module")
def small(mrio: Any) -> InputOutputTable:
    output = mrio.x["indout"]
    residual = output - mrio.Z.sum(axis=0)
    return InputOutputTable(
        publication("pymrio-test"),
        mrio.Z,
        mrio.Y,
        output,
        residual.to_frame("value added").T,
        factors=extension(mrio.emissions.F),
        factors_final_use=extension(mrio.emissions.F_Y),
    )


def test_coefficients_and_inverses(mrio: Any) -> None:
    output = mrio.x["indout"]
    assert_same(leontief.coefficients(mrio.Z, output), mrio.A)
    assert_same(leontief.total_requirements(mrio.A), mrio.L)
    b = pymrio.calc_B(mrio.Z, mrio.x)
    assert_same(leontief.output_coefficients(mrio.Z, output), b)
    assert_same(leontief.ghosh_inverse(mrio.Z, output), pymrio.calc_G(b))
    assert_same(leontief.coefficients(mrio.emissions.F, output), mrio.emissions.S)


def test_multipliers_and_footprints(mrio: Any, small: InputOutputTable) -> None:
    names = list(extension(mrio.emissions.F).index)
    assert_same(leontief.requirements_of(small).inverse(), mrio.L)
    assert_same(leontief.factor_multipliers(small, names), extension(mrio.emissions.M))
    found = leontief.footprints(small, names)
    for name, short in zip(ACCOUNTS, ("cba", "pba", "imp", "exp"), strict=True):
        assert_same(getattr(found, name), extension(getattr(mrio.emissions, f"D_{short}")))


def test_footprints_by_region_hold_what_final_users_emit(
    mrio: Any, small: InputOutputTable
) -> None:
    names = list(extension(mrio.emissions.F).index)
    by_region = leontief.footprints(small, names).by_region()
    for name, short in zip(ACCOUNTS, ("cba", "pba", "imp", "exp"), strict=True):
        found = by_region.pivot(index="factor", columns="region", values=name)
        assert_same(found, extension(getattr(mrio.emissions, f"D_{short}_reg")))


def test_one_category_of_final_use(mrio: Any, small: InputOutputTable) -> None:
    """As pymrio's accounts of that category's columns alone."""
    category = "Changes in inventories"
    chosen = mrio.Y.xs(category, axis=1, level="category")
    wanted = pymrio.calc_accounts(mrio.emissions.S, mrio.L, chosen)
    names = list(extension(mrio.emissions.F).index)
    found = leontief.footprints(small, names, categories=[category])
    for name, accounts in zip(ACCOUNTS, wanted, strict=True):
        assert_same(getattr(found, name), extension(accounts))


@pytest.fixture(scope="module")
def wiod(shared: Path) -> InputOutputTable:
    return wiod_2000(shared / "data" / "wiod13")


@pytest.fixture(scope="module")
def wiod_inverse(wiod: InputOutputTable) -> pd.DataFrame:
    return pymrio.calc_L(pymrio.calc_A(wiod.transactions, wiod.gross_output))


def test_the_world_of_2000(wiod: InputOutputTable, wiod_inverse: pd.DataFrame) -> None:
    """1,435 industries, 18 of which make nothing."""
    assert int((wiod.gross_output == 0).sum()) == 18
    assert leontief.idle_uses(wiod)["hours"] > 0  # Of private households in Latvia.
    solved = leontief.requirements_of(wiod)
    assert_same(solved.inverse(), wiod_inverse)
    per_unit = pymrio.calc_S(leontief.factor_uses(wiod), wiod.gross_output)
    wanted = pymrio.calc_M(per_unit, wiod_inverse)
    assert_same(leontief.factor_multipliers(wiod, requirements=solved), wanted)
    bought = wiod.final_use.T.groupby(level="region", sort=False).sum().T
    accounts = pymrio.calc_accounts(per_unit, wiod_inverse, bought)
    found = leontief.footprints(wiod, requirements=solved)
    for name, table in zip(ACCOUNTS, accounts, strict=True):
        assert_same(getattr(found, name), table)


def test_ghosh_in_the_world_of_2000(wiod: InputOutputTable) -> None:
    ours = leontief.ghosh_inverse(wiod.transactions, wiod.gross_output)
    wanted = pymrio.calc_G(pymrio.calc_B(wiod.transactions, wiod.gross_output))
    assert_same(ours, wanted)
    forward = leontief.forward_linkages(wiod)
    made = wiod.gross_output > 0
    np.testing.assert_allclose(forward["total"][made], wanted.sum(axis=1)[made], rtol=SAME)


def test_the_answers_of_the_world_of_2000(wiod: InputOutputTable) -> None:
    """Laws on real flows: what is used is consumed; trade balances in value added are the gross."""
    answers = leontief.table_answers(wiod, top=5)
    sums = answers["footprints"].groupby("factor")[["production", "consumption"]].sum()
    assert list(sums["production"]) == pytest.approx(list(sums["consumption"]), rel=SAME)
    trade = answers["trade_in_value_added"].sum(numeric_only=True)
    assert trade["exports"] == trade["imports"]
    assert len(answers["linkages"]) == 1435 - 18
    shares = answers["cost_contents"].groupby(["region", "sector"])["value"].sum()
    assert shares.to_numpy() == pytest.approx(np.ones(1417), rel=SAME)


@pytest.mark.parametrize("way", ["table", "frames"])
def test_miller_and_blair(shared: Path, way: str) -> None:
    """Chapter 2: the inverse and the output for a new final demand, to the digits in print."""
    case = json.loads((shared / "cases" / "miller_blair.json").read_text(encoding="utf-8"))
    labels = pd.MultiIndex.from_product([["W"], [1, 2]], names=["region", "sector"])
    flows = pd.DataFrame(np.array(case["Z"], dtype=float), index=labels, columns=labels)
    output = pd.Series(np.array(case["x"], dtype=float), index=labels)
    ways: dict[str, Callable[[], pd.DataFrame]] = {
        "frames": lambda: leontief.total_requirements(leontief.coefficients(flows, output)),
        "table": lambda: leontief.requirements_of(plain(flows, output)).inverse(),
    }
    inverse = ways[way]()
    assert inverse.to_numpy().round(4).tolist() == case["expected"]["L"]
    demand = np.array([600.0, 1500.0])
    for found in (
        inverse.to_numpy() @ demand,
        leontief.requirements_of(plain(flows, output)).of(demand),
    ):
        assert found.round(2).tolist() == case["expected"]["output_for_final_demand_600_1500"]


def plain(flows: pd.DataFrame, output: pd.Series) -> InputOutputTable:
    final = (output - flows.sum(axis=1)).to_frame(("W", "final"))
    final.columns = pd.MultiIndex.from_tuples(final.columns, names=["region", "category"])
    added = (output - flows.sum(axis=0)).to_frame("value added").T
    return InputOutputTable(publication(), flows, final, output, added)
