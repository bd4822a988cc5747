"""Older and other workbooks: .xls, .xlsb and .ods, with their errors, passwords and macros."""

import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.spreadsheet import Flaw, binary_cells, open_workbook, xml_cells
from planboard.publishers.spreadsheet.hidden import Extent, Hidden
from planboard.publishers.spreadsheet.ole import CompoundFile
from workbooks import (
    OLD_ERRORS,
    SECTOR,
    binary_book,
    compound,
    ods_cell,
    old_book,
    old_number,
    open_document,
    record,
    wide,
    wide_number,
    wide_row,
    wide_text,
)

AGAIN = "Take the file from the publisher again, whole."


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are compared word for word: they name files relative to this folder."""
    monkeypatch.chdir(tmp_path)


def unreadable(path: str | Path, sheet: str = "") -> str:
    """What is said of a file that cannot be opened, or of a sheet that cannot be read."""
    with pytest.raises(UnreadableFileError) as error:
        open_workbook(path).sheet(sheet)
    return str(error.value)


def invalid(reads: Callable[[], object]) -> str:
    """What is said of cells that cannot be used."""
    with pytest.raises(InvalidTableError) as error:
        reads()
    return str(error.value)


def test_an_xls_workbook() -> None:
    Path("use.xls").write_bytes(compound({"Workbook": old_book(old_number(14, 4, 2.5))}))
    book = open_workbook("use.xls")
    assert book.names == ("Use",)
    assert book.sheet("Use").value(14, 4) == 2.5


def test_every_sector_of_an_xls_workbook_is_read_in_its_turn() -> None:
    cells = [old_number(row, column, row * column) for row in range(1, 30) for column in (1, 2)]
    book = old_book(*cells)
    for data in (
        compound({"Other": b"x" * 600, "Workbook": book}),
        compound({"Workbook": book}, is_listed_apart=True),
        compound({}, small=book),
    ):
        assert CompoundFile(data).stream("Workbook").rstrip(b"\0") == book.rstrip(b"\0")
        Path("use.xls").write_bytes(data)
        values = open_workbook("use.xls").sheet("Use").numbers(range(1, 30), [1, 2])
        assert values.tolist() == [[row, 2 * row] for row in range(1, 30)]


@pytest.mark.parametrize("target", [5000, 3, 4])
def test_chains_of_sectors_that_lead_nowhere_or_in_circles(target: int) -> None:
    data = compound({"Workbook": old_book()}, links={4: target})
    Path("use.xls").write_bytes(data)
    assert "    a chain of its sectors leads nowhere" in unreadable("use.xls")


def test_lists_of_sectors_in_circles() -> None:
    data = bytearray(compound({"Workbook": old_book()}, is_listed_apart=True))
    data[4 * SECTOR - 4 : 4 * SECTOR] = struct.pack("<I", 2)  # its own number
    assert "Workbook" in CompoundFile(bytes(data)).names


def test_lists_of_sectors_that_name_one_again_and_again() -> None:
    """Few bytes would take a thousand times their memory."""
    data = bytearray(compound({"Workbook": old_book()}, is_listed_apart=True))
    data[76:512] = struct.pack("<109I", *[0] * 109)
    Path("use.xls").write_bytes(data)
    assert "    a chain of its sectors leads nowhere" in unreadable("use.xls")


def test_records_that_are_cut_short_say_nothing() -> None:
    for kind in (0x203, 0xBD, 0x200, 0x205, 0x06):
        stream = record(0x809) + record(kind, b"\1") + record(0x0A)
        assert binary_cells.xls_hidden(stream, 0) == Hidden()
    assert binary_cells.xls_parts(record(0x809) + record(0x85, b"\0") + record(0x0A)) == (
        {}, False, False,
    )  # fmt: skip
    for kind in (0, 3, 6, 11):
        assert binary_cells.xlsb_hidden(wide(kind, b"\1"), 10**9) == Hidden()


def test_errors_in_an_xls_workbook() -> None:
    stream = old_book(old_number(1, 1, 1), *OLD_ERRORS)
    Path("use.xls").write_bytes(compound({"Workbook": stream}))
    sheet = open_workbook("use.xls").sheet("Use")
    said = invalid(lambda: sheet.numbers([1, 2], [1, 2], zeros=("",)))
    assert said.startswith("use.xls has cells with errors")
    assert "    sheet 'Use', cell B1: #REF!\n    sheet 'Use', cell A2: #DIV/0!\n\n" in said
    assert sheet.value(2, 2) is True
    assert [sheet.value(3, column) for column in (1, 2, 3)] == [1.5, "x", True]


@pytest.mark.parametrize(
    "cell",
    [
        record(0x200, struct.pack("<IIHHH", 0, 65536, 0, 16384, 0)),
        old_number(65536, 16384, 1),
        record(0xBD, struct.pack("<HHHIHIH", 65535, 16382, 0, 0, 0, 0, 16383)),
    ],
)
def test_one_cell_of_an_xls_workbook_far_away(cell: bytes) -> None:
    Path("use.xls").write_bytes(compound({"Workbook": old_book(old_number(1, 1, 1), cell)}))
    assert unreadable("use.xls").startswith(
        "Sheet 'Use' of use.xls is too large.\n\n    its last cell is XFD65536: 1,073,741,824 cells"
    )


LOCKED = (
    "is protected by a password.\n\n"
    "Open it in a spreadsheet program and save it without a password."
)


def test_an_xlsx_workbook_with_a_password() -> None:
    parts = {"EncryptionInfo": b"x", "EncryptedPackage": b"y"}
    Path("use.xlsx").write_bytes(compound(parts))
    assert unreadable("use.xlsx") == f"use.xlsx {LOCKED}"


def test_an_xls_workbook_with_a_password() -> None:
    stream = old_book(first=record(0x2F, bytes(54)))
    Path("use.xls").write_bytes(compound({"Workbook": stream}))
    assert unreadable("use.xls") == f"use.xls {LOCKED}"


def test_an_xls_workbook_with_macros() -> None:
    parts = {"Workbook": old_book(), "_VBA_PROJECT_CUR": b"Sub"}
    Path("use.xls").write_bytes(compound(parts))
    assert unreadable("use.xls") == (
        "use.xls has macros, which are never executed here.\n\n    found: _VBA_PROJECT_CUR\n\n"
        "Save it without macros: as an .xlsx workbook, or each sheet as CSV."
    )
    Path("use.xls").write_bytes(compound({"Workbook": old_book(kind=1)}))
    assert "    found: a macro sheet\n" in unreadable("use.xls")


def test_another_office_document() -> None:
    Path("use.xls").write_bytes(compound({"WordDocument": b"x"}))
    assert unreadable("use.xls") == (
        "use.xls is not a spreadsheet.\n\n"
        "    it is an office document of another kind: WordDocument\n\n" + AGAIN
    )


@pytest.mark.parametrize("length", [20, 512, 1000, 3000])
def test_an_xls_workbook_that_was_cut_off(length: int) -> None:
    data = compound({"Workbook": old_book(old_number(1, 1, 1))})
    Path("use.xls").write_bytes(data[:length])
    assert unreadable("use.xls") == (
        "use.xls is a damaged spreadsheet.\n\n"
        f"    a chain of its sectors leads nowhere: it was cut off\n\n{AGAIN}"
    )


def test_an_xlsb_workbook() -> None:
    cells = [wide_row(14), wide_number(3, 1.5), wide_number(4, 2.5)]
    book = open_workbook(binary_book(*cells))
    assert book.names == ("Use",)
    assert book.sheet("Use").numbers(14, [3, 4]).tolist() == [1.5, 2.5]


def test_plain_cells_of_an_xlsb_workbook_are_taken_in_runs() -> None:
    """A walk over millions of records would take as long as reading them."""
    text, packed = wide(7, struct.pack("<III", 2, 0, 0)), wide(2, struct.pack("<III", 3, 0, 0))
    run = wide_number(2, 1.5) + text + packed + wide_number(16384, -1)
    other = wide(6, struct.pack("<II", 4, 0) + wide_text("x"))
    found = list(binary_cells._xlsb_records(run + other))
    assert found == [(binary_cells._RUN, 0, len(run)), (6, len(run) + 2, len(other) - 2)]
    for most, columns in ((10**9, 0), (3 * 16384, 0), (3 * 16384 - 1, 16384)):
        assert binary_cells.xlsb_hidden(wide_row(3) + run, most).extent == (3, columns)
    assert binary_cells.xlsb_hidden(wide_row(3) + text + other, 10**9) == Hidden({}, Extent(3, 5))


def test_errors_in_an_xlsb_workbook() -> None:
    reference = wide(3, struct.pack("<IIB", 1, 0, 0x17))
    division = wide(11, struct.pack("<IIBHII", 0, 0, 0x07, 0, 0, 0))
    cells = [wide_row(1), wide_number(1, 1), reference, wide_row(2), division, wide_number(2, 4)]
    sheet = open_workbook(binary_book(*cells)).sheet("Use")
    said = invalid(lambda: sheet.numbers([1, 2], [1, 2], zeros=("",)))
    assert said.startswith("use.xlsb has cells with errors")
    assert "    sheet 'Use', cell B1: #REF!\n    sheet 'Use', cell A2: #DIV/0!\n\n" in said


@pytest.mark.parametrize("cell", [wide_number(16384, 1), wide(4, struct.pack("<IIB", 16383, 0, 1))])
def test_one_cell_of_an_xlsb_workbook_far_away(cell: bytes) -> None:
    path = binary_book(wide_row(1), wide_number(1, 1), wide_row(1048576), cell)
    assert unreadable(path, "Use").startswith(
        "Sheet 'Use' of use.xlsb is too large.\n\n    its last cell is XFD1048576: 17,179,869,184 "
    )


def test_an_ods_workbook() -> None:
    row = ods_cell("2.5", 'table:number-columns-repeated="2"')
    empty = "<table:table-cell/>"
    table = (
        f'<table:table-row table:number-rows-repeated="13">{empty}</table:table-row>'
        f"<table:table-row>{empty}{row}</table:table-row>"
    )
    sheet = open_workbook(open_document(table)).sheet("Use")
    assert sheet.numbers(14, [2, 3]).tolist() == [2.5, 2.5]


def test_errors_in_an_ods_workbook() -> None:
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'office:string-value="" calcext:value-type="error"><text:p>#REF!</text:p>'
        "</table:table-cell>"
    )
    never = '<table:table-cell table:formula="of:=1"/>'
    twice = f'<table:table-row table:number-rows-repeated="2">{ods_cell("1")}</table:table-row>'
    rows = (
        f"<table:table-row>{ods_cell('1')}{error}</table:table-row>{twice}"
        f"<table:table-row>{never}</table:table-row>"
    )
    sheet = open_workbook(open_document(rows)).sheet("Use")
    said = invalid(lambda: sheet.numbers(range(1, 5), [1, 2], zeros=("",)))
    assert "    sheet 'Use', cell B1: #REF!\n" in said
    assert "    sheet 'Use', cell A4: a formula that was never computed\n" in said
    assert said.count("sheet 'Use'") == 2


def test_errors_by_other_names_in_an_ods_workbook() -> None:
    """A program marks what it writes in its own language; another writes the usual names."""
    formula = '<table:table-cell table:formula="of:=1" office:value-type="string"'
    cells = (
        f'{formula} calcext:value-type="error"><text:p>#ИМЯ?</text:p></table:table-cell>'
        f"{formula}><text:p>Err:502</text:p></table:table-cell>"
        f"{formula}><text:p>fine</text:p></table:table-cell>"
    )
    sheet = open_workbook(open_document(f"<table:table-row>{cells}</table:table-row>")).sheet("Use")
    assert [sheet.value(1, k) for k in (1, 2, 3)] == [Flaw("#ИМЯ?"), Flaw("Err:502"), "fine"]


def test_an_error_far_away_in_an_ods_workbook() -> None:
    """Rows may be repeated as often as one says: a place takes no cell before it."""
    never = '<table:table-cell table:formula="of:=1"/>'
    path = open_document(
        '<table:table-row table:number-rows-repeated="2000000000"><table:table-cell/>'
        f"</table:table-row><table:table-row>{never}</table:table-row>"
    )
    assert unreadable(path, "Use") == (
        "Sheet 'Use' of use.ods is too large.\n\n"
        "    its last cell is A2000000001: 2,000,000,001 cells, at most 50,000,000 are read\n\n"
        "Delete what stands far below or to the right of the table, and save it."
    )


def test_rows_of_an_ods_workbook_are_let_go() -> None:
    """Few bytes can unpack to very many empty rows."""
    space = f'xmlns:table="{xml_cells._TABLE[1:-1]}"'
    rows = "<table:table-row/>" * 50_000
    cell = '<table:table-row><table:table-cell table:formula="=1"/></table:table-row>'
    text = f'<x {space}><table:table table:name="Use">{rows}{cell}</table:table></x>'.encode()
    tracemalloc.start()
    found = xml_cells.ods_hidden(text, "Use")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert list(found.flaws) == [(50_001, 1)]
    assert peak < 2_000_000


def test_entities_in_an_ods_workbook() -> None:
    cell = '<table:table-cell table:formula="=1"/>'
    path = open_document(f"<table:table-row>{cell}</table:table-row>")
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            entities = b'<!DOCTYPE x [<!ENTITY a "b">]>' if name == "content.xml" else b""
            file.writestr(name, entities + data)
    assert "it defines entities of its own" in unreadable(path, "Use")


def test_an_ods_workbook_with_a_password() -> None:
    locked = "<manifest:encryption-data/>"
    path = open_document("<table:table-row><table:table-cell/></table:table-row>", manifest=locked)
    assert unreadable(path) == f"use.ods {LOCKED}"


def test_an_ods_workbook_with_macros() -> None:
    path = open_document("<table:table-row/>", **{"Basic/Standard/Module1.xml": "Sub Main"})
    assert "    found: Basic/Standard/Module1.xml\n" in unreadable(path)


def test_an_ods_workbook_that_is_too_large() -> None:
    row = ods_cell("1", 'table:number-columns-repeated="16384"')
    path = open_document(
        f'<table:table-row table:number-rows-repeated="1048576">{row}</table:table-row>'
    )
    assert "Cell limit exceeded" in unreadable(path)
