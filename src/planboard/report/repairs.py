"""The terminal's view of repairs: which there are, what each changed, and what it had to leave."""

from rich.console import Console
from rich.markup import escape

from planboard.repairs import REPAIRS, Repaired
from planboard.report.entries import print_entry


def print_known_repairs(console: Console) -> None:
    """Every repair: its name, what it does, and its options with their defaults."""
    for repair in REPAIRS.values():
        lines = [repair.about]
        for name, option in repair.options.items():
            values = f" ({' or '.join(option.values)})" if option.values else ""
            lines.append(f"{name}={option.default}: {option.about}{values}")
        print_entry(repair.name, lines, console)


def print_repairs(repaired: Repaired, console: Console, steps: int) -> None:
    """The last `steps` steps as the economy's history tells them, and what was left as it is."""
    for entry in repaired.economy.history[-steps:]:
        console.print(f"[bold]{escape(entry['step'])}[/]: {escape(entry['detail'])}")
    for row in repaired.refused.itertuples(index=False):
        console.print(f"[yellow]left as it is[/] {escape(', '.join(map(str, row)))}")
    console.print(f"{len(repaired.changes):,} cells changed.", highlight=False)
