"""From a pymrio system to an input-output table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.publishers.pymrio_exchange.categories import roles_of
from planboard.publishers.pymrio_exchange.layout import (
    FACTOR,
    VALUE,
    Group,
    Layout,
    PymrioTable,
    level_names,
)
from planboard.publishers.pymrio_exchange.outside import Outside, joined_rows, unfolded
from planboard.publishers.pymrio_exchange.publication import publication_of
from planboard.publishers.pymrio_exchange.rows import factor_units, framed, groups_of, numbers_of
from planboard.publishers.pymrio_exchange.system import HEAD, System, kept_head

ROWS, CATEGORIES = ["region", "sector"], ["region", "category"]


@dataclass(frozen=True, eq=False)
class _Reading:
    """A system, the head we once left in it, its extensions, and what lies outside."""

    system: System
    head: Mapping[str, Any]
    groups: tuple[Group, ...]
    outside: Outside
    columns: pd.Index


def table_of(
    system: System,
    stated: Mapping[str, Any] | None = None,
    roles: Mapping[str, str] | None = None,
) -> PymrioTable:
    """The system as a table; `stated` are fields of its `Publication`.

    Raises
    ------
    InvalidTableError
        Z is not square, labels differ, units are mixed, or nobody states the price basis.
    """
    with kept_head(system.meta.get(HEAD), system.name):
        table = _table(system, stated or {}, roles or {})
    table.check_factors()
    return table


def _table(system: System, stated: Mapping[str, Any], roles: Mapping[str, str]) -> PymrioTable:
    reading = _reading(system)
    head = reading.head
    publication = publication_of(system, stated, head.get("publication") or {})
    final_use = unfolded(_rows(reading, "final_use"), reading.outside)
    final_use.columns = final_use.columns.set_names(CATEGORIES)
    transactions = _rows(reading, "transactions")
    transactions.columns = reading.columns
    told = {**head.get("roles", {}), **roles}
    name = head.get("names", {}).get("output", "indout")  # JSON makes lists of tuples
    return PymrioTable(
        publication=publication,
        transactions=transactions,
        final_use=final_use,
        gross_output=output_of(system).rename(tuple(name) if isinstance(name, list) else name),
        factor_units=factor_units(reading.groups, system),
        roles=_roles(reading, final_use, told, publication.name),
        layout=_layout(reading),
        **_beside(reading, VALUE, ("value_added", "final_use_taxes")),
        **_beside(reading, FACTOR, ("factors", "factors_final_use")),
    )


def one_unit(system: System) -> str:
    """The unit of all flows; several are refused."""
    if system.unit is None:
        return ""
    units = system.unit["unit"].value_counts()
    if len(units) > 1:
        raise InvalidTableError(
            f"The flows of the pymrio system '{system.name}' are in {len(units)} units.",
            [f"'{unit}': {count} rows" for unit, count in units.items()],
            "A table is in one unit: bring all flows to one money first.",
        )
    return str(units.index[0])


def _reading(system: System) -> _Reading:
    _check_square(system)
    head: Mapping[str, Any] = system.meta.get(HEAD) or {}
    outside = Outside.of_head(head["outside"]) if "outside" in head else Outside(())
    kept = Layout.of_head(head.get("layout") or {})
    groups = groups_of(system, one_unit(system), kept, _imports(head))
    return _Reading(system, head, groups, outside, system.transactions.columns.set_names(ROWS))


def _imports(head: Mapping[str, Any]) -> str:
    """The extension that holds rows from outside."""
    return str(head.get("outside", {}).get("extension", ""))


def _check_square(system: System) -> None:
    flows, final = system.transactions, system.final_use
    faults = [
        f"{name}: {axis.nlevels} level(s) where there should be 2"
        for name, frame in (("Z", flows), ("Y", final))
        for axis in frame.axes
        if axis.nlevels != 2
    ]
    if not flows.index.equals(flows.columns):
        faults.append("Z: rows and columns differ")
    if not final.index.equals(flows.index):
        faults.append("Y: other rows than Z")
    if faults:
        raise InvalidTableError(
            f"The pymrio system '{system.name}' is not a square table of regions and sectors.",
            faults,
            "Rows and columns need the same labels (region, sector) in the same order.",
        )


def _rows(reading: _Reading, part: str) -> pd.DataFrame:
    """Z or Y, with rows from outside where they were; without any, no number is copied."""
    flows: pd.DataFrame = getattr(reading.system, part)
    inside = flows.set_axis(flows.index.set_names(ROWS), axis=0)
    outer: pd.DataFrame | None = None
    if _imports(reading.head):
        extension = reading.system.extensions[_imports(reading.head)]
        outer = extension.flows if part == "transactions" else extension.final_use
    if outer is not None:
        outer = outer.set_axis(outer.index.set_names(ROWS), axis=0)
        outer.columns = inside.columns
    return joined_rows(inside, outer, reading.outside)


def output_of(system: System) -> pd.Series:
    """x, or what is sold of each product where the system has none."""
    columns = system.transactions.columns.set_names(ROWS)
    x = system.gross_output
    if x is None:
        sold = system.transactions.sum(axis=1) + system.final_use.sum(axis=1)
        return pd.Series(sold.to_numpy(), index=columns, name="indout")
    if not x.index.equals(system.transactions.index) or x.shape[1] != 1:
        raise InvalidTableError(
            f"The output of the pymrio system '{system.name}' does not fit its flows.",
            ["x: other rows than Z, or more than one column"],
            "Calculate it anew in pymrio (calc_all), or leave it out.",
        )
    return pd.Series(x.iloc[:, 0].to_numpy(dtype=float), index=columns, name=x.columns[0])


def _roles(
    reading: _Reading, final_use: pd.DataFrame, stated: Mapping[str, str], table: str
) -> dict[str, str]:
    """Roles of the categories that some region with accounts has, and all that are stated."""
    columns = final_use.columns
    if reading.outside.columns:
        columns = columns[columns.get_level_values("region").isin(reading.outside.regions)]
    told = roles_of(columns.get_level_values("category").unique(), stated, table)
    return {**stated, **told} if reading.head else told


def _beside(reading: _Reading, kind: str, names: tuple[str, str]) -> dict[str, Any]:
    """Value added and taxes on final use, or factors of both, in the order that our head kept."""
    system, head = reading.system, reading.head
    flows, final_use = numbers_of(reading.groups, system, kind)
    label = head["names"]["items"] if "names" in head and kind == VALUE else None
    made = framed(flows, head.get(names[0]), reading.columns, label)
    used = None
    if final_use:
        used = framed(final_use, head.get(names[1]), system.final_use.columns)
        used = unfolded(used, reading.outside)
        used.columns = used.columns.set_names(CATEGORIES)
    return {names[0]: made if flows or kind == VALUE else None, names[1]: used}


def _layout(reading: _Reading) -> Layout:
    system = reading.system
    x = system.gross_output
    return Layout(
        groups=reading.groups,
        unit=one_unit(system),
        has_unit=system.unit is not None,
        output="indout" if x is None else str(x.columns[0]),
        rows=level_names(system.transactions.index),
        columns=level_names(system.transactions.columns),
        categories=level_names(system.final_use.columns),
        population=system.population,
        meta={key: value for key, value in system.meta.items() if key != HEAD},
    )
