"""The accounts of a filled-in template: one row for every figure."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.labels import nearest
from planboard.publishers.format import Request
from planboard.publishers.spreadsheet import Cell, Sheet
from planboard.publishers.template.book import Book, open_book
from planboard.publishers.template.head import REQUIRED, Head, read_head
from planboard.publishers.template.reading import HOME, read_parts
from planboard.tables import MEASURES, Accounts
from planboard.tables.accounts import KEYS

HEADINGS = ("activity", "measure", "year", "value", "unit")


def read_accounts(request: Request) -> Accounts:
    """The sheet accounts of a template, or a CSV file laid out like it; none is no fault."""
    book = open_book(request, "accounts")
    head = read_head(book, {key: REQUIRED[key] for key in ("source", "licence")})
    sheet = book.sheet("accounts")
    if sheet is None or (len(book.sheets) == 1 and not sheet.has("measure")):
        empty = pd.MultiIndex.from_arrays([[], [], []], names=KEYS)
        return Accounts(head.get("source"), head.get("licence"), pd.DataFrame(index=empty), {})
    rows = _rows(sheet, head.get("region", HOME))
    _check_rows(sheet, rows)
    _check_names(book, head, sheet, rows)
    data = rows.pivot(index=KEYS, columns="measure", values="value")
    return Accounts(
        source=head.get("source"),
        licence=head.get("licence"),
        attribution=head.get("attribution"),
        data=data.rename_axis(columns=None)[[name for name in MEASURES if name in data]],
        units=dict(zip(rows["measure"], rows["unit"], strict=True)),
    )


def _rows(sheet: Sheet, region: str) -> pd.DataFrame:
    """Every figure with its labels; the index is its row on the sheet."""
    top = sheet.find_row(*HEADINGS)
    column = {text: sheet.find(text, top).column for text in HEADINGS}
    body = [
        row
        for row in sheet.down(top + 1, column["measure"])
        if not sheet.text(row, 1).startswith("#") and any(sheet.texts(row, list(column.values())))
    ]
    said = {name: sheet.labels(body, column[name], repeated=True) for name in HEADINGS if name != "value"}
    if sheet.has("region", top):
        said["region"] = sheet.labels(body, sheet.find("region", top).column, repeated=True)
    table = pd.DataFrame({"region": region, **said}, index=body)
    table["value"] = sheet.numbers(body, column["value"])
    return table


def _check_rows(sheet: Sheet, rows: pd.DataFrame) -> None:
    """Refuse unknown measures, what is no year, measures in two units, figures told twice."""
    column = {text: sheet.find(text, sheet.find_row(*HEADINGS)).column for text in HEADINGS}

    def told(name: str, faulty: Mapping[int, str]) -> list[str]:
        return [f"{sheet.place(Cell(row, column[name]))}: {text}" for row, text in faulty.items()]

    units = rows.groupby("measure")["unit"].transform("first")
    key = [*KEYS, "measure"]
    checks = {
        "measures that are not known": told(
            "measure", {r: _unlike(m) for r, m in rows["measure"].items() if m not in MEASURES}
        ),
        "years that are none": told(
            "year", {r: f"'{y}'" for r, y in rows["year"].items() if not _is_year(y)}
        ),
        "measures in two units": told(
            "unit", {r: f"'{u}', and '{units[r]}' above" for r, u in rows["unit"].items() if u != units[r]}
        ),
        "figures that stand twice": told(
            "value", {r: " ".join(rows.loc[r, key]) for r in rows.index[rows.duplicated(key)]}
        ),
    }
    for what, faults in checks.items():
        if faults:
            raise InvalidTableError(
                f"The accounts in {sheet.file} have {what}.",
                faults,
                f"Known measures: {', '.join(MEASURES)}."
                if "known" in what
                else "Each row is one figure: region, activity, measure, year, value, unit.",
            )
    rows["year"] = rows["year"].astype(int)


def _check_names(book: Book, head: Head, sheet: Sheet, rows: pd.DataFrame) -> None:
    """Refuse activities that the transactions beside do not have: they would go unread."""
    if book.sheet("transactions") is None:
        return
    pairs = read_parts(book, head).pairs
    known = set(pairs)
    faults = [
        f"{sheet.place(Cell(int(row), 1))}: {pair[0]} {pair[1]}{_near(pair, pairs)}"
        for row, pair in zip(rows.index, zip(rows["region"], rows["activity"], strict=True), strict=True)
        if pair not in known
    ]
    if faults:
        raise InvalidTableError(
            f"The accounts in {sheet.file} name activities that the transactions do not have.",
            faults,
            "Names must match to the letter, capitals and spaces included.",
        )


def _near(pair: tuple[str, str], pairs: Sequence[tuple[str, str]]) -> str:
    close = nearest(" ".join(pair), [" ".join(known) for known in pairs])
    return f", perhaps {close[0]}" if close else ""


def _unlike(measure: str) -> str:
    close = nearest(measure, MEASURES)
    return f"'{measure}'" + (f", perhaps '{close[0]}'" if close else "")


def _is_year(text: str) -> bool:
    return re.fullmatch(r"[12][0-9]{3}", text) is not None
