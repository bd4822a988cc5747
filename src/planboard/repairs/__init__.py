"""Repairs: an economy's books mended on request, every changed cell told, nothing in silence.

A new repair is one function `Economy -> Outcome` and one line in `REPAIRS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from planboard.economy import Economy
from planboard.economy_folder import read_economy
from planboard.economy_folder.format import COLUMNS
from planboard.labels import unknown_name
from planboard.repairs.balance import balance
from planboard.repairs.changes import CHANGE, changed_cells, summary
from planboard.repairs.gras import TOLERANCE
from planboard.repairs.inventories import book_gaps, without_inventories
from planboard.repairs.negatives import negative_exports, tiny_negatives
from planboard.repairs.repair import Option, Outcome, Repair, Setting, Step, listed, step_of
from planboard.repairs.repair import Repaired as Repaired
from planboard.repairs.zeros import zero_sectors

CHANGES = ["step", "repair", *CHANGE]
LINES = 5  # Of what a step left as it is; the rest is counted, and stands in `Repaired.refused`.

BALANCING = {
    "inventories": Option(
        "kept",
        "whether changes of inventories stay, or take up what the sums differ by",
        ("kept", "free"),
    ),
    "value_added": Option(
        "kept",
        "whether value added stays, or gives way as uses and final use do",
        ("kept", "free"),
    ),
    "tolerance": Option(TOLERANCE, "the largest gap to a total, relative to it"),
    "regions": Option("", "the regions to balance, with commas; all, where empty"),
}

# In the order in which they are of use one after the other.
REPAIRS: Mapping[str, Repair] = MappingProxyType(
    {
        repair.name: repair
        for repair in (
            Repair(
                "zero_sectors",
                "takes out cells of activities that make nothing and of products not there",
                zero_sectors,
                {
                    "activities": Option(
                        "kept", "what becomes of the activities", ("kept", "dropped")
                    )
                },
            ),
            Repair(
                "negative_exports",
                "sets trade below zero to zero, and books it in the inventories of both regions",
                negative_exports,
                {
                    "booked": Option(
                        "inventories",
                        "where: in inventories, or as trade the other way",
                        ("inventories", "trade"),
                    )
                },
            ),
            Repair(
                "tiny_negatives",
                "sets small uses below zero to zero, and books them in inventories",
                tiny_negatives,
                {
                    "share": Option(
                        1e-4, "the largest such cell, as a share of its product's supply"
                    )
                },
            ),
            Repair(
                "inventories",
                "takes out changes of inventories",
                without_inventories,
                {
                    "method": Option(
                        "folded",
                        "into the other categories of final use, or balanced away by GRAS",
                        ("folded", "balanced"),
                    ),
                    "into": Option(
                        "", "the categories that take them, with commas; all, where empty"
                    ),
                },
            ),
            Repair(
                "gras",
                "balances products and activities, every cell keeping its sign",
                partial(balance, method="gras"),
                BALANCING,
            ),
            Repair(
                "ras",
                "balances books without cells below zero",
                partial(balance, method="ras"),
                BALANCING,
            ),
            Repair(
                "gaps",
                "books what a product misses to balance as inventories",
                book_gaps,
                {"most": Option(1e-2, "the largest such gap, as a share of supply or uses")},
            ),
        )
    }
)


def repair_economy(economy: Economy | str | Path, steps: Sequence[Step]) -> Repaired:
    """Mend the books of an economy, step by step; each step is one entry of its `history`.

    The same steps on the same economy give the same books.

    Parameters
    ----------
    economy
        An economy, the name of a bundled one, or an economy folder.
    steps
        Names of `REPAIRS`, in order, each with its options in the same text
        (`"tiny_negatives share=1e-3"`) or beside it (`("tiny_negatives", {"share": 1e-3})`).

    Raises
    ------
    UnknownNameError, InputError
        A step or an option that there is not.
    InvalidEconomyError, NoAnswerError
        Books that the step cannot mend, with what stands in the way.
    """
    if not isinstance(economy, Economy):
        economy = read_economy(economy)
    changes, refused = [], []
    for number, (name, given) in enumerate(map(step_of, steps), start=1):
        if name not in REPAIRS:
            raise unknown_name("repair", name, list(REPAIRS))
        settings = REPAIRS[name].settings(given)
        outcome = REPAIRS[name].function(economy, **settings)
        cells = changed_cells(economy, outcome.economy)
        changes.append(cells.assign(step=number, repair=name)[CHANGES])
        refused += [(number, name, line) for line in outcome.refused]
        told = "nothing to repair" if outcome.economy is economy else summary(economy, cells)
        detail = _detail(settings, told, outcome)
        entry = {"step": f"repair: {name}", "detail": detail}
        economy = replace(outcome.economy, history=(*economy.history, entry))
    cells = pd.concat(changes, ignore_index=True) if changes else pd.DataFrame(columns=CHANGES)
    return Repaired(
        _with_record(economy, cells),
        cells,
        pd.DataFrame(refused, columns=["step", "repair", "what"]),
    )


def _with_record(economy: Economy, cells: pd.DataFrame) -> Economy:
    """The economy with these changed cells in its table `repairs`, behind earlier ones."""
    if cells.empty:
        return economy
    known = [economy.repairs] if economy.repairs is not None else []
    flows = {name: cells[name].fillna(0.0) for name in ("before", "after")}  # no cell: no flow
    record = cells.assign(**flows)[list(COLUMNS["repairs"])]
    record = pd.concat([*known, record], ignore_index=True)
    return replace(economy, repairs=record)


def _detail(settings: Mapping[str, Setting], told: str, outcome: Outcome) -> str:
    """What a step did, in words: its options, the size of its changes, and what it left."""
    options = ", ".join(f"{name} {_written(value)}" for name, value in settings.items() if value)
    parts = [options, told, outcome.remark]
    if outcome.refused:
        left = listed(outcome.refused, between="; ", most=LINES)
        parts.append(f"left as they are, {len(outcome.refused)}: {left}")
    return "; ".join(part for part in parts if part)


def _written(value: Setting) -> str:
    if isinstance(value, str):
        return value
    return f"{value:g}" if isinstance(value, float) else ", ".join(value)
