"""A supply and use table at basic prices as the head and tidy tables of an economy.

Industries are activities and keep all their products; origins are pooled (use is domestic and
imported together) and trade is with one partner, the outside. Hours and capital come later.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planboard.economy import OUTSIDE
from planboard.tables.books import Head, Tables, head_of
from planboard.tables.supply_use.labels import EXPORTS
from planboard.tables.supply_use.prices import check_one_price_basis

if TYPE_CHECKING:
    from planboard.tables.supply_use.table import SupplyUseTable


def supply_use_books(table: "SupplyUseTable") -> tuple[Head, Tables]:
    """Head and tidy tables of one region, as `economy_of` takes them, without hours and capital.

    Taxes on inputs are items of value added. Taxes on final use have no place in an economy: they
    are told in the notes, by category.

    Raises
    ------
    InvalidTableError
        Use is not at the basic prices of supply.
    """
    check_one_price_basis(table)
    exported = set(table.with_role(EXPORTS))
    final = table.final_use[[c for c in table.final_use.columns if c not in exported]]
    level = table.industry_output.rename_axis("activity").rename("level").reset_index()
    tables = {
        "activity": level.assign(region=table.region)[["region", "activity", "level"]],
        "supply": _tidy(table, table.supply, "product", "activity"),
        "use": _tidy(table, table.use, "product", "activity"),
        "final_use": _tidy(table, final, "product", "category"),
        "trade": _trade(table),
        "value_added": _tidy(table, table.value_added, "item", "activity"),
    }
    roles = {str(c): table.roles[str(c)] for c in final.columns}
    head = head_of(table.publication, roles, [table.region], list(table.products))
    labels = table.publication.labels
    head["activities"] = {name: {"label": labels.get(name, name)} for name in table.industries}
    head["partners"] = [table.region, OUTSIDE]
    head["notes"] = [*head["notes"], *_taxes_note(table), *_negative_note(table)]
    return head, tables


def _tidy(table: "SupplyUseTable", part: pd.DataFrame, rows: str, columns: str) -> pd.DataFrame:
    """The cells that are not zero: region, `rows`, `columns`, value."""
    values = part.to_numpy(dtype=float)
    i, j = np.nonzero(values)
    labels = {"region": table.region, rows: part.index[i], columns: part.columns[j]}
    return pd.DataFrame({**labels, "value": values[i, j]})


def _trade(table: "SupplyUseTable") -> pd.DataFrame:
    """Exports to the outside and imports from it: origin, destination, product, value."""
    flows = {(table.region, OUTSIDE): table.exports, (OUTSIDE, table.region): table.imports}
    parts = [
        flow.rename_axis("product")
        .rename("value")
        .reset_index()
        .assign(origin=origin, destination=destination)
        for (origin, destination), flow in flows.items()
    ]
    trade = pd.concat(parts, ignore_index=True)
    trade = trade[trade["value"] != 0].reset_index(drop=True)
    return trade[["origin", "destination", "product", "value"]]


def _taxes_note(table: "SupplyUseTable") -> list[str]:
    """What final use pays beside basic prices, by category: it is no part of the balances."""
    if table.final_use_taxes is None:
        return []
    labels = table.publication.labels
    totals = table.final_use_taxes.sum(axis=0)
    told = ", ".join(
        f"{labels.get(str(c), str(c))} {v:,.0f}" for c, v in totals.items() if round(v)
    )
    sentence = "Taxes less subsidies on products that final use pays beside basic prices"
    return [f"{sentence} ({table.publication.unit}): {told}."] if told else []


def _negative_note(table: "SupplyUseTable") -> list[str]:
    """Negative cells, which are kept: how many, and the worst."""
    given = [c for c in table.final_use.columns if table.roles[c] != "inventories"]
    found = []
    for what, part in (("use", table.use), ("final use", table.final_use[given])):
        values = part.to_numpy(dtype=float)
        if (values < 0).any():
            i, j = divmod(int(values.argmin()), values.shape[1])
            worst = f"{part.index[i]} by {part.columns[j]} {values.min():,.0f}"
            found.append(f"{(values < 0).sum()} of {what} (least: {worst})")
    return [f"Negative cells kept, inventories apart: {'; '.join(found)}."] if found else []
