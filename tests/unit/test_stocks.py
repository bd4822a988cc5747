"""Capital from its accounts: depreciation, perpetual inventory, contradicting stocks."""

import numpy as np
import pandas as pd
import pytest

from planboard.tables import Accounts
from planboard.tables.stocks import (
    drifting_regions,
    implied_depreciation,
    implied_rates,
    perpetual_inventory,
    real_stock,
    stock_before,
)
from tables import DEPRECIATION, small_accounts, small_table


def changed(accounts: Accounts, region: str, **columns: pd.Series) -> Accounts:
    data = accounts.data.copy()
    at = data.index.get_level_values("region") == region
    for name, values in columns.items():
        data.loc[at, name] = values[at]
    return small_accounts(small_table(), data=data)


def test_depreciation_is_what_stock_and_investment_imply() -> None:
    found = implied_depreciation(small_accounts(small_table()), 2005)
    expected = found.index.get_level_values("activity").map(DEPRECIATION)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("year", "first"), [(1996, 1995), (1999, 1995), (2003, 1999), (2005, 2001), (2008, 2001)]
)
def test_rates_are_of_the_last_five_years_or_the_first(
    monkeypatch: pytest.MonkeyPatch, year: int, first: int
) -> None:
    """Accounts of 1994-2005, which say what was lost from 1995 on."""
    monkeypatch.setattr("tables.YEARS", range(1994, 2006))
    rates = implied_rates(small_accounts(small_table()), year)
    assert rates.columns.tolist() == list(range(first, first + 5))


def losing(region: str, *rates: float, activities: tuple[str, ...] = ("steel",)) -> Accounts:
    """The small accounts, these activities losing these shares of their stock in 2001-2005."""
    accounts = small_accounts(small_table())
    data = accounts.data.copy()
    for activity in activities:
        stock = data.loc[(region, activity), "capital_stock"].to_numpy()
        lost = np.array(rates) * stock[:-1]
        data.loc[[(region, activity, y) for y in range(2001, 2006)], "investment"] = (
            np.diff(stock) + lost
        )
    return small_accounts(small_table(), data=data)


def test_a_rate_far_below_its_peers_is_one_if_it_is_steady() -> None:
    steady = implied_depreciation(losing("BBB", 0.02, 0.021, 0.02, 0.019, 0.02), 2005)
    assert steady["BBB", "steel"] == pytest.approx(0.02)
    revised = implied_depreciation(losing("BBB", 0.0, 0.05, 0.0, 0.05, 0.0), 2005)
    assert np.isnan(revised["BBB", "steel"])


def test_a_rate_that_drifts_up_to_that_of_others_is_no_drift() -> None:
    up = losing("BBB", 0.02, 0.025, 0.03, 0.04, 0.05, activities=tuple(DEPRECIATION))
    assert drifting_regions(up, 2005) == []


def test_perpetual_inventory_carries_the_published_stock_forward() -> None:
    accounts = small_accounts(small_table())
    stock = real_stock(accounts)
    rate = implied_depreciation(accounts, 2005)
    investment = accounts.data["investment"].unstack("year")
    carried = perpetual_inventory(stock[2000], investment[[2001, 2002, 2003, 2004, 2005]], rate)
    np.testing.assert_allclose(carried, stock[[2001, 2002, 2003, 2004, 2005]], rtol=1e-12)


def test_the_stock_before_leaves_room_for_loss_and_investment() -> None:
    before = stock_before(pd.Series([103.0, 5.0]), pd.Series([8.0, 6.0]), pd.Series([0.05, 0.1]))
    assert before[0] == pytest.approx(100.0)
    assert np.isnan(before[1])


def test_a_stock_too_smooth_for_its_investment_is_noticed() -> None:
    accounts = small_accounts(small_table())
    assert drifting_regions(accounts, 2005) == []
    year = accounts.data.index.get_level_values("year")
    more = accounts.data["investment"] * (1 + 0.4 * (year - 2000))
    smooth = changed(accounts, "BBB", investment=more)
    assert drifting_regions(smooth, 2005) == ["BBB"]
    assert implied_depreciation(smooth, 2005)["BBB"].isna().all()
    assert implied_depreciation(smooth, 2005)["AAA"].notna().all()


def test_a_rate_far_above_its_peers_is_no_depreciation() -> None:
    accounts = small_accounts(small_table())
    third = accounts.data.xs("AAA", level="region", drop_level=False).rename(index={"AAA": "CCC"})
    data = pd.concat([accounts.data, third])
    at = data.index.isin([("BBB", "steel", year) for year in range(2000, 2006)])
    data.loc[at, "investment"] *= 9
    found = implied_depreciation(small_accounts(small_table(), data=data), 2005)
    assert np.isnan(found["BBB", "steel"])
    assert found["BBB", "farm"] == pytest.approx(0.05)
