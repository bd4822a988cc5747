"""Errors, formulas never computed, and extents of sheets in workbooks of XML: .xlsx and .ods.

Sources: ECMA-376-1 (Office Open XML) 18.3.1.4, cells; OpenDocument 1.3 part 3, 9.1, tables.
"""

import io
import posixpath
import re
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree

from planboard.publishers.spreadsheet.address import column_number
from planboard.publishers.spreadsheet.hidden import UNCOMPUTED, Extent, Hidden, hidden

_BLOCK = 1 << 22
_LONGEST_ROW = 1 << 26  # bytes; a row of 16,384 cells takes a few megabytes

# .xlsx --------------------------------------------------------------------------------------------

# A sheet may be made to deceive: no expression looks at one place again and again, and a cell whose
# address is written unlike everybody's is looked at with care, for its reader believes it.
_NAME = rb"""<(?:[^\s<>/"'=:]+:)?"""
_PLACED = re.compile(rb"""%s(?:row|c) r="([A-Z]*)([0-9]+)\"""" % _NAME)
_CELL = re.compile(rb"%sc(?=[\s/>])" % _NAME)
_ROW = re.compile(rb"%srow(?=[\s/>])" % _NAME)
_TAG = re.compile(rb"""%s(?:row|c)(?=[\s/>])((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)""" % _NAME)
_ATTRIBUTE = re.compile(rb"""([^\s=<>"'/]+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_PLACE = re.compile(rb"([A-Za-z]*)([0-9]+)")
_SHORT = rb"[^<>]{0,500}"
_FORMULA = rb"<(?:\w{1,50}:)?f\b%s(?:(?<=/)>|(?<!/)>[^<]*+</(?:\w+:)?f>)" % _SHORT
_ERROR = re.compile(
    rb"""<(?:\w{1,50}:)?c\b(%s\st=["']e["']%s)>\s*+(?:%s\s*+)?<(?:\w+:)?v>([^<]*+)<"""
    % (_SHORT, _SHORT, _FORMULA)
)
# A formula followed by no value; one that computes an empty text says so with t="str".
_UNCOMPUTED = re.compile(
    rb"""<(?:\w{1,50}:)?c\b(%s)>\s*+%s\s*+"""
    rb"""(?:(?:<(?:\w+:)?v\s*+/>|<(?:\w+:)?v></(?:\w+:)?v>)\s*+)?</(?:\w+:)?c>"""
    % (_SHORT, _FORMULA)
)
_TEXT = re.compile(rb"""\st=["']str["']""")
_ADDRESS = re.compile(rb"""\sr=["']([A-Z]+)([0-9]+)["']""")
_WIDEST = 1 << 14  # columns of a sheet of Office Open XML


def xlsx_sheets(workbook: bytes, relations: bytes) -> dict[str, str]:
    """The sheets of a workbook and the member of the archive that each stands in."""
    return part_members(
        {
            element.get("name", ""): next(iter(_local(element, "id")), "")
            for element in _parsed(workbook).iter()
            if element.tag.endswith("}sheet")
        },
        relations,
    )


def part_members(parts: dict[str, str], relations: bytes) -> dict[str, str]:
    """Sheets with the ids of their parts, found in the list of a workbook's parts."""
    targets = {
        element.get("Id", ""): element.get("Target", "") for element in _parsed(relations).iter()
    }
    return {
        name: posixpath.normpath(posixpath.join("/xl", targets[part])).lstrip("/")
        for name, part in parts.items()
        if part in targets
    }


def xlsx_hidden(sheet: IO[bytes]) -> Hidden:
    """What a sheet hides, read piece by piece."""
    flaws: list[tuple[int, int, str]] = []
    extent = Extent()
    placed = cells = rows = 0
    for piece in _rows(sheet):
        if b"\0" in piece:
            raise ElementTree.ParseError("a sheet is not text in UTF-8")
        found = _PLACED.findall(piece)
        here = len(_CELL.findall(piece)), len(_ROW.findall(piece))
        if len(found) < sum(here):
            found = list(_places(piece))
        cells, rows = cells + here[0], rows + here[1]
        if found:
            letters = {column for column, _ in found}
            placed += sum(1 for column, _ in found if column)
            extent = extent.with_cell(
                max(int(row) for _, row in found),
                max(column_number(column.decode()) for column in letters),
            )
        flaws += _xlsx_flaws(piece)
    if placed < cells:  # Cells without an address stand one after the other, rows likewise.
        extent = extent.with_cell(extent.rows + rows, min(cells, _WIDEST))
    return hidden(flaws, extent)


def _places(piece: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Letters and number of every address of a cell or row, however it is written."""
    for tag in _TAG.finditer(piece):
        found = (a[2] or a[3] or b"" for a in _ATTRIBUTE.finditer(tag[1]) if a[1] == b"r")
        address = next(found, None)
        if address is None:
            continue
        place = _PLACE.fullmatch(address)
        if not place:
            raise ElementTree.ParseError(f"a cell has the address {address[:40]!r}")
        yield place[1].upper(), place[2]


def _xlsx_flaws(piece: bytes) -> Iterator[tuple[int, int, str]]:
    told: list[tuple[bytes, str]] = []
    if b'"e"' in piece or b"'e'" in piece:  # far faster than the expressions, and mostly not so
        told += [(match[1], match[2].decode()) for match in _ERROR.finditer(piece)]
    if b"<f" in piece or b":f" in piece:
        told += [(m[1], UNCOMPUTED) for m in _UNCOMPUTED.finditer(piece) if not _TEXT.search(m[1])]
    for attributes, text in told:
        address = _ADDRESS.search(attributes)
        if address:
            yield int(address[2]), column_number(address[1].decode()), text


def _rows(sheet: IO[bytes]) -> Iterator[bytes]:
    """Pieces of a sheet's text that end where a row ends."""
    rest = b""
    while block := sheet.read(_BLOCK):
        text = rest + block
        end = max(text.rfind(b"</row>"), text.rfind(b":row>"))
        if end < 0 and len(text) < _LONGEST_ROW:
            rest = text
            continue
        yield text[:end] if end >= 0 else text
        rest = text[end:] if end >= 0 else b""
    yield rest


# .ods ---------------------------------------------------------------------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ODS_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_ODS_ERROR = re.compile(r"#[A-Z/0!?]+|Err:[0-9]+")


def ods_hidden(content: bytes, sheet: str) -> Hidden:
    """What a sheet hides; its extent is that of its flaws: the reader of .ods keeps a limit."""
    if b":formula=" not in content:  # only a formula gives an error
        return Hidden()
    _refuse_entities(content)
    flaws = [
        flaw
        for name, row, line in _ods_rows(content)
        if name == sheet
        for flaw in _ods_flaws(line, row)
    ]
    extent = Extent()
    for row, column, _ in flaws:
        extent = extent.with_cell(row, column)
    return hidden(flaws, extent)


def _ods_rows(content: bytes) -> Iterator[tuple[str, int, ElementTree.Element]]:
    """Every row with its sheet and number; rows are let go, as even empty ones take memory."""
    here, row = "", 1
    opened: list[ElementTree.Element] = []
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        if event == "start":
            opened.append(element)
        else:
            opened.pop()
        if element.tag == f"{_TABLE}table":
            here, row = element.get(f"{_TABLE}name", "") if event == "start" else "", 1
        elif element.tag == f"{_TABLE}table-row" and event == "end":
            yield here, row, element
            row += int(element.get(f"{_TABLE}number-rows-repeated", 1))
            for parent in opened[-1:]:
                parent.remove(element)


def _ods_flaws(line: ElementTree.Element, row: int) -> Iterator[tuple[int, int, str]]:
    column = 1
    for cell in line:
        if cell.tag in _ODS_CELLS:
            flaw = _ods_flaw(cell)
            if flaw:
                yield row, column, flaw
            column += int(cell.get(f"{_TABLE}number-columns-repeated", 1))


def _ods_flaw(cell: ElementTree.Element) -> str:
    """What is wrong with a cell: the error that it shows, or that it was never computed."""
    if f"{_TABLE}formula" not in cell.attrib:
        return ""
    shown = "".join(cell.itertext()).strip()
    if "error" in _local(cell, "value-type") or _ODS_ERROR.fullmatch(shown):
        return shown or "an error"
    return "" if f"{_OFFICE}value-type" in cell.attrib else UNCOMPUTED


def _local(element: ElementTree.Element, name: str) -> list[str]:
    """Attributes of this name in whichever name space."""
    return [value for key, value in element.attrib.items() if key.rpartition("}")[2] == name]


def _parsed(data: bytes) -> ElementTree.Element:
    _refuse_entities(data)
    return ElementTree.fromstring(data)


def _refuse_entities(data: bytes) -> None:
    """No workbook defines entities of its own; nested ones can grow without end."""
    if b"<!DOCTYPE" in data:
        raise ElementTree.ParseError("it defines entities of its own")
