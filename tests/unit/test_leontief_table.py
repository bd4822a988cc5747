"""A table's requirements, multipliers, linkages and prices: identities, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import planboard as pb
from economies import Shape, random_folder
from planboard import leontief
from planboard.errors import InvalidTableError, UnknownNameError
from planboard.tables import InputOutputTable
from symmetric_tables import ITEMS, miller_blair, random_table

EXACT = 1e-10  # Relative: identities, with nothing but rounding between their sides.

tables = pytest.mark.parametrize(
    "table",
    [
        pytest.param(random_table(1), id="one region"),
        pytest.param(random_table(3), id="three regions"),
        pytest.param(random_table(2, has_outside=True), id="outside"),
        pytest.param(random_table(2, idle=True), id="idle sector"),
    ],
)


def same(found: object, wanted: object) -> None:
    np.testing.assert_allclose(
        np.asarray(found, float), np.asarray(wanted, float), rtol=EXACT, atol=EXACT
    )


def inverse(table: InputOutputTable) -> np.ndarray:
    """L by another way: solving for one product at a time."""
    n = len(table.gross_output)
    output = table.gross_output.where(table.gross_output > 0, 1.0).to_numpy()
    matrix = np.eye(n) - table.transactions.to_numpy()[:n] / output
    return np.column_stack([np.linalg.solve(matrix, unit) for unit in np.eye(n)])


# Requirements -------------------------------------------------------------------------------------


@tables
def test_requirements_solve_and_invert_alike(table: InputOutputTable) -> None:
    before = table.transactions.to_numpy().copy()
    solved = leontief.requirements_of(table)
    wanted = inverse(table)
    for _ in range(2):  # Asking changes nothing.
        same(solved.inverse(), wanted)
        same(solved.of(np.eye(len(wanted))), wanted)
        same(solved.embodied(np.eye(len(wanted))), wanted)
        same(solved.of(np.arange(len(wanted))), wanted @ np.arange(len(wanted)))
        same(solved.embodied(np.arange(len(wanted))), np.arange(len(wanted)) @ wanted)
        same(solved.columns([2, 0]), wanted[:, [2, 0]])
    assert (table.transactions.to_numpy() == before).all()


@tables
def test_final_use_takes_the_output_of_the_table(table: InputOutputTable) -> None:
    bought = leontief.own_rows(table, table.final_use).sum(axis=1).to_numpy()
    same(leontief.requirements_of(table).of(bought), table.gross_output)


@pytest.mark.parametrize("order", ["C", "F"])
def test_inverting_leaves_the_coefficients_alone(order: str) -> None:
    table = random_table(2)
    found = leontief.coefficients(table.transactions, table.gross_output)
    matrix = pd.DataFrame(np.array(found, order=order), found.index, found.columns, copy=False)
    before = matrix.copy(deep=True)
    same(leontief.total_requirements(matrix), inverse(table))
    pd.testing.assert_frame_equal(matrix, before)


def test_ghosh_is_leontief_seen_from_the_seller() -> None:
    """G = x̂⁻¹ L x̂, and primary inputs push out all output: x' = v' G."""
    table = random_table(3)
    output = table.gross_output.to_numpy()
    found = leontief.ghosh_inverse(table.transactions, table.gross_output).to_numpy()
    same(found, inverse(table) * output / output[:, None])
    same(table.value_added.sum(axis=0).to_numpy() @ found, output)


def test_rows_stand_in_any_order() -> None:
    table = random_table(2, has_outside=True)
    turned = replace(
        table,
        transactions=table.transactions.iloc[::-1],
        final_use=table.final_use.iloc[::-1],
    )
    first, second = (leontief.requirements_of(t).inverse() for t in (table, turned))
    pd.testing.assert_frame_equal(first, second)
    found, again = (leontief.footprints(t) for t in (table, turned))
    pd.testing.assert_frame_equal(found.consumption, again.consumption[found.consumption.columns])


def test_outputs_are_found_by_name() -> None:
    table = random_table(2)
    turned = leontief.coefficients(table.transactions, table.gross_output.iloc[::-1])
    pd.testing.assert_frame_equal(
        turned, leontief.coefficients(table.transactions, table.gross_output)
    )


def refusal(table: InputOutputTable) -> str:
    with pytest.raises(InvalidTableError) as caught:
        leontief.requirements_of(table)
    return str(caught.value)


def test_inputs_of_what_is_not_made_are_refused() -> None:
    table = random_table(1, idle=True)
    flows = table.transactions.copy()
    flows.loc[("north", "corn"), ("north", "steel")] = 3.5
    output = table.gross_output.copy()
    output["north", "cloth"] = -2.0
    assert refusal(replace(table, transactions=flows, gross_output=output)) == (
        "There are no coefficients of what is not made.\n\n"
        "    north cloth: output -2\n"
        "    north steel: output 0, takes 3.5 or more\n\n"
        "Correct the table: book the flow elsewhere, or the output that it belongs to."
    )
    assert "    north cloth: output -2\n" in refusal(replace(table, gross_output=output))


def test_sales_of_what_is_not_made_have_no_output_coefficients() -> None:
    table = random_table(1, idle=True)
    flows = table.transactions.copy()
    flows.loc[("north", "steel"), ("north", "corn")] = 1.0
    with pytest.raises(InvalidTableError) as caught:
        leontief.ghosh_inverse(flows, table.gross_output)
    assert caught.value.evidence == ("north steel: output 0, sells 1 or more",)
    leontief.requirements_of(replace(table, transactions=flows))  # A rounded cell of a real table.


def test_a_technology_that_takes_more_than_it_makes_is_refused() -> None:
    table = miller_blair([(150, 1900), (1050, 100)])
    assert refusal(table) == (
        "The technology of table 'made' is not productive.\n\n"
        "    W agriculture: one unit of everything would take -10 of it\n"
        "    W manufacturing: one unit of everything would take -10 of it\n\n"
        "Correct the inputs of the sectors named: what is made must be more than making it takes. "
        "`planboard check` names the circuit at fault."
    )
    singular = miller_blair([(1000, 0), (0, 0)])
    assert "I − A is singular: making everything takes all of it" in refusal(singular)


def test_a_table_that_is_not_square_is_refused() -> None:
    table = random_table(1)
    one_less = replace(
        table, transactions=table.transactions.iloc[1:], final_use=table.final_use.iloc[1:]
    )
    assert refusal(one_less) == (
        "Table 'made' is not square, as Leontief's model needs.\n\n"
        "    north corn: takes inputs, but has no row of sales\n\n"
        "Give every sector of a region with accounts one row and one column. A supply and use "
        "table becomes symmetric by one of the technology models A to D."
    )
    columns = table.transactions.columns[1:]
    narrower = replace(
        table,
        transactions=table.transactions[columns],
        gross_output=table.gross_output[columns],
        value_added=table.value_added[columns],
        factors=None,
    )
    assert "    north corn: sells, but has no column\n" in refusal(narrower)


def test_labels_that_differ_are_refused() -> None:
    table = random_table(1)
    output = table.gross_output.iloc[1:]
    output[("north", "silk")] = 4.0
    with pytest.raises(InvalidTableError) as caught:
        leontief.coefficients(table.transactions, output)
    assert str(caught.value) == (
        "Gross output and flows do not have the same labels.\n\n"
        "    north corn: no output\n"
        "    north silk: has an output, but no flows\n\n"
        "Every sector needs one output; names are matched to the letter."
    )
    twice = pd.concat([table.gross_output, table.gross_output.iloc[:1]])
    with pytest.raises(InvalidTableError, match="north corn: stands twice"):
        leontief.coefficients(table.transactions, twice)
    with pytest.raises(InvalidTableError, match="without a number"):
        leontief.coefficients(table.transactions, table.gross_output * np.nan)
    coefficients = leontief.coefficients(table.transactions, table.gross_output)
    with pytest.raises(InvalidTableError) as caught:
        leontief.total_requirements(coefficients.iloc[1:])
    assert caught.value.evidence == ("2 rows, 3 columns", "north corn")
    with pytest.raises(InvalidTableError, match="1 missing"):
        leontief.total_requirements(coefficients.where(coefficients < coefficients.max().max()))


# Multipliers --------------------------------------------------------------------------------------


@tables
def test_output_multipliers_split_the_columns_of_the_inverse(table: InputOutputTable) -> None:
    wanted = inverse(table)
    region = table.transactions.columns.get_level_values("region").to_numpy()
    found = leontief.output_multipliers(table)
    same(found["total"], wanted.sum(axis=0))
    at_home = (wanted * (region[:, None] == region)).sum(axis=0)
    same(found["within_region"], at_home)
    same(found["spillover"], wanted.sum(axis=0) - at_home)


@tables
def test_factor_multipliers_count_all_that_is_used(table: InputOutputTable) -> None:
    """Final use of what is made here, times what it embodies, is all that producers use."""
    found = leontief.factor_multipliers(table)
    bought = leontief.own_rows(table, table.final_use).sum(axis=1)
    uses = leontief.factor_uses(table)
    made = table.gross_output > 0
    same((found * bought).sum(axis=1), uses.loc[:, made].sum(axis=1))
    direct = uses.loc[:, made] / table.gross_output[made]
    ratio = leontief.type_one_multipliers(table).loc[:, made]
    same(ratio * direct, found.loc[:, made])
    assert (ratio >= 1).all(axis=None)


def test_a_factor_without_direct_use_has_no_type_one_multiplier() -> None:
    table = random_table(1)
    factors = table.factors.copy()
    factors.loc["hours", ("north", "corn")] = 0.0
    found = leontief.type_one_multipliers(replace(table, factors=factors), ["hours"])
    assert np.isnan(found.loc["hours", ("north", "corn")])
    assert found.notna().sum(axis=1)["hours"] == 2


def test_factors_of_what_is_not_made_are_told_apart() -> None:
    table = random_table(2, idle=True)
    hours = float(table.factors.loc["hours", ("north", "steel")])
    assert hours == 0.0
    factors = table.factors.copy()
    factors.loc["hours", ("north", "steel")] = 7.0
    manned = replace(table, factors=factors)
    assert leontief.idle_uses(manned).to_dict() == {"value added": 0.0, "hours": 7.0, "carbon": 0.0}
    same(leontief.factor_multipliers(manned), leontief.factor_multipliers(table))


def test_factors_are_known_by_name() -> None:
    table = random_table(1)
    assert leontief.factor_names(table) == ["value added", "hours", "carbon", *ITEMS]
    found = leontief.factor_uses(table, ["value added", "labour"])
    same(found.loc["labour"] / found.loc["value added"], np.full(3, 0.6))
    with pytest.raises(UnknownNameError) as caught:
        leontief.factor_uses(table, ["hour"])
    assert str(caught.value) == (
        "There is no factor 'hour' (table 'made').\n\n"
        "Closest names: 'hours', 'labour' (5 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


def test_a_factor_that_is_not_published_everywhere_is_refused() -> None:
    table = random_table(3)
    factors = table.factors.copy()
    factors.loc["hours", "west"] = np.nan
    factors.loc["hours", ("north", "corn")] = np.nan
    partly = replace(table, factors=factors)
    with pytest.raises(InvalidTableError) as caught:
        leontief.footprints(partly)
    assert str(caught.value) == (
        "Table 'made' does not say who uses these factors.\n\n"
        "    hours: 4 cells missing, in north, west\n\n"
        "A missing number is not zero: fill it in as a recorded step, or ask for others."
    )


# Linkages -----------------------------------------------------------------------------------------


def test_linkages_of_miller_and_blair() -> None:
    """L = [[380, 100], [80, 340]] / 303, so that G = [[380, 200], [40, 340]] / 303."""
    backward = leontief.backward_linkages(miller_blair())
    forward = leontief.forward_linkages(miller_blair())
    same(backward["direct"], [0.35, 0.30])
    same(backward["total"], [460 / 303, 440 / 303])
    same(backward["power_of_dispersion"], [460 / 450, 440 / 450])
    same(forward["direct"], [0.65, 0.15])
    same(forward["total"], [580 / 303, 380 / 303])
    same(forward["total_normalised"], [580 / 480, 380 / 480])
    same(forward["sensitivity_of_dispersion"], [480 / 450, 420 / 450])
    assert list(leontief.key_sectors(backward, forward)) == ["key", "weak"]


@tables
def test_normalised_linkages_are_one_on_average(table: InputOutputTable) -> None:
    made = table.gross_output > 0
    for found in (leontief.backward_linkages(table), leontief.forward_linkages(table)):
        assert found[made].notna().all(axis=None)
        assert found[~made].isna().all(axis=None)
        normalised = found.drop(columns=["direct", "total"])
        same(normalised.mean(), np.ones(normalised.shape[1]))


def test_four_kinds_of_sectors() -> None:
    labels = pd.MultiIndex.from_product([["W"], list("abcde")], names=["region", "sector"])
    backward = pd.DataFrame({"power_of_dispersion": [1.1, 1.1, 0.9, 0.9, np.nan]}, index=labels)
    forward = pd.DataFrame({"total_normalised": [1.2, 0.8, 1.2, 0.8, np.nan]}, index=labels)
    kinds = ["key", "backward", "forward", "weak", ""]
    assert list(leontief.key_sectors(backward, forward)) == kinds
    assert list(leontief.key_sectors(backward, forward.iloc[::-1])) == kinds


# Prices -------------------------------------------------------------------------------------------


@tables
def test_prices_change_with_nothing_but_costs(table: InputOutputTable) -> None:
    made = table.gross_output > 0
    unchanged = leontief.price_change(table)
    assert (unchanged[made] == 1.0).all()
    assert unchanged[~made].isna().all()
    contents = leontief.cost_contents(table)
    same(contents.sum(axis=0)[made], np.ones(made.sum()))
    assert contents.loc[:, ~made].isna().all(axis=None)
    dearer = leontief.price_change(table, {"labour": 1.5})
    same(dearer[made], 1 + 0.5 * contents.loc["labour"][made])
    both = leontief.price_change(table, {"labour": 1.5, "surplus": 1.5})
    outside = contents.loc["inputs from outside"] if "outside" in table.origins else 0.0
    same(both[made], (1.5 - 0.5 * outside + 0 * both)[made])


def test_prices_of_miller_and_blair() -> None:
    """Labour at 0.30 and 0.25 of output, thirty per cent dearer: 572/505 and 225/202."""
    found = leontief.price_change(miller_blair(), {"labour": 1.3})
    same(found, [572 / 505, 225 / 202])
    assert found.round(4).tolist() == [1.1327, 1.1139]  # As printed.


def test_a_charge_on_a_factor_costs_what_is_embodied() -> None:
    table = random_table(2)
    found = leontief.price_change(table, charges={"carbon": 0.05})
    same(found - 1, 0.05 * leontief.factor_multipliers(table, ["carbon"]).loc["carbon"])


def test_changes_of_regions_add_up() -> None:
    table = random_table(3)
    alone = [leontief.price_change(table, {"labour": 1.2}, regions=[r]) for r in table.regions]
    same(sum(p - 1 for p in alone), leontief.price_change(table, {"labour": 1.2}) - 1)


def test_a_column_that_does_not_balance_is_named_among_the_costs() -> None:
    table = random_table(2)
    added = table.value_added * 0.9
    contents = leontief.cost_contents(replace(table, value_added=added))
    same(contents.loc["unbalanced"], np.full(6, 0.1))
    assert "unbalanced" not in leontief.cost_contents(table).index


def test_unknown_names_in_prices_are_refused() -> None:
    table = random_table(2)
    with pytest.raises(UnknownNameError, match="no item of value added 'wages'"):
        leontief.price_change(table, {"wages": 1.3})
    with pytest.raises(UnknownNameError, match="no region 'nort'"):
        leontief.price_change(table, {"labour": 1.3}, regions=["nort"])
    with pytest.raises(UnknownNameError, match="no factor 'coal'"):
        leontief.price_change(table, charges={"coal": 1.3})


# Economies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("regions", [1, 3])
def test_the_table_of_an_economy_has_its_technology(regions: int) -> None:
    economy = random_folder(Shape(regions, 4, is_joint=False, seed=regions)).economy()
    check_against_economy(economy)


def test_the_table_of_an_economy_with_an_outside() -> None:
    economy = pb.read_economy(f"{next(iter(pb.__path__))}/templates/economy")
    check_against_economy(economy)
    table = leontief.table_of(economy)
    assert table.origins == ("HOME", "outside")
    assert table.publication.coverage == "part"
    assert ("outside", "exports") in table.final_use.columns
    outside = leontief.outside_rows(table, table.transactions).to_numpy().sum()
    outside += leontief.outside_rows(table, table.final_use).to_numpy().sum()
    assert outside == pytest.approx(economy.regions[0].imports.sum(), rel=EXACT)


def test_partners_left_out_are_outside(world: pb.Economy) -> None:
    check_against_economy(world.part(["EUN", "EUS"]))
    whole, part = leontief.table_of(world), leontief.table_of(world.part(["EUN", "EUS"]))
    assert part.origins == ("EUN", "EUS", "outside")
    columns = part.transactions.columns
    same(part.transactions.loc[columns], whole.transactions.loc[columns, columns])


def check_against_economy(economy: pb.Economy) -> None:
    """The table gives what the functions on an Economy give."""
    table = leontief.table_of(economy)
    technology = leontief.technology_matrix(economy)
    own = leontief.own_rows(table, table.transactions)
    pd.testing.assert_frame_equal(leontief.coefficients(own, table.gross_output), technology)
    scale = float(table.gross_output.abs().max())
    assert np.abs(table.row_gaps()).max() < 1e-9 * scale
    assert np.abs(table.column_gaps()).max() < 1e-6 * scale
    item = table.value_added.index[0]
    found = leontief.price_change(table, {item: 1.25})
    wanted = leontief.prices(economy, {item: 1.25}) - leontief.prices(economy) + 1
    same(found, wanted)
    older = leontief.multipliers(economy).set_index(["region", "product"])
    for factor in economy.factors:
        wanted = older.loc[older["multiplier"] == factor.label, "value"]
        same(leontief.factor_multipliers(table, [factor.name]).loc[factor.name], wanted)


def test_an_economy_without_value_added_has_what_is_left() -> None:
    folder = random_folder(Shape(2, 3, is_joint=False, seed=5))
    table = folder.tables["value_added"]
    one = folder.changed(value_added=lambda t: t[t["region"] == "north"])
    found = leontief.table_of(one.economy())
    assert list(found.value_added.index) == ["labour", "surplus", "output less inputs"]
    whole = leontief.table_of(folder.economy())
    same(found.value_added.sum(axis=0), whole.value_added.sum(axis=0))
    assert (found.value_added.loc["output less inputs", "north"] == 0).all()
    assert len(table)


def test_products_in_several_units_are_refused_unless_priced() -> None:
    folder = random_folder(Shape(1, 2, is_joint=False, seed=2))
    units = {"corn": {"unit": "tonne"}, "steel": {"unit": "million USD"}}
    counted = replace(folder, head={**folder.head, "products": units}).economy()
    with pytest.raises(pb.InputError) as caught:
        leontief.table_of(counted)
    assert str(caught.value) == (
        "The products of 'made' cannot be added up in one table.\n\n"
        "    corn: counted in tonne, without a price\n\n"
        "Give each a price in economy.json: million USD per unit, in the base year."
    )
    units["corn"] |= {"price": 2.0}
    priced = leontief.table_of(replace(folder, head={**folder.head, "products": units}).economy())
    plain = leontief.table_of(folder.economy())
    same(priced.transactions.loc[("north", "corn")], 2 * plain.transactions.loc[("north", "corn")])
    same(priced.transactions.loc[("north", "steel")], plain.transactions.loc[("north", "steel")])
    same(priced.gross_output, plain.gross_output * [2, 1])
    same(priced.row_gaps(), [0, 0])
    same(priced.factors, plain.factors)


def test_joint_production_is_refused() -> None:
    joint = random_folder(Shape(1, 3, is_joint=True, seed=3)).economy()
    with pytest.raises(pb.InputError, match="not square, as Leontief's model needs"):
        leontief.table_answers(joint)
