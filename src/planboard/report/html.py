"""A plan as one HTML file that opens anywhere without a network."""

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from planboard.economy import Economy
from planboard.horizon import HorizonEffect
from planboard.labels import positions
from planboard.report.blocks import Figure, Figures, Section
from planboard.report.building import investment
from planboard.report.colours import themes
from planboard.report.foot import assumptions, sources, verification
from planboard.report.hours import hours
from planboard.report.limits import binds, worth
from planboard.report.orders import orders
from planboard.report.outcome import outcome
from planboard.report.prices import prices, wages
from planboard.report.production import capacity, leaps, output
from planboard.report.summary import consumption, summary
from planboard.report.trade import trade
from planboard.report.view import View
from planboard.solution import Solution

# A new section is one function and one line here.
SECTIONS: tuple[Callable[[View], Section], ...] = (
    summary, consumption, output, capacity, prices, hours, wages, investment, trade, binds,
    worth, outcome, leaps, orders, assumptions, sources, verification,
)  # fmt: skip


def write_report(
    solution: Solution,
    path: str | Path,
    *,
    horizon: HorizonEffect | None = None,
    region: str | None = None,
) -> Path:
    """Write the report of a plan; see `render_report`."""
    file = Path(path)
    file.write_text(render_report(solution, horizon=horizon, region=region), encoding="utf-8")
    return file


def render_report(
    solution: Solution, *, horizon: HorizonEffect | None = None, region: str | None = None
) -> str:
    """The report of a plan as one HTML page, with its style, script and figures inside.

    Sections with nothing to show say so in a line.

    Parameters
    ----------
    solution
        What to report.
    horizon
        From `horizon_effect`: told at the front and among the assumptions.
    region
        Whose prices are split over the years; by default the largest region's.

    Raises
    ------
    UnknownNameError
        There is no such region.
    """
    if region is not None:
        positions("region", [region], solution.economy.region_names)
    view = View(solution, horizon, region)
    sections = [section(view) for section in SECTIONS]
    return render_page(solution.plan.name, "Planboard report", solution.economy, sections)


def render_page(title: str, kind: str, economy: Economy, sections: list[Section]) -> str:
    """Sections as one HTML page that needs nothing from outside."""
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415
    from plotly.offline import get_plotlyjs  # noqa: PLC0415

    figures = [{"data": f.traces, "layout": f.layout} for f in figures_of(sections)]
    loader = PackageLoader("planboard.report", "")
    pages = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template("report.html.j2").render(
        title=title,
        kind=kind,
        economy=economy,
        sections=sections,
        themes=themes(),
        data={"figures": script_json(figures), "themes": script_json(themes())},
        style=part("report.css"),
        script=part("report.js"),
        plotly=get_plotlyjs(),
    )


def figures_of(sections: list[Section]) -> list[Figure]:
    """Every figure of the report, in order."""
    return [
        figure
        for section in sections
        for block in section.blocks
        if isinstance(block, Figures)
        for figure in block.figures
    ]


def part(name: str) -> str:
    """A file that goes into the page as it is."""
    return (resources.files("planboard.report") / name).read_text(encoding="utf-8")


def script_json(value: object) -> str:
    """JSON that can stand inside a script element: no label can end it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text
