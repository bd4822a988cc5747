"""WIOD, release 2016: national input-output tables, one workbook a country, all years in a sheet.

Sheet 'National IO-tables': a row for each year, origin (domestic, imports) and industry, then rows
for taxes, margins and value added; a column for each industry and final use. Million US dollars.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.economy import OUTSIDE, Array
from planboard.errors import InvalidTableError
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.parquet import read_parquet
from planboard.publishers.sea2016 import ATTRIBUTION, LICENCE, NEEDED, RATE, TAKEN, accounts_of
from planboard.publishers.spreadsheet import AS_STORED, DECIMAL, Sheet, open_workbook
from planboard.publishers.wiod import ROLES
from planboard.tables import Accounts, InputOutputTable, Publication

SHEET = "National IO-tables"
HEADINGS = ("Year", "Code", "Description", "Origin")
FIRST = 5  # Column of the first industry.
ADDED = ("VA", "TXSP", "EXP_adj", "PURR", "PURNR", "IntTTM")
TOLERANCE = 1e-5  # Of output: the publisher's own rows and columns agree to 1e-7 and better.


def read(request: Request) -> InputOutputTable:
    """The table of one country and year; all others are outside."""
    request.progress("reading the workbook")
    book = open_workbook(request.source, decimal=request.choices.get("decimal", AS_STORED))
    sheet = book.sheet(SHEET)
    top = sheet.find_row(*HEADINGS)
    body = sheet.down(top + 2, 1)
    years = sheet.numbers(body, 1).astype(int)
    year = the_year(request, sorted(set(years.tolist())), "WIOD 2016, national tables")
    rows = [body[int(place)] for place in np.flatnonzero(years == year)]
    country = _country(request)
    return _table(sheet, top, rows, _publication(sheet, top, country, year))


def read_accounts(request: Request) -> Accounts:
    """Socio-economic accounts of release 2016, from a Parquet file of its variables by column."""
    request.progress("reading the socio-economic accounts")
    variables = list(dict.fromkeys([*TAKEN, *NEEDED]))
    columns = ["region", "sector", "year", *variables, RATE]
    return accounts_of(read_parquet(request.source, columns))


def _country(request: Request) -> str:
    """The three letters that the publisher's file names begin with."""
    code = request.source.name[:3]
    if not (code.isalpha() and code.isupper()):
        raise InvalidTableError(
            f"The name of {request.source} does not say whose table it is.",
            [],
            "Keep the publisher's name, such as POL_NIOT_nov16.xlsx.",
        )
    return code


def _table(
    sheet: Sheet, top: int, rows: Sequence[int], publication: Publication
) -> InputOutputTable:
    """The table of one year; `rows` are its rows in the sheet."""
    country = publication.name.split("-")[1].upper()
    names = sheet.labels(top, range(FIRST, sheet.width + 1))
    industries = names[: names.index("CONS_h")] if "CONS_h" in names else []
    categories = list(ROLES)
    origins = _origins(sheet, rows)
    _check_rows(sheet, origins, industries, names)

    def block(origin: str, wanted: Sequence[str], columns: Sequence[str]) -> Array:
        at = [origins[name, origin] for name in wanted]
        return sheet.numbers(at, [FIRST + names.index(name) for name in columns])

    ends = ("Domestic", "Imports")
    index = _index([country] * len(industries) + [OUTSIDE] * len(industries), industries * 2)
    columns = _index([country] * len(industries), industries)
    made = np.vstack([block(origin, industries, industries) for origin in ends])
    used = np.vstack([block(origin, industries, [*categories, "EXP"]) for origin in ends])
    final = _index([country] * len(categories) + [OUTSIDE], [*categories, "exports"])
    items = list(ADDED)
    added = block("TOT", items, industries)
    output = block("TOT", ["GO"], industries)[0]
    _check_sums(sheet, made.sum(axis=0) + added.sum(axis=0), output, industries)
    final = final.set_names(["region", "category"])
    return InputOutputTable(
        publication=publication,
        transactions=pd.DataFrame(made, index, columns),
        final_use=pd.DataFrame(used, index, final),
        gross_output=pd.Series(output, columns),
        value_added=pd.DataFrame(added, items, columns),
        final_use_taxes=pd.DataFrame(
            block("TOT", items[1:], [*categories, "EXP"]), items[1:], final
        ),
        roles=ROLES,
    )


def _origins(sheet: Sheet, rows: Sequence[int]) -> dict[tuple[str, str], int]:
    """(code, origin) -> its row; one that stands twice is refused."""
    found: dict[tuple[str, str], int] = {}
    codes = sheet.labels(rows, 2, repeated=True)
    faults = [
        f"{code} {origin}: rows {found[code, origin]} and {row}"
        for row, code, origin in zip(rows, codes, sheet.texts(rows, 4), strict=True)
        if found.setdefault((code, origin), row) != row
    ]
    if faults:
        raise _other_release(sheet, faults)
    return found


def _index(regions: Sequence[str], sectors: Sequence[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([list(regions), list(sectors)], names=["region", "sector"])


def _check_rows(
    sheet: Sheet, found: dict[tuple[str, str], int], industries: Sequence[str], names: Sequence[str]
) -> None:
    wanted = [(name, origin) for origin in ("Domestic", "Imports") for name in industries]
    wanted += [(name, "TOT") for name in (*ADDED, "GO")]
    missing = [f"row {' '.join(key)}" for key in wanted if key not in found]
    missing += [f"column {name}" for name in (*ROLES, "EXP", "GO") if name not in names]
    if missing:
        raise _other_release(sheet, [f"missing: {name}" for name in missing])


def _other_release(sheet: Sheet, faults: Sequence[str]) -> InvalidTableError:
    return InvalidTableError(
        f"Sheet '{sheet.name}' of {sheet.file} is not as in release 2016.",
        faults,
        "Take the national tables of November 2016 from the publisher.",
    )


def _check_sums(sheet: Sheet, spent: Array, output: Array, industries: Sequence[str]) -> None:
    """Refuse a sheet whose columns do not add up to its own row of output."""
    gaps = np.abs(spent - output) / np.maximum(np.abs(output), 1.0)
    wrong = [i for i in np.argsort(-gaps) if gaps[i] > TOLERANCE]
    if wrong:
        raise InvalidTableError(
            f"Columns of {sheet.file} do not add up to their output.",
            [f"{industries[i]}: {spent[i]:,.6g}, output {output[i]:,.6g}" for i in wrong],
            "Take the file from the publisher again: a cell was changed or lost.",
        )


def _publication(sheet: Sheet, top: int, country: str, year: int) -> Publication:
    width = range(FIRST, sheet.width + 1)
    described = zip(sheet.texts(top, width), sheet.texts(top + 1, width), strict=True)
    source = f"WIOD release 2016, national input-output table of {country}, {year}"
    return Publication(
        name=f"wiod2016-{country.lower()}-{year}",
        title=f"{country} {year}, 56 industries",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="USD",
        unit=f"million {year} USD",
        price_basis="basic",
        coverage="part",
        labels={code: text for code, text in described if code and text},
        notes=(
            "Imports are valued free on board; international transport margins are an item of "
            "value added (IntTTM).",
            "Exports are to all other countries together.",
        ),
        history=({"step": "published table", "detail": f"{source}, current USD at basic prices."},),
    )


WIOD2016_NATIONAL = Format(
    name="wiod2016-national",
    title="WIOD, release 2016: national tables of 43 countries, 56 industries, 2000-2014",
    needs="the publisher's workbook of one country, such as POL_NIOT_nov16.xlsx",
    published="DataverseNL, doi:10.34894/PJ2M1C",
    met="real",
    choices=DECIMAL,
    read=read,
    read_accounts=read_accounts,
)
