"""Capital and incomes per unit of output in the bundled economy: for tables that have no accounts.

It is of the year 2000. Ratios of money to money carry over from one currency and year to another;
hours per unit of output do not, and are never taken from here.
"""

from functools import cache

import pandas as pd

from planboard.economy_folder import economy_path, read_economy
from planboard.labels import positions

BUNDLED = "world-2000"
WITHOUT = "ROW"  # Its own capital is imputed: it is nobody's donor.


def bundled_donors() -> tuple[str, ...]:
    """The regions of the bundled economy that can stand in for others."""
    names = read_economy(BUNDLED).region_names
    return tuple(name for name in names if name != WITHOUT)


@cache
def bundled_ratios(donor: str = "") -> pd.DataFrame:
    """Stock, investment and incomes per unit of output, and depreciation, by bundled industry.

    Parameters
    ----------
    donor : a region of `bundled_donors`, or "" for all of them together

    Returns
    -------
    table, index industry ("all" for the whole economy), columns stock, investment, labour_income,
    capital_income [money / money], depreciation [per year]

    Raises
    ------
    UnknownNameError
        There is no such region.
    """
    donors = bundled_donors()
    chosen = [donors[place] for place in positions("donor", [donor], donors)] if donor else donors
    folder = economy_path(BUNDLED)
    capital = pd.read_parquet(folder / "capital.parquet").set_index(["region", "activity"])
    added = pd.read_parquet(folder / "value_added.parquet")
    items = added.pivot_table(index=["region", "activity"], columns="item", values="value")
    amounts = pd.DataFrame(
        {
            "output": capital["capacity"],
            "stock": capital["stock"],
            "investment": capital["investment"],
            "depreciation": capital["depreciation"] * capital["stock"],
            "labour_income": items["labour"],
            "capital_income": items["capital"],
        }
    ).loc[list(chosen)]
    sums = amounts.groupby(level="activity").sum()
    sums.loc["all"] = sums.sum()
    ratios = sums.drop(columns="output").div(sums["output"], axis=0)
    ratios["depreciation"] = sums["depreciation"] / sums["stock"]
    return ratios
