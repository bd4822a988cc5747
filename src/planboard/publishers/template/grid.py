"""Grid: a sheet with codes along its top and its left side, as the template lays it out.

    (A)      (B)     …
             region  HOME    HOME    HOME        HOME       may be left out: one region
             role    sector  sector  households  output     transactions only
    region   sector  AGR     IND     cons        output
    HOME     AGR     10      30      25          80

Without the column of regions everything stands one column further left. Regions, above and at the
left, hold good until the next. Rows that begin with # are remarks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.publishers.spreadsheet import Cell, Sheet

Pair = tuple[str, str]  # (region, code)
HEADINGS = ("region", "role")


@dataclass(frozen=True, eq=False)
class Grid:
    """Where the labels of a sheet stand, and what they are.

    columns, rows : position -> (region, code)
    roles : column -> role; empty where there is no such row
    units : row -> unit, of factors
    """

    sheet: Sheet
    columns: dict[int, Pair]
    rows: dict[int, Pair]
    roles: dict[int, str]
    units: dict[int, str]

    def place(self, row: int, column: int) -> str:
        """A cell, for evidence."""
        return self.sheet.place(Cell(row, column))

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
    corner = sheet.find(key, told, [1, 2])
    heads = {key: corner.row}
    for row in told:
        text = sheet.text(row, corner.column)
        if text in HEADINGS:
            heads[text] = row
        elif row > corner.row:
            break
    has_units = sheet.text(corner.row, corner.column + 1) == "unit"
    across = sheet.across(corner.row, corner.column + 1 + has_units)
    columns = _columns(sheet, heads, across, key, region)
    left, top = corner.column, max(heads.values())
    body = [row for row in told if row > top and any(sheet.texts(row, range(1, across.stop)))]
    codes = sheet.labels(body, left, repeated=True)
    regions = sheet.headings(body, 1) if left == 2 else [region] * len(body)
    rows = dict(zip(body, zip(regions, codes, strict=True), strict=True))
    roles = sheet.labels(heads["role"], across, repeated=True) if "role" in heads else []
    units = {row: sheet.text(row, left + 1) for row in body} if has_units else {}
    grid = Grid(sheet, columns, rows, dict(zip(across, roles, strict=False)), units)
    _refuse_twice(grid, left, corner.row)
    return grid


def _columns(
    sheet: Sheet, heads: dict[str, int], across: range, key: str, region: str
) -> dict[int, Pair]:
    codes = sheet.labels(heads[key], across, repeated=True)
    regions = (
        sheet.headings(heads["region"], across) if "region" in heads else [region] * len(codes)
    )
    return dict(zip(across, zip(regions, codes, strict=True), strict=True))


def _refuse_twice(grid: Grid, left: int, top: int) -> None:
    cells = [(pair, Cell(row, left)) for row, pair in grid.rows.items()]
    faults = _twice(grid, cells)
    faults += _twice(grid, [(pair, Cell(top, column)) for column, pair in grid.columns.items()])
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
