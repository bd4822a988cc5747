"""WIOD, release 2016: world tables of 44 regions x 56 industries, 2000-2014, and their accounts.

Read from the publisher's workbooks `WIOT2000_Nov16_ROW.xlsb` (one sheet, named by its year), from
the same sheet saved as .xlsx or .csv, and from the data frame of the publisher's files for R and
Stata saved as .csv (IndustryCode, IndustryDescription, Country, RNr, Year, AUS1 … ROW61, TOT).

Current USD at basic prices. Taxes and margins are rows of their own:

    x[j] = Σ_i Z[i,j] + TXSP + EXP_adj + PURR + PURNR + VA + IntTTM
"""

import re
from pathlib import Path

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.sea2016 import ATTRIBUTION, LICENCE
from planboard.publishers.sea2016_workbook import read_accounts
from planboard.publishers.spreadsheet import AS_STORED, DECIMAL, Sheet, Workbook, open_workbook
from planboard.publishers.wide_sheet import (
    TOTAL,
    Label,
    Labels,
    other_units,
    place_of,
    sheet_labels,
    wide_table,
)
from planboard.publishers.wiod import ROLES, check_prices, world_layout
from planboard.tables import InputOutputTable, Publication

SOURCE = "World Input-Output Database, release 2016, world input-output table {year}"
LAYOUT = world_layout("2016")
REGIONS = (
    "AUS AUT BEL BGR BRA CAN CHE CHN CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IDN IND IRL "
    "ITA JPN KOR LTU LUX LVA MEX MLT NLD NOR POL PRT ROU RUS SVK SVN SWE TUR TWN USA ROW"
)
INDUSTRIES = (
    "A01 A02 A03 B C10-C12 C13-C15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 "
    "C31_C32 C33 D35 E36 E37-E39 F G45 G46 G47 H49 H50 H51 H52 H53 I J58 J59_J60 J61 J62_J63 K64 "
    "K65 K66 L68 M69_M70 M71 M72 M73 M74_M75 N O84 P85 Q R_S T U"
)
NAMES = {
    "CONS_h": "Household consumption",
    "CONS_np": "Consumption of non-profit institutions",
    "CONS_g": "Government consumption",
    "GFCF": "Gross fixed capital formation",
    "INVEN": "Changes in inventories",
    "TXSP": "Taxes less subsidies on products",
    "EXP_adj": "Cif/fob adjustments on exports",
    "PURR": "Direct purchases abroad by residents",
    "PURNR": "Purchases on the domestic territory by non-residents",
    "VA": "Value added at basic prices",
    "IntTTM": "International transport margins",
    "ROW": "Rest of the world",
}
FILE = re.compile(r"WIOT(\d{4})_(?:Nov|October)16_ROW\.(?:xlsb|xlsx|csv)", re.IGNORECASE)
FRAME = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year"]
FIRST_FINAL = 57  # In a data frame, the number of CONS_h among the columns of a region.
REMEDY = "Take WIOTYEAR_Nov16_ROW.xlsb from the publisher, in current prices, and leave its name."


def read(request: Request) -> InputOutputTable:
    """The world table of one year."""
    file = _file(request)
    check_prices(file, [file.name], REMEDY)
    request.progress(f"opening {file.name}")
    sheet, year = (_csv if file.suffix.lower() == ".csv" else _workbook)(request, file)
    labels = _frame_labels(sheet) if _is_frame(sheet) else sheet_labels(sheet, LAYOUT)
    check_prices(place_of(sheet), labels.title, REMEDY)
    _check_release(sheet, labels)
    request.progress(f"reading the world table of {year}")
    return wide_table(sheet, labels, LAYOUT, _publication(labels, year))


def _file(request: Request) -> Path:
    """The file that is asked for: the source itself, or that of the year in a folder."""
    source = request.source
    if not source.is_dir():
        return source
    found: dict[int, list[Path]] = {}
    for file in sorted(source.iterdir()):
        if match := FILE.fullmatch(file.name):
            found.setdefault(int(match[1]), []).append(file)
    if not found:
        raise UnreadableFileError(f"There is no world table of WIOD 2016 in {source}.", [], REMEDY)
    files = found[the_year(request, sorted(found), "WIOD 2016")]
    if len(files) > 1:
        raise InvalidTableError(
            f"{source} holds the same year of WIOD 2016 more than once.",
            [file.name for file in files],
            "Name the file itself.",
        )
    return files[0]


def _open(request: Request, file: Path) -> Workbook:
    return open_workbook(file, decimal=request.choices.get("decimal", AS_STORED))


def _workbook(request: Request, file: Path) -> tuple[Sheet, int]:
    """The sheet that is named by the year, and the year."""
    book, named = _open(request, file), FILE.fullmatch(file.name)
    years = sorted(int(name) for name in book.names if re.fullmatch(r"\d{4}", name))
    if not years or (named and int(named[1]) not in years):
        raise InvalidTableError(
            f"{file} has no sheet named by its year, as the world tables of WIOD 2016 have.",
            [f"sheets: {', '.join(book.names)}"],
            REMEDY,
        )
    year = the_year(request, years, "WIOD 2016")
    return book.sheet(str(year)), year


def _csv(request: Request, file: Path) -> tuple[Sheet, int]:
    """A table saved as .csv, and its year: of its name, its column Year, or as asked for."""
    book, named = _open(request, file), FILE.fullmatch(file.name)
    sheet = book.sheet(book.names[0])
    found = {named[1]} if named else set()
    if _is_frame(sheet):
        found |= set(sheet.texts(range(2, sheet.height + 1), len(FRAME)))
    if not found and request.year is not None:
        return sheet, request.year
    if len(found) != 1 or not all(text.isdigit() for text in found):
        raise InvalidTableError(
            f"{file} does not say of which one year it is.",
            [f"its name and its column Year: {', '.join(sorted(found)) or 'nothing'}"],
            REMEDY,
        )
    return sheet, the_year(request, [int(text) for text in found], "WIOD 2016")


def _is_frame(sheet: Sheet) -> bool:
    return sheet.texts(1, range(1, len(FRAME) + 1)) == FRAME


def _frame_labels(sheet: Sheet) -> Labels:
    """The labels of a data frame.

    A column such as AUS57 is that of the region AUS and of the row with RNr 57, or, from 57 on, of
    final use.
    """
    down = range(2, sheet.height + 1)
    codes, names, regions, numbers = (sheet.texts(down, column) for column in (1, 2, 3, 4))
    sectors = {str(FIRST_FINAL + k): code for k, code in enumerate(ROLES)}
    for number, code, region in zip(numbers, codes, regions, strict=True):
        if region != TOTAL and sectors.setdefault(number, code) != code:
            sectors[number] = ""  # Regions number their industries differently: refused below.
    columns: list[tuple[int, Label]] = []
    for j in range(len(FRAME) + 1, sheet.width + 1):
        match = re.fullmatch(r"v?([A-Z]{3})(\d*)", sheet.text(1, j))
        if match and match[1] == TOTAL:
            break
        columns.append((j, (match[1], sectors.get(match[2], "")) if match else ("", "")))
    rows = zip(down, zip(regions, codes, strict=True), strict=True)
    return Labels(
        rows=tuple((k, ("" if label[0] == TOTAL else label[0], label[1])) for k, label in rows),
        columns=tuple(columns),
        total=len(FRAME) + 1 + len(columns),
        names=dict(zip(codes, names, strict=True)),
    )


def _check_release(sheet: Sheet, labels: Labels) -> None:
    """Refuse names that release 2016 does not know, and another unit than its own."""
    kinds = {
        "regions": (labels.regions, REGIONS),
        "industries": (labels.sectors(LAYOUT), INDUSTRIES),
    }
    faults = [
        f"unknown {kind}: {', '.join(unknown)}"
        for kind, (names, known) in kinds.items()
        if (unknown := [name for name in names if name and name not in known.split()])
    ]
    faults += [f"unit: '{text}'" for text in other_units(labels)]
    if faults:
        raise InvalidTableError(
            f"{place_of(sheet)} is no world table of WIOD 2016.", faults, REMEDY
        )


def _publication(labels: Labels, year: int) -> Publication:
    regions, industries = len(labels.regions), len(labels.sectors(LAYOUT))
    published = len(REGIONS.split()), len(INDUSTRIES.split())
    cut = (
        f"The file holds {regions} of {published[0]} regions and {industries} of {published[1]} "
        "industries."
    )
    source = SOURCE.format(year=year)
    return Publication(
        name=f"wiod2016-{year}",
        title=f"World economy {year}, {regions} regions x {industries} industries",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="USD",
        unit=f"million {year} USD",
        price_basis="basic",
        coverage="world" if "ROW" in labels.regions else "part",
        labels={code: labels.names.get(code, code) for code in labels.sectors(LAYOUT)} | NAMES,
        notes=() if (regions, industries) == published else (cut,),
        history=({"step": "published table", "detail": f"{source}, current USD at basic prices."},),
    )


WIOD2016 = Format(
    name="wiod2016",
    title="World Input-Output Database, release 2016: 44 regions x 56 industries, 2000-2014",
    needs="WIOTYEAR_Nov16_ROW.xlsb (or saved as .xlsx or .csv), or a folder of them",
    published="DataverseNL, doi:10.34894/PJ2M1C",
    met="model",
    read=read,
    choices=DECIMAL,
    read_accounts=read_accounts,
)
