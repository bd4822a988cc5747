"""A small world of published accounts for tests: two regions, three sectors, by hand."""

import numpy as np
import pandas as pd

from planboard.tables import Accounts, InputOutputTable, Publication

REGIONS, SECTORS = ("AAA", "BBB"), ("farm", "steel", "school")
ROLES = {"households": "households", "state": "government", "formation": "capital_formation"}
LABELS = {"farm": "Agriculture", "steel": "Basic metals", "school": "Education"}
YEARS = range(2000, 2006)
DEPRECIATION = {"farm": 0.05, "steel": 0.1, "school": 0.03}


def publication(**changes: object) -> Publication:
    fields: dict[str, object] = {
        "name": "small-2005",
        "title": "A small world",
        "source": "by hand",
        "licence": "CC0",
        "year": 2005,
        "currency": "EUR",
        "unit": "million 2005 EUR",
        "price_basis": "basic",
        "coverage": "world",
        "labels": LABELS,
    }
    return Publication(**{**fields, **changes})  # type: ignore[arg-type]


def small_table(**changes: object) -> InputOutputTable:
    """Balanced by row and column; value added is one item."""
    rows = pd.MultiIndex.from_product([REGIONS, SECTORS], names=["region", "sector"])
    wanted = pd.MultiIndex.from_product([REGIONS, list(ROLES)], names=["region", "category"])
    flows = np.random.default_rng(7).integers(1, 20, (6, 6)).astype(float)
    final = np.random.default_rng(8).integers(10, 60, (6, 6)).astype(float)
    output = flows.sum(axis=1) + final.sum(axis=1)
    added = output - flows.sum(axis=0)
    parts: dict[str, object] = {
        "publication": publication(),
        "transactions": pd.DataFrame(flows, rows, rows),
        "final_use": pd.DataFrame(final, rows, wanted),
        "gross_output": pd.Series(output, rows),
        "value_added": pd.DataFrame([added], ["value_added"], rows),
        "roles": ROLES,
    }
    return InputOutputTable(**{**parts, **changes})  # type: ignore[arg-type]


def small_accounts(table: InputOutputTable, **changes: object) -> Accounts:
    """Hours, incomes and a stock that follows its investment, 2000-2005; prices are all 100."""
    cells = []
    for (region, sector), output in table.gross_output.items():
        stock = 2.0 * output
        for year in YEARS:
            invested = (DEPRECIATION[sector] + 0.03) * stock
            stock = (1 - DEPRECIATION[sector]) * stock + invested
            cells.append((region, sector, year, output, 0.02 * output, stock, invested))
    names = ["region", "activity", "year", "output", "hours", "capital_stock", "investment"]
    data = pd.DataFrame(cells, columns=names).set_index(names[:3]).sort_index()
    data = data.assign(
        output_price=100.0,
        output_volume=100.0,
        investment_price=100.0,
        exchange_rate=1.0,
        labour_income=0.2 * data["output"],
        capital_income=0.1 * data["output"],
        persons=data["hours"] / 2,
    )
    fields: dict[str, object] = {
        "source": "accounts by hand",
        "licence": "CC0",
        "data": data,
        "units": {"hours": "million hours", "persons": "thousand persons"},
    }
    return Accounts(**{**fields, **changes})  # type: ignore[arg-type]
