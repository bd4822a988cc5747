"""FIGARO's tables, from small files in the publisher's layout.

The numbers are invented; no real file is met here.
"""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from model_files import Rows, World, assert_says, world, write_csv
from planboard.errors import InvalidTableError, PlanboardError, UnreadableFileError
from planboard.publishers import figaro, figaro_cells
from planboard.publishers.archive import Limits
from planboard.publishers.figaro import read
from planboard.publishers.format import Request
from planboard.tables import InputOutputTable

# In the order of the publisher's columns and rows.
FINAL = ("P3_S13", "P3_S14", "P3_S15", "P51G", "P5M")
ITEMS = ("D21X31", "OP_RES", "OP_NRES", "D1", "D29X39", "B2A3G")
MODEL = world(("AR", "DE", "FIGW1"), ("A01", "C31_32"), FINAL, ITEMS, rest="B2A3G")
MATRIX = "matrix_eu-ic-io_ind-by-ind_25ed_2010.csv"
FLAT = "flatfile_eu-ic-io_ind-by-ind_25ed_2023.csv"
REMEDY = (
    "Take matrix_eu-ic-io_… or flatfile_eu-ic-io_… from the publisher, and leave its name: it "
    "says edition and year."
)


def cells(model: World) -> tuple[list[tuple[str, str]], list[tuple[str, str]], np.ndarray]:
    """Labels of rows and columns, and every cell."""
    rows = [*model.industries, *(("W2", item) for item in model.items)]
    values = np.block([[model.transactions, model.final_use], [model.value_added, model.taxes]])
    return rows, [*model.industries, *model.final], values


def matrix(model: World = MODEL) -> Rows:
    """A line for every row; labels such as AR_A01 and W2_D1."""
    rows, columns, values = cells(model)
    head: Rows = [["rowLabels", *map("_".join, columns)]]
    return head + [["_".join(row), *line] for row, line in zip(rows, values.tolist(), strict=True)]


def flat(model: World = MODEL, kind: str = "Ii") -> Rows:
    """A line for every cell."""
    rows, columns, values = cells(model)
    short = {"Ii": "icioi", "Pi": "iciop", "Pp": "iciop"}[kind]
    head: Rows = [
        [f"{short}Row", f"{short}Col", "refArea", f"row{kind}", "counterpartArea", f"col{kind}"]
    ]
    head[0].append("obsValue")
    lines = [
        ["_".join(row), "_".join(column), *row, *column, float(values[i, j])]
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    ]
    return head + lines


def table_of(file: Path, year: int | None = None, **choices: str) -> InputOutputTable:
    return read(Request(file, year, choices))


def refused(file: Path, year: int | None = None, **choices: str) -> PlanboardError:
    with pytest.raises(PlanboardError) as caught:
        table_of(file, year, **choices)
    return caught.value


# What is read -------------------------------------------------------------------------------------


def test_the_matrix_form(tmp_path: Path) -> None:
    table = table_of(write_csv(tmp_path / MATRIX, matrix()))
    assert_says(table, MODEL)
    assert table.publication.year == 2010
    assert table.sectors == ("A01", "C31_32")


@pytest.mark.parametrize("kind", ["Ii", "Pi", "Pp"])
def test_the_flat_form(tmp_path: Path, kind: str) -> None:
    table = table_of(write_csv(tmp_path / FLAT, flat(MODEL, kind)))
    assert_says(table, MODEL)
    assert table.publication.year == 2023


def test_cells_are_found_by_their_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In any order of lines and columns, and whatever is read at a time."""
    monkeypatch.setattr(figaro_cells, "LINES", 7)
    lines = flat()
    lines[1:] = reversed(lines[1:])
    table = table_of(write_csv(tmp_path / FLAT, lines))
    regions = ["AR", "DE", "FIGW1"]
    wanted = table_of(write_csv(tmp_path / MATRIX, matrix()))
    rows, final = wanted.transactions.index, wanted.final_use.columns
    assert table.regions == tuple(reversed(regions))
    assert table.transactions.loc[rows, rows].equals(wanted.transactions)
    assert table.final_use.loc[rows, final].equals(wanted.final_use)
    turned = [[line[0], *reversed(line[1:])] for line in matrix()]
    turned[1:] = reversed(turned[1:])
    table = table_of(write_csv(tmp_path / MATRIX, turned))
    assert table.transactions.loc[rows, rows].equals(wanted.transactions)
    assert table.value_added[rows].equals(wanted.value_added)


def test_roles_and_head(tmp_path: Path) -> None:
    table = table_of(write_csv(tmp_path / FLAT, flat()))
    assert dict(table.roles) == {
        "P3_S13": "government",
        "P3_S14": "households",
        "P3_S15": "given",
        "P51G": "capital_formation",
        "P5M": "inventories",
    }
    head = table.publication
    assert (head.name, head.currency, head.unit) == ("figaro-ixi-2023", "EUR", "million 2023 EUR")
    assert (head.price_basis, head.coverage) == ("basic", "world")
    assert head.title == "World economy 2023, 3 regions x 2 industries"
    assert head.source == (
        "Eurostat, FIGARO inter-country input-output table 2023, edition 2025, ind-by-ind"
    )
    assert head.labels["C31_32"] == "Furniture and other manufacturing"
    assert head.labels["FIGW1"] == "Rest of the world"
    assert head.labels["D21X31"] == "Taxes less subsidies on products"


def test_products(tmp_path: Path) -> None:
    model = world(("AR", "DE"), ("CPA_A01", "CPA_B"), FINAL, ITEMS, rest="B2A3G")
    file = tmp_path / "matrix_eu-ic-io_prod-by-prod_24ed_2022.csv"
    table = table_of(write_csv(file, matrix(model)))
    assert_says(table, model)
    head = table.publication
    assert (head.name, head.coverage) == ("figaro-pxp-2022", "part")
    assert head.title == "World economy 2022, 2 regions x 2 products"
    assert head.labels["CPA_B"] == "Mining and quarrying"


def test_an_archive_with_one_table(tmp_path: Path) -> None:
    file = tmp_path / FLAT.replace(".csv", ".zip")
    write_csv(tmp_path / "table.csv", flat())
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(tmp_path / "table.csv", FLAT)
    assert_says(table_of(file), MODEL)
    with zipfile.ZipFile(file, "a") as archive:
        archive.write(tmp_path / "table.csv", "another.csv")
    assert str(refused(file)) == (
        f"{file} holds 2 CSV files where one is expected.\n\n"
        f"    {FLAT}\n"
        "    another.csv\n\n"
        "Unpack it, and name the file itself."
    )


def test_a_table_of_a_folder(tmp_path: Path) -> None:
    products = world(("AR", "DE"), ("CPA_A01",), FINAL, ITEMS, rest="B2A3G")
    write_csv(tmp_path / MATRIX, matrix())
    write_csv(tmp_path / FLAT, flat())
    write_csv(tmp_path / "matrix_eu-ic-io_prod-by-prod_2010.csv", matrix(products))
    assert table_of(tmp_path, 2010).publication.name == "figaro-ixi-2010"
    assert table_of(tmp_path, 2010, system="pxp").publication.name == "figaro-pxp-2010"
    assert table_of(tmp_path, 2023, system="ixi").publication.name == "figaro-ixi-2023"
    assert str(refused(tmp_path, 2011)) == (
        f"{tmp_path} does not hold the year 2011 of FIGARO.\n\n"
        "    found: 2010 to 2023\n\n"
        "Name one of them with --year."
    )
    write_csv(tmp_path / "matrix_eu-ic-io_ind-by-ind_24ed_2010.csv", matrix())
    assert str(refused(tmp_path, 2010)) == (
        f"{tmp_path} holds the same year of FIGARO more than once.\n\n"
        "    matrix_eu-ic-io_ind-by-ind_24ed_2010.csv\n"
        "    matrix_eu-ic-io_ind-by-ind_25ed_2010.csv\n\n"
        "Name the file itself: editions differ, and are not mixed."
    )


# What is refused ----------------------------------------------------------------------------------


def test_missing_files(tmp_path: Path) -> None:
    error = refused(tmp_path, 2010)
    assert isinstance(error, UnreadableFileError)
    assert str(error) == f"There is no ind-by-ind table of FIGARO in {tmp_path}.\n\n{REMEDY}"
    file = tmp_path / MATRIX
    assert str(refused(file)) == (
        f"There is no file {file}.\n\nCheck its name, and the folder that you are in."
    )


def test_another_year_or_none(tmp_path: Path) -> None:
    file = write_csv(tmp_path / MATRIX, matrix())
    assert str(refused(file, 2011)) == (
        f"{file} does not hold the year 2011 of FIGARO.\n\n"
        "    found: 2010\n\n"
        "Name one of them with --year."
    )
    file = write_csv(tmp_path / "mine.csv", matrix())
    assert str(refused(file)) == (
        f"{file} does not say of which year it is.\n\n"
        "    a name that does: matrix_eu-ic-io_ind-by-ind_25ed_2023.csv\n\n"
        "Leave the file the publisher's name, or name the year with --year."
    )
    assert table_of(file, 2015).publication.source == (
        "Eurostat, FIGARO inter-country input-output table 2015, ind-by-ind"
    )


def test_another_system(tmp_path: Path) -> None:
    file = write_csv(tmp_path / MATRIX, matrix())
    assert str(refused(file, system="pxp")) == (
        f"{file} is not the table 'pxp' that is asked for.\n\n"
        "    it is ind-by-ind, by its name; 'pxp' is prod-by-prod\n\n"
        "Name the other file, or choose the other system."
    )


def test_another_file(tmp_path: Path) -> None:
    file = write_csv(tmp_path / MATRIX, [["country", "value"], ["AR", 1]])
    assert str(refused(file)) == (
        f"{file} is no table of FIGARO.\n\n    its first line: country, value\n\n{REMEDY}"
    )
    file.write_text("")
    assert refused(file).evidence == ("its first line: empty",)
    file.write_bytes(b"\xff\xfe\x00\x01")
    error = refused(file)
    assert isinstance(error, UnreadableFileError)
    assert error.happened == f"{file} is not a well-formed CSV file in UTF-8."


def test_a_supply_or_use_table(tmp_path: Path) -> None:
    """Its rows are products, its columns industries."""
    lines = [[*line] for line in flat()]
    for line in lines[1:]:
        if line[2] != "W2":
            line[3] = f"CPA_{line[3]}"
    file = write_csv(tmp_path / FLAT, lines)
    assert str(refused(file)) == (
        f"The labels of {file} are not those of a FIGARO input-output table.\n\n"
        "    AR_A01: no row\n"
        "    AR_C31_32: no row\n"
        "    DE_A01: no row\n"
        "    DE_C31_32: no row\n"
        "    FIGW1_A01: no row\n"
        "    … and 7 more\n\n"
        f"{REMEDY}"
    )


def test_a_matrix_that_was_cut_off(tmp_path: Path) -> None:
    file = write_csv(tmp_path / MATRIX, matrix()[:-2])
    assert refused(file).evidence == ("W2_D29X39: no row", "W2_B2A3G: no row")
    file = write_csv(tmp_path / MATRIX, [line[:-3] for line in matrix()])
    assert refused(file).evidence == ("FIGW1: no column P3_S15, P51G, P5M",)
    file.write_text(file.read_text()[:-200])
    assert len(refused(file).evidence) == 1
    lines = matrix()
    lines[3] = lines[3][:-2]
    error = refused(write_csv(tmp_path / MATRIX, lines))
    assert error.happened == f"{file} has cells without a number."
    assert error.evidence == ("line 4: 19 values under 21 names",)


def test_labels_that_stand_twice(tmp_path: Path) -> None:
    lines = matrix()
    lines[0][2] = lines[0][1]
    assert refused(write_csv(tmp_path / MATRIX, lines)).evidence == ("AR_A01: two columns",)
    lines = matrix()
    lines[2][0] = lines[1][0]
    assert refused(write_csv(tmp_path / MATRIX, lines)).evidence == (
        "AR_C31_32: no row",
        "AR_A01: two rows",
    )


@pytest.mark.parametrize("at_a_time", [figaro_cells.LINES, 7])
def test_a_cell_that_stands_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_a_time: int
) -> None:
    monkeypatch.setattr(figaro_cells, "LINES", at_a_time)
    lines = flat()
    file = write_csv(tmp_path / FLAT, [*lines, lines[1], lines[30]])
    assert str(refused(file)) == (
        f"Of the 252 cells of {file}, 2 stand twice.\n\n"
        "    AR_A01 x AR_A01\n"
        "    AR_C31_32 x AR_P3_S15\n\n"
        "A missing cell is not zero, and of two nobody knows which holds: take the file from the "
        "publisher again."
    )


def test_a_missing_cell(tmp_path: Path) -> None:
    lines = flat()
    del lines[30], lines[2]
    file = write_csv(tmp_path / FLAT, lines)
    assert str(refused(file)) == (
        f"Of the 252 cells of {file}, 2 are missing.\n\n"
        "    AR_A01 x AR_C31_32\n"
        "    AR_C31_32 x AR_P3_S15\n\n"
        "A missing cell is not zero, and of two nobody knows which holds: take the file from the "
        "publisher again."
    )
    cut = write_csv(tmp_path / FLAT, flat()[:-10])
    assert str(refused(cut)).splitlines()[0] == f"Of the 252 cells of {cut}, 10 are missing."


@pytest.mark.parametrize(("cell", "told"), [("", "empty"), ("1,5", "'1,5'"), (":", "':'")])
def test_cells_without_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, told: str
) -> None:
    monkeypatch.setattr(figaro_cells, "LINES", 7)
    lines = flat()
    lines[25][-1] = cell
    file = write_csv(tmp_path / FLAT, lines)
    error = refused(file)
    assert isinstance(error, InvalidTableError)
    assert str(error) == (
        f"{file} has cells without a number.\n\n"
        f"    line 26: {told}\n\n"
        "A missing number is not zero, and decimals have a point: take the file from the "
        "publisher again."
    )
    lines = matrix()
    lines[5][3] = cell
    assert refused(write_csv(tmp_path / MATRIX, lines)).evidence == (
        f"line 6, column DE_A01: {told}",
    )


def test_a_value_more_in_every_line(tmp_path: Path) -> None:
    lines = flat()
    file = write_csv(tmp_path / FLAT, [lines[0], *([*line, 5] for line in lines[1:])])
    assert str(refused(file)) == (
        f"{file} is not a well-formed CSV file in UTF-8.\n\n"
        "    Number of passed names did not match number of header fields in the file\n\n"
        f"{REMEDY}"
    )


def test_a_folder_called_like_a_file(tmp_path: Path) -> None:
    (tmp_path / MATRIX).mkdir()
    assert str(refused(tmp_path)) == (
        f"{tmp_path / MATRIX} is a folder, not a file.\n\n    it is empty\n\nName one file in it."
    )


def test_an_archive_of_more_than_a_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figaro, "ONE_YEAR", Limits(total=100))
    file = tmp_path / FLAT.replace(".csv", ".zip")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(FLAT, "x" * 101)
    assert str(refused(file)) == (
        f"{file} would unpack to more than any published table.\n\n"
        "    unpacks to 101 bytes, at most 100 bytes are read\n\n"
        "If you trust it, unpack it yourself and name what was in it."
    )
