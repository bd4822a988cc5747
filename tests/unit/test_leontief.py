"""Leontief's model: identities of the books, and the circuit that decides a technology."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

import planboard as pb
from economies import Folder, Shape, made, random_folder, rows
from planboard import leontief
from planboard.errors import InvalidEconomyError, UnknownNameError

EXACT = 1e-9  # Relative: identities, with nothing but rounding between their sides.


def square(regions: int, seed: int = 1) -> Folder:
    return random_folder(Shape(regions, 4, is_joint=False, seed=seed))


def recipes(**inputs: dict[str, float]) -> pb.Economy:
    """One region; the inputs of a unit of each product."""
    lines = [("W", i, j, amount) for j, line in inputs.items() for i, amount in line.items()]
    tables = {
        "activity": rows("region activity level", *(("W", j, 1.0) for j in inputs)),
        "supply": rows("region product activity value", *(("W", j, j, 1.0) for j in inputs)),
        "use": rows("region product activity value", *lines),
    }
    return made(tables).economy()


def bought_where(economy: pb.Economy) -> pd.Series:
    """Final use of all regions by the region that it comes from."""
    total = np.zeros((len(economy.regions), len(economy.products)))
    for accounts in economy.regions:
        shares = leontief.origin_shares(economy, accounts)
        outside = [p for p, name in enumerate(economy.partners) if name == "outside"]
        total += shares * accounts.final_use.sum(axis=1)
        own = economy.region_names.index(accounts.region)
        total[own] += accounts.exports[:, outside].sum(axis=1)
    index = leontief.technology_matrix(economy).index
    return pd.Series(total.ravel(), index=index)


@pytest.mark.parametrize("regions", [1, 2, 3])
def test_final_use_takes_the_output_of_the_books(regions: int) -> None:
    """x = (I − A)⁻¹ f over all regions together: every region's books say what was made."""
    economy = square(regions).economy()
    found = leontief.gross_output(economy, bought_where(economy))
    made_there = np.concatenate([accounts.gross_output for accounts in economy.regions])
    assert found.to_numpy() == pytest.approx(made_there, rel=EXACT)


def test_imports_from_outside_leak_out() -> None:
    """One region that trades with the outside: exports are final demand, imports are not made."""
    economy = pb.read_economy(template())
    found = leontief.gross_output(economy, bought_where(economy))
    assert list(found) == pytest.approx([80, 260, 340], rel=EXACT)
    pooled = leontief.technology_matrix(economy, "HOME").to_numpy()
    assert (leontief.technology_matrix(economy).to_numpy() < pooled).all()


def template() -> str:
    return str(next(iter(pb.__path__)) + "/templates/economy")


@pytest.mark.parametrize("region", [None, "north"])
def test_prices_of_the_base_year_are_one(region: str | None) -> None:
    found = leontief.prices(square(3).economy(), region=region)
    assert found.to_numpy() == pytest.approx(np.ones(len(found)), rel=EXACT)


def test_prices_with_imports_from_outside_are_one_too() -> None:
    economy = pb.read_economy(template())
    for region in (None, "HOME"):
        assert list(leontief.prices(economy, region=region)) == pytest.approx([1, 1, 1], rel=1e-6)


def test_dearer_labour_costs_what_labour_is_in_everything() -> None:
    """Value added is labour and surplus: raising both raises all prices alike, one by its part."""
    economy = square(2).economy()
    assert list(leontief.prices(economy, {"labour": 1.5, "surplus": 1.5})) == pytest.approx(
        [1.5] * 8, rel=EXACT
    )
    # Labour is three fifths of every activity's value added, so of every price.
    assert list(leontief.prices(economy, {"labour": 1.5})) == pytest.approx([1.3] * 8, rel=EXACT)


def test_multipliers_add_up_to_what_the_books_hold() -> None:
    """Final use times hours embodied is all the hours worked; value added embodied is one."""
    economy = square(3).economy()
    table = leontief.multipliers(economy).set_index(["region", "product"])
    demand = bought_where(economy)
    hours = table[table["multiplier"] == "hours"]["value"]
    worked = sum(float(a.factor_use[0] @ a.level) for a in economy.regions)
    assert float((hours * demand.to_numpy()).sum()) == pytest.approx(worked, rel=EXACT)
    added = table[table["multiplier"] == "value added"]["value"]
    assert list(added) == pytest.approx([1.0] * 12, rel=EXACT)
    output = table[table["multiplier"] == "output"]["value"]
    inverse = leontief.leontief_inverse(economy)
    assert list(output) == pytest.approx(list(inverse.sum()), rel=EXACT)
    assert set(table["unit"]) == {"million USD", "USD", "million hours"}


def test_the_order_of_activities_does_not_matter() -> None:
    folder = square(1)
    turned = folder.changed(activity=lambda table: table.iloc[::-1])
    first, second = (leontief.technology_matrix(f.economy()) for f in (folder, turned))
    pd.testing.assert_frame_equal(first, second)


def test_levels_of_activities_do_not_matter() -> None:
    """An activity of half the size with twice the output per unit is the same technology."""
    economy = recipes(corn={"corn": 0.2, "iron": 0.1}, iron={"corn": 0.3})
    twice = [("W", "corn", "corn", 1.2), ("W", "iron", "corn", 0.6), ("W", "corn", "iron", 0.3)]
    made_of = [("W", "corn", "corn", 6), ("W", "iron", "iron", 1)]
    levels = [("W", "corn", 1, 2), ("W", "iron", 1, 1)]
    tables = {
        "activity": rows("region activity level reference", *levels),
        "supply": rows("region product activity value", *made_of),
        "use": rows("region product activity value", *twice),
    }
    same = leontief.technology_matrix(made(tables).economy())
    pd.testing.assert_frame_equal(leontief.technology_matrix(economy), same)


def test_a_product_that_is_not_made_has_an_empty_column() -> None:
    tables = {
        "activity": rows("region activity level", ("W", "mill", 10)),
        "supply": rows("region product activity value", ("W", "flour", "mill", 10)),
        "use": rows("region product activity value", ("W", "grain", "mill", 8)),
    }
    economy = made(tables, products={"grain": {}, "flour": {}}).economy()
    assert leontief.technology_matrix(economy, "W").to_numpy().tolist() == [[0, 0.8], [0, 0]]


def test_accounts_that_are_not_square_are_refused() -> None:
    joint = random_folder(Shape(1, 3, is_joint=True, seed=3)).economy()
    with pytest.raises(InvalidEconomyError) as caught:
        leontief.technology_matrix(joint)
    assert str(caught.value) == (
        "The accounts of 'north' are not square, as Leontief's model needs.\n\n"
        "    corn: made by corn, scrap mill\n"
        "    steel: made by steel, scrap mill\n"
        "    scrap mill: makes corn, steel\n\n"
        "Give every product one maker and every activity one product, or plan it instead."
    )


def test_names_that_do_not_exist_are_refused() -> None:
    economy = square(2).economy()
    with pytest.raises(UnknownNameError, match="no region 'nord'"):
        leontief.technology_matrix(economy, "nord")
    with pytest.raises(UnknownNameError, match=r"no product 'korn' \(final demand\)"):
        leontief.gross_output(economy, {"korn": 1.0}, region="north")
    with pytest.raises(UnknownNameError, match="no product 'north, korn'"):
        leontief.gross_output(economy, {("north", "korn"): 1.0})
    with pytest.raises(UnknownNameError, match="no product 'corn'"):
        leontief.gross_output(economy, {"corn": 1.0})  # Of which region?
    with pytest.raises(UnknownNameError, match="no item of value added 'wages'"):
        leontief.prices(economy, {"wages": 1.3})


# Circuits -----------------------------------------------------------------------------------------


def test_an_unproductive_technology_is_refused_with_its_circuit() -> None:
    economy = recipes(
        coal={"steel": 1.5, "bread": 0.1}, steel={"coal": 0.8, "steel": 0.2}, bread={"coal": 0.3}
    )
    with pytest.raises(InvalidEconomyError) as caught:
        leontief.leontief_inverse(economy)
    assert str(caught.value) == (
        "The technology of all regions together is not productive.\n\n"
        "    spectral radius 1.21133: making everything takes all of it\n"
        "    circuit: coal → steel → coal\n\n"
        "Correct an input on the circuit: it must take less of itself than it makes."
    )


def test_the_circuit_at_fault_is_in_the_group_that_feeds_on_itself() -> None:
    """Two groups: the larger coefficients of the one do not hide the circuits of the other."""
    economy = recipes(
        lone={"lone": 0.9, "a": 0.5},
        a={"a": 0.6, "b": 0.6},
        b={"a": 0.6, "b": 0.6},
    )
    found = leontief.hawkins_simon(economy)
    assert not found.is_productive
    assert found.spectral_radius == pytest.approx(1.2, rel=EXACT)
    assert set(found.circuit) <= {"a", "b"}


def test_one_is_not_productive() -> None:
    assert not leontief.hawkins_simon(recipes(corn={"corn": 1.0})).is_productive
    assert leontief.hawkins_simon(recipes(corn={"corn": 0.999999})).is_productive


def test_a_technology_without_circuits() -> None:
    found = leontief.hawkins_simon(recipes(grain={}, flour={"grain": 2.0}, bread={"flour": 3.0}))
    assert (found.circuit, found.passed_on, found.spectral_radius) == ((), 0.0, 0.0)


def test_circuits_across_regions_are_named_with_them() -> None:
    found = leontief.hawkins_simon(square(2).economy())
    assert all(name.split()[0] in ("north", "south") for name in found.circuit)


@pytest.mark.parametrize("seed", range(30))
def test_the_largest_circuit_is_found(seed: int) -> None:
    """Beside all circuits of five products, one by one."""
    rng = np.random.default_rng(seed)
    values = rng.uniform(0, 1, (5, 5)) * (rng.uniform(0, 1, (5, 5)) < 0.5)
    best = 0.0
    for length in range(1, 6):
        for circuit in permutations(range(5), length):
            steps = zip(circuit, (*circuit[1:], circuit[0]), strict=True)
            best = max(best, float(np.prod([values[step] for step in steps])) ** (1 / length))
    circuit, mean = leontief.largest_circuit(values)
    assert mean == pytest.approx(best, rel=EXACT)
    steps = list(zip(circuit, (*circuit[1:], *circuit[:1]), strict=True))
    found = np.prod([values[step] for step in steps]) ** (1 / max(len(steps), 1))
    assert (float(found) if steps else 0.0) == pytest.approx(best, rel=EXACT)


def test_units_do_not_choose_the_circuit() -> None:
    """Counting a product in other units moves coefficients, and no circuit's mean."""
    values = np.random.default_rng(4).uniform(0.1, 0.9, (6, 6))
    unit = np.array([1.0, 1e3, 0.02, 7.0, 1e-4, 30.0])
    first, second = (leontief.largest_circuit(v) for v in (values, values * unit / unit[:, None]))
    assert set(first[0]) == set(second[0])
    assert first[1] == pytest.approx(second[1], rel=EXACT)


def test_no_eigenvalue_is_asked_for_where_every_column_leaves_value_added(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of some thousand products, eigenvalues take hours; the largest column sum is enough."""
    economy = random_folder(Shape(2, 3, is_joint=False, seed=1)).economy()

    def too_slow(matrix: np.ndarray) -> np.ndarray:
        raise AssertionError(f"eigenvalues of {matrix.shape}")

    monkeypatch.setattr(np.linalg, "eigvals", too_slow)
    assert (leontief.multipliers(economy)["value"] > 0).any()
    assert [f for f in pb.check_economy(economy) if f.code == "unproductive_technology"] == []
