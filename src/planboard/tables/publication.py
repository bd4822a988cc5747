"""Publication: what a table is, where it is from, and what was done to it since."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from planboard.errors import InvalidTableError

PRICE_BASES = ("basic", "producers", "purchasers")
COVERAGES = ("world", "part")


@dataclass(frozen=True)
class Publication:
    """The head of a table: whoever uses its numbers needs all of it.

    name : a code, such as "wiod2013-2000"; title : for people
    source, licence, attribution : as the publisher asks
    year : of the flows; currency : ISO 4217; unit : of every flow, such as "million 2000 USD"
    price_basis : one of `PRICE_BASES`; coverage : "world", or "part" of it
    labels : full names of codes
    history : what was done since publication, each a mapping with `step` and `detail`
    """

    name: str
    title: str
    source: str
    licence: str
    year: int
    currency: str
    unit: str
    price_basis: str
    coverage: str = "part"
    attribution: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    history: tuple[Mapping[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a table that does not say in what prices and for what world it speaks."""
        for key, known in (("price_basis", PRICE_BASES), ("coverage", COVERAGES)):
            if getattr(self, key) not in known:
                raise InvalidTableError(
                    f"Table '{self.name}' has the {key} '{getattr(self, key)}'.",
                    [f"known: {', '.join(known)}"],
                    "Say which one holds; tables of different bases are never mixed.",
                )

    def with_step(self, step: str, detail: str) -> "Publication":
        """The same table after one more step."""
        return replace(self, history=(*self.history, {"step": step, "detail": detail}))
