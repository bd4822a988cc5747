"""Economy folders: what is written is read back whole; what cannot be read is refused in words."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from scipy import sparse
from test_reshape_economies import few, rich, rich_economy, rich_folder

import planboard as pb
from economies import Folder, Shape, random_folder
from planboard.economy import RegionAccounts
from planboard.economy_folder import economy_head, economy_of, economy_tables, read_economy
from planboard.errors import PlanboardError, UnreadableFileError

CLOSE = 1e-14  # Relative: a coefficient is written as a flow and divided again.


def again(economy: pb.Economy) -> pb.Economy:
    """The economy from its own head and tables."""
    return economy_of(economy_head(economy), economy_tables(economy))


def arrays(accounts: RegionAccounts) -> dict[str, np.ndarray]:
    """Every number of the accounts of a region."""
    found = {f.name: getattr(accounts, f.name) for f in fields(accounts)}
    found |= {f"value added {item}": v for item, v in accounts.value_added.items()}
    return {
        name: value.toarray() if sparse.issparse(value) else value
        for name, value in found.items()
        if sparse.issparse(value) or isinstance(value, np.ndarray)
    }


@few
@given(rich())
def test_no_number_is_lost_between_an_economy_and_its_tables(economy: pb.Economy) -> None:
    for before, after in zip(economy.regions, again(economy).regions, strict=True):
        was, now = arrays(before), arrays(after)
        assert was.keys() == now.keys()
        for name, values in was.items():
            np.testing.assert_allclose(now[name], values, rtol=CLOSE, err_msg=name)


def test_what_spoils_is_kept_where_nothing_is_in_stock() -> None:
    economy = rich_economy(rich_folder(Shape(2, 3, False, 1)))
    first = replace(economy.regions[0], initial_stock=np.zeros(len(economy.products)))
    economy = replace(economy, regions=(first, economy.regions[1]))
    assert first.storage_loss.any()
    assert again(economy).regions[0].storage_loss.tolist() == first.storage_loss.tolist()


def test_years_are_whole_numbers_as_they_were_written() -> None:
    world = read_economy("world-2000")
    for table in (world.actual, world.growth):
        assert table is not None
        assert all(table[name].dtype == np.int64 for name in {"year"} & set(table))
    assert "year" in world.actual


# What a hand may write into a folder --------------------------------------------------------------


def refused(folder: Folder, path: Path) -> str:
    with pytest.raises(PlanboardError) as error:
        read_economy(folder.write(path))
    return str(error.value).replace(str(path), "folder")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("format", "1", 'format: "1" is not a whole number'),
        ("base_year", "two thousand", 'base_year: "two thousand" is not a whole number'),
        ("base_year", 2000.5, "base_year: 2000.5 is not a whole number"),
        ("unit", None, "unit: null is not a text"),
        ("products", ["corn"], 'products: ["corn"] is not names with values, in braces'),
        (
            "products",
            {"corn": {"price": "2"}, "steel": {}, "cloth": {"storable": 1}},
            'products, corn, price: "2" is not a number\n'
            "    products, cloth, storable: 1 is not true or false",
        ),
        (
            "categories",
            {"households": "households"},
            'categories, households: "households" is not names with values, in braces',
        ),
        ("labels", {"corn": 1}, "labels, corn: 1 is not a text"),
        ("partners", "outside", 'partners: "outside" is not a list'),
        (
            "history",
            ["cleaned"],
            'history, 0: "cleaned" is not names with values, in braces',
        ),
    ],
)
def test_values_of_another_kind_than_their_keys(
    key: str, value: object, told: str, tmp_path: Path
) -> None:
    folder = random_folder(Shape(1, 3, is_joint=False, seed=1))
    assert refused(replace(folder, head={**folder.head, key: value}), tmp_path / "e") == (
        "folder/economy.json holds values of another kind than its keys ask for.\n\n"
        f"    {told}\n\n"
        "Write them as the page on economy folders shows."
    )


def test_a_head_that_is_no_object(tmp_path: Path) -> None:
    random_folder(Shape(1, 3, is_joint=False, seed=1)).write(tmp_path)
    (tmp_path / "economy.json").write_text("[1]")
    with pytest.raises(UnreadableFileError, match="it holds a list"):
        read_economy(tmp_path)


@pytest.mark.parametrize(
    ("table", "column", "value", "what"),
    [
        ("capital", "capacity", np.inf, "a number"),
        ("activity", "input_lag", 0.5, "a whole number"),
        ("capital", "gestation", 1.5, "a whole number"),
    ],
)
def test_numbers_without_end_and_parts_of_years(
    table: str, column: str, value: float, what: str, tmp_path: Path
) -> None:
    folder = random_folder(Shape(1, 3, is_joint=False, seed=1))
    wrong = folder.changed(**{table: lambda t: t.assign(**{column: value})})
    assert refused(wrong, tmp_path / "e").startswith(
        f"The table folder/{table}.csv holds what is not {what}, in column '{column}'.\n\n"
        f"    row 1: '{value:g}'"
    )
