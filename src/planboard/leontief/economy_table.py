"""The symmetric table that the books of an economy amount to.

An economy pools the origins of what a region uses. Here each input and each final use comes from
every origin in the share that the origin has in the region's use of the product (`origin_shares`;
Chenery and Moses; Miller and Blair, section 3.4). Where the table that the economy was made of is
at hand, its own origins are better.
"""

import numpy as np
import pandas as pd

from planboard.economy import OUTSIDE, Array, Economy, RegionAccounts
from planboard.errors import InvalidEconomyError
from planboard.leontief.technology import label_index, origin_shares, per_output, pooled_matrix
from planboard.tables import InputOutputTable, Publication

RESIDUAL = "output less inputs"  # Value added of a region that publishes none.
EXPORTS = "exports"


def table_of(economy: Economy) -> InputOutputTable:
    """An economy's base year as a symmetric table, at base-year prices.

    Partners without accounts are one origin, "outside", and have one column of final use, exports.
    Value added is that of the books; a region that has none gets one item, "output less inputs".

    Raises
    ------
    InvalidEconomyError
        Several products to an activity, or several makers of a product; products in units that no
        price brings together.
    """
    unit = _one_unit(economy)
    price = np.array([product.price for product in economy.products])
    columns = label_index(economy, None)
    origins = [*economy.region_names, *([OUTSIDE] if _has_outside(economy) else [])]
    rows = pd.MultiIndex.from_product([origins, economy.product_names], names=columns.names)
    n, size = len(economy.products), len(economy.categories)
    transactions = np.zeros((len(rows), len(columns)))
    final_use = np.zeros((len(rows), len(economy.regions) * size))
    for r, accounts in enumerate(economy.regions):
        shares = _shares(economy, accounts)[: len(origins), :, None]
        inputs = pooled_matrix(economy, accounts) * accounts.gross_output * price[:, None]
        transactions[:, r * n : (r + 1) * n] = (shares * inputs).reshape(len(rows), n)
        used = accounts.final_use * price[:, None]
        final_use[:, r * size : (r + 1) * size] = (shares * used).reshape(len(rows), size)
    output = np.concatenate([accounts.gross_output * price for accounts in economy.regions])
    return InputOutputTable(
        publication=_publication(economy, unit),
        transactions=pd.DataFrame(transactions, index=rows, columns=columns, copy=False),
        final_use=_with_exports(economy, pd.DataFrame(final_use, index=rows), price),
        gross_output=pd.Series(output, index=columns, name="gross_output"),
        value_added=_value_added(economy, output - transactions.sum(axis=0)),
        factors=_factors(economy),
        factor_units={factor.name: factor.unit for factor in economy.factors},
        roles={category.name: category.role for category in economy.categories},
    )


def _one_unit(economy: Economy) -> str:
    """The unit that all products are added up in."""
    units = {economy.unit if product.price != 1.0 else product.unit for product in economy.products}
    if len(units) > 1:
        raise InvalidEconomyError(
            f"The products of '{economy.name}' cannot be added up in one table.",
            [f"{p.name}: counted in {p.unit}, without a price" for p in economy.products
             if p.price == 1.0 and p.unit != economy.unit],
            f"Give each a price in economy.json: {economy.unit} per unit, in the base year.",
        )  # fmt: skip
    return units.pop()


def _has_outside(economy: Economy) -> bool:
    """Whether some region trades with partners that have no accounts here."""
    outside = [name not in economy.region_names for name in economy.partners]
    return any(a.imports[:, outside].any() or a.exports[:, outside].any() for a in economy.regions)


def _shares(economy: Economy, accounts: RegionAccounts) -> Array:
    """Share of every region, and of the outside last, in the use of each product: (R + 1, n)."""
    outside = [name not in economy.region_names for name in economy.partners]
    bought = accounts.imports[:, outside].sum(axis=1)
    kept = accounts.gross_output - accounts.exports.sum(axis=1)
    used = kept + accounts.imports.sum(axis=1)
    rest = np.divide(bought, used, out=np.zeros(len(used)), where=used > 0)
    return np.vstack([origin_shares(economy, accounts), rest])


def _with_exports(economy: Economy, final_use: pd.DataFrame, price: Array) -> pd.DataFrame:
    """Final use with its labels, and what leaves for partners without accounts."""
    labels = [(r, c) for r in economy.region_names for c in economy.category_names]
    if OUTSIDE in final_use.index.get_level_values("region"):
        outside = [name not in economy.region_names for name in economy.partners]
        sold = [a.exports[:, outside].sum(axis=1) * price for a in economy.regions]
        none = np.zeros(len(economy.products))
        final_use = final_use.assign(sold=np.concatenate([*sold, none]))
        labels.append((OUTSIDE, EXPORTS))
    final_use.columns = pd.MultiIndex.from_tuples(labels, names=["region", "category"])
    return final_use


def _value_added(economy: Economy, residual: Array) -> pd.DataFrame:
    """Value added by item over the base year: item x (region, sector)."""
    n = len(economy.products)
    items = list(dict.fromkeys(item for a in economy.regions for item in a.value_added))
    if any(not a.value_added for a in economy.regions):
        items.append(RESIDUAL)
    found = pd.DataFrame(0.0, index=items, columns=label_index(economy, None))
    for r, accounts in enumerate(economy.regions):
        own = slice(r * n, (r + 1) * n)
        if not accounts.value_added:
            found.iloc[items.index(RESIDUAL), own] = residual[own]
        for item, values in per_output(economy, accounts, accounts.value_added).items():
            found.iloc[items.index(item), own] = values * accounts.gross_output
    return found


def _factors(economy: Economy) -> pd.DataFrame | None:
    """Use of factors over the base year: factor x (region, sector)."""
    if not economy.factors:
        return None
    parts = []
    for accounts in economy.regions:
        uses = dict(zip(economy.factor_names, accounts.factor_use, strict=True))
        parts.append(
            [v * accounts.gross_output for v in per_output(economy, accounts, uses).values()]
        )
    columns = label_index(economy, None)
    return pd.DataFrame(np.hstack(parts), index=list(economy.factor_names), columns=columns)


def _publication(economy: Economy, unit: str) -> Publication:
    return Publication(
        name=economy.name,
        title=economy.title,
        source=economy.source,
        licence=economy.licence,
        year=economy.base_year,
        currency=economy.currency,
        unit=unit,
        price_basis=economy.price_basis,
        coverage=economy.coverage,
        attribution=economy.attribution,
        labels={
            **{factor.name: factor.label for factor in economy.factors},
            **{product.name: product.label for product in economy.products},
            **economy.labels,
        },
        notes=economy.notes,
        history=economy.history,
    ).with_step(
        "origins by import shares",
        "The books of the economy pool origins: every input and final use of a region comes from "
        "each origin in the share that it has in the region's use of the product.",
    )
