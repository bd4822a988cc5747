"""The terminal's view of repairs: what each step changed, and what it had to leave."""

from rich.console import Console
from rich.markup import escape

from planboard.repairs import Repaired


def print_repairs(repaired: Repaired, console: Console, steps: int) -> None:
    """The last `steps` steps as the economy's history tells them, and what was left as it is."""
    for entry in repaired.economy.history[-steps:]:
        console.print(f"[bold]{escape(entry['step'])}[/]: {escape(entry['detail'])}")
    for row in repaired.refused.itertuples(index=False):
        console.print(f"[yellow]left as it is[/] {escape(', '.join(map(str, row)))}")
    console.print(f"{len(repaired.changes):,} cells changed.", highlight=False)
