"""The terminal's view of an audit."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from planboard.audit import Finding

STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}
# How many of one kind are shown in full; the others are counted.
SHOWN = {"error": 8, "warning": 8, "note": 2}


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    """Findings with what to do about them, worst first, and how many there are of each severity.

    Of many findings of one kind the worst are shown, and how many more there are.
    """
    total = Counter((found.severity, found.code) for found in findings)
    shown: Counter[tuple[str, str]] = Counter()
    folded, remedy = 0, ""
    for found in findings:
        kind = found.severity, found.code
        shown[kind] += 1
        if shown[kind] <= SHOWN[found.severity]:
            _print_finding(found, console, remedy)
            remedy = found.remedy
        elif shown[kind] == total[kind]:
            more = total[kind] - SHOWN[found.severity]
            folded += more
            console.print(f"{_head(found.severity)} … and {more} more of {found.code}.")
    counts = {kind: sum(found.severity == kind for found in findings) for kind in STYLES}
    told = ", ".join(f"{n} {kind}{'s' * (n != 1)}" for kind, n in counts.items() if n)
    ending = f" ({folded} not shown; --json lists all)" if folded else ""
    console.print(
        f"{told}{ending}" if told else "Nothing found: the books agree with themselves.",
        highlight=False,
    )


def _print_finding(found: Finding, console: Console, told: str) -> None:
    """A finding and what to do about it, unless that was `told` just before."""
    where = ", ".join(part for part in (found.region, found.name) if part)
    console.print(
        f"{_head(found.severity)} {escape(where)}{': ' if where else ''}{escape(found.message)}"
    )
    if found.remedy != told:
        console.print(f"    [dim]{escape(found.remedy)}[/]")


def _head(severity: str) -> str:
    return f"[{STYLES[severity]}]{severity}[/]"
