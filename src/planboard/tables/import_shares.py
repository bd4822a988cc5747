"""What of each use is imported: the publisher's import table, or proportionality.

    imported_iu = m_i · use_iu
    m_i = (imports_i − reexports_i) / (output_i + imports_i − exports_i)

over all uses u but exports. Source: Miller & Blair (2009), *Input-Output Analysis*, sec. 4.9; OECD
and Eurostat use the same assumption where no import table exists.
"""

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.labels import positions
from planboard.tables.supply_use import EXPORTS, SupplyUseTable, check_one_price_basis
from planboard.tables.valuation import allowance


def with_import_table(table: SupplyUseTable) -> SupplyUseTable:
    """The table with its own import table, checked; else with one by proportionality."""
    parts = {"use": table.imported_use, "final use": table.imported_final_use}
    missing = [f"imported {name}: none" for name, part in parts.items() if part is None]
    if len(missing) == len(parts):
        return by_proportionality(table)
    if missing:
        raise InvalidTableError(
            f"Table '{table.publication.name}' has half an import table.",
            missing,
            "Give both halves, or neither: shares are then by proportionality.",
        )
    check_import_table(table)
    return table


def by_proportionality(
    table: SupplyUseTable, reexports: "pd.Series[float] | None" = None
) -> SupplyUseTable:
    """Every use of a product takes the same share of imports; exports take none, save re-exports.

    Parameters
    ----------
    table : at basic prices
    reexports : what of the exports of each product was imported; zero where nothing is stated.
        Exports beyond output are re-exports in any case, and told in the history.

    Raises
    ------
    InvalidTableError
        Use is not at basic prices, or more is re-exported than imported or exported.
    UnknownNameError
        Re-exports are stated of a product that the table does not have.
    """
    check_one_price_basis(table)
    stated = pd.Series(dtype=float) if reexports is None else reexports
    positions("product", stated.index, table.products, "stated re-exports")
    stated = stated.reindex(table.supply.index).fillna(0.0)
    beyond = (table.exports - table.output).clip(lower=0.0)
    passed = stated.clip(lower=beyond)
    _check_reexports(table, stated, passed)
    at_home = table.total_use - table.exports
    kept = table.imports - passed
    share = (kept / at_home.where(at_home != 0, 1.0)).where(at_home != 0, 0.0)
    sold = table.with_role(EXPORTS)
    final = table.final_use.mul(share, axis=0)
    of_exports = (passed / table.exports.where(table.exports != 0, 1.0)).where(passed != 0, 0.0)
    final[sold] = table.final_use[sold].mul(of_exports, axis=0)
    names = [f"{i} {beyond[i]:,.0f}" for i in beyond.index[beyond > stated]]
    more = f" Exports beyond output are re-exports: {', '.join(names)}." if names else ""
    return table.with_step(
        "import shares",
        "No import table is published: every use of a product, exports apart, is taken to hold "
        f"the same share of imports.{more}",
        imported_use=table.use.mul(share, axis=0),
        imported_final_use=final,
    )


def _check_reexports(
    table: SupplyUseTable, stated: "pd.Series[float]", passed: "pd.Series[float]"
) -> None:
    below = stated[stated < 0].sort_values()
    if len(below):
        raise InvalidTableError(
            f"Re-exports below zero are stated for table '{table.publication.name}'.",
            [f"{i}: {value:,.6g}" for i, value in below.items()],
            "State what was imported before it was exported, zero where nothing was.",
        )
    limit = table.imports.clip(upper=table.exports).clip(lower=0.0) * (1 + 1e-9)
    wrong = passed.index[passed > limit]
    if len(wrong):
        raise InvalidTableError(
            f"More is re-exported than imported or exported in table '{table.publication.name}'.",
            [
                f"{i}: re-exports {passed[i]:,.0f}, imports {table.imports[i]:,.0f}, exports "
                f"{table.exports[i]:,.0f}, output {table.output[i]:,.0f}"
                for i in wrong
            ],
            "Re-exports were imported before they were exported: correct them, or the table.",
        )


def check_import_table(table: SupplyUseTable) -> None:
    """Refuse an import table that does not add up to imports, product by product."""
    if table.imported_use is None or table.imported_final_use is None:
        return
    used = table.imported_use.sum(axis=1) + table.imported_final_use.sum(axis=1)
    cells = (table.imported_use != 0).sum(axis=1) + (table.imported_final_use != 0).sum(axis=1)
    gap = used - table.imports
    size = gap.abs()
    allowed = allowance(table.rounding, cells + 1, table.imports)
    wrong = size[size > allowed].sort_values(ascending=False).index
    if len(wrong):
        raise InvalidTableError(
            f"The import table of '{table.publication.name}' does not add up to imports.",
            [f"{i}: {table.imports[i]:,.0f} imported, {used[i]:,.0f} used" for i in wrong],
            "Take all tables from one release; imports of both are cif.",
        )
