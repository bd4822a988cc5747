"""The tables of the base year: flows, hours, capital, persons."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from world_2000.checks import Tables
from world_2000.sample import COLUMNS, FACTORS, VALUE_ADDED, Sample, total


def without_zeros(table: pd.DataFrame) -> pd.DataFrame:
    """The rows whose value is not zero."""
    return table[table["value"] != 0].reset_index(drop=True)


def activity_table(sample: Sample) -> pd.DataFrame:
    """Gross output of the base year, million 2000 USD."""
    return sample.base["x"].astype(float).rename("level").reset_index()


def use_table(sample: Sample) -> pd.DataFrame:
    """Intermediate use with pooled origins: sum over origins of Z."""
    names = ("region", "product", "activity")
    return without_zeros(sample.tidy(sample.transactions, *names))


def supply_table(sample: Sample) -> pd.DataFrame:
    """Each activity makes its own product and nothing else."""
    table = activity_table(sample).rename(columns={"level": "value"})
    return table.assign(product=table["activity"])[COLUMNS["supply"]]


def final_use_table(sample: Sample) -> pd.DataFrame:
    """Final use in the region of destination, pooled origins, signed."""
    names = ("region", "product", "category")
    return without_zeros(sample.tidy(sample.final_use, *names))


def trade_table(sample: Sample) -> pd.DataFrame:
    """Flows between two different regions, intermediate and final use together."""
    flows = pd.concat([sample.transactions, sample.final_use]).rename(
        columns={"region": "destination"}
    )
    names = ("origin", "destination", "product")
    between = flows[flows["origin"] != flows["destination"]]
    return without_zeros(sample.tidy(between, *names))


def by_kind(sample: Sample, columns: Mapping[str, str], axis: str) -> pd.DataFrame:
    """Some columns of the base-year panel as one table, `axis` naming which column."""
    wide = sample.base[list(columns)].rename(columns=dict(columns)).reset_index()
    return sample.tidy(wide.melt(["region", "activity"], var_name=axis), "region", axis, "activity")


def endowment_table(factor_use: pd.DataFrame) -> pd.DataFrame:
    """What the base year used of each factor, million hours."""
    return factor_use.groupby(["region", "factor"], sort=False)["value"].sum().reset_index()


def capital_table(sample: Sample) -> pd.DataFrame:
    """Stocks, capacity and building of the base year, one kind of capital.

        K₋₁ = (K₀ − I₀)/(1 − δ)        building = capacity · I₀/K₋₁

    Published capital is end of year: base-year output was served by K₋₁.
    """
    base = sample.base
    stock, investment = base["k_pim"].astype(float), base["i_real"].astype(float)
    depreciation = base["delta"].astype(float).round(4)  # four decimals in the source, as float32
    before, capacity = (stock - investment) / (1 - depreciation), base["x"].astype(float)
    if (before <= 0).any():
        places = ", ".join(map("/".join, before.index[before <= 0]))
        raise ValueError(f"The capital stock before the base year is not positive in {places}.")
    columns = {
        "kind": "capital",
        "stock_before": before,
        "stock": stock,
        "investment": investment,
        "depreciation": depreciation,
        "capacity": capacity,
        "building": capacity * investment / before,
        "gestation": 1,
        "utilisation": 1.0,
    }
    return pd.DataFrame(columns, index=base.index).reset_index()[COLUMNS["capital"]]


def investment_ratio(final_use: pd.DataFrame, capital: pd.DataFrame) -> pd.Series:
    """λ by region: capital formation in the table / investment of industries in the accounts."""
    formation = total(final_use[final_use["category"] == "capital_formation"], "region")
    accounts = capital.groupby("region", sort=False)["investment"].sum()
    return formation.reindex(accounts.index) / accounts


def capital_required_table(final_use: pd.DataFrame, capital: pd.DataFrame) -> pd.DataFrame:
    """Product i per unit of new capacity.

        capital_required[i,j] = λ · (K₋₁,j / capacity_j) · g_i

    g is the product mix of the region's capital formation and sums to 1.
    """
    mix = final_use[final_use["category"] == "capital_formation"].reset_index(drop=True)
    mix["share"] = mix["value"] / mix.groupby("region")["value"].transform("sum")
    ratio = capital["region"].map(investment_ratio(final_use, capital))
    per_unit = capital.assign(stock_per_unit=ratio * capital["stock_before"] / capital["capacity"])
    table = mix.drop(columns="value").merge(per_unit, on="region")
    table["value"] = table["share"] * table["stock_per_unit"]
    return table[COLUMNS["capital_required"]]


def read_population(path: Path, concordance: Mapping[str, Any]) -> pd.Series:
    """Population by region, thousand persons; the rest of the world is what the others leave."""
    countries = pd.read_csv(path, comment="#").set_index("country")["population"]
    rest = {"RoW": countries["WORLD"] - countries.drop("WORLD").sum()}
    known = pd.concat([countries.drop("WORLD"), pd.Series(rest)])
    regions = concordance["regions"]
    return pd.Series({code: known[list(region["wiod"])].sum() for code, region in regions.items()})


def persons_table(sample: Sample, population: pd.Series) -> pd.DataFrame:
    """Persons engaged and population in the base year, thousand persons."""
    base = sample.base
    engaged = base.groupby("region", sort=False)["emp"].sum()
    imputed = base.groupby("region", sort=False)["imputed"].any()
    accounts = "WIOD release 2013, socio-economic accounts, EMP"
    modelled = "imputed from ILO modelled estimates, countries outside the 40 of WIOD"
    source = imputed.map({False: accounts, True: modelled})
    people = "UN World Population Prospects 2019, estimates"
    frames = [
        pd.DataFrame({"measure": "engaged", "value": engaged, "source": source}),
        pd.DataFrame({"measure": "population", "value": population, "source": people}),
    ]
    table = pd.concat(frames).rename_axis("region").reset_index()
    return table.astype({"value": float})


def base_year_tables(sample: Sample) -> Tables:
    """The tables that come from the sample's base year alone."""
    factor_use, final_use = by_kind(sample, FACTORS, "factor"), final_use_table(sample)
    capital = capital_table(sample)
    return {
        "activity": activity_table(sample),
        "use": use_table(sample),
        "supply": supply_table(sample),
        "factor_use": factor_use,
        "endowment": endowment_table(factor_use),
        "final_use": final_use,
        "trade": trade_table(sample),
        "capital": capital,
        "capital_required": capital_required_table(final_use, capital),
        "value_added": by_kind(sample, VALUE_ADDED, "item"),
    }
