"""From a published table to an economy: origins pooled, trade apart, hours and capital told."""

import numpy as np
import pandas as pd
import pytest

import planboard as pb
from planboard.economy import OUTSIDE
from planboard.errors import InvalidTableError, UnknownNameError
from planboard.leontief import product_gaps
from planboard.tables.donors import bundled_ratios
from planboard.tables.industries import bundled_industry
from tables import DEPRECIATION, REGIONS, SECTORS, publication, small_accounts, small_table


def test_origins_are_pooled_and_trade_stands_apart() -> None:
    table = small_table()
    economy = table.economy(small_accounts(table))
    flows = table.transactions
    for region in REGIONS:
        a = economy.region(region)
        pooled = flows[region].groupby(level="sector", sort=False).sum()
        np.testing.assert_allclose(a.input.toarray() * a.level, pooled, rtol=1e-12)
        other = next(name for name in REGIONS if name != region)
        bought = flows.loc[other, region].sum(axis=1) + table.final_use.loc[other, region].sum(
            axis=1
        )
        np.testing.assert_allclose(a.imports.sum(axis=1), bought, rtol=1e-12)


def test_the_economy_balances_as_the_table_does() -> None:
    table = small_table()
    economy = table.economy(small_accounts(table))
    for a in economy.regions:
        gap, supply = product_gaps(economy, a)
        assert np.abs(gap).max() < 1e-12 * supply.max()
    assert [f for f in pb.check_economy(economy) if f.severity == "error"] == []


def test_building_of_the_base_year_takes_the_tables_capital_formation() -> None:
    table = small_table()
    economy = table.economy(small_accounts(table))
    c = economy.category_names.index("formation")
    for a in economy.regions:
        took = a.capital_required @ a.building[0].ravel()
        np.testing.assert_allclose(took, a.final_use[:, c], rtol=1e-12)


def test_capacity_grows_as_the_stock_does() -> None:
    table = small_table()
    economy = table.economy(small_accounts(table))
    for a in economy.regions:
        after = (1 - a.depreciation) * a.capacity + a.building[0]
        np.testing.assert_allclose(after / a.capacity, 1.03, rtol=1e-9)


def test_a_shrinking_stock_still_serves_base_year_output() -> None:
    table = small_table()
    accounts = small_accounts(table)
    data = accounts.data.copy()
    data.loc[("AAA", "farm"), "investment"] = 0.0
    economy = table.economy(small_accounts(table, data=data))
    a = economy.region("AAA")
    after = (1 - a.depreciation) * a.capacity + a.building[0]
    assert (after[0] >= a.level * (1 - 1e-12)).all()
    assert economy.imputed is not None
    told = economy.imputed[economy.imputed["measure"] == "utilisation"]
    assert told[["region", "activity"]].to_numpy().tolist() == [["AAA", "farm"]]


def test_incomes_split_value_added() -> None:
    table = small_table()
    added = table.economy(small_accounts(table)).region("AAA").value_added
    assert set(added) == {"labour", "capital", "other_value_added"}
    np.testing.assert_allclose(added["labour"], 0.2, rtol=1e-12)


def test_a_region_without_accounts_takes_its_donors_intensities() -> None:
    table = small_table()
    accounts = small_accounts(table)
    data = accounts.data.drop(index="BBB", level="region")
    economy = table.economy(small_accounts(table, data=data, donors={"BBB": ("AAA",)}))
    first, second = economy.region("AAA"), economy.region("BBB")
    np.testing.assert_allclose(second.factor_use, first.factor_use, rtol=1e-12)
    imputed = economy.imputed
    assert imputed is not None
    assert set(imputed[imputed["region"] == "BBB"]["donors"]) >= {"AAA"}
    assert set(imputed["activity"]) == {"all"}


def test_one_missing_cell_is_filled_in_and_told() -> None:
    table = small_table()
    data = small_accounts(table).data.copy()
    data.loc[("AAA", "steel", 2005), "hours"] = np.nan
    economy = table.economy(small_accounts(table, data=data))
    imputed = economy.imputed
    assert imputed is not None
    assert imputed.to_numpy().tolist() == [
        ["AAA", "steel", "hours", "donors' amount per unit of output", "all others"]
    ]


def test_a_stock_not_published_in_the_base_year_is_carried_forward() -> None:
    table = small_table()
    data = small_accounts(table).data.copy()
    last = data.index.get_level_values("year") == 2005
    data.loc[last & data.index.isin(["AAA"], level="region"), ["capital_stock", "investment"]] = (
        np.nan
    )
    economy = table.economy(small_accounts(table, data=data))
    imputed = economy.imputed
    assert imputed is not None
    methods = imputed.set_index("measure")["method"]
    assert methods["stock"] == (
        "perpetual inventory from 2004, investment as in that year where none is published"
    )
    assert methods["investment"] == "as in 2004, at constant prices"


def test_without_accounts_labour_is_counted_in_pay_and_capital_is_the_bundled_economys() -> None:
    table = small_table()
    halves = pd.DataFrame(
        np.outer([0.6, 0.4], table.value_added.iloc[0]),
        ["compensation of employees", "surplus"],
        table.value_added.columns,
    )
    economy = small_table(value_added=halves).economy()
    assert [(f.name, f.role, f.unit) for f in economy.factors] == [
        ("labour", "labour", "million 2005 EUR of compensation")
    ]
    a = economy.region("AAA")
    np.testing.assert_allclose(a.factor_use[0] * a.level, halves.loc[halves.index[0], "AAA"])
    imputed = economy.imputed
    assert imputed is not None
    assert set(imputed["measure"]) == {
        "hours",
        "stock",
        "depreciation",
        "capital_income",
        "investment",
    }
    assert set(imputed[imputed["measure"] == "stock"]["donors"]) == {"world-2000"}


def test_labour_is_scarce_and_other_factors_are_free_until_somebody_limits_them() -> None:
    table = small_table()
    factors = pd.DataFrame(1.0, ["hours", "land"], table.gross_output.index)
    units = {"hours": "million hours", "land": "km2"}
    economy = small_table(factors=factors, factor_units=units).economy()
    assert {f.name: f.role for f in economy.factors} == {"hours": "labour", "land": "other"}
    np.testing.assert_array_equal(economy.region("AAA").endowment, [3.0, np.inf])


def test_hours_of_the_table_itself_come_before_those_of_the_accounts() -> None:
    table = small_table()
    factors = pd.DataFrame(1.0, ["hours"], table.gross_output.index)
    one = small_table(factors=factors, factor_units={"hours": "million hours"})
    economy = one.economy(small_accounts(table))
    a = economy.region("AAA")
    np.testing.assert_allclose(a.factor_use * a.level, [[1.0, 1.0, 1.0]], rtol=1e-12)


def test_capital_without_a_price_counts_at_base_year_prices() -> None:
    table = small_table()
    accounts = small_accounts(table)
    economy = table.economy(
        small_accounts(table, data=accounts.data.drop(columns="investment_price"))
    )
    same = table.economy(accounts)
    for a, b in zip(economy.regions, same.regions, strict=True):
        np.testing.assert_allclose(a.building[0], b.building[0], rtol=1e-12)
    assert economy.imputed is not None
    assert set(economy.imputed["measure"]) == {"investment_price"}


def test_a_stated_donor_is_one_region_of_the_bundled_economy() -> None:
    usa = small_table().economy(donor="USA")
    assert usa.imputed is not None
    assert "world-2000 USA" in set(usa.imputed["donors"])
    with pytest.raises(UnknownNameError, match="There is no donor 'ROW'"):
        small_table().economy(donor="ROW")


def test_ratios_of_a_donor_are_its_own() -> None:
    economy = pb.read_economy("world-2000")
    usa, one, every = economy.region("USA"), bundled_ratios("USA"), bundled_ratios()
    agr = usa.activities.index("AGR")
    paid = usa.value_added["labour"][agr]
    assert one.loc["AGR", "labour_income"] == pytest.approx(paid)
    assert one.loc["AGR", "depreciation"] == pytest.approx(usa.depreciation[0, agr])
    assert every.loc["AGR", "labour_income"] != pytest.approx(paid)


def test_exports_and_imports_of_an_outside_without_accounts() -> None:
    table = small_table()
    rows = table.transactions.index.append(
        pd.MultiIndex.from_product([[OUTSIDE], SECTORS], names=["region", "sector"])
    )
    more = table.transactions.reindex(rows).fillna(2.0)
    added = table.value_added - 6.0
    final = table.final_use.reindex(rows).fillna(0.0)
    one = small_table(transactions=more, final_use=final, value_added=added)
    economy = one.economy(small_accounts(table))
    p = economy.partners.index(OUTSIDE)
    np.testing.assert_allclose(economy.region("AAA").imports[:, p], 6.0)


def test_labels_that_do_not_fit_are_refused() -> None:
    table = small_table()
    with pytest.raises(InvalidTableError) as error:
        small_table(gross_output=table.gross_output.iloc[::-1])
    assert str(error.value) == (
        "The labels of table 'small-2005' do not fit.\n\n"
        "    gross output: another order\n\n"
        "Every row and column needs one label, the same in every part of the table."
    )


def test_labels_that_only_one_part_has_are_named() -> None:
    table = small_table()
    factors = pd.DataFrame(1.0, ["land"], table.final_use.columns)
    with pytest.raises(InvalidTableError) as error:
        small_table(
            value_added=table.value_added.rename(columns={"steel": "iron"}, level="sector"),
            factors_final_use=factors.iloc[:, 1:],
        )
    assert error.value.evidence == (
        "value added: AAA iron, AAA steel, BBB iron and 1 more",
        "factors final use: AAA households",
    )


def test_labels_stand_once() -> None:
    table = small_table()
    columns = table.transactions.columns.to_list()
    columns[1] = columns[0]
    flows = table.transactions.set_axis(
        pd.MultiIndex.from_tuples(columns, names=["region", "sector"]), axis=1
    )
    with pytest.raises(InvalidTableError) as error:
        small_table(transactions=flows)
    assert error.value.evidence[0] == "columns: 1 labels stand twice, such as AAA, farm"


def test_a_missing_number_is_refused() -> None:
    table = small_table()
    hole = table.transactions.copy()
    hole.iloc[0, 0] = np.nan
    first = " ".join(hole.index[0])
    taxes = pd.DataFrame(np.nan, ["vat"], table.final_use.columns)
    with pytest.raises(InvalidTableError) as error:
        small_table(transactions=hole, final_use_taxes=taxes)
    assert str(error.value) == (
        "Table 'small-2005' has cells without a finite number.\n\n"
        f"    transactions: 1, first {first} x {first}: nan\n"
        "    final_use_taxes: 6, first vat x AAA households: nan\n\n"
        "A missing number is not zero: correct the file, or write the zeros."
    )


def test_an_infinite_number_is_refused() -> None:
    table = small_table()
    added, output = table.value_added.copy(), table.gross_output.copy()
    added.iloc[0, 1], output.iloc[0] = np.inf, -np.inf
    first, second = (" ".join(label) for label in added.columns[:2])
    with pytest.raises(InvalidTableError) as error:
        small_table(value_added=added, gross_output=output)
    assert error.value.evidence == (
        f"gross_output: 1, first {first}: -inf",
        f"value_added: 1, first {added.index[0]} x {second}: inf",
    )


def test_a_price_basis_must_be_one_that_is_known() -> None:
    with pytest.raises(InvalidTableError) as error:
        publication(price_basis="market")
    assert str(error.value) == (
        "Table 'small-2005' has the price_basis 'market'.\n\n"
        "    known: basic, producers, purchasers\n\n"
        "Say which one holds; tables of different bases are never mixed."
    )


@pytest.mark.parametrize(
    ("name", "industry"),
    [
        ("Agriculture, hunting, forestry and fishing", "AGR"),
        ("Oil and gas extraction", "MIN"),
        ("Petroleum and coal products", "CHM"),
        ("Food services and drinking places", "TRD"),
        ("Manufacture of other non-metallic mineral products", "MMT"),
        ("Wholesale trade, except of motor vehicles and motorcycles", "TRD"),
        ("Manufacture of motor vehicles, trailers and semi-trailers", "TEQ"),
        ("Computer programming, consultancy and related activities", "BUS"),
        ("Nothing of the kind", None),
    ],
)
def test_industries_are_known_by_their_names(name: str, industry: str | None) -> None:
    assert bundled_industry(name) == industry


def with_growth_of_school(growth: float) -> pb.Economy:
    """The small world, the capital of AAA's schools growing at this rate in the base year."""
    table = small_table()
    data = small_accounts(table).data.copy()
    at = ("AAA", "school", 2005)
    before = data.loc[("AAA", "school", 2004), "capital_stock"]
    data.loc[at, "investment"] = (0.03 + growth) * before
    data.loc[at, "capital_stock"] = (1 + growth) * before
    data["depreciation"] = data.index.get_level_values("activity").map(DEPRECIATION)
    return table.economy(small_accounts(table, data=data))


def test_use_by_government_grows_no_faster_than_the_capital_that_serves_it() -> None:
    economy = with_growth_of_school(0.002)
    a = economy.region("AAA")
    i, c = economy.product_names.index("school"), economy.category_names.index("state")
    share = a.final_use[i, c] / a.gross_output[i]
    assert economy.growth is not None
    rates = economy.growth[economy.growth["quantity"] == "government"]
    assert rates["region"].tolist() == ["AAA"]
    assert rates["value"].iloc[0] == pytest.approx(0.002 / share, abs=1.01e-4)
    assert rates["value"].iloc[0] <= 0.002 / share


def test_use_by_government_may_shrink_with_its_capital_but_not_without_end() -> None:
    economy = with_growth_of_school(-0.2)
    assert economy.growth is not None
    rates = economy.growth[economy.growth["quantity"] == "government"]
    assert rates["value"].tolist() == [-0.01]


# What is refused ----------------------------------------------------------------------------------


def test_final_use_without_a_role_is_refused() -> None:
    table = small_table(roles={"households": "households", "formation": "capital_formation"})
    with pytest.raises(InvalidTableError) as error:
        table.economy(small_accounts(table))
    assert str(error.value) == (
        "Categories of final use of table 'small-2005' have no role.\n\n"
        "    state\n\n"
        "Give each one of households, government, given, capital_formation, inventories, ordered."
    )


def test_a_table_without_capital_formation_is_refused() -> None:
    table = small_table(roles=dict.fromkeys(["households", "state", "formation"], "given"))
    with pytest.raises(InvalidTableError) as error:
        table.economy(small_accounts(table))
    assert str(error.value) == (
        "No category of final use of table 'small-2005' is capital formation.\n\n"
        "    households: given\n    state: given\n    formation: given\n\n"
        "Give one the role 'capital_formation': it says what building takes."
    )


def test_capital_formation_without_investment_is_refused() -> None:
    table = small_table()
    data = small_accounts(table).data.copy()
    data.loc["BBB", "investment"] = 0.0
    formed = table.final_use.xs("formation", level="category", axis=1).sum()["BBB"]
    with pytest.raises(InvalidTableError) as error:
        table.economy(small_accounts(table, data=data))
    assert str(error.value) == (
        "The table has capital formation where the accounts say that nobody invests.\n\n"
        f"    BBB: capital formation {formed:,.0f}, investment 0\n\n"
        "Correct investment, or leave it out: it is then taken from the table's formation."
    )


def test_where_no_capital_is_formed_building_takes_nothing_and_it_is_noted() -> None:
    table = small_table()
    final = table.final_use.copy()
    final[("AAA", "formation")] = 0.0
    output = table.transactions.sum(axis=1) + final.sum(axis=1)
    economy = small_table(final_use=final, gross_output=output).economy(small_accounts(table))
    assert economy.region("AAA").capital_required.nnz == 0
    assert economy.notes[-1] == "Building takes nothing where the table forms no capital: AAA."
