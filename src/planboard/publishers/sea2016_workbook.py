"""The workbooks of the socio-economic accounts of WIOD release 2016, and of its exchange rates.

Socio_Economic_Accounts.xlsx, sheet DATA   country, variable, description, code, 2000 … 2014
Exchange_Rates.xlsx, sheet EXR             from row 4: Country, Acronym, _2000 … _2014: US
                                           dollars per unit of national currency
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.format import Request
from planboard.publishers.sea2016 import RATE, YEARS, accounts_of
from planboard.publishers.spreadsheet import AS_STORED, Workbook, open_workbook
from planboard.tables import Accounts

ACCOUNTS = ("Socio_Economic_Accounts.xlsx", "WIOD_SEA_Nov16.xlsx")
RATES = ("Exchange_Rates.xlsx", "EXR_WIOD_Nov16.xlsx")
NOT_PUBLISHED = ("", "NA")
# Larger countries of middle income: the rest of the world has no accounts.
DONORS = ("BRA", "CHN", "IDN", "IND", "MEX", "RUS", "TUR")
REMEDY = "Take Socio_Economic_Accounts.xlsx and Exchange_Rates.xlsx of release 2016 as they are."


def read_accounts(request: Request) -> Accounts:
    """The accounts of every country and year; exchange rates from the file beside them."""
    source = request.source
    file = _one_of(source, ACCOUNTS) if source.is_dir() else source
    decimal = request.choices.get("decimal", AS_STORED)
    request.progress("reading the socio-economic accounts")
    table = read_variables(open_workbook(file, decimal=decimal))
    rates = read_rates(open_workbook(_one_of(file.parent, RATES), decimal=decimal))
    unknown = sorted(set(table["region"]) - set(rates["region"]))
    if unknown:
        raise InvalidTableError(
            f"{file} has countries of which no exchange rate is known.",
            [", ".join(unknown)],
            REMEDY,
        )
    accounts = accounts_of(table.merge(rates, how="left", on=["region", "year"]))
    donors = tuple(name for name in DONORS if name in set(table["region"]))
    return replace(accounts, donors={"ROW": donors} if donors else {})


def read_variables(book: Workbook) -> pd.DataFrame:
    """The sheet DATA: region, sector, year, and one column for each variable."""
    keys = {"country": "region", "code": "sector", "variable": "variable"}
    wide = _series(book, "DATA", ["country", "variable", "description", "code"], keys)
    long = wide.melt(ignore_index=False).set_index("year", append=True)["value"]
    return long.unstack("variable").reset_index().rename_axis(columns=None)


def read_rates(book: Workbook) -> pd.DataFrame:
    """The sheet EXR: region, year and rate, in US dollars per unit of national currency."""
    wide = _series(book, "EXR", ["Country", "Acronym"], {"Acronym": "region"})
    return wide.melt(ignore_index=False, value_name=RATE).reset_index()


def _series(book: Workbook, name: str, head: list[str], keys: Mapping[str, str]) -> pd.DataFrame:
    """A sheet with a column for every year: `keys`, renamed, x years; NaN where not published."""
    if name not in book.names:
        raise InvalidTableError(
            f"{book.file} has no sheet '{name}'.", [f"sheets: {', '.join(book.names)}"], REMEDY
        )
    sheet = book.sheet(name)
    first = sheet.find_row(*head)
    texts = sheet.texts(first, range(1, sheet.width + 1))
    found = {j: re.fullmatch(r"_?(\d{4})", text) for j, text in enumerate(texts, start=1)}
    years = {int(match[1]): j for j, match in found.items() if match}
    missing = [str(year) for year in YEARS if year not in years]
    if missing:
        raise InvalidTableError(
            f"{book.file}, sheet '{name}', lacks years of release 2016.",
            [", ".join(missing)],
            REMEDY,
        )
    down = range(first + 1, sheet.height + 1)
    columns = [sheet.texts(down, texts.index(key) + 1) for key in keys]
    labelled = {k: label for k, *label in zip(down, *columns, strict=True) if all(label)}
    rows, labels = list(labelled), [tuple(label) for label in labelled.values()]
    _refuse_twice(book.file, name, rows, labels)
    values = sheet.numbers(rows, list(years.values()), missing=NOT_PUBLISHED)
    index = pd.MultiIndex.from_tuples(labels, names=list(keys.values()))
    return pd.DataFrame(values, index, pd.Index(years, name="year"))


def _refuse_twice(file: Path, name: str, rows: list[int], labels: list[tuple[str, ...]]) -> None:
    first: dict[tuple[str, ...], int] = {}
    faults = [
        f"{', '.join(label)}: rows {first[label]} and {row}"
        for row, label in zip(rows, labels, strict=True)
        if first.setdefault(label, row) != row
    ]
    if faults:
        raise InvalidTableError(f"{file}, sheet '{name}', says things twice.", faults, REMEDY)


def _one_of(folder: Path, names: Sequence[str]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise UnreadableFileError(f"There is no {' or '.join(names)} in {folder}.", [], REMEDY)
