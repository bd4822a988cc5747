"""The sections of a plan: objective, growth, trade, pace, horizon and the like."""

from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from planboard.plan.keys import STRICT, Flag, Number, Positive, Rates, Selector, Share, Whole


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
        Selector.__post_init__(self)
        if self.maximise and self.minimise:
            raise ValueError("an objective is maximised or minimised, not both")

    @property
    def is_welfare(self) -> bool:
        """Whether household consumption of all regions, products and years is maximised."""
        axes = ("region", "product", "category", "market", "activity", "factor", "kind")
        is_whole = self.selected_years is None and not any(map(self.selection, axes))
        return self.quantity == "household_consumption" and not self.minimise and is_whole

    @property
    def quantity(self) -> str:
        """The quantity that is maximised or minimised."""
        return self.maximise or self.minimise or "household_consumption"


@dataclass(frozen=True, config=STRICT)
class Growth:
    """Growth of what the plan is given, per year: a number, or a table by region.

    Use by government grows by 0.02 where it is not stated, or by what the economy's own table
    `growth` says its capital can bear.
    """

    labour: Rates = field(default_factory=lambda: {"": 0.005})
    productivity: Rates = field(default_factory=lambda: {"": 0.01})
    government: Rates = field(default_factory=dict)


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
