"""Use at purchasers' prices to basic prices: what is taken off, from whom, and where it goes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planboard.errors import InvalidTableError
from planboard.tables.valuation import (
    ROUNDING,
    allowance,
    at_basic_prices,
    with_cif_fob_as_exports,
    with_rounding_booked,
)
from supply_use_tables import at_purchasers_prices, basic_table, frame, publication, small_table

EXACT = 1e-9
seeds = st.integers(0, 10_000)


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    columns = [c for c in found.columns if c != ROUNDING]
    pd.testing.assert_frame_equal(found[columns], wanted, rtol=EXACT, atol=1e-9)


# Laws ---------------------------------------------------------------------------------------------


@given(seeds)
def test_rates_that_all_uses_share_are_found_again(seed: int) -> None:
    table, known = at_purchasers_prices(basic_table(seed), seed)
    basic = at_basic_prices(table)
    assert basic.publication.price_basis == "basic"
    # Goods are found exactly; trade and transport serve every use in the same mix only as a sum.
    goods = [i for i in table.products if i.startswith("good")]
    same(basic.use.loc[goods], known["use"].loc[goods])
    same(basic.final_use.loc[goods], known["final_use"].loc[goods])
    np.testing.assert_allclose(
        basic.use.sum(axis=0).to_numpy(), known["use"].sum(axis=0).to_numpy(), rtol=EXACT
    )


@given(seeds)
def test_what_the_publisher_says_of_every_use_is_taken_off(seed: int) -> None:
    """Rates that differ from use to use: only matrices can tell."""
    table, known = at_purchasers_prices(basic_table(seed), seed)
    kinds, shift = ("retail", "freight", "vat"), 0.01 * known["vat"].loc["good0", "households"]
    use, final, vat = table.use.copy(), table.final_use.copy(), known["vat"].copy()
    use.loc["good0", "industry0"] += shift
    final.loc["good0", "households"] -= shift
    vat.loc["good0", ["industry0", "households"]] += [shift, -shift]
    added = table.value_added.copy()
    added.loc["capital", "industry0"] -= shift
    table = replace(table, use=use, final_use=final, value_added=added)
    basic = at_basic_prices(replace(table, valuation={**{k: known[k] for k in kinds}, "vat": vat}))
    same(basic.use, known["use"])
    same(basic.final_use, known["final_use"])
    assert abs(at_basic_prices(table).use - known["use"]).max(axis=None) > 1e-6 * shift


@given(seeds)
def test_products_and_industries_balance_exactly(seed: int) -> None:
    table, _ = at_purchasers_prices(basic_table(seed), seed)
    basic = at_basic_prices(table)
    supply = basic.output + basic.imports
    np.testing.assert_allclose(basic.total_use.to_numpy(), supply.to_numpy(), rtol=EXACT)
    assert basic.industry_gaps().abs().max() < EXACT * basic.industry_output.max()


@given(seeds)
def test_nothing_is_lost(seed: int) -> None:
    """Output stays; what uses pay stays; taxes stand in rows, margins in their products."""
    table, _ = at_purchasers_prices(basic_table(seed), seed)
    basic = at_basic_prices(table)
    assert table.taxes is not None
    assert basic.final_use_taxes is not None
    pd.testing.assert_series_equal(basic.industry_output, table.industry_output)
    vat = basic.value_added.loc["vat"]
    np.testing.assert_allclose(
        (basic.use.sum() + vat).to_numpy(), table.use.sum().to_numpy(), rtol=EXACT
    )
    paid = basic.final_use.drop(columns=ROUNDING, errors="ignore").sum()
    on_final = basic.final_use_taxes.drop(columns=ROUNDING, errors="ignore").loc["vat"]
    np.testing.assert_allclose(
        (paid + on_final).to_numpy(), table.final_use.sum().to_numpy(), rtol=EXACT
    )
    assert vat.sum() + on_final.sum() == pytest.approx(table.taxes["vat"].sum(), rel=EXACT)


# The small table, by hand -------------------------------------------------------------------------


def test_margins_go_to_the_products_that_provide_them() -> None:
    basic = at_basic_prices(small_table())
    # 45 of margins on grain over 182 of uses above zero, stocks apart; 5 of taxes over 150 at home.
    rate, tax = 45 / 182, 5 / 150
    assert basic.use.loc["grain", "farms"] == pytest.approx(20 * (1 - rate - tax))
    assert basic.final_use.loc["grain", "sold"] == pytest.approx(32 * (1 - rate))
    assert basic.use.loc["trade", "farms"] == pytest.approx(5 + 20 * 40 / 182)
    assert basic.use.loc["shipping", "shops"] == pytest.approx(4 + 10 * 5 / 182)
    assert basic.value_added.loc["vat", "farms"] == pytest.approx(20 * 6 / 150)
    assert basic.value_added.loc["subsidy", "farms"] == pytest.approx(-20 * 1 / 150)
    assert basic.final_use_taxes is not None
    assert basic.final_use_taxes["sold"].abs().sum() == 0
    assert basic.final_use_taxes.loc["vat", "households"] == pytest.approx(120 * 6 / 150)


@pytest.mark.parametrize(
    ("stocks", "role"), [(2, "inventories"), (-2, "inventories"), (-2, "given")]
)
def test_inventories_and_what_is_sold_below_zero_carry_nothing(stocks: float, role: str) -> None:
    final, roles = small_table().final_use, {**small_table().roles, "stocks": role}
    final.loc["grain"] = [118 - stocks, stocks, 32]
    assert at_basic_prices(small_table(final_use=final, roles=roles)).final_use.loc[
        "grain", "stocks"
    ] == pytest.approx(stocks)


def test_many_providers_share_in_proportion_to_what_they_provide() -> None:
    margins = frame(
        {"grain": [40, 5], "trade": [-30, -1], "shipping": [-10, -4]}, ["retail", "transport"]
    )
    final = small_table().final_use
    final.loc["trade", "households"] += 9
    final.loc["shipping", "households"] -= 9
    basic = at_basic_prices(small_table(margins=margins, final_use=final))
    farms = 20 / 182
    assert basic.use.loc["trade", "farms"] == pytest.approx(5 + farms * (40 * 0.75 + 5 * 0.2))
    assert basic.use.loc["shipping", "farms"] == pytest.approx(farms * (40 * 0.25 + 5 * 0.8))


def test_stated_rates_replace_the_conventions() -> None:
    free = at_basic_prices(small_table(), margins={"exports": 0.0, "stocks": 0.0, "shops": 2.0})
    assert free.final_use.loc["grain", "sold"] == 32
    assert free.use.loc["trade", "farms"] == pytest.approx(5 + 20 * 40 / 160)
    assert free.use.loc["trade", "shops"] == pytest.approx(5 + 2 * 10 * 40 / 160)
    taxed = at_basic_prices(small_table(), taxes={})
    assert taxed.final_use_taxes is not None
    assert taxed.final_use_taxes.loc["vat", "sold"] == pytest.approx(32 * 6 / 182)


def test_where_only_exempt_uses_are_left_all_carry_alike() -> None:
    final = small_table().final_use
    final.loc["grain"] = [0, 0, 150]
    use = small_table().use * 1.0
    use.loc["grain"] = [30, 0, 0]
    added = small_table().value_added
    added.loc["capital"] += small_table().use.sum() - use.sum()
    basic = at_basic_prices(
        small_table(use=use, final_use=final, value_added=added), margins={"sold": 0.0}
    )
    # 40 of retail are more than the 30 that would carry them; 5 of transport are not.
    assert basic.final_use.loc["grain", "sold"] == pytest.approx(150 * (1 - 40 / 180))
    assert basic.use.loc["grain", "farms"] == pytest.approx(30 * (1 - 40 / 180) - 5 - 5)
    assert basic.publication.history[0]["detail"].endswith(
        "in proportion to use. All uses alike for grain (retail)."
    )


def test_no_use_is_worth_less_than_nothing() -> None:
    """Margins and taxes each less than the uses that carry them, together more: all uses carry."""
    table = small_table(taxes=frame({"grain": [40], "trade": [0], "shipping": [0]}, ["vat"]))
    use, final, added = table.use.copy(), table.final_use.copy(), table.value_added.copy()
    use.loc["grain"] = [30, 35, 0]
    final.loc["grain"] = [0, 0, 150]
    added.loc["capital"] += table.use.sum() - use.sum()
    table = replace(table, use=use, final_use=final, value_added=added)
    basic = at_basic_prices(table, margins={"sold": 0.0}, taxes={"sold": 0.0})
    assert basic.use.loc["grain", "farms"] == pytest.approx(30 * (1 - (45 + 40) / 215))
    assert basic.final_use.loc["grain", "sold"] == pytest.approx(150 * (1 - (45 + 40) / 215))
    assert basic.publication.history[0]["detail"].endswith(" All uses alike for grain.")


def test_the_history_tells_what_was_done() -> None:
    history = at_basic_prices(small_table()).publication.history
    assert [step["step"] for step in history] == ["basic prices", "cif/fob"]
    assert [step["detail"] for step in history] == [
        "From purchasers' prices, million EUR: margins (retail 40, transport 5) taken off in "
        "proportion to use; taxes on products (vat 6, subsidy -1) taken off in proportion to use.",
        "Services of residents within imports cif, 5 million EUR, are booked as exports; the "
        "balance of trade stays.",
    ]


def test_a_table_at_basic_prices_stays_as_it_is() -> None:
    table = basic_table(2)
    basic = at_basic_prices(table)
    same(basic.final_use, table.final_use)
    pd.testing.assert_frame_equal(basic.use, table.use)


# Cif and fob --------------------------------------------------------------------------------------


def test_services_within_imports_cif_are_exports() -> None:
    table = small_table()
    trade = with_cif_fob_as_exports(table)
    assert trade.adjustments is None
    assert trade.final_use.loc["shipping", "sold"] == 4 + 5
    assert trade.imports.to_dict() == {"grain": 30, "trade": 0, "shipping": 0}
    before = table.exports.sum() - (table.imports + table.adjustments.sum(axis=1)).sum()  # type: ignore[union-attr]
    assert trade.exports.sum() - trade.imports.sum() == before
    pd.testing.assert_series_equal(trade.product_gaps(), table.product_gaps())


def test_an_adjustment_above_zero_is_imported() -> None:
    adjustments = frame({"grain": [3], "trade": [0], "shipping": [-5]}, ["cif_fob"])
    trade = with_cif_fob_as_exports(small_table(adjustments=adjustments))
    assert trade.imports["grain"] == 33


def test_an_adjustment_needs_exports() -> None:
    roles = {**small_table().roles, "sold": "given"}
    with pytest.raises(InvalidTableError) as error:
        with_cif_fob_as_exports(small_table(roles=roles))
    assert str(error.value) == (
        "Table 'small' has a cif/fob adjustment and no exports.\n\n"
        "    shipping: -5\n\n"
        "Give a category of final use the role 'exports'."
    )


# Rounding -----------------------------------------------------------------------------------------


def rounded_table() -> object:
    final = small_table().final_use
    final.loc["grain", "households"] -= 1
    added = small_table().value_added
    added.loc["labour", "shops"] += 2
    return small_table(final_use=final, value_added=added, rounding=1.0)


def test_rounding_is_booked_in_the_open() -> None:
    basic = at_basic_prices(rounded_table())  # type: ignore[arg-type]
    assert basic.final_use[ROUNDING].to_dict() == pytest.approx(
        {"grain": 1, "trade": 0, "shipping": 0}, abs=1e-9
    )
    assert basic.value_added.loc[ROUNDING].to_dict() == pytest.approx(
        {"farms": 0, "shops": -2, "ships": 0}, abs=1e-9
    )
    assert basic.roles[ROUNDING] == "inventories"
    assert basic.publication.history[-1] == {
        "step": "rounding",
        "detail": "Gaps of rounding are booked as 'rounding': at most 1 of a product and 2 of an "
        "industry (million EUR).",
    }
    assert basic.product_gaps().abs().max() < EXACT
    again = with_rounding_booked(basic)
    np.testing.assert_allclose(again.final_use[ROUNDING], basic.final_use[ROUNDING], atol=1e-9)


def test_what_rounding_does_not_explain_is_refused() -> None:
    final, added = small_table().final_use, small_table().value_added
    final.loc["grain", "households"] -= 20
    added.loc["labour", "shops"] += 30
    with pytest.raises(InvalidTableError) as error:
        at_basic_prices(small_table(final_use=final, value_added=added, rounding=1.0))
    assert str(error.value) == (
        "Table 'small' does not balance: 2 gaps are larger than its rounding (million EUR).\n\n"
        "    industry shops: -30, rounding explains 5.3\n"
        "    product grain: +20, rounding explains 6.2\n\n"
        "Correct the table, or book the gap in the open as a category of final use."
    )


def test_rounding_errors_add_up_like_those_of_a_die() -> None:
    random = np.random.default_rng(0)
    numbers = random.uniform(0, 1000, (2000, 48))
    gaps = np.abs(numbers.round().sum(axis=1) - numbers.sum(axis=1).round())
    allowed = allowance(1.0, pd.Series([48]))[0]
    assert allowed == 1 + 5 * 2
    assert gaps.max() < allowed
    assert gaps.max() > allowed / 3


# What is refused ----------------------------------------------------------------------------------


def test_a_margin_needs_a_provider() -> None:
    margins = small_table().margins
    assert margins is not None
    margins["retail"] = [40.0, 0.0, 0.0]
    with pytest.raises(InvalidTableError) as error:
        at_basic_prices(small_table(margins=margins))
    assert str(error.value) == (
        "No product of table 'small' provides the margin 'retail'.\n\n"
        "    borne by 1 products, 40 in all\n\n"
        "The column must be below zero for the products that provide it, such as retail trade."
    )


def test_a_product_that_bears_margins_needs_a_use() -> None:
    use, final = small_table().use, small_table().final_use
    use.loc["grain"], final.loc["grain"] = 0.0, [0.0, -2.0, 0.0]
    with pytest.raises(InvalidTableError) as error:
        at_basic_prices(small_table(use=use, final_use=final))
    assert str(error.value) == (
        "Products of table 'small' bear retail and have no use.\n\n"
        "    grain: retail 40, use 0\n\n"
        "Correct the columns of the supply table, or add the use that carries them."
    )


def test_matrices_must_add_up() -> None:
    uses = ["farms", "shops", "ships", "households", "stocks", "sold"]
    retail = frame(
        {"grain": [5, 5, 0, 20, 0, 4], "trade": [-5, -5, 0, -30, 0, 0], "shipping": [0] * 6}, uses
    )
    vat = retail * 0.0
    with pytest.raises(InvalidTableError) as error:
        at_basic_prices(small_table(valuation={"retail": retail, "vat": vat, "fuel": vat}))
    assert str(error.value) == (
        "Margins or taxes by use of table 'small' do not add up.\n\n"
        "    fuel: no such column in the supply table\n"
        "    grain: retail 40 in the supply table, 34 over all uses\n"
        "    grain: vat 6 in the supply table, 0 over all uses\n"
        "    households: retail -10 more borne than provided\n"
        "    sold: retail +4 more borne than provided\n\n"
        "Take all tables from one release."
    )


def test_producers_prices_have_taxes_to_take_off_and_no_margins() -> None:
    table = small_table(publication=publication("producers"), margins=None)
    use, final = table.use.copy(), table.final_use.copy()
    final["households"] += table.product_gaps()
    table = replace(table, use=use, final_use=final)
    basic = at_basic_prices(table)
    assert basic.publication.history[0]["detail"] == (
        "From producers' prices, million EUR: taxes on products (vat 6, subsidy -1) taken off in "
        "proportion to use."
    )
    assert basic.use.loc["trade", "farms"] == 5
    assert basic.product_gaps().abs().max() < EXACT
