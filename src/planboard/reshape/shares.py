"""Shares: how a region or an industry is divided among its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from planboard.errors import InvalidTableError
from planboard.labels import unknown_name
from planboard.reshape.concordance_file import number, read_lines

Array = NDArray[np.float64]

# What may have shares of its own -> whose it has otherwise.
DEFAULTS = {
    "output": "",
    "input": "output",
    "hours": "output",
    "capital": "output",
    "final_use": "output",
}
ALL = "all"  # Stands for every activity, as an empty cell does.
WHOLE = 1e-6  # Absolute: shares are printed to some digits; closer to one they are scaled to it.

Columns = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Shares:
    """Shares of the parts of a region or an industry, column by column.

    parts : codes of the parts, in order
    columns : some of `DEFAULTS` -> the share of each part; "output" must be there
    by_activity : activity -> columns of its own, where a region is split
    labels : full names of parts
    name : of the file, for messages and the history
    """

    parts: tuple[str, ...]
    columns: Columns
    by_activity: Mapping[str, Columns] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    name: str = "the shares"

    def __post_init__(self) -> None:
        """Refuse shares that are negative, or of which something is left or missing."""
        faults = [f"'{part}' stands twice" for part in _doubled(self.parts)]
        faults += [] if "output" in self.columns else ["no column 'share' or 'output'"]
        for place, columns in {"": self.columns, **self.by_activity}.items():
            faults += [
                f"{place + ', ' if place else ''}{name}: " + _told(shares)
                for name, shares in columns.items()
                if not (min(shares) >= 0 and abs(sum(shares) - 1) <= WHOLE)
            ]
        if faults:
            raise InvalidTableError(
                f"{self.name} cannot be used to split anything.",
                faults,
                "Give every part a share of at least zero; the shares must sum to one.",
            )

    def of(self, name: str, activity: str = ALL) -> Array:
        """The share of each part: the activity's own, else that of all."""
        # An activity's own shares are nearer than general ones: its output before everyone's hours.
        for columns in (self.by_activity.get(activity, {}), self.columns):
            for column in (name, DEFAULTS[name]):
                if column in columns:
                    return _whole(columns[column])
        raise AssertionError(name)

    def over(self, name: str, activities: Sequence[str]) -> Array:
        """Shares of every part in every activity, shape (parts, activities)."""
        return np.column_stack([self.of(name, activity) for activity in activities])

    def text(self) -> str:
        """All shares in one line."""
        told = []
        for place, columns in {"": self.columns, **self.by_activity}.items():
            for name, shares in columns.items():
                parts = zip(self.parts, shares, strict=True)
                listed = ", ".join(f"{part} {share!r}" for part, share in parts)
                told.append(f"{f'{place} ' if place else ''}{name}: {listed}")
        return "; ".join(told)


def shares_of(
    shares: Mapping[str, float], labels: Mapping[str, str] | None = None, *, name: str = "shares"
) -> Shares:
    """One share of each part for all tables.

    Example
    -------
    >>> shares_of({"north": 0.25, "south": 0.75}).text()
    'output: north 0.25, south 0.75'
    """
    return Shares(tuple(shares), {"output": list(shares.values())}, {}, labels or {}, name)


def _whole(shares: Sequence[float]) -> Array:
    found = np.array(shares, dtype=float)
    return np.asarray(found / found.sum())


def _told(shares: Sequence[float]) -> str:
    return " + ".join(f"{share:g}" for share in shares) + f" = {sum(shares):g}"


def _doubled(names: Sequence[str]) -> list[str]:
    return [name for place, name in enumerate(names) if name in names[:place]]


def read_shares(path: str | Path) -> Shares:
    """Read shares from a CSV file: part, share [, label, activity, input, hours, capital, …].

    `share` may be called `output`; columns that are not there follow it. Lines with an `activity`
    hold the shares of that activity alone, for a region that is split.

    Raises
    ------
    UnreadableFileError, InvalidTableError, UnknownNameError
        With the file and the line.
    """
    file = Path(path)
    lines = read_lines(file)
    header = ["output" if cell.lower() == "share" else cell.lower() for cell in lines[0][1]]
    known = ("part", "label", "activity", "share", *DEFAULTS)
    for name in header:
        if name not in known:
            raise unknown_name("column", name, known, f"{file}, line {lines[0][0]}")
    if "part" not in header or _doubled(header):
        raise InvalidTableError(
            f"{file} does not have the columns of shares.",
            [f"line {lines[0][0]}: {', '.join(lines[0][1])}"],
            "It needs 'part' and 'share', each once.",
        )
    rows = [(line, dict(zip(header, cells, strict=True))) for line, cells in lines[1:]]
    return _shares(file, rows, [name for name in header if name in DEFAULTS])


def _shares(file: Path, rows: list[tuple[int, dict[str, str]]], names: list[str]) -> Shares:
    places = [(row.get("activity") or ALL, row["part"]) for _, row in rows]
    general = [(line, row) for line, row in rows if (row.get("activity") or ALL) == ALL]
    parts = tuple(dict.fromkeys(row["part"] for _, row in general))
    wrong = [
        f"line {line}: {place[1]}{'' if place[0] == ALL else f', {place[0]}'}"
        for (line, row), place in zip(rows, places, strict=True)
        if row["part"] not in parts or places.count(place) > 1
    ]
    if wrong:
        raise InvalidTableError(
            f"{file} states shares twice, or of parts that have no general share.",
            wrong,
            "Give every part one line for all activities, and at most one for each activity.",
        )
    by_place: dict[str, dict[str, dict[str, float]]] = {}
    for (line, row), (activity, part) in zip(rows, places, strict=True):
        for name in names:
            if row[name]:
                columns = by_place.setdefault(activity, {}).setdefault(name, {})
                columns[part] = number(row[name], file, line, name)
    made = {
        activity: {name: _complete(file, name, found, parts) for name, found in columns.items()}
        for activity, columns in by_place.items()
    }
    labels = {row["part"]: row["label"] for _, row in general if row.get("label")}
    general_columns = made.pop(ALL, {})
    return Shares(parts, general_columns, made, labels, str(file))


def _complete(
    file: Path, name: str, found: Mapping[str, float], parts: Sequence[str]
) -> list[float]:
    missing = [part for part in parts if part not in found]
    if missing:
        raise InvalidTableError(
            f"{file} lacks shares.",
            [f"{name}: {part}" for part in missing],
            "A share that is not stated is not zero: write every one.",
        )
    return [found[part] for part in parts]
