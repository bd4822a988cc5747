"""Small economies by hand, and strategies that make productive ones.

An economy is written as a folder of tables and read back, as a user's would be. A `Folder` is the
tables before that, so that a law can rename, reorder, scale or split them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from planboard.compile import CompiledPlan, compile_program
from planboard.economy import Economy
from planboard.economy_folder import read_economy
from planboard.plan import Plan
from planboard.program import Point
from planboard.solvers import AUTO, SOLVERS
from planboard.verify import verify

HEAD = {
    "name": "made",
    "title": "Made for a test",
    "source": "tests/economies.py",
    "licence": "Apache-2.0",
    "base_year": 2000,
    "currency": "USD",
    "unit": "million USD",
    "price_basis": "basic",
}
ROLES = ("households", "government", "capital_formation", "inventories")
BASE_YEAR = 2000
CLOSE = 1e-6  # Relative: points are verified to 1e-8, and a program may magnify that somewhat.
EXACT = 1e-9  # Relative, of identities in one point: nothing but rounding stands between them.


@dataclass(frozen=True, eq=False)
class Folder:
    """An economy folder in memory: `economy.json` and its tables."""

    head: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def write(self, path: Path) -> Path:
        """Write the folder; tables as CSV, every digit kept."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "economy.json").write_text(json.dumps(self.head), encoding="utf-8")
        for name, table in self.tables.items():
            table.to_csv(path / f"{name}.csv", index=False, float_format="%.17g")
        return path

    def economy(self) -> Economy:
        """The economy that the folder describes, read as a user's would be."""
        with TemporaryDirectory() as folder:
            return read_economy(self.write(Path(folder) / "economy"))

    def changed(self, **change: Callable[[pd.DataFrame], pd.DataFrame]) -> "Folder":
        """The same folder with some of its tables changed."""
        tables = {**self.tables, **{name: f(self.tables[name]) for name, f in change.items()}}
        return replace(self, tables=tables)

    def each(self, change: Callable[[str, pd.DataFrame], pd.DataFrame]) -> "Folder":
        """The same folder with every table changed."""
        return replace(self, tables={name: change(name, t) for name, t in self.tables.items()})


def rows(columns: str, *values: Sequence[object]) -> pd.DataFrame:
    """A table from its column names in one text, and its rows."""
    return pd.DataFrame(list(values), columns=columns.split())


def flows(columns: str, region: str, first: Sequence[str], table: Any) -> pd.DataFrame:
    """A tidy table of a matrix: rows named `first`, columns by the head of `table`."""
    return rows(
        columns,
        *(
            (region, name, column, float(amount))
            for column, amounts in table.items()
            for name, amount in zip(first, amounts, strict=True)
            if amount
        ),
    )


def made(tables: Mapping[str, pd.DataFrame], **head: Any) -> Folder:
    """A folder with the usual head; categories default to the roles of their own names."""
    found = tables.get("final_use", pd.DataFrame({"category": []}))["category"]
    roles = {name: {"role": name} for name in dict.fromkeys(found) if name in ROLES}
    return Folder({**HEAD, "categories": roles, **head}, tables)


def optimum(economy: Economy, plan: Plan) -> tuple[CompiledPlan, Point]:
    """The program of a plan with its first tangents, and its optimal point, verified."""
    compiled = compile_program(economy, plan)
    point = SOLVERS[AUTO](compiled.program)
    assert point.status == "optimal"
    assert verify(compiled.program, point).is_optimal()
    return compiled, point


def cost(economy: Economy, plan: Plan) -> float:
    """The least cost of a plan in the objective's unit (worth counts as a negative cost)."""
    compiled, point = optimum(economy, plan)
    return float(compiled.program.cost @ point.column_value) * compiled.program.objective_unit


# Random economies. The numbers come from a seed; hypothesis shrinks the shape. ------------------

REGIONS = ("north", "south", "west")
PRODUCTS = ("corn", "steel", "cloth", "power")
JOINT = "scrap mill"  # An activity that makes two products.


@dataclass(frozen=True)
class Shape:
    """What a random economy looks like."""

    regions: int
    products: int
    is_joint: bool
    seed: int


def shapes(regions: tuple[int, int] = (1, 3), *, joint: bool | None = None) -> st.SearchStrategy:
    """Shapes of random economies."""
    return st.builds(
        Shape,
        st.integers(*regions),
        st.integers(2, 4),
        st.booleans() if joint is None else st.just(joint),
        st.integers(0, 10_000),
    )


def folders(regions: tuple[int, int] = (1, 3), *, joint: bool | None = None) -> st.SearchStrategy:
    """Productive random economies: balanced books, positive value added, full capacity."""
    return shapes(regions, joint=joint).map(random_folder)


def random_folder(shape: Shape) -> Folder:
    """Books that balance: every product of every region, and trade between the regions.

    Intermediate use takes at most two fifths of every output and trade at most an eighth, so that
    final use is positive; every activity adds value. Capital of the base year grows by 2 %.
    """
    rng = np.random.default_rng(shape.seed)
    regions, products = REGIONS[: shape.regions], PRODUCTS[: shape.products]
    n = len(products)
    trade = rng.uniform(0, 100 / 8 / shape.regions, (shape.regions, shape.regions, n))
    trade[np.arange(shape.regions), np.arange(shape.regions)] = 0.0
    books = [
        _region(rng, region, products, shape.is_joint, trade[:, r].sum(0) - trade[r].sum(0))
        for r, region in enumerate(regions)
    ]
    tables = {
        name: pd.concat([book[name] for book in books], ignore_index=True)
        for book in books[:1]
        for name in book
    }
    if shape.regions > 1:
        tables["trade"] = rows(
            "origin destination product value",
            *(
                (regions[r], regions[s], products[i], trade[r, s, i])
                for r, s, i in zip(*np.nonzero(trade), strict=True)
            ),
        )
    return made(
        tables,
        coverage="world",
        factors={"hours": {"unit": "million hours", "role": "labour"}},
    )


def _region(
    rng: np.random.Generator,
    region: str,
    products: Sequence[str],
    is_joint: bool,
    net_imports: np.ndarray,
) -> dict[str, pd.DataFrame]:
    n = len(products)
    activities = [*products, JOINT] if is_joint else list(products)
    supply = np.diag(rng.uniform(80, 120, n))
    if is_joint:
        column = np.zeros(n)
        column[0], column[1] = rng.uniform(10, 20), rng.uniform(5, 10)
        supply = np.column_stack([supply, column])
    made_of, level = supply.sum(axis=1), supply.sum(axis=0)
    use = rng.uniform(0.1, 1, supply.shape)
    use *= 0.4 * np.minimum(made_of[:, None] / use.sum(1, keepdims=True), level / use.sum(0))
    final = made_of - use.sum(axis=1) + net_imports
    inventories = rng.uniform(-1, 1, n)
    formation = 0.15 * final * rng.uniform(0.2, 1, n)
    government = 0.2 * final * rng.uniform(0.2, 1, n)
    households = final - inventories - formation - government
    uses = dict(zip(ROLES, (households, government, formation, inventories), strict=True))
    depreciation = rng.uniform(0.03, 0.08, len(activities))
    building = (depreciation + 0.02) * level
    required = np.outer(formation, np.ones(len(activities))) / building.sum()
    hours = rng.uniform(0.5, 2, len(activities)) * level
    added = level - use.sum(axis=0)
    by_activity = [(region, activity) for activity in activities]
    capital = [
        (*key, "plant", *map(float, numbers))
        for key, *numbers in zip(by_activity, level, depreciation, building, strict=True)
    ]
    items = {"labour": 0.6 * added, "surplus": 0.4 * added}

    def matrix(name: str, values: np.ndarray) -> pd.DataFrame:
        return flows(
            f"region product {name} value",
            region,
            products,
            dict(zip(activities, values.T, strict=True)),
        )

    required_table = matrix("activity", required)
    required_table.insert(2, "kind", "plant")
    return {
        "activity": rows(
            "region activity level", *((*k, x) for k, x in zip(by_activity, level, strict=True))
        ),
        "supply": matrix("activity", supply),
        "use": matrix("activity", use),
        "factor_use": rows(
            "region activity factor value",
            *((*k, "hours", h) for k, h in zip(by_activity, hours, strict=True)),
        ),
        "endowment": rows("region factor value", (region, "hours", 1.01 * hours.sum())),
        "final_use": flows("region product category value", region, products, uses),
        "capital": rows("region activity kind capacity depreciation building", *capital),
        "capital_required": required_table,
        "value_added": rows(
            "region activity item value",
            *(
                (*k, item, v)
                for item, vs in items.items()
                for k, v in zip(by_activity, vs, strict=True)
            ),
        ),
    }


# Economies in print, with their source. -----------------------------------------------------------


def table_of(region: str, columns: str, matrix: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """A tidy table of nested mappings: outer names first, then inner ones."""
    return rows(
        columns,
        *(
            (region, outer, inner, float(amount))
            for outer, amounts in matrix.items()
            for inner, amount in amounts.items()
            if amount
        ),
    )
