"""Finding: one fault that an audit found in an economy's books, and how grave faults rank."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

# Relative tolerances: of supply for balances, of the stated amount elsewhere.
ROUNDING = 1e-6  # Below this a gap is how numbers are written, not what they say.
MATERIAL = 1e-3  # Below this a gap is a publisher's rounding: counted, not listed.
GRAVE = 1e-2  # Above this a gap changes a plan.

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """One fault: what it is, how grave, where, how large, and what to do about it.

    code : the kind of fault, the same word for all of a kind
    severity : "error" contradicts itself and spoils plans, "warning" may, "note" is worth knowing
    region, name : where; the name is a product, activity, factor, category or partner, or empty
    value : how large, as a share of what it is measured against (the message says of what); where
        something is so many times too large or too small, the natural logarithm of that
    """

    code: str
    severity: str
    region: str
    name: str
    value: float
    message: str
    remedy: str

    def to_dict(self) -> dict[str, str | float]:
        """The finding as plain values, for JSON."""
        return asdict(self)


def grade(share: float) -> str:
    """How grave a gap of this share is."""
    return "error" if abs(share) > GRAVE else "warning" if abs(share) > MATERIAL else "note"


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Errors before warnings before notes, the larger before the smaller."""
    return sorted(findings, key=lambda found: (SEVERITIES.index(found.severity), -abs(found.value)))


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names in a row, those beyond a handful counted."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def counted(number: int, noun: str) -> str:
    """A number of things: 1 region, 2 regions, 3 activities."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def times(factor: float) -> str:
    """How many times as large, in words: 19 times, 1/3.5 of."""
    size = max(factor, 1 / factor)
    told = f"{size:,.0f}" if size >= 10 else f"{size:.2g}"
    return f"{told} times" if factor >= 1 else f"1/{told} of"


def spans(years: Sequence[int]) -> str:
    """Years in a row: 1997, 2001-2003."""
    ordered = sorted(set(years))
    starts = [y for y in ordered if y - 1 not in ordered]
    ends = [y for y in ordered if y + 1 not in ordered]
    return ", ".join(
        f"{first}" if first == last else f"{first}-{last}"
        for first, last in zip(starts, ends, strict=True)
    )


def part_of(share: float, what: str) -> str:
    """A share in words: 0.33 of all output, nearly all output, all output."""
    if share > 0.995:
        return f"{'nearly ' if share < 1 - 1e-9 else ''}all {what}"
    return f"{share:.2g} of all {what}"
