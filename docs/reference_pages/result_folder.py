"""Files and tables of a result folder, with the columns and units of a plan that was solved."""

import planboard as pb
from planboard.plan import Order, Plan
from planboard.plan_file import BUNDLED
from planboard.solution import TABLES
from reference_pages.markdown import WORDS, meanings, page, table


def result_page() -> str:
    """Files and tables of a result folder, with the columns and units of a plan that was solved."""
    intro = (
        "What `planboard plan` and `write_result` write. The tables are Parquet files, one row a "
        "cell, labels first, then `year`, `value`, `unit`. In `capacity` and `building`, a column "
        "`kind` is there only where the economy has several kinds of capital."
    )
    files = [(f"`{name}`", text) for name, text in WORDS["file"].items()]
    solution = example()
    known = meanings("result", TABLES)
    parts = [intro, "## Files\n\n" + table(["file", "what it holds"], files), "## Tables"]
    for name, text in known.items():
        parts.append(result_table(name, text, solution))
    return page("Result folder", *parts)


def example() -> pb.Solution:
    """A small plan with an order, whose tables are described."""
    order = Order(
        id="steel", quantity="output", region=("EUE",), product=("MMT",), year=2003, change="+5%"
    )
    plan = Plan("example", years=(2001, 2002, 2003), regions=("EUE",), order=(order,))
    return pb.solve(pb.read_economy(BUNDLED), plan)


def result_table(name: str, text: str, solution: pb.Solution) -> str:
    """One table: what it holds, its columns, and its units in the bundled economy."""
    found = getattr(solution, name)
    columns = ", ".join(f"`{column}`" for column in found.columns)
    units = list(dict.fromkeys(map(str, found["unit"]))) if "unit" in found else []
    shown = "; ".join(units)
    return f"### {name}\n\n{text}\n\nColumns: {columns}.\n\nUnits in the bundled economy: {shown}."
