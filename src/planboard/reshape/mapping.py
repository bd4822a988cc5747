"""Mapping: a concordance held against an economy; every code is there, and fits its target."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.errors import InvalidTableError, UnknownNameError
from planboard.labels import nearest
from planboard.reshape.books import (
    AXIS_OF,
    SECTIONS,
    Books,
    Table,
    from_positions,
    label_columns,
)
from planboard.reshape.concordance import Concordance

MAPPED = ("region", "product", "activity", "factor", "category")
# What codes of one target must agree in; nothing else could be said of the target.
ALIKE = {
    "product": ("unit", "price", "storable"),
    "factor": ("unit", "role", "exhaustible"),
    "category": ("role",),
}


@dataclass(frozen=True, eq=False)
class AxisMap:
    """Where every code of an axis goes: position -> position among `targets`."""

    targets: tuple[str, ...]
    lookup: NDArray[np.int64]

    def relabelled(self, column: "pd.Series[Any]") -> "pd.Series[Any]":
        """A column of labels with every code replaced by its target."""
        return from_positions(self.lookup[column.cat.codes.to_numpy()], self.targets)


@dataclass(frozen=True, eq=False)
class Split:
    """A source that goes to several targets: part of its own -> share."""

    axis: str
    source: str
    parts: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Resolved:
    """A concordance resolved: what is split first, and then source -> target on every axis.

    targets : axis -> codes of the new axis in order; parts of a split source stand in `target_of`
    """

    splits: tuple[Split, ...]
    target_of: Mapping[str, Mapping[str, str]]
    targets: Mapping[str, tuple[str, ...]]

    def on(self, axis: str, codes: Sequence[str]) -> AxisMap:
        """The map of an axis that holds these codes (after splitting)."""
        to, targets = self.target_of[axis], self.targets[axis]
        place = {target: position for position, target in enumerate(targets)}
        return AxisMap(targets, np.array([place[to[code]] for code in codes], dtype=np.int64))

    def sources(self, axis: str) -> dict[str, list[str]]:
        """target -> its sources in order of the map."""
        found: dict[str, list[str]] = {target: [] for target in self.targets[axis]}
        for source, target in self.target_of[axis].items():
            found[target].append(source)
        return found


def relabelled(table: Table, maps: Mapping[str, AxisMap]) -> Table:
    """The table with every label replaced by its target; rows stay apart."""
    named = [column for column in label_columns(table) if AXIS_OF[column] in maps]
    return table.assign(
        **{column: maps[AXIS_OF[column]].relabelled(table[column]).array for column in named}
    )


def resolve(concordance: Concordance, books: Books, *, keep_others: bool = False) -> Resolved:
    """Hold a concordance against an economy.

    Parameters
    ----------
    keep_others
        Codes that the concordance does not name stay as they are; else they are an error.

    Raises
    ------
    UnknownNameError, InvalidTableError
        Every fault of the first kind that is found, with file and line.
    """
    check(concordance, books, keep_others=keep_others)
    splits: list[Split] = []
    target_of: dict[str, dict[str, str]] = {axis: {} for axis in MAPPED}
    targets: dict[str, tuple[str, ...]] = {}
    for axis in concordance.axes:
        for source, to in concordance.on(axis).items():
            parts = {_part(source, target): share for target, share in to.items()}
            if len(to) == 1:
                parts = {source: 1.0}
            else:
                splits.append(Split(axis, source, parts))
            for place in _places(axis):
                if source in books.axes[place]:
                    target_of[place] |= dict(zip(parts, to, strict=True))
    for axis in MAPPED:
        gone = {split.source for split in splits if axis in _places(split.axis)}
        others = [code for code in books.axes[axis] if code not in gone]
        target_of[axis] = dict(zip(others, others, strict=True)) | target_of[axis]
        targets[axis] = _targets(concordance, axis, books, target_of[axis])
    return Resolved(tuple(splits), target_of, targets)


def check(concordance: Concordance, books: Books, *, keep_others: bool) -> None:
    """Refuse a concordance that does not fit; all faults of the first kind that is found."""
    _check_known(concordance, books)
    if not keep_others:
        _check_complete(concordance, books)
    _check_collisions(concordance, books)
    _check_alike(concordance, books)
    _check_partners(concordance, books)


def _part(source: str, target: str) -> str:
    return f"{source} → {target}"


def _places(axis: str) -> tuple[str, ...]:
    """The axes of an economy that an axis of a concordance speaks of."""
    return ("product", "activity") if axis == "sector" else (axis,)


def _targets(
    concordance: Concordance, axis: str, books: Books, target_of: Mapping[str, str]
) -> tuple[str, ...]:
    """Targets in the order of the concordance, then what it leaves as it is."""
    known = set(books.axes[axis])
    named = [
        link.target
        for link in concordance.links
        if axis in _places(link.axis) and link.source in known
    ]
    return tuple(dict.fromkeys([*named, *target_of.values()]))


def _known(axis: str, books: Books) -> list[str]:
    """Codes that a concordance may name as sources on this axis."""
    return list(dict.fromkeys(code for place in _places(axis) for code in books.axes[place]))


def _check_known(concordance: Concordance, books: Books) -> None:
    faults = []
    for link in concordance.links:
        known = _known(link.axis, books)
        if link.source not in known:
            close = [f"'{name}'" for name in nearest(link.source, known)]
            hint = f"; closest: {', '.join(close)}" if close else ""
            faults.append(f"{link.place}{link.axis} '{link.source}'{hint}")
    if faults:
        raise UnknownNameError(
            f"{concordance.name} names codes that '{books.head['name']}' does not have.",
            faults,
            "Names must match to the letter, capitals and spaces included.",
        )


def _check_complete(concordance: Concordance, books: Books) -> None:
    faults = []
    for axis in concordance.axes:
        codes = books.regions if axis == "region" else _known(axis, books)
        missing = [code for code in codes if code not in concordance.on(axis)]
        if missing:
            faults.append(f"{axis}: {', '.join(missing)}")
    if faults:
        raise InvalidTableError(
            f"{concordance.name} leaves out codes of '{books.head['name']}'.",
            faults,
            "Give each a line (a code may go to itself), or ask that all others are kept.",
        )


def _check_collisions(concordance: Concordance, books: Books) -> None:
    faults = []
    for axis in concordance.axes:
        untouched = set(_known(axis, books)) - set(concordance.on(axis))
        told = {
            link.target: f"{link.place}{axis} '{link.target}' is there already, and not a source"
            for link in concordance.links
            if link.axis == axis and link.target in untouched
        }
        faults += list(told.values())
    if faults:
        raise InvalidTableError(
            f"Targets of {concordance.name} collide with codes of '{books.head['name']}'.",
            faults,
            "Call the target otherwise, or let that code go into it with a line of its own.",
        )


def _check_alike(concordance: Concordance, books: Books) -> None:
    faults = []
    for axis, fields in ALIKE.items():
        described = books.head[SECTIONS[axis]]
        for target, sources in _by_target(concordance, axis).items():
            for field in fields:
                values = {code: described[code][field] for code in sources if code in described}
                if len(set(values.values())) > 1:
                    told = ", ".join(f"{code} {value}" for code, value in values.items())
                    faults.append(f"{axis} '{target}', {field}: {told}")
    if faults:
        raise InvalidTableError(
            f"{concordance.name} puts together what differs in kind.",
            faults,
            "Keep them apart, or bring them to one unit and role first.",
        )


def _check_partners(concordance: Concordance, books: Books) -> None:
    """Refuse a region made of one with accounts and one without: its accounts would be partial."""
    has = set(books.regions)
    faults = [
        f"region '{target}': no accounts of {', '.join(code for code in found if code not in has)}"
        for target, found in _by_target(concordance, "region").items()
        if has & set(found) and set(found) - has
    ]
    if faults:
        raise InvalidTableError(
            f"{concordance.name} puts regions with and without accounts together.",
            faults,
            "Keep partners without accounts apart.",
        )


def _by_target(concordance: Concordance, axis: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in concordance.links:
        if axis in _places(link.axis):
            found.setdefault(link.target, []).append(link.source)
    return found


def described(
    books: Books, mapping: Resolved, labels: Mapping[str, str]
) -> dict[str, dict[str, object]]:
    """The sections of a head that describe the new axes, and the labels of all codes."""
    made: dict[str, dict[str, object]] = {}
    full = _without(books.head["labels"], [c for axis in MAPPED for c in books.axes[axis]])
    for axis in MAPPED:
        for target, sources in mapping.sources(axis).items():
            single = books.named(axis, sources[0]) if len(sources) == 1 else target
            own = books.named(axis, target) if target in books.axes[axis] else single
            full.setdefault(target, labels.get(target, own))
    for axis, section in SECTIONS.items():
        if axis in ALIKE:
            about = books.head[section]
            made[section] = {
                target: {**about[sources[0]], "label": full[target]}
                for target, sources in mapping.sources(axis).items()
            }
    has = set(books.regions)
    made["regions"] = {
        target: {"label": full[target]}
        for target, sources in mapping.sources("region").items()
        if has & set(sources)
    }
    return {**made, "labels": full}


def _without(labels: Mapping[str, str], codes: Iterable[str]) -> dict[str, object]:
    gone = set(codes)
    return {code: label for code, label in labels.items() if code not in gone}
