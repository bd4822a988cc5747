"""Audit of published series and of regions beside each other: each fault gives its own finding.

The world here is made: eight regions, ten activities, twelve years, in which all accounts agree.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from economies import Folder, made, rows
from planboard.audit import Finding, check_economy
from planboard.audit.capital import real_investment
from planboard.audit.finding import counted, spans
from planboard.audit.panel import laid_out
from planboard.audit.shifts import slipped
from planboard.audit.units import currencies_of, year_of
from planboard.economy import Economy
from planboard.economy_folder import economy_of
from planboard.reshape import deflate
from planboard.units import scale_of

REGIONS = ("ARG", "BOL", "CHL", "COL", "ECU", "PER", "PRY", "URY")
ACTIVITIES = (
    "farming", "mining", "food", "textiles", "steel", "machines", "power", "building", "trade",
    "services",
)  # fmt: skip
YEARS = tuple(range(1995, 2007))
BASE = 2000
LOCAL = "million units of local currency"
UNITS = {
    "output": LOCAL,
    "output_price": "1995 = 100",
    "output_volume": "1995 = 100",
    "value_added": LOCAL,
    "labour_income": LOCAL,
    "capital_income": LOCAL,
    "persons": "thousand persons",
    "hours": "million hours",
    "hours_high": "million hours",
    "hours_medium": "million hours",
    "hours_low": "million hours",
    "capital_stock": "million units of local currency at 1995 prices",
    "investment": LOCAL,
    "investment_price": "1995 = 100",
    "exchange_rate": "USD per unit of local currency",
}
Edit = Callable[[pd.DataFrame], pd.DataFrame]


def series_of(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Accounts that agree: arrays by region, activity and year."""
    shape = (len(REGIONS), len(ACTIVITIES), len(YEARS))
    noise = lambda size: rng.uniform(-size, size, shape)  # noqa: E731
    growth = np.cumprod(1.03 + noise(0.02), axis=2)
    volume = rng.uniform(80, 120, shape[:2])[:, :, None] * growth
    price = 100 * np.cumprod(1.02 + noise(0.01), axis=2)
    price /= price[:, :, :1] / 100
    output = volume * price / 100
    productivity = rng.uniform(0.2, 5, shape[0])[:, None, None]
    profile = np.exp(rng.permutation(np.linspace(-2, 2, shape[1])))[None, :, None]
    hours = productivity * profile * volume * (1 + noise(0.05))
    added = 0.5 * output
    depreciation = rng.uniform(0.04, 0.07, shape[:2])
    stock = np.empty(shape)
    stock[:, :, 0] = 2 * volume[:, :, 0]
    invested = (depreciation[:, :, None] + 0.03 + noise(0.01)) * 2 * volume
    for t in range(1, len(YEARS)):
        stock[:, :, t] = (1 - depreciation) * stock[:, :, t - 1] + invested[:, :, t]
    return {
        "output": output,
        "output_price": price,
        "output_volume": 100 * volume / volume[:, :, :1],
        "value_added": added,
        "labour_income": 0.6 * added,
        "capital_income": 0.4 * added,
        "persons": hours / 1.8,
        "hours": hours,
        **{f"hours_{skill}": hours / 3 for skill in ("high", "medium", "low")},
        "capital_stock": stock,
        "investment": invested * price / 100,
        "investment_price": price,
        "exchange_rate": np.broadcast_to(rng.uniform(0.1, 2, shape[0])[:, None, None], shape),
    }


def tidy(series: dict[str, np.ndarray]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [REGIONS, ACTIVITIES, YEARS], names=["region", "activity", "year"]
    )
    wide = pd.DataFrame({name: values.ravel() for name, values in series.items()}, index)
    table = wide.rename_axis(columns="measure").stack().rename("value").reset_index()
    table["unit"] = table["measure"].map(UNITS)
    return table[["region", "activity", "measure", "year", "value", "unit"]]


def world(seed: int = 1) -> Folder:
    """Books and series that agree with each other, regions that do not trade."""
    rng = np.random.default_rng(seed)
    series = series_of(rng)
    now = {name: values[:, :, YEARS.index(BASE)] for name, values in series.items()}
    level = now["output"] * now["exchange_rate"]
    shares = rng.dirichlet(np.full(len(ACTIVITIES), 5.0), (len(REGIONS), len(ACTIVITIES)))
    use = 0.5 * np.swapaxes(shares, 1, 2) * level[:, None, :]
    final = level - use.sum(axis=2)
    capital = now["capital_stock"] * now["investment_price"] / 100 * now["exchange_rate"]

    def by_activity(columns: str, values: np.ndarray, *middle: str) -> pd.DataFrame:
        return rows(
            f"region activity {columns}",
            *(
                (region, activity, *middle, float(values[r, j]))
                for r, region in enumerate(REGIONS)
                for j, activity in enumerate(ACTIVITIES)
            ),
        )

    supply = by_activity("value", level)
    required = by_activity("product kind value", capital / level, "building", "capital")
    tables = {
        "activity": by_activity("level", level),
        "supply": supply.assign(product=supply["activity"]),
        "use": rows(
            "region product activity value",
            *(
                (region, i, j, use[r, k, n])
                for r, region in enumerate(REGIONS)
                for k, i in enumerate(ACTIVITIES)
                for n, j in enumerate(ACTIVITIES)
            ),
        ),
        "final_use": rows(
            "region product category value",
            *(
                (region, product, category, share * final[r, i])
                for r, region in enumerate(REGIONS)
                for i, product in enumerate(ACTIVITIES)
                for category, share in (("households", 0.8), ("capital_formation", 0.2))
            ),
        ),
        "value_added": by_activity("item value", 0.5 * level, "value added"),
        "factor_use": by_activity("factor value", now["hours"], "hours"),
        "capital": by_activity("kind capacity", level, "capital").assign(depreciation=0.05),
        "capital_required": required,
        "series": tidy(series),
    }
    hours = {"hours": {"unit": "million hours", "role": "labour"}}
    head = {"coverage": "part", "factors": hours, "base_year": BASE}
    return made(tables, products={name: {} for name in ACTIVITIES}, **head)


def economy(folder: Folder) -> Economy:
    return economy_of(folder.head, folder.tables)


def check(folder: Folder) -> list[Finding]:
    return check_economy(economy(folder))


def changed(factor: float, years: tuple[int, int] = (0, 9999), **where: str) -> Edit:
    """A table with some of its numbers multiplied; of series, those of an inclusive range."""

    def edit(table: pd.DataFrame) -> pd.DataFrame:
        wanted = chosen(table, years, **where)
        return table.assign(value=table["value"].where(~wanted, table["value"] * factor))

    return edit


def dropped(years: tuple[int, int] = (0, 9999), **where: str) -> Edit:
    return lambda table: table[~chosen(table, years, **where)]


def chosen(
    table: pd.DataFrame, years: tuple[int, int] = (0, 9999), **where: str
) -> "pd.Series[bool]":
    wanted = pd.Series(True, index=table.index)
    for name, label in where.items():
        wanted &= table[name] == label
    if "year" in table:
        wanted &= table["year"].between(*years)
    assert wanted.any()
    return wanted


def rolled(places: int, years: tuple[int, int] = (0, 9999), **where: str) -> Edit:
    """A table in which figures have slipped along the activities."""

    def edit(table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        wanted = chosen(table, years, **where)
        keys = [name for name in ("year",) if name in table]
        parts = table[wanted].groupby(keys) if keys else [(0, table[wanted])]
        for _, part in parts:
            table.loc[part.index, "value"] = np.roll(part["value"].to_numpy(), places)
        return table

    return edit


# Nothing to find ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_accounts_that_agree_hold_no_fault(seed: int) -> None:
    assert check(world(seed)) == []


# One fault, one finding ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """A table, what is done to it, and the finding that must come of it."""

    name: str
    table: str
    edit: Edit
    code: str
    severity: str
    where: tuple[str, str]


def smooth(table: pd.DataFrame) -> pd.DataFrame:
    """Chile's stock grows by one percent a year, whatever its investment, which soars."""
    wanted = chosen(table, region="CHL", measure="capital_stock")
    first = table[wanted & (table["year"] == 1995)].set_index("activity")["value"]
    grown = table["activity"].map(first) * 1.01 ** (table["year"] - 1995)
    boom = chosen(table, region="CHL", measure="investment")
    value = table["value"].where(~wanted, grown)
    return table.assign(value=value.where(~boom, value * 1.08 ** (table["year"] - 1995)))


def nine_tenths(table: pd.DataFrame) -> pd.DataFrame:
    """Peru's steel takes nine tenths of its output from mining alone; inputs are half of it."""
    output = 2 * table[chosen(table, **ONE)]["value"].sum()
    return table.assign(
        value=table["value"].where(~chosen(table, product="mining", **ONE), 0.9 * output)
    )


ONE = {"region": "PER", "activity": "steel"}
FAULTS = (
    Fault("hours of the books x 1000", "factor_use", changed(1000, **ONE),
          "impossible_intensity", "warning", ("PER", "steel")),
    Fault("hours of the books / 1000", "factor_use", changed(0.001, **ONE),
          "impossible_intensity", "warning", ("PER", "steel")),
    Fault("capital of the books x 1000", "capital_required", changed(1000, **ONE),
          "impossible_intensity", "warning", ("PER", "steel")),
    Fault("capital of the books x 50", "capital_required", changed(50, **ONE),
          "impossible_intensity", "note", ("PER", "steel")),
    Fault("persons x 1000", "series", changed(1000, measure="persons", **ONE),
          "impossible_intensity", "warning", ("PER", "steel")),
    Fault("hours of one year x 1000", "series", changed(1000, (2003, 2003), measure="hours", **ONE),
          "broken_series", "warning", ("PER", "steel")),
    Fault("stock of one year x 1000", "series",
          changed(1000, (2003, 2003), measure="capital_stock", **ONE),
          "broken_series", "warning", ("PER", "steel")),
    Fault("a break in output", "series", changed(10, (2003, 2006), measure="output", **ONE),
          "broken_series", "note", ("PER", "steel")),
    Fault("a break in output at the base year", "series",
          changed(10, (2001, 2006), measure="output", **ONE),
          "broken_series", "warning", ("PER", "steel")),
    Fault("a new unit for a whole region", "series",
          changed(1000, (2004, 2006), measure="persons", region="PER"),
          "broken_series", "warning", ("PER", "persons")),
    Fault("new money for a whole region", "series",
          changed(0.001, (2004, 2006), measure="output", region="PER"),
          "broken_series", "warning", ("PER", "output")),
    Fault("hours longer than a year", "series", changed(0.01, measure="persons", **ONE),
          "impossible_hours", "error", ("PER", "steel")),
    Fault("hours of next to nobody", "series",
          changed(10, (2005, 2005), measure="persons", region="PER"),
          "impossible_hours", "warning", ("PER", "")),
    Fault("wages above value added", "series", changed(3, measure="labour_income", **ONE),
          "impossible_share", "note", ("", "labour_income")),
    Fault("an input worth more than the output", "use",
          changed(60, product="mining", **ONE), "impossible_input", "error", ("PER", "steel")),
    Fault("an input far above that of peers", "use", nine_tenths,
          "impossible_input", "note", ("PER", "steel")),
    Fault("hours of the books shifted", "factor_use", rolled(1, region="PER"),
          "shifted_labels", "warning", ("PER", "hours")),
    Fault("hours of the books shifted back", "factor_use", rolled(-1, region="PER"),
          "shifted_labels", "warning", ("PER", "hours")),
    Fault("hours of one year shifted", "series",
          rolled(1, (2003, 2003), measure="hours", region="PER"),
          "shifted_labels", "warning", ("PER", "hours")),
    Fault("a stock too smooth", "series", smooth,
          "capital_contradicts_investment", "warning", ("CHL", "capital_stock")),
    Fault("a stock that halves", "series",
          changed(0.5, (1999, 2006), measure="capital_stock", region="CHL"),
          "capital_contradicts_investment", "warning", ("CHL", "capital_stock")),
    Fault("a stock that halves later", "series",
          changed(0.5, (2004, 2006), measure="capital_stock", region="CHL"),
          "capital_contradicts_investment", "note", ("CHL", "capital_stock")),
    Fault("capital from nowhere", "series",
          changed(2, (2003, 2006), measure="capital_stock", **ONE),
          "capital_from_nowhere", "note", ("", "capital_stock")),
    Fault("capital missing since before the base year", "series",
          dropped((1999, 2006), measure="capital_stock", region="PER"),
          "missing_series", "warning", ("PER", "capital_stock")),
    Fault("hours missing later", "series", dropped((2005, 2006), measure="hours"),
          "missing_series", "note", ("", "hours")),
    Fault("a region without series", "series", dropped(region="URY"),
          "no_accounts", "warning", ("URY", "")),
    Fault("one cell missing", "series", dropped(measure="capital_stock", **ONE),
          "missing_cells", "note", ("", "")),
    Fault("negative hours", "series", changed(-1, (2000, 2000), measure="hours", **ONE),
          "negative_series", "error", ("", "hours")),
    Fault("negative persons of another year", "series",
          changed(-1, (2003, 2003), measure="persons", **ONE),
          "negative_series", "warning", ("", "persons")),
    Fault("negative capital income", "series",
          changed(-1, (2003, 2003), measure="capital_income", **ONE),
          "negative_income", "note", ("", "capital_income")),
    Fault("incomes that miss value added", "series",
          changed(1.1, measure="capital_income", region="PER"),
          "accounts_disagree", "warning", ("PER", "")),
    Fault("skills that miss hours", "series", changed(1.2, measure="hours_low", **ONE),
          "accounts_disagree", "warning", ("PER", "")),
    Fault("price that is no price", "series",
          changed(1.5, (2003, 2003), measure="output_price", **ONE),
          "accounts_disagree", "note", ("PER", "steel")),
    Fault("more value added than output", "series",
          changed(2.5, (2003, 2003), measure="value_added", **ONE),
          "accounts_disagree", "note", ("PER", "steel")),
    Fault("an exchange rate upside down", "series",
          changed(4, measure="exchange_rate", region="PER"),
          "accounts_disagree", "warning", ("PER", "")),
    Fault("no exchange rate", "series", dropped(measure="exchange_rate", region="PER"),
          "no_exchange_rate", "warning", ("PER", "exchange_rate")),
    Fault("figures that stand twice", "series",
          lambda table: pd.concat([table, table[table["year"] == 2003].tail(3)]),
          "duplicated_series", "warning", ("URY", "services")),
    Fault("a total among activities", "series",
          lambda table: pd.concat([table, table.tail(15).assign(activity="TOT")]),
          "stray_series", "note", ("", "TOT")),
    Fault("an activity misspelt", "series",
          lambda table: table.replace({"activity": {"services": "servces"}}),
          "stray_series", "warning", ("", "servces")),
    Fault("a measure misspelt", "series",
          lambda table: table.replace({"measure": {"hours_low": "hours_lo"}}),
          "stray_series", "warning", ("", "hours_lo")),
    Fault("thousands among millions", "series",
          lambda table: table.assign(
              unit=table["unit"].where(
                  ~chosen(table, region="PER", measure="hours"), "thousand hours")),
          "mixed_units", "error", ("", "hours")),
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_fault_is_found(fault: Fault, seed: int) -> None:
    found = check(world(seed).changed(**{fault.table: fault.edit}))
    places = [(f.code, f.severity, (f.region, f.name)) for f in found]
    assert (fault.code, fault.severity, fault.where) in places, places
    assert len(found) <= 6, "one fault is told in a handful of ways at most"


def only(found: list[Finding], code: str) -> Finding:
    (one,) = [f for f in found if f.code == code]
    return one


def test_a_stock_too_smooth_is_told_with_its_numbers() -> None:
    found = only(check(world().changed(series=smooth)), "capital_contradicts_investment")
    assert found.message.startswith(
        "Capital of CHL does not follow its investment: from 1995 to 2006 the published stock "
        "grows 1.0% a year and real investment "
    )
    assert "times the published one (median elsewhere 5." in found.message
    assert found.value > 0.25
    assert found.remedy == (
        "Replace the stock by perpetual inventory from its investment, with the depreciation of "
        "other regions."
    )


def test_a_stock_too_smooth_is_told_without_peers() -> None:
    table = world().changed(series=smooth)
    alone = economy(table).part(["CHL"])
    found = only(check_economy(alone), "capital_contradicts_investment")
    assert "median elsewhere" not in found.message


def test_investment_comes_to_the_prices_of_the_stock() -> None:
    """Stock at 2000 prices, an index of 1995: the index of 2000 counts as 100."""
    folder = world()
    panel = laid_out(economy(folder))
    price = panel.series["investment_price"]
    now = price[:, :, [YEARS.index(2000)]] / 100
    rebased = folder.changed(
        series=lambda table: table.replace(
            {"unit": {UNITS["capital_stock"]: "million units of local currency at 2000 prices"}}
        )
    )
    before = 100 * panel.series["investment"] / price
    np.testing.assert_allclose(real_investment(panel), before)
    np.testing.assert_allclose(real_investment(laid_out(economy(rebased))), before * now)


def test_missing_series_are_put_together() -> None:
    def lost(table: pd.DataFrame) -> pd.DataFrame:
        for measure in ("capital_stock", "investment"):
            table = dropped((2004, 2006), measure=measure)(table)
            table = dropped((2002, 2006), measure=measure, region="PER")(table)
        return table

    found = only(check(world().changed(series=lost)), "missing_series")
    assert (found.severity, found.name) == ("note", "")
    assert found.message == (
        "capital_stock, investment are not published from 2002 on for 1 region (PER), from 2004 on "
        "for 7 regions (ARG, BOL, CHL, COL, ECU and 2 more)."
    )


def test_what_is_missing_and_filled_in_is_a_note() -> None:
    lost = world().changed(series=dropped((1999, 2006), measure="capital_stock", region="PER"))
    filled = rows("region activity measure method donors", ("PER", "all", "stock", "guess", "BOL"))
    found = check(replace(lost, tables={**lost.tables, "imputed": filled}))
    assert only(found, "missing_series").severity == "note"
    assert only(found, "missing_series").message.endswith(
        " The base year 2000 is among them for PER. What stands there in the books is filled in."
    )
    whole = only(found, "imputed_accounts")
    assert (whole.severity, whole.region, whole.name) == ("note", "PER", "stock")
    assert whole.message.startswith(
        "stock of all of PER is filled in, not published: guess (BOL). That is 0."
    )
    assert " of all output, 0." in whole.message
    assert whole.message.endswith(" of all capital.")


def test_regions_filled_in_alike_are_one_finding() -> None:
    table = world()
    filled = rows(
        "region activity measure method donors",
        *((region, "", "hours", "guess", "") for region in ("PER", "URY")),
        ("BOL", "steel", "hours", "guess", ""),
        *(("CHL", activity, "hours", "guess", "") for activity in ACTIVITIES),
    )
    found = check(replace(table, tables={**table.tables, "imputed": filled}))
    told = {(f.region, f.name): f.message for f in found}
    assert set(told) == {("", "hours"), ("BOL", "hours")}
    assert told["", "hours"].startswith("hours of all of PER, URY, CHL is filled in")
    assert told["BOL", "hours"].startswith("hours of 1 activity in 1 region (BOL) is filled in")


def test_growth_and_persons_that_are_assumed() -> None:
    growth = rows("region quantity value assumed", ("PER", "labour", 0.01, 1.0),
                  ("URY", "labour", 0.01, 1.0), ("ARG", "labour", 0.01, 0.0))  # fmt: skip
    persons = rows("region measure value source", ("PER", "engaged", 1.0, "Imputed from elsewhere"))
    table = world()
    found = check(replace(table, tables={**table.tables, "growth": growth, "persons": persons}))
    assert [f.message for f in found] == [
        "Assumed, not published: growth of labour of PER, URY; persons (engaged) of PER."
    ]


def test_negative_incomes_are_counted_by_activity() -> None:
    turn = changed(-1, (2000, 2001), measure="capital_income", activity="farming")
    found = only(check(world().changed(series=turn)), "negative_income")
    assert found.message.startswith(
        "capital_income is below zero in 16 of 960 figures (regions: 8; by activity: farming 16), "
        "8 of them of the base year; least "
    )
    assert found.value == pytest.approx(16 / 960)


def test_a_leap_is_told_in_times_and_years() -> None:
    edit = changed(1000, (2003, 2003), measure="hours", **ONE)
    (found,) = [
        f for f in check(world().changed(series=edit))
        if f.code == "broken_series" and f.severity == "warning"
    ]  # fmt: skip
    assert found.message == (
        "Series of PER leap from one year to the next, unlike its other activities: hours of "
        "steel: 2003 is 1,013 times 2002, hours of steel: 2004 is 1/1,010 of 2003."
    )


def test_leaps_of_next_to_nothing_are_one_note() -> None:
    tiny = changed(1e-6, measure="hours", **ONE)
    leap = changed(20, (2003, 2003), measure="hours", **ONE)
    found = check(world().changed(series=lambda table: leap(tiny(table))))
    (small,) = [f for f in found if f.code == "broken_series"]
    assert (small.severity, small.region) == ("note", "")
    assert small.message.startswith("2 figures of investment, which comes in lumps, or of ")


def test_a_slump_of_a_whole_region_is_no_leap() -> None:
    """Money that loses most of its worth, and activity that falls by a third."""

    def slump(table: pd.DataFrame) -> pd.DataFrame:
        for measure in ("output", "value_added", "labour_income", "capital_income"):
            table = changed(30, (2003, 2006), measure=measure, region="PER")(table)
        table = changed(30, (2003, 2006), measure="output_price", region="PER")(table)
        for measure in ("persons", "hours", "hours_high", "hours_medium", "hours_low"):
            table = changed(0.67, (2003, 2006), measure=measure, region="PER")(table)
        return table

    assert check(world().changed(series=slump)) == []


def test_labour_that_is_not_counted_in_hours_is_not_held_against_hours() -> None:
    folder = world().changed(factor_use=changed(7))
    found = check(folder)
    assert {f.code for f in found} == {"accounts_disagree"}
    pay = {"hours": {"unit": "million USD", "role": "labour"}}
    assert check(Folder({**folder.head, "factors": pay}, folder.tables)) == []


def test_deflated_books_are_not_held_against_accounts_at_current_prices() -> None:
    half = rows("region product value source", ("all", "all", 2.0, "a guess"))
    assert check_economy(deflate(economy(world()), half, to_year=1990)) == []


def test_books_in_another_money_are_not_held_against_accounts_without_a_rate() -> None:
    """Prices that differ by region bring no exchange rate with them."""

    def in_dollars(table: pd.DataFrame) -> pd.DataFrame:
        keys = ["region", "activity", "year"]
        rates = table[table["measure"] == "exchange_rate"].set_index(keys)["value"]
        rate = rates.reindex(pd.MultiIndex.from_frame(table[keys])).to_numpy()
        is_money = table["unit"].str.startswith(LOCAL)
        value = table["value"].where(~is_money, table["value"] * rate)
        unit = table["unit"].str.replace(LOCAL, "million USD", regex=False)
        return table.assign(value=value, unit=unit)[table["measure"] != "exchange_rate"]

    folder = world().changed(series=in_dollars)
    assert check(folder) == []
    everywhere, peru = ("all", "all", 2.0, "a guess"), ("PER", "all", 3.0, "a guess")
    lines = rows("region product value source", everywhere, peru)
    found = {f.code for f in check_economy(deflate(economy(folder), lines, currency="EUR"))}
    assert "accounts_disagree" not in found


# What the checks are made of ----------------------------------------------------------------------


@pytest.mark.parametrize("places", [-2, -1, 1, 3])
def test_figures_that_slipped(places: int) -> None:
    expected = np.log(np.arange(1.0, 13.0) ** 2 * np.tile([1.0, 9.0, 0.2], 4))
    assert slipped(expected + 5, expected) == 0
    assert slipped(np.roll(expected, places) + 5, expected) == places
    few = np.where(np.arange(12) < 5, expected, np.nan)
    assert slipped(np.roll(few, places), few) == 0


def test_figures_that_fit_as_they_stand_have_not_slipped() -> None:
    """Moved by one they would fit to the digit; as they stand they fit well enough."""
    expected = np.log(np.tile([1.0, 1.1, 1.3], 10))
    assert slipped(np.roll(expected, 1), expected) == 0


def test_noise_is_no_slip() -> None:
    """Figures that are as much noise as pattern: hardly one case in a hundred looks shifted."""
    rng = np.random.default_rng(5)
    cases = [rng.normal(size=(2, n)) for n in (10, 16, 30) for _ in range(200)]
    assert sum(slipped(pattern + noise, pattern) != 0 for pattern, noise in cases) <= 6


def test_an_outlier_is_none_where_everybody_is_far_from_everybody() -> None:
    rng = np.random.default_rng(4)

    def scattered(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(value=table["value"] * np.exp(1.5 * rng.normal(size=len(table))))

    folder = world().changed(factor_use=scattered, series=dropped(measure="hours"))
    far = folder.changed(factor_use=changed(30, **ONE))
    assert "hours per output" not in " ".join(f.message for f in check(far)).lower()


def test_figures_that_stand_twice_are_counted_once() -> None:
    twice = world().changed(series=lambda table: pd.concat([table, table.tail(3)]))
    assert only(check(twice), "duplicated_series").message == (
        "3 figures of the published series stand twice, such as URY, services, investment, 2006; "
        "URY, services, investment_price, 2006; URY, services, exchange_rate, 2006; the last of "
        "each counts."
    )


def test_units_in_words() -> None:
    assert scale_of("million hours") == 1e6
    assert scale_of("Thousand persons") == 1e3
    assert scale_of("mn EUR") == scale_of("USD million") == 1e6
    assert scale_of("tonnes") == scale_of("EUR per m of cloth") == 1.0
    assert currencies_of("million USD or EUR, not XYZ") == ["USD", "EUR"]
    assert year_of("million 2000 USD") == 2000
    assert year_of("12000 USD") is None
    assert spans([2003, 1999, 2001, 2002]) == "1999, 2001-2003"
    assert [counted(1, "activity"), counted(1200, "activity")] == ["1 activity", "1,200 activities"]
