"""Supply and use workbooks of the ESA 2010 transmission programme, one table a sheet.

A sheet is known by the number of its table, which stands in its name: 1500 supply; 1600 use at
purchasers' prices; 1610 use at basic prices, 1611 of it domestic and 1612 imported; 1620 trade and
transport margins, 1630 taxes less subsidies on products, by use. On each sheet stand

    above         REF_AREA, TIME_PERIOD, CURRENCY and UNIT_MULT (or Country, Year, Currency, Unit),
                  each with its value in the cell to its right
    one row       codes of columns: industries (A01, C10-C12, …), TOTAL; in 1500 then P7, TS_BP,
                  OTTM, D21X31, TS_PP; in all others P3_S14, P3_S15, P3_S13, P51G, P52, P53, P6, TU
    one column    codes of rows: products (CPA_A01, …), CPA_TOTAL; in use tables D21X31, D1,
                  D29X39, B2A3G, P1; names stand in the next column, and in the row above

Empty cells are read as zeros, and every row and column is held to its published total.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.publishers.eurostat_sut.codes import (
    BASIC,
    DOMESTIC,
    HEAD,
    IMPORTED,
    LABELLED,
    MARGIN,
    MARGINS,
    PURCHASERS,
    ROLES,
    SUPPLY,
    TABLES,
    TAX,
    TAX_ITEM,
    TAXES,
    TITLE,
    UNITS,
    VALUE_ADDED,
    is_code,
)  # fmt: skip
from planboard.publishers.eurostat_sut.sheets import (
    Table,
    check_codes,
    check_totals,
    read_table,
    rounding_of,
)
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.spreadsheet import (
    AS_STORED,
    DECIMAL,
    Sheet,
    Workbook,
    one_currency,
    open_workbook,
)
from planboard.tables import Publication
from planboard.tables.supply_use import SupplyUseTable

SOURCE = "ESA 2010 transmission programme, supply and use tables of {country}, {year}"
NOTES = (
    "Labour income is compensation of employees; the mixed income of the self-employed is part of "
    "capital income, the gross operating surplus.",
    "Purchases of residents abroad (OP_RES) and of non-residents at home (OP_NRES) are rows of "
    "their own, as published, wherever they are not zero.",
)


def read(request: Request) -> SupplyUseTable:
    """The tables of one year; use at basic prices where the workbook has it."""
    book = open_workbook(request.source, decimal=request.choices.get("decimal", AS_STORED))
    request.progress(f"reading {book.file.name}")
    sheets = _sheets(book)
    years = sorted({year for _, year in sheets})
    year = the_year(request, years, TITLE)
    mine = {number: name for (number, found), name in sheets.items() if found == year}
    _check_numbers(book.file, mine, year)
    tables = {number: read_table(number, book.sheet(name)) for number, name in mine.items()}
    check_codes(book.file, tables)
    for table in tables.values():
        check_totals(table)
    return _assembled(book.file, tables, year)


def _sheets(book: Workbook) -> dict[tuple[str, int], str]:
    """(number of the table, year) -> name of its sheet."""
    found: dict[tuple[str, int], str] = {}
    twice = []
    for name in book.names:
        numbers = [n for n in re.findall(r"\d{4}", name) if n in TABLES]
        if not numbers:
            continue
        key = (numbers[0], _year(name, book.sheet(name)))
        if key in found:
            twice.append(f"{key[0]} of {key[1]}: sheets '{found[key]}' and '{name}'")
        found[key] = name
    if twice or not found:
        raise InvalidTableError(
            f"{book.file} does not hold {TITLE}, one a sheet."
            if not found
            else f"{book.file} holds the same table twice.",
            twice or [f"sheets: {', '.join(book.names)}"],
            f"The number of the table must stand in the name of its sheet: {', '.join(TABLES)}."
            if not found
            else "Leave one of them, or say their years.",
        )
    return found


def _year(name: str, sheet: Sheet) -> int:
    """The year that stands on the sheet, or in its name."""
    for key in ("TIME_PERIOD", "Year"):
        if sheet.has(key):
            cell = sheet.find(key)
            return sheet.year(cell.row, cell.column + 1)
    years = [n for n in re.findall(r"\d{4}", name) if n not in TABLES]
    if len(years) != 1:
        raise InvalidTableError(
            f"Sheet '{name}' of {sheet.file} does not say of which year it is.",
            ["no cell 'TIME_PERIOD' or 'Year', and no year in the name of the sheet"],
            "Write TIME_PERIOD above the table and the year to its right.",
        )
    return int(years[0])


def _check_numbers(file: Path, mine: Mapping[str, str], year: int) -> None:
    missing = [SUPPLY] if SUPPLY not in mine else []
    if not {PURCHASERS, BASIC} & set(mine):
        missing.append(PURCHASERS)
    if missing:
        raise InvalidTableError(
            f"{file} lacks tables of {year}.",
            [f"no sheet {n}: {TABLES[n]}{' (or 1610)' * (n == PURCHASERS)}" for n in missing]
            + [f"found: {', '.join(sorted(mine.values()))}"],
            "Supply and one of the use tables are needed; take the whole workbook.",
        )


def _assembled(file: Path, tables: Mapping[str, Table], year: int) -> SupplyUseTable:
    supply, use = tables[SUPPLY], tables[BASIC if BASIC in tables else PURCHASERS]
    products = list(dict.fromkeys([*supply.products, *use.products]))
    industries, categories = supply.industries, use.categories
    uses = [*industries, *categories]
    rows = VALUE_ADDED | ({TAX: TAX_ITEM} if use.number == BASIC else {})
    paid = use.values.reindex(list(rows)).set_axis(list(rows.values()))
    of_supply = supply.block(products, supply.values.columns)
    parts: dict[str, Any] = {}
    if use.number == BASIC:
        parts["final_use_taxes"] = paid.loc[[TAX_ITEM], categories]
        imported = _imported(tables, products, uses)
        if imported is not None:
            parts["imported_use"] = imported[industries]
            parts["imported_final_use"] = imported[categories]
    else:
        parts["margins"] = of_supply[[MARGIN]].set_axis(["margins"], axis=1)
        parts["taxes"] = of_supply[[TAX]].set_axis([TAX_ITEM], axis=1)
        parts["valuation"] = {
            name: tables[number].block(products, uses)
            for name, number in {"margins": MARGINS, TAX_ITEM: TAXES}.items()
            if number in tables
        }
    return SupplyUseTable(
        publication=_publication(file, tables, year),
        region=_stated(file, tables, "country"),
        supply=supply.block(products, industries),
        use=use.block(products, industries),
        final_use=use.block(products, categories),
        imports=of_supply["P7"],
        value_added=paid[industries],
        roles={c: ROLES[c] for c in categories},
        rounding=max(rounding_of(table.values) for table in tables.values()),
        **parts,
    )


def _imported(
    tables: Mapping[str, Table], products: Sequence[str], uses: Sequence[str]
) -> pd.DataFrame | None:
    """What of every use is imported: stated, or what is not domestic; None where neither is."""
    if IMPORTED in tables:
        return tables[IMPORTED].block(products, uses)
    if DOMESTIC in tables:
        return tables[BASIC].block(products, uses) - tables[DOMESTIC].block(products, uses)
    return None


def _publication(file: Path, tables: Mapping[str, Table], year: int) -> Publication:
    country, currency = (_stated(file, tables, key) for key in ("country", "currency"))
    labels: dict[str, str] = {}
    for table in reversed(list(tables.values())):
        labels |= table.names
    is_basic = BASIC in tables
    supply = tables[SUPPLY]
    size = f"{len(supply.products)} products x {len(supply.industries)} industries"
    source = SOURCE.format(country=country, year=year)
    read_from = ", ".join(f"{n} {TABLES[n]}" for n in sorted(tables))
    return Publication(
        name=f"eurostat-sut-{country.lower()}-{year}",
        title=f"{country} {year}, {size}",
        source=source,
        licence="as the publisher of the workbook states",
        year=year,
        currency=currency,
        unit=f"{_multiple(file, tables)} {year} {currency}",
        price_basis="basic" if is_basic else "purchasers",
        labels={code: name for code, name in labels.items() if is_code(code) or code in LABELLED},
        notes=NOTES,
        history=({"step": "published table", "detail": f"{source}: {read_from}."},),
    )


def _multiple(file: Path, tables: Mapping[str, Table]) -> str:
    """The unit of the flows, in words: "million" for 6 or "Million"."""
    stated = _stated(file, tables, "unit")
    word = UNITS.get(stated, stated.lower())
    if word not in UNITS.values():
        raise InvalidTableError(
            f"{file} states its flows in an unknown unit.",
            [f"UNIT_MULT or Unit: '{stated}'"],
            f"Write {', '.join(f'{n} ({text})' for n, text in UNITS.items())}.",
        )
    return word


def _stated(file: Path, tables: Mapping[str, Table], key: str) -> str:
    """What the sheets say of country, currency or unit: all that do must say the same."""
    found = {
        f"sheet '{table.sheet.name}'": table.head[key]
        for table in tables.values()
        if table.head.get(key)
    }
    if key == "currency":
        return _currency(file, one_currency(file, found))
    if len(set(found.values())) != 1:
        labels = " or ".join(label for label, meant in HEAD.items() if meant == key)
        raise InvalidTableError(
            f"{file} mixes tables of another {key}." if found else f"{file} names no {key}.",
            [f"{place}: {text}" for place, text in found.items()] or [f"no cell {labels}"],
            f"Write {labels} above the table, and its value to the right, the same on all sheets.",
        )
    return next(iter(found.values()))


def _currency(file: Path, stated: str) -> str:
    if not re.fullmatch("[A-Z]{3}", stated):
        raise InvalidTableError(
            f"{file} states its flows in an unknown currency.",
            [f"CURRENCY or Currency: '{stated}'"],
            "Write its three letters, such as EUR; thousands or millions are the unit.",
        )
    return stated


EUROSTAT_SUT = Format(
    name="eurostat-sut",
    title="National supply and use tables as Eurostat's members transmit them, A*64 x P*64",
    needs="a workbook with a sheet for each table: 1500, and 1600 or 1610; 1611, 1612, 1620, 1630",
    published="national statistical institutes; ESA 2010 transmission programme, Eurostat",
    met="model",
    read=read,
    choices=DECIMAL,
)
