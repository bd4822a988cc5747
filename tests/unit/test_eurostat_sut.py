"""National supply and use workbooks, from small ones laid out by the codes of ESA 2010."""

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from planboard.errors import PlanboardError
from planboard.publishers.eurostat_sut import EUROSTAT_SUT
from planboard.publishers.eurostat_sut.codes import is_code
from planboard.publishers.format import Request
from planboard.tables.import_shares import with_import_table
from planboard.tables.supply_use import SupplyUseTable
from planboard.tables.technology_models import symmetric_table
from planboard.tables.valuation import at_basic_prices

HEAD = {"REF_AREA": "AT", "TIME_PERIOD": 2020, "CURRENCY": "EUR", "UNIT_MULT": 6}
NAMES = {"A01": "Agriculture", "G46": "Wholesale trade", "H49": "Land transport"}
INDUSTRIES, FINAL = list(NAMES), ["P3_S14", "P3_S15", "P3_S13", "P51G", "P52", "P53", "P6"]
SUPPLY_COLUMNS = [*INDUSTRIES, "TOTAL", "P7", "TS_BP", "OTTM", "D21X31", "TS_PP"]
USE_COLUMNS = [*INDUSTRIES, "TOTAL", *FINAL, "TFU", "TU"]
Rows = dict[str, list[float]]


def with_totals(rows: Rows, categories: int = len(FINAL)) -> Rows:
    """Use rows (industries, then final uses) with TOTAL, TFU and TU put in, and CPA_TOTAL below."""
    n = len(INDUSTRIES)
    made = {}
    for code, values in rows.items():
        use, final = values[:n], values[n : n + categories]
        made[code] = [*use, sum(use), *final, sum(final), sum(values)]
    products = [v for c, v in made.items() if c.startswith(("CPA_", "OP_"))]
    made["CPA_TOTAL"] = [sum(column) for column in zip(*products, strict=True)]
    return made


# Farms trade too. 1500: outputs by industry, total, imports, basic, margins, taxes, purchasers'.
SUPPLY: Rows = {
    "CPA_A01": [90, 0, 0, 90, 30, 120, 45, 15, 180],
    "CPA_G46": [10, 60, 0, 70, 0, 70, -40, 2, 32],
    "CPA_H49": [0, 0, 20, 20, 5, 25, -5, 0, 20],
    "OP_RES": [0, 0, 0, 0, 7, 7, 0, 0, 7],
    "CPA_TOTAL": [100, 60, 20, 180, 42, 222, 0, 17, 239],
}
BASIC: Rows = {
    "CPA_A01": [30, 10, 0, 60, 0, 0, 4, -4, 0, 20],
    "CPA_G46": [10, 4, 2, 44, 1, 0, 2, 0, 0, 7],
    "CPA_H49": [3, 1, 4, 11, 0, 0, 0, 0, 0, 6],
    "OP_RES": [0, 0, 0, 7, 0, 0, 0, 0, 0, 0],
    "OP_NRES": [0, 0, 0, -3, 0, 0, 0, 0, 0, 3],
}
MARGINS: Rows = {
    "CPA_A01": [9, 3, 0, 27, 0, 0, 1, 0, 0, 5],
    "CPA_G46": [-8, -3, 0, -24, 0, 0, -1, 0, 0, -4],
    "CPA_H49": [-1, 0, 0, -3, 0, 0, 0, 0, 0, -1],
}
TAXES: Rows = {
    "CPA_A01": [2, 1, 0, 12, 0, 0, 0, 0, 0, 0],
    "CPA_G46": [0, 0, 0, 2, 0, 0, 0, 0, 0, 0],
    "CPA_H49": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
}
IMPORTED: Rows = {
    "CPA_A01": [10, 3, 0, 14, 0, 0, 1, 0, 0, 2],
    "CPA_G46": [0] * 10,
    "CPA_H49": [1, 0, 1, 3, 0, 0, 0, 0, 0, 0],
    "OP_RES": [0, 0, 0, 7, 0, 0, 0, 0, 0, 0],
    "OP_NRES": [0] * 10,
}


def added(*tables: Rows) -> Rows:
    return {
        code: [sum(v) for v in zip(*(t.get(code, [0.0] * 10) for t in tables), strict=True)]
        for code in tables[0]
    }


PURCHASERS = added(BASIC, MARGINS, TAXES)
TAX_ROW = [2, 1, 0, 3, 14, 0, 0, 0, 0, 0, 0, 14, 17]
COSTS = {
    "D1": [30, 22, 9, 61],
    "D29X39": [5, 2, 1, 8],
    "B2A3G": [20, 20, 4, 44],
    "P1": [100, 60, 20, 180],
}
DOMESTIC = added(BASIC, {c: [-v for v in values] for c, values in IMPORTED.items()})


@dataclass
class Sheet:
    """One table to write: codes of columns, rows by code, and what stands above."""

    columns: list[str]
    rows: dict[str, list[Any]]
    head: dict[str, Any] = field(default_factory=lambda: dict(HEAD))


def model() -> dict[str, Sheet]:
    """All tables of one country and year."""
    supply = {**SUPPLY, "OP_NRES": [0.0] * 9}
    return {
        "T1500": Sheet(SUPPLY_COLUMNS, supply),
        "T1600": Sheet(USE_COLUMNS, {**with_totals(PURCHASERS), **COSTS}),
        "T1610": Sheet(USE_COLUMNS, {**with_totals(BASIC), "D21X31": TAX_ROW, **COSTS}),
        "T1611": Sheet(USE_COLUMNS, with_totals(DOMESTIC)),
        "T1612": Sheet(USE_COLUMNS, with_totals(IMPORTED)),
        "T1620": Sheet(USE_COLUMNS, with_totals(MARGINS)),
        "T1630": Sheet(USE_COLUMNS, with_totals(TAXES)),
    }


def write(folder: Path, sheets: dict[str, Sheet]) -> Path:
    """A workbook: the head, a row of names, a row of codes; codes in column A, names in B."""
    book = Workbook()
    book.active.title = "Contents"
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append([f"Table {name}"])
        for label, value in table.head.items():
            sheet.append([label, value])
        sheet.append([])
        sheet.append(["", "", *(NAMES.get(c, c.lower()) for c in table.columns)])
        sheet.append(["Code", "Label", *table.columns])
        for code, values in table.rows.items():
            sheet.append([code, f"Name of {code}", *values])
    file = folder / "AT.xlsx"
    book.save(file)
    return file


def read(file: Path, year: int | None = None) -> SupplyUseTable:
    table = EUROSTAT_SUT.read(Request(file, year))
    assert isinstance(table, SupplyUseTable)
    return table


def refusal(folder: Path, sheets: dict[str, Sheet], year: int | None = None) -> str:
    file = write(folder, sheets)
    with pytest.raises(PlanboardError) as error:
        read(file, year)
    return str(error.value).replace(str(file), "AT.xlsx")


def only(*names: str) -> dict[str, Sheet]:
    return {name: sheet for name, sheet in model().items() if name in names}


# What is read -------------------------------------------------------------------------------------


def test_use_at_basic_prices_is_taken_where_it_is_published(tmp_path: Path) -> None:
    table = read(write(tmp_path, model()))
    about = table.publication
    assert (about.name, about.price_basis) == ("eurostat-sut-at-2020", "basic")
    assert (about.currency, about.unit) == ("EUR", "million 2020 EUR")
    assert about.labels["A01"] == "Agriculture"
    assert table.region == "AT"
    assert table.products == ("CPA_A01", "CPA_G46", "CPA_H49", "OP_RES", "OP_NRES")
    assert table.industries == ("A01", "G46", "H49")
    assert table.product_gaps().abs().max() == 0
    assert table.industry_gaps().abs().max() == 0
    assert list(table.value_added.index) == [
        "labour", "other_taxes_on_production", "capital", "taxes_on_products",
    ]  # fmt: skip
    assert table.final_use_taxes is not None
    assert table.final_use_taxes.loc["taxes_on_products", "P3_S14"] == 14
    assert table.roles["P51G"] == "capital_formation"
    assert table.margins is None


def test_use_at_purchasers_prices_comes_to_the_published_basic_prices(tmp_path: Path) -> None:
    """1600 less 1620 and 1630 is 1610: the publisher's own identity."""
    basic = read(write(tmp_path, model()))
    found = read(write(tmp_path, only("T1500", "T1600", "T1620", "T1630")))
    assert found.publication.price_basis == "purchasers"
    assert found.product_gaps().abs().max() == 0
    found = at_basic_prices(found)
    columns = list(basic.final_use.columns)
    np.testing.assert_allclose(found.use, basic.use, atol=1e-12)
    np.testing.assert_allclose(found.final_use[columns], basic.final_use, atol=1e-12)
    items = list(basic.value_added.index)
    np.testing.assert_allclose(found.value_added.loc[items], basic.value_added, atol=1e-12)


def test_without_matrices_margins_and_taxes_are_spread(tmp_path: Path) -> None:
    found = at_basic_prices(read(write(tmp_path, only("T1500", "T1600"))))
    assert found.product_gaps().abs().max() < 1e-9
    assert "in proportion to use" in found.publication.history[1]["detail"]


@pytest.mark.parametrize("left_out", ["T1611", "T1612"])
def test_imported_use_is_stated_or_what_is_not_domestic(tmp_path: Path, left_out: str) -> None:
    sheets = model()
    del sheets[left_out]
    table = with_import_table(read(write(tmp_path, sheets)))
    assert table.imported_use is not None
    assert table.imported_use.loc["CPA_A01"].tolist() == [10, 3, 0]
    made = symmetric_table(table, "D")
    assert made.row_gaps().abs().max() < 1e-9


def test_purchases_abroad_are_imports_and_those_of_visitors_exports(tmp_path: Path) -> None:
    table = read(write(tmp_path, model()))
    assert (table.imports["OP_RES"], table.final_use.loc["OP_RES", "P3_S14"]) == (7, 7)
    visitors = table.final_use.loc["OP_NRES"]
    assert (visitors["P3_S14"], visitors["P6"]) == (-3, 3)


def test_valuables_and_inventories_may_be_one_column(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    use = sheets["T1610"]
    at = use.columns.index("P52")
    use.columns = [*use.columns[:at], "P5M", *use.columns[at + 2 :]]
    use.rows = {
        code: [*v[:at], v[at] + v[at + 1], *v[at + 2 :]] if len(v) > at else v
        for code, v in use.rows.items()
    }
    table = read(write(tmp_path, sheets))
    assert list(table.final_use.columns) == ["P3_S14", "P3_S15", "P3_S13", "P51G", "P5M", "P6"]
    assert table.final_use.loc["CPA_A01", "P5M"] == -4


def test_parts_of_items_and_trade_by_partner_are_left_alone(tmp_path: Path) -> None:
    """Wages within D1, consumption of fixed capital, exports to the Union: D11 is no industry."""
    sheets = copy.deepcopy(only("T1500", "T1610"))
    whole = read(write(tmp_path, sheets))
    use = sheets["T1610"]
    use.rows |= {"D11": [25, 18, 7, 50], "P51C": [8, 9, 1, 18], "B2A3N": [12, 11, 3, 26]}
    at = use.columns.index("P6") + 1
    use.columns[at:at] = ["P6_B0", "P6_D0"]
    for values in use.rows.values():
        values[at:at] = [1, 2] if len(values) > at else []
    supply = sheets["T1500"]
    supply.columns.append("P7_B0")
    table = read(write(tmp_path, sheets))
    for part in ("use", "final_use", "value_added", "supply"):
        pd.testing.assert_frame_equal(getattr(table, part), getattr(whole, part))


def test_one_of_several_years_is_read(tmp_path: Path) -> None:
    first, second = only("T1500", "T1610"), only("T1500", "T1610")
    for sheet in second.values():
        sheet.head["TIME_PERIOD"] = 2021
    sheets = {**first, **{f"{name} (2)": sheet for name, sheet in second.items()}}
    file = write(tmp_path, sheets)
    assert read(file, 2021).publication.year == 2021
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx holds several years of the supply and use tables of the ESA 2010 transmission "
        "programme, and nobody said which.\n\n"
        "    found: 2020 to 2021\n\n"
        "Name one of them with --year."
    )
    assert "does not hold the year 2015" in refusal(tmp_path, sheets, 2015)


def test_the_year_may_stand_in_the_name_of_a_sheet(tmp_path: Path) -> None:
    sheets = {f"{name}_2018": sheet for name, sheet in only("T1500", "T1610").items()}
    for sheet in sheets.values():
        del sheet.head["TIME_PERIOD"]
    assert read(write(tmp_path, sheets)).publication.year == 2018


def test_the_head_may_be_in_words(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    for sheet in sheets.values():
        sheet.head = {"Country": "AT", "Year": 2020, "Currency": "EUR", "Unit": "Million"}
    assert read(write(tmp_path, sheets)).publication.unit == "million 2020 EUR"


def test_an_empty_cell_is_zero_where_the_totals_agree(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    use = sheets["T1610"]
    use.rows = {code: [v or None for v in values] for code, values in use.rows.items()}
    assert read(write(tmp_path, sheets)).product_gaps().abs().max() == 0


@pytest.mark.parametrize("code", ["A01", "C10-C12", "C10-12", "J59_J60", "L68A", "B", "P85", "T"])
def test_codes_of_industries_and_products(code: str) -> None:
    assert is_code(code)
    assert is_code(f"CPA_{code}")


@pytest.mark.parametrize(
    "code", ["P51G", "P52", "P6", "P7", "D1", "D29X39", "D21X31", "B2A3G", "TU", "TOTAL", "P11"]
)
def test_codes_of_uses_and_items_are_none_of_them(code: str) -> None:
    assert not is_code(code)


# What is refused ----------------------------------------------------------------------------------


def test_a_workbook_without_the_tables(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"Supply": model()["T1500"]}) == (
        "AT.xlsx does not hold the supply and use tables of the ESA 2010 transmission programme, "
        "one a sheet.\n\n"
        "    sheets: Contents, Supply\n\n"
        "The number of the table must stand in the name of its sheet: 1500, 1600, 1610, 1611, "
        "1612, 1620, 1630."
    )


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path, only("T1500", "T1620")) == (
        "AT.xlsx lacks tables of 2020.\n\n"
        "    no sheet 1600: use at purchasers' prices (or 1610)\n"
        "    found: T1500, T1620\n\n"
        "Supply and one of the use tables are needed; take the whole workbook."
    )


def test_the_same_table_twice(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    assert refusal(tmp_path, {**sheets, "T1610 revised": sheets["T1610"]}) == (
        "AT.xlsx holds the same table twice.\n\n"
        "    1610 of 2020: sheets 'T1610' and 'T1610 revised'\n\n"
        "Leave one of them, or say their years."
    )


def test_a_sheet_without_a_year(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    del sheets["T1610"].head["TIME_PERIOD"]
    assert refusal(tmp_path, sheets) == (
        "Sheet 'T1610' of AT.xlsx does not say of which year it is.\n\n"
        "    no cell 'TIME_PERIOD' or 'Year', and no year in the name of the sheet\n\n"
        "Write TIME_PERIOD above the table and the year to its right."
    )


def test_codes_must_be_known_and_complete(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    sheets["T1500"].columns = [
        "A01",
        "G46",
        "H49",
        "TOTAL",
        "P7",
        "TS_BP",
        "OTM",
        "D21X31",
        "TS_PP",
    ]
    use = sheets["T1610"].rows
    use["CPA_A1"] = use.pop("CPA_A01")
    del use["D1"]
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx has codes that are not those of the supply and use tables of the ESA 2010 "
        "transmission programme.\n\n"
        "    sheet 'T1500', column 'OTM'\n"
        "    sheet 'T1500', no column 'OTTM'\n"
        "    sheet 'T1610', row 'CPA_A1'\n"
        "    products of 1610 and 1500 differ: CPA_A01\n"
        "    sheet 'T1610', no row 'D1'\n\n"
        "Each row and column needs its code of ESA 2010; take the publisher's file as it is."
    )


def test_a_sheet_without_codes(tmp_path: Path) -> None:
    sheets = copy.deepcopy(only("T1500", "T1610"))
    sheets["T1610"].rows = {}
    assert refusal(tmp_path, sheets) == (
        "Sheet 'T1610' of AT.xlsx has no code of a product, such as CPA_A01, below row 8.\n\n"
        "It is laid out otherwise than expected: codes stand in one row and one column."
    )
    sheets["T1610"] = Sheet(["P3_S14", "TU"], {"CPA_A01": [1, 1]})
    assert refusal(tmp_path, sheets) == (
        "Sheet 'T1610' of AT.xlsx has no code of an industry, such as A01, in row 8.\n\n"
        "It is laid out otherwise than expected: codes stand in one row and one column."
    )


def test_a_code_that_stands_twice(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    sheets["T1500"].columns = ["A01", "A01", *SUPPLY_COLUMNS[2:]]
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx has codes that stand twice.\n\n"
        "    'A01' in C8 and again in sheet 'T1500', cell D8\n\n"
        "Each row and column needs a code of its own."
    )


def test_totals_must_be_sums(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    sheets["T1610"].rows["CPA_A01"] = [130, *sheets["T1610"].rows["CPA_A01"][1:]]
    assert refusal(tmp_path, sheets) == (
        "3 totals in AT.xlsx are not the sums of their parts.\n\n"
        "    sheet 'T1610', TOTAL of CPA_A01: 40, its parts 140\n"
        "    sheet 'T1610', TU of CPA_A01: 120, its parts 220\n"
        "    sheet 'T1610', CPA_TOTAL of A01: 43, its parts 143\n\n"
        "Cells are missing or changed, or codes of several levels are mixed: take the publisher's "
        "file again."
    )


def test_what_is_not_published_is_no_zero(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    sheets["T1610"].rows["CPA_H49"] = [":", *sheets["T1610"].rows["CPA_H49"][1:]]
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx has cells without a number where numbers must stand.\n\n"
        "    sheet 'T1610', cell C11: ':'\n\n"
        "Write numbers into them, as numbers and not as text."
    )


def test_decimal_commas_are_told(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    sheets["T1610"].rows["CPA_H49"] = ["3,0", *sheets["T1610"].rows["CPA_H49"][1:]]
    assert "written with commas" in refusal(tmp_path, sheets)
    choices = {"decimal": ","}
    table = EUROSTAT_SUT.read(Request(write(tmp_path, sheets), choices=choices))
    assert isinstance(table, SupplyUseTable)
    assert table.use.loc["CPA_H49", "A01"] == 3


def test_tables_of_two_countries(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    sheets["T1610"].head["REF_AREA"] = "DE"
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx mixes tables of another country.\n\n"
        "    sheet 'T1500': AT\n"
        "    sheet 'T1610': DE\n\n"
        "Write REF_AREA or Country above the table, and its value to the right, the same on all "
        "sheets."
    )


def test_tables_in_two_currencies(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    sheets["T1610"].head["CURRENCY"] = "USD"
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx mixes currencies.\n\n"
        "    sheet 'T1500': EUR\n"
        "    sheet 'T1610': USD\n\n"
        "Bring all amounts to one currency first."
    )


@pytest.mark.parametrize("currency", ["Million EUR", "eur"])
def test_a_currency_has_three_letters(tmp_path: Path, currency: str) -> None:
    sheets = only("T1500", "T1610")
    for sheet in sheets.values():
        sheet.head["CURRENCY"] = currency
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx states its flows in an unknown currency.\n\n"
        f"    CURRENCY or Currency: '{currency}'\n\n"
        "Write its three letters, such as EUR; thousands or millions are the unit."
    )


def test_a_country_and_a_unit_must_be_named(tmp_path: Path) -> None:
    sheets = only("T1500", "T1610")
    for sheet in sheets.values():
        del sheet.head["REF_AREA"]
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx names no country.\n\n"
        "    no cell REF_AREA or Country\n\n"
        "Write REF_AREA or Country above the table, and its value to the right, the same on all "
        "sheets."
    )
    for sheet in sheets.values():
        sheet.head |= {"REF_AREA": "AT", "UNIT_MULT": 5}
    assert refusal(tmp_path, sheets) == (
        "AT.xlsx states its flows in an unknown unit.\n\n"
        "    UNIT_MULT or Unit: '5'\n\n"
        "Write 0 (units of), 3 (thousand), 6 (million), 9 (billion)."
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PlanboardError, match=r"none\.xlsx"):
        read(tmp_path / "none.xlsx")
