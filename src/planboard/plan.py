"""Plan: what is wanted, and the assumptions it is wanted under; it has not heard of any economy.

Each class is one section of the plan file and has its keys. Values are checked when a section is
made, in Python and from a file alike. Rates are per year, shares of one.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Annotated, Any, Literal

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


Names = Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(as_names)]
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

    @property
    def selected_years(self) -> tuple[int, ...] | None:
        """The years meant, or None for every year."""
        return (self.year,) if self.year is not None else self.years

    def selection(self, axis: str) -> tuple[str, ...] | None:
        """The codes meant along one axis, or None for all."""
        chosen: tuple[str, ...] | None = getattr(self, axis)
        return chosen


@dataclass(frozen=True, config=STRICT)
class Objective(Selector):
    """What the plan makes as large or as small as it can be.

    With `orders_first`, orders that cannot all be met are met as far as they can be (least sum of
    shortfalls, each as a share of its amount), and the objective comes after them.
    """

    maximise: str | None = None
    minimise: str | None = None
    utility: Literal["log", "linear"] = "log"
    discount: Annotated[Number, Field(gt=0, lt=1)] = 0.03
    orders_first: Flag = False
    proportions: dict[str, Number | dict[str, Number]] | None = None
    by_year: Flag = False

    def __post_init__(self) -> None:
        """Either of maximise and minimise; without both, household consumption."""
        if self.maximise and self.minimise:
            raise ValueError("an objective is maximised or minimised, not both")

    @property
    def quantity(self) -> str:
        """The quantity that is maximised or minimised."""
        return self.maximise or self.minimise or "household_consumption"


@dataclass(frozen=True, config=STRICT)
class Growth:
    """Growth of what the plan is given, per year: a number, or a table by region."""

    labour: Rates = field(default_factory=lambda: {"": 0.005})
    productivity: Rates = field(default_factory=lambda: {"": 0.01})
    government: Rates = field(default_factory=lambda: {"": 0.02})


@dataclass(frozen=True, config=STRICT)
class Trade:
    """How far trade may leave its base-year pattern, and who may owe how much."""

    band: Positive = 0.3
    growth: Annotated[Number, Field(gt=-1)] = 0.03
    deficit: Positive = 1.0
    surplus_kept: Positive = 0.5
    balance: Literal["yearly", "plan"] = "yearly"


@dataclass(frozen=True, config=STRICT)
class Pace:
    """An activity shrinks by at most `decline` a year, and grows by at most `growth` if stated.

    A decline of 1 lifts the rule.
    """

    decline: Share = 0.2
    growth: Positive | None = None


@dataclass(frozen=True, config=STRICT)
class Horizon:
    """What the last year leaves to those that follow.

    With `provide`, the last year builds for growth of `carry_on`, stocks end no lower than they
    began, and lagged inputs for the year after are paid. `years_beyond` are solved, not reported.
    """

    carry_on: Annotated[Number, Field(gt=-1)] = 0.02
    years_beyond: Annotated[Whole, Field(ge=0)] = 0
    provide: Flag = True


@dataclass(frozen=True, config=STRICT)
class Consumption:
    """Household consumption of the first year at least `floor` times the base year's."""

    floor: Positive = 1.0
    may_fall: Flag = False


@dataclass(frozen=True, config=STRICT)
class Building:
    """With `allowed = false` capacity stays as it was and capital formation is a given use."""

    allowed: Flag = True


@dataclass(frozen=True, config=STRICT)
class Inventories:
    """Base-year inventories are phased out by the last year unless told to stay."""

    phase_out: Flag = True


@dataclass(frozen=True, config=STRICT)
class Order(Selector):
    """A target or limit, with an id, who issued it and why.

    `each` names the axes along which every code gets a row of its own; otherwise all that is
    selected counts together. `cumulative` adds the years up.
    """

    id: str = ""
    quantity: str = ""
    change: Change | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None
    each: Names | None = None
    cumulative: Flag = False
    issued_by: str = ""
    because: str = ""

    def __post_init__(self) -> None:
        """An order without an id, a quantity or an amount orders nothing."""
        for name in ("id", "quantity"):
            if not getattr(self, name):
                raise ValueError(f"an order needs '{name}'")
        if self.change is None and self.at_least is None and self.at_most is None:
            raise ValueError("an order needs one of 'change', 'at_least' and 'at_most'")

    @property
    def least(self) -> float | str | None:
        """The amount that is asked at least: a number, or a change on the base year."""
        upward = self.change is not None and self.change.strip().startswith("+")
        return self.change if upward else self.at_least

    @property
    def most(self) -> float | str | None:
        """The amount that is allowed at most: a number, or a change on the base year."""
        downward = self.change is not None and self.change.strip().startswith("-")
        return self.change if downward else self.at_most


@dataclass(frozen=True, config=STRICT)
class Wish(Order):
    """What is wished for and may be missed at a price: with `minimise = "deviation"`.

    `aim` is an amount, or a change on the base year, to be neither missed nor exceeded; the plan
    minimises the sum of `weight` times the deviation as a share of the amount.
    """

    aim: Amount | None = None
    weight: Annotated[Number, Field(gt=0)] = 1.0

    def __post_init__(self) -> None:
        """A wish has an aim, or the amounts of an order."""
        if self.aim is None:
            super().__post_init__()
        elif self.change is not None or self.at_least is not None or self.at_most is not None:
            raise ValueError("a wish has an aim, or what an order has, not both")

    @property
    def least(self) -> float | str | None:
        """The amount below which the wish is missed."""
        return super().least if self.aim is None else self.aim

    @property
    def most(self) -> float | str | None:
        """The amount above which the wish is exceeded."""
        return super().most if self.aim is None else self.aim


@dataclass(frozen=True, config=STRICT)
class Assumption(Selector):
    """A number that the plan takes for granted, set otherwise than by default.

    `value` replaces the default, `change` is in per cent of it, `add` adds to it (hours released
    or called up in a year, say).
    """

    id: str = ""
    quantity: str = ""
    value: Number | None = None
    change: Change | None = None
    add: Number | None = None
    may_give_way: Flag = False
    issued_by: str = ""
    because: str = ""

    def __post_init__(self) -> None:
        """An assumption sets a value or changes the default, not both."""
        if not self.quantity:
            raise ValueError("an assumption needs 'quantity'")
        if sum(way is not None for way in (self.value, self.change, self.add)) != 1:
            raise ValueError("an assumption needs one of 'value', 'change' and 'add'")


@dataclass(frozen=True, config=STRICT)
class Market:
    """A bloc of regions with a market of its own for some or all products."""

    name: str
    region: Names
    product: Names | None = None
    band: Positive | None = None


@dataclass(frozen=True, config=STRICT)
class Line:
    """A treaty: one region sells to another, outside the pool, on terms of its own.

    Amounts are per year in the product's unit; `price` is in base-year prices of the product.
    """

    name: str
    seller: str
    buyer: str
    product: Names
    at_least: Positive = 0.0
    at_most: Positive | None = None
    price: Positive = 1.0
    years: Years | None = None


@dataclass(frozen=True, config=STRICT)
class Embargo:
    """The seller's base-year flow to the buyer stops; with `rerouting` it may go elsewhere."""

    seller: Names
    buyer: Names
    product: Names | None = None
    years: Years | None = None
    rerouting: Flag = False


@dataclasses.dataclass(frozen=True)
class Place:
    """Where an entry of a plan stands: its file and line, or its name where there is no file."""

    places: Mapping[str, str]
    path: str
    name: str

    def at(self, key: str) -> "Place":
        """Where one key of the entry stands."""
        return Place(self.places, f"{self.path}.{key}", self.name)

    def __str__(self) -> str:
        path = self.path
        while path not in self.places and "." in path:
            path = path.rpartition(".")[0]
        return self.places.get(path, self.name)


def in_order(years: tuple[int, ...]) -> tuple[int, ...]:
    """Plan years follow each other without a gap."""
    if list(years) != list(range(years[0], years[0] + len(years))):
        raise ValueError(f"plan years must follow each other: {', '.join(map(str, years))}")
    return years


@dataclass(frozen=True, config=STRICT)
class Plan:
    """What is wanted: the plan file as a value. `with_order` and `with_changes` make new plans.

    `places` says where each entry stands in its file, for the errors; it is not a key of the file.
    """

    name: str
    economy: str = "world-2000"
    years: Annotated[Years, AfterValidator(in_order)] = (2001, 2002, 2003, 2004, 2005)
    regions: Names | None = None
    objective: Objective = field(default_factory=Objective)
    growth: Growth = field(default_factory=Growth)
    trade: Trade = field(default_factory=Trade)
    pace: Pace = field(default_factory=Pace)
    horizon: Horizon = field(default_factory=Horizon)
    consumption: Consumption = field(default_factory=Consumption)
    building: Building = field(default_factory=Building)
    inventories: Inventories = field(default_factory=Inventories)
    members: dict[str, Names] = field(default_factory=dict)
    order: Annotated[tuple[Order, ...], BeforeValidator(tuple)] = ()
    wish: Annotated[tuple[Wish, ...], BeforeValidator(tuple)] = ()
    assumption: Annotated[tuple[Assumption, ...], BeforeValidator(tuple)] = ()
    market: Annotated[tuple[Market, ...], BeforeValidator(tuple)] = ()
    line: Annotated[tuple[Line, ...], BeforeValidator(tuple)] = ()
    embargo: Annotated[tuple[Embargo, ...], BeforeValidator(tuple)] = ()
    places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """An id names one order only."""
        seen: set[str] = set()
        for order in (*self.order, *self.wish):
            if order.id in seen:
                raise ValueError(f"two orders have the id '{order.id}'")
            seen.add(order.id)

    def where(self, path: str, name: str) -> "Place":
        """Where an entry stands, for the errors; told by name if there is no file."""
        return Place(self.places, path, name)

    def place(self, path: str) -> str:
        """Where an entry such as `order.2` stands: "plan.toml, line 12", or nothing."""
        return str(self.where(path, ""))

    @property
    def solved_years(self) -> tuple[int, ...]:
        """The plan years and the years beyond, that are solved and not reported."""
        last = self.years[-1]
        return self.years + tuple(range(last + 1, last + 1 + self.horizon.years_beyond))

    def with_order(self, order: Order) -> "Plan":
        """The same plan with one more order."""
        return replace(self, order=(*self.order, order))

    def with_changes(self, **sections: Any) -> "Plan":
        """The same plan with other sections."""
        return replace(self, **sections)
