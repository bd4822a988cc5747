"""Socio-economic accounts of WIOD 2013: small workbooks, equal to the same numbers as Parquet."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model_files import Rows, write_xlsx
from planboard.errors import PlanboardError, UnreadableFileError
from planboard.publishers.format import Request
from planboard.publishers.wiod2013 import WIOD2013, read_accounts
from planboard.tables import Accounts

YEARS = list(range(1995, 2012))
VARIABLES = {
    "GO": 200.0, "II": 90.0, "VA": 110.0, "COMP": 50.0, "LAB": 60.0, "CAP": 50.0, "GFCF": 20.0,
    "EMP": 30.0, "EMPE": 20.0, "H_EMP": 60.0, "H_EMPE": 40.0, "GO_P": 100.0, "II_P": 100.0,
    "VA_P": 100.0, "GFCF_P": 110.0, "GO_QI": 100.0, "II_QI": 100.0, "VA_QI": 100.0,
    "K_GFCF": 300.0, "LABHS": 0.3, "LABMS": 0.5, "LABLS": 0.2, "H_HS": 0.25, "H_MS": 0.5,
    "H_LS": 0.25,
}  # fmt: skip
REMEDY = (
    "Keep Socio_Economic_Accounts_July14.xlsx and Exchange_Rates.xlsx (in older editions "
    "EXR_WIOD_Sep12.xlsx) of release 2013 in one folder, as they are."
)
ACCOUNTS, RATES = "Socio_Economic_Accounts_July14.xlsx", "Exchange_Rates.xlsx"


def value(region: str, variable: str, sector: str, year: int) -> float:
    """A number of its own in every cell; shares of hours stay what they are."""
    if variable.startswith(("LAB", "H_")) and len(variable) in {4, 5} and variable[-1] == "S":
        return VARIABLES[variable]
    where = {"IND": 1.0, "ROM": 2.0, "ROU": 2.0}[region]
    return VARIABLES[variable] * where + 8 * (sector == "C") + (year - 1995) / 4


def data(
    regions: tuple[str, ...] = ("IND", "ROM"), variables: Mapping[str, float] = VARIABLES
) -> Rows:
    """The sheet DATA: a line for every country, variable and industry, TOT first."""
    rows: Rows = [["Country", "Variable", "Description", "Code", *[f"_{year}" for year in YEARS]]]
    for region in regions:
        for name in variables:
            rows += [
                [region, name, f"Name of {s}", s, *(value(region, name, s, y) for y in YEARS)]
                for s in ("TOT", "AtB", "C")
            ]
    return rows


def rates(regions: tuple[str, ...] = ("IND", "ROM")) -> Rows:
    """The sheet EXR: lines of title, then US dollars per unit of national currency."""
    head: Rows = [["Exchange rates"], ["US$ per unit of local currency"], [""]]
    head += [["Country", "Acronym", *[f"_{year}" for year in YEARS]]]
    return head + [[f"Name of {r}", r, *(0.25 + k for k in range(len(YEARS)))] for r in regions]


def files(folder: Path, accounts: Rows, exchange: Rows | None = None, page: str = "DATA") -> Path:
    write_xlsx(folder / RATES, {"Notes": [["x"]], "EXR": rates() if exchange is None else exchange})
    return write_xlsx(folder / ACCOUNTS, {"Notes": [["x"]], page: accounts})


def refused(source: Path) -> PlanboardError:
    with pytest.raises(PlanboardError) as caught:
        read_accounts(Request(source))
    return caught.value


def tidy(file: Path) -> Path:
    """The same numbers as a Parquet file."""
    rows = [
        {"region": region, "sector": sector, "year": year, "fx_usd_per_lcu": 0.25 + year - 1995}
        | {name: value(region, name, sector, year) for name in VARIABLES}
        for region in ("IND", "ROM")
        for sector in ("AtB", "C", "TOT")
        for year in YEARS
    ]
    pd.DataFrame(rows).to_parquet(file)
    return file


def assert_same(ours: Accounts, theirs: Accounts) -> None:
    pd.testing.assert_frame_equal(ours.data.sort_index(), theirs.data.sort_index())
    for name in ("source", "licence", "attribution", "units", "donors"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert ours.imputed.empty


def test_workbooks_say_what_the_parquet_file_says(tmp_path: Path) -> None:
    file = files(tmp_path, data())
    ours = read_accounts(Request(file))
    assert_same(ours, read_accounts(Request(tidy(tmp_path / "wiod13_sea.parquet"))))
    row = ours.data.loc["ROM", "C", 2011]
    assert row["output"] == 400 + 8 + 4
    assert row["hours_medium"] == 0.5 * row["hours"] == 0.5 * (120 + 8 + 4)
    assert row["exchange_rate"] == 16.25
    assert ours.units["capital_stock"] == "million units of local currency at 1995 prices"
    assert ours.years == YEARS
    assert set(ours.data.index.unique("activity")) == {"AtB", "C"}


@pytest.mark.parametrize(
    ("table", "is_table"),
    [("WIOT00_ROW_Apr12.xlsx", True), ("WIOTS_in_EXCEL.zip", False), ("mine.xlsx", True)],
)
def test_accounts_stand_beside_the_table(tmp_path: Path, table: str, is_table: bool) -> None:
    """Whatever SOURCE is: a folder, a workbook of any name, an archive."""
    files(tmp_path, data())
    source = tmp_path / table
    if is_table:
        write_xlsx(source, {"WIOT_2000": [["x"]]})
    else:
        source.write_bytes(b"PK")
    assert WIOD2013.accounts_beside
    beside, inside = read_accounts(Request(source)), read_accounts(Request(tmp_path))
    assert_same(beside, inside)
    assert len(inside.data) == 2 * 2 * len(YEARS)


def test_accounts_are_read_under_any_name(tmp_path: Path) -> None:
    files(tmp_path, data())
    mine = write_xlsx(tmp_path / "mine.xlsx", {"DATA": data(("IND",))})
    assert list(read_accounts(Request(mine)).data.index.unique("region")) == ["IND"]


def test_without_accounts_it_is_said(tmp_path: Path) -> None:
    told: list[str] = []
    source = write_xlsx(tmp_path / "WIOT00_ROW_Apr12.xlsx", {"WIOT_2000": [["x"]]})
    for place in (source, tmp_path):
        found = read_accounts(Request(place, progress=told.append))
        assert found.data.empty
        assert found.source == ""
    wanted = f"no socio-economic accounts in {tmp_path}: hours and capital are imputed"
    assert told == [wanted, wanted]


def test_older_names_and_other_codes_of_regions(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "WIOD_SEA_July14.xlsx", {"DATA": data(("IND", "ROU"))})
    write_xlsx(tmp_path / "EXR_WIOD_Sep12.xlsx", {"EXR": rates(("IND", "ROM"))})
    found = read_accounts(Request(tmp_path))
    assert_same(found, read_accounts(Request(tidy(tmp_path / "sea.parquet"))))


@pytest.mark.parametrize("cell", ["NA", "", None])
def test_not_published(tmp_path: Path, cell: str | None) -> None:
    rows = data()
    next(row for row in rows if row[1] == "H_EMP" and row[3] == "AtB")[4] = cell
    found = read_accounts(Request(files(tmp_path, rows))).data.loc["IND", "AtB"]
    assert np.isnan(found.loc[1995, ["hours", "hours_low"]]).all()
    assert found.loc[1996, "hours"] == 60.25


def test_a_renamed_sheet(tmp_path: Path) -> None:
    file = files(tmp_path, data(), page="Data")
    assert (
        str(refused(file)) == f"{file} has no sheet 'DATA'.\n\n    sheets: Notes, Data\n\n{REMEDY}"
    )


def test_missing_years_and_variables(tmp_path: Path) -> None:
    file = files(tmp_path, [row[:-2] for row in data()])
    assert str(refused(file)) == (
        f"{file}, sheet 'DATA', lacks years of release 2013.\n\n    2010, 2011\n\n{REMEDY}"
    )
    fewer = {name: v for name, v in VARIABLES.items() if name not in {"K_GFCF", "H_LS"}}
    file = files(tmp_path, data(variables=fewer))
    assert str(refused(file)) == (
        f"{file}, sheet 'DATA', lacks variables of release 2013.\n\n"
        f"    missing: K_GFCF, H_LS\n\n{REMEDY}"
    )


def test_accounts_of_release_2016(tmp_path: Path) -> None:
    rows: Rows = [["country", "variable", "description", "code", *YEARS]]
    file = files(tmp_path, rows)
    assert str(refused(file)) == (
        f"Sheet 'DATA' of {file} has no row with the headings Country, Variable, Description, "
        "Code.\n\n"
        "It is laid out otherwise than expected: another release, or changed by hand."
    )
    short = [[*row[:2], *row[7:]] for row in rates()]
    file = files(tmp_path, data(), short)
    assert str(refused(file)) == (
        f"{tmp_path / RATES}, sheet 'EXR', lacks years of release 2013.\n\n"
        f"    1995, 1996, 1997, 1998, 1999\n\n{REMEDY}"
    )


def test_missing_rates(tmp_path: Path) -> None:
    file = files(tmp_path, data(), rates(("IND",)))
    assert str(refused(file)) == (
        f"{file} has countries of which no exchange rate is known.\n\n    ROM\n\n{REMEDY}"
    )
    (tmp_path / RATES).unlink()
    error = refused(file)
    assert isinstance(error, UnreadableFileError)
    assert str(error) == (
        f"There is no Exchange_Rates.xlsx or EXR_WIOD_Sep12.xlsx in {tmp_path}.\n\n{REMEDY}"
    )


def test_unknown_countries(tmp_path: Path) -> None:
    rows = [["HRV", *row[1:]] if row[0] == "ROM" else row for row in data()]
    file = files(tmp_path, rows)
    assert str(refused(file)) == (
        f"{file} has countries that release 2013 does not know.\n\n    HRV\n\n{REMEDY}"
    )


def test_what_stands_twice_or_is_no_number(tmp_path: Path) -> None:
    rows = data()
    file = files(tmp_path, [*rows, rows[1]])
    assert str(refused(file)) == (
        f"{file}, sheet 'DATA', says things twice.\n\n    IND, TOT, GO: rows 2 and 152\n\n{REMEDY}"
    )
    rows[2][4] = "many"
    assert refused(files(tmp_path, rows)).evidence == ("sheet 'DATA', cell E3: 'many'",)
