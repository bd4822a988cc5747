"""Who sells to whom, and who owes."""

import numpy as np
import pandas as pd

from planboard.report.blocks import Block, Cell, Figures, Key, Row, Section, Table, Text, table
from planboard.report.external import external
from planboard.report.figures import bar_figure, bars
from planboard.report.flows import flow_figure, flow_grid, partner_name
from planboard.report.view import View, entry, path
from planboard.report.words import Amounts


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
    grid = flow_grid(view, flows[flows["year"] == view.last])
    blocks: list[Block] = [
        Text(words),
        flow_figure(view, grid),
        _flow_table(view, grid),
        _balance_chart(view),
        *external(view),
        _net_table(view),
    ]
    return Section(name, title, blocks)


def _flow_table(view: View, grid: pd.DataFrame) -> Table:
    amounts = Amounts(view.economy.unit, grid.sum(axis=1))
    most = float(np.sqrt(grid.to_numpy().max()))
    head = ["", *(partner_name(view, name) for name in grid.columns), "Exports"]
    rows: list[Row] = [
        [
            partner_name(view, origin),
            *(_flow_cell(amounts, entry(grid, origin, d), most, origin == d) for d in grid.columns),
            amounts.show(path(grid, origin).sum()),
        ]
        for origin in grid.index
    ]
    sums = [*grid.sum(), grid.to_numpy().sum()]
    rows.append(["Imports", *map(amounts.show, sums)])
    caption = (
        f"Derived flows in {view.last}, {amounts.unit}, base-year prices: rows sell to columns."
    )
    return table(caption, head, rows, totals=1)


def _flow_cell(amounts: Amounts, value: float, most: float, is_own: bool) -> Cell:
    if is_own:
        return Cell("")
    return Cell(amounts.show(value), float(np.sqrt(max(value, 0.0))) / most)


def _balance_chart(view: View) -> Figures:
    balance = view.account("trade balance").reindex(list(view.drawn))
    amounts = Amounts(view.economy.unit, balance[[view.base_year, view.last]].to_numpy().ravel())
    series = {
        str(year): (list(balance[year] / amounts.divisor), colour)
        for year, colour in ((view.base_year, "@base"), (view.last, "@accent"))
    }
    figure = bar_figure(bars(view.labels(view.drawn), series, ",.1f"), len(balance), "group", ",")
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
    rows: list[Row] = [
        [view.label(product), *(_net_cell(amounts, value, most) for value in net[product])]
        for product in view.economy.product_names
    ]
    caption = f"Net exports in {view.last}, {amounts.unit}. Orange: sells; blue: buys."
    return table(caption, ["", *view.labels(view.regions)], rows)


def _net_cell(amounts: Amounts, value: float, most: float) -> Cell:
    return Cell(amounts.show(value), float(np.sign(value) * np.sqrt(abs(value))) / most)
