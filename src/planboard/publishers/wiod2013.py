"""WIOD, release 2013: world tables of 41 regions x 35 industries, and its socio-economic accounts.

Read from tidy Parquet files, one of each for every year: `wiod13_Z_YEAR` (o_region, o_sector,
d_region, d_sector, value), `wiod13_Y_YEAR` (…, d_region, category, value), and for all years
`wiod13_x` (region, sector, year, x) and `wiod13_sea`. Zeros are left out of the files.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from planboard.errors import InvalidTableError
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.parquet import read_parquet
from planboard.tables import Accounts, InputOutputTable, Publication

SOURCE = "WIOD release 2013, world input-output table {year}"
LICENCE = "CC BY 4.0 (according to records of its DataverseNL page, read second-hand)"
ATTRIBUTION = (
    "Timmer, Dietzenbacher, Los, Stehrer, de Vries (2015), 'An Illustrated User Guide to the World "
    "Input-Output Database: the Case of Global Automotive Production', Review of International "
    "Economics 23: 575-605. World Input-Output Database, release 2013, DataverseNL, "
    "doi:10.34894/XDTAUZ."
)
FLOW = ["o_region", "o_sector", "d_region", "d_sector", "value"]
FINAL = ["o_region", "o_sector", "d_region", "category", "value"]
OUTPUT = ["region", "sector", "year", "x"]
ROLES = {
    "CONS_h": "households",
    "CONS_np": "given",
    "CONS_g": "government",
    "GFCF": "capital_formation",
    "INVEN": "inventories",
}
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


def read(request: Request) -> InputOutputTable:
    """The world table of one year."""
    folder = request.source
    year = the_year(request, _years(folder), "WIOD 2013")
    request.progress(f"reading the world table of {year}")
    flows = read_parquet(folder / f"wiod13_Z_{year}.parquet", FLOW)
    final = read_parquet(folder / f"wiod13_Y_{year}.parquet", FINAL)
    output = read_parquet(folder / "wiod13_x.parquet", OUTPUT)
    of_year = output[output["year"] == year]
    rows = pd.MultiIndex.from_frame(of_year[["region", "sector"]])
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
        publication=_publication(year),
        transactions=transactions,
        final_use=_matrix(folder / f"wiod13_Y_{year}.parquet", final, rows, columns),
        gross_output=made,
        value_added=pd.DataFrame([residual], index=["value_added_taxes_and_margins"]),
        roles=ROLES,
    )


def read_accounts(request: Request) -> Accounts:
    """The socio-economic accounts of every country and year."""
    file = request.source
    file = file / "wiod13_sea.parquet" if file.is_dir() else file
    request.progress("reading the socio-economic accounts")
    wanted = ["region", "sector", "year", *MEASURES.values(), *SKILLS.values()]
    table = read_parquet(file, wanted)
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


def _years(folder: Path) -> list[int]:
    names = [re.fullmatch(r"wiod13_Z_(\d{4})\.parquet", file.name) for file in folder.glob("*")]
    return sorted(int(name[1]) for name in names if name)


def _publication(year: int) -> Publication:
    return Publication(
        name=f"wiod2013-{year}",
        title=f"World economy {year}, 41 regions x 35 industries",
        source=SOURCE.format(year=year),
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="USD",
        unit=f"million {year} USD",
        price_basis="basic",
        coverage="world",
        labels=LABELS,
        notes=("The publisher rounds flows to 1 million USD; smaller ones are lost.",),
        history=(
            {
                "step": "published table",
                "detail": f"{SOURCE.format(year=year)}, current USD at basic prices.",
            },
        ),
    )


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
    needs="a folder with wiod13_Z_YEAR, wiod13_Y_YEAR, wiod13_x and wiod13_sea (.parquet)",
    published="DataverseNL, doi:10.34894/XDTAUZ",
    met="real",
    read=read,
    read_accounts=read_accounts,
    accounts_beside=True,
)
