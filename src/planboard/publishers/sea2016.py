"""Socio-economic accounts of WIOD release 2016: what their variables are among our measures.

43 countries, 56 industries, 2000-2014; money in millions of national currency, persons in
thousands, hours in millions. No skills, no investment by industry, no accounts of the rest of the
world.
"""

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from planboard.errors import InvalidTableError
from planboard.publishers.wiod import CITATION
from planboard.tables import Accounts
from planboard.tables.accounts import KEYS

SOURCE = "World Input-Output Database, release 2016, socio-economic accounts"
LICENCE = "CC BY 4.0"
ATTRIBUTION = CITATION.format(release="2016", doi="10.34894/PJ2M1C")
YEARS = range(2000, 2015)

MONEY = "million units of local currency"
INDEX = "2010 = 100"
# Variable of the publisher -> our measure, where it is taken over as it is.
TAKEN = {
    "GO": ("output", MONEY),
    "GO_PI": ("output_price", INDEX),
    "GO_QI": ("output_volume", INDEX),
    "VA": ("value_added", MONEY),
    "LAB": ("labour_income", MONEY),
    "CAP": ("capital_income", MONEY),
    "EMP": ("persons", "thousand persons"),
}
# What hours and the stock at constant prices are made of.
NEEDED = ("EMPE", "H_EMPE", "K", "VA_PI")
RATE = "fx_usd_per_lcu"  # US dollars per unit of national currency; NOMEXCH is its inverse.
UNITS = dict(TAKEN.values()) | {
    "hours": "million hours",
    "capital_stock": "million units of local currency at 2010 prices",
    "investment_price": INDEX,
    "exchange_rate": "USD per unit of local currency",
}
METHOD = "the self-employed work as long as the employees of their industry"


def accounts_of(table: pd.DataFrame) -> Accounts:
    """The accounts, from a table with region, sector, year and one column for each variable.

    Hours and capital are not published as planning needs them, and are derived:

        hours = H_EMPE / EMPE · EMP          [million hours]
        capital_stock = K · 100 / P          [million national currency at 2010 prices]
        P = Σ VA / Σ (VA / VA_PI)            over the industries of the region and year, 2010 = 100

    Parameters
    ----------
    table : DataFrame
        GO, GO_PI, GO_QI, VA, VA_PI, LAB, CAP, EMP, EMPE, H_EMPE, K; the exchange rate, where it is
        known, as `fx_usd_per_lcu` or `NOMEXCH`. NaN where the publisher says nothing.

    Notes
    -----
    Hours are published for employees only. Where an industry has self-employed too, its hours are
    an assumption and listed as imputed; in Polish farming they are twelve to sixteen times
    the published ones. Where it has persons but no hours or no employees (all of China, users say),
    its hours stay unknown.

    K is the *nominal* stock (the publisher's own word): that of each year at the prices of that
    year. No price of investment is published. P, the price of value added of the whole region,
    stands in for it, and is given as `investment_price`, so that stock times price is K again:
    only growth from year to year rests on the choice. It is not the price of any capital good.
    With it the stock of Germany grows by 1.0 % a year (standard deviation 1.8), Poland's by 1.7 %
    (2.9); with the price of construction by 0.5 (0.5) and 1.6 (5.2), with the price of an
    industry's own output in far more erratic steps.

    COMP, II, II_PI, II_QI and VA_QI have no place among the measures and are left out.
    """
    _check_columns(table)
    data = table.set_index(["region", "sector", "year"]).rename_axis(KEYS)
    known = [name for name in data if is_numeric_dtype(data[name]) or data[name].isna().all()]
    data = data[known].astype(np.float64)
    index = [data.index.get_level_values(level).astype(str) for level in ("region", "activity")]
    data.index = pd.MultiIndex.from_arrays(
        [*index, data.index.get_level_values("year").astype(int)], names=KEYS
    )
    measures = {ours: data[theirs] for theirs, (ours, _) in TAKEN.items()}
    price = value_added_price(data)
    measures["hours"] = hours_engaged(data)
    measures["capital_stock"] = data["K"] * 100 / price
    measures["investment_price"] = price
    measures |= _exchange_rate(data)
    made = pd.DataFrame(measures)
    units = {measure: UNITS[measure] for measure in measures}
    assumed = _assumed(data, made["hours"])
    return Accounts(SOURCE, LICENCE, made, units, ATTRIBUTION).with_imputed(made, assumed)


def hours_engaged(data: pd.DataFrame) -> pd.Series:
    """Hours of all persons engaged: those of an employee times persons; none where nobody works.

    A zero where people work is a figure that was not published, not one of no hours.
    """
    employees = data["EMPE"].where(data["EMPE"] > 0)
    hours = data["H_EMPE"].where(data["H_EMPE"] > 0) / employees * data["EMP"]
    return hours.mask(data["EMP"] == 0, 0.0)


def value_added_price(data: pd.DataFrame) -> pd.Series:
    """Price of value added of the whole region, 2010 = 100, laid out on its industries."""
    known = (data["VA"] > 0) & (data["VA_PI"] > 0)
    value = data["VA"].where(known)
    parts = pd.DataFrame({"value": value, "volume": value * 100 / data["VA_PI"].where(known)})
    sums = parts.groupby(["region", "year"]).transform("sum", min_count=1)
    return sums["value"] * 100 / sums["volume"]


def _exchange_rate(data: pd.DataFrame) -> dict[str, pd.Series]:
    if RATE in data:
        return {"exchange_rate": data[RATE]}
    return {"exchange_rate": 1 / data["NOMEXCH"]} if "NOMEXCH" in data else {}


def _assumed(data: pd.DataFrame, hours: pd.Series) -> list[tuple[str, str, str, str, str]]:
    """Industries with more persons engaged than employees in some year: part of their hours."""
    more = (data["EMP"] > data["EMPE"] * (1 + 1e-6)) & (hours > 0)
    groups = more.groupby(["region", "activity"], sort=False).any()
    return [
        (region, activity, "hours", METHOD, region) for region, activity in groups[groups].index
    ]


def _check_columns(table: pd.DataFrame) -> None:
    wanted = ["region", "sector", "year", *TAKEN, *NEEDED]
    missing = [name for name in wanted if name not in table]
    told = {name: table[name].dropna() for name in wanted[2:] if name in table}
    texts = [name for name, said in told.items() if len(said) and not is_numeric_dtype(said)]
    if texts:
        raise InvalidTableError(
            f"The socio-economic accounts of release 2016 have {len(texts)} columns of text.",
            [f"{name}: '{told[name].iloc[0]}'" for name in texts],
            "They are numbers as published, and empty where nothing is: take them as they are.",
        )
    if missing:
        raise InvalidTableError(
            f"The socio-economic accounts of release 2016 lack {len(missing)} of their variables.",
            [f"missing: {', '.join(missing)}", f"found: {', '.join(map(str, table.columns))}"],
            "Take the publisher's file as it is; release 2013 has other variables.",
        )
