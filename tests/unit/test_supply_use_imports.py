"""What of each use is imported: by proportionality, or as the publisher says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planboard.errors import InvalidTableError, UnknownNameError
from planboard.tables.import_shares import by_proportionality, check_import_table, with_import_table
from planboard.tables.supply_use import SupplyUseTable
from supply_use_tables import basic_table, small_table

EXACT = 1e-9
seeds = st.integers(0, 10_000)


def imported(table: SupplyUseTable) -> tuple[pd.DataFrame, pd.DataFrame]:
    assert table.imported_use is not None
    assert table.imported_final_use is not None
    return table.imported_use, table.imported_final_use


@given(seeds)
def test_imports_are_used_up_and_every_use_takes_the_same_share(seed: int) -> None:
    table = basic_table(seed)
    use, final = imported(by_proportionality(table))
    np.testing.assert_allclose(
        (use.sum(axis=1) + final.sum(axis=1)).to_numpy(), table.imports.to_numpy(), rtol=EXACT
    )
    share = table.imports / (table.output + table.imports - table.exports)
    np.testing.assert_allclose(
        (use / table.use).to_numpy(), np.tile(share, (use.shape[1], 1)).T, rtol=EXACT
    )
    assert (final["sold"] == 0).all()


@given(seeds)
def test_what_is_not_imported_was_made(seed: int) -> None:
    table = basic_table(seed)
    use, final = imported(by_proportionality(table))
    made = table.use.sum(axis=1) + table.final_use.sum(axis=1) - use.sum(axis=1) - final.sum(axis=1)
    np.testing.assert_allclose(made.to_numpy(), table.output.to_numpy(), rtol=EXACT)


def test_stated_reexports_go_to_exports() -> None:
    table = basic_table(1)
    again = 0.5 * min(table.imports["good0"], table.exports["good0"])
    use, final = imported(by_proportionality(table, pd.Series({"good0": again})))
    assert final.loc["good0", "sold"] == pytest.approx(again)
    assert use.loc["good0"].sum() + final.loc["good0"].sum() == pytest.approx(
        table.imports["good0"]
    )
    assert final.loc["good1", "sold"] == 0


def test_exports_beyond_output_are_reexports_and_told() -> None:
    table = basic_table(1)
    final, imports = table.final_use.copy(), table.imports.copy()
    final.loc["good0", "sold"] += table.output["good0"]
    imports["good0"] += table.output["good0"]
    beyond = final.loc["good0", "sold"] - table.output["good0"]
    split = by_proportionality(replace(table, final_use=final, imports=imports))
    use, final_in = imported(split)
    assert final_in.loc["good0", "sold"] == pytest.approx(beyond)
    np.testing.assert_allclose(use.loc["good0"], table.use.loc["good0"], rtol=EXACT)
    assert split.publication.history[-1] == {
        "step": "import shares",
        "detail": "No import table is published: every use of a product, exports apart, is taken "
        "to hold the same share of imports. Exports beyond output are re-exports: good0 "
        f"{beyond:,.0f}.",
    }
    stated = by_proportionality(
        replace(table, final_use=final, imports=imports), pd.Series({"good0": beyond})
    )
    assert stated.publication.history[-1]["detail"].endswith("the same share of imports.")


def test_nobody_reexports_more_than_came_in() -> None:
    table = basic_table(1)
    with pytest.raises(InvalidTableError) as error:
        by_proportionality(table, pd.Series({"good0": 1000.0}))
    assert str(error.value) == (
        "More is re-exported than imported or exported in table 'small'.\n\n"
        f"    good0: re-exports 1,000, imports {table.imports['good0']:,.0f}, exports "
        f"{table.exports['good0']:,.0f}, output {table.output['good0']:,.0f}\n\n"
        "Re-exports were imported before they were exported: correct them, or the table."
    )


def test_reexports_are_of_products_of_the_table_and_not_below_zero() -> None:
    with pytest.raises(UnknownNameError) as unknown:
        by_proportionality(basic_table(1), pd.Series({"god0": 1.0}))
    assert unknown.value.happened == "There is no product 'god0' (stated re-exports)."
    with pytest.raises(InvalidTableError) as error:
        by_proportionality(basic_table(1), pd.Series({"good0": -1.0, "good1": -2.5}))
    assert str(error.value) == (
        "Re-exports below zero are stated for table 'small'.\n\n"
        "    good1: -2.5\n    good0: -1\n\n"
        "State what was imported before it was exported, zero where nothing was."
    )


def test_half_an_import_table_is_none() -> None:
    half = replace(by_proportionality(basic_table(2)), imported_final_use=None)
    with pytest.raises(InvalidTableError) as error:
        with_import_table(half)
    assert str(error.value) == (
        "Table 'small' has half an import table.\n\n"
        "    imported final use: none\n\n"
        "Give both halves, or neither: shares are then by proportionality."
    )


def test_shares_are_of_basic_prices() -> None:
    with pytest.raises(InvalidTableError, match="they are never mixed"):
        by_proportionality(small_table())


def test_a_published_import_table_is_kept() -> None:
    table = by_proportionality(basic_table(2))
    assert with_import_table(table) is table
    assert with_import_table(basic_table(2)).imported_use is not None


def test_a_published_import_table_must_add_up_to_imports() -> None:
    table = by_proportionality(basic_table(2))
    use, final = imported(table)
    use = use.copy()
    use.loc["good1", "industry0"] += 3
    wrong = replace(table, imported_use=use)
    with pytest.raises(InvalidTableError) as error:
        with_import_table(wrong)
    bought = table.imports["good1"]
    assert str(error.value) == (
        "The import table of 'small' does not add up to imports.\n\n"
        f"    good1: {bought:,.0f} imported, {bought + 3:,.0f} used\n\n"
        "Take all tables from one release; imports of both are cif."
    )
    check_import_table(replace(wrong, rounding=1.0))
    check_import_table(replace(wrong, imported_use=None, imported_final_use=final))
