"""How fast use by government may grow: as fast as the capital that serves it, at first."""

import numpy as np
import pandas as pd

from planboard.tables.books import Head, Tables

GROWTH = 0.02  # Of government use, where capital allows it: the general default.
LEAST = -0.01
SHARE = 0.1  # Government use that is a smaller share of an activity's output is left aside.
COLUMNS = ["region", "quantity", "value", "assumed"]
SERVED = ("government", "given")


def government_growth(head: Head, tables: Tables) -> pd.DataFrame:
    """Rows of the table `growth` for regions that cannot bear the general default.

        min(`GROWTH`, min_j (q₁,j / x₀,j − 1) / share_j),   at least `LEAST`

    q₁ is the capacity that the base year leaves, share the part of product j's output that goes to
    government and non-profit institutions (1 where they take more than is made at home): they are
    served at home, whatever trade allows. Parts below `SHARE` are left aside. Where
    the stock shrank, its own growth stands in place of the first factor: a region that lets the
    capital of its public services go is not asked to serve as much as before.
    """
    if "capital" not in tables:
        return pd.DataFrame(columns=COLUMNS)
    roles = {name for name, about in head["categories"].items() if about["role"] in SERVED}
    final = tables["final_use"]
    keys = ["region", "product"]
    served = final[final["category"].isin(roles)].groupby(keys)["value"].sum()
    supply = tables["supply"].set_index(["region", "activity", "product"])["value"]
    made = supply.groupby(["region", "product"]).sum()
    share = (served / made).dropna()
    capital = tables["capital"].set_index(["region", "activity"])
    left = (1 - capital["depreciation"]) * capital["capacity"] + capital["building"]
    level = tables["activity"].set_index(["region", "activity"])["level"]
    grown = left / capital["capacity"] - 1
    room = (left / level.reindex(left.index) - 1).where(grown >= 0, grown)
    ways = (
        room.rename("slack")
        .reset_index()
        .merge(supply.rename("made").reset_index(), on=["region", "activity"])
    )
    ways["share"] = share.reindex(pd.MultiIndex.from_frame(ways[keys])).to_numpy()
    ways = ways[ways["share"] >= SHARE]
    rates = (ways["slack"] / ways["share"].clip(upper=1.0)).groupby(ways["region"]).min()
    low = np.floor(rates[rates < GROWTH].clip(lower=LEAST) * 1e4) / 1e4  # never rounded up
    columns = {"region": low.index, "quantity": "government", "value": low.to_numpy()}
    return pd.DataFrame({**columns, "assumed": 1})[COLUMNS]
