"""The workbooks of the socio-economic accounts of WIOD release 2016, and of its exchange rates.

Socio_Economic_Accounts.xlsx, sheet DATA   country, variable, description, code, 2000 … 2014
Exchange_Rates.xlsx, sheet EXR             from row 4: Country, Acronym, _2000 … _2014: US
                                           dollars per unit of national currency
"""

from dataclasses import replace

from planboard.errors import InvalidTableError
from planboard.publishers.format import Request
from planboard.publishers.sea2016 import YEARS, accounts_of
from planboard.publishers.spreadsheet import AS_STORED, open_workbook
from planboard.publishers.wiod_years import Release, one_of, read_rates, read_variables
from planboard.tables import Accounts

ACCOUNTS = ("Socio_Economic_Accounts.xlsx", "WIOD_SEA_Nov16.xlsx")
RATES = ("Exchange_Rates.xlsx", "EXR_WIOD_Nov16.xlsx")
# Larger countries of middle income: the rest of the world has no accounts.
DONORS = ("BRA", "CHN", "IDN", "IND", "MEX", "RUS", "TUR")
RELEASE = Release(
    name="release 2016",
    years=YEARS,
    variables=("country", "variable", "description", "code"),
    rates=("Country", "Acronym"),
    remedy="Take Socio_Economic_Accounts.xlsx and Exchange_Rates.xlsx of release 2016 as they are.",
)


def read_accounts(request: Request) -> Accounts:
    """The accounts of every country and year; exchange rates from the file beside them."""
    source = request.source
    file = one_of(source, ACCOUNTS, RELEASE) if source.is_dir() else source
    decimal = request.choices.get("decimal", AS_STORED)
    request.progress("reading the socio-economic accounts")
    table = read_variables(open_workbook(file, decimal=decimal), RELEASE)
    rates = read_rates(open_workbook(one_of(file.parent, RATES, RELEASE), decimal=decimal), RELEASE)
    unknown = sorted(set(table["region"]) - set(rates["region"]))
    if unknown:
        raise InvalidTableError(
            f"{file} has countries of which no exchange rate is known.",
            [", ".join(unknown)],
            RELEASE.remedy,
        )
    accounts = accounts_of(table.merge(rates, how="left", on=["region", "year"]))
    donors = tuple(name for name in DONORS if name in set(table["region"]))
    return replace(accounts, donors={"ROW": donors} if donors else {})
