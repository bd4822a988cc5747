"""National tables of WIOD 2016: one country's workbook, every fault told by sheet and cell."""

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

import planboard as pb
from planboard.errors import InvalidTableError, UnknownNameError
from planboard.publishers.format import Request
from planboard.publishers.wiod2016_national import WIOD2016_NATIONAL, read_accounts
from planboard.tables import InputOutputTable

INDUSTRIES = ("A01", "C29")
USES = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")
ADDED = ("TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM")


def rows_of(year: int) -> list[list[Any]]:
    """One year of a small country in the publisher's rows."""
    domestic = np.array([[10.0, 20, 30, 1, 5, 8, -2, 6], [4, 30, 50, 0, 2, 40, 1, 12]])
    imports = np.array([[3.0, 1, 9, 0, 0, 2, 0, 0], [2, 8, 20, 0, 1, 9, 0, 0]])
    output = domestic.sum(axis=1)
    spent = (domestic + imports)[:, :2].sum(axis=0)
    rows: list[list[Any]] = []
    for origin, block in (("Domestic", domestic), ("Imports", imports)):
        for i, code in enumerate(INDUSTRIES):
            total = output[i] if origin == "Domestic" else 0.0
            rows.append([year, code, f"name {code}", origin, *block[i], total])
    taxes = {"TXSP": [1.0, 2.0, 7.0, 0, 0, 3, 0, 0, 0], "IntTTM": [0.5] * 2 + [0.0] * 7}
    for code in ("II_fob", *ADDED):
        values = taxes.get(code, [0.0] * 9)
        if code == "VA":
            values = [*(output - spent - [1.5, 2.5]), *[0.0] * 7]
        rows.append([year, code, code, "TOT", *values])
    rows.append([year, "GO", "Output at basic prices", "TOT", *output, *[0.0] * 7])
    return rows


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "National IO-tables"
    sheet.append(["Year", "Code", "Description", "Origin", *INDUSTRIES, *USES, "EXP", "GO"])
    sheet.append(["", "", "", "", "Farms", "Cars", *USES, "Exports", "Total output"])
    for year in (2000, 2001):
        for row in rows_of(year):
            sheet.append(row)
    file = tmp_path / "XYZ_NIOT_nov16.xlsx"
    book.save(file)
    return file


def change(file: Path, cell: str, value: Any, sheet: str | None = None) -> None:
    book = openpyxl.load_workbook(file)
    page = book["National IO-tables"]
    page[cell] = value
    if sheet:
        page.title = sheet
    book.save(file)


def read(file: Path, year: int | None = 2001) -> InputOutputTable:
    table = WIOD2016_NATIONAL.read(Request(file, year))
    assert isinstance(table, InputOutputTable)
    return table


def test_domestic_and_imported_use_are_two_origins(workbook: Path) -> None:
    table = read(workbook)
    assert table.origins == ("XYZ", "outside")
    assert table.transactions.loc[("outside", "C29"), ("XYZ", "C29")] == 8
    assert table.final_use.loc[("XYZ", "A01"), ("outside", "exports")] == 6
    assert np.abs(table.row_gaps()).max() < 1e-12
    assert np.abs(table.column_gaps()).max() < 1e-12
    assert table.final_use_taxes is not None
    assert table.final_use_taxes.loc["TXSP", ("XYZ", "CONS_h")] == 7


def test_the_publishers_own_workbooks(shared: Path) -> None:
    folder = shared / "data" / "wiod16_national"
    for country in ("POL", "DEU"):
        table = read(folder / f"{country}_NIOT_nov16.xlsx", 2010)
        output = table.gross_output.max()
        assert len(table.sectors) == 56
        assert np.abs(table.row_gaps()).max() < 1e-12 * output
        assert np.abs(table.column_gaps()).max() < 1e-7 * output
    accounts = read_accounts(Request(folder / "sea_DEU_POL.parquet"))
    economy = table.economy(accounts)
    assert economy.coverage == "part"
    assert {f.name for f in economy.factors if f.role == "labour"} == {"hours"}


def test_a_sheet_renamed(workbook: Path) -> None:
    change(workbook, "A1", "Year", sheet="National IO tables")
    with pytest.raises(UnknownNameError) as error:
        read(workbook)
    assert str(error.value) == (
        f"There is no sheet 'National IO-tables' ({workbook}).\n\n"
        "Closest names: 'National IO tables' (1 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


def test_text_where_a_number_belongs(workbook: Path) -> None:
    change(workbook, "F17", "n/a")
    with pytest.raises(InvalidTableError, match=r"sheet 'National IO-tables', cell F17: 'n/a'"):
        read(workbook)


def test_a_cell_changed_by_hand(workbook: Path) -> None:
    change(workbook, "F17", 500.0)
    with pytest.raises(InvalidTableError) as error:
        read(workbook)
    assert str(error.value) == (
        f"Columns of {workbook} do not add up to their output.\n\n"
        "    C29: 638, output 139\n\n"
        "Take the file from the publisher again: a cell was changed or lost."
    )


def test_another_release(workbook: Path) -> None:
    change(workbook, "K1", "INVENT")
    with pytest.raises(InvalidTableError) as error:
        read(workbook)
    assert str(error.value) == (
        f"Sheet 'National IO-tables' of {workbook} is not as in release 2016.\n\n"
        "    missing: column INVEN\n\n"
        "Take the national tables of November 2016 from the publisher."
    )


RELEASE = (
    "Sheet 'National IO-tables' of {} is not as in release 2016.\n\n    {}\n\n"
    "Take the national tables of November 2016 from the publisher."
)


def test_a_sheet_without_final_use(workbook: Path) -> None:
    change(workbook, "G1", "CONS")
    with pytest.raises(InvalidTableError) as error:
        read(workbook)
    assert str(error.value) == RELEASE.format(workbook, "missing: column CONS_h")


def test_a_row_that_stands_twice(workbook: Path) -> None:
    change(workbook, "B16", "A01")
    with pytest.raises(InvalidTableError) as error:
        read(workbook)
    assert str(error.value) == RELEASE.format(workbook, "A01 Domestic: rows 15 and 16")


def test_empty_rows_beneath_are_left_alone(workbook: Path) -> None:
    table = read(workbook)
    change(workbook, "D60", " ")
    assert read(workbook).transactions.equals(table.transactions)


def test_a_file_renamed(workbook: Path) -> None:
    renamed = workbook.rename(workbook.with_name("poland.xlsx"))
    with pytest.raises(InvalidTableError) as error:
        read(renamed)
    assert str(error.value) == (
        f"The name of {renamed} does not say whose table it is.\n\n"
        "Keep the publisher's name, such as POL_NIOT_nov16.xlsx."
    )


def test_a_year_that_is_not_there(workbook: Path) -> None:
    with pytest.raises(InvalidTableError, match="does not hold the year 2014"):
        read(workbook, 2014)


def test_an_import_is_written_with_its_published_table(workbook: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    pb.import_economy("wiod2016-national", workbook, out, year=2001)
    table = pb.read_published(out)
    assert isinstance(table, InputOutputTable)
    np.testing.assert_array_equal(table.final_use, read(workbook).final_use)
    assert table.final_use_taxes is not None
    assert table.final_use_taxes.loc["TXSP", ("XYZ", "CONS_h")] == 7
