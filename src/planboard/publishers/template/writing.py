"""A template to fill in, with a small example that balances."""

import csv
import io
import os
import re
import tempfile
from importlib import resources
from pathlib import Path

from planboard.economy_folder import new_economy_folder
from planboard.errors import OutputFolderError
from planboard.publishers.template.book import SHEETS

TEMPLATE = ("templates", "table")
SINGLE = "single.csv"  # The whole table in one file.
ENDINGS = (".xlsx", ".csv", "")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def write_template(path: str | Path) -> Path:
    """Write the example: a workbook, a CSV file, or a folder of CSV files, by the name's ending.

    Raises
    ------
    OutputFolderError
        Something is there already, it cannot be written, or the ending is another.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise OutputFolderError(
            f"No template is written as '{target.suffix}'.",
            [str(target)],
            "End the name in .xlsx or .csv, or name a folder.",
        )
    files = template_files()
    if not ending:
        with new_economy_folder(target) as folder:
            for name in SHEETS:
                (folder / f"{name}.csv").write_text(files[f"{name}.csv"], encoding="utf-8")
        return target
    content = files[SINGLE].encode() if ending == ".csv" else _workbook(files)
    _write(target, content)
    return target


def template_files() -> dict[str, str]:
    """The files of the example, by name."""
    source = resources.files("planboard").joinpath(*TEMPLATE)
    return {file.name: file.read_text(encoding="utf-8") for file in source.iterdir()}


def _workbook(files: dict[str, str]) -> bytes:
    """The sheets of the example as a workbook, numbers as numbers, remarks in grey."""
    try:
        import openpyxl  # noqa: PLC0415
        from openpyxl.styles import Font  # noqa: PLC0415
    except ImportError as error:
        raise OutputFolderError(
            "A workbook cannot be written without the package openpyxl.",
            [],
            "Install it with `pip install openpyxl`, or name a .csv file or a folder.",
        ) from error
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("readme", *(sheet for sheet in SHEETS if sheet != "readme")):
        sheet = book.create_sheet(name)
        for line in csv.reader(io.StringIO(files[f"{name}.csv"])):
            is_remark = bool(line) and line[0].startswith("#")
            sheet.append([",".join(line)] if is_remark else [_value(text) for text in line])
            if is_remark:
                sheet.cell(sheet.max_row, 1).font = Font(color="808080", italic=True)
        sheet.column_dimensions["A"].width = 16
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _value(text: str) -> float | str | None:
    return float(text) if _NUMBER.fullmatch(text) else (text or None)


def _write(target: Path, content: bytes) -> None:
    """Write a new file: whole, or not at all, and over nothing."""
    if target.exists() or target.is_symlink():
        raise OutputFolderError(
            f"{target} exists already.", [], "Name a new file; nothing of yours is overwritten."
        )
    place = target.absolute()
    written = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            written = Path(file.name)
            file.write(content)
        written.chmod(0o644)
        os.replace(written, place)
    except OSError as error:
        if written is not None:
            written.unlink(missing_ok=True)
        raise OutputFolderError(
            f"{target} cannot be written.",
            [str(error.strerror or error)],
            "Name another place; nothing half-written was left behind.",
        ) from error
