"""The years around the base year: growth before it, and what happened after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from world_2000.sample import BASE_YEAR, COLUMNS, FACTORS, Sample, read_plain, total

GROWTH_FROM = 1995
ACCOUNTS = ["H_EMP", "GO", "GO_P", "fx_usd_per_lcu"]
ACTUAL_BY_INDUSTRY = {
    "x_real": ("output", "million 2000 USD"),
    "hours": ("hours", "million hours"),
    "k_pim": ("capital", "million 2000 USD"),
    "i_real": ("investment", "million 2000 USD"),
}


def read_accounts(folder: Path) -> pd.DataFrame:
    """Hours and real gross output in the two years of growth, by country and sector.

    hours_YEAR: million hours; output_YEAR: million USD at 2000 prices and exchange rates (gross
    output over its deflator). Missing where the accounts do not say; the row TOT is left out.
    """
    accounts = read_plain(folder / "wiod13_sea.parquet", region="country")
    accounts = accounts[accounts["sector"] != "TOT"].astype(dict.fromkeys(ACCOUNTS, float))
    keys = ["country", "sector"]
    then = accounts[accounts["year"] == GROWTH_FROM].set_index(keys)
    now = accounts[accounts["year"] == BASE_YEAR].set_index(keys)
    rate = now["fx_usd_per_lcu"]
    columns = {
        "hours_then": then["H_EMP"],
        "hours_now": now["H_EMP"],
        "output_then": then["GO"] * rate * now["GO_P"] / then["GO_P"],
        "output_now": now["GO"] * rate,
    }
    return pd.DataFrame(columns).reset_index()


def growth_of(accounts: pd.DataFrame, countries: Sequence[str]) -> dict[str, float]:
    """Average yearly growth of hours, and of real gross output per hour, compounded.

    A country's sector that misses a cell in either year is left out of both.
    """
    sums = accounts[accounts["country"].isin(countries)].dropna().sum(numeric_only=True)
    hours = sums["hours_now"] / sums["hours_then"]
    per_hour = sums["output_now"] / sums["output_then"] / hours
    power = 1 / (BASE_YEAR - GROWTH_FROM)
    return {"labour": hours**power - 1, "productivity": per_hour**power - 1}


def growth_table(accounts: pd.DataFrame, concordance: Mapping[str, Any]) -> pd.DataFrame:
    """Growth 1995-2000 by region; the rest of the world is assumed to grow as its proxy group.

    China is left out of that group: a fifth of the world's people growing at 8 % says little about
    the others.
    """
    proxies = {"ROW": [code for code in concordance["row_proxy"] if code != "CHN"]}
    rows = [
        (code, quantity, value, code in proxies)
        for code, region in concordance["regions"].items()
        for quantity, value in growth_of(accounts, proxies.get(code, region["wiod"])).items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS["growth"])


def deflators(sample: Sample) -> pd.DataFrame:
    """Price of each region's product in USD, base year = 1: region, product, year, deflator."""
    panel = sample.panel.rename(columns={"activity": "product"}).set_index(["region", "product"])
    price = panel["x"] / panel["x_real"]
    base = price[panel["year"] == BASE_YEAR]
    return panel[["year"]].assign(deflator=price / base.reindex(price.index)).reset_index()


def import_deflators(sample: Sample) -> pd.DataFrame:
    """Price of what a region imports of a product for final use: region, product, year, price.

    The origins' deflators, weighted with their base-year shares in those imports. Inventories are
    left out of the shares: a change of stocks may be negative, a weight may not.
    """
    flows = sample.final_use
    imports = flows[(flows["origin"] != flows["region"]) & (flows["category"] != "inventories")]
    shares = total(imports, "region", "product", "origin").reset_index()
    shares["share"] = shares["value"] / shares.groupby(["region", "product"])["value"].transform(
        "sum"
    )
    if len(shares[["region", "product"]].drop_duplicates()) < len(sample.base):
        raise ValueError("Some region imports nothing of a product for final use: no price for it.")
    prices = deflators(sample).rename(columns={"region": "origin"})
    weighted = shares.merge(prices, on=["origin", "product"])
    weighted["price"] = weighted["share"] * weighted["deflator"]
    return weighted.groupby(["region", "product", "year"])["price"].sum().reset_index()


def actual_final_use(sample: Sample) -> pd.DataFrame:
    """Final use of every year at constant prices; name is category/product."""
    keys = ["region", "product", "year"]
    table = sample.final_years.merge(deflators(sample), on=keys, validate="m:1")
    table = table.merge(import_deflators(sample), on=keys, validate="m:1")
    table["value"] = table["domestic"] / table["deflator"]
    table["value"] += (table["total"] - table["domestic"]) / table["price"]
    table["name"] = table["category"] + "/" + table["product"]
    return table.assign(quantity="final_use", unit="million 2000 USD")


def actual_panel(sample: Sample) -> list[pd.DataFrame]:
    """What the panel says of every year: by industry, by skill, and persons engaged."""
    panel = sample.panel
    frames = [
        panel.rename(columns={"activity": "name", column: "value"}).assign(quantity=name, unit=unit)
        for column, (name, unit) in ACTUAL_BY_INDUSTRY.items()
    ]
    sums = panel.groupby(["region", "year"])[[*FACTORS, "emp"]].sum().reset_index()
    frames += [
        sums.rename(columns={column: "value"}).assign(
            name=factor, quantity="hours_by_skill", unit="million hours"
        )
        for column, factor in FACTORS.items()
    ]
    engaged = sums.rename(columns={"emp": "value"})
    return [*frames, engaged.assign(name="all", quantity="engaged", unit="thousand persons")]


def actual_table(sample: Sample) -> pd.DataFrame:
    """What happened 2000-2007, to six significant digits."""
    columns = COLUMNS["actual"]
    frames = [*actual_panel(sample), actual_final_use(sample)]
    table = pd.concat([frame[columns] for frame in frames], ignore_index=True)
    place = {label: i for i, label in enumerate(sample.axes["region"])}
    order = table.assign(region=table["region"].map(place)).sort_values(columns[:4]).index
    table = table.loc[order].reset_index(drop=True)
    table["value"] = [float(f"{value:.6g}") for value in table["value"]]
    return table.astype({"value": "float32", "year": "int64"})
