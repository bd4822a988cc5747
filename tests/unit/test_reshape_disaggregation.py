"""Disaggregation: balances stay exact, and putting the parts together gives the whole."""

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
    lean,
    rich_economy,
    rich_folder,
    taken,
)

import planboard as pb
from economies import JOINT, Shape
from planboard.errors import InvalidTableError, UnknownNameError
from planboard.leontief import product_gaps
from planboard.reshape import Shares, aggregate, concordance_of, disaggregate, read_shares

SMALL = 1e-9


def shares_of_three() -> st.SearchStrategy[list[float]]:
    part = st.floats(0.2, 1)
    return st.tuples(part, part, part).map(lambda xs: [x / sum(xs) for x in xs])


def near(shares: list[float], other: list[float], weight: float) -> list[float]:
    """Shares a little off the first ones, towards the second."""
    return [(1 - weight) * a + weight * b for a, b in zip(shares, other, strict=True)]


def example(regions: int = 2) -> pb.Economy:
    return rich_economy(rich_folder(Shape(regions, 4, True, 11)))


def together(made: pb.Economy, axis: str, parts: tuple[str, ...], source: str) -> pb.Economy:
    maps = {axis: dict.fromkeys(parts, source)}
    return aggregate(made, concordance_of(maps), keep_others=True)


def check_industry(economy: pb.Economy, shares: Shares) -> None:
    made = disaggregate(economy, "industry", "steel", shares)
    assert np.abs(balances(made)).max() < SMALL
    assert np.abs(columns(made)).max() < SMALL
    assert set(shares.parts) < set(made.product_names) & set(made.activity_names)
    assert differences(together(made, "sector", shares.parts, "steel"), economy) == []


def check_region(economy: pb.Economy, shares: Shares) -> None:
    made = disaggregate(economy, "region", "north", shares)
    assert np.abs(balances(made)).max() < SMALL
    assert np.abs(columns(made)).max() < SMALL
    assert made.region_names[: len(shares.parts)] == shares.parts
    assert differences(together(made, "region", shares.parts, "north"), economy) == []


@few
@given(lean(), shares_of_three(), shares_of_three(), shares_of_three())
def test_an_industry_is_the_sum_of_its_parts(
    economy: pb.Economy, output: list[float], hours: list[float], capital: list[float]
) -> None:
    columns = {"output": output, "hours": hours, "capital": capital}
    check_industry(economy, Shares(("a", "b", "c"), columns))
    columns["input"] = near(output, hours, 0.2)
    check_industry(economy, Shares(("steel", "b", "c"), columns))


@few
@given(lean(regions=(2, 3)), shares_of_three(), shares_of_three(), shares_of_three())
def test_a_region_is_the_sum_of_its_parts(
    economy: pb.Economy, output: list[float], use: list[float], means: list[float]
) -> None:
    check_region(economy, Shares(("a", "b", "c"), {"output": output}))
    columns = {"output": output, "final_use": use, "hours": means, "capital": means}
    own = {"corn": {"output": use}, JOINT: {"output": output, "hours": use}}
    own = {name: shares for name, shares in own.items() if name in economy.activity_names}
    check_region(economy, Shares(("a", "b", "c"), columns, own))


def test_what_is_carried_along_is_the_sum_of_its_parts() -> None:
    columns = {"output": [0.3, 0.7], "hours": [0.4, 0.6], "capital": [0.2, 0.8]}
    check_region(example(), Shares(("a", "b"), columns))
    check_industry(example(1), Shares(("a", "b"), columns))


def test_parts_are_told_as_imputed() -> None:
    made = disaggregate(example(), "region", "north", {"a": 0.25, "b": 0.75})
    rows = made.imputed[made.imputed["measure"] == "all accounts"]
    assert rows[["region", "activity", "method", "donors"]].to_numpy().tolist() == [
        ["a", "all", "split from north by shares", "north"],
        ["b", "all", "split from north by shares", "north"],
    ]
    assert made.history[-1] == {
        "step": "disaggregation",
        "detail": "region north by shares: output: a 0.25, b 0.75",
    }


def test_equal_shares_need_no_trade_between_the_parts() -> None:
    economy = example()
    made = disaggregate(economy, "region", "north", {"a": 0.25, "b": 0.75})
    place = made.partners.index("b")
    assert not made.region("a").exports[:, place].any()
    exports = economy.region("north").exports[:, economy.partners.index("south")]
    assert made.region("a").exports[:, made.partners.index("south")] == pytest.approx(
        0.25 * exports
    )
    assert made.region("a").endowment == pytest.approx(0.25 * economy.region("north").endowment)


def test_capital_formation_goes_where_the_capital_is() -> None:
    economy = example()
    shares = Shares(("a", "b"), {"output": [0.5, 0.5], "capital": [0.2, 0.8]})
    made = disaggregate(economy, "region", "north", shares)
    forms, consumes = (economy.with_role(role) for role in ("capital_formation", "households"))
    old, new = economy.region("north").final_use, made.region("a").final_use
    assert new[:, forms] == pytest.approx(0.2 * old[:, forms])
    assert new[:, consumes] == pytest.approx(0.5 * old[:, consumes])


def test_a_part_that_uses_more_than_it_makes_buys_from_the_other() -> None:
    economy = example()
    shares = Shares(("a", "b"), {"output": [0.8, 0.2], "final_use": [0.5, 0.5]})
    made = disaggregate(economy, "region", "north", shares)
    bought = made.region("b").imports[:, made.partners.index("a")]
    assert (bought > 0).all()
    assert made.history[-1]["detail"].endswith(f"; trade between the parts {bought.sum():,.6g}")


def test_an_industry_takes_from_itself_by_the_product_of_shares() -> None:
    economy = example(1)
    shares = Shares(("a", "b"), {"output": [0.3, 0.7], "input": [0.4, 0.6]})
    made = disaggregate(economy, "industry", "steel", shares)
    old, new = economy.regions[0], made.regions[0]
    i, j = economy.product_names.index("steel"), old.activities.index("steel")
    flow = old.input[i, j] * old.level[j]
    flows = new.input.toarray() * new.level
    rows = [made.product_names.index(part) for part in "ab"]
    at = [new.activities.index(part) for part in "ab"]
    expected = flow * np.outer([0.3, 0.7], [0.4, 0.6])
    assert flows[np.ix_(rows, at)] == pytest.approx(expected)
    supply = new.output.toarray() * new.level
    made_by_steel = old.output[i, j] * old.level[j]
    assert supply[np.ix_(rows, at)] == pytest.approx(np.diag([0.3, 0.7]) * made_by_steel)


def test_capital_and_hours_have_shares_of_their_own() -> None:
    economy = example(1)
    columns = {"output": [0.5, 0.5], "hours": [0.9, 0.1], "capital": [0.2, 0.8]}
    made = disaggregate(economy, "industry", "steel", Shares(("a", "b"), columns))
    old, new = economy.regions[0], made.regions[0]
    j, a = old.activities.index("steel"), new.activities.index("a")
    hours = old.factor_use[0, j] * old.level[j]
    assert new.factor_use[0, a] * new.level[a] == pytest.approx(0.9 * hours)
    assert new.capacity[0, a] == pytest.approx(0.5 * old.capacity[0, j])
    old_worth = old.capital_required.toarray()[:, j].sum() * old.capacity[0, j]
    new_worth = new.capital_required.toarray()[:, a].sum() * new.capacity[0, a]
    assert new_worth == pytest.approx(0.2 * old_worth)
    assert taken(made)["north", "corn"] == pytest.approx(taken(economy)["north", "corn"])


def test_a_part_may_lack_an_industry() -> None:
    economy = example()
    output = Shares(("a", "b"), {"output": [0.5, 0.5]}, {"corn": {"output": [0.0, 1.0]}})
    made = disaggregate(economy, "region", "north", output)
    assert np.abs(balances(made)).max() < SMALL
    a = made.region("a")
    assert a.level[a.activities.index("corn")] == 0
    happened = made.actual.set_index(["region", "quantity", "name", "year"])["value"]
    assert happened["a", "output", "corn", 2000] == 0
    assert happened["a", "output", "steel", 2000] == happened["b", "output", "steel", 2000]
    assert (
        differences(together(made, "region", ("a", "b"), "north"), economy, but=("activity",)) == []
    )


def test_parts_without_output_have_no_means() -> None:
    columns = {"output": [0.0, 1.0], "hours": [0.1, 0.9]}
    with pytest.raises(InvalidTableError) as error:
        disaggregate(example(), "industry", "steel", Shares(("a", "b"), columns))
    assert str(error.value) == (
        "the shares gives means to parts that make nothing.\n\n"
        "    a: output 0, hours 0.1\n\n"
        "Give them an output, or no inputs, hours and capital."
    )


def test_shares_of_inputs_that_leave_no_value_added_are_refused() -> None:
    economy = example(1)
    a = economy.regions[0]
    j = a.activities.index("steel")
    inputs = float(a.input.toarray()[:, j].sum() * a.level[j])
    added = sum(float(v[j]) for v in a.value_added.values()) * a.level[j]
    columns = {"output": [0.01, 0.99], "input": [0.99, 0.01]}
    with pytest.raises(InvalidTableError) as error:
        disaggregate(economy, "industry", "steel", Shares(("a", "b"), columns))
    assert str(error.value) == (
        "Shares of inputs leave parts with a negative value added.\n\n"
        f"    north, steel: inputs {inputs:,.6g}, value added {added:,.6g}\n\n"
        "Bring the shares of inputs nearer to those of output."
    )


def test_codes_that_do_not_fit() -> None:
    economy = example()
    with pytest.raises(UnknownNameError) as error:
        disaggregate(economy, "industry", "stel", {"a": 1.0})
    assert str(error.value) == (
        "There is no industry 'stel' (in 'made').\n\n"
        "Closest names: 'steel' (4 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )
    with pytest.raises(InvalidTableError) as taken_code:
        disaggregate(economy, "region", "north", {"south": 0.5, "b": 0.5})
    assert str(taken_code.value) == (
        "Parts of north have the codes of others in 'made'.\n\n"
        "    region 'south'\n\n"
        "Call the parts otherwise."
    )
    with pytest.raises(UnknownNameError, match="no axis 'factor'"):
        disaggregate(economy, "factor", "hours", {"a": 1.0})


# Files --------------------------------------------------------------------------------------------

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> Path:
        Path("shares.csv").write_text(text, encoding="utf-8")
        return Path("shares.csv")

    return written


def test_one_share_for_all(write: Write) -> None:
    shares = read_shares(write("part,share,label\na,0.3,One\nb,0.7,\n"))
    assert shares == Shares(("a", "b"), {"output": [0.3, 0.7]}, {}, {"a": "One"}, "shares.csv")


def test_shares_by_table_and_activity(write: Write) -> None:
    text = "part,activity,output,hours\na,,0.3,0.4\nb,all,0.7,0.6\na,corn,0.1,\nb,corn,0.9,\n"
    shares = read_shares(write(text))
    assert shares.of("hours").tolist() == [0.4, 0.6]
    assert shares.of("capital").tolist() == [0.3, 0.7]
    assert shares.of("hours", "corn").tolist() == [0.1, 0.9]


WRONG = {
    "sum": (
        "part,share\na,0.3\nb,0.6\n",
        "shares.csv cannot be used to split anything.\n\n"
        "    output: 0.3 + 0.6 = 0.9\n\n"
        "Give every part a share of at least zero; the shares must sum to one.",
    ),
    "twice": (
        "part,share\na,0.5\na,0.5\n",
        "shares.csv states shares twice, or of parts that have no general share.\n\n"
        "    line 2: a\n"
        "    line 3: a\n\n"
        "Give every part one line for all activities, and at most one for each activity.",
    ),
    "columns": (
        "share,label\n1,a\n",
        "shares.csv does not have the columns of shares.\n\n"
        "    line 1: share, label\n\n"
        "It needs 'part' and 'share', each once.",
    ),
    "missing": (
        "part,share,hours\na,0.5,0.5\nb,0.5,\n",
        "shares.csv lacks shares.\n\n"
        "    hours: b\n\n"
        "A share that is not stated is not zero: write every one.",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_told_of_shares_that_are_wrong(write: Write, fault: str) -> None:
    text, told = WRONG[fault]
    with pytest.raises(InvalidTableError) as error:
        read_shares(write(text))
    assert str(error.value) == told


def test_what_the_base_year_built_is_use_where_no_category_says_so() -> None:
    """Each part keeps its share of the balance's gap, and buys what its building takes beyond."""
    folder = rich_folder(Shape(2, 3, False, 1))
    bare = folder.changed(final_use=lambda t: t[t["category"] != "capital_formation"])
    roles = {name: {"role": name} for name in ("households", "government", "inventories")}
    economy = rich_economy(replace(bare, head={**bare.head, "categories": roles}))
    shares = Shares(("a", "b"), {"output": [0.3, 0.7], "capital": [0.6, 0.4]})
    made = disaggregate(economy, "region", "north", shares)
    whole, _ = product_gaps(economy, economy.region("north"))
    assert np.abs(whole).min() > 1
    for part, share in (("a", 0.3), ("b", 0.7)):
        gap, supply = product_gaps(made, made.region(part))
        assert gap == pytest.approx(share * whole, abs=1e-12 * supply.max())


@pytest.mark.parametrize("name", ["aggregated", "split", "deflated", "another unit"])
def test_the_record_of_repaired_cells_is_left_out_and_told(name: str, world: pb.Economy) -> None:
    """Cells of a region that is gone, or of other money, would say what is not so."""
    repaired = pb.repair_economy(world, ["negative_exports"]).economy
    assert repaired.repairs is not None
    prices = pd.DataFrame(
        [("all", "all", 2.0, "a guess")], columns=["region", "product", "value", "source"]
    )
    to = concordance_of({"region": {"JKT": "X", "ROW": "X"}})
    steps = {
        "aggregated": lambda: pb.aggregate(repaired, to, keep_others=True),
        "split": lambda: disaggregate(repaired, "region", "JKT", {"J": 0.5, "K": 0.5}),
        "deflated": lambda: pb.deflate(repaired, prices, to_year=1990),
        "another unit": lambda: pb.rescale_unit(repaired, "billion 2000 USD"),
    }
    made = steps[name]()
    assert made.repairs is None
    assert made.history[-1]["detail"].endswith(
        ". Record of 3 repaired cells left out: they are other cells now."
    )
    assert made.history[-2] == repaired.history[-1]
