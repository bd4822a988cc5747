"""Plans side by side as one HTML page."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.compare.plans import PlanComparison, measures_of
from planboard.compare.welfare import ALL
from planboard.economy import Economy
from planboard.report.blocks import (
    Block,
    Card,
    Cards,
    Points,
    Row,
    Section,
    Table,
    Text,
    table,
)
from planboard.report.comparison import pictures
from planboard.report.comparison.sentences import last_parts, scope, told
from planboard.report.html import render_page
from planboard.report.outcome import outcome_blocks
from planboard.report.view import View, path
from planboard.report.words import Amounts, capital, number, percent
from planboard.solution import Solution

SHOWN = 24  # Industries in the ranked list.


def render_comparison(
    solutions: Sequence[Solution],
    comparison: PlanComparison,
    steps: pd.DataFrame | None = None,
    *,
    actual: bool = False,
) -> str:
    """Plans side by side as one HTML page with its style, script and figures inside.

    Parameters
    ----------
    solutions, comparison
        The plans, and `compare_results` of them.
    steps
        What makes the difference between the first two, from `explain_difference`.
    actual
        Whether each plan is held against what happened, too.
    """
    economy = solutions[0].economy
    sections = [_summary(comparison, economy), *_paths(comparison, economy)]
    sections.append(_regions(comparison, economy))
    if len(comparison.names) > 1:
        sections += [_causes(comparison, economy), _ranked(comparison, economy)]
    if steps is not None:
        sections.append(_steps(steps, comparison, economy))
    if actual:
        plans = zip(solutions, comparison.names, strict=True)
        sections += [_actual(s, name, place) for place, (s, name) in enumerate(plans)]
    title = " · ".join(comparison.names)
    return render_page(title, "Planboard comparison", economy, sections)


def _summary(comparison: PlanComparison, economy: Economy) -> Section:
    """Which plans, over what, and how each differs from the first."""
    first, *others = comparison.names
    held = f" Every plan is held against '{first}'." if others else ""
    intro = (
        f"{scope(comparison, economy)}.{held} All amounts are at base-year prices; nominal and "
        "real amounts are never compared."
    )
    blocks: list[Block] = [Text(intro), *_worth_cards(comparison)]
    for name in others:
        sentences = told(comparison, economy, name)
        blocks += [Text(f"{name}:"), Points(sentences)] if sentences else []
    return Section("summary", "At a glance", blocks)


def _worth_cards(comparison: PlanComparison) -> list[Block]:
    """A card for what each plan is worth over the first, where households consume."""
    worth = comparison.welfare[comparison.welfare["region"] == ALL].set_index("plan")["value"]
    line = f"of base-year household consumption in every year, over {comparison.names[0]}"
    cards = [
        Card(f"{name} is worth", percent(float(worth[name]), "+"), line)
        for name in comparison.names[1:]
        if name in worth and np.isfinite(float(worth[name]))
    ]
    return [Cards(cards)] if cards else []


def _paths(comparison: PlanComparison, economy: Economy) -> list[Section]:
    figures = pictures.consumption_paths(comparison, economy)
    return [Section("consumption", "Household consumption", [figures])] if figures else []


def _regions(comparison: PlanComparison, economy: Economy) -> Section:
    """Growth by region, and a table for each measure."""
    last = int(comparison.regions["year"].max())
    rows = comparison.regions[comparison.regions["year"] == last]
    blocks: list[Block] = [pictures.growth_bars(comparison, economy)]
    blocks += [
        _measure_table(rows[rows["measure"] == measure], comparison, economy)
        for measure in measures_of(comparison)
    ]
    return Section("regions", "Region by region", blocks)


def _measure_table(rows: pd.DataFrame, comparison: PlanComparison, economy: Economy) -> Table:
    """Amounts of each plan in the last year, and how far they are from the first plan's."""
    first, *others = comparison.names
    value = rows.pivot(index="region", columns="plan", values="value")
    known = [region for region in economy.region_names if region in value.index]
    value = value.reindex(index=known, columns=list(comparison.names))
    amounts = Amounts(str(rows["unit"].iloc[0]), [float(np.nanmedian(value.abs()))])
    named = [(economy.label(region), path(value, region)) for region in known]
    if len(named) > 1:
        named.append(("All together", value.sum()))
    cells: list[Row] = [
        [
            label,
            *(amounts.show(mine[name]) for name in comparison.names),
            *(percent(_over(mine[name], mine[first]), "+") for name in others),
        ]
        for label, mine in named
    ]
    caption = f"{capital(str(rows['measure'].iloc[0]))} in {rows['year'].iloc[0]}, {amounts.unit}."
    head = ["", *comparison.names, *(f"{name}, over the first" for name in others)]
    return table(caption, head, cells, totals=len(named) - len(known))


def _over(value: float, first: float) -> float:
    return value / first - 1 if first else np.nan


def _causes(comparison: PlanComparison, economy: Economy) -> Section:
    """Hours, capital and productivity behind the output of each plan."""
    name, title = "decomposition", "Why output differs"
    if comparison.decomposition.empty:
        words = "Hours, capital and incomes are not known well enough to say why output differs."
        return Section(name, title, [Text(words)])
    blocks: list[Block] = [
        Text(
            "Output of the last year over the first plan's, in log points: more or less hours and "
            "capital, each with its share of base-year income; the rest is productivity, which "
            "holds shifts between industries too."
        )
    ]
    for plan in comparison.names[1:]:
        figures = pictures.cause_bars(comparison, economy, plan)
        if figures:
            blocks += [figures, _cause_table(last_parts(comparison, plan), economy, plan)]
    return Section(name, title, blocks)


def _cause_table(parts: pd.DataFrame, economy: Economy, plan: str) -> Table:
    cells: list[Row] = [
        [economy.label(region), *(percent(share, "+") for share in path(parts, region))]
        for region in economy.region_names
        if region in parts.index
    ]
    return table(f"{plan}, log points.", ["", *map(str, parts.columns)], cells)


def _ranked(comparison: PlanComparison, economy: Economy) -> Section:
    """The industries in which the plans differ most, ranked by amount."""
    blocks: list[Block] = []
    for name in comparison.names[1:]:
        rows = comparison.ranked[comparison.ranked["plan"] == name]
        rows = rows[rows["difference"] != 0]
        if len(rows):
            caption = f"{name}, output over {comparison.names[0]}"
            blocks.append(pictures.ranked_bars(rows, economy, caption))
            blocks.append(_ranked_table(rows.head(SHOWN), economy, caption))
    if not blocks:
        blocks.append(Text("Every industry makes the same in all plans."))
    return Section("industries", "Where they differ most", blocks)


def _ranked_table(rows: pd.DataFrame, economy: Economy, caption: str) -> Table:
    amounts = Amounts(str(rows["unit"].iloc[0]), [*rows["value"], *rows["difference"]])
    cells: list[Row] = [
        [
            f"{economy.label(row['activity'])}, {economy.label(row['region'])}",
            amounts.show(float(row["value"])),
            number(float(row["difference"]) / amounts.divisor, amounts.digits),
            percent(float(row["share"]), "+"),
            percent(float(row["growth"]), "+"),
        ]
        for row in rows.to_dict("records")
    ]
    head = ["", "Output", "Difference", "Share", "Growth a year"]
    return table(f"{caption}, {rows['year'].iloc[0]}, {amounts.unit}.", head, cells)


def _steps(steps: pd.DataFrame, comparison: PlanComparison, economy: Economy) -> Section:
    """What each section of the second plan brings when it is put into the first."""
    name, title = "steps", "What makes the difference"
    first, second = comparison.names[:2]
    if steps.empty:
        return Section(name, title, [Text(f"No section of '{second}' differs from '{first}'.")])
    whole = steps[steps["region"] == ALL]
    words = (
        f"Sections of '{second}' are put into '{first}' one after the other, and the plan is "
        "solved again each time, so the steps add up to the whole difference. What a step brings "
        "depends on those before it. A step without a number cannot be carried out by itself and "
        "counts with the next."
    )
    blocks: list[Block] = [Text(words), pictures.step_bars(whole), _step_table(whole)]
    if steps["region"].nunique() > 2:
        blocks.append(_region_steps(steps, economy))
    return Section(name, title, blocks)


def _step_table(whole: pd.DataFrame) -> Table:
    measures = ("output", "welfare")
    cells: list[Row] = [
        [str(step), *(percent(share, "+") for share in (output, worth))]
        for step, output, worth in whole[["step", *measures]].to_numpy()
    ]
    sums = [percent(float(whole[name].sum(min_count=1)), "+") for name in measures]
    head = ["Section taken over", "Output", "Welfare"]
    return table("All regions together.", head, [*cells, ["Together", *sums]], totals=1)


def _region_steps(steps: pd.DataFrame, economy: Economy) -> Table:
    """Output by region, step by step."""
    own = steps[steps["region"] != ALL]
    grid = own.pivot(index="region", columns="step", values="output")
    grid = grid[list(dict.fromkeys(own["step"]))]
    cells: list[Row] = [
        [
            economy.label(region),
            *(percent(value, "+") for value in path(grid, region)),
            percent(path(grid, region).sum(min_count=1), "+"),
        ]
        for region in economy.region_names
        if region in grid.index
    ]
    head = ["", *map(str, grid.columns), "together"]
    return table("Output of the last year by region, log points.", head, cells)


def _actual(solution: Solution, name: str, place: int) -> Section:
    """One plan against what happened."""
    return Section(
        f"outcome{place + 1}", f"{name} against what happened", outcome_blocks(View(solution))
    )
