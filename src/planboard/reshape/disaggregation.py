"""Disaggregation: a region or an industry divided among parts by shares; balances stay exact.

Letters: part t with shares s_t of output, u_t of inputs, h_t of hours, k_t of capital, c_t of final
use (each s_t unless stated); I inputs and V value added of an activity.

    industry    its product, whoever uses it: s_t; its inputs: u_t; so of what it takes of itself
                s_p u_t, for every pair of parts
    region      activities as above; final use c_t; what a part makes and does not use goes to the
                parts that use more than they make: trade between the parts
    both        value added takes up the difference: s_t + (s_t − u_t) I / V of every item;
                capacity and building s_t; what a unit of capacity takes: k_t / s_t times as much
"""

from collections.abc import Mapping
from dataclasses import replace

from planboard.economy import Array, Economy
from planboard.errors import InvalidTableError
from planboard.labels import unknown_name
from planboard.reshape.books import FLOWS, Books, books_of, economy_from, with_step
from planboard.reshape.carried_split import split_carried
from planboard.reshape.dividing import Division, region_division, sector_division
from planboard.reshape.record import without_record
from planboard.reshape.regional_balance import with_trade_between_parts
from planboard.reshape.rounding import Step, largest, with_rounding
from planboard.reshape.shares import Shares, shares_of
from planboard.reshape.splitting import keep_own, split_axis

AXES = ("region", "industry")


def disaggregate(
    economy: Economy, axis: str, source: str, shares: Shares | Mapping[str, float]
) -> Economy:
    """The economy with a region or an industry divided among its parts.

    Parameters
    ----------
    axis
        "region" or "industry" (an activity and the product of the same code).
    source
        Its code.
    shares
        Part -> share of everything; or `Shares`, with shares of their own for inputs, hours,
        capital and final use, and for a region also by activity.

    Raises
    ------
    UnknownNameError, InvalidTableError
        There is no such code, or the shares leave something without a sum or with a negative one.

    Notes
    -----
    The parts' figures are nobody's publication: they stand in the table `imputed`.
    """
    made_of = shares if isinstance(shares, Shares) else shares_of(shares)
    economy, unrecorded = without_record(economy)
    books = books_of(economy)
    _check(books, axis, source, made_of)
    labels = {part: made_of.labels.get(part, part) for part in made_of.parts}
    if axis == "region":
        division: Division = region_division(books, source, made_of)
        made = split_axis(books, "region", source, labels, division)
        made, told = with_trade_between_parts(books, made, source, division)
    else:
        division = sector_division(books, source, made_of)
        made = split_axis(books, "product", source, labels, division)
        made = split_axis(made, "activity", source, labels, division)
        made, told = keep_own(made, "sector", source, made_of), ""
    made = _idle(made)
    made = made.with_tables(**split_carried(books, *_carried_axis(axis), source, made_of))
    detail = f"{axis} {source} by {made_of.name}: {made_of.text()}{told}"
    detail += f".{unrecorded}" if unrecorded else ""
    step: Step = {"step": "disaggregation", "detail": detail}
    step = with_rounding(step, economy, lambda gaps: _gaps(books, made, source, gaps))
    return economy_from(replace(made, head=with_step(made.head, step)))


def _gaps(books: Books, made: Books, source: str, gaps: Array) -> dict[str, float]:
    """The largest gap of each region; a part has its share of the whole's, at most all of it."""
    found = largest(books.regions, gaps)
    return {region: found.get(region, found.get(source, 0.0)) for region in made.regions}


def _carried_axis(axis: str) -> tuple[str]:
    return ("region" if axis == "region" else "sector",)


def _check(books: Books, axis: str, source: str, shares: Shares) -> None:
    if axis not in AXES:
        raise unknown_name("axis", axis, AXES)
    codes = {"region": books.regions}.get(axis, books.axes["activity"])
    if source not in codes or (axis == "industry" and source not in books.axes["product"]):
        products = books.axes["product"]
        both = codes if axis == "region" else [code for code in codes if code in products]
        raise unknown_name(axis, source, both, f"in '{books.head['name']}'")
    places = ("region",) if axis == "region" else ("product", "activity")
    known = {code for place in places for code in books.axes[place]} - {source}
    taken = [part for part in shares.parts if part in known]
    if taken:
        raise InvalidTableError(
            f"Parts of {source} have the codes of others in '{books.head['name']}'.",
            [f"{axis} '{part}'" for part in taken],
            "Call the parts otherwise.",
        )
    if shares.by_activity and axis != "region":
        raise InvalidTableError(
            f"{shares.name} has shares by activity, for an industry that is one.",
            [", ".join(shares.by_activity)],
            "Leave the column 'activity' out.",
        )
    for activity in shares.by_activity:
        if activity not in books.axes["activity"]:
            raise unknown_name("activity", activity, books.axes["activity"], shares.name)


def _idle(made: Books) -> Books:
    """Activities that a part does not have: level zero, no flows."""
    activity = made.tables["activity"]
    stated = activity.assign(reference=activity["reference"].where(activity["reference"] != 0, 1.0))
    flows = {name: made.tables[name][made.tables[name]["value"] != 0] for name in FLOWS}
    return made.with_tables(activity=stated, **flows)
