"""Hours worked and hours idle, by region, year and kind."""

import numpy as np

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
from planboard.report.figures import year_bars
from planboard.report.view import IDLE, View
from planboard.report.words import NONE, Amounts, capital, percent
from planboard.solution.values import RegionPlan

COLOURS = ("@accent", "@second", "@third", "@region3", "@region4", "@region7")
FULL_TINT = 0.2  # The share idle that has the full shade.


def hours(view: View) -> Section:
    """Hours worked over the years by region, and the shares that stand idle."""
    name, title = "hours", "Hours"
    kinds = labour(view)
    if not kinds:
        return Section(name, title, [Text("This economy counts no hours.")])
    intro = (
        "Hours worked, in production and in building, and above them those that people offer and "
        "the plan has no use for."
    )
    return Section(name, title, [Text(intro), *_charts(view, kinds), *_tables(view, kinds)])


def labour(view: View) -> list[int]:
    """Positions of the factors that are hours."""
    return [k for k, factor in enumerate(view.economy.factors) if factor.role == "labour"]


def worked(view: View, plan: RegionPlan) -> Array:
    """Hours worked by kind, base year first, shape (kinds of hours, 1 + years)."""
    a, kinds = plan.outlook.accounts, labour(view)
    base = a.factor_use[kinds] @ a.level
    base = base + np.einsum("khj,hj->k", a.factor_use_building[kinds], a.building[0])
    return np.column_stack([base, plan.factor_use()[kinds][:, : len(view.years)]])


def offered(view: View, plan: RegionPlan) -> Array:
    """Hours offered by kind, base year first; infinite where nobody counts them."""
    o, kinds = plan.outlook, labour(view)
    return np.column_stack([o.accounts.endowment[kinds], o.endowment[kinds][:, : len(view.years)]])


def idle(view: View, plan: RegionPlan) -> Array:
    """Hours offered and not worked by kind, base year first; NaN where there is no end of them."""
    most = offered(view, plan)
    rest = np.where(np.isfinite(most), most, np.nan) - worked(view, plan)
    return np.where(rest <= IDLE * np.where(np.isfinite(most), most, 0.0), rest * 0.0, rest)


def _charts(view: View, kinds: list[int]) -> list[Block]:
    """A small picture for every drawn region, where all kinds are counted in one unit."""
    factors = [view.economy.factors[k] for k in kinds]
    if len({factor.unit for factor in factors}) > 1:
        return []
    plans = [plan for plan in view.solution.regions if plan.outlook.region in view.drawn]
    figures = [_figure(view, plan, kinds) for plan in plans]
    legend = [Key(f.label, COLOURS[n % len(COLOURS)]) for n, f in enumerate(factors)]
    caption = f"Hours by region, {view.base_year} and the plan. Each on its own scale."
    key = [*legend, Key("idle", "@base")]
    return [Figures(caption + view.drawn_note, figures, key, columns=min(4, len(figures)))]


def _figure(view: View, plan: RegionPlan, kinds: list[int]) -> Figure:
    used, left = worked(view, plan), np.nan_to_num(idle(view, plan)).sum(axis=0)
    factors = [view.economy.factors[k] for k in kinds]
    amounts = Amounts(factors[0].unit, used.sum(axis=0) + left)
    series = {
        factor.label: (used[n] / amounts.divisor, COLOURS[n % len(COLOURS)])
        for n, factor in enumerate(factors)
    }
    series["idle"] = (left / amounts.divisor, "@base")
    title = f"{view.label(plan.outlook.region)}, {amounts.unit}"
    return year_bars(view.all_years, series, amounts.unit, 165, title)


def _tables(view: View, kinds: list[int]) -> list[Table]:
    tables = [_change_table(view, kinds), _idle_table(view)]
    return tables if len(kinds) == 1 else [*tables, _kind_table(view, kinds)]


def _change_table(view: View, kinds: list[int]) -> Table:
    """Hours worked at either end, and what they changed by."""
    used = {plan.outlook.region: worked(view, plan) for plan in view.solution.regions}
    unit = view.economy.factors[kinds[0]].unit
    amounts = Amounts(unit, [float(v.sum(axis=0).max()) for v in used.values()])
    named = [(view.label(region), values.sum(axis=0)) for region, values in used.items()]
    if len(named) > 1:
        named.append((view.whole, sum((values for _, values in named), np.zeros(1))))
    rows: list[Row] = [
        [
            label,
            *map(amounts.show, (values[0], values[-1])),
            percent(values[-1] / values[0] - 1 if values[0] else np.nan, "+"),
        ]
        for label, values in named
    ]
    head = ["", str(view.base_year), str(view.last), "Change"]
    caption = capital(f"{amounts.unit} worked, of all kinds.")
    return table(caption, head, rows, totals=len(named) - len(used))


def _idle_table(view: View) -> Table:
    """The share of all hours that stands idle, by region and year."""
    rows: list[Row] = []
    for plan in view.solution.regions:
        left, most = idle(view, plan), offered(view, plan)
        counted = np.isfinite(most[:, -1]) & (most[:, -1] > 0)
        rows.append([view.label(plan.outlook.region), *_shares(left[counted], most[counted])])
    caption = "Share of the hours offered that stands idle. The stronger the shade, the more."
    return table(caption, ["", *map(str, view.years)], rows)


def _shares(left: Array, most: Array) -> list[Cell]:
    if not len(most):
        return [Cell(NONE)] * (left.shape[1] - 1)
    return [_share(float(share)) for share in (left.sum(axis=0) / most.sum(axis=0))[1:]]


def _share(share: float) -> Cell:
    return Cell(percent(share), -share / FULL_TINT if np.isfinite(share) else 0.0)


def _kind_table(view: View, kinds: list[int]) -> Table:
    """The share of each kind of hours that stands idle in the last year, by region."""
    rows: list[Row] = []
    for plan in view.solution.regions:
        left, most = idle(view, plan)[:, -1], offered(view, plan)[:, -1]
        known = np.isfinite(most) & (most > 0)
        shares = np.divide(left, most, out=np.full(len(most), np.nan), where=known)
        rows.append([view.label(plan.outlook.region), *(_share(float(s)) for s in shares)])
    heads = ["", *(view.economy.factors[k].label for k in kinds)]
    return table(f"Share that stands idle in {view.last}, by kind of hours.", heads, rows)
