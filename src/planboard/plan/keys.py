"""Kinds of values that keys of a plan hold, and the selectors that say what is meant."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

STRICT = ConfigDict(extra="forbid")

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]


def as_names(value: object) -> object:
    """One code or a list of them, as a tuple."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def as_years(value: object) -> object:
    """One year, a list, or an inclusive range [first, last], as a tuple of years."""
    if isinstance(value, list | tuple):
        years = tuple(value)
        if len(years) == 2 and all(type(year) is int for year in years):
            if years[1] < years[0]:
                raise ValueError(f"the years run backwards: {years[0]} to {years[1]}")
            return tuple(range(years[0], years[1] + 1))
        return years
    return (value,)


def as_rates(value: object) -> object:
    """A number for all regions, or a table by region (under "" the number for the others)."""
    return dict(value) if isinstance(value, Mapping) else {"": value}


def as_amount(value: object) -> object:
    """A number, or a text such as "+30%" or "-5%": a change on the base year."""
    if isinstance(value, str) and not re.fullmatch(r"[+-]\d+(\.\d+)?\s*%", value.strip()):
        raise ValueError(f'\'{value}\' is neither a number nor a change such as "+30%" or "-5%"')
    return value


def percent(text: str) -> float:
    """The factor that a change such as "+30%" multiplies the base year with: 1.3."""
    return 1 + float(text.strip().rstrip("%").strip()) / 100


def growing(rates: Mapping[str, float]) -> Mapping[str, float]:
    """Refuse a rate of minus one hundred per cent and worse."""
    for region, rate in rates.items():
        if rate <= -1:
            raise ValueError(
                f"a rate of {rate:g} a year {region and f'in {region} '}leaves nothing"
            )
    return rates


def once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a name that stands twice in a list."""
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"'{min(twice)}' is named twice")
    return names


Names = Annotated[
    tuple[str, ...], Field(min_length=1), BeforeValidator(as_names), AfterValidator(once)
]
Years = Annotated[tuple[Whole, ...], Field(min_length=1), BeforeValidator(as_years)]
Rates = Annotated[dict[str, Number], BeforeValidator(as_rates), AfterValidator(growing)]
Amount = Annotated[Number | str, BeforeValidator(as_amount)]
Change = Annotated[str, BeforeValidator(as_amount)]
Share = Annotated[Number, Field(ge=0, le=1)]
Positive = Annotated[Number, Field(ge=0)]


@dataclass(frozen=True, config=STRICT)
class Selector:
    """Which part of an economy is meant; what is left out is not restricted."""

    region: Names | None = None
    product: Names | None = None
    activity: Names | None = None
    factor: Names | None = None
    category: Names | None = None
    kind: Names | None = None
    market: Names | None = None
    year: Whole | None = None
    years: Years | None = None

    def __post_init__(self) -> None:
        """A year or years, not both."""
        if self.year is not None and self.years is not None:
            raise ValueError("there is 'year', or 'years', not both")

    @property
    def selected_years(self) -> tuple[int, ...] | None:
        """The years meant, or None for every year."""
        return (self.year,) if self.year is not None else self.years

    def selection(self, axis: str) -> tuple[str, ...] | None:
        """The codes meant along one axis, or None for all."""
        chosen: tuple[str, ...] | None = getattr(self, axis)
        return chosen
