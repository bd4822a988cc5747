"""Numbers as people read them."""

import math
from collections.abc import Iterable, Sequence

from planboard.compare.amounts import readable_unit

NONE = "–"  # Stands where there is no number.
FEW = 5  # Of the last digit shown: less is next to nothing.
TRACE = 1e-9  # Of the largest amount: what a solver leaves where there is nothing.


def percent(share: float, sign: str = "", digits: int = 1) -> str:
    """A share in percent with one decimal; a space that does not break before the sign."""
    if not math.isfinite(share):
        return NONE
    return f"{with_minus(f'{_no_minus_zero(share * 100, digits):{sign},.{digits}f}')}\u00a0%"


def number(value: float, digits: int = 2) -> str:
    """A number with a fixed count of decimals."""
    if not math.isfinite(value):
        return NONE
    return with_minus(f"{_no_minus_zero(value, digits):,.{digits}f}")


def significant(value: float, digits: int = 3) -> str:
    """A number to so many significant digits, without exponents where they can be spared."""
    if not math.isfinite(value):
        return NONE
    if value == 0 or not 1e-4 <= abs(value) < 1e7:
        return with_minus(f"{value:.{digits}g}")
    return number(value, max(0, digits - 1 - math.floor(math.log10(abs(value)))))


def exact(value: float, digits: int = 6) -> str:
    """A number to so many significant digits, without zeros that say nothing.

    >>> exact(90_739.0), exact(0.5)
    ('90,739', '0.5')
    """
    text = significant(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def fixed(values: Iterable[float]) -> list[str]:
    """Numbers with the same decimals, so many that the largest has five digits."""
    known = list(values)
    largest = max((abs(value) for value in known if math.isfinite(value)), default=0.0)
    digits = 4 - math.floor(math.log10(largest)) if largest > 0 else 0
    return [number(value, max(0, digits)) for value in known]


def with_minus(text: str) -> str:
    """A written number with a minus sign in place of its hyphen."""
    return text.replace("-", "−", 1) if text.startswith("-") else text


def _no_minus_zero(value: float, digits: int) -> float:
    return 0.0 if round(value, digits) == 0 else value


class Amounts:
    """Amounts of one table or figure: all in one readable unit, with fitting decimals.

    The unit is that in which the largest is easy to read; the next finer one where a quarter of the
    amounts would be shown as next to nothing, such as small countries beside large ones.
    """

    def __init__(self, unit: str, values: Iterable[float]) -> None:
        known = [abs(float(value)) for value in values if math.isfinite(value)]
        largest = max(known, default=0.0)
        there = sorted(value for value in known if value > largest * TRACE)
        small = there[len(there) // 4] if there else largest
        self.divisor, self.unit = readable_unit(unit, largest)
        self.digits = _decimals(largest / self.divisor)
        if small / self.divisor < FEW * 10.0**-self.digits:
            self.divisor, self.unit = readable_unit(unit, largest / 1000)
            self.digits = _decimals(largest / self.divisor)

    def show(self, value: float) -> str:
        """One amount, without its unit."""
        return number(value / self.divisor, self.digits)


def _decimals(largest: float) -> int:
    """With how many decimals numbers up to this one are told."""
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2


def per_unit(unit: str) -> str:
    """A unit of a price, shortened: "million USD per million hours" is "USD per hour".

    >>> per_unit("million 2000 USD of the household basket per million hours")
    '2000 USD of the household basket per hour'
    """
    money, per, counted_in = unit.partition(" per ")
    for prefix in ("thousand ", "million ", "billion "):
        if money.startswith(prefix) and counted_in.startswith(prefix):
            money, counted_in = money.removeprefix(prefix), counted_in.removeprefix(prefix)
    return f"{money}{per}{counted_in[:-1] if counted_in.endswith('hours') else counted_in}"


def listing(names: Sequence[str]) -> str:
    """Names as a sentence lists them: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def counted(count: int, singular: str, plural: str = "") -> str:
    """A count and its noun: 1 year, 3 years."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def capital(text: str) -> str:
    """The same text with a capital first letter."""
    return text[:1].upper() + text[1:]
