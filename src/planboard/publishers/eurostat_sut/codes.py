"""Codes of the ESA 2010 transmission programme: tables, uses, items, NACE and CPA."""

import re

from planboard.tables.supply_use import EXPORTS

TITLE = "the supply and use tables of the ESA 2010 transmission programme"
SUPPLY, PURCHASERS, BASIC, DOMESTIC, IMPORTED, MARGINS, TAXES = (
    "1500", "1600", "1610", "1611", "1612", "1620", "1630"
)  # fmt: skip
TABLES = {
    SUPPLY: "supply",
    PURCHASERS: "use at purchasers' prices",
    BASIC: "use at basic prices",
    DOMESTIC: "use of domestic output",
    IMPORTED: "use of imports",
    MARGINS: "trade and transport margins",
    TAXES: "taxes less subsidies on products",
}
ROLES = {
    "P3_S14": "households",
    "P3_S15": "given",
    "P3_S13": "government",
    "P51G": "capital_formation",
    "P52": "inventories",
    "P53": "inventories",
    "P5M": "inventories",
    "P6": EXPORTS,
}
TOGETHER = ("P5M", ("P52", "P53"))  # A column that is left out where its parts are there.
# Sums of categories, and trade by partner: with the Union, the euro area, and all others.
PARTNERS = ("S21", "S22", "S2111", "S2112", "B0", "D0", "U2", "U3")
SUBTOTALS = (
    "P3", "P5", "P5G", "P51", "TFU",
    *(f"{trade}_{partner}" for trade in ("P6", "P7") for partner in PARTNERS),
)  # fmt: skip
TAX, MARGIN = "D21X31", "OTTM"
SUPPLY_COLUMNS = ("P7", "TS_BP", MARGIN, TAX, "TS_PP")
VALUE_ADDED = {"D1": "labour", "D29X39": "other_taxes_on_production", "B2A3G": "capital"}
TAX_ITEM = "taxes_on_products"
MEMO = (
    "P1", "P11", "P12", "P13", "P2", "B1G", "P2_ADJ", "IMP", "P7_TOTAL",
    "D11", "D12", "D29", "D39", "B2A3N", "B2G", "B2N", "B3G", "B3N", "P51C",  # of which
)  # fmt: skip
ADJUSTMENTS = ("OP_RES", "OP_NRES")  # Purchases abroad by residents; at home by non-residents.
LABELLED = (*ROLES, *ADJUSTMENTS)
TOTALS = ("TOTAL", "CPA_TOTAL", "TU", *SUBTOTALS)
# A division of NACE or CPA, several of them, or a section.
CODE = re.compile(r"(?:CPA_)?[A-U](?:\d{2}[A-Z]?(?:[-_][A-U]?\d{2})*)?")
HEAD = {
    "REF_AREA": "country", "Country": "country", "TIME_PERIOD": "year", "Year": "year",
    "CURRENCY": "currency", "Currency": "currency", "UNIT_MULT": "unit", "Unit": "unit",
}  # fmt: skip
UNITS = {"0": "units of", "3": "thousand", "6": "million", "9": "billion"}


def is_code(text: str) -> bool:
    """Whether a code is one of an industry or product."""
    known = {*ROLES, *SUPPLY_COLUMNS, *VALUE_ADDED, *MEMO, *TOTALS, *ADJUSTMENTS}
    return text not in known and CODE.fullmatch(text) is not None
