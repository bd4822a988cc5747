"""A table's rounding is still called so after its flows are added up, split or divided."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from test_audit_labels import coarse

import planboard as pb
from economies import Folder, rows
from planboard.audit import check_economy
from planboard.economy_folder import economy_of
from planboard.leontief import all_gaps, rounding_of
from planboard.reshape import aggregate, concordance_of, deflate, disaggregate, rescale_unit

Reshaped = Callable[[pb.Economy], pb.Economy]


def published() -> pb.Economy:
    """A region of forty industries, its flows rounded to whole millions."""
    folder: Folder = coarse(1.0)
    return economy_of({**folder.head, "unit": "million 2000 USD"}, folder.tables)


def at_prices_of_1990(economy: pb.Economy) -> pb.Economy:
    """Every second product at 1.7 times, all others at 0.3 times the price."""
    lines = [("all", "all", 1.7, "x"), *(("all", i, 0.3, "x") for i in economy.product_names[::2])]
    return deflate(economy, rows("region product value source", *lines), to_year=1990)


def in_pairs(economy: pb.Economy) -> pb.Economy:
    names = economy.product_names
    to = {name: names[k - k % 2] for k, name in enumerate(names)}
    return aggregate(economy, concordance_of({"sector": to}))


def in_weighted_parts(economy: pb.Economy) -> pb.Economy:
    """The first industry goes to two others, by halves."""
    first, second, third = economy.product_names[:3]
    to = {first: {second: 0.5, third: 0.5}, second: second, third: third}
    return aggregate(economy, concordance_of({"sector": to}), keep_others=True)


def in_two(economy: pb.Economy) -> pb.Economy:
    return disaggregate(economy, "region", "W", {"N": 0.3, "S": 0.7})


def in_billions(economy: pb.Economy) -> pb.Economy:
    return rescale_unit(economy, economy.unit.replace("million", "billion"))


STEPS: dict[str, Reshaped] = {
    "deflated": at_prices_of_1990,
    "aggregated": in_pairs,
    "aggregated by weights": in_weighted_parts,
    "split": in_two,
    "another unit": in_billions,
    "all of it": lambda economy: in_billions(in_pairs(at_prices_of_1990(in_two(economy)))),
}


@pytest.mark.parametrize("name", STEPS)
def test_what_was_rounding_is_rounding(name: str) -> None:
    found = check_economy(STEPS[name](published()))
    (rounded,) = [f for f in found if f.code not in ("impossible_input", "imputed_accounts")]
    assert rounded.code == "rounded_table"
    assert rounded.message.startswith(
        "Flows were rounded to 1 million 2000 USD before they came to what they are. "
        "Products miss up to "
    )


@pytest.mark.parametrize("name", STEPS)
def test_a_true_gap_is_an_error_still(name: str) -> None:
    economy = published()
    (accounts,) = economy.regions
    more = accounts.final_use.copy()
    at = int(np.argmax(accounts.final_use[:, 0]))
    more[at] += np.round(0.3 * accounts.final_use[at])
    wrong = replace(economy, regions=(replace(accounts, final_use=more),))
    found = {f.code: f for f in check_economy(STEPS[name](wrong))}
    assert found["unbalanced_product"].severity == "error"
    assert found["rounded_table"].severity == "note"


def test_the_limit_is_the_largest_gap_that_came_of_rounding() -> None:
    economy = at_prices_of_1990(published())
    gaps, _ = all_gaps(economy)
    inherited = rounding_of(economy)
    assert inherited is not None
    assert inherited.limits == pytest.approx(np.abs(gaps).max(axis=1), rel=1e-8)
    assert economy.history[-1]["rounding"] == (
        "of flows rounded to 1 million 2000 USD, which leaves gaps of up to "
        f"W {inherited.limits[0]:.9g}"
    )


def test_hours_by_another_word_leave_the_flows_as_they_are(world: pb.Economy) -> None:
    made = rescale_unit(world, "thousand hours", of="labour")
    assert "rounding" not in made.history[-1]
    found = rounding_of(made)
    assert found is not None
    assert found.flows > 0


def test_what_is_not_rounded_inherits_nothing() -> None:
    economy = published()
    (accounts,) = economy.regions
    split = replace(accounts, final_use=accounts.final_use * 1.001)
    made = in_pairs(replace(economy, regions=(split,)))
    assert rounding_of(made) is None
    assert list(made.history[-1]) == ["step", "detail"]


def test_a_step_by_hand_that_says_nothing_of_regions_explains_nothing() -> None:
    step = {
        "step": "aggregation",
        "rounding": "of flows rounded to 1 million USD, which leaves gaps of up to much",
        "detail": "by hand",
    }
    rounding = rounding_of(replace(published(), history=(step,)))
    assert rounding is not None
    assert rounding.limits.tolist() == [0.0]


def test_each_region_has_a_limit_of_its_own() -> None:
    step = {
        "step": "aggregation",
        "rounding": "of flows rounded to 1 million USD, which leaves gaps of up to N 9; S 1e-3",
        "detail": "by hand",
    }
    economy = replace(in_two(published()), history=(step,))
    found = [f for f in check_economy(economy) if f.code.startswith(("unbal", "rounded_prod"))]
    assert found
    assert {f.region for f in found} == {"S"}
