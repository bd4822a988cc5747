"""The technology matrix of one region, or of all together: inputs per unit of output."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy, Integers, RegionAccounts
from planboard.errors import InvalidEconomyError
from planboard.labels import positions


def technology_matrix(economy: Economy, region: str | None = None) -> pd.DataFrame:
    """Input of each product per unit of output of each product.

        A[i,j] = input[i,j] / output[j,j];    all regions: A[(s,i),(r,j)] = share[s,i,r] A_r[i,j]

    The column of a product that is not made is empty.

    Returns
    -------
    table, shape (n, n) or (R·n, R·n), labelled (region, sector) [product unit / product unit]

    Raises
    ------
    InvalidEconomyError
        Not square: a product with two makers, or an activity with two products.
    """
    if region is not None:
        return _labelled(economy, region, pooled_matrix(economy, _accounts(economy, region)))
    size, n = len(economy.regions) * len(economy.products), len(economy.products)
    matrix = np.zeros((size, size))
    for r, accounts in enumerate(economy.regions):
        pooled, shares = pooled_matrix(economy, accounts), origin_shares(economy, accounts)
        for s in range(len(economy.regions)):
            matrix[s * n : (s + 1) * n, r * n : (r + 1) * n] = shares[s][:, None] * pooled
    return _labelled(economy, None, matrix)


def origin_shares(economy: Economy, accounts: RegionAccounts) -> Array:
    """Share of each region in what one of them uses of every product, shape (R, n).

        share[s,i] = imports[i,s] / (output_i − exports_i + Σ imports_i),    at home the output kept

    A product that the region does not use counts as made at home; what is left of one is the share
    of partners without accounts.
    """
    kept = accounts.gross_output - accounts.exports.sum(axis=1)
    used = kept + accounts.imports.sum(axis=1)
    is_used = used > 0
    safe = np.where(is_used, used, 1.0)
    shares = np.zeros((len(economy.regions), len(kept)))
    for s, other in enumerate(economy.region_names):
        bought = accounts.imports[:, economy.partners.index(other)]
        own = other == accounts.region
        shares[s] = np.where(is_used, (bought + own * kept) / safe, float(own))
    return shares


def product_makers(economy: Economy, accounts: RegionAccounts) -> tuple[Integers, Array]:
    """The one activity that makes each product, and how much a unit of it makes: two of (n,).

    A product that is not made has activity 0 and makes nothing; anything but one maker for each
    product and one product for each activity is refused.
    """
    output = accounts.output.toarray()
    names, places = economy.product_names, output > 0
    faults = [
        f"{several}: {verb} {', '.join(other[place] for place in np.nonzero(line)[0])}"
        for verb, table, own, other in (
            ("made by", places, names, accounts.activities),
            ("makes", places.T, accounts.activities, names),
        )
        for several, line in zip(own, table, strict=True)
        if line.sum() > 1
    ]
    if faults:
        raise InvalidEconomyError(
            f"The accounts of '{accounts.region}' are not square, as Leontief's model needs.",
            faults,
            "Give every product one maker and every activity one product, or plan it instead.",
        )
    maker = places.argmax(axis=1)
    return maker.astype(np.int64), np.asarray(output[np.arange(len(names)), maker])


def per_output(
    economy: Economy, accounts: RegionAccounts, values: Mapping[str, Array]
) -> dict[str, Array]:
    """Numbers per unit of activity as numbers per unit of the product it makes, each (n,)."""
    maker, made = product_makers(economy, accounts)
    safe = np.where(made > 0, made, 1.0)
    return {name: np.where(made > 0, v[maker] / safe, 0.0) for name, v in values.items()}


def chosen_accounts(economy: Economy, region: str | None) -> tuple[RegionAccounts, ...]:
    """The accounts of one region, or of all."""
    return economy.regions if region is None else (_accounts(economy, region),)


def label_index(economy: Economy, region: str | None) -> pd.MultiIndex:
    """Every (region, sector), region by region."""
    regions = economy.region_names if region is None else (region,)
    return pd.MultiIndex.from_product([regions, economy.product_names], names=["region", "sector"])


def _labelled(economy: Economy, region: str | None, matrix: Array) -> pd.DataFrame:
    index = label_index(economy, region)
    return pd.DataFrame(matrix, index=index, columns=index)


def pooled_matrix(economy: Economy, accounts: RegionAccounts) -> Array:
    """A of one region with pooled origins, shape (n, n)."""
    maker, made = product_makers(economy, accounts)
    inputs = np.asarray(accounts.input.toarray())[:, maker]
    return np.where(made > 0, inputs / np.where(made > 0, made, 1.0), 0.0)


def _accounts(economy: Economy, region: str) -> RegionAccounts:
    positions("region", [region], economy.region_names)
    return economy.region(region)
