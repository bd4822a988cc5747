"""Supply and use -> a symmetric table, by the four technology models A to D.

S supply (product x industry), U use, Y final use, W value added (item x industry), q = S·1 output
by product, g = Sᵀ·1 output by industry. T is industry x product.

    A  product technology              T = S⁻¹ q̂      Z = U T   final use Y     value added W T
    B  industry technology             T = ĝ⁻¹ Sᵀ     Z = U T   final use Y     value added W T
    C  fixed industry sales structure  T = ĝ S⁻¹      Z = T U   final use T Y   value added W
    D  fixed product sales structure   T = Sᵀ q̂⁻¹     Z = T U   final use T Y   value added W

A and B give a table product by product, C and D industry by industry. A and C need as many
industries as products, and may give negative cells: they are kept and told.
Source: Eurostat (2008), *Manual of Supply, Use and Input-Output Tables*, ch. 11; United Nations
(2018), *Handbook on Supply and Use Tables and Input-Output Tables*, ch. 12.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.economy import OUTSIDE, Array
from planboard.errors import InvalidTableError
from planboard.labels import unknown_name
from planboard.tables.input_output import InputOutputTable
from planboard.tables.supply_use import EXPORTS, SupplyUseTable, check_one_price_basis

Numbers = Sequence[NDArray[Any]]  # use, final use, value added, output
MODELS = {
    "A": "product technology",
    "B": "industry technology",
    "C": "fixed industry sales structure",
    "D": "fixed product sales structure",
}
SQUARE = ("A", "C")  # These invert the supply table.
BY_PRODUCT = ("A", "B")
LARGEST = 1e12  # Condition number from which on an inverse says nothing in double precision.


def transformation(supply: Array, model: str) -> Array:
    """T of the model, industry x product, from supply (product x industry).

    Rows of industries and columns of products without output are zero.
    """
    q, g = supply.sum(axis=1), supply.sum(axis=0)
    is_made, runs = (supply != 0).any(axis=1), (supply != 0).any(axis=0)
    turn = np.zeros(supply.T.shape)
    at = np.ix_(runs, is_made)
    own = supply[is_made][:, runs]
    if model == "A":
        turn[at] = np.linalg.solve(own, np.diag(q[is_made]))
    elif model == "B":
        turn[at] = own.T / g[runs][:, None]
    elif model == "C":
        turn[at] = np.linalg.solve(own.T, np.diag(g[runs])).T
    else:
        turn[at] = own.T / q[is_made]
    return turn


def symmetric_table(table: SupplyUseTable, model: str) -> InputOutputTable:
    """The symmetric table of one technology model: "A" or "B" by product, "C" or "D" by industry.

    Imports are rows of the origin "outside", exports columns of it. By industry, imports of a
    product go to the industries that make it at home, in the model's proportions; products that
    nobody makes at home stay rows of their own.

    Raises
    ------
    UnknownNameError, InvalidTableError
        No such model; use is not at basic prices; what is imported is not told apart; A or C of a
        supply table that has no inverse.
    """
    if model not in MODELS:
        raise unknown_name("technology model", model, list(MODELS))
    check_one_price_basis(table)
    _check_split(table)
    if model in SQUARE:
        _check_invertible(table, model)
    turn = transformation(table.supply.to_numpy(dtype=float), model)
    made = _by_product(table, turn) if model in BY_PRODUCT else _by_industry(table, turn)
    return made.with_step("technology model", _told(table, made, model))


def _by_product(table: SupplyUseTable, turn: Array) -> InputOutputTable:
    """Z = U T: the inputs of every product, from those of the industries that make it."""
    products = list(table.products)
    parts = _split(table)
    rows = _axis([table.region, OUTSIDE], products)
    columns = _axis([table.region], products)
    use = np.vstack([use.to_numpy() @ turn for use, _ in parts])
    final = np.vstack([final.to_numpy() for _, final in parts])
    added = table.value_added.to_numpy(dtype=float) @ turn
    output = table.output.to_numpy(dtype=float)
    return _assembled(table, (use, final, added, output), rows, columns)


def _by_industry(table: SupplyUseTable, turn: Array) -> InputOutputTable:
    """Z = T U: the sales of every industry, from those of the products that it makes."""
    industries = list(table.industries)
    (use, final), (use_in, final_in) = _split(table)
    bought = ~table.output.to_numpy().astype(bool)
    alone = [
        product for product, is_bought in zip(table.products, bought, strict=True) if is_bought
    ]
    outside = [*industries, *(p if p not in industries else f"{p} (imports)" for p in alone)]
    rows = _axis([table.region], industries).append(_axis([OUTSIDE], outside))
    flows = [
        np.vstack([turn @ own.to_numpy(), turn @ bought_in, bought_in[bought]])
        for own, bought_in in ((use, use_in.to_numpy()), (final, final_in.to_numpy()))
    ]
    added = table.value_added.to_numpy(dtype=float)
    output = table.industry_output.to_numpy(dtype=float)
    return _assembled(
        table, (flows[0], flows[1], added, output), rows, _axis([table.region], industries)
    )


def _assembled(
    table: SupplyUseTable,
    numbers: Numbers,
    rows: pd.MultiIndex,
    columns: pd.MultiIndex,
) -> InputOutputTable:
    use, final, added, output = numbers
    exported = set(table.with_role(EXPORTS))
    categories = pd.MultiIndex.from_tuples(
        [(OUTSIDE if c in exported else table.region, c) for c in table.final_use.columns],
        names=["region", "category"],
    )
    taxes = table.final_use_taxes
    return InputOutputTable(
        publication=table.publication,
        transactions=pd.DataFrame(use, index=rows, columns=columns),
        final_use=pd.DataFrame(final, index=rows, columns=categories),
        gross_output=pd.Series(output, index=columns),
        value_added=pd.DataFrame(added, index=table.value_added.index, columns=columns),
        final_use_taxes=None if taxes is None else taxes.set_axis(categories, axis=1),
        roles={c: role for c, role in table.roles.items() if role != EXPORTS},
    )


def _split(table: SupplyUseTable) -> tuple[tuple[pd.DataFrame, pd.DataFrame], ...]:
    """(use, final use) of what is made at home, and of what is imported."""
    assert table.imported_use is not None
    assert table.imported_final_use is not None
    imported = (table.imported_use, table.imported_final_use)
    return (table.use - imported[0], table.final_use - imported[1]), imported


def _axis(regions: list[str], sectors: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])


def _check_split(table: SupplyUseTable) -> None:
    if table.imported_use is None or table.imported_final_use is None:
        raise InvalidTableError(
            f"Table '{table.publication.name}' does not tell imported from domestic use.",
            [f"imports {table.imports.sum():,.0f} {table.publication.unit}, of unknown use"],
            "Add its import table (with_import_table), by proportionality where none is published.",
        )


def _check_invertible(table: SupplyUseTable, model: str) -> None:
    """Refuse models that invert supply where it has no inverse, and say why.

    Products that nobody makes and industries that make nothing are left aside.
    """
    supply, name = table.supply, f"Model {model} ({MODELS[model]})"
    supply = supply.loc[(supply != 0).any(axis=1), (supply != 0).any(axis=0)]
    products, industries = supply.shape
    either = "Use model B (by product) or D (by industry), which take any supply table"
    if products != industries:
        main = set(supply.idxmax(axis=0))
        spare = [str(p) for p in supply.index if p not in main]
        raise InvalidTableError(
            f"{name} needs as many industries as products; in table '{table.publication.name}' "
            f"{industries} industries make {products} products.",
            [f"main product of no industry: {', '.join(spare)}"] if spare else [],
            f"{either}, or aggregate to equal numbers.",
        )
    size = np.sqrt(np.outer(supply.abs().sum(axis=1), supply.abs().sum(axis=0)))
    if float(np.linalg.cond(supply.to_numpy(dtype=float) / size)) > LARGEST:
        raise InvalidTableError(
            f"{name} needs a supply table with an inverse; that of table "
            f"'{table.publication.name}' is singular.",
            ["some industries make the same products in the same proportions"],
            f"{either}, or aggregate the products and industries at fault.",
        )


def _told(table: SupplyUseTable, made: InputOutputTable, model: str) -> str:
    """The model and the negative cells that it leaves, in words and amounts."""
    axis = "product by product" if model in BY_PRODUCT else "industry by industry"
    told = [f"Model {model}, {MODELS[model]}, {axis}."]
    # Final use by product, and value added by industry, stay as published.
    added = table.value_added if model in BY_PRODUCT else None
    final = None if model in BY_PRODUCT else table.final_use.T
    parts = (
        ("", made.transactions.to_numpy()),
        (" of value added", _once_positive(added, made.value_added)),
        (" of final use", _once_positive(final, made.final_use.T)),
    )
    for what, flows in parts:
        negative = flows[flows < 0]
        if len(negative):
            told.append(
                f"{len(negative)} negative cells{what} are kept, least {negative.min():,.6g}, "
                f"together {negative.sum():,.6g} ({-negative.sum() / np.abs(flows).sum():.2%} of "
                "all)."
            )
    return " ".join(told)


def _once_positive(before: pd.DataFrame | None, after: pd.DataFrame) -> Array:
    """The rows of `after` that had no negative cell before: what is below zero is the model's."""
    if before is None:
        return np.zeros(0)
    flows: Array = after.to_numpy(dtype=float)[(before >= 0).all(axis=1).to_numpy()]
    return flows
