"""A filled-in template as a symmetric table of one region or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from planboard.economy import OUTSIDE, ROLES
from planboard.errors import InvalidTableError
from planboard.publishers.format import Request, the_year
from planboard.publishers.spreadsheet import Sheet
from planboard.publishers.template.book import Book, open_book
from planboard.publishers.template.grid import Grid, Pair, read_grid
from planboard.publishers.template.head import Head, publication, read_head
from planboard.tables import InputOutputTable

SECTOR, OUTPUT, EXPORTS = "sector", "output", "exports"
COLUMN_ROLES = (SECTOR, *ROLES, EXPORTS, OUTPUT)
HOME = "HOME"  # The one region of a table that names none.
SECTORS: Pair = ("region", "sector")
FINAL: Pair = ("region", "category")


@dataclass(frozen=True, eq=False)
class Parts:
    """Which rows and columns of the sheet transactions are what.

    sectors, final : columns; output : the column of gross output
    sold : rows of flows; items : rows of value added
    """

    grid: Grid
    sectors: tuple[int, ...]
    final: tuple[int, ...]
    output: int
    sold: tuple[int, ...]
    items: tuple[int, ...]

    @property
    def pairs(self) -> pd.MultiIndex:
        """(region, sector) of the columns."""
        labels = [self.grid.columns[column] for column in self.sectors]
        return pd.MultiIndex.from_tuples(labels, names=SECTORS)

    @property
    def home(self) -> str:
        """The first region: the only one of a sheet that names none."""
        return self.grid.columns[self.sectors[0]][0]

    @property
    def buyers(self) -> list[Pair]:
        """(region, category) of final use."""
        return [self.grid.columns[column] for column in self.final]


def read(request: Request) -> InputOutputTable:
    """The table of a filled-in template.

    Raises
    ------
    UnreadableFileError, UnknownNameError, InvalidTableError
        With the file, sheet and cell at fault.
    """
    request.progress("reading the table")
    book = open_book(request, "transactions")
    head = read_head(book)
    about = publication(book, head)
    the_year(request, [about.year], f"the table '{about.name}'")
    parts = read_parts(book, head)
    grid = parts.grid
    value_added, taxes = _value_added(book, head, parts)
    factors, factors_final, units = _factors(book, head, parts)
    output = grid.frame(_own_rows(parts), [parts.output], SECTORS).iloc[:, 0]
    final_use = grid.frame(parts.sold, parts.final, FINAL, head.zeros)
    return InputOutputTable(
        publication=about,
        transactions=grid.frame(parts.sold, parts.sectors, SECTORS, head.zeros),
        final_use=final_use,
        gross_output=output.reindex(parts.pairs),
        value_added=value_added,
        final_use_taxes=taxes,
        factors=factors,
        factors_final_use=factors_final,
        factor_units=units,
        roles={
            grid.columns[column][1]: grid.roles[column]
            for column in parts.final
            if grid.roles[column] != EXPORTS
        },
    )


def read_parts(book: Book, head: Head) -> Parts:
    """The rows and columns of the sheet transactions, every one of them known."""
    sheet = _needed(book, "transactions", "the flows between sectors, final use and output")
    grid = _with_roles(read_grid(sheet, SECTOR, head.get("region", HOME)))
    by_role = {role: [c for c, r in grid.roles.items() if r == role] for role in COLUMN_ROLES}
    final = tuple(c for c, role in grid.roles.items() if role not in (SECTOR, OUTPUT))
    sectors = tuple(by_role[SECTOR])
    if len(by_role[OUTPUT]) != 1 or not sectors or not final:
        raise InvalidTableError(
            f"{sheet.file} lacks sectors, final use or one column of gross output.",
            [
                f"sectors: {len(sectors)}",
                f"categories of final use: {len(final)}",
                f"columns of gross output: {len(by_role[OUTPUT])}",
            ],
            f"Roles: {', '.join(COLUMN_ROLES)}. Only one column has the role '{OUTPUT}': the total "
            "of every row.",
        )
    codes = {grid.columns[column][1] for column in sectors}
    sold = tuple(row for row, (_, code) in grid.rows.items() if code in codes)
    items = tuple(row for row in grid.rows if row not in sold)
    parts = Parts(grid, sectors, final, by_role[OUTPUT][0], sold, items)
    _check_square(parts)
    _check_output(parts)
    return parts


def _with_roles(grid: Grid) -> Grid:
    """Every column with its role: as told above it, or, without such a row, by its name."""
    rows = {code for _, code in grid.rows.values()}
    roles = grid.roles or {
        column: SECTOR if code in rows else code for column, (_, code) in grid.columns.items()
    }
    unknown = [column for column, role in roles.items() if role not in COLUMN_ROLES]
    if unknown:
        raise InvalidTableError(
            f"{grid.sheet.file} has columns that are no sectors and whose role is not known.",
            [
                f"{grid.place(grid.corner.row, c)}: '{grid.columns[c][1]}'"
                + (f" has the role '{roles[c]}'" if grid.roles else " is not among the rows")
                for c in unknown
            ],
            f"Roles: {', '.join(COLUMN_ROLES)}. Write them into a row 'role' above the table; "
            "a sector is spelt alike in its row and its column.",
        )
    homes = {grid.columns[column][0] for column, role in roles.items() if role == SECTOR}
    columns = {
        c: (OUTSIDE, code) if roles[c] == EXPORTS and region in homes else (region, code)
        for c, (region, code) in grid.columns.items()
    }
    return replace(grid, columns=columns, roles=roles)


def _own_rows(parts: Parts) -> list[int]:
    """Rows of regions with accounts; those of others are imports."""
    homes = set(parts.pairs.get_level_values("region"))
    return [row for row in parts.sold if parts.grid.rows[row][0] in homes]


def _check_square(parts: Parts) -> None:
    grid, pairs = parts.grid, set(parts.pairs)
    own = {grid.rows[row]: row for row in _own_rows(parts)}
    faults = [f"{' '.join(pair)}: a column, and no row" for pair in pairs - set(own)]
    faults += [f"{' '.join(pair)}: a row, and no column" for pair in own if pair not in pairs]
    if faults:
        raise InvalidTableError(
            f"{grid.sheet.file} is not square: its rows and columns are not the same sectors.",
            sorted(faults),
            "Every sector needs a row and a column of the same name.",
        )


def _check_output(parts: Parts) -> None:
    """Only sectors have an output: a number elsewhere is a row whose column is missing."""
    grid, own = parts.grid, set(_own_rows(parts))
    faults = [
        f"{grid.place(row, parts.output)}: {' '.join(pair)} has an output of "
        f"{grid.sheet.text(row, parts.output)}, and no column"
        for row, pair in grid.rows.items()
        if row not in own and grid.sheet.text(row, parts.output)
    ]
    if faults:
        raise InvalidTableError(
            f"{grid.sheet.file} has outputs of what is no sector.",
            faults,
            "Give the sector a column, or leave the cell empty: imports and items of value added "
            "have no output here.",
        )


def _value_added(book: Book, head: Head, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Items by sector, and by category of final use where something stands there."""
    sheet = book.sheet("value_added")
    if sheet is not None and parts.items:
        faults = [parts.grid.row_place(row) for row in parts.items]
        raise InvalidTableError(
            f"{book.source} has rows of value added in two places.",
            [f"{place}, and on the sheet 'value_added'" for place in faults],
            "Write them all on the sheet 'value_added'; a sector is spelt alike in its row and "
            "its column.",
        )
    if sheet is None:
        grid, rows = parts.grid, parts.items
    else:
        grid = read_grid(sheet, "item", parts.home)
        rows = tuple(grid.rows)
    if not rows:
        raise InvalidTableError(
            f"{book.source} has no value added.",
            [],
            "Add a sheet 'value_added', or rows beneath the sectors: wages, taxes, surplus.",
        )
    _refuse_imports(grid, rows)
    return _by_item(grid, rows, head, parts)


def _refuse_imports(grid: Grid, rows: Sequence[int]) -> None:
    faults = [
        f"{grid.row_place(row)}: '{grid.rows[row][1]}'"
        for row in rows
        if grid.rows[row][1].casefold() in {"import", "imports"}
    ]
    if faults:
        raise InvalidTableError(
            f"{grid.sheet.file} counts imports among value added.",
            faults,
            f"Write them by product, as rows of the region '{OUTSIDE}' above the value added.",
        )


def _factors(
    book: Book, head: Head, parts: Parts
) -> tuple[pd.DataFrame | None, pd.DataFrame | None, dict[str, str]]:
    sheet = book.sheet("factors")
    if sheet is None:
        return None, None, {}
    grid = read_grid(sheet, "factor", parts.home)
    lacking = [row for row in grid.rows if not grid.units.get(row)]
    if lacking:
        raise InvalidTableError(
            f"{sheet.file} has factors without a unit.",
            [f"{grid.row_place(row)}: '{grid.rows[row][1]}'" for row in lacking],
            "Write it into a column 'unit' right of the factors, such as 'million hours'.",
        )
    own, final = _by_item(grid, tuple(grid.rows), head, parts)
    return own, final, {code: grid.units[row] for row, (_, code) in grid.rows.items()}


def _by_item(
    grid: Grid, rows: Sequence[int], head: Head, parts: Parts
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Rows of items laid out on the sectors, and on final use, of the transactions."""
    place = {pair: column for column, pair in grid.columns.items()}
    _check_columns(grid, place, parts)
    names = pd.Index([grid.rows[row][1] for row in rows], name="item")
    inside = [place[pair] for pair in parts.pairs]
    own = pd.DataFrame(
        grid.sheet.numbers(rows, inside, zeros=head.zeros), index=names, columns=parts.pairs
    )
    final = [place[pair] for pair in parts.buyers if pair in place]
    if not any(grid.sheet.texts(rows, final)):
        return own, None
    # An item that final use has nothing to do with, such as wages, is left empty there.
    values = grid.sheet.numbers(rows, final, zeros=("",))
    buyers = pd.MultiIndex.from_tuples(parts.buyers, names=FINAL)
    there = pd.MultiIndex.from_tuples([grid.columns[column] for column in final], names=FINAL)
    table = pd.DataFrame(values, index=names, columns=there)
    return own, table.reindex(columns=buyers, fill_value=0.0)


def _check_columns(grid: Grid, place: Mapping[Pair, int], parts: Parts) -> None:
    """A sheet beside the transactions has their sectors, and nothing that they have not."""
    if grid is parts.grid:
        return
    known = {*parts.pairs, *parts.buyers}
    faults = [f"missing: {' '.join(pair)}" for pair in parts.pairs if pair not in place]
    faults += [f"unknown: {' '.join(pair)}" for pair in place if pair not in known]
    if faults:
        raise InvalidTableError(
            f"The columns of the sheet '{grid.sheet.name}' of {grid.sheet.file} are not those of "
            "the transactions.",
            faults,
            "Write the regions and sectors above it as they stand above the transactions.",
        )


def _needed(book: Book, name: str, what: str) -> Sheet:
    sheet = book.sheet(name)
    if sheet is None:
        raise InvalidTableError(
            f"{book.source} has no sheet '{name}'.",
            [f"found: {', '.join(book.sheets)}"],
            f"It holds {what}.",
        )
    return sheet
