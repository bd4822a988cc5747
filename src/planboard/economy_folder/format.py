"""Economy <-> folder: `economy.json` and tidy tables, Parquet or CSV.

Tables and their columns (the last one or few are numbers):

    activity          region, activity, level [, reference, input_lag, in_progress]
    supply, use       region, product, activity, value      for `reference` units of the activity
    factor_use        region, factor, activity, value       (default: for its base-year level)
    factor_use_building  region, factor, kind, activity, value   per unit of capacity
    factor_supply     region, factor, activity, value       added to the endowment of later years
    endowment         region, factor, value
    final_use         region, product, category, value
    trade             origin, destination, product, value   a partner may be "outside", or one of
                      `partners` in economy.json that has no accounts here
    capital           region, kind, activity, capacity, depreciation [, building, gestation, …]
    under_construction  region, kind, activity, year, value      ordered before the base year
    capital_required  region, product, kind, activity, value     per unit of capacity
    conversion        region, kind, source, target, share, delay
    conversion_required  region, product, kind, source, target, value     per unit given up
    stock             region, product, value [, loss]
    value_added       region, item, activity, value         for `reference` units of the activity
    persons, growth, actual, series, imputed, repairs   carried along: see `Economy`
"""

import pandas as pd

FORMAT = 1
REQUIRED = ("name", "title", "source", "licence", "base_year", "currency", "unit", "price_basis")
COLUMNS: dict[str, tuple[str, ...]] = {
    "activity": ("region", "activity", "level"),
    "supply": ("region", "product", "activity", "value"),
    "use": ("region", "product", "activity", "value"),
    "factor_use": ("region", "factor", "activity", "value"),
    "factor_use_building": ("region", "factor", "kind", "activity", "value"),
    "factor_supply": ("region", "factor", "activity", "value"),
    "endowment": ("region", "factor", "value"),
    "final_use": ("region", "product", "category", "value"),
    "trade": ("origin", "destination", "product", "value"),
    "capital": ("region", "kind", "activity", "capacity", "depreciation"),
    "under_construction": ("region", "kind", "activity", "year", "value"),
    "capital_required": ("region", "product", "kind", "activity", "value"),
    "conversion": ("region", "kind", "source", "target", "share", "delay"),
    "conversion_required": ("region", "product", "kind", "source", "target", "value"),
    "stock": ("region", "product", "value"),
    "value_added": ("region", "item", "activity", "value"),
    "persons": ("region", "measure", "value", "source"),
    "growth": ("region", "quantity", "value", "assumed"),
    "actual": ("region", "quantity", "name", "year", "value", "unit"),
    "series": ("region", "activity", "measure", "year", "value", "unit"),
    "imputed": ("region", "activity", "measure", "method", "donors"),
    "repairs": ("repair", "region", "table", "row", "column", "before", "after"),
}
NAMES = {
    "region", "product", "activity", "factor", "category", "kind", "origin", "destination",
    "source", "target",
}  # fmt: skip
# What a material balance is made of besides final use: no category may be called so.
RESERVED = (
    "output", "imports", "from stock", "intermediate use", "exports", "to stock", "unused",
)  # fmt: skip
TEXTS = NAMES | {
    "item", "measure", "quantity", "name", "unit", "method", "donors", "repair", "table", "row",
    "column",
}  # fmt: skip
WHOLE = {"input_lag", "gestation", "delay", "year"}  # Columns of whole years.


def empty_table(name: str) -> pd.DataFrame:
    """A table of this name without rows."""
    return pd.DataFrame({column: [] for column in COLUMNS[name]})
