"""World tables of WIOD release 2016, from small files in the publisher's layout.

`.xlsb` files are written record by record, with invented numbers; no real file is met here.
"""

from pathlib import Path

import pytest

from model_files import (
    Rows,
    World,
    assert_says,
    wide_values,
    world,
    write_csv,
    write_xlsb,
    write_xlsx,
)
from planboard.errors import InvalidTableError, PlanboardError, UnreadableFileError
from planboard.publishers.format import Request
from planboard.publishers.wiod2016_world import ROLES, read
from planboard.tables import InputOutputTable

ITEMS = ("TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM")
MODEL = world(("AUS", "POL", "ROW"), ("A01", "C10-C12"), tuple(ROLES), ITEMS, rest="VA")
REMEDY = "Take WIOTYEAR_Nov16_ROW.xlsb from the publisher, in current prices, and leave its name."
WHOLE = "Take the publisher's file again, whole and as it is."


def sheet(model: World = MODEL) -> Rows:
    """The publisher's sheet: four lines of title and labels, two more of labels, values from E7."""
    final = [f"c{57 + model.categories.index(c)}" for _, c in model.final]
    numbers = [f"c{model.sectors.index(s) + 1}" for _, s in model.industries]
    blank = ["", "", ""]
    head: Rows = [
        ["Intercountry Input-Output Table"],
        ["43 countries, in current prices"],
        ["(industry-by-industry)", *blank, *codes(model), "GO"],
        [
            "(millions of US$)",
            *blank,
            *(f"Name of {code}" for code in codes(model)),
            "Total output",
        ],
        ["", *blank, *(region for region, _ in [*model.industries, *model.final]), "TOT"],
        ["", *blank, *numbers, *final, "c62"],
    ]
    left: Rows = [
        [sector, f"Name of {sector}", region, f"r{k + 1}"]
        for k, (region, sector) in enumerate(model.industries)
    ]
    left += [
        [code, f"Name of {code}", "TOT", f"r{65 + k}"]
        for k, code in enumerate(["II_fob", *model.items, "GO"])
    ]
    return head + [[*a, *b] for a, b in zip(left, wide_values(model), strict=True)]


def frame(model: World = MODEL, year: int = 2000, first: str = "") -> Rows:
    """The data frame of the publisher's files for R (and, with `first` = "v", for Stata)."""
    columns = [f"{first}{r}{model.sectors.index(s) + 1}" for r, s in model.industries]
    columns += [f"{first}{r}{57 + model.categories.index(c)}" for r, c in model.final]
    head: list[object] = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year"]
    left: Rows = [
        [sector, f"Name of {sector}", region, model.sectors.index(sector) + 1, year]
        for region, sector in model.industries
    ]
    left += [
        [code, f"Name of {code}", "TOT", 65 + k, year]
        for k, code in enumerate(["II_fob", *model.items, "GO"])
    ]
    values = [[*a, *b] for a, b in zip(left, wide_values(model), strict=True)]
    return [[*head, *columns, f"{first}TOT"], *values]


def codes(model: World) -> list[str]:
    return [code for _, code in [*model.industries, *model.final]]


def table_of(file: Path, year: int | None = None) -> InputOutputTable:
    return read(Request(file, year))


def refused(file: Path, year: int | None = None) -> PlanboardError:
    with pytest.raises(PlanboardError) as caught:
        table_of(file, year)
    return caught.value


# What is read -------------------------------------------------------------------------------------


def test_the_sheet_is_read_from_a_binary_workbook(tmp_path: Path) -> None:
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": sheet()})
    table = table_of(file)
    assert_says(table, MODEL)
    assert table.regions == ("AUS", "POL", "ROW")
    assert table.sectors == ("A01", "C10-C12")
    assert dict(table.roles) == {
        "CONS_h": "households",
        "CONS_np": "given",
        "CONS_g": "government",
        "GFCF": "capital_formation",
        "INVEN": "inventories",
    }


def test_head_of_the_table(tmp_path: Path) -> None:
    table = table_of(write_xlsb(tmp_path / "WIOT2014_Nov16_ROW.xlsb", {"2014": sheet()}))
    head = table.publication
    assert (head.name, head.year, head.currency) == ("wiod2016-2014", 2014, "USD")
    assert (head.unit, head.price_basis) == ("million 2014 USD", "basic")
    assert (head.coverage, head.licence) == ("world", "CC BY 4.0")
    assert "doi:10.34894/PJ2M1C" in head.attribution
    assert head.labels["A01"] == "Name of A01"
    assert head.labels["IntTTM"] == "International transport margins"
    assert head.notes == ("The file holds 3 of 44 regions and 2 of 56 industries.",)


def test_without_the_rest_of_the_world_it_is_a_part(tmp_path: Path) -> None:
    model = world(("AUS", "POL"), ("A01", "B"), tuple(ROLES), ITEMS, rest="VA")
    table = table_of(write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": sheet(model)}))
    assert_says(table, model)
    assert table.publication.coverage == "part"


@pytest.mark.parametrize("separator", [",", ";"])
def test_the_sheet_saved_in_other_ways(tmp_path: Path, separator: str) -> None:
    assert_says(
        table_of(write_xlsx(tmp_path / "WIOT2000_Nov16_ROW.xlsx", {"2000": sheet()})), MODEL
    )
    file = write_csv(tmp_path / "WIOT2000_Nov16_ROW.csv", sheet(), separator)
    assert_says(table_of(file), MODEL)
    assert table_of(file).publication.year == 2000


@pytest.mark.parametrize("first", ["", "v"])
def test_the_data_frame_for_r_and_stata(tmp_path: Path, first: str) -> None:
    table = table_of(write_csv(tmp_path / "WIOT2003_October16_ROW.csv", frame(MODEL, 2003, first)))
    assert_says(table, MODEL)
    assert table.publication.year == 2003
    assert table_of(write_csv(tmp_path / "mine.csv", frame(MODEL, 2004))).publication.year == 2004


def test_rows_are_found_by_their_labels(tmp_path: Path) -> None:
    rows = sheet()
    rows[6:] = reversed(rows[6:])
    assert_says(table_of(write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": rows})), MODEL)


def test_what_stands_right_of_output_and_beneath_is_left_alone(tmp_path: Path) -> None:
    rows = [[*row, "check"] for row in sheet()] + [["Source: WIOD"]]
    rows[4][-1] = "check"
    assert_says(table_of(write_xlsx(tmp_path / "WIOT2000_Nov16_ROW.xlsx", {"2000": rows})), MODEL)


def test_a_year_of_a_folder(tmp_path: Path) -> None:
    for year in (2000, 2001):
        write_xlsb(tmp_path / f"WIOT{year}_Nov16_ROW.xlsb", {str(year): sheet()})
    assert table_of(tmp_path, 2001).publication.year == 2001
    assert str(refused(tmp_path)) == (
        f"{tmp_path} holds several years of WIOD 2016, and nobody said which.\n\n"
        "    found: 2000 to 2001\n\n"
        "Name one of them with --year."
    )
    assert str(refused(tmp_path, 1999)) == (
        f"{tmp_path} does not hold the year 1999 of WIOD 2016.\n\n"
        "    found: 2000 to 2001\n\n"
        "Name one of them with --year."
    )


# What is refused ----------------------------------------------------------------------------------


def test_a_year_that_the_file_does_not_hold(tmp_path: Path) -> None:
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": sheet()})
    assert str(refused(file, 2001)) == (
        f"{file} does not hold the year 2001 of WIOD 2016.\n\n"
        "    found: 2000\n\n"
        "Name one of them with --year."
    )


def test_a_folder_without_tables_or_with_two_of_a_year(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert isinstance(error, UnreadableFileError)
    assert str(error) == f"There is no world table of WIOD 2016 in {tmp_path}.\n\n{REMEDY}"
    write_csv(tmp_path / "WIOT2000_Nov16_ROW.csv", sheet())
    write_csv(tmp_path / "WIOT2000_October16_ROW.csv", frame())
    assert str(refused(tmp_path, 2000)) == (
        f"{tmp_path} holds the same year of WIOD 2016 more than once.\n\n"
        "    WIOT2000_Nov16_ROW.csv\n"
        "    WIOT2000_October16_ROW.csv\n\n"
        "Name the file itself."
    )


def test_a_renamed_sheet(tmp_path: Path) -> None:
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"Notes": [["x"]], "Sheet1": sheet()})
    assert str(refused(file)) == (
        f"{file} has no sheet named by its year, as the world tables of WIOD 2016 have.\n\n"
        "    sheets: Notes, Sheet1\n\n"
        f"{REMEDY}"
    )
    named_for_another = write_xlsb(tmp_path / "WIOT2001_Nov16_ROW.xlsb", {"2000": sheet()})
    assert refused(named_for_another).evidence == ("sheets: 2000",)


def test_a_csv_file_that_does_not_say_its_year(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "mine.csv", sheet())
    assert str(refused(file)) == (
        f"{file} does not say of which one year it is.\n\n"
        "    its name and its column Year: nothing\n\n"
        f"{REMEDY}"
    )
    assert table_of(file, 2005).publication.year == 2005
    rows = frame(MODEL, 2000)
    rows[3][4] = 2001
    assert refused(write_csv(file, rows)).evidence == ("its name and its column Year: 2000, 2001",)
    named = write_csv(tmp_path / "WIOT2003_Nov16_ROW.csv", frame(MODEL, 2000))
    assert refused(named).evidence == ("its name and its column Year: 2000, 2003",)


def test_prices_of_the_previous_year(tmp_path: Path) -> None:
    file = write_xlsb(tmp_path / "WIOT2000_PYP_Nov16_ROW.xlsb", {"2000": sheet()})
    assert str(refused(file)) == (
        f"{file} is a table in prices of the previous year.\n\n"
        "    'WIOT2000_PYP_Nov16_ROW.xlsb'\n\n"
        f"{REMEDY}"
    )
    rows = sheet()
    rows[1] = ["43 countries, in previous year prices"]
    file = write_xlsb(tmp_path / "mine.xlsb", {"2000": rows})
    assert str(refused(file)) == (
        f"{file}, sheet '2000' is a table in prices of the previous year.\n\n"
        "    '43 countries, in previous year prices'\n\n"
        f"{REMEDY}"
    )


def test_another_release_or_unit(tmp_path: Path) -> None:
    model = world(("AUS", "ROM", "RoW"), ("AtB", "C"), tuple(ROLES), ITEMS, rest="VA")
    rows = sheet(model)
    rows[3][0] = "(millions of EUR)"
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": rows})
    assert str(refused(file)) == (
        f"{file}, sheet '2000' is no world table of WIOD 2016.\n\n"
        "    unknown regions: ROM, RoW\n"
        "    unknown industries: AtB, C\n"
        "    unit: '(millions of EUR)'\n\n"
        f"{REMEDY}"
    )


def test_another_layout(tmp_path: Path) -> None:
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": [["Year", "Code"], ["2000"]]})
    assert str(refused(file)) == (
        f"{file}, sheet '2000' is not laid out as the world tables of WIOD, release 2016.\n\n"
        "    no row of the first 12 has 'c1' in column E, where the columns are numbered\n\n"
        "Take the publisher's file as it is; a table cut or rearranged by hand is not read."
    )


def test_a_file_that_was_cut_off(tmp_path: Path) -> None:
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": sheet()})
    file.write_bytes(file.read_bytes()[:-400])
    assert str(refused(file)) == (
        f"{file} is a damaged zip archive.\n\n"
        "    its table of contents is missing or broken: the file was cut off\n\n"
        "Take the file from the publisher again, whole."
    )
    cut = write_csv(tmp_path / "WIOT2000_Nov16_ROW.csv", sheet()[:10])
    assert str(refused(cut)) == (
        f"The labels of {cut} are not those of the world tables of WIOD, release 2016.\n\n"
        "    ROW, A01: no row\n"
        "    ROW, C10-C12: no row\n"
        "    II_fob: no row\n"
        "    TXSP: no row\n"
        "    EXP_adj: no row\n"
        "    … and 5 more\n\n"
        f"{WHOLE}"
    )


def test_columns_that_were_cut_off(tmp_path: Path) -> None:
    rows = [row[:20] for row in sheet()]
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": rows})
    assert refused(file).evidence == (
        "no column of total output, of the region 'TOT', right of final use",
    )
    rows = [[*row[:21], *row[23:]] for row in sheet()]
    assert refused(write_xlsb(file, {"2000": rows})).evidence == ("ROW: no column CONS_np, CONS_g",)


def test_labels_that_stand_twice_or_are_missing(tmp_path: Path) -> None:
    rows = sheet()
    rows[2][5] = "A01"
    rows[7][0] = "A01"
    rows[4][6] = ""
    rows[8][0] = "A02"
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": rows})
    assert str(refused(file)) == (
        f"The labels of {file}, sheet '2000' are not those of the world tables of WIOD, release "
        "2016.\n\n"
        "    column G: no region and code\n"
        "    AUS, A01: columns E and F\n"
        "    AUS, A01: rows 7 and 8\n"
        "    row 9, 'POL A02': no column\n\n"
        f"{WHOLE}"
    )


def test_a_block_that_was_shifted(tmp_path: Path) -> None:
    rows = sheet()
    for row in rows[6:12]:
        row[-1] = float(row[-1]) * (1.2 if row is rows[7] else 1.1)  # type: ignore[arg-type]
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": rows})
    output = MODEL.output
    assert str(refused(file)).startswith(
        f"{file}, sheet '2000' states the output of 6 of 6 industries twice, and differently.\n\n"
        f"    AUS, C10-C12: {output[1] * 1.2:,.1f} at the right, {output[1]:,.1f} beneath\n"
    )


def test_output_that_differs_by_rounding_is_read(tmp_path: Path) -> None:
    """By up to a hundredth, or by one million: the smallest industries are rounded most."""
    rows = sheet()
    rows[6][-1] = float(MODEL.output[0]) + 0.99
    rows[7][-1] = 1.0098 * float(MODEL.output[1])
    assert 0.0098 * MODEL.output[1] > 1
    table = table_of(write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": rows}))
    assert table.gross_output.iloc[0] == MODEL.output[0] + 0.99
    assert table.gross_output.iloc[1] == 1.0098 * MODEL.output[1]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("", "has empty cells where numbers must stand"),
        ("1,5", "has numbers that are written with commas"),
        ("n.a.", "has cells without a number where numbers must stand"),
    ],
)
def test_cells_without_a_number(tmp_path: Path, cell: str, told: str) -> None:
    rows = sheet()
    rows[7][6] = cell
    file = write_xlsb(tmp_path / "WIOT2000_Nov16_ROW.xlsb", {"2000": rows})
    error = refused(file)
    assert isinstance(error, InvalidTableError)
    assert error.happened == f"{file} {told}."
    assert error.evidence == (f"sheet '2000', cell G8: {(cell and repr(cell)) or 'empty'}",)
    rows = frame()
    rows[2][6] = cell
    file = write_csv(tmp_path / "WIOT2000_Nov16_ROW.csv", rows)
    assert refused(file).evidence == (f"cell G3: {(cell and repr(cell)) or 'empty'}",)


def test_a_data_frame_that_numbers_industries_differently(tmp_path: Path) -> None:
    """A column such as POL1 is an industry by its number alone."""
    rows = frame()
    rows[3][0], rows[4][0] = rows[4][0], rows[3][0]
    file = write_csv(tmp_path / "WIOT2000_October16_ROW.csv", rows)
    error = str(refused(file))
    assert error.startswith(
        f"The labels of {file} are not those of the world tables of WIOD, release 2016.\n\n"
        "    column F: no region and code\n    column G: no region and code\n"
    )


@pytest.mark.parametrize("unit", ["(thousands of US$)", "(millions of EUR)"])
def test_another_unit(tmp_path: Path, unit: str) -> None:
    rows = sheet()
    rows[3][0] = unit
    file = write_xlsx(tmp_path / "WIOT2000_Nov16_ROW.xlsx", {"2000": rows})
    assert str(refused(file)) == (
        f"{file}, sheet '2000' is no world table of WIOD 2016.\n\n    unit: '{unit}'\n\n{REMEDY}"
    )
