"""Do the labels and numbers of a supply and use table fit together? Names align, not places."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from planboard.economy import ROLES
from planboard.errors import InvalidTableError
from planboard.labels import unknown_name
from planboard.tables.finite import check_finite

if TYPE_CHECKING:
    from planboard.tables.supply_use.table import SupplyUseTable

EXPORTS = (
    "exports"  # The role of what goes to the outside; it is trade, not final use, of an economy.
)
Axes = tuple[pd.Index, ...]


def check_labels(table: "SupplyUseTable") -> None:
    """Refuse labels that stand twice or do not fit, and cells without a number."""
    faults = [*_repeated(table), *_unfitting(table)]
    if faults:
        raise InvalidTableError(
            f"The labels of table '{table.publication.name}' do not fit.",
            faults,
            "Every product, industry and category needs one label, the same in every part of the "
            "table.",
        )
    check_finite(table.publication.name, {what: part for what, part, _ in _parts(table)})
    _check_roles(table)


def check_valuation(table: "SupplyUseTable") -> None:
    """Refuse a use table at basic prices with margins or taxes still to be taken off."""
    held = [name for name in ("margins", "taxes") if getattr(table, name) is not None]
    if held and table.publication.price_basis == "basic":
        raise InvalidTableError(
            f"Table '{table.publication.name}' says that use is at basic prices, and has "
            f"{' and '.join(held)} that lead to purchasers' prices.",
            [f"{name}: {', '.join(map(str, getattr(table, name).columns))}" for name in held],
            "Say price_basis = 'purchasers' if they are in the use table; leave them out if not.",
        )


def _parts(
    table: "SupplyUseTable",
) -> Iterator[tuple[str, "pd.DataFrame | pd.Series[float]", Axes]]:
    """Every part that is there: what it is, its numbers, and the labels it must have."""
    products, industries = table.supply.index, table.supply.columns
    categories, uses = table.final_use.columns, table.uses
    wanted: list[tuple[str, pd.DataFrame | pd.Series[float] | None, Axes]] = [
        ("supply", table.supply, (products, industries)),
        ("use", table.use, (products, industries)),
        ("final use", table.final_use, (products, categories)),
        ("imports", table.imports, (products,)),
        ("value added", table.value_added, (table.value_added.index, industries)),
        ("imported use", table.imported_use, (products, industries)),
        ("imported final use", table.imported_final_use, (products, categories)),
    ]
    for name in ("adjustments", "margins", "taxes"):
        part = getattr(table, name)
        wanted.append((name, part, (products,) if part is None else (products, part.columns)))
    wanted += [(f"{n} by use", part, (products, uses)) for n, part in table.valuation.items()]
    taxes = table.final_use_taxes
    if taxes is not None:
        wanted.append(("taxes on final use", taxes, (taxes.index, categories)))
    for what, part, axes in wanted:
        if part is not None:
            yield what, part, axes


def _repeated(table: "SupplyUseTable") -> Iterator[str]:
    carried = [c for part in (table.margins, table.taxes) if part is not None for c in part.columns]
    axes = {
        "products": table.supply.index,
        "industries": table.supply.columns,
        "categories": table.final_use.columns,
        "value added": table.value_added.index,
        "industries and categories": table.uses,
        "margins and taxes": pd.Index(carried),
    }
    for what, labels in axes.items():
        twice = labels[labels.duplicated()].unique()
        if len(twice):
            yield f"{what}: {len(twice)} stand twice, such as '{twice[0]}'"
            return


def _unfitting(table: "SupplyUseTable") -> Iterator[str]:
    for what, part, axes in _parts(table):
        own = (part.index,) if isinstance(part, pd.Series) else (part.index, part.columns)
        for mine, wanted in zip(own, axes, strict=True):
            if not mine.equals(wanted):
                odd = sorted(map(str, set(mine) ^ set(wanted)))
                yield f"{what}: {', '.join(odd[:3]) if odd else 'another order'}"


def _check_roles(table: "SupplyUseTable") -> None:
    known = (*ROLES, EXPORTS)
    for category in table.final_use.columns:
        role = table.roles.get(str(category), "")
        if role not in known:
            raise unknown_name("role", role, known, f"category '{category}'")
