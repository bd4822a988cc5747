"""Plans side by side in the terminal."""

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from planboard.compare import ActualComparison, farthest_industries, how_far
from planboard.compare.plans import CONSUMPTION, PlanComparison
from planboard.compare.welfare import ALL
from planboard.economy import Economy
from planboard.report.comparison.sentences import CAUSES, last_parts, told
from planboard.report.view import entry
from planboard.report.words import Amounts, number, percent

SHOWN = 12  # Industries in the ranked list.
HEADS = {"GDP": "GDP", CONSUMPTION: "households", "investment": "invested", "hours": "hours"}


def print_comparison(comparison: PlanComparison, economy: Economy, console: Console) -> None:
    """What each plan comes to against the first, in the terminal; one alone by its growth."""
    first, *others = comparison.names
    if not others:
        console.print(f"\n[bold]{escape(first)}[/] [dim](growth a year since the base year)[/]")
        console.print(_growth_grid(comparison, economy, first))
    for name in others:
        console.print(f"\n[bold]{escape(name)}[/] against [bold]{escape(first)}[/]")
        for sentence in told(comparison, economy, name):
            console.print(escape(sentence), highlight=False)
        console.print(_region_grid(comparison, economy, name))
        if not last_parts(comparison, name).empty:
            console.print("[bold]Why output differs[/] [dim](log points)[/]")
            console.print(_parts_grid(last_parts(comparison, name), economy))
        rows = comparison.ranked[comparison.ranked["plan"] == name].head(SHOWN)
        if len(rows):
            console.print("[bold]Where they differ most[/]")
            console.print(_ranked_grid(rows, economy))


def print_steps(steps: pd.DataFrame, console: Console) -> None:
    """What each section of the second plan brings, in the order in which it was taken over."""
    console.print("[bold]Why they differ[/] [dim](solved again after each step)[/]")
    if steps.empty:
        console.print("  They do not: no section of one is other than that of the other.")
        return
    whole = steps[steps["region"] == ALL]
    grid = _grid("section taken over", ["output", "welfare"])
    for _, row in whole.iterrows():
        cells = [percent(float(row[name]), "+") for name in ("output", "welfare")]
        impossible = " (impossible alone)" if np.isnan(float(row["output"])) else ""
        grid.add_row(f"{row['step']}{impossible}", *cells)
    sums = [percent(float(whole[name].sum(min_count=1)), "+") for name in ("output", "welfare")]
    grid.add_row("together", *sums)
    console.print(grid)


def print_actual(found: ActualComparison | None, economy: Economy, console: Console) -> None:
    """The plan against what happened: how far its output is from fact, why, and where."""
    if found is None or found.regions.empty:
        console.print(f"{escape(economy.title)} does not say what happened in the plan's years.")
        return
    console.print("\n[bold]The plan against what happened[/]")
    for sentence in how_far(found, economy):
        console.print(escape(sentence), highlight=False)
    parts = found.decomposition
    if len(parts):
        year = int(parts["year"].max())
        last = parts[parts["year"] == year].pivot(index="region", columns="part", values="value")
        console.print(f"[bold]Output of {year} over what was made[/] [dim](log points)[/]")
        console.print(_parts_grid(last.astype(float), economy))
    rows = farthest_industries(found).head(SHOWN)
    if len(rows):
        console.print("[bold]Industries farthest from fact[/]")
        console.print(_ranked_grid(rows, economy))


def _grid(first: str, heads: list[str], width: int | None = None) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    grid.add_column(first, max_width=width, no_wrap=True)
    for head in heads:
        grid.add_column(head, justify="right", no_wrap=True)
    return grid


def _last_regions(comparison: PlanComparison, name: str) -> pd.DataFrame:
    known = comparison.regions
    mine = (known["plan"] == name) & (known["year"] == known["year"].max())
    return pd.DataFrame(known[mine])


def _growth_grid(comparison: PlanComparison, economy: Economy, name: str) -> Grid:
    """Growth by region since the base year."""
    rows = _last_regions(comparison, name)
    shares = rows.pivot(index="region", columns="measure", values="growth")
    measures = [measure for measure in HEADS if measure in shares]
    grid = _grid(str(rows["year"].max()), [HEADS[measure] for measure in measures], 27)
    for region in [r for r in economy.region_names if r in shares.index]:
        cells = [percent(entry(shares, region, measure), "+") for measure in measures]
        grid.add_row(escape(economy.label(region)), *cells)
    return grid


def _region_grid(comparison: PlanComparison, economy: Economy, name: str) -> Grid:
    """Difference from the first plan by region in the last year, and welfare."""
    rows = _last_regions(comparison, name)
    shares = rows.pivot(index="region", columns="measure", values="share")
    sums = rows.groupby("measure")[["value", "difference"]].sum()
    worth = comparison.welfare[comparison.welfare["plan"] == name].set_index("region")["value"]
    measures = [measure for measure in HEADS if measure in shares]
    heads = [*(HEADS[measure] for measure in measures), *(["welfare"] if len(worth) else [])]
    grid = _grid(str(rows["year"].max()), heads, 25)
    for region in [r for r in economy.region_names if r in shares.index]:
        cells = [percent(entry(shares, region, measure), "+") for measure in measures]
        grid.add_row(escape(economy.label(region)), *cells, *_welfare_cell(worth, region))
    if len(shares) > 1:
        cells = [percent(_whole(sums, measure), "+") for measure in measures]
        grid.add_row("all together", *cells, *_welfare_cell(worth, ALL))
    return grid


def _whole(sums: pd.DataFrame, measure: str) -> float:
    """Difference of all regions together as a share of the first plan's amount."""
    value, difference = entry(sums, measure, "value"), entry(sums, measure, "difference")
    first = value - difference
    return difference / first if first else np.nan


def _welfare_cell(worth: "pd.Series[float]", region: str) -> list[str]:
    return [percent(float(worth.get(region, np.nan)), "+")] if len(worth) else []


def _parts_grid(parts: pd.DataFrame, economy: Economy) -> Grid:
    grid = _grid("", ["output", *CAUSES], 27)
    for region in [r for r in economy.region_names if r in parts.index]:
        cells = [percent(entry(parts, region, part), "+") for part in ("total", *CAUSES)]
        grid.add_row(escape(economy.label(region)), *cells)
    return grid


def _ranked_grid(rows: pd.DataFrame, economy: Economy) -> Grid:
    amounts = Amounts(str(rows["unit"].iloc[0]), rows["difference"])
    grid = _grid("", [amounts.unit, "share"], 48)
    for row in rows.to_dict("records"):
        name = f"{economy.label(row['region'])}: {economy.label(row['activity'])}"
        difference = number(float(row["difference"]) / amounts.divisor, amounts.digits)
        sign = "+" if float(row["difference"]) > 0 else ""
        grid.add_row(escape(name), f"{sign}{difference}", percent(float(row["share"]), "+"))
    return grid
