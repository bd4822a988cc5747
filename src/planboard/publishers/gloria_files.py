"""GLORIA's files: archives or folders of one release and year, and the workbook of labels."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.format import Request, the_year
from planboard.publishers.pymrio_exchange.shelf import Shelf, open_shelf
from planboard.publishers.spreadsheet import Sheet, open_workbook

# Such as 20240725_120secMother_AllCountries_002_T-Results_2022_059_Markup001(full).csv
RESULT = re.compile(
    r"_120secMother_AllCountries_002_(T|Y|V|TQ|YQ)-Results_(\d{4})_0?(\d+)_Markup001\(full\)\.csv$"
)
PLACE = re.compile(r"GLORIA_(MRIOs|SatelliteAccounts)_0?(\d+)_(\d{4})")
REGIONS, SECTORS, MONEY = "Regions", "Sectors", "Value added and final demand"
SATELLITES = ("Sat_head_indicator", "Sat_indicator", "Sat_unit")


@dataclass(frozen=True)
class Labels:
    """What rows and columns mean: the matrices have no labels of their own.

    satellites : (head, indicator, unit) of each row of the satellite accounts
    """

    codes: tuple[str, ...]
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    items: tuple[str, ...]
    categories: tuple[str, ...]
    satellites: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, eq=False)
class Files:
    """The matrices of one release and year, by their letters: T, Y, V, and TQ, YQ if asked for."""

    year: int
    release: str
    labels: Labels
    places: Mapping[str, tuple[Shelf, str]]

    def open(self, letter: str) -> IO[bytes]:
        """One matrix as a stream of bytes."""
        shelf, name = self.places[letter]
        return shelf.open(name)

    def name(self, letter: str) -> str:
        """What a matrix is called, for people."""
        return self.places[letter][1].rpartition("/")[2]


@contextmanager
def gloria_files(request: Request, *, with_satellites: bool) -> Iterator[Files]:
    """The files of the year that is asked for.

    Raises
    ------
    InvalidTableError
        Several years or releases, and nobody said which.
    UnreadableFileError
        A matrix or the workbook of labels is missing or damaged.
    """
    base, places = _places(request.source)
    year = the_year(request, sorted({year for _, _, year in places.values()}), "GLORIA")
    releases = sorted({release for _, release, y in places.values() if y == year})
    if len(releases) > 1:
        raise InvalidTableError(
            f"{request.source} holds several releases of {year}.",
            [place.name for place, (_, _, y) in places.items() if y == year],
            "Keep one release in a folder.",
        )
    chosen = [place for place, told in places.items() if told[1:] == (releases[0], year)]
    wanted = ("T", "Y", "V", "TQ", "YQ") if with_satellites else ("T", "Y", "V")
    with ExitStack() as stack:
        shelves = [stack.enter_context(open_shelf(place)) for place in chosen]
        found = _results(shelves, year, releases[0])
        missing = [letter for letter in wanted if letter not in found]
        if missing:
            raise UnreadableFileError(
                f"{request.source} lacks matrices of GLORIA for {year}.",
                [
                    f"not there: …_{letter}-Results_{year}_…_Markup001(full).csv"
                    for letter in missing
                ],
                "Keep GLORIA_MRIOs_… (and GLORIA_SatelliteAccounts_…) in one folder, whole.",
            )
        labels = _labels(_workbook(base, releases[0]), with_satellites=with_satellites)
        yield Files(year, releases[0], labels, found)


Told = tuple[str, str, int]


def _places(source: Path) -> tuple[Path, dict[Path, Told]]:
    """The folder of the workbook; archives and folders in it: kind, release, year."""
    if PLACE.search(source.name):
        base, found = source.parent, _told([source])
        kind, release, year = found[source]
        beside = _told(sorted(base.iterdir()))
        own = {p: t for p, t in beside.items() if t[0] != kind and t[1:] == (release, year)}
        return base, {**found, **own}
    return source, _told(sorted(source.iterdir()) if source.is_dir() else [])


def _told(places: Sequence[Path]) -> dict[Path, Told]:
    named = {place: found for place in places if (found := PLACE.search(place.name))}
    return {place: (told[1], told[2], int(told[3])) for place, told in named.items()}


def _results(shelves: Sequence[Shelf], year: int, release: str) -> dict[str, tuple[Shelf, str]]:
    found: dict[str, tuple[Shelf, str]] = {}
    for shelf in shelves:
        for name in shelf.names:
            told = RESULT.search(name)
            if told and (int(told[2]), told[3]) == (year, release):
                found.setdefault(told[1], (shelf, name))
    return found


def _workbook(base: Path, release: str) -> Path:
    found = sorted(base.glob(f"GLORIA_ReadMe_0{release}*.xlsx"))
    if len(found) > 1:
        raise InvalidTableError(
            f"{base} holds labels of release {release} of GLORIA more than once.",
            [file.name for file in found],
            "Keep the workbook that belongs to the matrices: 59 and 59a call theirs alike.",
        )
    if not found:
        raise UnreadableFileError(
            f"{base} holds no labels for release {release} of GLORIA.",
            [f"not there: GLORIA_ReadMe_0{release}.xlsx"],
            "Put the publisher's workbook beside the archives: the matrices have no labels.",
        )
    return found[0]


def _labels(file: Path, *, with_satellites: bool) -> Labels:
    book = open_workbook(file)
    regions = _rows(book.sheet(REGIONS), ("Region_acronyms", "Region_names"))
    satellites = _rows(book.sheet("Satellites"), SATELLITES) if with_satellites else []
    return Labels(
        codes=tuple(code for code, _ in regions),
        regions=tuple(name for _, name in regions),
        sectors=_list(book.sheet(SECTORS), "Sector_names"),
        items=_list(book.sheet(MONEY), "Value_added_names"),
        categories=_list(book.sheet(MONEY), "Final_demand_names"),
        satellites=tuple((head, name, unit) for head, name, unit in satellites),
    )


def _list(sheet: Sheet, heading: str) -> tuple[str, ...]:
    """The texts below a heading."""
    return tuple(text for (text,) in _rows(sheet, (heading,)))


def _rows(sheet: Sheet, headings: Sequence[str]) -> list[tuple[str, ...]]:
    """The texts below headings side by side: whatever has one of them needs them all."""
    cells = [sheet.find(heading) for heading in headings]
    first = max(cell.row for cell in cells) + 1
    columns = [cell.column for cell in cells]
    filled = [row for row in range(first, sheet.height + 1) if any(sheet.texts(row, columns))]
    said = [sheet.labels(filled, column, repeated=True) for column in columns]
    return list(zip(*said, strict=True))
