"""Plans side by side: in the terminal, and as one HTML page."""

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table as Grid

from planboard.compare import ActualComparison
from planboard.compare.plans import ALL, PlanComparison
from planboard.economy import Economy
from planboard.report.blocks import Block, Card, Cards, Figures, Key, Row, Section, Text, table
from planboard.report.figures import bar_figure, bars
from planboard.report.html import render_page
from planboard.report.view import entry
from planboard.report.words import number, percent
from planboard.solution import Solution

COLOURS = ("@accent", "@second", "@third", "@text")
SHOWN = 12  # Industries in the ranked list.
PARTS = {"hours": "@accent", "capital": "@third", "productivity": "@second"}


def print_comparison(comparison: PlanComparison, economy: Economy, console: Console) -> None:
    """What each plan comes to against the first, in the terminal."""
    first = comparison.names[0]
    for name in comparison.names[1:]:
        console.print(f"\n[bold]{_safe(name)}[/] against [bold]{_safe(first)}[/]")
        console.print(_region_grid(comparison, economy, name))
        console.print("[bold]Where they differ most[/]")
        rows = comparison.ranked[comparison.ranked["plan"] == name].head(SHOWN)
        console.print(_ranked_grid(rows, economy))


def print_steps(steps: pd.DataFrame, console: Console) -> None:
    """What each section of the second plan brings, in the order in which it was taken over."""
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
    for head in ("section taken over", "output", "welfare"):
        grid.add_column(head, justify="left" if head.startswith("section") else "right")
    for _, row in steps[steps["region"] == ALL].iterrows():
        grid.add_row(str(row["step"]), percent(row["output"], "+"), percent(row["welfare"], "+"))
    console.print("[bold]Why they differ[/] [dim](solved again after each step)[/]")
    console.print(grid)


def print_actual(found: ActualComparison | None, economy: Economy, console: Console) -> None:
    """The plan against what happened: output of the last year, and why it differs."""
    if found is None or found.decomposition.empty:
        console.print(f"{_safe(economy.title)} does not say what happened in the plan's years.")
        return
    year = int(found.decomposition["year"].max())
    rows = found.decomposition[found.decomposition["year"] == year]
    parts = rows.pivot(index="region", columns="part", values="value")
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    grid.add_column(f"output {year} over what was made", max_width=34)
    for part in ("total", *PARTS):
        grid.add_column(part, justify="right")
    for region in economy.region_names:
        if region in parts.index:
            cells = [percent(entry(parts, region, part), "+") for part in ("total", *PARTS)]
            grid.add_row(_safe(economy.label(region)), *cells)
    console.print(grid)


def render_comparison(
    solutions: list[Solution], comparison: PlanComparison, steps: pd.DataFrame | None = None
) -> str:
    """Plans side by side as one HTML page with its style, script and figures inside."""
    economy = solutions[0].economy
    sections = [_summary(comparison), _regions(comparison, economy)]
    if len(comparison.names) > 1:
        sections += [_decomposition(comparison, economy), _ranked(comparison, economy)]
    if steps is not None and len(steps):
        sections.append(_steps(steps))
    title = " · ".join(comparison.names)
    return render_page(title, "Planboard comparison", economy, sections)


def _summary(comparison: PlanComparison) -> Section:
    first = comparison.names[0]
    worth = comparison.welfare[comparison.welfare["region"] == ALL].set_index("plan")["value"]
    cards = [
        Card(
            f"{name} is worth",
            percent(float(worth.get(name, np.nan)), "+"),
            f"of base-year household consumption in every year, over {first}",
        )
        for name in comparison.names[1:]
    ]
    words = (
        f"All amounts are at base-year prices. Every plan is held against '{first}'; nominal and "
        "real amounts are never compared."
    )
    blocks: list[Block] = [Text(words)]
    return Section("summary", "At a glance", [*blocks, Cards(cards)] if cards else blocks)


def _regions(comparison: PlanComparison, economy: Economy) -> Section:
    """Growth by region, a chart and a table for each measure."""
    blocks: list[Block] = []
    last = int(comparison.regions["year"].max())
    rows = comparison.regions[comparison.regions["year"] == last]
    for measure in dict.fromkeys(rows["measure"]):
        mine = rows[rows["measure"] == measure]
        grid = mine.pivot(index="region", columns="plan", values="growth")
        regions = [r for r in economy.region_names if r in grid.index]
        labels = [economy.label(region) for region in regions]
        series = {
            name: (list(grid.loc[regions, name]), COLOURS[k % len(COLOURS)])
            for k, name in enumerate(comparison.names)
        }
        figure = bar_figure(bars(labels, series, "+.1%"), len(regions), "group", ".0%")
        legend = [Key(name, colour) for name, (_, colour) in series.items()]
        caption = f"{str(measure).capitalize()}: growth a year from the first plan year to {last}."
        blocks.append(Figures(caption, [figure], legend))
        blocks.append(_measure_table(mine, comparison, economy, last))
    return Section("regions", "Region by region", blocks)


def _measure_table(
    rows: pd.DataFrame, comparison: PlanComparison, economy: Economy, year: int
) -> Block:
    unit = str(rows["unit"].iloc[0])
    amounts = {(row["region"], row["plan"]): row for row in rows.to_dict("records")}
    cells: list[Row] = []
    for region in economy.region_names:
        if (region, comparison.names[0]) in amounts:
            values = [amounts[region, name] for name in comparison.names]
            shares = [percent(v["share"], "+") for v in values[1:]]
            cells.append([economy.label(region), *(number(v["value"], 0) for v in values), *shares])
    head = ["", *comparison.names, *(f"{name}, over the first" for name in comparison.names[1:])]
    return table(f"{year}, {unit}", head, cells)


def _decomposition(comparison: PlanComparison, economy: Economy) -> Section:
    last = comparison.decomposition["year"].max()
    rows = comparison.decomposition[comparison.decomposition["year"] == last]
    blocks: list[Block] = [
        Text(
            "Output of the last year over the first plan's, in log points: more or less hours and "
            "capital, each with its share of base-year income; the rest is productivity, which "
            "holds shifts between industries too."
        )
    ]
    for name in comparison.names[1:]:
        grid = rows[rows["plan"] == name].pivot(index="region", columns="part", values="value")
        regions = [r for r in economy.region_names if r in grid.index]
        if not regions:
            continue
        series = {part: (list(grid.loc[regions, part]), colour) for part, colour in PARTS.items()}
        traces = bars([economy.label(region) for region in regions], series, "+.1%")
        legend = [Key(part, colour) for part, colour in PARTS.items()]
        figure = bar_figure(traces, len(regions), "relative", "+.0%")
        blocks.append(Figures(f"{name} over {comparison.names[0]}.", [figure], legend))
    return Section("decomposition", "Where output differs from", blocks)


def _ranked(comparison: PlanComparison, economy: Economy) -> Section:
    blocks: list[Block] = []
    for name in comparison.names[1:]:
        rows = comparison.ranked[comparison.ranked["plan"] == name].head(2 * SHOWN)
        cells: list[Row] = [
            [
                f"{economy.label(row['activity'])}, {economy.label(row['region'])}",
                number(float(row["value"]), 0),
                number(float(row["difference"]), 0),
                percent(float(row["share"]), "+"),
                percent(float(row["growth"]), "+"),
            ]
            for row in rows.to_dict("records")
        ]
        head = ["", "output", "difference", "share", "growth a year"]
        unit = str(rows["unit"].iloc[0]) if len(rows) else ""
        blocks.append(table(f"{name} over {comparison.names[0]}, {unit}", head, cells))
    return Section("industries", "Where they differ most", blocks)


def _steps(steps: pd.DataFrame) -> Section:
    rows = steps[steps["region"] == ALL]
    cells: list[Row] = [
        [str(row["step"]), percent(float(row["output"]), "+"), percent(float(row["welfare"]), "+")]
        for row in rows.to_dict("records")
    ]
    words = (
        "Sections of the second plan are put into the first one after the other, and the plan is "
        "solved again after each; what a step brings depends on those before it. A missing number: "
        "that step alone cannot be carried out and counts with the next."
    )
    head = ["section taken over", "output of the last year", "welfare, every year"]
    return Section("steps", "Why they differ", [Text(words), table("", head, cells)])


def _region_grid(comparison: PlanComparison, economy: Economy, name: str) -> Grid:
    last = comparison.regions["year"].max()
    rows = comparison.regions[
        (comparison.regions["plan"] == name) & (comparison.regions["year"] == last)
    ]
    grid = rows.pivot(index="region", columns="measure", values="share")
    worth = comparison.welfare[comparison.welfare["plan"] == name].set_index("region")["value"]
    shown = Grid(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    shown.add_column(f"{last}", max_width=25, no_wrap=True)
    heads = {"GDP": "GDP", "household consumption": "households", "investment": "invested"}
    measures = [m for m in (*heads, "hours") if m in grid]
    for head in [*measures, "welfare"]:
        shown.add_column(heads.get(head, head), justify="right", no_wrap=True)
    for region in [r for r in economy.region_names if r in grid.index]:
        cells = [percent(entry(grid, region, str(measure)), "+") for measure in measures]
        cells.append(percent(float(worth.get(region, np.nan)), "+"))
        shown.add_row(_safe(economy.label(region)), *cells)
    total = percent(float(worth.get(ALL, np.nan)), "+")
    shown.add_row("all together", *([""] * len(measures)), total)
    return shown


def _ranked_grid(rows: pd.DataFrame, economy: Economy) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    grid.add_column("region and industry", max_width=52, no_wrap=True)
    for head in ("difference", "share"):
        grid.add_column(head, justify="right")
    for row in rows.to_dict("records"):
        name = f"{economy.label(row['region'])}: {economy.label(row['activity'])}"
        grid.add_row(_safe(name), f"{row['difference']:+,.0f}", percent(float(row["share"]), "+"))
    return grid


def _safe(text: str) -> str:
    return text.replace("[", "\\[")
