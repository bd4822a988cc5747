"""Workbook: the sheets of a spreadsheet file; nothing in it is executed, no link is followed."""

import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import numpy as np
from numpy.typing import NDArray

from planboard.errors import UnreadableFileError
from planboard.labels import unknown_name
from planboard.publishers.archive import (
    AGAIN,
    DEFLATE_RATIO,
    WORKBOOK,
    Archive,
    existing_file,
    open_archive,
    what_it_is,
)
from planboard.publishers.spreadsheet.address import Area, Cell
from planboard.publishers.spreadsheet.binary_cells import (
    xls_hidden,
    xls_parts,
    xlsb_hidden,
    xlsb_sheets,
)
from planboard.publishers.spreadsheet.hidden import Hidden
from planboard.publishers.spreadsheet.numerals import AS_STORED, DECIMALS
from planboard.publishers.spreadsheet.ole import MAGIC, BrokenCompoundFileError, CompoundFile
from planboard.publishers.spreadsheet.sheet import Flaw, Sheet
from planboard.publishers.spreadsheet.text_file import ENDINGS, MOST_CELLS, text_cells
from planboard.publishers.spreadsheet.xml_cells import (
    ods_hidden,
    part_members,
    xlsx_hidden,
    xlsx_sheets,
)

DECIMAL = {"decimal": DECIMALS}  # the choice that formats of spreadsheets offer


@dataclass(frozen=True, eq=False)
class Workbook:
    """An open workbook; `names` are its worksheets, in order. A CSV file is one sheet."""

    file: Path
    names: tuple[str, ...]
    read: Callable[[str], Sheet]

    def sheet(self, name: str) -> Sheet:
        """One sheet, read now.

        Raises
        ------
        UnknownNameError
            No sheet is called so; the nearest names are given.
        """
        if name not in self.names:
            raise unknown_name("sheet", name, self.names, self.file)
        return self.read(name)


def open_workbook(path: str | Path, *, decimal: str = AS_STORED) -> Workbook:
    """Open an .xlsx, .xls, .xlsb, .ods or .csv file, whatever its name ends in.

    decimal : the decimal mark of numbers that are written as text, "." or ","

    Raises
    ------
    UnreadableFileError
        It is not there, cut off, protected by a password, has macros, is no spreadsheet, or would
        unpack to too much.
    """
    if decimal not in DECIMALS:
        raise unknown_name("decimal mark", decimal, DECIMALS)
    file = existing_file(path)
    with file.open("rb") as stream:
        start = stream.read(len(MAGIC))
    if start.startswith(b"PK"):
        return _zipped(file, decimal)
    if start == MAGIC:
        return _compound(file, decimal)
    if file.suffix.lower() in ENDINGS:
        return _texts(file, decimal)
    raise UnreadableFileError(f"{file} is not a spreadsheet.", [what_it_is(file)], AGAIN)


def open_folder(folder: Path, *, decimal: str = AS_STORED) -> Workbook:
    """A folder of CSV files as one workbook, each file a sheet of its name."""
    found = [file for file in sorted(folder.iterdir()) if file.suffix.lower() == ".csv"]
    files = {file.stem: file for file in found}
    if not files:
        raise UnreadableFileError(f"{folder} holds no CSV file.", [], "Name a folder that does.")
    if len(files) < len(found):
        raise UnreadableFileError(
            f"{folder} holds the same sheet twice.",
            [file.name for file in found if file != files[file.stem]],
            "Leave one file of each name, whatever the case of its ending.",
        )

    def read(name: str) -> Sheet:
        book = _texts(files[name], decimal)
        return book.sheet(book.names[0])

    return Workbook(folder, tuple(files), read)


def _texts(file: Path, decimal: str) -> Workbook:
    def read(name: str) -> Sheet:
        return Sheet(file, name, text_cells(file), decimal=decimal, is_text=True)

    return Workbook(file, (file.stem,), read)


# Workbooks that are zip archives ------------------------------------------------------------------


def _zipped(file: Path, decimal: str) -> Workbook:
    with open_archive(file, WORKBOOK) as archive:
        kind = _kind(archive)
        _refuse_macros(file, [name for name in archive.names if _is_macro(name)])
        packed = sum(member.compress_size for member in archive.content.infolist())
        if packed * DEFLATE_RATIO > WORKBOOK.total:
            archive.measure()  # The reader below has no limit of its own, and headers can lie.
        if kind == "ods" and b"encryption-data" in _member(archive, "META-INF/manifest.xml"):
            raise _locked(file)
        places = {} if kind == "ods" else _members_of_sheets(archive, kind)

    def hidden(name: str) -> Hidden:
        with open_archive(file, WORKBOOK) as archive:
            if kind == "ods":
                return ods_hidden(_member(archive, "content.xml"), name)
            if kind == "xlsb":
                return xlsb_hidden(_member(archive, places[name]), MOST_CELLS)
            with _part(archive, places[name]) as stream:
                return xlsx_hidden(stream)

    return _calamine(file, kind, hidden, decimal)


def _kind(archive: Archive) -> str:
    marks = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
    for name, kind in marks.items():
        if name in archive.names:
            return kind
    held = ", ".join(archive.names[:3])
    raise UnreadableFileError(
        f"{archive.path} is not a spreadsheet.",
        [f"it is a zip archive of {len(archive.names)} files: {held}"],
        "Unpack it, and name the spreadsheet in it.",
    )


def _is_macro(name: str) -> bool:
    low = name.lower()
    return (
        low.endswith("vbaproject.bin")
        or low.startswith(("xl/macrosheets/", "scripts/"))
        or (low.startswith("basic/") and not low.endswith("-lc.xml"))
    )


def _members_of_sheets(archive: Archive, kind: str) -> dict[str, str]:
    ending = "xml" if kind == "xlsx" else "bin"
    book = _member(archive, f"xl/workbook.{ending}")
    relations = _member(archive, f"xl/_rels/workbook.{ending}.rels")
    with _faults(archive.path):
        if kind == "xlsx":
            return xlsx_sheets(book, relations)
        return part_members(xlsb_sheets(book), relations)


def _member(archive: Archive, name: str) -> bytes:
    with _part(archive, name) as stream:
        return stream.read()


def _part(archive: Archive, name: str) -> IO[bytes]:
    if name not in archive.names:
        raise _damaged(archive.path, f"it has no member '{name}'")
    return archive.open(name)


# Workbooks that are compound files ----------------------------------------------------------------


def _compound(file: Path, decimal: str) -> Workbook:
    try:
        content = CompoundFile(file.read_bytes())
        if "EncryptedPackage" in content.names:
            raise _locked(file)
        name = next((name for name in ("Workbook", "Book") if name in content.streams), "")
        if not name:
            raise UnreadableFileError(
                f"{file} is not a spreadsheet.",
                [f"it is an office document of another kind: {', '.join(content.names[1:4])}"],
                AGAIN,
            )
        _refuse_macros(file, [n for n in content.names if n.startswith("_VBA_PROJECT")])
        stream = content.stream(name)
    except BrokenCompoundFileError as error:
        raise _damaged(file, "a chain of its sectors leads nowhere: it was cut off") from error
    with _faults(file):
        places, has_password, has_macros = xls_parts(stream)
    if has_password:
        raise _locked(file)
    _refuse_macros(file, ["a macro sheet"] if has_macros else [])
    with _faults(file):
        found = {name: xls_hidden(stream, place) for name, place in places.items()}
    for name, sheet in found.items():  # All sheets are read at once when the workbook is opened.
        _refuse_too_large(file, name, sheet)
    return _calamine(file, "xls", found.__getitem__, decimal)


# What both have in common -------------------------------------------------------------------------


def _calamine(file: Path, kind: str, hidden: Callable[[str], Hidden], decimal: str) -> Workbook:
    import python_calamine as calamine  # noqa: PLC0415

    with _faults(file):
        if file.suffix.lower() == f".{kind}":
            book = calamine.CalamineWorkbook.from_path(file)
        else:  # By name it would be taken for what it is not.
            book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
    kinds = calamine.SheetTypeEnum
    names = tuple(sheet.name for sheet in book.sheets_metadata if sheet.typ == kinds.WorkSheet)

    def read(name: str) -> Sheet:
        with _faults(file, f"sheet '{name}': "):
            found = hidden(name)
            _refuse_too_large(file, name, found)
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
        areas = sheet.merged_cell_ranges or []
        merged = tuple(Area(Cell(a + 1, b + 1), Cell(c + 1, d + 1)) for (a, b), (c, d) in areas)
        return Sheet(file, name, _with_flaws(rows, found), merged, decimal)

    return Workbook(file, names, read)


@contextmanager
def _faults(file: Path, where: str = "") -> Iterator[None]:
    """Whatever a damaged file makes its reader say, told as one error."""
    import python_calamine as calamine  # noqa: PLC0415

    try:
        yield
    except calamine.PasswordError as error:
        raise _locked(file) from error
    except (
        calamine.CalamineError,
        ParseError,
        OSError,
        ValueError,
        KeyError,
        struct.error,
    ) as error:
        raise _damaged(file, f"{where}{error}") from error
    except BaseException as error:
        # The reader gives up on some damages with a class that it does not name.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(file, f"{where}{error}") from error


def _with_flaws(rows: list[list[Any]], found: Hidden) -> NDArray[Any]:
    height = max([len(rows), *(cell.row for cell in found.flaws)])
    width = max([len(rows[0]) if rows else 0, *(cell.column for cell in found.flaws)])
    cells = np.full((height, width), "", dtype=object)
    if rows:
        cells[: len(rows), : len(rows[0])] = rows
    for cell, text in found.flaws.items():
        cells[cell.row - 1, cell.column - 1] = Flaw(text)
    return cells


def _refuse_macros(file: Path, found: list[str]) -> None:
    if found:
        raise UnreadableFileError(
            f"{file} has macros, which are never executed here.",
            [f"found: {', '.join(found)}"],
            "Save it without macros: as an .xlsx workbook, or each sheet as CSV.",
        )


def _refuse_too_large(file: Path, name: str, found: Hidden) -> None:
    rows, columns = found.extent
    if rows * columns > MOST_CELLS:
        raise UnreadableFileError(
            f"Sheet '{name}' of {file} is too large.",
            [
                f"its last cell is {Cell(rows, columns)}: {rows * columns:,} cells, "
                f"at most {MOST_CELLS:,} are read"
            ],
            "Delete what stands far below or to the right of the table, and save it.",
        )


def _locked(file: Path) -> UnreadableFileError:
    return UnreadableFileError(
        f"{file} is protected by a password.",
        [],
        "Open it in a spreadsheet program and save it without a password.",
    )


def _damaged(file: Path, reason: str) -> UnreadableFileError:
    return UnreadableFileError(f"{file} is a damaged spreadsheet.", [reason], AGAIN)
