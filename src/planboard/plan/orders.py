"""Orders, wishes and assumptions: what is asked, and what is taken for granted."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from planboard.plan.keys import STRICT, Amount, Change, Flag, Names, Number, Selector


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
        Selector.__post_init__(self)
        for name in ("id", "quantity"):
            if not getattr(self, name):
                raise ValueError(f"an order needs '{name}'")
        if self.change is None and self.at_least is None and self.at_most is None:
            raise ValueError("an order needs one of 'change', 'at_least' and 'at_most'")
        if self.change is not None and (self.at_least is not None or self.at_most is not None):
            raise ValueError("an order has 'change', or 'at_least' and 'at_most', not both")

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
        Selector.__post_init__(self)
        if not self.quantity:
            raise ValueError("an assumption needs 'quantity'")
        if sum(way is not None for way in (self.value, self.change, self.add)) != 1:
            raise ValueError("an assumption needs one of 'value', 'change' and 'add'")
