"""One sheet of a supply and use workbook: laid out by its codes, and held to its totals."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.publishers.eurostat_sut.codes import (
    ADJUSTMENTS,
    BASIC,
    CODE,
    HEAD,
    MARGIN,
    MEMO,
    PURCHASERS,
    ROLES,
    SUPPLY,
    SUPPLY_COLUMNS,
    TAX,
    TITLE,
    TOGETHER,
    TOTALS,
    VALUE_ADDED,
    is_code,
)  # fmt: skip
from planboard.publishers.spreadsheet import Cell, Sheet
from planboard.tables.valuation import allowance

PRODUCT = re.compile(r"(?:CPA_)?[A-U](?:\d{2})?")


@dataclass(frozen=True, eq=False)
class Table:
    """One table as it stands on its sheet: row x column by code, empty cells zero."""

    number: str
    sheet: Sheet
    values: pd.DataFrame
    names: Mapping[str, str]
    head: Mapping[str, str]

    def block(self, products: Sequence[str], columns: Iterable[str]) -> pd.DataFrame:
        """These columns of these products; what the table does not have is zero."""
        return self.values.reindex(index=list(products), columns=list(columns)).fillna(0.0)

    @property
    def products(self) -> list[str]:
        """Rows that are products, or adjustments that are not zero."""
        used = self.values.any(axis=1)
        return [c for c in self.values.index if is_code(c) or (c in ADJUSTMENTS and bool(used[c]))]

    @property
    def industries(self) -> list[str]:
        """Columns that are industries."""
        return [c for c in self.values.columns if is_code(c)]

    @property
    def categories(self) -> list[str]:
        """Columns of final use; one that stands for several only where these are not there."""
        whole, parts = TOGETHER
        there = [c for c in self.values.columns if c in ROLES]
        return [c for c in there if c != whole or not set(parts) <= set(there)]


def read_table(number: str, sheet: Sheet) -> Table:
    """A sheet, laid out by its codes."""
    top = sheet.find("P7" if number == SUPPLY else "P3_S14").row
    below = range(top + 1, sheet.height + 1)
    first = _code(sheet, PRODUCT, f"a product, such as CPA_A01, below row {top}", rows=below)
    rows = [r for r in sheet.down(first.row, first.column) if sheet.text(r, first.column)]
    right = range(first.column + 1, sheet.width + 1)
    left = _code(sheet, CODE, f"an industry, such as A01, in row {top}", top, right).column
    columns = [c for c in sheet.across(top, left) if sheet.text(top, c)]
    down, over = sheet.labels(rows, first.column), sheet.labels(top, columns)
    values = sheet.numbers(rows, columns, zeros=("", "-"))
    beside, above = sheet.texts(rows, first.column + 1), sheet.texts(top - 1, columns)
    names = {c: n for c, n in zip([*down, *over], [*beside, *above], strict=True) if n}
    head = {
        key: sheet.text(cell.row, cell.column + 1)
        for label, key in HEAD.items()
        if sheet.has(label, rows=range(1, top))
        for cell in [sheet.find(label, rows=range(1, top))]
    }
    return Table(number, sheet, pd.DataFrame(values, index=down, columns=over), names, head)


def _code(
    sheet: Sheet,
    pattern: re.Pattern[str],
    what: str,
    rows: int | range,
    columns: range | None = None,
) -> Cell:
    """The first cell with such a code."""
    if not sheet.has(pattern, rows, columns):
        raise InvalidTableError(
            f"Sheet '{sheet.name}' of {sheet.file} has no code of {what}.",
            [],
            "It is laid out otherwise than expected: codes stand in one row and one column.",
        )
    return sheet.find(pattern, rows, columns)


def check_codes(file: Path, tables: Mapping[str, Table]) -> None:
    """Codes must be known, and the same products and industries must stand on every sheet."""
    faults = []
    first = tables[SUPPLY]
    for number, table in tables.items():
        columns = SUPPLY_COLUMNS if number == SUPPLY else ROLES
        known = (
            ("row", table.values.index, (*VALUE_ADDED, *MEMO, *TOTALS, *ADJUSTMENTS, TAX)),
            ("column", table.values.columns, (*columns, *TOTALS)),
        )
        faults += [
            f"sheet '{table.sheet.name}', {what} '{code}'"
            for what, codes, others in known
            for code in codes
            if code not in others and not is_code(code)
        ]
        for what, mine, theirs in (
            ("products", set(filter(is_code, table.values.index)), set(first.products)),
            ("industries", set(table.industries), set(first.industries)),
        ):
            odd = sorted(mine ^ {code for code in theirs if is_code(code)})
            if odd:
                faults.append(f"{what} of {number} and 1500 differ: {', '.join(odd)}")
        faults += [
            f"sheet '{table.sheet.name}', no {what} '{code}'" for what, code in _lacking(table)
        ]
    if faults:
        raise InvalidTableError(
            f"{file} has codes that are not those of {TITLE}.",
            faults,
            "Each row and column needs its code of ESA 2010; take the publisher's file as it is.",
        )


def _lacking(table: Table) -> Iterator[tuple[str, str]]:
    """Rows and columns without which a table cannot be used or checked."""
    columns = ("TOTAL", *SUPPLY_COLUMNS) if table.number == SUPPLY else ("TOTAL", "P6", "TU")
    rows = [*VALUE_ADDED, TAX] if table.number == BASIC else []
    rows = list(VALUE_ADDED) if table.number == PURCHASERS else rows
    for what, codes, there in (
        ("column", columns, table.values.columns),
        ("row", ("CPA_TOTAL", *rows), table.values.index),
    ):
        names = {*there, "CPA_TOTAL"} if "TOTAL" in there else set(there)
        yield from ((what, code) for code in codes if code not in names)


def check_totals(table: Table) -> None:
    """Every total must be the sum of its parts, to the rounding of the sheet."""
    rounding, faults = rounding_of(table.values), []
    for what, parts, published in _totals(table):
        gap = published - parts.sum(axis=1)
        wrong = gap.abs() > allowance(rounding, (parts != 0).sum(axis=1) + 1)
        faults += [
            (
                abs(gap[i]),
                f"sheet '{table.sheet.name}', {what} of {i}: {published[i]:,.6g}, "
                f"its parts {parts.loc[i].sum():,.6g}",
            )
            for i in gap.index[wrong]
        ]
    if faults:
        raise InvalidTableError(
            f"{len(faults)} totals in {table.sheet.file} are not the sums of their parts.",
            [line for _, line in sorted(faults, key=lambda fault: -fault[0])],
            "Cells are missing or changed, or codes of several levels are mixed: take the "
            "publisher's file again.",
        )


def _totals(table: Table) -> Iterator[tuple[str, pd.DataFrame, "pd.Series[float]"]]:
    values, industries = table.values.loc[table.products], table.industries
    sums: dict[str, Sequence[str]] = {"TOTAL": industries}
    if table.number == SUPPLY:
        sums |= {"TS_BP": [*industries, "P7"], "TS_PP": ["TS_BP", MARGIN, TAX]}
    else:
        sums["TU"] = [*industries, *table.categories]
    for total, parts in sums.items():
        yield total, values[list(parts)], values[total]
    bottom = "CPA_TOTAL" if "CPA_TOTAL" in table.values.index else "TOTAL"
    columns = [*industries, *(SUPPLY_COLUMNS if table.number == SUPPLY else table.categories)]
    yield bottom, values[columns].T, table.values[columns].T[bottom]


def rounding_of(values: pd.DataFrame) -> float:
    """The unit that every number is a multiple of: 1, 0.1, …; 0 where it is finer than 1e-6."""
    for digits in range(7):
        if ((values - values.round(digits)).abs() < 1e-9).all(axis=None):
            return float(10.0**-digits)
    return 0.0
