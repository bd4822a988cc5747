"""Joining years: what happened and how fast it grew, at the prices of one year."""

from dataclasses import replace

import pandas as pd
import pytest
from test_reshape_economies import rich_economy, rich_folder

import planboard as pb
from economies import Shape
from planboard.errors import InvalidTableError
from planboard.reshape import aggregate, concordance_of, join_years


def of_year(year: int, seed: int = 6, **changes: object) -> pb.Economy:
    """The tables of a year; all years have the same series."""
    first = rich_economy(rich_folder(Shape(2, 3, False, 6)))
    economy = rich_economy(rich_folder(Shape(2, 3, False, seed)))
    carried = {"series": first.series, "actual": None, "growth": None}
    return replace(economy, base_year=year, name=f"made-{year}", **{**carried, **changes})


def three_years() -> list[pb.Economy]:
    return [of_year(2001, 8), of_year(1999, 7), of_year(2000)]


def value(table: pd.DataFrame, *labels: object) -> float:
    found = table.set_index(["region", "quantity", "name", "year"])["value"]
    return float(found[labels])


def change(economy: pb.Economy, region: str, activity: str, year: int) -> float:
    """Money of a year for money of 2000."""
    s = economy.series.set_index(["measure", "region", "activity", "year"])["value"]
    price, rate = (s[name][region][activity] for name in ("output_price", "exchange_rate"))
    return float(price[year] / price[2000] * rate[year] / rate[2000])


def test_what_happened_is_at_base_year_prices() -> None:
    before, base, after = sorted(three_years(), key=lambda e: e.base_year)
    joined = join_years(three_years(), 2000)
    assert joined.base_year == 2000
    assert joined.name == "made-2000"
    happened = joined.actual
    assert set(happened["year"]) == {2000, 2001}
    a, b = after.region("north"), base.region("north")
    corn = a.activities.index("corn")
    assert value(happened, "north", "output", "corn", 2000) == pytest.approx(b.level[corn])
    assert value(happened, "north", "output", "corn", 2001) == pytest.approx(
        a.level[corn] / change(after, "north", "corn", 2001)
    )
    hours = a.factor_use[0] * a.level
    assert value(happened, "north", "hours", "corn", 2001) == pytest.approx(hours[corn])
    assert value(happened, "north", "hours_by_skill", "hours", 2001) == pytest.approx(hours.sum())
    engaged = after.persons.set_index(["region", "measure"])["value"]["north", "engaged"]
    assert value(happened, "north", "engaged", "all", 2001) == pytest.approx(engaged)
    assert set(happened["unit"]) == {"million USD", "million hours", "thousand persons"}
    assert before.base_year == 1999


def test_final_use_has_the_prices_of_its_origins() -> None:
    after = of_year(2001, 8)
    joined = join_years([of_year(2000), after], 2000)
    a = after.region("north")
    i = after.product_names.index("corn")
    own = change(after, "north", "corn", 2001)
    other = change(after, "south", "corn", 2001)
    domestic = a.gross_output[i] - a.exports[i].sum()
    bought = a.imports[i].sum()
    mean = (domestic + bought) / (domestic / own + bought / other)
    assert value(joined.actual, "north", "final_use", "households/corn", 2001) == pytest.approx(
        a.final_use[i, after.category_names.index("households")] / mean
    )


def test_capital_and_investment_come_from_the_series() -> None:
    base = of_year(2000)
    joined = join_years([base, of_year(2001, 8)], 2000)
    s = base.series.set_index(["measure", "region", "activity", "year"])["value"]
    rate = s["exchange_rate"]["north"]["corn"][2000]
    price = s["investment_price"]["north"]["corn"]
    stock = s["capital_stock"]["north"]["corn"][2001] * price[2000] / 100 * rate
    assert value(joined.actual, "north", "capital", "corn", 2001) == pytest.approx(stock)
    invested = s["investment"]["north"]["corn"][2001] * price[2000] / price[2001] * rate
    assert value(joined.actual, "north", "investment", "corn", 2001) == pytest.approx(invested)


def test_growth_is_that_of_the_years_before() -> None:
    before, base, _ = sorted(three_years(), key=lambda e: e.base_year)
    growth = join_years(three_years(), 2000).growth.set_index(["region", "quantity"])
    hours, output = [], []
    for economy in (before, base):
        a = economy.region("south")
        prices = [change(before, "south", name, economy.base_year) for name in a.activities]
        hours.append((a.factor_use[0] * a.level).sum())
        output.append((a.level / prices).sum())
    labour = hours[1] / hours[0]
    assert growth.loc[("south", "labour"), "value"] == pytest.approx(labour - 1)
    per_hour = output[1] / output[0] / labour
    assert growth.loc[("south", "productivity"), "value"] == pytest.approx(per_hour - 1)
    assert set(growth["assumed"]) == {0.0}


def test_growth_of_imputed_hours_is_assumed() -> None:
    filled = pd.DataFrame(
        [("south", "all", "hours_high", "donors", "north")],
        columns=["region", "activity", "measure", "method", "donors"],
    )
    joined = join_years([of_year(2000), of_year(1999, 7, imputed=filled)], 2000)
    assumed = joined.growth.set_index(["region", "quantity"])["assumed"]
    assert assumed["south", "labour"] == 1
    assert assumed["north", "labour"] == 0


def test_the_history_tells_of_every_year() -> None:
    step = join_years(three_years(), 2000).history[-1]
    assert step["step"] == "years joined"
    assert step["detail"].startswith(
        "Base year 2000; what happened 2000-2001 from the tables of those years; growth 1999-2000. "
        "1999, tests/economies.py: From million USD (USD) to million 2000 USD; deflators: series: "
        "output_price, exchange_rate; double deflation leaves "
    )


def test_stated_deflators() -> None:
    table = pd.DataFrame(
        [("all", "all", 2001, 2.0, "a bank")],
        columns=["region", "product", "year", "value", "source"],
    )
    after = of_year(2001, 8)
    joined = join_years([of_year(2000), after], 2000, deflators=table)
    level = after.region("north").level[0]
    assert value(joined.actual, "north", "output", "corn", 2001) == pytest.approx(level / 2)
    with pytest.raises(InvalidTableError, match="do not say of which year they are"):
        join_years([of_year(2000), after], 2000, deflators=table.drop(columns="year"))


# What is refused ----------------------------------------------------------------------------------


def told(economies: list[pb.Economy], base_year: int = 2000) -> str:
    with pytest.raises(InvalidTableError) as error:
        join_years(economies, base_year)
    return str(error.value)


def test_codes_that_differ_are_told_in_pairs() -> None:
    renamed = concordance_of({"region": {"north": "norte"}, "sector": {"corn": "zzz"}})
    other = replace(aggregate(of_year(2001), renamed, keep_others=True), currency="EUR")
    assert told([of_year(2000), other]) == (
        "The tables of these years do not fit each other.\n\n"
        "    region: 'north' in 2000, 'norte' in 2001\n"
        "    product: 'corn' in 2000 alone\n"
        "    product: 'zzz' in 2001 alone\n"
        "    activity: 'corn' in 2000 alone\n"
        "    activity: 'zzz' in 2001 alone\n"
        "    … and 1 more\n\n"
        "Bring them to the same codes (aggregate renames), money and price basis first."
    )


def test_units_are_compared_by_name_and_of_products_too() -> None:
    first, *others = of_year(2000).products
    tonnes = (*others, replace(first, unit="tonne", price=3.0))
    assert f"    unit of {first.name}: 'million USD' in 2000, 'tonne' in 2001\n" in told(
        [of_year(2000), of_year(2001, products=tonnes)]
    )


def test_romania_is_told_as_rom_and_rou() -> None:
    def romania(year: int, code: str) -> pb.Economy:
        return aggregate(
            of_year(year), concordance_of({"region": {"north": code}}), keep_others=True
        )

    assert "    region: 'ROM' in 2000, 'ROU' in 2001\n" in told(
        [romania(2000, "ROM"), romania(2001, "ROU")]
    )


def test_years_that_cannot_be_joined() -> None:
    remedy = "Give one economy for each year, at least two, one of them of the base year."
    assert told([of_year(2000)]) == (
        f"These economies cannot be joined.\n\n    years: 2000\n\n{remedy}"
    )
    assert told([of_year(2001), of_year(2001)]) == (
        "These economies cannot be joined.\n\n"
        f"    twice: 2001\n    no table of the base year 2000\n\n{remedy}"
    )
