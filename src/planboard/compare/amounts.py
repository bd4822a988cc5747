"""Amounts in a unit that people read: billions where millions run long."""

LONG = 10_000  # From here on a thousand of the unit is counted as one of the next.
NEXT = {"thousand ": "million ", "million ": "billion ", "billion ": "trillion "}


def readable_unit(unit: str, largest: float) -> tuple[float, str]:
    """What to divide amounts by, and the unit they are then in; `largest` is the largest of them.

    >>> readable_unit("million 2000 USD", 58_558.0)
    (1000.0, 'billion 2000 USD')
    """
    divisor = 1.0
    while largest / divisor >= LONG:
        smaller = next((prefix for prefix in NEXT if unit.startswith(prefix)), None)
        if smaller is None:
            break
        divisor, unit = divisor * 1000, NEXT[smaller] + unit.removeprefix(smaller)
    return divisor, unit


def amount_words(value: float, unit: str, sign: str = "") -> str:
    """One amount in words: three digits at least, in a unit that people read."""
    divisor, name = readable_unit(unit, abs(value))
    size = abs(value) / divisor
    digits = 0 if size >= 100 else 1 if size >= 10 else 2
    written = f"{value / divisor:{sign},.{digits}f}".replace("-", "−")
    return f"{written} {name}".rstrip()
