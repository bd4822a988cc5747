"""World tables of WIOD 2013, from small workbooks in the publisher's layout, and as Parquet files.

The numbers are invented; no real workbook is met here.
"""

import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pymrio
import pytest

from model_files import Rows, World, assert_says, wide_values, world, write_xlsb, write_xlsx
from planboard.errors import InvalidTableError, PlanboardError, UnreadableFileError
from planboard.publishers.format import Request
from planboard.publishers.wiod2013 import WIOD2013
from planboard.publishers.wiod2013_release import INDUSTRIES
from planboard.tables import InputOutputTable

ROLES = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")
ITEMS = ("TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM")
MODEL = world(("AUS", "ROM", "RoW"), ("AtB", "15t16"), ROLES, ITEMS, rest="VA")
FINAL = {
    "CONS_h": ("c37", "Final consumption expenditure by households"),
    "CONS_np": (
        "c38",
        "Final consumption expenditure by non-profit organisations serving households (NPISH)",
    ),
    "CONS_g": ("c39", "Final consumption expenditure by government"),
    "GFCF": ("c41", "Gross fixed capital formation"),
    "INVEN": ("c42", "Changes in inventories and valuables"),
}
BENEATH = {
    "II_fob": ("r60", "Total intermediate consumption"),
    "TXSP": ("r99", "taxes less subsidies on products"),
    "EXP_adj": ("r61", "Cif/ fob adjustments on exports"),
    "PURR": ("r62", "Direct purchases abroad by residents"),
    "PURNR": ("r63", "Purchases on the domestic territory by non-residents "),
    "VA": ("r64", "Value added at basic prices"),
    "IntTTM": ("r65", "International Transport Margins"),
    "GO": ("r69", "Output at basic prices"),
}
REMEDY = (
    "Take WIOT95_ROW_Apr12.xlsx (from 2008 on …_Sep12.xlsx) of release 2013 from the publisher, in "
    "current prices, as it is. Tables of release 2016 are format wiod2016."
)
WHOLE = "Take the publisher's file again, whole and as it is."
TABLE = "the world tables of WIOD, release 2013"


def sheet(model: World = MODEL, year: int = 1995) -> Rows:
    """The publisher's sheet: title and unit in column A, labels in rows 3 to 6, values from E7."""
    numbers = {code: f"c{model.sectors.index(code) + 1}" for code in model.sectors}
    final = [FINAL[code] for _, code in model.final]
    blank = ["", "", ""]
    head: Rows = [
        [f"World Input-Output Table, {year}"],
        ["41 countries, in current prices"],
        ["(industry-by-industry)", *blank, *(code for _, code in model.industries)],
        [
            "(millions of US$)",
            *blank,
            *(f"Name of {code}" for _, code in model.industries),
            *(name for _, name in final),
            "Total output",
        ],
        ["", *blank, *(region for region, _ in [*model.industries, *model.final]), "TOT"],
        ["", *blank, *(numbers[code] for _, code in model.industries), *(n for n, _ in final)],
    ]
    left: Rows = [[c, f"Name of {c}", region, numbers[c]] for region, c in model.industries]
    left += [["", name, "TOT", number] for number, name in BENEATH.values()]
    return head + [[*a, *b] for a, b in zip(left, wide_values(model), strict=True)]


def book(
    folder: Path, rows: Rows | None = None, year: int = 1995, name: str = "", page: str = ""
) -> Path:
    """A workbook as the publisher names it."""
    edition = "Apr12" if year < 2008 else "Sep12"
    name = name or f"WIOT{year % 100:02}_ROW_{edition}.xlsx"
    rows = sheet(year=year) if rows is None else rows
    return write_xlsx(folder / name, {page or f"WIOT_{year}": rows})


def packed(archive: Path, *files: Path, under: str = "") -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for file in files:
            content.write(file, under + file.name)
            file.unlink()
    return archive


def tidy(folder: Path, model: World, year: int = 1995) -> Path:
    """The same numbers as Parquet files."""
    folder.mkdir()
    rows = pd.MultiIndex.from_tuples(model.industries)
    for name, values, columns in (
        ("Z", model.transactions, rows),
        ("Y", model.final_use, pd.MultiIndex.from_tuples(model.final)),
    ):
        last = "d_sector" if name == "Z" else "category"
        names = ["o_region", "o_sector", "d_region", last]
        long = pd.DataFrame(values, rows, columns).stack([0, 1], future_stack=True)
        long = long.rename_axis(names).rename("value").reset_index()
        long.to_parquet(folder / f"wiod13_{name}_{year}.parquet")
    output = [(*label, year, x) for label, x in zip(model.industries, model.output, strict=True)]
    table = pd.DataFrame(output, columns=["region", "sector", "year", "x"])
    table.to_parquet(folder / "wiod13_x.parquet")
    return folder


def table_of(source: Path, year: int | None = None) -> InputOutputTable:
    table = WIOD2013.read(Request(source, year))
    assert isinstance(table, InputOutputTable)
    return table


def refused(source: Path, year: int | None = None) -> PlanboardError:
    with pytest.raises(PlanboardError) as caught:
        table_of(source, year)
    return caught.value


def changed(folder: Path, change: Callable[[Rows], object]) -> Path:
    """A workbook whose rows were changed by hand."""
    rows = sheet()
    change(rows)
    return book(folder, rows)


# What is read -------------------------------------------------------------------------------------


def test_the_sheet_of_a_workbook(tmp_path: Path) -> None:
    table = table_of(book(tmp_path))
    assert_says(table, MODEL)
    assert dict(table.roles) == {
        "CONS_h": "households",
        "CONS_np": "given",
        "CONS_g": "government",
        "GFCF": "capital_formation",
        "INVEN": "inventories",
    }


def test_workbooks_say_what_the_parquet_files_say(tmp_path: Path) -> None:
    """Same labels, units and flows; value added is split further than there."""
    ours, theirs = table_of(book(tmp_path)), table_of(tidy(tmp_path / "tidy", MODEL))
    for mine, other in (
        (ours.transactions, theirs.transactions),
        (ours.final_use, theirs.final_use),
        (ours.gross_output.to_frame(), theirs.gross_output.to_frame()),
        (ours.value_added.sum().to_frame(), theirs.value_added.sum().to_frame()),
    ):
        pd.testing.assert_frame_equal(mine, other, check_exact=True)
    head, other = ours.publication, theirs.publication
    for name in ("name", "source", "licence", "attribution", "year", "currency", "unit"):
        assert getattr(head, name) == getattr(other, name)
    assert (head.price_basis, head.coverage) == (other.price_basis, other.coverage)
    assert head.history == other.history
    assert dict(ours.roles) == dict(theirs.roles)
    assert other.labels.items() <= head.labels.items()


@pytest.mark.filterwarnings("ignore:(SEA extension|Extension data)")
def test_pymrio_finds_the_same_in_these_workbooks(tmp_path: Path) -> None:
    """The field's own parser knows the layout: 35 industries, and the USA among the regions."""
    model = world(("ROM", "USA", "RoW"), INDUSTRIES, ROLES, ITEMS, rest="VA")
    file = book(tmp_path, sheet(model, 1997), 1997)
    ours = table_of(file)
    assert_says(ours, model)
    with pd.option_context("io.excel.xlsx.reader", "openpyxl"):
        theirs = pymrio.parse_wiod(file)
    regions = ["ROU", "USA", "RoW"]
    assert list(theirs.Z.columns) == list(product(regions, INDUSTRIES))
    assert list(theirs.Y.columns) == list(
        product(regions, [number for number, _ in FINAL.values()])
    )
    extra = theirs.factor_inputs
    assert extra.year == str(ours.publication.year)
    assert list(extra.F.index) == [BENEATH[code][1] for code in ITEMS]
    for found, table in (
        (theirs.Z, ours.transactions),
        (theirs.Y, ours.final_use),
        (extra.F, ours.value_added),
        (extra.F_Y, ours.final_use_taxes),
    ):
        np.testing.assert_array_equal(found, table)


def test_head_of_the_table(tmp_path: Path) -> None:
    head = table_of(book(tmp_path, year=2011)).publication
    assert (head.name, head.unit) == ("wiod2013-2011", "million 2011 USD")
    assert head.title == "World economy 2011, 3 regions x 2 industries"
    assert head.labels["AtB"] == "Agriculture, hunting, forestry and fishing"
    assert head.labels["TXSP"] == "Taxes less subsidies on products"
    assert head.notes == ("The file holds 3 of 41 regions and 2 of 35 industries.",)


def test_whole_millions_are_told(tmp_path: Path) -> None:
    values = [[*row[:4], *(round(float(v)) for v in row[4:])] for row in sheet()[6:]]  # type: ignore[arg-type]
    head = table_of(book(tmp_path, [*sheet()[:6], *values])).publication
    assert head.notes[0] == "Flows are rounded to 1 million USD; smaller ones are lost."


def test_other_codes_of_regions_are_told(tmp_path: Path) -> None:
    model = world(("AUS", "ROU", "ROW"), MODEL.sectors, ROLES, ITEMS, rest="VA")
    table = table_of(book(tmp_path, sheet(model)))
    assert_says(table, MODEL)
    assert table.publication.coverage == "world"
    assert table.publication.notes[0] == (
        "Regions go by other codes in the file: ROU is ROM here, ROW is RoW here."
    )


def test_without_the_rest_of_the_world_it_is_a_part(tmp_path: Path) -> None:
    model = world(("AUS", "ROM"), MODEL.sectors, ROLES, ITEMS, rest="VA")
    assert table_of(book(tmp_path, sheet(model))).publication.coverage == "part"


def test_rows_and_columns_are_found_by_name_whatever_their_numbers(tmp_path: Path) -> None:
    """Editions number final use and the rows beneath differently."""

    def renumber(rows: Rows) -> None:
        rows[5][10:25] = [f"c{37 + k % 5}" for k in range(15)]
        for k, row in enumerate(rows[12:]):
            row[3] = f"r{80 + k}"

    assert_says(table_of(changed(tmp_path, renumber)), MODEL)


def test_rows_and_columns_are_found_by_number_where_names_differ(tmp_path: Path) -> None:
    def rename(rows: Rows) -> None:
        rows[3][10:25] = ["Final use"] * 15
        for row in rows[12:]:
            row[1] = "Total"

    assert_says(table_of(changed(tmp_path, rename)), MODEL)


def test_rows_are_found_wherever_they_stand(tmp_path: Path) -> None:
    def reverse(rows: Rows) -> None:
        rows[6:] = reversed(rows[6:])

    assert_says(table_of(changed(tmp_path, reverse)), MODEL)


def test_output_is_known_by_its_name_too(tmp_path: Path) -> None:
    def blank(rows: Rows) -> None:
        rows[4][25] = ""
        for row in rows[2:]:
            row.append("check")
        rows.extend([["Source: WIOD"], ["", "Sum of all", "", "r70", 1.0]])

    assert_says(table_of(changed(tmp_path, blank)), MODEL)


def test_a_year_of_a_folder_or_an_archive(tmp_path: Path) -> None:
    files = [book(tmp_path, year=year) for year in (1995, 2000, 2011)]
    (tmp_path / "notes.txt").write_text("x")
    assert table_of(tmp_path, 2000).publication.year == 2000
    archive = packed(tmp_path / "WIOTS_in_EXCEL.zip", *files, under="WIOTS_in_EXCEL/")
    for source in (archive, tmp_path):
        assert_says(table_of(source, 2011), MODEL)
        assert str(refused(source, 1999)) == (
            f"{source} does not hold the year 1999 of WIOD 2013.\n\n"
            "    found: 1995 to 2011\n\n"
            "Name one of them with --year."
        )


def test_names_in_small_letters_as_first_published(tmp_path: Path) -> None:
    book(tmp_path, name="wiot95_row_apr12.xlsx")
    assert table_of(tmp_path).publication.year == 1995


# What is refused ----------------------------------------------------------------------------------


def test_a_folder_without_tables(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert isinstance(error, UnreadableFileError)
    assert str(error) == f"There is no world table of WIOD 2013 in {tmp_path}.\n\n{REMEDY}"
    write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": [["x"]]})
    (tmp_path / "notes.txt").write_text("x")
    assert str(refused(tmp_path)) == (
        f"There is no world table of WIOD 2013 in {tmp_path}.\n\n"
        "    found: WIOT2000_Nov16_ROW.xlsb\n\n"
        f"{REMEDY}"
    )


def test_a_folder_with_two_of_a_year(tmp_path: Path) -> None:
    files = book(tmp_path), book(tmp_path, name="wiot95_row_sep12.xlsx")
    assert str(refused(tmp_path)) == (
        f"{tmp_path} holds the same year of WIOD 2013 more than once.\n\n"
        f"    {files[0]}\n    {files[1]}\n\n"
        "Name the file itself."
    )


def test_a_folder_with_both_forms(tmp_path: Path) -> None:
    folder = tidy(tmp_path / "both", MODEL)
    book(folder)
    assert str(refused(folder)) == (
        f"{folder} holds WIOD 2013 in two forms.\n\n"
        "    Parquet files: wiod13_Y_1995.parquet, wiod13_Z_1995.parquet, wiod13_x.parquet\n"
        "    workbooks: WIOT95_ROW_Apr12.xlsx\n\n"
        "Keep one of them in a folder, or name a workbook itself."
    )


def test_a_workbook_of_release_2016(tmp_path: Path) -> None:
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": sheet(year=2000)})
    assert str(refused(file)) == (
        f"{file} has no sheet such as WIOT_1995, as the world tables of WIOD 2013 have.\n\n"
        "    sheets: 2000\n\n"
        f"{REMEDY}"
    )


def test_a_renamed_sheet(tmp_path: Path) -> None:
    file = book(tmp_path, page="Sheet1")
    assert str(refused(file)) == (
        f"{file} has no sheet WIOT_1995, as the world tables of WIOD 2013 have.\n\n"
        "    sheets: Sheet1\n\n"
        f"{REMEDY}"
    )
    assert refused(book(tmp_path, page="WIOT_1996")).evidence == ("sheets: WIOT_1996",)


def test_a_year_that_the_file_does_not_hold(tmp_path: Path) -> None:
    assert str(refused(book(tmp_path), 2001)).endswith(
        "does not hold the year 2001 of WIOD 2013.\n\n"
        "    found: 1995\n\n"
        "Name one of them with --year."
    )


def test_prices_of_the_previous_year(tmp_path: Path) -> None:
    file = book(tmp_path, year=1996, name="wiot96_row_pyp_apr12.xlsx")
    assert str(refused(file)) == (
        f"{file} is a table in prices of the previous year.\n\n"
        "    'wiot96_row_pyp_apr12.xlsx'\n\n"
        f"{REMEDY}"
    )
    rows = sheet()
    rows[1] = ["41 countries, in previous year prices"]
    file = book(tmp_path, rows)
    assert refused(file).happened == (
        f"{file}, sheet 'WIOT_1995' is a table in prices of the previous year."
    )


def test_other_regions_industries_unit_and_title(tmp_path: Path) -> None:
    model = world(("AUS", "HRV", "RoW"), ("AtB", "C10-C12"), ROLES, ITEMS, rest="VA")
    rows = sheet(model, year=1996)
    rows[3][0] = "(millions of EUR)"
    file = book(tmp_path, rows)
    assert str(refused(file)) == (
        f"{file}, sheet 'WIOT_1995' is no world table of WIOD 2013 for 1995.\n\n"
        "    unknown regions: HRV\n"
        "    unknown industries: C10-C12\n"
        "    unit: '(millions of EUR)'\n"
        "    title: 'World Input-Output Table, 1996'\n\n"
        f"{REMEDY}"
    )


def test_another_layout(tmp_path: Path) -> None:
    file = book(tmp_path, [["Year", "Code"], ["1995", "c1"]])
    assert str(refused(file)) == (
        f"{file}, sheet 'WIOT_1995' is not laid out as {TABLE}.\n\n"
        "    no row 4 to 12 has 'c1' in column E, where the columns are numbered\n\n"
        f"{REMEDY}"
    )


def test_rows_that_were_cut_off(tmp_path: Path) -> None:
    file = book(tmp_path, sheet()[:11])
    assert str(refused(file)) == (
        f"The labels of {file}, sheet 'WIOT_1995' are not those of {TABLE}.\n\n"
        "    RoW, 15t16: no row\n"
        "    II_fob: no row\n"
        "    TXSP: no row\n"
        "    EXP_adj: no row\n"
        "    PURR: no row\n"
        "    … and 4 more\n\n"
        f"{WHOLE}"
    )


def test_columns_that_were_cut_off(tmp_path: Path) -> None:
    file = book(tmp_path, [row[:20] for row in sheet()])
    assert refused(file).evidence == ("no column 'Total output' right of final use",)


def test_labels_that_stand_twice_or_are_missing(tmp_path: Path) -> None:
    def confuse(rows: Rows) -> None:
        rows[2][5] = "AtB"
        rows[7][0] = "AtB"
        rows[2][6] = ""
        rows[13][1:4] = "Other taxes", "TOT", "r98"

    file = changed(tmp_path, confuse)
    assert str(refused(file)) == (
        f"The labels of {file}, sheet 'WIOT_1995' are not those of {TABLE}.\n\n"
        "    column G: no region and code\n"
        "    AUS, AtB: columns E and F\n"
        "    AUS, AtB: rows 7 and 8\n"
        "    TXSP: no row\n"
        "    row 9, 'ROM AtB': no column\n"
        "    … and 1 more\n\n"
        f"{WHOLE}"
    )
    assert refused(file).evidence[-1] == "row 14, 'Other taxes': no column"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("", "has empty cells where numbers must stand"),
        ("1,5", "has numbers that are written with commas"),
        ("n.a.", "has cells without a number where numbers must stand"),
    ],
)
def test_cells_without_a_number(tmp_path: Path, cell: str, told: str) -> None:
    def spoil(rows: Rows) -> None:
        rows[7][6] = cell

    file = changed(tmp_path, spoil)
    error = refused(file)
    assert isinstance(error, InvalidTableError)
    assert error.happened == f"{file} {told}."
    assert error.evidence == (f"sheet 'WIOT_1995', cell G8: {(cell and repr(cell)) or 'empty'}",)


def test_faults_of_a_workbook_in_an_archive_name_the_archive(tmp_path: Path) -> None:
    def spoil(rows: Rows) -> None:
        rows[7][6] = "n.a."

    archive = packed(tmp_path / "WIOTS_in_EXCEL.zip", changed(tmp_path, spoil))
    error = refused(archive)
    assert error.happened == (
        f"{archive}/WIOT95_ROW_Apr12.xlsx has cells without a number where numbers must stand."
    )


def test_output_stated_twice_and_differently(tmp_path: Path) -> None:
    def shift(rows: Rows) -> None:
        rows[6][25] = 2 * float(MODEL.output[0])

    file = changed(tmp_path, shift)
    assert refused(file).happened == (
        f"{file}, sheet 'WIOT_1995' states the output of 1 of 6 industries twice, and differently."
    )


def test_what_is_no_workbook(tmp_path: Path) -> None:
    file = tmp_path / "wiod13_Z_1995.parquet"
    file.write_bytes(b"PAR1")
    assert refused(file).evidence == ("it is a Parquet file",)
    cut = book(tmp_path)
    cut.write_bytes(cut.read_bytes()[:-400])
    assert refused(cut).happened == f"{cut} is a damaged zip archive."
