"""Investment: how much is built, from what, for whom, and how capacity grows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.compare.accounting import base_capital_at_cost, capital_at_cost
from planboard.economy import Array
from planboard.report.blocks import (
    Block,
    Cell,
    Figure,
    Figures,
    Key,
    Row,
    Section,
    Table,
    Text,
    table,
)
from planboard.report.figures import (
    bar_figure,
    bars,
    line_figure,
    region_key,
    region_lines,
    year_bars,
)
from planboard.report.view import View
from planboard.report.words import Amounts, capital, percent
from planboard.solution.values import RegionPlan

MOST = 16  # Industries and products drawn: the largest.
FULL_TINT = 0.1  # Growth a year that has the full shade.
KIND_COLOURS = ("@accent", "@second", "@third", "@region3", "@region4", "@region7")


def investment(view: View) -> Section:
    """How much is built, its share of the product, what it takes, and what it adds."""
    name, title = "investment", "Investment"
    invested = view.investment.dropna(how="all")
    if invested.empty or not (invested.to_numpy() != 0).any():
        return Section(name, title, [Text("Nothing is built in this plan."), *_growth(view)])
    product = view.account("GDP by production").reindex(invested.index)
    rate = (invested / product).where(product > 0)
    figure = line_figure(region_lines(view, rate, ".1%"), ".0%", rangemode="tozero")
    caption = f"Investment as a share of GDP, base-year prices.{view.drawn_note}"
    chart = Figures(caption, [figure], region_key(view))
    blocks = [chart, _investment_table(view, invested, rate), *_uses(view), *_growth(view)]
    return Section(name, title, blocks)


def _investment_table(view: View, invested: pd.DataFrame, rate: pd.DataFrame) -> Table:
    amounts = Amounts(view.economy.unit, invested.to_numpy().ravel())
    rows = [(view.label(r), invested.loc[r], rate.loc[r]) for r in invested.index]
    if len(invested) > 1:
        total = invested.sum()
        rows.append((view.whole, total, total / view.account("GDP by production").sum()))
    cells = [
        [
            name,
            *(amounts.show(amount[year]) for year in view.all_years),
            percent(share[view.base_year]),
            percent(share[view.last]),
        ]
        for name, amount, share in rows
    ]
    ends = [f"Rate {view.base_year}", f"Rate {view.last}"]
    head = ["", *map(str, view.all_years), *ends]
    caption = f"Investment in {amounts.unit}, base-year prices, and its share of GDP."
    return table(capital(caption), head, cells, totals=len(rows) - len(invested))


# What is built takes products, and is for an industry (or a kind of capital). ---------------------


def _uses(view: View) -> list[Block]:
    """What building takes and whom it is for, base year and last year; and kinds, if several."""
    if not view.plan.building.allowed:
        return []
    first, last = base_investment(view), last_investment(view)
    sides = {
        "What it takes": (list(view.economy.product_names), first.sum(axis=1), last.sum(axis=1)),
        "Whom it is for": (list(view.economy.activity_names), first.sum(axis=0), last.sum(axis=0)),
    }
    amounts = Amounts(view.economy.unit, np.concatenate([last.sum(axis=0), last.sum(axis=1)]))
    figures = [
        _side(view, title, codes, (then / amounts.divisor, now / amounts.divisor))
        for title, (codes, then, now) in sides.items()
    ]
    whom = "all regions together" if len(view.regions) > 1 else view.label(view.regions[0])
    caption = f"Investment by product and by industry, {whom}, {amounts.unit}, base-year prices."
    legend = [Key(str(view.base_year), "@base"), Key(str(view.last), "@accent")]
    charts = Figures(caption, figures, legend, columns=2)
    return [charts, *_kinds(view)]


def _side(view: View, title: str, codes: list[str], ends: tuple[Array, Array]) -> Figure:
    """Bars for the largest of these codes in the base year and the last."""
    first, last = ends
    size = np.maximum(first, last)
    order = [k for k in np.argsort(-size, kind="stable")[:MOST] if size[k] > 0]
    series = {
        str(view.base_year): ([float(first[k]) for k in order], "@base"),
        str(view.last): ([float(last[k]) for k in order], "@accent"),
    }
    labels = view.labels([codes[k] for k in order])
    return bar_figure(bars(labels, series, ",.4~g", 27), len(order), "group", ",~r", title)


def last_investment(view: View) -> Array:
    """Investment of the last year, all regions: (products, activities), base-year prices."""
    t, names = len(view.years) - 1, view.economy.activity_names
    found = np.zeros((len(view.economy.products), len(names)))
    for plan in view.solution.regions:
        places = [names.index(activity) for activity in plan.outlook.activities]
        found[:, places] += plan.investment()[..., t] * plan.outlook.price[:, None]
    return found


def base_investment(view: View) -> Array:
    """What the base year ordered, all regions: (products, activities), base-year prices."""
    names = view.economy.activity_names
    found = np.zeros((len(view.economy.products), len(names)))
    for o in view.outlooks:
        places = [names.index(activity) for activity in o.activities]
        required = o.accounts.capital_required.toarray().reshape(len(o.price), *o.is_limited.shape)
        used = np.einsum("ihj,hj->ij", required, o.accounts.building[0])
        found[:, places] += used * o.price[:, None]
    return found


def _kinds(view: View) -> list[Block]:
    """Investment by kind of capital over the years, where there are several kinds."""
    kinds = view.economy.kinds
    if len(kinds) < 2:
        return []
    spent = np.sum([_spent_on_kinds(plan) for plan in view.solution.regions], axis=0)
    spent = spent[:, : len(view.years)]
    amounts = Amounts(view.economy.unit, [float(spent.sum(axis=0).max())])
    colours = [KIND_COLOURS[h % len(KIND_COLOURS)] for h in range(len(kinds))]
    series = {
        view.label(kind): (spent[h] / amounts.divisor, colours[h]) for h, kind in enumerate(kinds)
    }
    legend = [Key(view.label(kind), colour) for kind, colour in zip(kinds, colours, strict=True)]
    caption = f"Investment by kind of capital, {amounts.unit}, base-year prices."
    figure = year_bars(view.years, series, amounts.unit, 260)
    return [Figures(caption, [figure], legend)]


def _spent_on_kinds(plan: RegionPlan) -> Array:
    """What building costs by kind of capital, conversion apart, shape (H, T)."""
    o = plan.outlook
    return np.asarray(np.einsum("ihjt,hjt,i->ht", o.capital_required, plan.building, o.price))


# How capacity grows. ------------------------------------------------------------------------------


def _growth(view: View) -> list[Block]:
    """Growth of capacity a year by industry and region, and by kind where there are several."""
    grown = {
        plan.outlook.region: (base_capital_at_cost(plan.outlook), _last_capital(view, plan))
        for plan in view.solution.regions
    }
    if not any(base.any() for base, _ in grown.values()):
        return []
    return [_growth_table(view, grown), *_kind_table(view)]


def _last_capital(view: View, plan: RegionPlan) -> Array:
    return capital_at_cost(plan)[:, len(view.years) - 1]


def _growth_table(view: View, grown: dict[str, tuple[Array, Array]]) -> Table:
    rates: dict[tuple[str, str], float] = {}
    for o in view.outlooks:
        first, last = grown[o.region]
        for j, activity in enumerate(o.activities):
            rates[activity, o.region] = _a_year(view, float(first[j]), float(last[j]))
    rows: list[Row] = [
        [view.label(a), *(_rate_cell(rates.get((a, r), np.nan)) for r in view.regions)]
        for a in view.economy.activity_names
    ]
    sums = [grown[r] for r in view.regions]
    total = [_a_year(view, float(first.sum()), float(last.sum())) for first, last in sums]
    rows.append(["All industries", *map(_rate_cell, total)])
    caption = (
        f"Growth of capacity a year, {view.base_year} to {view.last}. Orange: grows; blue: shrinks."
    )
    if len(view.economy.kinds) > 1:
        caption += " Kinds of capital are added up at what they cost in the base year."
    return table(caption, ["", *view.labels(view.regions)], rows, totals=1)


def _a_year(view: View, first: float, last: float) -> float:
    if first <= 0 or last < 0:
        return float("nan")
    return float((last / first) ** (1 / (view.last - view.base_year)) - 1)


def _rate_cell(rate: float) -> Cell:
    return Cell(percent(rate, "+"), rate / FULL_TINT if np.isfinite(rate) else 0.0)


def _kind_table(view: View) -> list[Block]:
    """Growth of each kind of capital by region, where there are several."""
    kinds: Sequence[str] = view.economy.kinds
    if len(kinds) < 2:
        return []
    t = len(view.years) - 1
    rows: list[Row] = []
    for plan in view.solution.regions:
        o = plan.outlook
        then = np.where(o.is_limited, o.accounts.capacity, 0.0).sum(axis=1)
        now = np.where(o.is_limited, plan.capacity[..., t], 0.0).sum(axis=1)
        cells = [_rate_cell(_a_year(view, float(then[h]), float(now[h])))
                 for h in range(len(kinds))]  # fmt: skip
        rows.append([view.label(o.region), *cells])
    caption = f"Growth of capacity a year by kind of capital, {view.base_year} to {view.last}."
    return [table(caption, ["", *view.labels(kinds)], rows)]
