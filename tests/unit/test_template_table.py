"""The template of a table: what is written reads back; what is filled in wrongly is told."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planboard.economy import ROLES
from planboard.errors import (
    InputError,
    InvalidTableError,
    OutputFolderError,
    UnknownNameError,
    UnreadableFileError,
)
from planboard.publishers.format import Request
from planboard.publishers.template import TEMPLATE, write_template
from planboard.tables import Accounts, InputOutputTable

SOURCE = "Example figures of the Planboard template, made up; name the tables that yours are from"
MILLER_BLAIR = """\
# name: miller_blair
# title: Two sectors
# source: Miller & Blair (2009), Input-Output Analysis, 2nd ed., ch. 2, Table 2.3
# licence: quoted for study
# year: 2009
# currency: USD
# unit: dollar
# price_basis: producers
,role,sector,sector,ordered,output
region,sector,Agriculture,Manufacturing,final demand,output
US,Agriculture,150,500,350,1000
US,Manufacturing,200,100,1700,2000
US,value added,650,1400,,
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are compared word for word: they name files relative to this folder."""
    monkeypatch.chdir(tmp_path)


def table(source: str | Path, **choices: str) -> InputOutputTable:
    read = TEMPLATE.read(Request(Path(source), choices=choices))
    assert isinstance(read, InputOutputTable)
    return read


def accounts(source: str | Path) -> Accounts:
    assert TEMPLATE.read_accounts is not None
    return TEMPLATE.read_accounts(Request(Path(source)))


def single(content: str = MILLER_BLAIR, *changes: tuple[str, str]) -> Path:
    """A CSV file with a table, changed here and there."""
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    Path("table.csv").write_text(content, encoding="utf-8")
    return Path("table.csv")


def folder(**changes: tuple[str, str] | str | None) -> Path:
    """The example as a folder, its files changed, written anew or taken away."""
    path = Path("table")
    shutil.rmtree(path, ignore_errors=True)
    write_template(path)
    for name, change in changes.items():
        file = path / f"{name}.csv"
        if change is None:
            file.unlink()
        elif isinstance(change, str):
            file.write_text(change, encoding="utf-8")
        else:
            text = file.read_text(encoding="utf-8")
            assert change[0] in text
            file.write_text(text.replace(*change), encoding="utf-8")
    return path


def said(
    reads: Callable[[str | Path], object],
    source: Path,
    kind: type[InputError] = InvalidTableError,
) -> str:
    with pytest.raises(kind) as error:
        reads(source)
    return str(error.value)


# What is written ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["new.xlsx", "new.csv", "new"])
def test_what_is_written_reads_and_balances(name: str) -> None:
    if name == "new.xlsx":
        pytest.importorskip("openpyxl", reason="workbooks are written with it")
    read = table(write_template(name))
    assert read.row_gaps().abs().max() == 0
    assert read.column_gaps().abs().max() == 0
    assert read.publication.source == SOURCE
    assert read.regions == ("HOME",)
    assert read.origins == ("HOME", "outside")
    assert read.publication.labels["AGR"] == "Agriculture"
    assert set(read.roles.values()) <= set(ROLES)
    assert read.final_use["outside"]["abroad"].tolist() == [10, 28, 20, 0, 0, 0]
    assert "abroad" not in read.roles  # exports are trade, no category of final use


def test_the_three_kinds_hold_the_same_table() -> None:
    pytest.importorskip("openpyxl", reason="workbooks are written with it")
    book, one, many = (table(write_template(name)) for name in ("a.xlsx", "b.csv", "c"))
    for other in (one, many):
        pd.testing.assert_frame_equal(other.transactions, book.transactions)
        pd.testing.assert_frame_equal(other.final_use, book.final_use)
        pd.testing.assert_series_equal(other.gross_output, book.gross_output)
        pd.testing.assert_frame_equal(other.value_added, book.value_added)
        assert other.roles == book.roles
    assert book.factors is not None
    assert many.factors is not None
    pd.testing.assert_frame_equal(many.factors, book.factors)
    assert book.factor_units == {"hours": "million hours", "emissions": "thousand tonnes of CO2"}
    assert book.factors_final_use is not None
    assert book.factors_final_use.loc["emissions", ("HOME", "households")] == 30


@pytest.mark.parametrize("name", ["new.xlsx", "new"])
def test_the_accounts_of_what_is_written(name: str) -> None:
    if name == "new.xlsx":
        pytest.importorskip("openpyxl", reason="workbooks are written with it")
    read = accounts(write_template(name))
    assert read.source == SOURCE
    assert read.units == {"capital_stock": "million USD", "investment": "million USD",
                          "depreciation": "1"}  # fmt: skip
    assert read.data.loc[("HOME", "IND", 2020), "capital_stock"] == 400
    assert read.data["investment"].sum() == 62  # capital formation of the table: 40 + 12 + 10
    assert read.years == [2020]


def test_a_table_without_accounts_has_none() -> None:
    assert accounts(single()).data.empty
    assert accounts(folder(accounts=None)).data.empty


@pytest.mark.parametrize("name", ["new.csv", "new"])
def test_nothing_is_overwritten(name: str) -> None:
    write_template(name)
    before = sorted(Path().rglob("*"))
    with pytest.raises(OutputFolderError, match=f"^{name} exists already"):
        write_template(name)
    assert sorted(Path().rglob("*")) == before


def test_a_template_of_another_kind() -> None:
    with pytest.raises(OutputFolderError) as error:
        write_template("new.xls")
    assert str(error.value) == (
        "No template is written as '.xls'.\n\n    new.xls\n\n"
        "End the name in .xlsx or .csv, or name a folder."
    )


def test_a_place_that_cannot_be_written() -> None:
    Path("file").touch()
    with pytest.raises(OutputFolderError) as error:
        write_template("file/new.csv")
    assert str(error.value).startswith("file/new.csv cannot be written.\n\n    ")
    assert sorted(Path().iterdir()) == [Path("file")]


def test_nothing_half_written_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fails)
    with pytest.raises(OutputFolderError) as error:
        write_template("in/new.csv")
    assert str(error.value) == (
        "in/new.csv cannot be written.\n\n    No space left on device\n\n"
        "Name another place; nothing half-written was left behind."
    )
    assert list(Path("in").iterdir()) == []


def test_others_may_read_what_was_written() -> None:
    assert write_template("in/new.csv").stat().st_mode & 0o777 == 0o644


def test_remarks_are_grey_and_numbers_are_numbers() -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="workbooks are written with it")
    sheet = openpyxl.load_workbook(write_template("new.xlsx"))["transactions"]
    assert sheet["A1"].font.color.rgb == "00808080"
    assert sheet["A1"].value.startswith("# Each row is a sector and what was sold of it; each")
    assert sheet["A5"].font.color is None or sheet["A5"].font.color.rgb != "00808080"
    assert sheet["C6"].value == 10


def test_without_the_writer_of_workbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(OutputFolderError) as error:
        write_template("new.xlsx")
    assert str(error.value) == (
        "A workbook cannot be written without the package openpyxl.\n\n"
        "Install it with `pip install openpyxl`, or name a .csv file or a folder."
    )


# A published table --------------------------------------------------------------------------------


def test_miller_and_blair(shared: Path) -> None:
    """The published Leontief inverse comes out of a table filled in by hand."""
    case = json.loads((shared / "cases/miller_blair.json").read_text(encoding="utf-8"))
    read = table(single())
    assert read.transactions.to_numpy().tolist() == case["Z"]
    assert read.gross_output.tolist() == case["x"]
    assert (read.row_gaps() == 0).all()
    assert (read.column_gaps() == 0).all()
    coefficients = read.transactions.to_numpy() / read.gross_output.to_numpy()
    inverse = np.linalg.inv(np.eye(2) - coefficients)
    np.testing.assert_allclose(inverse, case["expected"]["L"], atol=5e-5)
    assert read.roles == {"final demand": "ordered"}
    assert read.publication.price_basis == "producers"
    assert read.publication.name == "miller_blair"


SIMPLEST = """\
# source: x
# licence: y
# year: 2020
# currency: USD
# unit: dollar
# price_basis: basic
sector;A;B;households;exports;output
A;1;2;3;4;10
B;5;6;7;2;20
wages;4;12;;;
"""


def test_the_simplest_table_has_roles_for_names() -> None:
    read = table(single(SIMPLEST))
    assert read.publication.name == read.publication.title == "table"
    assert read.regions == ("HOME",)
    assert read.roles == {"households": "households"}
    assert list(read.final_use.columns) == [("HOME", "households"), ("outside", "exports")]
    assert read.transactions.to_numpy().tolist() == [[1, 2], [5, 6]]
    assert read.gross_output.tolist() == [10, 20]
    assert read.value_added.loc["wages"].tolist() == [4, 12]


def test_a_region_may_be_named_for_all() -> None:
    read = table(single(SIMPLEST, ("# year", "# region: POL\n# year")))
    assert read.regions == ("POL",)


def test_a_single_region_may_be_named_anywhere() -> None:
    """At the left alone (as in the file above), above alone, and not on the other sheets."""
    assert table(single()).regions == ("US",)
    rows = MILLER_BLAIR.replace("# price", "# region: ELSE\n# price").splitlines()
    above = [line.partition(",")[2] if not line.startswith("#") else line for line in rows]
    at = next(place for place, line in enumerate(above) if line.startswith("role"))
    above.insert(at, "region,US,US,US,US")
    assert table(single("\n".join(above))).regions == ("US",)
    path = folder(transactions=("HOME", "POL"), value_added=("region,HOME,HOME,HOME\n", ""),
                  factors=("HOME", "POL"), accounts=("HOME", "POL"))  # fmt: skip
    assert table(path).regions == ("POL",)
    assert accounts(path).data.index.unique("region").tolist() == ["POL"]


def test_a_workbook_of_one_sheet_may_call_it_anything() -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the workbook is written with it")
    book = openpyxl.Workbook()
    for line in SIMPLEST.splitlines():
        cells: list[Any] = [line] if line.startswith("#") else line.split(";")
        book.active.append([float(c) if c.isdigit() else c or None for c in cells])
    book.create_sheet("_notes").append(["nobody reads this"])
    book.save("office.xlsx")
    assert table("office.xlsx").gross_output.tolist() == [10, 20]


TWO_REGIONS = """\
# source: x
# licence: y
# year: 2020
# currency: EUR
# unit: million EUR
# price_basis: basic
# coverage: world
,region,N,,S,N,S,S
,role,sector,sector,sector,households,households,output
region,sector,A,B,A,cons,cons,output
N,A,1,2,3,4,0,10
,B,1,2,3,4,5,15
S,A,2,2,2,3,11,20
,wages,6,9,12,,,
"""


def test_two_regions_that_stand_once_each() -> None:
    read = table(single(TWO_REGIONS))
    assert read.regions == ("N", "S")
    assert list(read.transactions.columns) == [("N", "A"), ("N", "B"), ("S", "A")]
    assert list(read.transactions.index) == [("N", "A"), ("N", "B"), ("S", "A")]
    assert read.final_use["S"]["cons"].tolist() == [0, 5, 11]
    assert read.value_added.loc["wages", ("S", "A")] == 12
    assert read.publication.coverage == "world"
    assert (read.row_gaps() == 0).all()
    assert (read.column_gaps() == 0).all()


def test_trade_with_a_partner_that_is_named() -> None:
    path = folder(transactions=("outside", "ROW"))
    read = table(path)
    assert read.origins == ("HOME", "ROW")
    assert read.final_use["ROW"]["abroad"].tolist() == [10, 28, 20, 0, 0, 0]
    assert "abroad" not in read.roles


def test_columns_may_stand_in_any_order() -> None:
    """Names align, positions never."""
    value_added = "region,HOME,HOME,HOME\nitem,SER,AGR,IND\nwages,190,39,74\n"
    read = table(folder(value_added=value_added))
    assert (read.column_gaps() == 0).all()
    rows = MILLER_BLAIR.splitlines(keepends=True)
    rows[10], rows[11] = rows[11], rows[10]
    swapped = table(single("".join(rows)))
    pd.testing.assert_series_equal(swapped.gross_output, table(single()).gross_output)
    assert swapped.row_gaps().tolist() == [0, 0]


def test_taxes_on_final_use() -> None:
    value_added = (
        "region,HOME,HOME,HOME,HOME\nitem,AGR,IND,SER,households\n"
        "wages,38,74,190,\ntaxes,1,0,0,15\n"
    )
    read = table(folder(value_added=value_added))
    assert read.final_use_taxes is not None
    assert read.final_use_taxes.loc["taxes", ("HOME", "households")] == 15
    assert read.final_use_taxes.to_numpy().sum() == 15
    assert list(read.final_use_taxes.columns) == list(read.final_use.columns)


def test_blank_means_zero_only_where_it_is_said() -> None:
    change = ("HOME,AGR,10,30,5,", "HOME,AGR,10,,5,")
    assert said(table, folder(transactions=change)) == (
        "table/transactions.csv has empty cells where numbers must stand.\n\n"
        "    cell D6: empty\n\n"
        "A missing number is not zero: write the number, or a zero."
    )
    path = folder(transactions=change, about=("blank,refused", "blank,zero"))
    assert table(path).transactions.iloc[0].tolist() == [10, 0, 5]


def test_decimal_commas() -> None:
    path = single(SIMPLEST, ("A;1;2;", "A;1,5;2;"))
    assert said(table, path).startswith(
        "table.csv has numbers that are written with commas.\n\n    cell B8: '1,5'\n\n"
    )
    assert table(path, decimal=",").transactions.iloc[0, 0] == 1.5


# What it says of itself ---------------------------------------------------------------------------


def test_a_table_must_say_what_it_is() -> None:
    path = single(MILLER_BLAIR, ("# source: ", "# "), ("# price_basis: producers\n", ""))
    assert said(table, path) == (
        "table.csv does not say what it is: 2 of its keys are missing.\n\n"
        "    source: where the figures are from, down to the table or page\n"
        "    price_basis: basic, producers or purchasers\n\n"
        "Write it on the sheet 'about', or at the head of a CSV file in a line such as "
        "'# year: 2020'."
    )
    path = folder(about=("price_basis,basic\n", "price_basis,\n"))
    assert said(table, path).startswith(
        "table does not say what it is: 1 of its keys is missing.\n\n    price_basis: basic, "
    )


def test_price_bases_are_never_mixed() -> None:
    path = folder(transactions=("# Each row", "# price_basis: purchasers\n# Each row"))
    assert said(table, path) == (
        "table mixes price bases.\n\n"
        "    about.csv, cell A9: basic\n"
        "    transactions.csv, cell A1: purchasers\n\n"
        "Bring every sheet to one price basis first; different bases are never mixed."
    )
    same = folder(transactions=("# Each row", "# price_basis: basic\n# Each row"))
    assert table(same).publication.price_basis == "basic"


def test_an_unknown_price_basis() -> None:
    path = folder(about=("price_basis,basic", "price_basis,market"))
    assert said(table, path) == (
        "Table 'my-table' has the price_basis 'market'.\n\n"
        "    known: basic, producers, purchasers\n\n"
        "Say which one holds; tables of different bases are never mixed."
    )


def test_currencies_are_never_mixed() -> None:
    path = folder(value_added=("# What", "# currency: EUR\n# What"))
    assert said(table, path) == (
        "table mixes currencies.\n\n"
        "    about.csv, cell A7: USD\n    value_added.csv, cell A1: EUR\n\n"
        "Bring all amounts to one currency first."
    )


def test_two_different_units() -> None:
    path = folder(value_added=("# What", "# unit: thousand USD\n# What"))
    assert said(table, path).startswith("table says two different things of its unit.\n\n")


def test_unknown_keys() -> None:
    path = single(MILLER_BLAIR, ("# title", "# tittle"))
    assert said(table, path, UnknownNameError) == (
        "table.csv says something of 'tittle', which the template does not know.\n\n"
        "    table.csv, cell A2\n\n"
        "Closest names: 'title' (13 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


def test_what_is_no_year() -> None:
    path = folder(about=("year,2020", "year,last"))
    assert said(table, path) == (
        "table has no year where one must stand.\n\n    about.csv, cell A6: 'last'\n\n"
        "Write it with four digits."
    )


def test_another_year_than_the_one_asked_for() -> None:
    with pytest.raises(InvalidTableError) as error:
        TEMPLATE.read(Request(single(), year=2010))
    assert str(error.value) == (
        "table.csv does not hold the year 2010 of the table 'miller_blair'.\n\n"
        "    found: 2009\n\nName one of them with --year."
    )


def test_an_unknown_meaning_of_blank() -> None:
    path = folder(about=("blank,refused", "blank,nought"))
    assert said(table, path, UnknownNameError).startswith(
        "There is no meaning of blank 'nought' (about.csv, cell A12)."
    )


# What is filled in wrongly ------------------------------------------------------------------------


def test_unknown_sheets() -> None:
    path = folder()
    (path / "factors.csv").rename(path / "facters.csv")
    assert said(table, path, UnknownNameError) == (
        "table has a sheet 'facters', which the template does not know.\n\n"
        "Closest names: 'factors', 'accounts', 'names' (7 in all).\n\n"
        "Names must match to the letter, capitals and spaces included.\n\n"
        "Names of sheets that are not to be read begin with '_'."
    )
    (path / "facters.csv").rename(path / "_facters.csv")
    assert table(path).factors is None


def test_no_transactions() -> None:
    assert said(table, folder(transactions=None)) == (
        "table has no sheet 'transactions'.\n\n"
        "    found: about, accounts, factors, names, value_added\n\n"
        "It holds the flows between sectors, final use and output."
    )


def test_an_empty_folder() -> None:
    Path("table").mkdir()
    assert said(table, Path("table"), UnreadableFileError).startswith("table holds no CSV file.")


ROLE_LIST = ", ".join(["sector", *ROLES, "exports", "output"])


def test_roles_that_are_not_known() -> None:
    path = folder(transactions=("capital_formation", "investment"))
    assert said(table, path) == (
        "table/transactions.csv has columns that are no sectors and whose role is not known.\n\n"
        "    cell H5: 'investment' has the role 'investment'\n\n"
        f"Roles: {ROLE_LIST}. Write them into a row 'role' above the table; "
        "a sector is spelt alike in its row and its column."
    )
    assert said(table, single(SIMPLEST, ("households", "consumption"))) == (
        "table.csv has columns that are no sectors and whose role is not known.\n\n"
        "    cell D7: 'consumption' is not among the rows\n\n"
        f"Roles: {ROLE_LIST}. Write them into a row 'role' above the table; "
        "a sector is spelt alike in its row and its column."
    )


def test_a_sector_that_is_misspelt_in_its_row() -> None:
    """It would else pass for an item of value added."""
    assert "'B' is not among the rows" in said(table, single(SIMPLEST, ("\nB;", "\nBB;")))
    path = folder(transactions=("HOME,SER,8", "HOME,SRE,8"))
    assert said(table, path) == (
        "table/transactions.csv is not square: its rows and columns are not the same sectors.\n\n"
        "    HOME SER: a column, and no row\n\n"
        "Every sector needs a row and a column of the same name."
    )


def test_a_row_whose_column_is_missing() -> None:
    path = single(SIMPLEST, ("wages;4;12;;;", "C;4;12;1;1;18\nwages;4;12;;;"))
    assert said(table, path) == (
        "table.csv has outputs of what is no sector.\n\n"
        "    cell F10: HOME C has an output of 18, and no column\n\n"
        "Give the sector a column, or leave the cell empty: imports and items of value added have "
        "no output here."
    )


def test_a_region_that_lacks_a_sector() -> None:
    path = single(TWO_REGIONS, (",wages,", ",B,1,1,1,1,1,5\n,wages,"))
    assert "    S B: a row, and no column\n" in said(table, path)


@pytest.mark.parametrize(
    ("old", "new", "final", "output"),
    [
        ("ordered,output", "ordered,households", 2, 0),
        ("ordered,output", "output,output", 0, 2),
    ],
)
def test_output_stands_in_one_column(old: str, new: str, final: int, output: int) -> None:
    assert said(table, single(MILLER_BLAIR, (old, new))) == (
        "table.csv lacks sectors, final use or one column of gross output.\n\n"
        f"    sectors: 2\n    categories of final use: {final}\n"
        f"    columns of gross output: {output}\n\n"
        f"Roles: {ROLE_LIST}. Only one column has the role 'output': the total of every row."
    )


def test_codes_that_stand_twice() -> None:
    path = folder(transactions=("HOME,SER,8", "HOME,AGR,8"))
    assert said(table, path) == (
        "table/transactions.csv has codes that stand twice.\n\n"
        "    HOME AGR: in B6 and again in cell B8\n\n"
        "Each row and column needs a code of its own."
    )
    path = folder(transactions=("sector,AGR,IND,SER", "sector,AGR,IND,IND"))
    assert "    HOME IND: in D5 and again in cell E5\n" in said(table, path)


def test_no_value_added() -> None:
    assert said(table, folder(value_added=None)) == (
        "table has no value added.\n\n"
        "Add a sheet 'value_added', or rows beneath the sectors: wages, taxes, surplus."
    )


def test_value_added_in_two_places() -> None:
    path = folder(transactions=("outside,AGR", "HOME,wages,1,1,1,,,,,,\noutside,AGR"))
    assert said(table, path) == (
        "table has rows of value added in two places.\n\n"
        "    cell B9, and on the sheet 'value_added'\n\n"
        "Write them all on the sheet 'value_added'; a sector is spelt alike in its row and its "
        "column."
    )


def test_imports_are_no_value_added() -> None:
    assert said(table, single(SIMPLEST, ("wages", "Imports"))) == (
        "table.csv counts imports among value added.\n\n    cell A10: 'Imports'\n\n"
        "Write them by product, as rows of the region 'outside' above the value added."
    )


def test_columns_of_other_sheets_are_those_of_the_transactions() -> None:
    path = folder(factors=("unit,AGR,IND,SER", "unit,AGR,IND,SRE"))
    assert said(table, path) == (
        "The columns of the sheet 'factors' of table/factors.csv are not those of the "
        "transactions.\n\n"
        "    missing: HOME SER\n    unknown: HOME SRE\n\n"
        "Write the regions and sectors above it as they stand above the transactions."
    )


def test_factors_have_units() -> None:
    path = folder(factors=("hours,million hours", "hours,"))
    assert said(table, path) == (
        "table/factors.csv has factors without a unit.\n\n    cell A5: 'hours'\n\n"
        "Write it into a column 'unit' right of the factors, such as 'million hours'."
    )


def test_a_note_beneath_the_table_is_not_taken_for_a_row() -> None:
    path = folder(transactions=("outside,SER", "Source: our own\noutside,SER"))
    assert "has empty cells where codes must stand" in said(table, path)
    path = folder(transactions=("outside,SER", "# our own figures\noutside,SER"))
    assert table(path).origins == ("HOME", "outside")


def test_a_title_and_rows_above_in_any_order_are_passed_over() -> None:
    lines = MILLER_BLAIR.splitlines()
    title, role, codes, *rest = ["Our table", *lines[8:]]
    path = single("\n".join([*lines[:8], title, "", codes, role, *rest]))
    assert table(path).roles == {"final demand": "ordered"}
    assert table(path).gross_output.tolist() == [1000, 2000]


# Accounts -----------------------------------------------------------------------------------------


def test_accounts_in_a_file_of_their_own() -> None:
    Path("panel.csv").write_text(
        "# source: x\n# licence: y\nregion,activity,measure,year,value,unit\n"
        "N,A,hours,2019,1.5,million hours\nN,A,hours,2020,1.6,million hours\n"
        "N,B,persons,2020,3,thousand persons\n"
    )
    read = accounts("panel.csv")
    assert read.data.loc[("N", "A", 2019), "hours"] == 1.5
    assert np.isnan(read.data.loc[("N", "B", 2020), "hours"])
    assert read.years == [2019, 2020]


def test_remarks_and_empty_rows_among_accounts() -> None:
    path = folder(accounts=("HOME,AGR,investment", ",,,,,\n# of the year\nHOME,AGR,investment"))
    assert accounts(path).data["investment"].sum() == 62


def test_accounts_of_unknown_activities() -> None:
    path = folder(accounts=("HOME,AGR,depreciation", "HOME,ARG,depreciation"))
    assert said(accounts, path) == (
        "The accounts in table/accounts.csv name activities that the transactions do not have.\n\n"
        "    cell B10: HOME ARG, perhaps HOME AGR\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


@pytest.mark.parametrize(
    ("old", "new", "told", "remedy"),
    [
        (
            "HOME,AGR,capital_stock", "HOME,AGR,capital",
            "measures that are not known.\n\n    cell C4: 'capital', perhaps 'capital_stock'",
            "Known measures: output, ",
        ),
        (
            "IND,investment,2020", "IND,investment,20",
            "years that are none.\n\n    cell D8: '20'", "Write them with four digits.",
        ),
        (
            "30,million USD", "30,million EUR",
            "measures in two units.\n\n    cell F9: investment in 'million EUR', above in "
            "'million USD'",
            "Bring each measure to one unit.",
        ),
        (
            "HOME,IND,depreciation", "HOME,AGR,depreciation",
            "figures that stand twice.\n\n    cell E11: HOME AGR 2020 depreciation",
            "Each region, activity, measure and year has one figure.",
        ),
    ],
)  # fmt: skip
def test_faulty_accounts(old: str, new: str, told: str, remedy: str) -> None:
    text = said(accounts, folder(accounts=(old, new)))
    assert text.startswith(f"The accounts in table/accounts.csv have {told}\n\n{remedy}")


def test_a_misspelt_heading_of_accounts_is_not_taken_for_no_accounts() -> None:
    Path("panel.csv").write_text(
        "# source: x\n# licence: y\nregion,activity,mesure,year,value,unit\nN,A,hours,2019,1,h\n"
    )
    assert said(accounts, Path("panel.csv")) == (
        "panel.csv has no row with the headings activity, measure, year, value, unit.\n\n"
        "    row 3 lacks measure\n\n"
        "It is laid out otherwise than expected: another release, or changed by hand."
    )


def test_a_figure_without_a_number() -> None:
    path = folder(accounts=("2020,150,", "2020,,"))
    assert "    cell E4: empty\n" in said(accounts, path)
