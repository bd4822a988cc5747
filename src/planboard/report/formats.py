"""The terminal's view of the formats that are read."""

from rich.console import Console

from planboard.publishers import FORMATS
from planboard.report.entries import print_entry

MET = {
    "real": "has read the publisher's own files",
    "model": "has met only small files laid out like the publisher's",
}


def print_formats(console: Console) -> None:
    """Every format: its name, what it is, what SOURCE must be, where it is published."""
    for format in FORMATS:
        lines = [
            format.title,
            f"needs {format.needs}",
            f"published: {format.published}",
            MET[format.met],
        ]
        lines += [
            f"--choice {choice}={'|'.join(values)}" for choice, values in format.choices.items()
        ]
        if format.read_accounts:
            beside = "beside the table" if format.accounts_beside else "with --accounts FILE"
            lines.append(f"accounts: {beside}")
        print_entry(format.name, lines, console)
