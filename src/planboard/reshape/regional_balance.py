"""Trade between the parts of a region: what one makes beyond its use, another uses."""

import numpy as np
import pandas as pd

from planboard.reshape.books import CAPITAL, Books, codes, from_positions, on_grid, summed
from planboard.reshape.dividing import Division
from planboard.reshape.shares import Array

SMALL = 1e-12  # Relative to what is made and imported: a gap this small is rounding.


def with_trade_between_parts(
    before: Books, made: Books, source: str, division: Division
) -> tuple[Books, str]:
    """Books with flows between the parts that restore every balance, and what they come to.

    A part keeps its share of a gap that the region's published balance had; everything beyond is
    sold by the parts with a surplus to those with a deficit, in proportion to both.
    """
    regions = list(made.axes["region"])
    place = list(before.axes["region"]).index(source)
    parts = np.arange(place, place + len(division.shares["output"]))
    gap, supply = product_gaps(before)
    now, _ = product_gaps(made)
    beyond = now[parts] - division.products["make"] * gap[place]
    beyond = np.where(np.abs(beyond) > SMALL * supply[place], beyond, 0.0)
    surplus, deficit = np.maximum(beyond, 0.0), np.maximum(-beyond, 0.0)
    total = surplus.sum(axis=0)
    share = np.divide(surplus, total, out=np.zeros_like(surplus), where=total > 0)
    flows = share[:, None, :] * deficit[None, :, :]
    o, d, i = np.nonzero(flows)
    if not len(i):
        return made, ""
    added = pd.DataFrame(
        {
            "origin": from_positions(parts[o], regions),
            "destination": from_positions(parts[d], regions),
            "product": from_positions(i, made.axes["product"]),
            "value": flows[o, d, i],
        }
    )
    trade = summed(pd.concat([made.tables["trade"], added], ignore_index=True))
    worth = float(flows.sum(axis=(0, 1)) @ made.prices())
    return made.with_tables(trade=trade), f"; trade between the parts {worth:,.6g}"


def product_gaps(books: Books) -> tuple[Array, Array]:
    """Supply less use of every region and product, and supply: shape (regions, products)."""
    shape = (len(books.axes["region"]), len(books.axes["product"]))
    trade = books.tables["trade"].rename(columns={"value": "flow"})

    def over(table: pd.DataFrame, region: str, value: str) -> Array:
        at = table[region].cat.codes.to_numpy().astype(np.int64) * shape[1]
        at = at + table["product"].cat.codes.to_numpy()
        weights = table[value].to_numpy(dtype=float)
        found = np.bincount(at, weights, minlength=shape[0] * shape[1])
        return found.astype(np.float64, copy=False).reshape(shape)

    supply = over(books.tables["supply"], "region", "value") + over(trade, "destination", "flow")
    used = over(books.tables["use"], "region", "value")
    used = used + over(books.tables["final_use"], "region", "value")
    used = used + over(_built(books), "region", "value")
    return supply - used - over(trade, "origin", "flow"), supply


def _built(books: Books) -> pd.DataFrame:
    """What the base year built, as a table of flows; nothing where it is a category of final use.

    Without such a category, nothing else says what building took.
    """
    required = books.tables["capital_required"]
    roles = [about["role"] for about in books.head["categories"].values()]
    if "capital_formation" in roles:
        return required.iloc[:0]
    building = on_grid(books.tables["capital"], CAPITAL, books.axes, "building")
    return required.assign(value=required["value"] * building[codes(required, CAPITAL, books.axes)])
