"""Accounts that an economy carries along, when a code is split: amounts by shares, rates as is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.reshape.books import Books, Table
from planboard.reshape.shares import ALL, Array, Shares

SPLIT = "split from"  # How the method of a row of `imputed` begins that a split wrote.
IMPUTED = ["region", "activity", "measure", "method", "donors"]
USE, SKILLS = "final_use", "hours_by_skill"  # Quantities of `actual` not named by activity.

# Quantity or measure -> whose shares it has; those that are not listed have output's.
COLUMN_OF = {
    "hours": "hours",
    "hours_high": "hours",
    "hours_medium": "hours",
    "hours_low": "hours",
    SKILLS: "hours",
    "engaged": "hours",
    "persons": "hours",
    "population": "final_use",
    USE: "final_use",
    "capital": "capital",
    "investment": "capital",
    "capital_stock": "capital",
}
RATES = (
    "output_price", "output_volume", "investment_price", "depreciation", "utilisation",
    "exchange_rate",
)  # fmt: skip

# Which rows are the source's, and what they are called for a part: two functions of the table.
Chosen = Callable[[Table], "pd.Series[bool]"]
Renamed = Callable[[Table, str], Table]


def split_carried(books: Books, axis: str, source: str, shares: Shares) -> dict[str, Table]:
    """Every carried table that names the code, with the rows of its parts in their place."""
    made: dict[str, Table] = {}
    amounts = _Amounts(axis, shares, _forming(books))
    for name in ("persons", "growth", "actual", "series", "imputed"):
        known = books.tables.get(name)
        for chosen, renamed in _places(name, axis, source):
            table = made.get(name, known)
            if table is None:
                continue
            is_source = chosen(table)
            if not is_source.any():
                continue
            own = table[is_source]
            parts = [
                renamed(own, part).assign(**amounts.of(name, own, place))
                for place, part in enumerate(shares.parts)
            ]
            made[name] = pd.concat([table[~is_source], *parts], ignore_index=True)
    marks = _marks(books, axis, source, shares)
    if len(marks):
        made["imputed"] = _with_marks(made.get("imputed", books.tables.get("imputed")), marks)
    return made


def _forming(books: Books) -> frozenset[str]:
    """Categories of capital formation."""
    return frozenset(
        name
        for name, about in books.head["categories"].items()
        if about["role"] == "capital_formation"
    )


def _places(table: str, axis: str, source: str) -> Iterator[tuple[Chosen, Renamed]]:
    """Where in a table a code of an axis may stand."""
    if axis == "region":
        yield _is("region", source), lambda t, part: t.assign(region=part)
    elif table in ("series", "imputed") and axis in ("sector", "activity"):
        yield _is("activity", source), lambda t, part: t.assign(activity=part)
    elif table == "actual":
        yield from _names(axis, source)


def _is(column: str, source: str) -> Chosen:
    return lambda table: table[column] == source


def _names(axis: str, source: str) -> Iterator[tuple[Chosen, Renamed]]:
    """Names of `actual`: activities; factors of hours by skill; category/product of final use."""
    if axis in ("sector", "activity"):
        yield (
            lambda t: (t["name"] == source) & ~t["quantity"].isin([USE, SKILLS]),
            lambda t, part: t.assign(name=part),
        )
    if axis in ("sector", "product"):
        yield (
            lambda t: (t["quantity"] == USE) & (t["name"].str.partition("/")[2] == source),
            lambda t, part: t.assign(name=t["name"].str.partition("/")[0] + f"/{part}"),
        )
    if axis == "factor":
        yield (
            lambda t: (t["quantity"] == SKILLS) & (t["name"] == source),
            lambda t, part: t.assign(name=part),
        )
    if axis == "category":
        yield (
            lambda t: (t["quantity"] == USE) & (t["name"].str.partition("/")[0] == source),
            lambda t, part: t.assign(name=f"{part}/" + t["name"].str.partition("/")[2]),
        )


@dataclass(frozen=True)
class _Amounts:
    """By how much the rows of a source count for each part."""

    axis: str
    shares: Shares
    forming: frozenset[str]

    def of(self, table: str, own: Table, place: int) -> dict[str, Array]:
        """The values of one part; a table without amounts has none."""
        if table in ("growth", "imputed"):
            return {}
        keys = own["quantity" if table == "actual" else "measure"]
        names = own.get("name" if table == "actual" else "activity", pd.Series(ALL, own.index))
        found: dict[tuple[str, str], float] = {}
        times = np.ones(len(own))
        for row, (key, name) in enumerate(zip(keys, names, strict=True)):
            if key not in RATES:
                at = (key, name)
                if at not in found:
                    found[at] = float(self._shares_of(key, name)[place])
                times[row] = found[at]
        return {"value": own["value"].to_numpy(dtype=float) * times}

    def _shares_of(self, key: str, name: str) -> Array:
        column = COLUMN_OF.get(key, "output")
        if key == USE:
            forms = name.partition("/")[0] in self.forming
            column = "capital" if forms else "final_use"
        if self.axis == "region":
            return self.shares.of(column, name)
        # What is used of a split product is split as its output is.
        return self.shares.of("output" if key == USE else column)


def _marks(books: Books, axis: str, source: str, shares: Shares) -> Table:
    """Rows that tell of the split: figures of its parts are nobody's publication."""
    if axis == "region":
        places = [(part, ALL) for part in shares.parts]
    elif axis in ("sector", "activity"):
        places = [(region, part) for region in books.regions for part in shares.parts]
    else:
        places = []
    rows = [(*place, "all accounts", f"{SPLIT} {source} by shares", source) for place in places]
    return pd.DataFrame(rows, columns=IMPUTED)


def _with_marks(known: Table | None, marks: Table) -> Table:
    if known is None or known.empty:
        return marks
    both = pd.concat([known, marks], ignore_index=True)
    return both.fillna({"share": 1.0}) if "share" in both else both
