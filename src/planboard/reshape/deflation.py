"""Deflation: to constant prices of another year, or to another money, the deflators named."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy, RegionAccounts
from planboard.errors import InvalidTableError
from planboard.labels import positions, unknown_name
from planboard.reshape.carried_values import revalued_actual, revalued_series
from planboard.reshape.deflators import ALL, Donors, check_deflators, named, series_deflators
from planboard.reshape.merging import Flags
from planboard.reshape.record import without_record
from planboard.reshape.revaluation import Revalued, revalued
from planboard.reshape.rounding import largest, with_rounding
from planboard.units import parse_unit


def deflate(
    economy: Economy,
    deflators: pd.DataFrame | str,
    *,
    to_year: int | None = None,
    currency: str | None = None,
    donors: Donors | None = None,
) -> Economy:
    """The economy at the prices of another year, or in another currency, or both.

    Parameters
    ----------
    deflators
        A table (region, product, value, source) as `read_deflators` gives it, or "series": the
        economy's own output prices and exchange rates (`to_year` must be given).
        Imports have the deflators of their origins, `outside` included.
    to_year
        The year of the prices; it goes into the unit.
    currency
        The new currency, where it changes; deflators are then old money per new money.
    donors
        For "series": region without prices -> regions whose mean change stands in.

    Raises
    ------
    InvalidTableError, UnknownNameError
        A deflator is missing, or is of a region or product that does not exist.

    Notes
    -----
    The base year stays that of the flows. What double deflation leaves stands in the open: the item
    `deflation_residual` of value added, and where negative domestic use leaves a product's balance
    open, the category `deflation_residual` of final use.
    """
    economy, unrecorded = without_record(economy)
    table = _table(economy, deflators, to_year, donors)
    prices = _prices(economy, table)
    found = revalued(economy, prices)
    unit = _unit(economy, to_year, currency)
    sources = list(dict.fromkeys(table["source"].astype(str)))
    told = _detail(economy, found, unit, sources) + unrecorded
    made = with_money(economy, found, prices, unit, currency or economy.currency)
    note = f"Flows of {economy.base_year} in {unit}; deflators: {'; '.join(sources)}."
    step = with_rounding(
        {"step": "deflation", "detail": told},
        economy,
        lambda gaps: largest(economy.region_names, found.divided(gaps)),
    )
    return replace(made, notes=(*economy.notes, note), history=(*economy.history, step))


def _table(
    economy: Economy, deflators: pd.DataFrame | str, to_year: int | None, donors: Donors | None
) -> pd.DataFrame:
    if isinstance(deflators, pd.DataFrame):
        check_deflators(deflators, "The table of deflators")
        return deflators
    if deflators != "series":
        raise unknown_name("deflator", deflators, ["series"], "or a table")
    if to_year is None:
        raise InvalidTableError(
            "Nobody said which year's prices are wanted.", [], "Name it: to_year."
        )
    return series_deflators(economy, to_year, donors)


def _prices(economy: Economy, table: pd.DataFrame) -> Array:
    """Deflators by partner and product, shape (P, n); 1 where there is no flow to divide."""
    partners, products = economy.partners, economy.product_names
    prices = np.full((len(partners), len(products)), np.nan)
    # Lines for all are laid down first, exact ones over them.
    exact = (table["region"] != ALL).astype(int) * 2 + (table["product"] != ALL).astype(int)
    where = "deflators"
    for region, product, value in table.loc[
        exact.sort_values(kind="stable").index, ["region", "product", "value"]
    ].itertuples(index=False):
        rows = slice(None) if region == ALL else positions("region", [region], partners, where)
        columns = (
            slice(None) if product == ALL else positions("product", [product], products, where)
        )
        prices[rows, columns] = value
    needed = _needed(economy)
    missing = needed & np.isnan(prices)
    if missing.any():
        raise InvalidTableError(
            f"Deflators are missing for flows of '{economy.name}'.",
            [
                f"{partners[p]}: {named(products, missing[p])}"
                for p in np.nonzero(missing.any(axis=1))[0]
            ],
            "Add a line for each; imports have the deflator of their origin, 'outside' too.",
        )
    return np.where(np.isnan(prices), 1.0, prices)


def _needed(economy: Economy) -> Flags:
    """Which partner's which product has flows that are divided by its price, shape (P, n)."""
    needed = np.zeros((len(economy.partners), len(economy.products)), dtype=bool)
    for a in economy.regions:
        own = economy.partners.index(a.region)
        needed[own] |= (a.gross_output != 0) | (a.exports != 0).any(axis=1)
        needed |= (a.imports != 0).T
        needed[own] |= np.logical_and(_used(a), ~(a.imports > 0).any(axis=1))
    return needed


def _used(a: RegionAccounts) -> Flags:
    return np.asarray((abs(a.input).sum(axis=1) != 0) | (a.final_use != 0).any(axis=1))


def _unit(economy: Economy, to_year: int | None, currency: str | None) -> str:
    unit = parse_unit(economy.unit)
    if currency is not None:
        old = re.escape(economy.currency)
        counted = re.sub(rf"\b{old}\b", currency, unit.counted)
        unit = replace(unit, counted=currency if counted == unit.counted else counted)
    return str(unit if to_year is None else unit.of_year(to_year))


def with_money(
    economy: Economy, found: Revalued, prices: Array, unit: str, currency: str
) -> Economy:
    """The revalued economy under its new unit, with the carried tables that follow."""
    made = found.economy
    products = tuple(
        replace(new, unit=unit) if old.unit == economy.unit else new
        for old, new in zip(economy.products, made.products, strict=True)
    )
    actual = revalued_actual(economy, found, unit)
    series = revalued_series(economy, prices, unit, currency)
    return replace(
        made, products=products, unit=unit, currency=currency, actual=actual, series=series
    )


def _detail(economy: Economy, found: Revalued, unit: str, sources: Sequence[str]) -> str:
    share = found.added_residual / found.output if found.output else 0.0
    left = [
        f"double deflation leaves {found.added_residual:,.6g} of value added ({share:.2%} of "
        "output), in the item deflation_residual"
        if found.added_residual
        else "nothing is left in value added",
        f"balances of products leave {found.use_residual:,.6g}, in the category deflation_residual"
        if found.use_residual
        else "balances of products stay as they were",
    ]
    return (
        f"From {economy.unit} ({economy.currency}) to {unit}; deflators: {'; '.join(sources)}; "
        f"{'; '.join(left)}."
    )
