"""What a repair changed: every cell, by comparing the books before and after it."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd

from planboard.economy import CARRIED, Array, Economy, RegionAccounts
from planboard.economy_folder import economy_tables
from planboard.repairs.books import prices

CELL = ["region", "table", "row", "column"]
CHANGE = [*CELL, "before", "after", "share"]
# The number that a table's cells are told by, where it is not `value`.
NUMBER = {"activity": "level", "capital": "capacity", "conversion": "share"}
FLOWS = ("use", "final_use", "trade")
# Fields of the accounts that are compared as they are, without making tables of them.
MATRICES = ("input", "final_use", "value_added", "factor_use", "exports", "imports")
Names = tuple[str, ...]


def changed_cells(before: Economy, after: Economy) -> pd.DataFrame:
    """Every cell that differs: region, table, row, column, before, after, share of supply."""
    parts = [
        part
        for old, new in zip(before.regions, after.regions, strict=True)
        if old is not new
        for part in (*_of_books(before, old, new), *_of_trade(before, old, new))
        if len(part)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=CHANGE)


def _of_books(economy: Economy, old: RegionAccounts, new: RegionAccounts) -> Iterator[pd.DataFrame]:
    """Changed cells of one region in all tables but trade."""
    names = [field.name for field in fields(old) if field.name not in MATRICES]
    if any(getattr(old, name) is not getattr(new, name) for name in names):
        yield _of_tables(economy, old, new)
        return
    supply = old.total_supply[:, None]
    for name, (rows, columns, before) in _matrices(economy, old).items():
        after = _matrices(economy, new)[name][2]
        is_product = name in FLOWS
        size = np.abs(after - before)
        share = size / np.where(supply > 0, supply, np.nan) if is_product else size * np.nan
        at = np.nonzero(before != after)
        yield pd.DataFrame(
            {
                "region": old.region,
                "table": name,
                "row": np.array(rows, dtype=object)[at[0]],
                "column": np.array(columns, dtype=object)[at[1]],
                "before": before[at],
                "after": after[at],
                "share": share[at],
            }
        )


def _matrices(economy: Economy, a: RegionAccounts) -> dict[str, tuple[Names, Names, Array]]:
    """Flows of the tables that most repairs change: rows, columns, values.

    Those of an activity of level zero are for one unit of it, as its tables state them.
    """
    unit = np.where(a.level != 0, a.level, 1.0)
    added = np.array(list(a.value_added.values())).reshape(-1, len(unit))
    return {
        "use": (economy.product_names, a.activities, a.input.toarray() * unit),
        "final_use": (economy.product_names, economy.category_names, a.final_use),
        "value_added": (tuple(a.value_added), a.activities, added * unit),
        "factor_use": (economy.factor_names, a.activities, a.factor_use * unit),
    }


def _of_tables(economy: Economy, old: RegionAccounts, new: RegionAccounts) -> pd.DataFrame:
    """Changed cells of one region by comparing its tidy tables: of any field, if slowly."""
    both = pd.DataFrame({"before": _cells(economy, old), "after": _cells(economy, new)})
    # An activity that is dropped has no level any more; elsewhere tables leave out zeros.
    is_level = both.index.get_level_values("table") == "activity"
    both = both.where(both.notna() | is_level[:, None], 0.0)
    found = both[both["before"] != both["after"]].reset_index()
    found.insert(0, "region", old.region)
    supply = pd.Series(old.total_supply, index=list(economy.product_names))
    of = supply.reindex(found["row"]).to_numpy(dtype=float)
    size = (found["after"] - found["before"]).abs()
    is_product = found["table"].isin(FLOWS)
    return found.assign(share=(size / np.where(of > 0, of, np.nan)).where(is_product))[CHANGE]


def _cells(economy: Economy, accounts: RegionAccounts) -> "pd.Series[float]":
    """All numbers of one region's tables by table, row and column; trade apart."""
    bare: dict[str, Any] = dict.fromkeys(CARRIED)
    tables = economy_tables(replace(economy, regions=(accounts,), **bare))
    parts = [_of_table(name, t) for name, t in tables.items() if name != "trade" and len(t)]
    return pd.concat(parts)


def _of_table(name: str, table: pd.DataFrame) -> "pd.Series[float]":
    """The numbers of one table: its first name is the row, those after it the column."""
    number = NUMBER.get(name, "value")
    keys = list(table.columns[1 : table.columns.get_loc(number)])
    row, *columns = (table[key].astype(str) for key in keys)
    column = pd.Series("", index=table.index)
    for place, part in enumerate(columns):
        column = part if place == 0 else column + ", " + part
    labels = pd.DataFrame({"table": name, "row": row, "column": column})
    return pd.Series(table[number].to_numpy(dtype=float), pd.MultiIndex.from_frame(labels))


def _of_trade(economy: Economy, old: RegionAccounts, new: RegionAccounts) -> Iterator[pd.DataFrame]:
    """Changed flows: all that the region sells, and what it buys from those without accounts."""
    known = np.isin(list(economy.partners), list(economy.region_names))
    yield _flows(economy, old, (old.exports, new.exports), is_sold=True)
    bought = np.where(known, 0.0, old.imports), np.where(known, 0.0, new.imports)
    yield _flows(economy, old, bought, is_sold=False)


def _flows(
    economy: Economy, accounts: RegionAccounts, both: tuple[Array, Array], *, is_sold: bool
) -> pd.DataFrame:
    i, p = np.nonzero(both[0] != both[1])
    partners = np.array(economy.partners, dtype=object)[p]
    supply = accounts.total_supply[i]
    before, after = both[0][i, p], both[1][i, p]
    return pd.DataFrame(
        {
            "region": accounts.region if is_sold else partners,
            "table": "trade",
            "row": np.array(economy.product_names, dtype=object)[i],
            "column": partners if is_sold else accounts.region,
            "before": before,
            "after": after,
            "share": np.abs(after - before) / np.where(supply > 0, supply, np.nan),
        }
    )


# In words -----------------------------------------------------------------------------------------


def summary(economy: Economy, cells: pd.DataFrame) -> str:
    """How many cells changed, which most, and how much all of it is, in words."""
    if cells.empty:
        return "no cell changed"
    regions, of = cells["region"].nunique(), len(economy.regions)
    told = [
        f"{len(cells):,} cells changed{f' in {regions} of {of} regions' if of > 1 else ''}",
        *_largest_relative(cells),
        *_largest_share(cells),
        f"all changes of flows together {_total(economy, cells):.3g} % of supply",
    ]
    return "; ".join(told)


def _largest_relative(cells: pd.DataFrame) -> list[str]:
    stated = cells[(cells["before"] != 0) & cells["after"].notna()]
    if stated.empty:
        return []
    relative = ((stated["after"] - stated["before"]) / stated["before"]).abs()
    worst = stated.iloc[int(np.argmax(relative))]
    return [f"largest relative change {100 * relative.max():.3g} % ({_cell(worst)})"]


def _largest_share(cells: pd.DataFrame) -> list[str]:
    known = cells[cells["share"].notna()]
    if known.empty:
        return []
    worst = known.iloc[int(np.argmax(known["share"]))]
    return [f"largest for its product {100 * worst['share']:.3g} % of supply ({_cell(worst)})"]


def _cell(cell: "pd.Series[Any]") -> str:
    """A cell with its place, before and after."""
    place = ", ".join(str(cell[key]) for key in ("region", "row", "column"))
    return f"{place}: {cell['before']:,.6g} to {cell['after']:,.6g}"


def _total(economy: Economy, cells: pd.DataFrame) -> float:
    """Changes of flows, signs apart, as per cent of the supply of all regions, both in money."""
    price = pd.Series(prices(economy), index=list(economy.product_names))
    supply = sum(float(prices(economy) @ a.total_supply) for a in economy.regions)
    changed = cells[cells["table"].isin(FLOWS)]
    worth = price.reindex(changed["row"]).to_numpy() * (changed["after"] - changed["before"]).abs()
    return 100 * float(worth.sum()) / supply if supply > 0 else 0.0
