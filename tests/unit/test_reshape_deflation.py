"""Deflation: by hand, and laws: balances stay exact, what is left is told, one factor is exact."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reshape_economies import (
    balances,
    columns,
    differences,
    few,
    rich,
    rich_economy,
    rich_folder,
)

import planboard as pb
from economies import Shape, made, rows
from planboard.economy_folder import economy_head, economy_of, economy_tables
from planboard.errors import InvalidTableError, UnknownNameError
from planboard.reshape import (
    aggregate,
    concordance_of,
    deflate,
    read_deflators,
    series_deflators,
)
from planboard.reshape.revaluation import RESIDUAL

SMALL = 1e-9


def deflators(economy: pb.Economy, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    found = [
        (region, product, rng.uniform(0.5, 2), "a guess")
        for region in economy.region_names
        for product in economy.product_names
    ]
    return pd.DataFrame(found, columns=["region", "product", "value", "source"])


def uniform(value: float) -> pd.DataFrame:
    columns = ["region", "product", "value", "source"]
    return pd.DataFrame([("all", "all", value, "a bank")], columns=columns)


def two_regions(**head: object) -> pb.Economy:
    """North makes 100 corn: sells 20 to south, uses 90 with 10 bought from south; hours 50."""
    head = {"coverage": "world", **head}
    tables = {
        "activity": rows("region activity level", ("north", "corn", 100), ("south", "corn", 60)),
        "supply": rows(
            "region product activity value",
            ("north", "corn", "corn", 100),
            ("south", "corn", "corn", 60),
        ),
        "use": rows("region product activity value", ("north", "corn", "corn", 30)),
        "final_use": rows(
            "region product category value",
            ("north", "corn", "households", 60),
            ("south", "corn", "households", 70),
        ),
        "trade": rows(
            "origin destination product value",
            ("north", "south", "corn", 20),
            ("south", "north", "corn", 10),
        ),
        "value_added": rows(
            "region item activity value",
            ("north", "labour", "corn", 70),
            ("south", "labour", "corn", 60),
        ),
    }
    folder = made(tables, **head)
    return economy_of(folder.head, folder.tables)


def by_hand() -> pb.Economy:
    """Corn of north at twice, of south at the same price."""
    table = rows(
        "region product value source", ("north", "corn", 2.0, "x"), ("south", "corn", 1.0, "y")
    )
    return deflate(two_regions(), table, to_year=1990)


# By hand ------------------------------------------------------------------------------------------


def test_imports_have_the_prices_of_their_origins() -> None:
    constant = by_hand()
    north, south = constant.regions
    assert north.gross_output == pytest.approx([50])
    assert south.gross_output == pytest.approx([60])
    assert north.exports[0] == pytest.approx([0, 10])
    assert north.imports[0] == pytest.approx([0, 10])
    # North uses 80 of its own at 2 and 10 of south at 1: 90 become 50, every user alike.
    assert (north.input.toarray() * north.level)[0] == pytest.approx([30 * 50 / 90])
    assert north.final_use[0] == pytest.approx([60 * 50 / 90])
    # South uses 50 of its own and 20 of north: 70 become 60.
    assert south.final_use[0] == pytest.approx([60])


def test_what_double_deflation_leaves_is_an_item_of_its_own() -> None:
    north = by_hand().region("north")
    added = {item: float(v[0] * north.level[0]) for item, v in north.value_added.items()}
    # Output 50, inputs 30 · 5/9; labour at the price of output 35.
    assert added == pytest.approx({"labour": 35, RESIDUAL: 50 - 30 * 50 / 90 - 35})


def test_head_and_history_name_unit_and_deflators() -> None:
    constant = by_hand()
    assert constant.unit == "million 1990 USD"
    assert constant.products[0].unit == "million 1990 USD"
    assert constant.base_year == 2000
    assert constant.notes[-1] == "Flows of 2000 in million 1990 USD; deflators: x; y."
    assert constant.history[-1] == {
        "step": "deflation",
        "detail": "From million USD (USD) to million 1990 USD; deflators: x; y; double deflation "
        "leaves 1.66667 of value added (1.52% of output), in the item deflation_residual; balances "
        "of products stay as they were.",
    }


def test_a_physical_product_keeps_its_quantity_and_changes_its_price() -> None:
    economy = two_regions(products={"corn": {"unit": "tonnes", "price": 3.0}})
    constant = deflate(economy, uniform(2.0), to_year=1990)
    assert constant.region("north").gross_output == pytest.approx([100])
    assert constant.products[0].price == 1.5
    assert constant.products[0].unit == "tonnes"
    table = rows("region product value source", ("all", "all", 2.0, "x"), ("north", "all", 1, "x"))
    with pytest.raises(InvalidTableError) as error:
        deflate(economy, table, to_year=1990)
    assert str(error.value) == (
        "Products in units of their own have one price for all regions.\n\n"
        "    corn (tonnes): 1 to 2\n\n"
        "Give each one deflator, the same in every region."
    )


def test_re_exports_that_leave_a_balance_open_are_told() -> None:
    """North exports more than it makes: its own part of what it uses is negative."""
    economy = two_regions()
    tables = economy_tables(economy)
    tables["trade"] = rows(
        "origin destination product value",
        ("north", "south", "corn", 120),
        ("south", "north", "corn", 110),
    )
    passing = economy_of(economy_head(economy), tables)
    table = rows(
        "region product value source", ("north", "all", 2.0, "x"), ("south", "all", 1, "x")
    )
    constant = deflate(passing, table, to_year=1990)
    assert constant.category_names == ("households", RESIDUAL)
    assert constant.categories[-1].role == "inventories"
    assert np.abs(balances(constant)).max() < SMALL
    # Made 50, bought 110, sold 60; used 90 at the price of imports alone.
    north = constant.region("north")
    assert north.final_use[0] == pytest.approx([60, 10])
    assert "balances of products leave" in constant.history[-1]["detail"]


# Laws ---------------------------------------------------------------------------------------------


@few
@given(rich(), st.integers(0, 1000))
def test_balances_stay_exact(economy: pb.Economy, seed: int) -> None:
    constant = deflate(economy, deflators(economy, seed), to_year=1990)
    assert np.abs(balances(constant)).max() < SMALL
    assert np.abs(columns(constant)).max() < SMALL
    hours = economy_tables(economy)["factor_use"]["value"].sum()
    assert economy_tables(constant)["factor_use"]["value"].sum() == pytest.approx(hours)


@few
@given(rich(), st.floats(0.1, 10))
def test_one_factor_for_all_is_exact(economy: pb.Economy, rate: float) -> None:
    other = deflate(economy, uniform(rate), currency="EUR")
    assert other.unit == "million EUR"
    assert other.currency == "EUR"
    assert RESIDUAL not in other.regions[0].value_added
    for a, b in zip(economy.regions, other.regions, strict=True):
        for what in ("input", "output", "capital_required"):
            mine, theirs = getattr(a, what).toarray(), getattr(b, what).toarray()
            assert theirs == pytest.approx(mine, rel=1e-14)
        assert b.final_use * rate == pytest.approx(a.final_use, rel=1e-14)
        assert b.factor_use / rate == pytest.approx(a.factor_use, rel=1e-14)
        assert b.capacity * rate == pytest.approx(a.capacity, rel=1e-14)
    worth = (economy.actual["unit"] == economy.unit).to_numpy()
    mine, theirs = economy.actual["value"].to_numpy(), other.actual["value"].to_numpy()
    assert theirs[worth] * rate == pytest.approx(mine[worth])
    assert theirs[~worth] == pytest.approx(mine[~worth])
    rates = economy.series["measure"] == "exchange_rate"
    expected = (economy.series["value"][rates] / rate).to_numpy()
    assert other.series["value"][rates].to_numpy() == pytest.approx(expected)


@few
@given(rich(), st.integers(0, 1000))
def test_back_again_is_where_it_began(economy: pb.Economy, seed: int) -> None:
    """The same prices the other way round; what they left in value added is gone again."""
    table = deflators(economy, seed)
    there = deflate(economy, table, to_year=1990)
    back = deflate(there, table.assign(value=1 / table["value"]), to_year=2000)
    text = back.actual["unit"].str.replace("million 2000 USD", "million USD", regex=False)
    again = replace(back, actual=back.actual.assign(unit=text))
    assert differences(economy, again, but=("value_added",)) == []


# Series -------------------------------------------------------------------------------------------


def example() -> pb.Economy:
    return rich_economy(rich_folder(Shape(2, 3, False, 4)))


def test_deflators_from_the_economy_s_own_series() -> None:
    economy = example()
    s = economy.series.set_index(["measure", "region", "activity", "year"])["value"]
    price, rate = s["output_price"]["north"]["corn"], s["exchange_rate"]["north"]["corn"]
    found = series_deflators(economy, 1999).set_index(["region", "product"])
    expected = price[2000] / price[1999] * rate[2000] / rate[1999]
    assert found.loc[("north", "corn"), "value"] == pytest.approx(expected)
    assert set(found["source"]) == {"series: output_price, exchange_rate"}
    table = deflate(economy, series_deflators(economy, 1999), to_year=1999)
    assert differences(table, deflate(economy, "series", to_year=1999)) == []


def test_a_region_without_prices_takes_those_of_its_donors() -> None:
    economy = example()
    s = economy.series
    silent = replace(economy, series=s[(s["region"] != "south") | (s["measure"] != "output_price")])
    with pytest.raises(InvalidTableError) as error:
        deflate(silent, "series", to_year=1999)
    assert str(error.value) == (
        "The series of 'made' do not say how prices moved from 1999 to 2000.\n\n"
        "    south: all 3\n\n"
        "Name donors for these regions, or give a table of deflators."
    )
    found = series_deflators(silent, 1999, {"south": ["north"]})
    found = found.set_index(["product", "region"])
    assert found.loc[("corn", "south"), "value"] == pytest.approx(
        found.loc[("corn", "north"), "value"]
    )
    assert found.loc[("corn", "south"), "source"] == (
        "series: output_price, exchange_rate; where south has none: mean of north"
    )


def test_years_and_series_that_are_not_there() -> None:
    economy = example()
    with pytest.raises(InvalidTableError) as error:
        deflate(economy, "series", to_year=1950)
    assert str(error.value) == (
        "The series of 'made' do not have output_price of every year asked for.\n\n"
        "    missing: 1950\n\n"
        "Known: 1999, 2000, 2001."
    )
    with pytest.raises(InvalidTableError, match="Economy 'made' has no series"):
        deflate(replace(economy, series=None), "series", to_year=1999)
    with pytest.raises(InvalidTableError, match="Nobody said which year's prices are wanted"):
        deflate(economy, "series")
    with pytest.raises(UnknownNameError, match="no deflator 'serie'"):
        deflate(economy, "serie", to_year=1999)


def test_series_that_stand_twice_are_refused() -> None:
    economy = example()
    twice = replace(economy, series=pd.concat([economy.series, economy.series.head(1)]))
    with pytest.raises(InvalidTableError) as error:
        deflate(twice, "series", to_year=1999)
    assert str(error.value) == (
        "Figures of the series stand twice: 1.\n\n"
        "    north, corn, output, 1999\n\n"
        "Remove one of each pair, or add them up."
    )
    ones = {"region": {"north": "A", "south": "A"}}
    with pytest.raises(InvalidTableError, match="Figures of the series stand twice: 1"):
        aggregate(twice, concordance_of(ones))


# Tables of deflators ------------------------------------------------------------------------------


def test_flows_without_a_deflator_are_all_told() -> None:
    economy = example().part(["north"])
    table = deflators(economy, 1)
    with pytest.raises(InvalidTableError) as error:
        deflate(economy, table[table["product"] != "steel"], to_year=1990)
    assert str(error.value) == (
        "Deflators are missing for flows of 'made'.\n\n"
        "    north: steel\n"
        "    south: all 3\n\n"
        "Add a line for each; imports have the deflator of their origin, 'outside' too."
    )


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> Path:
        Path("prices.csv").write_text(text, encoding="utf-8")
        return Path("prices.csv")

    return written


def test_a_line_that_is_more_exact_goes_first(write: Write) -> None:
    text = "region,product,value,source\nnorth,corn,2,x\nall,all,4,x\nnorth,,5,x\n"
    economy = two_regions()
    constant = deflate(economy, read_deflators(write(text)), to_year=1990)
    assert constant.region("north").gross_output == pytest.approx([50])
    assert constant.region("south").gross_output == pytest.approx([15])


WRONG = {
    "columns": (
        "region,product,value\nall,all,1\n",
        "prices.csv lacks columns of deflators.\n\n"
        "    missing: source\n\n"
        "Name region (or all), product (or all), value and source in the first line.",
    ),
    "values": (
        "region,product,value,source\nall,corn,-1,x\nall,steel,1,\nall,corn,2,x\n",
        "prices.csv holds deflators that cannot be used.\n\n"
        "    all, corn: not a positive number\n"
        "    all, corn: stands twice\n"
        "    all, steel: no source\n\n"
        "A deflator is a positive number that says where it is from.",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_told_of_deflators_that_are_wrong(write: Write, fault: str) -> None:
    text, told = WRONG[fault]
    with pytest.raises(InvalidTableError) as error:
        read_deflators(write(text))
    assert str(error.value) == told


def test_a_region_that_does_not_exist(write: Write) -> None:
    file = write("region,product,value,source\nnort,corn,1,x\n")
    with pytest.raises(UnknownNameError) as error:
        deflate(two_regions(), read_deflators(file), to_year=1990)
    assert str(error.value) == (
        "There is no region 'nort' (deflators).\n\n"
        "Closest names: 'north' (2 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )
