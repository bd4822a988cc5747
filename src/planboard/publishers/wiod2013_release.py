"""WIOD, release 2013: its codes, names and units, whichever form its files have."""

from collections.abc import Sequence

import pandas as pd

from planboard.publishers.wiod import CITATION, ROLES
from planboard.tables import Accounts, Publication

SOURCE = "WIOD release 2013, world input-output table {year}"
LICENCE = "CC BY 4.0 (according to records of its DataverseNL page, read second-hand)"
ATTRIBUTION = CITATION.format(release="2013", doi="10.34894/XDTAUZ")
YEARS = range(1995, 2012)
CODES = (
    "AUS AUT BEL BGR BRA CAN CHN CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HUN IDN IND IRL ITA JPN "
    "KOR LTU LUX LVA MEX MLT NLD POL PRT ROM RUS SVK SVN SWE TUR TWN USA RoW"
)
REGIONS = tuple(CODES.split())
# Some of the publisher's files have other codes for these; tables and accounts must have the same.
OTHER_CODES = {"ROU": "ROM", "ROW": "RoW", "GER": "DEU"}
LABELS = {
    "CONS_h": "Household consumption",
    "CONS_np": "Consumption of non-profit institutions",
    "CONS_g": "Government consumption",
    "GFCF": "Gross fixed capital formation",
    "INVEN": "Changes in inventories",
    "AtB": "Agriculture, hunting, forestry and fishing",
    "C": "Mining and quarrying",
    "15t16": "Food, beverages and tobacco",
    "17t18": "Textiles and textile products",
    "19": "Leather, leather products and footwear",
    "20": "Wood and products of wood and cork",
    "21t22": "Pulp, paper, printing and publishing",
    "23": "Coke, refined petroleum and nuclear fuel",
    "24": "Chemicals and chemical products",
    "25": "Rubber and plastics",
    "26": "Other non-metallic minerals",
    "27t28": "Basic metals and fabricated metal",
    "29": "Machinery, nec",
    "30t33": "Electrical and optical equipment",
    "34t35": "Transport equipment",
    "36t37": "Manufacturing, nec; recycling",
    "E": "Electricity, gas and water supply",
    "F": "Construction",
    "50": "Sale and repair of motor vehicles; sale of fuel",
    "51": "Wholesale trade",
    "52": "Retail trade; repair of household goods",
    "H": "Hotels and restaurants",
    "60": "Inland transport",
    "61": "Water transport",
    "62": "Air transport",
    "63": "Other transport activities; travel agencies",
    "64": "Post and telecommunications",
    "J": "Financial intermediation",
    "70": "Real estate activities",
    "71t74": "Renting of machinery; other business activities",
    "L": "Public administration and defence; social security",
    "M": "Education",
    "N": "Health and social work",
    "O": "Other community, social and personal services",
    "P": "Private households with employed persons",
}
INDUSTRIES = tuple(code for code in LABELS if code not in ROLES)
# Measure of ours -> variable of the publisher; skills are shares of hours there.
MEASURES = {
    "output": "GO",
    "output_price": "GO_P",
    "output_volume": "GO_QI",
    "value_added": "VA",
    "labour_income": "LAB",
    "capital_income": "CAP",
    "persons": "EMP",
    "hours": "H_EMP",
    "capital_stock": "K_GFCF",
    "investment": "GFCF",
    "investment_price": "GFCF_P",
    "exchange_rate": "fx_usd_per_lcu",
}
SKILLS = {"hours_high": "H_HS", "hours_medium": "H_MS", "hours_low": "H_LS"}
MONEY = "million units of local currency"
UNITS = {
    "output": MONEY,
    "output_price": "1995 = 100",
    "output_volume": "1995 = 100",
    "value_added": MONEY,
    "labour_income": MONEY,
    "capital_income": MONEY,
    "persons": "thousand persons",
    "hours": "million hours",
    "hours_high": "million hours",
    "hours_medium": "million hours",
    "hours_low": "million hours",
    "capital_stock": "million units of local currency at 1995 prices",
    "investment": MONEY,
    "investment_price": "1995 = 100",
    "exchange_rate": "USD per unit of local currency",
}
ROUNDED = "Flows are rounded to 1 million USD; smaller ones are lost."


def publication(
    year: int, size: tuple[int, int] = (len(REGIONS), len(INDUSTRIES)), notes: Sequence[str] = ()
) -> Publication:
    """What a table of the release is; `size` counts its regions and industries."""
    source = SOURCE.format(year=year)
    return Publication(
        name=f"wiod2013-{year}",
        title=f"World economy {year}, {size[0]} regions x {size[1]} industries",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="USD",
        unit=f"million {year} USD",
        price_basis="basic",
        coverage="world",
        labels=LABELS,
        notes=tuple(notes),
        history=({"step": "published table", "detail": f"{source}, current USD at basic prices."},),
    )


def accounts_of(table: pd.DataFrame) -> Accounts:
    """The accounts, from a table with region, sector, year and one column for each variable.

        hours by skill = H_EMP · (H_HS, H_MS, H_LS)          [million hours]

    Parameters
    ----------
    table : DataFrame
        The variables of `MEASURES` and `SKILLS`, NaN where the publisher says nothing; rows of the
        sector TOT are sums, and left out.
    """
    table = table[table["sector"] != "TOT"]
    keys = table[["region", "sector", "year"]].set_axis(["region", "activity", "year"], axis=1)
    data = table[list(MEASURES.values())].astype(float).set_axis(list(MEASURES), axis=1)
    for skill, share in SKILLS.items():
        data[skill] = data["hours"] * table[share].astype(float)
    data.index = pd.MultiIndex.from_frame(keys.astype({"year": int}))
    return Accounts(
        source="WIOD release 2013, socio-economic accounts",
        licence=LICENCE,
        attribution=ATTRIBUTION,
        data=data,
        units=UNITS,
        donors={"RoW": ("BRA", "IDN", "IND", "MEX", "RUS", "TUR", "CHN")},
    )
