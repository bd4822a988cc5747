"""SupplyUseTable: supply and use of one region as published, rectangular.

Letters: product i (n), industry j (m), category of final use c (C). Rows are products, columns
industries or categories.

    output_i + imports_i + adjustments_i + margins_i + taxes_i = Σ_j use_ij + Σ_c final_use_ic
    Σ_i supply_ij = Σ_i use_ij + value_added_j

The second holds at any price basis of use: what industries pay for inputs is in the use table, or
in rows of value added. Source: United Nations (2018), *Handbook on Supply and Use Tables and
Input-Output Tables*, ch. 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from planboard.economy import Economy
from planboard.tables.accounts import Accounts
from planboard.tables.making import economy_from_books
from planboard.tables.publication import Publication
from planboard.tables.supply_use.books import supply_use_books
from planboard.tables.supply_use.labels import EXPORTS, check_labels, check_valuation


@dataclass(frozen=True, eq=False)
class SupplyUseTable:
    """Supply at basic prices, use at the price basis of the publication, in one unit.

    supply, use : product x industry; activities with several products stay as they are
    final_use : product x category; exports (fob) are categories of role "exports"
    imports : by product, cif
    value_added : item x industry: all that output is worth beside its inputs
    roles : category -> its role in a plan (`planboard.economy.ROLES`), or "exports"
    adjustments : product x item, added to supply: the cif/fob adjustment
    margins : product x kind: received above zero; below zero for the products that provide them
    taxes : product x item, subsidies below zero
    valuation : kind of margin or item of taxes -> product x (industry and category): what of it
        each use carries, where the publisher says so
    final_use_taxes : item x category: taxes that final use at basic prices pays beside
    imported_use, imported_final_use : what of use and final use is imported, at basic prices
    rounding : what the publisher rounds to, in the unit of the table; 0: not rounded
    """

    publication: Publication
    region: str
    supply: pd.DataFrame
    use: pd.DataFrame
    final_use: pd.DataFrame
    imports: "pd.Series[float]"
    value_added: pd.DataFrame
    roles: Mapping[str, str]
    adjustments: pd.DataFrame | None = None
    margins: pd.DataFrame | None = None
    taxes: pd.DataFrame | None = None
    valuation: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    final_use_taxes: pd.DataFrame | None = None
    imported_use: pd.DataFrame | None = None
    imported_final_use: pd.DataFrame | None = None
    rounding: float = 0.0

    def __post_init__(self) -> None:
        """Refuse labels that do not fit, missing numbers, and price bases that contradict."""
        check_labels(self)
        check_valuation(self)

    @cached_property
    def products(self) -> tuple[str, ...]:
        """Codes of the products, in order."""
        return tuple(self.supply.index)

    @cached_property
    def industries(self) -> tuple[str, ...]:
        """Codes of the industries, in order."""
        return tuple(self.supply.columns)

    @cached_property
    def uses(self) -> pd.Index:
        """Every column of use: industries, then categories of final use."""
        return self.supply.columns.append(self.final_use.columns)

    @cached_property
    def all_use(self) -> pd.DataFrame:
        """Use and final use side by side: product x (industry and category)."""
        return pd.concat([self.use, self.final_use], axis=1)

    def with_role(self, role: str) -> list[str]:
        """The categories that play this role, in order."""
        return [c for c in self.final_use.columns if self.roles[c] == role]

    @property
    def exports(self) -> "pd.Series[float]":
        """Exports by product."""
        return self.final_use[self.with_role(EXPORTS)].sum(axis=1)

    @property
    def output(self) -> "pd.Series[float]":
        """Output by product, at basic prices."""
        return self.supply.sum(axis=1)

    @property
    def industry_output(self) -> "pd.Series[float]":
        """Output by industry, at basic prices."""
        return self.supply.sum(axis=0)

    @property
    def basic_supply(self) -> "pd.Series[float]":
        """Output and imports by product, at basic prices."""
        return self.output + self.imports + _across(self.adjustments, self.imports)

    @property
    def total_supply(self) -> "pd.Series[float]":
        """Output and imports by product, at the prices of use."""
        margins, taxes = (_across(part, self.imports) for part in (self.margins, self.taxes))
        return self.basic_supply + margins + taxes

    @property
    def total_use(self) -> "pd.Series[float]":
        """Intermediate and final use by product, exports included."""
        return self.use.sum(axis=1) + self.final_use.sum(axis=1)

    def product_gaps(self) -> "pd.Series[float]":
        """Supply less use by product, both at the prices of use."""
        return self.total_supply - self.total_use

    def industry_gaps(self) -> "pd.Series[float]":
        """Output less inputs and value added, by industry."""
        return self.industry_output - self.use.sum(axis=0) - self.value_added.sum(axis=0)

    def economy(self, accounts: Accounts | None = None, *, donor: str = "") -> Economy:
        """The economy that a plan is made for: industries keep all their products.

        Parameters
        ----------
        accounts
            Published beside the table; what they lack is imputed and told in `Economy.imputed`.
        donor
            A region of the bundled economy: where nobody publishes capital, activities have as
            much per unit of output as there. "": as all its regions together.

        Raises
        ------
        InvalidTableError
            Use is not at the basic prices of supply: see `valuation.at_basic_prices`.
        """
        return economy_from_books(supply_use_books(self), accounts, donor=donor)

    def with_step(self, step: str, detail: str, **changes: object) -> "SupplyUseTable":
        """The table with these fields changed, and the step in its history."""
        publication = self.publication.with_step(step, detail)
        return replace(self, **{"publication": publication, **changes})  # type: ignore[arg-type]


def _across(part: pd.DataFrame | None, like: "pd.Series[float]") -> "pd.Series[float]":
    """Sum of the columns of a part that may not be there."""
    return like * 0.0 if part is None else part.sum(axis=1)
