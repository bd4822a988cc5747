"""Why prices move: the parts of the scarcity price of what households buy most, year by year."""

import numpy as np
import pandas as pd

from planboard.pricing import price_parts
from planboard.report.blocks import Block, Cell, Figure, Figures, Key, Row, Table, Text, table
from planboard.report.figures import numbers
from planboard.report.view import View, entry, path
from planboard.report.words import number
from planboard.solution.values import RegionPlan

MOST = 6  # Products whose prices are split.
LEAST = 1e-4  # Of the largest price: a part that is smaller everywhere is left out.
HOURS, FACTORS, REST = "hours", "other factors", "other bounds"
# What a part of a price is counted under; what is not named is among the other bounds.
GROUPS = {
    "input": "inputs",
    "joint product": "joint products",
    "rent of capacity": "rent of capacity",
    "market price": "market price",
    "external balance": "external balance",
    "rent of the band": "bands of trade",
    "pace of decline": "pace",
    "pace of growth": "pace",
    "order": "orders",
    "wish": "orders",
    "plan ray": "orders",
}
COLOURS = {
    "inputs": "@base", HOURS: "@accent", FACTORS: "@region4", "rent of capacity": "@second",
    "joint products": "@region8", "market price": "@region0", "external balance": "@third",
    "bands of trade": "@region3", "pace": "@region7", "orders": "@region5", REST: "@muted",
}  # fmt: skip


def split_prices(view: View) -> list[Block]:
    """Stacked columns by year for each product, and a table of what moved it."""
    found = parts_by_year(view)
    if found.empty:
        return []
    groups = shown_groups(found)
    products = list(dict.fromkeys(found["product"]))
    where = f" ({view.label(view.focus)})" if len(view.regions) > 1 else ""
    intro = (
        f"Why prices move: the parts of the scarcity price of what households buy most{where}. "
        "The parts of a price add up to it exactly: its inputs at their own prices, the wage of "
        "its hours, the rent of its capacity, and what limits and orders add or take."
    )
    figures = [_figure(view, found[found["product"] == p], p, groups) for p in products]
    legend = [*(Key(group, COLOURS[group]) for group in groups), Key("price", "@text")]
    caption = "Parts of the scarcity price, from the region's own industry where it makes any."
    charts = Figures(caption, figures, legend, columns=3)
    return [Text(intro), charts, _table(view, found, products, groups)]


def parts_by_year(view: View) -> pd.DataFrame:
    """The parts of each product's price: product, year, group, value; groups of one source."""
    plan = next(p for p in view.solution.regions if p.outlook.region == view.focus)
    frames = []
    for product in bought_most(view, plan):
        for t, year in enumerate(view.years):
            parts = price_parts(view.solution, product, region=view.focus, year=year)
            frames.append(_grouped(view, own_source(plan, product, t, parts)))
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return found


def bought_most(view: View, plan: RegionPlan) -> list[str]:
    """The products that take most of the household basket; of output where there is none."""
    a, o = plan.outlook.accounts, plan.outlook
    basket = o.price * a.final_use[:, o.households()].sum(axis=1)
    size = basket if (basket > 0).any() else o.price * a.gross_output
    order = np.argsort(-size, kind="stable")[:MOST]
    return [view.economy.product_names[i] for i in order if size[i] > 0]


def own_source(plan: RegionPlan, product: str, t: int, parts: pd.DataFrame) -> pd.DataFrame:
    """The parts of one source: the activity that makes most of it, else the first in use."""
    o = plan.outlook
    i = [p.name for p in o.products].index(product)
    made = o.output[i, :, t] * plan.activity[:, t]
    own = f"activity {o.activities[int(made.argmax())]}"
    sources = list(parts["source"])
    return parts[parts["source"] == (own if own in sources else next(iter(sources), own))]


def _grouped(view: View, parts: pd.DataFrame) -> pd.DataFrame:
    labour = {factor.name for factor in view.economy.factors if factor.role == "labour"}
    of_factor = parts["name"].isin(labour).map({True: HOURS, False: FACTORS})
    group = parts["part"].map(GROUPS).fillna(REST).where(parts["part"] != "factor", of_factor)
    keys = ["product", "year", "group"]
    return parts.assign(group=group).groupby(keys, sort=False)["value"].sum().reset_index()


def shown_groups(found: pd.DataFrame) -> list[str]:
    """The groups worth showing, in the order of `COLOURS`."""
    price = found.groupby(["product", "year"])["value"].sum().abs().max()
    size = found.groupby("group")["value"].agg(lambda values: values.abs().max())
    return [group for group in COLOURS if size.get(group, 0.0) > LEAST * price]


def _grid(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Group × year, with a row for the price."""
    grid = rows.pivot(index="group", columns="year", values="value")
    grid = grid.reindex(columns=list(view.years)).fillna(0.0)
    grid.loc["price"] = grid.sum()
    return grid


def _figure(view: View, rows: pd.DataFrame, product: str, groups: list[str]) -> Figure:
    grid = _grid(view, rows).reindex([*groups, "price"]).fillna(0.0)
    years = [str(year) for year in view.years]
    hover = "%{fullData.name}<br>%{x}: %{y:.3~f}<extra></extra>"
    bars = [
        {"type": "bar", "x": years, "y": numbers(path(grid, group)), "name": group,
         "marker": {"color": COLOURS[group]}, "hovertemplate": hover}
        for group in groups
        if path(grid, group).abs().max() > 0
    ]  # fmt: skip
    price = {"type": "scatter", "mode": "markers", "x": years, "y": numbers(path(grid, "price")),
             "name": "price", "marker": {"color": "@text", "size": 7, "symbol": "diamond"},
             "hovertemplate": hover}  # fmt: skip
    layout = {
        "barmode": "relative",
        "bargap": 0.2,
        "xaxis": {"type": "category", "tickvals": years, "showgrid": False},
        "yaxis": {"nticks": 5, "tickformat": ".2~f"},
    }
    return Figure([*bars, price], layout, 210, view.label(product))


def _table(view: View, found: pd.DataFrame, products: list[str], groups: list[str]) -> Table:
    """Price and parts of the last year, and below them the change since the first."""
    first, last = view.years[0], view.last
    rows: list[Row] = []
    for product in products:
        grid = _grid(view, found[found["product"] == product]).reindex(["price", *groups])
        grid = grid.fillna(0.0)
        cells = [_cell(entry(grid, part, last), entry(grid, part, first), first < last)
                 for part in grid.index]  # fmt: skip
        rows.append([view.label(product), *cells])
    caption = f"Price and its parts in {last}"
    if first < last:
        caption += f", and below them the change since {first}. Orange: pushes it up; blue: down"
    return table(f"{caption}.", ["", "price", *groups], rows)


def _cell(now: float, then: float, moved: bool) -> Cell:
    if not moved:
        return Cell(number(now))
    change = number(now - then)
    sign = "+" if now > then and change != number(0.0) else ""
    return Cell(number(now), now - then, below=f"{sign}{change}")
