"""A world table on one wide sheet, as WIOD and the ADB lay it out: labels above and to the left.

    row k        numbers of the columns: c1, c2, …      column D   numbers of the rows
    row k − 1    regions                                column C   regions
    row k − 2    names                                  column B   names
    above        codes of industries, or nothing        column A   codes, or nothing
                 from column E on: industries region by region, final use likewise, total output

Beneath the industries stand intermediate inputs, the items of value added, and output again. Rows
and columns are found by their labels, never by position.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.economy import Array
from planboard.errors import InvalidTableError
from planboard.publishers.spreadsheet import Sheet
from planboard.publishers.spreadsheet.address import letters
from planboard.tables import InputOutputTable, Publication

Label = tuple[str, str]  # region, code

FIRST = 5  # The first column of values.
HEAD = 12  # The row of numbers is one of these.
TOTAL = "TOT"
# Output beneath and output at the right are one figure stated twice. More than rounding, and a
# block was shifted or cut.
TOLERANCE = 0.01
UNIT = re.compile(r"thousand|million|billion", re.IGNORECASE)
OWN = re.compile(r"MILLION|US\$")
WHOLE = "Take the publisher's file again, whole and as it is."


@dataclass(frozen=True)
class Layout:
    """How one publisher labels its sheets.

    title : of the format, for people
    above, left : where the codes of industries stand: rows above the row of numbers; column
    roles : code of a category of final use -> its role in a plan
    value_added : codes of the rows that make output beside inputs; all must be there
    either : of these codes one must be there: a row that goes by several
    inputs, output : codes of the rows of totals
    zeros : what the publisher writes for zero
    """

    title: str
    above: int
    left: int
    roles: Mapping[str, str]
    value_added: tuple[str, ...]
    inputs: str
    output: str
    either: tuple[str, ...] = ()
    zeros: tuple[str, ...] = ()

    @property
    def beneath(self) -> tuple[str, ...]:
        """Codes of every row beneath the industries."""
        return (self.inputs, *self.value_added, *self.either, self.output)


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels of a sheet, each with its row or column; of the region "" the rows beneath.

    total : column of total output
    names : code -> name; title : the texts of column A above the labels
    """

    rows: tuple[tuple[int, Label], ...]
    columns: tuple[tuple[int, Label], ...]
    total: int
    names: Mapping[str, str]
    title: tuple[str, ...] = ()

    @property
    def regions(self) -> list[str]:
        """Regions, in the order of the columns."""
        return list(dict.fromkeys(region for _, (region, _) in self.columns if region))

    def sectors(self, layout: Layout) -> list[str]:
        """Codes of industries, in the order of the columns."""
        codes = dict.fromkeys(code for _, (_, code) in self.columns)
        return [code for code in codes if code not in layout.roles]


def place_of(sheet: Sheet) -> str:
    """A sheet, for people."""
    return str(sheet.file) if sheet.is_text else f"{sheet.file}, sheet '{sheet.name}'"


def sheet_labels(sheet: Sheet, layout: Layout) -> Labels:
    """The labels of a wide sheet; nothing right of total output is read."""
    row = next((k for k in range(1, HEAD + 1) if sheet.text(k, FIRST) == "c1"), 0)
    if not row:
        raise InvalidTableError(
            f"{place_of(sheet)} is not laid out as {layout.title}.",
            [f"no row of the first {HEAD} has 'c1' in column E, where the columns are numbered"],
            "Take the publisher's file as it is; a table cut or rearranged by hand is not read.",
        )
    across = range(FIRST, sheet.width + 1)
    codes, names, regions = (sheet.texts(row - k, across) for k in (layout.above, 2, 1))
    end = next((j for j, region in enumerate(regions) if region.upper() == TOTAL), None)
    if end is None:
        raise wrong_labels(
            sheet, layout, ["no column of total output, of the region 'TOT', right of final use"]
        )
    down = range(row + 1, sheet.height + 1)
    left = [sheet.texts(down, column) for column in (layout.left, 2, 3)]
    rows = [
        (k, ("" if region.upper() == TOTAL else region, code))
        for k, code, region in zip(down, left[0], left[2], strict=True)
        if code and (region or code in layout.beneath)
    ]
    return Labels(
        rows=tuple(rows),
        columns=tuple(zip(across, zip(regions, codes, strict=True), strict=True))[:end],
        total=FIRST + end,
        names={
            code: name
            for code, name in zip((*left[0], *codes[:end]), (*left[1], *names[:end]), strict=True)
            if code and name
        },
        title=tuple(filter(None, sheet.texts(range(1, row), 1))),
    )


def wide_table(
    sheet: Sheet, labels: Labels, layout: Layout, publication: Publication
) -> InputOutputTable:
    """The table that stands on a sheet at these labels."""
    _check_labels(sheet, labels, layout)
    place = {label: row for row, label in labels.rows}
    final = [(j, label) for j, label in labels.columns if label[1] in layout.roles]
    own = [(j, label) for j, label in labels.columns if label[1] not in layout.roles]
    industries = pd.MultiIndex.from_tuples([label for _, label in own], names=["region", "sector"])
    categories = pd.MultiIndex.from_tuples(
        [label for _, label in final], names=["region", "category"]
    )
    rows = [place[label] for _, label in own]
    inside, right = [j for j, _ in own], [j for j, _ in final]
    items = [code for code in (*layout.value_added, *layout.either) if ("", code) in place]
    beneath = [place["", code] for code in items]
    output = sheet.numbers(rows, labels.total, zeros=layout.zeros)
    beneath_it = sheet.numbers(place["", layout.output], inside, zeros=layout.zeros)
    _check_output(sheet, output, beneath_it, own)
    transactions = sheet.numbers(rows, inside, zeros=layout.zeros)
    final_use = sheet.numbers(rows, right, zeros=layout.zeros)
    value_added = sheet.numbers(beneath, inside, zeros=layout.zeros)
    taxes = sheet.numbers(beneath, right, zeros=layout.zeros)
    return InputOutputTable(
        publication=publication,
        transactions=pd.DataFrame(transactions, industries, industries, copy=False),
        final_use=pd.DataFrame(final_use, industries, categories, copy=False),
        gross_output=pd.Series(output, industries),
        value_added=pd.DataFrame(value_added, items, industries),
        final_use_taxes=pd.DataFrame(taxes, items, categories),
        roles=layout.roles,
    )


def empty_cells(sheet: Sheet, labels: Labels) -> int:
    """How many cells that belong to the table are empty."""
    rows = np.array([row for row, _ in labels.rows], dtype=np.int64)
    columns = np.array([*(column for column, _ in labels.columns), labels.total])
    cells = sheet.cells[np.ix_(rows - 1, columns - 1)]
    return sum(isinstance(cell, str) and not cell.strip() for cell in cells.ravel())


def other_units(labels: Labels) -> list[str]:
    """What is said above the labels of another unit than million US$."""
    told = (text for text in labels.title if UNIT.search(text))
    return [text for text in told if not {"MILLION", "US$"} <= set(OWN.findall(text.upper()))]


def wrong_labels(sheet: Sheet, layout: Layout, faults: Sequence[str]) -> InvalidTableError:
    """The error for labels that are not the publisher's."""
    return InvalidTableError(
        f"The labels of {place_of(sheet)} are not those of {layout.title}.", faults, WHOLE
    )


def _check_labels(sheet: Sheet, labels: Labels, layout: Layout) -> None:
    """Refuse columns without a row and rows without a column, and any that stands twice."""
    columns = [label for _, label in labels.columns]
    industries = [label for label in columns if all(label) and label[1] not in layout.roles]
    known = {*industries, *(("", code) for code in layout.beneath)}
    have = {label for _, label in labels.rows}
    faults = [
        f"column {letters(j)}: no region and code" for j, label in labels.columns if not all(label)
    ]
    faults += _twice(labels.columns, "columns") + _twice(labels.rows, "rows")
    faults += [f"{', '.join(label)}: no row" for label in industries if label not in have]
    faults += [
        f"{code}: no row"
        for code in (layout.inputs, *layout.value_added, layout.output)
        if ("", code) not in have
    ]
    if layout.either and not any(("", code) in have for code in layout.either):
        faults.append(f"{' or '.join(layout.either)}: no row")
    faults += [
        f"row {row}, '{' '.join(label).strip()}': no column"
        for row, label in labels.rows
        if label not in known
    ]
    final = set(columns)
    faults += [
        f"{region}: no column {', '.join(lacking)}"
        for region in labels.regions
        if (lacking := [code for code in layout.roles if (region, code) not in final])
    ]
    if faults:
        raise wrong_labels(sheet, layout, faults)


def _twice(labels: Sequence[tuple[int, Label]], what: str) -> list[str]:
    places: dict[Label, list[str]] = {}
    for place, label in labels:
        name = letters(place) if what == "columns" else str(place)
        places.setdefault(label, []).append(name)
    return [
        f"{', '.join(filter(None, label))}: {what} {' and '.join(where)}"
        for label, where in places.items()
        if len(where) > 1 and any(label)
    ]


def _check_output(
    sheet: Sheet, right: Array, beneath: Array, industries: Sequence[tuple[int, Label]]
) -> None:
    """Refuse a sheet whose two statements of output differ by more than any rounding."""
    gap = np.abs(beneath - right)
    wrong = np.flatnonzero((gap > TOLERANCE * np.abs(right)) & (gap > 1))
    if len(wrong):
        raise InvalidTableError(
            f"{place_of(sheet)} states the output of {len(wrong)} of {len(gap)} industries twice, "
            "and differently.",
            [
                f"{', '.join(industries[i][1])}: {right[i]:,.1f} at the right, "
                f"{beneath[i]:,.1f} beneath"
                for i in wrong[np.argsort(-gap[wrong])]
            ],
            "A block was shifted or cut: take the publisher's file again.",
        )
