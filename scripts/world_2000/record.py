"""What an economy folder says of itself: names, units, sources, notes and history."""

from __future__ import annotations

from typing import Any

import pandas as pd

from world_2000.base_year import investment_ratio
from world_2000.checks import Tables
from world_2000.sample import BASE_YEAR, Sample
from world_2000.years import GROWTH_FROM, growth_of

WIOD = (
    "Timmer, Dietzenbacher, Los, Stehrer, de Vries (2015), 'An Illustrated User Guide to the World "
    "Input-Output Database: the Case of Global Automotive Production', Review of International "
    "Economics 23: 575-605. World Input-Output Database, release 2013, DataverseNL, "
    "doi:10.34894/XDTAUZ."
)
POPULATION = (
    "Population: United Nations, Department of Economic and Social Affairs, Population Division "
    "(2019), World Population Prospects 2019, CC BY 3.0 IGO."
)
ATTRIBUTION = [
    WIOD,
    "Employment of the rest of the world: ILO modelled estimates (International Labour "
    "Organization).",
    POPULATION,
]
LICENCE = (
    "CC BY 4.0 (WIOD release 2013, according to records of its DataverseNL page, read "
    "second-hand); population CC BY 3.0 IGO"
)
FACTORS = {
    f"{level}_skill_hours": {
        "label": f"{level.capitalize()}-skill hours",
        "unit": "million hours",
        "role": "labour",
    }
    for level in ("high", "medium", "low")
}
CATEGORIES = {
    "households": {"label": "Household consumption", "role": "households"},
    "non_profit": {"label": "Consumption of non-profit institutions", "role": "given"},
    "government": {"label": "Government consumption", "role": "government"},
    "capital_formation": {
        "label": "Gross fixed capital formation",
        "role": "capital_formation",
    },
    "inventories": {"label": "Changes in inventories", "role": "inventories"},
}
HISTORY = [
    (
        "published table",
        "WIOD release 2013, 41 regions x 35 industries, current USD at basic prices, rounded to "
        "1 million USD; socio-economic accounts of 40 countries.",
    ),
    (
        "aggregation",
        "Flows, final use and output summed over countries and industries; each country and each "
        "industry is used once.",
    ),
    (
        "rounding repair",
        "Each row scaled to its output (factor 1.00001 to 1.035; adds 0.06 to 0.09 % of output), "
        "rounded to integers; the remainder, at most 19 million USD, goes to the region's own "
        "household consumption.",
    ),
    (
        "value added",
        "Output less intermediate use; labour and capital income from the accounts in USD; what "
        "is left is taxes_and_margins (net product taxes, transport margins).",
    ),
    (
        "accounts",
        "Real output, capital and investment at 2000 prices and exchange rates, hours by skill "
        "and persons engaged, aggregated the same way; missing cells (21 country-industries, "
        "0.08 % of output) count as zero capital and investment.",
    ),
    (
        "rest of the world",
        "Imputed from a proxy group of seven countries, ILO modelled employment and the table's "
        "own capital formation.",
    ),
    (
        "economy folder",
        "Origins pooled per user, bilateral trade kept apart, capital put at the start of the "
        "base year, capital requirements, growth rates, population and the years after 2000 "
        "added; all identities checked.",
    ),
]


def sentence_of(ratio: pd.Series) -> str:
    """The figures of a series, 'USA 0.988, AMX 0.894, …'."""
    return ", ".join(f"{region} {value:.3f}" for region, value in ratio.items())


def notes_on_technology() -> list[str]:
    """What the flows and the capital of the base year rest on."""
    return [
        "One unit of a product is what one US dollar bought of it in 2000 at basic prices.",
        "Technology is regional; origins of a product are pooled, and trade is a table apart.",
        "The rest of the world (ROW) has no socio-economic accounts: its hours, persons engaged, "
        "capital, investment, depreciation, split of value added and real output after 2000 are "
        "imputed from the proxy group BRA, CHN, IDN, IND, MEX, RUS, TUR and from ILO modelled "
        "employment; its taxes_and_margins are zero.",
        "Published capital is at the end of the year: the stock that served base-year output is "
        "(stock - investment) / (1 - depreciation).",
        "Assumed, for want of data: capacity was fully used in 2000 (utilisation 1), and what is "
        "built in one year is productive in the next (gestation 1).",
        "Depreciation is the mean over 2001-2007 of what the accounts imply, so it knows years "
        "after the base year; China has its proxy group's.",
    ]


def note_on_ratio(tables: Tables) -> str:
    """How capital formation in the table and investment in the accounts compare."""
    ratio = investment_ratio(tables["final_use"], tables["capital"])
    return (
        "Capital formation in the table and investment in the accounts differ; capital_required "
        "is scaled with their ratio, so that base-year building takes exactly the table's capital "
        f"formation: {sentence_of(ratio)} (ROW is 1 by construction)."
    )


def notes_on_signs(tables: Tables) -> list[str]:
    """Negative cells, named and kept."""
    final, trade, value_added = tables["final_use"], tables["trade"], tables["value_added"]
    drawn = final[final["value"] < 0]
    trade_cells = [
        f"{row.origin} to {row.destination}, {row.product}: {row.value:,.0f}"
        for row in trade[trade["value"] < 0].itertuples()
    ]
    income_cells = [
        f"{row.region} {row.activity}: {row.value:,.0f}"
        for row in value_added[value_added["value"] < 0].itertuples()
        if row.item == "capital"
    ]
    return [
        f"{len(drawn)} cells of final use are negative, all of them inventories drawn down "
        f"({drawn['value'].sum():,.0f} million USD in all); they are kept as published.",
        f"Inventories also make a flow of trade negative ({'; '.join(trade_cells)} million USD).",
        "Income of capital is negative where labour income in the accounts exceeds value added "
        f"({'; '.join(income_cells)} million USD).",
    ]


def notes_on_growth(accounts: pd.DataFrame, proxy: list[str]) -> list[str]:
    """Where the growth rates come from and what they leave out."""
    group, smaller = growth_of(accounts, proxy), [code for code in proxy if code != "CHN"]
    without = growth_of(accounts, smaller)
    missing = int(accounts.isna().any(axis=1).sum())
    return [
        f"Growth rates are averages of {GROWTH_FROM}-{BASE_YEAR}: labour is total hours, "
        "productivity is real gross output per hour (composition included); "
        f"{missing} of {len(accounts)} country-industries miss a cell in either year and are left "
        "out of both. Nothing after the base year is used.",
        "The window holds the crises of 1997-1998: hours fell in RUS and JKT, and output per hour "
        "fell in Indonesia (part of IIA).",
        f"Growth of ROW is assumed: that of its proxy group without China, labour "
        f"{without['labour']:.1%} and productivity {without['productivity']:.1%} a year; with "
        f"China it would be {group['labour']:.1%} and {group['productivity']:.1%}.",
    ]


def notes_on_actual() -> list[str]:
    """How the years after 2000 were put at constant prices."""
    return [
        "What happened 2000-2007 (table actual) is for comparison, never an input of a plan.",
        "Actual capital is 2000 stock carried forward with depreciation and real investment: "
        "China's published stock grows about 4 % a year while its investment grows 9 to 17 %, "
        "too smooth to be compared with; elsewhere the two differ by at most 1.2 % in 2007.",
        "Actual final use is published in current USD. Its domestic part is deflated with the "
        "region's own product deflator (output at current over output at constant prices, which "
        "holds exchange rates too), its imported part with the deflators of the origins, weighted "
        "with their shares of 2000 in what the region imports of the product for final use other "
        "than inventories.",
        "Actual real output of 2000 differs from the base-year output by at most 4 million USD "
        "(rounding).",
    ]


def note_on_investment(actual: pd.DataFrame) -> str:
    """How far two measures of real investment after the base year are apart."""
    formation = actual[actual["name"].str.startswith("capital_formation/")]
    growth = []
    for rows in (actual[actual["quantity"] == "investment"], formation):
        sums = rows.groupby(["region", "year"], sort=False)["value"].sum().unstack()
        growth.append(sums[2007] / sums[BASE_YEAR])
    return (
        "Actual investment (the accounts' own deflators) and actual capital formation (output "
        "deflators) move together at current prices and not at constant ones; 2007 over 2000, "
        f"investment: {sentence_of(growth[0])}; capital formation: {sentence_of(growth[1])}."
    )


def notes_on_persons() -> list[str]:
    """Whose persons are counted where."""
    return [
        "Population is the United Nations' of mid-2000; territories that the UN lists apart "
        "(Hong Kong, Macao, Puerto Rico and others) fall to ROW. For China the World Bank has "
        "1,262,645 thousand, 2.2 % less.",
    ]


def economy_record(sample: Sample, tables: Tables, accounts: pd.DataFrame) -> dict[str, Any]:
    """The content of economy.json."""
    regions, sectors = sample.concordance["regions"], sample.concordance["sectors"]
    labels = {code: {"label": sector["name"]} for code, sector in sectors.items()}
    return {
        "format": 1,
        "name": "world-2000",
        "title": "World economy 2000, 10 regions x 14 industries",
        "description": "The world of WIOD release 2013 in ten regions and fourteen industries, "
        "with hours by skill, capital, growth before 2000 and what happened until 2007.",
        "source": "WIOD release 2013, world input-output table 2000 and socio-economic accounts",
        "licence": LICENCE,
        "attribution": " ".join(ATTRIBUTION),
        "base_year": BASE_YEAR,
        "currency": "USD",
        "unit": "million 2000 USD",
        "price_basis": "basic",
        "coverage": "world",
        "regions": {
            code: {"label": region["name"], "members": region["wiod"]}
            for code, region in regions.items()
        },
        "products": labels,
        "activities": labels,
        "factors": FACTORS,
        "categories": CATEGORIES,
        "kinds": {"capital": {"label": "Fixed capital"}},
        "notes": [
            *notes_on_technology(),
            note_on_ratio(tables),
            *notes_on_signs(tables),
            *notes_on_growth(accounts, sample.concordance["row_proxy"]),
            *notes_on_actual(),
            note_on_investment(tables["actual"]),
            *notes_on_persons(),
        ],
        "history": [{"step": step, "detail": detail} for step, detail in HISTORY],
    }
