"""The workbooks of the socio-economic accounts of WIOD release 2013, and of its exchange rates.

Socio_Economic_Accounts_July14.xlsx, sheet DATA   Country, Variable, Description, Code, _1995 …
                                                  _2011: 40 countries, 25 variables, 35 industries
                                                  and TOT, "NA" or nothing where not published
Exchange_Rates.xlsx, sheet EXR                    Country, its code, _1995 … _2011: US dollars per
                                                  unit of national currency

Layout: pymrio 0.7, `parse_wiod`, and other programs that others published to read these files. No
real file was met. Both workbooks once had other names, which are known too.
"""

from pathlib import Path

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.publishers.format import Request
from planboard.publishers.spreadsheet import AS_STORED, open_workbook
from planboard.publishers.wiod2013_release import (
    MEASURES,
    OTHER_CODES,
    REGIONS,
    SKILLS,
    YEARS,
    accounts_of,
)
from planboard.publishers.wiod_years import RATE, Release, one_of, read_rates, read_variables
from planboard.tables import Accounts

ACCOUNTS = ("Socio_Economic_Accounts_July14.xlsx", "WIOD_SEA_July14.xlsx")
RATES = ("Exchange_Rates.xlsx", "EXR_WIOD_Sep12.xlsx")
RELEASE = Release(
    name="release 2013",
    years=YEARS,
    variables=("Country", "Variable", "Description", "Code"),
    rates=("Country",),
    remedy="Keep Socio_Economic_Accounts_July14.xlsx and Exchange_Rates.xlsx (in older editions "
    "EXR_WIOD_Sep12.xlsx) of release 2013 in one folder, as they are.",
)


def has_accounts(folder: Path) -> bool:
    """Whether a folder holds the workbook of the accounts."""
    return any((folder / name).is_file() for name in ACCOUNTS)


def read_accounts(request: Request) -> Accounts:
    """The accounts of every country and year; exchange rates from the file beside them.

    request.source : the workbook, or the folder that it stands in
    """
    source = request.source
    file = one_of(source, ACCOUNTS, RELEASE) if source.is_dir() else source
    decimal = request.choices.get("decimal", AS_STORED)
    request.progress(f"reading the socio-economic accounts in {file.name}")
    table = read_variables(open_workbook(file, decimal=decimal), RELEASE)
    _check_variables(file, table)
    rates = read_rates(open_workbook(one_of(file.parent, RATES, RELEASE), decimal=decimal), RELEASE)
    for part in (table, rates):
        part["region"] = part["region"].replace(OTHER_CODES)
    _check_regions(file, table["region"], rates["region"])
    return accounts_of(table.merge(rates, how="left", on=["region", "year"]))


def _check_variables(file: Path, table: pd.DataFrame) -> None:
    wanted = [name for name in (*MEASURES.values(), *SKILLS.values()) if name != RATE]
    missing = [name for name in wanted if name not in table]
    if missing:
        raise InvalidTableError(
            f"{file}, sheet 'DATA', lacks variables of release 2013.",
            [f"missing: {', '.join(missing)}"],
            RELEASE.remedy,
        )


def _check_regions(file: Path, regions: pd.Series, rated: pd.Series) -> None:
    """Refuse countries that release 2013 does not know, or whose money has no exchange rate."""
    named = [str(name) for name in regions.unique()]
    for what, unknown in (
        ("that release 2013 does not know", set(named) - set(REGIONS)),
        ("of which no exchange rate is known", set(named) - set(rated)),
    ):
        if unknown:
            raise InvalidTableError(
                f"{file} has countries {what}.",
                [", ".join(name for name in named if name in unknown)],
                RELEASE.remedy,
            )
