"""World tables of WIOD release 2013, from the publisher's workbooks.

`WIOT95_ROW_Apr12.xlsx` to `WIOT11_ROW_Sep12.xlsx`, one for each year, as they are or in
`WIOTS_in_EXCEL.zip`; in each a sheet such as WIOT_1995:

    row 3      industries: AtB, C, …; nothing over final use      column A   industries: AtB, C, …
    row 4      names                                              column B   names
    row 5      regions                                            column C   regions; TOT beneath
    row 6      c1 … c35, and c37, c38, c39, c41, c42              column D   c1 … c35; r60 … r69
    from E7 on: industries region by region, final use likewise, total output

Above, in column A, stand a title that ends in the year, and the unit. Taxes and margins are rows of
their own, known by their names:

    x[j] = Σ_i Z[i,j] + TXSP + EXP_adj + PURR + PURNR + VA + IntTTM

Layout: pymrio 0.7, `parse_wiod`, and other programs that others published to read these files; no
real file was met. pymrio's parser is not used, though it is as fast: it leaves output out, reads an
empty cell as no number, ends the industries where the last c35 stands whatever else does, and tells
no cell at fault. The tests hold the two together.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from planboard.errors import InputError, InvalidTableError, UnreadableFileError
from planboard.publishers.archive import open_archive, unpacked
from planboard.publishers.format import Request, the_year
from planboard.publishers.spreadsheet import AS_STORED, Sheet, Workbook, open_workbook
from planboard.publishers.wide_sheet import (
    FIRST,
    HEAD,
    TOTAL,
    Label,
    Labels,
    other_units,
    place_of,
    wide_table,
    wrong_labels,
)
from planboard.publishers.wiod import check_prices, world_layout
from planboard.publishers.wiod2013_release import (
    INDUSTRIES,
    LABELS,
    OTHER_CODES,
    REGIONS,
    ROUNDED,
    publication,
)
from planboard.tables import InputOutputTable, Publication

LAYOUT = world_layout("2013")
# Final use and the rows beneath have no codes but numbers, which editions changed: names decide.
FINAL = {
    "CONS_h": ("c37", "Final consumption expenditure by households"),
    "CONS_np": (
        "c38",
        "Final consumption expenditure by non-profit organisations serving households (NPISH)",
    ),
    "CONS_g": ("c39", "Final consumption expenditure by government"),
    "GFCF": ("c41", "Gross fixed capital formation"),
    "INVEN": ("c42", "Changes in inventories and valuables"),
}
BENEATH = {
    "II_fob": ("r60", "Total intermediate consumption"),
    "TXSP": ("r99", "Taxes less subsidies on products"),
    "EXP_adj": ("r61", "Cif/ fob adjustments on exports"),
    "PURR": ("r62", "Direct purchases abroad by residents"),
    "PURNR": ("r63", "Purchases on the domestic territory by non-residents"),
    "VA": ("r64", "Value added at basic prices"),
    "IntTTM": ("r65", "International transport margins"),
    "GO": ("r69", "Output at basic prices"),
}
ITEMS = {code: BENEATH[code][1] for code in LAYOUT.value_added}
OUTPUT = "Total output"
FILE = re.compile(r"wiot(\d\d)_row_[a-z]{3}\d\d\.xlsx", re.IGNORECASE)
ARCHIVE = re.compile(r"wiot.*\.zip", re.IGNORECASE)
SHEET = re.compile(r"wiot_?(\d{4})", re.IGNORECASE)
REMEDY = (
    "Take WIOT95_ROW_Apr12.xlsx (from 2008 on …_Sep12.xlsx) of release 2013 from the publisher, in "
    "current prices, as it is. Tables of release 2016 are format wiod2016."
)


Texts = tuple[str, ...]  # Of a row or column: region, code of the industry, name, number.


@dataclass(frozen=True)
class Place:
    """Where a workbook is: a file, or a member of an archive."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """The name of the workbook itself."""
        return PurePosixPath(self.member).name if self.member else self.path.name


def read_workbook(request: Request) -> InputOutputTable:
    """The world table of one year."""
    place = _place(request)
    check_prices(place.path, [place.name], REMEDY)
    request.progress(f"opening {place.name}")
    with _file(place) as file:
        book = open_workbook(file, decimal=request.choices.get("decimal", AS_STORED))
        sheet, year = _sheet(request, book)
        labels, renamed = _labels(sheet)
        check_prices(place_of(sheet), labels.title, REMEDY)
        _check_release(sheet, labels, year)
        request.progress(f"reading the world table of {year}")
        table = wide_table(sheet, labels, LAYOUT, _publication(labels, year, renamed))
    return _told_if_rounded(table)


def is_table(file: Path) -> bool:
    """Whether a file holds world tables, by its name or by its sheets."""
    if FILE.fullmatch(file.name) or file.suffix.lower() == ".zip":
        return True
    return any(SHEET.fullmatch(name) for name in open_workbook(file).names)


# Which workbook -----------------------------------------------------------------------------------


def _place(request: Request) -> Place:
    """The workbook that is asked for: the source itself, or that of the year in it."""
    source = request.source
    if not source.is_dir() and source.suffix.lower() != ".zip":
        return Place(source)
    every = _in_folder(source) if source.is_dir() else _in_archive(source)
    found: dict[int, list[Place]] = {}
    for place in every:
        if match := FILE.fullmatch(place.name):
            found.setdefault(_year(match[1]), []).append(place)
    if not found:
        named = sorted({place.name for place in every if "wiot" in place.name.lower()})
        raise UnreadableFileError(
            f"There is no world table of WIOD 2013 in {source}.",
            [f"found: {', '.join(named)}"] if named else [],
            REMEDY,
        )
    places = found[the_year(request, sorted(found), "WIOD 2013")]
    if len(places) > 1:
        raise InvalidTableError(
            f"{source} holds the same year of WIOD 2013 more than once.",
            [str(place.path / place.member) for place in places],
            "Name the file itself.",
        )
    return places[0]


def _in_folder(folder: Path) -> list[Place]:
    """Workbooks of a folder; where it holds none of this release, those in its archives."""
    files = sorted(file for file in folder.iterdir() if file.is_file())
    places = [Place(file) for file in files]
    if not any(FILE.fullmatch(place.name) for place in places):
        for file in files:
            places += _in_archive(file) if ARCHIVE.fullmatch(file.name) else []
    return places


def _in_archive(file: Path) -> list[Place]:
    with open_archive(file) as archive:
        return [Place(file, name) for name in archive.names]


@contextmanager
def _file(place: Place) -> Iterator[Path]:
    """The workbook as a file of its own; faults name the archive, not where it was unpacked."""
    if not place.member:
        yield place.path
        return
    with unpacked(place.path, [place.member]) as folder:
        told = str(folder), str(place.path)
        try:
            yield folder / place.member
        except InputError as error:
            evidence = [line.replace(*told) for line in error.evidence]
            raise type(error)(error.happened.replace(*told), evidence, error.remedy) from error


def _year(digits: str) -> int:
    """The year of two digits: 95 is 1995, 11 is 2011."""
    return int(digits) + (1900 if int(digits) >= 95 else 2000)


def _sheet(request: Request, book: Workbook) -> tuple[Sheet, int]:
    """The sheet that is named by the year, and the year."""
    named = FILE.fullmatch(book.file.name)
    years = {int(match[1]): name for name in book.names if (match := SHEET.fullmatch(name))}
    if not years or (named and _year(named[1]) not in years):
        wanted = f"WIOT_{_year(named[1])}" if named else "such as WIOT_1995"
        raise InvalidTableError(
            f"{book.file} has no sheet {wanted}, as the world tables of WIOD 2013 have.",
            [f"sheets: {', '.join(book.names)}"],
            REMEDY,
        )
    year = the_year(request, sorted(years), "WIOD 2013")
    return book.sheet(years[year]), year


# What stands on it --------------------------------------------------------------------------------


def _labels(sheet: Sheet) -> tuple[Labels, list[str]]:
    """The labels in the codes of the release, and the regions that the sheet calls otherwise."""
    row = next((k for k in range(4, HEAD + 1) if sheet.text(k, FIRST) == "c1"), 0)
    if not row:
        raise InvalidTableError(
            f"{place_of(sheet)} is not laid out as {LAYOUT.title}.",
            [f"no row 4 to {HEAD} has 'c1' in column E, where the columns are numbered"],
            REMEDY,
        )
    across, down = range(FIRST, sheet.width + 1), range(row + 1, sheet.height + 1)
    above = list(zip(*(sheet.texts(row - k, across) for k in (1, 3, 2, 0)), strict=True))
    left = list(zip(*(sheet.texts(down, column) for column in (3, 1, 2, 4)), strict=True))
    end = next((j for j, texts in enumerate(above) if _is_output(texts)), None)
    if end is None:
        raise wrong_labels(sheet, LAYOUT, [f"no column '{OUTPUT}' right of final use"])
    final, beneath = _known(FINAL), _known(BENEATH)
    labels = Labels(
        rows=tuple(
            (k, _label(texts, beneath)) for k, texts in zip(down, left, strict=True) if texts[0]
        ),
        columns=tuple(
            (j, _label(texts, final)) for j, texts in zip(across, above[:end], strict=False)
        ),
        total=FIRST + end,
        names={},
        title=tuple(filter(None, sheet.texts(range(1, row), 1))),
    )
    seen = {region for region, *_ in (*above[:end], *left)}
    return labels, [code for code in OTHER_CODES if code in seen]


def _known(codes: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Our codes by the names and by the numbers of rows or columns."""
    numbers = {number: code for code, (number, _) in codes.items()}
    return numbers | {_plain(name): code for code, (_, name) in codes.items()}


def _label(texts: Texts, known: Mapping[str, str]) -> Label:
    """The region and the code of a row or a column; of the region "" those beneath."""
    region, code, name, number = texts
    if region.upper() == TOTAL:
        return "", known.get(_plain(name)) or known.get(number) or name or number
    region = OTHER_CODES.get(region, region)
    return region, known.get(_plain(name)) or known.get(number) or code


def _is_output(texts: Texts) -> bool:
    region, _, name, _ = texts
    return region.upper() == TOTAL or _plain(name) == _plain(OUTPUT)


def _plain(name: str) -> str:
    """A name without what editions write differently: capitals, spaces, marks."""
    return re.sub(r"[^a-z]", "", name.lower())


def _check_release(sheet: Sheet, labels: Labels, year: int) -> None:
    """Refuse names that release 2013 does not know, and another unit or year than it says."""
    kinds = {
        "regions": (labels.regions, REGIONS),
        "industries": (labels.sectors(LAYOUT), INDUSTRIES),
    }
    faults = [
        f"unknown {kind}: {', '.join(unknown)}"
        for kind, (names, known) in kinds.items()
        if (unknown := [name for name in names if name and name not in known])
    ]
    faults += [f"unit: '{text}'" for text in other_units(labels)]
    says = [re.search(r"(?<!\d)(?:19|20)\d\d$", text) for text in labels.title[:1]]
    faults += [f"title: '{labels.title[0]}'" for found in says if found and int(found[0]) != year]
    if faults:
        raise InvalidTableError(
            f"{place_of(sheet)} is no world table of WIOD 2013 for {year}.", faults, REMEDY
        )


def _publication(labels: Labels, year: int, renamed: Sequence[str]) -> Publication:
    size = len(labels.regions), len(labels.sectors(LAYOUT))
    told = ", ".join(f"{code} is {OTHER_CODES[code]} here" for code in renamed)
    notes = [f"Regions go by other codes in the file: {told}."] if told else []
    if size != (len(REGIONS), len(INDUSTRIES)):
        notes.append(
            f"The file holds {size[0]} of {len(REGIONS)} regions and {size[1]} of "
            f"{len(INDUSTRIES)} industries."
        )
    head = publication(year, size, notes)
    coverage = "world" if "RoW" in labels.regions else "part"
    return replace(head, labels={**LABELS, **ITEMS}, coverage=coverage)


def _told_if_rounded(table: InputOutputTable) -> InputOutputTable:
    """The same table; where it holds whole millions only, its notes say so."""
    if any(np.any(flows.to_numpy() % 1) for flows in (table.transactions, table.final_use)):
        return table
    head = table.publication
    return replace(table, publication=replace(head, notes=(ROUNDED, *head.notes)))
