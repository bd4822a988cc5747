"""The plan held against what happened."""

import numpy as np
import pandas as pd

from planboard.compare import ActualComparison, against_actual, farthest_industries, how_far
from planboard.report.blocks import (
    Block,
    Cell,
    Figures,
    Key,
    Points,
    Row,
    Section,
    Table,
    Text,
    table,
)
from planboard.report.figures import bar_figure, bars, stacked_causes
from planboard.report.view import View, entry
from planboard.report.words import Amounts, number, percent

MEASURES = {
    "output": "Gross output",
    "household_consumption": "Household consumption",
    "investment": "Investment",
    "capital": "Capital",
    "hours": "Hours",
}
FARTHEST = 12  # Industries in the ranked list.
FULL_TINT = np.log(2.0)  # Twice what happened, or half, has the full shade.


def outcome(view: View) -> Section:
    """The plan against what happened, and where the difference comes from."""
    return Section("outcome", "The plan against what happened", outcome_blocks(view))


def outcome_blocks(view: View) -> list[Block]:
    """How far the plan is from what happened, why, by region, and in which industries."""
    found = against_actual(view.solution)
    if found is None or found.regions.empty:
        words = "This economy does not say what happened in the years of the plan."
        return [Text(words)]
    year = int(found.regions["year"].max())
    return [
        Text(
            "The plan knew nothing of the years it planned. What happened is never an input; it "
            "stands here so that the plan can be judged. All in base-year prices."
        ),
        Points(how_far(found, view.economy)),
        _growth_chart(view, found, year),
        *_decomposition(view, found),
        _growth_table(view, found, year),
        *_farthest_table(view, found, year),
        _industry_table(view, found, year),
    ]


def _growth_chart(view: View, found: ActualComparison, year: int) -> Figures:
    figures = []
    series = {"Plan": ("plan_growth", "@accent"), "What happened": ("actual_growth", "@second")}
    for measure in ("output", "household_consumption"):
        rows = _of_year(view, found.regions[found.regions["measure"] == measure], year)
        if rows.empty:
            continue
        values = {name: (list(rows[column]), colour) for name, (column, colour) in series.items()}
        traces = bars(view.labels(list(rows.index)), values, "+.1%")
        figures.append(bar_figure(traces, len(rows), "group", ".0%", MEASURES[measure]))
    caption = f"Growth a year, {view.base_year} to {year}.{view.drawn_note}"
    legend = [Key(name, colour) for name, (_, colour) in series.items()]
    return Figures(caption, figures, legend, columns=2)


def _of_year(view: View, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of one year for the drawn regions, by region."""
    found = rows[rows["year"] == year].set_index("region")
    return found.loc[[region for region in view.drawn if region in found.index]]


def _decomposition(view: View, found: ActualComparison) -> list[Block]:
    """In the last year of which hours and capital are known: they often end before output does."""
    if found.decomposition.empty:
        words = "Hours, capital and incomes are not known well enough to say why they differ."
        return [Text(words, is_note=True)]
    year = int(found.decomposition["year"].max())
    rows = found.decomposition[found.decomposition["year"] == year]
    grid = rows.pivot(index="region", columns="part", values="value")
    grid = grid.loc[[region for region in view.drawn if region in grid.index]]
    caption = (
        f"Why output of {year} in the plan differs from what happened, log points: more or less "
        "hours and capital, each with its share of base-year income; the rest is productivity, "
        f"which holds shifts between industries too.{view.drawn_note}"
    )
    return [stacked_causes(view.labels(list(grid.index)), grid.astype(float), caption)]


def _growth_table(view: View, found: ActualComparison, year: int) -> Table:
    rows = found.regions[found.regions["year"] == year]
    known = [measure for measure in MEASURES if (rows["measure"] == measure).any()]
    cells: list[Row] = []
    for region in view.regions:
        mine = rows[rows["region"] == region].set_index("measure").reindex(known)
        if mine["plan"].notna().any():
            cells.append([view.label(region), *(_growth_cell(mine, m) for m in known)])
    caption = (
        f"Growth a year from {view.base_year} to {year} in the plan and, below it, what happened. "
        "Orange: the plan grows faster. Capital is the stock that serves the year, at the end of "
        "the year before."
    )
    return table(caption, ["", *(MEASURES[m] for m in known)], cells)


def _growth_cell(rows: pd.DataFrame, measure: str) -> Cell:
    plan, actual = (entry(rows, measure, f"{which}_growth") for which in ("plan", "actual"))
    tint = (plan - actual) / 0.1 if np.isfinite(plan) and np.isfinite(actual) else 0.0
    return Cell(percent(plan, "+"), tint, below=percent(actual, "+"))


def _farthest_table(view: View, found: ActualComparison, year: int) -> list[Table]:
    """The industries farthest from fact, by amount."""
    rows = farthest_industries(found).head(FARTHEST)
    if rows.empty:
        return []
    amounts = Amounts(str(rows["unit"].iloc[0]), [*rows["plan"], *rows["actual"]])
    cells: list[Row] = [
        [
            f"{view.label(row['activity'])}, {view.label(row['region'])}",
            *(amounts.show(float(row[name])) for name in ("plan", "actual", "difference")),
            percent(float(row["share"]), "+"),
        ]
        for row in rows.to_dict("records")
    ]
    caption = f"Industries farthest from fact in {year}, {amounts.unit}."
    return [table(caption, ["", "Plan", "Fact", "Difference", "Share"], cells)]


def _industry_table(view: View, found: ActualComparison, year: int) -> Table:
    rows = found.industries[found.industries["year"] == year]
    grid = rows.assign(ratio=rows["plan"] / rows["actual"].where(rows["actual"] > 0)).pivot(
        index="activity", columns="region", values="ratio"
    )
    names = [name for name in view.economy.activity_names if name in grid.index]
    regions = [region for region in view.regions if region in grid.columns]
    cells: list[Row] = [
        [view.label(name), *(_ratio_cell(entry(grid, name, region)) for region in regions)]
        for name in names
    ]
    caption = f"Output of {year} in the plan over what was made. Orange: more; blue: less."
    return table(caption, ["", *view.labels(regions)], cells)


def _ratio_cell(ratio: float) -> Cell:
    return Cell(number(ratio), float(np.log(ratio)) / FULL_TINT if ratio > 0 else 0.0)
