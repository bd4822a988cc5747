"""A change of unit: the words are checked, there and back is nothing, and no plan sees it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reshape_economies import few, rich, rich_economy, rich_folder

import planboard as pb
from economies import CLOSE, Shape, random_folder, rows
from planboard.economy_folder import economy_of
from planboard.errors import InvalidTableError, UnknownNameError
from planboard.plan import Objective, Plan
from planboard.reshape import deflate, rescale_unit
from planboard.units import parse_unit

EXACT = 1e-15  # Relative: a multiplication and its inverse.
ARRAYS = (
    "level", "in_progress", "factor_use", "factor_supply", "capacity", "building", "final_use",
    "factor_use_building", "endowment", "initial_stock", "exports", "imports",
)  # fmt: skip


def example(seed: int = 3) -> pb.Economy:
    return rich_economy(rich_folder(Shape(2, 3, True, seed)))


def furthest(a: pb.Economy, b: pb.Economy) -> float:
    """The largest relative difference between two economies' numbers."""
    worst = 0.0
    for mine, theirs in zip(a.regions, b.regions, strict=True):
        pairs = [(getattr(mine, name), getattr(theirs, name)) for name in ARRAYS]
        pairs += [
            (getattr(mine, name).toarray(), getattr(theirs, name).toarray())
            for name in ("input", "output", "capital_required")
        ]
        pairs += [(mine.value_added[item], theirs.value_added[item]) for item in mine.value_added]
        for one, other in pairs:
            scale = np.where(one != 0, np.abs(one), 1.0)
            worst = max(worst, float((np.abs(other - one) / scale).max(initial=0)))
    return worst


def assert_thousandfold(found: pd.DataFrame, before: pd.DataFrame) -> None:
    assert len(found)
    assert found["value"].to_numpy() == pytest.approx(1000 * before["value"].to_numpy())


@pytest.mark.parametrize(
    ("text", "scale", "year", "counted"),
    [
        ("million 2000 USD", 1e6, "2000", "USD"),
        ("M.EUR", 1e6, "", "EUR"),
        ("1000 EUR", 1e3, "", "EUR"),
        ("thousand crowns", 1e3, "", "crowns"),
        ("USD", 1.0, "", "USD"),
        ("bn 1995 Kčs", 1e9, "1995", "Kčs"),
        ("million units of local currency at 1995 prices", 1e6, "1995",
         "units of local currency at prices"),
        ("tonnes", 1.0, "", "tonnes"),
    ],
)  # fmt: skip
def test_units_are_taken_apart(text: str, scale: float, year: str, counted: str) -> None:
    unit = parse_unit(text)
    assert (unit.scale, unit.year, unit.counted) == (scale, year, counted)


def test_money_by_its_words() -> None:
    economy = example()
    made = rescale_unit(economy, "thousand USD")
    assert made.unit == "thousand USD"
    assert {product.unit for product in made.products} == {"thousand USD"}
    assert made.currency == "USD"
    north = made.regions[0]
    assert north.level == pytest.approx(1000 * economy.regions[0].level)
    assert north.endowment == pytest.approx(economy.regions[0].endowment)
    assert made.history[-1] == {
        "step": "unit",
        "detail": "money from million USD to thousand USD: divided by 0.001.",
    }
    worth = economy.actual["unit"] == "million USD"
    assert made.actual["unit"][worth].unique().tolist() == ["thousand USD"]
    assert_thousandfold(made.actual[worth], economy.actual[worth])
    rates = economy.series["measure"] == "exchange_rate"
    assert_thousandfold(made.series[rates], economy.series[rates])


def test_equal_factors_are_applied_without_rounding() -> None:
    for seed in range(5):
        economy = example(seed)
        for a, b in zip(economy.regions, rescale_unit(economy, "billion USD").regions, strict=True):
            assert (b.level == a.level * (1 / 1000.0)).all()
            assert (b.final_use == a.final_use / 1000.0).all()


def test_money_of_unknown_make_follows_one_factor_and_no_other() -> None:
    economy = example()
    row = ("north", "capital", "all", 2000, 5.0, "million USD")
    told = replace(economy, actual=pd.DataFrame([row], columns=list(economy.actual)))
    assert rescale_unit(told, "thousand USD").actual["value"].to_list() == [5000.0]
    table = rows("region product value source", ("all", "all", 1, "x"), ("all", "corn", 2, "x"))
    assert deflate(told, table, to_year=1990).actual.empty


def test_a_currency_at_a_rate() -> None:
    economy = example()
    made = rescale_unit(economy, "billion EUR", rate=0.8)
    assert made.currency == "EUR"
    assert made.regions[0].level == pytest.approx(0.8e-3 * economy.regions[0].level)
    assert made.history[-1]["detail"] == (
        "money from million USD to billion EUR: divided by 1250.0 (rate 0.8)."
    )


def test_hours_by_their_words() -> None:
    economy = example()
    by_activity = ("north", "hours", "corn", 2000, 5.0, "million hours")
    row = pd.DataFrame([by_activity], columns=list(economy.actual))
    economy = replace(economy, actual=pd.concat([economy.actual, row], ignore_index=True))
    made = rescale_unit(economy, "thousand hours", of="labour")
    assert made.actual.iloc[-1].to_list()[-2:] == [5000.0, "thousand hours"]
    assert made.factors[0].unit == "thousand hours"
    a, b = economy.regions[0], made.regions[0]
    for name in ("factor_use", "endowment", "factor_use_building"):
        assert getattr(b, name) == pytest.approx(1000 * getattr(a, name))
    hours = economy.actual["quantity"] == "hours_by_skill"
    assert_thousandfold(made.actual[hours], economy.actual[hours])
    assert made.actual["unit"][hours].unique().tolist() == ["thousand hours"]
    one = rescale_unit(economy, "thousand hours", of="hours")
    assert furthest(one, made) == 0


def test_a_product_in_its_own_unit_and_its_price() -> None:
    folder = random_folder(Shape(1, 2, False, 3))
    head = {**folder.head, "products": {"corn": {"unit": "tonnes", "price": 2.0}, "steel": {}}}
    economy = economy_of(head, folder.tables)
    made = rescale_unit(economy, "thousand tonnes", of="corn")
    assert made.products[0].price == 2000.0
    assert made.products[0].unit == "thousand tonnes"
    a, b = economy.regions[0], made.regions[0]
    assert b.gross_output == pytest.approx(a.gross_output * [1e-3, 1])
    assert b.final_use == pytest.approx(a.final_use * [[1e-3], [1]])
    assert b.level == pytest.approx(a.level)
    bushels = rescale_unit(economy, "bushels", 0.0254, of="corn")
    assert bushels.products[0].price == pytest.approx(2.0 * 0.0254)


@few
@given(rich(), st.sampled_from(["thousand", "billion", "trillion", ""]), st.floats(0.01, 100))
def test_there_and_back_is_nothing(economy: pb.Economy, scale: str, rate: float) -> None:
    there = rescale_unit(economy, f"{scale} USD".strip())
    assert furthest(economy, rescale_unit(there, "million USD")) <= EXACT
    euros = rescale_unit(economy, "million EUR", rate=rate)
    assert furthest(economy, rescale_unit(euros, "million USD", rate=1 / rate)) <= 2 * EXACT
    minutes = rescale_unit(economy, f"{scale} hours".strip(), of="hours")
    assert furthest(economy, rescale_unit(minutes, "million hours", of="hours")) <= EXACT


def test_a_plan_does_not_see_the_unit() -> None:
    folder = random_folder(Shape(2, 3, False, 8))
    economy = economy_of(folder.head, folder.tables)
    made = rescale_unit(rescale_unit(economy, "thousand EUR", rate=0.9), "hours", of="labour")
    goal = Objective(maximise="household_consumption")
    plan = Plan("Growing", economy="made", years=(2001, 2002), objective=goal)
    one, other = pb.solve(economy, plan), pb.solve(made, plan)
    keys = ["region", "activity", "year"]
    mine = one.activity.set_index(keys)["value"]
    theirs = other.activity.set_index(keys)["value"]
    assert theirs.to_numpy() == pytest.approx(900 * mine.to_numpy(), rel=CLOSE)
    keys = ["region", "product", "year"]
    mine, theirs = (found.prices.set_index(keys)["value"] for found in (one, other))
    assert theirs.to_numpy() == pytest.approx(mine.to_numpy(), rel=CLOSE, abs=CLOSE)


# What is refused ----------------------------------------------------------------------------------


def told(*arguments: object, **options: object) -> str:
    with pytest.raises((InvalidTableError, UnknownNameError)) as error:
        rescale_unit(example(), *arguments, **options)
    return str(error.value)


def test_a_factor_that_contradicts_the_words() -> None:
    assert told("billion USD", 100.0) == (
        "The factor contradicts the words: million USD to billion USD.\n\n"
        "    stated 100; the words say 1000\n\n"
        "Leave the factor out, or correct the unit."
    )


def test_another_currency_without_a_rate() -> None:
    assert told("million EUR") == (
        "The words do not say how many units go from million USD to million EUR.\n\n"
        "    'USD' and 'EUR' are different words\n\n"
        "State a rate (new for one old), or a factor (old in one new)."
    )


def test_a_rate_that_nothing_needs() -> None:
    assert told("billion USD", rate=1.2) == (
        "A rate was stated, and million USD to billion USD changes no currency.\n\n"
        "    rate 1.2\n\n"
        "Leave the rate out, or name the new currency."
    )


def test_another_year_is_no_change_of_unit() -> None:
    assert told("million 1995 USD") == (
        "From 'million USD' to 'million 1995 USD' the year of the prices changes.\n\n"
        "    no year to 1995\n\n"
        "That is no change of unit: deflate the economy, which takes the prices of both years."
    )


def test_rates_and_factors_must_be_positive() -> None:
    assert told("million EUR", rate=-1.0) == (
        "The rate -1 is not positive.\n\nState a positive one."
    )
    assert told("million EUR", 0.0) == "The factor 0 is not positive.\n\nState a positive one."


def test_what_has_no_unit_of_its_own() -> None:
    assert told("thousand tonnes", of="corn") == (
        "There is no factor, or product with a unit of its own, 'corn' (made).\n\n"
        "Closest names: 'hours', 'labour' (2 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )
