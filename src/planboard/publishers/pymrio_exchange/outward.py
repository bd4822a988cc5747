"""From an input-output table to a pymrio system; every number and name finds a place."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from planboard.publishers.pymrio_exchange.layout import (
    VALUE,
    Group,
    Layout,
    Row,
    free_key,
    layout_of,
)
from planboard.publishers.pymrio_exchange.outside import (
    EXTENSION,
    Outside,
    folded,
    inside_rows,
    outside_of,
    outside_rows,
)
from planboard.publishers.pymrio_exchange.system import HEAD, Extension, System
from planboard.tables import InputOutputTable


def system_of(table: InputOutputTable) -> System:
    """The table as pymrio keeps one; our own head goes into its metadata under "planboard"."""
    layout, outside = layout_of(table), outside_of(table)
    transactions = _named(inside_rows(table.transactions, outside), layout.rows, layout.columns)
    final_use = folded(table.final_use, outside)
    columns = transactions.columns
    extensions = {group.key: _extension(group, table, layout, outside) for group in layout.groups}
    head = head_of(table, layout)
    if outside.rows or outside.columns or outside.order:
        head["outside"] = outside.head()
    if outside.rows:
        key = free_key(EXTENSION, set(extensions))
        extensions[key] = _imports(table, layout, outside, final_use)
        head["outside"]["extension"] = key
    return System(
        transactions=transactions,
        final_use=_named(inside_rows(final_use, outside), layout.rows, layout.categories),
        gross_output=_output(table, layout, columns),
        unit=_unit(transactions.index, layout.unit) if layout.has_unit else None,
        population=layout.population,
        extensions=extensions,
        meta={**_meta(table, layout), HEAD: head},
    )


def head_of(table: InputOutputTable, layout: Layout) -> dict[str, Any]:
    """What pymrio has no place for, as plain values: publication, roles, names and their order."""
    publication = asdict(table.publication)
    publication |= {
        "labels": dict(table.publication.labels),
        "notes": list(table.publication.notes),
        "history": [dict(step) for step in table.publication.history],
    }
    return {
        "publication": publication,
        "roles": dict(table.roles),
        "factor_units": dict(table.factor_units),
        "value_added": list(table.value_added.index),
        "final_use_taxes": _rows(table.final_use_taxes),
        "factors": _rows(table.factors),
        "factors_final_use": _rows(table.factors_final_use),
        "names": {
            "items": table.value_added.index.name,
            "output": table.gross_output.name,
        },
        "layout": layout.head(),
    }


def _rows(values: pd.DataFrame | None) -> list[str] | None:
    return None if values is None else list(values.index)


def _meta(table: InputOutputTable, layout: Layout) -> Mapping[str, Any]:
    """pymrio's own metadata: as they were, or made from the publication."""
    if layout.meta:
        return layout.meta
    publication = table.publication
    return {
        "description": publication.title,
        "name": publication.name,
        "system": None,
        "version": None,
        "history": [],
        "year": publication.year,
        "price_basis": publication.price_basis,
    }


def _named(
    flows: pd.DataFrame, rows: tuple[str | None, ...], columns: tuple[str | None, ...]
) -> pd.DataFrame:
    """The same numbers under these level names."""
    if list(flows.index.names) == list(rows) and list(flows.columns.names) == list(columns):
        return flows
    return flows.set_axis(flows.index.set_names(rows), axis=0).set_axis(
        flows.columns.set_names(columns), axis=1
    )


def _unit(rows: pd.Index, unit: str) -> pd.DataFrame:
    return pd.DataFrame({"unit": [unit] * len(rows)}, index=rows)


def _output(table: InputOutputTable, layout: Layout, columns: pd.Index) -> pd.DataFrame:
    rows = columns.set_names(layout.rows)
    return pd.DataFrame({layout.output: table.gross_output.to_numpy()}, index=rows)


def _extension(
    group: Group, table: InputOutputTable, layout: Layout, outside: Outside
) -> Extension:
    """One extension: its rows from value added and factors, in pymrio's order."""
    index = _index(group)
    columns = table.transactions.columns.set_names(group.columns)
    flows = _picked(group.rows, table.value_added, table.factors, columns)
    final_use = None
    if group.has_final_use:
        taxes = _folded(table.final_use_taxes, outside)
        used = _folded(table.factors_final_use, outside)
        categories = folded(table.final_use.iloc[:1], outside).columns.set_names(group.categories)
        final_use = _picked(group.rows, taxes, used, categories).set_axis(index, axis=0)
    units = [
        layout.unit if row.kind == VALUE else table.factor_units.get(row.name, "")
        for row in group.rows
    ]
    unit = pd.DataFrame({"unit": units}, index=index) if group.has_unit else None
    return Extension(group.name, flows.set_axis(index, axis=0), final_use, unit)


def _folded(values: pd.DataFrame | None, outside: Outside) -> pd.DataFrame | None:
    return None if values is None else folded(values, outside)


def _index(group: Group) -> pd.Index:
    """The labels of an extension's rows."""
    labels = [row.labels for row in group.rows]
    if len(group.levels) > 1:
        return pd.MultiIndex.from_tuples(labels, names=list(group.levels))
    single: pd.Index = pd.Index([label[0] for label in labels], name=group.levels[0])
    return single


def _picked(
    rows: tuple[Row, ...],
    items: pd.DataFrame | None,
    factors: pd.DataFrame | None,
    columns: pd.Index,
) -> pd.DataFrame:
    """The numbers of these rows; zero where the table has none, which the head tells."""
    values = np.zeros((len(rows), len(columns)))
    for at, row in enumerate(rows):
        source = items if row.kind == VALUE else factors
        if source is not None and row.name in source.index:
            values[at] = source.loc[row.name].to_numpy(dtype=float)
    return pd.DataFrame(values, columns=columns, copy=False)


def _imports(
    table: InputOutputTable, layout: Layout, outside: Outside, final_use: pd.DataFrame
) -> Extension:
    """Rows from outside as an extension in the table's money."""
    flows = outside_rows(table.transactions, outside)
    bought = outside_rows(final_use, outside)
    flows = _named(flows, layout.rows, layout.columns)
    return Extension(
        EXTENSION,
        flows,
        _named(bought, layout.rows, layout.categories),
        _unit(flows.index, layout.unit),
    )
