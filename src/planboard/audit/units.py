"""What a unit says in words: of which money, at whose prices."""

import re

from planboard.economy import Economy

# Money that tables are published in. ISO 4217; the list is to know money when we see it.
CURRENCIES = re.compile(
    r"\b(AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DEM|DKK|EEK|EGP|ESP|EUR|FRF|GBP|GRD|HKD|HRK|"
    r"HUF|IDR|ILS|INR|ISK|ITL|JPY|KES|KRW|KZT|LTL|LVL|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|ROL|RON|"
    r"RUB|SAR|SEK|SGD|SIT|SKK|THB|TRL|TRY|TWD|UAH|USD|VND|XDR|ZAR)\b"
)
LOCAL = re.compile(r"\b(local|national) currency\b", re.IGNORECASE)


def currencies_of(unit: str) -> list[str]:
    """Every currency that a unit names by its code."""
    return CURRENCIES.findall(unit)


def year_of(unit: str) -> int | None:
    """The year that a unit names, such as that of its prices."""
    found = re.search(r"(?<!\d)(1[89]|20)\d\d(?!\d)", unit)
    return int(found[0]) if found else None


def is_of_other_year(economy: Economy) -> bool:
    """Whether the books are at the prices of another year than their flows are of."""
    return year_of(economy.unit) not in (None, economy.base_year)


def is_local(unit: str) -> bool:
    """Whether a unit is money of each region's own."""
    return LOCAL.search(unit) is not None


def is_foreign(unit: str, economy: Economy) -> bool:
    """Whether a unit is other money than the economy's, as far as it says."""
    return is_local(unit) or any(code != economy.currency for code in currencies_of(unit))
