"""Socio-economic accounts of WIOD release 2016: real ones of two countries, and small workbooks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model_files import Rows, write_xlsx
from planboard.errors import InvalidTableError, PlanboardError, UnreadableFileError
from planboard.publishers.format import Request
from planboard.publishers.sea2016 import accounts_of
from planboard.publishers.sea2016_workbook import read_accounts
from planboard.tables import Accounts

YEARS = list(range(2000, 2015))
VARIABLES = {
    "GO": 200.0, "II": 90.0, "VA": 110.0, "EMP": 30.0, "EMPE": 20.0, "H_EMPE": 40.0, "COMP": 50.0,
    "LAB": 60.0, "CAP": 50.0, "K": 300.0, "GO_PI": 80.0, "II_PI": 80.0, "VA_PI": 50.0,
    "GO_QI": 90.0, "II_QI": 90.0, "VA_QI": 90.0,
}  # fmt: skip
REMEDY = "Take Socio_Economic_Accounts.xlsx and Exchange_Rates.xlsx of release 2016 as they are."


def data(countries: tuple[str, ...] = ("POL", "IND"), sectors: tuple[str, ...] = ("A01",)) -> Rows:
    """The sheet DATA: a line for every country, variable and industry."""
    rows: Rows = [["country", "variable", "description", "code", *YEARS]]
    for country in countries:
        for name, value in VARIABLES.items():
            rows += [[country, name, f"Name of {s}", s, *[value] * len(YEARS)] for s in sectors]
    return rows


def rates(countries: tuple[str, ...] = ("POL", "IND")) -> Rows:
    """The sheet EXR: three lines of title, then US dollars per unit of national currency."""
    head: Rows = [["Exchange rates"], ["US$ per unit of local currency"], [""]]
    head += [["Country", "Acronym", *[f"_{year}" for year in YEARS]]]
    return head + [[f"Name of {c}", c, *[0.25] * len(YEARS)] for c in countries]


def files(folder: Path, accounts: Rows, exchange: Rows | None = None, sheet: str = "DATA") -> Path:
    exchange = rates() if exchange is None else exchange
    write_xlsx(folder / "Exchange_Rates.xlsx", {"Notes": [["x"]], "EXR": exchange})
    return write_xlsx(folder / "Socio_Economic_Accounts.xlsx", {"Notes": [["x"]], sheet: accounts})


def refused(file: Path) -> PlanboardError:
    with pytest.raises(PlanboardError) as caught:
        read_accounts(Request(file))
    return caught.value


@pytest.fixture(scope="module")
def published(shared: Path) -> pd.DataFrame:
    return pd.read_parquet(shared / "data" / "wiod16_national" / "sea_DEU_POL.parquet")


@pytest.fixture(scope="module")
def accounts(published: pd.DataFrame) -> Accounts:
    return accounts_of(published)


# Real accounts ------------------------------------------------------------------------------------


def test_variables_become_measures(accounts: Accounts, published: pd.DataFrame) -> None:
    table = published.set_index(["region", "sector", "year"])
    names = {
        "GO": "output", "GO_PI": "output_price", "GO_QI": "output_volume", "VA": "value_added",
        "LAB": "labour_income", "CAP": "capital_income", "EMP": "persons",
        "fx_usd_per_lcu": "exchange_rate",
    }  # fmt: skip
    for theirs, ours in names.items():
        np.testing.assert_array_equal(accounts.data[ours], table[theirs].astype(float))
    assert accounts.years == YEARS
    assert accounts.units["persons"] == "thousand persons"
    assert accounts.units["capital_stock"] == "million units of local currency at 2010 prices"
    assert set(accounts.units) == set(accounts.data)


def test_hours_of_all_persons(accounts: Accounts, published: pd.DataFrame) -> None:
    farming = published[(published["region"] == "POL") & (published["sector"] == "A01")]
    farming = farming.set_index("year").astype({"H_EMPE": float, "EMPE": float, "EMP": float})
    hours = accounts.data.loc[("POL", "A01"), "hours"]
    expected = farming["H_EMPE"] * farming["EMP"] / farming["EMPE"]
    np.testing.assert_allclose(hours, expected, rtol=1e-12)
    # 146 thousand of 1,934 thousand persons are employees, and work 306 million hours.
    assert hours[2010] == pytest.approx(305.511 * 1934.3 / 145.6, rel=1e-6)
    per_person = accounts.data["hours"] / accounts.data["persons"].where(lambda p: p > 0)
    assert per_person.min() > 0.5
    assert per_person.max() < 3  # thousand hours a year
    assert ("POL", "A01") in set(
        accounts.imputed[["region", "activity"]].itertuples(index=False, name=None)
    )
    assert set(accounts.imputed["method"]) == {
        "the self-employed work as long as the employees of their industry"
    }


def test_industries_without_anybody_work_no_hours(accounts: Accounts) -> None:
    nobody = accounts.data[accounts.data["persons"] == 0]
    assert len(nobody)
    assert (nobody["hours"] == 0).all()
    imputed = accounts.imputed.set_index(["region", "activity"]).index
    assert not imputed.isin(nobody.droplevel("year").index).any()


def test_stock_times_price_is_the_nominal_stock(
    accounts: Accounts, published: pd.DataFrame
) -> None:
    stock = accounts.data["capital_stock"] * accounts.data["investment_price"] / 100
    np.testing.assert_allclose(stock, published["K"].astype(float), rtol=1e-12)
    of_2010 = accounts.data.xs(2010, level="year")
    np.testing.assert_allclose(of_2010["investment_price"], 100, rtol=1e-6)


def test_growth_of_the_stock_is_as_the_docstring_says(accounts: Accounts) -> None:
    total = accounts.data["capital_stock"].groupby(["region", "year"]).sum().unstack("region")
    growth = 100 * np.log(total).diff().dropna()
    assert growth.mean().round(1).to_dict() == {"DEU": 1.0, "POL": 1.7}
    assert growth.std().round(1).to_dict() == {"DEU": 1.8, "POL": 2.9}


def test_what_was_not_published_stays_unknown(published: pd.DataFrame) -> None:
    table = published[published["sector"] == "A01"].copy()
    table.loc[table["region"] == "DEU", "H_EMPE"] = 0.0
    table.loc[table["region"] == "POL", "EMPE"] = np.nan
    found = accounts_of(table)
    assert found.data["hours"].isna().all()
    assert found.imputed.empty


def test_columns_of_text_are_refused(published: pd.DataFrame) -> None:
    table = published.assign(VA=published["VA"].astype(str), K=pd.Series(dtype=object))
    first = table["VA"].iloc[0]
    with pytest.raises(InvalidTableError) as error:
        accounts_of(table)
    assert str(error.value) == (
        "The socio-economic accounts of release 2016 have 1 columns of text.\n\n"
        f"    VA: '{first}'\n\n"
        "They are numbers as published, and empty where nothing is: take them as they are."
    )
    unknown = accounts_of(published.assign(K=None))
    assert unknown.data["capital_stock"].isna().all()


def test_a_table_without_its_variables() -> None:
    table = pd.DataFrame({"region": [], "sector": [], "year": [], "GO": [], "H_EMP": []})
    with pytest.raises(InvalidTableError) as caught:
        accounts_of(table)
    assert str(caught.value) == (
        "The socio-economic accounts of release 2016 lack 10 of their variables.\n\n"
        "    missing: GO_PI, GO_QI, VA, LAB, CAP, EMP, EMPE, H_EMPE, K, VA_PI\n"
        "    found: region, sector, year, GO, H_EMP\n\n"
        "Take the publisher's file as it is; release 2013 has other variables."
    )


# The publisher's workbooks ------------------------------------------------------------------------


@pytest.mark.parametrize("whole_folder", [True, False])
def test_the_two_workbooks(tmp_path: Path, whole_folder: bool) -> None:
    file = files(tmp_path, data())
    found = read_accounts(Request(tmp_path if whole_folder else file))
    row = found.data.loc[("POL", "A01", 2014)]
    assert row["output"] == 200
    assert row["hours"] == 60  # 40 of employees / 20 employees x 30 persons
    assert row["capital_stock"] == 600  # 300 at a price of 50
    assert row["investment_price"] == 50
    assert row["exchange_rate"] == 0.25
    assert len(found.data) == 2 * len(YEARS)
    assert dict(found.donors) == {"ROW": ("IND",)}


def test_names_of_the_first_edition(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "EXR_WIOD_Nov16.xlsx", {"Notes": [["x"]], "EXR": rates()})
    write_xlsx(tmp_path / "WIOD_SEA_Nov16.xlsx", {"Notes": [["x"]], "DATA": data()})
    assert read_accounts(Request(tmp_path)).years == YEARS


@pytest.mark.parametrize("cell", ["NA", "", None])
def test_not_published(tmp_path: Path, cell: str | None) -> None:
    rows = data()
    hours = next(row for row in rows if row[:2] == ["POL", "H_EMPE"])
    hours[4] = cell
    found = read_accounts(Request(files(tmp_path, rows)))
    assert np.isnan(found.data.loc[("POL", "A01", 2000), "hours"])
    assert found.data.loc[("POL", "A01", 2001), "hours"] == 60


def test_a_renamed_sheet(tmp_path: Path) -> None:
    file = files(tmp_path, data(), sheet="Data 2016")
    assert str(refused(file)) == (
        f"{file} has no sheet 'DATA'.\n\n    sheets: Notes, Data 2016\n\n{REMEDY}"
    )


def test_missing_years(tmp_path: Path) -> None:
    file = files(tmp_path, [row[:-2] for row in data()])
    assert str(refused(file)) == (
        f"{file}, sheet 'DATA', lacks years of release 2016.\n\n    2013, 2014\n\n{REMEDY}"
    )


def test_missing_files_and_rates(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert isinstance(error, UnreadableFileError)
    assert str(error) == (
        f"There is no Socio_Economic_Accounts.xlsx or WIOD_SEA_Nov16.xlsx in {tmp_path}."
        f"\n\n{REMEDY}"
    )
    file = files(tmp_path, data(), rates(("POL",)))
    assert str(refused(file)) == (
        f"{file} has countries of which no exchange rate is known.\n\n    IND\n\n{REMEDY}"
    )
    (tmp_path / "Exchange_Rates.xlsx").unlink()
    assert str(refused(file)) == (
        f"There is no Exchange_Rates.xlsx or EXR_WIOD_Nov16.xlsx in {tmp_path}.\n\n{REMEDY}"
    )


def test_figures_without_all_their_labels(tmp_path: Path) -> None:
    rows = data()
    remark = ["Source: national accounts", *[""] * (len(rows[0]) - 1)]
    assert len(read_accounts(Request(files(tmp_path, [*rows, remark]))).data) > 0
    bare = [rows[1][0], "", *rows[1][2:]]
    file = files(tmp_path, [*rows, bare])
    assert str(refused(file)) == (
        f"{file}, sheet 'DATA', has figures without all their labels.\n\n"
        f"    row {len(rows) + 1}\n\n{REMEDY}"
    )


def test_what_stands_twice_or_is_no_number(tmp_path: Path) -> None:
    rows = data()
    file = files(tmp_path, [*rows, rows[1]])
    assert str(refused(file)) == (
        f"{file}, sheet 'DATA', says things twice.\n\n    POL, A01, GO: rows 2 and 34\n\n{REMEDY}"
    )
    rows[1][4] = "many"
    file = files(tmp_path, rows)
    assert refused(file).evidence == ("sheet 'DATA', cell E2: 'many'",)


def test_the_accounts_of_release_2013(tmp_path: Path) -> None:
    rows = [["Country", "Variable", "Description", "Code", *YEARS]]
    file = files(tmp_path, rows)
    assert str(refused(file)) == (
        f"Sheet 'DATA' of {file} has no row with the headings country, variable, description, "
        "code.\n\n"
        "It is laid out otherwise than expected: another release, or changed by hand."
    )
