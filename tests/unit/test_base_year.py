"""The base year from accounts that lack some of it: what is filled in, with what, and told."""

import numpy as np
import pandas as pd
import pytest

from planboard.errors import InvalidTableError
from planboard.tables import Accounts, InputOutputTable
from planboard.tables.base_year import (
    BaseYear,
    carried_forward,
    from_donors,
    published,
    with_depreciation,
    with_formation,
    with_inventory,
    with_utilisation,
    without_disposals,
)
from planboard.tables.capital import capital_table
from planboard.tables.history import actual_table, growth_table, persons_table
from planboard.tables.public_use import government_growth
from tables import DEPRECIATION, REGIONS, publication, small_accounts, small_table

STEEL = ("AAA", "steel")
AT = (*STEEL, 2005)


def with_changes(at: tuple[str, str, int], **cells: float) -> pd.DataFrame:
    """The small world's accounts with other cells of one activity and year."""
    data = small_accounts(small_table()).data.copy()
    for measure, value in cells.items():
        data.loc[at, measure] = value
    return data


def base_of(data: pd.DataFrame) -> tuple[BaseYear, Accounts]:
    """The base year as published, with depreciation."""
    table = small_table()
    accounts = small_accounts(table, data=data)
    base = published(accounts, table.gross_output.rename_axis(["region", "activity"]), 2005)
    return with_depreciation(base, accounts), accounts


def test_rates_from_years_after_the_base_year_are_told_with_their_years() -> None:
    table = small_table(publication=publication(year=2003))
    data = small_accounts(table).data.copy()
    data.loc[data.index.droplevel("year") == STEEL, "investment"] *= 9
    third = data.xs("BBB", level="region", drop_level=False).rename(index={"BBB": "CCC"})
    economy = table.economy(small_accounts(table, data=pd.concat([data, third])))
    assert economy.imputed is not None
    told = economy.imputed[economy.imputed["measure"] == "depreciation"]
    years = "in 2001-2005, for want of enough years before"
    own, elsewhere = (
        f"what stock and investment imply {years}",
        "median of the same activity elsewhere",
    )
    assert told[["region", "activity", "method", "donors"]].to_numpy().tolist() == [
        ["BBB", "all", own, ""],
        ["AAA", "farm", own, ""],
        ["AAA", "school", own, ""],
        ["AAA", "steel", f"{elsewhere} {years}", "all others"],
    ]


def test_rates_from_years_up_to_the_base_year_are_the_accounts_own() -> None:
    base, _ = base_of(small_accounts(small_table()).data)
    assert base.filled == ()
    np.testing.assert_allclose(base.data["depreciation"], [*DEPRECIATION.values()] * 2, rtol=1e-12)


def test_stocks_carried_forward_take_the_investment_and_prices_that_are_published() -> None:
    at = ("AAA", "steel", 2005)
    base, accounts = base_of(
        with_changes(at, capital_stock=np.nan, investment=220.0, investment_price=110.0)
    )
    last = accounts.data.loc[("AAA", "steel", 2004), "capital_stock"]
    found = carried_forward(base, accounts).data.loc[("AAA", "steel")]
    assert found["stock"] == pytest.approx(1.1 * (0.9 * last + 200.0))
    assert found["investment"] == 220.0


def test_stocks_carried_forward_without_a_price_move_with_the_price_of_output() -> None:
    data = with_changes(
        ("AAA", "steel", 2005), capital_stock=np.nan, investment=np.nan, investment_price=np.nan
    )
    now = (data.index.get_level_values("region") == "AAA") & (
        data.index.get_level_values("year") == 2005
    )
    data.loc[now, "output_price"] = 120.0
    data["exchange_rate"] = np.where(now, 0.5, 1.0)
    base, accounts = base_of(data)
    last = accounts.data.loc[("AAA", "steel", 2004)]
    found = carried_forward(base, accounts).data.loc[("AAA", "steel")]
    real = 0.9 * last["capital_stock"] + last["investment"]
    assert found["stock"] == pytest.approx(0.5 * 1.2 * real)
    assert found["investment"] == pytest.approx(0.5 * 1.2 * last["investment"])


@pytest.mark.parametrize("without", [[], ["output"], ["exchange_rate", "output_price"]])
def test_accounts_of_earlier_years_alone_leave_stocks_unknown(
    without: list[str],
) -> None:
    data = small_accounts(small_table()).data
    data = data[data.index.get_level_values("year") < 2005].drop(columns=without)
    base, accounts = base_of(data)
    assert carried_forward(base, accounts).data["stock"].isna().all()


def test_perpetual_inventory_goes_through_years_without_a_published_stock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tables.YEARS", range(1994, 2006))
    data = small_accounts(small_table()).data.copy()
    year, own = data.index.get_level_values("year"), data.index.isin(["BBB"], level="region")
    data.loc[own, "investment"] *= 1 + 0.4 * (year[own] - 1994)
    data.loc[year == 1997, "capital_stock"] = np.nan
    base, accounts = base_of(data)
    steel = data.xs(("BBB", "steel"))
    stock = steel.loc[1994, "capital_stock"]
    for invested in steel["investment"].loc[1995:]:
        stock = 0.9 * stock + invested
    found = with_inventory(base, accounts)
    assert found.data.loc[("BBB", "steel"), "stock"] == pytest.approx(stock)
    assert found.filled[-1][3] == (
        "perpetual inventory from 1994: the published stock contradicts its investment"
    )


def test_who_invests_nothing_and_never_had_a_stock_has_no_capital_and_it_is_noted() -> None:
    data = small_accounts(small_table()).data.copy()
    data.loc[("AAA", "school"), ["capital_stock", "investment"]] = [np.nan, 0.0]
    economy = small_table().economy(small_accounts(small_table(), data=data))
    assert economy.region("AAA").capacity[0, 2] == np.inf
    assert economy.notes[-1] == "No capital, for want of investment and of a stock: AAA school."


def test_who_had_a_stock_and_invests_nothing_has_what_is_left_of_it() -> None:
    base, accounts = base_of(
        with_changes(("AAA", "steel", 2005), capital_stock=np.nan, investment=0.0)
    )
    last = accounts.data.loc[("AAA", "steel", 2004), "capital_stock"]
    found = carried_forward(base, accounts).data.loc[("AAA", "steel")]
    assert found["stock"] == pytest.approx(0.9 * last)


def paying(farm: float) -> InputOutputTable:
    """The small table with pay as an item, that of farms in AAA so much."""
    added = small_table().value_added.iloc[0]
    pay = 0.6 * added
    pay.iloc[0] = farm
    items = ["compensation of employees", "surplus"]
    return small_table(value_added=pd.DataFrame([pay, added - pay], items))


@pytest.mark.parametrize("pay", [0.0, -1.0])
def test_who_pays_nobody_takes_no_labour(pay: float) -> None:
    economy = paying(pay).economy()
    assert economy.region("AAA").factor_use[0, 0] == 0
    assert economy.region("AAA").factor_use[0, 1] > 0
    assert economy.imputed is not None
    assert "labour_income" not in set(economy.imputed["measure"])
    told = economy.imputed[economy.imputed["method"] == "pay below zero: no labour"]
    assert told[["region", "activity"]].to_numpy().tolist() == [["AAA", "farm"]] * (pay < 0)


def test_persons_say_where_they_are_from() -> None:
    data = with_changes(("BBB", "steel", 2005), persons=np.nan)
    data.loc["AAA", "persons"] = np.nan
    base, accounts = base_of(data)
    table = persons_table(from_donors(base, ["persons"], accounts, REGIONS), accounts)
    assert table["source"].tolist() == [
        "imputed from donors",
        "accounts by hand, in part imputed from donors",
    ]
    base, accounts = base_of(small_accounts(small_table()).data)
    assert set(persons_table(base, accounts)["source"]) == {"accounts by hand"}


def test_past_growth_is_of_hours_and_of_real_output_per_hour() -> None:
    table = small_table()
    data = small_accounts(table).data.copy()
    now = data.index.get_level_values("year") == 2005
    data.loc[now, "hours"] *= 1.1
    data.loc[now, ["output", "output_price"]] *= [1.5, 1.2]
    data.loc[("AAA", "farm", 2000), "hours"] = np.nan
    data.loc["BBB", "hours"] = np.where(data.loc["BBB"].index.get_level_values("year") > 2000, 1, 0)
    growth = growth_table(small_accounts(table, data=data), REGIONS, 2005)
    assert growth[["region", "quantity", "assumed"]].to_numpy().tolist() == [
        ["AAA", "labour", 0],
        ["AAA", "productivity", 0],
    ]
    expected = [1.1**0.2 - 1, (1.5 / 1.2 / 1.1) ** 0.2 - 1]
    np.testing.assert_allclose(growth["value"].astype(float), expected, rtol=1e-12)


def with_more_regions(*names: str) -> tuple[pd.DataFrame, pd.Series]:
    """The small world's accounts and output, other regions being like BBB."""
    data, output = small_accounts(small_table()).data, small_table().gross_output
    output = output.rename_axis(["region", "activity"])
    more = [{"BBB": name} for name in names]
    accounts = [data.loc[["BBB"]].rename(index=name, level="region") for name in more]
    return (
        pd.concat([data, *accounts]).sort_index(),
        pd.concat([output, *(output.loc[["BBB"]].rename(index=n, level="region") for n in more)]),
    )


def test_money_is_in_that_of_the_table_and_stocks_at_prices_of_the_base_year() -> None:
    data = with_changes(AT, exchange_rate=0.5, investment_price=110.0)
    found = base_of(data)[0].data.loc[STEEL]
    given = data.loc[AT]
    assert found["stock"] == pytest.approx(given["capital_stock"] * 1.1 * 0.5)
    for measure in ("investment", "labour_income", "capital_income"):
        assert found[measure] == pytest.approx(0.5 * given[measure])
    assert found["hours"] == given["hours"]


def test_a_rate_that_is_not_known_is_the_median_of_those_elsewhere() -> None:
    data, output = with_more_regions("CCC", "DDD")
    data.loc[STEEL, "capital_stock"] = np.nan
    data.loc[data.index.droplevel("year") == ("DDD", "steel"), "investment"] *= 1.3
    accounts = small_accounts(small_table(), data=data)
    found = with_depreciation(published(accounts, output, 2005), accounts)
    assert found.data.loc[STEEL, "depreciation"] == pytest.approx(0.1)
    assert found.data.loc[("DDD", "steel"), "depreciation"] == pytest.approx(0.1 + 0.3 * 0.13)


def test_only_stated_donors_stand_in_for_a_region() -> None:
    data, output = with_more_regions("CCC")
    data = data.drop(index="CCC", level="region")
    data.loc["BBB", "hours"] = 7.0
    data.loc[AT, "hours"] = np.nan
    accounts = small_accounts(small_table(), data=data, donors={"CCC": ("AAA",)})
    base = from_donors(published(accounts, output, 2005), ["hours"], accounts, REGIONS)
    per = base.data["hours"] / base.output
    assert per["CCC", "farm"] == pytest.approx(0.02)
    # AAA's own steel is filled in first, from all others: BBB.
    assert per["CCC", "steel"] == pytest.approx(7.0 / output["BBB", "steel"])
    assert base.filled[-1] == (
        "CCC", "all", "hours", "donors' amount per unit of output", "AAA"
    )  # fmt: skip


def test_where_no_donor_has_the_activity_their_mean_serves() -> None:
    data = with_changes(AT, hours=np.nan)
    data.loc[("BBB", "steel", 2005), "hours"] = np.nan
    base, accounts = base_of(data)
    hours, output = base.data["hours"]["BBB"], base.output["BBB"]
    mean = hours[["farm", "school"]].sum() / output[["farm", "school"]].sum()
    found = from_donors(base, ["hours"], accounts, REGIONS).data["hours"]
    assert found[STEEL] == pytest.approx(mean * base.output[STEEL])


def test_capital_formation_of_a_region_without_investment_makes_all_stocks_grow_alike() -> None:
    data = small_accounts(small_table()).data.copy()
    data.loc["AAA", "investment"] = np.nan
    base, _ = base_of(data)
    stock, rate = base.data["stock"]["AAA"], base.data["depreciation"]["AAA"]
    total = 0.12 * stock.sum()
    found = with_formation(base, pd.Series({"AAA": total, "BBB": 1.0}))
    invested = found.data["investment"]["AAA"]
    assert invested.sum() == pytest.approx(total)
    growth = stock * (1 - rate) / (stock - invested)
    np.testing.assert_allclose(growth, growth.iloc[0], rtol=1e-12)
    assert found.data["investment"]["BBB"].equals(base.data["investment"]["BBB"])


@pytest.mark.parametrize("share", [0.001, 0.3, 1.5])
def test_capital_formation_that_does_not_go_with_the_stock_is_left_to_donors(share: float) -> None:
    data = small_accounts(small_table()).data.copy()
    data.loc["AAA", "investment"] = np.nan
    base, _ = base_of(data)
    total = share * base.data["stock"]["AAA"].sum()
    assert with_formation(base, pd.Series({"AAA": total})).filled == base.filled


def test_more_sold_than_bought_counts_as_no_investment_and_is_told() -> None:
    base = without_disposals(base_of(with_changes(AT, investment=-3.0))[0])
    assert base.data.loc[STEEL, "investment"] == 0.0
    assert base.filled == (
        ("AAA", "steel", "investment", "sales of assets exceed purchases: none", ""),
    )


def test_utilisation_is_what_is_left_of_a_shrinking_stock_and_full_elsewhere() -> None:
    base = with_utilisation(base_of(with_changes(AT, capital_stock=95.0, investment=5.0))[0])
    used = base.data["utilisation"]
    # What was there before, 90 / (1 - depreciation), is left at 95.
    rate = base.data.loc[STEEL, "depreciation"]
    assert used[STEEL] == pytest.approx(95 * (1 - rate) / 90)
    assert (used.drop(STEEL) == 1.0).all()


def test_investment_beyond_the_whole_stock_keeps_it_growing_by_two_percent() -> None:
    base = with_utilisation(base_of(with_changes(AT, capital_stock=5.0, investment=12.0))[0])
    rate = base.data.loc[STEEL, "depreciation"]
    table, filled = capital_table(base)
    row = table.set_index(["region", "activity"]).loc[STEEL]
    assert row["stock_before"] == pytest.approx(12.0 / (rate + 0.02))
    assert row["building"] == pytest.approx((rate + 0.02) * row["capacity"])
    method = "investment exceeds the stock: it is assumed to grow by 2% a year"
    assert filled == [("AAA", "steel", "stock", method, "")]


def test_what_happened_is_at_base_year_prices() -> None:
    table = small_table()
    data = small_accounts(table).data.copy()
    data.loc[(*STEEL, 2004), "output_volume"] = 105.0
    data.loc[AT, "output_volume"] = 126.0
    accounts = small_accounts(table, data=data)
    base = published(accounts, table.gross_output.rename_axis(["region", "activity"]), 2004)
    told = actual_table(accounts, base, {"unit": "million"})
    steel = told[(told["region"] == "AAA") & (told["name"] == "steel")]
    output = steel[steel["quantity"] == "output"].set_index("year")["value"]
    assert output.to_dict() == pytest.approx(
        {2004: base.output[STEEL], 2005: 1.2 * base.output[STEEL]}
    )
    hours = steel[steel["quantity"] == "hours"].set_index("year")["value"]
    assert hours.to_dict() == {2004: data.loc[(*STEEL, 2004), "hours"], 2005: data.loc[AT, "hours"]}


def test_accounts_say_a_thing_once_by_names_that_are_known() -> None:
    accounts = small_accounts(small_table())
    data = pd.concat([accounts.data, accounts.data.loc[[AT]]]).assign(profit=1.0)
    with pytest.raises(InvalidTableError) as error:
        small_accounts(small_table(), data=data)
    assert error.value.happened == "The accounts from accounts by hand cannot be used."
    assert error.value.evidence == (
        "unknown measure 'profit'",
        "AAA, steel, 2005: stands twice",
    )
    with pytest.raises(InvalidTableError) as error:
        small_accounts(small_table(), data=accounts.data.rename_axis(["region", "sector", "year"]))
    assert error.value.evidence == ("keys region, sector, year",)


def test_series_without_a_unit_are_numbers() -> None:
    series = small_accounts(small_table()).series().drop_duplicates("measure").set_index("measure")
    assert series.loc["hours", "unit"] == "million hours"
    assert series.loc["output_price", "unit"] == "1"


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        ((50.0, 9.0), [0.0112]),  # 0.0056125 / 0.5, never rounded up; steel's share is too small
        ((50.0, 20.0), [-0.01]),  # steel's stock shrinks by 0.1: at least -0.01
        ((20.0, 0.0), []),  # 0.028 is more than the default
        ((300.0, 0.0), [0.0056]),  # more than is made at home: the whole of it
    ],
)
def test_government_grows_by_the_slack_over_its_share(
    served: tuple[float, float], expected: list[float]
) -> None:
    names = ["school", "steel"]
    keys = {"region": "AAA", "activity": names}
    capital = {"capacity": [100.0, 200.0], "depreciation": 0.1, "building": [10.56125, 0.0]}
    final = {"region": "AAA", "product": names, "category": "state", "value": served}
    tables = {
        "activity": pd.DataFrame({**keys, "level": 100.0}),
        "supply": pd.DataFrame({**keys, "product": names, "value": 100.0}),
        "capital": pd.DataFrame({**keys, **capital}),
        "final_use": pd.DataFrame(final),
    }
    head = {"categories": {"state": {"role": "government"}}}
    assert government_growth(head, tables)["value"].tolist() == expected
