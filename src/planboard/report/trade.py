"""Who sells to whom, and who owes."""

import numpy as np
import pandas as pd

from planboard.economy import OUTSIDE
from planboard.report.blocks import Cell, Figures, Key, Section, Table, Text, table
from planboard.report.figures import bar_figure, bars
from planboard.report.view import View
from planboard.report.words import Amounts

LEAST = 0.005  # Of the unit shown: trade with the outside below it is rounding.


def trade(view: View) -> Section:
    """Bilateral flows of the last year, trade balances, and net exports by product."""
    name, title = "trade", "Trade"
    flows = view.solution.trade
    if flows.empty or not (flows["value"] > 0).any():
        return Section(name, title, [Text("This plan has no trade.")])
    words = (
        "A plan determines net trade alone. Gross and bilateral flows are derived: those nearest "
        "the pattern of the base year with the same net trade, within the same bands."
    )
    blocks = [Text(words), _flow_table(view, flows), _balance_chart(view), _net_table(view)]
    return Section(name, title, blocks)


def _flow_table(view: View, flows: pd.DataFrame) -> Table:
    price = {product.name: product.price for product in view.economy.products}
    last = flows[flows["year"] == view.last]
    worth = last["value"] * last["product"].map(price)
    grid = worth.groupby([last["origin"], last["destination"]]).sum().unstack(fill_value=0.0)
    names = [n for n in (*view.regions, OUTSIDE) if n in grid.index or n in grid.columns]
    grid = grid.reindex(index=names, columns=names, fill_value=0.0)
    amounts = Amounts(view.economy.unit, grid.sum(axis=1))
    if OUTSIDE in names and grid.loc[OUTSIDE].sum() + grid[OUTSIDE].sum() < LEAST * amounts.divisor:
        names.remove(OUTSIDE)
        grid = grid.loc[names, names]
    most = float(np.sqrt(grid.to_numpy().max()))
    rows: list[list[str | Cell]] = []
    for origin in names:
        cells = [_flow_cell(amounts, v, most, origin == d) for d, v in grid.loc[origin].items()]
        rows.append([_name(view, origin), *cells, amounts.show(float(grid.loc[origin].sum()))])
    sums = [amounts.show(float(grid[name].sum())) for name in names]
    rows.append(["Imports", *sums, amounts.show(float(grid.to_numpy().sum()))])
    caption = f"Derived flows in {view.last}, {amounts.unit}, base-year prices: rows sell, columns buy."
    return table(caption, ["", *(_name(view, name) for name in names), "Exports"], rows, totals=1)


def _name(view: View, region: str) -> str:
    return "Outside" if region == OUTSIDE else view.label(region)


def _flow_cell(amounts: Amounts, value: float, most: float, is_own: bool) -> Cell:
    if is_own:
        return Cell("")
    return Cell(amounts.show(value), float(np.sqrt(max(value, 0.0))) / most)


def _balance_chart(view: View) -> Figures:
    balance = view.account("trade balance").reindex(list(view.drawn))
    amounts = Amounts(view.economy.unit, balance[[view.base_year, view.last]].to_numpy().ravel())
    series = {
        str(year): (list(balance[year] / amounts.divisor), colour)
        for year, colour in ((view.base_year, "@line"), (view.last, "@accent"))
    }
    figure = bar_figure(bars(view.labels(view.drawn), series, ",.1f"), len(balance), "group", "~s")
    figure.layout["xaxis"]["tickformat"] = ","
    caption = f"Trade balance, {amounts.unit}: exports less imports, base-year prices."
    legend = [Key(name, colour) for name, (_, colour) in series.items()]
    return Figures(caption + view.drawn_note, [figure], legend)


def _net_table(view: View) -> Table:
    last = [
        view.by_region(found, "product") for found in (view.solution.exports, view.solution.imports)
    ]
    price = pd.Series({product.name: product.price for product in view.economy.products})
    net = ((last[0] - last[1]) * price).reindex(list(view.regions))
    amounts = Amounts(view.economy.unit, net.to_numpy().ravel())
    most = float(np.sqrt(net.abs().to_numpy().max())) or 1.0
    rows = [
        [view.label(product), *(_net_cell(amounts, float(v), most) for v in net[product])]
        for product in view.economy.product_names
    ]
    caption = f"Net exports in {view.last}, {amounts.unit}. Orange: sells; blue: buys."
    return table(caption, ["", *view.labels(view.regions)], rows)


def _net_cell(amounts: Amounts, value: float, most: float) -> Cell:
    return Cell(amounts.show(value), float(np.sign(value) * np.sqrt(abs(value))) / most)
