"""Figures as plain dicts for Plotly: lines, bars and heat maps with tokens for colours.

Plain dicts, not `plotly.graph_objects`: a report of forty figures is written in no time, and the
page that shows it fills in the colours of its theme.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planboard.report.blocks import Figure, Figures, Key, chart_label
from planboard.report.view import View

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
DASHES = ("solid", "dash", "dot", "dashdot")
CAUSES = {"hours": "@accent", "capital": "@third", "productivity": "@second"}
DIGITS = 5  # Significant digits in a figure: nobody sees more, and the page stays small.


def numbers(values: Any) -> list[float | None]:
    """Values to a few significant digits; what is missing stays missing."""
    flat = np.asarray(values, dtype=float).ravel()
    return [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in flat]


def region_lines(view: View, table: pd.DataFrame, form: str) -> list[dict[str, Any]]:
    """A line for every drawn region of a table region × year; `form` is a d3 number format."""
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [int(year) for year in table.columns],
            "y": numbers(table.loc[region]),
            "name": chart_label(view.label(region), 99),
            "line": {"color": view.colour(region), "width": 2, "dash": _dash(view, region)},
            "marker": {"color": view.colour(region), "size": 6, "symbol": _symbol(view, region)},
            "hovertemplate": f"%{{fullData.name}}<br>%{{x}}: %{{y:{form}}}<extra></extra>",
        }
        for region in view.drawn
        if region in table.index and table.loc[region].notna().any()
    ]


def _symbol(view: View, region: str) -> str:
    return SYMBOLS[view.drawn.index(region) % len(SYMBOLS)]


def _dash(view: View, region: str) -> str:
    return DASHES[view.drawn.index(region) // len(SYMBOLS) % len(DASHES)]


def region_key(view: View, regions: Sequence[str] | None = None) -> list[Key]:
    """The legend of the drawn regions."""
    chosen = view.drawn if regions is None else regions
    return [Key(view.label(region), view.colour(region)) for region in chosen]


def line(
    name: str, table: "pd.Series[float]", colour: str, *, is_dashed: bool = False
) -> dict[str, Any]:
    """One line over the years."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "marker": {"color": colour, "size": 4},
        "x": [int(year) for year in table.index],
        "y": numbers(table),
        "name": chart_label(name, 99),
        "line": {"color": colour, "width": 2, "dash": "dash" if is_dashed else "solid"},
        "hovertemplate": "%{fullData.name}<br>%{x}: %{y:.3~g}<extra></extra>",
    }


def stacked_years(view: View, table: pd.DataFrame, unit: str) -> list[dict[str, Any]]:
    """Columns over the years, a part for every drawn region and one for all others."""
    shown = f"%{{y:,.4~g}} {chart_label(unit, 99)}<extra></extra>"
    parts = {
        region: (view.label(region), view.colour(region), table.loc[region])
        for region in view.drawn
    }
    others = [region for region in table.index if region not in view.drawn]
    if others:
        parts["others"] = ("All others", "@base", table.loc[others].sum())
    return [
        {
            "type": "bar",
            "x": [str(year) for year in table.columns],
            "y": numbers(values),
            "name": chart_label(name, 99),
            "marker": {"color": colour},
            "hovertemplate": f"%{{fullData.name}}<br>%{{x}}: {shown}",
        }
        for name, colour, values in parts.values()
        if values.abs().max() > 0
    ]


def year_bars(
    years: Sequence[int],
    series: Mapping[str, tuple[Any, str]],
    unit: str,
    height: int,
    title: str = "",
) -> Figure:
    """Stacked columns over the years, a part for every series (values, colour)."""
    shown = f"%{{y:,.4~g}} {chart_label(unit, 99)}<extra></extra>"
    ticks = [str(year) for year in years]
    traces = [
        {
            "type": "bar",
            "x": ticks,
            "y": numbers(values),
            "name": chart_label(name, 99),
            "marker": {"color": colour},
            "hovertemplate": f"%{{fullData.name}}<br>%{{x}}: {shown}",
        }
        for name, (values, colour) in series.items()
    ]
    layout = {
        "barmode": "relative",
        "bargap": 0.15,
        "xaxis": {"type": "category", "tickvals": ticks, "showgrid": False},
        "yaxis": {"nticks": 4, "tickformat": ",~r"},
    }
    return Figure(traces, layout, height, title)


def bars(
    labels: Sequence[str],
    series: Mapping[str, tuple[Sequence[float], str]],
    form: str,
    width: int = 18,
) -> list[dict[str, Any]]:
    """Horizontal bars: a group for every label, a bar for every series (values, colour).

    Labels are broken into lines of about `width` letters.
    """
    names = [chart_label(label, width) for label in labels]
    return [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": numbers(values),
            "name": chart_label(name, 99),
            "marker": {"color": colour},
            "hovertemplate": f"%{{y}}<br>%{{fullData.name}}: %{{x:{form}}}<extra></extra>",
        }
        for name, (values, colour) in series.items()
    ]


def bar_figure(
    traces: list[dict[str, Any]], groups: int, mode: str, form: str, title: str = ""
) -> Figure:
    """A figure of horizontal bars, tall enough for its labels; the first label on top."""
    layout = {
        "barmode": mode,
        "bargap": 0.25,
        "xaxis": {"tickformat": form, "zeroline": True},
        "yaxis": {"autorange": "reversed", "automargin": True, "showgrid": False},
    }
    return Figure(traces, layout, max(140, 50 + 38 * groups), title)


def stacked_causes(labels: Sequence[str], parts: pd.DataFrame, caption: str) -> Figures:
    """Hours, capital and productivity behind a difference in output, with a mark for their sum.

    `parts` has a row for every label, and columns hours, capital, productivity and total.
    """
    series = {cause: (list(parts[cause]), colour) for cause, colour in CAUSES.items()}
    traces = bars(labels, series, "+.1%")
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": numbers(parts["total"]),
            "y": [chart_label(label) for label in labels],
            "name": "together",
            "marker": {"color": "@text", "size": 9, "symbol": "diamond"},
            "hovertemplate": "%{y}<br>together: %{x:+.1%}<extra></extra>",
        }
    )
    legend = [Key(cause, colour) for cause, colour in CAUSES.items()]
    figure = bar_figure(traces, len(labels), "relative", "+.0%")
    return Figures(caption, [figure], [*legend, Key("together", "@text")])


def line_figure(
    traces: list[dict[str, Any]], form: str, height: int = 380, title: str = "", **axis: Any
) -> Figure:
    """A figure of lines over the years; `axis` adds to the vertical axis."""
    years = sorted({year for trace in traces for year in trace["x"]})
    ends = [years[0] - 0.2, years[-1] + 0.2] if years else []
    layout = {
        "xaxis": {"tickvals": years, "tickformat": "d", "range": ends},
        "yaxis": {"tickformat": form, **axis},
    }
    return Figure(traces, layout, height, title)


def heat_figure(cells: Mapping[str, Sequence[Any]], levels: Any, hover: Any, title: str) -> Figure:
    """A heat map between −1 and 1: `cells` gives the labels of x and y."""
    trace = {
        "type": "heatmap",
        "x": [str(x) for x in cells["x"]],
        "y": [chart_label(str(y), 99) for y in cells["y"]],
        "z": [numbers(row) for row in levels],
        "text": hover,
        "hovertemplate": "%{text}<extra></extra>",
        "zmin": -1,
        "zmax": 1,
        "colorscale": "@scarcity",
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    layout = {
        "xaxis": {"type": "category", "showgrid": False, "tickvals": trace["x"]},
        "yaxis": {
            "type": "category",
            "autorange": "reversed",
            "automargin": True,
            "showgrid": False,
            "dtick": 1,
        },
    }
    return Figure([trace], layout, 44 + 15 * len(cells["y"]), title)
