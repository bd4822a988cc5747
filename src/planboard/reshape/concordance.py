"""Concordance: which code of an economy goes into which code of a coarser one.

It has not heard of any economy: whether its codes exist, and whether all are there, is `mapping`'s
business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from planboard.errors import InvalidTableError
from planboard.labels import unknown_name

AXES = ("region", "sector", "product", "activity", "factor", "category")
WHOLE = 1e-6  # Absolute: weights are printed to some digits; closer to one they are scaled to it.

Targets = str | Mapping[str, float]  # A code, or several with their weights.


@dataclass(frozen=True)
class Link:
    """One line of a concordance: all of `source`, or a `weight` of it, goes into `target`."""

    axis: str
    source: str
    target: str
    weight: float | None = None
    label: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """Where it stands, for a message."""
        return f"line {self.line}: " if self.line else ""


@dataclass(frozen=True)
class Concordance:
    """Links from codes to coarser codes, axis by axis.

    links : in the order of the file; the first link to a target gives its place on the new axis
    name : of the file, for messages and the history

    An axis is one of `AXES`; "sector" is a product and the activity of the same code. A source with
    several targets needs weights that sum to one.
    """

    links: tuple[Link, ...]
    name: str = "the concordance"
    labels: Mapping[tuple[str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        """Refuse links that contradict each other."""
        for link in self.links:
            if link.axis not in AXES:
                raise unknown_name("axis", link.axis, AXES, f"{self.name}, line {link.line}")
        _refuse(self.name, _doubled_axes(self), "Name sectors, or products and activities.")
        _refuse(self.name, _blank(self), "Write a source and a target in every line.")
        _refuse(self.name, _mapped_twice(self), "Remove one of each pair, or give both weights.")
        _refuse(
            self.name, _not_whole(self), "The weights of a source must be positive and sum to one."
        )
        labels: dict[tuple[str, str], str] = {}
        faults = []
        for link in self.links:
            if link.label:
                known = labels.setdefault((link.axis, link.target), link.label)
                if known != link.label:
                    told = f"'{link.label}', earlier '{known}'"
                    faults.append(f"{link.place}{link.axis} '{link.target}' is called {told}")
        _refuse(self.name, faults, "Give every target one label.")
        object.__setattr__(self, "labels", labels)

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes that it speaks of, in order of first appearance."""
        return tuple(dict.fromkeys(link.axis for link in self.links))

    def on(self, axis: str) -> dict[str, dict[str, float]]:
        """source -> target -> weight, the weights of each source summing to one."""
        found: dict[str, dict[str, float]] = {}
        for link in self.links:
            if link.axis == axis:
                weight = 1.0 if link.weight is None else link.weight
                found.setdefault(link.source, {})[link.target] = weight
        return {
            source: {target: weight / sum(to.values()) for target, weight in to.items()}
            for source, to in found.items()
        }

    def text(self) -> str:
        """The whole concordance in one line: axis: target = source + 0.5 source …; …."""
        told = []
        for axis in self.axes:
            parts: dict[str, list[str]] = {}
            for link in self.links:
                if link.axis == axis:
                    share = "" if link.weight in (None, 1.0) else f"{link.weight!r} "
                    parts.setdefault(link.target, []).append(share + link.source)
            sums = "; ".join(f"{target} = {' + '.join(found)}" for target, found in parts.items())
            told.append(f"{axis}: {sums}")
        return ". ".join(told)


def concordance_of(
    maps: Mapping[str, Mapping[str, Targets]],
    labels: Mapping[str, str] | None = None,
    *,
    name: str = "a mapping",
) -> Concordance:
    """A concordance from nested mappings: axis -> source -> target, or target -> weight.

    Example
    -------
    >>> concordance_of({"region": {"DEU": "EU", "FRA": "EU"}}).text()
    'region: EU = DEU + FRA'
    """
    links = []
    for axis, sources in maps.items():
        for source, found in sources.items():
            to = {found: None} if isinstance(found, str) else found
            for target, weight in to.items():
                label = (labels or {}).get(target, "")
                links.append(Link(axis, source, target, weight, label))
    return Concordance(tuple(links), name)


def _refuse(name: str, faults: Sequence[str], remedy: str) -> None:
    if faults:
        raise InvalidTableError(f"{name} contradicts itself.", faults, remedy)


def _doubled_axes(concordance: Concordance) -> list[str]:
    both = [axis for axis in ("product", "activity") if axis in concordance.axes]
    if "sector" not in concordance.axes or not both:
        return []
    return [f"axes sector and {axis}: a sector is a product and an activity" for axis in both]


def _blank(concordance: Concordance) -> list[str]:
    return [
        f"{link.place}{link.axis} without a {what}"
        for link in concordance.links
        for what in ("source", "target")
        if not getattr(link, what)
    ]


def _by_source(concordance: Concordance) -> dict[tuple[str, str], list[Link]]:
    found: dict[tuple[str, str], list[Link]] = {}
    for link in concordance.links:
        found.setdefault((link.axis, link.source), []).append(link)
    return found


def _mapped_twice(concordance: Concordance) -> list[str]:
    faults = []
    for (axis, source), links in _by_source(concordance).items():
        targets = [link.target for link in links]
        if len(set(targets)) < len(targets) or (
            len(links) > 1 and any(link.weight is None for link in links)
        ):
            where = ", ".join(str(link.line) for link in links if link.line)
            place = f"lines {where}: " if where else ""
            faults.append(f"{place}{axis} '{source}' goes to {' and '.join(targets)}")
    return faults


def _not_whole(concordance: Concordance) -> list[str]:
    faults = []
    for (axis, source), links in _by_source(concordance).items():
        weights = [1.0 if link.weight is None else link.weight for link in links]
        # Written so that NaN is refused.
        if not (min(weights) > 0 and abs(sum(weights) - 1) <= WHOLE):
            told = " + ".join(f"{weight:g}" for weight in weights)
            faults.append(f"{links[0].place}{axis} '{source}': {told} = {sum(weights):g}")
    return faults
