"""Figures of a comparison: paths, growth, what makes the difference, and where it is largest."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planboard.compare.plans import CONSUMPTION, PlanComparison, measures_of
from planboard.economy import Economy
from planboard.report.blocks import Figure, Figures, Key
from planboard.report.comparison.sentences import last_parts
from planboard.report.figures import bar_figure, bars, line, line_figure, stacked_causes
from planboard.report.view import path
from planboard.report.words import Amounts, capital

COLOURS = ("@accent", "@second", "@third", "@text", "@region3", "@region4", "@region7", "@region9")
MOST_REGIONS = 16  # In a figure: the largest.
SHOWN = 12  # Industries in a figure.


def plan_key(names: Sequence[str]) -> list[Key]:
    """The legend of the plans; from the ninth on colours return with dashed lines."""
    return [
        Key(name, COLOURS[k % len(COLOURS)], is_dashed=k >= len(COLOURS))
        for k, name in enumerate(names)
    ]


def largest_regions(comparison: PlanComparison, economy: Economy) -> list[str]:
    """The regions that figures draw: those with the largest product, in their own order."""
    rows = comparison.regions
    rows = rows[(rows["measure"] == "GDP") & (rows["plan"] == comparison.names[0])]
    size = rows.groupby("region")["value"].max().sort_values(ascending=False)
    chosen = set(size.index[:MOST_REGIONS])
    return [region for region in economy.region_names if region in chosen]


def drawn_note(comparison: PlanComparison, drawn: Sequence[str]) -> str:
    """A sentence where not every region is drawn."""
    known = comparison.regions["region"].nunique()
    return f" Drawn: the {len(drawn)} largest of {known} regions." if len(drawn) < known else ""


def consumption_paths(comparison: PlanComparison, economy: Economy) -> Figures | None:
    """A small picture for every region: household consumption of each plan, base year = 1."""
    rows = comparison.regions[comparison.regions["measure"] == CONSUMPTION]
    index = (1 + rows["growth"]) ** (rows["year"] - economy.base_year)
    paths = rows.assign(index=index).dropna(subset="index")
    drawn = [r for r in largest_regions(comparison, economy) if r in set(paths["region"])]
    if not drawn:
        return None
    figures = [
        _paths(paths[paths["region"] == r], comparison, economy.base_year, economy.label(r))
        for r in drawn
    ]
    caption = (
        f"Household consumption of each plan, {economy.base_year} = 1, at base-year prices. Each "
        f"on its own scale.{drawn_note(comparison, drawn)}"
    )
    return Figures(caption, figures, plan_key(comparison.names), columns=min(4, len(figures)))


def _paths(rows: pd.DataFrame, comparison: PlanComparison, base_year: int, title: str) -> Figure:
    grid = rows.pivot(index="plan", columns="year", values="index")
    grid.insert(0, base_year, 1.0)
    traces = [
        line(key.name, path(grid, key.name), key.colour, is_dashed=key.is_dashed)
        for key in plan_key(comparison.names)
    ]
    return line_figure(traces, ".3~f", 170, title, nticks=4)


def growth_bars(comparison: PlanComparison, economy: Economy) -> Figures:
    """Growth a year of every measure since the base year, by region and plan."""
    last = int(comparison.regions["year"].max())
    rows = comparison.regions[comparison.regions["year"] == last]
    drawn, keys = largest_regions(comparison, economy), plan_key(comparison.names)
    figures = []
    for measure in measures_of(comparison):
        grid = rows[rows["measure"] == measure].pivot(
            index="region", columns="plan", values="growth"
        )
        regions = [r for r in drawn if r in grid.index and path(grid, r).notna().any()]
        if not regions:
            continue
        labels = [economy.label(region) for region in regions]
        series = {key.name: (list(grid.loc[regions, key.name]), key.colour) for key in keys}
        traces = bars(labels, series, "+.1%")
        figures.append(
            bar_figure(traces, _tall(len(regions), len(keys)), "group", ".0%", capital(measure))
        )
    note = drawn_note(comparison, drawn)
    caption = f"Growth a year, {economy.base_year} to {last}, at base-year prices.{note}"
    return Figures(caption, figures, keys, columns=2)


def _tall(groups: int, plans: int) -> int:
    """Groups as tall as their bars need."""
    return groups * max(2, plans) // 2


def cause_bars(comparison: PlanComparison, economy: Economy, name: str) -> Figures | None:
    """Hours, capital and productivity in the output of one plan over the first's."""
    parts = last_parts(comparison, name)
    regions = [r for r in largest_regions(comparison, economy) if r in parts.index]
    if not regions:
        return None
    labels = [economy.label(region) for region in regions]
    caption = f"{name}, over {comparison.names[0]}.{drawn_note(comparison, regions)}"
    return stacked_causes(labels, parts.loc[regions], caption)


def ranked_bars(rows: pd.DataFrame, economy: Economy, caption: str) -> Figures:
    """The largest differences in output, more to the right, less to the left."""
    shown = rows.head(SHOWN)
    amounts = Amounts(str(shown["unit"].iloc[0]), shown["difference"])
    labels = [
        f"{economy.label(row['activity'])}, {economy.label(row['region'])}"
        for row in shown.to_dict("records")
    ]
    difference = shown["difference"].to_numpy(dtype=float) / amounts.divisor
    series: Mapping[str, tuple[Sequence[float], str]] = {
        "more": (list(np.where(difference > 0, difference, np.nan)), "@second"),
        "less": (list(np.where(difference < 0, difference, np.nan)), "@low"),
    }
    traces = bars(labels, series, "+,.4~g", 27)
    figure = bar_figure(traces, len(labels) * 4 // 3, "overlay", ",~r")
    return Figures(f"{caption}, {amounts.unit}.", [figure])


def step_bars(whole: pd.DataFrame) -> Figures:
    """What each section taken over brings, for all regions together."""
    labels = [str(step) for step in whole["step"]]
    figures = []
    for name, colour, title in (
        ("output", "@accent", "Output of the last year, log points"),
        ("welfare", "@second", "Welfare, share of base-year consumption in every year"),
    ):
        values = list(whole[name].astype(float))
        if np.isfinite(values).any():
            traces = bars(labels, {title: (values, colour)}, "+.2%")
            figures.append(bar_figure(traces, len(labels), "group", "+.1%", title))
    return Figures("What each step brings, all regions together.", figures, columns=2)
