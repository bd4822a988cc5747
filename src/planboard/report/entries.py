"""Entries of a list on the terminal: a name, and what is to be said of it."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

INDENT = (0, 0, 0, 4)  # Above, right, below, left: a long line goes on below its own beginning.


def print_entry(name: str, lines: Sequence[str], console: Console) -> None:
    """A name, and below it its lines, indented."""
    console.print(f"[bold]{escape(name)}[/]", highlight=False)
    for line in lines:
        console.print(Padding(f"[dim]{escape(line)}[/]", INDENT, expand=False))
