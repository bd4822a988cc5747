"""InputOutputTable: a symmetric table of one region or many, as published; pymrio's shape.

Letters: region r (R), origin o (R, and those without columns), sector i, j (n), category c (C).
Rows and columns carry the levels (region, sector), final use (region, category).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from planboard.economy import Economy
from planboard.errors import InvalidTableError
from planboard.tables.accounts import Accounts
from planboard.tables.books import input_output_books
from planboard.tables.finite import check_finite
from planboard.tables.making import economy_from_books
from planboard.tables.publication import Publication

SHOWN = 3  # Labels in the evidence of an error.
# Parts without gaps.
WHOLE = ("transactions", "final_use", "gross_output", "value_added", "final_use_taxes")


@dataclass(frozen=True, eq=False)
class InputOutputTable:
    """Flows between sectors, their final use and value added, in one unit and one price basis.

    transactions : Z, (origin, sector) x (region, sector), dense float64. An origin without columns
        (such as "outside") sells and has no accounts here.
    final_use : Y, (origin, sector) x (region, category). A column of a region without accounts
        holds exports to it.
    gross_output : x, (region, sector) of the columns of Z
    value_added : item x (region, sector): all that output is worth beside its inputs, taxes and
        margins included and named
    final_use_taxes : item x (region, category): taxes and margins on final use
    factors, factors_final_use : factor x columns of Z and Y: hours, energy, land, emissions
    factor_units : factor -> unit
    roles : category -> its role in a plan (`planboard.economy.ROLES`)
    """

    publication: Publication
    transactions: pd.DataFrame
    final_use: pd.DataFrame
    gross_output: pd.Series
    value_added: pd.DataFrame
    final_use_taxes: pd.DataFrame | None = None
    factors: pd.DataFrame | None = None
    factors_final_use: pd.DataFrame | None = None
    factor_units: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse labels that do not fit, since all is aligned by name, and cells without a number.

        Factors may be unpublished for some sectors; they are refused where they are used.
        """
        _check_labels(self)
        check_finite(self.publication.name, {part: getattr(self, part) for part in WHOLE})

    def check_factors(self) -> None:
        """Refuse factors that are not a finite number for every sector and category of final use.

        Raises
        ------
        InvalidTableError
            With the first such cell.
        """
        parts = {name: getattr(self, name) for name in ("factors", "factors_final_use")}
        check_finite(self.publication.name, parts)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Regions with accounts, in order."""
        return tuple(dict.fromkeys(self.transactions.columns.get_level_values("region")))

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Every region that sells, those without accounts included."""
        return tuple(dict.fromkeys(self.transactions.index.get_level_values("region")))

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Every sector that some region has, in order of first appearance."""
        rows = self.transactions.index.get_level_values("sector")
        return tuple(dict.fromkeys([*rows, *self.transactions.columns.get_level_values("sector")]))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Categories of final use, in order."""
        return tuple(dict.fromkeys(self.final_use.columns.get_level_values("category")))

    def row_gaps(self) -> pd.Series:
        """Output less what is sold of it: (region, sector)."""
        own = self.transactions.index.isin(self.regions, level="region")
        sold = self.transactions.sum(axis=1) + self.final_use.sum(axis=1)
        return self.gross_output - sold[own].reindex(self.gross_output.index)

    def column_gaps(self) -> pd.Series:
        """Output less inputs and value added: (region, sector)."""
        return self.gross_output - self.transactions.sum(axis=0) - self.value_added.sum(axis=0)

    def economy(self, accounts: Accounts | None = None, *, donor: str = "") -> Economy:
        """The economy that a plan is made for: origins pooled, trade apart, hours and capital.

        Parameters
        ----------
        accounts
            Published beside the table; what they lack is imputed and told in `Economy.imputed`.
        donor
            A region of the bundled economy: where nobody publishes capital, activities have as
            much per unit of output as there. "": as all its regions together.
        """
        return economy_from_books(input_output_books(self), accounts, donor=donor)

    def with_step(self, step: str, detail: str, **changes: object) -> "InputOutputTable":
        """The table with these fields changed, and the step in its history."""
        publication = self.publication.with_step(step, detail)
        return replace(self, publication=publication, **changes)  # type: ignore[arg-type]


def _check_labels(table: InputOutputTable) -> None:
    faults = [
        f"{what}: {count} labels stand twice, such as {', '.join(map(str, first))}"
        for what, labels in (
            ("rows", table.transactions.index),
            ("columns", table.transactions.columns),
            ("final use", table.final_use.columns),
        )
        if (count := int(labels.duplicated().sum()))
        for first in [labels[labels.duplicated()][0]]
    ]
    faults += [
        f"{what}: {_difference(mine, theirs)}"
        for what, mine, theirs in _fitting(table)
        if not mine.equals(theirs)
    ]
    if faults:
        raise InvalidTableError(
            f"The labels of table '{table.publication.name}' do not fit.",
            faults,
            "Every row and column needs one label, the same in every part of the table.",
        )


def _fitting(table: InputOutputTable) -> Iterator[tuple[str, pd.Index, pd.Index]]:
    """Which labels must be the same: what they are of, those labels, and those they must be."""
    columns, uses = table.transactions.columns, table.final_use.columns
    yield "rows of final use", table.final_use.index, table.transactions.index
    yield "gross output", table.gross_output.index, columns
    for name, wanted in (
        ("value_added", columns),
        ("factors", columns),
        ("final_use_taxes", uses),
        ("factors_final_use", uses),
    ):
        part: pd.DataFrame | None = getattr(table, name)
        if part is not None:
            yield name.replace("_", " "), part.columns, wanted


def _difference(mine: pd.Index, theirs: pd.Index) -> str:
    """The labels that only one of two axes has."""
    odd = mine.symmetric_difference(theirs)
    told = [" ".join(map(str, label)) if isinstance(label, tuple) else str(label) for label in odd]
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return ", ".join(told[:SHOWN]) + more if told else "another order"
