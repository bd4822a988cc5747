"""Sums over parts that must all be known: what a part does not say is not zero."""

import numpy as np
import pandas as pd

from planboard.reshape.books import ACTIVITY, Table
from planboard.reshape.merging import Merging

# Activities that make at most this share of their target's output may be missing: publishers leave
# out what is negligible, such as households with employed persons. Nothing else may.
NEGLIGIBLE, NOTHING = 0.01, 1e-9


def complete_sums(
    merging: Merging, rows: Table, keys: list[str], name: str, what: str
) -> tuple[Table, list[str]]:
    """Values summed by keys and year where all parts of a target are known; and what was left out.

    Parameters
    ----------
    rows : `keys` and year under the new labels, value, and old_region and old_name: the part
    keys : begin with region
    name : the key that says of what the value is; where that is an activity, its parts are all
        activities of the target, else all names that stand in the rows, in every region
    what : the key that says what the value is, told beside the region of what was left out
    """
    parts = _parts(merging, rows, keys, name)
    weight = parts.groupby([*keys, "old_region", "old_name"])["weight"].sum()
    whole = parts.groupby(keys)["weight"].sum()
    at = pd.MultiIndex.from_frame(rows[[*keys, "old_region", "old_name"]])
    known = rows.assign(known=weight.reindex(at).to_numpy())
    made = known.groupby([*keys, "year"], sort=False)[["value", "known"]].sum().reset_index()
    total = whole.reindex(pd.MultiIndex.from_frame(made[keys])).to_numpy()
    missing = 1 - made["known"].to_numpy() / np.where(total > 0, total, 1.0)
    is_activity = made[name].isin(merging.axes["activity"])
    is_known = (missing <= np.where(is_activity, NEGLIGIBLE, NOTHING)) | (total == 0)
    gone = made[~is_known].groupby(["region", what], sort=False).size()
    told = [f"{region} {measure} ({count} figures)" for (region, measure), count in gone.items()]
    return made.loc[is_known, [*keys, "year", "value"]].reset_index(drop=True), told


def _parts(merging: Merging, rows: Table, keys: list[str], name: str) -> Table:
    """Every part of every key, and its weight: base-year output of an activity, else 1."""
    new = merging.target_of("region")
    regions = pd.DataFrame(
        [(old, new[old]) for old in merging.books.regions], columns=["old_region", "region"]
    )
    activities = pd.DataFrame(
        list(merging.target_of("activity").items()), columns=["old_name", name]
    )
    stated = rows[[*keys, "old_name"]].drop_duplicates()
    known = rows[keys].drop_duplicates().merge(activities, on=name)
    names = pd.concat([stated, known[stated.columns]]).drop_duplicates()
    parts = names.merge(regions, on="region")
    index = pd.MultiIndex.from_product([list(merging.books.axes[axis]) for axis in ACTIVITY])
    output = pd.Series(merging.output, index=index)
    own = output.reindex(pd.MultiIndex.from_frame(parts[["old_region", "old_name"]])).to_numpy()
    return parts.assign(weight=np.where(np.isnan(own), 1.0, own))
