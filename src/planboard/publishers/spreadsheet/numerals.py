"""Numbers written as text: read under a stated decimal mark, never under a guessed one."""

import re

AS_STORED = "as stored"  # number cells are numbers; texts of a CSV file have decimal points
DECIMALS = (AS_STORED, ".", ",")

_TAIL = r"(?:[eE][+-]?[0-9]+)?"
_POINT = re.compile(rf"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+){_TAIL}")
_COMMA = re.compile(rf"[+-]?(?:[0-9]+,?[0-9]*|,[0-9]+){_TAIL}")
# Thousands in groups of three, all set apart by the same mark: a point or comma that is not the
# decimal mark, a space (also one that does not break, U+00A0, or a narrow one, U+202F), or '.
_GROUPED_POINT = re.compile(
    r"[+-]?[0-9]{1,3}(?:([, '\u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?"
)
_GROUPED_COMMA = re.compile(
    r"[+-]?[0-9]{1,3}(?:([. '\u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:,[0-9]+)?"
)
_WITH_COMMA = re.compile(r"[+-]?[0-9.' \u00a0\u202f]*,[0-9., ]*")


def number_in(text: str, decimal: str) -> float | None:
    """The number that a text says, or None.

    decimal : `AS_STORED` reads plain numbers with decimal points only; a stated mark reads
        thousands set apart too
    """
    text = text.strip()
    if decimal != "," and _POINT.fullmatch(text):
        return float(text)
    if decimal == "." and _GROUPED_POINT.fullmatch(text):
        return float(re.sub(r"[, '\u00a0\u202f]", "", text))
    if decimal == ",":
        if _COMMA.fullmatch(text):
            return float(text.replace(",", "."))
        if _GROUPED_COMMA.fullmatch(text):
            return float(re.sub(r"[. '\u00a0\u202f]", "", text).replace(",", "."))
    return None


def has_comma(text: str) -> bool:
    """Whether a text would be a number if its commas were decimal marks or set thousands apart."""
    return _WITH_COMMA.fullmatch(text.strip()) is not None and any(c.isdigit() for c in text)
