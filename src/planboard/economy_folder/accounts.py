"""The accounts of one region, laid out from its tidy tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from planboard.economy import Array, Conversions, RegionAccounts
from planboard.economy_folder.format import empty_table
from planboard.errors import InvalidEconomyError
from planboard.labels import positions


@dataclass(frozen=True, eq=False)
class Book:
    """The tables of one region, and the axes they are laid out on.

    sold, bought : its flows of trade, or none
    """

    region: str
    tables: Mapping[str, pd.DataFrame]
    axes: Mapping[str, Sequence[str]]
    sold: pd.DataFrame
    bought: pd.DataFrame

    def array(self, table: str, axes: Sequence[str], default: float = 0.0) -> Array:
        """A table as an array over the named axes; what is not stated is the default."""
        return self.column(table, "value", axes, default)

    def column(self, table: str, column: str, axes: Sequence[str], default: float) -> Array:
        """One column of a table as an array over the named axes."""
        values = np.full([len(self.axes[axis]) for axis in axes], default)
        found = self.tables.get(table)
        if found is not None and column in found:
            at = tuple(_find(self.axes[axis], found[axis]) for axis in axes)
            values[at] = found[column]
        return values


def read_accounts(book: Book, base_year: int) -> RegionAccounts:
    """The accounts of one region from its tables."""
    activities = tuple(book.tables.get("activity", empty_table("activity"))["activity"])
    if not activities:
        raise InvalidEconomyError(
            f"Region '{book.region}' has no activities.", [], "Add rows to the table 'activity'."
        )
    own = replace(book, axes={**book.axes, "activity": activities})
    _check_activities(own)
    level = own.column("activity", "level", ["activity"], 0.0)
    reference = own.column("activity", "reference", ["activity"], np.nan)
    reference = np.where(np.isnan(reference), level, reference)
    _check_references(own, reference)
    per_unit = np.divide(1.0, reference, out=np.zeros_like(level), where=reference != 0)
    return RegionAccounts(
        region=book.region,
        activities=activities,
        level=level,
        input_lag=own.column("activity", "input_lag", ["activity"], 0.0).astype(np.int64),
        in_progress=_or_else(own.column("activity", "in_progress", ["activity"], np.nan), level),
        input=sparse.csr_array(own.array("use", ["product", "activity"]) * per_unit),
        output=sparse.csr_array(own.array("supply", ["product", "activity"]) * per_unit),
        factor_use=own.array("factor_use", ["factor", "activity"]) * per_unit,
        factor_supply=own.array("factor_supply", ["factor", "activity"]) * per_unit,
        **_capital(own, base_year),
        factor_use_building=own.array("factor_use_building", ["factor", "kind", "activity"]),
        final_use=own.array("final_use", ["product", "category"]),
        endowment=own.array("endowment", ["factor"], np.inf),
        initial_stock=own.array("stock", ["product"]),
        storage_loss=own.column("stock", "loss", ["product"], 0.0),
        exports=_flows(own, own.sold, "destination"),
        imports=_flows(own, own.bought, "origin"),
        value_added=_value_added(own, per_unit),
        conversions=_conversions(own),
    )


def _check_references(book: Book, reference: Array) -> None:
    """Refuse flows of an activity whose reference is zero: nobody knows per unit of what."""
    idle = {name for name, size in zip(book.axes["activity"], reference, strict=True) if size == 0}
    named = [
        f"{name}: stands in table '{table}'"
        for table in ("use", "supply", "factor_use", "factor_supply", "value_added")
        for name in dict.fromkeys(book.tables.get(table, empty_table(table))["activity"])
        if name in idle
    ]
    if named:
        raise InvalidEconomyError(
            f"Region '{book.region}' has flows of activities that ran at level zero.",
            named,
            "Say in the column 'reference' of the table 'activity' for how many units they are.",
        )


def _or_else(values: Array, default: Array) -> Array:
    return np.where(np.isnan(values), default, values)


def _check_activities(book: Book) -> None:
    """Every activity that a region's table names must stand in its table of activities."""
    for table, content in book.tables.items():
        if "activity" in content and table != "activity":
            where = f"table '{table}' of region '{book.region}'"
            positions("activity", dict.fromkeys(content["activity"]), book.axes["activity"], where)


def _capital(book: Book, base_year: int) -> dict[str, Any]:
    axes = ["kind", "activity"]
    n, (h, m) = len(book.axes["product"]), (len(book.axes["kind"]), len(book.axes["activity"]))
    gestation = book.column("capital", "gestation", axes, 1.0).astype(np.int64)
    if (gestation < 1).any():
        raise InvalidEconomyError(
            f"Capital of region '{book.region}' has a gestation of less than a year.",
            [],
            "What is ordered in one year is productive in the next at the earliest.",
        )
    building = np.zeros((int(gestation.max(initial=1)), h, m))
    building[0] = book.column("capital", "building", axes, 0.0)
    earlier = book.tables.get("under_construction", empty_table("under_construction"))
    for kind, activity, year, value in earlier[["kind", "activity", "year", "value"]].to_numpy():
        ago = base_year - int(year)
        if not 0 <= ago < len(building):
            raise InvalidEconomyError(
                f"Region '{book.region}' has capacity under construction that arrived already.",
                [f"{kind}, {activity}: ordered in {year}; base year {base_year}"],
                "Count it as capacity instead.",
            )
        at = list(book.axes["kind"]).index(kind), list(book.axes["activity"]).index(activity)
        building[(ago, *at)] += value
    required = book.array("capital_required", ["product", *axes])
    return {
        "capacity": book.column("capital", "capacity", axes, np.inf),
        "depreciation": book.column("capital", "depreciation", axes, 0.0),
        "gestation": gestation,
        "building": building,
        "capital_required": sparse.csr_array(required.reshape(n, h * m)),
        "utilisation": book.column("capital", "utilisation", axes, 1.0).min(axis=0),
    }


def _conversions(book: Book) -> Conversions:
    table = book.tables.get("conversion", empty_table("conversion"))
    needed = book.tables.get("conversion_required", empty_table("conversion_required"))
    where = f"table 'conversion' of region '{book.region}'"
    for end in ("source", "target"):
        positions("activity", dict.fromkeys(table[end]), book.axes["activity"], where)
    keys = ["kind", "source", "target"]
    ways = pd.MultiIndex.from_frame(table[keys])
    required = np.zeros((len(book.axes["product"]), len(table)))
    at = ways.get_indexer(pd.MultiIndex.from_frame(needed[keys]))
    if (at < 0).any():
        raise InvalidEconomyError(
            f"Table 'conversion_required' of region '{book.region}' names no known conversion.",
            [", ".join(map(str, row)) for row in needed[keys][at < 0].to_numpy()],
            "Add it to the table 'conversion'.",
        )
    required[_find(book.axes["product"], needed["product"]), at] = needed["value"]
    return Conversions(
        _find(book.axes["kind"], table["kind"]),
        _find(book.axes["activity"], table["source"]),
        _find(book.axes["activity"], table["target"]),
        table["share"].to_numpy(dtype=float),
        np.maximum(table["delay"].to_numpy(dtype=np.int64), 1),
        required,
    )


def _flows(book: Book, trade: pd.DataFrame, there: str) -> Array:
    """Flows of trade by product and partner."""
    flows = np.zeros((len(book.axes["product"]), len(book.axes[there])))
    at = _find(book.axes["product"], trade["product"]), _find(book.axes[there], trade[there])
    np.add.at(flows, at, trade["value"].to_numpy(dtype=float))
    return flows


def _value_added(book: Book, per_unit: Array) -> dict[str, Array]:
    table = book.tables.get("value_added")
    if table is None:
        return {}
    items = {}
    for item, rows in table.groupby("item", sort=False):
        values = np.zeros(len(per_unit))
        values[_find(book.axes["activity"], rows["activity"])] = rows["value"]
        items[str(item)] = values * per_unit
    return items


def _find(axis: Sequence[str], names: "pd.Series[Any]") -> NDArray[np.intp]:
    """Where each name stands on the axis."""
    return pd.Index(axis).get_indexer(pd.Index(names))
