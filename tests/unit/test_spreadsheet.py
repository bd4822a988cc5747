"""Spreadsheets: what cells say comes out as it stands; every fault is told with file and cell."""

import datetime
import io
import re
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planboard.errors import InvalidTableError, UnknownNameError, UnreadableFileError
from planboard.publishers.archive import Limits
from planboard.publishers.spreadsheet import (
    Cell,
    Flaw,
    Sheet,
    one_currency,
    open_folder,
    open_workbook,
    text_file,
    xml_cells,
)
from planboard.publishers.spreadsheet import workbook as workbooks
from planboard.publishers.spreadsheet.address import column_number, letters
from planboard.publishers.spreadsheet.numerals import has_comma, number_in

openpyxl = pytest.importorskip("openpyxl", reason="workbooks of the tests are written with it")

AGAIN = "Take the file from the publisher again, whole."


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are compared word for word: they name files relative to this folder."""
    monkeypatch.chdir(tmp_path)


def written(*rows: list[Any], merged: str = "", name: str = "use.xlsx") -> Sheet:
    """The sheet Use of a workbook with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Use"
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    book.save(name)
    return open_workbook(name).sheet("Use")


def text(content: str, name: str = "use.csv", **options: str) -> Sheet:
    """The sheet of a CSV file."""
    Path(name).write_text(content, encoding="utf-8")
    book = open_workbook(name, **options)
    return book.sheet(book.names[0])


def changed(path: str, member: str, change: Callable[[bytes], bytes], **more: bytes) -> None:
    """Rewrite one member of a zip archive, and add others."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members[member] = change(members.get(member, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {**members, **more}.items():
            file.writestr(name, data)


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


# Addresses and numerals ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "name"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")],
)
def test_columns_have_letters(number: int, name: str) -> None:
    assert letters(number) == name
    assert column_number(name) == number


@given(st.integers(1, 10**6))
def test_letters_lead_back_to_the_column(number: int) -> None:
    assert column_number(letters(number)) == number


@pytest.mark.parametrize(
    ("said", "stored", "point", "comma"),
    [
        ("12", 12, 12, 12),
        ("-0.53", -0.53, -0.53, None),
        ("1e-5", 1e-5, 1e-5, 1e-5),
        (".5", 0.5, 0.5, None),
        ("0,53", None, None, 0.53),
        ("1.234,5", None, None, 1234.5),
        ("1,234.5", None, 1234.5, None),
        ("1.234", 1.234, 1.234, 1234),
        ("1,234", None, 1234, 1.234),
        ("1 234 567,8", None, None, 1234567.8),
        ("1\u00a0234.5", None, 1234.5, None),
        ("1,23,456", None, None, None),
        ("1.234 567", None, None, None),
        ("nan", None, None, None),
        ("inf", None, None, None),
        ("1_000", None, None, None),
        ("٣", None, None, None),
        ("", None, None, None),
        ("n/a", None, None, None),
    ],
)
def test_numbers_as_text(
    said: str, stored: float | None, point: float | None, comma: float | None
) -> None:
    assert number_in(said, "as stored") == stored
    assert number_in(said, ".") == point
    assert number_in(said, ",") == comma


@given(st.floats(-1e12, 1e12))
def test_numbers_come_back_under_either_mark(number: float) -> None:
    assert number_in(repr(number), ".") == number
    assert number_in(repr(number).replace(".", ","), ",") == number


def test_commas_are_seen() -> None:
    assert all(map(has_comma, ["0,53", "1.234,5", "1,234.5", "-,5", "1 234,5"]))
    assert not any(map(has_comma, ["0.53", "12", "a,b", ",", "", "Paper, 3"]))


# Values -------------------------------------------------------------------------------------------


def test_values_stand_where_they_stood() -> None:
    sheet = written(["code", None, 1.5], [], [None, True, datetime.date(2024, 1, 2)])
    assert (sheet.height, sheet.width) == (3, 3)
    assert sheet.value(1, 3) == 1.5
    assert sheet.value(3, 2) is True
    assert sheet.value(3, 3) == datetime.date(2024, 1, 2)
    assert sheet.value(2, 2) == sheet.value(99, 99) == ""
    assert sheet.text(1, 1) == "code"


def test_empty_rows_and_columns_before_a_table_count() -> None:
    book = openpyxl.Workbook()
    book.active["D14"] = 7
    book.save("use.xlsx")
    sheet = open_workbook("use.xlsx").sheet("Sheet")
    assert sheet.value(14, 4) == 7
    assert sheet.find("7") == (14, 4)
    assert str(Cell(14, 4)) == "D14"


def test_codes_that_are_numbers_have_no_point() -> None:
    sheet = written([111.0, "  Wood\nand\u00a0 paper ", 1.5])
    assert sheet.texts(1, [1, 2, 3]) == ["111", "Wood and paper", "1.5"]


def test_the_name_may_end_otherwise() -> None:
    written(["a"], name="use.xlsx")
    for name in ("use.xls", "use.csv", "use"):
        Path(name).write_bytes(Path("use.xlsx").read_bytes())
        assert open_workbook(name).sheet("Use").value(1, 1) == "a"


def test_links_to_other_files_are_not_followed() -> None:
    """The value that was saved beside the link is read, whatever has become of the other file."""
    written([1, 2])
    formula = b'<c r="A1"><f>[1]Other!A1</f><v>42</v></c>'
    link = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Target="http://127.0.0.1:9/x.xlsx" TargetMode="External" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'externalLinkPath"/></Relationships>',
    )
    changed(
        "use.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="A1" t="n"><v>1</v></c>', formula),
        **{
            "xl/externalLinks/externalLink1.xml": link[0],
            "xl/externalLinks/_rels/externalLink1.xml.rels": link[1],
        },
    )
    assert open_workbook("use.xlsx").sheet("Use").numbers(1, [1, 2]).tolist() == [42, 2]


# Finding ------------------------------------------------------------------------------------------


def test_finding_texts_rows_and_runs() -> None:
    sheet = written(
        ["Use of products"],
        ["Code", "Name", "A01", "A02", "Total", "note"],
        ["A01", "Crops", 1, 2, 3],
        ["A02", "Wood", 4, 5, 9],
        ["Total", None, 5, 7, 12],
    )
    assert sheet.find("A02") == (2, 4)
    assert sheet.find("A02", columns=1) == (4, 1)
    assert sheet.find("A02", rows=range(3, 6)) == (4, 1)
    assert sheet.has("Total", rows=2)
    assert not sheet.has("Total", rows=1)
    assert sheet.find_row("Name", "Code") == 2
    assert sheet.down(3, 1) == range(3, 6)
    assert sheet.down(3, 1, until="Total") == range(3, 5)
    assert sheet.across(2, 3) == range(3, 7)
    assert sheet.across(2, 3, until="Total") == range(3, 5)
    assert sheet.numbers(sheet.down(3, 1, "Total"), sheet.across(2, 3, "Total")).tolist() == [
        [1, 2],
        [4, 5],
    ]


def test_a_pattern_must_fit_the_whole_text() -> None:
    sheet = written(["Use 2010", "2010"])
    assert sheet.find(re.compile(r"\d{4}")) == (1, 2)


def test_a_run_reaches_over_gaps_so_that_nothing_is_lost() -> None:
    sheet = written(["A", None, "C"])
    assert sheet.across(1, 1) == range(1, 4)


def test_a_text_that_is_not_there() -> None:
    sheet = written(["Industry code", "Name"])
    assert invalid(lambda: sheet.find("Industry codes")) == (
        "Sheet 'Use' of use.xlsx has no cell 'Industry codes'.\n\n"
        "    nearest: 'Industry code'\n\n"
        "It is laid out otherwise than expected: another release, or changed by hand."
    )
    assert "nearest" not in invalid(lambda: text("a,b\n").find("Industry"))


def test_a_row_of_headings_that_is_not_there() -> None:
    sheet = written(["x"], ["Year", "Code"])
    assert invalid(lambda: sheet.find_row("Year", "Code", "Origin")) == (
        "Sheet 'Use' of use.xlsx has no row with the headings Year, Code, Origin.\n\n"
        "    row 2 lacks Origin\n\n"
        "It is laid out otherwise than expected: another release, or changed by hand."
    )


def test_a_sheet_that_was_renamed() -> None:
    written(["a"])
    with pytest.raises(UnknownNameError) as error:
        open_workbook("use.xlsx").sheet("USE2010")
    assert str(error.value) == (
        "There is no sheet 'USE2010' (use.xlsx).\n\n"
        "Closest names: 'Use' (1 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


# Labels -------------------------------------------------------------------------------------------


def test_labels_along_rows_and_columns() -> None:
    sheet = written([None, "A", "B"], [101.0, 1, 2], [" 102 ", 3, 4])
    assert sheet.labels(1, range(2, 4)) == ["A", "B"]
    assert sheet.labels(range(2, 4), 1) == ["101", "102"]


def test_blank_labels() -> None:
    sheet = written(["A", None, "C", "  ", "E"])
    assert invalid(lambda: sheet.labels(1, sheet.across(1, 1))) == (
        "use.xlsx has empty cells where codes must stand.\n\n"
        "    sheet 'Use', cell B1\n    sheet 'Use', cell D1\n\n"
        "Write the code, or take the row or column out."
    )


def test_labels_beyond_the_sheet_are_blank() -> None:
    sheet = written(["A"])
    assert "    sheet 'Use', cell A2\n" in invalid(lambda: sheet.labels([1, 2], 1))


def test_merged_headers() -> None:
    rows = [["", "A", "B"], [], ["Final", "A", "B", "C", "D", "Trade", None, None]]
    sheet = written(*rows, merged="F3:H3")
    assert invalid(lambda: sheet.labels(3, range(1, 9))) == (
        "Sheet 'Use' of use.xlsx has merged cells where each row or column needs a code of its "
        "own.\n\n"
        "    merged header cells F3:H3\n\n"
        "Unmerge them, and write the code into each."
    )
    assert sheet.labels(3, range(1, 7))[-1] == "Trade"
    assert sheet.headings(3, range(5, 9)) == ["D", "Trade", "Trade", "Trade"]


def test_merging_across_the_direction_of_labels_does_no_harm() -> None:
    sheet = written(["A", "B"], [None, None], merged="A1:A2")
    assert sheet.labels(1, [1, 2]) == ["A", "B"]


def test_cells_merged_elsewhere_are_not_blamed() -> None:
    sheet = written(["A", None], [None, "x"], ["B", None], merged="B3:C3")
    assert "    sheet 'Use', cell B1\n\n" in invalid(lambda: sheet.labels(1, [1, 2]))
    assert "    sheet 'Use', cell A2\n\n" in invalid(lambda: sheet.labels([1, 2, 3], 1))


def test_headings_must_begin_somewhere() -> None:
    sheet = written([None, "A", None])
    assert "    sheet 'Use', cell A1\n\n" in invalid(lambda: sheet.headings(1, range(1, 4)))
    dated = written(["A", datetime.date(2024, 2, 1)])
    assert "cell B1: the date 2024-02-01\n" in invalid(lambda: dated.headings(1, [1, 2]))


def test_duplicate_codes() -> None:
    sheet = written(["A01"], ["A02"], ["A01"], ["A02 "], ["A01"])
    assert invalid(lambda: sheet.labels(range(1, 6), 1)) == (
        "use.xlsx has codes that stand twice.\n\n"
        "    'A01' in A1 and again in sheet 'Use', cell A3\n"
        "    'A02' in A2 and again in sheet 'Use', cell A4\n"
        "    'A01' in A1 and again in sheet 'Use', cell A5\n\n"
        "Each row and column needs a code of its own."
    )
    assert sheet.labels(range(1, 6), 1, repeated=True) == ["A01", "A02", "A01", "A02", "A01"]


def test_codes_that_became_dates_or_errors() -> None:
    sheet = written(["A", datetime.date(2024, 2, 1), True, "=1/0"])
    assert invalid(lambda: sheet.labels(1, range(1, 5))) == (
        "use.xlsx has cells that hold no code where codes must stand.\n\n"
        "    sheet 'Use', cell B1: the date 2024-02-01\n"
        "    sheet 'Use', cell C1: 'True'\n"
        "    sheet 'Use', cell D1: a formula that was never computed\n\n"
        "Format the cells as text and write the codes again: spreadsheets turn codes such as 1-2 "
        "into dates."
    )


# Numbers ------------------------------------------------------------------------------------------


def test_numbers_have_the_dimensions_that_were_asked_for() -> None:
    sheet = written([1, 2, 3], [4, 5, 6])
    assert sheet.numbers([1, 2], range(2, 4)).tolist() == [[2, 3], [5, 6]]
    assert sheet.numbers([2, 1], 3).tolist() == [6, 3]
    assert sheet.numbers(2, [1]).tolist() == [4]
    assert float(sheet.numbers(2, 1)) == 4
    assert sheet.numbers([], [1, 2]).shape == (0, 2)
    assert sheet.numbers([1, 2], [1]).dtype == np.float64


def test_blank_cells_are_refused_unless_the_publisher_leaves_zeros_out() -> None:
    sheet = written([1, None], [None, 4])
    assert invalid(lambda: sheet.numbers([1, 2], [1, 2])) == (
        "use.xlsx has empty cells where numbers must stand.\n\n"
        "    sheet 'Use', cell B1\n    sheet 'Use', cell A2\n\n"
        "A missing number is not zero: write the number, or a zero."
    ).replace("cell B1\n", "cell B1: empty\n").replace("cell A2\n", "cell A2: empty\n")
    assert sheet.numbers([1, 2], [1, 2], zeros=("",)).tolist() == [[1, 0], [0, 4]]
    missing = sheet.numbers([1, 2], [1, 2], missing=("",))
    assert np.isnan(missing[0, 1])
    assert np.isnan(missing[1, 0])


def test_marks_of_a_publisher() -> None:
    sheet = written([1, ":", "…"])
    values = sheet.numbers(1, [1, 2, 3], zeros=("…",), missing=(":",))
    assert values[2] == 0
    assert np.isnan(values[1])


def test_text_where_numbers_must_stand() -> None:
    sheet = written([1, "n/a", "12"], [True, datetime.date(2020, 1, 1), "x" * 60])
    assert invalid(lambda: sheet.numbers([1, 2], [1, 2, 3])) == (
        "use.xlsx has cells without a number where numbers must stand.\n\n"
        "    sheet 'Use', cell B1: 'n/a'\n"
        "    sheet 'Use', cell C1: '12'\n"
        "    sheet 'Use', cell A2: 'True'\n"
        "    sheet 'Use', cell B2: the date 2020-01-01\n"
        f"    sheet 'Use', cell C2: '{'x' * 40}…'\n\n"
        "Write numbers into them, as numbers and not as text."
    )


def test_whole_numbers_are_numbers_and_truth_values_are_none() -> None:
    cells = np.array([[1, 2.0, False, True]], dtype=object)
    sheet = Sheet(Path("use.xlsx"), "Use", cells)
    assert sheet.numbers(1, [1, 2]).tolist() == [1, 2]
    said = invalid(lambda: sheet.numbers(1, [1, 2, 3, 4]))
    assert "    sheet 'Use', cell C1: 'False'\n    sheet 'Use', cell D1: 'True'\n" in said


def test_decimal_commas_in_a_workbook() -> None:
    sheet = written([1, "1.234,5"], ["0,53", 2])
    assert invalid(lambda: sheet.numbers([1, 2], [1, 2])) == (
        "use.xlsx has numbers that are written with commas.\n\n"
        "    sheet 'Use', cell B1: '1.234,5'\n"
        "    sheet 'Use', cell A2: '0,53'\n\n"
        'Save it with decimal points, or state the decimal mark with the choice decimal="," '
        '(or decimal="." where commas set thousands apart); it is never guessed.'
    )
    told = open_workbook("use.xlsx", decimal=",").sheet("Use")
    assert told.numbers([1, 2], [1, 2]).tolist() == [[1, 1234.5], [0.53, 2]]


def test_decimal_commas_in_a_csv_file() -> None:
    content = "code;a;b\nA;1,5;2\nB;1.000,25;3\n"
    assert invalid(lambda: text(content).numbers([2, 3], [2, 3])).startswith(
        "use.csv has numbers that are written with commas.\n\n"
        "    cell B2: '1,5'\n    cell B3: '1.000,25'\n\n"
    )
    assert text(content, decimal=",").numbers([2, 3], [2, 3]).tolist() == [[1.5, 2], [1000.25, 3]]


def test_a_stated_mark_is_held_to() -> None:
    sheet = text("0.53;1\n", decimal=",")
    assert "    cell A1: '0.53'\n" in invalid(lambda: sheet.numbers(1, [1, 2]))


def test_an_unknown_decimal_mark() -> None:
    with pytest.raises(UnknownNameError, match="There is no decimal mark ';'"):
        open_workbook("use.csv", decimal=";")


ERRORS = (
    "has cells with errors, or with formulas that were never computed.\n\n"
    "    sheet 'Use', cell B1: #REF!\n"
    "    sheet 'Use', cell A2: #DIV/0!\n\n"
    "Open it in a spreadsheet program, mend the formulas, and save it."
)


def test_error_cells() -> None:
    """They come before blanks: the reader underneath shows them as empty."""
    written([1, "x"], ["y", None])
    xml = {
        b'<c r="B1" t="inlineStr"><is><t>x</t></is></c>': b'<c r="B1" t="e"><v>#REF!</v></c>',
        b'<c r="A2" t="inlineStr"><is><t>y</t></is></c>': (
            b'<c t="e" s="0" r="A2"><f>1/0</f><v>#DIV/0!</v></c>'
        ),
    }

    def change(sheet: bytes) -> bytes:
        for old, new in xml.items():
            assert old in sheet
            sheet = sheet.replace(old, new)
        return sheet

    changed("use.xlsx", "xl/worksheets/sheet1.xml", change)
    sheet = open_workbook("use.xlsx").sheet("Use")
    assert sheet.value(1, 2) == Flaw("#REF!")
    said = invalid(lambda: sheet.numbers([1, 2], [1, 2], zeros=("",)))
    assert said == f"use.xlsx {ERRORS}"
    assert sheet.numbers(1, [1]).tolist() == [1]


def test_formulas_that_were_never_computed() -> None:
    sheet = written(["=B1+1", 2], ["=SUM(A1:B1)"])
    assert invalid(lambda: sheet.numbers(1, [1, 2], zeros=("",))) == (
        "use.xlsx has cells with errors, or with formulas that were never computed.\n\n"
        "    sheet 'Use', cell A1: a formula that was never computed\n\n"
        "Open it in a spreadsheet program, mend the formulas, and save it."
    )


def test_a_formula_may_compute_an_empty_text() -> None:
    written([1, 2])
    cell = b'<c r="A1" t="str"><f>IF(B1,"","x")</f><v></v></c>'
    changed(
        "use.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="A1" t="n"><v>1</v></c>', cell),
    )
    assert open_workbook("use.xlsx").sheet("Use").value(1, 1) == ""


def test_numbers_that_are_not_finite() -> None:
    written([1, 2])
    changed("use.xlsx", "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b">1<", b">1e999<"))
    sheet = open_workbook("use.xlsx").sheet("Use")
    assert "    sheet 'Use', cell A1: 'inf'\n" in invalid(lambda: sheet.numbers(1, [1, 2]))


def test_more_faults_than_are_shown_are_counted() -> None:
    sheet = written(["x"] * 9)
    assert "    … and 4 more\n" in invalid(lambda: sheet.numbers(1, range(1, 10)))


def test_years() -> None:
    sheet = written([2010.0, "2011", "late"])
    assert [sheet.year(1, 1), sheet.year(1, 2)] == [2010, 2011]
    assert invalid(lambda: sheet.year(1, 3)) == (
        "use.xlsx has no year where one must stand.\n\n    sheet 'Use', cell C1: 'late'\n\n"
        "Write it with four digits."
    )


def test_one_currency() -> None:
    assert one_currency(Path("use.xlsx"), {"cell A1": "USD", "cell A2": "USD"}) == "USD"
    found = {"sheet 'Use', cell B3": "USD", "sheet 'Supply', cell B3": "EUR"}
    assert invalid(lambda: one_currency(Path("use.xlsx"), found)) == (
        "use.xlsx mixes currencies.\n\n"
        "    sheet 'Use', cell B3: USD\n    sheet 'Supply', cell B3: EUR\n\n"
        "Bring all amounts to one currency first."
    )
    assert invalid(lambda: one_currency(Path("use.xlsx"), {})).startswith(
        "use.xlsx names no currency."
    )


# CSV files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_separators(mark: str) -> None:
    sheet = text(f"code{mark}a{mark}b\nA{mark}1{mark}2\n")
    assert sheet.texts(1, [1, 2, 3]) == ["code", "a", "b"]
    assert sheet.numbers(2, [2, 3]).tolist() == [1, 2]


def test_the_separator_gives_every_line_as_many_cells() -> None:
    sheet = text("code,a,b\nWood; paper,1,2\n")
    assert sheet.texts(2, [1, 2, 3]) == ["Wood; paper", "1", "2"]
    sheet = text("code;a;b\nA;1,5;2,5\n")
    assert sheet.texts(2, [1, 2, 3]) == ["A", "1,5", "2,5"]


def test_remarks_do_not_say_what_the_separator_is() -> None:
    sheet = text("# one; two; three; four\na,b\n1,2\n")
    assert sheet.texts(2, [1, 2]) == ["a", "b"]


def test_remarks_are_one_cell_and_keep_their_line() -> None:
    sheet = text('# source: Miller, Blair\n"# a; b",,\n# c,,\n\ncode,a,b\n')
    assert sheet.texts([1, 2, 3], 1) == ["# source: Miller, Blair", "# a; b", "# c"]
    assert sheet.find("code") == (5, 1)


def test_empty_lines_at_the_end_are_no_rows() -> None:
    sheet = text("a,b\n\n1,2\n , \n,\n\n")
    assert (sheet.height, sheet.width) == (3, 2)
    assert text("\n,\n").height == 0


def test_quotations_hold_separators() -> None:
    sheet = text('"a, b",1\n')
    assert sheet.texts(1, [1, 2]) == ["a, b", "1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(encoding: str) -> None:
    Path("use.csv").write_bytes("Zusätze,1\n".encode(encoding))
    assert open_workbook("use.csv").sheet("use").value(1, 1) == "Zusätze"


def test_other_encodings() -> None:
    Path("use.csv").write_bytes("a,1\nZusätze,1\n".encode("latin-1"))
    assert unreadable("use.csv", "use") == (
        "use.csv is not text in UTF-8.\n\n    line 2: 0xe4\n\nSave it as CSV in UTF-8."
    )


@pytest.mark.parametrize("content", [b"a\0b", b"<html><body>", b"version https://git-lfs.x"])
def test_what_is_no_csv(content: bytes) -> None:
    Path("use.csv").write_bytes(content)
    assert unreadable("use.csv", "use").startswith("use.csv is not a CSV file.\n\n    it ")


def test_an_open_quotation() -> None:
    Path("use.csv").write_text('a,"b\nc,d\n')
    assert unreadable("use.csv", "use") == (
        "use.csv is not a well-formed CSV file.\n\n    unexpected end of data\n\n"
        "Save it as CSV again; texts with separators in them stand in double quotes."
    )


def test_a_csv_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "WORKBOOK", Limits(total=5))
    Path("use.csv").write_text("a,b,c\n")
    assert unreadable("use.csv", "use") == (
        "use.csv is too large to be read cell by cell.\n\n    6 bytes, at most 5\n\n"
        "Use the format of its publisher, which reads it in one piece, or split it."
    )


def test_a_folder_of_csv_files() -> None:
    Path("in").mkdir()
    Path("in/use.csv").write_text("a,b\n")
    Path("in/Supply.CSV").write_text("c\n")
    Path("in/notes.txt").write_text("x\n")
    book = open_folder(Path("in"))
    assert book.names == ("Supply", "use")
    assert book.sheet("use").value(1, 2) == "b"
    with pytest.raises(UnknownNameError, match=r"There is no sheet 'usee' \(in\)"):
        book.sheet("usee")
    Path("empty").mkdir()
    with pytest.raises(UnreadableFileError, match="empty holds no CSV file"):
        open_folder(Path("empty"))


def test_one_long_line_among_many_would_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "MOST_CELLS", 11)
    Path("use.csv").write_text("a,b,c,d\n1\n2\n")
    assert unreadable("use.csv", "use") == (
        "use.csv is too large to be read cell by cell.\n\n"
        "    3 lines of up to 4 cells, at most 11 cells\n\n"
        "Delete what stands far to the right of the table, and save it."
    )


def test_a_folder_called_like_a_sheet() -> None:
    Path("in/use.csv").mkdir(parents=True)
    with pytest.raises(UnreadableFileError) as error:
        open_folder(Path("in")).sheet("use")
    assert str(error.value) == (
        "in/use.csv is a folder, not a file.\n\n    it is empty\n\nName one file in it."
    )


def test_a_sheet_that_is_there_twice() -> None:
    Path("in").mkdir()
    Path("in/use.csv").write_text("a\n")
    Path("in/use.CSV").write_text("b\n")
    with pytest.raises(UnreadableFileError) as error:
        open_folder(Path("in"))
    assert str(error.value) == (
        "in holds the same sheet twice.\n\n    use.CSV\n\n"
        "Leave one file of each name, whatever the case of its ending."
    )


# What is no workbook ------------------------------------------------------------------------------


def test_no_file_and_a_folder() -> None:
    assert unreadable("use.xlsx") == (
        "There is no file use.xlsx.\n\nCheck its name, and the folder that you are in."
    )
    Path("in").mkdir()
    assert unreadable("in").startswith("in is a folder, not a file.\n\n    it is empty\n\n")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"<html><body>Login", "it is a web page, perhaps the one that announces the download"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            "it is a pointer of Git LFS: the file itself was never downloaded",
        ),
        (b"code;a\n", "it begins with 'code;a\\n'"),
        (b"%PDF-1.7", "it is a PDF document"),
    ],
)
def test_what_is_no_spreadsheet(content: bytes, told: str) -> None:
    Path("use.xlsx").write_bytes(content)
    assert unreadable("use.xlsx") == f"use.xlsx is not a spreadsheet.\n\n    {told}\n\n{AGAIN}"


def test_another_zip_archive() -> None:
    with zipfile.ZipFile("use.xlsx", "w") as file:
        file.writestr("a.csv", "1")
    assert unreadable("use.xlsx") == (
        "use.xlsx is not a spreadsheet.\n\n    it is a zip archive of 1 files: a.csv\n\n"
        "Unpack it, and name the spreadsheet in it."
    )


def test_a_workbook_that_was_cut_off() -> None:
    written(["a", 1])
    data = Path("use.xlsx").read_bytes()
    Path("use.xlsx").write_bytes(data[: len(data) // 2])
    assert unreadable("use.xlsx") == (
        "use.xlsx is a damaged zip archive.\n\n"
        "    its table of contents is missing or broken: the file was cut off\n\n" + AGAIN
    )


def test_a_workbook_without_one_of_its_parts() -> None:
    written(["a"])
    with zipfile.ZipFile("use.xlsx") as file:
        kept = {n: file.read(n) for n in file.namelist() if "sheet1" not in n}
    with zipfile.ZipFile("use.xlsx", "w") as file:
        for name, data in kept.items():
            file.writestr(name, data)
    assert unreadable("use.xlsx", "Use") == (
        "use.xlsx is a damaged spreadsheet.\n\n"
        f"    it has no member 'xl/worksheets/sheet1.xml'\n\n{AGAIN}"
    )


def test_entities_are_refused() -> None:
    """Nested ones grow without end."""
    written(["a"])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    changed("use.xlsx", "xl/workbook.xml", lambda _: bomb)
    assert unreadable("use.xlsx") == (
        f"use.xlsx is a damaged spreadsheet.\n\n    it defines entities of its own\n\n{AGAIN}"
    )


@pytest.mark.parametrize("member", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros(member: str) -> None:
    written(["a"])
    changed("use.xlsx", member, lambda _: b"Sub AutoOpen")
    assert unreadable("use.xlsx") == (
        f"use.xlsx has macros, which are never executed here.\n\n    found: {member}\n\n"
        "Save it without macros: as an .xlsx workbook, or each sheet as CSV."
    )


def test_a_workbook_that_unpacks_to_too_much() -> None:
    written(["a"])
    changed("use.xlsx", "xl/media/image1.png", lambda _: bytes(30_000_000))
    said = unreadable("use.xlsx")
    assert said.startswith("use.xlsx would unpack to more than any published table.\n\n    member ")
    assert "'xl/media/image1.png' unpacks from 29." in said


def test_a_workbook_with_a_lying_header(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file is large enough to hide more than the limit, it is unpacked once to count."""
    written(["a"])
    changed("use.xlsx", "xl/media/image1.png", lambda _: bytes(1_000_000))
    data = bytearray(Path("use.xlsx").read_bytes())
    place = data.rindex(b"xl/media/image1.png") - 46
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    Path("use.xlsx").write_bytes(data)
    assert open_workbook("use.xlsx").names == ("Use",)
    monkeypatch.setattr(workbooks, "DEFLATE_RATIO", 10**6)
    assert "    member 'xl/media/image1.png' declares 10 bytes" in unreadable("use.xlsx")


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<x:row r="1048576"><x:c t="n" r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        b'<row r="1048576">' + b"<c><v>1</v></c>" * 20_000 + b"</row>",
        # The reader of cells believes an address however it is written.
        b'<row r="2"><c r = "XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><c s=">" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><c s="<" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><a-b:c r="XFD1048576"><a-b:v>1</a-b:v></a-b:c></row>',
        b'<row r="2"><c r="xfd1048576"><v>1</v></c></row>',
    ],
)
def test_one_cell_far_away_would_take_all_memory(cell: bytes) -> None:
    written(["a"])
    changed(
        "use.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", cell + b"</sheetData>"),
    )
    said = unreadable("use.xlsx", "Use")
    assert said.startswith("Sheet 'Use' of use.xlsx is too large.\n\n    its last cell is XFD10485")
    assert said.endswith(
        " cells, at most 50,000,000 are read\n\n"
        "Delete what stands far below or to the right of the table, and save it."
    )


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (b'<row r="2"><c r="&#88;FD1048576"><v>1</v></c></row>', "a cell has the address"),
        ("<row/>".encode("utf-16"), "a sheet is not text in UTF-8"),
    ],
)
def test_addresses_that_no_program_writes(cell: bytes, told: str) -> None:
    written(["a"])
    changed(
        "use.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", cell + b"</sheetData>"),
    )
    said = unreadable("use.xlsx", "Use")
    assert said.startswith(f"use.xlsx is a damaged spreadsheet.\n\n    sheet 'Use': {told}")


@pytest.mark.parametrize(
    "sheet",
    [
        b"<c " * 100_000,
        b'<row r="1"><c r="A1" t="e">' + b" " * 300_000,
        b'<row r="1"><c r="A1"><f>1</f>' + b" " * 300_000,
        b'<row r="1"><c r="A1"' + b' t="e"' * 50_000,
        b"<row '\"" * 60_000,
    ],
)
def test_a_sheet_made_to_be_looked_at_for_ever(sheet: bytes) -> None:
    start = time.process_time()
    xml_cells.xlsx_hidden(io.BytesIO(sheet))
    assert time.process_time() - start < 2


def test_faults_and_ends_are_found_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large sheet is looked through piece by piece; a cell may stand on the edge of two."""
    written(*[[1, "=1", 3]] * 40)
    with zipfile.ZipFile("use.xlsx") as file:
        xml = file.read("xl/worksheets/sheet1.xml")
    whole = xml_cells.xlsx_hidden(io.BytesIO(xml))
    assert len(whole.flaws) == 40
    assert whole.extent == (40, 3)
    for size in (7, 50, 333):
        monkeypatch.setattr(xml_cells, "_BLOCK", size)
        assert xml_cells.xlsx_hidden(io.BytesIO(xml)) == whole


def test_a_row_without_end_is_cut_into_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_cells, "_BLOCK", 10)
    monkeypatch.setattr(xml_cells, "_LONGEST_ROW", 25)
    pieces = list(xml_cells._rows(io.BytesIO(b"x" * 100)))
    assert b"".join(pieces) == b"x" * 100
    assert max(map(len, pieces)) == 30


# A publisher's own file ---------------------------------------------------------------------------


def test_a_published_sheet_is_read_well_under_a_second(shared: Path) -> None:
    """WIOD 2016, Poland: 1,800 rows by 63 columns of numbers (0.4 s on a busy machine)."""
    start = time.process_time()
    sheet = open_workbook(shared / "data/wiod16_national/POL_NIOT_nov16.xlsx").sheet(
        "National IO-tables"
    )
    top = sheet.find_row("Year", "Code", "Description", "Origin")
    values = sheet.numbers(sheet.down(top + 2, 1), sheet.across(top, 5))
    assert time.process_time() - start < 2
    assert values.shape == (1800, 63)
    # Poland, 2000: domestic crops used for crops, as printed in cell E3.
    assert values[0, 0] == pytest.approx(2343.0954171343255, rel=1e-15)
