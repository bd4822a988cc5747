"""Audit of real tables: it finds every fault that the data are known to have, and few others."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from economies import HEAD, rows
from planboard.audit import Finding, check_economy
from planboard.economy import Economy
from planboard.economy_folder import economy_of
from planboard.publishers import import_economy


@pytest.fixture(scope="module")
def economy(shared: Path) -> Economy:
    """WIOD, release 2013, of 2005: the year of Denmark's negative capital formation."""
    return import_economy("wiod2013", shared / "data" / "wiod13", year=2005)


@pytest.fixture(scope="module")
def found(economy: Economy) -> list[Finding]:
    return check_economy(economy)


def one(found: list[Finding], code: str, name: str = "", region: str = "") -> Finding:
    """The one finding with this code, and name and region where they are given."""
    (only,) = [
        f for f in found if f.code == code and name in ("", f.name) and region in ("", f.region)
    ]
    return only


def test_flows_are_whole_millions(found: list[Finding]) -> None:
    rounded = one(found, "rounded_table")
    assert " flows are whole multiples of 1 million 2005 USD: what is under half" in rounded.message
    assert (
        " Products miss up to 102 to balance (51 in AUT), 0.0006 of all supply" in rounded.message
    )
    codes = {f.code for f in found}
    assert not codes & {"unbalanced_product", "duplicated_trade", "rounded_product"}


def test_industries_without_output_are_one_finding(found: list[Finding]) -> None:
    empty = one(found, "zero_output")
    assert empty.severity == "note"
    assert empty.message.startswith(
        "20 of 1,435 activities make nothing in the base year: P in AUS"
    )


def test_negative_final_use_is_told_by_category(found: list[Finding]) -> None:
    formation = one(found, "negative_cells", "GFCF")
    assert (formation.severity, formation.region) == ("warning", "DNK")
    assert formation.message.startswith("1 cell of GFCF below zero (regions: 1), ")
    assert formation.message.endswith("worst -15 (AtB in DNK).")
    assert one(found, "negative_cells", "INVEN").severity == "note"


def test_capital_that_is_not_published(found: list[Finding]) -> None:
    (missing,) = [f for f in found if f.code == "missing_series" and "capital_stock" in f.message]
    assert missing.severity == "note"
    assert "from 2008 on for 14 regions (AUT, CZE, DEU, " in missing.message
    assert "from 2010 on for 24 regions" in missing.message


def test_china_has_a_stock_too_smooth_for_its_investment(found: list[Finding]) -> None:
    contradictions = [f for f in found if f.code == "capital_contradicts_investment"]
    assert [(f.region, f.severity) for f in contradictions] == [("CHN", "warning"), ("SVN", "note")]
    assert contradictions[0].message.startswith(
        "Capital of CHN does not follow its investment: from 1995 to 2009 the published stock "
        "grows 4.3% a year and real investment 11.9%, so that the stock would lose 7.2% a year at "
        "first and 28.2% at last. Carried forward with the loss of its first years, the stock of "
        "2009 is 1.67 times the published one (median elsewhere 4.8%; with that, 2.01)."
    )
    assert "2009: together they say that the stock lost 0.7% in 2008 and 32.0%" in (
        contradictions[1].message
    )


def test_negative_capital_income(found: list[Finding]) -> None:
    income = one(found, "negative_income", "capital_income")
    assert income.message.startswith(
        "capital_income is below zero in 793 of 22,845 figures (regions: 31; by activity: AtB 152, "
    )


def test_the_rest_of_the_world_has_no_accounts(found: list[Finding]) -> None:
    assert one(found, "no_accounts").region == "RoW"
    assert one(found, "imputed_accounts", region="RoW").severity == "note"


def test_romania_has_a_code_of_its_time(found: list[Finding]) -> None:
    assert one(found, "odd_labels").message == (
        "ROM is no code of ISO 3166-1 since 2002: it is ROU now."
    )


def test_few_alarms(found: list[Finding]) -> None:
    """Every warning is a fault of the data, listed here; no error."""
    grave = Counter((f.code, f.region) for f in found if f.severity != "note")
    assert grave == {
        ("capital_contradicts_investment", "CHN"): 1,
        ("rounded_table", ""): 1,
        ("negative_cells", "DNK"): 2,  # Capital formation, and what building takes with it.
        ("negative_cells", "GRC"): 1,  # Exports of drawn-down stocks.
        ("negative_series", ""): 1,  # A price index below zero: Great Britain, industry 23, 2006.
        ("broken_series", "LVA"): 1,  # Hours of a refinery go up fifteen times in 2005.
        ("impossible_intensity", "SVK"): 1,  # Air transport with a thousandth of others' capital.
    }
    assert len(found) < 45


@pytest.mark.parametrize("country", ["DEU", "POL"])
def test_national_tables_raise_no_alarm(shared: Path, country: str) -> None:
    folder = shared / "data" / "wiod16_national"
    economy = import_economy(
        "wiod2016-national",
        folder / f"{country}_NIOT_nov16.xlsx",
        year=2010,
        accounts=folder / "sea_DEU_POL.parquet",
    )
    assert {f.severity for f in check_economy(economy)} == {"note"}


def test_american_use_at_purchasers_prices_is_not_held_against_basic_prices(shared: Path) -> None:
    """Farm products of 2022: 637 bn supplied at basic prices, 911 bn used at purchasers'."""
    flows = pd.read_parquet(shared / "data" / "sut" / "usa_bea_sut_summary_2012_2023.parquet")
    flows = flows[flows["year"] == 2022].astype({"table": str, "row": str, "col": str})
    made, used = flows[flows["table"] == "supply"], flows[flows["table"] == "use"]
    industries = [name for name in used["col"].unique() if not name.startswith(("F0", "F1", "T0"))]
    products = [name for name in made["row"].unique() if not name.startswith("T0")]
    supply = made[made["col"].isin(industries) & made["row"].isin(products)]
    use = used[used["row"].isin(products)]
    final = use[use["col"].str.match("F0|F1")].groupby("row")["value"].sum()
    imports = made[made["col"].isin(["MCIF", "MADJ"]) & made["row"].isin(products)]
    level = supply.groupby("col")["value"].sum()
    columns = ["product", "activity", "value"]

    def tidy(table: pd.DataFrame) -> pd.DataFrame:
        table = table[table["col"].isin(level.index)][["row", "col", "value"]]
        return table.set_axis(columns, axis=1).assign(region="USA")

    traded = imports.groupby("row")["value"].sum().rename_axis("product").reset_index()
    tables = {
        "activity": rows("region activity level", *(("USA", k, v) for k, v in level.items())),
        "supply": tidy(supply),
        "use": tidy(use),
        "final_use": rows(
            "region product category value",
            *(("USA", k, "households", v) for k, v in final.items()),
        ),
        "trade": traded[traded["value"] != 0].assign(origin="outside", destination="USA"),
    }
    head = {**HEAD, "categories": {"households": {"role": "households"}}}
    mixed = [f for f in check_economy(economy_of(head, tables)) if f.code == "mixed_price_basis"]
    assert [(f.severity, f.region) for f in mixed] == [("error", "USA")]
    assert "and their margins are left over: 42, 4A0, " in mixed[0].message
    basic = import_economy("bea-sut", shared / "data" / "sut", year=2022)
    assert not {f.code for f in check_economy(basic)} & {"mixed_price_basis", "unbalanced_product"}
