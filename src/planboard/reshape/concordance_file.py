"""Concordance files: CSV as a list of links, as two columns, or as a publisher's matrix of 0 and 1.

    axis,source,target[,label][,weight]     a line for every link
    any,header                              two columns, where the caller names the axis
    any,TARGET1,TARGET2,…                   a row for every source, 1 (or a weight) at its target

Columns are parted by commas, semicolons or tabs; lines that begin with # are remarks.
"""

import csv
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.labels import unknown_name
from planboard.reshape.concordance import AXES, Concordance, Link

COLUMNS = ("axis", "source", "target", "label", "weight")
LARGEST = 20_000_000  # Bytes: no concordance is larger.

Line = tuple[int, list[str]]  # Its number in the file, and its cells.


def read_concordance(path: str | Path, axis: str | None = None) -> Concordance:
    """Read a concordance from a CSV file.

    Parameters
    ----------
    axis
        What the codes are, where the file does not say it in a column `axis`: one of "region",
        "sector" (product and activity), "product", "activity", "factor", "category".

    Raises
    ------
    UnreadableFileError, InvalidTableError, UnknownNameError
        With the file and the line.
    """
    file = Path(path)
    if axis is not None and axis not in AXES:
        raise unknown_name("axis", axis, AXES)
    lines = read_lines(file)
    header = [cell.lower() for cell in lines[0][1]]
    layout: Callable[[Path, Sequence[Line], str | None], list[Link]]
    if {"source", "target"} <= set(header):
        layout = _listed
    else:
        layout = _two_columns if len(header) == 2 else _matrix
    links = layout(file, lines, axis)
    if not links:
        raise InvalidTableError(f"{file} has no links.", [], "Write a line for every code.")
    return Concordance(tuple(links), str(file))


def read_lines(file: Path) -> list[Line]:
    """Header and lines of a CSV file with their numbers, cells stripped; all of one width."""
    try:
        if file.stat().st_size > LARGEST:
            raise OSError(f"larger than {LARGEST:,} bytes")
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise UnreadableFileError(
            f"The file {file} cannot be read.", [told], "It must be CSV in UTF-8."
        ) from error
    rows = text.splitlines()
    first = next((row for row in rows if row.strip() and not row.startswith("#")), "")
    delimiter = max(",;\t", key=first.count)
    lines = []
    for number, row in enumerate(rows, start=1):
        if row.strip() and not row.startswith("#"):
            cells = next(csv.reader([row], delimiter=delimiter))
            lines.append((number, [cell.strip() for cell in cells]))
    if len(lines) < 2:
        raise UnreadableFileError(
            f"The file {file} is empty.", [], "It needs a line of column names, and lines below."
        )
    _check_widths(file, lines)
    return lines


def _check_widths(file: Path, lines: Sequence[Line]) -> None:
    width = len(lines[0][1])
    wrong = [
        f"line {number}: {len(cells)} cells, {width} column names"
        for number, cells in lines
        if len(cells) != width
    ]
    if wrong:
        raise InvalidTableError(
            f"Lines of {file} do not fit its column names.",
            wrong,
            "Put a code that holds the separator in quotation marks.",
        )


def number(cell: str, file: Path, line: int, what: str) -> float:
    """A number with a decimal point; anything else is an error that names the line."""
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidTableError(
            f"{file} holds what is not a number.",
            [f"line {line}, {what}: '{cell}'"],
            "Write a number with a decimal point.",
        )
    return value


def _need_axis(file: Path, axis: str | None) -> str:
    if axis is None:
        raise InvalidTableError(
            f"{file} does not say what its codes are.",
            ["no column 'axis'"],
            f"Add the column, or name the axis: {', '.join(AXES)}.",
        )
    return axis


def _listed(file: Path, lines: Sequence[Line], axis: str | None) -> list[Link]:
    header = [cell.lower() for cell in lines[0][1]]
    for name in header:
        if name not in COLUMNS:
            raise unknown_name("column", name, COLUMNS, f"{file}, line {lines[0][0]}")
    links = []
    for line, cells in lines[1:]:
        given = dict(zip(header, cells, strict=True))
        weight = given.get("weight", "")
        links.append(
            Link(
                given["axis"].lower() if "axis" in given else _need_axis(file, axis),
                given["source"],
                given["target"],
                number(weight, file, line, "weight") if weight else None,
                given.get("label", ""),
                line,
            )
        )
    return links


def _two_columns(file: Path, lines: Sequence[Line], axis: str | None) -> list[Link]:
    named = _need_axis(file, axis)
    return [Link(named, cells[0], cells[1], line=line) for line, cells in lines[1:]]


def _matrix(file: Path, lines: Sequence[Line], axis: str | None) -> list[Link]:
    named, targets = _need_axis(file, axis), lines[0][1][1:]
    twice = sorted({target for target in targets if targets.count(target) > 1})
    if twice:
        raise InvalidTableError(
            f"{file} has columns of the same name.",
            [f"line {lines[0][0]}: '{target}'" for target in twice],
            "Give every target one column.",
        )
    links: list[Link] = []
    empty = []
    for line, (source, *cells) in lines[1:]:
        found = {
            target: number(cell, file, line, f"column '{target}'")
            for target, cell in zip(targets, cells, strict=True)
            if cell
        }
        weights = {target: weight for target, weight in found.items() if weight != 0}
        links += [
            Link(named, source, target, None if weight == 1 and len(weights) == 1 else weight,
                 line=line)
            for target, weight in weights.items()
        ]  # fmt: skip
        empty += [] if weights else [f"line {line}: {named} '{source}'"]
    if empty:
        raise InvalidTableError(
            f"Rows of {file} go to no target.", empty, "Write 1 in one column of each row."
        )
    return links
