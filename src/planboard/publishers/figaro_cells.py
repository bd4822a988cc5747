"""The cells of a FIGARO table, from its matrix form or its flat form, found by their labels.

Every row and column is an area and a code, such as AR and A01. Rows of the area W2 are taxes and
value added; columns of final use have a code of `ROLES`. No cell may be missing or stand twice.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.errors import InvalidTableError

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Label = tuple[str, str]  # area, code
Part = tuple[Integers, Integers, Array]  # numbers of rows, of columns, values

ROLES = {
    "P3_S13": "government",
    "P3_S14": "households",
    "P3_S15": "given",
    "P51G": "capital_formation",
    "P5M": "inventories",
}
VALUE_ADDED = ("D21X31", "OP_RES", "OP_NRES", "D1", "D29X39", "B2A3G")
NO_AREA = "W2"  # The area of rows that are no industry's.
VALUE = "obsValue"
LINES = 500_000  # of a flat file, read at a time
REMEDY = (
    "Take matrix_eu-ic-io_… or flatfile_eu-ic-io_… from the publisher, and leave its name: it "
    "says edition and year."
)


@dataclass(frozen=True, eq=False)
class Blocks:
    """The blocks of a table: n industries or products, m columns of final use.

    flows : shape (n, n + m); below : shape (items, n + m), the rows `VALUE_ADDED`
    """

    industries: tuple[Label, ...]
    final: tuple[Label, ...]
    flows: Array
    below: Array


@dataclass(frozen=True)
class _Axes:
    """Labels of rows and columns, in the order of `Blocks`."""

    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    industries: int

    def blocks(self, values: Array) -> Blocks:
        """The table with these values, shape (rows, columns)."""
        n = self.industries
        return Blocks(self.columns[:n], self.columns[n:], values[:n], values[n:])


def read_matrix(stream: IO[str], head: Sequence[str], where: str) -> Blocks:
    """The matrix form: a line for every row, under `head`."""
    columns = [_label(text) for text in head[1:]]
    axes = _axes(columns, where)
    place = {label: i for i, label in enumerate(axes.rows)}
    order = np.array([columns.index(label) for label in axes.columns])
    values = np.zeros((len(axes.rows), len(axes.columns)))
    seen: list[Label] = []
    faults: list[str] = []
    for line, cells in enumerate(csv.reader(stream), start=2):
        if not cells:
            continue
        seen.append(_label(cells[0]))
        if seen[-1] in place:
            values[place[seen[-1]]] = _numbers(cells[1:], line, head[1:], faults)[order]
    _check_rows(seen, axes, where)
    _refuse_cells(faults, where)
    return axes.blocks(values)


def read_flat(stream: IO[str], head: Sequence[str], where: str) -> Blocks:
    """The flat form: a line for every cell, zeros included, under `head`."""
    rows, columns = _flat_columns(head, where)
    known: tuple[dict[Label, int], dict[Label, int]] = ({}, {})
    parts: list[Part] = []
    faults: list[str] = []
    for chunk in _chunks(stream, head, [*rows, *columns, VALUE]):
        values = _values(chunk, faults)
        parts.append(
            (_numbered(chunk, rows, known[0]), _numbered(chunk, columns, known[1]), values)
        )
    _refuse_cells(faults, where)
    axes = _axes(list(known[1]), where)
    _check_rows(list(known[0]), axes, where)
    return axes.blocks(_filled(parts, known, axes, where))


def _label(text: str) -> Label:
    area, _, code = text.partition("_")
    return area, code


def _axes(columns: Sequence[Label], where: str) -> _Axes:
    """The axes, from the columns that there are: rows must be the same, and those of W2."""
    final = [label for label in columns if label[1] in ROLES]
    industries = [label for label in columns if label[1] not in ROLES]
    areas = dict.fromkeys(area for area, _ in industries)
    have = set(final)
    faults = [
        f"{area}: no column {', '.join(lacking)}"
        for area in areas
        if (lacking := [code for code in ROLES if (area, code) not in have])
    ]
    faults += [f"'{'_'.join(label)}': no area and code" for label in columns if not all(label)]
    faults += [f"{'_'.join(label)}: two columns" for label in _doubled(columns)]
    if faults or not industries:
        raise _wrong_labels(faults or ["no column of an industry or product"], where)
    below = [(NO_AREA, code) for code in VALUE_ADDED]
    return _Axes((*industries, *below), (*industries, *final), len(industries))


def _check_rows(found: Sequence[Label], axes: _Axes, where: str) -> None:
    have, wanted = set(found), set(axes.rows)
    faults = [f"{'_'.join(label)}: no row" for label in axes.rows if label not in have]
    faults += [f"{'_'.join(label)}: a row, no column" for label in found if label not in wanted]
    faults += [f"{'_'.join(label)}: two rows" for label in _doubled(found)]
    if faults:
        raise _wrong_labels(faults, where)


def _doubled(labels: Sequence[Label]) -> list[Label]:
    return [label for label, count in Counter(labels).items() if count > 1]


def _wrong_labels(faults: Sequence[str], where: str) -> InvalidTableError:
    return InvalidTableError(
        f"The labels of {where} are not those of a FIGARO input-output table.", faults, REMEDY
    )


def _refuse_cells(faults: Sequence[str], where: str) -> None:
    if faults:
        raise InvalidTableError(
            f"{where} has cells without a number.",
            faults,
            "A missing number is not zero, and decimals have a point: take the file from the "
            "publisher again.",
        )


def _numbers(cells: Sequence[str], line: int, names: Sequence[str], faults: list[str]) -> Array:
    """The numbers of a line; what is none goes to the faults."""
    if len(cells) != len(names):
        faults.append(f"line {line}: {len(cells)} values under {len(names)} names")
        return np.zeros(len(names))
    try:
        values = np.array(cells, dtype=np.float64)
    except ValueError:
        values = pd.to_numeric(pd.Series(cells), errors="coerce").to_numpy(np.float64)
    faults += [
        f"line {line}, column {names[j]}: {_told(cells[j])}"
        for j in map(int, np.flatnonzero(~np.isfinite(values)))
    ]
    return values


def _told(cell: object) -> str:
    return f"'{cell}'" if isinstance(cell, str) and cell else "empty"


# The flat form ------------------------------------------------------------------------------------


def _flat_columns(head: Sequence[str], where: str) -> tuple[list[str], list[str]]:
    """Names of the two columns that label rows (area, code), and of those that label columns."""
    rows = [name for name in head if re.fullmatch("row[IP][ip]", name)]
    columns = [name for name in head if re.fullmatch("col[IP][ip]", name)]
    needed = {"refArea", "counterpartArea", VALUE}
    if len(rows) != 1 or len(columns) != 1 or not needed <= set(head):
        raise InvalidTableError(
            f"{where} is no table of FIGARO.",
            [f"its first line: {', '.join(head)[:80] or 'empty'}"],
            REMEDY,
        )
    return ["refArea", rows[0]], ["counterpartArea", columns[0]]


def _chunks(stream: IO[str], head: Sequence[str], wanted: list[str]) -> Iterator[pd.DataFrame]:
    labels = dict.fromkeys(wanted[:-1], "category")
    try:
        yield from pd.read_csv(
            stream,
            names=list(head),
            usecols=wanted,
            dtype=labels,
            keep_default_na=False,
            na_values={VALUE: [""]},
            chunksize=LINES,
        )
    except pd.errors.EmptyDataError:
        return


def _values(chunk: pd.DataFrame, faults: list[str]) -> Array:
    values: Array = pd.to_numeric(chunk[VALUE], errors="coerce").to_numpy(np.float64)
    faults += [
        f"line {chunk.index[k] + 2}: {_told(chunk[VALUE].iloc[k])}"
        for k in map(int, np.flatnonzero(~np.isfinite(values)))
    ]
    return values


def _numbered(chunk: pd.DataFrame, names: Sequence[str], known: dict[Label, int]) -> Integers:
    """A number for the label of every line; labels met for the first time get the next one."""
    area, code = (chunk[name].cat for name in names)
    pairs = area.codes.to_numpy(np.int64) * len(code.categories) + code.codes.to_numpy(np.int64)
    met, first, lines = np.unique(pairs, return_index=True, return_inverse=True)
    numbers = np.zeros(len(met), dtype=np.int64)
    for k in np.argsort(first):
        i, j = divmod(int(met[k]), len(code.categories))
        label = str(area.categories[i]), str(code.categories[j])
        numbers[k] = known.setdefault(label, len(known))
    return numbers[lines]


def _filled(
    parts: Sequence[Part],
    known: tuple[dict[Label, int], dict[Label, int]],
    axes: _Axes,
    where: str,
) -> Array:
    """Every cell in its place; one that stands twice or is missing is refused."""
    places = []
    for axis, labels in zip((axes.rows, axes.columns), known, strict=True):
        place = {label: i for i, label in enumerate(axis)}
        places.append(np.array([place[label] for label in labels]))
    shape = (len(axes.rows), len(axes.columns))
    values, seen = np.zeros(shape).reshape(-1), np.zeros(shape, dtype=bool).reshape(-1)
    twice: list[int] = []
    for rows, columns, numbers in parts:
        cells = places[0][rows] * shape[1] + places[1][columns]
        again = seen[cells] | pd.Series(cells).duplicated().to_numpy()
        twice += cells[again].tolist()
        values[cells], seen[cells] = numbers, True
    for told, wrong in (("stand twice", twice), ("are missing", np.flatnonzero(~seen).tolist())):
        if wrong:
            places_of = (divmod(cell, shape[1]) for cell in wrong)
            raise InvalidTableError(
                f"Of the {len(seen):,} cells of {where}, {len(wrong):,} {told}.",
                [f"{'_'.join(axes.rows[i])} x {'_'.join(axes.columns[j])}" for i, j in places_of],
                "A missing cell is not zero, and of two nobody knows which holds: take the file "
                "from the publisher again.",
            )
    return values.reshape(shape)
