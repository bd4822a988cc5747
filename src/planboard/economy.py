"""Economy: what each activity takes and makes, region by region; it has not heard of any plan.

Letters: region r, product i (n), activity j (m), factor k (K), capital kind h (H), final-use
category c (C), partner p (P). One unit of a product is a base-year money unit's worth, or the
product's own physical unit; one unit of an activity is what its coefficients refer to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from planboard.errors import InvalidEconomyError
from planboard.labels import positions

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

OUTSIDE = "outside"  # The partner that stands for every region without accounts of its own.

# Tables that an economy carries along; no coefficient of a plan is read from them.
CARRIED = ("persons", "growth", "actual", "series", "imputed", "repairs")

ROLES = ("households", "government", "given", "capital_formation", "inventories", "ordered")


@dataclass(frozen=True)
class Product:
    """What is made and used; `storable` products can be carried from one year to the next."""

    name: str
    label: str
    unit: str
    storable: bool = False
    price: float = 1.0


@dataclass(frozen=True)
class Factor:
    """What no activity makes; factors of role "labour" are hours and earn wages.

    An `exhaustible` factor is a stock that is used up: its endowment is for all years together.
    """

    name: str
    label: str
    unit: str
    role: str = "other"
    exhaustible: bool = False


@dataclass(frozen=True)
class Category:
    """A category of final use and the role it plays in a plan (one of `ROLES`)."""

    name: str
    label: str
    role: str


@dataclass(frozen=True, eq=False)
class Conversions:
    """Ways of turning capacity of one activity into capacity of another, V of them.

    A unit of capacity of `source` given up in year t becomes `share` units of capacity of `target`
    in year t + `delay`.

    kind, source, target : shape (V,), positions; share, delay : shape (V,)
    required : shape (n, V) [product unit / unit given up]
    """

    kind: Integers
    source: Integers
    target: Integers
    share: Array
    delay: Integers
    required: Array

    def __len__(self) -> int:
        """How many there are."""
        return len(self.kind)


@dataclass(frozen=True, eq=False)
class RegionAccounts:
    """The base-year books of one region. Coefficients are per unit of activity.

    level, input_lag, in_progress, utilisation : shape (m,)
    input, output : sparse, shape (n, m) [product unit / activity unit]
    factor_use : shape (K, m) [factor unit / activity unit]
    factor_supply : shape (K, m): what a unit of activity adds to the endowment of all later years
    capacity, depreciation, gestation : shape (H, m) [activity unit; per year; years].
        An infinite capacity means that this kind of capital does not limit the activity.
    building : shape (G, H, m); building[g] was ordered g years before the first plan year less
        one (g = 0: in the base year) and is still to arrive, or arrives in year 1
    capital_required : sparse, shape (n, H·m), column h·m + j [product unit / unit of capacity]
    factor_use_building : shape (K, H, m) [factor unit / unit of capacity]
    final_use : shape (n, C), signed
    endowment : shape (K,); infinite where the factor is not scarce
    initial_stock, storage_loss : shape (n,)
    exports, imports : shape (n, P), by partner of the economy
    value_added : item -> shape (m,) per unit of activity; empty where it is not known
    """

    region: str
    activities: tuple[str, ...]
    level: Array
    input_lag: Integers
    in_progress: Array
    utilisation: Array
    input: sparse.csr_array
    output: sparse.csr_array
    factor_use: Array
    factor_supply: Array
    capacity: Array
    depreciation: Array
    gestation: Integers
    building: Array
    capital_required: sparse.csr_array
    factor_use_building: Array
    final_use: Array
    endowment: Array
    initial_stock: Array
    storage_loss: Array
    exports: Array
    imports: Array
    value_added: Mapping[str, Array]
    conversions: Conversions

    @property
    def gross_output(self) -> Array:
        """Output of every product in the base year, shape (n,)."""
        return np.asarray(self.output @ self.level)

    @cached_property
    def total_supply(self) -> Array:
        """Output plus imports of every product in the base year, shape (n,)."""
        return np.asarray(self.gross_output + self.imports.sum(axis=1))

    @cached_property
    def base_exports(self) -> Array:
        """Exports as a plan counts them, shape (n, P): what is below zero goes the other way.

        Published flows are below zero where somebody's inventories of imported goods are drawn
        down by more than is bought. To sell less than nothing is to buy, at the same net.
        """
        return np.maximum(self.exports, 0.0) - np.minimum(self.imports, 0.0)

    @cached_property
    def base_imports(self) -> Array:
        """Imports as a plan counts them, shape (n, P); see `base_exports`."""
        return np.maximum(self.imports, 0.0) - np.minimum(self.exports, 0.0)


@dataclass(frozen=True, eq=False)
class Economy:
    """The accounts of one or many regions in one base year, with their source and licence.

    Carried along, each a tidy table or None (columns: `planboard.economy_folder.format`):

    persons : persons engaged and population
    growth : past growth of labour and productivity
    actual : what happened after the base year
    series : published accounts by activity and year, the base of capital and hours
    imputed : what the publisher does not say and was filled in, by which method, from which donors
    repairs : every cell that a repair changed, with what stood there before
    """

    name: str
    title: str
    source: str
    licence: str
    base_year: int
    currency: str
    unit: str
    price_basis: str
    coverage: str
    products: tuple[Product, ...]
    factors: tuple[Factor, ...]
    categories: tuple[Category, ...]
    kinds: tuple[str, ...]
    partners: tuple[str, ...]
    regions: tuple[RegionAccounts, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    attribution: str = ""
    notes: tuple[str, ...] = ()
    history: tuple[Mapping[str, str], ...] = ()
    description: str = ""
    persons: pd.DataFrame | None = None
    growth: pd.DataFrame | None = None
    actual: pd.DataFrame | None = None
    series: pd.DataFrame | None = None
    imputed: pd.DataFrame | None = None
    repairs: pd.DataFrame | None = None

    @property
    def region_names(self) -> tuple[str, ...]:
        """The codes of the regions, in order."""
        return tuple(accounts.region for accounts in self.regions)

    @property
    def product_names(self) -> tuple[str, ...]:
        """The codes of the products, in order."""
        return tuple(product.name for product in self.products)

    @property
    def factor_names(self) -> tuple[str, ...]:
        """The codes of the factors, in order."""
        return tuple(factor.name for factor in self.factors)

    @property
    def category_names(self) -> tuple[str, ...]:
        """The codes of the categories of final use, in order."""
        return tuple(category.name for category in self.categories)

    @property
    def activity_names(self) -> tuple[str, ...]:
        """Every activity that some region knows, in order of first appearance."""
        names = dict.fromkeys(name for accounts in self.regions for name in accounts.activities)
        return tuple(names)

    def region(self, name: str) -> RegionAccounts:
        """The accounts of one region."""
        return self.regions[positions("region", [name], self.region_names)[0]]

    def label(self, code: str) -> str:
        """The full name of a code, or the code itself."""
        return self.labels.get(code, code)

    def with_role(self, role: str) -> list[int]:
        """Positions of the categories that play this role."""
        return [c for c, category in enumerate(self.categories) if category.role == role]

    def part(self, names: Sequence[str]) -> "Economy":
        """These regions alone, all others outside: coverage "part" unless none is left out."""
        chosen = positions("region", names, self.region_names)
        if len(set(chosen)) == len(self.regions):
            return self
        carried: Mapping[str, Any] = {
            name: _of_regions(getattr(self, name), names) for name in CARRIED
        }
        return replace(
            self, regions=tuple(self.regions[r] for r in chosen), coverage="part", **carried
        )

    @property
    def technology(self) -> pd.DataFrame:
        """Inputs per unit of activity: (region, product) by (region, activity), pooled origins."""
        return self._coefficients("input")

    @property
    def supply(self) -> pd.DataFrame:
        """Outputs per unit of activity: (region, product) by (region, activity)."""
        return self._coefficients("output")

    def _coefficients(self, name: str) -> pd.DataFrame:
        blocks = sparse.block_diag([getattr(accounts, name) for accounts in self.regions])
        rows = [(a.region, product) for a in self.regions for product in self.product_names]
        columns = [(a.region, activity) for a in self.regions for activity in a.activities]
        return pd.DataFrame(
            blocks.toarray(),
            index=pd.MultiIndex.from_tuples(rows, names=["region", "sector"]),
            columns=pd.MultiIndex.from_tuples(columns, names=["region", "sector"]),
        )


def _of_regions(table: pd.DataFrame | None, names: Sequence[str]) -> pd.DataFrame | None:
    return None if table is None else table[table["region"].isin(names)].reset_index(drop=True)


def check_numbers(accounts: RegionAccounts) -> None:
    """Refuse numbers that no accounts can hold: NaN, negative levels, capacities, stocks.

    Negative cells of the use table and the like are published; the audit tells of them.
    """
    faults = []
    # Final use and trade hold inventories, which may be negative.
    signed = {"final_use", "exports", "imports"}
    names = [
        "level", "factor_use", "factor_supply", "capacity", "depreciation", "building",
        "factor_use_building",
        "final_use", "endowment", "initial_stock", "storage_loss", "exports", "imports",
        "utilisation", "in_progress",
    ]  # fmt: skip
    for name in names:
        values = getattr(accounts, name)
        if np.isnan(values).any():
            faults.append(f"{name}: {int(np.isnan(values).sum())} missing")
        elif name not in signed and (values < 0).any():
            faults.append(f"{name}: {int((values < 0).sum())} negative, least {values.min():g}")
    for name in ("input", "output", "capital_required"):
        missing = int(np.isnan(getattr(accounts, name).data).sum())
        if missing:
            faults.append(f"{name}: {missing} missing")
    if (accounts.depreciation >= 1).any():
        faults.append("depreciation: at least 1 a year somewhere, so nothing would last a year")
    if faults:
        raise InvalidEconomyError(
            f"The accounts of '{accounts.region}' hold numbers that cannot be planned with.",
            faults,
            "Correct them in the tables of the economy folder.",
        )
