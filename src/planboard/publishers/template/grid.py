"""Grid: a sheet with codes along its top and its left side, as the template lays it out.

    (A)      (B)     …
             region  HOME    HOME    HOME        HOME       may be left out: one region
             role    sector  sector  households  output     transactions only
    region   sector  AGR     IND     cons        output
    HOME     AGR     10      30      25          80

Without the column of regions everything stands one column further left. Regions, above and at the
left, hold good until the next; a single region may be named on one side only, or not at all. Rows
that begin with # are remarks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planboard.economy import OUTSIDE
from planboard.errors import InvalidTableError
from planboard.publishers.spreadsheet import Cell, Sheet

Pair = tuple[str, str]  # (region, code)
HEADINGS = ("region", "role")


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the labels of a sheet stand, and what they are.

    corner : the cell that heads the codes at the left, in the row of the codes above
    columns, rows : position -> (region, code)
    roles : column -> role; empty where there is no such row
    units : row -> unit, of factors
    """

    sheet: Sheet
    corner: Cell
    columns: dict[int, Pair]
    rows: dict[int, Pair]
    roles: dict[int, str]
    units: dict[int, str]

    def place(self, row: int, column: int) -> str:
        """A cell, for evidence."""
        return self.sheet.place(Cell(row, column))

    def row_place(self, row: int) -> str:
        """The cell of a row's code, for evidence."""
        return self.place(row, self.corner.column)

    def frame(
        self, rows: Sequence[int], columns: Sequence[int], names: Pair, zeros: Sequence[str] = ()
    ) -> pd.DataFrame:
        """A block of numbers with its labels; the levels of the columns are called `names`."""
        return pd.DataFrame(
            self.sheet.numbers(rows, columns, zeros=zeros),
            index=pd.MultiIndex.from_tuples(
                [self.rows[r] for r in rows], names=["region", "sector"]
            ),
            columns=pd.MultiIndex.from_tuples([self.columns[c] for c in columns], names=names),
        )


def read_grid(sheet: Sheet, key: str, region: str) -> Grid:
    """The labels of a sheet; `key` heads the codes at the left: sector, item, factor.

    region : of a sheet that names none
    """
    told = [row for row in range(1, sheet.height + 1) if not sheet.text(row, 1).startswith("#")]
    corner = sheet.find(key, told, 1 if sheet.has(key, told, 1) else 2)
    heads = {key: corner.row}
    for row in told:
        text = sheet.text(row, corner.column)
        if text in HEADINGS:
            heads[text] = row
        elif row > corner.row:
            break
    has_units = sheet.text(corner.row, corner.column + 1) == "unit"
    across = sheet.across(corner.row, corner.column + 1 + has_units)
    left, top = corner.column, max(heads.values())
    body = [row for row in told if row > top and any(sheet.texts(row, range(1, across.stop)))]
    codes = sheet.labels(body, left, repeated=True)
    beside = sheet.headings(body, 1) if left == 2 else []
    above = sheet.headings(heads["region"], across) if "region" in heads else []
    rows = _pairs(body, beside or [_only(above, region)] * len(body), codes)
    top_codes = sheet.labels(corner.row, across, repeated=True)
    columns = _pairs(across, above or [_only(beside, region)] * len(across), top_codes)
    roles = sheet.labels(heads["role"], across, repeated=True) if "role" in heads else []
    units = {row: sheet.text(row, left + 1) for row in body} if has_units else {}
    grid = Grid(sheet, corner, columns, rows, dict(zip(across, roles, strict=False)), units)
    _refuse_twice(grid)
    return grid


def _pairs(places: Sequence[int], regions: list[str], codes: list[str]) -> dict[int, Pair]:
    return dict(zip(places, zip(regions, codes, strict=True), strict=True))


def _only(regions: list[str], region: str) -> str:
    """The one region that the other side of the sheet names; else the region given."""
    named = {name for name in regions if name != OUTSIDE}
    return named.pop() if len(named) == 1 else region


def _refuse_twice(grid: Grid) -> None:
    cells = [(pair, Cell(row, grid.corner.column)) for row, pair in grid.rows.items()]
    faults = _twice(grid, cells)
    faults += _twice(grid, [(pair, Cell(grid.corner.row, c)) for c, pair in grid.columns.items()])
    if faults:
        raise InvalidTableError(
            f"{grid.sheet.file} has codes that stand twice.",
            faults,
            "Each row and column needs a code of its own.",
        )


def _twice(grid: Grid, cells: Sequence[tuple[Pair, Cell]]) -> list[str]:
    first: dict[Pair, Cell] = {}
    return [
        f"{' '.join(pair)}: in {first[pair]} and again in {grid.sheet.place(cell)}"
        for pair, cell in cells
        if first.setdefault(pair, cell) != cell
    ]
