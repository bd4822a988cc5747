"""WIOD, release 2013: world tables of 41 regions x 35 industries, and its socio-economic accounts.

Read from the publisher's workbooks (`wiod2013_workbook`, `sea2013_workbook`), or from tidy Parquet
files, one of each for every year: `wiod13_Z_YEAR` (o_region, o_sector, d_region, d_sector, value),
`wiod13_Y_YEAR` (…, d_region, category, value), and for all years `wiod13_x` (region, sector, year,
x) and `wiod13_sea`. Zeros are left out of these.
"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from planboard.errors import InvalidTableError
from planboard.publishers import sea2013_workbook
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.parquet import read_parquet
from planboard.publishers.spreadsheet import DECIMAL
from planboard.publishers.wiod import ROLES
from planboard.publishers.wiod2013_release import (
    MEASURES,
    ROUNDED,
    SKILLS,
    accounts_of,
    publication,
)
from planboard.publishers.wiod2013_workbook import FILE, is_table, read_workbook
from planboard.tables import Accounts, InputOutputTable
from planboard.tables.means import NO_ACCOUNTS

FLOW = ["o_region", "o_sector", "d_region", "d_sector", "value"]
FINAL = ["o_region", "o_sector", "d_region", "category", "value"]
OUTPUT = ["region", "sector", "year", "x"]


def read(request: Request) -> InputOutputTable:
    """The world table of one year."""
    return _read_tidy(request) if _is_tidy(request.source) else read_workbook(request)


def read_accounts(request: Request) -> Accounts:
    """The socio-economic accounts of every country and year; none where there is no file of them.

    request.source : a file of accounts, or the table (or its folder) that they stand beside
    """
    source = request.source
    if source.suffix.lower() == ".parquet" or _is_tidy(source):
        return _read_tidy_accounts(request)
    if not source.is_dir() and not is_table(source):
        return sea2013_workbook.read_accounts(request)
    folder = source if source.is_dir() else source.parent
    if sea2013_workbook.has_accounts(folder):
        return sea2013_workbook.read_accounts(replace(request, source=folder))
    request.progress(f"no socio-economic accounts in {folder}: hours and capital are imputed")
    return NO_ACCOUNTS


def _is_tidy(source: Path) -> bool:
    """Whether a folder holds Parquet files; refused where it holds workbooks too."""
    tidy = sorted(file.name for file in source.glob("wiod13_*.parquet"))
    books = sorted(file.name for file in source.glob("*") if FILE.fullmatch(file.name))
    if tidy and books:
        raise InvalidTableError(
            f"{source} holds WIOD 2013 in two forms.",
            [f"Parquet files: {', '.join(tidy[:3])}", f"workbooks: {', '.join(books[:3])}"],
            "Keep one of them in a folder, or name a workbook itself.",
        )
    return bool(tidy)


def _read_tidy(request: Request) -> InputOutputTable:
    """The world table of one year, from Parquet files."""
    folder = request.source
    year = the_year(request, _years(folder), "WIOD 2013")
    request.progress(f"reading the world table of {year}")
    flows = _numeric(folder / f"wiod13_Z_{year}.parquet", FLOW, FLOW[-1:])
    final = _numeric(folder / f"wiod13_Y_{year}.parquet", FINAL, FINAL[-1:])
    output = _numeric(folder / "wiod13_x.parquet", OUTPUT, OUTPUT[-2:])
    of_year = output[output["year"] == year]
    rows = pd.MultiIndex.from_frame(of_year[["region", "sector"]])
    _refuse_twice(folder / "wiod13_x.parquet", rows, year)
    made = pd.Series(of_year["x"].to_numpy(dtype=float), rows)
    if made.empty:
        raise InvalidTableError(
            f"{folder / 'wiod13_x.parquet'} does not hold the output of {year}.",
            [],
            "Take all files from one release.",
        )
    columns = pd.MultiIndex.from_product(
        [rows.unique("region"), list(ROLES)], names=["region", "category"]
    )
    transactions = _matrix(folder / f"wiod13_Z_{year}.parquet", flows, rows, rows)
    residual = made - transactions.sum(axis=0)
    return InputOutputTable(
        publication=publication(year, notes=[ROUNDED]),
        transactions=transactions,
        final_use=_matrix(folder / f"wiod13_Y_{year}.parquet", final, rows, columns),
        gross_output=made,
        value_added=pd.DataFrame([residual], index=["value_added_taxes_and_margins"]),
        roles=ROLES,
    )


def _read_tidy_accounts(request: Request) -> Accounts:
    """The accounts of every country and year, from a Parquet file."""
    file = request.source
    file = file / "wiod13_sea.parquet" if file.is_dir() else file
    request.progress("reading the socio-economic accounts")
    numbers = ["year", *MEASURES.values(), *SKILLS.values()]
    return accounts_of(_numeric(file, ["region", "sector", *numbers], numbers))


def _numeric(file: Path, columns: list[str], numbers: list[str]) -> pd.DataFrame:
    """These columns of a Parquet file, of which `numbers` must hold numbers."""
    table = read_parquet(file, columns)
    texts = [name for name in numbers if not is_numeric_dtype(table[name])]
    if texts:
        raise InvalidTableError(
            f"{file} has {len(texts)} columns of text where numbers must stand.",
            [f"{name}: {table[name].dropna().head(1).to_list()}" for name in texts],
            "Take the file from the publisher again.",
        )
    return table


def _refuse_twice(file: Path, rows: pd.MultiIndex, year: int) -> None:
    twice = rows[rows.duplicated()].unique()
    if len(twice):
        raise InvalidTableError(
            f"{file} states the output of {len(twice)} industries in {year} twice.",
            [", ".join(map(str, label)) for label in twice],
            "Take the file from the publisher again; an output is stated once.",
        )


def _years(folder: Path) -> list[int]:
    names = [re.fullmatch(r"wiod13_Z_(\d{4})\.parquet", file.name) for file in folder.glob("*")]
    return sorted(int(name[1]) for name in names if name)


def _matrix(
    file: Path, flows: pd.DataFrame, rows: pd.MultiIndex, columns: pd.MultiIndex
) -> pd.DataFrame:
    """Tidy flows as one dense matrix; a label that the table of output lacks is refused."""
    places = []
    names = list(flows.columns)
    for axis, pair in ((rows, names[:2]), (columns, names[2:4])):
        at = axis.get_indexer(pd.MultiIndex.from_frame(flows[pair]))
        wrong = flows.loc[at < 0, pair].drop_duplicates()
        if len(wrong):
            raise InvalidTableError(
                f"{file} names {', '.join(pair)} that the table of output does not.",
                [", ".join(map(str, row)) for row in wrong.to_numpy()],
                "Take all files from one release.",
            )
        places.append(at)
    cells = places[0].astype(np.int64) * len(columns) + places[1]
    if len(np.unique(cells)) < len(cells):
        twice = flows[pd.Series(cells, index=flows.index).duplicated()]
        raise InvalidTableError(
            f"{file} states {len(twice)} flows twice.",
            [", ".join(map(str, row)) for row in twice[names[:4]].to_numpy()],
            "Take the file from the publisher again; a flow is stated once.",
        )
    matrix = np.zeros((len(rows), len(columns)))
    matrix[tuple(places)] = flows["value"]
    return pd.DataFrame(matrix, index=rows, columns=columns, copy=False)


WIOD2013 = Format(
    name="wiod2013",
    title="World Input-Output Database, release 2013: 41 regions x 35 industries, 1995-2011",
    needs="a folder with wiod13_Z_YEAR, wiod13_Y_YEAR, wiod13_x and wiod13_sea (.parquet); or "
    "WIOTYY_ROW_….xlsx, a folder or .zip of them (workbooks: only small ones laid out so were met)",
    published="DataverseNL, doi:10.34894/XDTAUZ",
    met="real",
    read=read,
    choices=DECIMAL,
    read_accounts=read_accounts,
    accounts_beside=True,
)
