"""The terminal's view of a table's own answers: multipliers, linkages, footprints, extraction."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from planboard.leontief import VALUE_ADDED
from planboard.report.words import Amounts, counted, number, percent

SHOWN_FACTORS = 5  # With a table each; all are in what `--out` writes.
WHOLE = 5e-4  # A share of one nearer to it than this is shown as 1.000.
ALL = "all together"
COLUMNS = ["production", "consumption", "net_imports", "imported", "exported", "direct"]
MEANING = (
    "production: used in the region; consumption: used anywhere for its final use; imported: used "
    "abroad for its final use; exported: used in it for final use abroad"
)

Labels = Mapping[str, str]


def print_multipliers(
    answers: Mapping[str, pd.DataFrame], console: Console, *, top: int = 10
) -> None:
    """Print what `planboard.leontief.table_answers` says of a table, `top` lines of each kind."""
    about = answers["about"]
    labels = dict(zip(answers["labels"]["code"], answers["labels"]["label"], strict=True))
    _print_head(about, console)
    _print_output(answers["multipliers"], answers["linkages"], labels, console, top)
    _print_linkages(answers["linkages"], labels, console, top)
    _print_footprints(answers["footprints"], labels, console, top)
    _print_extraction(answers["extraction"], labels, console, top)
    if len(answers["trade_in_value_added"]) > 1:
        _print_trade(answers["trade_in_value_added"], labels, console, top)
    for text in about.loc[about["topic"] == "note", "text"]:
        console.print(f"[dim]• {escape(text)}[/]", highlight=False)


def _print_head(about: pd.DataFrame, console: Console) -> None:
    said = dict(zip(about["topic"], about["text"], strict=True))
    console.print(f"\n[bold]{escape(said['title'])}[/]", highlight=False)
    console.print(
        f"{escape(said['size'])}; {said['year']}, {escape(said['unit'])}", highlight=False
    )
    console.print(f"[dim]{escape(said['source'])}[/]", highlight=False)
    for text in about.loc[about["topic"] == "step", "text"].tail(1):
        console.print(f"[dim]Last step: {escape(text)}[/]", highlight=False)


def _print_output(
    multipliers: pd.DataFrame, linkages: pd.DataFrame, labels: Labels, console: Console, top: int
) -> None:
    """Sectors with the largest output multipliers, and how large they are."""
    wide = multipliers.pivot(index=["region", "sector"], columns="multiplier", values="value")
    output = linkages.set_index(["region", "sector"])["output"]
    several = linkages["region"].nunique() > 1
    names = {"total": "output: total"}
    if several:
        names |= {"at home": "output: within region", "elsewhere": "output: spillover"}
    added = wide.get(f"{VALUE_ADDED}: total")
    if added is not None and (added - 1.0).abs().max() > WHOLE:
        names |= {VALUE_ADDED: f"{VALUE_ADDED}: total"}  # Elsewhere a unit holds one of it.
    _title(console, "Output multipliers", "output of all sectors for one unit of final demand")
    grid = _grid("sector", [*names, "of all output"])
    for label in wide["output: total"].nlargest(top).index:
        cells = [number(float(wide.loc[label, name]), 3) for name in names.values()]
        grid.add_row(_sector(label, labels), *cells, percent(output[label] / output.sum()))
    console.print(grid)


def _print_linkages(linkages: pd.DataFrame, labels: Labels, console: Console, top: int) -> None:
    """How many sectors are of each kind, and the largest key sectors."""
    kinds = linkages["kind"].value_counts()
    _title(console, "Linkages", "total, over their mean: above 1 is more than the average sector")
    grid = _grid("", ["is drawn on more", "is drawn on less"])
    for name, of_row in (
        ("draws more on others", ("key", "backward")),
        ("draws less on others", ("forward", "weak")),
    ):
        grid.add_row(name, *(f"{kind} {kinds.get(kind, 0):,}" for kind in of_row))
    console.print(grid)
    key = linkages[linkages["kind"] == "key"].nlargest(top, "output")
    if key.empty:
        return
    share = linkages["output"].sum()
    grid = _grid("largest key sectors", ["backward", "forward", "of all output"])
    for row in key.to_dict("records"):
        cells = [number(row[name]) for name in ("power_of_dispersion", "forward_total_normalised")]
        label = (row["region"], row["sector"])
        grid.add_row(_sector(label, labels), *cells, percent(row["output"] / share))
    console.print(grid)


def _print_footprints(footprints: pd.DataFrame, labels: Labels, console: Console, top: int) -> None:
    """Production and consumption of each factor by region."""
    factors = list(dict.fromkeys(footprints["factor"]))
    for factor in factors[:SHOWN_FACTORS]:
        rows = footprints[footprints["factor"] == factor].set_index("region")
        told = {"net_imports": rows["net_imports"].notna(), "direct": rows["direct"].fillna(0.0)}
        columns = [name for name in COLUMNS if name not in told or told[name].any()]
        amounts = Amounts(str(rows["unit"].iloc[0]), rows[columns].to_numpy().ravel())
        leaks = "" if told["net_imports"].any() else "; without what is made outside"
        _title(console, f"Footprint: {_named(factor, labels)}", amounts.unit + leaks)
        grid = _grid("region", [name.replace("_", " ") for name in columns])
        _add_regions(grid, rows[columns], labels, amounts, top)
        console.print(grid)
    console.print(f"[dim]{MEANING}[/]", highlight=False)
    if len(factors) > SHOWN_FACTORS:
        more = counted(len(factors) - SHOWN_FACTORS, "more factor")
        console.print(f"  … and {more}: name one with --factor, or write all with --out.")


def _add_regions(
    grid: Table, rows: pd.DataFrame, labels: Labels, amounts: Amounts, top: int
) -> None:
    """Regions in the table's order, only the largest where there are many, and their sum."""
    largest = rows["consumption"].abs().nlargest(top).index
    rest = rows[~rows.index.isin(largest)]
    for region, row in rows[rows.index.isin(largest)].iterrows():
        grid.add_row(_named(str(region), labels), *_amounts(row, amounts))
    if len(rest):
        grid.add_row(counted(len(rest), "other"), *_amounts(rest.sum(min_count=1), amounts))
    if len(rows) > 1:
        grid.add_row(ALL, *_amounts(rows.sum(min_count=1), amounts))


def _print_extraction(extraction: pd.DataFrame, labels: Labels, console: Console, top: int) -> None:
    """What would not be made without each of the largest sectors."""
    rows = extraction.head(top)
    amounts = Amounts(str(rows["unit"].iloc[0]), rows["complete"])
    _title(console, "Extraction", f"fall in gross output without the sector, {amounts.unit}")
    grid = _grid("sector", ["its output", "all output", "others", "others, if it sold no inputs"])
    for row in rows.to_dict("records"):
        cells = [row[name] for name in ("output", "complete", "complete_others", "forward_others")]
        label = _sector((row["region"], row["sector"]), labels)
        grid.add_row(label, *(amounts.show(float(cell)) for cell in cells))
    console.print(grid)


def _print_trade(trade: pd.DataFrame, labels: Labels, console: Console, top: int) -> None:
    """Gross trade beside trade in value added."""
    money = ["exports", "imports", "absorbed_abroad", "absorbed_from_abroad"]
    rows = trade.set_index("region")
    amounts = Amounts(str(rows["unit"].iloc[0]), rows[money].to_numpy().ravel())
    _title(console, "Trade in value added", amounts.unit)
    grid = _grid(
        "region",
        ["exports", "own value added in them", "used up abroad", "imports", "used up from abroad"],
    )
    for region in rows["exports"].nlargest(top).index:
        row = rows.loc[region]
        exports = float(row["exports"])
        own = float(row["domestic_in_exports"]) / exports if exports else np.nan
        grid.add_row(
            _named(str(region), labels),
            amounts.show(exports),
            percent(own),
            *(
                amounts.show(float(row[name]))
                for name in ("absorbed_abroad", "imports", "absorbed_from_abroad")
            ),
        )
    console.print(grid)


def _title(console: Console, title: str, note: str) -> None:
    console.print(f"\n[bold]{title}[/] [dim]({escape(note)})[/]", highlight=False)


def _grid(first: str, heads: Iterable[str]) -> Table:
    """A table whose first column takes the room that the numbers leave, and wraps in it."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    grid.add_column(first, overflow="fold")
    for head in heads:
        grid.add_column(head, justify="right", max_width=12)
    return grid


def _amounts(row: "pd.Series[float]", amounts: Amounts) -> list[str]:
    return [number(float(value) / amounts.divisor, max(amounts.digits, 2)) for value in row]


def _named(code: str, labels: Labels) -> str:
    """A code and its full name."""
    name = labels.get(code, code)
    return escape(code if name == code else f"{code} {name}")


def _sector(label: tuple[str, str], labels: Labels) -> str:
    """A region's sector: both codes, both full names."""
    names = [labels.get(code, code) for code in label]
    codes = " ".join(label)
    return escape(codes if names == list(label) else f"{codes} {': '.join(names)}")
