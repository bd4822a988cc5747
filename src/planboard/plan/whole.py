"""Plan: the plan file as a value."""

from dataclasses import field, replace
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic.dataclasses import dataclass

from planboard.plan.keys import STRICT, Names, Years
from planboard.plan.orders import Assumption, Order, Wish
from planboard.plan.places import Place
from planboard.plan.sections import (
    Building,
    Consumption,
    Growth,
    Horizon,
    Inventories,
    Objective,
    Pace,
    Trade,
)
from planboard.plan.trade import Embargo, Line, Market


def as_entries(value: object) -> object:
    """Entries such as orders, in a list of tables."""
    if not isinstance(value, list | tuple):
        raise ValueError("entries stand in tables of their own, such as [[order]]")
    return tuple(value)


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
    order: Annotated[tuple[Order, ...], BeforeValidator(as_entries)] = ()
    wish: Annotated[tuple[Wish, ...], BeforeValidator(as_entries)] = ()
    assumption: Annotated[tuple[Assumption, ...], BeforeValidator(as_entries)] = ()
    market: Annotated[tuple[Market, ...], BeforeValidator(as_entries)] = ()
    line: Annotated[tuple[Line, ...], BeforeValidator(as_entries)] = ()
    embargo: Annotated[tuple[Embargo, ...], BeforeValidator(as_entries)] = ()
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
