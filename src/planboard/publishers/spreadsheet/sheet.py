"""Sheet: a rectangle of cells, found by their texts; every fault is told with its cell."""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planboard.economy import Array
from planboard.errors import InvalidTableError
from planboard.labels import nearest
from planboard.publishers.spreadsheet.address import Area, Cell
from planboard.publishers.spreadsheet.numerals import AS_STORED, has_comma, number_in

Places = int | Sequence[int]  # one row or column, or several: a range, a list
Text = str | re.Pattern[str]  # what a cell says: to the letter, or a pattern of all of it
COMMAS = (
    'Save it with decimal points, or state the decimal mark with the choice decimal="," '
    '(or decimal="." where commas set thousands apart); it is never guessed.'
)


@dataclass(frozen=True)
class Flaw:
    """What a cell holds instead of a value: an error, or a formula that was never computed."""

    text: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet of a workbook, or a whole CSV file. Rows and columns count from 1.

    cells : shape (rows, columns), objects: text, number, date, truth value, `Flaw`, "" for nothing
    merged : rectangles merged into one cell, which holds the value of its upper left corner
    decimal : how texts that are numbers are read; one of `numerals.DECIMALS`
    is_text : a CSV file, where numbers are texts
    """

    file: Path
    name: str
    cells: NDArray[Any]
    merged: tuple[Area, ...] = ()
    decimal: str = AS_STORED
    is_text: bool = False

    @property
    def height(self) -> int:
        """How many rows there are."""
        return int(self.cells.shape[0])

    @property
    def width(self) -> int:
        """How many columns there are."""
        return int(self.cells.shape[1])

    def place(self, cell: Cell) -> str:
        """A cell as evidence tells it: "sheet 'Use', cell D14", or "cell D14" of a CSV file."""
        return f"cell {cell}" if self.is_text else f"sheet '{self.name}', cell {cell}"

    def value(self, row: int, column: int) -> Any:
        """What a cell holds; "" outside the sheet."""
        inside = 0 < row <= self.height and 0 < column <= self.width
        return self.cells[row - 1, column - 1] if inside else ""

    def text(self, row: int, column: int) -> str:
        """What a cell says, spaces and line breaks reduced to single spaces."""
        return as_text(self.value(row, column))

    def texts(self, rows: Places, columns: Places) -> list[str]:
        """What the cells of a block say, row by row."""
        return [as_text(value) for value in self._block(rows, columns).ravel()]

    # Where things are ----------------------------------------------------------------------------

    def find(self, text: Text, rows: Places | None = None, columns: Places | None = None) -> Cell:
        """The first cell, row by row, that says just this.

        Raises
        ------
        InvalidTableError
            No cell says so; the nearest texts are given.
        """
        found = self._find(text, rows, columns)
        if found:
            return found
        wanted = text if isinstance(text, str) else text.pattern
        near = nearest(wanted, {as_text(v) for v in self.cells.ravel() if isinstance(v, str)})
        raise InvalidTableError(
            f"{self._subject()} has no cell '{wanted}'.",
            [f"nearest: {', '.join(repr(name) for name in near)}"] if near else [],
            "It is laid out otherwise than expected: another release, or changed by hand.",
        )

    def has(self, text: Text, rows: Places | None = None, columns: Places | None = None) -> bool:
        """Whether some cell says just this."""
        return self._find(text, rows, columns) is not None

    def find_row(self, *texts: str) -> int:
        """The first row in which each of these texts stands: a row of headings."""
        best: tuple[int, int] = (0, 0)
        for row in range(1, self.height + 1):
            said = set(self.texts(row, range(1, self.width + 1)))
            count = sum(text in said for text in texts)
            if count == len(texts):
                return row
            best = max(best, (count, -row))
        there = self.texts(-best[1], range(1, self.width + 1)) if best[0] else []
        missing = [text for text in texts if text not in there]
        raise InvalidTableError(
            f"{self._subject()} has no row with the headings {', '.join(texts)}.",
            [f"row {-best[1]} lacks {', '.join(missing)}"] if best[0] else [],
            "It is laid out otherwise than expected: another release, or changed by hand.",
        )

    def down(self, row: int, column: int, until: Text | None = None) -> range:
        """The rows of a run that starts here: to the last filled cell, or to before `until`."""
        rows = range(row, self.height + 1)
        if until is not None:
            return range(row, self.find(until, rows, column).row)
        return range(row, row + _filled(self.texts(rows, column)))

    def across(self, row: int, column: int, until: Text | None = None) -> range:
        """The columns of a run that starts here: to the last filled cell, or to before `until`."""
        columns = range(column, self.width + 1)
        if until is not None:
            return range(column, self.find(until, row, columns).column)
        return range(column, column + _filled(self.texts(row, columns)))

    # What they say -------------------------------------------------------------------------------

    def labels(self, rows: Places, columns: Places, *, repeated: bool = False) -> list[str]:
        """The codes along a row or a column.

        repeated : a code may stand more than once, as sectors do under each region

        Raises
        ------
        InvalidTableError
            Cells are merged, empty or no codes, or a code stands twice.
        """
        cells, block = _cells(rows, columns), self._block(rows, columns).ravel()
        self._refuse_no_codes(cells, block)
        found = [as_text(value) for value in block]
        self._refuse_blank_codes([c for c, text in zip(cells, found, strict=True) if not text])
        if not repeated:
            self._refuse_duplicates(cells, found)
        return found

    def headings(self, rows: Places, columns: Places) -> list[str]:
        """Texts along a row or a column, each holding good until the next, as over merged cells."""
        cells, block = _cells(rows, columns), self._block(rows, columns).ravel()
        self._refuse_no_codes(cells, block)
        found: list[str] = []
        for value in block:
            found.append(as_text(value) or (found[-1] if found else ""))
        self._refuse_blank_codes([c for c, text in zip(cells, found, strict=True) if not text])
        return found

    def numbers(
        self,
        rows: Places,
        columns: Places,
        *,
        zeros: Iterable[str] = (),
        missing: Iterable[str] = (),
    ) -> Array:
        """A block of numbers, one dimension for each of rows and columns that is several.

        zeros, missing : texts that the publisher writes for zero, and for "not published" (NaN);
            "" is an empty cell, refused unless it is in one of them

        Raises
        ------
        InvalidTableError
            A cell holds an error, a number with a comma, nothing, or no number.
        """
        block = self._block(rows, columns)
        written = dict.fromkeys(zeros, 0.0) | dict.fromkeys(missing, np.nan)
        values = block.ravel().tolist()
        cells = None
        faults: dict[str, list[str]] = {}
        for place, value in enumerate(values):
            if type(value) is float and math.isfinite(value):
                continue
            number = self._number(value, written)
            if number is None:
                cells = cells or _cells(rows, columns)
                kind, told = _fault(value)
                faults.setdefault(kind, []).append(f"{self.place(cells[place])}: {told}")
            values[place] = number
        self._refuse(faults)
        shape = tuple(len(axis) for axis in (rows, columns) if not isinstance(axis, int))
        return np.array(values, dtype=np.float64).reshape(shape)

    def year(self, row: int, column: int) -> int:
        """A cell that holds a year."""
        text = self.text(row, column)
        if not re.fullmatch(r"[12][0-9]{3}", text):
            raise InvalidTableError(
                f"{self.file} has no year where one must stand.",
                [f"{self.place(Cell(row, column))}: {_shown(self.value(row, column))}"],
                "Write it with four digits.",
            )
        return int(text)

    # Inside --------------------------------------------------------------------------------------

    def _subject(self) -> str:
        return str(self.file) if self.is_text else f"Sheet '{self.name}' of {self.file}"

    def _block(self, rows: Places, columns: Places) -> NDArray[Any]:
        down, over = np.array(_several(rows)), np.array(_several(columns))
        if not (down.size and over.size):
            return np.empty((down.size, over.size), dtype=object)
        if down.max() <= self.height and over.max() <= self.width:
            block: NDArray[Any] = self.cells[np.ix_(down - 1, over - 1)]
            return block
        values = [[self.value(row, column) for column in over] for row in down]
        block = np.empty((down.size, over.size), dtype=object)
        block[:] = values
        return block

    def _find(self, text: Text, rows: Places | None, columns: Places | None) -> Cell | None:
        rows = range(1, self.height + 1) if rows is None else rows
        columns = range(1, self.width + 1) if columns is None else columns
        says = _matcher(text)
        width = len(_several(columns))
        for place, value in enumerate(self._block(rows, columns).ravel()):
            if value != "" and says(value):
                return Cell(_several(rows)[place // width], _several(columns)[place % width])
        return None

    def _number(self, value: Any, written: Mapping[str, float]) -> float | None:
        if isinstance(value, str):
            text = as_text(value)
            if text in written:
                return written[text]
            stored = self.decimal == AS_STORED and not self.is_text
            number = None if stored else number_in(text, self.decimal)
        else:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            number = float(value) if is_number else None
        return number if number is None or math.isfinite(number) else None

    def _refuse(self, faults: Mapping[str, Sequence[str]]) -> None:
        for kind, (what, remedy) in _TOLD.items():
            if kind in faults:
                raise InvalidTableError(f"{self.file} {what}.", faults[kind], remedy)

    def _refuse_no_codes(self, cells: Sequence[Cell], block: NDArray[Any]) -> None:
        faults = [
            f"{self.place(cell)}: {_fault(value)[1]}"
            for cell, value in zip(cells, block, strict=True)
            if isinstance(value, Flaw | datetime.date | datetime.time | bool)
        ]
        if faults:
            raise InvalidTableError(
                f"{self.file} has cells that hold no code where codes must stand.",
                faults,
                "Format the cells as text and write the codes again: spreadsheets turn codes such "
                "as 1-2 into dates.",
            )

    def _refuse_blank_codes(self, blank: Sequence[Cell]) -> None:
        merged = dict.fromkeys(area for cell in blank for area in self.merged if area.holds(cell))
        if merged:
            raise InvalidTableError(
                f"{self._subject()} has merged cells where each row or column needs a code of its "
                "own.",
                [f"merged header cells {area}" for area in merged],
                "Unmerge them, and write the code into each.",
            )
        if blank:
            raise InvalidTableError(
                f"{self.file} has empty cells where codes must stand.",
                [self.place(cell) for cell in blank],
                "Write the code, or take the row or column out.",
            )

    def _refuse_duplicates(self, cells: Sequence[Cell], found: Sequence[str]) -> None:
        first: dict[str, Cell] = {}
        faults = []
        for cell, text in zip(cells, found, strict=True):
            if first.setdefault(text, cell) != cell:
                faults.append(f"'{text}' in {first[text]} and again in {self.place(cell)}")
        if faults:
            raise InvalidTableError(
                f"{self.file} has codes that stand twice.",
                faults,
                "Each row and column needs a code of its own.",
            )


_TOLD = {
    "error": (
        "has cells with errors, or with formulas that were never computed",
        "Open it in a spreadsheet program, mend the formulas, and save it.",
    ),
    "comma": ("has numbers that are written with commas", COMMAS),
    "blank": (
        "has empty cells where numbers must stand",
        "A missing number is not zero: write the number, or a zero.",
    ),
    "text": (
        "has cells without a number where numbers must stand",
        "Write numbers into them, as numbers and not as text.",
    ),
}


def one_currency(file: Path, found: Mapping[str, str]) -> str:
    """The currency that every place names; places are such as "sheet 'Use', cell B3".

    Raises
    ------
    InvalidTableError
        They name several, or there is none.
    """
    currencies = dict.fromkeys(found.values())
    if len(currencies) == 1:
        return next(iter(currencies))
    raise InvalidTableError(
        f"{file} mixes currencies." if currencies else f"{file} names no currency.",
        [f"{place}: {currency}" for place, currency in found.items()],
        "Bring all amounts to one currency first.",
    )


def as_text(value: Any) -> str:
    """A value as a code or heading: whole numbers without a point, single spaces."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.text if isinstance(value, Flaw) else str(value)


def _fault(value: Any) -> tuple[str, str]:
    """The kind of fault of a cell that holds no number, and what it holds."""
    if isinstance(value, Flaw):
        return "error", value.text
    if isinstance(value, str) and not value.strip():
        return "blank", "empty"
    if isinstance(value, str) and has_comma(value):
        return "comma", _shown(value)
    return "text", _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, datetime.date | datetime.time):
        return f"the date {value}"
    text = as_text(value)
    return f"'{text[:40]}…'" if len(text) > 41 else f"'{text}'"


def _matcher(text: Text) -> Callable[[Any], bool]:
    if isinstance(text, str):
        wanted = as_text(text)
        return lambda value: as_text(value) == wanted
    pattern = text
    return lambda value: pattern.fullmatch(as_text(value)) is not None


def _several(places: Places) -> Sequence[int]:
    return [places] if isinstance(places, int) else places


def _cells(rows: Places, columns: Places) -> list[Cell]:
    return [Cell(row, column) for row in _several(rows) for column in _several(columns)]


def _filled(texts: Sequence[str]) -> int:
    """How many there are up to the last that says something."""
    return max((place for place, text in enumerate(texts, 1) if text), default=0)
