"""Supply and use to symmetric tables: the four models, held to their laws."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planboard.economy_folder import economy_of
from planboard.errors import InvalidTableError, UnknownNameError
from planboard.tables import InputOutputTable, books
from planboard.tables.import_shares import by_proportionality
from planboard.tables.supply_use import SupplyUseTable
from planboard.tables.technology_models import MODELS, symmetric_table, transformation
from supply_use_tables import basic_table, frame, publication, small_table, square_table

EXACT = 1e-9
seeds = st.integers(0, 10_000)
models = pytest.mark.parametrize("model", list(MODELS))
# Miller & Blair (2009), Input-Output Analysis, ch. 5: two commodities, two industries. The make
# matrix is industry by commodity there.
USE = np.array([[12.0, 8.0], [10.0, 7.0]])
MAKE = np.array([[90.0, 0.0], [10.0, 100.0]])
FINAL, ADDED = np.array([80.0, 83.0]), np.array([68.0, 95.0])


def miller_blair() -> SupplyUseTable:
    industries, products = ["industry1", "industry2"], ["A", "B"]
    nothing = pd.DataFrame(0.0, products, industries)
    final = pd.DataFrame({"households": FINAL, "sold": 0.0}, products)
    return SupplyUseTable(
        publication=publication("basic"),
        region="LAND",
        supply=pd.DataFrame(MAKE.T, products, industries),
        use=pd.DataFrame(USE, products, industries),
        final_use=final,
        imports=pd.Series(0.0, products),
        value_added=pd.DataFrame([ADDED], ["value added"], industries),
        roles={"households": "households", "sold": "exports"},
        imported_use=nothing,
        imported_final_use=final * 0.0,
    )


def coefficients(table: InputOutputTable) -> np.ndarray:
    flows: np.ndarray = table.transactions.to_numpy() / table.gross_output.to_numpy()
    return flows


def own(table: InputOutputTable) -> np.ndarray:
    n = len(table.gross_output)
    return coefficients(table)[:n]


@pytest.mark.parametrize(
    ("model", "printed"),
    [
        ("A", [[0.1333, 0.0667], [0.1111, 0.0589]]),
        ("B", [[0.1273, 0.0727], [0.1064, 0.0636]]),
    ],
)
def test_commodity_by_commodity_coefficients_of_the_textbook(
    model: str, printed: list[list[float]]
) -> None:
    """B C⁻¹ under product technology, B D under industry technology, to the digits in print."""
    found = own(symmetric_table(miller_blair(), model))
    np.testing.assert_allclose(found, printed, atol=5e-5)


def test_industry_by_industry_coefficients_of_the_textbook() -> None:
    """D B: fixed product sales structure is what the textbook calls industry technology there."""
    shares = MAKE / MAKE.sum(axis=0)
    wanted = shares @ (USE / MAKE.sum(axis=1))
    np.testing.assert_allclose(own(symmetric_table(miller_blair(), "D")), wanted, rtol=EXACT)


# Laws ---------------------------------------------------------------------------------------------


@models
@given(seeds)
def test_output_and_value_added_are_kept(model: str, seed: int) -> None:
    table = by_proportionality(square_table(seed))
    made = symmetric_table(table, model)
    output = table.output if model in "AB" else table.industry_output
    np.testing.assert_allclose(made.gross_output, output, rtol=EXACT)
    np.testing.assert_allclose(
        made.value_added.sum(axis=1), table.value_added.sum(axis=1), rtol=1e-7
    )
    np.testing.assert_allclose(
        made.transactions.to_numpy().sum(), table.use.to_numpy().sum(), rtol=EXACT
    )
    np.testing.assert_allclose(
        made.final_use.to_numpy().sum(), table.final_use.to_numpy().sum(), rtol=EXACT
    )
    scale = table.output.max()
    assert made.row_gaps().abs().max() < EXACT * scale
    assert made.column_gaps().abs().max() < EXACT * scale


@models
@given(seeds)
def test_where_nobody_makes_two_products_all_models_agree(model: str, seed: int) -> None:
    table = square_table(seed)
    supply = pd.DataFrame(np.diag(table.output), table.supply.index, table.supply.columns)
    added = table.value_added.copy()
    added.loc["capital"] = supply.sum() - table.use.sum() - added.loc["labour"]
    table = by_proportionality(replace(table, supply=supply, value_added=added))
    made = symmetric_table(table, model)
    n = len(table.products)
    imported = table.imported_use
    assert imported is not None
    np.testing.assert_allclose(
        made.transactions.to_numpy()[:n], (table.use - imported).to_numpy(), rtol=1e-7, atol=1e-9
    )
    np.testing.assert_allclose(
        made.transactions.to_numpy()[n:], imported.to_numpy(), rtol=1e-7, atol=1e-9
    )


@given(seeds)
def test_product_technology_gives_back_the_use_table(seed: int) -> None:
    """U = A S: every industry uses what its products take."""
    table = by_proportionality(square_table(seed))
    made = symmetric_table(table, "A")
    taken = coefficients(made) @ table.supply.to_numpy()
    n = len(table.products)
    np.testing.assert_allclose(taken[:n] + taken[n:], table.use.to_numpy(), rtol=1e-7, atol=1e-8)


@given(seeds)
def test_industry_technology_mixes_the_inputs_of_those_who_make_a_product(seed: int) -> None:
    table = by_proportionality(basic_table(seed))
    inputs = table.use.to_numpy() / table.industry_output.to_numpy()
    shares = table.supply.to_numpy() / table.output.to_numpy()[:, None]
    made = coefficients(symmetric_table(table, "B"))
    n = len(table.products)
    np.testing.assert_allclose(made[:n] + made[n:], inputs @ shares.T, rtol=EXACT)


@given(seeds)
def test_fixed_industry_sales_keep_what_an_industry_sells_to_whom(seed: int) -> None:
    """Every product of an industry goes to its users in the industry's own proportions."""
    table = by_proportionality(square_table(seed))
    made = symmetric_table(table, "C")
    imported = table.imported_use
    assert imported is not None
    n = len(table.industries)
    sales = made.transactions.to_numpy()[:n] / table.industry_output.to_numpy()[:, None]
    np.testing.assert_allclose(
        table.supply.to_numpy() @ sales, (table.use - imported).to_numpy(), rtol=1e-7, atol=1e-8
    )


@pytest.mark.parametrize("model", ["B", "D"])
@given(seeds)
def test_rectangular_tables_without_negative_cells_stay_so(model: str, seed: int) -> None:
    table = by_proportionality(basic_table(seed))
    made = symmetric_table(table, model)
    assert (made.transactions.to_numpy() >= 0).all()
    assert (made.final_use.to_numpy() >= -1e-12).all()
    assert made.row_gaps().abs().max() < EXACT * table.output.max()
    assert made.column_gaps().abs().max() < EXACT * table.output.max()


# Shape and history --------------------------------------------------------------------------------


def test_imports_and_exports_are_with_the_outside() -> None:
    made = symmetric_table(by_proportionality(basic_table(3)), "D")
    assert made.origins == ("LAND", "outside")
    assert made.regions == ("LAND",)
    assert ("outside", "sold") in made.final_use.columns
    assert "sold" not in made.roles
    assert made.roles["stocks"] == "inventories"
    assert made.publication.history[-1] == {
        "step": "technology model",
        "detail": "Model D, fixed product sales structure, industry by industry.",
    }


def test_negative_cells_of_product_technology_are_kept_and_told() -> None:
    table = square_table(4)
    supply, added = table.supply.copy(), table.value_added.copy()
    moved = 0.5 * table.output["good0"]
    others = [j for j in table.industries if j != "industry0"]
    supply.loc["good0"] = 0.0
    supply.loc["good0", ["industry0", others[0]]] = [moved, moved]
    added.loc["capital"] += supply.sum() - table.supply.sum()
    table = by_proportionality(replace(table, supply=supply, value_added=added))
    made = symmetric_table(table, "A")
    flows = made.transactions.to_numpy()
    negative = flows[flows < 0]
    assert len(negative)
    assert made.publication.history[-1]["detail"] == (
        f"Model A, product technology, product by product. {len(negative)} negative cells are "
        f"kept, least {negative.min():,.6g}, together {negative.sum():,.6g} "
        f"({abs(negative.sum()) / np.abs(flows).sum():.2%} of all)."
    )


def negative_by_model(model: str) -> InputOutputTable:
    """The textbook's table with 60 of A made by industry 2, and one item that A's maker lacks."""
    table = miller_blair()
    supply = frame({"A": [50, 60], "B": [0, 100]}, list(table.industries))
    use = frame({"A": [1, 10], "B": [1, 10]}, list(table.industries))
    added = frame({"wages": [48, 0], "surplus": [0, 140]}, list(table.industries))
    final = frame({"A": [99, 0], "B": [0, 89]}, ["households", "sold"])
    table = replace(
        table, supply=supply, use=use, value_added=added, final_use=final,
        imported_use=use * 0.0, imported_final_use=final * 0.0,
    )  # fmt: skip
    return symmetric_table(table, model)


def test_negative_value_added_of_product_technology_is_told() -> None:
    """T = [[2.2, -1.2], [0, 1]]: what A's wages are worth is taken from B's."""
    made = negative_by_model("A")
    np.testing.assert_allclose(made.value_added, [[105.6, -57.6], [0, 140]], atol=1e-9)
    assert made.publication.history[-1]["detail"].endswith(
        " 1 negative cells of value added are kept, least -57.6, together -57.6 (19.00% of all)."
    )


def test_negative_final_use_of_fixed_industry_sales_is_told() -> None:
    """T = [[1, -0.6], [0, 1.6]]: industry 2 sells all of B, 89 of it abroad."""
    made = negative_by_model("C")
    np.testing.assert_allclose(made.final_use.loc["LAND"], [[99, -53.4], [0, 142.4]], atol=1e-9)
    assert made.publication.history[-1]["detail"].endswith(
        " 1 negative cells of final use are kept, least -53.4, together -53.4 (18.11% of all)."
    )


@models
def test_products_that_nobody_makes_stay_imports(model: str) -> None:
    table = square_table(5)
    extra = frame({"spice": [1.0] * 4}, list(table.industries))
    cost = table.value_added.copy()
    cost.loc["capital"] -= 1.0
    final = frame({"spice": [2.0, 0, 0, 0, 0]}, list(table.final_use.columns))
    table = by_proportionality(
        replace(
            table,
            supply=pd.concat([table.supply, extra * 0]),
            use=pd.concat([table.use, extra]),
            final_use=pd.concat([table.final_use, final]),
            imports=pd.concat([table.imports, pd.Series({"spice": 6.0})]),
            value_added=cost,
        )
    )
    made = symmetric_table(table, model)
    assert made.transactions.loc[("outside", "spice")].sum() == pytest.approx(4.0)
    assert made.final_use.loc[("outside", "spice"), ("LAND", "households")] == pytest.approx(2.0)
    assert made.row_gaps().abs().max() < 1e-8
    assert made.column_gaps().abs().max() < 1e-8


def test_an_idle_industry_is_left_aside() -> None:
    table = square_table(6)
    idle = pd.DataFrame({"idle": 0.0}, table.supply.index)
    table = replace(
        table,
        supply=table.supply.join(idle),
        use=table.use.join(idle),
        value_added=table.value_added.assign(idle=0.0),
    )
    made = symmetric_table(by_proportionality(table), "A")
    assert made.column_gaps().abs().max() < 1e-8
    turn = transformation(table.supply.to_numpy(), "B")
    assert (turn[-1] == 0).all()


@models
def test_a_symmetric_table_makes_an_economy(model: str) -> None:
    table = by_proportionality(square_table(7))
    economy = economy_of(*books.input_output_books(symmetric_table(table, model)))
    region = economy.region("LAND")
    used = region.input @ region.level + region.final_use.sum(axis=1) + region.exports.sum(axis=1)
    np.testing.assert_allclose(used, region.gross_output + region.imports.sum(axis=1), rtol=1e-7)


# What is refused ----------------------------------------------------------------------------------


def test_models_are_a_to_d() -> None:
    with pytest.raises(UnknownNameError) as error:
        symmetric_table(miller_blair(), "E")
    assert error.value.happened == "There is no technology model 'E'."


@pytest.mark.parametrize("model", ["A", "C"])
def test_models_that_invert_need_as_many_industries_as_products(model: str) -> None:
    table = by_proportionality(basic_table(8))
    main = set(table.supply.idxmax())
    spare = ", ".join(i for i in table.products if i not in main)
    with pytest.raises(InvalidTableError) as error:
        symmetric_table(table, model)
    assert str(error.value) == (
        f"Model {model} ({MODELS[model]}) needs as many industries as products; in table 'small' 3 "
        "industries make 6 products.\n\n"
        f"    main product of no industry: {spare}\n\n"
        "Use model B (by product) or D (by industry), which take any supply table, or aggregate to "
        "equal numbers."
    )


@pytest.mark.parametrize("more", [0.0, 1e-13])
def test_a_singular_supply_table_has_no_product_technology(more: float) -> None:
    """Singular, or as good as: an inverse would be made of rounding alone."""
    table = miller_blair()
    supply = pd.DataFrame(
        [[50.0, 50.0], [50.0, 50.0 * (1 + more)]], table.supply.index, table.supply.columns
    )
    with pytest.raises(InvalidTableError) as error:
        symmetric_table(replace(table, supply=supply), "A")
    assert str(error.value) == (
        "Model A (product technology) needs a supply table with an inverse; that of table 'small' "
        "is singular.\n\n"
        "    some industries make the same products in the same proportions\n\n"
        "Use model B (by product) or D (by industry), which take any supply table, or aggregate "
        "the products and industries at fault."
    )


def test_imported_and_domestic_use_must_be_told_apart() -> None:
    with pytest.raises(InvalidTableError) as error:
        symmetric_table(basic_table(9), "B")
    imports = basic_table(9).imports.sum()
    assert str(error.value) == (
        "Table 'small' does not tell imported from domestic use.\n\n"
        f"    imports {imports:,.0f} million EUR, of unknown use\n\n"
        "Add its import table (with_import_table), by proportionality where none is published."
    )


def test_models_are_of_basic_prices() -> None:
    with pytest.raises(InvalidTableError, match="they are never mixed"):
        symmetric_table(small_table(), "B")
