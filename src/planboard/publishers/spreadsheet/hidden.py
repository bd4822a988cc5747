"""What a sheet holds that reading its values does not show: errors, its true extent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from planboard.publishers.spreadsheet.address import Cell

UNCOMPUTED = "a formula that was never computed"

# The codes of errors in binary workbooks. Source: [MS-XLS] BErr, 2.5.10; [MS-XLSB] the same.
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


class Extent(NamedTuple):
    """The last row and column that hold something; 0 for none."""

    rows: int = 0
    columns: int = 0

    def with_cell(self, row: int, column: int) -> "Extent":
        """Large enough for this cell too."""
        return Extent(max(self.rows, row), max(self.columns, column))


NOTHING = Extent()


@dataclass(frozen=True)
class Hidden:
    """Cells with errors or without computed values, and how large the sheet is."""

    flaws: dict[Cell, str] = field(default_factory=dict)
    extent: Extent = NOTHING


def error_name(code: int) -> str:
    """The name of an error by its code in a binary workbook."""
    return ERRORS.get(code, "an error")


def hidden(flaws: Iterable[tuple[int, int, str]], extent: Extent) -> Hidden:
    """From rows and columns counted from 1."""
    return Hidden({Cell(row, column): text for row, column, text in flaws}, extent)
