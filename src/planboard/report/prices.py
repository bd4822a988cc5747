"""What things cost: scarcity prices with cost prices beside them, and wages."""

import numpy as np
import pandas as pd

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
from planboard.report.figures import line, line_figure, region_key, region_lines
from planboard.report.price_history import split_prices
from planboard.report.production import largest_products
from planboard.report.view import View, entry, path
from planboard.report.words import number, per_unit, significant
from planboard.solution.cost_prices import LABOUR
from planboard.solution.prices import has_numeraire

NOT_UNIQUE = (
    "Scarcity prices need not be unique: where a plan leaves no choice, several sets of prices fit "
    "it equally well. These are one of them, repeatable for this formulation, not “the” prices."
)
LEAST = 1e-9  # A price below it is none.
LEAST_WAGE = 1e-7  # Of the largest wage: a wage below it is the solver's rounding.
FULL_TINT = np.log(2.0)  # Twice the cost price, or half, has the full shade.


def prices(view: View) -> Section:
    """Scarcity prices by product over the years, and by region in the last year."""
    scarcity, cost = view.solution.prices, view.solution.cost_prices
    average = _average(view, scarcity)
    beside = _average(view, cost) if len(cost) else None
    figures = [_price_figure(view, product, average, beside) for product in largest_products(view)]
    legend = [Key("Scarcity price", "@second")]
    if beside is not None:
        legend.append(Key("Cost price", "@accent", is_dashed=True))
    who = "average of the regions, weighted by base-year output" if len(view.regions) > 1 else ""
    caption = f"Prices by product{', ' * bool(who)}{who}. Each on its own scale."
    charts = Figures(caption, figures, legend, columns=4)
    words: list[Block] = [
        Text(_meaning(view)),
        charts,
        _price_table(view),
        *split_prices(view),
        Text(NOT_UNIQUE, is_note=True),
    ]
    return Section("prices", "Prices", words)


def _meaning(view: View) -> str:
    unit = str(view.solution.prices["unit"].iloc[0])
    if has_numeraire(view.solution.compiled):
        scarcity = (
            "The scarcity price says what one more unit of a product is worth in the plan: 1.00 "
            "reads “as scarce as the household basket of that year”."
        )
    else:
        scarcity = (
            "The scarcity price says by how much one more unit of a product would improve the "
            f"objective ({unit}): {view.solution.objective_unit}."
        )
    if view.solution.cost_prices.empty:
        return f"{scarcity} Cost prices are not known: the accounts do not give value added."
    return (
        f"{scarcity} The cost price says what it takes to make at base-year wages, charges on "
        f"capital and taxes: 1.00 in {view.base_year}, always unique."
    )


def _average(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Product × year, weighted by the base-year output of each region."""
    made = view.base_output.rename_axis(index="region").reset_index()
    weight = made.melt("region", var_name="product", value_name="weight")
    joined = table.merge(weight, on=["region", "product"])
    joined["value"] *= joined["weight"]
    sums = joined.groupby(["product", "year"])[["value", "weight"]].sum()
    average = sums["value"] / sums["weight"].where(sums["weight"] > 0)
    return (
        average.rename("value").reset_index().pivot(index="product", columns="year", values="value")
    )


def _price_figure(
    view: View, product: str, average: pd.DataFrame, beside: pd.DataFrame | None
) -> Figure:
    traces = [line("Scarcity price", path(average, product), "@second")]
    if beside is not None:
        traces.append(line("Cost price", path(beside, product), "@accent", is_dashed=True))
    return line_figure(traces, ".2~f", 150, view.label(product), rangemode="tozero", nticks=4)


def _price_table(view: View) -> Table:
    scarcity = view.by_region(view.solution.prices, "product")
    cost = view.solution.cost_prices
    beside = view.by_region(cost, "product") if len(cost) else None
    rows: list[Row] = [
        [view.label(product), *(_price_cell(scarcity, beside, r, product) for r in view.regions)]
        for product in view.economy.product_names
    ]
    caption = f"Scarcity price in {view.last}"
    if beside is not None:
        caption += ", and below it the cost price. Orange: scarcer than it costs; blue: less scarce"
    return table(f"{caption}.", ["", *view.labels(view.regions)], rows)


def _price_cell(
    scarcity: pd.DataFrame, beside: pd.DataFrame | None, region: str, product: str
) -> Cell:
    price = entry(scarcity, region, product)
    if beside is None:
        return Cell(significant(price))
    cost = entry(beside, region, product)
    tint = float(np.log(max(price, LEAST) / cost)) / FULL_TINT if cost > 0 else 0.0
    return Cell(number(price), tint, below=number(cost))


def wages(view: View) -> Section:
    """Wages of hours, and what other factors earn."""
    name, title = "wages", "Wages"
    if not view.economy.factors:
        return Section(name, title, [Text("This economy counts no hours and no other factor.")])
    figures = [_wage_figure(view, factor.name, factor.label) for factor in view.economy.factors]
    intro = (
        "What one more hour (or unit of another factor) would be worth in the plan; zero where "
        "some of it is idle. A wage of zero says that the plan has more of these hours than it can "
        "use, not that nobody is paid."
    )
    caption = f"By kind, over the years.{view.drawn_note}"
    charts = Figures(caption, figures, region_key(view), columns=min(3, len(figures)))
    return Section(name, title, [Text(intro), charts, _wage_table(view)])


def wage_unit(view: View, factor: str) -> str:
    """The unit of a wage, as people read it."""
    found = view.solution.wages
    return per_unit(str(found.loc[found["factor"] == factor, "unit"].iloc[0]))


def _wage_figure(view: View, factor: str, label: str) -> Figure:
    found = known_wages(view)
    paths = found[found["factor"] == factor].pivot(index="region", columns="year", values="value")
    traces = region_lines(view, paths, ".3~g")
    title = f"{label}, {wage_unit(view, factor)}"
    return line_figure(traces, "~g", 240, title, rangemode="tozero")


def known_wages(view: View) -> pd.DataFrame:
    """Wages, with zero for what is a solver's rounding."""
    found = view.solution.wages
    least = LEAST_WAGE * found["value"].abs().max()
    return found.assign(value=found["value"].where(found["value"].abs() > least, 0.0))


def _wage_table(view: View) -> Table:
    last = view.by_region(known_wages(view), "factor").reindex(list(view.regions))
    factors = view.economy.factors
    paid = _base_wages(view)
    units = {wage_unit(view, factor.name) for factor in factors}
    each = len(units) > 1
    head = ["", *(f.label + f", {wage_unit(view, f.name)}" * each for f in factors)]
    if paid:
        head.append(f"Income per hour in {view.base_year}")
    rows = []
    for region in view.regions:
        shown = [significant(entry(last, region, factor.name)) for factor in factors]
        rows.append([view.label(region), *shown])
        if paid:
            rows[-1].append(significant(paid[region]))
    caption = f"Wages in {view.last}{'' if each else f', {min(units)}'}."
    if paid:
        caption += f" Beside them: income of labour over all hours in {view.base_year}."
    return table(caption, head, rows)


def _base_wages(view: View) -> dict[str, float]:
    """Income of labour over hours in the base year, where both are known."""
    found = {}
    for plan in view.solution.regions:
        a = plan.outlook.accounts
        labour = [k for k, factor in enumerate(view.economy.factors) if factor.role == "labour"]
        hours = float((a.factor_use[labour] @ a.level).sum())
        if LABOUR not in a.value_added or hours <= 0:
            return {}
        found[plan.outlook.region] = float(a.value_added[LABOUR] @ a.level) / hours
    return found
