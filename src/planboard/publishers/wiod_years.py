"""Sheets of WIOD's accounts that have a column for every year: variables, and exchange rates.

DATA   country, variable, description, code, and the years
EXR    below some lines of title: Country, its code, and the years: US dollars per unit of national
       currency

Years are written 2000 or _2000. Rows and columns are found by their headings.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.spreadsheet import Sheet, Workbook

NOT_PUBLISHED = ("", "NA")
RATE = "fx_usd_per_lcu"  # US dollars per unit of national currency.


@dataclass(frozen=True)
class Release:
    """How one release lays out its accounts.

    name : such as "release 2016"; years : all of them must be there
    variables : headings of the sheet DATA: of regions, variables, descriptions and industries
    rates : headings of the sheet EXR, that of names first; codes stand right of the names
    remedy : what to do about files that are not the publisher's
    """

    name: str
    years: Sequence[int]
    variables: tuple[str, str, str, str]
    rates: tuple[str, ...]
    remedy: str


def read_variables(book: Workbook, release: Release) -> pd.DataFrame:
    """The sheet DATA: region, sector, year, and one column for each variable."""
    sheet = _sheet(book, "DATA", release)
    row = sheet.find_row(*release.variables)
    region, variable, _, sector = (sheet.find(text, row).column for text in release.variables)
    keys = {"region": region, "sector": sector, "variable": variable}
    long = _by_year(sheet, row, keys, release).melt(ignore_index=False)
    wide = long.set_index("year", append=True)["value"].unstack("variable")
    return wide.reset_index().rename_axis(columns=None)


def read_rates(book: Workbook, release: Release) -> pd.DataFrame:
    """The sheet EXR: region, year and rate, in US dollars per unit of national currency."""
    sheet = _sheet(book, "EXR", release)
    row = sheet.find_row(*release.rates)
    keys = {"region": sheet.find(release.rates[0], row).column + 1}
    wide = _by_year(sheet, row, keys, release)
    return wide.melt(ignore_index=False, value_name=RATE).reset_index()


def one_of(folder: Path, names: Sequence[str], release: Release) -> Path:
    """The first of these files that a folder holds."""
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise UnreadableFileError(f"There is no {' or '.join(names)} in {folder}.", [], release.remedy)


def _sheet(book: Workbook, name: str, release: Release) -> Sheet:
    if name not in book.names:
        raise InvalidTableError(
            f"{book.file} has no sheet '{name}'.",
            [f"sheets: {', '.join(book.names)}"],
            release.remedy,
        )
    return book.sheet(name)


def _by_year(sheet: Sheet, heading: int, keys: Mapping[str, int], release: Release) -> pd.DataFrame:
    """What stands below a row of headings, `keys` x years; NaN where not published.

    keys : name of a key -> its column
    """
    texts = sheet.texts(heading, range(1, sheet.width + 1))
    found = {j: re.fullmatch(r"_?(\d{4})", text) for j, text in enumerate(texts, start=1)}
    years = {int(match[1]): j for j, match in found.items() if match}
    missing = [str(year) for year in release.years if year not in years]
    if missing:
        raise InvalidTableError(
            f"{sheet.file}, sheet '{sheet.name}', lacks years of {release.name}.",
            [", ".join(missing)],
            release.remedy,
        )
    down = range(heading + 1, sheet.height + 1)
    columns = [sheet.texts(down, column) for column in keys.values()]
    told = {k: tuple(label) for k, *label in zip(down, *columns, strict=True) if any(label)}
    _refuse_unlabelled(sheet, told, list(years.values()), release)
    rows = [row for row, label in told.items() if all(label)]
    labels = [told[row] for row in rows]
    _refuse_twice(sheet, rows, labels, release)
    values = sheet.numbers(rows, list(years.values()), missing=NOT_PUBLISHED)
    index = pd.MultiIndex.from_tuples(labels, names=list(keys))
    return pd.DataFrame(values, index, pd.Index(years, name="year"))


def _refuse_unlabelled(
    sheet: Sheet, told: Mapping[int, tuple[str, ...]], columns: list[int], release: Release
) -> None:
    """Figures that have some of their labels only; a remark beneath has no figures."""
    wrong = [
        row for row, label in told.items() if not all(label) and any(sheet.texts(row, columns))
    ]
    if wrong:
        raise InvalidTableError(
            f"{sheet.file}, sheet '{sheet.name}', has figures without all their labels.",
            [f"row {row}" for row in wrong],
            release.remedy,
        )


def _refuse_twice(
    sheet: Sheet, rows: list[int], labels: list[tuple[str, ...]], release: Release
) -> None:
    first: dict[tuple[str, ...], int] = {}
    faults = [
        f"{', '.join(label)}: rows {first[label]} and {row}"
        for row, label in zip(rows, labels, strict=True)
        if first.setdefault(label, row) != row
    ]
    if faults:
        raise InvalidTableError(
            f"{sheet.file}, sheet '{sheet.name}', says things twice.", faults, release.remedy
        )
