"""Accounts that an economy carries along, when its codes are put together.

persons   sums; a measure that a part does not state is left out
growth    mean weighted with the hours of the base year (output, where nobody counts hours)
actual    sums of what all parts know in one unit; see `complete`
series    see `series`
imputed   kept under the new labels, with the share of the target's output that it is about
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planboard.reshape.books import ACTIVITY, Table
from planboard.reshape.carried_split import SPLIT
from planboard.reshape.complete import complete_sums
from planboard.reshape.merging import Array, Merging, listed
from planboard.reshape.series import aggregated_series

ALL = "all"  # Every activity of a region, in the tables `imputed` and `actual`.
WHOLE = 1e-12  # A share this close to one is one: nothing but rounding stands between them.

Carried = dict[str, Table]


def aggregated_carried(merging: Merging) -> tuple[Carried, list[str]]:
    """The carried tables under the new labels, and what was left out of them."""
    made: Carried = {}
    notes: list[str] = []
    for name, aggregated in (
        ("persons", _persons),
        ("growth", _growth),
        ("actual", _actual),
        ("series", aggregated_series),
        ("imputed", _imputed),
    ):
        if name in merging.books.tables:
            table, told = aggregated(merging, merging.books.tables[name])
            notes += told
            if len(table):
                made[name] = table
    return made, notes


def _regions(merging: Merging, table: Table) -> "pd.Series[str]":
    return table["region"].map(merging.target_of("region"))


def _members(merging: Merging) -> dict[str, int]:
    return dict(zip(merging.maps["region"].targets, merging.members.tolist(), strict=True))


def _persons(merging: Merging, table: Table) -> tuple[Table, list[str]]:
    new = table.assign(region=_regions(merging, table))
    keys = ["region", "measure"]
    grouped = new.groupby(keys, sort=False)
    made = grouped.agg(value=("value", "sum"), source=("source", _sources), n=("value", "size"))
    made = made.reset_index()
    whole = made["n"] == made["region"].map(_members(merging))
    left = [f"{region} {measure}" for region, measure in made.loc[~whole, keys].to_numpy()]
    notes = [f"Persons left out, as a part does not state them: {listed(left)}"] if left else []
    return made.loc[whole, list(table.columns)].reset_index(drop=True), notes


def _sources(texts: "pd.Series[str]") -> str:
    parts = dict.fromkeys(part for text in texts for part in str(text).split("; "))
    return "; ".join(parts)


def _growth(merging: Merging, table: Table) -> tuple[Table, list[str]]:
    shape = (len(merging.books.axes["region"]), len(merging.books.axes["activity"]))
    output = merging.output.reshape(shape).sum(axis=1)
    weight = merging.hours if merging.hours.any() else output
    weights = dict(zip(merging.books.axes["region"], weight, strict=True))
    new = table.assign(
        weight=table["region"].map(weights),
        region=_regions(merging, table),
        assumed=table["assumed"].astype(float),
    )
    keys = ["region", "quantity"]
    total = new.groupby(keys)["weight"].transform("sum")
    equal = 1 / new.groupby(keys)["value"].transform("size")
    share = (new["weight"] / total.where(total > 0, 1.0)).where(total > 0, equal)
    weighted = new.assign(value=new["value"] * share)
    grouped = weighted.groupby(keys, sort=False)
    made = grouped.agg(value=("value", "sum"), assumed=("assumed", "max"), n=("value", "size"))
    made = made.reset_index()
    partial = made["n"] < made["region"].map(_members(merging))
    left = [f"{region} {name}" for region, name in made.loc[partial, keys].to_numpy()]
    told = f"Growth of the parts that state it: {listed(left)}"
    return made[list(table.columns)], [told] if left else []


def _actual(merging: Merging, table: Table) -> tuple[Table, list[str]]:
    names = [merging.target_of(axis) for axis in ("activity", "factor", "category", "product")]

    def target(quantity: str, name: str) -> str:
        activity, factor, category, product = names
        if quantity == "final_use":
            use, _, what = name.partition("/")
            return f"{category.get(use, use)}/{product.get(what, what)}"
        return (factor if quantity == "hours_by_skill" else activity).get(name, name)

    pairs = table[["quantity", "name"]].drop_duplicates()
    found = {(q, n): target(q, n) for q, n in pairs.itertuples(index=False)}
    renamed = pd.Series(
        [found[pair] for pair in zip(table["quantity"], table["name"], strict=True)],
        index=table.index,
        dtype="str",
    )
    new = table.assign(region=_regions(merging, table), name=renamed)
    rows = new.assign(old_region=table["region"], old_name=table["name"])
    keys = ["region", "quantity", "name", "unit"]
    made, left = complete_sums(merging, rows, keys, "name", "quantity")
    told = f"What happened is left out where a part is not known: {listed(left, 20)}"
    return made[list(table.columns)], [told] if left else []


def _imputed(merging: Merging, table: Table) -> tuple[Table, list[str]]:
    """What was filled in, with the share of the target's output; a split that is undone is gone."""
    activities = merging.target_of("activity")
    weight = _output_of(table, merging.output, merging.books.axes)
    old = table.get("share", 1.0)
    new = table.assign(
        region=_regions(merging, table),
        activity=table["activity"].map(lambda name: activities.get(name, name)),
        covered=weight * old,
    )
    new = new[~_undone(new)]
    keys = [*ACTIVITY, "measure", "method", "donors"]
    made = new.groupby(keys, sort=False, dropna=False)["covered"].sum().reset_index()
    whole = _output_of(made, merging.over_targets(merging.output), merging.axes)
    share = (made["covered"] / whole.where(whole > 0, 1.0)).where(whole > 0, 1.0)
    made["share"] = share.where(share < 1 - WHOLE, 1.0)
    if "share" not in table and (made["share"] == 1).all():
        made = made.drop(columns="share")
    return made.drop(columns="covered"), []


def _output_of(table: Table, grid: Array, axes: Mapping[str, Sequence[str]]) -> "pd.Series[float]":
    """Output of the activity that each row is about; of its region where it is about all."""
    index = pd.MultiIndex.from_product([list(axes[name]) for name in ACTIVITY])
    output = pd.Series(grid, index=index)
    by_region = output.groupby(level=0).sum()
    own = output.reindex(pd.MultiIndex.from_frame(table[ACTIVITY])).fillna(0.0).to_numpy()
    whole = np.where(table["activity"] == ALL, table["region"].map(by_region), own)
    return pd.Series(whole.astype(float), index=table.index)


def _undone(table: Table) -> "pd.Series[bool]":
    """Rows that a split wrote, all parts of which are together again."""
    is_split = table["method"].astype(str).str.startswith(SPLIT)
    place = table["region"].where(table["activity"] == ALL, table["activity"])
    together = place.groupby([table["method"], table["donors"]]).transform("nunique") == 1
    return is_split & together
