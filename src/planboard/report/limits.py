"""What holds the plan back, and what it is worth and to whom."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.explain import Bottleneck, explain_asked, explain_result
from planboard.report.blocks import Block, Section, Table, Text, table
from planboard.report.view import View
from planboard.report.words import Amounts, capital, fixed, significant
from planboard.solution.prices import has_numeraire
from planboard.solution.worth import SOURCE, WORTH

MOST = 15  # Bottlenecks told.
MOST_ASKED = 5
SHOWN = 1e-5  # Of the largest entry of worth: smaller ones are left out.
ENTRIES = {
    "objective": "its part of the objective",
    "earned on shared rows": "sold to the others, less bought from them",
    "paid out on shared rows": "paid out to the members",
    "balance": "final use that is given",
    "capital": "capacity at the start, and what was under construction",
    "factor": "hours and other factors",
    "external": "the deficit it may run",
    "pace": "output at the start, as far as pace ties later years to it",
    "pace_growth": "output at the start, as far as growth is limited by it",
    "provision": "provision for later years",
    "stock": "stocks at the start",
    "stock_end": "stocks asked at the end",
    "steady": "consumption that may not fall",
    "utility": "satiation: utility grows more slowly than consumption",
    "market": "what the markets hold",
    "order": "orders",
    "bounds of exports": "bands of exports",
    "bounds of imports": "bands of imports",
    "bounds of consumption": "consumption and public use asked at least",
}


def binds(view: View) -> Section:
    """What binds, worst first, in plain words."""
    told = explain_result(view.solution, most=MOST)
    asked = explain_asked(view.solution, most=MOST_ASKED)
    if not told and not asked:
        return Section("binds", "What binds", [Text("No limit of this plan has a price.")])
    blocks: list[Block] = []
    if told:
        caption = "What is scarce or limited, worst first"
        blocks.append(_bottlenecks(view, told, caption))
    if asked:
        blocks.append(_bottlenecks(view, asked, "What is asked at least, dearest first"))
    return Section("binds", "What binds", blocks)


def _bottlenecks(view: View, told: Sequence[Bottleneck], caption: str) -> Table:
    if has_numeraire(view.solution.compiled):
        amounts = Amounts(view.economy.unit, [b.total for b in told])
        shown, unit = [amounts.show(b.total) for b in told], amounts.unit
        scale = f"worth of all that it limits, {unit} of household consumption, over its years"
    else:
        shown = [significant(b.total) for b in told]
        scale = "worth of all that it limits, in the objective's unit, over its years"
    rows = [
        [f"{place}. {bottleneck.sentence}", worth]
        for place, (bottleneck, worth) in enumerate(zip(told, shown, strict=True), start=1)
    ]
    return table(f"{caption}. Worth: {scale}.", ["What", "Worth"], rows, is_wordy=True)


def worth(view: View) -> Section:
    """What the plan is worth, and the scarce things that its worth comes from, by member."""
    found = view.solution.value
    intro = (
        "What each member gets out of the plan equals what the scarce things that it brings in are "
        "worth, to the last digit (strong duality). A negative source is something asked that the "
        f"plan would rather not give. Unit: {view.solution.objective_unit}."
    )
    blocks: list[Block] = [Text(intro), _worth_table(view, found)]
    return Section("worth", "What the plan is worth, and why", blocks)


def _worth_table(view: View, found: pd.DataFrame) -> Table:
    grid = found.pivot_table(
        index=["side", "entry"], columns="member", values="value", aggfunc="sum", sort=False
    ).fillna(0.0)
    if "board" in grid and grid["board"].abs().max() < 1e-9 * found["value"].abs().max():
        grid = grid.drop(columns="board")
    grid = grid[grid.abs().max(axis=1) > SHOWN * grid.abs().to_numpy().max(initial=0.0)]
    if len(grid.columns) > 1:
        grid["all"] = grid.sum(axis=1)
    sources = grid.loc[[side == SOURCE for side, _ in grid.index]]
    gets = grid.loc[[side == WORTH for side, _ in grid.index]]
    names = [capital(ENTRIES.get(str(entry), str(entry))) for _, entry in sources.index]
    numbers = np.vstack([sources.to_numpy(), sources.sum(), gets.sum()])
    shown = np.array(fixed(numbers.ravel())).reshape(numbers.shape)
    named = [*names, "All sources", "Worth of the plan"]
    rows = [[name, *map(str, row)] for name, row in zip(named, shown, strict=True)]
    special = {"all": "All", "board": "Board"}
    head = ["", *(special.get(str(m), view.label(m)) for m in grid.columns)]
    return table("Where the worth of the plan comes from, by member.", head, rows, totals=2)
