"""What a unit says in words: how many, of which money, at whose prices."""

import re

# A word for "how many" -> how many.
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "mio": 1e6, "billion": 1e9, "bn": 1e9,
    "trillion": 1e12,
}  # fmt: skip
# Money that tables are published in. ISO 4217; the list is to know money when we see it.
CURRENCIES = re.compile(
    r"\b(AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DEM|DKK|EEK|EGP|ESP|EUR|FRF|GBP|GRD|HKD|HRK|"
    r"HUF|IDR|ILS|INR|ISK|ITL|JPY|KES|KRW|KZT|LTL|LVL|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|ROL|RON|"
    r"RUB|SAR|SEK|SGD|SIT|SKK|THB|TRL|TRY|TWD|UAH|USD|VND|XDR|ZAR)\b"
)
LOCAL = re.compile(r"\b(local|national) currency\b", re.IGNORECASE)


def scale_of(unit: str) -> float:
    """How many a unit counts at once: "million hours" is 1e6; 1 where it does not say."""
    words = re.findall(r"[a-z]+", unit.lower())
    return next((SCALES[word] for word in words if word in SCALES), 1.0)


def currencies_of(unit: str) -> list[str]:
    """Every currency that a unit names by its code."""
    return CURRENCIES.findall(unit)


def year_of(unit: str) -> int | None:
    """The year that a unit names, such as that of its prices."""
    found = re.search(r"(?<!\d)(1[89]|20)\d\d(?!\d)", unit)
    return int(found[0]) if found else None


def is_local(unit: str) -> bool:
    """Whether a unit is money of each region's own."""
    return LOCAL.search(unit) is not None
