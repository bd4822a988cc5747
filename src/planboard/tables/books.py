"""A published table as the head and the tidy tables of an economy, before capital and hours.

Origins are pooled (use[i,j] = Σ_o Z[(o,i),j]) and trade is a table apart; final use is by region
of destination. What the table calls value added keeps its names.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planboard.economy import ROLES
from planboard.errors import InvalidTableError
from planboard.tables.publication import Publication

if TYPE_CHECKING:
    from planboard.tables.input_output import InputOutputTable

HOURS = {
    "hours_high": "High-skill hours",
    "hours_medium": "Medium-skill hours",
    "hours_low": "Low-skill hours",
    "hours": "Hours worked",
}

Tables = dict[str, pd.DataFrame]
Head = dict[str, Any]


def input_output_books(table: "InputOutputTable") -> tuple[Head, Tables]:
    """Head and tidy tables of a symmetric table: one activity for each sector and region."""
    sectors = list(table.sectors)
    output = table.gross_output.rename_axis(["region", "activity"])
    level = output.rename("level").reset_index()
    supply = level[level["level"] != 0].rename(columns={"level": "value"})
    tables = {
        "activity": level,
        "supply": supply.assign(product=supply["activity"]),
        "use": _pooled(table.transactions, "activity", table.regions),
        "final_use": _pooled(table.final_use, "category", table.regions),
        "trade": _trade(table),
        "value_added": _items(table.value_added),
    }
    factors = {}
    if table.factors is not None:
        tables["factor_use"] = _items(table.factors).rename(columns={"item": "factor"})
        factors = {str(name): _factor(table, str(name)) for name in table.factors.index}
    _check_roles(table, tables["final_use"])
    head = head_of(table.publication, table.roles, list(table.regions), sectors)
    partners = [name for name in _partners(table) if name not in table.regions]
    head |= {"factors": factors, "partners": [*table.regions, *partners]}
    head["notes"] = [*head["notes"], *_taxes_note(table)]
    return head, tables


def _check_roles(table: "InputOutputTable", final_use: pd.DataFrame) -> None:
    """Refuse final use of which the table does not say what part it plays in a plan."""
    without = [str(c) for c in final_use["category"].unique() if c not in table.roles]
    if without:
        raise InvalidTableError(
            f"Categories of final use of table '{table.publication.name}' have no role.",
            without,
            f"Give each one of {', '.join(ROLES)}.",
        )


def _factor(table: "InputOutputTable", name: str) -> dict[str, str]:
    """What economy.json says of a factor; those called hours are labour."""
    role = {"role": "labour"} if name in HOURS else {}
    return {"label": HOURS.get(name, name), "unit": table.factor_units.get(name, ""), **role}


def head_of(
    publication: Publication, roles: Mapping[str, str], regions: list[str], products: list[str]
) -> Head:
    """What economy.json says of a published table."""
    label = publication.labels.get
    return {
        "name": publication.name,
        "title": publication.title,
        "source": publication.source,
        "licence": publication.licence,
        "attribution": publication.attribution,
        "base_year": publication.year,
        "currency": publication.currency,
        "unit": publication.unit,
        "price_basis": publication.price_basis,
        "coverage": publication.coverage,
        "regions": {name: {"label": label(name, name)} for name in regions},
        "products": {name: {"label": label(name, name)} for name in products},
        "categories": {
            name: {"label": label(name, name), "role": role} for name, role in roles.items()
        },
        "labels": dict(publication.labels),
        "notes": list(publication.notes),
        "history": [dict(step) for step in publication.history],
    }


def _pooled(flows: pd.DataFrame, axis: str, regions: tuple[str, ...]) -> pd.DataFrame:
    """Flows summed over origins, by region of destination: region, product, `axis`, value."""
    parts = []
    summed = flows.groupby(level="sector", sort=False, observed=True).sum()
    for region in regions:
        if region not in flows.columns.get_level_values("region"):
            continue
        block = summed[region]
        i, j = np.nonzero(block.to_numpy())
        labels = {"region": region, "product": block.index[i], axis: block.columns[j]}
        parts.append(pd.DataFrame({**labels, "value": block.to_numpy()[i, j]}))
    return pd.concat(parts, ignore_index=True)


def _trade(table: "InputOutputTable") -> pd.DataFrame:
    """Every flow between two different regions, intermediate and final use together."""
    parts = []
    for flows in (table.transactions, table.final_use):
        names = flows.columns.get_level_values("region")
        by_region = flows.T.groupby(names, sort=False).sum().T.rename_axis(columns="destination")
        parts.append(by_region)
    total = parts[0].add(parts[1], fill_value=0.0)
    long = total.rename_axis(["origin", "product"]).reset_index()
    long = long.melt(["origin", "product"], var_name="destination")
    is_trade = (long["origin"] != long["destination"]) & (long["value"] != 0)
    return long[is_trade].reset_index(drop=True)


def _partners(table: "InputOutputTable") -> list[str]:
    """Regions that sell or buy, and have no accounts here."""
    buyers = table.final_use.columns.get_level_values("region")
    return list(dict.fromkeys([*table.origins, *buyers]))


def _items(values: pd.DataFrame) -> pd.DataFrame:
    """Items by (region, sector) as a tidy table: region, item, activity, value."""
    long = values.T.rename_axis(["region", "activity"]).reset_index()
    long = long.melt(["region", "activity"], var_name="item")
    return long[long["value"] != 0].astype({"item": str}).reset_index(drop=True)


def _taxes_note(table: "InputOutputTable") -> list[str]:
    """What final use pays beside basic prices, in words: it is no part of the balances."""
    if table.final_use_taxes is None:
        return []
    unit, totals = table.publication.unit, table.final_use_taxes.sum(axis=1)
    told = ", ".join(f"{item} {value:,.6g}" for item, value in totals.items() if value)
    return [f"Final use pays beside basic prices ({unit}): {told}."] if told else []
