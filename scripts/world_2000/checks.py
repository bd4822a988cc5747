"""The accounting identities that an economy folder must satisfy; each check raises or returns."""

from __future__ import annotations

import pandas as pd

from world_2000.sample import COLUMNS, total

Tables = dict[str, pd.DataFrame]


def check_shape(tables: Tables) -> None:
    """Columns as declared, nothing missing, no row twice."""
    for name, columns in COLUMNS.items():
        table = tables[name]
        if list(table.columns) != columns or table.isna().any(axis=None):
            raise ValueError(f"Table '{name}' has other columns than declared, or missing values.")
        keys = table.select_dtypes(exclude=["float32", "float64"]).columns.drop(
            "unit", errors="ignore"
        )
        if table.duplicated(list(keys)).any():
            raise ValueError(f"Table '{name}' says the same thing twice.")


def check_balance(tables: Tables) -> None:
    """supply − use − final use + imports − exports = 0, exactly, in every region and product."""
    names = ("region", "product")
    trade = tables["trade"]
    imports = total(trade.rename(columns={"destination": "region"}), *names)
    exports = total(trade.rename(columns={"origin": "region"}), *names)
    parts = [
        total(tables["supply"], *names),
        -total(tables["use"], *names),
        -total(tables["final_use"], *names),
        imports,
        -exports,
    ]
    gap = pd.concat(parts).groupby(list(names)).sum()
    if (gap != 0).any():
        raise ValueError(f"Supply and use differ:\n{gap[gap != 0]}")


def check_columns(tables: Tables) -> None:
    """use + value added = output, and hours used = endowment, exactly."""
    names = ("region", "activity")
    paid = pd.concat([total(tables["use"], *names), total(tables["value_added"], *names)])
    made = tables["activity"].set_index(list(names))["level"]
    if not paid.groupby(list(names)).sum().eq(made.sort_index()).all():
        raise ValueError("Use and value added do not sum to output.")
    hours = total(tables["factor_use"], "region", "factor")
    if not hours.eq(total(tables["endowment"], "region", "factor")).all():
        raise ValueError("Hours used by the activities do not sum to the endowment.")


def check_capital(tables: Tables) -> None:
    """Base-year building takes the base year's capital formation; capacity follows the stock."""
    capital = tables["capital"]
    kept = (1 - capital["depreciation"]) * capital["capacity"] + capital["building"]
    grown = capital["capacity"] * capital["stock"] / capital["stock_before"]
    built = tables["capital_required"].merge(capital, on=["region", "kind", "activity"])
    needed = (built["value"] * built["building"]).groupby([built["region"], built["product"]]).sum()
    final = tables["final_use"]
    formed = total(final[final["category"] == "capital_formation"], "region", "product")
    worst = max((kept / grown - 1).abs().max(), (needed / formed - 1).abs().max())
    if not worst < 1e-12:
        raise ValueError(f"Capital and capital formation disagree, relative gap {worst:.1g}.")


def check_economy(tables: Tables) -> None:
    """Every identity of the base year."""
    check_shape(tables)
    check_balance(tables)
    check_columns(tables)
    check_capital(tables)
