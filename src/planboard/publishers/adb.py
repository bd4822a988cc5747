"""Multiregional input-output tables of the Asian Development Bank: 62, 72 or 74 economies x 35.

Read from the publisher's workbooks, such as `ADB-MRIO-2019_Dec2022.xlsx`: a sheet "ADB MRIO 2019"
and, where it is there, a sheet "Legend" with the names of the economies. Current USD at basic
prices. Taxes and margins are rows of their own:

    x[j] = Σ_i Z[i,j] + r99 + r61 + r62 + r63 + r64 + r65
"""

import re
from collections.abc import Sequence
from pathlib import Path

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.spreadsheet import AS_STORED, DECIMAL, Sheet, Workbook, open_workbook
from planboard.publishers.wide_sheet import (
    Labels,
    Layout,
    empty_cells,
    other_units,
    place_of,
    sheet_labels,
    wide_table,
)
from planboard.tables import InputOutputTable, Publication

SOURCE = "Asian Development Bank, multiregional input-output table {year}"
LICENCE = "free use and reuse with attribution (terms of use of ADB's Key Indicators Database)"
ATTRIBUTION = (
    "Asian Development Bank: Key Indicators Database Online (https://kidb.adb.org), with the date "
    "of your access."
)
ROLES = {
    "F1": "households",
    "F2": "given",
    "F3": "government",
    "F4": "capital_formation",
    "F5": "inventories",
}
LAYOUT = Layout(
    title="the multiregional tables of the ADB",
    above=0,
    left=4,
    roles=ROLES,
    value_added=("r99", "r61", "r62", "r63", "r64"),
    either=("r65", "trs"),  # margins of international transport go by either
    inputs="r60",
    output="r69",
    zeros=("",),
)
SECTORS = 35
SHEET = re.compile(r"ADB[ _-]?MRIO\D*(\d{4}).*", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
REMEDY = "Take the workbook of a year in current prices from the publisher, and leave it as it is."


def read(request: Request) -> InputOutputTable:
    """The table of one year."""
    file = _file(request)
    _check_prices(file, [file.name])
    request.progress(f"opening {file.name}")
    book = open_workbook(file, decimal=request.choices.get("decimal", AS_STORED))
    sheet, year = _sheet(request, book)
    labels = sheet_labels(sheet, LAYOUT)
    _check_prices(place_of(sheet), labels.title)
    _check_edition(sheet, labels, year)
    request.progress(f"reading the multiregional table of {year}")
    empty = empty_cells(sheet, labels)
    return wide_table(sheet, labels, LAYOUT, _publication(labels, year, _legend(book), empty))


def _file(request: Request) -> Path:
    """The workbook that is asked for: the source itself, or that of the year in a folder."""
    source = request.source
    if not source.is_dir():
        return source
    found: dict[int, list[Path]] = {}
    for file in sorted(source.glob("ADB*MRIO*.xlsx")):
        if year := YEAR.search(file.name):
            found.setdefault(int(year[1]), []).append(file)
    if not found:
        raise UnreadableFileError(
            f"There is no multiregional table of the ADB in {source}.",
            ["looked for: ADB*MRIO*.xlsx with a year in its name"],
            REMEDY,
        )
    files = found[the_year(request, sorted(found), "the ADB's tables")]
    if len(files) > 1:
        raise InvalidTableError(
            f"{source} holds the same year of the ADB's tables more than once.",
            [file.name for file in files],
            "Name the file itself.",
        )
    return files[0]


def _sheet(request: Request, book: Workbook) -> tuple[Sheet, int]:
    """The sheet of the year, and the year."""
    years = {int(match[1]): name for name in book.names if (match := SHEET.fullmatch(name))}
    if not years:
        raise InvalidTableError(
            f"{book.file} has no sheet such as 'ADB MRIO 2019'.",
            [f"sheets: {', '.join(book.names)}"],
            REMEDY,
        )
    year = the_year(request, sorted(years), "the ADB's tables")
    return book.sheet(years[year]), year


def _legend(book: Workbook) -> dict[str, str]:
    """Names of economies, from the sheet that has them beside their codes."""
    names = {"RoW": "Rest of the world"}
    if "Legend" not in book.names:
        return names
    sheet = book.sheet("Legend")
    down = range(2, sheet.height + 1)
    return names | dict(zip(sheet.texts(down, 1), sheet.texts(down, 2), strict=True))


def _check_prices(where: object, texts: Sequence[str]) -> None:
    """Refuse the tables in constant prices, which are published beside these."""
    wrong = [text for text in texts if "constant" in text.lower()]
    if wrong:
        raise InvalidTableError(
            f"{where} is a table in constant prices.", [f"'{wrong[0]}'"], REMEDY
        )


def _check_edition(sheet: Sheet, labels: Labels, year: int) -> None:
    """Refuse sectors, a unit or a year other than the publisher's."""
    known = [f"c{k + 1}" for k in range(SECTORS)]
    unknown = [code for code in labels.sectors(LAYOUT) if code and code not in known]
    faults = [f"unknown sectors: {', '.join(unknown)}"] if unknown else []
    faults += [f"unit: '{text}'" for text in other_units(labels)]
    years = {int(found) for text in labels.title[:1] for found in YEAR.findall(text)}
    faults += [f"title: '{labels.title[0]}'"] if years and year not in years else []
    if faults:
        raise InvalidTableError(
            f"{place_of(sheet)} is no multiregional table of the ADB for {year}.", faults, REMEDY
        )


def _publication(labels: Labels, year: int, legend: dict[str, str], empty: int) -> Publication:
    regions, sectors = labels.regions, len(labels.sectors(LAYOUT))
    source = SOURCE.format(year=year)
    notes = []
    if sectors != SECTORS:
        notes.append(f"The file holds {sectors} of {SECTORS} sectors.")
    if empty:
        notes.append(f"{empty} empty cells of the workbook are read as zeros.")
    return Publication(
        name=f"adb-mrio-{year}",
        title=f"World economy {year}, {len(regions)} regions x {sectors} sectors",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="USD",
        unit=f"million {year} USD",
        price_basis="basic",
        coverage="world" if "ROW" in map(str.upper, regions) else "part",
        labels={name: legend[name] for name in regions if name in legend} | dict(labels.names),
        notes=tuple(notes),
        history=(
            {"step": "published table", "detail": f"{source}, current USD at basic prices."},
            *({"step": "empty cells", "detail": note} for note in notes if "empty" in note),
        ),
    )


ADB_MRIO = Format(
    name="adb-mrio",
    title="Asian Development Bank, multiregional tables: 62 to 74 economies x 35 sectors",
    needs="ADB-MRIO-YEAR….xlsx, or a folder of them",
    published="https://kidb.adb.org/globalization",
    met="model",
    read=read,
    choices=DECIMAL,
)
