"""System: what pymrio keeps of a table, as plain tables; pymrio itself is not needed for it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from planboard.errors import InvalidTableError

# Names of extensions whose rows in the table's money are value added, letters alone.
VALUE_ADDED = (
    "factorinput", "factorinputs", "valueadded", "va", "primaryinput", "primaryinputs",
)  # fmt: skip
HEAD = "planboard"  # The key of pymrio's metadata under which our own head travels.


@dataclass(frozen=True, eq=False)
class Extension:
    """What goes beside the flows: value added, hours, emissions.

    flows : F, row x (region, sector); final_use : F_Y, row x (region, category), or None
    unit : row x "unit", or None
    """

    name: str
    flows: pd.DataFrame
    final_use: pd.DataFrame | None = None
    unit: pd.DataFrame | None = None

    @property
    def is_value_added(self) -> bool:
        """Whether its name says that its money is value added."""
        return re.sub(r"[^a-z]", "", self.name.lower()) in VALUE_ADDED


@dataclass(frozen=True, eq=False)
class System:
    """The flows of pymrio's IOSystem, without what follows from them (A, L, M, footprints).

    transactions : Z, square, (region, sector); final_use : Y; gross_output : x, one column, or None
    unit : (region, sector) x "unit", or None; population : as pymrio keeps it, or None
    extensions : by the name of the attribute; meta : the content of metadata.json
    """

    transactions: pd.DataFrame
    final_use: pd.DataFrame
    gross_output: pd.DataFrame | None = None
    unit: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse tables with cells that are no numbers, and a unit that is none."""
        tables = {"Z": self.transactions, "Y": self.final_use, "x": self.gross_output}
        for key, extension in self.extensions.items():
            tables |= {f"{key}.F": extension.flows, f"{key}.F_Y": extension.final_use}
        faults = [fault for name, values in tables.items() for fault in _texts(name, values)]
        if self.unit is not None and ("unit" not in self.unit or self.unit.empty):
            faults.append("unit: not one for every row of Z, in a column 'unit'")
        if faults:
            raise InvalidTableError(
                f"The pymrio system '{self.name}' has cells that are no numbers.",
                faults,
                "Write numbers with decimal points into them, and save the system again.",
            )

    @property
    def name(self) -> str:
        """What pymrio calls it."""
        return str(self.meta.get("name") or "pymrio")


def _texts(name: str, values: pd.DataFrame | None) -> list[str]:
    """Columns of a table that are text, each with its first cell that is no number."""
    if values is None or values.empty:
        return []
    if all(is_numeric_dtype(kind) for kind in values.dtypes.unique()):
        return []
    found = []
    for at, kind in enumerate(values.dtypes):
        column = values.iloc[:, at]
        if not is_numeric_dtype(kind):
            wrong = pd.to_numeric(column, errors="coerce").isna() & column.notna()
            cell = column[wrong].iloc[0] if wrong.any() else column.iloc[0]
            found.append(f"{name}, column {_told(values.columns[at])}: '{cell}'")
    return found


def _told(label: object) -> str:
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)


@contextmanager
def kept_head(head: object, name: str) -> Iterator[None]:
    """Whatever a head that is not ours, or of another table, would break, told as one error."""
    try:
        yield
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        if not head:
            raise
        raise InvalidTableError(
            f"What Planboard once left in the pymrio system '{name}' does not fit it.",
            [f"{type(error).__name__}: {error}"],
            "Take the folder again as it was written; or leave planboard.json out, and state what "
            "it said: price basis, year, currency.",
        ) from error
