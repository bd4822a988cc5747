"""Errors and extents of sheets in binary workbooks, .xls and .xlsb: a walk over their records.

Sources: [MS-XLS] 2.4 (records: type and length, two bytes each), [MS-XLSB] 2.1.4 (both of variable
length), 2.4 (cells carry their column, rows go before their cells).
"""

import re
import struct
from collections.abc import Iterator

from planboard.publishers.spreadsheet.hidden import Extent, Hidden, error_name, hidden

# .xls ---------------------------------------------------------------------------------------------

_SHEET, _PASSWORD = 0x85, 0x2F
_FORMULA, _ERROR, _SEVERAL, _DIMENSIONS = 0x06, 0x205, 0xBD, 0x200
_SINGLE = {_FORMULA, _ERROR, 0x203, 0x204, 0x27E, 0xFD}  # formula, error, number, text, packed, …
_WORKSHEET, _MACROS = 0x00, 0x01  # kinds of sheet


def xls_parts(stream: bytes) -> tuple[dict[str, int], bool, bool]:
    """Worksheets and where each begins; whether there is a password; whether macro sheets."""
    sheets: list[tuple[int, int, str]] = []
    has_password = False
    for kind, start, length in _xls_records(stream, 0):
        if kind == _SHEET and length >= 8:
            place, _, what, size, wide = struct.unpack_from("<IBBBB", stream, start)
            raw = stream[start + 8 : start + length]
            name = (
                raw[: 2 * size].decode("utf-16-le", "replace")
                if wide & 1
                else raw[:size].decode("latin-1")
            )
            sheets.append((place, what, name))
        has_password |= kind == _PASSWORD
    places = {name: place for place, what, name in sheets if what == _WORKSHEET}
    return places, has_password, any(what == _MACROS for _, what, _ in sheets)


def xls_hidden(stream: bytes, start: int) -> Hidden:
    """What the sheet that begins here hides."""
    flaws: list[tuple[int, int, str]] = []
    extent = Extent()
    for kind, at, length in _xls_records(stream, start):
        if kind in _SINGLE and length >= 6:
            row, column = struct.unpack_from("<HH", stream, at)
            extent = extent.with_cell(row + 1, column + 1)
            code = _xls_error(kind, stream[at : at + length])
            if code is not None:
                flaws.append((row + 1, column + 1, error_name(code)))
        elif kind == _SEVERAL and length >= 6:
            row = struct.unpack_from("<H", stream, at)[0]
            column = struct.unpack_from("<H", stream, at + length - 2)[0]
            extent = extent.with_cell(row + 1, column + 1)
        elif kind == _DIMENSIONS and length >= 12:  # memory is reserved by what it says
            extent = extent.with_cell(*struct.unpack_from("<4xIxxH", stream, at))
    return hidden(flaws, extent)


def _xls_error(kind: int, record: bytes) -> int | None:
    if kind == _ERROR and len(record) >= 8 and record[7]:
        return record[6]
    # A formula's value is eight bytes; those that are no number end in FF FF and begin with a kind.
    if kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
        return record[8]
    return None


def _xls_records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """(type, where its content begins, length) up to the end of this part of the workbook."""
    depth = 0  # charts stand inside a sheet, with a beginning and an end of their own
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        depth += {0x809: 1, 0x0A: -1}.get(kind, 0)
        yield kind, start + 4, length
        start += 4 + length
        if depth == 0:
            return


# .xlsb --------------------------------------------------------------------------------------------

_ROW, _CELLS, _WITH_ERROR = 0, {*range(1, 12), 62}, {3, 11}
# Most cells are plain numbers and texts of a common list; runs of them are taken in one go.
_RUN = -1
_PLAIN = re.compile(rb"(?:[\x02\x07]\x0c.[\x00-\x3f]\0\0.{8}|\x05\x10.[\x00-\x3f]\0\0.{12})+", re.S)
_WIDEST = 1 << 14  # columns that a run can reach: the two bytes that _PLAIN lets through
_COLUMN = re.compile(rb"[\x02\x07]\x0c(..).{10}|\x05\x10(..).{14}", re.S)


def xlsb_sheets(workbook: bytes) -> dict[str, str]:
    """The sheets of a workbook and the id of the part that each stands in."""
    found = {}
    for kind, start, _ in _xlsb_records(workbook):
        if kind == 156:  # BrtBundleSh: state, id, then two texts: the part's id and the name
            part, end = _wide_text(workbook, start + 8)
            found[_wide_text(workbook, end)[0]] = part
    return found


def xlsb_hidden(data: bytes, most_cells: int) -> Hidden:
    """What a sheet hides; columns of runs are looked at only where there could be too many."""
    flaws: list[tuple[int, int, str]] = []
    extent, row, runs = Extent(), 0, []
    for kind, start, length in _xlsb_records(data):
        if kind == _ROW and length >= 4:
            row = 1 + int(struct.unpack_from("<I", data, start)[0])
        elif kind == _RUN:
            runs.append((start, start + length))
            extent = extent.with_cell(row, 0)
        elif kind in _CELLS and length >= 8:
            column = 1 + int(struct.unpack_from("<I", data, start)[0])
            extent = extent.with_cell(row, column)
            if kind in _WITH_ERROR and length >= 9:
                flaws.append((row, column, error_name(data[start + 8])))
    if extent.rows * _WIDEST > most_cells:
        found = {pair for start, end in runs for pair in _COLUMN.findall(data, start, end)}
        columns = [int.from_bytes(text or number, "little") for text, number in found]
        extent = extent.with_cell(0, 1 + max(columns, default=-1))
    return hidden(flaws, extent)


def _xlsb_records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(type, where its content begins, length) of every record, or of a run of plain cells."""
    place, end = 0, len(data)
    while place < end:
        run = _PLAIN.match(data, place)
        if run:
            yield _RUN, place, run.end() - place
            place = run.end()
            continue
        kind, place = _variable(data, place, 2)
        length, place = _variable(data, place, 4)
        if place + length > end:
            return
        yield kind, place, length
        place += length


def _variable(data: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of up to `most` bytes, seven bits in each, the eighth saying that more follow."""
    number = 0
    for k in range(most):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << (7 * k)
        if byte < 0x80:
            break
    return number, place


def _wide_text(data: bytes, place: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", data, place)[0]
    end = place + 4 + 2 * length
    return data[place + 4 : end].decode("utf-16-le", "replace"), end
