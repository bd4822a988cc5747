"""Names along an axis: found by name, never by position; a wrong one gets the nearest name."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planboard.errors import UnknownNameError


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """The names most like this one, best first; capitals do not count."""
    by_lower = {candidate.lower(): candidate for candidate in names}
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=3, cutoff=0.5)
    return [by_lower[match] for match in found]


def unknown_name(
    kind: str, name: str, names: Sequence[str], where: object = ""
) -> UnknownNameError:
    """The error for a name that does not exist, with the nearest names or all of a short list."""
    close = nearest(name, names)
    listed = ", ".join(f"'{candidate}'" for candidate in (close or list(names)[:8]))
    hint = f"Closest names: {listed} ({len(names)} in all)." if names else "There are none."
    return UnknownNameError(
        f"There is no {kind} '{name}'{f' ({where})' if str(where) else ''}.",
        [],
        f"{hint}\n\nNames must match to the letter, capitals and spaces included.",
    )


def positions(
    kind: str, wanted: Iterable[str], axis: Sequence[str], where: object = ""
) -> list[int]:
    """Where each wanted name stands on the axis; an unknown one raises `UnknownNameError`."""
    place = {name: position for position, name in enumerate(axis)}
    found = []
    for name in wanted:
        if name not in place:
            raise unknown_name(kind, name, axis, where)
        found.append(place[name])
    return found


def grid(axes: Mapping[str, Sequence[Any]]) -> pd.MultiIndex:
    """Every combination of the labels, in the order given, the last axis running fastest."""
    places = np.indices([len(axis) for axis in axes.values()])
    return pick(axes, list(places.reshape(len(axes), -1)))


def pick(axes: Mapping[str, Sequence[Any]], codes: Sequence[Any]) -> pd.MultiIndex:
    """Stated combinations only: one array of positions for every axis."""
    return pd.MultiIndex(
        levels=[pd.Index(list(axis)) for axis in axes.values()],
        codes=list(codes),
        names=list(axes),
        verify_integrity=False,
    )
