"""Small worlds in the exact layouts of publishers: a balanced table, and files to write it to.

No file here is a publisher's: the numbers are invented, only their places are not.
"""

import csv
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from planboard.tables import InputOutputTable

Rows = list[list[object]]


@dataclass(frozen=True, eq=False)
class World:
    """A table that balances to the last digit: its numbers are eighths, and exact.

    transactions (n, n), final_use (n, m), output (n,), value_added (items, n), taxes (items, m)
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    categories: tuple[str, ...]
    items: tuple[str, ...]
    transactions: np.ndarray
    final_use: np.ndarray
    output: np.ndarray
    value_added: np.ndarray
    taxes: np.ndarray

    @property
    def industries(self) -> list[tuple[str, str]]:
        return list(product(self.regions, self.sectors))

    @property
    def final(self) -> list[tuple[str, str]]:
        return list(product(self.regions, self.categories))


def world(
    regions: Sequence[str],
    sectors: Sequence[str],
    categories: Sequence[str],
    items: Sequence[str],
    rest: str,
) -> World:
    """A world with these labels; the item `rest` is what is left of output; inventories shrink."""
    n, m = len(regions) * len(sectors), len(regions) * len(categories)
    transactions = (np.arange(n * n).reshape(n, n) % 7 + 1) / 8
    final_use = (np.arange(n * m).reshape(n, m) % 11 + 4) * 1.0
    final_use[:, [j for j in range(m) if (j + 1) % len(categories) == 0]] *= -0.125
    output = transactions.sum(axis=1) + final_use.sum(axis=1)
    value_added = np.array([np.arange(n) % (k + 2) / 8 for k in range(len(items))])
    own = list(items).index(rest)
    value_added[own] = 0
    value_added[own] = output - transactions.sum(axis=0) - value_added.sum(axis=0)
    taxes = np.array([np.arange(m) % (k + 3) / 8 for k in range(len(items))])
    taxes[own] = 0
    return World(
        tuple(regions), tuple(sectors), tuple(categories), tuple(items),
        transactions, final_use, output, value_added, taxes,
    )  # fmt: skip


def assert_says(table: InputOutputTable, model: World) -> None:
    """The table says what the model says, label by label, and balances."""
    rows = pd.MultiIndex.from_tuples(model.industries, names=["region", "sector"])
    final = pd.MultiIndex.from_tuples(model.final, names=["region", "category"])
    items = list(model.items)
    assert table.final_use_taxes is not None
    for have, values, index, columns in (
        (table.transactions, model.transactions, rows, rows),
        (table.final_use, model.final_use, rows, final),
        (table.value_added, model.value_added, items, rows),
        (table.final_use_taxes, model.taxes, items, final),
    ):
        want = pd.DataFrame(values, index, columns)
        pd.testing.assert_frame_equal(have, want, check_exact=True)
    want = pd.Series(model.output, rows)
    pd.testing.assert_series_equal(table.gross_output, want, check_exact=True)
    assert table.row_gaps().abs().max() == 0
    assert table.column_gaps().abs().max() == 0


def wide_values(model: World) -> Rows:
    """The values of a wide sheet: industries, inputs, items, output; total output at the right."""
    rows = [
        [*model.transactions[i], *model.final_use[i], model.output[i]]
        for i in range(len(model.output))
    ]
    m = len(model.final)
    rows.append([*model.transactions.sum(axis=0), *model.final_use.sum(axis=0), 0.0])
    rows += [[*value, *tax, 0.0] for value, tax in zip(model.value_added, model.taxes, strict=True)]
    rows.append([*model.output, *[0.0] * m, 0.0])
    return [[float(value) for value in row] for row in rows]  # type: ignore[arg-type]


def write_csv(path: Path, rows: Rows, separator: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows(rows)
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


# Binary workbooks. Source: [MS-XLSB] 2.1.4 (records), 2.4 (their types) ---------------------------

ROW, REAL, TEXT = 0, 5, 6
BOOK, BUNDLE, SHEET = (0x83, 0x84), (0x8F, 0x90), 0x9C
PAGE, DATA, EXTENT = (0x81, 0x82), (0x91, 0x92), 0x94
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_xlsb(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """The least that an .xlsb workbook needs: its sheets, texts and numbers."""
    book = record(BOOK[0]) + record(BUNDLE[0])
    for k, name in enumerate(sheets, start=1):
        book += record(SHEET, struct.pack("<II", 0, k) + wide(f"rId{k}") + wide(name))
    book += record(BUNDLE[1]) + record(BOOK[1])
    links = "".join(
        f'<Relationship Id="rId{k}" Type="{TYPES}/worksheet" Target="worksheets/sheet{k}.bin"/>'
        for k in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        )
        for k, rows in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{k}.bin", page(rows))
    return path


def page(rows: Rows) -> bytes:
    last = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    parts = [record(PAGE[0]), record(EXTENT, last), record(DATA[0])]
    for i, row in enumerate(rows):
        parts.append(record(ROW, struct.pack("<I", i) + bytes(13)))
        for j, value in enumerate(row):
            if value is None or value == "":
                continue
            head = struct.pack("<II", j, 0)
            if isinstance(value, str):
                parts.append(record(TEXT, head + wide(value)))
            else:
                parts.append(record(REAL, head + struct.pack("<d", value)))
    return b"".join([*parts, record(DATA[1]), record(PAGE[1])])


def record(kind: int, content: bytes = b"") -> bytes:
    """A record: type and length in bytes of seven bits, the lowest first."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(content)
    while True:
        length, part = length >> 7, length & 0x7F
        size += bytes([part | (0x80 if length else 0)])
        if not length:
            return head + size + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
