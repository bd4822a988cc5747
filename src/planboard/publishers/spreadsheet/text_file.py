"""CSV files as cells: the separator is the one that gives every line the same number of cells."""

import csv
import io
import itertools
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planboard.errors import UnreadableFileError
from planboard.publishers.archive import WORKBOOK, existing_file, what_it_is

SEPARATORS = ("\t", ";", ",")
ENDINGS = (".csv", ".tsv", ".txt", ".tab")
# Cells are laid out as a full rectangle: one long line among many would take all memory.
MOST_CELLS = 50_000_000
_LOOKED_AT = 50  # lines from which the separator is found
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def text_cells(file: Path) -> NDArray[Any]:
    """Every cell of a CSV file as text, shape (lines, most cells of a line), "" for nothing.

    A remark, a line that begins with #, is one cell.

    Raises
    ------
    UnreadableFileError
        It is no text in UTF-8, or too large, or a quotation is left open.
    """
    text = _text(file)
    try:
        rows = _rows(text, _separator(text))
    except csv.Error as error:
        raise UnreadableFileError(
            f"{file} is not a well-formed CSV file.",
            [str(error)],
            "Save it as CSV again; texts with separators in them stand in double quotes.",
        ) from error
    while rows and not any(map(str.strip, rows[-1])):
        rows.pop()  # Empty lines at the end say nothing.
    width = max(map(len, rows), default=0)
    if len(rows) * width > MOST_CELLS:
        raise UnreadableFileError(
            f"{file} is too large to be read cell by cell.",
            [f"{len(rows):,} lines of up to {width:,} cells, at most {MOST_CELLS:,} cells"],
            "Delete what stands far to the right of the table, and save it.",
        )
    cells = np.full((len(rows), width), "", dtype=object)
    for place, row in enumerate(rows):
        cells[place, : len(row)] = row
    return cells


def _text(file: Path) -> str:
    size = existing_file(file).stat().st_size
    if size > WORKBOOK.total:
        raise UnreadableFileError(
            f"{file} is too large to be read cell by cell.",
            [f"{size:,} bytes, at most {WORKBOOK.total:,}"],
            "Use the format of its publisher, which reads it in one piece, or split it.",
        )
    data = file.read_bytes()
    encoding = next((code for mark, code in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(
            f"{file} is not text in UTF-8.",
            [what_it_is(file) if b"\0" in data else f"line {line}: {data[error.start]:#04x}"],
            "Save it as CSV in UTF-8.",
        ) from error
    if "\0" in text or text.lstrip()[:9].lower().startswith(("<!doctype", "<html", "version h")):
        raise UnreadableFileError(
            f"{file} is not a CSV file.", [what_it_is(file)], "Save the table as CSV in UTF-8."
        )
    return text


def _separator(text: str) -> str:
    """The first of tab, semicolon and comma that gives lines the same number of cells."""
    told = (line for line in io.StringIO(text) if line.strip() and line.lstrip(' "')[:1] != "#")
    lines = list(itertools.islice(told, _LOOKED_AT))
    counts = {mark: [len(row) for row in csv.reader(lines, delimiter=mark)] for mark in SEPARATORS}
    for mark, found in counts.items():
        if found and min(found) == max(found) > 1:
            return mark
    return max(SEPARATORS, key=lambda mark: max(counts[mark], default=0))


def _rows(text: str, separator: str) -> list[list[str]]:
    """Lines as cells; a quotation may run over several lines, a remark may hold separators."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return [
        [separator.join(row).rstrip(separator)] if row and row[0].startswith("#") else row
        for row in reader
    ]
