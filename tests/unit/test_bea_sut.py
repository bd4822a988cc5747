"""US supply and use tables: every year as published, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from planboard.economy_folder import economy_of
from planboard.errors import InvalidTableError, PlanboardError, UnreadableFileError
from planboard.publishers import parquet
from planboard.publishers.bea_sut import BEA_SUT, ROLES, USE_ROWS
from planboard.publishers.format import Request
from planboard.tables.import_shares import by_proportionality
from planboard.tables.supply_use import SupplyUseTable, supply_use_books
from planboard.tables.technology_models import symmetric_table
from planboard.tables.valuation import ROUNDING, allowance, at_basic_prices

YEARS = range(2012, 2024)
FILE = "usa_bea_sut_summary_2012_2023.parquet"
NAMES = {
    "Commodity": {"111CA": "Farms", "42": "Wholesale trade", "483": "Water transportation [1]"},
    "Industry": {"111CA": "Farms", "42": "Wholesale trade", "483": "Water transportation"},
    "FinalDemand": {code: f"Use {code}" for code in ROLES},
}
# A small country in the publisher's layout: three products, three industries, all figures whole.
SUPPLY = {
    "111CA": {"111CA": 90, "42": 10, "T007": 100, "MCIF": 30, "T013": 130, "Trade": 40, "Trans": 5,
              "T014": 45, "MDTY": 1, "TOP": 5, "SUB": -1, "T015": 5, "T016": 180},
    "42": {"42": 60, "T007": 60, "T013": 60, "Trade": -40, "T014": -40, "T016": 20},
    "483": {"483": 20, "T007": 20, "MADJ": -5, "T013": 15, "Trans": -5, "T014": -5, "T016": 10},
    "T017": {"111CA": 90, "42": 70, "483": 20, "T007": 180},
}  # fmt: skip
USE = {
    "111CA": {"111CA": 20, "42": 10, "T001": 30, "F010": 120, "F030": -2, "F040": 32, "T019": 180},
    "42": {"111CA": 5, "42": 5, "483": 2, "T001": 12, "F010": 8, "T019": 20},
    "483": {"42": 4, "T001": 4, "F010": 2, "F040": 4, "T019": 10},
    "T005": {"111CA": 25, "42": 19, "483": 2, "F010": 130, "F030": -2, "F040": 36},
    "V001": {"111CA": 30, "42": 30, "483": 10},
    "T00OTOP": {"111CA": 5, "42": 5, "483": 2},
    "T00OSUB": {"111CA": 1},
    "V003": {"111CA": 31, "42": 16, "483": 6},
    "VABAS": {"111CA": 65, "42": 51, "483": 18},
    "T018": {"111CA": 90, "42": 70, "483": 20},
}
COLUMNS = [
    "T007",
    "MCIF",
    "MADJ",
    "T013",
    "Trade",
    "Trans",
    "T014",
    "MDTY",
    "TOP",
    "SUB",
    "T015",
    "T016",
]
Cells = list[tuple[int, str, str, str, int]]


def cells(year: int = 2022) -> Cells:
    """The small country as rows of the Parquet file."""
    return [
        (year, name, row, column, value)
        for name, table in (("supply", SUPPLY), ("use", USE))
        for row, found in table.items()
        for column, value in found.items()
    ]


def write(folder: Path, rows: Cells) -> Path:
    """A folder as the publisher's tables lie in: the Parquet file and the lists of codes."""
    table = pd.DataFrame(rows, columns=["year", "table", "row", "col", "value"])
    table.astype({"year": "int16", "row": "category"}).to_parquet(folder / FILE, index=False)
    for axis, names in NAMES.items():
        lines = [f"BEA_{axis}_Code,BEA_{axis}_Name", *(f"{c},{n}" for c, n in names.items())]
        (folder / f"usa_bea_summary_{axis}CodeName.csv").write_text("\n".join(lines) + "\n")
    return folder


def read(folder: Path, year: int | None = None) -> SupplyUseTable:
    table = BEA_SUT.read(Request(folder, year))
    assert isinstance(table, SupplyUseTable)
    return table


def refusal(folder: Path, year: int | None = None) -> str:
    with pytest.raises(PlanboardError) as error:
        BEA_SUT.read(Request(folder, year))
    return str(error.value).replace(str(folder), "DIR")


# The publisher's own figures ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[int, SupplyUseTable]:
    return {year: read(shared / "data" / "sut", year) for year in YEARS}


def test_every_year_is_read(published: dict[int, SupplyUseTable]) -> None:
    for year, table in published.items():
        assert (len(table.products), len(table.industries)) == (73, 71)
        about = table.publication
        assert (about.name, about.year) == (f"bea-sut-{year}", year)
        assert about.price_basis == "purchasers"
        assert about.unit == f"million {year} USD"
        assert about.labels["Other"] == "Noncomparable imports and rest-of-the-world adjustment"


def test_every_year_balances_to_the_published_rounding(
    published: dict[int, SupplyUseTable],
) -> None:
    for year, table in published.items():
        gaps = table.product_gaps().abs()
        cells = (table.all_use != 0).sum(axis=1) + (table.supply != 0).sum(axis=1)
        assert (gaps <= allowance(1.0, cells)).all(), year
        assert gaps.max() <= 9, year
        assert table.industry_gaps().abs().max() <= 7, year


def test_published_totals_of_2022(published: dict[int, SupplyUseTable]) -> None:
    """T007, T013 and T016 of farms; output, labour and exports of all: the printed totals."""
    table = published[2022]
    farms = [table.output["111CA"], table.basic_supply["111CA"], table.total_supply["111CA"]]
    np.testing.assert_allclose(farms, [579_256, 637_277, 911_025], atol=2)
    assert table.industry_output.sum() == pytest.approx(45_660_745, abs=50)
    assert table.value_added.loc["labour"].sum() == pytest.approx(13_454_101, abs=10)
    assert table.exports.sum() == pytest.approx(2_620_494, abs=10)


def test_supply_and_use_of_2022_are_at_different_prices(
    published: dict[int, SupplyUseTable],
) -> None:
    with pytest.raises(InvalidTableError) as error:
        supply_use_books(published[2022])
    assert str(error.value) == (
        "Table 'bea-sut-2022' holds supply at basic prices and use at purchasers' prices (million "
        "2022 USD): they are never mixed.\n\n"
        "    Farms: 637,276 supplied at basic prices, 911,026 used at purchasers' prices\n"
        "    Forestry, fishing, and related activities: 100,063 supplied at basic prices, 122,197 "
        "used at purchasers' prices\n"
        "    Oil and gas extraction: 744,230 supplied at basic prices, 868,866 used at purchasers' "
        "prices\n"
        "    Mining, except oil and gas: 114,365 supplied at basic prices, 166,059 used at "
        "purchasers' prices\n"
        "    Utilities: 852,322 supplied at basic prices, 888,032 used at purchasers' prices\n"
        "    … and 46 more\n\n"
        "Bring use to basic prices first (at_basic_prices): margins go to the products that "
        "provide them, taxes on products to a row."
    )


def test_every_year_balances_exactly_at_basic_prices(
    published: dict[int, SupplyUseTable],
) -> None:
    for year, table in published.items():
        basic = at_basic_prices(table)
        supply = basic.output + basic.imports
        np.testing.assert_allclose(basic.total_use, supply, rtol=1e-9, err_msg=str(year))
        np.testing.assert_allclose(
            basic.use.sum() + basic.value_added.sum(), basic.industry_output, rtol=1e-9
        )
        assert basic.final_use[ROUNDING].abs().max() <= 9, year
        assert (basic.imports >= 0).all()
        was, now = table.all_use, basic.all_use[table.all_use.columns]
        assert not ((was >= 0) & (now < 0)).any(axis=None), year


def test_the_economy_of_2022_balances(published: dict[int, SupplyUseTable]) -> None:
    economy = economy_of(*supply_use_books(at_basic_prices(published[2022])))
    region = economy.region("USA")
    used = region.input @ region.level + region.final_use.sum(axis=1) + region.exports.sum(axis=1)
    np.testing.assert_allclose(used, region.gross_output + region.imports.sum(axis=1), rtol=1e-9)
    several = (region.output.toarray() > 0).sum(axis=0) > 1
    assert several.sum() > 60  # industries with secondary production
    assert economy.with_role("capital_formation")
    assert economy.label("F010") == "Personal consumption expenditures"


@pytest.mark.parametrize("model", ["B", "D"])
def test_symmetric_tables_of_2022(published: dict[int, SupplyUseTable], model: str) -> None:
    table = by_proportionality(at_basic_prices(published[2022]))
    made = symmetric_table(table, model)
    scale = made.gross_output.max()
    assert made.row_gaps().abs().max() < 1e-9 * scale
    assert made.column_gaps().abs().max() < 1e-9 * scale


def test_the_tables_of_2022_have_no_product_technology(
    published: dict[int, SupplyUseTable],
) -> None:
    table = by_proportionality(at_basic_prices(published[2022]))
    with pytest.raises(InvalidTableError) as error:
        symmetric_table(table, "A")
    assert error.value.happened == (
        "Model A (product technology) needs as many industries as products; in table "
        "'bea-sut-2022' 71 industries make 73 products."
    )
    assert error.value.evidence == ("main product of no industry: GSLE, Used, Other",)


# The layout, on a small country -------------------------------------------------------------------


def test_the_small_country_is_read(tmp_path: Path) -> None:
    table = read(write(tmp_path, cells()))
    assert table.products == ("111CA", "42", "483")
    assert table.product_gaps().abs().max() == 0
    assert table.industry_gaps().abs().max() == 0
    assert table.value_added["111CA"].to_dict() == {
        "labour": 30,
        "capital": 31,
        "other_taxes_on_production": 5,
        "other_subsidies_on_production": -1,
    }
    assert table.margins is not None
    assert table.margins.loc["42"].to_dict() == {"trade": -40, "transport": 0}
    assert table.taxes is not None
    assert table.taxes.loc["111CA"].tolist() == [1, 5, -1]
    assert table.publication.labels["483"] == "Water transportation"
    assert at_basic_prices(table).final_use.loc["483", "F040"] > 4 + 5


def test_the_file_itself_may_be_named(tmp_path: Path) -> None:
    assert read(write(tmp_path, cells()) / FILE).output.sum() == 180


def write_workbooks(folder: Path, renamed: dict[str, str] | None = None) -> Path:
    """The publisher's two workbooks: codes in row 6, names in row 7, figures from C8."""
    industries = list(NAMES["Industry"])
    for file, table, columns in (
        ("Supply_Tables_1997-2023_Summary.xlsx", SUPPLY, [*industries, *COLUMNS]),
        ("Use_Tables_Supply-Use_Framework_1997-2023_Summary.xlsx", USE,
         [*industries, "T001", *ROLES, "T019"]),
    ):  # fmt: skip
        book = Workbook()
        book.active.title = "Readme"
        sheet = book.create_sheet("2022")
        sheet.append(["The title of the table"])
        sheet.append(["(Millions of dollars)"])
        for _ in range(3):
            sheet.append([])
        sheet.append(["", "", *((renamed or {}).get(c, c) for c in columns)])
        sheet.append(["IOCode", "Name", *(NAMES["Industry"].get(c, "Total") for c in columns)])
        rows = list(table) if table is SUPPLY else [*NAMES["Commodity"], *USE_ROWS, "VAPRO"]
        order = sorted(rows, key=lambda r: (r not in NAMES["Commodity"], r in ("T017", "VAPRO")))
        for row in order:
            found = table.get(row, {})
            name = NAMES["Commodity"].get(row, f"Name {row}")
            sheet.append([row, name, *(found.get(column, "...") for column in columns)])
        sheet.append(["Legend / Footnotes:"])
        book.save(folder / file)
    return folder


def test_workbooks_say_what_the_parquet_file_says(tmp_path: Path) -> None:
    wanted = read(write(tmp_path, cells()))
    (tmp_path / "books").mkdir()
    found = read(write_workbooks(tmp_path / "books"))
    for part in ("supply", "use", "final_use", "value_added", "margins", "taxes", "adjustments"):
        pd.testing.assert_frame_equal(getattr(found, part), getattr(wanted, part))
    assert found.imports.to_dict() == wanted.imports.to_dict()
    assert found.publication.name == "bea-sut-2022"
    assert found.publication.labels["483"] == "Water transportation"


def test_a_workbook_of_use_belongs_to_that_of_supply(tmp_path: Path) -> None:
    write_workbooks(tmp_path)
    (tmp_path / "Use_Tables_Supply-Use_Framework_1997-2023_Summary.xlsx").unlink()
    assert refusal(tmp_path) == (
        "The workbook of use that belongs to DIR/Supply_Tables_1997-2023_Summary.xlsx was not "
        "found.\n\n"
        "    0 files Use_Tables_*1997-2023_Summary.xlsx in DIR\n\n"
        "Take all files from one release, whole and as they are."
    )


def test_a_workbook_with_other_columns_is_refused(tmp_path: Path) -> None:
    write_workbooks(tmp_path, {"T007": "T077"})
    assert refusal(tmp_path) == (
        "Sheet '2022' of DIR/Supply_Tables_1997-2023_Summary.xlsx has no cell 'T007'.\n\n"
        "    nearest: 'T077', 'T017', 'T016'\n\n"
        "It is laid out otherwise than expected: another release, or changed by hand."
    )


def test_a_workbook_that_lacks_columns_is_refused(tmp_path: Path) -> None:
    write_workbooks(tmp_path, {"MADJ": "ADJ", "F030": "F031"})
    assert refusal(tmp_path) == (
        "DIR/Supply_Tables_1997-2023_Summary.xlsx and its workbook of use are not those of the "
        "supply-use tables of BEA.\n\n"
        "    supply table, no column 'MADJ'\n"
        "    use table, no column 'F030'\n\n"
        "Take all files from one release, whole and as they are."
    )


# What is refused ----------------------------------------------------------------------------------


def test_a_year_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, [*cells(2021), *cells(2022)])
    assert refusal(tmp_path, 2030) == (
        "DIR does not hold the year 2030 of the supply-use tables of BEA.\n\n"
        "    found: 2021 to 2022\n\n"
        "Name one of them with --year."
    )
    assert refusal(tmp_path) == (
        "DIR holds several years of the supply-use tables of BEA, and nobody said which.\n\n"
        "    found: 2021 to 2022\n\n"
        "Name one of them with --year."
    )


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, [row for row in cells() if row[1] == "supply"])
    assert refusal(tmp_path) == (
        f"DIR/{FILE} does not hold the use table of 2022.\n\n"
        "    found: supply\n\n"
        "Take all files from one release, whole and as they are."
    )


def test_an_unknown_code(tmp_path: Path) -> None:
    write(tmp_path, [*cells(), (2022, "use", "1110", "42", 1), (2022, "use", "42", "F099", 1)])
    assert refusal(tmp_path) == (
        f"DIR/{FILE} has codes that are not those of the supply-use tables of BEA.\n\n"
        "    use table, row '1110'\n"
        "    use table, col 'F099'\n\n"
        "Tables of another level or release have other codes; the lists of codes lie beside the "
        "file."
    )


def test_a_cell_that_stands_twice(tmp_path: Path) -> None:
    write(tmp_path, [*cells(), (2022, "supply", "42", "42", 60)])
    assert refusal(tmp_path) == (
        f"DIR/{FILE} states 1 cells of 2022 twice.\n\n"
        "    supply table, 42, 42\n\n"
        "Take the file again; a cell is stated once."
    )


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("value", np.nan, "2022, use, 483, F040, nan"),
        ("value", np.inf, "2022, use, 483, F040, inf"),
        ("year", np.nan, "nan, use, 483, F040, 4"),
    ],
)
def test_a_cell_without_a_number_is_no_zero(
    tmp_path: Path, column: str, cell: float, told: str
) -> None:
    write(tmp_path, cells())
    table = pd.read_parquet(tmp_path / FILE)
    table[column] = table[column].astype(float)
    wrong = (table["table"] == "use") & (table["row"] == "483") & (table["col"] == "F040")
    table.loc[wrong, column] = cell
    table.to_parquet(tmp_path / FILE, index=False)
    assert refusal(tmp_path, 2022) == (
        f"DIR/{FILE} has 1 rows without a year or a value.\n\n    {told}\n\n"
        "A missing number is not zero: take the file again, whole."
    )


def test_numbers_may_be_kept_as_text(tmp_path: Path) -> None:
    whole = read(write(tmp_path, cells()))
    table = pd.read_parquet(tmp_path / FILE)
    table.astype({"value": str, "year": str}).to_parquet(tmp_path / FILE, index=False)
    pd.testing.assert_frame_equal(read(tmp_path, 2022).use, whole.use)


def test_a_file_that_would_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, cells())
    rows = len(cells())
    monkeypatch.setattr(parquet, "MOST_CELLS", 5 * rows - 1)
    assert refusal(tmp_path) == (
        f"DIR/{FILE} holds more than any published table.\n\n"
        f"    {rows} rows of 5 columns, at most {5 * rows - 1} cells are read\n\n"
        "Take it from the publisher again."
    )


def test_a_file_without_rows(tmp_path: Path) -> None:
    write(tmp_path, [])
    assert refusal(tmp_path) == (
        "DIR holds no year of the supply-use tables of BEA.\n\n"
        "Take the publisher's files as they are, and leave their names."
    )


def test_a_table_with_cells_left_out(tmp_path: Path) -> None:
    write(tmp_path, [row for row in cells() if row[1:4] != ("use", "111CA", "F010")])
    assert refusal(tmp_path) == (
        f"2 totals of 2022 in DIR/{FILE} are not the sums of their parts.\n\n"
        "    T019 of 111CA: 180, its parts 60\n"
        "    T005 of F010: 130, its parts 10\n\n"
        "Cells are missing or changed: take the file again, whole."
    )


def test_a_file_cut_off(tmp_path: Path) -> None:
    write(tmp_path, cells())
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFileError) as error:
        BEA_SUT.read(Request(tmp_path, 2022))
    assert error.value.happened == f"The table {tmp_path / FILE} cannot be read."
    assert error.value.remedy == "Take it from the publisher again, whole."


def test_a_folder_without_the_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (
        "There are no supply-use tables of BEA in DIR.\n\n"
        "    no file usa_bea_sut_summary_*.parquet\n"
        "    no file Supply_Tables_*_Summary.xlsx\n\n"
        "Name the folder that holds them."
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing.parquet") == (
        "The table DIR cannot be read.\n\n"
        "    no such file\n\n"
        "Take it from the publisher again, whole."
    )


def test_a_list_of_codes_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, cells())
    (tmp_path / "usa_bea_summary_IndustryCodeName.csv").unlink()
    with pytest.raises(UnreadableFileError) as error:
        BEA_SUT.read(Request(tmp_path, 2022))
    assert "usa_bea_summary_IndustryCodeName.csv" in error.value.happened


def test_two_releases_in_one_folder(tmp_path: Path) -> None:
    write(tmp_path, cells())
    (tmp_path / "usa_bea_sut_summary_2024_2024.parquet").write_bytes(b"")
    assert refusal(tmp_path) == (
        "DIR holds 2 files of the supply-use tables of BEA.\n\n"
        f"    {FILE}\n"
        "    usa_bea_sut_summary_2024_2024.parquet\n\n"
        "Name the one to read instead of the folder."
    )


def test_the_steps_are_told(tmp_path: Path) -> None:
    told: list[str] = []
    step: Callable[[str], None] = told.append
    BEA_SUT.read(Request(write(tmp_path, cells()), progress=step))
    assert told == [f"reading {FILE}"]
