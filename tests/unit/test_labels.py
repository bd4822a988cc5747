"""Names along an axis."""

import pytest

import planboard as pb
from planboard.errors import UnknownNameError
from planboard.labels import grid, nearest, pick, positions, unknown_name

PRODUCTS = ("Wheat", "Coal", "Steel")


def test_positions_are_found_by_name() -> None:
    assert positions("product", ["Steel", "Wheat", "Steel"], PRODUCTS) == [2, 0, 2]
    assert positions("product", [], PRODUCTS) == []


def test_an_unknown_name_raises_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as caught:
        positions("product", ["Coal", "steell"], PRODUCTS, "plan.toml, line 3")
    assert isinstance(caught.value, pb.InputError)
    assert str(caught.value) == (
        "There is no product 'steell' (plan.toml, line 3).\n\n"
        "Closest names: 'Steel' (3 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


def test_names_do_not_match_by_capitals() -> None:
    with pytest.raises(UnknownNameError):
        positions("product", ["coal"], PRODUCTS)


def test_nearest_ignores_capitals_and_puts_the_best_first() -> None:
    assert nearest("STEEL", PRODUCTS) == ["Steel"]
    assert nearest("wheta", ["whale", "Wheat", "x"])[0] == "Wheat"
    assert nearest("zzz", PRODUCTS) == []


def test_without_a_near_name_a_short_list_is_shown() -> None:
    assert "'Wheat', 'Coal', 'Steel'" in str(unknown_name("product", "zzz", PRODUCTS))
    assert "There are none." in str(unknown_name("product", "zzz", []))


def test_grid_keeps_the_order_given() -> None:
    """Codes count in the order of the labels, which are not sorted."""
    found = grid({"product": ["b", "c", "a"], "year": [2002, 2001]})
    assert list(found) == [(p, y) for p in "bca" for y in (2002, 2001)]
    assert list(found.levels[0]) == ["b", "c", "a"]
    assert list(found.codes[0]) == [0, 0, 1, 1, 2, 2]
    assert list(found.names) == ["product", "year"]
    assert len(grid({"product": [], "year": [2001]})) == 0


def test_pick_takes_stated_combinations() -> None:
    found = pick({"product": ["b", "a"], "year": [1, 2]}, [[1, 0], [0, 1]])
    assert list(found) == [("a", 1), ("b", 2)]
