"""Workbooks written byte by byte: .xls, .xlsb and .ods, as no library here writes them.

Sources: [MS-CFB], [MS-XLS], [MS-XLSB], OpenDocument 1.3.
"""

import struct
import zipfile

SECTOR, END, FREE, TABLE = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(
    streams: dict[str, bytes],
    *,
    small: bytes = b"",
    is_listed_apart: bool = False,
    links: dict[int, int] | None = None,
) -> bytes:
    """A compound file.

    streams : each long enough to have sectors of its own
    small : a stream "Workbook" kept among the small ones, 64 bytes a piece
    is_listed_apart : the header lists no sector of the table: another sector does, as in files
        of more than seven megabytes
    links : entries of the table to overwrite
    """
    table, body = [TABLE, END, END], struct.pack("<128I", 0, *[FREE] * 126, END)
    entries = []

    def add(data: bytes) -> int:
        nonlocal body
        start, count = len(table), -(-len(data) // SECTOR)
        table.extend([*range(start + 1, start + count), END])
        body += data.ljust(count * SECTOR, b"\0")
        return start

    for name, data in streams.items():
        padded = data.ljust(4096, b"\0")
        entries.append((name, 2, add(padded), len(padded)))
    root, pieces = END, END
    if small:
        count = -(-len(small) // 64)
        entries.append(("Workbook", 2, 0, len(small)))
        root = add(small)
        pieces = add(struct.pack(f"<{count}I", *range(1, count), END))
    entries.insert(0, ("Root Entry", 5, root, len(small)))
    directory = b"".join(entry(told, place, len(entries)) for place, told in enumerate(entries))
    for place, target in (links or {}).items():
        table[place] = target
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<5H10x", 0x3E, 3, 0xFFFE, 9, 6)  # versions, order of bytes, sector sizes
    apart = (2, 1) if is_listed_apart else (END, 0)
    head += struct.pack("<8I", 1, 1, 0, 4096, pieces, int(bool(small)), *apart)
    head += struct.pack("<109I", FREE if is_listed_apart else 0, *[FREE] * 108)
    whole = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return head + whole + directory.ljust(SECTOR, b"\0") + body


def entry(told: tuple[str, int, int, int], place: int, count: int) -> bytes:
    """An entry of the directory of a compound file: the streams stand in a row under the root."""
    name, kind, start, size = told
    text = name.encode("utf-16-le") + b"\0\0"
    child = 1 if place == 0 else FREE
    after = place + 1 if 0 < place < count - 1 else FREE
    said = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return said + struct.pack("<3I36xIII", FREE, after, child, start, size, 0)


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def old_book(*cells: bytes, first: bytes = b"", kind: int = 0) -> bytes:
    """The stream of an .xls workbook with one sheet, Use, that holds these records."""
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    name = struct.pack("<BB", 3, 0) + b"Use"
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    at = len(begin) + len(first) + len(record(0x85, bytes(6) + name)) + len(record(0x0A))
    told = record(0x85, struct.pack("<IBB", at, 0, kind) + name)
    return begin + first + told + record(0x0A) + sheet + b"".join(cells) + record(0x0A)


def old_number(row: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row - 1, column - 1, 0, value))


OLD_ERRORS = (
    record(0x205, struct.pack("<HHHBB", 0, 1, 0, 0x17, 1)),
    record(0x06, struct.pack("<HHH", 1, 0, 0) + b"\x02\0\x07\0\0\0\xff\xff" + bytes(8)),
    record(0x205, struct.pack("<HHHBB", 1, 1, 0, 1, 0)),  # the truth value TRUE, no error
    # Formulas that give a number, a text and a truth value.
    record(0x06, struct.pack("<HHHd", 2, 0, 0, 1.5) + bytes(8)),
    record(0x06, struct.pack("<HHH", 2, 1, 0) + b"\0\0\0\0\0\0\xff\xff" + bytes(8)),
    record(0x207, struct.pack("<HB", 1, 0) + b"x"),
    record(0x06, struct.pack("<HHH", 2, 2, 0) + b"\1\0\1\0\0\0\xff\xff" + bytes(8)),
)


def wide(kind: int, data: bytes = b"") -> bytes:
    """A record of a binary workbook of the newer kind."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    return head + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + data


def wide_text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_book(*cells: bytes) -> str:
    """An .xlsb workbook with one sheet, Use, that holds these records."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    book = wide(131) + wide(143)
    book += wide(156, struct.pack("<II", 0, 1) + wide_text("rId1") + wide_text("Use"))
    book += wide(144) + wide(132)
    size = wide(148, struct.pack("<4I", 0, 1, 0, 1))
    sheet = wide(129) + size + wide(145) + b"".join(cells) + wide(146) + wide(130)
    with zipfile.ZipFile("use.xlsb", "w") as file:
        file.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relation}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
        )
        file.writestr("xl/workbook.bin", book)
        file.writestr("xl/worksheets/sheet1.bin", sheet)
    return "use.xlsb"


def wide_row(row: int) -> bytes:
    return wide(0, struct.pack("<I", row - 1) + bytes(13))


def wide_number(column: int, value: float) -> bytes:
    return wide(5, struct.pack("<IId", column - 1, 0, value))


def open_document(rows: str, *, manifest: str = "", **more: str) -> str:
    """An .ods workbook with one sheet, Use."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f"<office:document-content{names} {calc}><office:body><office:spreadsheet>"
        f'<table:table table:name="Use">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile("use.ods", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = f"<manifest:manifest{names}>{manifest}</manifest:manifest>"
        file.writestr("META-INF/manifest.xml", manifest)
        file.writestr("content.xml", content)
        for name, text in more.items():
            file.writestr(name, text)
    return "use.ods"


def ods_cell(value: str = "", attributes: str = "") -> str:
    kind = f' office:value-type="float" office:value="{value}"' if value else ""
    return f"<table:table-cell{kind} {attributes}><text:p>{value}</text:p></table:table-cell>"
