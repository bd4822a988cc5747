"""The terminal's view of an audit."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from planboard.audit import Finding

STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    """Every finding with what to do about it, worst first, and how many there are of each kind."""
    for found in findings:
        where = ", ".join(part for part in (found.region, found.name) if part)
        head = f"[{STYLES[found.severity]}]{found.severity}[/]"
        console.print(f"{head} {escape(where)}{': ' if where else ''}{escape(found.message)}")
        console.print(f"    [dim]{escape(found.remedy)}[/]")
    counts = {kind: sum(found.severity == kind for found in findings) for kind in STYLES}
    told = ", ".join(f"{n} {kind}{'s' * (n != 1)}" for kind, n in counts.items() if n)
    console.print(told or "Nothing found: the books agree with themselves.", highlight=False)
