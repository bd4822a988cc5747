"""The terminal's view of a plan: a compact summary, bottlenecks, and the split of a price."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from planboard.compare import since_base
from planboard.economy import Economy
from planboard.explain import Bottleneck, explain_asked, explain_orders, explain_result
from planboard.solution import Solution

SHOWN = 5  # Bottlenecks in the summary.


def print_summary(solution: Solution, console: Console) -> None:
    """What a plan comes to, region by region, and what holds it back."""
    plan, economy = solution.plan, solution.economy
    console.print(f"\n[bold]{escape(plan.name)}[/] [dim]{escape(economy.title)}[/]")
    console.print(_regions(solution))
    print_explanation(solution, console, most=SHOWN)
    rows, columns = solution.compiled.program.shape
    console.print(
        f"[dim]objective {solution.objective_in_units:,.6g} ({solution.objective_unit}); "
        f"{rows:,} rows, {columns:,} columns; {solution.point.solver}; "
        f"verified: worst residual {solution.verdict.worst:.0e}[/]"
    )


def print_explanation(solution: Solution, console: Console, *, most: int) -> None:
    """What is scarce, what orders cost, and what is asked at a price, worst first."""
    told = explain_result(solution, most=most)
    console.print("[bold]What holds the plan back[/] [dim](worst first)[/]")
    print_bottlenecks(told, console)
    if not told:
        console.print("  Nothing: no capacity, factor, band or order has a price.")
    orders = [order for order in explain_orders(solution, most=most) if order not in told]
    if orders:
        console.print("[bold]What orders cost[/] [dim](dearest first)[/]")
        print_bottlenecks(orders, console)
    asked = explain_asked(solution, most=max(most // 2, 1))
    if asked:
        console.print("[bold]What is asked at least, and costs most[/]")
        print_bottlenecks(asked, console)


def print_bottlenecks(told: Sequence[Bottleneck], console: Console) -> None:
    """Bottlenecks as numbered sentences."""
    for number, bottleneck in enumerate(told, start=1):
        console.print(f"{number:3}. {escape(bottleneck.sentence)}", highlight=False)


def _regions(solution: Solution) -> Table:
    """One line for each region: consumption, GDP since the base year, investment, hours idle."""
    first, last = solution.plan.years[0], solution.plan.years[-1]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("region")
    heads = (f"households {first}", f"{last}", "GDP/year", "investment", "idle hours")
    for head in heads:
        table.add_column(head, justify="right")
    index = consumption_index(solution)
    growth = yearly_growth(solution)
    accounts = solution.accounts.set_index(["region", "account", "year"])["value"]
    for region in solution.economy.region_names:
        mine = accounts[region].unstack("year")
        table.add_row(
            escape(solution.economy.label(region)),
            *(_number(index.get((region, year), np.nan), "{:.2f}") for year in (first, last)),
            _number(growth.get(region, np.nan), "{:+.1%}"),
            _number(float(mine.loc["investment rate"].mean()), "{:.0%}"),
            _number(_idle_share(mine), "{:.1%}"),
        )
    return table


def yearly_growth(solution: Solution) -> "pd.Series[float]":
    """Mean yearly growth of GDP at base-year prices, base year to last year, by region."""
    accounts = since_base(solution)
    gdp = accounts[accounts["account"] == "GDP by production"]
    wide = gdp.pivot_table(index="region", columns="year", values="value", sort=False)
    first, last = solution.economy.base_year, solution.plan.years[-1]
    ratio = (wide[last] / wide[first]).where((wide[first] > 0) & (wide[last] > 0))
    return ratio ** (1 / (last - first)) - 1


def consumption_index(solution: Solution) -> dict[tuple[str, int], float]:
    """Household consumption over the base year's, by region and year."""
    economy = solution.economy
    households = economy.with_role("households")
    names = [economy.categories[c].name for c in households]
    price = np.array([product.price for product in economy.products])
    used = solution.consumption
    used = used[used["category"].isin(names)]
    base = {a.region: float((price @ a.final_use[:, households]).sum()) for a in economy.regions}
    index: dict[tuple[str, int], float] = {}
    for region, year, value in zip(used["region"], used["year"], used["value"], strict=True):
        if base[region] > 0:
            index[region, year] = index.get((region, year), 0.0) + value / base[region]
    return index


def _idle_share(accounts: pd.DataFrame) -> float:
    if "idle hours" not in accounts.index:
        return np.nan
    idle, worked = (float(accounts.loc[k].to_numpy().sum()) for k in ("idle hours", "hours"))
    return float(idle / (idle + worked)) if idle + worked else np.nan


def print_price(parts: pd.DataFrame, economy: Economy, console: Console) -> None:
    """The split of a price, one table for each source."""
    for (region, source), rows in parts.groupby(["region", "source"], sort=False):
        year, product = rows["year"].iloc[0], str(rows["product"].iloc[0])
        unit = rows["unit"].iloc[0]
        console.print(
            f"\n[bold]{escape(economy.label(product))}[/], {escape(economy.label(str(region)))}, "
            f"{year}: {escape(source_label(economy, str(source)))}"
        )
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
        table.add_column("part", footer="price")
        table.add_column("of")
        table.add_column("value", justify="right", footer=f"{rows['value'].sum():.4f}")
        for _, row in rows.sort_values("value", key=abs, ascending=False).iterrows():
            if abs(row["value"]) >= 5e-5:
                name = escape(economy.label(str(row["name"])))
                table.add_row(str(row["part"]), name, f"{row['value']:.4f}")
        console.print(table)
        console.print(f"[dim]{escape(str(unit))}; parts below 0.00005 are left out[/]")


def print_between(first: pd.DataFrame, second: pd.DataFrame, console: Console) -> None:
    """Why a price differs between two regions, part by part, from the first source of each."""
    names = [str(parts["region"].iloc[0]) for parts in (first, second)]
    sides = []
    for parts in (first, second):
        source = parts["source"].iloc[0]
        sides.append(parts[parts["source"] == source].groupby(["part", "name"])["value"].sum())
    both = pd.concat(sides, axis=1, keys=names).fillna(0.0)
    both["difference"] = both[names[0]] - both[names[1]]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.add_column("part", footer="price")
    table.add_column("of")
    for name in (*names, "difference"):
        table.add_column(escape(name), justify="right", footer=f"{both[name].sum():.4f}")
    both = both.sort_values("difference", key=abs, ascending=False)
    for (part, name), row in zip(both.index, both.to_numpy(), strict=True):
        if np.abs(row).max() >= 5e-5:
            table.add_row(str(part), escape(str(name)), *(f"{value:.4f}" for value in row))
    console.print(table)


def print_cost(parts: pd.DataFrame, economy: Economy, console: Console) -> None:
    """The split of a cost price."""
    if parts.empty:
        return
    console.print("\n[bold]Cost price[/]: what it takes to make, at base-year wages and charges")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.add_column("part", footer="cost price")
    table.add_column("of")
    table.add_column("value", justify="right", footer=f"{parts['value'].sum():.4f}")
    for _, row in parts.sort_values("value", key=abs, ascending=False).iterrows():
        part, name = str(row["part"]), str(row["name"])
        name = economy.label(name) if part == "input" else name.replace("_", " ")
        table.add_row(part, escape(name), f"{row['value']:.4f}")
    console.print(table)


def source_label(economy: Economy, source: str) -> str:
    """A source with the full name of its activity."""
    kind, _, name = source.partition(" ")
    return f"made by {economy.label(name)}" if kind == "activity" else source


def _number(value: float, form: str) -> str:
    return "–" if np.isnan(value) else form.format(value)
