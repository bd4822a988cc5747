"""Layout: how pymrio arranges and names what is in a table, kept so that nothing is lost.

A factor is called "extension|row" here, an item of value added by its row alone. The layout
remembers which row of which extension each came from, in which order, and under which level names.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import pandas as pd

from planboard.tables import InputOutputTable

VALUE, FACTOR = "value", "factor"
SEPARATOR = "|"


@dataclass(frozen=True)
class Row:
    """One row of an extension: its labels there and its name here.

    kind : "value" (value added) or "factor"
    flows, final_use : whether the table has it for sectors, for final use; pymrio's is zero if not
    """

    labels: tuple[Any, ...]
    name: str
    kind: str
    flows: bool = True
    final_use: bool = False


@dataclass(frozen=True)
class Group:
    """One extension: attribute, name, level names of its rows and columns, rows in order."""

    key: str
    name: str
    levels: tuple[str | None, ...]
    rows: tuple[Row, ...]
    columns: tuple[str | None, ...] = ("region", "sector")
    categories: tuple[str | None, ...] = ("region", "category")
    has_final_use: bool = False
    has_unit: bool = True


@dataclass(frozen=True, eq=False)
class Layout:
    """All that a table alone would not say of the pymrio system it came from.

    unit : pymrio's word for the money; output : the name of the column of x
    rows, columns, categories : level names of Z and of the columns of Y
    population : as pymrio keeps it; meta : metadata.json, our own head left out
    """

    groups: tuple[Group, ...] = ()
    unit: str = ""
    has_unit: bool = True
    output: str = "indout"
    rows: tuple[str | None, ...] = ("region", "sector")
    columns: tuple[str | None, ...] = ("region", "sector")
    categories: tuple[str | None, ...] = ("region", "category")
    population: pd.DataFrame | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def head(self) -> dict[str, Any]:
        """The layout as plain values for JSON; population and meta are kept by pymrio."""
        told = replace(self, population=None, meta={})
        return {key: value for key, value in asdict(told).items() if value is not None}

    @staticmethod
    def of_head(head: Mapping[str, Any]) -> "Layout":
        """The layout that `head` told."""
        kept = {key: _tuple(value) for key, value in head.items() if key not in ("groups", "meta")}
        groups = tuple(_group(group) for group in head.get("groups", ()))
        return Layout(groups=groups, **kept)


@dataclass(frozen=True, eq=False)
class PymrioTable(InputOutputTable):
    """An input-output table that remembers how pymrio laid it out."""

    layout: Layout = field(default_factory=Layout)


def level_names(axis: pd.Index) -> tuple[str | None, ...]:
    """The names of the levels of an axis."""
    return tuple(None if name is None else str(name) for name in axis.names)


def layout_of(table: InputOutputTable) -> Layout:
    """The table's own layout, with what it does not know yet added and what is gone left out."""
    layout = table.layout if isinstance(table, PymrioTable) else Layout()
    rows = {row.name: row for row in _own_rows(table)}
    groups = [
        replace(group, rows=tuple(_now(row, rows) for row in group.rows if row.name in rows))
        for group in layout.groups
    ]
    known = {row.name for group in groups for row in group.rows}
    new: dict[str, list[Row]] = {}
    for name, row in rows.items():
        if name not in known:
            new.setdefault(_home(row), []).append(row)
    keys = {group.key for group in groups}
    for key, found in new.items():
        level = "inputtype" if found[0].kind == VALUE else "stressor"
        own = free_key(key, keys)
        keys.add(own)
        groups.append(Group(own, key, (level,), tuple(found), has_unit=True))
    kept = tuple(_told(group) for group in groups if group.rows)
    unit = layout.unit or table.publication.unit
    return replace(layout, groups=kept, unit=unit, population=_population(table, layout))


def _own_rows(table: InputOutputTable) -> list[Row]:
    """Every item and factor of the table as a row of its own."""
    rows = []
    for kind, flows, final_use in (
        (VALUE, table.value_added, table.final_use_taxes),
        (FACTOR, table.factors, table.factors_final_use),
    ):
        made = [] if flows is None else list(flows.index)
        used = [] if final_use is None else list(final_use.index)
        rows += [
            Row((name if kind == VALUE else _after(name),), name, kind, name in made, name in used)
            for name in dict.fromkeys([*made, *used])
        ]
    return rows


def _after(name: str) -> str:
    return name.partition(SEPARATOR)[2] or name


def _home(row: Row) -> str:
    """The extension of a row that no layout knows."""
    if row.kind == VALUE:
        return "factor_inputs"
    before, _, after = row.name.partition(SEPARATOR)
    return before if after else "factors"


def _now(row: Row, rows: Mapping[str, Row]) -> Row:
    """A row of the layout, with what the table says of it now."""
    return replace(rows[row.name], labels=row.labels)


def _told(group: Group) -> Group:
    has = group.has_final_use or any(row.final_use for row in group.rows)
    return replace(group, has_final_use=has)


def _population(table: InputOutputTable, layout: Layout) -> pd.DataFrame | None:
    """Population, unless regions were put together or left out since."""
    if layout.population is None or set(layout.population.columns) != set(table.regions):
        return None
    return layout.population


TAKEN = ("Z", "Y", "x", "A", "B", "L", "G", "unit", "population", "meta", "name", "regions")


def free_key(key: str, taken: set[str]) -> str:
    """A name for an attribute of a pymrio system that is not taken."""
    plain = "".join(c if c.isalnum() else "_" for c in key)
    plain = plain if plain and not plain[0].isdigit() else f"_{plain}"
    while plain in taken or plain in TAKEN:
        plain += "_"
    return plain


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _group(told: Mapping[str, Any]) -> Group:
    rows = tuple(
        Row(tuple(row["labels"]), row["name"], row["kind"], row["flows"], row["final_use"])
        for row in told["rows"]
    )
    return Group(**{key: _tuple(value) for key, value in told.items()} | {"rows": rows})
