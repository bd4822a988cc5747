"""Markets of blocs, lines between two regions, and embargoes."""

from pydantic.dataclasses import dataclass

from planboard.plan.keys import STRICT, Flag, Names, Positive, Years


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
