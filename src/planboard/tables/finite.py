"""Every part of a table holds numbers only: nothing missing, nothing infinite."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planboard.errors import InvalidTableError


def check_finite(name: str, parts: "Mapping[str, pd.DataFrame | pd.Series[float] | None]") -> None:
    """Refuse parts of the table `name` with a cell that is missing or infinite; None is no part.

    Raises
    ------
    InvalidTableError
        With the first such cell of each part.
    """
    faults = [
        fault
        for part, values in parts.items()
        if values is not None and (fault := _fault(part, values))
    ]
    if faults:
        raise InvalidTableError(
            f"Table '{name}' has cells without a finite number.",
            faults,
            "A missing number is not zero: correct the file, or write the zeros.",
        )


def _fault(part: str, values: "pd.DataFrame | pd.Series[float]") -> str:
    """How many cells of a part are no numbers, and the first; "" where none is."""
    numbers = values.to_numpy(dtype=float)
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(numbers.sum()):  # A sum of all takes no copy, and mostly suffices.
            return ""
    wrong = np.argwhere(~np.isfinite(numbers))
    if not len(wrong):
        return ""
    first = [int(at) for at in wrong[0]]
    axes = (values.index, values.columns) if isinstance(values, pd.DataFrame) else (values.index,)
    place = " x ".join(_told(axis[at]) for axis, at in zip(axes, first, strict=True))
    return f"{part}: {len(wrong)}, first {place}: {numbers[tuple(first)]}"


def _told(label: object) -> str:
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)
