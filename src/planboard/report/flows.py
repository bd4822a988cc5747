"""Trade between regions as one picture: who sells how much to whom."""

import numpy as np
import pandas as pd

from planboard.economy import OUTSIDE, Array
from planboard.report.blocks import Figure, Figures, chart_label
from planboard.report.colours import soft_colour
from planboard.report.figures import numbers
from planboard.report.view import View, path
from planboard.report.words import Amounts

OTHERS = "all others"  # Stands for the regions that have no colour of their own.
LEAST = 1e-6  # Of the largest flow: trade with the outside below it is rounding.
THINNEST = 1e-4  # Of all flows: thinner ones are not drawn.
GAP = 0.25  # Of the height: the space between the nodes of one side, all together.


def flow_grid(view: View, flows: pd.DataFrame) -> pd.DataFrame:
    """Flows of all products together at base-year prices, origin × destination.

    The outside is left out where nothing worth showing goes there or comes from it.
    """
    price = {product.name: product.price for product in view.economy.products}
    worth = flows.assign(value=flows["value"] * flows["product"].map(price))
    grid = worth.pivot_table(
        index="origin", columns="destination", values="value", aggfunc="sum", fill_value=0.0
    )
    names = [*view.regions, OUTSIDE]
    grid = grid.reindex(index=names, columns=names, fill_value=0.0)
    largest = float(grid.to_numpy().max())
    abroad = path(grid, OUTSIDE).sum() + grid[OUTSIDE].sum()
    kept = names if abroad > LEAST * largest else names[:-1]
    return grid.loc[kept, kept]


def partner_name(view: View, code: object) -> str:
    """The full name of a region, of the outside, or of all others."""
    named = {OUTSIDE: "Outside", OTHERS: "All others"}
    return named.get(str(code), view.label(code))


def flow_figure(view: View, grid: pd.DataFrame) -> Figures:
    """A Sankey diagram: exporters on the left, importers on the right, as wide as they trade."""
    shown = merged(view, grid)
    amounts = Amounts(view.economy.unit, [float(shown.to_numpy().sum())])
    nodes = [str(code) for code in shown.index]
    height = 120 + 34 * len(nodes)
    layout = {"font": {"size": 11}}
    figure = Figure([_trace(view, shown, nodes, amounts)], layout, height)
    caption = (
        f"Derived flows in {view.last}, {amounts.unit}, base-year prices: from sellers on the left "
        "to buyers on the right, in the colour of the seller."
    )
    if len(view.drawn) < len(view.regions):
        caption += f" The {len(view.drawn)} largest regions by themselves, all others together."
    return Figures(caption, [figure])


def merged(view: View, grid: pd.DataFrame) -> pd.DataFrame:
    """The grid with every region that has no colour of its own put among all others."""
    is_own = [code in view.drawn or code == OUTSIDE for code in grid.index]
    own = pd.Index(np.where(is_own, grid.index, OTHERS))
    sums = grid.groupby(own).sum().T.groupby(own).sum().T
    order = [code for code in (*view.drawn, OTHERS, OUTSIDE) if code in sums.index]
    return sums.reindex(index=order, columns=order)


def _trace(view: View, grid: pd.DataFrame, nodes: list[str], amounts: Amounts) -> dict[str, object]:
    flows = grid.to_numpy() / amounts.divisor
    source, target = np.nonzero(flows > THINNEST * flows.sum())
    names = [chart_label(partner_name(view, code), 99) for code in nodes]
    unit = chart_label(amounts.unit, 99)
    return {
        "type": "sankey",
        "arrangement": "fixed",
        "node": {
            "label": [*names, *names],
            "color": [_colour(view, code) for code in nodes] * 2,
            "x": [0.001] * len(nodes) + [0.999] * len(nodes),
            "y": [*_centres(flows.sum(axis=1)), *_centres(flows.sum(axis=0))],
            "pad": 6,
            "thickness": 12,
            "line": {"width": 0},
            "hovertemplate": f"%{{label}}<br>%{{value:,.4~g}} {unit}<extra></extra>",
        },
        "link": {
            "source": [int(s) for s in source],
            "target": [int(t) + len(nodes) for t in target],
            "value": numbers(flows[source, target]),
            "color": [soft_colour(_colour(view, nodes[s])) for s in source],
            "hovertemplate": "%{source.label} to %{target.label}<br>"
            f"%{{value:,.4~g}} {unit}, derived<extra></extra>",
        },
    }


def _colour(view: View, code: str) -> str:
    return view.colour(code) if code in view.drawn else "@base"


def _centres(sizes: Array) -> list[float]:
    """Where the nodes of one side stand, from 0 (top) to 1, in their own order with equal gaps."""
    share = sizes / sizes.sum() * (1 - GAP)
    gap = GAP / max(len(sizes) - 1, 1)
    top = np.cumsum(share + gap) - share - gap
    return [float(centre) for centre in np.round(np.clip(top + share / 2, 1e-3, 1 - 1e-3), 4)]
