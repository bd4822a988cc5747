"""Capital of the base year as a plan needs it: capacity, building, and what building takes.

    capacity_j = x_j / utilisation_j         building_j = capacity_j · I₀,j / K₋₁,j
    capital_required[i,j] = λ · (K₋₁,j / capacity_j) · g_i,      λ = Σ_i formation_i / Σ_j I₀,j

K₋₁ is the stock that served base-year output, I₀ investment in the accounts, g the product mix of
the region's capital formation in the table. So the base year's building takes exactly the table's
capital formation. Where a region's investment is imputed, λ says how far it was off.
"""

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.tables.base_year import BaseYear, Filled
from planboard.tables.stocks import stock_before

KIND = "capital"
KEEPING = 0.02  # Growth at which a stock is assumed to stand that its investment would exceed.


def capital_table(base: BaseYear) -> tuple[pd.DataFrame, list[Filled]]:
    """Capacity, depreciation and building of every activity with capital; and what was assumed.

    `stock_before` is K₋₁ at base-year prices. Where investment exceeds the whole stock, K₋₁ is the
    stock that this investment would keep growing at `KEEPING` a year: I₀ / (δ + `KEEPING`).
    """
    data, output = base.data, base.output
    before = stock_before(data["stock"], data["investment"], data["depreciation"])
    runs = (output > 0) & (data["stock"] > 0)
    assumed = before.isna() & runs
    before = before.where(~assumed, data["investment"] / (data["depreciation"] + KEEPING))
    at = runs & (before > 0)
    capacity = output / data["utilisation"]
    table = pd.DataFrame(
        {
            "kind": KIND,
            "stock_before": before,
            "stock": data["stock"],
            "investment": data["investment"],
            "depreciation": data["depreciation"],
            "capacity": capacity,
            "building": capacity * data["investment"] / before,
            "gestation": 1.0,
            "utilisation": 1.0,
        }
    )[at]
    method = f"investment exceeds the stock: it is assumed to grow by {KEEPING:.0%} a year"
    filled = [(region, name, "stock", method, "") for region, name in output.index[assumed]]
    return table.reset_index(), filled


def capital_required_table(
    mix: pd.DataFrame, capital: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series]:
    """Product i per unit of new capacity, and λ of every region: NaN where the table forms none.

    Raises
    ------
    InvalidTableError
        The table has capital formation of a region whose accounts say that nobody invests.
    """
    formation = mix.groupby("region", sort=False)["value"].sum()
    invested = capital.groupby("region", sort=False)["investment"].sum()
    _check_investment(formation, invested)
    formed = formation.reindex(invested.index).astype(float)
    ratio = formed.where(formed != 0) / invested.where(invested > 0)
    per_unit = capital.assign(
        amount=capital["region"].map(ratio) * capital["stock_before"] / capital["capacity"]
    )[["region", "kind", "activity", "amount"]]
    products = mix.groupby(["region", "product"], sort=False)["value"].sum().reset_index()
    products["share"] = products["value"] / products["region"].map(formation)
    table = products[["region", "product", "share"]].merge(per_unit, on="region")
    table["value"] = table["share"] * table["amount"]
    table = table[table["value"] != 0].reset_index(drop=True)
    return table[["region", "product", "kind", "activity", "value"]], ratio


def _check_investment(formation: pd.Series, invested: pd.Series) -> None:
    formed = formation.reindex(invested.index, fill_value=0.0)
    wrong = invested.index[(invested <= 0) & (formed != 0)]
    if len(wrong):
        raise InvalidTableError(
            "The table has capital formation where the accounts say that nobody invests.",
            [
                f"{region}: capital formation {formed[region]:,.6g}, investment 0"
                for region in wrong
            ],
            "Correct investment, or leave it out: it is then taken from the table's formation.",
        )
