"""The accounts of a filled-in template: one row for every figure."""

import re

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.labels import nearest
from planboard.publishers.format import Request
from planboard.publishers.spreadsheet import Cell, Sheet
from planboard.publishers.template.book import open_book
from planboard.publishers.template.head import REQUIRED, read_head
from planboard.publishers.template.reading import HOME, read_parts
from planboard.tables import MEASURES, Accounts
from planboard.tables.accounts import KEYS

_FAULTS = {
    "measures that are not known": f"Known measures: {', '.join(MEASURES)}.",
    "years that are none": "Write them with four digits.",
    "measures in two units": "Bring each measure to one unit.",
    "figures that stand twice": "Each region, activity, measure and year has one figure.",
}
HEADINGS = ("activity", "measure", "year", "value", "unit")


def read_accounts(request: Request) -> Accounts:
    """The sheet accounts of a template, or a CSV file laid out like it; none is no fault."""
    book = open_book(request, "accounts")
    head = read_head(book, {key: REQUIRED[key] for key in ("source", "licence")})
    sheet = book.sheet("accounts")
    if sheet is None or sheet.has("sector", columns=[1, 2]):  # a table alone
        empty = pd.MultiIndex.from_arrays([[], [], []], names=KEYS)
        return Accounts(head.get("source"), head.get("licence"), pd.DataFrame(index=empty), {})
    parts = read_parts(book, head) if book.sheet("transactions") else None
    rows = _rows(sheet, parts.home if parts else head.get("region", HOME))
    _check_rows(sheet, rows)
    if parts:
        _check_names(sheet, rows, set(parts.pairs))
    data = rows.astype({"year": int}).pivot(index=KEYS, columns="measure", values="value")
    return Accounts(
        source=head.get("source"),
        licence=head.get("licence"),
        attribution=head.get("attribution"),
        data=data.rename_axis(columns=None)[[name for name in MEASURES if name in data]],
        units=dict(zip(rows["measure"], rows["unit"], strict=True)),
    )


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The row of headings, and the column of each."""
    top = sheet.find_row(*HEADINGS)
    return top, {text: sheet.find(text, top).column for text in HEADINGS}


def _rows(sheet: Sheet, region: str) -> pd.DataFrame:
    """Every figure with its labels, and its row on the sheet."""
    top, column = _headings(sheet)
    body = [
        row
        for row in sheet.down(top + 1, column["measure"])
        if not sheet.text(row, 1).startswith("#") and any(sheet.texts(row, list(column.values())))
    ]
    said = {
        name: sheet.labels(body, column[name], repeated=True)
        for name in HEADINGS
        if name != "value"
    }
    if sheet.has("region", top):
        said["region"] = sheet.labels(body, sheet.find("region", top).column, repeated=True)
    values = sheet.numbers(body, column["value"])
    return pd.DataFrame({"row": body, "region": region, **said, "value": values})


def _check_rows(sheet: Sheet, rows: pd.DataFrame) -> None:
    """Refuse unknown measures, what is no year, measures in two units, figures told twice."""
    _, column = _headings(sheet)
    units = rows.groupby("measure")["unit"].transform("first")
    again = rows.duplicated([*KEYS, "measure"])
    faults: dict[str, list[str]] = {what: [] for what in _FAULTS}
    for row, (_, said), unit, is_again in zip(
        rows["row"], rows.iterrows(), units, again, strict=True
    ):
        place = {name: sheet.place(Cell(row, column[name])) for name in HEADINGS}
        if said["measure"] not in MEASURES:
            told = f"{place['measure']}: {_unlike(said['measure'])}"
            faults["measures that are not known"].append(told)
        if not re.fullmatch(r"[12][0-9]{3}", said["year"]):
            faults["years that are none"].append(f"{place['year']}: '{said['year']}'")
        if said["unit"] != unit:
            told = f"{place['unit']}: {said['measure']} in '{said['unit']}', above in '{unit}'"
            faults["measures in two units"].append(told)
        if is_again:
            told = " ".join(said[key] for key in (*KEYS, "measure"))
            faults["figures that stand twice"].append(f"{place['value']}: {told}")
    for what, found in faults.items():
        if found:
            raise InvalidTableError(
                f"The accounts in {sheet.file} have {what}.", found, _FAULTS[what]
            )


def _check_names(sheet: Sheet, rows: pd.DataFrame, known: set[tuple[str, str]]) -> None:
    """Refuse activities that the transactions beside do not have: they would go unread."""
    _, column = _headings(sheet)
    faults = []
    for row, region, activity in zip(rows["row"], rows["region"], rows["activity"], strict=True):
        if (region, activity) not in known:
            close = nearest(f"{region} {activity}", map(" ".join, known))
            near = f", perhaps {close[0]}" if close else ""
            place = sheet.place(Cell(row, column["activity"]))
            faults.append(f"{place}: {region} {activity}{near}")
    if faults:
        raise InvalidTableError(
            f"The accounts in {sheet.file} name activities that the transactions do not have.",
            faults,
            "Names must match to the letter, capitals and spaces included.",
        )


def _unlike(measure: str) -> str:
    close = nearest(measure, MEASURES)
    return f"'{measure}'" + (f", perhaps '{close[0]}'" if close else "")
