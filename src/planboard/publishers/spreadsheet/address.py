"""Addresses of cells, counted from 1 as spreadsheets show them: row 14, column 4 is D14."""

from typing import NamedTuple


class Cell(NamedTuple):
    """A place on a sheet; as text its address, such as D14."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{letters(self.column)}{self.row}"


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    text = ""
    while column > 0:
        column, place = divmod(column - 1, 26)
        text = chr(ord("A") + place) + text
    return text


def column_number(text: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class Area(NamedTuple):
    """A rectangle of cells, both corners included; as text such as F3:H3."""

    first: Cell
    last: Cell

    def __str__(self) -> str:
        return f"{self.first}:{self.last}"

    def holds(self, cell: Cell) -> bool:
        """Whether a cell lies in it."""
        return (
            self.first.row <= cell.row <= self.last.row
            and self.first.column <= cell.column <= self.last.column
        )
