"""System: what pymrio keeps of a table, as plain tables; pymrio itself is not needed for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

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

    @property
    def name(self) -> str:
        """What pymrio calls it."""
        return str(self.meta.get("name") or "pymrio")
