"""Negative numbers, category by category: where they belong and where they do not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from planboard.audit.finding import MATERIAL, Finding, counted
from planboard.economy import Array, Economy, RegionAccounts

USUAL = ("inventories",)  # Stocks are drawn down: negative by nature.
DUST = 1e-7  # Share below which numbers are how a workbook adds up, and nothing else.


@dataclass(frozen=True)
class Cells:
    """One category of numbers: its name, how grave a negative one is, and its table by region.

    beside : all of the kind that the category is part of; one that is dust beside it is no category
    """

    name: str
    severity: str
    table: Callable[[RegionAccounts], tuple[Array, tuple[str, ...]]]
    remedy: str
    beside: float = 0.0


def negative_cells(economy: Economy) -> list[Finding]:
    """One finding for each category with negative cells, at the worst of them."""
    findings = []
    for cells in _categories(economy):
        tables = [(accounts.region, *cells.table(accounts)) for accounts in economy.regions]
        below = [
            (float(values[at]), names[at[0]], region)
            for region, values, names in tables
            for at in zip(*np.nonzero(values < 0), strict=True)
        ]
        total = sum(float(np.abs(values).sum()) for _, values, _ in tables)
        if below and total > DUST * cells.beside:
            findings.append(_negative(cells, sorted(below), total))
    return findings


def _negative(cells: Cells, below: list[tuple[float, str, str]], total: float) -> Finding:
    """The finding on one category, from its negative cells, worst first."""
    worst, name, region = below[0]
    share = sum(value for value, *_ in below) / total
    regions = len({where for *_, where in below})
    severity = cells.severity
    if severity == "error" and abs(share) < MATERIAL:
        severity = "warning"
    if abs(share) < DUST:
        severity = "note"
    return Finding(
        "negative_cells",
        severity,
        region,
        cells.name,
        share,
        f"{counted(len(below), 'cell')} of {cells.name} below zero (regions: {regions}), together "
        f"{-share:.2g} of the total; worst {worst:,.6g} ({name} in {region}).",
        cells.remedy,
    )


def _categories(economy: Economy) -> Iterator[Cells]:
    products = economy.product_names
    for c, category in enumerate(economy.categories):
        usual = category.role in USUAL
        yield Cells(
            category.name,
            "note" if usual else "warning",
            lambda a, c=c: (a.final_use[:, c], products),  # type: ignore[misc]
            "None is needed: it is drawn down, and phased out by a plan unless told to stay."
            if usual
            else "Book it as inventories or correct it: a plan would make more of a negative use.",
        )
    matrix = "Correct it, or move it to the other side of the accounts."
    yield Cells("use", "warning", lambda a: (_flows(a, a.input), products), matrix)
    yield Cells("supply", "error", lambda a: (_flows(a, a.output), products), matrix)
    # Where capital formation is negative itself, what building takes only follows it.
    follows = any(
        (a.final_use[:, economy.with_role("capital_formation")] < 0).any() for a in economy.regions
    )
    yield Cells(
        "capital_required",
        "warning" if follows else "error",
        lambda a: (a.capital_required.toarray(), products),
        matrix,
    )
    trade = (
        "None is needed for a plan, which counts it as trade the other way; "
        "planboard repair --step negative_exports books it elsewhere."
    )
    yield Cells("exports", "warning", lambda a: (a.exports, products), trade)
    # What a region with accounts sells has been counted as its exports.
    apart = [p for p, name in enumerate(economy.partners) if name not in economy.region_names]
    yield Cells("imports", "warning", lambda a: (a.imports[:, apart], products), trade)
    yield from _items(economy)


def _flows(a: RegionAccounts, coefficients: sparse.csr_array) -> Array:
    """Flows of the base year, as published; for one unit where an activity did not run."""
    return np.asarray(coefficients.toarray() * np.where(a.level != 0, a.level, 1.0))


def _items(economy: Economy) -> Iterator[Cells]:
    """Items of value added, in money."""
    items = dict.fromkeys(item for a in economy.regions for item in a.value_added)
    added = sum(
        float(np.abs(values * a.level).sum())
        for a in economy.regions
        for values in a.value_added.values()
    )
    for item in items:
        yield Cells(
            f"value added: {item}",
            "note",
            lambda a, item=item: (  # type: ignore[misc]
                a.value_added.get(item, np.zeros(len(a.activities))) * a.level,
                a.activities,
            ),
            "None is needed; a charge below zero makes cost prices hard to read.",
            added,
        )
