"""What is made, where plants are short, and which industries leapt."""

from html import escape

import numpy as np
import pandas as pd

from planboard.compare import industries_that_leapt, industry_ratios, largest_moves
from planboard.report.blocks import (
    Block,
    Cell,
    Figure,
    Figures,
    Points,
    Row,
    Section,
    Table,
    Text,
    table,
)
from planboard.report.figures import heat_figure, region_key, stacked_years
from planboard.report.view import View, path, utilisation
from planboard.report.words import Amounts, number, percent
from planboard.solution.values import RegionPlan

MOST_PRODUCTS = 16  # Small multiples of products: the largest.
MOST_REGIONS = 12  # Heat maps of regions.
FULL_TINT = np.log(2.0)  # Twice as much, or half, has the full shade.
RENT_SCALE = 90  # Percentile of the rents above zero that has the full shade.
MOST_LEAPS = 25  # Industries that leapt, told one by one.
OTHERS = 6  # That moved farthest of those that did not leap.
HALF_IDLE = 0.5  # The share idle that has the full shade.


def output(view: View) -> Section:
    """Output by product over the years, and by industry against the base year."""
    products = largest_products(view)
    units = view.units()
    shared = len({units[product] for product in products}) == 1
    largest = max(float(view.output[product].sum().max()) for product in products)
    figures = [
        _output_figure(
            view, product, Amounts(units[product], [largest if shared else np.nan]), shared
        )
        for product in products
    ]
    unit = f", {Amounts(units[products[0]], [largest]).unit}" if shared else ""
    caption = f"Output of every product, {view.base_year} and the plan, by region{unit}."
    caption += " Each on its own scale."
    if len(products) < len(view.economy.products):
        caption += f" Drawn: the {len(products)} largest of {len(view.economy.products)}."
    charts = Figures(caption, figures, region_key(view), columns=4)
    return Section("output", "Output by industry", [charts, _ratio_table(view)])


def _output_figure(view: View, product: str, amounts: Amounts, shared: bool) -> Figure:
    table = view.output[product] / amounts.divisor
    years = [str(year) for year in table.columns]
    layout = {
        "barmode": "relative",
        "bargap": 0.15,
        "xaxis": {"type": "category", "tickvals": years, "showgrid": False},
        "yaxis": {"nticks": 4, "tickformat": ",~r"},
    }
    label = view.label(product)
    title = label if shared else f"{label}, {amounts.unit}"
    return Figure(stacked_years(view, table, amounts.unit), layout, 165, title)


def largest_products(view: View) -> list[str]:
    """The products that small multiples show, in the order of the economy."""
    price = pd.Series({p.name: p.price for p in view.economy.products})
    size = (view.base_output.sum() * price).sort_values(ascending=False)
    chosen = set(size.index[:MOST_PRODUCTS])
    return [name for name in view.economy.product_names if name in chosen]


def _ratio_table(view: View) -> Table:
    ratios = industry_ratios(view.solution)
    last = ratios[ratios["year"] == view.last]
    grid = last.pivot(index="activity", columns="region", values="ratio")
    grid = grid.reindex(index=list(view.economy.activity_names), columns=list(view.regions))
    rows: list[Row] = [
        [view.label(activity), *map(_ratio_cell, path(grid, activity))] for activity in grid.index
    ]
    caption = f"Activity in {view.last}, {view.base_year} = 1. Orange: more; blue: less."
    return table(caption, ["", *view.labels(view.regions)], rows)


def _ratio_cell(ratio: float) -> Cell:
    tint = np.log(ratio) / FULL_TINT if ratio > 0 else -1.0 if ratio == 0 else 0.0
    return Cell(number(ratio), tint)


def capacity(view: View) -> Section:
    """Where capacity binds, and where it stands idle."""
    name, title = "capacity", "Where capacity binds"
    shown = [plan for plan in view.solution.regions if plan.outlook.region in view.drawn]
    known = [plan for plan in shown[:MOST_REGIONS] if np.isfinite(utilisation(plan)).any()]
    if not known:
        return Section(name, title, [Text("No activity of this plan is limited by capacity.")])
    rents = _rents(view)
    positive = rents["value"][rents["value"] > 0]
    full = float(np.percentile(positive, RENT_SCALE)) if len(positive) else 1.0
    figures = [_scarcity_map(view, plan, rents, full) for plan in known]
    unit = str(rents["unit"].iloc[0]) if len(rents) else ""
    caption = (
        "Orange: capacity is scarce; the stronger, the higher the rent of one more unit. "
        "Grey: fully used, yet one more unit would bring nothing. Blue: the share that stands "
        f"idle. Rents are in {unit}; full shade from {number(full)}.{view.drawn_note}"
    )
    scale = ("half idle or more", "just used", f"rent of {number(full)} or more")
    charts = Figures(caption, figures, columns=5, scale=scale)
    names = {code: view.label(code) for code in view.economy.activity_names}
    key = "; ".join(f"{code}: {label}" for code, label in names.items() if label != code)
    return Section(name, title, [charts, Text(key, is_note=True)] if key else [charts])


def _rents(view: View) -> pd.DataFrame:
    """Rent of an activity's capacity, all kinds together: region, activity, year, value, unit."""
    found = view.solution.rents
    if found.empty:
        return pd.DataFrame(columns=["region", "activity", "year", "value", "unit"])
    keys = ["region", "activity", "year", "unit"]
    return found.groupby(keys, sort=False)[["value"]].sum().reset_index()


def _scarcity_map(view: View, plan: RegionPlan, rents: pd.DataFrame, full: float) -> Figure:
    """One region: industries by years, from −1 (idle) over 0 to 1 (scarce)."""
    o, years = plan.outlook, list(view.years)
    used = utilisation(plan)[:, : len(years)]
    mine = rents[rents["region"] == o.region].pivot(
        index="activity", columns="year", values="value"
    )
    rent = mine.reindex(index=list(o.activities), columns=years).fillna(0.0).to_numpy()
    idle = -(1 - used) / HALF_IDLE
    level = np.where(used < 1 - 1e-5, idle, np.minimum(rent / full, 1.0))
    level = np.where(np.isfinite(used), level, np.nan)
    hover = [
        [_hover(view.label(activity), year, used[j, t], rent[j, t]) for t, year in enumerate(years)]
        for j, activity in enumerate(o.activities)
    ]
    return heat_figure({"x": years, "y": o.activities}, level, hover, view.label(o.region))


def _hover(label: str, year: int, used: float, rent: float) -> str:
    name = escape(label, quote=False)
    if not np.isfinite(used):
        return f"{name}, {year}<br>no capacity"
    return f"{name}, {year}<br>used {percent(used)}<br>rent {number(rent, 3)}"


def leaps(view: View) -> Section:
    """Industries that leapt, and why, the farthest first; then those that did not quite."""
    leapt = industries_that_leapt(view.solution)
    blocks: list[Block] = []
    if leapt.empty:
        blocks.append(Text("No industry more than doubles or falls below half of its base year."))
    else:
        shown = f" The {MOST_LEAPS} farthest of {len(leapt)}:" if len(leapt) > MOST_LEAPS else ""
        words = f"These more than double, or fall below half of their base year.{shown}"
        blocks += [Text(words), Points(list(leapt["explanation"][:MOST_LEAPS]))]
    others = largest_moves(view.solution, OTHERS, skip=len(leapt))
    if len(others):
        told = list(others["explanation"])
        blocks += [Text("Those that move farthest short of that:"), Points(told)]
    return Section("leaps", "Industries that leapt", blocks)
