"""The rows of pymrio's extensions: which are value added, which are factors, under which name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.errors import InvalidTableError
from planboard.publishers.pymrio_exchange.layout import (
    FACTOR,
    SEPARATOR,
    VALUE,
    Group,
    Layout,
    Row,
    level_names,
)
from planboard.publishers.pymrio_exchange.system import Extension, System

Numbers = dict[str, NDArray[np.float64]]


def groups_of(system: System, unit: str, kept: Layout, leave_out: str = "") -> tuple[Group, ...]:
    """Every extension with its rows named: as `kept` knows them, else by rule.

    Money of an extension that is called value added is an item of it, called by its row; all else
    is a factor, called "extension|row".

    Raises
    ------
    InvalidTableError
        An extension that contradicts itself, or rows that cannot be told apart.
    """
    known = {(g.key, row.labels): row for g in kept.groups for row in g.rows}
    groups = []
    for key, extension in system.extensions.items():
        if key == leave_out:
            continue
        _check_extension(system, key, extension)
        rows = [known.get((key, row.labels), row) for row in _by_rule(key, extension, unit)]
        groups.append(_group(key, extension, rows))
    return _distinct(system, groups)


def numbers_of(groups: Sequence[Group], system: System, kind: str) -> tuple[Numbers, Numbers]:
    """All rows of one kind, by name: of sectors, and of final use; columns as in Z and Y."""
    flows: Numbers = {}
    final_use: Numbers = {}
    for group in groups:
        extension = system.extensions[group.key]
        chosen = [at for at, row in enumerate(group.rows) if row.kind == kind]
        made = _aligned(system, group.key, extension.flows, system.transactions)
        flows |= {group.rows[at].name: made[at] for at in chosen if group.rows[at].flows}
        used = extension.final_use
        if used is not None:
            places = used.index.get_indexer(extension.flows.index)
            sold = _aligned(system, group.key, used, system.final_use)
            chosen = [at for at in chosen if group.rows[at].final_use]
            final_use |= {group.rows[at].name: sold[places[at]] for at in chosen}
    return flows, final_use


def framed(
    numbers: Numbers, order: Sequence[str] | None, columns: pd.Index, name: str | None = None
) -> pd.DataFrame:
    """Rows in this order, those it does not name behind."""
    first = [n for n in order or () if n in numbers]
    names = [*first, *(n for n in numbers if n not in set(first))]
    values = np.array([numbers[n] for n in names]) if names else np.zeros((0, len(columns)))
    index = pd.Index(names, name=name, dtype="str")
    return pd.DataFrame(values, index=index, columns=columns, copy=False)


def factor_units(groups: Sequence[Group], system: System) -> dict[str, str]:
    """Factor -> unit, where the extension states one."""
    found: dict[str, str] = {}
    for group in groups:
        texts = _units(system.extensions[group.key])
        pairs = zip(group.rows, texts, strict=False)
        found |= {row.name: text for row, text in pairs if row.kind == FACTOR}
    return found


def _units(extension: Extension) -> list[str]:
    """The unit of each row of F; none where the extension states none."""
    if extension.unit is None:
        return []
    return [str(unit) for unit in extension.unit["unit"].reindex(extension.flows.index)]


def _by_rule(key: str, extension: Extension, unit: str) -> list[Row]:
    """The rows of an extension, named by rule."""
    units = _units(extension) or [unit] * len(extension.flows)
    rows = []
    for label, own in zip(extension.flows.index, units, strict=True):
        labels = label if isinstance(label, tuple) else (label,)
        name = SEPARATOR.join(map(str, labels))
        is_value = extension.is_value_added and own == unit
        name, kind = (name, VALUE) if is_value else (f"{key}{SEPARATOR}{name}", FACTOR)
        rows.append(Row(labels, name, kind, final_use=True))
    return rows


def _group(key: str, extension: Extension, rows: Sequence[Row]) -> Group:
    used = extension.final_use
    stated = set() if used is None else set(used.index)
    in_final_use = [label in stated for label in extension.flows.index]
    return Group(
        key=key,
        name=extension.name,
        levels=level_names(extension.flows.index),
        rows=tuple(
            replace(row, final_use=row.final_use and there)
            for row, there in zip(rows, in_final_use, strict=True)
        ),
        columns=level_names(extension.flows.columns),
        categories=("region", "category") if used is None else level_names(used.columns),
        has_final_use=used is not None,
        has_unit=extension.unit is not None,
    )


def _distinct(system: System, groups: Sequence[Group]) -> tuple[Group, ...]:
    """Items of the same name in two extensions take the extension into their name."""
    count = Counter(row.name for group in groups for row in group.rows)
    found = tuple(
        replace(group, rows=tuple(_told_apart(group.key, row, count) for row in group.rows))
        for group in groups
    )
    count = Counter(row.name for group in found for row in group.rows)
    twice = [f"'{name}': {number} times" for name, number in count.items() if number > 1]
    if twice:
        raise InvalidTableError(
            f"The pymrio system '{system.name}' has rows that cannot be told apart.",
            twice,
            "Give every row of an extension a label of its own.",
        )
    return found


def _told_apart(key: str, row: Row, count: Mapping[str, int]) -> Row:
    if row.kind == FACTOR or count[row.name] == 1:
        return row
    return replace(row, name=f"{key}{SEPARATOR}{row.name}")


def _check_extension(system: System, key: str, extension: Extension) -> None:
    flows, used, unit = extension.flows, extension.final_use, extension.unit
    faults = []
    if flows.index.has_duplicates:
        faults.append(f"F: {int(flows.index.duplicated().sum())} rows stand twice")
    if used is not None and used.index.has_duplicates:
        faults.append(f"F_Y: {int(used.index.duplicated().sum())} rows stand twice")
    if used is not None and len(used.index.difference(flows.index)):
        faults.append(f"F_Y: {len(used.index.difference(flows.index))} rows that F lacks")
    if unit is not None and not _is_complete(unit, flows.index):
        faults.append("unit: not one for every row of F, in a column 'unit'")
    if faults:
        raise InvalidTableError(
            f"The extension '{key}' of the pymrio system '{system.name}' does not fit together.",
            faults,
            "Mend it in pymrio: every row needs one label, the same in F, F_Y and unit.",
        )


def _is_complete(unit: pd.DataFrame, rows: pd.Index) -> bool:
    return "unit" in unit and unit.index.is_unique and not len(rows.difference(unit.index))


def _aligned(
    system: System, key: str, values: pd.DataFrame, flows: pd.DataFrame
) -> NDArray[np.float64]:
    """The rows with the columns of Z or Y, by name."""
    own, columns = values.columns, flows.columns
    if own.equals(columns):
        return values.to_numpy(dtype=float)
    other = [*own.difference(columns), *columns.difference(own)]
    if other or len(own) != len(columns):
        raise InvalidTableError(
            f"The extension '{key}' of the pymrio system '{system.name}' has other columns.",
            [", ".join(map(str, label)) if isinstance(label, tuple) else label for label in other],
            "Every extension needs the columns of Z, and its final use those of Y.",
        )
    return values[columns].to_numpy(dtype=float)
