"""Supply and use: identities, labels, one price basis, and the books of an economy."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planboard.economy_folder import economy_head, economy_of, economy_tables
from planboard.errors import InvalidTableError, UnknownNameError
from planboard.tables.supply_use import (
    SupplyUseTable,
    check_one_price_basis,
    supply_use_books,
)
from planboard.tables.valuation import at_basic_prices
from supply_use_tables import at_purchasers_prices, basic_table, frame, publication, small_table

EXACT = 1e-9
seeds = st.integers(0, 10_000)


# Identities ---------------------------------------------------------------------------------------


def test_the_small_table_balances_at_purchasers_prices() -> None:
    table = small_table()
    assert table.product_gaps().to_dict() == {"grain": 0, "trade": 0, "shipping": 0}
    assert table.industry_gaps().to_dict() == {"farms": 0, "shops": 0, "ships": 0}


def test_gaps_are_supply_less_use_and_output_less_costs() -> None:
    table = small_table(imports=pd.Series({"grain": 37.0, "trade": 0.0, "shipping": 0.0}))
    assert table.product_gaps().to_dict() == {"grain": 7, "trade": 0, "shipping": 0}
    added = table.value_added.copy()
    added.loc["labour", "shops"] -= 4
    assert replace(table, value_added=added).industry_gaps()["shops"] == 4


def test_supply_counts_at_basic_prices_and_at_those_of_use() -> None:
    table = small_table()
    assert table.output.to_dict() == {"grain": 100, "trade": 60, "shipping": 20}
    assert table.industry_output.to_dict() == {"farms": 90, "shops": 70, "ships": 20}
    assert table.basic_supply.to_dict() == {"grain": 130, "trade": 60, "shipping": 15}
    assert table.total_supply.to_dict() == {"grain": 180, "trade": 20, "shipping": 10}
    assert table.exports.to_dict() == {"grain": 32, "trade": 0, "shipping": 4}


@given(seeds)
def test_random_tables_balance_at_both_price_bases(seed: int) -> None:
    basic = basic_table(seed)
    for table in (basic, at_purchasers_prices(basic, seed)[0]):
        scale = table.total_use.max()
        assert table.product_gaps().abs().max() < EXACT * scale
        assert table.industry_gaps().abs().max() < EXACT * scale


# What is refused ----------------------------------------------------------------------------------


def test_labels_must_fit() -> None:
    table = small_table()
    with pytest.raises(InvalidTableError) as error:
        replace(
            table,
            use=table.use.rename(index={"grain": "corn"}),
            imports=table.imports[["trade", "grain", "shipping"]],
        )
    assert str(error.value) == (
        "The labels of table 'small' do not fit.\n\n"
        "    use: corn, grain\n"
        "    imports: another order\n\n"
        "Every product, industry and category needs one label, the same in every part of the table."
    )


def test_labels_stand_once() -> None:
    table = small_table()
    double = {"final_use": table.final_use.rename(columns={"stocks": "farms"})}
    with pytest.raises(InvalidTableError) as error:
        replace(table, roles={**table.roles, "farms": "inventories"}, **double)
    assert error.value.evidence == ("industries and categories: 1 stand twice, such as 'farms'",)


def test_a_margin_and_a_tax_have_names_of_their_own() -> None:
    taxes = frame({"grain": [6, -1], "trade": [0, 0], "shipping": [0, 0]}, ["retail", "subsidy"])
    with pytest.raises(InvalidTableError) as error:
        small_table(taxes=taxes)
    assert error.value.evidence == ("margins and taxes: 1 stand twice, such as 'retail'",)


def test_a_missing_number_is_not_zero() -> None:
    table = small_table()
    use = table.use.copy()
    use.loc["grain", "ships"] = np.nan
    with pytest.raises(InvalidTableError) as error:
        replace(table, use=use)
    assert str(error.value) == (
        "Table 'small' has cells without a finite number.\n\n"
        "    use: 1, first grain x ships: nan\n\n"
        "A missing number is not zero: correct the file, or write the zeros."
    )


def test_every_category_needs_a_role() -> None:
    with pytest.raises(UnknownNameError) as error:
        small_table(roles={"households": "households", "stocks": "inventories", "sold": "export"})
    assert error.value.happened == "There is no role 'export' (category 'sold')."
    assert "'exports'" in error.value.remedy


def test_basic_prices_leave_no_margins_to_take_off() -> None:
    with pytest.raises(InvalidTableError) as error:
        small_table(publication=publication("basic"))
    assert str(error.value) == (
        "Table 'small' says that use is at basic prices, and has margins and taxes that lead to "
        "purchasers' prices.\n\n"
        "    margins: retail, transport\n"
        "    taxes: vat, subsidy\n\n"
        "Say price_basis = 'purchasers' if they are in the use table; leave them out if not."
    )


def test_price_bases_are_never_mixed() -> None:
    for mixed in (check_one_price_basis, supply_use_books, SupplyUseTable.economy):
        with pytest.raises(InvalidTableError) as error:
            mixed(small_table())
        assert str(error.value) == (
            "Table 'small' holds supply at basic prices and use at purchasers' prices (million "
            "EUR): they are never mixed.\n\n"
            "    Grain: 130 supplied at basic prices, 180 used at purchasers' prices\n"
            "    trade: 60 supplied at basic prices, 20 used at purchasers' prices\n"
            "    shipping: 15 supplied at basic prices, 10 used at purchasers' prices\n\n"
            "Bring use to basic prices first (at_basic_prices): margins go to the products that "
            "provide them, taxes on products to a row."
        )


def test_use_at_purchasers_prices_is_found_out_whatever_the_table_says() -> None:
    claimed = small_table(publication=publication("basic"), margins=None, taxes=None)
    with pytest.raises(InvalidTableError) as error:
        check_one_price_basis(claimed)
    assert str(error.value) == (
        "Table 'small' says that use is at basic prices like supply, and they differ by 46% of all "
        "supply (million EUR).\n\n"
        "    grain: 130 supplied at basic prices, 180 used\n"
        "    trade: 60 supplied at basic prices, 20 used\n"
        "    shipping: 15 supplied at basic prices, 10 used\n\n"
        "Say price_basis = 'purchasers' if margins and taxes are in the use table, and give them; "
        "else correct the table."
    )


def test_a_small_gap_at_basic_prices_is_the_audits_business() -> None:
    table = basic_table(1)
    final = table.final_use.copy()
    final.iloc[0, 0] += 0.01 * table.total_use.iloc[0]
    check_one_price_basis(replace(table, final_use=final))
    final.iloc[0, 0] += 0.06 * table.output.add(table.imports).sum()
    with pytest.raises(InvalidTableError, match="they differ by 6% of all supply"):
        check_one_price_basis(replace(table, final_use=final))


# Books --------------------------------------------------------------------------------------------


def test_books_make_an_economy_that_balances_exactly() -> None:
    economy = economy_of(*supply_use_books(at_basic_prices(small_table())))
    books = economy.region("LAND")
    used = books.input @ books.level + books.final_use.sum(axis=1) + books.exports.sum(axis=1)
    np.testing.assert_allclose(books.gross_output + books.imports.sum(axis=1), used, rtol=EXACT)
    worth = books.output.sum(axis=0) - books.input.sum(axis=0)
    added = np.sum(list(books.value_added.values()), axis=0)
    np.testing.assert_allclose(worth, added, rtol=EXACT)


def test_activities_keep_all_their_products() -> None:
    economy = economy_of(*supply_use_books(at_basic_prices(small_table())))
    books = economy.region("LAND")
    assert economy.product_names == ("grain", "trade", "shipping")
    assert books.activities == ("farms", "shops", "ships")
    np.testing.assert_allclose(books.level, [90, 70, 20])
    np.testing.assert_allclose(
        books.output.toarray(), [[1, 1 / 7, 0], [0, 6 / 7, 0], [0, 0, 1]], rtol=EXACT
    )


def test_books_say_what_the_table_says() -> None:
    head, tables = supply_use_books(at_basic_prices(small_table()))
    assert {key: head[key] for key in ("base_year", "currency", "price_basis", "coverage")} == {
        "base_year": 2020,
        "currency": "EUR",
        "price_basis": "basic",
        "coverage": "part",
    }
    assert head["categories"] == {
        "households": {"label": "households", "role": "households"},
        "stocks": {"label": "stocks", "role": "inventories"},
    }
    assert head["products"]["grain"] == {"label": "Grain"}
    assert head["activities"]["farms"] == {"label": "Farming"}
    assert head["partners"] == ["LAND", "outside"]
    assert set(tables["final_use"]["category"]) == {"households", "stocks"}
    assert set(tables["value_added"]["item"]) == {"labour", "capital", "vat", "subsidy"}


def test_trade_is_with_the_outside() -> None:
    trade = supply_use_books(at_basic_prices(small_table()))[1]["trade"]
    flows = trade.groupby(["origin", "destination"])["value"].sum()
    assert flows["outside", "LAND"] == 30
    # Exports fob are worth less at basic prices by the retail margin of grain, which trade gets;
    # and the ships earn 5 within the imports cif of grain.
    assert flows["LAND", "outside"] == pytest.approx(32 + 4 + 5)


def test_taxes_on_final_use_are_told_by_category() -> None:
    head, _ = supply_use_books(at_basic_prices(small_table()))
    assert head["notes"] == [
        "Taxes less subsidies on products that final use pays beside basic prices (million EUR): "
        "households 4."
    ]


def test_negative_cells_are_kept_and_told() -> None:
    table = basic_table(3)
    use, final = table.use.copy(), table.final_use.copy()
    final.loc["good0", "households"] += use.loc["good0", "industry1"] + 2
    use.loc["good0", "industry1"] = -2
    added = table.value_added.copy()
    added.loc["capital"] += table.use.sum() - use.sum()
    table = replace(table, use=use, final_use=final, value_added=added)
    head, tables = supply_use_books(table)
    assert head["notes"] == [
        "Negative cells kept, inventories apart: 1 of use (least: good0 by industry1 -2)."
    ]
    cell = tables["use"].query("product == 'good0' and activity == 'industry1'")["value"]
    assert list(cell) == [-2]


def test_products_that_nobody_makes_are_imported_only() -> None:
    table = basic_table(5)
    supply, imports, added = table.supply.copy(), table.imports.copy(), table.value_added.copy()
    added.loc["capital"] -= supply.loc["good0"]
    imports["good0"] += supply.loc["good0"].sum()
    supply.loc["good0"] = 0.0
    table = replace(table, supply=supply, imports=imports, value_added=added)
    economy = economy_of(*supply_use_books(table))
    books = economy.region("LAND")
    assert books.gross_output[0] == 0
    assert books.imports[0].sum() == pytest.approx(imports["good0"])


def test_an_economy_from_books_survives_its_folder() -> None:
    economy = economy_of(*supply_use_books(basic_table(7)))
    again = economy_of(economy_head(economy), economy_tables(economy))
    np.testing.assert_allclose(
        again.technology.to_numpy(), economy.technology.to_numpy(), rtol=EXACT
    )
    assert [again.label(i) for i in again.product_names] == list(economy.product_names)


def test_a_step_stands_in_the_history() -> None:
    table = small_table().with_step("looked at", "by eye", rounding=1.0)
    assert table.rounding == 1.0
    assert table.publication.history == ({"step": "looked at", "detail": "by eye"},)


def test_taxes_by_category_need_the_categories() -> None:
    with pytest.raises(InvalidTableError) as error:
        small_table(final_use_taxes=frame({"vat": [1.0]}, ["households"]))
    assert error.value.evidence == ("taxes on final use: sold, stocks",)
