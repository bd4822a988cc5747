"""The terminal's view of repairs: what each step changed, and what it had to leave."""

from rich.console import Console
from rich.markup import escape

from planboard.repairs import Repaired


def print_repairs(repaired: Repaired, console: Console) -> None:
    """Each step as the economy's history tells it, and what could not be mended."""
    count = len(repaired.economy.history)
    steps = [entry for entry in repaired.economy.history if entry["step"].startswith("repair")]
    for entry in steps[-count:]:
        console.print(f"[bold]{escape(entry['step'])}[/]: {escape(entry['detail'])}")
    for row in repaired.refused.itertuples(index=False):
        console.print(f"[yellow]left as it is[/] {escape(', '.join(map(str, row)))}")
    console.print(f"{len(repaired.changes):,} cells changed.", highlight=False)
