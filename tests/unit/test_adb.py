"""Multiregional tables of the ADB, from small workbooks in the publisher's layout.

The numbers are invented; no real file is met here.
"""

from pathlib import Path

import pytest

from model_files import Rows, World, assert_says, wide_values, world, write_csv, write_xlsx
from planboard.errors import PlanboardError, UnreadableFileError
from planboard.publishers.adb import ROLES, read
from planboard.publishers.format import Request
from planboard.tables import InputOutputTable

ITEMS = ("r99", "r61", "r62", "r63", "r64", "r65")
MODEL = world(("AUS", "PRC", "RoW"), ("c1", "c2"), tuple(ROLES), ITEMS, rest="r64")
NAMES = {
    "c1": "Agriculture, hunting, forestry, and fishing",
    "c2": "Mining and quarrying",
    "F1": "Final consumption expenditure by households",
    "r64": "Value added at basic prices",
}
LEGEND: Rows = [["Code", "Economy"], ["AUS", "Australia"], ["PRC", "China, People's Republic of"]]
REMEDY = "Take the workbook of a year in current prices from the publisher, and leave it as it is."


def sheet(model: World = MODEL, year: int = 2019) -> Rows:
    """The publisher's sheet: three lines of title, labels in lines 5 to 7, values from E8."""
    labels = [*model.industries, *model.final]
    head: Rows = [
        [f"Multiregional Input-Output Table {year}"],
        ["73 economies, at current prices (industry by industry)"],
        ["In millions of US$"],
        [""],
        ["", "", "", "", *(NAMES.get(code, code) for _, code in labels), "TOTAL"],
        ["", "", "", "", *(region for region, _ in labels), "ToT"],
        ["", "", "", "", *(code for _, code in labels), ""],
    ]
    left: Rows = [["", NAMES.get(code, code), region, code] for region, code in model.industries]
    left += [["", NAMES.get(code, code), "ToT", code] for code in ("r60", *model.items, "r69")]
    return head + [[*a, *b] for a, b in zip(left, wide_values(model), strict=True)]


def book(folder: Path, rows: Rows, name: str = "ADB-MRIO-2019_Dec2022.xlsx") -> Path:
    return write_xlsx(folder / name, {"ADB MRIO 2019": rows, "Legend": LEGEND})


def table_of(file: Path, year: int | None = None) -> InputOutputTable:
    return read(Request(file, year))


def refused(file: Path, year: int | None = None) -> PlanboardError:
    with pytest.raises(PlanboardError) as caught:
        table_of(file, year)
    return caught.value


# What is read -------------------------------------------------------------------------------------


def test_the_sheet_of_a_workbook(tmp_path: Path) -> None:
    table = table_of(book(tmp_path, sheet()))
    assert_says(table, MODEL)
    assert dict(table.roles) == {
        "F1": "households",
        "F2": "given",
        "F3": "government",
        "F4": "capital_formation",
        "F5": "inventories",
    }


def test_head_of_the_table(tmp_path: Path) -> None:
    head = table_of(book(tmp_path, sheet())).publication
    assert (head.name, head.year, head.currency) == ("adb-mrio-2019", 2019, "USD")
    assert (head.unit, head.price_basis) == ("million 2019 USD", "basic")
    assert (head.coverage, head.title) == ("world", "World economy 2019, 3 regions x 2 sectors")
    assert head.labels["PRC"] == "China, People's Republic of"
    assert head.labels["RoW"] == "Rest of the world"
    assert head.labels["F1"] == "Final consumption expenditure by households"
    assert head.labels["c2"] == "Mining and quarrying"
    assert head.labels["r64"] == "Value added at basic prices"
    assert head.notes == ("The file holds 2 of 35 sectors.",)
    assert len(head.history) == 1


def test_margins_go_by_either_code(tmp_path: Path) -> None:
    items = (*ITEMS[:-1], "trs")
    model = world(MODEL.regions, MODEL.sectors, tuple(ROLES), items, rest="r64")
    assert_says(table_of(book(tmp_path, sheet(model))), model)


def test_a_line_more_above_the_labels(tmp_path: Path) -> None:
    """Older tables of Latin America number the columns in a line of its own."""
    rows = sheet()
    rows.insert(4, ["", "", "", "", "0001", "0002"])
    assert_says(table_of(book(tmp_path, rows)), MODEL)


def test_notes_beneath_and_checks_at_the_right_are_left_alone(tmp_path: Path) -> None:
    rows = [*([*row, "check"] for row in sheet()), ["", "Source: ADB estimates."]]
    assert_says(table_of(book(tmp_path, rows)), MODEL)


def test_empty_cells_are_zeros_and_told(tmp_path: Path) -> None:
    rows = sheet()
    gone = float(MODEL.transactions[0, 1] + MODEL.final_use[1, 2])
    rows[7][5] = " "
    rows[8][4 + 6 + 2] = ""
    file = write_csv(tmp_path / "ADB-MRIO-2019.csv", rows)
    table = table_of(file)
    assert table.transactions.iloc[0, 1] == 0
    assert table.final_use.iloc[1, 2] == 0
    assert table.row_gaps().sum() == gone
    note = "2 empty cells of the workbook are read as zeros."
    assert table.publication.notes[-1] == note
    assert table.publication.history[-1] == {"step": "empty cells", "detail": note}


def test_a_year_of_a_folder(tmp_path: Path) -> None:
    book(tmp_path, sheet())
    write_xlsx(tmp_path / "ADB-MRIO62-2018_Dec2022.xlsx", {"ADB MRIO 2018": sheet(MODEL, 2018)})
    assert table_of(tmp_path, 2018).publication.year == 2018
    assert str(refused(tmp_path, 2005)) == (
        f"{tmp_path} does not hold the year 2005 of the ADB's tables.\n\n"
        "    found: 2018 to 2019\n\n"
        "Name one of them with --year."
    )
    write_xlsx(tmp_path / "ADB-MRIO-2018_Sep2024.xlsx", {"ADB MRIO 2018": sheet(MODEL, 2018)})
    assert str(refused(tmp_path, 2018)) == (
        f"{tmp_path} holds the same year of the ADB's tables more than once.\n\n"
        "    ADB-MRIO-2018_Sep2024.xlsx\n"
        "    ADB-MRIO62-2018_Dec2022.xlsx\n\n"
        "Name the file itself."
    )


# What is refused ----------------------------------------------------------------------------------


def test_a_folder_without_tables(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert isinstance(error, UnreadableFileError)
    assert str(error) == (
        f"There is no multiregional table of the ADB in {tmp_path}.\n\n"
        "    looked for: ADB*MRIO*.xlsx with a year in its name\n\n"
        f"{REMEDY}"
    )


def test_a_renamed_sheet(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "ADB-MRIO-2019.xlsx", {"Sheet1": sheet(), "Legend": LEGEND})
    assert str(refused(file)) == (
        f"{file} has no sheet such as 'ADB MRIO 2019'.\n\n    sheets: Sheet1, Legend\n\n{REMEDY}"
    )


def test_another_year(tmp_path: Path) -> None:
    file = book(tmp_path, sheet())
    assert str(refused(file, 2020)) == (
        f"{file} does not hold the year 2020 of the ADB's tables.\n\n"
        "    found: 2019\n\n"
        "Name one of them with --year."
    )
    file = book(tmp_path, sheet(MODEL, 2018))
    assert str(refused(file)) == (
        f"{file}, sheet 'ADB MRIO 2019' is no multiregional table of the ADB for 2019.\n\n"
        "    title: 'Multiregional Input-Output Table 2018'\n\n"
        f"{REMEDY}"
    )


@pytest.mark.parametrize(
    "unit", ["In billions of US$", "In thousands of US$", "In millions of EUR"]
)
def test_another_unit(tmp_path: Path, unit: str) -> None:
    rows = sheet()
    rows[2] = [unit]
    file = book(tmp_path, rows)
    assert str(refused(file)) == (
        f"{file}, sheet 'ADB MRIO 2019' is no multiregional table of the ADB for 2019.\n\n"
        f"    unit: '{unit}'\n\n{REMEDY}"
    )


def test_labels_without_a_row_beneath(tmp_path: Path) -> None:
    file = book(tmp_path, sheet()[:7])
    error = str(refused(file))
    assert error.startswith(
        f"The labels of {file}, sheet 'ADB MRIO 2019' are not those of the multiregional tables of "
        "the ADB.\n\n    AUS, c1: no row\n    AUS, c2: no row\n"
    )


def test_an_empty_total_beneath_is_zero_too(tmp_path: Path) -> None:
    rows = sheet()
    rows[-1][5] = ""
    file = book(tmp_path, rows)
    assert str(refused(file)).endswith(
        f"    AUS, c2: {MODEL.output[1]:,.1f} at the right, 0.0 beneath\n\n"
        "A block was shifted or cut: take the publisher's file again."
    )


def test_constant_prices(tmp_path: Path) -> None:
    name = "ADB MRIO 2019, at constant 2010 prices.xlsx"
    file = book(tmp_path, sheet(), name)
    assert str(refused(file)) == (
        f"{file} is a table in constant prices.\n\n    '{name}'\n\n{REMEDY}"
    )
    rows = sheet()
    rows[1] = ["63 economies, at constant 2010 prices"]
    file = book(tmp_path, rows)
    assert str(refused(file)) == (
        f"{file}, sheet 'ADB MRIO 2019' is a table in constant prices.\n\n"
        "    '63 economies, at constant 2010 prices'\n\n"
        f"{REMEDY}"
    )


def test_other_sectors_or_another_unit(tmp_path: Path) -> None:
    model = world(("AUS", "RoW"), ("c1", "c36", "A01"), tuple(ROLES), ITEMS, rest="r64")
    rows = sheet(model)
    rows[2] = ["In millions of euro"]
    file = book(tmp_path, rows)
    assert str(refused(file)) == (
        f"{file}, sheet 'ADB MRIO 2019' is no multiregional table of the ADB for 2019.\n\n"
        "    unknown sectors: c36, A01\n"
        "    unit: 'In millions of euro'\n\n"
        f"{REMEDY}"
    )


def test_a_file_that_was_cut_off(tmp_path: Path) -> None:
    file = book(tmp_path, sheet())
    file.write_bytes(file.read_bytes()[:3000])
    assert str(refused(file)) == (
        f"{file} is a damaged zip archive.\n\n"
        "    its table of contents is missing or broken: the file was cut off\n\n"
        "Take the file from the publisher again, whole."
    )


def test_rows_that_are_missing(tmp_path: Path) -> None:
    rows = [row for row in sheet() if row[3:4] not in (["r65"], ["r61"])]
    del rows[7]
    file = book(tmp_path, rows)
    assert str(refused(file)) == (
        f"The labels of {file}, sheet 'ADB MRIO 2019' are not those of the multiregional tables "
        "of the ADB.\n\n"
        "    AUS, c1: no row\n"
        "    r61: no row\n"
        "    r65 or trs: no row\n\n"
        "Take the publisher's file again, whole and as it is."
    )


def test_codes_that_stand_twice(tmp_path: Path) -> None:
    rows = sheet()
    rows[6][5] = "c1"
    rows[8][3] = "c1"
    assert refused(book(tmp_path, rows)).evidence == (
        "AUS, c1: columns E and F",
        "AUS, c1: rows 8 and 9",
    )


def test_numbers_written_as_text(tmp_path: Path) -> None:
    rows = sheet()
    rows[9][4] = "0,5"
    rows[10][4] = "0,25"
    file = book(tmp_path, rows)
    error = refused(file)
    assert error.happened == f"{file} has numbers that are written with commas."
    assert error.evidence == (
        "sheet 'ADB MRIO 2019', cell E10: '0,5'",
        "sheet 'ADB MRIO 2019', cell E11: '0,25'",
    )
