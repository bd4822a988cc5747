"""Aggregation: an economy over coarser regions, products, activities, factors or categories.

Flows are summed. What is per unit follows from the flows or the capital behind it:

    use, supply, factor_use, value_added      sums, and per unit of the summed level
    trade      sums; what becomes trade of a region with itself leaves both exports and imports
    capital    see `capital`; accounts that are carried along: see `carried` and `series`

An activity that did not run in the base year adds nothing where others of its target ran.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy
from planboard.errors import InvalidTableError
from planboard.reshape.books import (
    ACTIVITY,
    FLOWS,
    Books,
    Table,
    as_categories,
    books_of,
    codes,
    economy_from,
    with_step,
)
from planboard.reshape.capital import aggregated_capital
from planboard.reshape.carried import aggregated_carried
from planboard.reshape.concordance import Concordance
from planboard.reshape.conversions import aggregated_conversions
from planboard.reshape.endowment import aggregated_endowment
from planboard.reshape.mapping import MAPPED, Resolved, described, resolve
from planboard.reshape.merging import Merging, listed, merging_of
from planboard.reshape.record import without_record
from planboard.reshape.rounding import Step, with_rounding
from planboard.reshape.splitting import split_uniformly

AGGREGATED = ", aggregated to "
STOCK = ["region", "product"]


def aggregate(
    economy: Economy,
    concordance: Concordance,
    *,
    name: str | None = None,
    title: str | None = None,
    keep_others: bool = False,
) -> Economy:
    """The economy over the targets of a concordance, with capital, hours and accounts following.

    Parameters
    ----------
    concordance
        See `read_concordance`. A source with several targets is split by its weights first, as
        `disaggregate` does with one share for all tables.
    name, title
        Of the new economy; left out, the old name, and the old title with the new size.
    keep_others
        Codes that the concordance does not name stay as they are; else they are an error.

    Raises
    ------
    UnknownNameError, InvalidTableError
        The concordance does not fit the economy, or puts together what cannot be added up.
    """
    economy, unrecorded = without_record(economy)
    books = before = books_of(economy)
    resolved = resolve(concordance, books, keep_others=keep_others)
    labels = {target: label for (_, target), label in concordance.labels.items()}
    for split in resolved.splits:
        books = split_uniformly(books, split.axis, split.source, split.parts)
    made, notes = merged(books, resolved, labels)
    detail = ". ".join([f"By {concordance.name}, {concordance.text()}", *notes]) + "." + unrecorded
    step: Step = {"step": "aggregation", "detail": detail}
    step = with_rounding(step, economy, lambda gaps: _gaps(gaps, before, resolved))
    head = with_step(made.head, step)
    head |= {"name": name or head["name"], "title": title or _title(books, made)}
    return economy_from(replace(made, head=head))


def _gaps(gaps: Array, books: Books, resolved: Resolved) -> dict[str, float]:
    """Gaps of regions and products, summed over their targets: the largest of each new region."""
    names = [list(books.head["regions"]), list(books.axes["product"])]
    table = pd.MultiIndex.from_product(names, names=STOCK).to_frame(index=False)
    table = as_categories(table.assign(value=gaps.ravel()), books.axes)
    books = replace(books, tables={"supply": books.tables["supply"], "gap": table})
    for split in resolved.splits:
        books = split_uniformly(books, split.axis, split.source, split.parts)
    sums = merging_of(books, resolved).summed(books.tables["gap"])
    by_region = sums["value"].abs().groupby(sums["region"].astype(str), sort=False).max()
    return {str(region): float(gap) for region, gap in by_region.items()}


def _title(before: Books, made: Books) -> str:
    """The old title, and the new size where that has changed."""
    old = str(before.head["title"]).partition(AGGREGATED)[0]
    sizes = [(len(b.regions), len(b.axes["activity"])) for b in (before, made)]
    if sizes[0] == sizes[1]:
        return str(before.head["title"])
    return f"{old}{AGGREGATED}{sizes[1][0]} regions x {sizes[1][1]} industries"


def merged(books: Books, resolved: Resolved, labels: Mapping[str, str]) -> tuple[Books, list[str]]:
    """Books over the targets, and what a reader must know of how they came about."""
    merging = merging_of(books, resolved)
    endowment, notes = aggregated_endowment(merging)
    capital, told = aggregated_capital(merging)
    added, unknown = _value_added(merging)
    carried, more = aggregated_carried(merging)
    flows = {name: merging.summed(merging.counted(books.tables[name])) for name in FLOWS}
    tables = {
        **flows,
        "activity": _activities(merging),
        "value_added": added,
        "final_use": merging.summed(books.tables["final_use"]),
        "endowment": endowment,
        "trade": _trade(merging),
        "stock": _stocks(merging),
        **capital,
        **aggregated_conversions(merging),
        **carried,
    }
    head = {**books.head, **described(books, resolved, labels)}
    head["partners"] = list(merging.maps["region"].targets)
    axes = {**books.axes, **{axis: merging.maps[axis].targets for axis in MAPPED}}
    return Books(head, axes, tables), [*notes, *told, *unknown, *more]


def _activities(merging: Merging) -> Table:
    """Levels, references and work in progress summed; input lags must agree."""
    table = merging.books.tables["activity"]
    counts = merging.counts[codes(table, ACTIVITY, merging.books.axes)]
    new = merging.relabelled(table.assign(reference=table["reference"].where(counts, 0.0)))
    groups = new[counts].groupby(ACTIVITY, observed=True)["input_lag"]
    least, most = groups.min(), groups.max()
    differ = least.index[least != most]
    if len(differ):
        raise InvalidTableError(
            "Activities with different input lags cannot be put together.",
            [f"{', '.join(key)}: {least[key]} to {most[key]} years" for key in differ],
            "Keep them apart in the concordance, or bring them to one lag first.",
        )
    sums = new.groupby(ACTIVITY, observed=True)[["level", "reference", "in_progress"]].sum()
    return sums.assign(input_lag=least).reset_index()


def _trade(merging: Merging) -> Table:
    """Trade between regions that stay apart; a flow within a new region is no trade any more."""
    table = merging.books.tables["trade"]
    new = merging.relabelled(table)
    was_own = table["origin"].astype(str) == table["destination"].astype(str)
    is_own = new["origin"].astype(str) == new["destination"].astype(str)
    kept = table[(was_own | ~is_own).to_numpy()]
    return merging.summed(kept)


def _stocks(merging: Merging) -> Table:
    """Stocks summed; what spoils of them is the same. Where there are none, the highest rate."""
    table = merging.books.tables["stock"]
    sums = merging.summed(table.assign(loss=table["loss"] * table["value"]), ("value", "loss"))
    highest = merging.relabelled(table).groupby(STOCK, observed=True)["loss"].max()
    spare = highest.reindex(pd.MultiIndex.from_frame(sums[STOCK])).to_numpy()
    rate = sums["loss"] / sums["value"].where(sums["value"] > 0)
    return sums.assign(loss=rate.where(sums["value"] > 0, spare))


def _value_added(merging: Merging) -> tuple[Table, list[str]]:
    """Items summed; left out in a region where a part of it does not state any."""
    table = merging.books.tables["value_added"]
    states = np.zeros(len(merging.books.axes["region"]), dtype=bool)
    states[table["region"].cat.codes.to_numpy()] = True
    silent = [r for r in merging.with_accounts if not states[r]]
    lookup, names = merging.maps["region"].lookup, merging.maps["region"].targets
    partial = {lookup[r] for r in silent} & set(lookup[states])
    items = pd.Categorical(table["item"], categories=list(dict.fromkeys(table["item"])))
    sums = merging.summed(merging.counted(table.assign(item=items))).astype({"item": "str"})
    if not partial:
        return sums, []
    left = sums[~sums["region"].cat.codes.isin(partial)]
    regions = listed([names[r] for r in sorted(partial)])
    told = f"Value added left out, as a part of the region does not state it: {regions}"
    return left, [told]
