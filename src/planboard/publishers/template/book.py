"""The sheets of a filled-in template, whatever it is kept in."""

from dataclasses import dataclass
from pathlib import Path

from planboard.errors import UnknownNameError
from planboard.labels import unknown_name
from planboard.publishers.format import Request
from planboard.publishers.spreadsheet import (
    AS_STORED,
    Sheet,
    Workbook,
    open_folder,
    open_workbook,
)

SHEETS = ("about", "transactions", "value_added", "factors", "accounts", "names", "readme")
OWN = "_"  # Sheets whose names begin so are the office's own, and not read.


@dataclass(frozen=True, eq=False)
class Book:
    """What was filled in; `sheets` by their names in the template."""

    source: Path
    sheets: dict[str, Sheet]

    def sheet(self, name: str) -> Sheet | None:
        """One sheet, if it is there."""
        return self.sheets.get(name)


def open_book(request: Request, single: str) -> Book:
    """The sheets of a source; one that has but one sheet is taken for the sheet `single`."""
    decimal = request.choices.get("decimal", AS_STORED)
    is_folder = request.source.is_dir()
    reader = open_folder if is_folder else open_workbook
    workbook = reader(request.source, decimal=decimal)
    read = [name for name in workbook.names if not name.startswith(OWN) and name != "readme"]
    if len(read) == 1 and not is_folder and read[0] not in SHEETS:
        return Book(request.source, {single: workbook.sheet(read[0])})
    _check_names(workbook, read)
    return Book(request.source, {name: workbook.sheet(name) for name in read})


def _check_names(workbook: Workbook, read: list[str]) -> None:
    for name in read:
        if name not in SHEETS:
            error = unknown_name("sheet", name, SHEETS, workbook.file)
            raise UnknownNameError(
                f"{workbook.file} has a sheet '{name}', which the template does not know.",
                error.evidence,
                f"{error.remedy}\n\nNames of sheets that are not to be read begin with '{OWN}'.",
            )
